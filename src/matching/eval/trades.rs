//! Graded resumes by trade: order, level of the scores, skills and met requirements beside what a careful reader found.
//! The format is described in `tests/data/matching/trades/README.md`.

mod data;
mod measures;

use std::path::Path;

use rayon::prelude::*;

use self::data::{Graded, Trade, Usage, read};
pub(super) use self::measures::gain;
use self::measures::overlap;
use super::EvalError;
use super::bm25::Bm25;
use super::figures::Figure;
use super::table::{Bar, Line, Table, Task};
use super::vectors::Vectors;
use crate::inference::Inference;
use crate::matching::{EncodedText, Job, Lexicon, Month, Resume, ResumeMatch, Scoring, compare};

const TODAY: Month = Month { year: 2026, month: 11 };

/// A graded resume with the index of its trade.
struct Candidate<'a> {
    trade: usize,
    graded: &'a Graded,
}

/// Trades of one use, with the matches of all their pairs.
struct Pairs<'a> {
    trades: Vec<&'a Trade>,
    candidates: Vec<Candidate<'a>>,
    /// By posting, then by resume.
    matches: Vec<Vec<ResumeMatch>>,
}

/// Evaluates the matcher on the trades in `folder`. `progress` is called at the beginning of each step.
///
/// # Errors
/// See [`EvalError`].
pub async fn evaluate_trades(
    models: &Path,
    folder: &Path,
    inference: &Inference,
    progress: &mut dyn FnMut(&str),
) -> Result<Table, EvalError> {
    let trades = read(folder)?;
    let lexicon = Lexicon::open(models)?;
    let mut vectors = Vectors::default();
    let mut tasks = Vec::new();
    for (usage, name) in [
        (Usage::Tuned, "tuned"),
        (Usage::Compared, "compared"),
        (Usage::Checked, "checked"),
        (Usage::Unseen, "unseen"),
    ] {
        progress(name);
        let used: Vec<&Trade> = trades.iter().filter(|one| one.usage == usage).collect();
        if used.is_empty() {
            continue;
        }
        let pairs = Pairs::score(used, &lexicon, inference, &mut vectors).await?;
        tasks.extend(pairs.tasks(name));
    }
    Ok(Table { tasks })
}

