//! Licences and certificates named in a text.

mod bearer;
mod driving;
mod expiry;
mod kinds;
mod level;
mod meaning;
mod pending;
mod spelling;
mod table;

use std::collections::HashMap;
use std::ops::Range;

use serde::Serialize;

use self::spelling::Line;
use self::table::TABLE;
use super::month::Month;
use super::span::TextSpan;
use super::words::{self, Gap, Word};

/// A licence or certificate that the posting or the resume names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CredentialMatch {
    /// The name, the same for every way of writing it.
    pub name: String,
    /// The first mention in the posting; `None` if it names it nowhere.
    pub job_span: Option<TextSpan>,
    /// The first mention in the resume of it, or of one that shows it; `None` if there is none.
    pub resume_span: Option<TextSpan>,
}

/// A licence or certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Credential {
    /// The name that is reported, the same for every way of writing it.
    pub(super) name: &'static str,
    /// The level beside the name; `None` if the text tells none.
    pub(super) level: Option<u8>,
    pub(super) bytes: Range<usize>,
}

impl Credential {
    pub(super) fn kind(&self) -> Kind {
        Kind {
            name: self.name,
            level: self.level,
        }
    }
}

/// What a credential is told from others by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// `None` if the text tells none.
    pub(super) level: Option<u8>,
}

impl Kind {
    /// The name that is reported.
    fn label(self) -> String {
        match self.level {
            Some(level) => format!("{}, level {level}", self.name),
            None => self.name.to_owned(),
        }
    }

    /// Whether it is one of several classes or levels, of which its name alone shows none.
    pub(super) fn is_ranked(self) -> bool {
        self.level.is_some() || TABLE.implies.contains_key(self.name) || TABLE.kind_of.contains_key(self.name)
    }
}

/// The licences and certificates that a text names, each once, in the order of their first mention.
pub(super) fn credentials(text: &str, words: &[Word]) -> Vec<Credential> {
    once(mentions(text, words, false).into_iter().map(|(_, one)| one))
}

/// The names that are reported of those that a text names.
pub(super) fn labels(text: &str) -> impl Iterator<Item = String> {
    let found = credentials(text, &words::words(text)).into_iter();
    found.map(|one| one.kind().label())
}

/// The mentions of those that are the person's own: not `under the supervision of the RN`.
pub(super) fn own(text: &str, words: &[Word]) -> Vec<Credential> {
    let found = mentions(text, words, true).into_iter();
    found
        .filter(|(place, one)| !is_not_held(text, words, place, one.name))
        .map(|(_, one)| one)
        .collect()
}

/// The words that name the licence of another person, or one that the person does not have yet.
pub(super) fn of_others(text: &str, words: &[Word]) -> Vec<Range<usize>> {
    let found = mentions(text, words, true).into_iter();
    found
        .filter(|(place, one)| is_not_held(text, words, place, one.name))
        .map(|(place, _)| place)
        .collect()
}

fn is_not_held(text: &str, words: &[Word], place: &Range<usize>, name: &str) -> bool {
    bearer::is_anothers(text, words, place, name) || pending::is_pending(text, words, place, TABLE.steps.contains(name))
}

/// The words that name a licence that is not valid any more. The lines are those of the text, in order, each with whether
/// it tells of a job.
pub(super) fn expired(text: &str, words: &[Word], lines: &[(Range<usize>, bool)], today: Month) -> Vec<Range<usize>> {
    let found = mentions(text, words, true);
    let over = found.iter().enumerate().filter(|(at, (place, one))| {
        let line = lines.partition_point(|(bytes, _)| bytes.end <= one.bytes.start);
        let next = found.get(at + 1).map_or(words.len(), |(next, _)| next.start);
        let said = expiry::Said {
            text,
            words,
            behind: place.end..next.max(place.end),
            of_person: bearer::is_person(text, words, place, one.name),
            renewed: TABLE.renewed.contains(one.name) && lines.get(line).is_none_or(|(_, in_job)| !in_job),
        };
        said.is_expired(today)
    });
    over.map(|(_, (place, _))| place.clone()).collect()
}

