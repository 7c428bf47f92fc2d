//! Types of a match that is scored again.

use async_graphql::{ID, InputObject, SimpleObject};

use super::weights::{MatchWeights, MatchWeightsInput, MustHaveInput};
use super::{Gap, ScoreComponent};
use crate::matching::{RescoreOptions, RescoredMatch as Rescored};

/// Input of `rescoreMatch`. Each call replaces the settings of the one before it.
#[derive(InputObject)]
pub(crate) struct RescoreMatchInput {
    /// The `id` of a match of the caller, from `matchResume`.
    pub id: ID,
    /// The weights of the components, as in `MatchResumeInput`; by default, those of the match.
    pub weights: Option<MatchWeightsInput>,
    /// Which requirements and skills are must-haves, as in `MatchResumeInput`; by default, as in the match. An empty list
    /// restores what the posting says.
    pub must_have: Option<Vec<MustHaveInput>>,
    /// The ids of gaps of the match to count as shown by the resume, at most 400. Repeated ids count once.
    pub closed_gaps: Option<Vec<ID>>,
}

/// A match that was scored again.
#[derive(Debug, SimpleObject)]
pub(crate) struct RescoredMatch {
    /// The score, 0 to 1: the sum of the contributions of the components.
    pub score: f64,
    /// The components of the score, as in `ResumeMatch`.
    pub components: Vec<ScoreComponent>,
    /// The weights in force.
    pub weights: MatchWeights,
    /// The gaps that are still open, with the score that closing each as well would give: must-haves first, then the
    /// highest score; at most 20.
    pub gaps: Vec<Gap>,
}

impl RescoreMatchInput {
    /// The id and the settings.
    pub(crate) fn into_options(self) -> (ID, RescoreOptions) {
        let must_have = self.must_have.map(|set| set.into_iter().map(Into::into).collect());
        let closed = self.closed_gaps.into_iter().flatten();
        let options = RescoreOptions {
            weights: self.weights.map(Into::into),
            must_have,
            closed_gaps: closed.map(|id| id.0).collect(),
        };
        (self.id, options)
    }
}

impl From<Rescored> for RescoredMatch {
    fn from(result: Rescored) -> Self {
        Self {
            score: result.score,
            components: result.components.into_iter().map(Into::into).collect(),
            weights: result.weights.into(),
            gaps: result.gaps.into_iter().map(Into::into).collect(),
        }
    }
}
