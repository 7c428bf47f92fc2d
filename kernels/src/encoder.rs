//! The encoder, from word pieces to embeddings.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use half::f16;
use half::slice::HalfFloatSliceExt as _;
use rten_simd::SimdOp as _;
use rten_vecmath::SumSquare;

use crate::attention::Attention;
use crate::block::PackedBlock;
use crate::norm::Norm;
use crate::partition::deal;
use crate::spinning_pool::{keep_spinning, try_share};
use crate::{ROWS, Result, WIDTH};

/// The encoder with packed weights. Cloning shares them.
#[derive(Clone)]
pub struct PackedEncoder {
    /// In half precision, as stored; a row is converted when it is read.
    words: Arc<[f16]>,
    /// The sums of position and type embeddings.
    places: Arc<[f32]>,
    norm: Norm,
    layers: Vec<Arc<PackedBlock>>,
}

/// Buffers of a worker, reused between batches.
#[derive(Debug, Default)]
pub struct Buffers {
    x: Vec<f32>,
    qkv: Vec<f32>,
    context: Vec<f32>,
}

/// Work that may run on the pool between two layers of a batch.
pub struct Preemption<'a> {
    /// Set while the work is requested.
    pub wanted: &'a AtomicBool,
    /// The work.
    pub run: &'a mut dyn FnMut(),
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

impl PackedEncoder {
    /// The encoder of these parts. `words` is `[vocabulary, WIDTH]`; `places`, `[positions, WIDTH]`, are the sums of
    /// position and type embeddings.
    #[must_use]
    pub fn new(words: Arc<[f16]>, places: Arc<[f32]>, norm: Norm, layers: Vec<PackedBlock>) -> Self {
        let layers = layers.into_iter().map(Arc::new).collect();
        Self {
            words,
            places,
            norm,
            layers,
        }
    }

    /// The encoder with these final layers instead of its own. The other layers are shared.
    #[must_use]
    pub fn ending(&self, last: Vec<PackedBlock>) -> Self {
        let first = self.layers.len().saturating_sub(last.len());
        let mut layers = self.layers[..first].to_vec();
        layers.extend(last.into_iter().map(Arc::new));
        Self { layers, ..self.clone() }
    }

    /// The number of layers.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.layers.len()
    }

    /// The embeddings of these texts, `[texts, WIDTH]`, row by row. Runs on the current rayon pool, which is free while
    /// `pause` runs.
    ///
    /// # Errors
    /// The shapes of the layers do not match.
    ///
    /// # Panics
    /// A piece is not in the vocabulary, or a text is longer than there are positions.
    pub fn embed(&self, texts: &[Vec<u32>], buffers: &mut Buffers, pause: &mut Preemption<'_>) -> Result<Vec<f32>> {
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
        keep_spinning(|| match shares {
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
