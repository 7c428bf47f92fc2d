//! The match of a resume with a job posting as the schema shows it.

mod skills;
mod source;
mod span;

use async_graphql::{Enum, InputObject, SimpleObject};

use self::skills::SkillReport;
pub(crate) use self::source::TextSource;
use self::span::{Highlight, Section, TextSpan};
use super::inference::Model;
use crate::matching;

/// What to match with what.
#[derive(InputObject)]
pub(crate) struct MatchResumeInput {
    /// The resume.
    pub resume: TextSource,
    /// The job posting.
    pub job: TextSource,
}

/// How well a resume fits a job posting, and why.
#[derive(Debug, SimpleObject)]
pub(crate) struct ResumeMatch {
    /// 0 to 1: the sum of the contributions of the components.
    pub score: f64,
    /// What the score is made of. A component that does not apply is left out, and the weights of the others add up
    /// to 1.
    pub components: Vec<ScoreComponent>,
    /// What the job asks for, each with the best evidence in the resume.
    pub requirements: Vec<RequirementMatch>,
    /// The skills of both texts.
    pub skills: SkillReport,
    /// What to know before relying on the score.
    pub warnings: Vec<String>,
    /// The match in two sentences.
    pub summary: String,
    /// Years of work on both sides.
    pub experience: Experience,
    /// Degrees on both sides.
    pub education: Education,
    /// Titles on both sides.
    pub occupation: Occupation,
    /// What is missing and what it would bring, the most valuable first; at most 20.
    pub gaps: Vec<Gap>,
    /// What to mark in the resume, in its order. Marks may overlap.
    pub resume_highlights: Vec<Highlight>,
    /// What to mark in the job posting, in its order. Marks may overlap.
    pub job_highlights: Vec<Highlight>,
    /// The sections of the resume, in its order.
    pub sections: Vec<Section>,
    /// What of the resume was blanked before anything was compared, such as its owner's name; in its order.
    pub redactions: Vec<TextSpan>,
    /// The encoder that compared the sentences.
    pub model: Model,
}

/// One part of the score.
#[derive(Debug, SimpleObject)]
pub(crate) struct ScoreComponent {
    /// Which part.
    pub kind: ComponentKind,
    /// 0 to 1.
    pub score: f64,
    /// How much it counts; the weights add up to 1.
    pub weight: f64,
    /// `score` times `weight`.
    pub contribution: f64,
    /// Why the score is what it is, in a sentence.
    pub reason: String,
}

/// What a part of the score looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "matching::ComponentKind")]
pub(crate) enum ComponentKind {
    /// The skills that the job names.
    Skills,
    /// The sentences in which the job asks for something.
    Requirements,
    /// Years of experience.
    Experience,
    /// The degree.
    Education,
    /// The line of work.
    Occupation,
}

/// Years of work.
#[derive(Debug, SimpleObject)]
pub(crate) struct Experience {
    /// The years that the job asks for; null when it names none.
    pub required_years: Option<f64>,
    /// The years found in the resume; null when nothing tells.
    pub found_years: Option<f64>,
}

/// Degrees.
#[derive(Debug, SimpleObject)]
pub(crate) struct Education {
    /// The degree that the job asks for; null when it names none.
    pub required: Option<String>,
    /// The highest degree in the resume; null when it names none.
    pub found: Option<String>,
    /// Whether it is enough; null when the job asks for none.
    pub met: Option<bool>,
}

/// Lines of work, by titles and by all that is asked for and told.
#[derive(Debug, SimpleObject)]
pub(crate) struct Occupation {
    /// The title in the resume that is nearest to the job's; null when it has none.
    pub resume: Option<String>,
    /// The job's title; null when it has none.
    pub job: Option<String>,
    /// How far the lines of work agree, 0 to 1; null when neither titles nor work can be compared.
    pub agreement: Option<f64>,
}

/// Something that the job asks for and the resume does not show.
#[derive(Debug, SimpleObject)]
pub(crate) struct Gap {
    /// Of what kind.
    pub kind: GapKind,
    /// What it is.
    pub text: String,
    /// Whether the job must have it.
    pub required: bool,
    /// What the whole score would be if the resume had it, 0 to 1.
    pub score_if_added: f64,
}

/// What can be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "matching::GapKind")]
pub(crate) enum GapKind {
    /// A skill.
    Skill,
    /// A requirement.
    Requirement,
    /// Years of work.
    Years,
    /// A degree.
    Degree,
}

/// Something the job asks for, and the best evidence for it.
#[derive(Debug, SimpleObject)]
pub(crate) struct RequirementMatch {
    /// What the job asks for, as it is written.
    pub text: String,
    /// Where the job asks for it.
    pub job_span: TextSpan,
    /// Whether the job must have it, as far as its words tell.
    pub must_have: bool,
    /// Whether the evidence is good enough.
    pub met: bool,
    /// How far the resume's best sentence speaks for it, 0 to 1.
    pub similarity: f64,
    /// That sentence; null when it speaks for it too little to be shown.
    pub evidence: Option<TextSpan>,
}

impl ResumeMatch {
    pub(crate) fn new(result: matching::ResumeMatch, model: Model) -> Self {
        Self {
            score: result.score,
            components: result.components.into_iter().map(Into::into).collect(),
            requirements: result.requirements.into_iter().map(Into::into).collect(),
            skills: SkillReport {
                matched: result.skills.matched.into_iter().map(Into::into).collect(),
                missing: result.skills.missing.into_iter().map(Into::into).collect(),
                additional: result.skills.additional.into_iter().map(Into::into).collect(),
            },
            warnings: result.warnings,
            summary: result.summary,
            experience: Experience {
                required_years: result.experience.required_years,
                found_years: result.experience.found_years,
            },
            education: Education {
                required: result.education.required,
                found: result.education.found,
                met: result.education.met,
            },
            occupation: Occupation {
                resume: result.occupation.resume,
                job: result.occupation.job,
                agreement: result.occupation.agreement,
            },
            gaps: result.gaps.into_iter().map(Into::into).collect(),
            resume_highlights: result.resume_highlights.into_iter().map(Into::into).collect(),
            job_highlights: result.job_highlights.into_iter().map(Into::into).collect(),
            sections: result
                .sections
                .into_iter()
                .map(|section| Section {
                    kind: section.kind.into(),
                    span: section.span.into(),
                })
                .collect(),
            redactions: result.redactions.into_iter().map(Into::into).collect(),
            model,
        }
    }
}

impl From<matching::ScoreComponent> for ScoreComponent {
    fn from(part: matching::ScoreComponent) -> Self {
        Self {
            kind: part.kind.into(),
            score: part.score,
            weight: part.weight,
            contribution: part.contribution,
            reason: part.reason,
        }
    }
}

impl From<matching::RequirementMatch> for RequirementMatch {
    fn from(requirement: matching::RequirementMatch) -> Self {
        Self {
            text: requirement.text,
            job_span: requirement.job_span.into(),
            must_have: requirement.must_have,
            met: requirement.met,
            similarity: requirement.similarity,
            evidence: requirement.evidence.map(Into::into),
        }
    }
}

impl From<matching::Gap> for Gap {
    fn from(gap: matching::Gap) -> Self {
        Self {
            kind: gap.kind.into(),
            text: gap.text,
            required: gap.required,
            score_if_added: gap.score_if_added,
        }
    }
}