/// The first mention of each.
pub(super) fn once(mentions: impl Iterator<Item = Credential>) -> Vec<Credential> {
    let mut found: Vec<Credential> = Vec::new();
    for one in mentions {
        if !found.iter().any(|known| known.kind() == one.kind()) {
            found.push(one);
        }
    }
    found
}

/// Every mention, with the range of its words. In a resume, where `held` is set, a record without offences tells of a
/// licence.
fn mentions(text: &str, words: &[Word], held: bool) -> Vec<(Range<usize>, Credential)> {
    let table = &*TABLE;
    let line = Line { table, text, words };
    let mut found: Vec<(Range<usize>, Credential)> = Vec::new();
    // Whether the text spells initials out as something else, which takes a look at all of it.
    let mut spelled: HashMap<&str, bool> = HashMap::new();
    let mut at = 0;
    while at < words.len() {
        let ends = table.beginning(&words[at]).map(|phrase| (phrase, line.end(at, phrase)));
        let turned = table
            .ending(&words[at])
            .map(|phrase| (phrase, line.turned_end(at, phrase)));
        let mut named = ends.chain(turned).filter_map(|(phrase, end)| Some((phrase, end?)));
        let named = named.find(|(phrase, _)| {
            phrase.exact.as_ref().is_none_or(|exact| {
                let other = || meaning::is_other(text, exact, &|run| is_phrase(run, phrase.row));
                !*spelled.entry(exact).or_insert_with(other)
            })
        });
        let Some((phrase, end)) = named else {
            at += 1;
            continue;
        };
        let place = at..end;
        let name = limited(text, words, &place, &table.names[phrase.row]);
        let name = kinds::general(text, words, &place, name);
        let bytes = words[at].bytes.start..words[end - 1].bytes.end;
        let graded = table.graded.contains(name);
        let beside = || level::read(text, words, &place).filter(|_| graded);
        let level = phrase.level.or_else(beside);
        found.push((place, Credential { name, level, bytes }));
        at = end;
    }
    // A class is that of the licence beside it: `Class A CDL`.
    let apart = |place: &Range<usize>| {
        let other = |(one, known): &(Range<usize>, Credential)| {
            is_for_cars(known.name) || one.start < place.end && place.start < one.end
        };
        !found.iter().any(other)
    };
    if let Some(place) = driving::place(text, words, held).filter(apart) {
        let bytes = words[place.start].bytes.start..words[place.end - 1].bytes.end;
        let (name, level) = (DRIVING_LICENCE, None);
        found.push((place, Credential { name, level, bytes }));
        found.sort_by_key(|(_, one)| one.bytes.start);
    }
    found
}

/// Whether a run of words is a phrase of this row.
fn is_phrase(run: &str, row: usize) -> bool {
    let words = words::words(run);
    let line = Line {
        table: &TABLE,
        text: run,
        words: &words,
    };
    let Some(first) = words.first() else {
        return false;
    };
    let mut phrases = TABLE.beginning(first);
    phrases.any(|phrase| phrase.row == row && line.end(0, phrase) == Some(words.len()))
}

/// The number of words between what limits a licence and its name: `Manual C class driver's licence`.
const MOST_BEFORE: usize = 2;

