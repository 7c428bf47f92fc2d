//! The match of a resume with a job posting as the schema shows it.

use async_graphql::{Enum, InputObject, OneofObject, SimpleObject};

use super::error::Failure;
use super::guard::sensitive;
use super::inference::Model;
use crate::document::Document;
use crate::matching;

/// A text, or a document to take it from: exactly one of the two.
#[derive(OneofObject)]
pub(super) enum TextSource {
    /// Plain text.
    #[graphql(directive = sensitive::apply())]
    Text(String),
    /// A file.
    #[graphql(directive = sensitive::apply())]
    Document(DocumentInput),
}

/// A file of at most 5 MiB and 50 pages: PDF, DOCX, HTML, Markdown or plain text.
#[derive(InputObject)]
pub(super) struct DocumentInput {
    /// The file's bytes in base64 (RFC 4648 section 4).
    #[graphql(directive = sensitive::apply())]
    pub base64: String,
    /// The media type, such as `application/pdf`; found out from the bytes when it is not given.
    pub media_type: Option<String>,
}

/// What to match with what.
#[derive(InputObject)]
pub(super) struct MatchResumeInput {
    /// The resume.
    pub resume: TextSource,
    /// The job posting.
    pub job: TextSource,
}

impl TextSource {
    /// The text, or a document that is still to be read.
    pub(super) fn into_document(self, path: &str) -> Result<Document, Failure> {
        match self {
            Self::Text(text) => Ok(Document::from_text(text)),
            Self::Document(DocumentInput { base64, media_type }) => {
                use base64::Engine as _;
                let bytes = base64::engine::general_purpose::STANDARD
                    .decode(base64)
                    .map_err(|e| Failure::BadUserInput(format!("{path}.document.base64: not base64: {e}")))?;
                Ok(Document::from_bytes(bytes, media_type))
            }
        }
    }
}

/// How well a resume fits a job posting, and why.
#[derive(Debug, SimpleObject)]
pub(super) struct ResumeMatch {
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
    /// The encoder that compared the sentences.
    pub model: Model,
}

/// One part of the score.
#[derive(Debug, SimpleObject)]
pub(super) struct ScoreComponent {
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
pub(super) enum ComponentKind {
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

/// Something the job asks for, and the best evidence for it.
#[derive(Debug, SimpleObject)]
pub(super) struct RequirementMatch {
    /// What the job asks for, as it is written.
    pub text: String,
    /// Where the job asks for it.
    pub job_span: TextSpan,
    /// Whether the job must have it, as far as its words tell.
    pub must_have: bool,
    /// Whether the evidence is good enough.
    pub met: bool,
    /// The cosine between the requirement and its evidence, -1 to 1.
    pub similarity: f64,
    /// The part of the resume that fits best; null when there is none.
    pub evidence: Option<TextSpan>,
}

/// A part of a text. Offsets count UTF-16 code units of the text that was matched, so a browser can slice with them.
#[derive(Debug, SimpleObject)]
pub(super) struct TextSpan {
    /// The first code unit.
    pub start: i32,
    /// The code unit after the last.
    pub end: i32,
    /// The part itself.
    pub text: String,
}

/// A skill.
#[derive(Debug, SimpleObject)]
pub(super) struct Skill {
    /// Its name.
    pub label: String,
    /// Its identifier in ESCO, where it has one.
    pub uri: Option<String>,
}

/// A skill that both texts have.
#[derive(Debug, SimpleObject)]
pub(super) struct SkillMatch {
    /// The skill.
    pub skill: Skill,
    /// 1 for the same skill; below, how near the resume's is.
    pub similarity: f64,
    /// Whether the job must have it.
    pub required: bool,
    /// Where the resume has it.
    pub resume_spans: Vec<TextSpan>,
    /// Where the job has it.
    pub job_spans: Vec<TextSpan>,
}

/// A skill that the job names and the resume lacks.
#[derive(Debug, SimpleObject)]
pub(super) struct SkillGap {
    /// The skill.
    pub skill: Skill,
    /// Whether the job must have it.
    pub required: bool,
    /// Where the job has it.
    pub job_spans: Vec<TextSpan>,
    /// What the whole score would be if the resume had it.
    pub score_if_added: f64,
}

/// The skills of both texts.
#[derive(Debug, SimpleObject)]
pub(super) struct SkillReport {
    /// In both.
    pub matched: Vec<SkillMatch>,
    /// Only in the job.
    pub missing: Vec<SkillGap>,
    /// Only in the resume.
    pub additional: Vec<Skill>,
}

impl ResumeMatch {
    pub(super) fn new(result: matching::ResumeMatch, model: Model) -> Self {
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

impl From<matching::TextSpan> for TextSpan {
    fn from(span: matching::TextSpan) -> Self {
        let offset = |at: usize| i32::try_from(at).unwrap_or(i32::MAX);
        Self {
            start: offset(span.start),
            end: offset(span.end),
            text: span.text,
        }
    }
}

impl From<matching::Skill> for Skill {
    fn from(skill: matching::Skill) -> Self {
        Self {
            label: skill.label,
            uri: skill.uri,
        }
    }
}

impl From<matching::SkillMatch> for SkillMatch {
    fn from(found: matching::SkillMatch) -> Self {
        Self {
            skill: found.skill.into(),
            similarity: found.similarity,
            required: found.required,
            resume_spans: found.resume_spans.into_iter().map(Into::into).collect(),
            job_spans: found.job_spans.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<matching::SkillGap> for SkillGap {
    fn from(gap: matching::SkillGap) -> Self {
        Self {
            skill: gap.skill.into(),
            required: gap.required,
            job_spans: gap.job_spans.into_iter().map(Into::into).collect(),
            score_if_added: gap.score_if_added,
        }
    }
}
