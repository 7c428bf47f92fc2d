//! Mentions of skills in sentences of job advertisements: which occurrences of labels are skills according to the
//! annotators. Only labels of the lexicon count.

use super::EvalError;
use super::data::Data;
use super::figures::Figure;
use super::marked::MarkedSentence;
use super::table::{Bar, Line, Task};
use crate::matching::Lexicon;
use crate::matching::mention_classifier::{Feature, MentionClassifier};
use crate::matching::words;

/// The sentences to train on.
const TRAINING: [&str; 2] = ["skillspan/train.json", "spans/green-train.jsonl.zst"];
/// The sentences for the figures.
const FIGURES: [(&str, &str); 2] = [
    ("", "skillspan/dev.json"),
    (" of British advertisements", "spans/green-dev.jsonl.zst"),
];

/// The mentions found by the lexicon, with whether each is a skill.
fn examples(lexicon: &Lexicon, marked: &MarkedSentence) -> Vec<(Vec<Feature>, bool)> {
    let words = words::words(&marked.text);
    let mentions = lexicon.every_mention(&words, false);
    let examples = mentions.into_iter().map(|mention| {
        let skill = (marked.skills.iter()).any(|span| mention.bytes.start < span.end && span.start < mention.bytes.end);
        (lexicon.features(&words, &mention), skill)
    });
    examples.collect()
}

/// Trains on the training sentences.
pub(super) fn learn(data: &Data, lexicon: &Lexicon) -> Result<MentionClassifier, EvalError> {
    let mut all = Vec::new();
    for file in TRAINING {
        let marked = data.marked(file)?;
        all.extend(marked.iter().flat_map(|one| examples(lexicon, one)));
    }
    Ok(MentionClassifier::learn(&all))
}

pub(super) fn tasks(data: &Data, lexicon: &Lexicon) -> Result<Vec<Task>, EvalError> {
    (FIGURES.into_iter())
        .map(|(which, file)| Ok(task(which, &data.marked(file)?, lexicon)))
        .collect()
}

fn task(which: &str, marked: &[MarkedSentence], lexicon: &Lexicon) -> Task {
    let least = lexicon.weights.skills.mention;
    let all: Vec<Vec<(f64, bool)>> = marked
        .iter()
        .map(|one| {
            let judged = examples(lexicon, one).into_iter();
            judged
                .map(|(features, skill)| (f64::from(lexicon.context.probability(&features)), skill))
                .collect()
        })
        .collect();
    let figures = |keeps: &dyn Fn(f64) -> bool| {
        let counts = all.iter().map(|mentions| {
            let count = |wanted: &dyn Fn(bool, bool) -> bool| {
                mentions
                    .iter()
                    .filter(|(probability, skill)| wanted(keeps(*probability), *skill))
                    .count() as f64
            };
            [
                count(&|kept, skill| kept && skill),
                count(&|kept, _| kept),
                count(&|_, skill| skill),
            ]
        });
        let counts: Vec<[f64; 3]> = counts.collect();
        let ratio = |of: &dyn Fn(&[f64; 3]) -> (f64, f64)| {
            let values: Vec<_> = counts
                .iter()
                .enumerate()
                .map(|(at, one)| (at, of(one).0, of(one).1))
                .collect();
            Figure::ratio(&values)
        };
        vec![
            ("F1", ratio(&|[right, kept, skills]| (2.0 * right, kept + skills))),
            ("precision", ratio(&|[right, kept, _]| (*right, *kept))),
            ("recall", ratio(&|[right, _, skills]| (*right, *skills))),
        ]
    };
    let count: usize = all.iter().map(Vec::len).sum();
    Task {
        name: format!(
            "mentions{which} of labels that are skills ({count} in {} sentences)",
            marked.len()
        ),
        bar: Bar::AtLeast(0.7),
        lines: vec![
            Line {
                ranker: "ours".to_owned(),
                figures: figures(&|probability| probability >= least),
            },
            Line {
                ranker: "every mention".to_owned(),
                figures: figures(&|_| true),
            },
        ],
    }
}
