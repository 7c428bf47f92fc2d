//! Puts a resume beside a posting: evidence for each requirement, skills, the score and what would raise it.

use std::collections::HashSet;
use std::ops::Range;

use super::background::degree_name;
use super::job::{Job, Need, Requirement, Wanted, carries_subject};
use super::pastes;
use super::result::{
    ComponentKind, RequirementMatch, ResumeMatch, ScoreComponent, Skill, SkillGap, SkillMatch, SkillReport, TextSpan,
};
use super::resume::{Evidence, Resume};
use super::weights::Weights;

/// Below this cosine a sentence is no evidence that anybody would see.
const FAINT: f64 = 0.15;

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

/// All that was measured, so that scoring again with one more skill costs nothing.
struct Measured {
    /// Each requirement's best evidence.
    evidence: Vec<Found>,
    skills: Vec<Shown>,
    /// The best cosine of titles.
    occupation: Option<f64>,
    /// 1 where there is text enough.
    confidence: f64,
}

/// The sentence that speaks most for something.
#[derive(Clone, Copy, Default)]
struct Found {
    similarity: f64,
    /// What such a sentence is worth: less for a list.
    share: f64,
    sentence: Option<usize>,
}

impl Found {
    fn rank(self) -> f64 {
        self.similarity * self.share
    }
}

/// How the resume shows a skill.
struct Shown {
    similarity: f64,
    worth: f64,
    places: Vec<Range<usize>>,
}

