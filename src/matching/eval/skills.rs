//! Ranking of ESCO skills for sentences of job advertisements: each sentence against every label, compared as in a
//! match.

use rayon::prelude::*;

use super::EvalError;
use super::bm25::Bm25;
use super::data::{Annotated, Data, Part, numbers};
use super::figures::{Figure, r_precision};
use super::table::{Bar, Line, Task};
use super::vectors::Vectors;
use crate::inference::{Inference, Role, Text, dot_product};
use crate::matching::Lexicon;
use crate::matching::similarity::{Index, Language, Mix, Reading};
use crate::matching::words;

/// Sentences and labels in the form that is compared.
pub(super) struct Sentences<'a> {
    annotated: &'a [Annotated],
    readings: Vec<Reading>,
    labels: Index,
    /// The labels named in each sentence.
    named: Vec<Vec<usize>>,
}

impl<'a> Sentences<'a> {
    pub(super) fn read(
        annotated: &'a [Annotated],
        labels: &[String],
        lexicon: &Lexicon,
        language: &Language,
        vectors: &Vectors,
    ) -> Self {
        let role = Role::Evidence;
        let read = |text: &String| language.read(&Text::new(text, role), vectors.of_as(role, text));
        let numbers = numbers(labels);
        let number = |wanted: &str| numbers.get(wanted).copied();
        let named = |one: &Annotated| {
            let mentions = lexicon.mentions(&words::words(&one.sentence), false);
            mentions
                .iter()
                .filter_map(|mention| number(lexicon.esco_label(mention)?))
                .collect()
        };
        Self {
            annotated,
            readings: annotated.par_iter().map(|one| read(&one.sentence)).collect(),
            labels: labels.par_iter().map(read).collect::<Vec<_>>().iter().collect(),
            named: annotated.par_iter().map(named).collect(),
        }
    }

    /// The product's ranking: named skills first, then by similarity of the label.
    pub(super) fn ours(&self, mix: &Mix, by_name: bool) -> Vec<(&'static str, Figure)> {
        self.figures(|at| {
            let mut scores = self.labels.likenesses(*mix, &self.readings[at]);
            if by_name {
                self.named[at].iter().for_each(|&label| scores[label] += 2.0);
            }
            scores
        })
    }

    fn figures(&self, scores: impl Fn(usize) -> Vec<f32> + Sync) -> Vec<(&'static str, Figure)> {
        let measured: Vec<(f64, f64)> = (0..self.annotated.len())
            .into_par_iter()
            .map(|at| {
                let (scores, right) = (scores(at), &self.annotated[at].skills);
                (r_precision(&scores, right, 10), r_precision(&scores, right, 5))
            })
            .collect();
        let figure = |of: &dyn Fn(&(f64, f64)) -> f64| {
            let values: Vec<_> = measured.iter().map(of).enumerate().collect();
            Figure::of(&values)
        };
        vec![("RP@10", figure(&|both| both.0)), ("RP@5", figure(&|both| both.1))]
    }
}

/// The product's ranking, then the baselines.
pub(super) async fn lines(
    annotated: &[Annotated],
    labels: &[String],
    lexicon: &Lexicon,
    inference: &Inference,
    vectors: &mut Vectors,
) -> Result<Vec<Line>, EvalError> {
    for role in [Role::Sentence, Role::Evidence] {
        let texts = annotated.iter().map(|one| &one.sentence).chain(labels);
        vectors.encode_as(role, inference, texts.map(String::as_str)).await?;
    }
    let vectors = &*vectors;
    let sentences = Sentences::read(annotated, labels, lexicon, &lexicon.language, vectors);
    let mix = &lexicon.weights.skills.likeness;
    let mut lines = vec![Line::new("ours", sentences.ours(mix, true))];
    let index = Bm25::new(labels.iter());
    let words = |at: usize| index.scores(&annotated[at].sentence);
    lines.push(Line::new("BM25", sentences.figures(words)));
    let rows: Vec<&[f32]> = labels.iter().map(|label| vectors.of(label)).collect();
    let cosine = |at: usize| {
        let mut scores = Vec::new();
        dot_product(&[vectors.of(&annotated[at].sentence)], &rows, &mut scores);
        scores
    };
    lines.push(Line::new("cosine, sentence and label", sentences.figures(cosine)));
    Ok(lines)
}

pub(super) async fn task(
    data: &Data,
    lexicon: &Lexicon,
    inference: &Inference,
    vectors: &mut Vectors,
) -> Result<Task, EvalError> {
    let labels = data.skills()?;
    let annotated = data.sentences(Part::Test, &labels)?;
    let mut lines = lines(&annotated, &labels, lexicon, inference, vectors).await?;
    let sentences = Sentences::read(&annotated, &labels, lexicon, &lexicon.language, vectors);
    let mix = &lexicon.weights.skills.likeness;
    for (name, mix) in mix.ablations() {
        lines.push(Line::new(name, sentences.ours(&mix, true)));
    }
    lines.push(Line::new("ablation: without skill names", sentences.ours(mix, false)));
    Ok(Task {
        name: format!(
            "sentence -> ESCO skill ({} sentences, {} labels)",
            annotated.len(),
            labels.len()
        ),
        bar: Bar::AtLeast(0.55),
        lines,
    })
}
