//! What a match says: plain data in the shape of the contract's `ResumeMatch`, as JSON too.

use serde::Serialize;

use super::english::SectionKind;
pub use super::span::TextSpan;

/// How well a resume answers a posting, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResumeMatch {
    /// 0 to 1: the sum of the components' contributions.
    pub score: f64,
    /// The parts that apply to this pair.
    pub components: Vec<ScoreComponent>,
    /// What the posting asks for, in its order.
    pub requirements: Vec<RequirementMatch>,
    /// Skills of both sides.
    pub skills: SkillReport,
    /// What a reader must know before trusting the score, a sentence each.
    pub warnings: Vec<String>,
    /// Years of work on both sides.
    pub experience: Experience,
    /// Degrees on both sides.
    pub education: Education,
    /// Titles on both sides.
    pub occupation: Occupation,
    /// What is missing, the most valuable first; at most 20.
    pub gaps: Vec<Gap>,
    /// What to mark in the resume, in its order.
    pub resume_highlights: Vec<Highlight>,
    /// What to mark in the posting, in its order.
    pub job_highlights: Vec<Highlight>,
    /// The sections of the resume, in its order.
    pub sections: Vec<Section>,
    /// What of the resume was blanked before anything was compared, in its order.
    pub redactions: Vec<TextSpan>,
    /// The match in two sentences.
    pub summary: String,
}

/// Years of work.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Experience {
    /// Asked for; `None` where the posting names no number.
    pub required_years: Option<f64>,
    /// Found; `None` where nothing in the resume tells.
    pub found_years: Option<f64>,
}

/// Degrees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Education {
    /// Asked for; `None` where the posting names none.
    pub required: Option<String>,
    /// The highest found; `None` where the resume names none.
    pub found: Option<String>,
    /// Whether what is found is enough; `None` where nothing is asked for.
    pub met: Option<bool>,
}

/// The line of work.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Occupation {
    /// The resume's that is nearest to the posting's.
    pub resume: Option<String>,
    /// The posting's.
    pub job: Option<String>,
    /// How far titles, and all that is asked for and told, agree, 0 to 1; `None` where neither can be compared.
    pub agreement: Option<f64>,
}

/// Something that the posting asks for and the resume does not show.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gap {
    /// Of what kind.
    pub kind: GapKind,
    /// What it is.
    pub text: String,
    /// Whether the posting cannot do without.
    pub required: bool,
    /// The whole score were it there, by scoring again.
    pub score_if_added: f64,
}

/// What can be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GapKind {
    /// A skill.
    Skill,
    /// A requirement.
    Requirement,
    /// Years of work.
    Years,
    /// A degree.
    Degree,
}

/// A part of a text to mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Highlight {
    /// Why.
    pub kind: HighlightKind,
    /// Where.
    pub span: TextSpan,
}

/// Why a part of a text is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HighlightKind {
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Section {
    /// What it holds, by its heading.
    pub kind: SectionKind,
    /// Its sentences, from the first to the last.
    pub span: TextSpan,
}

/// A part of the score.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScoreComponent {
    /// Which part.
    pub kind: ComponentKind,
    /// 0 to 1.
    pub score: f64,
    /// Its share of the whole; the weights of all parts add up to 1.
    pub weight: f64,
    /// `score` times `weight`.
    pub contribution: f64,
    /// Why, in a few words.
    pub reason: String,
}

/// The parts a score can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ComponentKind {
    /// The skills that the posting names.
    Skills,
    /// Its requirements and duties against the resume's sentences.
    Requirements,
    /// Years of work.
    Experience,
    /// The degree.
    Education,
    /// The line of work: titles, and the work as a whole.
    Occupation,
}

/// A requirement and its best evidence.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequirementMatch {
    /// As the posting writes it.
    pub text: String,
    /// Where.
    pub job_span: TextSpan,
    /// Whether the posting cannot do without.
    pub must_have: bool,
    /// Whether the resume shows it.
    pub met: bool,
    /// How far the resume's best sentence speaks for it, 0 to 1.
    pub similarity: f64,
    /// That sentence; `None` where it speaks for it too little to be shown.
    pub evidence: Option<TextSpan>,
}

/// A skill by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Skill {
    /// What it is called.
    pub label: String,
    /// Its concept at ESCO, if ESCO has it.
    pub uri: Option<String>,
}

/// A skill of the posting that the resume shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SkillMatch {
    /// Which.
    pub skill: Skill,
    /// 1 where the resume names it, else how surely a sentence speaks of it, 0.5 to 1.
    pub similarity: f64,
    /// Whether the posting cannot do without.
    pub required: bool,
    /// Where the resume shows it.
    pub resume_spans: Vec<TextSpan>,
    /// Where the posting names it.
    pub job_spans: Vec<TextSpan>,
}

/// A skill of the posting that the resume does not show.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SkillGap {
    /// Which.
    pub skill: Skill,
    /// Whether the posting cannot do without.
    pub required: bool,
    /// Where the posting names it.
    pub job_spans: Vec<TextSpan>,
    /// The whole score were the skill shown in the resume's work, by scoring again.
    pub score_if_added: f64,
}

/// The skills of both sides.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SkillReport {
    /// Asked for and shown.
    pub matched: Vec<SkillMatch>,
    /// Asked for and not shown, the most valuable first.
    pub missing: Vec<SkillGap>,
    /// Shown and not asked for.
    pub additional: Vec<Skill>,
}
