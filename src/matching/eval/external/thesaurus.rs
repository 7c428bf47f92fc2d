//! Names of one job: the last name of each role in a thesaurus of job titles is looked up among the other names.

use serde::Deserialize;

use super::super::EvalError;
use super::super::data::{Data, Occupation, Part, Title};
use super::super::table::Task;
use super::super::titles::{self, Titles};
use super::super::vectors::Vectors;
use super::reported;
use crate::inference::Inference;
use crate::matching::Lexicon;

#[derive(Deserialize)]
struct Role {
    names: Vec<String>,
}

pub(super) async fn task(
    data: &Data,
    lexicon: &Lexicon,
    inference: &Inference,
    vectors: &mut Vectors,
) -> Result<Task, EvalError> {
    let mut asked: Vec<Title> = Vec::new();
    let mut occupations = Vec::new();
    for mut role in data.objects::<Role>("titles/thesaurus.jsonl.zst")? {
        let last = if role.names.len() > 1 { role.names.pop() } else { None };
        let occupation = Occupation::new(Part::Test, &role.names);
        if !occupation.labels.is_empty() {
            asked.extend(last.map(|name| (name, occupations.len())));
            occupations.push(occupation);
        }
    }
    let titles = Titles::new(&occupations, &asked, Part::Test);
    let lines = titles::lines(&titles, lexicon, inference, vectors).await?;
    let name = format!(
        "thesaurus: job title -> other names of it ({} titles, {} roles)",
        asked.len(),
        occupations.len()
    );
    Ok(reported(name, lines))
}
