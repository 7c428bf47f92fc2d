//! Lines that ask for nothing in particular: `While experience is preferred;`, `training is provided`, headings.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::Deserialize;

mod addressed;
mod lead_in;
mod of_firm;
mod permitted;

use self::addressed::is_addressed;
use super::super::english::SectionKind;
use super::super::occupations::names_occupation;
use super::super::phrase::{Phrases, contains_any, words};
use super::super::sections;

/// The lists of `non_requirements.toml`, which says what each is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vocabulary {
    filler: FxHashSet<String>,
    provided: Phrases,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| toml::from_str(include_str!("non_requirements.toml")).expect("non_requirements.toml is valid"));

/// The number of words of a line that says only what is provided.
const MOST_PROVIDED: usize = 14;

/// Words after which something follows.
const OPEN: [&str; 6] = ["a", "an", "but", "of", "the", "which"];

/// Words that begin a clause beside another.
const BESIDE: [&str; 5] = ["although", "because", "though", "while", "whilst"];

/// Whether a text asks for nothing that an applicant may have or lack.
pub(super) fn asks_nothing(text: &str) -> bool {
    let low = words(text);
    let all: Vec<&str> = low.split_whitespace().collect();
    let (Some(first), Some(last)) = (all.first(), all.last()) else {
        return true;
    };
    let number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let says = all
        .iter()
        .any(|word| !number(word) && !VOCABULARY.filler.contains(*word));
    let must = contains_any(&low, &["must", "you need", "required", "own"]);
    let provided = all.len() <= MOST_PROVIDED && !must && VOCABULARY.provided.are_in(&low);
    // `While experience is preferred;` lacks its clause.
    let half = BESIDE.contains(first) && !text.trim_end_matches([',', ';', ' ']).contains([',', ';']);
    !says
        || provided
        || half
        || is_open(text, last)
        || is_heading(text)
        || is_told(&all)
        || is_addressed(text, &low)
        || permitted::is_permitted(text, &low)
        || lead_in::is_lead_in(text, &low)
        || of_firm::is_of_firm(text, &low)
}

/// What those who apply are told: what they get, whom they report to, what the firm is like.
const TOLD: [&str; 3] = ["benefit", "enjoy", "receive"];
/// Verbs of a firm that asks for something.
const ASKS: [&str; 13] = [
    "ask", "asking", "consider", "expect", "look", "looking", "need", "prefer", "require", "seek", "seeking", "want",
    "would",
];
/// The number of words before the verb of one who seeks staff.
const MOST_BEFORE: usize = 5;
/// The number of words of a line about the hours of work.
const MOST_HOURS: usize = 5;
/// Nouns for the job itself.
const JOBS: [&str; 6] = ["job", "opportunity", "position", "post", "role", "vacancy"];

