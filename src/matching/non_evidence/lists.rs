//! Lists that a clause begins and the clauses behind it go on with: `No experience with Kubernetes, Terraform or AWS`.

use super::vocabulary::VOCABULARY;

/// The most words of an item of a list.
const MOST_OF_ITEM: usize = 7;

/// The form of the verb with which a clause begins. Clauses that tell of further work begin in the same form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Past,
    Participle,
    /// A base form, or that of the third person.
    Base,
    /// A wish or a denial, which covers whatever follows.
    Other,
}

impl Form {
    /// The form of a clause. `wish` is set if it only wishes for what it mentions, or denies it.
    pub(super) fn of(words: &[String], wish: bool) -> Self {
        let first = words
            .iter()
            .find(|word| !matches!(word.as_str(), "i" | "also" | "and" | "have" | "has"));
        match first.map(String::as_str) {
            _ if wish => Self::Other,
            Some(word) if is_past(word) => Self::Past,
            Some(word) if word.ends_with("ing") => Self::Participle,
            _ => Self::Base,
        }
    }

    /// Whether a clause is an item of the list that a clause of this form begins, and tells of no other work.
    pub(super) fn has_item(self, words: &[String]) -> bool {
        let mut said = words
            .iter()
            .map(String::as_str)
            .skip_while(|word| matches!(*word, "and" | "or" | "nor" | "also"));
        let Some(first) = said.next() else {
            return false;
        };
        let own = match self {
            Self::Past => is_past(first),
            Self::Participle => first.ends_with("ing"),
            Self::Base => VOCABULARY.lists.base.contains(first.strip_suffix('s').unwrap_or(first)),
            Self::Other => is_past(first) || first.parse::<u32>().is_ok(),
        };
        let other = VOCABULARY.lists.subjects.contains(first) || is_adverb(first);
        words.len() <= MOST_OF_ITEM && !own && !other
    }
}

/// Whether a list ends with a clause that has these words: `and management accounts`, `Terraform or AWS`.
pub(super) fn ends_list(words: &[String], denied: bool) -> bool {
    words.iter().any(|word| match word.as_str() {
        "or" | "nor" => true,
        // `No degree, courses in welding and drawing`
        "and" | "&" => !denied,
        _ => false,
    })
}

fn is_past(word: &str) -> bool {
    word.len() > 3 && word.ends_with("ed") || VOCABULARY.lists.past.contains(word)
}

fn is_adverb(word: &str) -> bool {
    word.len() > 4 && word.ends_with("ly")
}
