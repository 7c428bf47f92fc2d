//! The similarity of the occupations, by titles and by whole texts.

use super::super::jobs_held::Rank;
use super::super::question::{Support, shared_words, telling};
use super::super::span::ratio;
use super::super::words;
use super::Pair;

impl<'v, R, J> Pair<'_, R, J>
where
    R: Fn(usize) -> &'v [f32],
    J: Fn(usize) -> Option<&'v [f32]>,
{
    /// Whether the person worked in the posting's occupation, 0 to 1, by the titles or by the evidence for all that is
    /// asked. More evidence never lowers it.
    pub(super) fn occupied(&self, title: Option<(usize, f64)>, credit: f64, evidence: &[Support]) -> f64 {
        let alike = |likeness: f64| credit * self.weights.occupation.similarity.of(likeness);
        let title = title.map_or(0.0, |(_, likeness)| alike(likeness));
        let asked = self.job.requirements.iter().zip(evidence);
        let counted = asked.filter(|(one, _)| !one.counts_if_shown());
        let (count, worth) = counted.fold((0, 0.0), |(count, worth), (_, support)| {
            (count + 1, worth + support.worth)
        });
        title.max(worth / ratio(count.max(1), 1))
    }

    /// Whether the person worked in the posting's occupation and in what each requirement asks years in, 0 to 1. A title says
    /// little of a specialty, which the resume has to name, and nothing of a licence, which it has to state.
    pub(super) fn worked(&self, occupied: f64, pasted: &[bool]) -> Vec<f64> {
        let named = |stems: &Vec<u64>| {
            let found = stems.iter().filter(|stem| self.resume.phrases().has(**stem)).count();
            self.weights.experience.specialty.of(ratio(found, stems.len()))
        };
        let requirements = self.job.requirements.iter();
        let shown = requirements.map(|one| {
            let mut licence = one.licence.iter().filter(|licence| !licence.groups.is_empty());
            if licence.any(|licence| self.held(licence, pasted).is_none()) {
                return 0.0;
            }
            one.specialty.iter().map(named).reduce(f64::max).unwrap_or(1.0)
        });
        shown.map(|shown| occupied * shown).collect()
    }

    /// The similarity of all that is asked and all that is told; `None` if one of them is nothing.
    pub(super) fn work(&self, usable: &[Option<usize>], pasted: &[bool]) -> Option<f64> {
        let asks = self.job.requirements.iter().any(|one| !one.counts_if_shown());
        if !asks || usable.iter().flatten().next().is_none() || self.is_foreign() {
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
        let likeness = self.weights.occupation.work_likeness.beyond_neighbours(asked, told);
        Some(f64::from(likeness))
    }

    /// The similarity of a title of the resume to that of the posting; `None` if one is in another language and they share
    /// no word.
    pub(super) fn title_likeness(&self, text: usize) -> Option<f32> {
        let at = self.job.title?.as_title;
        let title = self.job_reading(at)?;
        let foreign = self.is_foreign().then(|| telling(&self.job.texts()[at]));
        let shares = |telling: &Vec<u64>| shared_words(&words::words(&self.resume.texts()[text]), telling) > 0.0;
        let comparable = foreign.as_ref().is_none_or(shares);
        comparable.then(|| {
            self.weights
                .occupation
                .likeness
                .likeness(title, self.resume_reading(text))
        })
    }

    /// The resume's title that is most similar to the posting's, and the similarity. One of those who learned or helped is
    /// taken if no other counts more.
    pub(super) fn nearest_title(&self, ranks: &[Rank]) -> Option<(usize, f64)> {
        let title = self.job_reading(self.job.title?.as_title)?;
        let weights = &self.weights.occupation;
        let mut best: Option<(usize, f32, f64)> = None;
        let titles = || self.resume.titles.iter().map(|title| title.as_title);
        for text in titles() {
            let Some(likeness) = self.title_likeness(text) else {
                continue;
            };
            let worth = self.title_credit(text, ranks) * weights.similarity.of(f64::from(likeness));
            if best.is_none_or(|(_, other, most)| (worth, likeness) > (most, other)) {
                best = Some((text, likeness, worth));
            }
        }
        let (text, nearest, _) = best?;
        let all = self
            .resume
            .called
            .get_or_init(|| self.language.called(titles().map(|text| self.resume_reading(text))));
        let together = weights.likeness.likeness(title, all);
        Some((text, f64::from(weights.of_titles(nearest, together))))
    }
}
