//! The encoder on a CPU: the same function as [`MiniLm`], built from that module, several times as fast.
//!
//! Texts of a batch are laid end to end, so no padding is computed; weights are packed once for the matrix kernels;
//! bias and residual are added inside the products; attention runs text by text over the rows where they lie.
//!
//! Why this is no burn backend extension: an extension's operations get plain tensors, so packed weights would have to
//! travel beside them, and each call allocates its output. Here buffers live as long as the worker.

mod attention;

use half::f16;
use half::slice::HalfFloatSliceExt;
use rayon::prelude::*;
use rten_gemm::{BiasVector, GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};
use rten_simd::{SimdOp, SimdUnaryOp};
use rten_tensor::NdTensorView;
use rten_vecmath::{Gelu, Normalize, NormalizeOptions, Sum, SumSquare, SumSquareSub};

use super::minilm::{Block, EPSILON, HEADS, INNER, MiniLm, WIDTH};
use attention::Attention;

/// Rows that one thread takes at a time in operations that go row by row.
const ROWS: usize = 16;

/// The encoder with its weights packed.
pub(super) struct Packed {
    /// As they are stored: half the memory, and a row is widened when it is read.
    words: Vec<f16>,
    /// Position and kind together.
    places: Vec<f32>,
    norm: Norm,
    layers: Vec<PackedBlock>,
}

struct PackedBlock {
    /// Query, key and value side by side; the query already divided by the root of the head's width.
    qkv: Linear,
    output: Linear,
    attention_norm: Norm,
    widen: Linear,
    narrow: Linear,
    output_norm: Norm,
}

struct Linear {
    weight: PackedBMatrix<f32>,
    bias: Vec<f32>,
}

struct Norm {
    gamma: Vec<f32>,
    beta: Vec<f32>,
}

/// Buffers of a worker, reused from batch to batch.
#[derive(Default)]
pub(super) struct Buffers {
    x: Vec<f32>,
    qkv: Vec<f32>,
    context: Vec<f32>,
    inner: Vec<f32>,
}

type Result<T, E = rten_gemm::GemmError> = std::result::Result<T, E>;

impl Packed {
    /// Packs the weights of the module; it is not needed afterwards.
    pub(super) fn new(model: &MiniLm) -> Self {
        let gemm = GemmExecutor::new();
        let kind = &matrix(&model.kinds.val())[..WIDTH];
        let mut places = matrix(&model.positions.val());
        for row in places.chunks_mut(WIDTH) {
            row.iter_mut().zip(kind).for_each(|(place, kind)| *place += kind);
        }
        let words = matrix(&model.words.val());
        Self {
            words: words.into_iter().map(f16::from_f32).collect(),
            places,
            norm: Norm::new(&model.norm),
            layers: model
                .layers
                .iter()
                .map(|block| PackedBlock::new(&gemm, block))
                .collect(),
        }
    }

    /// The embeddings of these texts, `[texts, WIDTH]`, row by row. Runs on the current rayon pool.
    pub(super) fn embed(&self, texts: &[Vec<u32>], buffers: &mut Buffers) -> Result<Vec<f32>> {
        let rows = texts.iter().map(Vec::len).sum::<usize>();
        // Made anew for each batch, since it cannot move to another thread; it is only a choice of kernel.
        let gemm = GemmExecutor::new();
        let Buffers { x, qkv, context, inner } = buffers;
        x.resize(rows * WIDTH, 0.0);
        qkv.resize(rows * 3 * WIDTH, 0.0);
        context.resize(rows * WIDTH, 0.0);
        inner.resize(rows * INNER, 0.0);
        self.look_up(texts, x);
        for layer in &self.layers {
            layer.qkv.apply(&gemm, x, qkv)?;
            Attention::new(texts, qkv).run(context);
            layer.output.add(&gemm, context, x)?;
            layer.attention_norm.apply(x);
            layer.widen.apply(&gemm, x, inner)?;
            inner.par_chunks_mut(ROWS * INNER).for_each(|rows| {
                Gelu {}.map_mut(rows);
            });
            layer.narrow.add(&gemm, inner, x)?;
            layer.output_norm.apply(x);
        }
        Ok(pool(texts, x))
    }

