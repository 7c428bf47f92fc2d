//! Licences and certificates named in a text.

mod bearer;
mod driving;
mod meaning;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::regions::is_region;
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
    pub(super) bytes: Range<usize>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    credentials: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    #[serde(default)]
    phrases: Vec<String>,
    #[serde(default)]
    abbreviations: Vec<String>,
    #[serde(default)]
    implies: Vec<String>,
    #[serde(default)]
    taken_for: Vec<String>,
    #[serde(default)]
    limits: HashMap<String, String>,
}

/// A phrase after its first word, and the index of its credential.
struct Phrase {
    /// Each as [`Word::exact`] and [`Word::written`] have it.
    rest: Vec<(u64, u64)>,
    first: (u64, u64),
    /// The spelling that an abbreviation needs.
    exact: Option<String>,
    row: usize,
}

struct Table {
    names: Vec<String>,
    /// By the first word, longest first.
    phrases: HashMap<u64, Vec<Phrase>>,
    /// Those of a lower class, by name.
    implies: HashMap<String, Vec<String>>,
    /// By name, those that it is taken for if the text says no more of it.
    taken_for: HashMap<String, Vec<String>>,
    /// By name, the words that make it another one, with its name.
    limits: HashMap<String, HashMap<String, String>>,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("credentials.toml")).expect("credentials.toml is valid");
    Table::new(file)
});

impl Table {
    fn new(file: File) -> Self {
        let mut table = Self {
            names: Vec::new(),
            phrases: HashMap::new(),
            implies: HashMap::new(),
            taken_for: HashMap::new(),
            limits: HashMap::new(),
        };
        for (row, entry) in file.credentials.into_iter().enumerate() {
            let phrases = entry.phrases.into_iter().map(|name| (name, false));
            for (name, exact) in phrases.chain(entry.abbreviations.into_iter().map(|name| (name, true))) {
                let mut parts = words::words(&name).into_iter().map(|word| (word.exact, word.written));
                if let Some(first) = parts.next() {
                    table.phrases.entry(first.0).or_default().push(Phrase {
                        rest: parts.collect(),
                        first,
                        exact: exact.then_some(name),
                        row,
                    });
                }
            }
            if !entry.implies.is_empty() {
                table.implies.insert(entry.name.clone(), entry.implies);
            }
            if !entry.taken_for.is_empty() {
                table.taken_for.insert(entry.name.clone(), entry.taken_for);
            }
            if !entry.limits.is_empty() {
                table.limits.insert(entry.name.clone(), entry.limits);
            }
            table.names.push(entry.name);
        }
        for phrases in table.phrases.values_mut() {
            phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.rest.len()));
        }
        table
    }
}

/// The licences and certificates that a text names, each once, in the order of their first mention.
pub(super) fn credentials(text: &str, words: &[Word]) -> Vec<Credential> {
    once(mentions(text, words, false).into_iter().map(|(_, one)| one))
}

/// Those that are the person's own: not `under the supervision of the RN`.
pub(super) fn own(text: &str, words: &[Word]) -> Vec<Credential> {
    let found = mentions(text, words, true).into_iter();
    once(
        found
            .filter(|(place, one)| !bearer::is_anothers(text, words, place, one.name))
            .map(|(_, one)| one),
    )
}

/// The words that name the licence of another person.
pub(super) fn of_others(text: &str, words: &[Word]) -> Vec<Range<usize>> {
    let found = mentions(text, words, true).into_iter();
    found
        .filter(|(place, one)| bearer::is_anothers(text, words, place, one.name))
        .map(|(place, _)| place)
        .collect()
}

fn once(mentions: impl Iterator<Item = Credential>) -> Vec<Credential> {
    let mut found: Vec<Credential> = Vec::new();
    for one in mentions {
        if !found.iter().any(|known| known.name == one.name) {
            found.push(one);
        }
    }
    found
}

