//! Requirements that ask for a licence or certificate. A similar sentence does not show one: the resume has to name it.

mod class;

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use self::class::Class;
use super::alternatives;
use super::credentials::{self, Credential};
use super::regions::is_region;
use super::words::{self, Word};

/// The lists of `licence.toml`, which says what each is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vocabulary {
    proofs: FxHashSet<String>,
    about: FxHashSet<String>,
    opposites: Vec<[String; 2]>,
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
        let mut places = self.groups.iter().map(|group| {
            let mut held = all
                .clone()
                .filter(|one| group.iter().any(|wanted| credentials::shows(one.name, wanted)));
            held.next().map(|one| one.bytes.clone())
        });
        let first = places.next()??;
        places.all(|place| place.is_some()).then_some(first)
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
        let held = asked.held(&credentials::own(told, &told_words).iter()).is_some();
        let of_others = credentials::of_others(told, &told_words);
        let counts = |at: usize| !of_others.iter().any(|place| place.contains(&at));
        Some(held || asked.is_named(&told_words, false, counts))
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
            ("no DR, DD or IN endorsements", "Endorsed by Dr. Reinhart DDS", None),
            ("No more than 6 points on your licence", "Clean licence", None),
        ] {
            assert_eq!(shows(asked, told), want, "{asked} / {told}");
        }
    }

    #[test]
    fn a_state_tells_no_licence_from_another() {
        for (asked, told, want) in [
            ("Active Ohio RDH license", "Ohio driver license", false),
            ("Active Ohio RDH license", "Ohio dental radiographer certificate", false),
            (
                "Active Ohio RDH license",
                "Registered Dental Hygienist, State of Ohio",
                true,
            ),
            ("Active Ohio RDH license", "Ohio-licensed dental hygienist", true),
            ("Texas RN license", "Texas LVN license", false),
            (
                "Texas RN license",
                "Registered Nurse, Arkansas multistate license",
                true,
            ),
            (
                "California teaching credential",
                "California real estate license",
                false,
            ),
            ("Ontario PSW certificate", "Ontario liquor licence", false),
            ("Ontario PSW certificate", "PSW certificate, Toronto", true),
            ("Ohio embalmer license", "Ohio auctioneer license", false),
            ("Ohio embalmer license", "Embalmer license in Utah", true),
        ] {
            assert_eq!(shows(asked, told), Some(want), "{asked} / {told}");
        }
    }

    #[test]
    fn the_licence_of_another_is_none_of_the_person() {
        for (asked, told) in [
            ("Texas RN license", "Care for residents under the supervision of the RN"),
            ("Texas RN license", "Report changes to the RN on duty"),
            ("CPA required", "Worked with the CPA on the year end"),
            ("PE license", "Reported to the PE on all drawings"),
            ("LCSW license", "Supervised by an LCSW"),
            ("Gas Safe registered", "Booked jobs for the Gas Safe engineers"),
            ("Full licence with C+E", "Currently taking my C+E training"),
            ("BLS and ACLS required", "Basic Life Support"),
        ] {
            assert_eq!(shows(asked, told), Some(false), "{asked} / {told}");
        }
    }

    #[test]
    fn classes_and_limits_have_to_agree() {
        for (asked, told, want) in [
            ("Class 1 licence", "Class 2 licence", false),
            ("Class 2 licence", "Class 1 licence since 2015", true),
            (
                "Unrestricted Queensland Electrical Work Licence",
                "Restricted Queensland electrical work licence",
                false,
            ),
            (
                "Unrestricted Queensland Electrical Work Licence",
                "Qld electrical mechanic licence, open class",
                true,
            ),
            (
                "Unrestricted Queensland Electrical Work Licence",
                "Licensed Queensland electrician, nine years",
                true,
            ),
            (
                "Manual C class driver's licence",
                "Automatic driver's licence (C class, A condition)",
                false,
            ),
            ("Manual C class driver's licence", "Car licence (manual)", true),
            ("Manual C class driver's licence", "Full driving licence", true),
            ("Driver's licence", "Automatic driver's licence", true),
            (
                "Class 4 boiler operator certificate",
                "Class 3 boiler operator certificate",
                false,
            ),
            (
                "Class 4 boiler operator certificate",
                "Boiler operator certificate, class 4",
                true,
            ),
            (
                "Level 2 beekeeping certificate",
                "Beekeeping certificate, level 3",
                true,
            ),
            (
                "Level 3 beekeeping certificate",
                "Level 2 beekeeping certificate",
                false,
            ),
            ("Unrestricted asbestos licence", "Restricted asbestos licence", false),
            (
                "BLS certification",
                "American Heart Association Healthcare Provider card, exp. 08/2027",
                true,
            ),
            ("Valid Driver CPC", "CPC card good to Sept 2029", true),
            ("CPCS card", "CPC card good to Sept 2029", false),
            ("Digital tachograph card", "Digi card to 2028", true),
        ] {
            assert_eq!(shows(asked, told), Some(want), "{asked} / {told}");
        }
    }

    #[test]
    fn schooling_in_its_subject_is_no_licence() {
        let text = "Valid refrigeration and air conditioning licence";
        let asked = Licence::asked(text, &words(text)).unwrap();
        let named = |told: &str, schooling| asked.is_named(&words(told), schooling, |_| true);
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
