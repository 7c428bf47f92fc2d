//! What a match says: plain data in the shape of the contract's `ResumeMatch`.

pub use super::span::TextSpan;

/// How well a resume answers a posting, and why.
#[derive(Debug, Clone, PartialEq)]
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
}

/// A part of the score.
#[derive(Debug, Clone, PartialEq)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ComponentKind {
    /// The skills that the posting names.
    Skills,
    /// Its requirements and duties against the resume's sentences.
    Requirements,
    /// Years of work.
    Experience,
    /// The degree.
    Education,
    /// The titles.
    Occupation,
}

/// A requirement and its best evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct RequirementMatch {
    /// As the posting writes it.
    pub text: String,
    /// Where.
    pub job_span: TextSpan,
    /// Whether the posting cannot do without.
    pub must_have: bool,
    /// Whether the resume shows it.
    pub met: bool,
    /// Cosine of the requirement and its evidence, -1 to 1.
    pub similarity: f64,
    /// The sentence of the resume that speaks for it most; `None` where none comes near.
    pub evidence: Option<TextSpan>,
}

/// A skill by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skill {
    /// What it is called.
    pub label: String,
    /// Its concept at ESCO, if ESCO has it.
    pub uri: Option<String>,
}

/// A skill of the posting that the resume shows.
#[derive(Debug, Clone, PartialEq)]
pub struct SkillMatch {
    /// Which.
    pub skill: Skill,
    /// 1 where the resume names it, else the cosine of its label and the sentence that speaks of it.
    pub similarity: f64,
    /// Whether the posting cannot do without.
    pub required: bool,
    /// Where the resume shows it.
    pub resume_spans: Vec<TextSpan>,
    /// Where the posting names it.
    pub job_spans: Vec<TextSpan>,
}

/// A skill of the posting that the resume does not show.
#[derive(Debug, Clone, PartialEq)]
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
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SkillReport {
    /// Asked for and shown.
    pub matched: Vec<SkillMatch>,
    /// Asked for and not shown, the most valuable first.
    pub missing: Vec<SkillGap>,
    /// Shown and not asked for.
    pub additional: Vec<Skill>,
}
