//! Scoring: the components with their reasons, computed from the evidence.

use std::collections::BTreeSet;

use super::degrees::{degree_name, fields};
use super::education::{self, HeldDegree};
use super::evidence::Measurement;
use super::job::{AskedDegree, Need, Requirement, SkillGroup};
use super::result::{ComponentKind, ScoreComponent};
use super::span::ratio;
use super::weights::Weights;

/// The worth from which a condition counts as shown.
const SURE: f64 = 0.7;
/// The least worth of a line that asks for products first of all, if the resume names them.
const NAMED: f64 = 0.5;
/// The share of the worth from which a requirement is met, for another class or level of the licence.
const LOWER: f64 = 0.4;

/// An addition to the evidence, to compute what it would gain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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

/// The judgement of a requirement.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judgement {
    /// The degree to which it is met, 0 to 1.
    pub(super) worth: f64,
    pub(super) met: bool,
}

/// What is said of a degree in another subject than those asked for.
pub(super) const OTHER_SUBJECT: &str = " in another subject";

/// What degrees are worth where one is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct DegreeStanding {
    /// The credit for level and subject, 0 to 1.
    pub(super) worth: f64,
    /// That for the subject; `None` if it cannot be told.
    pub(super) subject: Option<f64>,
    /// The index of the degree with this level and subject.
    pub(super) shown_by: Option<usize>,
}

impl DegreeStanding {
    /// Whether the degree has another subject than those asked for.
    pub(super) fn is_other(self) -> bool {
        self.subject.is_some_and(|credit| credit < fields::NEAR)
    }
}

/// Everything that a score is computed from: what the posting asks for and the evidence in the resume, without texts.
pub(super) struct ScoreInput<'a> {
    pub(super) weights: &'a Weights,
    pub(super) groups: &'a [SkillGroup],
    pub(super) requirements: &'a [Requirement],
    pub(super) required_years: Option<f64>,
    pub(super) required_degree: Option<&'a AskedDegree>,
    pub(super) measured: &'a Measurement,
    /// The years found in the resume.
    pub(super) years: Option<f64>,
    /// The degrees of the resume.
    pub(super) degrees: &'a [HeldDegree],
    /// What counts as shown, although the resume does not show it.
    pub(super) closed: BTreeSet<Addition>,
}

