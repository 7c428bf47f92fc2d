//! Whose a licence is: `RN since 2015` is the person's own, `under the supervision of the RN` another's.

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::super::words::{Gap, Word};

/// The lists of `bearer.toml`, which says what each is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vocabulary {
    people: FxHashSet<String>,
    things: FxHashSet<String>,
    definite: FxHashSet<String>,
    own: FxHashSet<String>,
    beside: FxHashSet<String>,
    with: FxHashSet<String>,
    courses: FxHashSet<String>,
    begun: FxHashSet<String>,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| toml::from_str(include_str!("bearer.toml")).expect("bearer.toml is valid"));

/// The number of words from an article to the name: `the senior duty RN`.
const MOST_BETWEEN: usize = 3;
/// The number of words from `currently` to the course.
const MOST_BEGUN: usize = 5;

/// Whether the credential with this name, mentioned by these words, is another person's or one that is still learned for.
pub(super) fn is_anothers(text: &str, words: &[Word], mention: &Range<usize>, name: &str) -> bool {
    let read = Surroundings { text, words, mention };
    read.is_learned_for() || read.person(name).is_some_and(|many| many || read.is_governed())
}

/// Whether the credential with this name, mentioned by these words, is told as what a person is: `registered nurse`.
pub(super) fn is_person(text: &str, words: &[Word], mention: &Range<usize>, name: &str) -> bool {
    let read = Surroundings { text, words, mention };
    read.person(name).is_some()
}

/// A mention with the words around it.
struct Surroundings<'a> {
    text: &'a str,
    words: &'a [Word],
    mention: &'a Range<usize>,
}

impl Surroundings<'_> {
    fn low(&self, at: usize) -> String {
        let word = &self.text[self.words[at].bytes.clone()];
        word.to_lowercase().replace('\u{2019}', "'")
    }

    /// The word after the mention, unless another clause begins with it.
    fn next(&self) -> Option<String> {
        let at = self.mention.end;
        let word = self.words.get(at)?;
        (word.gap != Gap::Break).then(|| self.low(at))
    }

    /// Whether the mention is of a person, and of several; `None` if it is of a paper.
    fn person(&self, name: &str) -> Option<bool> {
        let many = |low: &str| {
            if VOCABULARY.people.contains(low) {
                return Some(false);
            }
            let one = low.strip_suffix('s').filter(|one| VOCABULARY.people.contains(*one));
            one.map(|_| true)
        };
        let next = self.next();
        if next.as_ref().is_some_and(|next| VOCABULARY.things.contains(next)) {
            return None;
        }
        if let Some(many) = next.as_deref().and_then(many) {
            return Some(many);
        }
        let last = self.mention.end - 1;
        let low = self.low(last);
        if let Some(many) = many(low.trim_end_matches("'s")) {
            return Some(many);
        }
        let bearer = name.split(" (").next().and_then(|name| name.rsplit(' ').next());
        let initials = self.words[last].acronym && self.mention.len() == 1;
        let called = bearer.is_some_and(|bearer| VOCABULARY.people.contains(&bearer.to_lowercase()));
        // `RNs`, but not `ACLS`.
        (initials && called).then(|| self.text[self.words[last].bytes.clone()].ends_with('s'))
    }

    /// Whether words before the mention say that it is another person: `supervised by an LCSW`, `the RN on duty`.
    fn is_governed(&self) -> bool {
        let mut at = self.mention.start;
        for _ in 0..MOST_BETWEEN {
            // A clause of its own: `I, RN, ...`.
            if at == 0 || self.words[at].gap == Gap::Break {
                return false;
            }
            at -= 1;
            let low = self.low(at);
            let before = (at > 0 && self.words[at].gap != Gap::Break).then(|| self.low(at - 1));
            let is = |list: &FxHashSet<String>| before.as_ref().is_some_and(|before| list.contains(before));
            if VOCABULARY.own.contains(&low) {
                return false;
            }
            if VOCABULARY.definite.contains(&low) {
                return !is(&VOCABULARY.own);
            }
            if matches!(low.as_str(), "a" | "an") {
                let verb = || (at > 1).then(|| self.low(at - 2));
                // `Worked with a CPA`, and not `an accountant with a CPA`
                let own = before.as_deref() == Some("with") && !verb().is_some_and(|verb| is_of_company(&verb));
                return is(&VOCABULARY.beside) || is(&VOCABULARY.with) && !own;
            }
            if VOCABULARY.beside.contains(&low) {
                return true;
            }
            if VOCABULARY.with.contains(&low) {
                return before.is_some_and(|verb| is_of_company(&verb));
            }
        }
        false
    }

    /// Whether a course for it is taken: `currently taking my C+E training`.
    fn is_learned_for(&self) -> bool {
        let course = self.next().is_some_and(|next| VOCABULARY.courses.contains(&next));
        let from = self.mention.start.saturating_sub(MOST_BEGUN);
        course && (from..self.mention.start).any(|at| VOCABULARY.begun.contains(&self.low(at)))
    }
}

/// Whether a verb says that someone else was there: `worked with`, `reported to`.
fn is_of_company(verb: &str) -> bool {
    [
        "work",
        "report",
        "liais",
        "collaborat",
        "coordinat",
        "consult",
        "assist",
        "help",
        "answer",
    ]
    .iter()
    .any(|stem| verb.starts_with(stem))
}

#[cfg(test)]
mod tests {
    use super::super::super::words::words;
    use super::super::own;

    #[test]
    fn the_licence_of_another_person_is_not_held() {
        for text in [
            "Care for residents under the supervision of the RN",
            "Report changes to the RN on duty",
            "Worked with RNs and doctors",
            "Assisted RNs with critically ill adults",
            "Worked with the CPA on the year end",
            "Filed returns for a CPA",
            "Supervised by an LCSW",
            "Booked jobs for the Gas Safe engineers",
            "Rode along with our licensed electrician",
            "Worked with registered nurses in four wards",
            "Currently taking my C+E training",
            "Under RN supervision",
        ] {
            assert!(own(text, &words(text)).is_empty(), "{text}");
        }
        for text in [
            "RN since 2015",
            "Senior accountant with a CPA and ten years in audit",
            "I am an RN",
            "As the RN on nights I ran the ward",
            "Worked as a registered nurse for six years",
            "A registered nurse with ten years in theatre",
            "Passed the CPA exam in 2014",
            "Registered with the Nursing and Midwifery Council",
            "Driver with a full driving licence",
            "Gas Safe registered engineer",
            "Licensed electrician, worked with apprentices",
            "Team of nine, RN, CCRN",
            "BSN with RN licence in Ohio",
            "C+E licence and training in first aid",
        ] {
            assert!(!own(text, &words(text)).is_empty(), "{text}");
        }
    }
}
