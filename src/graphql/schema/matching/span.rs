//! Spans of the texts, highlights and sections.

use async_graphql::{Enum, SimpleObject};

use crate::matching;

/// A span of a text. Offsets count UTF-16 code units of the matched text, as JavaScript strings do.
#[derive(Debug, SimpleObject)]
pub(crate) struct TextSpan {
    /// The offset of the first code unit.
    pub start: i32,
    /// The offset after the last code unit.
    pub end: i32,
    /// The text of the span.
    pub text: String,
}

/// A span to highlight.
#[derive(Debug, SimpleObject)]
pub(crate) struct Highlight {
    /// The reason for the highlight.
    pub kind: HighlightKind,
    /// The span.
    pub span: TextSpan,
}

/// The reason for a highlight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "matching::HighlightKind")]
pub(crate) enum HighlightKind {
    /// A requirement that the resume meets.
    Met,
    /// A requirement that the resume does not meet.
    Unmet,
    /// The evidence for a requirement.
    Evidence,
    /// A skill found in both texts.
    MatchedSkill,
    /// A skill not found in the resume.
    MissingSkill,
}

/// A section of a resume.
#[derive(Debug, SimpleObject)]
pub(crate) struct Section {
    /// The kind of the section, by its heading.
    pub kind: SectionKind,
    /// The span from the first to the last sentence.
    pub span: TextSpan,
}

/// The kind of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "matching::SectionKind")]
pub(crate) enum SectionKind {
    /// Text before the first heading.
    Head,
    /// A profile or objective.
    Summary,
    /// Work experience.
    Experience,
    /// Education, certificates and training.
    Education,
    /// Skills, tools and languages.
    Skills,
    /// Projects, publications and volunteering.
    Projects,
    /// Requirements of a job.
    Requirements,
    /// Optional requirements of a job.
    NiceToHave,
    /// Responsibilities of a job.
    Responsibilities,
    /// Text about neither the person nor the work, such as references.
    Aside,
    /// Text under any other heading.
    Other,
}

/// A part of a job posting: consecutive lines or sentences of one kind.
#[derive(Debug, SimpleObject)]
pub(crate) struct JobSection {
    /// The kind of the lines. Only duties, must-haves and nice-to-haves are compared with the resume.
    pub kind: JobSectionKind,
    /// The span from the first to the last line.
    pub span: TextSpan,
}

/// The kind of a part of a job posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "matching::LineKind")]
pub(crate) enum JobSectionKind {
    /// The title of the job, or the heading of a section.
    Heading,
    /// Duties and tasks.
    Duty,
    /// Requirements that must be met.
    MustHave,
    /// Optional requirements.
    NiceToHave,
    /// Pay, hours, place, contract, benefits and working conditions.
    Terms,
    /// The employer, the team and their goals.
    Employer,
    /// How to apply, deadlines and the selection process.
    Application,
    /// Equal opportunity, privacy and other legal notices.
    Legal,
    /// Any other text.
    Other,
}

impl From<matching::JobSection> for JobSection {
    fn from(section: matching::JobSection) -> Self {
        Self {
            kind: section.kind.into(),
            span: section.span.into(),
        }
    }
}

impl From<matching::Highlight> for Highlight {
    fn from(mark: matching::Highlight) -> Self {
        Self {
            kind: mark.kind.into(),
            span: mark.span.into(),
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
