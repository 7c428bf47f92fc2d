//! The similarity of two texts: their embeddings, and the rare words they share.
//!
//! Some texts are similar to everything ("Perform other duties"), so the average similarity to the nearest neighbours
//! is subtracted, as in cross-domain similarity local scaling (Conneau et al. 2018). Whole texts are compared by the
//! mean of their sentences: what all work-related texts have in common is subtracted from it, and a linear map moves
//! texts of one occupation closer together. Mean, map, neighbours and word rarities are in `models/matching/`, learnt by
//! `portcullis train matching`.

mod files;
mod index;

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::words::{self, Hashed};
use crate::inference::{Role, Text, WIDTH, dot_product};

pub(super) use index::Index;

/// The number of nearest neighbours for local scaling.
const NEIGHBOURS: usize = 10;
/// The least difference between equal texts and neighbours, so that nothing is divided by 0.
const LEAST_ROOM: f32 = 0.05;
/// Texts that are processed together.
const TOGETHER: usize = 16;

/// A text in the form that is compared; the default is similar to nothing.
#[derive(Debug, Clone, Default)]
pub(super) struct Reading {
    /// The embedding, of unit length; that of a whole text is adjusted.
    vector: Vec<f32>,
    /// The stems in order, each with its weight by rarity; the squares sum to 1.
    terms: Vec<(u64, f32)>,
    /// The average similarity to the nearest neighbours.
    crowd: f32,
}

/// The statistics of work-related text.
#[derive(Debug)]
pub(super) struct Language {
    /// The mean of all embeddings.
    mean: Vec<f32>,
    /// The linear map, row by row, output by input.
    map: Vec<f32>,
    /// Embeddings of many sentences and titles, row by row.
    sentences: Vec<f32>,
    /// Adjusted embeddings of whole occupations, row by row.
    works: Vec<f32>,
    /// The rarity of a word, by its stem.
    rarity: HashMap<u64, f32, Hashed>,
    /// The rarity of an unknown word.
    unseen: f32,
}

impl Language {
    /// Processes a text with its embedding. An embedding of another length makes it similar to nothing.
    pub(super) fn read(&self, text: &Text, vector: &[f32]) -> Reading {
        self.read_all(&[(text, vector)]).pop().unwrap_or_default()
    }

    /// As [`Language::read`] for many texts, so that the neighbours are read from memory once for several of them.
    pub(super) fn read_all(&self, texts: &[(&Text, &[f32])]) -> Vec<Reading> {
        let terms = |text: &str| {
            let subject = words::words(text).into_iter().filter(|word| word.subject);
            let mut terms: Vec<(u64, f32)> = subject.map(|word| (word.stem, self.rarity(word.stem))).collect();
            terms.sort_unstable_by_key(|term| term.0);
            terms.dedup_by_key(|term| term.0);
            terms
        };
        let (titles, sentences): (Vec<usize>, Vec<usize>) =
            (0..texts.len()).partition(|&at| texts[at].0.role() == Role::Title);
        let together = sentences.par_chunks(TOGETHER).flat_map_iter(|places| {
            let own = places.iter().map(|&at| (of_width(texts[at].1), terms(texts[at].0)));
            Self::readings(own, &self.sentences)
        });
        let mut readings: Vec<Reading> = vec![Reading::default(); texts.len()];
        for (at, reading) in sentences.iter().zip(together.collect::<Vec<_>>()) {
            readings[*at] = reading;
        }
        // The encoder was trained for titles, so they need no scaling.
        for at in titles {
            let (title, vector) = texts[at];
            readings[at] = Reading::new(of_width(vector), terms(title));
        }
        readings
    }

    /// From unit vectors and ordered, weighted terms.
    fn readings(texts: impl Iterator<Item = (Vec<f32>, Vec<(u64, f32)>)>, background: &[f32]) -> Vec<Reading> {
        let mut readings: Vec<Reading> = texts.map(|(vector, terms)| Reading::new(vector, terms)).collect();
        let rows: Vec<&[f32]> = background.chunks_exact(WIDTH).collect();
        let mut near = Vec::new();
        dot_product(&vectors(&readings.iter().collect::<Vec<_>>()), &rows, &mut near);
        for (reading, near) in readings.iter_mut().zip(near.chunks_mut(rows.len().max(1))) {
            reading.crowd = mean_of_highest(near);
        }
        readings
    }

    /// The rarity of a word.
    pub(super) fn rarity(&self, stem: u64) -> f32 {
        self.rarity.get(&stem).copied().unwrap_or(self.unseen)
    }

