//! Parts of the texts: where they are, and why they are shown.

use async_graphql::{Enum, SimpleObject};

use crate::matching;

/// A part of a text. Offsets count UTF-16 code units of the text that was matched, so a browser can slice with them.
#[derive(Debug, SimpleObject)]
pub(in crate::graphql) struct TextSpan {
    /// The first code unit.
    pub start: i32,
    /// The code unit after the last.
    pub end: i32,
    /// The part itself.
    pub text: String,
}

/// A part of a text to mark.
#[derive(Debug, SimpleObject)]
pub(in crate::graphql) struct Highlight {
    /// Why it is marked.
    pub kind: HighlightKind,
    /// Where it is.
    pub span: TextSpan,
}

/// Why a part of a text is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "matching::HighlightKind")]
pub(in crate::graphql) enum HighlightKind {
    /// A requirement that the resume meets.
    Met,
    /// A requirement that it does not meet.
    Unmet,
    /// The evidence for a requirement.
    Evidence,
    /// A skill that both texts have.
    MatchedSkill,
    /// A skill that the resume lacks.
    MissingSkill,
}

/// A section of a resume.
#[derive(Debug, SimpleObject)]
pub(in crate::graphql) struct Section {
    /// What it holds, by its heading.
    pub kind: SectionKind,
    /// Its sentences, from the first to the last.
    pub span: TextSpan,
}

/// What a section holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "matching::SectionKind")]
pub(in crate::graphql) enum SectionKind {
    /// What stands before the first heading.
    Head,
    /// A profile or objective.
    Summary,
    /// Work done.
    Experience,
    /// Schooling, certificates and training.
    Education,
    /// Lists of skills, tools and languages.
    Skills,
    /// Projects, publications and volunteering.
    Projects,
    /// What somebody asks for.
    Requirements,
    /// What somebody would like to see.
    NiceToHave,
    /// What somebody will do.
    Responsibilities,
    /// What says nothing of the person or the work, such as references.
    Aside,
    /// What stands under another heading.
    Other,
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
