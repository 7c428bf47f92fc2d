//! Fitting of the matcher's weights by coordinate ascent on the development part. There are so few weights that
//! gradients would gain nothing, and every objective is a metric that people read.

use std::path::Path;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use toml_edit::value;

use super::data::{Data, Halves, Occupation, Part};
use super::figures::Figure;
use super::halves::{OccupationPairs, ramped};
use super::skills::Sentences;
use super::titles::{Labels, Titles};
use super::vectors::Vectors;
use super::{EvalError, edit_card};
use crate::inference::train::Pairs;
use crate::inference::{Inference, Role};
use crate::matching::Lexicon;
use crate::matching::phrase_training::train_phrases;
use crate::matching::similarity::Language;
use crate::matching::weights::Weights;

/// The seed of the sampled pairs.
const SEED: u64 = 1;
/// The number of background texts.
const BACKGROUND: usize = 1024;
/// The number of occupations and titles used for fitting, enough to distinguish weights.
const OCCUPATIONS: usize = 130;
const TITLES: usize = 800;
/// The smallest gain for which a weight is changed.
const LEAST_GAIN: f64 = 0.0005;

/// A weight, by its path in the card, and the values to try.
struct Knob {
    path: &'static [&'static str],
    tried: &'static [f64],
    set: fn(&mut Weights, f64),
    get: fn(&Weights) -> f64,
}

macro_rules! knob {
    ($($part:ident).+, $tried:expr) => {
        Knob {
            path: &[$(stringify!($part)),+],
            tried: &$tried,
            set: |weights, value| weights.$($part).+ = value,
            get: |weights| weights.$($part).+,
        }
    };
}

const WORDS: [f64; 8] = [0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5];
/// Above one half, texts similar to nothing would be favoured because they say nothing.
const CROWD: [f64; 6] = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5];

const OF_TITLES: [Knob; 2] = [
    knob!(occupation.likeness.words, WORDS),
    knob!(occupation.together, [0.0, 0.5, 1.0, 2.0]),
];
const OF_SKILLS: [Knob; 2] = [knob!(skills.likeness.words, WORDS), knob!(skills.likeness.crowd, CROWD)];
const OF_LIKENESS: [Knob; 2] = [
    knob!(occupation.work_likeness.words, WORDS),
    knob!(occupation.work_likeness.crowd, CROWD),
];
/// Values that are written but not fitted.
const FIXED: [Knob; 4] = [
    knob!(occupation.similarity.low, []),
    knob!(occupation.similarity.high, []),
    knob!(occupation.work_similarity.low, []),
    knob!(occupation.work_similarity.high, []),
];

/// Changes one weight after the other to maximize the objective, until a round changes nothing.
fn climb(weights: &mut Weights, knobs: &[Knob], progress: &mut dyn FnMut(&str), objective: impl Fn(&Weights) -> f64) {
    let mut best = objective(weights);
    let mut moved = true;
    let mut rounds = 0;
    while moved && rounds < 2 {
        moved = false;
        rounds += 1;
        for knob in knobs {
            for &tried in knob.tried {
                let mut other = weights.clone();
                (knob.set)(&mut other, tried);
                if (knob.get)(&other) == (knob.get)(weights) || other.check().is_err() {
                    continue;
                }
                let found = objective(&other);
                if found > best + LEAST_GAIN {
                    progress(&format!("  {} = {tried}: {found:.4}", knob.path.join(".")));
                    (best, moved) = (found, true);
                    *weights = other;
                }
            }
        }
    }
}

