//! Ranking of ESCO occupations for vacancy titles: each title against all labels, compared as titles are in a match.

use std::collections::HashMap;

use rayon::prelude::*;

use super::EvalError;
use super::bm25::Bm25;
use super::data::{Data, Occupation, Part};
use super::figures::{Figure, rank};
use super::spread::Spread;
use super::table::{Bar, Line, Task};
use super::vectors::Vectors;
use crate::inference::{Inference, Role, Text, dot_product};
use crate::matching::Lexicon;
use crate::matching::similarity::{Index, Language, Reading};
use crate::matching::weights::OccupationWeights;

/// The titles of one part of the split, and all occupations.
pub(super) struct Titles<'a> {
    pub(super) occupations: &'a [Occupation],
    /// Titles with the index of their occupation.
    pub(super) asked: Vec<&'a (String, usize)>,
}

impl<'a> Titles<'a> {
    pub(super) fn new(occupations: &'a [Occupation], titles: &'a [(String, usize)], part: Part) -> Self {
        Self {
            occupations,
            asked: titles
                .iter()
                .filter(|(_, occupation)| occupations[*occupation].part == part)
                .collect(),
        }
    }

    /// Keeps about `count` titles, evenly spaced.
    pub(super) fn thin(&mut self, count: usize) {
        let step = (self.asked.len() / count.max(1)).max(1);
        self.asked = std::mem::take(&mut self.asked).into_iter().step_by(step).collect();
    }

    /// Encodes the titles and all labels in this role.
    pub(super) async fn encode(
        &self,
        role: Role,
        inference: &Inference,
        vectors: &mut Vectors,
    ) -> Result<(), EvalError> {
        let titles = self.asked.iter().map(|(title, _)| title);
        let labels = self.occupations.iter().flat_map(|one| &one.labels);
        vectors
            .encode_as(role, inference, titles.chain(labels).map(String::as_str))
            .await
    }

    /// The metrics of rankings in which `scores` returns one score per occupation.
    pub(super) fn figures(&self, scores: impl Fn(&str) -> Vec<f32> + Sync) -> Vec<(&'static str, Figure)> {
        self.figures_at(|at| scores(&self.asked[at].0))
    }

    /// As [`Titles::figures`], by the index of the title.
    pub(super) fn figures_at(&self, scores: impl Fn(usize) -> Vec<f32> + Sync) -> Vec<(&'static str, Figure)> {
        let ranks: Vec<f64> = (0..self.asked.len())
            .into_par_iter()
            .map(|at| rank(&scores(at), self.asked[at].1))
            .collect();
        let figure = |of: &dyn Fn(f64) -> f64| {
            let values: Vec<_> = self
                .asked
                .iter()
                .zip(&ranks)
                .map(|((_, group), &rank)| (*group, of(rank)))
                .collect();
            Figure::of(&values)
        };
        let found = |rank: f64| if rank <= 10.0 { 1.0 } else { 0.0 };
        vec![("MRR", figure(&|rank| 1.0 / rank)), ("R@10", figure(&found))]
    }

    /// By the most similar label and all labels together, as in a match.
    pub(super) fn ours(&self, labels: &Labels, weights: &OccupationWeights) -> Vec<(&'static str, Figure)> {
        self.figures(|title| labels.scores(title, weights))
    }

    /// The similarities of titles and labels, within and across occupations.
    pub(super) fn spread(&self, labels: &Labels, weights: &OccupationWeights) -> Spread {
        let mut spread = Spread::default();
        for (title, occupation) in self.asked.iter().step_by(8) {
            for (at, score) in labels.scores(title, weights).into_iter().enumerate() {
                if at == *occupation {
                    spread.own.push(score.into());
                } else if at % 97 == 0 {
                    spread.strangers.push(score.into());
                }
            }
        }
        spread
    }
}

/// All labels and the titles in the form that is compared.
pub(super) struct Labels {
    owners: Vec<usize>,
    each: Index,
    /// The labels of each occupation together.
    together: Index,
    titles: HashMap<String, Reading>,
}

impl Labels {
    /// A score for every occupation: that of its best label.
    pub(super) fn scores(&self, title: &str, weights: &OccupationWeights) -> Vec<f32> {
        let occupations = self.owners.last().map_or(0, |last| last + 1);
        let mut scores = vec![f32::MIN; occupations];
        for (score, owner) in self.scores_of_labels(title, weights).into_iter().zip(&self.owners) {
            scores[*owner] = scores[*owner].max(score);
        }
        scores
    }

