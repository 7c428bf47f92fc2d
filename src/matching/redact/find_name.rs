//! Finds the person's name: the line or part of a line that is most like one, by its form, its place, the words around
//! it, and the handles that spell it.

mod candidate;
mod handles;
mod score;
mod spaced;
mod stacked;

use std::ops::Range;

use self::candidate::{Candidate, candidates};
pub(super) use self::handles::Handles;
use self::score::score;
use self::stacked::stacked;
use super::fold::{fold, is_unspaced};
use super::layout::{Line, Zone, is_document_title, is_prose};
use super::name::{NameWord, Words, is_given, is_plain};
use super::stated::is_salutation;
use super::tables::{TABLES, names_job};

/// Lines that are searched for a name that a handle spells.
const SEARCHED_LINES: usize = 80;
/// Lines in which a name is expected.
const FIRST_LINES: usize = 6;
/// The least score of a name.
const ENOUGH: i32 = 3;

/// A name in the text.
pub(super) struct FoundName<'t> {
    /// The bytes to blank: the name with its forms of address.
    pub(super) bytes: Vec<Range<usize>>,
    pub(super) words: Vec<NameWord<'t>>,
}

pub(super) fn find<'t>(masked: &'t str, layout: &[Line<'_>], handles: &Handles) -> Option<FoundName<'t>> {
    let mut best: Option<(i32, Candidate<'t>)> = None;
    let mut first = true;
    // Whether only titles of the document came before.
    let mut leading = true;
    let mut singles: Vec<Candidate<'t>> = Vec::new();
    // Lines of one word elsewhere that a handle spells, as in a column that was read after the body.
    let mut spelled_singles: Vec<Candidate<'t>> = Vec::new();
    for (at, line) in layout.iter().enumerate().take(SEARCHED_LINES) {
        let near = line.zone != Zone::Body;
        let text = &masked[line.start..line.start + line.text.len()];
        let prose = is_prose(line.text) && !text.contains('\u{1}');
        if line.heading && !is_document_title(line.text) || prose || is_salutation(line.text) {
            continue;
        }
        if !near && handles.tokens.is_empty() {
            break;
        }
        let contact_near = text.contains('\u{1}')
            || layout
                .get(at + 1)
                .is_some_and(|next| masked[next.start..next.start + next.text.len()].contains('\u{1}'));
        let mut viable = false;
        // Behind prose or a heading that is not known, no name is expected.
        first &= at < FIRST_LINES && (!is_prose(line.text) || text.contains('\u{1}')) && !is_part_heading(line.text);
        for candidate in candidates(at, line.start, text) {
            let spelled = handles.spells(&candidate.words);
            let Some(score) = score(&candidate, spelled, first && near, contact_near) else {
                continue;
            };
            let alone = text.chars().filter(|c| c.is_alphabetic()).count()
                == candidate.words[0].text.chars().filter(|c| c.is_alphabetic()).count();
            if !near && spelled < 2 {
                if spelled == 1 && candidate.words.len() == 1 && alone {
                    spelled_singles.push(candidate);
                }
                continue;
            }
            viable = true;
            if is_label(masked, &candidate) {
                continue;
            }
            if candidate.words.len() == 1 && first && near && alone {
                singles.push(Candidate {
                    words: candidate.words.clone(),
                    bytes: candidate.bytes.clone(),
                    ..candidate
                });
            }
            let named = candidate.words.len() > 1 || spelled > 0 || leading;
            if score >= ENOUGH && named && best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, candidate));
            }
        }
        leading &= is_document_title(line.text) || line.heading || tells_job(line.text);
        // A line that is not a name leaves the place of the first line to the next.
        first &= !viable;
    }
    let joined = join_singles(&singles, handles, 0).or_else(|| join_singles(&spelled_singles, handles, 2));
    let (_, chosen) = match (best, joined) {
        (Some((score, one)), Some((other, _))) if score >= other && one.words.len() > 1 => (score, one),
        (_, Some(joined)) => joined,
        (best, None) => match stacked(masked, layout, handles) {
            Some(two) if best.as_ref().is_none_or(|(_, one)| is_part(one, &two)) => (ENOUGH, two),
            _ => best?,
        },
    };
    let mut found = FoundName {
        bytes: chosen.bytes,
        words: chosen.words,
    };
    add_other_script(masked, layout, chosen.line, &mut found);
    Some(found)
}

