//! Licences that are not held yet: `studying towards ACCA`, `ACCA finalist`, `PMP (planned 2027)`, `3 papers left`.

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::super::date;
use super::super::dated;
use super::super::words::{Gap, Word};

/// The lists of `pending.toml`, which says what each is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vocabulary {
    before: Vec<String>,
    between: FxHashSet<String>,
    after: Vec<String>,
    parts: FxHashSet<String>,
    counted: FxHashSet<String>,
    whole: FxHashSet<String>,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| toml::from_str(include_str!("pending.toml")).expect("pending.toml is valid"));

/// The number of words between a phrase and the name.
const MOST_BETWEEN: usize = 3;
/// The number of words behind the name that may tell of its parts.
const MOST_BEHIND: usize = 6;

/// Whether the words around this mention say that the person does not have it yet. `steps` is set if it consists of
/// several examinations.
pub(super) fn is_pending(text: &str, words: &[Word], mention: &Range<usize>, steps: bool) -> bool {
    let read = Surroundings { text, words };
    read.is_begun(mention.start) || read.is_ahead(mention.end) || steps && read.is_in_part(mention.end)
}

struct Surroundings<'a> {
    text: &'a str,
    words: &'a [Word],
}

impl Surroundings<'_> {
    fn low(&self, at: usize) -> String {
        let word = self.words.get(at);
        word.map_or_else(String::new, |word| self.text[word.bytes.clone()].to_lowercase())
    }

    /// Whether another clause begins at a word.
    fn is_apart(&self, at: usize) -> bool {
        self.words.get(at).is_none_or(|word| word.gap == Gap::Break)
    }

    /// Whether a sentence or line ends before a word.
    fn is_ended(&self, at: usize) -> bool {
        let from = at.checked_sub(1).map_or(0, |last| self.words[last].bytes.end);
        let until = self.words.get(at).map_or(self.text.len(), |word| word.bytes.start);
        let between = self.text.get(from..until).unwrap_or_default();
        self.words.get(at).is_none()
            || between.contains(['\n', ';'])
            || between.contains(". ") && !between.contains('(')
    }

    /// The word after a phrase that begins at a word.
    fn phrase(&self, at: usize, phrase: &str) -> Option<usize> {
        let mut next = at;
        for part in phrase.split(' ') {
            if self.low(next) != part || next > at && self.is_apart(next) {
                return None;
            }
            next += 1;
        }
        Some(next)
    }

    /// Whether a phrase before the name says that it is only learned for.
    fn is_begun(&self, mention: usize) -> bool {
        let mut at = mention;
        for _ in 0..=MOST_BETWEEN {
            if at == 0 || self.is_apart(at) {
                return false;
            }
            let ends = |phrase: &String| {
                let from = at.checked_sub(phrase.split(' ').count());
                from.is_some_and(|from| self.phrase(from, phrase) == Some(at))
            };
            if VOCABULARY.before.iter().any(ends) {
                return true;
            }
            at -= 1;
            if !VOCABULARY.between.contains(&self.low(at)) {
                return false;
            }
        }
        false
    }

    /// Whether a phrase behind the name says that it is still to come.
    fn is_ahead(&self, mention: usize) -> bool {
        let mut set_off = false;
        for at in mention..=mention + MOST_BETWEEN {
            if self.is_ended(at) {
                return false;
            }
            set_off |= self.is_apart(at);
            let mut phrases = VOCABULARY.after.iter().filter_map(|phrase| self.phrase(at, phrase));
            if phrases.any(|next| self.ends(next, set_off)) {
                return true;
            }
            if !VOCABULARY.between.contains(&self.low(at)) {
                return false;
            }
        }
        false
    }

    /// Whether what is said of the name ends before a word: `ACCA student, London`, but not `ACCA student advisor`.
    fn ends(&self, next: usize, set_off: bool) -> bool {
        let low = self.low(next);
        let goes_on = !set_off && matches!(&*low, "and" | "at" | "from" | "since" | "until" | "with");
        // `planned 2027`, but not `RN, scheduled 40 nurses`
        let digits = low.bytes().all(|byte| byte.is_ascii_digit());
        let time = if digits {
            dated::is_year(&low)
        } else {
            date::is_date_word(&low)
        };
        self.is_apart(next) || goes_on || time
    }

    /// Whether the words behind the name tell of some of its parts: `ACCA (F1-F9 passed)`, `CPA - 3 of 4 sections passed`.
    fn is_in_part(&self, mention: usize) -> bool {
        let mut behind = Vec::new();
        for at in mention..mention + MOST_BEHIND {
            if self.is_ended(at) {
                break;
            }
            behind.push(self.low(at));
        }
        let code = |low: &str| {
            let letters = low.trim_end_matches(|c: char| c.is_ascii_digit());
            letters.len() < low.len() && (1..=2).contains(&letters.len()) && letters.chars().all(char::is_alphabetic)
        };
        let number = |low: &String| low.starts_with(|c: char| c.is_ascii_digit());
        let named = behind.iter().any(|low| VOCABULARY.parts.contains(low)) && behind.iter().any(number);
        let told = behind.iter().any(|low| VOCABULARY.counted.contains(low));
        let whole = behind.iter().any(|low| VOCABULARY.whole.contains(low));
        let shares = self.words.get(mention + 1).is_some_and(|word| {
            let between = self.text.get(self.words[mention].bytes.end..word.bytes.start);
            between == Some("/") && number(&behind[0])
        });
        !whole && (named && (told || shares) || told && behind.iter().any(|low| code(low)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::words::words;
    use super::super::own;

    fn held(text: &str) -> Vec<&'static str> {
        let mut names: Vec<_> = own(text, &words(text)).into_iter().map(|one| one.name).collect();
        names.dedup();
        names
    }

    /// Whatever is learned for.
    #[test]
    fn what_is_learned_for_is_not_held() {
        for name in ["PMP", "ACCA", "CISSP", "First aid certificate"] {
            for text in [
                format!("Studying towards {name}"),
                format!("Preparing for the {name} exam"),
                format!("Currently pursuing my {name}"),
                format!("{name} candidate"),
                format!("{name} candidate (exam in May)"),
                format!("{name} aspirant"),
                format!("{name} (planned 2027)"),
                format!("{name} prep course, Udemy"),
                format!("{name} exam failed"),
                format!("{name}, in view"),
                format!("{name}: in process"),
                format!("{name} finalist"),
                format!("{name} part-qualified"),
                format!("Part qualified {name}"),
                format!("{name} student since 2024"),
                format!("{name} - in progress"),
            ] {
                assert!(held(&text).is_empty(), "{text}");
            }
            for text in [
                format!("{name}, 2019"),
                format!("Passed the {name} exam"),
                format!("{name}. Student nurse before that"),
                format!("{name}, student mentor"),
                format!("{name} in 2015; preparing for a move"),
                format!("{name}\nStudying Spanish"),
            ] {
                assert_eq!(held(&text).len(), 1, "{text}");
            }
        }
        assert_eq!(held("RN, scheduled 40 nurses"), ["Registered nurse (RN)"]);
        assert_eq!(held("CNA studying for RN"), ["Certified nursing assistant (CNA)"]);
    }

    #[test]
    fn parts_of_a_qualification_are_not_all_of_it() {
        for text in [
            "ACCA (F1-F9 passed)",
            "ACCA - 9 papers passed",
            "ACCA: 3 papers left",
            "ACCA finalist (12/13 papers)",
            "ACCA, 12/13 papers",
            "CIMA (8 exams completed)",
        ] {
            assert!(held(text).is_empty(), "{text}");
        }
        for text in [
            "ACCA, all papers passed first time",
            "ACCA 2019, wrote 3 papers on tax",
            "ACCA (2019), A4 forms",
            "FCCA",
        ] {
            assert!(!held(text).is_empty(), "{text}");
        }
    }
}
