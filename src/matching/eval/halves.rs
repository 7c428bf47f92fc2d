//! One half of an occupation's tasks as a posting, the other as a resume: does each posting rank the resume of its own
//! occupation first, and each resume its posting? Evaluated with the tasks as written, and with the resume paraphrased
//! as detailed work activities.

use rayon::prelude::*;

use super::EvalError;
use super::bm25::Bm25;
use super::data::{Data, Halves, Part};
use super::figures::{Figure, discounted, rank};
use super::spread::Spread;
use super::table::{Bar, Line, Task};
use super::vectors::Vectors;
use crate::inference::{Inference, Text};
use crate::matching::evidence::Pair;
use crate::matching::similarity::Language;
use crate::matching::weights::{Ramp, Weights};
use crate::matching::{Job, Lexicon, Month, Resume};

const TODAY: Month = Month { year: 2026, month: 11 };

/// `scores[job][resume]`.
type Scores = Vec<Vec<f32>>;

/// Postings and resumes of all occupations, parsed and encoded.
pub(super) struct OccupationPairs<'a> {
    halves: &'a [Halves],
    jobs: Vec<Job>,
    resumes: Vec<Resume>,
    /// The sentences of the resumes.
    told: Vec<&'a [String]>,
}

fn bullets(heading: &str, lines: &[String]) -> String {
    lines.iter().fold(heading.to_owned(), |text, line| text + "\n- " + line)
}

impl<'a> OccupationPairs<'a> {
    /// Parses the texts as the product does.
    pub(super) async fn read(
        halves: &'a [Halves],
        paraphrased: bool,
        lexicon: &Lexicon,
        inference: &Inference,
        vectors: &mut Vectors,
    ) -> Result<Self, EvalError> {
        let told: Vec<&[String]> = halves
            .iter()
            .map(|one| if paraphrased { &one.paraphrase } else { &one.resume }.as_slice())
            .collect();
        let jobs: Vec<Job> = halves
            .iter()
            .map(|one| Job::read(lexicon, &bullets("Responsibilities", &one.job)))
            .collect();
        let resumes: Vec<Resume> = told
            .iter()
            .map(|lines| Resume::read(lexicon, &bullets("Experience", lines), TODAY))
            .collect();
        let raw = halves
            .iter()
            .flat_map(|one| &one.job)
            .chain(told.iter().copied().flatten());
        vectors.encode(inference, raw.map(String::as_str)).await?;
        for job in &jobs {
            vectors.encode_texts(inference, job.texts()).await?;
        }
        for resume in &resumes {
            vectors.encode_texts(inference, resume.texts()).await?;
        }
        Ok(Self {
            halves,
            jobs,
            resumes,
            told,
        })
    }

    /// The product's score of every pair.
    pub(super) fn ours(&self, vectors: &Vectors, language: &Language, weights: &Weights) -> Scores {
        let row = |job: &Job| {
            let pair = |resume| pair(job, resume, vectors, language, weights);
            self.resumes.iter().map(|resume| pair(resume).value() as f32).collect()
        };
        self.jobs.par_iter().map(row).collect()
    }

    /// The similarities of whole texts, within and across occupations, on the development part.
    fn spread(&self, vectors: &Vectors, language: &Language, weights: &Weights) -> Spread {
        let mut work = Spread::default();
        let dev: Vec<usize> = (0..self.halves.len())
            .filter(|&at| self.halves[at].part == Part::Dev)
            .collect();
        for (at, &own) in dev.iter().enumerate() {
            let measured = |other: usize| {
                let resume = &self.resumes[dev[(at + other * 31) % dev.len()]];
                let pair = pair(&self.jobs[own], resume, vectors, language, weights);
                pair.measure(&pair.pasted())
            };
            work.own.extend(measured(0).work);
            work.strangers.extend((1..5).filter_map(|other| measured(other).work));
        }
        work
    }

    fn bm25(&self, scores: fn(&Bm25, &str) -> Vec<f32>) -> Scores {
        let index = Bm25::new(self.told.iter().map(|lines| lines.join(" ")));
        let ranked = self.halves.iter().map(|one| scores(&index, &one.job.join(" ")));
        ranked.collect()
    }

    async fn whole(&self, inference: &Inference, vectors: &mut Vectors) -> Result<Scores, EvalError> {
        let mut jobs = Vec::new();
        let mut resumes = Vec::new();
        for (one, told) in self.halves.iter().zip(&self.told) {
            jobs.push(vectors.whole(inference, &one.job.join(" ")).await?);
            resumes.push(vectors.whole(inference, &told.join(" ")).await?);
        }
        Ok(jobs
            .par_iter()
            .map(|job| resumes.iter().map(|resume| dot(job, resume)).collect())
            .collect())
    }

