//! Requirements that list several tasks: `You will draft pleadings, talk to clients and manage the calendar`. Each task is
//! compared with the resume by itself; the requirement stays one.

use std::ops::Range;

use super::skill_phrases::is_verb;
use super::words::{Gap, Word};

/// The number of content words of a task.
const LEAST_WORDS: usize = 2;
/// The number of items from which a list is one of tasks even if most are named without a verb: `med reviews`.
const MANY: usize = 5;
/// The number of words before the first verb: `You will also`.
const MOST_LEAD: usize = 5;

/// The tasks of a line, given with its words; empty if it does not list several.
pub(super) fn tasks(text: &str, words: &[Word]) -> Vec<Range<usize>> {
    let gerund = |at: usize| text[words[at].bytes.clone()].to_lowercase().ends_with("ing");
    let verb = |at: usize| is_verb(&words[at]) || words[at].bytes.len() > 5 && gerund(at);
    let content = |range: Range<usize>| words[range].iter().filter(|word| word.subject).count();
    let Some(first) = (0..words.len().min(MOST_LEAD)).find(|&at| verb(at)) else {
        return Vec::new();
    };
    let mut starts = vec![0];
    let mut verbs = 1;
    for at in first + 1..words.len() {
        let between = &text[words[at - 1].bytes.end..words[at].bytes.start];
        let joins = is_joint(text, &words[at - 1]);
        let listed = words[at].gap == Gap::Break && between.contains([',', ';']) && !is_joint(text, &words[at]);
        // Not `manage the booking and billing systems`.
        let begins = listed || joins && verb(at) && gerund(at) == gerund(first);
        let last = starts[starts.len() - 1];
        let next = (at + 1..words.len())
            .find(|&next| words[next].gap == Gap::Break)
            .unwrap_or(words.len());
        if begins && content(last..at) >= LEAST_WORDS && content(at..next) >= LEAST_WORDS {
            starts.push(at);
            verbs += usize::from(verb(at));
        }
    }
    if starts.len() < 2 || starts.len() < MANY && 2 * verbs <= starts.len() {
        return Vec::new();
    }
    let ends = starts[1..].iter().copied().chain([words.len()]);
    let trimmed = |(start, end): (&usize, usize)| {
        let last = (*start..end)
            .rev()
            .find(|&at| !is_joint(text, &words[at]))
            .unwrap_or(*start);
        words[*start].bytes.start..words[last].bytes.end
    };
    starts.iter().zip(ends).map(trimmed).collect()
}

fn is_joint(text: &str, word: &Word) -> bool {
    matches!(text[word.bytes.clone()].to_lowercase().as_str(), "and" | "or")
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    fn read(line: &str) -> Vec<&str> {
        tasks(line, &words(line))
            .into_iter()
            .map(|bytes| &line[bytes])
            .collect()
    }

    #[test]
    fn lists_of_tasks_are_split() {
        for (line, want) in [
            (
                "You will draft pleadings, talk to clients, manage the calendar and prepare exhibits",
                &[
                    "You will draft pleadings",
                    "talk to clients",
                    "manage the calendar",
                    "prepare exhibits",
                ][..],
            ),
            (
                "Answering phones, scheduling in Dentrix, and verifying insurance",
                &["Answering phones", "scheduling in Dentrix", "verifying insurance"],
            ),
            (
                "Check prescriptions, counsel patients, ailment assessments, med reviews, blister packs",
                &[
                    "Check prescriptions",
                    "counsel patients",
                    "ailment assessments",
                    "med reviews",
                    "blister packs",
                ],
            ),
            ("Treat sprains, fractures and minor burns", &[]),
            ("Manage the booking and billing systems", &[]),
            ("Prepare and file tax returns", &[]),
            ("Knowledge of Python, SQL and Spark", &[]),
            ("Clean rooms", &[]),
            ("", &[]),
        ] {
            assert_eq!(read(line), want, "{line}");
        }
    }

    /// Tasks are in order, apart, and each a part of the line.
    #[test]
    fn tasks_cover_the_content_of_the_line() {
        let tasks_of = [
            "serve guests",
            "count the till",
            "train new staff",
            "order fresh fish",
            "plan the rota",
        ];
        for count in 2..=tasks_of.len() {
            for joint in [" and ", ", and ", ", ", "; "] {
                let (last, others) = tasks_of[..count].split_last().unwrap();
                let line = format!("You will {}{joint}{last}", others.join(", "));
                let found = read(&line);
                assert_eq!(found.len(), count, "{line}");
                assert!(
                    found.iter().zip(tasks_of).all(|(found, task)| found.ends_with(task)),
                    "{found:?}"
                );
            }
        }
    }
}
