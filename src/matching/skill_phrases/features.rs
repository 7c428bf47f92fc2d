//! The features of the words of a line.

use super::super::words::{self, Case, Gap};
use super::line::Line;
use super::vocabulary::VOCABULARY;

/// The hash of a feature.
pub(in crate::matching) type Feature = u32;

#[expect(clippy::cast_possible_truncation, reason = "half of a hash is a hash")]
fn feature(kind: u64, value: u64) -> Feature {
    words::chain(kind + 1, value) as u32
}

/// The feature of every word.
pub(super) fn always() -> Feature {
    feature(0, 0)
}

fn text(value: &str) -> u64 {
    words::hash(value.as_bytes())
}

/// The case and the kind of signs of a word.
fn shape(line: &Line<'_>, at: usize) -> u64 {
    let word = &line.words[at];
    let case = match word.case {
        Case::Lower => 0,
        Case::Capital => 1,
        Case::Upper => 2,
    };
    let lower = line.lower[at].as_str();
    let digit = u64::from(lower.contains(|c: char| c.is_ascii_digit()));
    let sign = u64::from(lower.contains(|c: char| !c.is_alphanumeric() && c != '\''));
    let lengths = match lower.len() {
        0..=1 => 0,
        2..=3 => 1,
        4..=7 => 2,
        _ => 3,
    };
    case + 3 * (digit + 2 * (sign + 2 * (u64::from(at == 0) + 2 * lengths)))
}

/// The last `count` bytes of a word, if they are characters.
fn suffix(word: &str, count: usize) -> &str {
    word.len()
        .checked_sub(count)
        .and_then(|at| word.get(at..))
        .unwrap_or(word)
}

/// The features of every word of a line.
pub(in crate::matching) fn features(line: &Line<'_>) -> Vec<Vec<Feature>> {
    let count = line.words.len();
    // Whether a label of the lexicon begins or continues at each word.
    let mut label = vec![0_u64; count];
    for mention in line.labels {
        for at in mention.words.clone() {
            label[at] = 1 + u64::from(at > mention.words.start) + 2 * u64::from(mention.everyday);
            label[at] += if mention.words.len() > 1 { 4 } else { 0 };
        }
    }
    let stem = |at: Option<usize>| at.and_then(|at| line.words.get(at)).map_or(0, |word| word.stem);
    let lower = |at: Option<usize>| at.and_then(|at| line.lower.get(at)).map_or("", String::as_str);
    let gaps: Vec<u64> = (0..=count)
        .map(|at| match line.words.get(at) {
            None => 9,
            Some(_) => match line.separator(at) {
                None if at == 0 => 8,
                None => 0,
                Some(',') => 1,
                Some('(' | ')' | '[' | ']') => 2,
                Some('/' | '&') => 3,
                Some('-' | '\u{2010}' | '\u{2011}') => 4,
                Some(':') => 5,
                Some('.' | ';' | '\u{2022}') => 6,
                Some(_) => 7,
            },
        })
        .collect();
    let shapes: Vec<u64> = (0..count).map(|at| shape(line, at)).collect();
    let length = (count.min(24) / 4) as u64;
    let mut cue = 0;
    (0..count)
        .map(|at| {
            let (one, two) = (at.checked_sub(1), at.checked_sub(2));
            let (next, second) = (Some(at + 1), Some(at + 2));
            let here = lower(Some(at));
            let subject = line.words[at].subject;
            if line.words[at].gap == Gap::Break {
                cue = words::chain(cue, 1);
            }
            let mut all = vec![
                always(),
                feature(1, line.words[at].stem),
                feature(2, text(here)),
                feature(3, stem(one)),
                feature(4, text(lower(two))),
                feature(5, stem(next)),
                feature(6, text(lower(second))),
                feature(7, words::chain(stem(one), line.words[at].stem)),
                feature(8, words::chain(line.words[at].stem, stem(next))),
                feature(9, words::chain(text(lower(two)), text(lower(one)))),
                feature(10, text(suffix(here, 3))),
                feature(11, text(suffix(here, 2))),
                feature(12, text(suffix(here, 4))),
                feature(13, text(suffix(lower(one), 3))),
                feature(14, text(suffix(lower(next), 3))),
                feature(15, shapes[at]),
                feature(16, one.map_or(99, |one| shapes[one])),
                feature(17, shapes.get(at + 1).copied().unwrap_or(99)),
                feature(18, gaps[at] * 16 + gaps[at + 1]),
                feature(19, label[at]),
                feature(20, label[at] * 16 + one.map_or(15, |one| label[one])),
                feature(21, label[at] * 16 + label.get(at + 1).copied().unwrap_or(15)),
                feature(22, (at.min(3) as u64) * 8 + length),
                feature(23, cue),
                feature(24, words::chain(cue, u64::from(subject))),
                feature(25, words::chain(text(lower(one)), text(suffix(here, 3)))),
                feature(26, words::chain(text(suffix(here, 3)), text(suffix(lower(next), 3)))),
                feature(27, gaps[at] * 2 + u64::from(subject)),
            ];
            if at + 1 == count {
                all.push(feature(28, 0));
            }
            // The last two function words and the kind of what follows them: "experience with".
            if !subject || VOCABULARY.cues.contains(here) {
                cue = words::chain(line.words[at].stem, 0);
            }
            all
        })
        .collect()
}