/// The name of a licence, or of the lesser one that a word beside it makes of it: `automatic licence`, `licence (manual)`.
fn limited(text: &str, words: &[Word], mention: &Range<usize>, name: &'static str) -> &'static str {
    let Some(limits) = TABLE.limits.get(name) else {
        return name;
    };
    let limit = |at: usize| {
        limits
            .get(&text[words[at].bytes.clone()].to_lowercase())
            .map(String::as_str)
    };
    if let Some(other) = mention.clone().find_map(limit) {
        return other;
    }
    let mut at = mention.start;
    for _ in 0..=MOST_BEFORE {
        if at == 0 || words[at].gap == Gap::Break {
            break;
        }
        at -= 1;
        if let Some(other) = limit(at) {
            return other;
        }
        // `Manual handling and driving licence`
        if !words[at].subject {
            break;
        }
    }
    // In brackets, or as the last word of the clause.
    let end = mention.end;
    let (Some(next), after) = (words.get(end), words.get(end + 1)) else {
        return name;
    };
    let between = text.get(words[end - 1].bytes.end..next.bytes.start).unwrap_or_default();
    let inside = between.contains('(') || between.trim() == "-" || next.gap == Gap::Space;
    let last =
        after.is_none_or(|after| after.gap == Gap::Break || text[after.bytes.clone()].eq_ignore_ascii_case("only"));
    limit(end).filter(|_| inside && last).unwrap_or(name)
}

/// The name under which the licence for a car is reported.
const DRIVING_LICENCE: &str = "Driving licence";

fn is_for_cars(name: &str) -> bool {
    name.starts_with(DRIVING_LICENCE)
}

/// Whether who holds one credential has another as well: the same one, one of a lower class, or one that it is taken for.
pub(super) fn shows(held: Kind, wanted: Kind) -> bool {
    if held.name == wanted.name {
        return has_level(held, wanted);
    }
    let mut taken = TABLE.taken_for.get(held.name).into_iter().flatten();
    wanted.level.is_none() && (is_within(held.name, wanted.name) || taken.any(|taken| taken == wanted.name))
}

/// Whether a level of one name is that of another or above. Where levels are steps on the way, the name alone is the whole.
fn has_level(held: Kind, wanted: Kind) -> bool {
    let steps = TABLE.steps.contains(wanted.name);
    match (held.level, wanted.level) {
        (None, _) if steps => true,
        (Some(_), None) => !steps,
        (None, None) => true,
        (None, Some(_)) => false,
        (Some(held), Some(wanted)) => held >= wanted,
    }
}

fn is_within(held: &str, wanted: &str) -> bool {
    let lower = || TABLE.implies.get(held).into_iter().flatten();
    let general = || TABLE.kind_of.get(held);
    held == wanted || lower().chain(general()).any(|lower| is_within(lower, wanted))
}

/// Whether a credential may be the wanted one, because the text does not tell which class or level of it is held.
pub(super) fn may_be(held: Kind, wanted: Kind) -> bool {
    let without = |name: &str| TABLE.kind_of.get(name).is_some_and(|general| general == held.name);
    let unknown = held.name == wanted.name && wanted.level.is_some() && held.level.is_none();
    unknown || without(wanted.name)
}

/// The credentials of a posting in its order, then the others of the resume.
pub(super) fn both(
    job: &[Credential],
    resume: &[Credential],
    job_span: impl Fn(&Range<usize>) -> TextSpan,
    resume_span: impl Fn(&Range<usize>) -> TextSpan,
) -> Vec<CredentialMatch> {
    let asked = job.iter().map(|one| CredentialMatch {
        name: one.kind().label(),
        job_span: Some(job_span(&one.bytes)),
        resume_span: None,
    });
    let mut all: Vec<CredentialMatch> = asked.collect();
    for one in resume {
        let span = Some(resume_span(&one.bytes));
        let mut known = false;
        for (wanted, found) in job.iter().zip(&mut all) {
            let same = wanted.kind() == one.kind();
            known |= same;
            if same || found.resume_span.is_none() && shows(one.kind(), wanted.kind()) {
                found.resume_span.clone_from(&span);
            }
        }
        if !known {
            all.push(CredentialMatch {
                name: one.kind().label(),
                job_span: None,
                resume_span: span,
            });
        }
    }
    all
}

#[cfg(test)]
mod tests;
