//! The files `language.safetensors` and `words.tsv.zst`: loading, and learning from texts.

use std::collections::HashMap;
use std::path::Path;

use half::f16;
use half::slice::HalfFloatSliceExt as _;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors, serialize};

use super::{Language, NEIGHBOURS, mapped};
use crate::inference::WIDTH;
use crate::inference::train::{MapRecipe, Pairs, learn_map};
use crate::matching::error::LexiconError;
use crate::matching::text_file;
use crate::matching::words::{self, Hashed};

/// The file name of the vectors.
const VECTORS: &str = "language.safetensors";
/// The file name of the words.
const WORDS: &str = "words.tsv.zst";
/// Sanity limit of the decompressed words in bytes.
const MOST_BYTES: usize = 16 << 20;

impl Language {
    /// Loads the files of this folder.
    pub(in crate::matching) fn open(folder: &Path) -> Result<Self, LexiconError> {
        let fail = |file: &str, reason: String| LexiconError {
            path: folder.join(file),
            reason,
        };
        let text = text_file::read(&folder.join(WORDS), MOST_BYTES)?;
        let (rarity, unseen) = rarities(&text).map_err(|reason| fail(WORDS, reason))?;
        let bytes = std::fs::read(folder.join(VECTORS)).map_err(|cause| fail(VECTORS, cause.to_string()))?;
        let [mean, map, sentences, works] = vectors(&bytes).map_err(|reason| fail(VECTORS, reason))?;
        Ok(Self {
            mean,
            map,
            sentences,
            works,
            rarity,
            unseen,
        })
    }

