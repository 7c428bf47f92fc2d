//! The skills of a posting by the lines that name them: groups of which one suffices, lines that name nothing else, and
//! which lines show a skill that the resume does not name.

use std::ops::Range;

use super::super::alternatives;
use super::super::phrase;
use super::super::showing::Showing;
use super::super::wanted_skills::WantedSkill;
use super::super::words::Word;
use super::{Need, Requirement, SkillGroup};

/// The skills of a line, given with their places, in groups of which one suffices.
pub(super) fn grouped(line: &str, named: &[(Range<usize>, usize)]) -> Vec<Vec<usize>> {
    let places: Vec<Range<usize>> = named.iter().map(|(place, _)| place.clone()).collect();
    let groups = alternatives::groups(line, &places).into_iter();
    groups
        .map(|group| group.into_iter().map(|at| named[at].1).collect())
        .collect()
}

/// Words beside the names of skills that ask for nothing more: `Strong knowledge of SQL`.
const ABOUT_SKILLS: &str = "experience experienced knowledge proficiency proficient skill familiarity familiar understanding \
    expertise fluent fluency competent competence competency ability able working good strong excellent solid sound basic \
    advanced proven demonstrated demonstrable hands practical use using current valid preferred required essential desirable \
    plus must nice have similar equivalent least certification certified licence license certificate card language \
    languages exposure such including eg e.g tools software bilingual huge real definite big asset bonus advantage welcome \
    helpful useful beneficial speaker speaking spoken written level cert ticket licensed";

/// The number of words between the name of a kind and `such as`.
const MOST_OF_KIND: usize = 2;

/// The number of words of a line beside the names of skills and words that only introduce them.
pub(super) fn others(clean: &str, line: &[Word], bytes: &Range<usize>, named: &[(Range<usize>, usize)]) -> usize {
    let inside = |word: &Word| {
        let at = word.bytes.start - bytes.start;
        named.iter().any(|(place, _)| place.contains(&at))
    };
    let introduces = |word: &Word| {
        let low = clean[word.bytes.clone()].to_lowercase();
        ABOUT_SKILLS
            .split_whitespace()
            .any(|one| one == low || low.strip_suffix('s') == Some(one))
    };
    let low = |word: &Word| clean[word.bytes.clone()].to_lowercase();
    // "An ERP such as SAP": the kind of the skills.
    let kind = |at: usize| {
        let mut next = line[at + 1..].iter().take(MOST_OF_KIND).map(low);
        next.any(|word| matches!(word.as_str(), "such" | "like" | "e.g" | "eg"))
    };
    // "Such as Sage, SAP or Dynamics": the examples that are no labels, beside one that is.
    let such = line.iter().position(|word| low(word) == "such");
    let example = |at: usize| {
        such.is_some_and(|such| at > such) && !clean[line[at].bytes.clone()].starts_with(char::is_lowercase)
    };
    let other = line
        .iter()
        .enumerate()
        .filter(|(at, word)| word.subject && !inside(word) && !introduces(word) && !kind(*at) && !example(*at));
    other.count()
}

/// The label of the language that is read.
const ENGLISH: &str = "English";
/// The number of words beside names, up to which a line that is no task asks for them first of all.
const MOST_BESIDE: usize = 5;

/// Phrases behind which the names are only examples.
const EXAMPLES: [&str; 6] = ["for example", "for instance", "such as", "e g", "eg", "like"];

/// Whether what follows a text are examples: `a second language, for example Somali`.
fn gives_examples(before: &str) -> bool {
    let low = phrase::words(before);
    EXAMPLES.iter().any(|words| {
        low.trim_end()
            .strip_suffix(words)
            .is_some_and(|rest| rest.ends_with(' '))
    })
}

/// Whether a line takes something else as well: `or equivalent`, `or a completed apprenticeship`, `such as Fusion`.
fn takes_others(clean: &str, one: &Requirement, skills: &[WantedSkill]) -> bool {
    let all = one.skills.iter().flatten().flat_map(|&skill| &skills[skill].places);
    let named: Vec<&Range<usize>> = all.filter(|place| one.bytes.contains(&place.start)).collect();
    let before = |place: &&Range<usize>| clean.get(one.bytes.start..place.start).unwrap_or_default();
    if named.iter().any(|place| gives_examples(before(place))) {
        return true;
    }
    let last = named.iter().map(|place| place.end).max();
    let rest = last.and_then(|last| clean.get(last..one.bytes.end)).unwrap_or_default();
    let low = phrase::words(rest);
    phrase::contains_any(&low, &["or", "equivalent", "similar", "comparable"])
}