    /// The whole of an occupation, from its sentences.
    pub(super) fn work<'a>(&self, sentences: impl Iterator<Item = &'a Reading>) -> Reading {
        let (mean, terms) = self.together(sentences);
        let mut adjusted = mapped(&[&mean], &self.mean, &self.map);
        let one = std::iter::once((adjusted.pop().unwrap_or_default(), terms));
        Self::readings(one, &self.works).pop().unwrap_or_default()
    }

    /// The whole of a list of titles.
    pub(super) fn called<'a>(&self, titles: impl Iterator<Item = &'a Reading>) -> Reading {
        let (mean, terms) = self.together(titles);
        Reading::new(of_width(&mean), terms)
    }

    /// Combines texts: the mean of their embeddings, and their words by frequency.
    fn together<'a>(&self, texts: impl Iterator<Item = &'a Reading>) -> (Vec<f32>, Vec<(u64, f32)>) {
        let mut count = 0.0;
        let mut sum = vec![0.0; WIDTH];
        let mut counts: BTreeMap<u64, f32> = BTreeMap::new();
        for text in texts {
            count += 1.0;
            sum.iter_mut().zip(&text.vector).for_each(|(sum, x)| *sum += x);
            text.terms
                .iter()
                .for_each(|(stem, _)| *counts.entry(*stem).or_default() += 1.0);
        }
        let terms = counts
            .into_iter()
            .map(|(stem, count)| (stem, (1.0 + count.ln()) * self.rarity(stem)));
        if count > 0.0 {
            sum.iter_mut().for_each(|x| *x /= count);
        }
        (sum, terms.collect())
    }
}

impl Reading {
    /// The share of the text that a stem makes up by its rarity, 0 to 1.
    pub(super) fn share(&self, stem: u64) -> f32 {
        let at = self.terms.binary_search_by_key(&stem, |term| term.0);
        at.map_or(0.0, |at| self.terms[at].1 * self.terms[at].1)
    }

    /// Whether the text has this content word.
    pub(super) fn has(&self, stem: u64) -> bool {
        self.terms.binary_search_by_key(&stem, |term| term.0).is_ok()
    }

    /// `vector` has unit length; `terms` are ordered and weighted.
    fn new(vector: Vec<f32>, mut terms: Vec<(u64, f32)>) -> Self {
        let squares = terms.iter().map(|(_, weight)| weight * weight).sum::<f32>();
        let length = squares.sqrt().max(f32::MIN_POSITIVE);
        terms.iter_mut().for_each(|(_, weight)| *weight /= length);
        Self {
            vector,
            terms,
            crowd: 0.0,
        }
    }
}

/// The vectors minus the mean, mapped, of unit length; a vector of another length becomes zero.
fn mapped(vectors: &[&[f32]], mean: &[f32], map: &[f32]) -> Vec<Vec<f32>> {
    let centred = vectors.iter().map(|vector| match vector.len() {
        WIDTH => vector.iter().zip(mean).map(|(x, mean)| x - mean).collect(),
        _ => vec![0.0; WIDTH],
    });
    let centred: Vec<Vec<f32>> = centred.collect();
    let centred: Vec<&[f32]> = centred.iter().map(Vec::as_slice).collect();
    let rows: Vec<&[f32]> = map.chunks_exact(WIDTH).collect();
    let mut found = Vec::new();
    dot_product(&centred, &rows, &mut found);
    found.chunks_exact(WIDTH).map(|mapped| unit(mapped.to_vec())).collect()
}

/// The vector scaled to unit length; a vector of another length becomes zero.
fn of_width(vector: &[f32]) -> Vec<f32> {
    if vector.len() == WIDTH {
        unit(vector.to_vec())
    } else {
        vec![0.0; WIDTH]
    }
}

fn unit(mut vector: Vec<f32>) -> Vec<f32> {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    // NaN makes a text similar to nothing.
    let scale = if length.is_finite() && length > 0.0 {
        length.recip()
    } else {
        0.0
    };
    vector
        .iter_mut()
        .for_each(|x| *x = if x.is_finite() { *x * scale } else { 0.0 });
    vector
}

fn vectors<'a>(readings: &[&'a Reading]) -> Vec<&'a [f32]> {
    readings.iter().map(|reading| reading.vector.as_slice()).collect()
}

fn mean_of_highest(values: &mut [f32]) -> f32 {
    let count = NEIGHBOURS.min(values.len());
    if count == 0 {
        return 0.0;
    }
    values.select_nth_unstable_by(count - 1, |a, b| b.total_cmp(a));
    values[..count].iter().sum::<f32>() / count as f32
}

/// The weights of the parts of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mix {
    /// The weight of shared words, beside the cosine similarity.
    pub(super) words: f64,
    /// The weight of local scaling.
    pub(super) crowd: f64,
}

