//! The encoder: tokenizer and network.
//!
//! The worker of the batcher uses it, and so does training, which runs without a server.

use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use portcullis_kernels::{Buffers, PackedEncoder, Precision, Preemption, WIDTH};

use super::card::{Architecture, ModelCard};
use super::device::Device;
use super::encoder_input::Role;
use super::error::{InferenceError, OpenError};
use super::minilm::{MiniLm, VOCABULARY};
use super::packed;
use super::tokenizer::{Pieces, WordPieces};
use super::weights::{Tensors, VerifiedFile};

/// An embedding: a unit vector of [`WIDTH`] numbers. Cloning shares it.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedding(Arc<[f32]>);

impl Embedding {
    /// Wraps the output of the encoder.
    pub(super) fn of(numbers: impl Into<Arc<[f32]>>) -> Self {
        Self(numbers.into())
    }

    /// The cosine similarity of two embeddings: 1 for the same meaning, about 0 for unrelated texts.
    #[must_use]
    pub fn cosine(&self, other: &Self) -> f32 {
        self.iter().zip(other.iter()).map(|(a, b)| a * b).sum()
    }
}

impl Deref for Embedding {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.0
    }
}

impl AsRef<[f32]> for Embedding {
    fn as_ref(&self) -> &[f32] {
        &self.0
    }
}

/// The implementation that computes embeddings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compute {
    /// Kernels for CPUs: packed weights and no padding.
    Kernels(Precision),
    /// Operations of burn, on any device: the same results, slower on a CPU.
    Reference(Device),
}

impl Compute {
    /// The implementation for a device and precision: our kernels on the CPU, f32 only elsewhere.
    #[must_use]
    pub fn on(device: Device, precision: Precision) -> Self {
        match device {
            Device::Cpu => Self::Kernels(precision),
            device => Self::Reference(device),
        }
    }

    fn precision(self) -> Precision {
        match self {
            Self::Kernels(precision) => precision,
            Self::Reference(_) => Precision::F32,
        }
    }
}

/// A loaded encoder. The service holds one; benches use it without a service.
pub struct Encoder {
    card: Arc<ModelCard>,
    pieces: WordPieces,
    network: Network,
    /// The networks of other roles than sentences, if it has them.
    endings: Vec<(Role, Network)>,
}

enum Network {
    Packed(PackedEncoder),
    Reference(Box<MiniLm>),
}

impl Encoder {
    /// Loads the encoder in `folder`, such as `models/minilm`.
    ///
    /// # Errors
    /// A file is missing, or does not match its card.
    pub fn open(folder: &Path, compute: Compute) -> Result<Self, OpenError> {
        Self::load(folder, Arc::new(ModelCard::read(folder)?), compute)
    }

    /// Loads the encoder of this card from its folder.
    pub(super) fn load(folder: &Path, card: Arc<ModelCard>, compute: Compute) -> Result<Self, OpenError> {
        match card.architecture {
            Architecture::Minilm => Self::load_minilm(folder, card, compute),
            Architecture::Mlp => Err(card.refused_as("an encoder", folder)),
        }
    }

    fn load_minilm(folder: &Path, card: Arc<ModelCard>, compute: Compute) -> Result<Self, OpenError> {
        let tokenizer = card
            .tokenizer
            .as_ref()
            .map(|digest| (folder.join(&digest.file), &digest.sha256));
        let Some((path, sha256)) = tokenizer else {
            return Err(OpenError::broken(folder, &"an encoder needs a [tokenizer]"));
        };
        let pieces = WordPieces::load(&VerifiedFile::read(&path, sha256)?, VOCABULARY)?;
        let file = VerifiedFile::read(&folder.join(&card.weights.file), &card.weights.sha256)?;
        let mut tensors = file.tensors()?;
        let network = Network::load(&mut tensors, compute)?;
        tensors.finish()?;
        // The next file does not need its memory too.
        drop(file);
        let mut endings = Vec::new();
        for (role, digest) in [(Role::Title, &card.titles), (Role::Evidence, &card.evidence)] {
            let Some(digest) = digest else { continue };
            let file = VerifiedFile::read(&folder.join(&digest.file), &digest.sha256)?;
            let mut tensors = file.tensors()?;
            endings.push((role, network.ending(&mut tensors, compute.precision())?));
            tensors.finish()?;
        }
        Ok(Self {
            network,
            endings,
            card,
            pieces,
        })
    }