    fn look_up(&self, texts: &[Vec<u32>], x: &mut [f32]) {
        let ids = texts.iter().flat_map(|text| text.iter().zip(self.places.chunks(WIDTH)));
        for (row, (id, place)) in x.chunks_mut(WIDTH).zip(ids) {
            let word = *id as usize * WIDTH;
            self.words[word..word + WIDTH].convert_to_f32_slice(row);
            row.iter_mut().zip(place).for_each(|(x, place)| *x += place);
        }
        self.norm.apply(x);
    }
}

/// The mean over each text's rows, of unit length.
fn pool(texts: &[Vec<u32>], x: &[f32]) -> Vec<f32> {
    let mut pooled = vec![0.0_f32; texts.len() * WIDTH];
    let mut rows = x.chunks(WIDTH);
    for (text, mean) in texts.iter().zip(pooled.chunks_mut(WIDTH)) {
        for row in rows.by_ref().take(text.len()) {
            mean.iter_mut().zip(row).for_each(|(mean, x)| *mean += x);
        }
        let length = SumSquare::new(mean).dispatch().sqrt();
        mean.iter_mut().for_each(|mean| *mean /= length);
    }
    pooled
}

impl PackedBlock {
    fn new(gemm: &GemmExecutor, block: &Block) -> Self {
        let scale = ((WIDTH / HEADS) as f32).sqrt().recip();
        let parts = [(&block.query, scale), (&block.key, 1.0), (&block.value, 1.0)];
        let weights = parts.map(|(linear, scale)| scaled(matrix(&linear.weight.val()), scale));
        let biases = parts.map(|(linear, scale)| scaled(bias(linear), scale));
        let mut side_by_side = Vec::with_capacity(3 * WIDTH * WIDTH);
        for row in 0..WIDTH {
            for weight in &weights {
                side_by_side.extend_from_slice(&weight[row * WIDTH..][..WIDTH]);
            }
        }
        Self {
            qkv: Linear::new(gemm, &side_by_side, biases.concat()),
            output: Linear::of(gemm, &block.output),
            attention_norm: Norm::new(&block.attention_norm),
            widen: Linear::of(gemm, &block.widen),
            narrow: Linear::of(gemm, &block.narrow),
            output_norm: Norm::new(&block.output_norm),
        }
    }
}

impl Linear {
    /// `weight` is `[inputs, outputs]`.
    fn new(gemm: &GemmExecutor, weight: &[f32], bias: Vec<f32>) -> Self {
        let shape = [weight.len() / bias.len(), bias.len()];
        Self {
            weight: gemm.prepack_b(NdTensorView::from_data(shape, weight)),
            bias,
        }
    }

    fn of(gemm: &GemmExecutor, linear: &burn::nn::Linear) -> Self {
        Self::new(gemm, &matrix(&linear.weight.val()), bias(linear))
    }

    /// `out = x W + b`
    fn apply(&self, gemm: &GemmExecutor, x: &[f32], out: &mut [f32]) -> Result<()> {
        self.run(gemm, x, out, 0.0)
    }

    /// `out += x W + b`
    fn add(&self, gemm: &GemmExecutor, x: &[f32], out: &mut [f32]) -> Result<()> {
        self.run(gemm, x, out, 1.0)
    }

    fn run(&self, gemm: &GemmExecutor, x: &[f32], out: &mut [f32], beta: f32) -> Result<()> {
        let inputs = self.weight.rows();
        let x = NdTensorView::from_data([x.len() / inputs, inputs], x);
        let options = GemmOptions {
            beta,
            bias: Some(BiasVector::Row(&self.bias)),
            ..GemmOptions::default()
        };
        gemm.gemm(out, GemmInputA::Unpacked(x), GemmInputB::Packed(&self.weight), options)
    }
}