    /// The mean over the posting's sentences of the maximum similarity in the resume.
    fn max_sim(&self, vectors: &Vectors) -> Scores {
        let row = |one: &Halves| {
            let score = |told: &&[String]| {
                let nearest = |task: &String| {
                    told.iter()
                        .map(|line| dot(vectors.of(task), vectors.of(line)))
                        .fold(f32::MIN, f32::max)
                };
                one.job.iter().map(nearest).sum::<f32>() / one.job.len() as f32
            };
            self.told.iter().map(score).collect()
        };
        self.halves.par_iter().map(row).collect()
    }

    /// The metrics of this part, averaged over both directions.
    pub(super) fn figures(&self, scores: &Scores, part: Part) -> Vec<(&'static str, Figure)> {
        let mut codes: Vec<&str> = self.halves.iter().map(|one| one.code.as_str()).collect();
        codes.dedup();
        let group = |code: &str| codes.partition_point(|other| *other < code);
        let (mut reciprocal, mut gain) = (Vec::new(), Vec::new());
        for (at, one) in self.halves.iter().enumerate().filter(|(_, one)| one.part == part) {
            let column: Vec<f32> = scores.iter().map(|row| row[at]).collect();
            for rank in [rank(&scores[at], at), rank(&column, at)] {
                reciprocal.push((group(&one.code), 1.0 / rank));
                gain.push((group(&one.code), discounted(rank)));
            }
        }
        vec![("MRR", Figure::of(&reciprocal)), ("nDCG@10", Figure::of(&gain))]
    }
}

/// These weights with the ramp of whole texts fitted to their comparison.
pub(super) fn ramped(
    sides: &[&OccupationPairs<'_>],
    vectors: &Vectors,
    language: &Language,
    weights: &Weights,
) -> Weights {
    let mut weights = weights.clone();
    // Ramps are fitted without clipping.
    weights.occupation.work_similarity = Ramp::OPEN;
    let mut work = Spread::default();
    for side in sides {
        work.extend(side.spread(vectors, language, &weights));
    }
    weights.occupation.work_similarity = work.ramp(0.9, 0.95);
    weights
}

#[expect(clippy::type_complexity, reason = "the two closures have no names")]
fn pair<'a>(
    job: &'a Job,
    resume: &'a Resume,
    vectors: &'a Vectors,
    language: &'a Language,
    weights: &'a Weights,
) -> Pair<'a, impl Fn(usize) -> &'a [f32], impl Fn(usize) -> Option<&'a [f32]>> {
    let of_text = |text: &Text| vectors.of_as(text.role(), text);
    Pair {
        resume,
        job,
        weights,
        language,
        resume_vector: move |text: usize| of_text(&resume.texts()[text]),
        job_vector: move |text: usize| Some(of_text(&job.texts()[text])),
    }
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Both tasks.
pub(super) async fn tasks(
    data: &Data,
    lexicon: &Lexicon,
    inference: &Inference,
    ablations: bool,
    vectors: &mut Vectors,
) -> Result<Vec<Task>, EvalError> {
    let halves = data.halves()?;
    let mut tasks = Vec::new();
    for (paraphrased, bar) in [(false, 0.65), (true, 0.35)] {
        let sides = OccupationPairs::read(&halves, paraphrased, lexicon, inference, vectors).await?;
        let mut lines = Vec::new();
        let mut add = |ranker: &str, scores: &Scores| {
            lines.push(Line {
                ranker: ranker.to_owned(),
                figures: sides.figures(scores, Part::Test),
            });
        };
        let (language, weights) = (&lexicon.language, &lexicon.weights);
        add("ours", &sides.ours(vectors, language, weights));
        add("BM25", &sides.bm25(Bm25::scores));
        add("BM25 with term frequency", &sides.bm25(Bm25::scores_by_count));
        add("cosine, whole texts", &sides.whole(inference, vectors).await?);
        add("max-sim over sentences", &sides.max_sim(vectors));
        for (name, ablated) in weights.ablations().into_iter().filter(|_| ablations) {
            add(name, &sides.ours(vectors, language, &ablated));
        }
        for (name, ablated) in weights.likeness_ablations().into_iter().filter(|_| ablations) {
            // Another similarity needs other ramps; otherwise the ablation would only show that these do not fit it.
            let ablated = ramped(&[&sides], vectors, language, &ablated);
            add(name, &sides.ours(vectors, language, &ablated));
        }
        let wording = if paraphrased { "paraphrased" } else { "same wording" };
        tasks.push(Task {
            name: format!("O*NET halves, {wording} ({} occupations)", halves.len()),
            bar: Bar::AtLeast(bar),
            lines,
        });
    }
    Ok(tasks)
}
