//! The points of a letter: what a match shows and lacks, musts apart from the rest.

use super::quotation::{clipped, visible};
use crate::matching::credentials;
use crate::matching::posting::LineKind;
use crate::matching::result::{CredentialMatch, Gap, GapKind, RequirementMatch, ResumeMatch, TextSpan};
use crate::text::one_line;

/// The maximum number of skills in a line.
const MOST_SKILLS: usize = 15;

/// Words that ask for nothing without another word.
const EMPTY: [&str; 22] = [
    "strong",
    "excellent",
    "good",
    "great",
    "solid",
    "proven",
    "outstanding",
    "exceptional",
    "advanced",
    "required",
    "requirements",
    "preferred",
    "essential",
    "desirable",
    "desired",
    "plus",
    "bonus",
    "benefits",
    "must",
    "have",
    "skills",
    "experience",
];

/// What a match shows and lacks.
#[derive(Default)]
pub(super) struct Points {
    /// The must-haves that the resume shows, each with the sentence that shows it.
    pub(super) musts_shown: Vec<(String, Option<String>)>,
    /// The must-have skills that the resume shows.
    pub(super) skills_shown: Vec<String>,
    /// Whether there are more of them.
    pub(super) more_skills: bool,
    pub(super) musts_missing: Vec<Point>,
    pub(super) others_missing: Vec<Point>,
    /// What a resume seldom shows, such as a right to work.
    pub(super) conditions: Vec<String>,
    /// The licences and certificates of the posting that the resume names.
    pub(super) credentials: Vec<String>,
    pub(super) credentials_missing: Vec<String>,
}

/// A point that the resume does not show.
pub(super) struct Point {
    pub(super) kind: GapKind,
    pub(super) text: String,
    /// The total score if it were shown; `None` if it would not raise the score.
    pub(super) score: Option<f64>,
}

impl Points {
    pub(super) fn of(found: &ResumeMatch) -> Self {
        let mut points = Self::default();
        for one in found.requirements.iter().filter(|one| one.must_have) {
            let text = clipped(&one.text);
            if one.met {
                let evidence = one.evidence.as_ref().and_then(|span| visible(span, &found.redactions));
                points.musts_shown.push((text, evidence));
            }
        }
        let questions = found.open_questions.iter();
        points.conditions = questions.map(|span| clipped(&span.text)).collect();
        let skills = found.skills.matched.iter().filter(|one| one.required);
        let mut skills = skills.map(|one| clipped(&one.skill.label));
        points.skills_shown.extend(skills.by_ref().take(MOST_SKILLS));
        points.more_skills = skills.next().is_some();
        let gaps = || found.gaps.iter().filter(|gap| asks(&gap.text, found));
        points.musts_missing = missing(gaps().filter(|gap| gap.required), found);
        points.others_missing = missing(gaps().filter(|gap| !gap.required), found);
        // Must-haves that would not raise the score, or are beyond the number of reported gaps.
        let unmet = |one: &&RequirementMatch| {
            let reported = found.gaps.iter().any(|gap| {
                gap.text == one.text || gap.kind == GapKind::Skill && is_within(&gap.text, &one.job_span, found)
            });
            one.must_have && !one.met && !reported && asks(&one.text, found)
        };
        points
            .musts_missing
            .extend(found.requirements.iter().filter(unmet).map(|one| Point {
                kind: GapKind::Requirement,
                text: clipped(&one.text),
                score: None,
            }));
        for one in found.credentials.iter().filter(|one| one.job_span.is_some()) {
            if one.resume_span.is_some() {
                points.credentials.push(clipped(&one.name));
            } else if !is_met_otherwise(one, found) {
                points.credentials_missing.push(clipped(&one.name));
            }
        }
        points
    }

    /// Whether a point of this kind is missing.
    pub(super) fn lacks(&self, kind: GapKind) -> bool {
        let mut missing = self.musts_missing.iter().chain(&self.others_missing);
        missing.any(|point| point.kind == kind)
    }
}

/// Whether a line that asks for this licence is met without it: a degree, or another licence, is accepted in its place, or
/// the resume tells it in other words.
fn is_met_otherwise(one: &CredentialMatch, found: &ResumeMatch) -> bool {
    let within = |line: &TextSpan| {
        let span = one.job_span.as_ref();
        span.is_some_and(|span| line.start <= span.start && span.end <= line.end)
    };
    let mut met = found.requirements.iter().filter(|line| line.met);
    met.any(|line| within(&line.job_span) || credentials::labels(&line.text).any(|name| name == one.name))
}

/// The gaps, without skills of a requirement among them.
fn missing<'a>(gaps: impl Iterator<Item = &'a Gap> + Clone, found: &ResumeMatch) -> Vec<Point> {
    let requirements = gaps.clone().filter(|gap| gap.kind == GapKind::Requirement);
    let requirements: Vec<&Gap> = requirements.collect();
    let inside = |skill: &str, line: &Gap| {
        let mut lines = found.requirements.iter().filter(|one| one.text == line.text);
        names(&line.text, skill) || lines.any(|one| is_within(skill, &one.job_span, found))
    };
    let named = |gap: &Gap| gap.kind == GapKind::Skill && requirements.iter().any(|line| inside(&gap.text, line));
    gaps.filter(|gap| !named(gap))
        .map(|gap| Point {
            kind: gap.kind,
            text: clipped(&gap.text),
            score: Some(gap.score_if_added),
        })
        .collect()
}

/// Whether the text contains the words, in any case.
fn names(text: &str, words: &str) -> bool {
    let (text, words) = (text.to_lowercase(), words.to_lowercase());
    text.match_indices(words.as_str()).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + words.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

/// Whether the posting names a missing skill, or each of several alternatives, in this line.
fn is_within(skill: &str, line: &TextSpan, found: &ResumeMatch) -> bool {
    let inside = |span: &TextSpan| line.start <= span.start && span.end <= line.end;
    let named = |label: &str| {
        let mut missing = found.skills.missing.iter();
        missing.any(|one| one.skill.label == label && one.job_spans.iter().any(inside))
    };
    named(skill) || skill.split(" or ").all(named)
}

/// Whether a text asks for something: it is not a heading and not only words such as "strong".
fn asks(text: &str, found: &ResumeMatch) -> bool {
    let text = one_line(text);
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let says = words
        .map(str::to_lowercase)
        .any(|word| !EMPTY.contains(&word.as_str()) && word.chars().any(char::is_alphabetic));
    let mut headings = found.job_sections.iter().filter(|one| one.kind == LineKind::Heading);
    says && !text.ends_with(':') && !headings.any(|heading| one_line(&heading.span.text) == text)
}
