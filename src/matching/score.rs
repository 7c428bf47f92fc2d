//! Scoring: the components with their reasons, computed from the evidence.

use super::degrees::degree_name;
use super::evidence::{Measurement, Pair};
use super::job::{Need, Requirement, WantedSkill};
use super::result::{ComponentKind, ResumeMatch, ScoreComponent};
use super::span::ratio;

/// An addition to the evidence, to compute what it would gain.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Addition {
    /// The posting's skill at this index.
    Skill(usize),
    /// Evidence for the requirement at this index.
    Requirement(usize),
    /// The required years.
    Years,
    /// The required degree.
    Degree,
}

impl<'v, R, J> Pair<'_, R, J>
where
    R: Fn(usize) -> &'v [f32],
    J: Fn(usize) -> Option<&'v [f32]>,
{
    /// The score alone, for rankings.
    pub(super) fn value(&self) -> f64 {
        total(&self.components(&self.measure(&self.pasted()), None))
    }

    pub(super) fn score(&self) -> ResumeMatch {
        let pasted = self.pasted();
        let measured = self.measure(&pasted);
        let components = self.components(&measured, None);
        let score = total(&components);
        self.report(score, components, &measured, &pasted)
    }

    /// The components that apply, as if `added` were shown.
    pub(super) fn components(&self, measured: &Measurement, added: Option<Addition>) -> Vec<ScoreComponent> {
        let parts = &self.weights.components;
        let all = [
            (
                ComponentKind::Skills,
                parts.skills * self.skill_weight(),
                self.skill_score(measured, added),
            ),
            (
                ComponentKind::Requirements,
                parts.requirements,
                self.requirement_score(measured, added),
            ),
            (
                ComponentKind::Experience,
                parts.experience,
                self.experience_score(added),
            ),
            (ComponentKind::Education, parts.education, self.education_score(added)),
            (
                ComponentKind::Occupation,
                parts.occupation,
                self.occupation_score(measured),
            ),
        ];
        let whole: f64 = all
            .iter()
            .filter(|(_, weight, score)| *weight > 0.0 && score.is_some())
            .map(|part| part.1)
            .sum();
        all.into_iter()
            .filter(|(_, weight, _)| *weight > 0.0)
            .filter_map(|(kind, weight, part)| {
                part.map(|(score, reason)| (kind, weight / whole, score * measured.confidence, reason))
            })
            .map(|(kind, weight, score, reason)| ScoreComponent {
                kind,
                score,
                weight,
                contribution: score * weight,
                reason,
            })
            .collect()
    }

    /// One skill characterizes a posting less than ten.
    fn skill_weight(&self) -> f64 {
        let count = ratio(self.job.skills.len(), 1);
        count / (count + self.weights.skills.half_weight_at)
    }

    fn skill_score(&self, measured: &Measurement, added: Option<Addition>) -> Option<(f64, String)> {
        let weight = |wanted: &WantedSkill| {
            if wanted.must {
                self.weights.skills.must
            } else {
                self.weights.skills.nice
            }
        };
        let whole: f64 = self.job.skills.iter().map(weight).sum();
        let have: f64 = (self.job.skills.iter().enumerate())
            .map(|(at, wanted)| weight(wanted) * worth(measured, at, added))
            .sum();
        let shown = measured.skills.iter().filter(|skill| skill.worth > 0.0).count();
        (whole > 0.0).then(|| {
            (
                have / whole,
                format!("{shown} of {} skills shown", self.job.skills.len()),
            )
        })
    }

    fn requirement_score(&self, measured: &Measurement, added: Option<Addition>) -> Option<(f64, String)> {
        let weights = &self.weights.requirements;
        let (mut whole, mut have, mut met) = (0.0, 0.0, 0);
        for (at, one) in self.job.requirements.iter().enumerate() {
            let weight = match one.need {
                Need::Must => weights.must,
                Need::Duty => weights.duty,
                Need::Nice => weights.nice,
            };
            let worth = self.requirement_worth(one, measured, at, added);
            whole += weight;
            have += weight * worth;
            met += usize::from(worth >= weights.met);
        }
        (whole > 0.0).then(|| {
            (
                have / whole,
                format!("{met} of {} requirements met", self.job.requirements.len()),
            )
        })
    }

    /// The degree to which the resume meets a requirement, 0 to 1.
    pub(super) fn requirement_worth(
        &self,
        one: &Requirement,
        measured: &Measurement,
        at: usize,
        added: Option<Addition>,
    ) -> f64 {
        let weights = &self.weights.requirements;
        if added == Some(Addition::Requirement(at)) {
            return 1.0;
        }
        let mut value = measured.evidence[at].worth;
        if !one.skills.is_empty() {
            let shown: f64 = one.skills.iter().map(|&skill| worth(measured, skill, added)).sum();
            value = (1.0 - weights.skill_share) * value + weights.skill_share * shown / ratio(one.skills.len(), 1);
        }
        if let Some(years) = one.years.filter(|years| *years > 0.0) {
            let have = match added {
                Some(Addition::Years) => 1.0,
                _ => (self.resume.years.unwrap_or(0.0) / years).min(1.0),
            };
            value *= 0.5 + 0.5 * have;
        }
        // A degree has a subject, which only the evidence shows.
        if let Some(rank) = one.degree {
            value *= 0.5 + 0.5 * self.degree_worth(rank, one.equivalent, added);
        }
        value
    }

    pub(super) fn degree_worth(&self, asked: u8, equivalent: bool, added: Option<Addition>) -> f64 {
        if added == Some(Addition::Degree) {
            return 1.0;
        }
        let weights = &self.weights.education;
        let short = f64::from(asked.saturating_sub(self.resume.degree));
        let by_degree = (1.0 - short * weights.per_rank).max(0.0);
        let works = self
            .resume
            .years
            .is_some_and(|years| years >= self.job.years().unwrap_or(1.0));
        if equivalent && works {
            by_degree.max(weights.equivalent)
        } else {
            by_degree
        }
    }

    fn experience_score(&self, added: Option<Addition>) -> Option<(f64, String)> {
        let asked = self.job.years().filter(|years| *years > 0.0)?;
        let years = if added == Some(Addition::Years) {
            Some(asked)
        } else {
            self.resume.years
        };
        Some(match years {
            Some(found) => (
                (found / asked).min(1.0),
                format!("{found:.1} years found, {asked} required"),
            ),
            None => (0.0, format!("no dated work found, {asked} years required")),
        })
    }

    fn education_score(&self, added: Option<Addition>) -> Option<(f64, String)> {
        let (rank, equivalent) = self.job.degree()?;
        let found = degree_name(self.resume.degree);
        Some((
            self.degree_worth(rank, equivalent, added),
            format!("{found} found, {} required", degree_name(rank)),
        ))
    }

    /// The similarity of titles and texts, 0 to 1; `None` if neither can be compared.
    pub(super) fn agreement(&self, measured: &Measurement) -> Option<f64> {
        let weights = &self.weights.occupation;
        let title = measured.title.map(|(_, likeness)| weights.similarity.of(likeness));
        let work = measured.work.map(|likeness| weights.work_similarity.of(likeness));
        match (title, work) {
            (Some(title), Some(work)) => Some(weights.title_share * title + (1.0 - weights.title_share) * work),
            (title, work) => title.or(work),
        }
    }

    fn occupation_score(&self, measured: &Measurement) -> Option<(f64, String)> {
        let agreement = self.agreement(measured)?;
        let what = match (measured.title, measured.work) {
            (Some(_), Some(_)) => "job titles and kind of work",
            (Some(_), None) => "job titles",
            _ => "kind of work",
        };
        Some((agreement, format!("similarity of {what}: {agreement:.2}")))
    }
}

fn worth(measured: &Measurement, skill: usize, added: Option<Addition>) -> f64 {
    if added == Some(Addition::Skill(skill)) {
        1.0
    } else {
        measured.skills[skill].worth
    }
}

pub(super) fn total(components: &[ScoreComponent]) -> f64 {
    components
        .iter()
        .map(|component| component.contribution)
        .sum::<f64>()
        .clamp(0.0, 1.0)
}
