//! Requirements that ask for a licence or certificate. A similar sentence does not show one: the resume has to name it.

mod beside;
mod class;

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use self::class::Class;
use super::alternatives;
use super::credentials::{self, Credential, Kind};
use super::regions::is_region;
use super::words::{self, Word};

/// The lists of `licence.toml`, which says what each is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vocabulary {
    proofs: FxHashSet<String>,
    about: FxHashSet<String>,
    opposites: Vec<[String; 2]>,
    papers: FxHashSet<String>,
    documents: FxHashSet<String>,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| toml::from_str(include_str!("licence.toml")).expect("licence.toml is valid"));

static PROOF_STEMS: LazyLock<Vec<u64>> =
    LazyLock::new(|| VOCABULARY.proofs.iter().flat_map(|proof| words::stems(proof)).collect());

/// The number of words beside the name and those above, from which a line asks for something else as well.
const MOST_OTHER: usize = 5;

/// What a requirement accepts as a licence or certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Licence {
    /// Groups of known names, of which one of each suffices.
    pub(super) groups: Vec<Vec<Kind>>,
    /// The stems of other papers that the line asks for as well, by words that name no known one.
    pub(super) beside: Vec<Vec<u64>>,
    /// The stems of the words that tell it from others. Names of states do not.
    pub(super) stems: Vec<u64>,
    /// Those of codes and initials.
    pub(super) codes: Vec<u64>,
    /// Whether all of the words are needed, because the line has a known name.
    pub(super) whole: bool,
    /// The classes and levels that have to agree.
    pub(super) classes: Vec<Class>,
    /// The stems of words that make another licence of it: `restricted` where the line says `unrestricted`.
    pub(super) refused: Vec<u64>,
    /// Whether the line asks for nothing else.
    pub(super) only: bool,
}

impl Licence {
    /// What a line asks for, if it is about nothing else or names it for certain.
    pub(super) fn asked(text: &str, line: &[Word]) -> Option<Self> {
        let known = credentials::credentials(text, line);
        let low = |word: &Word| text[word.bytes.clone()].to_lowercase();
        let is_code = |word: &Word| {
            let written = &text[word.bytes.clone()];
            word.acronym && written.contains(|c: char| c.is_ascii_digit()) && written.contains(char::is_alphabetic)
        };
        if known.is_empty() && (!line.iter().any(|word| among(&VOCABULARY.proofs, &low(word))) || lacks(text, line)) {
            return None;
        }
        let classes = class::of(text, line);
        let of_class = |at: usize| classes.iter().any(|class| class.words.contains(&at));
        let named = |word: &Word| known.iter().any(|one| one.bytes.contains(&word.bytes.start));
        let telling = line.iter().enumerate().filter(|(at, word)| {
            let low = low(word);
            let says = !among(&VOCABULARY.proofs, &low) && !among(&VOCABULARY.about, &low);
            word.subject && says && !is_region(text, line, *at) && !of_class(*at)
        });
        let telling: Vec<&Word> = telling.map(|(_, word)| word).collect();
        let other = telling.iter().filter(|word| !named(word) && !is_code(word)).count();
        let stems: Vec<u64> = telling.iter().map(|word| word.stem).collect();
        let only = other <= MOST_OTHER;
        // `A degree in accounting or CPA`: something else will do.
        let needed = only || !known.is_empty() && !line.iter().any(|word| low(word) == "or");
        let nothing = stems.is_empty() && known.is_empty() && classes.is_empty();
        (needed && !nothing).then(|| Self {
            groups: groups(text, line, &known),
            beside: beside::papers(text, line, &known),
            codes: telling
                .iter()
                .filter(|word| word.acronym && word.bytes.len() > 1)
                .map(|word| word.stem)
                .collect(),
            whole: !known.is_empty(),
            refused: refused(text, line),
            classes,
            stems,
            only,
        })
    }

