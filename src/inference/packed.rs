//! The encoder of the kernels, packed from a file layer by layer, so that one layer at a time is in memory in f32.

use portcullis_kernels::{Linear, Norm, PackedBlock, PackedEncoder, Precision, WIDTH};

use super::error::OpenError;
use super::minilm::{INNER, LAYERS, NORM, PLACES, POSITIONS, TYPES, VOCABULARY, WORDS, first_layer, part};
use super::weights::Tensors;

/// Loads the tensors under their names in the published checkpoint.
pub(super) fn load(tensors: &mut Tensors<'_>, precision: Precision) -> Result<PackedEncoder, OpenError> {
    let words = tensors.take_halves(WORDS, &[VOCABULARY, WIDTH])?;
    let mut places = tensors.take(PLACES, &[POSITIONS, WIDTH])?;
    let types = tensors.take(TYPES, &[2, WIDTH])?;
    for row in places.chunks_mut(WIDTH) {
        row.iter_mut().zip(&types).for_each(|(place, kind)| *place += kind);
    }
    let norm = norm(tensors, NORM)?;
    Ok(PackedEncoder::new(
        words,
        places.into(),
        norm,
        layers(tensors, 0, precision)?,
    ))
}

/// The encoder with other final layers, from a file that contains only these. The other layers are shared.
pub(super) fn ending(
    encoder: &PackedEncoder,
    tensors: &mut Tensors<'_>,
    precision: Precision,
) -> Result<PackedEncoder, OpenError> {
    let first = first_layer(tensors);
    Ok(encoder.ending(layers(tensors, first, precision)?))
}

/// Loads and packs the layers from `first` on.
fn layers(tensors: &mut Tensors<'_>, first: usize, precision: Precision) -> Result<Vec<PackedBlock>, OpenError> {
    (first..LAYERS).map(|layer| block(tensors, layer, precision)).collect()
}

fn block(tensors: &mut Tensors<'_>, layer: usize, precision: Precision) -> Result<PackedBlock, OpenError> {
    let at = |name: &str| part(layer, name);
    let mut linear = |names: &[&str], inputs: usize, outputs: usize| {
        let (mut weight, mut bias) = (Vec::new(), Vec::new());
        for name in names {
            weight.extend(tensors.take(&at(&format!("{name}.weight")), &[outputs, inputs])?);
            bias.extend(tensors.take(&at(&format!("{name}.bias")), &[outputs])?);
        }
        Ok(Linear::new(&weight, bias, precision))
    };
    let attention = ["attention.self.query", "attention.self.key", "attention.self.value"];
    Ok(PackedBlock {
        qkv: linear(&attention, WIDTH, WIDTH)?,
        attention_output: linear(&["attention.output.dense"], WIDTH, WIDTH)?,
        intermediate: linear(&["intermediate.dense"], WIDTH, INNER)?,
        output: linear(&["output.dense"], INNER, WIDTH)?,
        attention_norm: norm(tensors, &at("attention.output.LayerNorm"))?,
        output_norm: norm(tensors, &at("output.LayerNorm"))?,
    })
}

fn norm(tensors: &mut Tensors<'_>, name: &str) -> Result<Norm, OpenError> {
    Ok(Norm {
        gamma: tensors.take(&format!("{name}.weight"), &[WIDTH])?,
        beta: tensors.take(&format!("{name}.bias"), &[WIDTH])?,
    })
}

#[cfg(test)]
mod tests {
    //! Compared with the reference module and the published embeddings. Speed is measured by benches.

    use std::sync::LazyLock;
    use std::sync::atomic::AtomicBool;

    use portcullis_kernels::{Buffers, Preemption};

    use super::super::minilm::tests::{Golden, cosine, golden, reference, weights, word_pieces};
    use super::*;

    static FLOATS: LazyLock<PackedEncoder> = LazyLock::new(|| packed(Precision::F32));
    static BYTES: LazyLock<PackedEncoder> = LazyLock::new(|| packed(Precision::Int8));

    fn packed(precision: Precision) -> PackedEncoder {
        let file = weights();
        let mut tensors = file.tensors().unwrap();
        let packed = load(&mut tensors, precision).unwrap();
        tensors.finish().unwrap();
        packed
    }

    /// The published texts and their embeddings in one batch, computed once for all tests.
    static TOGETHER: LazyLock<(Vec<Vec<u32>>, Vec<f32>)> = LazyLock::new(|| {
        let ids: Vec<_> = golden().texts.iter().map(|text| ids(text)).collect();
        let embeddings = embed(&FLOATS, &ids);
        (ids, embeddings)
    });

    /// Sentences of job advertisements, also used by the benches.
    const SENTENCES: &str = include_str!("../../benches/peers/sentences.txt");

    fn ids(text: &str) -> Vec<u32> {
        word_pieces().encode(text).unwrap().ids
    }

