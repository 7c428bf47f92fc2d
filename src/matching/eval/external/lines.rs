//! The kinds of lines of postings of five sources, by the field they were in. The lines of a posting follow each other without
//! headings, because the fields had none.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Deserialize;

use super::super::EvalError;
use super::super::data::Data;
use super::super::figures::Figure;
use super::super::table::{Line, Task};
use super::reported;
use crate::matching::{Lexicon, LineKind, posting, redact, words};

#[derive(Deserialize)]
struct Row {
    source: String,
    posting: String,
    label: String,
    text: String,
}

/// The kinds that fit a label; a requirement may be any of three.
fn fitting(label: &str) -> &'static [LineKind] {
    match label {
        "duty" => &[LineKind::Duty],
        "must" => &[LineKind::MustHave],
        "nice" => &[LineKind::NiceToHave],
        "requirement" => &[LineKind::MustHave, LineKind::NiceToHave, LineKind::Duty],
        "benefit" | "pay" | "hours" | "condition" => &[LineKind::Terms],
        "company" => &[LineKind::Employer],
        "apply" | "process" => &[LineKind::Application],
        "legal" => &[LineKind::Legal],
        _ => &[LineKind::Heading],
    }
}

/// The kind with the most bytes in each line of a posting.
fn kinds(lexicon: &Lexicon, rows: &[Row]) -> Vec<LineKind> {
    let mut text = String::new();
    let spans: Vec<_> = (rows.iter())
        .map(|row| {
            let start = text.len();
            text.push_str(&row.text);
            text.push('\n');
            start..text.len()
        })
        .collect();
    let clean = redact::job(&text);
    let read = posting::read(&lexicon.lines, &text, &clean, &words::words(&clean));
    let kind = |span: &std::ops::Range<usize>| {
        let mut shares: BTreeMap<usize, (usize, LineKind)> = BTreeMap::new();
        for line in &read {
            let (start, end) = (line.bytes.start.max(span.start), line.bytes.end.min(span.end));
            if start < end {
                shares.entry(line.kind as usize).or_insert((0, line.kind)).0 += end - start;
            }
        }
        let most = shares.values().max_by_key(|(bytes, _)| *bytes);
        most.map_or(LineKind::Other, |(_, kind)| *kind)
    };
    spans.iter().map(kind).collect()
}

fn figures(postings: &[Vec<Row>], kinds: &[Vec<LineKind>]) -> Vec<(&'static str, Figure)> {
    let (mut right, mut asks) = (Vec::new(), Vec::new());
    for (at, (rows, kinds)) in postings.iter().zip(kinds).enumerate() {
        for (row, kind) in rows.iter().zip(kinds) {
            let fits = f64::from(u8::from(fitting(&row.label).contains(kind)));
            right.push((at, fits));
            let either = |kind: &LineKind| matches!(kind, LineKind::MustHave | LineKind::NiceToHave);
            if either(kind) && matches!(&*row.label, "must" | "nice") {
                asks.push((at, fits));
            }
        }
    }
    let mut figures = vec![("accuracy", Figure::of(&right))];
    if !asks.is_empty() {
        figures.push(("must against nice", Figure::of(&asks)));
    }
    figures
}

pub(super) fn tasks(data: &Data, lexicon: &Lexicon) -> Result<Vec<Task>, EvalError> {
    let mut sources: BTreeMap<String, BTreeMap<String, Vec<Row>>> = BTreeMap::new();
    for row in data.rows::<Row>("postings/lines.csv.zst")? {
        let postings = sources.entry(row.source.clone()).or_default();
        postings.entry(row.posting.clone()).or_default().push(row);
    }
    let task = |(source, postings): (String, BTreeMap<String, Vec<Row>>)| {
        let postings: Vec<Vec<Row>> = postings.into_values().collect();
        let ours: Vec<Vec<LineKind>> = postings.par_iter().map(|rows| kinds(lexicon, rows)).collect();
        let same = |kind: LineKind| postings.iter().map(|rows| vec![kind; rows.len()]).collect::<Vec<_>>();
        let lines = vec![
            Line::new("ours", figures(&postings, &ours)),
            Line::new("every line a duty", figures(&postings, &same(LineKind::Duty))),
            Line::new("every line a must-have", figures(&postings, &same(LineKind::MustHave))),
        ];
        let count: usize = postings.iter().map(Vec::len).sum();
        let seen = if source == "nyc" {
            ", of which some were trained on"
        } else {
            ""
        };
        let name = format!("kinds of lines of postings without headings, {source} ({count} lines{seen})");
        reported(name, lines)
    };
    Ok(sources.into_iter().map(task).collect())
}
