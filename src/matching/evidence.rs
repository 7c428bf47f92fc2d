//! Evidence: the resume's best sentence for each requirement, its mentions of each skill, and the similarity of the
//! occupations. `score` is computed from it.

mod occupation;
mod ranks;
mod sentences;
mod skills;

use std::ops::Range;

use super::credentials::Credential;
use super::job::Job;
use super::keyword_stuffing;
use super::licence::Licence;
use super::question::{Question, Support};
use super::resume::Resume;
use super::similarity::{Language, Reading};
use super::span::ratio;
use super::weights::Weights;

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
    /// The credit of that title, 0 to 1: less if the person learned or helped.
    pub(super) title_credit: f64,
    /// Whether the person worked in the posting's occupation and in what each requirement asks years in, 0 to 1.
    pub(super) worked: Vec<f64>,
    /// The years of work of the posting's kind; `None` if the resume shows no years.
    pub(super) years: Option<f64>,
    /// The similarity of the whole texts.
    pub(super) work: Option<f64>,
    /// The confidence, 0 to 1: 1 if there is enough text.
    pub(super) confidence: f64,
}

/// The share of the worth from which a requirement is met, if the class or level of a licence is not told.
const UNTOLD: f64 = 0.8;

/// The evidence for a skill.
#[derive(Debug, Default)]
pub(super) struct SkillEvidence {
    /// The similarity; 1 if the skill is named.
    pub(super) similarity: f64,
    /// The credit, 0 to 1; less in a list.
    pub(super) worth: f64,
    pub(super) places: Vec<Range<usize>>,
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
        let mix = self.weights.requirements.likeness;
        let ranks = self.ranks();
        let credits = self.rank_credits(&ranks);
        let nearest = self.nearest(&Question::all(job, self.weights), &usable, &credits, mix);
        let of_requirements = |mut tasks: &[Support]| -> Vec<Support> {
            let together = job.requirements.iter().map(|one| {
                let (own, others) = tasks.split_at(one.texts.len());
                tasks = others;
                Support::together(own, self.weights.requirements.all_tasks)
            });
            together.collect()
        };
        let (mut evidence, mut told) = (of_requirements(&nearest.supports), of_requirements(&nearest.told));
        let title = self.nearest_title(&ranks);
        let title_credit = title.map_or(1.0, |(text, _)| self.title_credit(text, &ranks));
        // In another occupation, a similar sentence is seldom evidence.
        let familiar = self.occupied(title, title_credit, &evidence) / self.weights.occupation.familiar;
        // Shared words are evidence in any occupation.
        let familiar = if self.is_foreign() { 1.0 } else { familiar.min(1.0) };
        let all = evidence.iter_mut().chain(&mut told);
        all.for_each(|support| support.worth *= familiar);
        self.licences(&mut evidence, pasted);
        self.licences(&mut told, pasted);
        let mut skills: Vec<Option<SkillEvidence>> = job
            .skills
            .iter()
            .map(|wanted| self.named(wanted, &credits, pasted))
            .collect();
        for (wanted, shown) in job.skills.iter().zip(&mut skills) {
            if shown.is_none() && !wanted.shown_by.is_empty() {
                let supports = wanted.shown_by.iter().map(|&at| told[at]);
                *shown = supports.reduce(Support::better).map(|support| self.shown_by(support));
            }
        }
        let unnamed = (0..job.skills.len()).filter(|&skill| skills[skill].is_none());
        let unnamed = unnamed.filter_map(|skill| Some((skill, Question::skill(job, skill, self.weights)?)));
        let (places, unnamed): (Vec<usize>, Vec<Question<'_>>) = unnamed.unzip();
        let mix = self.weights.skills.likeness;
        let supports = self.nearest(&unnamed, &usable, &credits, mix).supports;
        for (skill, support) in places.into_iter().zip(supports) {
            skills[skill] = Some(self.unnamed(support));
        }
        self.licensed(&evidence, &mut skills);
        let limits = &self.weights.text;
        let enough = |words: usize, wanted: usize| (ratio(words, wanted)).min(1.0);
        let own = usable
            .iter()
            .flatten()
            .map(|&at| resume.sentences[at].words.len())
            .sum();
        let occupied = self.occupied(title, title_credit, &evidence);
        Measurement {
            years: self.years(&nearest.by_job, &ranks, familiar, occupied),
            worked: self.worked(occupied, pasted),
            title_credit,
            evidence,
            skills: skills.into_iter().map(Option::unwrap_or_default).collect(),
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
            let held = one.licence.as_ref().and_then(|licence| self.held(licence, pasted));
            let only = one.licence.as_ref().is_none_or(|licence| licence.only);
            if held.is_none() && !only {
                // A sentence about the rest of the line shows no licence.
                support.worth *= self.weights.requirements.unheld;
            }
            if let Some(place) = held.filter(|_| only) {
                *support = Support {
                    likeness: 1.0,
                    worth: 1.0,
                    credit: 1.0,
                    sentence: self.resume.sentence_of(place.start),
                    list: false,
                };
            } else if let Some(place) = one.licence.as_ref().and_then(|licence| self.untold(licence, pasted)) {
                let met = self.weights.requirements.met;
                if support.worth < met {
                    *support = Support {
                        likeness: 0.5,
                        worth: UNTOLD * met,
                        credit: 1.0,
                        sentence: self.resume.sentence_of(place.start),
                        list: false,
                    };
                }
            }
        }
    }

    /// The place of the first of the credentials that a requirement asks for, if the resume has all of them.
    fn held(&self, licence: &Licence, pasted: &[bool]) -> Option<Range<usize>> {
        let place = licence.held(&self.credentials(pasted))?;
        let named = |stems: &Vec<u64>| {
            let mut sentences = self.resume.sentences.iter();
            sentences.any(|sentence| {
                let counts = |at: &usize| !pasted[*at] && sentence.credit(*at) > 0.0;
                let has = |stem: &u64| {
                    let mut words = sentence.words.clone().filter(counts);
                    words.any(|at| self.resume.words[at].stem == *stem)
                };
                stems.iter().all(has)
            })
        };
        licence.beside.iter().all(named).then_some(place)
    }

    /// The place of a credential of which the resume does not tell the class or level that a requirement asks for.
    fn untold(&self, licence: &Licence, pasted: &[bool]) -> Option<Range<usize>> {
        let credentials = self.credentials(pasted);
        let place = licence.may_be_held(&credentials)?;
        (licence.only && licence.held(&credentials).is_none()).then_some(place)
    }

    /// Shows the names of a licence that a sentence shows in other words, so that none is a gap of what is met.
    fn licensed(&self, evidence: &[Support], skills: &mut [Option<SkillEvidence>]) {
        for (one, support) in self.job.requirements.iter().zip(evidence) {
            let certain = one
                .licence
                .as_ref()
                .is_some_and(|licence| licence.only && licence.groups.len() <= 1);
            if !certain || support.worth < self.weights.requirements.met {
                continue;
            }
            for &skill in one.skills.iter().flatten() {
                if skills[skill].as_ref().is_none_or(|shown| shown.worth <= 0.0) {
                    skills[skill] = Some(self.shown_by(*support));
                }
            }
        }
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
}