/// Whether a sentence, given as its words, tells of the job or the firm.
fn is_told(all: &[&str]) -> bool {
    let word = |at: usize| all.get(at).copied().unwrap_or_default();
    let skipped = |at: usize| {
        if matches!(word(at), "also" | "then") {
            at + 1
        } else {
            at
        }
    };
    // `You will report concerns to the nurse` is a task.
    let told = |at: usize| {
        TOLD.contains(&word(at)) || word(at) == "report" && matches!(word(at + 1), "to" | "into" | "directly")
    };
    match word(0) {
        "our" if is_of_firm(all) => true,
        "our" if matches!(word(1), "minimum" | "requirement" | "requirements") => false,
        "we" | "our" => !all.iter().take(4).any(|word| ASKS.contains(word)) && !all.contains(&"you"),
        "you" if word(1) == "will" => told(skipped(2)),
        "you'll" => told(skipped(1)),
        "this" | "the" if JOBS.contains(&word(1)) => match word(2) {
            "is" => !matches!(word(3), "responsible" | "accountable" | "to"),
            "offers" | "pays" | "reports" => true,
            "will" => matches!(word(3), "be" | "report"),
            _ => false,
        },
        // `Success looks like happy guests`
        "success" => all
            .iter()
            .take(MOST_SUBJECT)
            .any(|word| matches!(*word, "is" | "looks" | "means")),
        // What follows in `reporting to the manager, you will lead a team` is asked for.
        "reporting" | "reports" => word(1) == "to" && !all.iter().any(|word| word.starts_with("you")),
        // `Heavy fab shop needs welders`, `Steady 50 hrs`.
        _ => {
            let seeks = all
                .iter()
                .take(MOST_BEFORE)
                .position(|word| matches!(*word, "needs" | "seeks" | "hiring" | "wanted"));
            let someone = seeks.is_some_and(|at| at > 0 && names_occupation(&all[at..].join(" ")));
            let hours = all.len() <= MOST_HOURS && all.iter().any(|word| matches!(*word, "hrs" | "hours"));
            let week = all
                .iter()
                .any(|word| matches!(*word, "experience" | "notice" | "within"));
            someone && all.len() <= MOST_PROVIDED
                || hours && !week && all.iter().any(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
        }
    }
}

/// Verbs of what a firm has or is.
const HAS: [&str; 9] = ["are", "brings", "gives", "has", "have", "helps", "is", "lets", "makes"];
/// The number of words up to such a verb.
const MOST_SUBJECT: usize = 6;
/// Those a firm looks for.
const SOUGHT: [&str; 13] = [
    "applicant",
    "applicants",
    "candidate",
    "candidates",
    "colleague",
    "hire",
    "ideal",
    "minimum",
    "new",
    "person",
    "requirement",
    "requirements",
    "successful",
];
/// Words of a clause that asks for something, wherever they are.
const DEMANDS: [&str; 6] = ["must", "required", "requires", "should", "will", "you'll"];

/// Whether a sentence, which begins with `our`, says what the firm has: `Our binder for nurses has all you need`.
fn is_of_firm(all: &[&str]) -> bool {
    let verb = all.iter().take(MOST_SUBJECT).position(|word| HAS.contains(word));
    verb.is_some_and(|verb| {
        let rest = all.get(verb..verb + 3).unwrap_or(&all[verb..]);
        !all[..verb].iter().any(|word| SOUGHT.contains(word))
            && !rest.iter().any(|word| ASKS.contains(word))
            && !all.iter().any(|word| DEMANDS.contains(word))
    })
}

/// Whether a text lacks its end: `Ability to work with the`.
fn is_open(text: &str, last: &str) -> bool {
    OPEN.contains(&last)
        && text.trim_end().ends_with(char::is_alphabetic)
        && !text.trim_end().ends_with(char::is_uppercase)
}

/// Whether a text is the heading of a section. One of a word, such as `Languages`, may be an item of a list.
fn is_heading(text: &str) -> bool {
    let bare = text.trim();
    let written = !bare.ends_with(['.', ';', ',']) && bare.starts_with(char::is_uppercase) && bare.contains(' ');
    let asks = |kind| {
        matches!(
            kind,
            SectionKind::Requirements | SectionKind::NiceToHave | SectionKind::Responsibilities | SectionKind::Aside
        )
    };
    written && sections::heading(bare).is_some_and(|heading| heading.rest.is_none() && asks(heading.kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_nothing_asks_for_nothing() {
        for text in [
            "While experience is preferred;",
            "training is provided",
            "Full training will be provided.",
            "Although previous experience is desirable",
            "Experience preferred",
            "Qualifications required:",
            "Uniform provided",
            "Staff meals are included",
            "Ability to work with the",
            "Previous experience in a similar role",
            "What you will do",
            "or 2.",
            "Education and/or experience equivalent to \"1\" above.",
            "You will also receive a comprehensive benefits package!",
            "We have a very competitive pay structure",
            "This position is eligible for hybrid work",
            "Reporting to the shift manager",
            "Heavy fab shop needs welders for day shift",
            "Steady 50 hrs.",
            "Our binder for RN/LVNs has every protocol you need.",
            "Our kitchen is where you learn from the best",
            "Success looks like guests who come back every week",
            "Success in this role means a clean line",
            "",
        ] {
            assert!(asks_nothing(text), "{text}");
        }
        for text in [
            "3 years of experience required",
            "Experience of payroll preferred",
            "While experience with SAP is preferred, Oracle will do",
            "Provide training to new starters",
            "Must have own tools; uniform is provided",
            "Able to work with the elderly",
            "Proficient in C",
            "Hygiene certificate",
            "Welding",
            "We need two chefs with a food hygiene certificate",
            "You will get the best out of a team of ten",
            "The role is responsible for payroll",
            "Reporting incidents to the site manager",
            "Reporting to the shift manager, you will lead a team of twenty",
            "You will report any concern to the nurse in charge",
            "You will join pipes by brazing",
            "Our ideal candidate has a licence that you need for lorries",
            "Our team is looking for someone you can trust with knives",
            "Our kitchen is busy and you must hold a food hygiene certificate",
            "Our lab is small, so you will run PCR yourself",
            "Our requirement is 5 years of CNC machining",
            "Success in sales of software",
        ] {
            assert!(!asks_nothing(text), "{text}");
        }
    }

    /// Whatever is asked for: words about how much it is wanted change nothing.
    #[test]
    fn what_is_wanted_is_kept_however_it_is_put() {
        for thing in [
            "SQL",
            "wound care",
            "a forklift licence",
            "Year 6 teaching",
            "stock control",
        ] {
            for line in [
                "{} is required",
                "experience of {} preferred",
                "{} would be an advantage",
                "you must have {}",
            ] {
                let line = line.replace("{}", thing);
                assert!(!asks_nothing(&line), "{line}");
            }
        }
    }
}