    /// Whether each group has one of these credentials; returns the place of the first.
    pub(super) fn held<'c>(&self, all: &(impl Iterator<Item = &'c Credential> + Clone)) -> Option<Range<usize>> {
        self.found(all, credentials::shows)
    }

    /// As [`Self::held`], if the text does not tell which class or level of a credential is held.
    pub(super) fn may_be_held<'c>(&self, all: &(impl Iterator<Item = &'c Credential> + Clone)) -> Option<Range<usize>> {
        let may = |held: Kind, wanted: Kind| credentials::shows(held, wanted) || credentials::may_be(held, wanted);
        self.found(all, may)
    }

    fn found<'c>(
        &self,
        all: &(impl Iterator<Item = &'c Credential> + Clone),
        shows: impl Fn(Kind, Kind) -> bool,
    ) -> Option<Range<usize>> {
        let mut places = self.groups.iter().map(|group| {
            let mut held = all
                .clone()
                .filter(|one| group.iter().any(|wanted| shows(one.kind(), *wanted)));
            held.next().map(|one| one.bytes.clone())
        });
        let first = places.next()??;
        places.all(|place| place.is_some()).then_some(first)
    }

    /// The number of papers that are needed, if there is more than one.
    pub(super) fn papers(&self) -> usize {
        Some(self.groups.len() + self.beside.len())
            .filter(|papers| *papers > 1)
            .unwrap_or_default()
    }

    /// Whether it is one of several classes or levels, of which its name alone shows none.
    pub(super) fn is_ranked(&self) -> bool {
        let ranked = |group: &Vec<Kind>| group.iter().all(|kind| kind.is_ranked());
        self.only && (self.groups.iter().any(ranked) || !self.classes.is_empty())
    }

    /// Whether a sentence with these words may show it: it has a code such as `V300`, or most of the words, or all of them
    /// beside a known name. In one about schooling, the words alone name a subject. `counts` says which words are about
    /// the person.
    pub(super) fn is_named(&self, words: &[Word], schooling: bool, counts: impl Fn(usize) -> bool) -> bool {
        let own = || {
            words
                .iter()
                .enumerate()
                .filter(|(at, _)| counts(*at))
                .map(|(_, word)| word)
        };
        let has = |stem: &u64| own().any(|word| word.stem == *stem);
        let refused = self.refused.iter().any(has);
        if refused || !self.classes.iter().all(|class| class.agrees(words)) {
            return false;
        }
        if !self.beside.iter().flatten().all(has) {
            return false;
        }
        let found = self.stems.iter().filter(|stem| has(stem)).count();
        let proven = || !schooling || PROOF_STEMS.iter().any(has);
        if self.whole {
            return found >= LEAST_WHOLE && found == self.stems.len() && proven();
        }
        // `IT`, but not `it`.
        let coded =
            |code: &u64| own().any(|word| word.stem == *code && (word.acronym || word.bytes.len() > MOST_SMALL));
        let most = if self.stems.is_empty() {
            self.classes.iter().any(|class| class.is_told(words)) && PROOF_STEMS.iter().any(has)
        } else {
            found > 0 && 2 * found >= self.stems.len()
        };
        self.codes.iter().any(coded) || most && proven()
    }
}

/// Beside a known name, the least number of words that show it: one may be any word, such as `driver`.
const LEAST_WHOLE: usize = 2;
/// The longest everyday word that initials are taken for in small letters.
const MOST_SMALL: usize = 2;

/// Whether a word, in the singular or plural, is on a list.
fn among(list: &FxHashSet<String>, low: &str) -> bool {
    list.contains(low) || low.strip_suffix('s').is_some_and(|one| list.contains(one))
}

/// Whether a line asks that something is not there: `no endorsements`, `No more than six points on your licence`.
fn lacks(text: &str, line: &[Word]) -> bool {
    let first = line.first().map(|word| text[word.bytes.clone()].to_lowercase());
    matches!(first.as_deref(), Some("no" | "without"))
}

/// The stems of words that contradict those of a line.
fn refused(text: &str, line: &[Word]) -> Vec<u64> {
    let has = |wanted: &str| {
        line.iter()
            .any(|word| text[word.bytes.clone()].eq_ignore_ascii_case(wanted))
    };
    let pairs = VOCABULARY.opposites.iter();
    pairs
        .filter(|[wanted, other]| has(wanted) && !has(other))
        .flat_map(|[_, other]| words::stems(other))
        .collect()
}

/// The known names of a line, those joined by `or` together.
fn groups(text: &str, line: &[Word], known: &[Credential]) -> Vec<Vec<Kind>> {
    let Some(start) = line.first().map(|word| word.bytes.start) else {
        return Vec::new();
    };
    let places: Vec<Range<usize>> = known
        .iter()
        .map(|one| one.bytes.start - start..one.bytes.end - start)
        .collect();
    let groups = alternatives::groups(&text[start..], &places).into_iter();
    groups
        .map(|group| group.into_iter().map(|at| known[at].kind()).collect())
        .collect()
}

#[cfg(test)]
mod tests;
