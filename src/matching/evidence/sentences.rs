//! The sentence of a resume that best supports a text of the posting.

use super::super::doubt::{self, Clause};
use super::super::question::{Question, Support, shared_words, telling};
use super::super::similarity::{Index, Mix, Reading};
use super::super::weights::Ramp;
use super::Pair;

/// The support for texts of the posting.
pub(super) struct Nearest {
    pub(super) supports: Vec<Support>,
    /// The credit of the best sentence of each job for each text, whatever the rank of the job.
    pub(super) by_job: Vec<Vec<f64>>,
}

impl<'v, R, J> Pair<'_, R, J>
where
    R: Fn(usize) -> &'v [f32],
    J: Fn(usize) -> Option<&'v [f32]>,
{
    /// The usable sentence that best supports each of these texts of the posting. `credits` are those of all sentences by
    /// the rank of their jobs.
    pub(super) fn nearest(
        &self,
        asked: &[Question<'_>],
        usable: &[Option<usize>],
        credits: &[f32],
        mix: Mix,
        ramp: Ramp,
    ) -> Nearest {
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
        let mut by_job = vec![vec![0.0_f64; self.resume.jobs.len()]; asked.len()];
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
                let credited = |credit: f32, likeness: f32| match credit {
                    credit if credit >= 1.0 || likeness <= low => likeness,
                    credit => low + (likeness - low) * credit,
                };
                let credit = self.credit(at, wanted[one]);
                if credit <= 0.0 {
                    return;
                }
                let likeness = credited(credit, likeness);
                if let Some(job) = sentences[at].job {
                    let known = &mut by_job[places[one]][job];
                    *known = f64::max(*known, ramp.of(f64::from(likeness)));
                }
                let likeness = credited(credits[at], likeness);
                let list = sentences[at].list || asked[places[one]].is_claimed(&sentences[at]);
                let most = &mut most[places[one]][usize::from(list)];
                if most.is_none_or(|(most, _)| likeness > most) {
                    *most = Some((likeness, at));
                }
            }
        });
        let found = |list: bool, (likeness, at): (f32, usize)| {
            let likeness = f64::from(likeness);
            let listed = if list { self.weights.requirements.listed } else { 1.0 };
            Support {
                likeness,
                worth: ramp.of(likeness) * listed,
                sentence: Some(at),
                list,
            }
        };
        let best = |[told, listed]: [Option<_>; 2]| {
            let both = [told.map(|one| found(false, one)), listed.map(|one| found(true, one))];
            both.into_iter().flatten().reduce(Support::better)
        };
        Nearest {
            supports: most.into_iter().map(|most| best(most).unwrap_or_default()).collect(),
            by_job,
        }
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
}
