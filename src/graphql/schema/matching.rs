//! Types of the match of a resume with a job posting.

mod rescoring;
mod skills;
mod source;
mod span;
mod timeline;
mod weights;

use std::sync::Arc;

use async_graphql::{ComplexObject, Enum, ID, InputObject, SimpleObject};

pub(crate) use self::rescoring::{RescoreMatchInput, RescoredMatch};
use self::skills::SkillReport;
pub(crate) use self::source::TextSource;
use self::span::{Highlight, JobSection, Section, TextSpan};
use self::timeline::{CredentialMatch, Experience};
use self::weights::MatchWeights;
pub(crate) use self::weights::{MatchWeightsInput, MustHaveInput, scoring};
use super::inference::Model;
use crate::matching;

/// Input of `matchResume`.
#[derive(InputObject)]
pub(crate) struct MatchResumeInput {
    /// The resume.
    pub resume: TextSource,
    /// The job posting.
    pub job: TextSource,
    /// The weights of the components; by default, the shipped ones.
    pub weights: Option<MatchWeightsInput>,
    /// Which requirements and skills are must-haves, where it differs from what the posting says; at most 100.
    pub must_have: Option<Vec<MustHaveInput>>,
}

/// The match of a resume with a job posting: a score and its evidence.
#[derive(Debug, SimpleObject)]
#[graphql(complex)]
pub(crate) struct ResumeMatch {
    /// The id with which `rescoreMatch` scores this match again for two minutes after it was last used; null for a match
    /// of a ranking and for a caller without an account. The match is kept in memory only, and only if this field is
    /// selected.
    pub id: Option<ID>,
    /// The score, 0 to 1: the sum of the contributions of the components.
    pub score: f64,
    /// The components of the score. A component that does not apply is omitted; the weights of the others sum to 1.
    pub components: Vec<ScoreComponent>,
    /// The weights in force.
    pub weights: MatchWeights,
    /// The requirements of the job, each with the best evidence in the resume.
    pub requirements: Vec<RequirementMatch>,
    /// The skills of both texts.
    pub skills: SkillReport,
    /// Reasons not to rely on the score, such as a text that is not English (only English texts are compared), or text of a
    /// document that is not visible and was not read.
    pub warnings: Vec<String>,
    /// A summary of the match in two sentences.
    pub summary: String,
    /// The years of experience: required and found.
    pub experience: Experience,
    /// The degrees: required and found.
    pub education: Education,
    /// The job titles of both texts, and their similarity.
    pub occupation: Occupation,
    /// The licences and certificates that the job or the resume names.
    pub credentials: Vec<CredentialMatch>,
    /// The gaps, with the score that closing each would give: must-haves first, then the highest score; at most 20.
    pub gaps: Vec<Gap>,
    /// Requirements that resumes seldom show, such as traits, an age or availability, in text order. They do not affect the
    /// score.
    pub open_questions: Vec<TextSpan>,
    /// The spans of the resume to highlight, in text order. They may overlap.
    pub resume_highlights: Vec<Highlight>,
    /// The spans of the job posting to highlight, in text order. They may overlap.
    pub job_highlights: Vec<Highlight>,
    /// The sections of the resume, in text order.
    pub sections: Vec<Section>,
    /// The parts of the job posting, in text order, each of one kind.
    pub job_sections: Vec<JobSection>,
    /// The spans of the resume that were blanked before the comparison, such as the person's name; in text order.
    pub redactions: Vec<TextSpan>,
    /// The text of the resume as it was compared: for a document, the text extracted from it. Spans of the resume refer to
    /// this text.
    pub resume_text: Arc<str>,
    /// The text of the job posting as it was compared: for a document, the text extracted from it. Spans of the posting
    /// refer to this text.
    pub job_text: Arc<str>,
    /// The encoder used for the comparison.
    pub model: Model,
    /// The match that is explained.
    #[graphql(skip)]
    source: Box<matching::ResumeMatch>,
}

#[ComplexObject]
impl ResumeMatch {
    /// A letter in plain English that explains the match: what counted, which must-haves are shown and by which sentence,
    /// what was not found, what was not compared, and how to have an error corrected. Every number is one of this match,
    /// and text that was blanked does not appear.
    async fn explain(
        &self,
        #[graphql(default_with = "MatchAudience::Recruiter", desc = "The reader of the letter.")]
        audience: MatchAudience,
    ) -> String {
        self.source.explain(audience.into())
    }
}

/// The reader of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "matching::Audience")]
pub(crate) enum MatchAudience {
    /// The person whose resume it is.
    Candidate,
    /// The person who compares resumes with the posting.
    Recruiter,
}

