//! The sentence of a resume that best supports a text of the posting.

use super::super::english::SectionKind;
use super::super::non_evidence::{self, Clause};
use super::super::question::{Question, Support, shared_words, telling};
use super::super::resume::Evidence;
use super::super::similarity::{Index, Mix, Reading};
use super::Pair;

/// Sentences that tell, those of lists, and headers of jobs, by index.
const TELLS: usize = 0;
const LISTS: usize = 1;
const HEADS: usize = 2;
const PLACES: usize = 3;

/// The share of what is asked by which a clause of a sentence is told from the others.
const LEAST_SHARED: f32 = 0.2;

/// Where the best sentence of its kind is kept.
fn place(sentence: &Evidence, list: bool) -> usize {
    match (sentence.heads, list) {
        (true, _) => HEADS,
        (false, true) => LISTS,
        (false, false) => TELLS,
    }
}

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
        let kinds = self.resume.kinds.get_or_init(|| {
            let kind =
                |one: &Evidence| place(one, one.list) + PLACES * usize::from(one.section == SectionKind::Summary);
            self.resume.telling().map(|(at, _)| kind(&sentences[at])).collect()
        });
        // By kind, the similarity up to which another sentence adds nothing.
        let mut least = vec![[f64::NEG_INFINITY; 2 * PLACES]; wanted.len()];
        told.compare(mix, &wanted, |one, sentence, likeness| {
            let least = &mut least[one][kinds[sentence]];
            // Most sentences end here.
            if f64::from(likeness) <= *least {
                return;
            }
            if let Some(at) = usable[sentence] {
                let words = &self.resume.words[sentences[at].words.clone()];
                let question = &asked[places[one]];
                let list = sentences[at].list || question.is_claimed(&sentences[at]);
                let most = &mut most[places[one]][place(&sentences[at], list)];
                let known = sentences[at].job.map(|job| &mut by_job[places[one]][job]);
                let listed = if list { self.weights.requirements.listed } else { 1.0 };
                if foreign.is_empty() {
                    // What it is worth at most.
                    let (likeness, whole) = (f64::from(likeness), question.ramp.of(f64::from(likeness)));
                    let no_better = most.is_some_and(|most| (whole * listed, likeness) <= (most.worth, most.likeness));
                    if no_better && known.as_ref().is_none_or(|known| whole <= **known) {
                        return;
                    }
                }
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
                let worth = question.ramp.of(likeness) * credit;
                if let Some(known) = known {
                    *known = f64::max(*known, worth);
                }
                let found = Support {
                    worth: worth * f64::from(credits[at]) * listed,
                    likeness,
                    credit,
                    sentence: Some(at),
                    list,
                };
                let best = most.map_or(found, |most| most.better(found));
                *most = Some(best);
                if foreign.is_empty() {
                    let low = question.ramp.low;
                    *least = if best.worth > 0.0 { low } else { low.min(best.likeness) };
                }
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

    /// The credit of a sentence for what a text of the posting asks, by the clause that shares most words with it, or by the
    /// longest one if hardly a word is shared: the similarity is that of the whole sentence.
    fn credit(&self, sentence: usize, asked: &Reading) -> f32 {
        let clauses = &self.resume.sentences[sentence].clauses;
        if clauses.is_empty() {
            return 1.0;
        }
        // Those who are asked to assist have done so by assisting.
        let assists = non_evidence::assists(|stem| asked.has(stem));
        let own = |clause: &Clause| {
            self.resume.words[clause.words.clone()]
                .iter()
                .filter(|word| word.subject)
        };
        let shared = |clause: &Clause| {
            let share: f32 = own(clause).map(|word| asked.share(word.stem)).sum();
            if share >= LEAST_SHARED { share } else { 0.0 }
        };
        let best = clauses
            .iter()
            .map(|clause| (shared(clause), own(clause).count(), clause.credit));
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

#[cfg(test)]
mod tests {
    //! All sentences together, compared with each of them alone, which none comes before.

    use super::super::super::similarity::Language;
    use super::super::super::weights::Weights;
    use super::super::super::words;
    use super::*;
    use crate::inference::{Text, WIDTH};
    use crate::matching::{Job, Lexicon, Month, Resume};

    const RESUME: &str = "Quill Placeholder\n\nSummary\nPlumber who repairs boilers and pipes in homes.\n\nExperience\n\
        Plumber, Reed Ltd, 2016 - 2024\n- Fitted boilers, pipes and radiators in new homes.\n- Repaired boilers in old \
        homes.\n- Assisted with the gas inspection of boilers, wrote the reports.\n- Kept bees and bottled honey on the \
        roof.\n- Ordered pipes and valves for the stores.\n\nApprentice plumber, Oak Works, 2014 - 2016\n- Fitted pipes \
        and boilers in new homes under supervision.\n- Repaired leaking valves in hospitals.\n- Cleaned the stores.\n\n\
        Skills\nBoilers, pipes, valves, gas inspection, honey\n";
    const JOB: &str = "Plumber\n\nResponsibilities\n- Repair boilers in old homes\n- Write reports of the gas inspection\n- \
        Fit pipes, boilers and valves in new homes\n\nRequirements\n- Experience with leaking valves in hospitals\n- \
        Knows how to keep bees and to bottle honey\n- Orders for the stores\n- Gas inspection\n";

    /// The sums of vectors of the words, so that texts that share words are similar.
    fn vectors(texts: &[Text]) -> Vec<Vec<f32>> {
        let vector = |text: &Text| {
            let mut sum = vec![0.05_f32; WIDTH];
            for stem in words::stems(text) {
                for (n, x) in (0_u64..).zip(&mut sum) {
                    *x += (words::chain(stem, n) % 2001) as f32 / 1000.0 - 1.0;
                }
            }
            let length = sum.iter().map(|x| x * x).sum::<f32>().sqrt();
            sum.into_iter().map(|x| x / length).collect()
        };
        texts.iter().map(vector).collect()
    }

    #[test]
    fn sentences_that_are_passed_over_change_nothing() {
        let lexicon = Lexicon::parse("welding\t1\twelding", Weights::default(), Language::default()).unwrap();
        let resume = Resume::read(&lexicon, RESUME, Month { year: 2026, month: 11 });
        let job = Job::read(&lexicon, JOB);
        let (of_resume, of_job) = (vectors(resume.texts()), vectors(job.texts()));
        let pair = Pair {
            resume: &resume,
            job: &job,
            weights: &lexicon.weights,
            language: &lexicon.language,
            resume_vector: |text: usize| of_resume[text].as_slice(),
            job_vector: |text: usize| Some(of_job[text].as_slice()),
        };
        pair.read();
        let usable = pair.usable(&vec![false; resume.words.len()]);
        let credits = pair.rank_credits(&pair.ranks());
        let asked = Question::all(&job, &lexicon.weights);
        let mix = lexicon.weights.requirements.likeness;
        let nearest = |usable: &[Option<usize>]| pair.nearest(&asked, usable, &credits, mix);
        let alone = |at: usize| {
            let mut one = vec![None; usable.len()];
            one[at] = usable[at];
            nearest(&one)
        };
        let alone: Vec<Nearest> = (0..usable.len()).map(alone).collect();
        let all = nearest(&usable);
        let bits = |one: Support| {
            (
                one.likeness.to_bits(),
                one.worth.to_bits(),
                one.credit.to_bits(),
                one.sentence,
            )
        };
        for (at, found) in all.supports.iter().enumerate() {
            let mut best: [Option<Support>; PLACES] = [None; PLACES];
            for one in alone.iter().map(|one| one.supports[at]) {
                if let Some(sentence) = one.sentence {
                    let best = &mut best[place(&resume.sentences[sentence], one.list)];
                    *best = Some(best.map_or(one, |best| best.better(one)));
                }
            }
            let want = best.into_iter().flatten().reduce(Support::better);
            assert_eq!(bits(*found), bits(want.unwrap_or_default()), "{at}");
            for (job, found) in all.by_job[at].iter().enumerate() {
                let want = alone.iter().map(|one| one.by_job[at][job]).fold(0.0, f64::max);
                assert_eq!(found.to_bits(), want.to_bits(), "{at} {job}");
            }
        }
        assert!(resume.jobs.len() == 2 && usable.len() > 8);
        assert!(all.supports.iter().any(|one| one.worth > 0.0));
        assert!(all.supports.iter().any(|one| one.worth <= 0.0));
    }
}
