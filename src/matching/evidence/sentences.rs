//! The sentence of a resume that best supports a text of the posting.

use super::super::doubt::{self, Clause};
use super::super::english::SectionKind;
use super::super::question::{Question, Support, shared_words, telling};
use super::super::resume::Evidence;
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
        let kinds = self.resume.kinds.get_or_init(|| {
            let telling = self.resume.telling().map(|(at, _)| &sentences[at]);
            let kind = |one: &Evidence| usize::from(one.list) + 2 * usize::from(one.section == SectionKind::Summary);
            telling.map(kind).collect()
        });
        // By kind, the similarity up to which another sentence adds nothing.
        let mut least = vec![[f32::NEG_INFINITY; 4]; wanted.len()];
        told.compare(mix, &wanted, |one, sentence, likeness| {
            let least = &mut least[one][kinds[sentence]];
            // Most sentences end here.
            if likeness <= *least {
                return;
            }
            if let Some(at) = usable[sentence] {
                let list = sentences[at].list || asked[places[one]].is_claimed(&sentences[at]);
                let known = sentences[at].job.map(|job| by_job[places[one]][job]);
                let no_better = most[places[one]][usize::from(list)].is_some_and(|(most, _)| likeness <= most)
                    && (likeness <= low || known.is_none_or(|known| ramp.of(f64::from(likeness)) <= known));
                // The credit lowers the similarity at most, and costs more than this.
                if foreign.is_empty() && no_better {
                    return;
                }
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
                let most = &mut most[places[one]][usize::from(list)];
                if most.is_none_or(|(most, _)| likeness > most) {
                    *most = Some((likeness, at));
                }
                if foreign.is_empty() {
                    *least = low.min(most.map_or(f32::NEG_INFINITY, |(most, _)| most));
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
        let asked = Question::all(&job);
        let weights = &lexicon.weights.requirements;
        let nearest =
            |usable: &[Option<usize>]| pair.nearest(&asked, usable, &credits, weights.likeness, weights.similarity);
        let alone = |at: usize| {
            let mut one = vec![None; usable.len()];
            one[at] = usable[at];
            nearest(&one)
        };
        let alone: Vec<Nearest> = (0..usable.len()).map(alone).collect();
        let all = nearest(&usable);
        let bits = |one: Support| (one.likeness.to_bits(), one.worth.to_bits(), one.sentence, one.list);
        for (at, found) in all.supports.iter().enumerate() {
            let mut best: [Option<Support>; 2] = [None; 2];
            for one in alone.iter().map(|one| one.supports[at]) {
                let best = &mut best[usize::from(one.list)];
                if one.sentence.is_some() && best.is_none_or(|best| one.likeness > best.likeness) {
                    *best = Some(one);
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