/// A component of the score.
#[derive(Debug, SimpleObject)]
pub(crate) struct ScoreComponent {
    /// The kind of the component.
    pub kind: ComponentKind,
    /// The score of the component, 0 to 1.
    pub score: f64,
    /// The weight; the weights of all components sum to 1.
    pub weight: f64,
    /// The product of `score` and `weight`, 0 to 1.
    pub contribution: f64,
    /// The reason for the score, in one sentence.
    pub reason: String,
}

/// The kind of a score component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "matching::ComponentKind")]
pub(crate) enum ComponentKind {
    /// The skills named in the job posting.
    Skills,
    /// The requirements of the job posting.
    Requirements,
    /// The years of experience.
    Experience,
    /// The degree.
    Education,
    /// The occupation.
    Occupation,
}

/// The required degree and the degree found.
#[derive(Debug, SimpleObject)]
pub(crate) struct Education {
    /// The degree that the job requires; null if it states none.
    pub required: Option<String>,
    /// The highest degree in the resume; null if it states none.
    pub found: Option<String>,
    /// Whether the degree meets the requirement; null if the job requires none.
    pub met: Option<bool>,
}

/// Occupation similarity, by job titles and by full text.
#[derive(Debug, SimpleObject)]
pub(crate) struct Occupation {
    /// The resume's title that is most similar to the job's; null if it has none.
    pub resume: Option<String>,
    /// The title of the job; null if it has none.
    pub job: Option<String>,
    /// The similarity of the occupations, 0 to 1; null if neither titles nor texts can be compared.
    pub agreement: Option<f64>,
}

/// A gap: what the job asks for and the resume does not show.
#[derive(Debug, SimpleObject)]
pub(crate) struct Gap {
    /// The id within the match, for `RescoreMatchInput.closedGaps`.
    pub id: ID,
    /// The kind of the gap.
    pub kind: GapKind,
    /// The missing skill, requirement, years or degree.
    pub text: String,
    /// Whether it is a must-have of the job.
    pub required: bool,
    /// The total score if the resume showed it, 0 to 1.
    pub score_if_added: f64,
}

/// The kind of a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "matching::GapKind")]
pub(crate) enum GapKind {
    /// A skill.
    Skill,
    /// A requirement.
    Requirement,
    /// Years of experience.
    Years,
    /// A degree.
    Degree,
}

/// The kind of a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "matching::RequirementKind")]
pub(crate) enum RequirementKind {
    /// A duty or task of the job.
    Duty,
    /// A requirement that must be met.
    MustHave,
    /// An optional requirement.
    NiceToHave,
}

/// A requirement of the job, with the best evidence in the resume.
#[derive(Debug, SimpleObject)]
pub(crate) struct RequirementMatch {
    /// The requirement, as written in the posting.
    pub text: String,
    /// The span of the requirement in the posting.
    pub job_span: TextSpan,
    /// The kind of the requirement, by its heading and its wording, or as the input sets it.
    pub kind: RequirementKind,
    /// Whether the requirement is a must-have: whether `kind` is `MUST_HAVE`.
    pub must_have: bool,
    /// Whether the resume meets the requirement.
    pub met: bool,
    /// Score of the best-matching resume sentence, 0 to 1.
    pub similarity: f64,
    /// The best-matching resume sentence. Null below the evidence threshold.
    pub evidence: Option<TextSpan>,
}

impl ResumeMatch {
    /// Sets the id of a match that is kept.
    pub(crate) fn with_id(self, id: Option<String>) -> Self {
        Self {
            id: id.map(ID::from),
            ..self
        }
    }

    pub(crate) fn new(result: matching::ResumeMatch, model: Model) -> Self {
        Self {
            id: None,
            source: Box::new(result.clone()),
            score: result.score,
            components: result.components.into_iter().map(Into::into).collect(),
            weights: result.weights.into(),
            requirements: result.requirements.into_iter().map(Into::into).collect(),
            skills: SkillReport {
                matched: result.skills.matched.into_iter().map(Into::into).collect(),
                missing: result.skills.missing.into_iter().map(Into::into).collect(),
                additional: result.skills.additional.into_iter().map(Into::into).collect(),
            },
            warnings: result.warnings,
            summary: result.summary,
            experience: result.experience.into(),
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
            credentials: result.credentials.into_iter().map(Into::into).collect(),
            gaps: result.gaps.into_iter().map(Into::into).collect(),
            open_questions: result.open_questions.into_iter().map(Into::into).collect(),
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
            job_sections: result.job_sections.into_iter().map(Into::into).collect(),
            redactions: result.redactions.into_iter().map(Into::into).collect(),
            resume_text: result.resume_text,
            job_text: result.job_text,
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
            kind: requirement.kind.into(),
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
            id: gap.id.into(),
            kind: gap.kind.into(),
            text: gap.text,
            required: gap.required,
            score_if_added: gap.score_if_added,
        }
    }
}