    /// A preemption that never happens.
    fn never(run: &mut dyn FnMut()) -> Preemption<'_> {
        static WANTED: AtomicBool = AtomicBool::new(false);
        Preemption { wanted: &WANTED, run }
    }

    fn embed(packed: &PackedEncoder, texts: &[Vec<u32>]) -> Vec<f32> {
        packed
            .embed(texts, &mut Buffers::default(), &mut never(&mut || {}))
            .unwrap()
    }

    /// Indices of published texts with 19, 2, 46, 3 and 17 pieces.
    const SOME: [usize; 5] = [0, 1, 11, 17, 19];

    fn some() -> (Vec<Vec<u32>>, Vec<f32>) {
        let (ids, embeddings) = &*TOGETHER;
        let rows = SOME.iter().flat_map(|n| &embeddings[n * WIDTH..][..WIDTH]);
        (SOME.map(|n| ids[n].clone()).to_vec(), rows.copied().collect())
    }

    fn assert_near(found: &[f32], expected: &[f32]) {
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-5, "{found} {expected}");
        }
    }

    #[test]
    fn equals_the_reference_number_by_number() {
        let (ids, together) = some();
        assert_near(&together, &reference().embed(&ids));
    }

    #[test]
    fn gives_the_published_embeddings() {
        let Golden { texts, embeddings, .. } = golden();
        let (_, found) = &*TOGETHER;
        assert_eq!(found.len(), texts.len() * WIDTH);
        for ((text, found), expected) in texts.iter().zip(found.chunks(WIDTH)).zip(&embeddings) {
            let cosine = cosine(found, expected);
            assert!(cosine >= 0.99999, "{text:?}: {cosine}");
        }
        let expected = [-0.100_329, -0.006_218_6, 0.032_704_7, 0.038_343_5, -0.061_196_3];
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 5e-4, "{found} {expected}");
        }
    }

    #[test]
    fn a_text_alone_and_in_a_batch_get_the_same_embedding() {
        let (ids, together) = some();
        for (text, together) in ids.iter().zip(together.chunks(WIDTH)) {
            assert_near(&embed(&FLOATS, std::slice::from_ref(text)), together);
        }
    }

    #[test]
    fn the_same_batch_gives_the_same_bits_whatever_ran_before() {
        let (ids, _) = some();
        let mut buffers = Buffers::default();
        let mut embed = |texts: &[_]| FLOATS.embed(texts, &mut buffers, &mut never(&mut || {})).unwrap();
        let first = embed(&ids);
        embed(&ids[2..]);
        assert_eq!(first, embed(&ids));
    }

    #[test]
    fn any_number_of_threads_gives_the_same_bits() {
        let (ids, _) = some();
        // Many texts, and one text, whose rows the threads share.
        for ids in [&ids[..], &ids[2..3]] {
            let [one, three] = [1, 3].map(|threads| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                pool.install(|| embed(&FLOATS, ids))
            });
            assert_eq!(one, three);
        }
    }

    #[test]
    fn a_batch_that_pauses_before_every_layer_gives_the_same_bits() {
        let (ids, _) = some();
        // Two short texts, since each pause embeds them.
        let meanwhile = &ids[3..];
        let expected = embed(&FLOATS, meanwhile);
        for threads in [1, 2] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            // Whole texts per thread, and one text, whose rows the threads share.
            for texts in [&ids[..], &ids[2..3]] {
                let mut pauses = 0;
                let found = pool.install(|| {
                    let mut buffers = Buffers::default();
                    let mut pause = Preemption {
                        wanted: &AtomicBool::new(true),
                        run: &mut || {
                            pauses += 1;
                            assert_eq!(embed(&FLOATS, meanwhile), expected);
                        },
                    };
                    FLOATS.embed(texts, &mut buffers, &mut pause).unwrap()
                });
                assert_eq!(found, embed(&FLOATS, texts));
                assert!(pauses >= FLOATS.depth() - 1, "{pauses}");
            }
        }
    }

    #[test]
    fn no_text_no_embedding() {
        assert!(embed(&FLOATS, &[]).is_empty());
    }

    /// The target applies to the mean. Single texts may differ more: a cosine of 0.98 is an angle of 11 degrees, where
    /// unrelated sentences are 70 to 90 degrees apart, and onnxruntime's int8 of the same weights falls to 0.984.
    #[test]
    fn bytes_give_nearly_the_same_embeddings_of_real_sentences() {
        let ids: Vec<_> = SENTENCES.lines().step_by(9).map(ids).collect();
        let (floats, bytes) = (embed(&FLOATS, &ids), embed(&BYTES, &ids));
        let cosines: Vec<_> = floats
            .chunks(WIDTH)
            .zip(bytes.chunks(WIDTH))
            .map(|(float, byte)| cosine(float, byte))
            .collect();
        let mean = cosines.iter().sum::<f64>() / cosines.len() as f64;
        assert!(mean >= 0.99, "{mean}");
        assert!(cosines.iter().all(|cosine| *cosine >= 0.98), "{cosines:?}");
    }

    #[test]
    fn bytes_too_are_the_same_alone_and_in_a_batch() {
        let ids = some().0;
        let together = embed(&BYTES, &ids);
        for (text, together) in ids.iter().zip(together.chunks(WIDTH)) {
            assert_near(&embed(&BYTES, std::slice::from_ref(text)), together);
        }
    }
}
