//! Weights and thresholds, loaded from `models/matching/model.toml`. The card states which are fitted and which are set
//! manually.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::error::LexiconError;
use super::similarity::Mix;

/// All tunable parameters of a score.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Weights {
    pub(super) components: Components,
    pub(super) requirements: RequirementWeights,
    pub(super) skills: SkillWeights,
    pub(super) experience: ExperienceWeights,
    pub(super) education: EducationWeights,
    pub(super) occupation: OccupationWeights,
    pub(super) text: TextLimits,
}

/// The weights of the components, before those that do not apply are dropped.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Components {
    pub(super) skills: f64,
    pub(super) requirements: f64,
    pub(super) experience: f64,
    pub(super) education: f64,
    pub(super) occupation: f64,
}

impl Components {
    /// The weights in the order of the fields.
    pub(super) fn all(&self) -> [f64; 5] {
        [
            self.skills,
            self.requirements,
            self.experience,
            self.education,
            self.occupation,
        ]
    }

    /// The same weights with the sum 1, each rounded to 12 decimals so that equal proportions give equal numbers.
    pub(super) fn normalized(&self) -> Self {
        let sum: f64 = self.all().iter().sum();
        let share = |weight: f64| {
            let share = if sum > 0.0 { weight / sum } else { weight };
            (share * 1e12).round() / 1e12
        };
        Self {
            skills: share(self.skills),
            requirements: share(self.requirements),
            experience: share(self.experience),
            education: share(self.education),
            occupation: share(self.occupation),
        }
    }
}

/// A piecewise linear function: 0 up to `low`, 1 from `high`.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ramp {
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Ramp {
    /// Does not clip.
    pub(super) const OPEN: Self = Self { low: -1.0, high: 2.0 };

    pub(super) fn of(self, likeness: f64) -> f64 {
        ((likeness - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// The similarity that is worth this share.
    pub(super) fn at(self, share: f64) -> f64 {
        self.low + (self.high - self.low) * share
    }
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RequirementWeights {
    /// The comparison of a requirement with a sentence.
    pub(super) likeness: Mix,
    pub(super) similarity: Ramp,
    /// As `similarity`, of a line that is nice to have.
    pub(super) extra: Ramp,
    /// The score from which a requirement is met.
    pub(super) met: f64,
    /// The credit of a list as evidence, relative to a description.
    pub(super) listed: f64,
    /// The share of a requirement's score that depends on the years that it asks for.
    pub(super) years: f64,
    /// The share of the named skills in a requirement's score.
    pub(super) skill_share: f64,
    /// The weight of the average of the tasks that a requirement lists; the rest is that of the best task.
    pub(super) all_tasks: f64,
    /// The credit of a sentence about a line that names a licence or a product besides, which the resume does not name.
    pub(super) unheld: f64,
    pub(super) must: f64,
    pub(super) duty: f64,
    pub(super) nice: f64,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SkillWeights {
    /// The probability from which a label in running text counts as a skill.
    pub(super) mention: f64,
    /// The comparison of a skill's label with a sentence.
    pub(super) likeness: Mix,
    /// The similarity from which a sentence describes a skill.
    pub(super) near: Ramp,
    /// The credit of a line from which its evidence shows a skill that the line names.
    pub(super) shown: f64,
    /// The credit of a skill that is only named in a list.
    pub(super) listed: f64,
    pub(super) must: f64,
    pub(super) nice: f64,
    /// The number of skills at which the component has half its weight.
    pub(super) half_weight_at: f64,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExperienceWeights {
    /// The mean credit of a job for what is asked from which its years count in full.
    pub(super) relevant: f64,
    /// The share of the years of those who learned or helped, and of those new in the occupation.
    pub(super) learner: f64,
    pub(super) beginner: f64,
    /// The credit of what they did as evidence.
    pub(super) learner_evidence: f64,
    pub(super) beginner_evidence: f64,
    /// The credit of a title that no job has.
    pub(super) headline: f64,
    /// The share of the words of a specialty that the resume names.
    pub(super) specialty: Ramp,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EducationWeights {
    /// The cost of each missing rank.
    pub(super) per_rank: f64,
    /// The credit of experience that is accepted in place of a degree.
    pub(super) equivalent: f64,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OccupationWeights {
    /// The comparison of titles.
    pub(super) likeness: Mix,
    /// The weight of all titles of a side together, beside the most similar one.
    pub(super) together: f64,
    pub(super) similarity: Ramp,
    /// The comparison of whole texts.
    pub(super) work_likeness: Mix,
    pub(super) work_similarity: Ramp,
    /// The share of titles if both sides have one; the rest is that of whole texts.
    pub(super) title_share: f64,
    /// The similarity from which years in one occupation count in full for the other.
    pub(super) agrees: f64,
    /// The similarity from which similar sentences are evidence in full.
    pub(super) familiar: f64,
}

impl OccupationWeights {
    /// The similarity of a title to the titles of one occupation, from the most similar one and all together.
    pub(super) fn of_titles(&self, nearest: f32, together: f32) -> f32 {
        #[expect(clippy::cast_possible_truncation, reason = "likeness is as exact as the vectors are")]
        let share = self.together as f32;
        (nearest + share * together) / (1.0 + share)
    }

    /// The weights without one part of the comparison of titles.
    pub(super) fn ablations(&self) -> [(&'static str, Self); 2] {
        let (mut meaning, mut nearest) = (self.clone(), self.clone());
        meaning.likeness.words = 0.0;
        nearest.together = 0.0;
        [
            ("ablation: without shared words", meaning),
            ("ablation: without the mean of all labels", nearest),
        ]
    }
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextLimits {
    /// The numbers of words of a resume and of a posting from which a score is fully confident.
    pub(super) resume_words: usize,
    pub(super) job_words: usize,
    /// The maximum number of sentences of a resume, and of requirements and skills of a posting.
    pub(super) resume_sentences: usize,
    pub(super) job_requirements: usize,
    pub(super) job_skills: usize,
    /// The number of consecutive words of the posting that count as copied.
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
        let mut weights = toml::from_str::<File>(text).map_err(|cause| cause.to_string())?.weights;
        weights.check()?;
        weights.components = weights.components.normalized();
        Ok(weights)
    }

    /// Whether the weights are valid.
    pub(super) fn check(&self) -> Result<(), String> {
        let all = self.components.all();
        if !all.iter().all(|weight| weight.is_finite() && *weight >= 0.0) || all.iter().sum::<f64>() <= 0.0 {
            return Err("weights.components must be positive numbers".to_owned());
        }
        for ramp in [
            self.requirements.similarity,
            self.requirements.extra,
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

    /// The weights without one part of the score.
    pub(super) fn ablations(&self) -> [(&'static str, Self); 3] {
        [
            (
                "ablation: without skills",
                self.but(|weights| {
                    weights.components.skills = 0.0;
                    weights.requirements.skill_share = 0.0;
                }),
            ),
            (
                "ablation: without whole-document similarity",
                self.but(|weights| weights.components.occupation = 0.0),
            ),
            (
                "ablation: without sentence-level evidence",
                self.but(|weights| weights.components.requirements = 0.0),
            ),
        ]
    }

    /// The weights without one part of the comparison of sentences and whole texts.
    pub(super) fn likeness_ablations(&self) -> [(&'static str, Self); 2] {
        [
            (
                "ablation: without shared words",
                self.but(|weights| {
                    weights.requirements.likeness.words = 0.0;
                    weights.occupation.work_likeness.words = 0.0;
                }),
            ),
            (
                "ablation: without local scaling",
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
    /// The shipped weights.
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
