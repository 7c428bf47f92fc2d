//! Clauses of a resume that do not show what they mention: `no experience with Kubernetes yet`, `hoping to learn
//! welding`, `the agency handled payroll`, `assisted with audits`.

mod bound;
mod doers;
mod later;
mod learnt;
mod lists;
mod objective;
mod vocabulary;

use std::ops::Range;
use std::sync::LazyLock;

use self::bound::{is_left, is_note_of_course, is_of_another, stands_in};
use self::doers::{is_beside, is_by_others};
use self::later::{is_exam_ahead, is_later};
use self::learnt::is_learnt;
use self::lists::{Form, ends_list};
use self::objective::is_objective;
use self::vocabulary::{Phrases, VOCABULARY};
use super::words::{self, Gap, Word};

/// The credit of work that the person assisted with.
const ASSISTED: f32 = 0.2;
/// The credit of work that the person only saw, which shows no skill.
pub(super) const WATCHED: f32 = 0.15;

/// The stems of words for help and for courses, in a requirement that asks for them.
static HELP: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let words = "assist assistant help support shadow observe train training course certificate certification \
        qualification diploma";
    words::stems(words).collect()
});

/// Whether a text with these words asks for help with the work of others, or for a course.
pub(super) fn assists(has: impl Fn(u64) -> bool) -> bool {
    HELP.iter().any(|stem| has(*stem))
}

/// A part of a sentence with the credit for what it mentions, 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Clause {
    /// The range of words.
    pub(super) words: Range<usize>,
    pub(super) credit: f32,
}

/// The clauses of a sentence whose words begin at index `first`; empty if every one has full credit.
pub(super) fn clauses(text: &str, sentence: &[Word], first: usize) -> Vec<Clause> {
    let low: Vec<String> = sentence
        .iter()
        .map(|word| {
            let low = text[word.bytes.clone()].to_lowercase();
            if low.is_ascii() {
                low
            } else {
                low.replace('\u{2019}', "'")
            }
        })
        .collect();
    if is_objective(&low) {
        let words = first..first + sentence.len();
        return vec![Clause { words, credit: 0.0 }];
    }
    let mut found = Vec::new();
    let mut start = 0;
    for at in 1..=sentence.len() {
        let ends = sentence.get(at).is_none_or(|word| {
            matches!(
                low[at].as_str(),
                "but" | "although" | "though" | "however" | "while" | "whereas"
            ) || low[at] == "and" && low.get(at + 1).is_some_and(|next| next == "i")
                || word.gap == Gap::Break && !ends_abbreviation(text, &sentence[at - 1], word)
                || is_dashed(text, &sentence[at - 1], word) && is_state(&low[at..])
        });
        if ends {
            let credit = credit(&low[start..at]);
            found.push(Clause {
                words: first + start..first + at,
                credit,
            });
            start = at;
        }
    }
    carry_on(text, sentence, &low, first, &mut found);
    for at in 1..found.len() {
        let own = |clause: &Clause| &low[clause.words.start - first..clause.words.end - first];
        let joined = own(&found[at])
            .first()
            .is_some_and(|word| VOCABULARY.joints.contains(word));
        // `Kubernetes (tutorial)`, `have heard of accessibility (WCAG 2.1)`.
        if opens(text, sentence, found[at].words.start - first) && !joined {
            let course = is_note_of_course(own(&found[at])) || is_learnt(own(&found[at]));
            if course && found[at].credit > 0.0 {
                found[at].credit = found[at].credit.min(ASSISTED).min(found[at - 1].credit);
                found[at - 1].credit = found[at - 1].credit.min(ASSISTED);
            } else if own(&found[at]).len() <= MOST_OF_STATE {
                found[at].credit = found[at].credit.min(found[at - 1].credit);
            }
        } else if is_of_another(own(&found[at - 1]), own(&found[at])) {
            found[at].credit = 0.0;
        }
        // `Registered nurse (RN) exam scheduled for May`.
        if at >= 2 && opens(text, sentence, found[at - 1].words.start - first) && is_exam_ahead(own(&found[at])) {
            found[at - 2].credit = 0.0;
            found[at - 1].credit = 0.0;
        }
        // `Food hygiene: none`, `first aid (expired 2018)`: what is said of the clause before.
        let renewed = found
            .get(at + 1)
            .is_some_and(|next| own(next).first().is_some_and(|word| word.starts_with("renew")));
        let free = own(&found[at - 1]).iter().any(|word| VOCABULARY.free_of.contains(word));
        if is_state(own(&found[at])) && !renewed && !free {
            found[at - 1].credit = 0.0;
            found[at].credit = 0.0;
        }
        // `Our site is graded, but that is the quality department's work`.
        let mut said = own(&found[at])
            .iter()
            .skip_while(|word| VOCABULARY.joints.contains(*word));
        let refers = said
            .next()
            .is_some_and(|word| matches!(word.as_str(), "that" | "that's" | "this"));
        if refers && is_by_others(own(&found[at])) {
            found[at - 1].credit = 0.0;
        }
        // `Started Spanish, not yet usable`: what was begun is not done.
        let begun = own(&found[at - 1])
            .first()
            .is_some_and(|word| VOCABULARY.begun.contains(word));
        if begun && found[at].credit <= 0.0 {
            found[at - 1].credit = 0.0;
        }
    }
    if found.iter().all(|clause| clause.credit >= 1.0) {
        return Vec::new();
    }
    if let Some(credit) = of_all(&found, &low, first) {
        found
            .iter_mut()
            .for_each(|clause| clause.credit = clause.credit.min(credit));
    }
    found
}

