//! The sentence encoder all-MiniLM-L6-v2 as a burn module: the reference for tests of the CPU kernels, and the
//! implementation for all other devices.
//!
//! BERT with post-norm blocks (Devlin et al. 2018, arXiv:1810.04805), exact GELU, mean pooling over non-padding tokens,
//! and normalization to unit length, as in sentence-transformers.

use burn::module::{Module, Param};
use burn::nn::{LayerNorm, LayerNormConfig, Linear};
use burn::tensor::activation::{gelu, softmax};
use burn::tensor::{Device, Int, Tensor, TensorData};
use portcullis_kernels::{EPSILON, HEADS, WIDTH};

use super::error::OpenError;
use super::weights::Tensors;

/// The number of blocks.
pub(super) const LAYERS: usize = 6;
/// The width of the feed-forward layer.
pub(super) const INNER: usize = 1536;
/// The size of the vocabulary.
pub(super) const VOCABULARY: usize = 30_522;
/// The number of position embeddings.
pub(super) const POSITIONS: usize = 512;

/// The encoder.
#[derive(Module, Debug)]
pub(super) struct MiniLm {
    /// `[VOCABULARY, WIDTH]`
    pub(super) words: Param<Tensor<2>>,
    /// `[POSITIONS, WIDTH]`
    pub(super) positions: Param<Tensor<2>>,
    /// `[2, WIDTH]`; a single text has type 0 throughout.
    pub(super) token_types: Param<Tensor<2>>,
    pub(super) norm: LayerNorm,
    pub(super) layers: Vec<Block>,
}

/// A transformer block.
#[derive(Module, Debug)]
pub(super) struct Block {
    pub(super) query: Linear,
    pub(super) key: Linear,
    pub(super) value: Linear,
    pub(super) attention_output: Linear,
    pub(super) attention_norm: LayerNorm,
    pub(super) intermediate: Linear,
    pub(super) output: Linear,
    pub(super) output_norm: LayerNorm,
}

/// Takes tensors from a file and puts them on a device.
struct Loader<'a, 'b> {
    tensors: &'a mut Tensors<'b>,
    device: &'a Device,
}

/// The names of the embeddings of word pieces, positions and types, and of their norm, in the published checkpoint.
pub(super) const WORDS: &str = "embeddings.word_embeddings.weight";
pub(super) const PLACES: &str = "embeddings.position_embeddings.weight";
pub(super) const TYPES: &str = "embeddings.token_type_embeddings.weight";
pub(super) const NORM: &str = "embeddings.LayerNorm";

impl Loader<'_, '_> {
    fn matrix(&mut self, name: &str, rows: usize, columns: usize) -> Result<Tensor<2>, OpenError> {
        let values = self.tensors.take(name, &[rows, columns])?;
        Ok(Tensor::from_data(TensorData::new(values, [rows, columns]), self.device))
    }

    fn vector(&mut self, name: &str, size: usize) -> Result<Param<Tensor<1>>, OpenError> {
        let values = self.tensors.take(name, &[size])?;
        Ok(Param::from_data(TensorData::new(values, [size]), self.device))
    }

    /// The file stores `[outputs, inputs]`, as PyTorch does; burn multiplies by `[inputs, outputs]`.
    fn linear(&mut self, name: &str, inputs: usize, outputs: usize) -> Result<Linear, OpenError> {
        let weight = self.matrix(&format!("{name}.weight"), outputs, inputs)?.transpose();
        let bias = self.vector(&format!("{name}.bias"), outputs)?;
        Ok(Linear {
            weight: Param::from_tensor(weight),
            bias: Some(bias),
        })
    }

    fn norm(&mut self, name: &str) -> Result<LayerNorm, OpenError> {
        let mut norm = LayerNormConfig::new(WIDTH).with_epsilon(EPSILON).init(self.device);
        norm.gamma = self.vector(&format!("{name}.weight"), WIDTH)?;
        norm.beta = Some(self.vector(&format!("{name}.bias"), WIDTH)?);
        Ok(norm)
    }

    fn block(&mut self, layer: usize) -> Result<Block, OpenError> {
        let at = |name: &str| part(layer, name);
        Ok(Block {
            query: self.linear(&at(QUERY), WIDTH, WIDTH)?,
            key: self.linear(&at("attention.self.key"), WIDTH, WIDTH)?,
            value: self.linear(&at("attention.self.value"), WIDTH, WIDTH)?,
            attention_output: self.linear(&at("attention.output.dense"), WIDTH, WIDTH)?,
            attention_norm: self.norm(&at("attention.output.LayerNorm"))?,
            intermediate: self.linear(&at("intermediate.dense"), WIDTH, INNER)?,
            output: self.linear(&at("output.dense"), INNER, WIDTH)?,
            output_norm: self.norm(&at("output.LayerNorm"))?,
        })
    }
}

