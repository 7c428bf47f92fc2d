//! Resumes and postings together: grades that people of human resources gave to real resumes (FERR), and postings by a
//! language model with a resume that fits and one that lacks skills or years (RJDB, Pezeshkpour et al. 2023). Neither has a
//! published figure for a ranking: the authors of the first report ranks after feedback, those of the second train
//! classifiers on the other parts of their set.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;
use serde::Deserialize;

use super::super::EvalError;
use super::super::bm25::Bm25;
use super::super::data::Data;
use super::super::figures::{Figure, spearman};
use super::super::table::{Line, Task};
use super::super::trades::gain;
use super::super::vectors::Vectors;
use super::reported;
use crate::inference::{Inference, Text};
use crate::matching::{Lexicon, Month, Plan};

const TODAY: Month = Month { year: 2026, month: 11 };

/// Postings and resumes, and which of them are compared.
#[derive(Default)]
struct Set {
    postings: Vec<String>,
    resumes: Vec<String>,
    /// Indices of a posting and a resume.
    pairs: Vec<(usize, usize)>,
}

impl Set {
    /// The rankers with the score of every pair: the product, then the baselines.
    async fn scores(
        &self,
        lexicon: &Lexicon,
        inference: &Inference,
        vectors: &mut Vectors,
    ) -> Result<Vec<(&'static str, Vec<f64>)>, EvalError> {
        let index = Bm25::new(self.resumes.iter());
        let words: Vec<[Vec<f32>; 2]> = (self.postings.iter())
            .map(|posting| [index.scores(posting), index.scores_by_count(posting)])
            .collect();
        let bm25 = |by_count: usize| -> Vec<f64> {
            let score = |&(job, resume): &(usize, usize)| f64::from(words[job][by_count][resume]);
            self.pairs.iter().map(score).collect()
        };
        Ok(vec![
            ("ours", self.ours(lexicon, inference, vectors).await?),
            ("BM25", bm25(0)),
            ("BM25 with term frequency", bm25(1)),
            ("cosine, whole texts", self.whole(inference, vectors).await?),
            ("the longer resume", self.lengths()),
        ])
    }

    async fn ours(
        &self,
        lexicon: &Lexicon,
        inference: &Inference,
        vectors: &mut Vectors,
    ) -> Result<Vec<f64>, EvalError> {
        let plan =
            |&(job, resume): &(usize, usize)| Plan::new(lexicon, &self.resumes[resume], &self.postings[job], TODAY);
        let plans: Vec<Plan> = self.pairs.iter().map(plan).collect();
        let texts: Vec<Text> = plans.iter().flat_map(|plan| plan.texts().to_vec()).collect();
        vectors.encode_texts(inference, &texts).await?;
        let vectors = &*vectors;
        let score = |plan: &Plan| -> Result<f64, EvalError> {
            let texts = plan.texts().iter();
            let found: Vec<_> = texts.map(|text| vectors.of_as(text.role(), text)).collect();
            Ok(plan.score(&found)?.score)
        };
        plans.par_iter().map(score).collect()
    }

    /// The number of words of each resume.
    fn lengths(&self) -> Vec<f64> {
        let words = |&(_, resume): &(usize, usize)| self.resumes[resume].split_whitespace().count() as f64;
        self.pairs.iter().map(words).collect()
    }

    async fn whole(&self, inference: &Inference, vectors: &mut Vectors) -> Result<Vec<f64>, EvalError> {
        let (mut postings, mut resumes) = (Vec::new(), Vec::new());
        for text in &self.postings {
            postings.push(vectors.whole(inference, text).await?);
        }
        for text in &self.resumes {
            resumes.push(vectors.whole(inference, text).await?);
        }
        let cosine = |&(job, resume): &(usize, usize)| {
            let both = postings[job].iter().zip(&resumes[resume]);
            f64::from(both.map(|(x, y)| x * y).sum::<f32>())
        };
        Ok(self.pairs.iter().map(cosine).collect())
    }
}

pub(super) async fn tasks(
    data: &Data,
    lexicon: &Lexicon,
    inference: &Inference,
    vectors: &mut Vectors,
) -> Result<Vec<Task>, EvalError> {
    Ok(vec![
        graded(data, lexicon, inference, vectors).await?,
        fitting(data, lexicon, inference, vectors).await?,
    ])
}

#[derive(Deserialize)]
struct Grade {
    jd: String,
    resume: String,
    /// 1 to 7.
    score: u8,
}

#[derive(Deserialize)]
struct GradedPosting {
    jd: String,
    skills_and_role: Vec<String>,
}

#[derive(Deserialize)]
struct LivecareerResume {
    id: String,
    /// The kind and the text of each line.
    lines: Vec<(String, String)>,
}

/// A score and the grade of the same resume.
type Graded = (f64, u8);

