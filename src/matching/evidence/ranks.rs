//! The jobs of a resume beside the posting: the credit of those who learned or helped, and the years of such work.

use super::super::jobs_held::{Rank, asks_to_lead, credited_years, leads, rank};
use super::super::occupations::names_occupation;
use super::super::span::ratio;
use super::super::words;
use super::Pair;

/// Whether a title names one who leads, or nothing that is known as an occupation.
fn is_leader(title: &str) -> bool {
    leads(title) || !names_occupation(title)
}

impl<'v, R, J> Pair<'_, R, J>
where
    R: Fn(usize) -> &'v [f32],
    J: Fn(usize) -> Option<&'v [f32]>,
{
    /// The ranks of the resume's jobs beside that of the posting. A posting for those who learn or are new takes every rank;
    /// to one for those who lead, the others are beginners.
    pub(super) fn ranks(&self) -> Vec<Rank> {
        let title = self.job.title.map_or("", |title| &*self.job.texts()[title.as_title]);
        let jobs = self.resume.jobs.iter();
        let asked = rank(title);
        if matches!(asked, Rank::Learner | Rank::Beginner) {
            return jobs.map(|_| Rank::Full).collect();
        }
        let stems = |title: &str| -> Vec<u64> {
            let subjects = words::words(title).into_iter().filter(|word| word.subject);
            subjects.map(|word| word.stem).collect()
        };
        let wanted = stems(title);
        let below = |text: usize| {
            stems(&self.resume.texts()[text])
                .iter()
                .any(|stem| wanted.contains(stem))
        };
        jobs.map(|job| match (job.rank, job.title) {
            // `Assistant manager` is below a manager, `Legal assistant` is an occupation.
            (Rank::Assistant, Some(title)) if asked == Rank::Full && below(title.as_title) => Rank::Beginner,
            (Rank::Full, Some(held)) if asks_to_lead(title) && !is_leader(&self.resume.texts()[held.as_title]) => {
                Rank::Beginner
            }
            (Rank::Assistant, _) => Rank::Full,
            (rank, _) => rank,
        })
        .collect()
    }

    /// The credit of each sentence as evidence, by the rank of its job; what a resume says elsewhere has that of the
    /// highest rank.
    pub(super) fn rank_credits(&self, ranks: &[Rank]) -> Vec<f32> {
        let highest = ranks.iter().copied().max().unwrap_or(Rank::Full);
        let sentences = self.resume.sentences.iter();
        let rank = sentences.map(|one| one.job.and_then(|job| ranks.get(job)).copied().unwrap_or(highest));
        rank.map(|rank| self.rank_credit(rank)).collect()
    }

    /// The credit of a title, given as a text of the resume. One at the head that no job has was not held.
    pub(super) fn title_credit(&self, title: usize, ranks: &[Rank]) -> f64 {
        let held = self.resume.jobs.iter().zip(ranks);
        let own = held.filter(|(job, _)| job.title.is_some_and(|held| held.as_title == title));
        let rank = own.map(|(_, rank)| *rank).max();
        let highest = ranks.iter().copied().max().unwrap_or(Rank::Full);
        let titled = self.resume.jobs.iter().any(|job| job.title.is_some());
        let held = if rank.is_none() && titled {
            self.weights.experience.headline
        } else {
            1.0
        };
        held * f64::from(self.rank_credit(rank.unwrap_or(highest)))
    }

    fn rank_credit(&self, rank: Rank) -> f32 {
        let weights = &self.weights.experience;
        #[expect(clippy::cast_possible_truncation, reason = "a share")]
        match rank {
            Rank::Learner => weights.learner_evidence as f32,
            Rank::Beginner => weights.beginner_evidence as f32,
            Rank::Assistant | Rank::Full => 1.0,
        }
    }

    /// The years of work of the posting's kind: of each job the share by which its title or its sentences are alike,
    /// less for those who learned or helped. `by_job` is the credit of each job for each text of the requirements, of which
    /// the share `familiar` counts.
    pub(super) fn years(&self, by_job: &[Vec<f64>], ranks: &[Rank], familiar: f64, occupied: f64) -> Option<f64> {
        self.resume.years?;
        let weights = &self.weights.experience;
        let jobs = &self.resume.jobs;
        let (mut told, mut count) = (vec![0.0; jobs.len()], 0);
        let mut tasks = by_job;
        for one in &self.job.requirements {
            let (own, others) = tasks.split_at(one.texts.len().min(tasks.len()));
            tasks = others;
            if one.counts_if_shown() || one.licence.as_ref().is_some_and(|licence| licence.only) || one.degree.is_some()
            {
                continue;
            }
            count += 1;
            for (at, told) in told.iter_mut().enumerate() {
                *told += own.iter().map(|task| task[at]).fold(0.0, f64::max);
            }
        }
        let ramp = self.weights.occupation.similarity;
        let credits = jobs.iter().zip(ranks).zip(told).map(|((job, rank), told)| {
            let title = job.title.and_then(|title| self.title_likeness(title.as_title));
            let title = title.map_or(0.0, |likeness| ramp.of(f64::from(likeness)));
            let alike = title
                .max(familiar * told / ratio(count.max(1), 1) / weights.relevant)
                .min(1.0);
            alike
                * match rank {
                    Rank::Learner => weights.learner,
                    Rank::Beginner => weights.beginner,
                    Rank::Assistant | Rank::Full => 1.0,
                }
        });
        let credits: Vec<f64> = credits.collect();
        let stated = self.resume.stated_years.unwrap_or(0.0) * (occupied / self.weights.occupation.agrees).min(1.0);
        Some(credited_years(jobs, &credits).max(stated))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::matched;

    const JOB: &str =
        "Plumber\n\nRequirements\n- 5 years of experience as a plumber\n- Fits boilers and pipes in new homes\n";

    /// The score of the years, and whether they are met, for a job with this title from 2016 to 2024.
    fn years(title: &str, job: &str) -> (f64, bool) {
        // In other words than the posting, since a resume that repeats it is discounted as a whole.
        let resume = format!(
            "Quill Placeholder\n\nExperience\n{title}, Reed Ltd, 2016 - 2024\n- Replaced a hot water cylinder in a flat above \
             a bakery.\n- Found a leak behind a tiled wall and soldered the joint.\n"
        );
        let found = matched(&resume, job);
        assert!(found.experience.found_years.unwrap() > 7.0, "{:?}", found.experience);
        let part = found
            .components
            .iter()
            .find(|part| part.reason.contains("years found"))
            .unwrap();
        let asked = found
            .requirements
            .iter()
            .find(|one| one.text.contains("5 years"))
            .unwrap();
        (part.score, asked.met)
    }

    #[test]
    fn the_years_of_those_who_learn_count_in_part() {
        let (full, met) = years("Plumber", JOB);
        assert!(met && full > 0.85, "{full}");
        let (learner, met) = years("Apprentice plumber", JOB);
        assert!(!met && learner < 0.5, "{learner}");
        let job = JOB.replacen("Plumber", "Apprentice plumber", 1);
        let (asked, met) = years("Apprentice plumber", &job);
        assert!(met && asked > 0.85, "{asked}");
    }
}
