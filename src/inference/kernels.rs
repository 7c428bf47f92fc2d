//! The encoder for CPUs: the function of [`MiniLm`], with the same weights, several times as fast.
//!
//! The texts of a batch are concatenated, so no padding is computed; weights are packed once; bias, GELU and residual
//! are applied while sums are in registers. A thread takes whole texts through all layers and joins the others at the
//! end. With too few texts, a thread takes a block of rows from one attention to the next in its own cache, and the
//! threads join before and after each attention.
//!
//! This is not a burn backend extension: operations of an extension receive plain tensors, so packed weights would have
//! to be passed separately, and each call allocates its output. Here, buffers live as long as the worker.
//!
//! [`MiniLm`]: super::minilm::MiniLm

mod attention;
mod block;
mod linear;
mod load;
mod norm;
mod partition;
mod spinning_pool;
mod tile;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use half::f16;
use half::slice::HalfFloatSliceExt;
use rten_simd::SimdOp;
use rten_vecmath::SumSquare;
use serde::{Deserialize, Serialize};

use super::minilm::WIDTH;
use block::PackedBlock;
use norm::Norm;
use partition::deal;
use spinning_pool::{keep_awake, try_share};

pub use attention::Attention;
pub use linear::{Epilogue, Linear};

/// Rows that a thread processes at a time, so that the data between `intermediate` and `output` stays in the
/// second-level cache.
const ROWS: usize = 192;

/// The precision of matrix products.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// f32, as the model was published.
    #[default]
    F32,
    /// int8: faster, with nearly the same embeddings.
    Int8,
}

type Result<T, E = rten_gemm::GemmError> = std::result::Result<T, E>;

/// The encoder with packed weights. Cloning shares them.
#[derive(Clone)]
pub(super) struct Packed {
    /// In half precision, as stored; a row is converted when it is read.
    words: Arc<[f16]>,
    /// The sums of position and type embeddings.
    places: Arc<[f32]>,
    norm: Norm,
    layers: Vec<Arc<PackedBlock>>,
}

/// Buffers of a worker, reused between batches.
#[derive(Default)]
pub struct Buffers {
    x: Vec<f32>,
    qkv: Vec<f32>,
    context: Vec<f32>,
}

/// Work that may run on the pool between two layers of a batch.
pub(super) struct Preemption<'a> {
    /// Set while the work is requested.
    pub(super) wanted: &'a AtomicBool,
    pub(super) run: &'a mut dyn FnMut(),
}

/// Texts on their way through the layers.
struct Share<'a> {
    texts: &'a [&'a [u32]],
    x: &'a mut [f32],
    qkv: &'a mut [f32],
    context: &'a mut [f32],
    /// The number of completed layers.
    layer: usize,
}

impl Packed {
    /// The embeddings of these texts, `[texts, WIDTH]`, row by row. Runs on the current rayon pool, which is free while
    /// `pause` runs.
    pub(super) fn embed(
        &self,
        texts: &[Vec<u32>],
        buffers: &mut Buffers,
        pause: &mut Preemption<'_>,
    ) -> Result<Vec<f32>> {
        let lengths: Vec<_> = texts.iter().map(Vec::len).collect();
        let rows = lengths.iter().sum::<usize>();
        if rows == 0 {
            return Ok(Vec::new());
        }
        let Buffers { x, qkv, context } = buffers;
        x.resize(rows * WIDTH, 0.0);
        qkv.resize(rows * 3 * WIDTH, 0.0);
        context.resize(rows * WIDTH, 0.0);
        let shares = deal(&lengths, rayon::current_num_threads());
        let order = match &shares {
            Some(shares) => shares.concat(),
            None => (0..texts.len()).collect(),
        };
        let ordered: Vec<_> = order.iter().map(|text| texts[*text].as_slice()).collect();
        let all = Share {
            texts: &ordered,
            x,
            qkv,
            context,
            layer: 0,
        };
        keep_awake(|| match shares {
            Some(shares) => self.by_texts(all.parts(shares.iter().map(Vec::len)), pause),
            None => self.by_layers(all, pause),
        })?;
        Ok(pool(&order, &ordered, x))
    }

    fn by_texts(&self, mut shares: Vec<Share<'_>>, pause: &mut Preemption<'_>) -> Result<()> {
        loop {
            let open = shares.iter_mut().filter(|share| share.layer < self.layers.len());
            try_share(open, |share| self.until_paused(share, pause.wanted))?;
            if shares.iter().all(|share| share.layer == self.layers.len()) {
                return Ok(());
            }
            (pause.run)();
        }
    }

