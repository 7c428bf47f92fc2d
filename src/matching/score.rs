//! Puts a resume beside a posting: evidence for each requirement, skills, and the score of it all.

use std::ops::Range;

use super::alike::{Language, Mix, Reading};
use super::background::degree_name;
use super::job::{Job, Need, Requirement, Wanted};
use super::pastes;
use super::result::{ComponentKind, ResumeMatch, ScoreComponent};
use super::resume::{Evidence, Resume};
use super::weights::{Ramp, Weights};

/// Both sides and the vectors of their texts.
pub(super) struct Pair<'a, R, J> {
    pub(super) resume: &'a Resume,
    pub(super) job: &'a Job,
    pub(super) weights: &'a Weights,
    pub(super) language: &'a Language,
    /// The vector of each text of the resume, by its place.
    pub(super) resume_vector: R,
    /// The vector of each text of the posting; `None` for the label of a skill that the resume names, which needs none.
    pub(super) job_vector: J,
}

/// All that was measured, so that scoring again with something added costs nothing.
pub(super) struct Measured {
    /// Each requirement's best evidence.
    pub(super) evidence: Vec<Found>,
    pub(super) skills: Vec<Shown>,
    /// The resume's title that is nearest to the posting's, as one of its texts, and how alike they are.
    pub(super) title: Option<(usize, f64)>,
    /// How alike all that is asked for and all that is told are.
    pub(super) work: Option<f64>,
    /// 1 where there is text enough.
    pub(super) confidence: f64,
}

/// The sentence that speaks most for something.
#[derive(Clone, Copy, Default)]
pub(super) struct Found {
    pub(super) similarity: f64,
    /// What such a sentence is worth: less for a list.
    share: f64,
    pub(super) sentence: Option<usize>,
}

impl Found {
    /// What it is worth, and then how alike it is: most sentences are worth nothing.
    fn rank(self, ramp: Ramp) -> (f64, f64) {
        (ramp.of(self.similarity) * self.share, self.similarity)
    }
}

/// How the resume shows a skill.
pub(super) struct Shown {
    pub(super) similarity: f64,
    pub(super) worth: f64,
    pub(super) places: Vec<Range<usize>>,
}

/// What the resume is taken to show as well, to see what it would be worth.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Added {
    /// The posting's skill at this place.
    Skill(usize),
    /// Evidence for the requirement at this place.
    Requirement(usize),
    /// The years that are asked for.
    Years,
    /// The degree that is asked for.
    Degree,
}