/// Whether a word that is no given name is set off by a colon: `Rank: Chief Officer`.
fn is_label(masked: &str, candidate: &Candidate<'_>) -> bool {
    let end = candidate.bytes.iter().map(|bytes| bytes.end).max().unwrap_or_default();
    candidate.words.len() == 1
        && !is_given(&candidate.words[0].folded)
        && masked[end..].trim_start_matches([' ', '*', '_']).starts_with(':')
}

/// Whether a name is part of a longer one.
fn is_part(one: &Candidate<'_>, whole: &Candidate<'_>) -> bool {
    one.bytes.iter().any(|own| {
        whole
            .bytes
            .iter()
            .any(|other| other.start <= own.start && own.end <= other.end)
    })
}

fn tells_job(line: &str) -> bool {
    line.split(|c: char| !c.is_alphabetic())
        .any(|word| names_job(&fold(word)))
}

/// Whether a short line has a word of headings, as `Core Qualifications` and `Skill Highlights` have.
fn is_part_heading(line: &str) -> bool {
    let mut words = line
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(fold);
    line.split_whitespace().count() <= 4
        && !is_document_title(line)
        && !line.contains(':')
        && words.any(|word| TABLES.not_names.contains(&word))
}

/// A name on two lines of one word each, of which handles spell as many words at least.
fn join_singles<'t>(singles: &[Candidate<'t>], handles: &Handles, least: usize) -> Option<(i32, Candidate<'t>)> {
    let pair = singles.windows(2).find(|pair| pair[1].line == pair[0].line + 1)?;
    let words: Vec<NameWord<'t>> = [pair[0].words.clone(), pair[1].words.clone()].concat();
    let joined = Candidate {
        line: pair[0].line,
        bytes: [pair[0].bytes.clone(), pair[1].bytes.clone()].concat(),
        addressed: false,
        credited: false,
        cut: false,
        inner: false,
        placed: false,
        words,
    };
    // A place below a name of one word is not part of it.
    if TABLES.places.contains(&pair[1].words[0].folded) {
        return None;
    }
    let spelled = handles.spells(&joined.words);
    score(&joined, spelled, true, false)
        .filter(|score| *score >= ENOUGH && spelled >= least)
        .map(|score| (score, joined))
}

/// The same name in another script on its line, as in `王小明 (Xiaoming Wang)`.
fn add_other_script<'t>(masked: &'t str, layout: &[Line<'_>], at: usize, found: &mut FoundName<'t>) {
    let line = &layout[at];
    let text = &masked[line.start..line.start + line.text.len()];
    let unspaced = |words: &[NameWord<'_>]| words.iter().any(|word| word.text.contains(is_unspaced));
    let own = unspaced(&found.words);
    for other in candidates(at, line.start, text) {
        let taken = |range: &Range<usize>| {
            found
                .bytes
                .iter()
                .any(|own| own.start < range.end && range.start < own.end)
        };
        let credential = other.words.iter().all(|word| {
            TABLES.academic.contains(&word.folded) || word.text.len() <= 5 && word.text.chars().all(char::is_uppercase)
        });
        if credential {
            continue;
        }
        if other.bytes.iter().any(taken) || unspaced(&other.words) == own || !is_plain(&Words(other.words.clone())) {
            continue;
        }
        if own || other.words.iter().all(|word| word.text.contains(is_unspaced)) {
            found.bytes.extend(other.bytes);
            found.words.extend(other.words);
        }
    }
}
