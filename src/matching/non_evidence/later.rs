//! Clauses about what is still to come, or is over: `exam booked for May`, `on my list`, `my licence ran out`.

use super::vocabulary::VOCABULARY;

/// The number of words between a participle and the time.
const MOST_BETWEEN: usize = 4;

/// Whether a clause begins with a test or a paper that is still to come: `exam scheduled for May`.
pub(super) fn is_exam_ahead(words: &[String]) -> bool {
    words.first().is_some_and(|word| VOCABULARY.later.papers.contains(word)) && is_later(words)
}

/// Whether the clause is about what is still to come or is over.
pub(super) fn is_later(words: &[String]) -> bool {
    let lists = &VOCABULARY.later;
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    let papers = |from: usize, until: usize| (from..until).any(|at| lists.papers.contains(word(at)));
    (0..words.len()).any(|at| match word(at) {
        "due" if word(at + 1) == "to" => lists.steps.contains(word(at + 2)),
        arranged if lists.arranged.contains(arranged) => {
            let paper = papers(at.saturating_sub(2), at);
            let mut after = (at + 1..=at + MOST_BETWEEN).map(word);
            // `planned for 200 guests`, `planned in March` with a person's own work.
            match arranged {
                _ if paper => true,
                "planned" => papers(0, at) && after.any(is_time),
                "expected" => after.any(|word| is_time(word) || is_year(word)),
                _ => after.any(is_time) && !is_own(words, at),
            }
        }
        "on" if matches!(word(at + 1), "my" | "the") => {
            lists.notes.contains(word(at + 2)) && (word(at + 1) == "my" || word(at + 3) == "to")
        }
        "nothing" => at.checked_sub(1).map(word).is_some_and(|verb| {
            let done = verb.len() > 4 && verb.ends_with("ed")
                || matches!(
                    verb,
                    "built" | "done" | "drawn" | "made" | "run" | "sewn" | "sold" | "taught" | "written"
                );
            done && !lists.left.contains(verb)
        }),
        "out" => matches!(at.checked_sub(1).map(word), Some("ran" | "run")) && papers(at.saturating_sub(4), at),
        // `NMC registration applied for`, `licence not issued yet`, `test to be taken next year`
        "applied" if word(at + 1) == "for" => papers(at.saturating_sub(4), at),
        "awaiting" => papers(at + 1, (at + 5).min(words.len())),
        "suspended" => papers(at.saturating_sub(3), at),
        "be" if word(at + 1) == "taken" => papers(at.saturating_sub(4), at),
        "learner" | "learner's" => matches!(word(at + 1), "licence" | "license" | "permit"),
        "provisional" => {
            let licence = |word: &str| matches!(word, "only" | "licence" | "license");
            licence(word(at + 1)) || licence(word(at + 2))
        }
        _ => false,
    })
}

/// Whether a word is a time such as a month.
fn is_time(word: &str) -> bool {
    VOCABULARY.later.times.contains(word) || word == "may"
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && word.starts_with("20") && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the clause tells what the person arranged: `scheduled 40 technicians in summer`.
fn is_own(words: &[String], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| words[before].as_str());
    before.is_none_or(|before| matches!(before, "i" | "and" | "also" | "have" | "i've" | "we"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> bool {
        let words: Vec<String> = text.to_lowercase().split_whitespace().map(str::to_owned).collect();
        is_later(&words)
    }

    /// Whatever paper, in whatever words.
    #[test]
    fn papers_to_come_or_over_are_none() {
        for paper in [
            "forklift ticket",
            "TIG welding exam",
            "personal licence",
            "aromatherapy certificate",
        ] {
            for state in [
                "booked",
                "expected in May",
                "due next spring",
                "scheduled for 14 March",
                "ran out in 2019",
                "run out",
                "pending",
                "applied for",
                "suspended",
                "to be taken next year",
            ] {
                assert!(read(&format!("{paper} {state}")), "{paper} {state}");
            }
        }
        for text in [
            "due to finish in June",
            "Dutch is on my list",
            "have sold nothing in it",
            "provisional licence",
            "provisional driving licence",
            "learner's licence",
            "awaiting the certificate",
        ] {
            assert!(read(text), "{text}");
        }
    }

    #[test]
    fn the_work_of_arranging_is_work() {
        for text in [
            "planned for parties of 200",
            "Scheduled 40 technicians in summer",
            "Booked travel for the board",
            "delivered what is expected in a busy kitchen",
            "price list to the trade",
            "wasted nothing",
            "applied for building permits",
            "hung suspended ceilings",
            "taught a learner driver",
            "stock never ran out",
            "produced reports by due date",
        ] {
            assert!(!read(text), "{text}");
        }
    }
}