/// Learns the statistics, fits the weights, and writes both into `matching` under `models`.
///
/// # Errors
/// See [`EvalError`].
pub async fn train(
    models: &Path,
    data: Option<&Path>,
    inference: &Inference,
    progress: &mut dyn FnMut(&str),
) -> Result<(), EvalError> {
    let root = data.ok_or(EvalError::NoData)?;
    let data = Data::open(root)?;
    let folder = models.join("matching");
    let mut vectors = Vectors::default();
    let mut halves: Vec<Halves> = data.halves()?;
    halves.retain(|one| one.part == Part::Dev);
    let (occupations, titles) = data.titles()?;

    progress("the language of work");
    let tasks = halves
        .iter()
        .flat_map(|one| one.job.iter().chain(&one.resume).chain(&one.paraphrase));
    let labels = occupations
        .iter()
        .filter(|one| one.part == Part::Dev)
        .flat_map(|one| &one.labels);
    let mut texts: Vec<&str> = tasks.chain(labels).map(String::as_str).collect();
    texts.sort_unstable();
    texts.dedup();
    vectors
        .encode_as(Role::Evidence, inference, texts.iter().copied())
        .await?;
    let read: Vec<(&str, &[f32])> = texts
        .iter()
        .map(|text| (*text, vectors.of_as(Role::Evidence, text)))
        .collect();
    let works = halves.iter().map(|one| {
        one.job
            .iter()
            .chain(&one.resume)
            .map(|task| vectors.of_as(Role::Evidence, task))
            .collect()
    });
    let works: Vec<Vec<&[f32]>> = works.collect();
    let sets = [called(&occupations, &vectors), done(&halves, &vectors)];
    Language::learn(&folder, &read, &sets, &works, BACKGROUND, &mut |step, loss| {
        progress(&format!("  step {step}: loss {loss:.3}"));
    })?;

    progress("mentions of skills");
    let lexicon = Lexicon::open(models)?;
    super::mentions::learn(&data, &lexicon)?.write(&models.join("skills"))?;
    progress("phrases that name skills");
    train_phrases(models, root)?;
    let lexicon = Lexicon::open(models)?;
    let language = &lexicon.language;
    let mut weights = (*lexicon.weights).clone();

    progress("titles");
    let mut asked = Titles::new(&occupations, &titles, Part::Dev);
    asked.thin(TITLES);
    asked.encode(Role::Title, inference, &mut vectors).await?;
    let labels = Labels::read(&asked, Role::Title, language, &vectors);
    climb(&mut weights, &OF_TITLES, progress, |weights| {
        first(&asked.ours(&labels, &weights.occupation))
    });
    weights.occupation.similarity = asked.spread(&labels, &weights.occupation).ramp(0.5, 0.9);

    progress("skills of sentences");
    let labels = data.skills()?;
    let annotated = data.sentences(Part::Dev, &labels)?;
    vectors
        .encode_as(Role::Evidence, inference, labels.iter().map(String::as_str))
        .await?;
    vectors
        .encode_as(
            Role::Evidence,
            inference,
            annotated.iter().map(|one| one.sentence.as_str()),
        )
        .await?;
    let sentences = Sentences::read(&annotated, &labels, &lexicon, language, &vectors);
    climb(&mut weights, &OF_SKILLS, progress, |weights| {
        first(&sentences.ours(&weights.skills.likeness, true))
    });

    progress("halves of occupations");
    let step = (halves.len() / OCCUPATIONS).max(1);
    let halves: Vec<Halves> = halves.into_iter().step_by(step).collect();
    let same = OccupationPairs::read(&halves, false, &lexicon, inference, &mut vectors).await?;
    let told = OccupationPairs::read(&halves, true, &lexicon, inference, &mut vectors).await?;
    let ramped = |weights: &Weights| ramped(&[&same, &told], &vectors, language, weights);
    climb(&mut weights, &OF_LIKENESS, progress, |weights| {
        let weights = ramped(weights);
        let found =
            |sides: &OccupationPairs<'_>| first(&sides.figures(&sides.ours(&vectors, language, &weights), Part::Dev));
        (found(&same) + found(&told)) / 2.0
    });
    weights = ramped(&weights);
    let all = OF_TITLES.iter().chain(&OF_SKILLS).chain(&OF_LIKENESS).chain(&FIXED);
    let chosen: Vec<_> = all.map(|knob| (knob.path, (knob.get)(&weights))).collect();
    write(&folder.join("model.toml"), &chosen)
}

/// Pairs of labels of an occupation. Vacancy titles are for evaluation only, so nothing is learnt from them.
fn called<'v>(occupations: &[Occupation], vectors: &'v Vectors) -> Pairs<'v> {
    let mut random = StdRng::seed_from_u64(SEED);
    let of = |text| vectors.of_as(Role::Evidence, text);
    let mut all = Vec::new();
    for (number, one) in occupations.iter().enumerate().filter(|(_, one)| one.part == Part::Dev) {
        for label in &one.labels {
            let other = &one.labels[random.random_range(0..one.labels.len())];
            if other != label {
                all.push((of(label), of(other), number));
            }
        }
    }
    Pairs { all }
}

/// Pairs of tasks of an occupation, and of tasks and activities.
fn done<'v>(halves: &[Halves], vectors: &'v Vectors) -> Pairs<'v> {
    let mut random = StdRng::seed_from_u64(SEED);
    let of = |text| vectors.of_as(Role::Evidence, text);
    let mut all = Vec::new();
    let mut codes: Vec<&str> = halves.iter().map(|one| one.code.as_str()).collect();
    codes.dedup();
    for one in halves {
        // Specialisations of one occupation are not contrasted with each other.
        let number = codes.partition_point(|code| *code < one.code.as_str());
        let tasks: Vec<&String> = one.job.iter().chain(&one.resume).collect();
        let told: Vec<&String> = tasks.iter().copied().chain(&one.paraphrase).collect();
        for task in &tasks {
            for _ in 0..4 {
                let other = told[random.random_range(0..told.len())];
                if other != *task {
                    all.push((of(task), of(other), number));
                }
            }
        }
    }
    Pairs { all }
}

fn first(figures: &[(&'static str, Figure)]) -> f64 {
    figures.first().map_or(0.0, |(_, figure)| figure.value)
}

/// Writes the weights into the card, preserving its formatting.
fn write(path: &Path, chosen: &[(&[&str], f64)]) -> Result<(), EvalError> {
    edit_card(path, |card| {
        for (path, chosen) in chosen {
            let mut place = &mut card["weights"];
            for part in *path {
                place = &mut place[part];
            }
            *place = value((chosen * 1000.0).round() / 1000.0);
        }
    })
}