impl<'a> Pairs<'a> {
    async fn score(
        trades: Vec<&'a Trade>,
        lexicon: &Lexicon,
        inference: &Inference,
        vectors: &mut Vectors,
    ) -> Result<Self, EvalError> {
        let graded = |(trade, one): (usize, &&'a Trade)| {
            let resumes: &'a [Graded] = &one.resumes;
            resumes.iter().map(move |graded| Candidate { trade, graded })
        };
        let candidates: Vec<Candidate<'a>> = trades.iter().enumerate().flat_map(graded).collect();
        let jobs: Vec<Job> = trades.iter().map(|one| Job::read(lexicon, &one.job.text)).collect();
        let resumes = candidates
            .iter()
            .map(|one| Resume::read(lexicon, &one.graded.text, TODAY));
        let resumes: Vec<Resume> = resumes.collect();
        for texts in jobs.iter().map(Job::texts).chain(resumes.iter().map(Resume::texts)) {
            vectors.encode_texts(inference, texts).await?;
        }
        let vectors = &*vectors;
        let of = |texts: &[crate::inference::Text]| -> Vec<Vec<f32>> {
            let one = |text: &crate::inference::Text| vectors.of_as(text.role(), text).to_vec();
            texts.iter().map(one).collect()
        };
        let resumes: Vec<_> = resumes.iter().map(|one| (one, of(one.texts()))).collect();
        let scoring = Scoring::shipped(lexicon);
        let row = |job: &Job| {
            let own = of(job.texts());
            let job = EncodedText {
                text: job,
                vectors: &own,
            };
            let pair = |(text, vectors): &(&Resume, Vec<Vec<f32>>)| {
                compare(lexicon, &scoring, EncodedText { text: *text, vectors }, job)
            };
            resumes.iter().map(pair).collect::<Result<Vec<_>, _>>()
        };
        let matches = jobs.par_iter().map(row).collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            trades,
            candidates,
            matches,
        })
    }

    fn tasks(&self, usage: &str) -> Vec<Task> {
        let count = self.trades.len();
        let name = |what: &str| format!("{what}, {usage} ({count} postings)");
        let ours: Vec<Vec<f64>> = self
            .matches
            .iter()
            .map(|row| row.iter().map(|one| one.score).collect())
            .collect();
        let index = Bm25::new(self.candidates.iter().map(|one| &one.graded.text));
        let words = self
            .trades
            .iter()
            .map(|one| index.scores(&one.job.text).into_iter().map(f64::from).collect());
        let words: Vec<Vec<f64>> = words.collect();
        let line = |ranker: &str, figures| Line {
            ranker: ranker.to_owned(),
            figures,
        };
        let levels = [
            ("strong fit", Some(3)),
            ("near fit", Some(2)),
            ("same trade", Some(1)),
            ("other trade", None),
        ];
        let levels = levels.map(|(name, grade)| line(name, vec![("score", self.level(grade))]));
        vec![
            Task {
                name: name("graded resumes"),
                bar: Bar::AtLeast(0.97),
                lines: vec![line("ours", self.order(&ours)), line("BM25", self.order(&words))],
            },
            Task {
                name: name("scores"),
                bar: Bar::AtLeast(0.7),
                lines: levels.into(),
            },
            Task {
                name: name("skills in both texts"),
                bar: Bar::AtLeast(0.75),
                lines: vec![line("ours", self.skills())],
            },
            Task {
                name: name("requirements met"),
                bar: Bar::AtLeast(0.8),
                lines: vec![line("ours", self.met())],
            },
        ]
    }

    fn grade(&self, posting: usize, resume: usize) -> u8 {
        let candidate = &self.candidates[resume];
        if candidate.trade == posting {
            candidate.graded.grade
        } else {
            0
        }
    }

    fn order(&self, scores: &[Vec<f64>]) -> Vec<(&'static str, Figure)> {
        let (mut resumes, mut postings, mut strong) = (Vec::new(), Vec::new(), Vec::new());
        for (posting, row) in scores.iter().enumerate() {
            let graded = row
                .iter()
                .enumerate()
                .map(|(at, &score)| (score, self.grade(posting, at)));
            resumes.push((posting, gain(graded)));
            let of = |grade| {
                let own = (0..row.len()).filter(move |&at| self.grade(posting, at) == grade);
                own.map(|at| row[at]).collect::<Vec<f64>>()
            };
            for high in of(3) {
                strong.extend(of(2).iter().map(|near| (posting, f64::from(u8::from(high > *near)))));
            }
        }
        for (at, candidate) in self.candidates.iter().enumerate() {
            let graded = scores
                .iter()
                .enumerate()
                .map(|(posting, row)| (row[at], self.grade(posting, at)));
            postings.push((candidate.trade, gain(graded)));
        }
        vec![
            ("nDCG@5 of resumes", Figure::of(&resumes)),
            ("nDCG@5 of postings", Figure::of(&postings)),
            ("strong over near", Figure::of(&strong)),
        ]
    }

    /// The mean score of the resumes of a grade; `None` is another trade.
    fn level(&self, grade: Option<u8>) -> Figure {
        let mut scores = Vec::new();
        for (posting, row) in self.matches.iter().enumerate() {
            let own = row
                .iter()
                .enumerate()
                .filter(|(at, _)| self.grade(posting, *at) == grade.unwrap_or(0));
            scores.extend(own.map(|(_, one)| (posting, one.score)));
        }
        Figure::of(&scores)
    }

    /// The matches of the strong fits, by posting.
    fn strong(&self) -> impl Iterator<Item = (usize, &Trade, &ResumeMatch)> {
        self.matches.iter().enumerate().filter_map(|(posting, row)| {
            let at = (0..row.len()).find(|&at| self.grade(posting, at) == 3)?;
            Some((posting, self.trades[posting], &row[at]))
        })
    }

    fn skills(&self) -> Vec<(&'static str, Figure)> {
        let (mut recall, mut precision, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
        for (posting, trade, found) in self.strong() {
            let matched: Vec<Vec<&str>> = found
                .skills
                .matched
                .iter()
                .map(|one| {
                    let spans = one.job_spans.iter().map(|span| &*span.text);
                    spans.chain([&*one.skill.label]).collect()
                })
                .collect();
            let missing: Vec<Vec<&str>> = found
                .skills
                .missing
                .iter()
                .map(|one| {
                    let spans = one.job_spans.iter().map(|span| &*span.text);
                    spans.chain([&*one.skill.label]).collect()
                })
                .collect();
            let among =
                |skill: &str, items: &[Vec<&str>]| items.iter().flatten().any(|item| overlap(skill, item) >= 0.5);
            for skill in &trade.skills.matched {
                let hit = among(skill, &matched);
                recall.push((posting, f64::from(u8::from(hit))));
                wrong.push((posting, f64::from(u8::from(!hit && among(skill, &missing)))));
                if hit {
                    precision.push((posting, 1.0));
                }
            }
            for skill in &trade.skills.missing {
                let claimed = among(skill, &matched);
                wrong.push((posting, f64::from(u8::from(claimed && !among(skill, &missing)))));
                if claimed {
                    precision.push((posting, 0.0));
                }
            }
        }
        vec![
            ("recall", Figure::of(&recall)),
            ("precision", Figure::of(&precision)),
            ("wrong side", Figure::of(&wrong)),
        ]
    }

    fn met(&self) -> Vec<(&'static str, Figure)> {
        let (mut both, mut precision, mut recall) = (Vec::new(), Vec::new(), Vec::new());
        for (posting, trade, found) in self.strong() {
            for (requirement, sentence) in &trade.evidence {
                let own = found.requirements.iter().filter(|one| {
                    let text = one.text.trim();
                    !text.is_empty() && (requirement.contains(text) || text.contains(requirement.as_str()))
                });
                let met = own.clone().any(|one| one.met);
                let right = f64::from(u8::from(met && sentence.is_some()));
                if met {
                    precision.push((posting, right));
                }
                if sentence.is_some() {
                    recall.push((posting, right));
                }
                let counted = f64::from(u8::from(met)) + f64::from(u8::from(sentence.is_some()));
                both.push((posting, 2.0 * right, counted));
            }
        }
        vec![
            ("F1", Figure::ratio(&both)),
            ("precision", Figure::of(&precision)),
            ("recall", Figure::of(&recall)),
        ]
    }
}
