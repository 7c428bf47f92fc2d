//! Names of what is not a skill: titles of jobs, firms, places, and single words that say nothing.

use std::ops::Range;

use super::super::credentials;
use super::super::words::Case;
use super::abilities;
use super::content::is_skill;
use super::coordination;
use super::fragments::is_fragment;
use super::line::Line;
use super::merge::Name;
use super::vocabulary::{VOCABULARY, is_task_verb};

/// Words before the name of a place.
const AT: [&str; 8] = ["across", "around", "at", "from", "in", "near", "outside", "throughout"];

/// Whether words begin with a verb that has an object: `issuing permits`, but not `store manager`.
pub(in crate::matching) fn is_task(line: &Line<'_>, name: &Range<usize>) -> bool {
    let word = |at: usize| line.lower[at].as_str();
    let noun = || {
        let verb = coordination::verbs(line, name).last().copied().unwrap_or(name.start);
        let object = verb + 1 < name.end && VOCABULARY.determiners.contains(word(verb + 1));
        let people = word(name.end - 1).ends_with('s') && abilities::begins(line, name.start);
        VOCABULARY.verbs_and_nouns.contains(word(name.start)) && is_title(line, name) && !object && !people
    };
    name.len() >= 2 && is_task_verb(&line.words[name.start]) && !noun()
}

/// Whether the name of a skill, one that the lexicon does not write as a proper name, names a skill rather than the title of a
/// job, a firm or a place.
pub(in crate::matching) fn names_skill(line: &Line<'_>, name: &Name) -> bool {
    let own = &name.words;
    if is_fragment(line, name) {
        return false;
    }
    if is_task(line, own) {
        return true;
    }
    let certified = || !credentials::credentials(line.text, &line.words[own.clone()]).is_empty();
    let says_something = name.label.is_none() || own.len() > 1 || is_skill(line, own.clone());
    says_something && !is_firm(line, own) && !is_place(line, own) && (!is_title(line, own) || certified())
}

/// Whether words are the title of a job: `store manager`.
fn is_title(line: &Line<'_>, name: &Range<usize>) -> bool {
    let last = line.lower[name.end - 1].as_str();
    let one = last.strip_suffix('s').filter(|one| VOCABULARY.jobs.contains(*one));
    one.is_some() || VOCABULARY.jobs.contains(last)
}

/// Whether words are the name of a firm or a body: `City of Windsor`, `Reed Ltd`.
fn is_firm(line: &Line<'_>, name: &Range<usize>) -> bool {
    let capital = |at: usize| line.words[at].case != Case::Lower;
    let of = line.lower.get(name.start + 1).is_some_and(|next| next == "of");
    let body = of && VOCABULARY.bodies.contains(&line.lower[name.start]);
    let named = (name.start + 1..name.end).any(capital);
    let firm = name.len() >= 2 && capital(name.start) && VOCABULARY.firms.contains(&line.lower[name.end - 1]);
    body && named || firm && capital(name.end - 1)
}

/// Whether words are the name of a place: `sites in Leeds`, but not `experience in Kubernetes`.
fn is_place(line: &Line<'_>, name: &Range<usize>) -> bool {
    let capital = |at: usize| line.words[at].case == Case::Capital;
    let word = |back: usize| name.start.checked_sub(back).map(|at| line.lower[at].as_str());
    // The first word of a line has a capital in any style.
    let mut others = (1..line.words.len()).filter(|at| !name.contains(at) && line.words[*at].subject);
    let styled = others.clone().next().is_some() && others.all(|at| line.words[at].case != Case::Lower);
    let at = word(1).is_some_and(|before| AT.contains(&before));
    let skilled = word(2).is_some_and(|before| {
        VOCABULARY.cues.contains(before) || matches!(before, "certified" | "trained" | "training" | "work" | "working")
    });
    at && !skilled && !styled && name.clone().all(capital)
}

#[cfg(test)]
mod tests {
    use super::super::super::words;
    use super::*;

    /// Whether these words of the line name a skill that the lexicon does not know.
    fn names(text: &str, name: &str) -> bool {
        let words = words::words(text);
        let line = Line::new(text, &words, &[]);
        let start = text.find(name).unwrap();
        let at = |byte: usize| words.partition_point(|word| word.bytes.start < byte);
        let words = at(start)..at(start + name.len());
        names_skill(&line, &Name { words, label: None })
    }

    #[test]
    fn titles_firms_and_places_are_no_skills() {
        for job in ["manager", "nurses", "Officer", "team leader", "technicians"] {
            for before in ["store", "Senior", "night shift"] {
                let name = format!("{before} {job}");
                assert!(!names(&format!("Reports to the {name} each week"), &name), "{name}");
                assert!(
                    names(&format!("Training {name} in hygiene"), &format!("Training {name}")),
                    "{name}"
                );
            }
        }
        for (text, name) in [
            ("Grants of the City of Windsor", "City of Windsor"),
            ("A degree of University of Toledo", "University of Toledo"),
            ("Work for Reed Ltd", "Reed Ltd"),
            ("Deliver to sites in Leeds", "Leeds"),
            ("Customers across Nova Scotia", "Nova Scotia"),
        ] {
            assert!(!names(text, name), "{text}");
        }
        for (text, name) in [
            ("Experience in Kubernetes", "Kubernetes"),
            ("Certified in Revit", "Revit"),
            ("State of the art kilns", "State of the art kilns"),
            ("Blue Yonder or Manhattan", "Manhattan"),
            ("Wound care", "Wound care"),
            ("Registered nurse", "Registered nurse"),
            ("Group therapy", "Group therapy"),
            ("Support the manager", "Support the manager"),
            ("Train technicians", "Train technicians"),
        ] {
            assert!(names(text, name), "{text}");
        }
    }
}