impl Norm {
    fn new(norm: &burn::nn::LayerNorm) -> Self {
        let beta = norm.beta.as_ref().map(|beta| values(&beta.val().into_data()));
        Self {
            gamma: values(&norm.gamma.val().into_data()),
            beta: beta.unwrap_or_else(|| vec![0.0; WIDTH]),
        }
    }

    /// Each row to mean 0 and variance 1, then scaled and shifted.
    fn apply(&self, x: &mut [f32]) {
        x.par_chunks_mut(ROWS * WIDTH).for_each(|rows| {
            for row in rows.chunks_mut(WIDTH) {
                let mean = Sum::new(row).dispatch() / WIDTH as f32;
                let variance = SumSquareSub::new(row, mean).dispatch() / WIDTH as f32;
                let options = NormalizeOptions {
                    pre_scale_bias: mean,
                    scale: (variance + EPSILON as f32).sqrt().recip(),
                    element_scale: Some(&self.gamma),
                    bias: 0.0,
                    element_bias: Some(&self.beta),
                };
                Normalize::new_mut(row, options).dispatch();
            }
        });
    }
}

fn values(data: &burn::tensor::TensorData) -> Vec<f32> {
    data.iter::<f32>().collect()
}

fn matrix(tensor: &burn::tensor::Tensor<2>) -> Vec<f32> {
    values(&tensor.to_data())
}

fn bias(linear: &burn::nn::Linear) -> Vec<f32> {
    let outputs = linear.weight.dims()[1];
    let bias = linear.bias.as_ref().map(|bias| values(&bias.val().into_data()));
    bias.unwrap_or_else(|| vec![0.0; outputs])
}

fn scaled(mut values: Vec<f32>, by: f32) -> Vec<f32> {
    values.iter_mut().for_each(|value| *value *= by);
    values
}

#[cfg(test)]
mod tests {
    //! Against the reference module and the published embeddings. Speed is for the benches.

    use std::sync::LazyLock;

    use super::super::minilm::tests::{Golden, cosine, golden, reference, word_pieces};
    use super::*;

    static PACKED: LazyLock<Packed> = LazyLock::new(|| Packed::new(reference()));

    fn embed(texts: &[Vec<u32>]) -> Vec<f32> {
        PACKED.embed(texts, &mut Buffers::default()).unwrap()
    }

    fn ids(texts: &[String]) -> Vec<Vec<u32>> {
        texts
            .iter()
            .map(|text| word_pieces().encode(text).unwrap().ids)
            .collect()
    }

    #[test]
    fn equals_the_reference_number_by_number() {
        let ids = ids(&golden().texts);
        let expected = reference().embed(&ids);
        for (found, expected) in embed(&ids).iter().zip(&expected) {
            assert!((found - expected).abs() < 1e-5, "{found} {expected}");
        }
    }

    #[test]
    fn gives_the_published_embeddings() {
        let Golden { texts, embeddings, .. } = golden();
        let found = embed(&ids(&texts));
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
        let ids = ids(&golden().texts);
        let batch = embed(&ids);
        for (text, together) in ids.iter().zip(batch.chunks(WIDTH)) {
            let alone = embed(std::slice::from_ref(text));
            for (alone, together) in alone.iter().zip(together) {
                assert!((alone - together).abs() < 1e-5, "{alone} {together}");
            }
        }
    }

    #[test]
    fn the_same_batch_gives_the_same_bits() {
        let ids = ids(&golden().texts);
        let mut buffers = Buffers::default();
        let first = PACKED.embed(&ids, &mut buffers).unwrap();
        PACKED.embed(&ids[3..5], &mut buffers).unwrap();
        assert_eq!(first, PACKED.embed(&ids, &mut buffers).unwrap());
    }

    #[test]
    fn no_text_no_embedding() {
        assert!(embed(&[]).is_empty());
    }
}