impl ScoreInput<'_> {
    /// The score, as if `added` were shown.
    pub(super) fn score(&self, added: Option<Addition>) -> f64 {
        total(&self.parts(added, false))
    }

    /// Whether this counts as shown, although the resume does not show it.
    pub(super) fn is_added(&self, addition: Addition, added: Option<Addition>) -> bool {
        added == Some(addition) || self.closed.contains(&addition)
    }

    /// The components that apply, as if `added` were shown.
    pub(super) fn components(&self, added: Option<Addition>) -> Vec<ScoreComponent> {
        self.parts(added, true)
    }

    /// As [`Self::components`]; `told` is set if the reasons are wanted.
    fn parts(&self, added: Option<Addition>, told: bool) -> Vec<ScoreComponent> {
        let parts = &self.weights.components;
        let all = [
            (
                ComponentKind::Skills,
                parts.skills * self.skill_weight(),
                self.skill_score(added, told),
            ),
            (
                ComponentKind::Requirements,
                parts.requirements,
                self.requirement_score(added, told),
            ),
            (
                ComponentKind::Experience,
                parts.experience,
                self.experience_score(added, told),
            ),
            (
                ComponentKind::Education,
                parts.education,
                self.education_score(added, told),
            ),
            (ComponentKind::Occupation, parts.occupation, self.occupation_score(told)),
        ];
        let whole: f64 = all
            .iter()
            .filter(|(_, weight, score)| *weight > 0.0 && score.is_some())
            .map(|part| part.1)
            .sum();
        all.into_iter()
            .filter(|(_, weight, _)| *weight > 0.0)
            .filter_map(|(kind, weight, part)| {
                part.map(|(score, reason)| (kind, weight / whole, score * self.measured.confidence, reason))
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
        let count = ratio(self.groups.len(), 1);
        count / (count + self.weights.skills.half_weight_at)
    }

    fn skill_score(&self, added: Option<Addition>, told: bool) -> Option<(f64, String)> {
        let weights = &self.weights.skills;
        let (mut whole, mut have, mut shown) = (0.0, 0.0, 0);
        for group in self.groups {
            let weight = if group.must { weights.must } else { weights.nice };
            let worth = self.group_worth(&group.skills, added);
            whole += weight;
            have += weight * worth;
            shown += usize::from(worth > 0.0);
        }
        let reason = || format!("{shown} of {} skills shown", self.groups.len());
        (whole > 0.0).then(|| (have / whole, if_told(told, reason)))
    }

    /// The number of skills shown, of alternatives one, and of those that the posting names.
    pub(super) fn skills_shown(&self) -> (usize, usize) {
        let groups = self.groups;
        let shown = groups
            .iter()
            .filter(|group| self.group_worth(&group.skills, None) > 0.0);
        (shown.count(), groups.len())
    }

    fn requirement_score(&self, added: Option<Addition>, told: bool) -> Option<(f64, String)> {
        let weights = &self.weights.requirements;
        let (mut whole, mut have, mut met, mut count) = (0.0, 0.0, 0, 0);
        for (at, one) in self.requirements.iter().enumerate() {
            let Some(judged) = self.judge(one, at, added) else {
                continue;
            };
            let weight = match one.need {
                Need::Must => weights.must,
                Need::Duty => weights.duty,
                Need::Nice => weights.nice,
            };
            whole += weight;
            have += weight * judged.worth;
            met += usize::from(judged.met);
            count += 1;
        }
        let reason = || format!("{met} of {count} requirements met");
        (whole > 0.0).then(|| (have / whole, if_told(told, reason)))
    }

    /// The degree to which the resume meets a requirement, and whether that suffices. Every figure and every statement
    /// about a requirement is computed from it. `None` for a condition that is not shown: resumes seldom show them. One
    /// that is shown counts in full, so that showing it never lowers the score.
    pub(super) fn judge(&self, one: &Requirement, at: usize, added: Option<Addition>) -> Option<Judgement> {
        let judged = self.judge_shown(one, at, added);
        match (one.counts_if_shown(), judged.met) {
            (true, true) if judged.worth >= SURE => Some(Judgement { worth: 1.0, met: true }),
            (true, _) => None,
            (false, _) => Some(judged),
        }
    }

    fn judge_shown(&self, one: &Requirement, at: usize, added: Option<Addition>) -> Judgement {
        if self.is_added(Addition::Requirement(at), added) {
            return Judgement { worth: 1.0, met: true };
        }
        let weights = &self.weights.requirements;
        let support = self.measured.evidence[at].worth;
        let shown = (!one.skills.is_empty()).then(|| {
            let shown: f64 = one.skills.iter().map(|group| self.group_worth(group, added)).sum();
            shown / ratio(one.skills.len(), 1)
        });
        let mut worth = match shown {
            // The evidence for a licence is exact, as a name is.
            Some(shown) if one.only_skills && one.licence.is_some() => shown.max(support),
            Some(shown) if one.only_skills => shown,
            Some(shown) => support.max((1.0 - weights.skill_share) * support + weights.skill_share * shown),
            None => support,
        };
        let mut enough = true;
        if !one.names.is_empty() {
            let all = one.names.iter().all(|group| self.group_worth(group, added) > 0.0);
            // Of several languages each is needed; a sentence may show all licences together.
            let by_sentence = one.licence.as_ref().is_some_and(|licence| licence.only);
            enough &= !one.exact || all || by_sentence && support >= weights.met;
            if one.only_skills {
                // A name in a list says little of what was done, but it is what the line asks for.
                worth = if all { worth.max(weights.met) } else { worth };
            } else {
                let shown: f64 = one.names.iter().map(|group| self.group_worth(group, added)).sum();
                let shown = shown / ratio(one.names.len(), 1);
                // A licence that a sentence names has the credit of the sentence.
                let named = if by_sentence { shown.max(support) } else { shown };
                worth = if one.exact {
                    named
                } else {
                    worth.max(NAMED * named) * (weights.unheld + (1.0 - weights.unheld) * named)
                };
                enough &= named > 0.0;
            }
        }
        if let Some(licence) = one
            .licence
            .as_ref()
            .filter(|_| one.degree.is_none() && support < weights.met)
        {
            if licence.is_ranked() {
                // Where a class or level is asked for, its name alone or another one does not show it.
                worth = worth.min(support.max(LOWER * weights.met));
                enough = false;
            } else if licence.only && one.names.len() < licence.papers() {
                // The names that are shown are not all that the line asks for.
                worth = worth.min(support.max(weights.unheld * worth));
                enough = false;
            }
        }
        let degree = one.degree.as_ref().map(|asked| self.degree_standing(asked, added));
        if let Some(subject) = degree.as_ref().and_then(|degree| degree.subject) {
            worth = subject;
            // The names of its subject are no more than the subject.
            enough |= subject >= fields::NEAR && !one.exact && one.licence.is_none();
        }
        if let Some(years) = one.years.filter(|years| *years > 0.0) {
            let have = if self.is_added(Addition::Years, added) {
                1.0
            } else {
                (self.counted_years() / years).min(1.0)
            };
            worth = worth.max(self.measured.worked[at]) * (1.0 - weights.years + weights.years * have);
            enough &= have >= 1.0;
        }
        if let Some(degree) = degree {
            // Where the subject cannot be told, the evidence shows it.
            worth = (0.5 + 0.5 * worth) * degree.worth;
            enough &= degree.worth >= self.weights.education.equivalent;
            let untold =
                degree.subject.is_none() && one.degree.as_ref().is_some_and(|asked| asked.subjects.is_unknown());
            enough &= !untold || support >= weights.met;
        }
        Judgement {
            worth,
            met: enough && worth >= weights.met,
        }
    }

    /// What the degrees of the resume are worth where one is asked for.
    pub(super) fn degree_standing(&self, asked: &AskedDegree, added: Option<Addition>) -> DegreeStanding {
        if self.is_added(Addition::Degree, added) {
            return DegreeStanding {
                worth: 1.0,
                subject: Some(1.0),
                shown_by: None,
            };
        }
        let weights = &self.weights.education;
        let level = |held: u8, lower: bool| {
            let short = f64::from(asked.level.saturating_sub(held)) + f64::from(u8::from(lower));
            (1.0 - short * weights.per_rank).max(0.0)
        };
        let none = DegreeStanding {
            worth: level(0, false),
            subject: None,
            shown_by: None,
        };
        let degrees = self.degrees.iter().enumerate();
        let mut best = degrees.fold(none, |best, (at, held)| {
            let subject = asked.subjects.credit(&held.subjects);
            // `NVQ Level 2` where `NVQ Level 3` is asked for.
            let lower =
                held.level == asked.level && held.grade.zip(asked.grade).is_some_and(|(held, asked)| held < asked);
            let worth = level(held.level, lower) * subject.unwrap_or(1.0);
            let enough = held.level >= asked.level && !lower && subject.is_none_or(|credit| credit >= fields::NEAR);
            let shown_by = Some(at).filter(|_| enough);
            let better = worth > best.worth || worth >= best.worth && best.shown_by.is_none();
            if better {
                DegreeStanding {
                    worth,
                    subject,
                    shown_by,
                }
            } else {
                best
            }
        });
        let works = self.counted_years() >= self.required_years.unwrap_or(1.0);
        if asked.equivalent && works && best.worth < weights.equivalent {
            best = DegreeStanding {
                worth: weights.equivalent,
                subject: None,
                shown_by: None,
            };
        }
        best
    }

    /// Whether the resume shows a degree that is asked for.
    pub(super) fn has_degree(&self, asked: &AskedDegree) -> bool {
        let standing = self.degree_standing(asked, None);
        standing.worth >= 1.0 || standing.shown_by.is_some()
    }

    fn experience_score(&self, added: Option<Addition>, told: bool) -> Option<(f64, String)> {
        let asked = self.required_years.filter(|years| *years > 0.0)?;
        if self.is_added(Addition::Years, added) {
            let reason = || format!("{asked} years found, {asked} required");
            return Some((1.0, if_told(told, reason)));
        }
        let counted = self.counted_years();
        let reason = || match self.years {
            Some(found) if found >= counted + 0.05 => {
                format!("{found:.1} years found, {counted:.1} in such work, {asked} required")
            }
            Some(found) => format!("{found:.1} years found, {asked} required"),
            None => format!("no dated work found, {asked} years required"),
        };
        Some(((counted / asked).min(1.0), if_told(told, reason)))
    }

    /// The years of work of the posting's kind.
    pub(super) fn counted_years(&self) -> f64 {
        self.measured.years.unwrap_or(0.0)
    }

    fn education_score(&self, added: Option<Addition>, told: bool) -> Option<(f64, String)> {
        let asked = self.required_degree?;
        let standing = self.degree_standing(asked, added);
        let reason = || {
            let found = education::highest(self.degrees).map_or(0, |held| held.level);
            let subject = if standing.is_other() { OTHER_SUBJECT } else { "" };
            format!(
                "{}{subject} found, {} required",
                degree_name(found),
                degree_name(asked.level)
            )
        };
        Some((standing.worth, if_told(told, reason)))
    }

    /// The similarity of titles and texts, 0 to 1; `None` if neither can be compared.
    pub(super) fn agreement(&self) -> Option<f64> {
        let weights = &self.weights.occupation;
        let credit = self.measured.title_credit;
        let title = self
            .measured
            .title
            .map(|(_, likeness)| credit * weights.similarity.of(likeness));
        let work = self.measured.work.map(|likeness| weights.work_similarity.of(likeness));
        match (title, work) {
            (Some(title), Some(work)) => Some(weights.title_share * title + (1.0 - weights.title_share) * work),
            (title, work) => title.or(work),
        }
    }

    fn occupation_score(&self, told: bool) -> Option<(f64, String)> {
        let agreement = self.agreement()?;
        let what = match (self.measured.title, self.measured.work) {
            (Some(_), Some(_)) => "job titles and kind of work",
            (Some(_), None) => "job titles",
            _ => "kind of work",
        };
        let reason = || format!("similarity of {what}: {agreement:.2}");
        Some((agreement, if_told(told, reason)))
    }

    /// Whether a skill counts if the resume does not show it.
    pub(super) fn is_counted(&self, skill: usize) -> bool {
        self.groups.iter().any(|group| group.skills.contains(&skill))
    }

    /// Whether an accepted alternative to this skill is shown.
    pub(super) fn alternative_shown(&self, skill: usize) -> bool {
        let groups = self.groups.iter();
        let mut groups = groups.filter(|group| group.skills.contains(&skill)).peekable();
        groups.peek().is_some() && groups.all(|group| self.group_worth(&group.skills, None) > 0.0)
    }

    /// The credit for alternatives: that of the best one.
    pub(super) fn group_worth(&self, group: &[usize], added: Option<Addition>) -> f64 {
        let worth = |&skill: &usize| {
            if self.is_added(Addition::Skill(skill), added) {
                1.0
            } else {
                self.measured.skills[skill].worth
            }
        };
        group.iter().map(worth).fold(0.0, f64::max)
    }
}

/// The reason, if it is told: a ranking of a thousand jobs tells none.
fn if_told(told: bool, reason: impl FnOnce() -> String) -> String {
    if told { reason() } else { String::new() }
}

pub(super) fn total(components: &[ScoreComponent]) -> f64 {
    // The sum of no numbers is -0.
    let contributions = components.iter().map(|component| component.contribution);
    contributions.fold(0.0, |sum, one| sum + one).clamp(0.0, 1.0)
}
