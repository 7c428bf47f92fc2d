//! The result of a match: plain data with the structure of `ResumeMatch` in the schema, also used as JSON.

use std::sync::Arc;

use serde::{Serialize, Serializer};

pub use super::credentials::CredentialMatch;
use super::english::SectionKind;
use super::posting::LineKind;
pub use super::span::TextSpan;
pub use super::timeline::{WorkBreak, WorkPeriod};

/// The match of a resume with a posting: a score and its evidence.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResumeMatch {
    /// The score, 0 to 1: the sum of the contributions of the components.
    pub score: f64,
    /// The components that apply to this pair.
    pub components: Vec<ScoreComponent>,
    /// The weights in force.
    pub weights: MatchWeights,
    /// The requirements of the posting, in text order.
    pub requirements: Vec<RequirementMatch>,
    /// The skills of both texts.
    pub skills: SkillReport,
    /// Reasons not to rely on the score, one sentence each.
    pub warnings: Vec<String>,
    /// The years of experience: required and found.
    pub experience: Experience,
    /// The degrees: required and found.
    pub education: Education,
    /// The job titles of both texts, and their similarity.
    pub occupation: Occupation,
    /// The licences and certificates that either text names; they do not affect the score.
    pub credentials: Vec<CredentialMatch>,
    /// The gaps, must-haves first, then the highest gain; at most 20.
    pub gaps: Vec<Gap>,
    /// Requirements that resumes seldom show, such as traits, an age or availability, in text order. They do not affect the
    /// score.
    pub open_questions: Vec<TextSpan>,
    /// The spans of the resume to highlight, in text order.
    pub resume_highlights: Vec<Highlight>,
    /// The spans of the posting to highlight, in text order.
    pub job_highlights: Vec<Highlight>,
    /// The sections of the resume, in text order.
    pub sections: Vec<Section>,
    /// The parts of the posting by kind, in text order.
    pub job_sections: Vec<JobSection>,
    /// The spans of the resume that were blanked before the comparison, in text order.
    pub redactions: Vec<TextSpan>,
    /// A summary in two sentences.
    pub summary: String,
    /// The text of the resume as it was compared. Spans refer to it.
    #[serde(serialize_with = "as_str")]
    pub resume_text: Arc<str>,
    /// The text of the posting as it was compared. Spans refer to it.
    #[serde(serialize_with = "as_str")]
    pub job_text: Arc<str>,
}

fn as_str<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

/// The required years of experience and the years found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Experience {
    /// The required years; `None` if the posting states none.
    pub required_years: Option<f64>,
    /// The years found; `None` if they cannot be determined.
    pub found_years: Option<f64>,
    /// The dated periods of work, in order of their start; at most 100.
    pub periods: Vec<WorkPeriod>,
    /// The times of more than six months between these periods; they do not affect the score.
    pub breaks: Vec<WorkBreak>,
}

/// The required degree and the degree found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Education {
    /// The required degree; `None` if the posting states none.
    pub required: Option<String>,
    /// The highest degree found; `None` if the resume states none.
    pub found: Option<String>,
    /// Whether the degree meets the requirement; `None` if none is required.
    pub met: Option<bool>,
}

/// The occupation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Occupation {
    /// The resume's title that is most similar to the posting's.
    pub resume: Option<String>,
    /// The title of the posting.
    pub job: Option<String>,
    /// The similarity of titles and texts, 0 to 1; `None` if neither can be compared.
    pub agreement: Option<f64>,
}

/// A gap: what the posting asks for and the resume does not show.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gap {
    /// The id within the match.
    pub id: String,
    /// The kind of the gap.
    pub kind: GapKind,
    /// The missing skill, requirement, years or degree.
    pub text: String,
    /// Whether it is a must-have.
    pub required: bool,
    /// The total score if the resume showed it, computed by scoring again.
    pub score_if_added: f64,
}

/// The kind of a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GapKind {
    /// A skill.
    Skill,
    /// A requirement.
    Requirement,
    /// Years of experience.
    Years,
    /// A degree.
    Degree,
}

/// A span to highlight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Highlight {
    /// The reason.
    pub kind: HighlightKind,
    /// The span.
    pub span: TextSpan,
}

