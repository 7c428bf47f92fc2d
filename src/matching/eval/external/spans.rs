//! Soft skills marked in sentences (Sayfullina et al. 2018), and the levels of qualifications (Tabiya).

use std::ops::Range;

use serde::Deserialize;

use super::super::EvalError;
use super::super::data::Data;
use super::super::figures::Figure;
use super::super::marked::MarkedSentence;
use super::super::table::{Line, Task};
use super::reported;
use crate::matching::skill_phrases::{self, Line as PhraseLine};
use crate::matching::words::{self, Word};
use crate::matching::{Lexicon, degrees, traits};

pub(super) fn tasks(data: &Data, lexicon: &Lexicon) -> Result<Vec<Task>, EvalError> {
    Ok(vec![soft_skills(data, lexicon)?, levels(data)?])
}

/// The most words of a trait that is looked for in a sentence.
const MOST_WORDS: usize = 4;

fn soft_skills(data: &Data, lexicon: &Lexicon) -> Result<Task, EvalError> {
    let marked = data.marked("spans/sayfullina-dev.jsonl.zst")?;
    let skills = |_: &str, words: &[Word]| -> Vec<Range<usize>> {
        let mentions = lexicon.mentions(words, false).into_iter();
        mentions.map(|mention| mention.bytes).collect()
    };
    let phrases = |text: &str, words: &[Word]| -> Vec<Range<usize>> {
        let labels = lexicon.every_mention(words, false);
        let line = PhraseLine::new(text, words, &labels);
        let phrases = skill_phrases::phrases(&lexicon.phrases, &line, false);
        let names = skill_phrases::merge(&line, lexicon.mentions(words, false), phrases);
        let bytes = |range: Range<usize>| words[range.start].bytes.start..words[range.end - 1].bytes.end;
        names.into_iter().map(|name| bytes(name.words)).collect()
    };
    let with_traits = |text: &str, words: &[Word]| {
        let mut found = phrases(text, words);
        let apart = |one: &Range<usize>| !found.iter().any(|other| one.start < other.end && other.start < one.end);
        let traits: Vec<_> = traits_in(text, words).into_iter().filter(apart).collect();
        found.extend(traits);
        found
    };
    let every = |_: &str, words: &[Word]| -> Vec<Range<usize>> {
        let mentions = lexicon.every_mention(words, false).into_iter();
        mentions.map(|mention| mention.bytes).collect()
    };
    let lines = vec![
        Line::new("ours, skills and traits", overlap(&marked, with_traits)),
        Line::new("ours, skills", overlap(&marked, phrases)),
        Line::new("ours, list of skills alone", overlap(&marked, skills)),
        Line::new("every mention of the list", overlap(&marked, every)),
    ];
    let name = format!(
        "Sayfullina, dev: soft skills marked in {} sentences, by overlap",
        marked.len()
    );
    Ok(reported(name, lines))
}

/// The traits that a sentence names, the longest first.
fn traits_in(text: &str, words: &[Word]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let spans = (1..=MOST_WORDS.min(words.len() - at)).rev();
        let mut spans = spans.map(|count| (count, words[at].bytes.start..words[at + count - 1].bytes.end));
        match spans.find(|(_, bytes)| traits::is_trait(&text[bytes.clone()])) {
            Some((count, bytes)) => {
                found.push(bytes);
                at += count;
            }
            None => at += 1,
        }
    }
    found
}

/// F1, precision and recall of spans that overlap; a sentence has one marked span or none, which one found span can hit.
fn overlap(
    marked: &[MarkedSentence],
    find: impl Fn(&str, &[Word]) -> Vec<Range<usize>>,
) -> Vec<(&'static str, Figure)> {
    let counts: Vec<[f64; 3]> = (marked.iter())
        .map(|one| {
            let gold = (one.skills.first())
                .zip(one.skills.last())
                .map(|(first, last)| first.start..last.end);
            let found = find(&one.text, &words::words(&one.text));
            let hit = gold
                .as_ref()
                .is_some_and(|gold| found.iter().any(|span| span.start < gold.end && gold.start < span.end));
            let count = |is: bool| f64::from(u8::from(is));
            [count(hit), found.len() as f64, count(gold.is_some())]
        })
        .collect();
    let ratio = |of: &dyn Fn(&[f64; 3]) -> (f64, f64)| {
        let values = counts.iter().map(of).enumerate();
        Figure::ratio(&values.map(|(at, (right, all))| (at, right, all)).collect::<Vec<_>>())
    };
    vec![
        ("F1", ratio(&|[hit, found, gold]| (2.0 * hit, found + gold))),
        ("precision", ratio(&|[hit, found, _]| (*hit, *found))),
        ("recall", ratio(&|[hit, _, gold]| (*hit, *gold))),
    ]
}

#[derive(Deserialize)]
struct Qualification {
    qualification: String,
    eqf: String,
}

/// The levels of our degrees that fit one of the European framework. It has one ladder for school and vocational education.
fn fitting(eqf: &str) -> &'static [u8] {
    match eqf {
        "EQF1" | "EQF2" => &[1],
        "EQF3" | "EQF4" => &[1, 2],
        "EQF5" => &[2],
        "EQF6" => &[3],
        "EQF7" => &[4],
        "EQF8" => &[5],
        _ => &[],
    }
}

fn levels(data: &Data) -> Result<Task, EvalError> {
    let rows: Vec<Qualification> = data.rows("spans/qualifications-eqf.csv")?;
    let figures = |read: &dyn Fn(&str) -> Option<u8>| {
        let (mut right, mut precise, mut silent) = (Vec::new(), Vec::new(), Vec::new());
        for (at, row) in rows.iter().enumerate() {
            let (level, wanted) = (read(&row.qualification), fitting(&row.eqf));
            let fits = f64::from(u8::from(level.is_some_and(|level| wanted.contains(&level))));
            if wanted.is_empty() {
                silent.push((at, f64::from(u8::from(level.is_none()))));
            } else {
                right.push((at, fits));
                precise.extend(level.map(|_| (at, fits)));
            }
        }
        vec![
            ("right", Figure::of(&right)),
            ("right of those read", Figure::of(&precise)),
            ("none where the level is unknown", Figure::of(&silent)),
        ]
    };
    let ours = |text: &str| degrees::find(text, true).iter().map(|degree| degree.level).max();
    let lines = vec![
        Line::new("ours", figures(&ours)),
        Line::new("always a bachelor's degree", figures(&|_| Some(3))),
    ];
    let known = rows.iter().filter(|row| !fitting(&row.eqf).is_empty()).count();
    let name = format!(
        "Tabiya: level of {known} qualifications, and {} without one",
        rows.len() - known
    );
    Ok(reported(name, lines))
}
