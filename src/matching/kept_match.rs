//! A match that is scored again: with gaps closed, other weights or other must-haves. Nothing is read or encoded again.

use std::collections::BTreeSet;

use super::education::HeldDegree;
use super::error::ScoringError;
use super::evidence::Measurement;
use super::gaps::{GapPlace, GapTexts};
use super::job::{Job, Need, Needs, Requirement, SkillGroup, required_degree, required_years};
use super::lexicon::Lexicon;
use super::result::{Gap, MatchWeights, ScoreComponent};
use super::resume::Resume;
use super::score::{ScoreInput, total};
use super::scoring::{ComponentWeights, MustHave, Scoring, Targets, in_force};

/// The maximum number of closed gaps; no posting has more.
const MAX_CLOSED: usize = 400;

/// What a match is scored again from: numbers, and the texts of the posting that name gaps and must-haves. It has no
/// text of the resume.
#[derive(Debug)]
pub struct KeptMatch {
    scoring: Scoring,
    requirements: Vec<Requirement>,
    groups: Vec<SkillGroup>,
    /// The must-haves that the posting states.
    stated: Needs,
    targets: Targets,
    measured: Measurement,
    years: Option<f64>,
    degrees: Vec<HeldDegree>,
    texts: GapTexts,
}

/// The settings with which a match is scored again.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RescoreOptions {
    /// The weights of the components; `None` for those of the match.
    pub weights: Option<ComponentWeights>,
    /// Which requirements and skills are must-haves, where it differs from what the posting says; `None` for those of
    /// the match.
    pub must_have: Option<Vec<MustHave>>,
    /// The ids of gaps that count as shown by the resume; at most 400.
    pub closed_gaps: Vec<String>,
}

/// A match that was scored again.
#[derive(Debug, Clone, PartialEq)]
pub struct RescoredMatch {
    /// The score, 0 to 1: the sum of the contributions of the components.
    pub score: f64,
    /// The components that apply to this pair.
    pub components: Vec<ScoreComponent>,
    /// The weights in force.
    pub weights: MatchWeights,
    /// The gaps that are still open, must-haves first, then the highest gain; at most 20.
    pub gaps: Vec<Gap>,
}

impl KeptMatch {
    pub(super) fn new(resume: &Resume, job: &Job, scoring: Scoring, mut measured: Measurement) -> Self {
        for skill in &mut measured.skills {
            skill.places = Vec::new();
        }
        Self {
            requirements: job.requirements.clone(),
            groups: job.groups.clone(),
            stated: job.stated.clone().unwrap_or_else(|| job.needs()),
            targets: Targets::of(job),
            measured,
            years: resume.years,
            degrees: resume.degrees.clone(),
            texts: GapTexts::new(resume, job, &scoring.digest()),
            scoring,
        }
    }

    /// Scores the match again.
    ///
    /// # Errors
    /// As [`Scoring::new`] and [`Scoring::apply`], or an id is not one of a gap of this match.
    pub fn rescore(&self, lexicon: &Lexicon, options: &RescoreOptions) -> Result<RescoredMatch, ScoringError> {
        let found = options.closed_gaps.len();
        if found > MAX_CLOSED {
            return Err(ScoringError::TooManyClosed {
                maximum: MAX_CLOSED,
                found,
            });
        }
        let must_have = options.must_have.as_deref();
        let scoring = self.scoring.changed(lexicon, options.weights.as_ref(), must_have)?;
        let needs = scoring.needs(&self.stated, &self.targets, &self.requirements, &self.groups)?;
        let (requirements, groups) = self.needing(&needs);
        let mut input = self.input(&scoring, &requirements, &groups);
        let open = input.open_gaps();
        let closable = self.closable(&scoring, open);
        for (index, id) in options.closed_gaps.iter().enumerate() {
            let named = closable.iter().find(|(known, _)| known == id);
            let (_, gap) = named.ok_or(ScoringError::NotAGap { index })?;
            input.closed.insert(input.closing(*gap));
        }
        let components = input.components(None);
        let score = total(&components);
        Ok(RescoredMatch {
            score,
            gaps: input.gaps(score, &self.texts),
            components,
            weights: in_force(&scoring.weights, &scoring.overrides),
        })
    }

    /// The gaps with their ids: those that are open, and those that other must-haves would open, so that an id stays
    /// valid when must-haves change.
    fn closable(&self, scoring: &Scoring, mut open: Vec<GapPlace>) -> Vec<(String, GapPlace)> {
        let all_must = Needs {
            requirements: vec![Need::Must; self.requirements.len()],
            skills: vec![true; self.stated.skills.len()],
            groups: vec![true; self.groups.len()],
        };
        let (requirements, groups) = self.needing(&all_must);
        let all = self.input(scoring, &requirements, &groups).open_gaps();
        open.extend(all);
        open.into_iter().map(|gap| (self.texts.id(gap), gap)).collect()
    }

    /// The requirements and groups of skills with these must-haves.
    fn needing(&self, needs: &Needs) -> (Vec<Requirement>, Vec<SkillGroup>) {
        let (mut requirements, mut groups) = (self.requirements.clone(), self.groups.clone());
        for (one, need) in requirements.iter_mut().zip(&needs.requirements) {
            one.need = *need;
        }
        for (one, must) in groups.iter_mut().zip(&needs.groups) {
            one.must = *must;
        }
        (requirements, groups)
    }

    fn input<'a>(
        &'a self,
        scoring: &'a Scoring,
        requirements: &'a [Requirement],
        groups: &'a [SkillGroup],
    ) -> ScoreInput<'a> {
        ScoreInput {
            weights: &scoring.weights,
            groups,
            requirements,
            required_years: required_years(requirements),
            required_degree: required_degree(requirements),
            measured: &self.measured,
            years: self.years,
            degrees: &self.degrees,
            closed: BTreeSet::new(),
        }
    }

    /// The approximate size in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let indices = |groups: &[Vec<usize>]| {
            groups
                .iter()
                .map(|group| size_of_val(group) + group.len() * 8)
                .sum::<usize>()
        };
        let requirements = self.requirements.iter();
        let requirements: usize = requirements.map(|one| size_of_val(one) + indices(&one.skills)).sum();
        let groups: usize = self
            .groups
            .iter()
            .map(|one| size_of_val(one) + one.skills.len() * 8)
            .sum();
        let overrides: usize = self.scoring.overrides.iter().map(|(text, _)| text.len() + 32).sum();
        size_of::<Self>()
            + requirements
            + groups
            + overrides
            + size_of_val(&*self.degrees)
            + size_of_val(&*self.measured.evidence)
            + size_of_val(&*self.measured.skills)
            + self.targets.bytes()
            + self.texts.bytes()
    }
}

#[cfg(test)]
mod tests;
