//! Linking of O*NET titles with ESCO occupations: MELO (Retyk et al. 2024), the set `usa_q_en_c_en`. Ranked are the labels,
//! as by its authors; an answer is right if it is a label of the right occupation.

use rayon::prelude::*;
use serde::Deserialize;

use super::super::EvalError;
use super::super::bm25::Bm25;
use super::super::data::{Data, Occupation, Part, Title};
use super::super::figures::Figure;
use super::super::table::{Line, Task};
use super::super::titles::{Labels, Titles};
use super::super::vectors::Vectors;
use super::reported;
use crate::inference::{Inference, Role, dot_product};
use crate::matching::Lexicon;

#[derive(Deserialize)]
struct Query {
    query: String,
    /// One of each query in this set.
    concepts: Vec<usize>,
}

#[derive(Deserialize)]
struct Concept {
    labels: Vec<String>,
}

/// Queries with their occupation, and the occupation of each label.
struct Linking<'a> {
    asked: &'a [&'a Title],
    owners: Vec<usize>,
}

impl Linking<'_> {
    /// The rank of the best right label, from 1; of equal ones half are before it.
    fn rank(&self, scores: &[f32], concept: usize) -> f64 {
        let labels = || scores.iter().zip(&self.owners);
        let own = labels().filter(|(_, owner)| **owner == concept);
        let best = own.map(|(score, _)| *score).fold(f32::MIN, f32::max);
        let others = || labels().filter(|(_, owner)| **owner != concept);
        let better = others().filter(|(score, _)| **score > best).count();
        let even = others().filter(|(score, _)| **score == best).count();
        1.0 + better as f64 + even as f64 / 2.0
    }

    fn figures(&self, scores: impl Fn(&str) -> Vec<f32> + Sync) -> Vec<(&'static str, Figure)> {
        let ranks: Vec<f64> = (self.asked.par_iter())
            .map(|(query, concept)| self.rank(&scores(query), *concept))
            .collect();
        let figure = |of: &dyn Fn(f64) -> f64| {
            let values: Vec<_> = ranks.iter().map(|&rank| of(rank)).enumerate().collect();
            Figure::of(&values)
        };
        let within = |most: f64| figure(&|rank| if rank <= most { 1.0 } else { 0.0 });
        vec![
            ("MRR", figure(&|rank| 1.0 / rank)),
            ("A@1", within(1.0)),
            ("A@5", within(5.0)),
        ]
    }
}

pub(super) async fn task(
    data: &Data,
    lexicon: &Lexicon,
    inference: &Inference,
    vectors: &mut Vectors,
) -> Result<Task, EvalError> {
    let concepts = data.objects::<Concept>("melo/concepts.jsonl.zst")?.into_iter();
    let occupations: Vec<Occupation> = concepts.map(|one| Occupation::new(Part::Test, &one.labels)).collect();
    let queries = data.objects::<Query>("melo/queries.jsonl")?.into_iter();
    let queries: Vec<Title> = queries
        .filter_map(|one| Some((one.query, *one.concepts.first()?)))
        .collect();
    let titles = Titles::new(&occupations, &queries, Part::Test);
    for role in [Role::Sentence, Role::Title] {
        titles.encode(role, inference, vectors).await?;
    }
    let vectors = &*vectors;
    let (owners, labels): (Vec<usize>, Vec<&str>) = (occupations.iter().enumerate())
        .flat_map(|(at, one)| one.labels.iter().map(move |label| (at, label.as_str())))
        .unzip();
    let linking = Linking {
        asked: &titles.asked,
        owners,
    };
    let ours = Labels::read(&titles, Role::Title, &lexicon.language, vectors);
    let weights = &lexicon.weights.occupation;
    let index = Bm25::new(labels.iter());
    let rows: Vec<&[f32]> = labels.iter().map(|label| vectors.of(label)).collect();
    let cosine = |title: &str| {
        let mut scores = Vec::new();
        dot_product(&[vectors.of(title)], &rows, &mut scores);
        scores
    };
    let published = |model: &str, mrr, first, five| {
        let figures = [("MRR", mrr), ("A@1", first), ("A@5", five)];
        Line::published(&format!("{model} (Retyk et al. 2024)"), &figures)
    };
    let lines = vec![
        Line::new("ours", linking.figures(|title| ours.scores_of_labels(title, weights))),
        Line::new("BM25", linking.figures(|title| index.scores(title))),
        Line::new("cosine, label", linking.figures(cosine)),
        published("BM25 over lemmas", 0.6004, 0.515, 0.7014),
        published("E5", 0.6735, 0.5529, 0.8215),
        published("best, OpenAI embeddings", 0.6842, 0.5561, 0.8325),
    ];
    let name = format!(
        "MELO: O*NET title -> ESCO label ({} of the 633 titles, {} labels)",
        linking.asked.len(),
        labels.len()
    );
    Ok(reported(name, lines))
}