    /// The card.
    pub(super) fn card(&self) -> &Arc<ModelCard> {
        &self.card
    }

    /// The tokenizer.
    pub(super) fn pieces(&self) -> &WordPieces {
        &self.pieces
    }

    /// The word pieces of a text.
    pub(super) fn tokenize(&self, text: &str) -> Result<Pieces, InferenceError> {
        self.pieces
            .encode(text)
            .map_err(|error| InferenceError::Internal(error.to_string()))
    }

    /// The embeddings of these sentences, each given as 1 to 256 word pieces, in their order. Runs on the current rayon
    /// pool.
    ///
    /// # Errors
    /// `Internal` if a kernel rejects its input.
    pub fn embed(&self, texts: &[Vec<u32>], buffers: &mut Buffers) -> Result<Vec<Embedding>, InferenceError> {
        let mut pause = Preemption {
            wanted: &AtomicBool::new(false),
            run: &mut || {},
        };
        self.network.embed(texts, buffers, &mut pause)
    }

    /// As [`Self::embed`], each text in its role. Runs `pause` between two layers when requested. The reference
    /// implementation pauses only once, at the beginning.
    pub(super) fn embed_as(
        &self,
        roles: &[Role],
        texts: &[Vec<u32>],
        buffers: &mut Buffers,
        pause: &mut Preemption<'_>,
    ) -> Result<Vec<Embedding>, InferenceError> {
        let others: Vec<_> = self.endings.iter().filter(|(role, _)| roles.contains(role)).collect();
        if others.is_empty() {
            return self.network.embed(texts, buffers, pause);
        }
        let mut found = vec![None; texts.len()];
        // A role without a network of its own is encoded as a sentence.
        let is_other = |role: Role| others.iter().any(|(other, _)| *other == role);
        let networks = others.iter().map(|(role, network)| (network, Some(*role)));
        for (network, role) in std::iter::once((&self.network, None)).chain(networks) {
            let own = || {
                (0..texts.len()).filter(|&text| match role {
                    Some(role) => roles[text] == role,
                    None => !is_other(roles[text]),
                })
            };
            let ids: Vec<_> = own().map(|text| texts[text].clone()).collect();
            for (text, embedding) in own().zip(network.embed(&ids, buffers, pause)?) {
                found[text] = Some(embedding);
            }
        }
        Ok(found.into_iter().flatten().collect())
    }
}

impl Network {
    fn load(tensors: &mut Tensors<'_>, compute: Compute) -> Result<Self, OpenError> {
        Ok(match compute {
            Compute::Kernels(precision) => Self::Packed(packed::load(tensors, precision)?),
            Compute::Reference(device) => Self::Reference(Box::new(MiniLm::load(tensors, &device.open()?)?)),
        })
    }

    /// The network with the final layers in this file, of the same kind.
    fn ending(&self, tensors: &mut Tensors<'_>, precision: Precision) -> Result<Self, OpenError> {
        Ok(match self {
            Self::Packed(encoder) => Self::Packed(packed::ending(encoder, tensors, precision)?),
            Self::Reference(model) => Self::Reference(Box::new(model.ending(tensors, &model.words.device())?)),
        })
    }

    fn embed(
        &self,
        texts: &[Vec<u32>],
        buffers: &mut Buffers,
        pause: &mut Preemption<'_>,
    ) -> Result<Vec<Embedding>, InferenceError> {
        let numbers = match self {
            Self::Packed(packed) => packed
                .embed(texts, buffers, pause)
                .map_err(|error| InferenceError::Internal(error.to_string()))?,
            Self::Reference(model) => {
                (pause.run)();
                model.embed(texts)
            }
        };
        Ok(numbers.chunks(WIDTH).map(Embedding::of).collect())
    }
}