impl Mix {
    /// The similarity of two texts.
    pub(super) fn likeness(self, a: &Reading, b: &Reading) -> f32 {
        let mut cosine = Vec::new();
        dot_product(&[&a.vector], &[&b.vector], &mut cosine);
        let shared = if self.words > 0.0 {
            shared(&a.terms, &b.terms)
        } else {
            0.0
        };
        self.of(cosine[0], shared, a.crowd + b.crowd)
    }

    /// How much more similar two texts are than each is to its neighbours, as a share of the most that is possible: 1 for
    /// equal texts with content words. Unlike [`Self::likeness`], it is comparable between texts whose surroundings are crowded, such as lists
    /// of tasks in the words of a classification, and others.
    pub(super) fn beyond_neighbours(self, a: &Reading, b: &Reading) -> f32 {
        let most = self.of(1.0, 1.0, a.crowd + b.crowd);
        self.likeness(a, b) / most.max(LEAST_ROOM)
    }

    #[expect(clippy::cast_possible_truncation, reason = "likeness is as exact as the vectors are")]
    fn of(self, cosine: f32, shared: f32, crowd: f32) -> f32 {
        cosine + self.words as f32 * shared - self.crowd as f32 * crowd
    }

    /// The weights without one of the parts.
    pub(super) fn ablations(self) -> [(&'static str, Self); 2] {
        [
            ("ablation: without shared words", Self { words: 0.0, ..self }),
            ("ablation: without local scaling", Self { crowd: 0.0, ..self }),
        ]
    }
}

/// The cosine similarity of the weighted words.
fn shared(a: &[(u64, f32)], b: &[(u64, f32)]) -> f32 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while let (Some(left), Some(right)) = (a.get(i), b.get(j)) {
        match left.0.cmp(&right.0) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                sum += left.1 * right.1;
                i += 1;
                j += 1;
            }
        }
    }
    sum
}

#[cfg(test)]
impl Default for Language {
    /// The shipped weights.
    fn default() -> Self {
        Self::open(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models/matching")).unwrap()
    }
}

#[cfg(test)]
mod tests {
    //! The parts of a comparison, on statistics of a few texts. Ranking quality is part of the evaluation.

    use super::*;

    const TEXTS: [&str; 12] = [
        "Weld steel pipes.",
        "Weld steel frames.",
        "Teach pupils mathematics.",
        "Teach pupils physics.",
        "Cook soup for guests.",
        "Cook fish for guests.",
        "Repair the engines of trucks.",
        "Repair engines.",
        "Nurse patients at night.",
        "Nurse patients.",
        "Count stock in warehouses.",
        "Count stock.",
    ];

    fn vector(text: &str) -> Vec<f32> {
        let mut vector = vec![0.1; WIDTH];
        for stem in words::stems(text) {
            vector[usize::try_from(stem % 384).unwrap()] += 1.0;
        }
        unit(vector)
    }

    fn language() -> Language {
        let folder = tempfile::tempdir().unwrap();
        let vectors: Vec<Vec<f32>> = TEXTS.iter().map(|text| vector(text)).collect();
        let texts: Vec<(&str, &[f32])> = TEXTS.iter().copied().zip(vectors.iter().map(Vec::as_slice)).collect();
        let works: Vec<Vec<&[f32]>> = vectors.iter().map(|vector| vec![vector.as_slice()]).collect();
        Language::learn(folder.path(), &texts, &[], &works, TEXTS.len(), &mut |_, _| ()).unwrap();
        Language::open(folder.path()).unwrap()
    }

    fn likeness(language: &Language, mix: Mix, a: &str, b: &str) -> f32 {
        let [a, b] = [a, b].map(|text| language.read(&text.into(), &vector(text)));
        let likeness = mix.likeness(&a, &b);
        [&a].into_iter().collect::<Index>().compare(mix, &[&b], |_, _, found| {
            assert!((found - likeness).abs() < 1e-6, "looked up as compared");
        });
        likeness
    }

    const PLAIN: Mix = Mix { words: 0.0, crowd: 0.0 };
    const WORDS: Mix = Mix { words: 0.5, crowd: 0.0 };

    #[test]
    fn a_text_is_most_like_itself_and_order_does_not_matter() {
        let language = language();
        for mix in [PLAIN, WORDS] {
            for text in TEXTS {
                let own = likeness(&language, mix, text, text);
                assert!((f64::from(own) - 1.0 - mix.words).abs() < 1e-3, "{text}: {own}");
                for other in TEXTS.iter().filter(|other| **other != text) {
                    let there = likeness(&language, mix, text, other);
                    assert!(there < own, "{text} {other}");
                    assert!(
                        (there - likeness(&language, mix, other, text)).abs() < 1e-5,
                        "{text} {other}"
                    );
                }
            }
        }
    }