    /// Learns from texts and their embeddings, pairs of embeddings that belong together, and the embeddings of the
    /// sentences of many occupations, and writes the files into this folder. `background` of the texts are kept as
    /// neighbours.
    pub(in crate::matching) fn learn(
        folder: &Path,
        texts: &[(&str, &[f32])],
        sets: &[Pairs<'_>],
        works: &[Vec<&[f32]>],
        background: usize,
        progress: &mut dyn FnMut(usize, f64),
    ) -> Result<(), LexiconError> {
        let mut mean = vec![0.0_f32; WIDTH];
        for (_, vector) in texts {
            mean.iter_mut()
                .zip(*vector)
                .for_each(|(mean, x)| *mean += x / texts.len() as f32);
        }
        let map = learn_map(sets, &mean, &MapRecipe::default(), progress);
        let step = (texts.len() / background.max(1)).max(1);
        let drawn = texts.iter().step_by(step).take(background);
        let drawn: Vec<&[f32]> = drawn.map(|(_, vector)| *vector).collect();
        let sentences = drawn.concat();
        let middle = |work: &Vec<&[f32]>| {
            let mut middle = vec![0.0; WIDTH];
            for vector in work {
                middle
                    .iter_mut()
                    .zip(*vector)
                    .for_each(|(middle, x)| *middle += x / work.len() as f32);
            }
            middle
        };
        let middles: Vec<Vec<f32>> = works.iter().map(middle).collect();
        let middles: Vec<&[f32]> = middles.iter().map(Vec::as_slice).collect();
        let works = mapped(&middles, &mean, &map).concat();
        let fail = |file: &str, reason: String| LexiconError {
            path: folder.join(file),
            reason,
        };
        let write = |file: &str, bytes: &[u8]| {
            std::fs::write(folder.join(file), bytes).map_err(|cause| fail(file, cause.to_string()))
        };
        let packed = pack(&[
            ("mean", &mean),
            ("map", &map),
            ("sentences", &sentences),
            ("works", &works),
        ]);
        write(VECTORS, &packed.map_err(|cause| fail(VECTORS, cause.to_string()))?)?;
        let packed = zstd::bulk::compress(counted(texts).as_bytes(), 19);
        write(WORDS, &packed.map_err(|cause| fail(WORDS, cause.to_string()))?)
    }
}

fn pack(tensors: &[(&str, &Vec<f32>)]) -> Result<Vec<u8>, safetensors::SafeTensorError> {
    let halves = |values: &Vec<f32>| {
        values
            .iter()
            .flat_map(|&x| f16::from_f32(x).to_le_bytes())
            .collect::<Vec<u8>>()
    };
    let bytes: Vec<Vec<u8>> = tensors.iter().map(|(_, values)| halves(values)).collect();
    let views = tensors.iter().zip(&bytes).map(|((name, values), bytes)| {
        let shape = vec![values.len() / WIDTH, WIDTH];
        TensorView::new(Dtype::F16, shape, bytes).map(|view| (*name, view))
    });
    serialize(views.collect::<Result<Vec<_>, _>>()?, None)
}

/// Lines of `word TAB number of texts`, the first line for all texts; words of a single text are omitted.
fn counted(texts: &[(&str, &[f32])]) -> String {
    let mut counts: HashMap<u64, (String, u32)> = HashMap::new();
    for (text, _) in texts {
        let mut own = words::words(text);
        own.retain(|word| word.subject);
        own.sort_by_key(|word| word.stem);
        own.dedup_by_key(|word| word.stem);
        for word in own {
            let written = text[word.bytes].to_lowercase();
            let entry = counts.entry(word.stem).or_insert_with(|| (written.clone(), 0));
            // The shortest form, and the first of those, represents all forms.
            if (written.len(), &written) < (entry.0.len(), &entry.0) {
                entry.0 = written;
            }
            entry.1 += 1;
        }
    }
    let mut lines: Vec<(String, u32)> = counts.into_values().filter(|(_, count)| *count > 1).collect();
    lines.sort();
    let lines: String = lines
        .into_iter()
        .map(|(word, count)| format!("{word}\t{count}\n"))
        .collect();
    format!("\t{}\n{lines}", texts.len())
}

fn rarities(text: &str) -> Result<(HashMap<u64, f32, Hashed>, f32), String> {
    let mut lines = text.lines().map(|line| {
        let (word, count) = line.split_once('\t').unwrap_or((line, ""));
        count
            .parse::<f32>()
            .map(|count| (word, count))
            .map_err(|_| format!("{line:?} has no count"))
    });
    let (_, all) = lines.next().ok_or("no word in it")??;
    let rarity = |count: f32| (1.0 + (all - count + 0.5) / (count + 0.5)).ln();
    let mut found = HashMap::default();
    for line in lines {
        let (word, count) = line?;
        if let Some(stem) = words::stems(word).next() {
            found.insert(stem, rarity(count.min(all)));
        }
    }
    Ok((found, rarity(0.0)))
}

/// The mean, the map, and the vectors of sentences and occupations.
fn vectors(bytes: &[u8]) -> Result<[Vec<f32>; 4], String> {
    let file = SafeTensors::deserialize(bytes).map_err(|cause| cause.to_string())?;
    let take = |name: &str, least: usize| {
        let tensor = file.tensor(name).map_err(|cause| cause.to_string())?;
        let &[rows, WIDTH] = tensor.shape() else {
            return Err(format!("{name} is not {WIDTH} wide"));
        };
        if tensor.dtype() != Dtype::F16 || rows < least {
            return Err(format!("{name} must be f16 and have at least {least} rows"));
        }
        let halves: Vec<f16> = tensor
            .data()
            .chunks_exact(2)
            .map(|pair| f16::from_le_bytes([pair[0], pair[1]]))
            .collect();
        let values = halves.to_f32_vec();
        if values.iter().all(|value| value.is_finite()) {
            Ok(values)
        } else {
            Err(format!("{name} contains a value that is not a number"))
        }
    };
    let (mean, map) = (take("mean", 1)?, take("map", WIDTH)?);
    if mean.len() != WIDTH || map.len() != WIDTH * WIDTH {
        return Err("mean must be one row and map a square".to_owned());
    }
    Ok([mean, map, take("sentences", NEIGHBOURS)?, take("works", NEIGHBOURS)?])
}

#[cfg(test)]
mod tests {
    //! Refused files. Loading of written files is tested with the comparison.

    use super::*;

    #[test]
    fn broken_files_say_which() {
        let folder = tempfile::tempdir().unwrap();
        let error = Language::open(folder.path()).unwrap_err().to_string();
        assert!(error.contains(WORDS), "{error}");
        let words = zstd::bulk::compress(b"\t3\nweld\ttwice\n", 1).unwrap();
        std::fs::write(folder.path().join(WORDS), words).unwrap();
        let error = Language::open(folder.path()).unwrap_err().to_string();
        assert!(error.contains("twice"), "{error}");
        let words = zstd::bulk::compress(b"\t3\nweld\t2\n", 1).unwrap();
        std::fs::write(folder.path().join(WORDS), words).unwrap();
        std::fs::write(folder.path().join(VECTORS), b"nothing").unwrap();
        let error = Language::open(folder.path()).unwrap_err().to_string();
        assert!(error.contains(VECTORS), "{error}");
    }
}
