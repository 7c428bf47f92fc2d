//! Clauses that are about the one before them: what stands in parentheses, and what `who` does.

use super::doers::names_other;
use super::vocabulary::{Bound, VOCABULARY};

/// The number of words of a note that says how something was learnt. A longer one says what was done: `a course for all
/// new drivers`.
const MOST_OF_NOTE: usize = 3;

/// The number of words between `when` and where someone is.
const MOST_BETWEEN: usize = 6;

/// Whether what stands in parentheses says that the words before were only learnt.
pub(super) fn is_note_of_course(words: &[String]) -> bool {
    let Bound { notes, whole_notes, .. } = &VOCABULARY.bound;
    words.len() <= MOST_OF_NOTE
        && (words.iter().any(|word| notes.contains(word)) || whole_notes.iter().any(|note| note.split(' ').eq(words)))
}

/// Whether a clause says what another does whom the clause before names: `support the manager, who runs the shop`. Without
/// an article after its first word, that clause names the person: `experienced manager, who has run a shop`.
pub(super) fn is_of_another(before: &[String], own: &[String]) -> bool {
    let leads = before
        .iter()
        .take(2)
        .any(|word| VOCABULARY.bound.leading.contains(word));
    let article = |word: &String| matches!(word.as_str(), "a" | "an" | "the" | "my" | "our");
    own.first().is_some_and(|word| word == "who")
        && !leads
        && before.iter().skip(1).any(article)
        && before.last().is_some_and(|last| names_other(last))
}

/// Whether a clause leaves what it mentions to another: `performance reviews stay with my manager`.
pub(super) fn is_left(words: &[String]) -> bool {
    words.windows(3).enumerate().any(|(at, three)| {
        let [verb, with, whose] = three else { return false };
        let mut behind = words[at + 3..].iter().take(2);
        VOCABULARY.bound.stays.contains(verb)
            && with == "with"
            && matches!(whose.as_str(), "my" | "our" | "the" | "head")
            && (whose == "head" || behind.any(|word| names_other(word)))
    })
}

/// Whether a clause says that the person stood in for another: `when my manager is on holiday`.
pub(super) fn stands_in(words: &[String]) -> bool {
    let Bound { before_away, away, .. } = &VOCABULARY.bound;
    (0..words.len()).filter(|&at| words[at] == "when").any(|at| {
        let behind = &words[at + 1..words.len().min(at + 1 + MOST_BETWEEN)];
        let is_away = behind
            .windows(2)
            .any(|pair| before_away.contains(&pair[0]) && away.contains(&pair[1]));
        is_away && behind.iter().any(|word| names_other(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn what_another_does_is_told() {
        for (before, own, want) in [
            ("support the manager", "who leads a team of seven", true),
            ("worked with a partner", "who signs the drawings", true),
            ("losses reported to the head office", "who handle them", true),
            ("lead a team with one manager", "who runs the floor", false),
            ("one of the two bakers", "who open the shop", false),
            ("i am the manager", "and run the floor", false),
            ("experienced operations manager", "who has run three sites", false),
            ("an experienced engineer", "who has built nine bridges", false),
        ] {
            assert_eq!(is_of_another(&words(before), &words(own)), want, "{before}, {own}");
        }
        assert!(is_left(&words("the awkward chats stay with my manager")));
        assert!(!is_left(&words("children who stay with the carer overnight")));
        assert!(stands_in(&words("send the report when my manager is on holiday")));
        assert!(stands_in(&words("open the shop when the manager is off")));
        assert!(stands_in(&words(
            "run the floor when our supervisor is on annual leave"
        )));
        assert!(!stands_in(&words("cover when the cook is off")));
        assert!(!stands_in(&words("inspect work areas when contractors leave the site")));
        assert!(!stands_in(&words("release batches when the engineer signs off")));
    }

    #[test]
    fn notes_of_courses_are_short() {
        assert!(is_note_of_course(&words("lab practice")) && is_note_of_course(&words("course")));
        assert!(!is_note_of_course(&words("two years")) && !is_note_of_course(&words("a course for all new drivers")));
        assert!(is_note_of_course(&words("training only")) && is_note_of_course(&words("college lab")));
        for text in [
            "class 1",
            "class a",
            "high school",
            "private practice",
            "safety training",
            "private practice only",
        ] {
            assert!(!is_note_of_course(&words(text)), "{text}");
        }
    }
}
