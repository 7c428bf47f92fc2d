//! Puts a resume beside a posting: evidence for each requirement, skills, and the score of it all.

use std::ops::Range;

use super::background::degree_name;
use super::job::{Job, Need, Requirement, Wanted};
use super::pastes;
use super::result::{ComponentKind, ResumeMatch, ScoreComponent};
use super::resume::{Evidence, Resume};
use super::weights::Weights;

/// Both sides and the vectors of their texts.
pub(super) struct Pair<'a, R, J> {
    pub(super) resume: &'a Resume,
    pub(super) job: &'a Job,
    pub(super) weights: &'a Weights,
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
    /// The resume's title that is nearest to the posting's, as one of its texts, and their cosine.
    pub(super) occupation: Option<(usize, f64)>,
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
    fn rank(self) -> f64 {
        self.similarity * self.share
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
        let pasted = pastes::pasted(self.resume, self.job, self.weights.text.paste_run);
        let measured = self.measure(&pasted, &self.usable(&pasted));
        total(&self.components(&measured, None))
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
        let nearest = |text: usize| -> Found {
            let Some(vector) = (self.job_vector)(text) else {
                return Found::default();
            };
            usable.iter().fold(Found::default(), |best, &(at, text)| {
                let share = if resume.sentences[at].list { listed } else { 1.0 };
                let similarity = cosine(vector, (self.resume_vector)(text));
                let found = Found {
                    similarity,
                    share,
                    sentence: Some(at),
                };
                if found.rank() > best.rank() { found } else { best }
            })
        };
        let evidence = job.requirements.iter().map(|one| nearest(one.text)).collect();
        let skills = job
            .skills
            .iter()
            .map(|wanted| {
                let weights = &self.weights.skills;
                let named = resume
                    .mentions
                    .iter()
                    .filter(|mention| mention.skill == wanted.skill && !mention.words.clone().any(|at| pasted[at]));
                let (mut places, mut worth) = (Vec::new(), 0.0_f64);
                for mention in named {
                    let list = self
                        .sentence_of(mention.words.start)
                        .is_some_and(|sentence| sentence.list);
                    worth = worth.max(if list { weights.listed } else { 1.0 });
                    places.push(mention.bytes.clone());
                }
                if !places.is_empty() {
                    return Shown {
                        similarity: 1.0,
                        worth,
                        places,
                    };
                }
                let found = nearest(wanted.text);
                let similarity = found.similarity;
                match found.sentence.filter(|_| similarity >= weights.near.low) {
                    // Speaking of a skill without its name is worth half of it and more.
                    Some(at) => Shown {
                        similarity,
                        worth: (0.5 + 0.5 * weights.near.of(similarity))
                            * if found.share < 1.0 { weights.listed } else { 1.0 },
                        places: vec![resume.sentences[at].bytes.clone()],
                    },
                    None => Shown {
                        similarity,
                        worth: 0.0,
                        places: Vec::new(),
                    },
                }
            })
            .collect();
        let occupation = job.title.and_then(&self.job_vector).and_then(|title| {
            resume
                .titles
                .iter()
                .map(|&text| (text, cosine(title, (self.resume_vector)(text))))
                .reduce(|best, other| if other.1 > best.1 { other } else { best })
        });
        let limits = &self.weights.text;
        let enough = |words: usize, wanted: usize| (ratio(words, wanted)).min(1.0);
        let own: usize = usable.iter().map(|&(at, _)| resume.sentences[at].words.len()).sum();
        Measured {
            evidence,
            skills,
            occupation,
            confidence: enough(own, limits.resume_words) * enough(job.words, limits.job_words),
        }
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

    fn occupation_score(&self, measured: &Measured) -> Option<(f64, String)> {
        let (_, cosine) = measured.occupation?;
        Some((
            self.weights.occupation.of(cosine),
            format!("titles agree with cosine {cosine:.2}"),
        ))
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

/// Cosine of two vectors of length 1. A vector that holds no number counts as unlike everything.
fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let mut lanes = [0.0_f32; 16];
    let (chunks_a, chunks_b) = (a.chunks_exact(16), b.chunks_exact(16));
    let tail: f32 = chunks_a
        .remainder()
        .iter()
        .zip(chunks_b.remainder())
        .map(|(x, y)| x * y)
        .sum();
    for (x, y) in chunks_a.zip(chunks_b) {
        for lane in 0..16 {
            lanes[lane] += x[lane] * y[lane];
        }
    }
    let dot = f64::from(lanes.iter().sum::<f32>() + tail);
    if dot.is_finite() { dot.clamp(-1.0, 1.0) } else { 0.0 }
}