/// The first part of a layer.
const QUERY: &str = "attention.self.query";

/// The name of a part of a layer in the published checkpoint.
pub(super) fn part(layer: usize, name: &str) -> String {
    format!("encoder.layer.{layer}.{name}")
}

/// The first layer that the file contains; it contains all later ones too.
pub(super) fn first_layer(tensors: &Tensors<'_>) -> usize {
    let there = |layer: &usize| tensors.shape(&part(*layer, &format!("{QUERY}.weight"))).is_some();
    (0..LAYERS).find(there).unwrap_or(LAYERS)
}

impl MiniLm {
    /// Loads the tensors under their names in the published checkpoint.
    pub(super) fn load(tensors: &mut Tensors<'_>, device: &Device) -> Result<Self, OpenError> {
        let mut loader = Loader { tensors, device };
        let words = loader.matrix(WORDS, VOCABULARY, WIDTH)?;
        let positions = loader.matrix(PLACES, POSITIONS, WIDTH)?;
        let token_types = loader.matrix(TYPES, 2, WIDTH)?;
        Ok(Self {
            words: Param::from_tensor(words),
            positions: Param::from_tensor(positions),
            token_types: Param::from_tensor(token_types),
            norm: loader.norm(NORM)?,
            layers: (0..LAYERS).map(|layer| loader.block(layer)).collect::<Result<_, _>>()?,
        })
    }

    /// The encoder with other final layers, from a file that contains only these.
    pub(super) fn ending(&self, tensors: &mut Tensors<'_>, device: &Device) -> Result<Self, OpenError> {
        let mut loader = Loader { tensors, device };
        let same = first_layer(loader.tensors);
        let own = (same..LAYERS)
            .map(|layer| loader.block(layer))
            .collect::<Result<Vec<_>, _>>()?;
        let mut model = self.clone();
        model.layers.splice(same.., own);
        Ok(model)
    }

    /// The embeddings of these texts, `[texts, WIDTH]`, row by row. Texts have 1 to 256 ids; shorter ones are padded
    /// here.
    pub(super) fn embed(&self, texts: &[Vec<u32>]) -> Vec<f32> {
        let length = texts.iter().map(Vec::len).max().unwrap_or_default();
        if length == 0 {
            return Vec::new();
        }
        let shape = [texts.len(), length];
        let mut ids = vec![0; texts.len() * length];
        let mut mask = vec![0.0; texts.len() * length];
        for (row, text) in texts.iter().enumerate() {
            for (column, id) in text.iter().enumerate() {
                ids[row * length + column] = i64::from(*id);
                mask[row * length + column] = 1.0;
            }
        }
        let device = self.words.device();
        let ids = Tensor::<2, Int>::from_data(TensorData::new(ids, shape), &device);
        let mask = Tensor::<2>::from_data(TensorData::new::<f32, _>(mask, shape), &device);
        let pooled = self.forward(ids, mask);
        pooled.into_data().iter::<f32>().collect()
    }

    /// `ids` and `mask` (1 for a token, 0 for padding) are `[texts, length]`.
    fn forward(&self, ids: Tensor<2, Int>, mask: Tensor<2>) -> Tensor<2> {
        let [texts, length] = ids.dims();
        let words = self.words.val().select(0, ids.reshape([texts * length]));
        let places = self.positions.val().narrow(0, 0, length) + self.token_types.val().narrow(0, 0, 1);
        let mut x = words.reshape([texts, length, WIDTH]) + places.unsqueeze::<3>();
        x = self.norm.forward(x);
        let barred = (mask.clone() - 1.0).mul_scalar(1e9).reshape([texts, 1, 1, length]);
        for layer in &self.layers {
            x = layer.forward(x, &barred);
        }
        let mask = mask.reshape([texts, length, 1]);
        let pooled = ((x * mask.clone()).sum_dim(1) / mask.sum_dim(1)).reshape([texts, WIDTH]);
        let norm = pooled.clone().powi_scalar(2).sum_dim(1).sqrt();
        pooled / norm
    }
}

impl Block {
    fn forward(&self, x: Tensor<3>, barred: &Tensor<4>) -> Tensor<3> {
        let [texts, length, _] = x.dims();
        let heads = |x: Tensor<3>| x.reshape([texts, length, HEADS, WIDTH / HEADS]).swap_dims(1, 2);
        let query = heads(self.query.forward(x.clone()));
        let key = heads(self.key.forward(x.clone()));
        let value = heads(self.value.forward(x.clone()));
        let scores = query.matmul(key.swap_dims(2, 3)) / ((WIDTH / HEADS) as f64).sqrt();
        let weights = softmax(scores + barred.clone(), 3);
        let context = weights.matmul(value).swap_dims(1, 2).reshape([texts, length, WIDTH]);
        let x = self.attention_norm.forward(x + self.attention_output.forward(context));
        let inner = gelu(self.intermediate.forward(x.clone()));
        self.output_norm.forward(x + self.output.forward(inner))
    }
}

