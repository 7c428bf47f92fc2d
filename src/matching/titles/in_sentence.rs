//! Work that is told in a sentence: `Worked as office manager in Tesco from 2015 to 2019.`, `I was a bar manager until 2016`.

use std::ops::Range;

use super::super::date;
use super::super::occupations::{self, Naming};
use super::{TITLE_WORDS, VOCABULARY};

/// The words before `as` among which that for working is.
const WORDS_BEFORE: usize = 12;

/// The title in a line that tells in a sentence what the person worked as.
pub(in crate::matching) fn title(line: &str) -> Option<Range<usize>> {
    let words = words(line);
    let low: Vec<String> = words
        .iter()
        .map(|word| bare(&line[word.clone()]).to_lowercase())
        .collect();
    (1..words.len())
        .filter(|&at| opens(&low, at))
        .find_map(|at| title_from(line, &words, at))
}

/// Whether a title is told from this word on: behind `worked as`, `I was` or `my job was`.
fn opens(low: &[String], at: usize) -> bool {
    let vocabulary = &*VOCABULARY;
    let before = low[at - 1].as_str();
    let about_another = || {
        low[..at]
            .iter()
            .any(|word| matches!(word.as_str(), "who" | "which" | "that"))
    };
    match before {
        "as" => {
            let from = at.saturating_sub(WORDS_BEFORE);
            let works = low[from..at - 1].iter().any(|word| vocabulary.working.contains(word));
            let compares = at > 1 && vocabulary.before_comparison.contains(&low[at - 2]) || low[at] == "well";
            works && !compares && !about_another()
        }
        "was" | "am" | "been" | "im" | "i'm" | "i\u{2019}m" => {
            let subject = at > 1 && vocabulary.subjects.contains(&low[at - 2]);
            (subject || before.starts_with('i')) && !about_another()
        }
        _ => false,
    }
}

/// The words from `at` up to the next that is not part of a title, if they name an occupation.
fn title_from(line: &str, words: &[Range<usize>], at: usize) -> Option<Range<usize>> {
    let written = |at: usize| &line[words[at].clone()];
    let article = |at: usize| matches!(written(at), "a" | "an" | "the" | "their" | "its" | "our");
    let from = at + usize::from(article(at));
    let mut until = from;
    while until < words.len() && until - from < TITLE_WORDS {
        let word = written(until);
        let ends = !word.starts_with(|c: char| c.is_alphabetic())
            || VOCABULARY.behind_title.contains(&bare(word).to_lowercase())
            || until > from && date::is_date_word(bare(word));
        if ends {
            break;
        }
        until += 1;
        if word.ends_with([',', ';', '.', ':', ')']) {
            break;
        }
    }
    let last = until.checked_sub(1).filter(|last| *last >= from)?;
    let end = words[last].start + written(last).trim_end_matches(|c: char| !c.is_alphanumeric()).len();
    let title = words[from].start..end.max(words[from].start);
    (occupations::naming(&line[title.clone()]) == Some(Naming::Is)).then_some(title)
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// The words of a line between white space.
fn words(line: &str) -> Vec<Range<usize>> {
    let start = |word: &str| word.as_ptr() as usize - line.as_ptr() as usize;
    line.split_whitespace()
        .map(|word| start(word)..start(word) + word.len())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_told_behind_words_for_working() {
        for (line, want) in [
            ("Working as Office Manager in Tesco since March 2015.", "Office Manager"),
            (
                "Currently working with Tesco as Office Manager since Mar 2015 to till date.",
                "Office Manager",
            ),
            (
                "Worked as Office Manager in Tesco, Leeds from March 2015 to May 2019.",
                "Office Manager",
            ),
            ("Employed by Oak Ltd as office manager, 2015-2019.", "office manager"),
            ("Served as a Team Leader for Oak Ltd from 2015 to 2019.", "Team Leader"),
            (
                "1) Worked with Oak as an Electrician from Mar 2015 to May 2018.",
                "Electrician",
            ),
            ("My last job was office manager at Oak (2015-2019).", "office manager"),
            ("I was a bar manager until 2016", "bar manager"),
            ("ive been teaching assistant since 2015", "teaching assistant"),
            ("I have been working as an Office Manager since 2015", "Office Manager"),
        ] {
            assert_eq!(title(line).map(|found| &line[found]), Some(want), "{line}");
        }
    }

    #[test]
    fn comparisons_and_other_persons_tell_no_title() {
        for line in [
            "Worked with suppliers such as bakers from 2015 to 2019",
            "Worked as well as managers of other branches, 2015 - 2019",
            "Trained a colleague who worked as office manager from 2015 to 2019",
            "Worked as part of the night shift from 2015 to 2019",
            "Used steel as reinforcement in 2016",
            "Office Manager, Oak Ltd, 2015 - 2019",
            "The budget was 2 million in 2016",
            "",
        ] {
            assert_eq!(title(line), None, "{line}");
        }
    }
}