/// Gives the items of a list the credit of the clause that begins it: `Assisted with audits, VAT returns and accounts`.
fn carry_on(text: &str, sentence: &[Word], low: &[String], first: usize, found: &mut [Clause]) {
    let own = |clause: &Clause| &low[clause.words.start - first..clause.words.end - first];
    let mut at = 0;
    while at < found.len() {
        let lead = &found[at];
        at += 1;
        if lead.credit >= 1.0 {
            continue;
        }
        let (credit, denied) = (lead.credit, is_negated(own(lead)) || lacks(own(lead)));
        // `No notice period, full driving licence`: a bare denial is of its own clause.
        if denied && !is_negated(own(lead)) && !own(lead).iter().any(|word| VOCABULARY.lacked.contains(word)) {
            continue;
        }
        let form = Form::of(own(lead), credit <= 0.0);
        let item =
            |clause: &&Clause| follows_comma(text, sentence, clause.words.start - first) && form.has_item(own(clause));
        let items = found[at..].iter().take_while(item).count();
        let last = found[at..at + items]
            .iter()
            .rposition(|clause| ends_list(own(clause), denied));
        for item in &mut found[at..at + last.map_or(0, |last| last + 1)] {
            item.credit = item.credit.min(credit);
        }
    }
}

/// Whether nothing but a comma separates the word at this index of the sentence from the one before.
fn follows_comma(text: &str, sentence: &[Word], at: usize) -> bool {
    let between = text.get(sentence[at - 1].bytes.end..sentence[at].bytes.start);
    between.is_some_and(|between| between.trim() == ",")
}

/// Whether a parenthesis opens before the word at this index of the sentence.
fn opens(text: &str, sentence: &[Word], at: usize) -> bool {
    let [before, after] = [&sentence[at - 1], &sentence[at]];
    let between = text.get(before.bytes.end..after.bytes.start);
    between.is_some_and(|between| between.contains('('))
}

/// The number of words of a clause that says only that something is not held, or that only names what stands before it.
const MOST_OF_STATE: usize = 4;

/// Whether a clause says only that what stands before it is not held: `none`, `expired in 2018`, `in progress`.
fn is_state(words: &[String]) -> bool {
    let states = [
        "applied",
        "booked",
        "expired",
        "failed",
        "lapsed",
        "nil",
        "none",
        "pending",
        "revoked",
        "suspended",
    ];
    let first = words.first().map(String::as_str);
    let second = words.get(1).map(String::as_str);
    words.len() <= MOST_OF_STATE
        && match (first, second) {
            // `Driving licence: No`, `N/A`, and not `no points`
            // `Python, applied machine learning`
            (Some("applied" | "booked" | "failed"), Some(next)) => next == "for",
            (Some("no"), None) | (Some("n"), Some("a")) | (Some("renewal" | "result" | "results"), Some("pending")) => {
                true
            }
            (Some("in"), Some("process" | "progress"))
            | (Some("not"), Some("held" | "obtained" | "completed" | "current" | "renewed" | "valid")) => true,
            (Some("since" | "now"), Some(second)) => states.contains(&second),
            (Some(first), _) => states.contains(&first),
            _ => false,
        }
}