impl<'v, R, J> Pair<'_, R, J>
where
    R: Fn(usize) -> &'v [f32],
    J: Fn(usize) -> Option<&'v [f32]>,
{
    pub(super) fn score(&self) -> ResumeMatch {
        let pasted = pastes::pasted(self.resume, self.job, self.weights.text.paste_run);
        let usable = self.usable(&pasted);
        let measured = self.measure(&pasted, &usable);
        let components = self.components(&measured, None);
        let score = total(&components);
        ResumeMatch {
            score,
            requirements: self.requirements(&measured),
            skills: self.skills(&measured),
            warnings: self.warnings(&components, &pasted),
            components,
        }
    }

    fn sentence_of(&self, word: usize) -> Option<&Evidence> {
        let sentences = &self.resume.sentences;
        sentences.get(sentences.partition_point(|sentence| sentence.words.end <= word))
    }

    /// Sentences that are not mostly pasted, and their texts.
    fn usable(&self, pasted: &[bool]) -> Vec<(usize, usize)> {
        let resume = self.resume;
        let mostly_own = |words: &Range<usize>| {
            let subject = |at: &usize| carries_subject(&resume.text, &resume.words[*at]);
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
                .map(|&text| cosine(title, (self.resume_vector)(text)))
                .reduce(f64::max)
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

    /// The parts that apply, with the skill `added` taken as shown.
    fn components(&self, measured: &Measured, added: Option<usize>) -> Vec<ScoreComponent> {
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
            (ComponentKind::Experience, parts.experience, self.experience_score()),
            (ComponentKind::Education, parts.education, self.education_score()),
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

    fn skill_score(&self, measured: &Measured, added: Option<usize>) -> Option<(f64, String)> {
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

    fn requirement_score(&self, measured: &Measured, added: Option<usize>) -> Option<(f64, String)> {
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
    fn requirement_worth(&self, one: &Requirement, measured: &Measured, at: usize, added: Option<usize>) -> f64 {
        let weights = &self.weights.requirements;
        let found = measured.evidence[at];
        let mut value = weights.similarity.of(found.similarity) * found.share;
        if !one.skills.is_empty() {
            let shown: f64 = one.skills.iter().map(|&skill| worth(measured, skill, added)).sum();
            value = (1.0 - weights.skill_share) * value + weights.skill_share * shown / ratio(one.skills.len(), 1);
        }
        if let Some(years) = one.years.filter(|years| *years > 0.0) {
            let have = (self.resume.years.unwrap_or(0.0) / years).min(1.0);
            value *= 0.5 + 0.5 * have;
        }
        if let Some(rank) = one.degree {
            value = (value + self.degree_worth(rank, one.equivalent)) / 2.0;
        }
        value
    }

    fn degree_worth(&self, asked: u8, equivalent: bool) -> f64 {
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

    fn experience_score(&self) -> Option<(f64, String)> {
        let asked = self.job.years().filter(|years| *years > 0.0)?;
        Some(match self.resume.years {
            Some(found) => (
                (found / asked).min(1.0),
                format!("{found:.1} years found, {asked} asked for"),
            ),
            None => (0.0, format!("no dated work found, {asked} years asked for")),
        })
    }

    fn education_score(&self) -> Option<(f64, String)> {
        let (rank, equivalent) = self.job.degree()?;
        let found = degree_name(self.resume.degree);
        Some((
            self.degree_worth(rank, equivalent),
            format!("{found} found, {} asked for", degree_name(rank)),
        ))
    }

    fn occupation_score(&self, measured: &Measured) -> Option<(f64, String)> {
        let cosine = measured.occupation?;
        Some((
            self.weights.occupation.of(cosine),
            format!("titles agree with cosine {cosine:.2}"),
        ))
    }

    fn requirements(&self, measured: &Measured) -> Vec<RequirementMatch> {
        let requirements = self.job.requirements.iter().enumerate();
        requirements
            .map(|(at, one)| {
                let Found {
                    similarity, sentence, ..
                } = measured.evidence[at];
                let job_span = self.job_span(&one.bytes);
                RequirementMatch {
                    text: job_span.text.clone(),
                    job_span,
                    must_have: one.need == Need::Must,
                    met: measured.confidence >= 1.0
                        && self.requirement_worth(one, measured, at, None) >= self.weights.requirements.met,
                    similarity,
                    evidence: sentence
                        .filter(|_| similarity >= FAINT)
                        .map(|at| self.resume_span(&self.resume.sentences[at].bytes)),
                }
            })
            .collect()
    }

    fn skills(&self, measured: &Measured) -> SkillReport {
        let mut report = SkillReport::default();
        for (at, (wanted, shown)) in self.job.skills.iter().zip(&measured.skills).enumerate() {
            let skill = Skill {
                label: wanted.label.clone(),
                uri: wanted.uri.clone(),
            };
            let job_spans = wanted.places.iter().map(|bytes| self.job_span(bytes)).collect();
            if shown.worth > 0.0 {
                report.matched.push(SkillMatch {
                    skill,
                    similarity: shown.similarity,
                    required: wanted.must,
                    resume_spans: shown.places.iter().map(|bytes| self.resume_span(bytes)).collect(),
                    job_spans,
                });
            } else {
                report.missing.push(SkillGap {
                    skill,
                    required: wanted.must,
                    job_spans,
                    score_if_added: total(&self.components(measured, Some(at))),
                });
            }
        }
        report
            .missing
            .sort_by(|a, b| b.score_if_added.total_cmp(&a.score_if_added));
        let wanted: HashSet<u32> = self.job.skills.iter().map(|wanted| wanted.skill).collect();
        let mut seen = HashSet::new();
        report.additional = self
            .resume
            .mentions
            .iter()
            .filter(|mention| !wanted.contains(&mention.skill) && seen.insert(mention.skill))
            .filter_map(|mention| self.resume.labels.get(&mention.skill))
            .map(|(label, uri)| Skill {
                label: label.clone(),
                uri: uri.clone(),
            })
            .collect();
        report
    }

    fn warnings(&self, components: &[ScoreComponent], pasted: &[bool]) -> Vec<String> {
        let limits = &self.weights.text;
        let mut warnings = Vec::new();
        let telling = self.resume.sentences.iter().filter(|sentence| sentence.text.is_some());
        let words: usize = telling.map(|sentence| sentence.words.len()).sum();
        if words < limits.resume_words {
            warnings.push(format!(
                "The resume has only {words} words to go by: the score is lowered and says little."
            ));
        }
        if self.job.words < limits.job_words {
            warnings.push(format!(
                "The posting has only {} words to go by: the score is lowered and says little.",
                self.job.words
            ));
        }
        if self.job.requirements.is_empty() {
            warnings.push("No requirement was found in the posting.".to_owned());
        }
        if components.is_empty() {
            warnings.push("Nothing could be compared: the score of 0 means unknown.".to_owned());
        }
        let copied = pasted.iter().filter(|pasted| **pasted).count();
        if copied > 0 {
            warnings.push(format!(
                "Keyword stuffing: {copied} words of the resume repeat the posting's own words in a row and were not counted."
            ));
        }
        if self.resume.unread > 0 {
            warnings.push(format!(
                "The resume is too long: its last {} sentences were not read.",
                self.resume.unread
            ));
        }
        if self.job.unread > 0 {
            warnings.push(format!(
                "The posting is too long: its last {} requirements were not read.",
                self.job.unread
            ));
        }
        warnings
    }

    fn job_span(&self, bytes: &Range<usize>) -> TextSpan {
        self.job.utf16.span(&self.job.text, bytes)
    }

    fn resume_span(&self, bytes: &Range<usize>) -> TextSpan {
        self.resume.utf16.span(&self.resume.text, bytes)
    }
}

fn worth(measured: &Measured, skill: usize, added: Option<usize>) -> f64 {
    if added == Some(skill) {
        1.0
    } else {
        measured.skills[skill].worth
    }
}

fn total(components: &[ScoreComponent]) -> f64 {
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