    #[test]
    fn rare_words_count_more_than_common_ones() {
        let language = language();
        let gain = |a, b| likeness(&language, WORDS, a, b) - likeness(&language, PLAIN, a, b);
        assert!(gain("physics pupils", "physics guests") > gain("stock pupils", "mathematics pupils"));
        assert_eq!(gain("weld pipes", "cook soup"), 0.0);
        assert!(gain("welding pipes", "Weld a pipe") > 0.49, "inflections are one word");
    }

    #[test]
    fn crowded_surroundings_are_taken_off() {
        let language = language();
        let mix = Mix { words: 0.0, crowd: 0.5 };
        let scaled = likeness(&language, mix, TEXTS[0], TEXTS[2]);
        assert!(scaled < likeness(&language, PLAIN, TEXTS[0], TEXTS[2]) + 0.5);
        let [a, b] = [TEXTS[0], TEXTS[2]].map(|text| language.read(&text.into(), &vector(text)).crowd);
        let plain = likeness(&language, PLAIN, TEXTS[0], TEXTS[2]);
        assert!((plain - 0.5 * (a + b) - scaled).abs() < 1e-6);
    }

    #[test]
    fn equal_texts_are_as_far_beyond_their_neighbours_as_is_possible() {
        let language = language();
        let mix = Mix { words: 0.2, crowd: 0.5 };
        let read = |text: &str| language.read(&text.into(), &vector(text));
        for text in TEXTS {
            let own = mix.beyond_neighbours(&read(text), &read(text));
            assert!((own - 1.0).abs() < 1e-4, "{text}: {own}");
            for other in TEXTS.iter().filter(|other| **other != text) {
                let found = mix.beyond_neighbours(&read(text), &read(other));
                assert!(found < 1.0 && found.is_finite(), "{text} {other}: {found}");
            }
        }
        // Equal cosines say more where neighbours are near.
        let at = |crowd: f32, cosine: f32| {
            let reading = |vector: Vec<f32>| Reading {
                crowd,
                ..Reading::new(vector, Vec::new())
            };
            let (mut a, mut b) = (vec![0.0; WIDTH], vec![0.0; WIDTH]);
            (a[0], b[0], b[1]) = (1.0, cosine, (1.0 - cosine * cosine).sqrt());
            Mix { words: 0.0, ..mix }.beyond_neighbours(&reading(a), &reading(b))
        };
        assert!((at(0.8, 0.9) - 0.5).abs() < 1e-4 && (at(0.2, 0.6) - 0.5).abs() < 1e-4);
        assert!(at(1.0, 1.0).is_finite());
    }

    #[test]
    fn titles_are_compared_as_the_encoder_gives_them() {
        let language = language();
        let read = |title: &str| language.read(&Text::new(title, Role::Title), &vector(title));
        let (a, b) = ("Nurse", "Nurse, night shift");
        let dot: f32 = vector(a).iter().zip(vector(b)).map(|(a, b)| a * b).sum();
        assert!(
            (PLAIN.likeness(&read(a), &read(b)) - dot).abs() < 1e-6,
            "no mean, no map"
        );
        let crowded = Mix { words: 0.0, crowd: 0.5 };
        assert_eq!(crowded.likeness(&read(a), &read(b)), PLAIN.likeness(&read(a), &read(b)));
        let called = language.called([&read(a), &read(b)].into_iter());
        assert!(
            PLAIN.likeness(&called, &read(a)) > dot,
            "nearer to each than they are to each other"
        );
        let together = [
            read(TEXTS[0]),
            language.read(&TEXTS[1].into(), &vector(TEXTS[1])),
            read(TEXTS[2]),
        ];
        let all: Vec<Text> = vec![
            Text::new(TEXTS[0], Role::Title),
            TEXTS[1].into(),
            Text::new(TEXTS[2], Role::Title),
        ];
        let vectors: Vec<Vec<f32>> = all.iter().map(|text| vector(text)).collect();
        let all: Vec<(&Text, &[f32])> = all.iter().zip(vectors.iter().map(Vec::as_slice)).collect();
        for (read, alone) in language.read_all(&all).iter().zip(&together) {
            assert!((PLAIN.likeness(read, alone) - 1.0).abs() < 1e-5, "each in its place");
        }
    }

    #[test]
    fn what_is_no_vector_is_unlike_everything() {
        let language = language();
        let sound = language.read(&TEXTS[0].into(), &vector(TEXTS[0]));
        for broken in [
            vec![f32::NAN; WIDTH],
            vec![f32::INFINITY; WIDTH],
            vec![0.5; 3],
            Vec::new(),
        ] {
            let broken = language.read(&"x".into(), &broken);
            assert_eq!(PLAIN.likeness(&broken, &sound), 0.0);
        }
    }
}