#[cfg(test)]
pub(super) mod tests {
    //! The reference implementation against the published model. The served implementation is tested against this one
    //! and the same vectors in `encoder`.

    use std::path::Path;
    use std::sync::LazyLock;

    use serde::Deserialize;

    use super::super::card::ModelCard;
    use super::super::tokenizer::WordPieces;
    use super::super::weights::VerifiedFile;
    use super::*;

    /// The output of `scripts/minilm.py`: texts, their numbers of pieces, and their embeddings with f32 weights.
    pub(in super::super) struct Golden {
        pub(in super::super) texts: Vec<String>,
        pub(in super::super) tokens: Vec<usize>,
        pub(in super::super) embeddings: Vec<Vec<f32>>,
    }

    fn at(path: &str) -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
    }

    pub(in super::super) fn golden() -> Golden {
        #[derive(Deserialize)]
        struct Listed {
            texts: Vec<String>,
            tokens: Vec<usize>,
        }
        let text = std::fs::read_to_string(at("tests/data/minilm.json")).unwrap();
        let Listed { texts, tokens } = serde_json::from_str(&text).unwrap();
        let bytes = std::fs::read(at("tests/data/minilm.safetensors")).unwrap();
        let parsed = safetensors::SafeTensors::deserialize(&bytes).unwrap();
        let view = parsed.tensor("embeddings").unwrap();
        assert_eq!(view.shape(), [texts.len(), WIDTH]);
        let values: Vec<f32> = view
            .data()
            .as_chunks::<4>()
            .0
            .iter()
            .map(|word| f32::from_le_bytes(*word))
            .collect();
        let embeddings = values.chunks(WIDTH).map(<[f32]>::to_vec).collect();
        Golden {
            texts,
            tokens,
            embeddings,
        }
    }

    fn card() -> ModelCard {
        ModelCard::read(&at("models/minilm")).unwrap()
    }

    pub(in super::super) fn word_pieces() -> &'static WordPieces {
        static PIECES: LazyLock<WordPieces> = LazyLock::new(|| {
            let digest = card().tokenizer.unwrap();
            let file = VerifiedFile::read(&at("models/minilm").join(digest.file), &digest.sha256).unwrap();
            WordPieces::load(&file, VOCABULARY).unwrap()
        });
        &PIECES
    }

    pub(in super::super) fn weights() -> VerifiedFile {
        let digest = card().weights;
        VerifiedFile::read(&at("models/minilm").join(digest.file), &digest.sha256).unwrap()
    }

    pub(in super::super) fn reference() -> &'static MiniLm {
        static MODEL: LazyLock<MiniLm> = LazyLock::new(|| {
            let file = weights();
            let mut tensors = file.tensors().unwrap();
            let model = MiniLm::load(&mut tensors, &Device::flex()).unwrap();
            tensors.finish().unwrap();
            model
        });
        &MODEL
    }

    pub(in super::super) fn cosine(a: &[f32], b: &[f32]) -> f64 {
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
        dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
    }

    #[test]
    fn pieces_are_those_of_the_published_tokenizer() {
        let Golden { texts, tokens, .. } = golden();
        for (text, tokens) in texts.iter().zip(tokens) {
            let pieces = word_pieces().encode(text).unwrap();
            assert_eq!((pieces.ids.len(), pieces.truncated), (tokens, false), "{text:?}");
        }
    }

    #[test]
    fn a_padded_batch_gives_the_published_embeddings() {
        let Golden {
            texts,
            tokens,
            embeddings,
        } = golden();
        // In two batches: each is padded to its longest text.
        for is_long in [false, true] {
            let batch: Vec<_> = (0..texts.len()).filter(|n| (tokens[*n] > 64) == is_long).collect();
            let ids: Vec<_> = batch
                .iter()
                .map(|n| word_pieces().encode(&texts[*n]).unwrap().ids)
                .collect();
            assert!(ids.iter().any(|text| text.len() != ids[0].len()));
            let found = reference().embed(&ids);
            assert_eq!(found.len(), batch.len() * WIDTH);
            for (n, found) in batch.iter().zip(found.chunks(WIDTH)) {
                let cosine = cosine(found, &embeddings[*n]);
                assert!(cosine >= 0.9999, "{:?}: {cosine}", texts[*n]);
            }
        }
    }

    #[test]
    fn a_tensor_too_few_is_named() {
        let file = weights();
        let mut tensors = file.tensors().unwrap();
        tensors.take("encoder.layer.3.output.dense.bias", &[WIDTH]).unwrap();
        let error = MiniLm::load(&mut tensors, &Device::flex()).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("encoder.layer.3.output.dense.bias is missing"),
            "{error}"
        );
    }
}
