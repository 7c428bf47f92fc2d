//! Evidence: the resume's best sentence for each requirement, its mentions of each skill, and the similarity of the
//! occupations. `score` is computed from it.

use std::ops::Range;

use super::credentials::Credential;
use super::doubt::{self, Clause};
use super::job::{Job, WantedSkill};
use super::keyword_stuffing;
use super::question::{Question, Support, shared_words, telling};
use super::resume::{Evidence, Resume};
use super::similarity::{Index, Language, Mix, Reading};
use super::span::ratio;
use super::weights::{Ramp, Weights};
use super::words;

/// Both texts with the embeddings of their texts.
pub(super) struct Pair<'a, R, J> {
    pub(super) resume: &'a Resume,
    pub(super) job: &'a Job,
    pub(super) weights: &'a Weights,
    pub(super) language: &'a Language,
    /// The embedding of each text of the resume, by index.
    pub(super) resume_vector: R,
    /// The embedding of each text of the posting; `None` for the label of a skill that the resume names, which needs
    /// none.
    pub(super) job_vector: J,
}

/// The evidence that scores are computed from, so that a score with an addition costs nothing.
#[derive(Debug)]
pub(super) struct Measurement {
    /// The best evidence for each requirement.
    pub(super) evidence: Vec<Support>,
    pub(super) skills: Vec<SkillEvidence>,
    /// The index of the resume's title that is most similar to the posting's, and the similarity.
    pub(super) title: Option<(usize, f64)>,
    /// Whether the person worked in the posting's occupation, 0 to 1.
    pub(super) occupied: f64,
    /// The similarity of the whole texts.
    pub(super) work: Option<f64>,
    /// The confidence, 0 to 1: 1 if there is enough text.
    pub(super) confidence: f64,
}

/// The evidence for a skill.
#[derive(Debug, Default)]
pub(super) struct SkillEvidence {
    /// The similarity; 1 if the skill is named.
    pub(super) similarity: f64,
    /// The credit, 0 to 1; less in a list.
    pub(super) worth: f64,
    pub(super) places: Vec<Range<usize>>,
}

/// Whether the person worked in the posting's occupation, 0 to 1, by the titles or by the evidence for all that is
/// asked. More evidence never lowers it.
fn occupied(weights: &Weights, title: Option<(usize, f64)>, evidence: &[Support]) -> f64 {
    let title = title.map_or(0.0, |(_, likeness)| weights.occupation.similarity.of(likeness));
    let worth: f64 = evidence.iter().map(|support| support.worth).sum();
    title.max(worth / ratio(evidence.len().max(1), 1))
}

