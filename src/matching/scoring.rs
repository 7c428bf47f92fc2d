//! What a caller can set about a score: the weights of its components, and which requirements and skills are
//! must-haves. A digest identifies the settings, so that reports can be compared.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::error::ScoringError;
use super::job::{Job, Need, Needs, Requirement, SkillGroup};
use super::lexicon::Lexicon;
use super::result::MatchWeights;
use super::weights::{Components, Weights};
use crate::text::one_line;

/// The largest weight of a component.
const MAX_WEIGHT: f64 = 1000.0;
/// The maximum number of overrides.
const MAX_OVERRIDES: usize = 100;

/// The settings of a score; the default is the shipped ones.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ScoringOptions {
    /// The weights of the components.
    pub weights: ComponentWeights,
    /// Which requirements and skills are must-haves; at most 100.
    pub must_have: Vec<MustHave>,
}

/// Weights by component, 0 to 1000. `None` keeps the shipped weight. They are scaled to the sum 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ComponentWeights {
    /// The weight of the skills.
    pub skills: Option<f64>,
    /// The weight of the requirements.
    pub requirements: Option<f64>,
    /// The weight of the years of experience.
    pub experience: Option<f64>,
    /// The weight of the degree.
    pub education: Option<f64>,
    /// The weight of the occupation.
    pub occupation: Option<f64>,
}

/// Whether a requirement or skill of the posting is a must-have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MustHave {
    /// The text of the requirement, or the label of the skill, as in a match with the same posting. Case and white
    /// space do not matter.
    pub text: String,
    /// Whether it is a must-have; otherwise it is a nice-to-have.
    pub must_have: bool,
}

/// Validated settings. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Scoring {
    pub(super) weights: Arc<Weights>,
    /// Normalized texts, each with whether it is a must-have, in the caller's order.
    pub(super) overrides: Arc<[(String, bool)]>,
}

impl Scoring {
    /// The shipped settings.
    #[must_use]
    pub fn shipped(lexicon: &Lexicon) -> Self {
        Self {
            weights: Arc::clone(&lexicon.weights),
            overrides: Arc::default(),
        }
    }

    /// Validates the settings.
    ///
    /// # Errors
    /// A weight is out of range or all are 0, or there are too many overrides.
    pub fn new(lexicon: &Lexicon, options: &ScoringOptions) -> Result<Self, ScoringError> {
        let found = options.must_have.len();
        if found > MAX_OVERRIDES {
            return Err(ScoringError::TooManyOverrides {
                maximum: MAX_OVERRIDES,
                found,
            });
        }
        let overrides = options.must_have.iter().map(|one| (key(&one.text), one.must_have));
        let mut scoring = Self {
            overrides: overrides.collect(),
            ..Self::shipped(lexicon)
        };
        if options.weights != ComponentWeights::default() {
            let mut weights = Weights::clone(&lexicon.weights);
            weights.components = replaced(&weights.components, &options.weights)?;
            scoring.weights = Arc::new(weights);
        }
        Ok(scoring)
    }

    /// The digest of [`MatchWeights`].
    #[must_use]
    pub fn digest(&self) -> String {
        in_force(&self.weights, &self.overrides).digest
    }

    /// Sets which requirements and skills of the posting are must-haves. A skill follows the requirements that name it
    /// unless it is set itself.
    ///
    /// # Errors
    /// A text is not one of a requirement or skill of the posting, or two overrides contradict each other.
    pub fn apply(&self, job: &mut Job) -> Result<(), ScoringError> {
        if self.overrides.is_empty() {
            return Ok(());
        }
        let stated = job.needs();
        let needs = self.needs(&stated, &Targets::of(job), &job.requirements, &job.groups)?;
        let requirements = job.requirements.iter_mut().zip(needs.requirements);
        requirements.for_each(|(one, need)| one.need = need);
        job.skills
            .iter_mut()
            .zip(needs.skills)
            .for_each(|(one, must)| one.must = must);
        job.groups
            .iter_mut()
            .zip(needs.groups)
            .for_each(|(one, must)| one.must = must);
        job.stated = Some(stated);
        job.overrides = self.overrides.to_vec();
        Ok(())
    }

    /// The must-haves of a posting with the overrides, from those that it states.
    ///
    /// # Errors
    /// As [`Self::apply`].
    pub(super) fn needs(
        &self,
        stated: &Needs,
        targets: &Targets,
        requirements: &[Requirement],
        groups: &[SkillGroup],
    ) -> Result<Needs, ScoringError> {
        let mut needs = stated.clone();
        if self.overrides.is_empty() {
            return Ok(needs);
        }
        let mut set: HashMap<Target, (usize, bool)> = HashMap::new();
        for (index, (text, must)) in self.overrides.iter().enumerate() {
            let found = targets.0.get(text).ok_or(ScoringError::NotInPosting { index })?;
            for target in found {
                match set.insert(*target, (index, *must)) {
                    Some((other, before)) if before != *must => {
                        return Err(ScoringError::Contradiction { index, other });
                    }
                    _ => {}
                }
            }
        }
        let mut follows = vec![false; needs.skills.len()];
        for (at, requirement) in requirements.iter().enumerate() {
            if let Some((_, must)) = set.get(&Target::Requirement(at)) {
                needs.requirements[at] = if *must { Need::Must } else { Need::Nice };
                requirement
                    .skills
                    .iter()
                    .flatten()
                    .for_each(|&skill| follows[skill] = true);
            }
        }
        for (at, follows) in follows.into_iter().enumerate() {
            if let Some((_, must)) = set.get(&Target::Skill(at)) {
                needs.skills[at] = *must;
            } else if follows {
                let names = |one: &Requirement| one.skills.iter().flatten().any(|&skill| skill == at);
                let mut all = requirements.iter().zip(&needs.requirements);
                needs.skills[at] = all.any(|(one, need)| names(one) && *need == Need::Must);
            }
        }
        for (group, must) in groups.iter().zip(&mut needs.groups) {
            *must = group.skills.iter().any(|&skill| needs.skills[skill]);
        }
        Ok(needs)
    }