/// Every mention, with the range of its words. In a resume, where `held` is set, a record without offences tells of a
/// licence.
fn mentions(text: &str, words: &[Word], held: bool) -> Vec<(Range<usize>, Credential)> {
    let table = &*TABLE;
    let mut found: Vec<(Range<usize>, Credential)> = Vec::new();
    // Whether the text spells initials out as something else, which takes a look at all of it.
    let mut spelled: HashMap<&str, bool> = HashMap::new();
    let mut at = 0;
    while at < words.len() {
        let phrases = beginning(&words[at]);
        let named = phrases
            .filter_map(|phrase| Some((phrase, phrase_end(text, words, at, phrase)?)))
            .find(|(phrase, _)| {
                phrase.exact.as_ref().is_none_or(|exact| {
                    let other = || meaning::is_other(text, exact, &|run| is_phrase(run, phrase.row));
                    !*spelled.entry(exact).or_insert_with(other)
                })
            });
        let Some((phrase, end)) = named else {
            at += 1;
            continue;
        };
        let name = limited(text, words, &(at..end), &table.names[phrase.row]);
        let bytes = words[at].bytes.start..words[end - 1].bytes.end;
        found.push((at..end, Credential { name, bytes }));
        at = end;
    }
    if let Some(place) =
        driving::place(text, words, held).filter(|_| !found.iter().any(|(_, one)| is_for_cars(one.name)))
    {
        let bytes = words[place.start].bytes.start..words[place.end - 1].bytes.end;
        let name = DRIVING_LICENCE;
        found.push((place, Credential { name, bytes }));
        found.sort_by_key(|(_, one)| one.bytes.start);
    }
    found
}

/// The phrases that may begin with a word, which may be the plural of initials: `RNs`.
fn beginning(word: &Word) -> impl Iterator<Item = &'static Phrase> {
    let plural = (word.written != word.exact).then_some(word.written);
    let firsts = [Some(word.exact), plural].into_iter().flatten();
    firsts.flat_map(|first| TABLE.phrases.get(&first).into_iter().flatten())
}

/// The longest initials that stand in capitals: `CSCS`, but not `NURSES`.
const MOST_INITIALS: usize = 5;

/// The end of a phrase that begins at a word. A state may stand inside it: `licensed Queensland electrician`.
fn phrase_end(text: &str, words: &[Word], at: usize, phrase: &Phrase) -> Option<usize> {
    // CPC is not CPCS, although one looks like the plural of the other.
    let same = |word: &Word, exact: u64, written: u64| {
        let initials = word.acronym && word.bytes.len() <= MOST_INITIALS;
        (word.exact == exact || word.written == written)
            && (!initials || word.written == written || phrase.exact.is_some())
    };
    let mut next = at + 1;
    if !same(&words[at], phrase.first.0, phrase.first.1) {
        return None;
    }
    for &(exact, written) in &phrase.rest {
        while phrase.exact.is_none() && words.get(next)?.exact != exact && is_region(text, words, next) {
            next += 1;
        }
        if !same(words.get(next)?, exact, written) {
            return None;
        }
        next += 1;
    }
    if let Some(exact) = &phrase.exact {
        let written = text.get(words[at].bytes.start..words[next - 1].bytes.end)?;
        let plural = |name: &str| name.strip_suffix('s').map_or(0, str::len);
        let bare = if plural(written) > 0 && !exact.ends_with('s') {
            &written[..plural(written)]
        } else {
            written
        };
        return (bare == exact).then_some(next);
    }
    Some(next)
}

/// Whether a run of words is a phrase of this row.
fn is_phrase(run: &str, row: usize) -> bool {
    let words = words::words(run);
    let Some(first) = words.first() else {
        return false;
    };
    beginning(first).any(|phrase| phrase.row == row && phrase_end(run, &words, 0, phrase) == Some(words.len()))
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
pub(super) fn shows(held: &str, wanted: &str) -> bool {
    let mut taken = TABLE.taken_for.get(held).into_iter().flatten();
    is_within(held, wanted) || taken.any(|taken| taken == wanted)
}

fn is_within(held: &str, wanted: &str) -> bool {
    let lower = || TABLE.implies.get(held).into_iter().flatten();
    held == wanted || lower().any(|lower| is_within(lower, wanted))
}

/// The credentials of a posting in its order, then the others of the resume.
pub(super) fn both(
    job: &[Credential],
    resume: &[Credential],
    job_span: impl Fn(&Range<usize>) -> TextSpan,
    resume_span: impl Fn(&Range<usize>) -> TextSpan,
) -> Vec<CredentialMatch> {
    let mut all: Vec<CredentialMatch> = job
        .iter()
        .map(|one| CredentialMatch {
            name: one.name.to_owned(),
            job_span: Some(job_span(&one.bytes)),
            resume_span: None,
        })
        .collect();
    for one in resume {
        let span = Some(resume_span(&one.bytes));
        let asked = all.iter_mut().filter(|known| known.job_span.is_some());
        let shown = asked.filter(|known| shows(one.name, &known.name));
        let mut same = false;
        for known in shown {
            same |= known.name == one.name;
            if known.name == one.name || known.resume_span.is_none() {
                known.resume_span = span.clone();
            }
        }
        if !same && all.iter().all(|known| known.name != one.name) {
            all.push(CredentialMatch {
                name: one.name.to_owned(),
                job_span: None,
                resume_span: span,
            });
        }
    }
    all
}

#[cfg(test)]
mod tests;