impl<'v, R, J> Pair<'_, R, J>
where
    R: Fn(usize) -> &'v [f32],
    J: Fn(usize) -> Option<&'v [f32]>,
{
    /// Which words of the resume are copied from the posting.
    pub(super) fn pasted(&self) -> Vec<bool> {
        keyword_stuffing::pasted(self.resume, self.job, self.weights.text.paste_run)
    }

    /// Whether one of the texts is in another language than English.
    fn is_foreign(&self) -> bool {
        self.resume.is_foreign() || self.job.is_foreign()
    }

    fn sentence_of(&self, word: usize) -> Option<&Evidence> {
        let sentences = &self.resume.sentences;
        sentences.get(sentences.partition_point(|sentence| sentence.words.end <= word))
    }

    /// The sentences about the person's work, except those that are mostly copied.
    fn usable(&self, pasted: &[bool]) -> Vec<Option<usize>> {
        let resume = self.resume;
        let mostly_own = |words: &Range<usize>| {
            let subject = |at: &usize| resume.words[*at].subject;
            let all = words.clone().filter(subject).count();
            let copied = words.clone().filter(subject).filter(|&at| pasted[at]).count();
            2 * copied < all.max(1)
        };
        let none = !pasted.contains(&true);
        let telling = resume.telling();
        telling
            .map(|(at, _)| (none || mostly_own(&resume.sentences[at].words)).then_some(at))
            .collect()
    }

    /// Computes the evidence; `pasted` words do not count.
    pub(super) fn measure(&self, pasted: &[bool]) -> Measurement {
        self.read();
        let usable = self.usable(pasted);
        let (resume, job) = (self.resume, self.job);
        let (mix, ramp) = (self.weights.requirements.likeness, self.weights.requirements.similarity);
        let mut tasks = &self.nearest(&Question::all(job), &usable, mix, ramp)[..];
        let of_requirements = job.requirements.iter().map(|one| {
            let (own, others) = tasks.split_at(one.texts.len());
            tasks = others;
            Support::together(own, self.weights.requirements.all_tasks)
        });
        let mut evidence: Vec<Support> = of_requirements.collect();
        let title = self.nearest_title();
        // In another occupation, a similar sentence is seldom evidence.
        let familiar = occupied(self.weights, title, &evidence) / self.weights.occupation.familiar;
        // Shared words are evidence in any occupation.
        let familiar = if self.is_foreign() { 1.0 } else { familiar.min(1.0) };
        evidence.iter_mut().for_each(|support| support.worth *= familiar);
        self.licences(&mut evidence, pasted);
        let (mix, ramp) = (self.weights.skills.likeness, self.weights.skills.near);
        let mut skills: Vec<Option<SkillEvidence>> =
            job.skills.iter().map(|wanted| self.named(wanted, pasted)).collect();
        for (wanted, shown) in job.skills.iter().zip(&mut skills) {
            if shown.is_none() && !wanted.shown_by.is_empty() {
                let supports = wanted.shown_by.iter().map(|&at| evidence[at]);
                let best = supports.reduce(|best, other| if other.likeness > best.likeness { other } else { best });
                *shown = best.map(|support| self.shown_by(support));
            }
        }
        let unnamed = (0..job.skills.len()).filter(|&skill| skills[skill].is_none());
        let unnamed: Vec<Question<'_>> = unnamed.map(|skill| Question::skill(job, skill)).collect();
        let mut supports = self.nearest(&unnamed, &usable, mix, ramp).into_iter();
        for shown in skills.iter_mut().filter(|shown| shown.is_none()) {
            *shown = supports.next().map(|support| self.unnamed(support));
        }
        let limits = &self.weights.text;
        let enough = |words: usize, wanted: usize| (ratio(words, wanted)).min(1.0);
        let own = usable
            .iter()
            .flatten()
            .map(|&at| resume.sentences[at].words.len())
            .sum();
        Measurement {
            occupied: occupied(self.weights, title, &evidence),
            evidence,
            skills: skills.into_iter().flatten().collect(),
            title,
            work: self.work(&usable, pasted),
            confidence: enough(own, limits.resume_words) * enough(job.words, limits.job_words),
        }
    }

    /// The licences and certificates of the resume that are not copied.
    fn credentials<'s>(&'s self, pasted: &'s [bool]) -> impl Iterator<Item = &'s Credential> + Clone {
        let words = &self.resume.words;
        let copied = |one: &Credential| {
            let from = words.partition_point(|word| word.bytes.start < one.bytes.start);
            pasted.get(from).is_some_and(|copied| *copied)
        };
        self.resume.credentials.iter().filter(move |one| !copied(one))
    }

    /// Sets the evidence of the licences and certificates that the resume names.
    fn licences(&self, evidence: &mut [Support], pasted: &[bool]) {
        for (one, support) in self.job.requirements.iter().zip(evidence) {
            let held = one
                .licence
                .as_ref()
                .and_then(|licence| licence.held(&self.credentials(pasted)));
            if let Some(place) = held {
                *support = Support {
                    likeness: 1.0,
                    worth: 1.0,
                    sentence: self.resume.sentence_of(place.start),
                    list: false,
                };
            }
        }
    }

    /// The usable sentence that best supports each of these texts of the posting.
    fn nearest(&self, asked: &[Question<'_>], usable: &[Option<usize>], mix: Mix, ramp: Ramp) -> Vec<Support> {
        let sentences = &self.resume.sentences;
        // Empty if both texts are English.
        let foreign: Vec<Vec<u64>> = if self.is_foreign() {
            asked.iter().map(|one| telling(&self.job.texts()[one.text])).collect()
        } else {
            Vec::new()
        };
        let told = self.resume.told.get_or_init(|| {
            let texts = self.resume.telling().map(|(_, text)| self.resume_reading(text));
            texts.collect::<Index>()
        });
        let (places, wanted): (Vec<usize>, Vec<&Reading>) = (asked.iter().enumerate())
            .filter_map(|(place, one)| Some((place, self.job_reading(one.text)?)))
            .unzip();
        #[expect(clippy::cast_possible_truncation, reason = "likeness is as exact as the vectors are")]
        let (low, width) = (ramp.low as f32, (ramp.high - ramp.low) as f32);
        // The credit increases with the similarity, so the most similar sentence of lists or of other text is best.
        let mut most: Vec<[Option<(f32, usize)>; 2]> = vec![[None; 2]; asked.len()];
        told.compare(mix, &wanted, |one, sentence, likeness| {
            if let Some(at) = usable[sentence] {
                let words = &self.resume.words[sentences[at].words.clone()];
                if !asked[places[one]].admits(&sentences[at], words) {
                    return;
                }
                let likeness = match foreign.get(places[one]) {
                    None => likeness,
                    Some(telling) => match shared_words(words, telling) {
                        share if share <= 0.0 => return,
                        share => low + width * share,
                    },
                };
                let likeness = match self.credit(at, wanted[one]) {
                    credit if credit <= 0.0 => return,
                    credit if credit >= 1.0 || likeness <= low => likeness,
                    credit => low + (likeness - low) * credit,
                };
                let most = &mut most[places[one]][usize::from(sentences[at].list)];
                if most.is_none_or(|(most, _)| likeness > most) {
                    *most = Some((likeness, at));
                }
            }
        });
        let found = |(likeness, at): (f32, usize)| {
            let (likeness, list) = (f64::from(likeness), sentences[at].list);
            let listed = if list { self.weights.requirements.listed } else { 1.0 };
            Support {
                likeness,
                worth: ramp.of(likeness) * listed,
                sentence: Some(at),
                list,
            }
        };
        let best = |most: [Option<_>; 2]| most.into_iter().flatten().map(found).reduce(Support::better);
        most.into_iter().map(|most| best(most).unwrap_or_default()).collect()
    }

    /// The credit of a sentence for what a text of the posting asks, by the clause that shares most words with it.
    fn credit(&self, sentence: usize, asked: &Reading) -> f32 {
        let clauses = &self.resume.sentences[sentence].clauses;
        if clauses.is_empty() {
            return 1.0;
        }
        // Those who are asked to assist have done so by assisting.
        let assists = doubt::assists(|stem| asked.has(stem));
        let shared = |clause: &Clause| {
            let own = self.resume.words[clause.words.clone()].iter();
            own.filter(|word| word.subject && asked.has(word.stem)).count()
        };
        let best = clauses
            .iter()
            .map(|clause| (shared(clause), clause.words.len(), clause.credit));
        best.reduce(|best, other| {
            if (other.0, other.1) > (best.0, best.1) {
                other
            } else {
                best
            }
        })
        .map_or(1.0, |(_, _, credit)| if assists && credit > 0.0 { 1.0 } else { credit })
    }

    /// Processes the texts of both sides, unless that was done before.
    pub(super) fn read(&self) {
        let Self { resume, job, .. } = self;
        resume
            .texts
            .read(self.language, |text| Some((self.resume_vector)(text)));
        job.texts.read(self.language, |text| (self.job_vector)(text));
    }

    fn resume_reading(&self, text: usize) -> &Reading {
        self.resume
            .texts
            .reading(text, self.language, (self.resume_vector)(text))
    }

    fn job_reading(&self, text: usize) -> Option<&Reading> {
        (self.job_vector)(text).map(|vector| self.job.texts.reading(text, self.language, vector))
    }

    /// The evidence for a skill that the resume names.
    fn named(&self, wanted: &WantedSkill, pasted: &[bool]) -> Option<SkillEvidence> {
        let (mut places, mut worth) = (Vec::new(), 0.0_f64);
        for words in self.resume.named(wanted) {
            if words.clone().any(|at| pasted[at]) {
                continue;
            }
            let sentence = self.sentence_of(words.start);
            let list = sentence.is_some_and(|sentence| sentence.list);
            let credit = f64::from(sentence.map_or(1.0, |sentence| sentence.credit(words.start)));
            if credit <= 0.0 {
                continue;
            }
            worth = worth.max(credit * if list { self.weights.skills.listed } else { 1.0 });
            places.push(self.resume.words[words.start].bytes.start..self.resume.words[words.end - 1].bytes.end);
        }
        let mut held = self.credentials(pasted);
        if let Some(held) = held.find(|one| places.is_empty() && Some(one.name) == wanted.credential) {
            worth = 1.0;
            places.push(held.bytes.clone());
        }
        (!places.is_empty()).then_some(SkillEvidence {
            similarity: 1.0,
            worth,
            places,
        })
    }

    /// The evidence for a skill that the resume does not name, from that for its line. The credit is half or more.
    fn shown_by(&self, found: Support) -> SkillEvidence {
        let enough = |worth: f64| worth > 0.0 && worth >= self.weights.requirements.met;
        match found.sentence.filter(|_| enough(found.worth)) {
            Some(at) => {
                let similarity = 0.5 + 0.5 * found.worth;
                SkillEvidence {
                    similarity,
                    worth: similarity,
                    places: vec![self.resume.sentences[at].bytes.clone()],
                }
            }
            None => SkillEvidence::default(),
        }
    }

    /// The evidence for a skill that the resume does not name, from its most similar sentence. The credit is half or
    /// more.
    fn unnamed(&self, found: Support) -> SkillEvidence {
        let weights = &self.weights.skills;
        match found.sentence.filter(|_| found.likeness >= weights.near.low) {
            Some(at) => {
                let similarity = 0.5 + 0.5 * weights.near.of(found.likeness);
                SkillEvidence {
                    similarity,
                    worth: similarity * if found.list { weights.listed } else { 1.0 },
                    places: vec![self.resume.sentences[at].bytes.clone()],
                }
            }
            None => SkillEvidence::default(),
        }
    }

    fn work(&self, usable: &[Option<usize>], pasted: &[bool]) -> Option<f64> {
        if self.job.requirements.is_empty() || usable.iter().flatten().next().is_none() || self.is_foreign() {
            return None;
        }
        let asked = self.job.asked(self.language, |text| self.job_reading(text));
        let whole = || {
            let texts = usable.iter().flatten().filter_map(|&at| self.resume.sentences[at].text);
            self.language.work(texts.map(|text| self.resume_reading(text)))
        };
        let recomputed;
        // Copied text depends on the posting; without copies, the result can be shared between postings.
        let told = if pasted.contains(&true) {
            recomputed = whole();
            &recomputed
        } else {
            self.resume.work.get_or_init(whole)
        };
        let likeness = self.weights.occupation.work_likeness.likeness(asked, told);
        Some(f64::from(likeness))
    }

    fn nearest_title(&self) -> Option<(usize, f64)> {
        let at = self.job.title?.as_title;
        let title = self.job_reading(at)?;
        let foreign = self.is_foreign().then(|| telling(&self.job.texts()[at]));
        let weights = &self.weights.occupation;
        let mut best: Option<(usize, f32)> = None;
        let titles = || self.resume.titles.iter().map(|title| title.as_title);
        for text in titles() {
            let shares = |telling: &Vec<u64>| shared_words(&words::words(&self.resume.texts()[text]), telling) > 0.0;
            if !foreign.as_ref().is_none_or(shares) {
                continue;
            }
            let likeness = weights.likeness.likeness(title, self.resume_reading(text));
            if best.is_none_or(|(_, other)| likeness > other) {
                best = Some((text, likeness));
            }
        }
        let (text, nearest) = best?;
        let all = self
            .resume
            .called
            .get_or_init(|| self.language.called(titles().map(|text| self.resume_reading(text))));
        let together = weights.likeness.likeness(title, all);
        Some((text, f64::from(weights.of_titles(nearest, together))))
    }
}