    /// Runs at least one layer, on this thread.
    fn until_paused(&self, share: &mut Share<'_>, wanted: &AtomicBool) -> Result<()> {
        let Share {
            texts,
            x,
            qkv,
            context,
            layer,
        } = share;
        if *layer == 0 {
            self.look_up(texts, x);
            self.norm.run(x);
        }
        for block in &self.layers[*layer..] {
            block.attend(x, qkv)?;
            Attention::new(texts, qkv).run_alone(context);
            block.finish(context, x)?;
            *layer += 1;
            if wanted.load(Ordering::Relaxed) {
                break;
            }
        }
        Ok(())
    }

    fn by_layers(&self, all: Share<'_>, pause: &mut Preemption<'_>) -> Result<()> {
        let Share {
            texts, x, qkv, context, ..
        } = all;
        let Some(first) = self.layers.first() else {
            return Ok(());
        };
        let taken = rows_at_a_time(x.len() / WIDTH);
        self.look_up(texts, x);
        let shares = x.chunks_mut(taken * WIDTH).zip(qkv.chunks_mut(taken * 3 * WIDTH));
        try_share(shares, |(x, qkv)| {
            self.norm.run(x);
            first.attend(x, qkv)
        })?;
        for (layer, block) in self.layers.iter().enumerate() {
            if pause.wanted.load(Ordering::Relaxed) {
                (pause.run)();
            }
            Attention::new(texts, qkv).run(context);
            let shares = x.chunks_mut(taken * WIDTH).zip(qkv.chunks_mut(taken * 3 * WIDTH));
            let shares = shares.zip(context.chunks(taken * WIDTH));
            try_share(shares, |((x, qkv), context)| {
                block.finish(context, x)?;
                match self.layers.get(layer + 1) {
                    Some(next) => next.attend(x, qkv),
                    None => Ok(()),
                }
            })?;
        }
        Ok(())
    }

    fn look_up(&self, texts: &[&[u32]], x: &mut [f32]) {
        let ids = texts.iter().flat_map(|text| text.iter().zip(self.places.chunks(WIDTH)));
        for (row, (id, place)) in x.chunks_mut(WIDTH).zip(ids) {
            let word = *id as usize * WIDTH;
            self.words[word..word + WIDTH].convert_to_f32_slice(row);
            row.iter_mut().zip(place).for_each(|(x, place)| *x += place);
        }
    }
}

impl<'a> Share<'a> {
    /// Splits into parts with these numbers of texts.
    fn parts(mut self, texts: impl Iterator<Item = usize>) -> Vec<Self> {
        let part = |count| {
            let (texts, others) = self.texts.split_at(count);
            self.texts = others;
            let rows = texts.iter().map(|text| text.len()).sum::<usize>();
            Self {
                texts,
                x: take(&mut self.x, rows * WIDTH),
                qkv: take(&mut self.qkv, rows * 3 * WIDTH),
                context: take(&mut self.context, rows * WIDTH),
                layer: 0,
            }
        };
        texts.map(part).collect()
    }
}

/// Splits off the first elements.
fn take<'a>(from: &mut &'a mut [f32], count: usize) -> &'a mut [f32] {
    let (first, rest) = std::mem::take(from).split_at_mut(count);
    *from = rest;
    first
}

/// Limited by the cache, and small enough to keep every thread busy.
fn rows_at_a_time(rows: usize) -> usize {
    let turns = rows.div_ceil(ROWS).next_multiple_of(rayon::current_num_threads());
    rows.div_ceil(turns)
}

/// The mean over the rows of each text, scaled to unit length, in the original order of the texts.
fn pool(order: &[usize], texts: &[&[u32]], x: &[f32]) -> Vec<f32> {
    let mut pooled = vec![0.0_f32; texts.len() * WIDTH];
    let mut rows = x.chunks(WIDTH);
    for (at, text) in order.iter().zip(texts) {
        let mean = &mut pooled[at * WIDTH..][..WIDTH];
        for row in rows.by_ref().take(text.len()) {
            mean.iter_mut().zip(row).for_each(|(mean, x)| *mean += x);
        }
        let length = SumSquare::new(mean).dispatch().sqrt();
        mean.iter_mut().for_each(|mean| *mean /= length);
    }
    pooled
}

#[cfg(test)]
mod tests {
    //! Compared with the reference module and the published embeddings. Speed is measured by benches.

    use std::sync::LazyLock;

    use super::super::minilm::tests::{Golden, cosine, golden, reference, weights, word_pieces};
    use super::*;

    static FLOATS: LazyLock<Packed> = LazyLock::new(|| packed(Precision::F32));
    static BYTES: LazyLock<Packed> = LazyLock::new(|| packed(Precision::Int8));

    fn packed(precision: Precision) -> Packed {
        let file = weights();
        let mut tensors = file.tensors().unwrap();
        let packed = Packed::load(&mut tensors, precision).unwrap();
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

    fn embed(packed: &Packed, texts: &[Vec<u32>]) -> Vec<f32> {
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
                assert!(pauses >= FLOATS.layers.len() - 1, "{pauses}");
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
