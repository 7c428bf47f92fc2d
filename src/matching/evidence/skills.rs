//! The evidence for a skill: its names in the resume, or else a sentence that shows it.

use super::super::credentials::{self, Credential};
use super::super::job::WantedSkill;
use super::super::non_evidence;
use super::super::question::Support;
use super::super::showing::Showing;
use super::{Pair, SkillEvidence};

/// Whether a sentence says that the person did what it mentions, and did not only see it.
fn did(found: Support) -> bool {
    found.credit > f64::from(non_evidence::WATCHED)
}

impl<'v, R, J> Pair<'_, R, J>
where
    R: Fn(usize) -> &'v [f32],
    J: Fn(usize) -> Option<&'v [f32]>,
{
    /// The evidence for a skill that the resume names.
    pub(super) fn named(&self, wanted: &WantedSkill, credits: &[f32], pasted: &[bool]) -> Option<SkillEvidence> {
        let (mut places, mut worth) = (Vec::new(), 0.0_f64);
        for words in self.resume.named(wanted) {
            let has = |at: usize| self.resume.levels.get(&at).copied();
            let short = |at: usize| has(at).zip(wanted.level).is_some_and(|(level, needed)| level < needed);
            if words.clone().any(|at| pasted[at] || short(at)) {
                continue;
            }
            let sentences = &self.resume.sentences;
            let at = sentences.partition_point(|sentence| sentence.words.end <= words.start);
            let list = sentences.get(at).is_some_and(|sentence| sentence.list);
            let credit = sentences
                .get(at)
                .map_or(1.0, |sentence| sentence.credit(words.start) * credits[at]);
            if credit <= non_evidence::WATCHED {
                continue;
            }
            let credit = f64::from(credit);
            // Licences and languages are told in lists.
            let list = list && wanted.showing != Showing::Exact;
            worth = worth.max(credit * if list { self.weights.skills.listed } else { 1.0 });
            places.push(self.resume.words[words.start].bytes.start..self.resume.words[words.end - 1].bytes.end);
        }
        if let Some(wanted) = wanted.credential.filter(|_| places.is_empty()) {
            let shows = |held: &&Credential| credentials::shows(held.kind(), wanted);
            if let Some(held) = self.credentials(pasted).find(shows) {
                worth = 1.0;
                places.push(held.bytes.clone());
            }
        }
        (!places.is_empty()).then_some(SkillEvidence {
            similarity: 1.0,
            worth,
            places,
        })
    }

    /// The evidence for a skill that the resume does not name, from that for its line. The credit is half or more.
    pub(super) fn shown_by(&self, found: Support) -> SkillEvidence {
        let enough = |worth: f64| worth > 0.0 && worth >= self.weights.skills.shown;
        // A title says what someone was, not what was done.
        let tells = |at: &usize| !self.resume.sentences[*at].heads;
        match found
            .sentence
            .filter(|at| enough(found.worth) && did(found) && tells(at))
        {
            Some(at) => {
                let similarity = 0.5 + 0.5 * found.worth;
                SkillEvidence {
                    similarity,
                    worth: similarity * found.credit,
                    places: vec![self.resume.sentences[at].bytes.clone()],
                }
            }
            None => SkillEvidence::default(),
        }
    }

    /// The evidence for a skill that the resume does not name, from its most similar sentence. The credit is half or
    /// more.
    pub(super) fn unnamed(&self, found: Support) -> SkillEvidence {
        let weights = &self.weights.skills;
        match found
            .sentence
            .filter(|_| found.likeness >= weights.near.low && did(found))
        {
            Some(at) => {
                let similarity = 0.5 + 0.5 * weights.near.of(found.likeness);
                SkillEvidence {
                    similarity,
                    worth: similarity * found.credit * if found.list { weights.listed } else { 1.0 },
                    places: vec![self.resume.sentences[at].bytes.clone()],
                }
            }
            None => SkillEvidence::default(),
        }
    }
}
