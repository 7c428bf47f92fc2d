//! The encoder on pairs of sentences about anything: the rank correlation of the cosine similarity with the similarity that
//! people gave. The encoder is used unchanged for sentences; its final layers for evidence and titles were trained.

use super::super::EvalError;
use super::super::bm25::Bm25;
use super::super::data::Data;
use super::super::figures::{Figure, spearman};
use super::super::table::{Line, Task};
use super::super::vectors::Vectors;
use super::reported;
use crate::inference::{Inference, Role};

/// Two sentences and their similarity.
struct Pair {
    texts: [String; 2],
    similarity: f64,
}

/// The test set of the STS Benchmark: columns separated by tabs, without quotation marks or a header.
fn sts(data: &Data) -> Result<Vec<Pair>, EvalError> {
    let text = data.text("stsb/sts-test.csv")?;
    let pairs = text.lines().filter_map(|line| {
        let columns: Vec<&str> = line.split('\t').collect();
        let [_, _, _, _, similarity, a, b, ..] = columns[..] else {
            return None;
        };
        Some(Pair {
            texts: [a, b].map(str::to_owned),
            similarity: similarity.parse().ok()?,
        })
    });
    Ok(pairs.collect())
}

fn sick(data: &Data) -> Result<Vec<Pair>, EvalError> {
    #[derive(serde::Deserialize)]
    struct Row {
        a: String,
        b: String,
        relatedness: f64,
    }
    let mut rows = data.rows::<Row>("sick/train.csv")?;
    rows.extend(data.rows::<Row>("sick/dev.csv")?);
    let pair = |row: Row| Pair {
        texts: [row.a, row.b],
        similarity: row.relatedness,
    };
    Ok(rows.into_iter().map(pair).collect())
}

fn figures(pairs: &[Pair], scores: impl Iterator<Item = f32>) -> Vec<(&'static str, Figure)> {
    let both: Vec<(f64, f64)> = pairs
        .iter()
        .map(|pair| pair.similarity)
        .zip(scores.map(f64::from))
        .collect();
    let correlation = |drawn: &[usize]| spearman(&drawn.iter().map(|&at| both[at]).collect::<Vec<_>>());
    vec![("Spearman", Figure::resampled(both.len(), correlation))]
}

async fn lines(pairs: &[Pair], inference: &Inference, vectors: &mut Vectors) -> Result<Vec<Line>, EvalError> {
    let mut lines = Vec::new();
    for (ranker, role) in [
        ("ours, sentences", Role::Sentence),
        ("ours, final layers for evidence", Role::Evidence),
        ("ours, final layers for titles", Role::Title),
    ] {
        let texts = pairs.iter().flat_map(|pair| &pair.texts);
        vectors.encode_as(role, inference, texts.map(String::as_str)).await?;
        let cosine = |pair: &Pair| {
            let [a, b] = pair.texts.each_ref().map(|text| vectors.of_as(role, text));
            a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>()
        };
        lines.push(Line::new(ranker, figures(pairs, pairs.iter().map(cosine))));
    }
    let index = Bm25::new(pairs.iter().map(|pair| &pair.texts[1]));
    let words = pairs
        .iter()
        .enumerate()
        .map(|(at, pair)| index.scores(&pair.texts[0])[at]);
    lines.push(Line::new("BM25", figures(pairs, words)));
    Ok(lines)
}

pub(super) async fn tasks(data: &Data, inference: &Inference, vectors: &mut Vectors) -> Result<Vec<Task>, EvalError> {
    let (sts, sick) = (sts(data)?, sick(data)?);
    let mut of_sts = lines(&sts, inference, vectors).await?;
    of_sts.push(Line::published("all-MiniLM-L6-v2 (MTEB)", &[("Spearman", 0.8203)]));
    let mut of_sick = lines(&sick, inference, vectors).await?;
    of_sick.push(Line::published(
        "all-MiniLM-L6-v2 (MTEB), all 9,927 pairs",
        &[("Spearman", 0.7758)],
    ));
    Ok(vec![
        reported(
            format!("STS Benchmark, test ({} pairs of sentences)", sts.len()),
            of_sts,
        ),
        reported(
            format!("SICK relatedness, train and trial ({} pairs of sentences)", sick.len()),
            of_sick,
        ),
    ])
}
