//! Skills of sentences in sets other than the test set of TECH.

use serde::Deserialize;

use super::super::EvalError;
use super::super::data::{Annotated, Data, HOUSE_VALIDATION, TECH_VALIDATION, numbers};
use super::super::skills;
use super::super::table::Task;
use super::super::vectors::Vectors;
use super::reported;
use crate::inference::Inference;
use crate::matching::Lexicon;

#[derive(Deserialize)]
struct Row {
    sentence: String,
    /// Their labels.
    skills: Vec<String>,
}

/// The sentences of SkillSkape with at least one skill.
fn skillskape(data: &Data, labels: &[String]) -> Result<Vec<Annotated>, EvalError> {
    let numbers = numbers(labels);
    let mut found = Vec::new();
    for file in ["skillskape/dev.jsonl.zst", "skillskape/train.jsonl.zst"] {
        for row in data.objects::<Row>(file)? {
            let skills = row
                .skills
                .iter()
                .filter_map(|label| numbers.get(label.as_str()).copied());
            let skills: Vec<usize> = skills.collect();
            if !skills.is_empty() {
                let sentence = row.sentence;
                found.push(Annotated { sentence, skills });
            }
        }
    }
    Ok(found)
}

pub(super) async fn tasks(
    data: &Data,
    lexicon: &Lexicon,
    inference: &Inference,
    vectors: &mut Vectors,
) -> Result<Vec<Task>, EvalError> {
    let labels = data.skills()?;
    let sets = [
        (
            "TECH, validation, by which weights were chosen",
            data.annotated(&[TECH_VALIDATION], &labels)?,
        ),
        (
            "HOUSE, validation, by which weights were chosen",
            data.annotated(&[HOUSE_VALIDATION], &labels)?,
        ),
        (
            "SkillSkape, by a language model, skills not named",
            skillskape(data, &labels)?,
        ),
    ];
    let mut tasks = Vec::new();
    for (set, annotated) in sets {
        let lines = skills::lines(&annotated, &labels, lexicon, inference, vectors).await?;
        let name = format!("{set}: sentence -> ESCO skill ({} sentences)", annotated.len());
        tasks.push(reported(name, lines));
    }
    Ok(tasks)
}