/// Sets what each requirement asks for by name, given the numbers of other words of their lines.
pub(super) fn asked_by_name(
    clean: &str,
    requirements: &mut [Requirement],
    others: &[usize],
    skills: &mut [WantedSkill],
) {
    for (one, others) in requirements.iter_mut().zip(others) {
        if one.duty || *others > MOST_BESIDE || takes_others(clean, one, skills) {
            continue;
        }
        // `BLS/CPR card`: all names of a line that asks for a certificate are certificates.
        if one.licence.as_ref().is_some_and(|licence| licence.only) {
            for &skill in one.skills.iter().flatten() {
                if skills[skill].showing == Showing::Name {
                    skills[skill].showing = Showing::Exact;
                }
            }
        }
        let is_name = |group: &Vec<usize>| group.iter().all(|&skill| skills[skill].showing.is_name());
        if !one.skills.iter().all(is_name) {
            continue;
        }
        one.names = one.skills.clone();
        let exact = |&skill: &usize| skills[skill].showing == Showing::Exact;
        one.exact = !one.names.is_empty() && one.names.iter().flatten().all(exact);
        // A resume in English seldom says that its writer speaks it.
        let english = |&skill: &usize| skills[skill].label == ENGLISH;
        let assumed = one.exact && one.licence.is_none() && one.names.iter().flatten().all(english);
        one.condition |= assumed;
    }
}

/// The number of skills above which a task says too little about each.
const MOST_SHOWN_BY_TASK: usize = 6;

/// Sets which requirements show a skill that the resume does not name.
pub(super) fn shown_by(requirements: &[Requirement], skills: &mut [WantedSkill]) {
    for (at, one) in requirements.iter().enumerate() {
        for task in &one.tasks {
            let within = |skill: &usize| skills[*skill].places.iter().any(|place| task.contains(&place.start));
            let named: Vec<usize> = one.skills.iter().flatten().copied().filter(within).collect();
            if named.len() > MOST_SHOWN_BY_TASK {
                continue;
            }
            for skill in named {
                let wanted = &mut skills[skill];
                if wanted.showing == Showing::Sentence && wanted.shown_by.last() != Some(&at) {
                    wanted.shown_by.push(at);
                }
            }
        }
    }
}

/// The groups of all lines. A skill that one line asks for by itself is no alternative to others elsewhere.
pub(super) fn skill_groups(requirements: &[Requirement]) -> Vec<SkillGroup> {
    let mut found: Vec<SkillGroup> = Vec::new();
    for one in requirements.iter().filter(|one| !one.counts_if_shown()) {
        for group in &one.skills {
            let mut skills = group.clone();
            skills.sort_unstable();
            let must = one.need == Need::Must;
            match found.iter_mut().find(|known| known.skills == skills) {
                Some(known) => known.must |= must,
                None => found.push(SkillGroup { skills, must }),
            }
        }
    }
    let alone: Vec<usize> = found
        .iter()
        .filter(|one| one.skills.len() == 1)
        .map(|one| one.skills[0])
        .collect();
    found.retain(|one| one.skills.len() == 1 || !one.skills.iter().all(|skill| alone.contains(skill)));
    found
}

#[cfg(test)]
mod tests {
    use super::super::super::words;
    use super::*;

    /// Whether a line with this name asks for nothing else.
    fn only(line: &str, name: &str) -> bool {
        let at = line.find(name).unwrap_or_default();
        others(line, &words::words(line), &(0..line.len()), &[(at..at + name.len(), 0)]) == 0
    }

    #[test]
    fn names_behind_some_phrases_are_examples() {
        for before in [
            "A second language, for example ",
            "CAD (e.g. ",
            "an ERP such as ",
            "tills like ",
        ] {
            assert!(gives_examples(before), "{before}");
        }
        for before in ["Fluent ", "Experience of ", "such as we use, with ", "dislike ", ""] {
            assert!(!gives_examples(before), "{before}");
        }
    }

    /// Whatever the kind and the name.
    #[test]
    fn the_kind_of_which_names_are_examples_is_not_asked_for_besides() {
        for kind in ["an ERP", "a till system", "charting software", "a CAD package"] {
            for name in ["Epic", "SAP", "Lightspeed"] {
                assert!(only(&format!("and exposure to {kind} such as {name}"), name), "{kind}");
                assert!(only(&format!("{kind} such as {name}, Acme 200 or Zed"), name), "{kind}");
                assert!(!only(&format!("writing {kind} reports and {name}"), name), "{kind}");
            }
        }
        assert!(!only("Run payroll each Friday in software such as Sage", "Sage"));
    }
}