/// The graded pairs, with their grades.
fn graded_set(data: &Data) -> Result<(Set, Vec<u8>), EvalError> {
    let postings = data.objects::<GradedPosting>("fit/ferr-postings.jsonl")?.into_iter();
    let postings = postings.map(|one| (one.jd, format!("Key skills\n- {}\n", one.skills_and_role.join("\n- "))));
    let postings: BTreeMap<String, String> = postings.collect();
    let resumes = data
        .objects::<LivecareerResume>("resumes/livecareer.jsonl.zst")?
        .into_iter();
    let text = |lines: Vec<(String, String)>| lines.into_iter().map(|(_, line)| line + "\n").collect::<String>();
    let resumes: HashMap<String, String> = resumes.map(|one| (one.id, text(one.lines))).collect();
    let mut grades: BTreeMap<String, Vec<Grade>> = BTreeMap::new();
    for grade in data.rows::<Grade>("fit/ferr-scores.csv")? {
        grades.entry(grade.jd.clone()).or_default().push(grade);
    }
    let (mut set, mut all) = (Set::default(), Vec::new());
    for (jd, grades) in grades {
        let Some(posting) = postings.get(&jd) else { continue };
        for grade in grades {
            let Some(resume) = resumes.get(&grade.resume) else {
                continue;
            };
            set.pairs.push((set.postings.len(), set.resumes.len()));
            set.resumes.push(resume.clone());
            all.push(grade.score);
        }
        set.postings.push(posting.clone());
    }
    Ok((set, all))
}

async fn graded(
    data: &Data,
    lexicon: &Lexicon,
    inference: &Inference,
    vectors: &mut Vectors,
) -> Result<Task, EvalError> {
    let (set, grades) = graded_set(data)?;
    let figures = |scores: Vec<f64>| {
        let mut of_posting: BTreeMap<usize, Vec<Graded>> = BTreeMap::new();
        for ((&(job, _), score), grade) in set.pairs.iter().zip(scores).zip(&grades) {
            of_posting.entry(job).or_default().push((score, *grade));
        }
        let figure = |of: &dyn Fn(&[Graded]) -> f64| {
            let values: Vec<_> = of_posting.iter().map(|(job, pairs)| (*job, of(pairs))).collect();
            Figure::of(&values)
        };
        let correlation = |pairs: &[Graded]| {
            spearman(
                &pairs
                    .iter()
                    .map(|&(score, grade)| (score, grade.into()))
                    .collect::<Vec<_>>(),
            )
        };
        // The lowest grade has no gain.
        let order = |pairs: &[Graded]| gain(pairs.iter().map(|&(score, grade)| (score, grade.saturating_sub(1))));
        vec![("Spearman", figure(&correlation)), ("nDCG@5", figure(&order))]
    };
    let scores = set.scores(lexicon, inference, vectors).await?.into_iter();
    let lines = scores
        .map(|(ranker, scores)| Line::new(ranker, figures(scores)))
        .collect();
    let name = format!(
        "FERR: grades of {} resumes for {} lists of skills",
        set.resumes.len(),
        set.postings.len()
    );
    Ok(reported(name, lines))
}

#[derive(Deserialize)]
struct Triple {
    posting: String,
    matched: String,
    unmatched: String,
}

async fn fitting(
    data: &Data,
    lexicon: &Lexicon,
    inference: &Inference,
    vectors: &mut Vectors,
) -> Result<Task, EvalError> {
    let mut set = Set::default();
    for triple in data.objects::<Triple>("fit/rjdb.jsonl.zst")? {
        for resume in [triple.matched, triple.unmatched] {
            set.pairs.push((set.postings.len(), set.resumes.len()));
            set.resumes.push(resume);
        }
        set.postings.push(triple.posting);
    }
    let figures = |scores: &[f64]| {
        let figure = |of: &dyn Fn(f64, f64) -> bool| {
            let (both, _) = scores.as_chunks::<2>();
            let values = both.iter().map(|&[fits, lacks]| f64::from(u8::from(of(fits, lacks))));
            Figure::of(&values.enumerate().collect::<Vec<_>>())
        };
        #[expect(clippy::float_cmp, reason = "a tie is an equal score")]
        let tied = |fits: f64, lacks: f64| fits == lacks;
        vec![
            ("fitting first", figure(&|fits, lacks| fits > lacks)),
            ("tied", figure(&tied)),
        ]
    };
    let scores = set.scores(lexicon, inference, vectors).await?.into_iter();
    let lines = scores
        .map(|(ranker, scores)| Line::new(ranker, figures(&scores)))
        .collect();
    let name = format!(
        "RJDB: resume that fits above one that lacks something ({} postings)",
        set.postings.len()
    );
    Ok(reported(name, lines))
}