/// The reason for a highlight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HighlightKind {
    /// A requirement that the resume meets.
    Met,
    /// A requirement that the resume does not meet.
    Unmet,
    /// The evidence for a requirement.
    Evidence,
    /// A skill that both texts have.
    MatchedSkill,
    /// A skill not found in the resume.
    MissingSkill,
}

/// A section of a resume.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Section {
    /// The kind of the section, by its heading.
    pub kind: SectionKind,
    /// The span from the first to the last sentence.
    pub span: TextSpan,
}

/// A part of a posting: consecutive lines or sentences of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JobSection {
    /// The kind of the lines.
    pub kind: LineKind,
    /// The span from the first to the last line.
    pub span: TextSpan,
}

/// A component of the score.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScoreComponent {
    /// The kind of the component.
    pub kind: ComponentKind,
    /// The score, 0 to 1.
    pub score: f64,
    /// The weight; the weights of all components sum to 1.
    pub weight: f64,
    /// The product of `score` and `weight`.
    pub contribution: f64,
    /// The reason, in one sentence.
    pub reason: String,
}

/// The weights of a score before those of components that do not apply are distributed over the others, and before a
/// posting with few skills lowers the weight of `skills`. Their sum is 1.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MatchWeights {
    /// The weight of the skills.
    pub skills: f64,
    /// The weight of the requirements.
    pub requirements: f64,
    /// The weight of the years of experience.
    pub experience: f64,
    /// The weight of the degree.
    pub education: f64,
    /// The weight of the occupation.
    pub occupation: f64,
    /// The SHA-256 of the weights, all thresholds and the must-haves set by the caller, in hexadecimal digits. Scores with
    /// equal digests were computed with the same settings.
    pub digest: String,
}

/// The kind of a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ComponentKind {
    /// The skills named in the posting.
    Skills,
    /// The requirements and duties of the posting, compared with the resume's sentences.
    Requirements,
    /// Years of experience.
    Experience,
    /// The degree.
    Education,
    /// The occupation, by titles and whole texts.
    Occupation,
}

/// The kind of a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RequirementKind {
    /// A duty or task of the job.
    Duty,
    /// A requirement that must be met.
    MustHave,
    /// An optional requirement.
    NiceToHave,
}

/// A requirement and its best evidence.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequirementMatch {
    /// The requirement, as written in the posting.
    pub text: String,
    /// The span of the requirement.
    pub job_span: TextSpan,
    /// The kind of the requirement.
    pub kind: RequirementKind,
    /// Whether it is a must-have.
    pub must_have: bool,
    /// Whether the resume meets it.
    pub met: bool,
    /// Score of the best-matching resume sentence, 0 to 1.
    pub similarity: f64,
    /// The best-matching sentence; `None` below the evidence threshold.
    pub evidence: Option<TextSpan>,
}

/// A skill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Skill {
    /// The name.
    pub label: String,
    /// The ESCO identifier; `None` if the skill is not in ESCO.
    pub uri: Option<String>,
}

/// A skill of the posting that the resume shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SkillMatch {
    /// The skill.
    pub skill: Skill,
    /// 1 if the resume names the skill; otherwise the certainty that a sentence describes it, 0.5 to 1.
    pub similarity: f64,
    /// Whether it is a must-have.
    pub required: bool,
    /// The spans in the resume.
    pub resume_spans: Vec<TextSpan>,
    /// The spans in the posting.
    pub job_spans: Vec<TextSpan>,
}

/// A skill of the posting that the resume does not show.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SkillGap {
    /// The skill.
    pub skill: Skill,
    /// Whether it is a must-have.
    pub required: bool,
    /// The spans in the posting.
    pub job_spans: Vec<TextSpan>,
    /// The total score if the resume showed the skill in its work history, computed by scoring again.
    pub score_if_added: f64,
}

/// The skills of both texts.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SkillReport {
    /// The skills found in both texts.
    pub matched: Vec<SkillMatch>,
    /// The skills found only in the posting, highest gain first.
    pub missing: Vec<SkillGap>,
    /// The skills found only in the resume.
    pub additional: Vec<Skill>,
}
