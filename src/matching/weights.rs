//! Weights and thresholds, as `models/matching/model.toml` has them and no code; the card says which are fitted and which
//! are set by hand.

use std::path::Path;

use serde::Deserialize;

use super::error::LexiconError;
use super::similarity::Mix;

/// Everything about a score that can be tuned.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Weights {
    pub(super) components: Components,
    pub(super) requirements: RequirementWeights,
    pub(super) skills: SkillWeights,
    pub(super) education: EducationWeights,
    pub(super) occupation: OccupationWeights,
    pub(super) text: TextLimits,
}

/// What each component weighs before those that do not apply drop out.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Components {
    pub(super) skills: f64,
    pub(super) requirements: f64,
    pub(super) experience: f64,
    pub(super) education: f64,
    pub(super) occupation: f64,
}

/// A likeness at most `low` is worth nothing, one of at least `high` everything.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ramp {
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Ramp {
    /// Cuts nothing off.
    pub(super) const OPEN: Self = Self { low: -1.0, high: 2.0 };

    pub(super) fn of(self, likeness: f64) -> f64 {
        ((likeness - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RequirementWeights {
    /// How a requirement is compared with a sentence.
    pub(super) likeness: Mix,
    pub(super) similarity: Ramp,
    /// The worth from which a requirement is met.
    pub(super) met: f64,
    /// What a list is worth as evidence, beside a sentence that says what was done.
    pub(super) listed: f64,
    /// How much the skills that a requirement names say beside its similarity.
    pub(super) skill_share: f64,
    pub(super) must: f64,
    pub(super) duty: f64,
    pub(super) nice: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SkillWeights {
    /// How likely it must be that a label is a skill where it stands in running text.
    pub(super) mention: f64,
    /// How a skill's label is compared with a sentence.
    pub(super) likeness: Mix,
    /// The likeness of a skill's label and a sentence from which the sentence speaks of the skill.
    pub(super) near: Ramp,
    /// What a skill is worth that is only named in a list.
    pub(super) listed: f64,
    pub(super) must: f64,
    pub(super) nice: f64,
    /// Skills with which the component has half its weight.
    pub(super) half_weight_at: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EducationWeights {
    /// What each missing rank costs.
    pub(super) per_rank: f64,
    /// The worth of work where the posting takes it in place of a degree.
    pub(super) equivalent: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OccupationWeights {
    /// How titles are compared.
    pub(super) likeness: Mix,
    /// What all titles of a side together count beside the nearest of them.
    pub(super) together: f64,
    pub(super) similarity: Ramp,
    /// How all that is asked for is compared with all that is told.
    pub(super) work_likeness: Mix,
    pub(super) work_similarity: Ramp,
    /// What the titles count where both sides have one; the rest is the work's.
    pub(super) title_share: f64,
}

impl OccupationWeights {
    /// How alike a title is to others that all name one occupation, from the nearest of them and all together.
    pub(super) fn of_titles(&self, nearest: f32, together: f32) -> f32 {
        #[expect(clippy::cast_possible_truncation, reason = "likeness is as exact as the vectors are")]
        let share = self.together as f32;
        (nearest + share * together) / (1.0 + share)
    }

    /// The same with a part of the comparison of titles taken away.
    pub(super) fn ablations(&self) -> [(&'static str, Self); 2] {
        let (mut meaning, mut nearest) = (self.clone(), self.clone());
        meaning.likeness.words = 0.0;
        nearest.together = 0.0;
        [
            ("ours without shared words", meaning),
            ("ours without labels taken together", nearest),
        ]
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextLimits {
    /// Words of a resume, and of a posting, from which a score is confident.
    pub(super) resume_words: usize,
    pub(super) job_words: usize,
    /// The most sentences read of a resume, and requirements and skills read of a posting.
    pub(super) resume_sentences: usize,
    pub(super) job_requirements: usize,
    pub(super) job_skills: usize,
    /// Words in a row that all come from the posting and make a paste.
    pub(super) paste_run: usize,
}

#[derive(Deserialize)]
struct File {
    weights: Weights,
}

impl Weights {
    pub(super) fn open(path: &Path) -> Result<Self, LexiconError> {
        let fail = |reason: String| LexiconError {
            path: path.to_owned(),
            reason,
        };
        let text = std::fs::read_to_string(path).map_err(|cause| fail(cause.to_string()))?;
        Self::parse(&text).map_err(fail)
    }

    fn parse(text: &str) -> Result<Self, String> {
        let weights = toml::from_str::<File>(text).map_err(|cause| cause.to_string())?.weights;
        weights.check()?;
        Ok(weights)
    }

    /// Whether a score can be made with them.
    pub(super) fn check(&self) -> Result<(), String> {
        let parts = &self.components;
        let all = [
            parts.skills,
            parts.requirements,
            parts.experience,
            parts.education,
            parts.occupation,
        ];
        if !all.iter().all(|weight| weight.is_finite() && *weight >= 0.0) || all.iter().sum::<f64>() <= 0.0 {
            return Err("weights.components must be positive numbers".to_owned());
        }
        for ramp in [
            self.requirements.similarity,
            self.skills.near,
            self.occupation.similarity,
            self.occupation.work_similarity,
        ] {
            if ramp.low.partial_cmp(&ramp.high) != Some(std::cmp::Ordering::Less) {
                return Err(format!("a ramp must rise, not go from {} to {}", ramp.low, ramp.high));
            }
        }
        Ok(())
    }

    /// The same with a part of the score taken away.
    pub(super) fn ablations(&self) -> [(&'static str, Self); 3] {
        [
            (
                "ours without skills",
                self.but(|weights| {
                    weights.components.skills = 0.0;
                    weights.requirements.skill_share = 0.0;
                }),
            ),
            (
                "ours without the work as a whole",
                self.but(|weights| weights.components.occupation = 0.0),
            ),
            (
                "ours without evidence by sentence",
                self.but(|weights| weights.components.requirements = 0.0),
            ),
        ]
    }

    /// The same with a part of the comparison of sentences and of works taken away.
    pub(super) fn likeness_ablations(&self) -> [(&'static str, Self); 2] {
        [
            (
                "ours without shared words",
                self.but(|weights| {
                    weights.requirements.likeness.words = 0.0;
                    weights.occupation.work_likeness.words = 0.0;
                }),
            ),
            (
                "ours without local scaling",
                self.but(|weights| {
                    weights.requirements.likeness.crowd = 0.0;
                    weights.occupation.work_likeness.crowd = 0.0;
                }),
            ),
        ]
    }

    fn but(&self, change: fn(&mut Self)) -> Self {
        let mut weights = self.clone();
        change(&mut weights);
        weights
    }
}

#[cfg(test)]
impl Default for Weights {
    /// Those shipped.
    fn default() -> Self {
        Self::parse(include_str!("../../models/matching/model.toml")).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_is_refused() {
        let shipped = include_str!("../../models/matching/model.toml");
        assert!(Weights::parse(shipped).is_ok());
        assert!(Weights::parse("").is_err());
        assert!(Weights::parse(&shipped.replace("low = ", "low = 9")).is_err());
        assert!(Weights::parse(&format!("{shipped}\n[weights.unknown]\n")).is_err());
    }
}