/// The credit of the last clause, if it is about all before it.
fn of_all(clauses: &[Clause], low: &[String], first: usize) -> Option<f32> {
    let last = clauses.last().filter(|last| last.credit < 1.0)?;
    let words = low.get(last.words.start - first..)?.join(" ");
    let mut endings = VOCABULARY.at_end.iter();
    endings
        .any(|phrase| words.ends_with(phrase.as_str()))
        .then_some(last.credit)
}

/// Whether a dash with spaces separates two words: `Driving licence - No`.
fn is_dashed(text: &str, before: &Word, after: &Word) -> bool {
    let between = text.get(before.bytes.end..after.bytes.start);
    between.is_some_and(|between| between.trim() == "-" && between.len() > 1)
}

/// Whether the gap is that of an apostrophe or a full stop inside a name, which ends no clause.
fn ends_abbreviation(text: &str, before: &Word, after: &Word) -> bool {
    let between = text.get(before.bytes.end..after.bytes.start).unwrap_or_default();
    !between.contains([',', ';', ':', '(', ')', '\u{2013}', '\u{2014}', '|', '\n', '.']) && !between.contains(" - ")
}

fn credit(words: &[String]) -> f32 {
    let has = |phrases: &Phrases| phrases.are_in(words);
    let without = words.first().is_some_and(|first| first == "without");
    let denied = without || is_negated(words) || lacks(words) || is_later(words) || has(&VOCABULARY.denied);
    if denied || is_passive(words) || is_by_others(words) || is_left(words) || has(&VOCABULARY.others) {
        0.0
    } else if has(&VOCABULARY.seen) {
        WATCHED
    } else if has(&VOCABULARY.beside) && !serves(words)
        || is_beside(words)
        || stands_in(words)
        || has(&VOCABULARY.learnt)
        || is_learnt(words)
    {
        ASSISTED
    } else {
        1.0
    }
}

/// Whether the clause is about help for those who are served, which is the work itself: `assisted patients with washing`.
fn serves(words: &[String]) -> bool {
    let helps = |word: &str| word.starts_with("assist") || word.starts_with("help");
    let served = |at: usize| words.get(at).is_some_and(|word| VOCABULARY.served.contains(word));
    (0..words.len()).any(|at| helps(&words[at]) && (served(at + 1) || served(at + 2)))
}

/// Whether the clause says `not` or `never` of something that would be good to have done.
fn is_negated(words: &[String]) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        let negates = matches!(word.as_str(), "not" | "never" | "cannot") || word.ends_with("n't");
        let mut next = words[at + 1..].iter().map(String::as_str);
        let next = next.find(|next| !VOCABULARY.between.contains(*next));
        negates && !next.is_some_and(|next| VOCABULARY.failures.contains(next))
    })
}

/// The number of words of a clause that says only what there is none of: `No pastry`.
const FEW: usize = 3;

/// Whether the clause says that there is none: `no driving licence`, `no first aid course yet`, `I have no Mastercam`.
fn lacks(words: &[String]) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        let behind = || words[at + 1..].iter().map(String::as_str);
        let has_none = at > 0 && matches!(words[at - 1].as_str(), "have" | "has");
        word == "no"
            && (behind().take(2).any(|noun| VOCABULARY.lacked.contains(noun))
                || behind().any(|last| last == "yet")
                || words[at..].ends_with(&["so".to_owned(), "far".to_owned()])
                || (has_none || at == 0 && words.len() <= FEW)
                    && !behind().take(2).any(|noun| VOCABULARY.free_of.contains(noun)))
    })
}

/// Whether the clause says who else did it: `is done by the journeyman`.
fn is_passive(words: &[String]) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        // `was always done by the owner`
        let by = |by: usize| words.get(at + by).is_some_and(|word| word == "by");
        let doer = |by: usize| {
            words
                .get(at + by + 1)
                .is_some_and(|doer| VOCABULARY.agents.contains(doer))
        };
        matches!(word.as_str(), "is" | "are" | "was" | "were" | "been" | "being")
            && [2, 3].iter().any(|&at| by(at) && doer(at))
    })
}

#[cfg(test)]
mod tests;
