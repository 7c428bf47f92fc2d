//! The skills of both texts.

use async_graphql::SimpleObject;

use super::span::TextSpan;
use crate::matching;

/// A skill.
#[derive(Debug, SimpleObject)]
pub(crate) struct Skill {
    /// The name.
    pub label: String,
    /// The ESCO identifier; null if the skill is not in ESCO.
    pub uri: Option<String>,
}

/// A skill found in both texts.
#[derive(Debug, SimpleObject)]
pub(crate) struct SkillMatch {
    /// The skill.
    pub skill: Skill,
    /// The similarity of the resume's evidence, 0 to 1; 1 if the resume names the skill.
    pub similarity: f64,
    /// Whether it is a must-have of the job.
    pub required: bool,
    /// The spans in the resume.
    pub resume_spans: Vec<TextSpan>,
    /// The spans in the job posting.
    pub job_spans: Vec<TextSpan>,
}

/// A skill named in the job posting and not found in the resume.
#[derive(Debug, SimpleObject)]
pub(crate) struct SkillGap {
    /// The skill.
    pub skill: Skill,
    /// Whether it is a must-have of the job.
    pub required: bool,
    /// The spans in the job posting.
    pub job_spans: Vec<TextSpan>,
    /// The total score if the resume showed it, 0 to 1.
    pub score_if_added: f64,
}

/// The skills of both texts.
#[derive(Debug, SimpleObject)]
pub(crate) struct SkillReport {
    /// The skills found in both texts.
    pub matched: Vec<SkillMatch>,
    /// The skills found only in the job posting.
    pub missing: Vec<SkillGap>,
    /// The skills found only in the resume.
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
