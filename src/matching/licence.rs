//! Requirements that ask for a licence or certificate. A similar sentence does not show one: the resume has to name it.

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::alternatives;
use super::credentials::{self, Credential};
use super::words::{self, Word};

/// The lists of `licence.toml`, which says what each is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vocabulary {
    proofs: FxHashSet<String>,
    about: FxHashSet<String>,
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
    pub(super) groups: Vec<Vec<&'static str>>,
    /// The stems of the words that tell it from others.
    pub(super) stems: Vec<u64>,
    /// Those of codes and initials.
    pub(super) codes: Vec<u64>,
    /// Whether the line asks for nothing else.
    pub(super) only: bool,
}

impl Licence {
    /// What a line asks for, if it is about nothing else or names it for certain.
    pub(super) fn asked(text: &str, line: &[Word]) -> Option<Self> {
        let known = credentials::credentials(text, line);
        let low = |word: &Word| text[word.bytes.clone()].to_lowercase();
        let among = |list: &FxHashSet<String>, low: &str| {
            list.contains(low) || low.strip_suffix('s').is_some_and(|one| list.contains(one))
        };
        let is_code = |word: &Word| {
            let written = &text[word.bytes.clone()];
            word.acronym && written.contains(|c: char| c.is_ascii_digit()) && written.contains(char::is_alphabetic)
        };
        if known.is_empty() && !line.iter().any(|word| among(&VOCABULARY.proofs, &low(word))) {
            return None;
        }
        let named = |word: &Word| known.iter().any(|one| one.bytes.contains(&word.bytes.start));
        let telling = line.iter().filter(|word| {
            let low = low(word);
            word.subject && !among(&VOCABULARY.proofs, &low) && !among(&VOCABULARY.about, &low)
        });
        let other = telling.clone().filter(|word| !named(word) && !is_code(word)).count();
        let stems: Vec<u64> = telling.clone().map(|word| word.stem).collect();
        let only = other <= MOST_OTHER;
        // `A degree in accounting or CPA`: something else will do.
        let needed = only || !known.is_empty() && !line.iter().any(|word| low(word) == "or");
        (needed && !(stems.is_empty() && known.is_empty())).then(|| Self {
            groups: groups(text, line, &known),
            codes: telling
                .filter(|word| word.acronym && word.bytes.len() > 1)
                .map(|word| word.stem)
                .collect(),
            stems,
            only,
        })
    }

    /// Whether each group has one of these credentials; returns the place of the first.
    pub(super) fn held<'c>(&self, all: &(impl Iterator<Item = &'c Credential> + Clone)) -> Option<Range<usize>> {
        let mut places = self.groups.iter().map(|group| {
            let mut held = all
                .clone()
                .filter(|one| group.iter().any(|wanted| credentials::shows(one.name, wanted)));
            held.next().map(|one| one.bytes.clone())
        });
        let first = places.next()??;
        places.all(|place| place.is_some()).then_some(first)
    }

    /// Whether a sentence with these words may show it: it has a code such as `V300`, or most of the words. In one about
    /// schooling, the words alone name a subject.
    pub(super) fn is_named(&self, words: &[Word], schooling: bool) -> bool {
        let has = |stem: &u64| words.iter().any(|word| word.stem == *stem);
        let found = self.stems.iter().filter(|stem| has(stem)).count();
        let proven = || !schooling || PROOF_STEMS.iter().any(has);
        self.codes.iter().any(has) || found > 0 && 2 * found >= self.stems.len() && proven()
    }
}

/// The known names of a line, those joined by `or` together.
fn groups(text: &str, line: &[Word], known: &[Credential]) -> Vec<Vec<&'static str>> {
    let Some(start) = line.first().map(|word| word.bytes.start) else {
        return Vec::new();
    };
    let places: Vec<Range<usize>> = known
        .iter()
        .map(|one| one.bytes.start - start..one.bytes.end - start)
        .collect();
    let groups = alternatives::groups(&text[start..], &places).into_iter();
    groups
        .map(|group| group.into_iter().map(|at| known[at].name).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    fn shows(asked: &str, told: &str) -> Option<bool> {
        let asked = Licence::asked(asked, &words(asked))?;
        let told_words = words(told);
        let held = asked
            .held(&credentials::credentials(told, &told_words).iter())
            .is_some();
        Some(held || asked.is_named(&told_words, false))
    }

    #[test]
    fn a_licence_has_to_be_named() {
        for (asked, told, want) in [
            ("QTS", "Qualified teacher status since 2015", Some(true)),
            ("QTS", "Taught phonics for six years", Some(false)),
            ("RN or LPN licence", "Licensed practical nurse", Some(true)),
            (
                "Non-medical prescriber (V300)",
                "Link nurse for infection control",
                Some(false),
            ),
            ("Non-medical prescriber (V300)", "V300 since 2019", Some(true)),
            (
                "Sanitation certificate",
                "County sanitation certificate, 2023",
                Some(true),
            ),
            ("Sanitation certificate", "Ran the grill on Fridays", Some(false)),
            ("Valid driver's license", "Clean driving licence", Some(true)),
            ("Valid driver's license", "Unloaded vans", Some(false)),
            ("Three years of welding pipes in a shipyard", "Welded pipes", None),
        ] {
            assert_eq!(shows(asked, told), want, "{asked} / {told}");
        }
    }

    #[test]
    fn schooling_in_its_subject_is_no_licence() {
        let text = "Valid refrigeration and air conditioning licence";
        let asked = Licence::asked(text, &words(text)).unwrap();
        let named = |told: &str, schooling| asked.is_named(&words(told), schooling);
        assert!(!named(
            "Refrigeration and air conditioning, two years at Oak College",
            true
        ));
        assert!(named("Refrigeration and air conditioning licence, Oak College", true));
        assert!(named("Refrigeration and air conditioning ticket", false));
    }

    #[test]
    fn all_names_are_needed_unless_joined_by_or() {
        let asked = |text: &str| Licence::asked(text, &words(text)).unwrap();
        let credentials = |text: &str| credentials::credentials(text, &words(text));
        assert!(asked("CPA and PMP").held(&credentials("CPA").iter()).is_none());
        assert!(asked("CPA and PMP").held(&credentials("PMP, CPA").iter()).is_some());
        // Who learns the one has learned the other.
        assert!(asked("ACLS and BLS").held(&credentials("ACLS").iter()).is_some());
        assert!(asked("ACLS and BLS").held(&credentials("BLS").iter()).is_none());
        assert!(
            asked("CPA or CFA")
                .held(&credentials("CFA charterholder").iter())
                .is_some()
        );
    }
}