    /// A score for every label.
    pub(super) fn scores_of_labels(&self, title: &str, weights: &OccupationWeights) -> Vec<f32> {
        let title = &self.titles[title];
        let together = self.together.likenesses(weights.likeness, title);
        let each = self.each.likenesses(weights.likeness, title).into_iter();
        let scores = each
            .zip(&self.owners)
            .map(|(likeness, &owner)| weights.of_titles(likeness, together[owner]));
        scores.collect()
    }

    /// From titles and labels encoded in this role.
    pub(super) fn read(titles: &Titles<'_>, role: Role, language: &Language, vectors: &Vectors) -> Self {
        let all = titles.occupations.iter().enumerate();
        let (owners, texts): (Vec<usize>, Vec<&String>) = all
            .flat_map(|(at, one)| one.labels.iter().map(move |label| (at, label)))
            .unzip();
        let read = |text: &String| language.read(&Text::new(text, role), vectors.of_as(role, text));
        let readings: Vec<Reading> = texts.into_par_iter().map(read).collect();
        let mut left = readings.iter();
        let together = titles
            .occupations
            .iter()
            .map(|one| language.called(left.by_ref().take(one.labels.len())));
        Self {
            together: together.collect::<Vec<_>>().iter().collect(),
            owners,
            titles: titles
                .asked
                .par_iter()
                .map(|(title, _)| (title.clone(), read(title)))
                .collect(),
            each: readings.iter().collect(),
        }
    }
}

/// The product's ranking, then the baselines.
pub(super) async fn lines(
    titles: &Titles<'_>,
    lexicon: &Lexicon,
    inference: &Inference,
    vectors: &mut Vectors,
) -> Result<Vec<Line>, EvalError> {
    for role in [Role::Sentence, Role::Title] {
        titles.encode(role, inference, vectors).await?;
    }
    let occupations = titles.occupations;
    let mut documents = Vec::new();
    for one in occupations {
        documents.push(vectors.whole(inference, &one.labels.join(", ")).await?);
    }
    let vectors = &*vectors;

    let labels = Labels::read(titles, Role::Title, &lexicon.language, vectors);
    let mut lines = vec![Line::new("ours", titles.ours(&labels, &lexicon.weights.occupation))];
    let index = Bm25::new(occupations.iter().map(|one| one.labels.join(" ")));
    lines.push(Line::new("BM25", titles.figures(|title| index.scores(title))));
    let by_vectors = |rows: &[&[f32]], title: &str| {
        let mut scores = Vec::new();
        dot_product(&[vectors.of(title)], rows, &mut scores);
        scores
    };
    let rows: Vec<&[f32]> = documents.iter().map(Vec::as_slice).collect();
    lines.push(Line::new(
        "cosine, all labels as one text",
        titles.figures(|title| by_vectors(&rows, title)),
    ));
    let rows: Vec<&[f32]> = occupations.iter().map(|one| vectors.of(&one.labels[0])).collect();
    lines.push(Line::new(
        "cosine, preferred label",
        titles.figures(|title| by_vectors(&rows, title)),
    ));
    let (owners, rows): (Vec<usize>, Vec<&[f32]>) = (occupations.iter().enumerate())
        .flat_map(|(at, one)| one.labels.iter().map(move |label| (at, vectors.of(label))))
        .unzip();
    let nearest = |title: &str| {
        let mut best = vec![f32::MIN; occupations.len()];
        for (cosine, owner) in by_vectors(&rows, title).into_iter().zip(&owners) {
            best[*owner] = best[*owner].max(cosine);
        }
        best
    };
    lines.push(Line::new("max-sim over labels", titles.figures(nearest)));
    Ok(lines)
}

pub(super) async fn task(
    data: &Data,
    lexicon: &Lexicon,
    inference: &Inference,
    vectors: &mut Vectors,
) -> Result<Task, EvalError> {
    let (occupations, titles) = data.titles()?;
    let titles = Titles::new(&occupations, &titles, Part::Test);
    let mut lines = lines(&titles, lexicon, inference, vectors).await?;
    let weights = &lexicon.weights.occupation;
    let labels = Labels::read(&titles, Role::Title, &lexicon.language, vectors);
    for (name, ablated) in weights.ablations() {
        lines.push(Line::new(name, titles.ours(&labels, &ablated)));
    }
    let sentences = Labels::read(&titles, Role::Sentence, &lexicon.language, vectors);
    lines.push(Line::new(
        "ablation: titles encoded as sentences",
        titles.ours(&sentences, weights),
    ));
    Ok(Task {
        name: format!(
            "vacancy title -> ESCO occupation ({} titles, {} occupations)",
            titles.asked.len(),
            occupations.len()
        ),
        bar: Bar::AtLeast(0.42),
        lines,
    })
}