impl<'v, R, J> Pair<'_, R, J>
where
    R: Fn(usize) -> &'v [f32],
    J: Fn(usize) -> Option<&'v [f32]>,
{
    /// The score alone, which is all that a ranking needs.
    pub(super) fn value(&self) -> f64 {
        total(&self.components(&self.measured(), None))
    }

    /// Everything that a score is made of.
    pub(super) fn measured(&self) -> Measured {
        let pasted = pastes::pasted(self.resume, self.job, self.weights.text.paste_run);
        self.measure(&pasted, &self.usable(&pasted))
    }

    pub(super) fn score(&self) -> ResumeMatch {
        let pasted = pastes::pasted(self.resume, self.job, self.weights.text.paste_run);
        let usable = self.usable(&pasted);
        let measured = self.measure(&pasted, &usable);
        let components = self.components(&measured, None);
        let score = total(&components);
        self.report(score, components, &measured, &pasted)
    }

    fn sentence_of(&self, word: usize) -> Option<&Evidence> {
        let sentences = &self.resume.sentences;
        sentences.get(sentences.partition_point(|sentence| sentence.words.end <= word))
    }

    /// Sentences that are not mostly pasted, and their texts.
    fn usable(&self, pasted: &[bool]) -> Vec<(usize, usize)> {
        let resume = self.resume;
        let mostly_own = |words: &Range<usize>| {
            let subject = |at: &usize| resume.words[*at].subject;
            let all = words.clone().filter(subject).count();
            let copied = words.clone().filter(subject).filter(|&at| pasted[at]).count();
            2 * copied < all.max(1)
        };
        (resume.sentences.iter().enumerate())
            .filter(|(_, sentence)| mostly_own(&sentence.words))
            .filter_map(|(at, sentence)| sentence.text.map(|text| (at, text)))
            .collect()
    }

    fn measure(&self, pasted: &[bool], usable: &[(usize, usize)]) -> Measured {
        let (resume, job) = (self.resume, self.job);
        let listed = self.weights.requirements.listed;
        let sentences: Vec<&Reading> = usable.iter().map(|&(_, text)| self.resume_reading(text)).collect();
        let nearest = |text: usize, mix: Mix, ramp: Ramp| -> Found {
            let mut best: Option<Found> = None;
            let Some(wanted) = self.job_reading(text) else {
                return Found::default();
            };
            mix.each(wanted, sentences.iter().copied(), |place, likeness| {
                let (at, _) = usable[place];
                let found = Found {
                    similarity: f64::from(likeness).clamp(-1.0, 1.0),
                    share: if resume.sentences[at].list { listed } else { 1.0 },
                    sentence: Some(at),
                };
                if best.is_none_or(|best| found.rank(ramp) > best.rank(ramp)) {
                    best = Some(found);
                }
            });
            best.unwrap_or_default()
        };
        let (mix, ramp) = (self.weights.requirements.likeness, self.weights.requirements.similarity);
        let evidence = (job.requirements.iter())
            .map(|one| nearest(one.text, mix, ramp))
            .collect();
        let (mix, ramp) = (self.weights.skills.likeness, self.weights.skills.near);
        let skills = job
            .skills
            .iter()
            .map(|wanted| {
                self.named(wanted, pasted)
                    .unwrap_or_else(|| self.spoken_of(nearest(wanted.text, mix, ramp)))
            })
            .collect();
        let limits = &self.weights.text;
        let enough = |words: usize, wanted: usize| (ratio(words, wanted)).min(1.0);
        let own: usize = usable.iter().map(|&(at, _)| resume.sentences[at].words.len()).sum();
        Measured {
            evidence,
            skills,
            title: self.nearest_title(),
            work: self.work(usable, pasted),
            confidence: enough(own, limits.resume_words) * enough(job.words, limits.job_words),
        }
    }

    fn resume_reading(&self, text: usize) -> &Reading {
        self.resume
            .texts
            .reading(text, self.language, (self.resume_vector)(text))
    }

    fn job_reading(&self, text: usize) -> Option<&Reading> {
        (self.job_vector)(text).map(|vector| self.job.texts.reading(text, self.language, vector))
    }

    /// The skill where the resume names it in its own words.
    fn named(&self, wanted: &Wanted, pasted: &[bool]) -> Option<Shown> {
        let named = (self.resume.mentions.iter())
            .filter(|mention| mention.skill == wanted.skill && !mention.words.clone().any(|at| pasted[at]));
        let (mut places, mut worth) = (Vec::new(), 0.0_f64);
        for mention in named {
            let list = self
                .sentence_of(mention.words.start)
                .is_some_and(|sentence| sentence.list);
            worth = worth.max(if list { self.weights.skills.listed } else { 1.0 });
            places.push(mention.bytes.clone());
        }
        (!places.is_empty()).then_some(Shown {
            similarity: 1.0,
            worth,
            places,
        })
    }

    /// A skill whose name is not there, by the sentence nearest to it. Speaking of a skill without its name is worth half
    /// of it and more.
    fn spoken_of(&self, found: Found) -> Shown {
        let weights = &self.weights.skills;
        let similarity = found.similarity;
        match found.sentence.filter(|_| similarity >= weights.near.low) {
            Some(at) => Shown {
                similarity,
                worth: (0.5 + 0.5 * weights.near.of(similarity)) * if found.share < 1.0 { weights.listed } else { 1.0 },
                places: vec![self.resume.sentences[at].bytes.clone()],
            },
            None => Shown {
                similarity,
                worth: 0.0,
                places: Vec::new(),
            },
        }
    }

    fn work(&self, usable: &[(usize, usize)], pasted: &[bool]) -> Option<f64> {
        if self.job.requirements.is_empty() || usable.is_empty() {
            return None;
        }
        let asked = self.job.work.get_or_init(|| {
            let requirements = self
                .job
                .requirements
                .iter()
                .filter_map(|one| self.job_reading(one.text));
            self.language.work(requirements)
        });
        let whole = || {
            let sentences = usable.iter().map(|&(_, text)| self.resume_reading(text));
            self.language.work(sentences)
        };
        let anew;
        // What is pasted differs from posting to posting; where nothing is, the resume is the same for all.
        let told = if pasted.contains(&true) {
            anew = whole();
            &anew
        } else {
            self.resume.work.get_or_init(whole)
        };
        let mut found = None;
        let mix = self.weights.occupation.work_likeness;
        mix.each(asked, std::iter::once(told), |_, likeness| {
            found = Some(f64::from(likeness));
        });
        found
    }

    fn nearest_title(&self) -> Option<(usize, f64)> {
        let title = self.job.title.and_then(|text| self.job_reading(text))?;
        let titles = self.resume.titles.iter().map(|&text| self.resume_reading(text));
        let weights = &self.weights.occupation;
        let mut best: Option<(usize, f32)> = None;
        weights.likeness.each(title, titles.clone(), |place, likeness| {
            if best.is_none_or(|(_, other)| likeness > other) {
                best = Some((self.resume.titles[place], likeness));
            }
        });
        let (text, nearest) = best?;
        let all = self.resume.called.get_or_init(|| self.language.called(titles));
        let mut together = 0.0;
        weights
            .likeness
            .each(title, std::iter::once(all), |_, likeness| together = likeness);
        Some((text, f64::from(weights.of_titles(nearest, together))))
    }

    /// The parts that apply, with what is `added` taken as shown.
    pub(super) fn components(&self, measured: &Measured, added: Option<Added>) -> Vec<ScoreComponent> {
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

    /// A single skill says less of a posting than ten.
    fn skill_weight(&self) -> f64 {
        let count = ratio(self.job.skills.len(), 1);
        count / (count + self.weights.skills.half_weight_at)
    }

    fn skill_score(&self, measured: &Measured, added: Option<Added>) -> Option<(f64, String)> {
        let weight = |wanted: &Wanted| {
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

    fn requirement_score(&self, measured: &Measured, added: Option<Added>) -> Option<(f64, String)> {
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

    /// How far the resume meets one requirement, 0 to 1.
    pub(super) fn requirement_worth(
        &self,
        one: &Requirement,
        measured: &Measured,
        at: usize,
        added: Option<Added>,
    ) -> f64 {
        let weights = &self.weights.requirements;
        let found = measured.evidence[at];
        if added == Some(Added::Requirement(at)) {
            return 1.0;
        }
        let mut value = weights.similarity.of(found.similarity) * found.share;
        if !one.skills.is_empty() {
            let shown: f64 = one.skills.iter().map(|&skill| worth(measured, skill, added)).sum();
            value = (1.0 - weights.skill_share) * value + weights.skill_share * shown / ratio(one.skills.len(), 1);
        }
        if let Some(years) = one.years.filter(|years| *years > 0.0) {
            let have = match added {
                Some(Added::Years) => 1.0,
                _ => (self.resume.years.unwrap_or(0.0) / years).min(1.0),
            };
            value *= 0.5 + 0.5 * have;
        }
        if let Some(rank) = one.degree {
            value = (value + self.degree_worth(rank, one.equivalent, added)) / 2.0;
        }
        value
    }

    pub(super) fn degree_worth(&self, asked: u8, equivalent: bool, added: Option<Added>) -> f64 {
        if added == Some(Added::Degree) {
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

    fn experience_score(&self, added: Option<Added>) -> Option<(f64, String)> {
        let asked = self.job.years().filter(|years| *years > 0.0)?;
        let years = if added == Some(Added::Years) {
            Some(asked)
        } else {
            self.resume.years
        };
        Some(match years {
            Some(found) => (
                (found / asked).min(1.0),
                format!("{found:.1} years found, {asked} asked for"),
            ),
            None => (0.0, format!("no dated work found, {asked} years asked for")),
        })
    }

    fn education_score(&self, added: Option<Added>) -> Option<(f64, String)> {
        let (rank, equivalent) = self.job.degree()?;
        let found = degree_name(self.resume.degree);
        Some((
            self.degree_worth(rank, equivalent, added),
            format!("{found} found, {} asked for", degree_name(rank)),
        ))
    }

    /// How far titles and work agree, 0 to 1; `None` where neither can be compared.
    pub(super) fn agreement(&self, measured: &Measured) -> Option<f64> {
        let weights = &self.weights.occupation;
        let title = measured.title.map(|(_, likeness)| weights.similarity.of(likeness));
        let work = measured.work.map(|likeness| weights.work_similarity.of(likeness));
        match (title, work) {
            (Some(title), Some(work)) => Some(weights.title_share * title + (1.0 - weights.title_share) * work),
            (title, work) => title.or(work),
        }
    }

    fn occupation_score(&self, measured: &Measured) -> Option<(f64, String)> {
        let agreement = self.agreement(measured)?;
        let what = match (measured.title, measured.work) {
            (Some(_), Some(_)) => "titles and work agree",
            (Some(_), None) => "titles agree",
            _ => "the work agrees",
        };
        Some((agreement, format!("{what} by {agreement:.2}")))
    }
}

fn worth(measured: &Measured, skill: usize, added: Option<Added>) -> f64 {
    if added == Some(Added::Skill(skill)) {
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

/// Counts here are far below 2^32.
fn ratio(count: usize, of: usize) -> f64 {
    f64::from(super::span::as_u32(count)) / f64::from(super::span::as_u32(of.max(1)))
}
