//! The skills of both texts.

use async_graphql::SimpleObject;

use super::span::TextSpan;
use crate::matching;

/// A skill.
#[derive(Debug, SimpleObject)]
pub(in crate::graphql) struct Skill {
    /// Its name.
    pub label: String,
    /// Its identifier in ESCO, where it has one.
    pub uri: Option<String>,
}

/// A skill that both texts have.
#[derive(Debug, SimpleObject)]
pub(in crate::graphql) struct SkillMatch {
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
pub(in crate::graphql) struct SkillGap {
    /// The skill.
    pub skill: Skill,
    /// Whether the job must have it.
    pub required: bool,
    /// Where the job has it.
    pub job_spans: Vec<TextSpan>,
    /// What the whole score would be if the resume had it, 0 to 1.
    pub score_if_added: f64,
}

/// The skills of both texts.
#[derive(Debug, SimpleObject)]
pub(in crate::graphql) struct SkillReport {
    /// In both.
    pub matched: Vec<SkillMatch>,
    /// Only in the job.
    pub missing: Vec<SkillGap>,
    /// Only in the resume.
    pub additional: Vec<Skill>,
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
