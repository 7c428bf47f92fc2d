//! The settings of a score: weights and must-haves.

use async_graphql::{Context, InputObject, SimpleObject};

use crate::graphql::context::app;
use crate::graphql::error::Failure;
use crate::graphql::schema::directive::sensitive;
use crate::matching::{self, ComponentWeights, MustHave, Scoring, ScoringOptions};

/// Weights of the components of the score, each 0 to 1000, at least one above 0. They are scaled to the sum 1. A weight that
/// is omitted keeps its shipped value; the shipped weights have the sum 1. The weights in force are returned in
/// `ResumeMatch.weights`.
#[derive(Debug, Clone, Copy, InputObject)]
pub(crate) struct MatchWeightsInput {
    /// The weight of the skills, 0 to 1000.
    pub skills: Option<f64>,
    /// The weight of the requirements, 0 to 1000.
    pub requirements: Option<f64>,
    /// The weight of the years of experience, 0 to 1000.
    pub experience: Option<f64>,
    /// The weight of the degree, 0 to 1000.
    pub education: Option<f64>,
    /// The weight of the occupation, 0 to 1000.
    pub occupation: Option<f64>,
}

/// Whether a requirement or skill of the job posting is a must-have, regardless of what the posting says. A skill follows
/// the requirements that name it, unless it is set itself.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct MustHaveInput {
    /// The `text` of a requirement or the `label` of a skill, as in a match with the same posting. Case and white space do
    /// not matter.
    #[graphql(directive = sensitive::apply())]
    pub text: String,
    /// Whether it is a must-have. If false, it is a nice-to-have.
    pub must_have: bool,
}

/// The weights of the components in force; their sum is 1. The weights in `components` can differ: a component that does
/// not apply has none, and `skills` weighs less if the posting names few skills.
#[derive(Debug, SimpleObject)]
pub(crate) struct MatchWeights {
    /// The weight of the skills, 0 to 1.
    pub skills: f64,
    /// The weight of the requirements, 0 to 1.
    pub requirements: f64,
    /// The weight of the years of experience, 0 to 1.
    pub experience: f64,
    /// The weight of the degree, 0 to 1.
    pub education: f64,
    /// The weight of the occupation, 0 to 1.
    pub occupation: f64,
    /// The SHA-256 of the weights, all thresholds and the must-haves of the input, as 64 hexadecimal digits. Scores with
    /// equal digests are comparable. The audit trail records it.
    pub digest: String,
}

impl From<matching::MatchWeights> for MatchWeights {
    fn from(weights: matching::MatchWeights) -> Self {
        Self {
            skills: weights.skills,
            requirements: weights.requirements,
            experience: weights.experience,
            education: weights.education,
            occupation: weights.occupation,
            digest: weights.digest,
        }
    }
}

impl From<MatchWeightsInput> for ComponentWeights {
    fn from(set: MatchWeightsInput) -> Self {
        Self {
            skills: set.skills,
            requirements: set.requirements,
            experience: set.experience,
            education: set.education,
            occupation: set.occupation,
        }
    }
}

impl From<MustHaveInput> for MustHave {
    fn from(set: MustHaveInput) -> Self {
        Self {
            text: set.text,
            must_have: set.must_have,
        }
    }
}

/// Validates the settings of a score.
pub(crate) fn scoring(
    ctx: &Context<'_>,
    weights: Option<MatchWeightsInput>,
    must_have: Option<Vec<MustHaveInput>>,
) -> Result<Scoring, Failure> {
    let must_have = must_have.into_iter().flatten().map(Into::into);
    let options = ScoringOptions {
        weights: weights.map(Into::into).unwrap_or_default(),
        must_have: must_have.collect(),
    };
    Ok(app(ctx).scoring(&options)?)
}
