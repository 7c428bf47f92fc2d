//! How well a language is spoken, by the words beside its name.

use super::showing::is_language;
use super::words::{Case, Word};

/// The level of who knows a few words.
const LITTLE: u8 = 1;
/// The level that a posting asks for if it says nothing of it.
pub(super) const ENOUGH: u8 = 2;
/// The level of who speaks it well, which postings and resumes have many words for.
const WELL: u8 = 5;
/// The number of words on each side that may be about a language.
const REACH: usize = 6;

/// The level that a word stands for.
fn of_word(low: &str) -> Option<u8> {
    Some(match low {
        "a1" | "basic" | "basics" | "beginner" | "beginners" | "elementary" | "little" | "rudimentary" | "some" => {
            LITTLE
        }
        "a2" => 2,
        "b1" | "conversational" | "intermediate" => 3,
        "b2" => 4,
        "c1" | "c2" | "bilingual" | "fluency" | "fluent" | "fluently" | "mother" | "native" => WELL,
        _ => return None,
    })
}

/// The level of the language that a word names; `None` if the words beside it say nothing of it.
pub(super) fn level(text: &str, words: &[Word], at: usize) -> Option<u8> {
    let low = |at: usize| text[words[at].bytes.clone()].to_lowercase();
    let apart = |next: usize| {
        let between = text.get(words[next - 1].bytes.end..words[next].bytes.start);
        between.is_some_and(|between| between.contains([',', ';', '.', '|', '/', '\n', '\u{2022}']))
    };
    let other = |at: usize| matches!(low(at).as_str(), "and" | "or") || is_named(text, &words[at]);
    let least = at.saturating_sub(REACH);
    let most = words.len().min(at + 1 + REACH);
    let start = (least..at).rev().find(|&before| apart(before + 1) || other(before));
    let start = start.map_or(least, |before| before + 1);
    let end = (at + 1..most).find(|&next| apart(next) || other(next)).unwrap_or(most);
    // `Some time in English schools` is not `some English`.
    let counts = |beside: usize, level: u8| level > LITTLE || beside > at || beside + 1 == at;
    let told = (start..end).filter_map(|beside| of_word(&low(beside)).filter(|&level| counts(beside, level)));
    let at_school = || (at + 1..end).any(|one| one + 1 < end && low(one) == "high" && low(one + 1) == "school");
    told.max().or_else(|| at_school().then_some(LITTLE))
}

/// Whether a word names a language.
fn is_named(text: &str, word: &Word) -> bool {
    word.case != Case::Lower && is_language(&text[word.bytes.clone()])
}

/// The levels of the languages that a text names, by the indices of their words.
pub(super) fn levels<'a>(text: &'a str, words: &'a [Word]) -> impl Iterator<Item = (usize, u8)> + 'a {
    let named = (0..words.len()).filter(move |&at| is_named(text, &words[at]));
    named.filter_map(move |at| Some((at, level(text, words, at)?)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::matched;
    use super::super::words;
    use super::*;

    #[test]
    fn each_language_has_its_own_level() {
        for (text, want) in [
            ("German native, English B1", &[(0, 5), (2, 3)][..]),
            ("Fluent English and basic Spanish", &[(1, 5), (4, 1)]),
            ("French (two years in high school)", &[(0, 1)]),
            ("English, some Polish", &[(2, 1)]),
            ("Punjabi and Urdu at home, English at school and work", &[]),
            ("Some years of teaching English", &[]),
            ("speak English at work level (C1)", &[(1, 5)]),
            ("Spanish: A2 | Welsh: intermediate", &[(0, 2), (2, 3)]),
        ] {
            let words = words::words(text);
            assert_eq!(levels(text, &words).collect::<Vec<_>>(), want, "{text}");
        }
    }

    /// Whatever the language.
    #[test]
    fn a_language_is_shown_at_the_level_that_is_asked_for() {
        for name in ["Spanish", "Welsh", "Somali"] {
            for (asked, told, want) in [
                ("Fluent NAME", "NAME (fluent)", true),
                ("Fluent NAME", "NAME", true),
                ("Fluent NAME", "conversational NAME", false),
                ("NAME (C1)", "NAME B1", false),
                ("NAME", "NAME B1", true),
                ("NAME", "basic NAME", false),
                ("Basic NAME", "basic NAME", true),
            ] {
                let (asked, told) = (asked.replace("NAME", name), told.replace("NAME", name));
                let job =
                    format!("Assistant\n\nRequirements\n- {asked}\n- Knows how to keep bees and to bottle honey\n");
                let resume = format!(
                    "Quill Placeholder\n\nExperience\nAssistant, Oak Ltd, 2015 - 2020\n- Kept bees and bottled honey for the town.\n\n\
                     Languages\n{told}\n"
                );
                let found = matched(&resume, &job);
                let shown = found.skills.matched.iter().any(|one| one.skill.label == name);
                assert_eq!(shown, want, "{asked}: {told}");
            }
        }
    }
}
