//! A name on two lines at the head, of which the upper has one word: `JOHN` above `SMITH`.

use super::super::super::occupations;
use super::super::fold::fold;
use super::super::layout::{Line, Zone, is_document_title};
use super::super::name::{NameWord, Words, is_given, is_plain};
use super::super::tables::{TABLES, names_job};
use super::candidate::{Candidate, candidates};
use super::handles::Handles;

/// Maximum number of words of the lower line.
const LOWER_WORDS: usize = 3;
/// Lines between which nothing stands.
const BREAK: usize = 2;

/// The name on the first two lines with words, or on the first and third around an initial.
pub(super) fn stacked<'t>(masked: &'t str, layout: &[Line<'_>], handles: &Handles) -> Option<Candidate<'t>> {
    let text = |line: &Line<'_>| &masked[line.start..line.start + line.text.len()];
    let is_before =
        |line: &Line<'_>| is_document_title(line.text) || line.heading || !text(line).contains(char::is_alphabetic);
    let at = layout.iter().position(|line| !is_before(line))?;
    let mut lines = vec![whole(masked, layout, at)?];
    if lines[0].words.len() != 1 || lines[0].words[0].is_initial() || !is_plain(&Words(lines[0].words.clone())) {
        return None;
    }
    let mut below = at + 1;
    if let Some(initial) = follows(layout, below).then(|| whole(masked, layout, below)).flatten()
        && initial.words.iter().all(NameWord::is_initial)
    {
        lines.push(initial);
        below += 1;
    }
    let lower = follows(layout, below).then(|| whole(masked, layout, below)).flatten()?;
    let lower_words = lower.words.clone();
    lines.push(lower);
    let spelled = handles.spells(&lower_words) > 0;
    let third = || {
        follows(layout, below + 1)
            .then(|| whole(masked, layout, below + 1))
            .flatten()
    };
    let fits = lower_words.len() <= LOWER_WORDS
        && !is_place(&lower_words)
        && (spelled || !is_work_elsewhere(masked, &lower_words))
        && (spelled || is_given_name(&lines[0].words[0]) || !is_list(masked, &lines, third().as_ref()));
    let mut joined = lines.remove(0);
    for line in lines {
        joined.words.extend(line.words);
        joined.bytes.extend(line.bytes);
    }
    (fits && is_plain(&Words(joined.words.clone()))).then_some(joined)
}

/// The words that are the whole of a line.
fn whole<'t>(masked: &'t str, layout: &[Line<'_>], at: usize) -> Option<Candidate<'t>> {
    let line = layout.get(at).filter(|line| line.zone == Zone::Head && !line.heading)?;
    let text = &masked[line.start..line.start + line.text.len()];
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric() || *c == '\u{1}').count();
    let one = candidates(at, line.start, text).into_iter().next()?;
    let own: usize = one.words.iter().map(|word| letters(word.text)).sum();
    (own == letters(text)).then_some(one)
}

/// Whether a line is below the one before, without an empty line between.
fn follows(layout: &[Line<'_>], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| layout.get(before));
    layout
        .get(at)
        .zip(before)
        .is_some_and(|(line, before)| line.start <= before.start + before.text.len() + BREAK)
}

fn is_given_name(word: &NameWord<'_>) -> bool {
    word.folded.split('-').any(is_given)
}

fn is_place(words: &[NameWord<'_>]) -> bool {
    let joined: Vec<&str> = words.iter().map(|word| word.folded.as_str()).collect();
    TABLES.places.contains(&joined.join(" "))
}

/// Whether words are a title or a skill, or name a trade that the text names elsewhere: `Grace` above `Baker`.
fn is_work_elsewhere(masked: &str, words: &[NameWord<'_>]) -> bool {
    let joined: Vec<&str> = words.iter().map(|word| word.text).collect();
    let joined = joined.join(" ");
    let job = words.iter().any(|word| names_job(&word.folded));
    let elsewhere = || {
        let others = masked.split(|c: char| !c.is_alphabetic()).map(fold);
        others
            .filter(|other| words.iter().any(|word| word.folded == *other))
            .count()
            > words.len()
    };
    job && elsewhere() || !job && occupations::names_occupation(&joined)
}

/// Whether two unknown words are rather two items of a list: they are skills, the text has one in lower case, or a third line
/// has the same form.
fn is_list(masked: &str, lines: &[Candidate<'_>], third: Option<&Candidate<'_>>) -> bool {
    let words = || {
        lines
            .iter()
            .flat_map(|line| &line.words)
            .filter(|word| !word.is_particle())
    };
    let capitals = |word: &NameWord<'_>| !word.text.contains(char::is_lowercase);
    let lower: Vec<String> = words().map(|word| word.text.to_lowercase()).collect();
    let is_lower = |word: &str| lower.iter().any(|own| own == word);
    let skill =
        |word: &NameWord<'_>| TABLES.skill_names.contains(&word.folded) || occupations::names_occupation(word.text);
    let first = &lines[0].words[0];
    words().any(skill)
        || words().any(|word| capitals(word) != capitals(first))
        || masked.split(|c: char| !c.is_alphabetic()).any(is_lower)
        || third.is_some_and(|third| {
            is_plain(&Words(third.words.clone())) && third.words.iter().all(|word| capitals(word) == capitals(first))
        })
}
