//! Lines that address the readers: greetings, questions of a form, what to bring along, and the notes of a site.

use super::super::super::phrase::contains_any;

/// The beginnings of such lines.
const BEGINNINGS: [&str; 22] = [
    "bring a copy",
    "carry",
    "cheers",
    "dear",
    "failure to do so",
    "find out how your skills",
    "good afternoon",
    "good morning",
    "greetings",
    "hello",
    "hi all",
    "hi everyone",
    "hi there",
    "how many years",
    "how much notice",
    "how you match",
    "kindly share",
    "many thanks",
    "please share",
    "pls share",
    "thanks",
    "which of the following",
];
/// Words of a greeting that goes on to say whom the firm looks for.
const SEEKS: [&str; 11] = [
    "experience",
    "hire",
    "hiring",
    "looking",
    "must",
    "need",
    "needs",
    "recruiting",
    "require",
    "required",
    "seeking",
];
/// Papers of which applicants carry copies, or their own.
const PAPERS: [&str; 7] = [
    "certificates",
    "cv",
    "documents",
    "id proof",
    "marksheets",
    "photographs",
    "resume",
];
/// What is said of the kind of contract.
const CONTRACTS: [&str; 4] = [
    "paye or self employed",
    "self employed or paye",
    "start date",
    "up to you",
];
/// The number of words of a line about it.
const MOST_WORDS: usize = 8;
/// Names of days and of parts of the day.
const DAYS: &str = "m t w f s mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday \
    sunday am pm to and from until till";

/// Whether a text, given with its words, asks its readers for nothing that they have to be able to do or to have.
pub(super) fn is_addressed(text: &str, low: &str) -> bool {
    let bare = low.trim_start();
    let begins = BEGINNINGS.iter().find(|start| {
        let after = bare.strip_prefix(**start);
        after.is_some_and(|after| after.starts_with([' ', '\'']) || after.is_empty())
    });
    let few = low.split_whitespace().count() <= MOST_WORDS;
    match begins {
        // `Carry trays of plates` is a task.
        Some(&"carry") => contains_any(low, &PAPERS) && contains_any(low, &["copies", "copy", "your"]),
        // `How many years' experience do you have?`
        Some(&("how many years" | "which of the following")) => text.trim_end().ends_with('?'),
        Some(_) => !contains_any(low, &SEEKS),
        None => few && contains_any(low, &CONTRACTS) || is_hours(text, low) || is_start(bare),
    }
}

/// Whether a text states hours and nothing else: `M-F 9:30-6`.
fn is_hours(text: &str, low: &str) -> bool {
    let time = |word: &str| {
        let word = word.trim_end_matches("am").trim_end_matches("pm");
        word.bytes().all(|byte| byte.is_ascii_digit())
    };
    // `F-16` is none.
    let told = |word: &str| word.len() > 1 && DAYS.split_whitespace().any(|day| day == word);
    (text.contains(':') || low.starts_with(" m f ") || low.split_whitespace().any(told))
        && low.contains(|c: char| c.is_ascii_digit())
        && low
            .split_whitespace()
            .all(|word| time(word) || DAYS.split_whitespace().any(|day| day == word))
}

/// The months and terms in which a job starts.
const STARTS: &str = "january february march april may june july august september october november december spring summer autumn \
    immediate immediately now asap";

/// Whether a text says when someone is needed: `Required for September`.
fn is_start(bare: &str) -> bool {
    let rest = [
        "required for",
        "required from",
        "needed for",
        "needed from",
        "wanted for",
    ]
    .iter()
    .find_map(|start| bare.strip_prefix(start));
    rest.is_some_and(|rest| {
        let mut words = rest.split_whitespace();
        words
            .next()
            .is_some_and(|word| STARTS.split_whitespace().any(|start| start == word))
            && words.all(|word| word.bytes().all(|byte| byte.is_ascii_digit()) || word == "start")
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::super::phrase::words;
    use super::*;

    #[test]
    fn what_addresses_the_readers_asks_for_nothing() {
        for text in [
            "Hi all, please share!!",
            "Greetings from Oak Consulting!!",
            "How many years' experience do you have as a keeper?",
            "Which of the following statements best describes your right to work?",
            "Find out how your skills align with the job description",
            "Carry 2 copies of updated resume & original marksheets",
            "FAILURE TO DO SO WILL RESULT IN YOUR DISQUALIFICATION.",
            "Self employed or PAYE up to you.",
            "M-F 9:30-6.",
            "Mon to Fri 9am to 5pm",
            "Required for September.",
            "Required from January 2026",
        ] {
            assert!(is_addressed(text, &words(text)), "{text}");
        }
        for text in [
            "Carry trays of plates",
            "Carry out checks and keep copies",
            "Which of the following: SQL, Python",
            "Knowledge of PAYE and VAT",
            "Required for the role: a forklift licence",
            "A level 2 or 3",
            "Year 6",
            "F-16, F-35",
            "M-365",
            "Carry documents between court and office",
            "Thanks to continued growth, we need a machinist with 3 years' experience",
            "Hi all, we're hiring a developer with 3 years of Node",
            "Dear candidates, you need a CDL",
            "Thankless tasks done well",
        ] {
            assert!(!is_addressed(text, &words(text)), "{text}");
        }
    }
}
