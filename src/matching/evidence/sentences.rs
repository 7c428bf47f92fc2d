//! The sentence of a resume that best supports a text of the posting.

use super::super::doubt::{self, Clause};
use super::super::question::{Question, Support, shared_words, telling};
use super::super::similarity::{Index, Mix, Reading};
use super::Pair;

/// Sentences that tell, those of lists, and headers of jobs, by index.
const TELLS: usize = 0;
const LISTS: usize = 1;
const HEADS: usize = 2;
const PLACES: usize = 3;

/// The support for texts of the posting.
pub(super) struct Nearest {
    pub(super) supports: Vec<Support>,
    /// The support without the headers of jobs, which say what someone was and not what was done.
    pub(super) told: Vec<Support>,
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
        let mut most: Vec<[Option<Support>; PLACES]> = vec![[None; PLACES]; asked.len()];
        let mut by_job = vec![vec![0.0_f64; self.resume.jobs.len()]; asked.len()];
        told.compare(mix, &wanted, |one, sentence, likeness| {
            if let Some(at) = usable[sentence] {
                let words = &self.resume.words[sentences[at].words.clone()];
                let question = &asked[places[one]];
                if !question.admits(&sentences[at], words) {
                    return;
                }
                let likeness = match foreign.get(places[one]) {
                    None => f64::from(likeness),
                    Some(telling) => match shared_words(words, telling) {
                        share if share <= 0.0 => return,
                        share => question.ramp.at(f64::from(share)),
                    },
                };
                let credit = f64::from(self.credit(at, wanted[one]));
                if credit <= 0.0 {
                    return;
                }
                // What someone helped with is as similar as what someone did, and worth less.
                let support = |rank: f32, list: bool| {
                    let listed = if list { self.weights.requirements.listed } else { 1.0 };
                    Support {
                        worth: question.ramp.of(likeness) * credit * f64::from(rank) * listed,
                        likeness,
                        credit,
                        sentence: Some(at),
                        list,
                    }
                };
                if let Some(job) = sentences[at].job {
                    let known = &mut by_job[places[one]][job];
                    *known = f64::max(*known, support(1.0, false).worth);
                }
                let list = sentences[at].list || question.is_claimed(&sentences[at]);
                let place = match (sentences[at].heads, list) {
                    (true, _) => HEADS,
                    (false, true) => LISTS,
                    (false, false) => TELLS,
                };
                let found = support(credits[at], list);
                let most = &mut most[places[one]][place];
                *most = Some(most.map_or(found, |most| most.better(found)));
            }
        });
        let best = |found: &[Option<Support>]| {
            found
                .iter()
                .copied()
                .flatten()
                .reduce(Support::better)
                .unwrap_or_default()
        };
        Nearest {
            supports: most.iter().map(|found| best(found)).collect(),
            told: most.iter().map(|found| best(&found[..HEADS])).collect(),
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