    /// These settings with the given parts replaced.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub(super) fn changed(
        &self,
        lexicon: &Lexicon,
        weights: Option<&ComponentWeights>,
        must_have: Option<&[MustHave]>,
    ) -> Result<Self, ScoringError> {
        let set = Self::new(
            lexicon,
            &ScoringOptions {
                weights: weights.copied().unwrap_or_default(),
                must_have: must_have.unwrap_or_default().to_vec(),
            },
        )?;
        Ok(Self {
            weights: weights.map_or_else(|| Arc::clone(&self.weights), |_| set.weights),
            overrides: must_have.map_or_else(|| Arc::clone(&self.overrides), |_| set.overrides),
        })
    }
}

/// A requirement or skill of a posting, by index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Target {
    Requirement(usize),
    Skill(usize),
}

/// The requirements and skills of a posting by their texts.
#[derive(Debug, Default)]
pub(super) struct Targets(HashMap<String, Vec<Target>>);

impl Targets {
    pub(super) fn of(job: &Job) -> Self {
        let written = |bytes| key(&job.utf16.span(&job.text, bytes).text);
        let mut targets = Self(HashMap::new());
        for (at, requirement) in job.requirements.iter().enumerate() {
            targets.add(written(&requirement.bytes), Target::Requirement(at));
        }
        for (at, wanted) in job.skills.iter().enumerate() {
            targets.add(key(&wanted.label), Target::Skill(at));
            for bytes in &wanted.places {
                targets.add(written(bytes), Target::Skill(at));
            }
        }
        targets
    }

    /// The size of the texts and indices in bytes.
    pub(super) fn bytes(&self) -> usize {
        let bytes = |(text, targets): (&String, &Vec<Target>)| text.len() + size_of_val(targets.as_slice());
        let entry = size_of::<(String, Vec<Target>)>();
        self.0.iter().map(bytes).sum::<usize>() + entry * self.0.capacity()
    }

    fn add(&mut self, key: String, target: Target) {
        let targets = self.0.entry(key).or_default();
        if !targets.contains(&target) {
            targets.push(target);
        }
    }
}

fn key(text: &str) -> String {
    one_line(text).to_lowercase()
}

fn replaced(shipped: &Components, set: &ComponentWeights) -> Result<Components, ScoringError> {
    let weight = |component, set: Option<f64>, shipped| match set {
        Some(weight) if !(0.0..=MAX_WEIGHT).contains(&weight) => Err(ScoringError::Weight {
            component,
            maximum: MAX_WEIGHT,
        }),
        // -0 is 0.
        Some(weight) => Ok(weight.abs()),
        None => Ok(shipped),
    };
    let components = Components {
        skills: weight("skills", set.skills, shipped.skills)?,
        requirements: weight("requirements", set.requirements, shipped.requirements)?,
        experience: weight("experience", set.experience, shipped.experience)?,
        education: weight("education", set.education, shipped.education)?,
        occupation: weight("occupation", set.occupation, shipped.occupation)?,
    };
    let components = components.normalized();
    if components.all().iter().all(|weight| *weight == 0.0) {
        return Err(ScoringError::AllZero);
    }
    Ok(components)
}

/// The weights in force, with the digest of everything that is set: weights, thresholds and overrides.
pub(super) fn in_force(weights: &Weights, overrides: &[(String, bool)]) -> MatchWeights {
    #[derive(Serialize)]
    struct Canonical<'a> {
        weights: Weights,
        must_have: &'a [(String, bool)],
    }
    let mut must_have = overrides.to_vec();
    must_have.sort_unstable();
    must_have.dedup();
    let components = weights.components.normalized();
    let canonical = Canonical {
        weights: Weights {
            components: components.clone(),
            ..weights.clone()
        },
        must_have: &must_have,
    };
    // Numbers are written in their shortest form that reads back exactly, and fields in the order of their declaration.
    let canonical = serde_json::to_vec(&canonical).unwrap_or_default();
    let digest = Sha256::digest(canonical);
    MatchWeights {
        skills: components.skills,
        requirements: components.requirements,
        experience: components.experience,
        education: components.education,
        occupation: components.occupation,
        digest: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}

#[cfg(test)]
mod tests;
