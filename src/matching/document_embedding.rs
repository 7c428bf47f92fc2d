//! The representation of a whole text for the catalogue's search: its terms with their counts, and one vector.

use std::collections::HashMap;

use super::job::Job;
use super::normalize::Normalized;
use super::redact;
use super::resume::Resume;
use super::words::{self, Word};

/// The stems of a text's content words, as hashes, with their counts, at most 255 each.
pub type Terms = Vec<(u32, u8)>;

/// The terms of a query.
#[must_use]
pub fn terms(text: &str) -> Terms {
    let (plain, _) = Normalized::new(text).into_parts();
    count(&words::words(&plain))
}

impl Job {
    /// The terms of the posting.
    #[must_use]
    pub fn terms(&self) -> Terms {
        let (plain, _) = Normalized::new(&self.text).into_parts();
        count(&words::words(&redact::job(&plain)))
    }

    /// The embedding of the posting: half title, half requirements. `vectors` are the embeddings of [`Job::texts`];
    /// empty if there are too few.
    #[must_use]
    pub fn gist<V: AsRef<[f32]>>(&self, vectors: &[V]) -> Vec<f32> {
        let requirements = self.requirements.iter().flat_map(|one| one.texts.iter().copied());
        halves(vectors, self.title.iter().map(|title| title.as_sentence), requirements)
    }
}

impl Resume {
    /// The terms of the resume, without its identifying data.
    #[must_use]
    pub fn terms(&self) -> Terms {
        count(&self.words)
    }

    /// The embedding of the resume: half titles, half sentences. `vectors` are the embeddings of [`Resume::texts`];
    /// empty if there are too few.
    #[must_use]
    pub fn gist<V: AsRef<[f32]>>(&self, vectors: &[V]) -> Vec<f32> {
        let sentences = self.sentences.iter().filter_map(|sentence| sentence.text);
        halves(vectors, self.titles.iter().map(|title| title.as_sentence), sentences)
    }
}

fn count(words: &[Word]) -> Terms {
    let mut counts: HashMap<u32, u8> = HashMap::new();
    for word in words.iter().filter(|word| word.subject) {
        // Two of a hundred thousand stems may share 32 bits, which has no visible effect on rankings.
        #[expect(clippy::cast_possible_truncation, reason = "the low bits are the term")]
        let count = counts.entry(word.stem as u32).or_default();
        *count = count.saturating_add(1);
    }
    let mut terms: Terms = counts.into_iter().collect();
    terms.sort_unstable();
    terms
}

/// Both halves have equal weight; if one is missing, the other has all of it.
fn halves<V: AsRef<[f32]>>(
    vectors: &[V],
    first: impl Iterator<Item = usize>,
    second: impl Iterator<Item = usize>,
) -> Vec<f32> {
    let mut whole = mean(vectors, first);
    for (sum, x) in whole.iter_mut().zip(mean(vectors, second)) {
        *sum += x;
    }
    unit(whole)
}

fn mean<V: AsRef<[f32]>>(vectors: &[V], texts: impl Iterator<Item = usize>) -> Vec<f32> {
    let mut sum = vec![0.0; vectors.first().map_or(0, |vector| vector.as_ref().len())];
    for vector in texts.filter_map(|text| vectors.get(text)) {
        for (sum, x) in sum.iter_mut().zip(vector.as_ref()) {
            *sum += x;
        }
    }
    unit(sum)
}

fn unit(mut vector: Vec<f32>) -> Vec<f32> {
    let norm = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if norm > 0.0 {
        vector.iter_mut().for_each(|x| *x /= norm);
    }
    vector
}

#[cfg(test)]
mod tests {
    use super::super::similarity::Language;
    use super::*;
    use crate::matching::weights::Weights;
    use crate::matching::{Lexicon, Month};
    use std::sync::Arc;

    fn lexicon() -> Lexicon {
        Lexicon::parse("welding\t1\twelding", Weights::default(), Language::default()).unwrap()
    }

    #[test]
    fn inflections_are_one_term_and_grammar_is_none() {
        let terms = terms("Managing the pipelines, and a pipeline that manages pipelines");
        let counts: Vec<u8> = terms.iter().map(|term| term.1).collect();
        assert_eq!(counts.iter().map(|&n| u32::from(n)).sum::<u32>(), 5, "{terms:?}");
        assert_eq!(counts.len(), 2);
    }

    #[test]
    fn whose_resume_it_is_is_no_term() {
        let today = Month { year: 2026, month: 11 };
        let read = |name: &str| {
            let text = format!("{name}\n{name}@example.com\n\nExperience\nWelded pipes for twelve years.");
            Resume::read(&lexicon(), &text, today).terms()
        };
        assert_eq!(read("Ann Walker"), read("Zoltan Nagy"));
    }

    #[test]
    fn a_title_is_half_of_a_posting() {
        let models = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
        let job = Job::read(
            &Lexicon::open(&models).unwrap(),
            "Welder\n\nRequirements\n- Must weld pipes\n- Must read plans\n",
        );
        assert!(job.title.is_some() && job.requirements.len() == 2);
        let axes = |n: usize| Arc::<[f32]>::from((0..8).map(|at| f32::from(at == n)).collect::<Vec<_>>());
        let vectors: Vec<_> = (0..job.texts().len()).map(axes).collect();
        let gist = job.gist(&vectors);
        let title = gist[job.title.unwrap().as_sentence];
        assert!((title - 0.5_f32.sqrt()).abs() < 1e-6, "{gist:?}");
        assert!((gist.iter().map(|x| x * x).sum::<f32>() - 1.0).abs() < 1e-6);
        assert_eq!(job.gist::<Vec<f32>>(&[]), Vec::<f32>::new());
    }
}
