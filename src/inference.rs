//! Inference: texts to embeddings, and inputs to labels. Other modules see only what this file exports; `burn` is used
//! nowhere else.
//!
//! [`Inference`] is the service that `app` holds and that `graphql` and `matching` call. Async callers put requests in
//! a bounded queue (`batcher`) and await the reply; one worker with its own compute pool runs them.

mod batcher;
mod cache;
mod card;
mod classifier;
mod device;
mod embedding_memo;
mod encoder;
mod encoder_input;
mod error;
mod half_precision;
mod minilm;
mod packed;
mod registry;
mod tokenizer;
pub mod train;
mod weights;

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::RwLock;
use tokio::sync::oneshot;

use batcher::{Batcher, Classification, Completion, Limits, Request, Row, Truncation};
use cache::{CacheLookup, EmbeddingCache};
use classifier::Classifier;
use registry::Registry;

pub use card::{Activation, Architecture, Confusion, FeatureRanges, ModelCard, Standardisation, Task};
pub use device::Device;
pub use embedding_memo::{EmbeddingMemo, EmbeddingReply, EmbeddingRequest};
pub use encoder::{Compute, Embedding, Encoder};
pub use encoder_input::{Role, Text};
pub use error::{InferenceError, OpenError};
pub use portcullis_kernels::{
    Attention, Buffers, Epilogue, Linear, Precision, WIDTH, dot_product, dot_product_i8, dot_product_u4,
};
pub use registry::{RefusedModel, ReloadReport, find_models_dir, model_digests};
pub use tokenizer::MAX_PIECES;

/// The settings of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The models folder; `None` searches for it, see [`find_models_dir`].
    pub models_dir: Option<PathBuf>,
    /// The device and precision that compute embeddings.
    pub compute: Compute,
    /// The number of compute threads; 0 is one per core.
    pub threads: usize,
    /// Maximum number of waiting texts and rows; above it, calls fail with `Overloaded`.
    pub queue: usize,
    /// Word pieces per thread in a batch of large requests. More is slightly faster in total; fewer is fairer to short
    /// texts, which wait for one layer of a batch.
    pub batch_pieces: usize,
    /// Maximum length of waiting texts in bytes.
    pub queue_bytes: usize,
    /// Maximum memory of cached embeddings in bytes.
    pub cache_bytes: u64,
    /// Maximum time that a call waits while no text is encoded.
    pub deadline: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            models_dir: None,
            compute: Compute::Kernels(Precision::F32),
            threads: 0,
            queue: 16_384,
            batch_pieces: 128,
            queue_bytes: 64 << 20,
            cache_bytes: 64 << 20,
            deadline: Duration::from_secs(30),
        }
    }
}

/// An input of a classifier.
#[derive(Debug, Clone, PartialEq)]
pub enum Instance {
    /// A text, for a text classifier.
    Text(String),
    /// A row of numbers, for a tabular classifier.
    Features(Vec<f32>),
}

/// The prediction for one input.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// The most probable labels with their probabilities, most probable first.
    pub scores: Vec<(String, f32)>,
    /// Whether only the beginning of the text was read.
    pub truncated: bool,
}

/// Statistics of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Texts and rows that are waiting or being processed.
    pub waiting: usize,
    /// Texts found in the cache.
    pub cache_hits: u64,
    /// Texts not found in the cache.
    pub cache_misses: u64,
    /// Encoded texts.
    pub encoded: u64,
}

/// The models and their worker. Clones share them; dropping the last clone stops the worker after its current work.
#[derive(Clone)]
pub struct Inference {
    inner: Arc<Inner>,
}

struct Inner {
    models_dir: PathBuf,
    registry: RwLock<Arc<Registry>>,
    cache: EmbeddingCache,
    batcher: Batcher,
    deadline: Duration,
}

impl Inference {
    /// Loads the models and starts the worker. Returns when every model has completed a warm-up inference.
    ///
    /// # Errors
    /// [`OpenError`] if the folder or the encoder is missing, or the encoder does not load. A classifier that does not
    /// load is omitted, and [`Self::ready`] reports the reason.
    pub fn open(settings: &Settings) -> Result<Self, OpenError> {
        let folder = find_models_dir(settings.models_dir.as_deref())?;
        let registry = Registry::open(&folder, settings.compute)?;
        let threads = match settings.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        };
        let limits = Limits {
            queue: settings.queue,
            bytes: settings.queue_bytes,
            batch: settings.batch_pieces.saturating_mul(threads).max(1),
        };
        let batcher = Batcher::start(Arc::clone(&registry.encoder), threads, limits)?;
        Ok(Self {
            inner: Arc::new(Inner {
                models_dir: folder,
                registry: RwLock::new(Arc::new(registry)),
                cache: EmbeddingCache::new(settings.cache_bytes),
                batcher,
                deadline: settings.deadline,
            }),
        })
    }

    /// Reloads the models folder. Added, changed and removed classifiers take effect immediately; running calls finish
    /// with the model they started with. The encoder is not reloaded. Reads and computes on the calling thread.
    ///
    /// # Errors
    /// The folder cannot be read; nothing changes in that case.
    pub fn reload(&self) -> Result<ReloadReport, OpenError> {
        let (registry, reloaded) = self.registry().reload(&self.inner.models_dir)?;
        *self.inner.registry.write() = Arc::new(registry);
        Ok(reloaded)
    }

    /// The current models.
    fn registry(&self) -> Arc<Registry> {
        // A registry is replaced as a whole, so a panic elsewhere leaves it consistent.
        Arc::clone(&self.inner.registry.read())
    }

    /// The embeddings of these texts, in their order. `caller` is the key of the fair queue, such as an account.
    ///
    /// # Errors
    /// `BadInput` for a text with more than [`MAX_PIECES`] word pieces (split it with [`Self::windows`]), `Overloaded`,
    /// `DeadlineExceeded`.
    pub async fn embed(&self, caller: &str, texts: Vec<impl Into<Text>>) -> Result<Vec<Embedding>, InferenceError> {
        let mut asked = CacheLookup::new(&self.inner.cache, texts.into_iter().map(Into::into));
        if let Some(index) = asked.first_truncated() {
            return Err(tokenizer::too_long(index));
        }
        let missing = asked.take_missing();
        if !missing.is_empty() {
            let (sender, receiver) = oneshot::channel();
            let job = Request {
                caller: caller.into(),
                texts: missing,
                overlong: Truncation::Refuse,
                then: Completion::Reply(sender),
            };
            let encoded = self
                .submit(job, receiver)
                .await
                .map_err(|error| asked.restore_index(error))?;
            asked.fill(&self.inner.cache, &encoded);
        }
        Ok(asked.into_embeddings())
    }

    /// Runs a classifier on all inputs as one batch. `name` selects the newest version, `name@version` exactly that
    /// one. Each prediction has the `top_k` most probable labels, at least one.
    ///
    /// # Errors
    /// `ModelNotFound`; `BadInput` for an empty text, an input of the wrong kind, or an invalid row; `Overloaded`,
    /// `DeadlineExceeded`.
    pub async fn predict(
        &self,
        caller: &str,
        model: &str,
        inputs: Vec<Instance>,
        top_k: usize,
    ) -> Result<(Arc<ModelCard>, Vec<Prediction>), InferenceError> {
        let classifier = self.registry().classifier(model)?;
        let card = Arc::clone(classifier.card());
        let (texts, features) = sort_inputs(&classifier, inputs)?;
        let mut asked = CacheLookup::new(&self.inner.cache, texts.into_iter());
        let rows = asked.places().map(|place| place.map_or_else(Row::Text, Row::Known));
        let rows = rows.chain(features.into_iter().map(Row::Features)).collect();
        let (sender, receiver) = oneshot::channel();
        let job = Request {
            caller: caller.into(),
            texts: asked.take_missing(),
            overlong: Truncation::Cut,
            then: Completion::Classify(classifier, rows, sender),
        };
        let Classification {
            scores,
            truncated,
            encoded,
        } = self.submit(job, receiver).await?;
        asked.fill(&self.inner.cache, &encoded);
        if let Some(index) = scores.iter().position(|row| !row.iter().all(|score| score.is_finite())) {
            let reason = format!("the features are too large for model {} to compute with", card.name);
            return Err(InferenceError::BadInput { index, reason });
        }
        let predictions = scores
            .into_iter()
            .zip(truncated)
            .map(|(scores, truncated)| Prediction {
                scores: top(&card, scores, top_k),
                truncated,
            })
            .collect();
        Ok((card, predictions))
    }

    /// Waits for the answer as long as texts are encoded: the queue is bounded and fair, so that this request's turn
    /// comes.
    async fn submit<T>(
        &self,
        job: Request,
        mut answer: oneshot::Receiver<Result<T, InferenceError>>,
    ) -> Result<T, InferenceError> {
        let mut encoded = self.inner.batcher.encoded();
        self.inner.batcher.submit(job)?;
        loop {
            match tokio::time::timeout(self.inner.deadline, &mut answer).await {
                Ok(Ok(answer)) => return answer,
                Ok(Err(_)) => {
                    return Err(InferenceError::Internal(
                        "the inference worker dropped the job".to_owned(),
                    ));
                }
                Err(_) => {
                    let before = std::mem::replace(&mut encoded, self.inner.batcher.encoded());
                    if encoded == before {
                        return Err(InferenceError::DeadlineExceeded);
                    }
                }
            }
        }
    }

    /// The cards of all served models: the encoder first, then by name, newest version first.
    #[must_use]
    pub fn models(&self) -> Vec<Arc<ModelCard>> {
        self.registry().cards()
    }

    /// The models that could not be loaded from their folders.
    #[must_use]
    pub fn refused(&self) -> Vec<RefusedModel> {
        self.registry().refused.clone()
    }

    /// Whether every folder serves a model: its current one or a previous one.
    ///
    /// # Errors
    /// The reasons why models could not be loaded.
    pub fn ready(&self) -> Result<(), String> {
        let refused = self.refused();
        let missing = refused.iter().filter(|refused| refused.kept.is_none());
        let reasons: Vec<_> = missing.map(|refused| refused.reason.as_str()).collect();
        if reasons.is_empty() {
            Ok(())
        } else {
            Err(reasons.join("; "))
        }
    }

    /// The number of word pieces of a text, including `[CLS]` and `[SEP]`. Tokenizes the whole text on the calling
    /// thread.
    #[must_use]
    pub fn tokens(&self, text: &str) -> usize {
        self.registry().encoder.pieces().count(text).unwrap_or(usize::MAX)
    }

    /// Byte ranges, in order, that cover every word of the text, with at most [`MAX_PIECES`] word pieces each.
    /// Tokenizes the whole text on the calling thread.
    ///
    /// # Errors
    /// `Internal` if the tokenizer fails.
    pub fn windows(&self, text: &str) -> Result<Vec<Range<usize>>, InferenceError> {
        let windows = self.registry().encoder.pieces().windows(text);
        windows.map_err(|error| InferenceError::Internal(error.to_string()))
    }

    /// The statistics since the start.
    #[must_use]
    pub fn usage(&self) -> Usage {
        let (cache_hits, cache_misses) = self.inner.cache.counts();
        Usage {
            waiting: self.inner.batcher.waiting(),
            cache_hits,
            cache_misses,
            encoded: self.inner.batcher.encoded(),
        }
    }
}

/// Checks the inputs of a call: all texts or all rows, as the classifier requires.
fn sort_inputs(classifier: &Classifier, inputs: Vec<Instance>) -> Result<(Vec<Text>, Vec<Vec<f32>>), InferenceError> {
    let (mut texts, mut features) = (Vec::new(), Vec::new());
    for (index, input) in inputs.into_iter().enumerate() {
        let name = &classifier.card().name;
        let checked = match input {
            Instance::Text(_) if !classifier.reads_text() => Err(format!("model {name} takes features, not text")),
            Instance::Features(_) if classifier.reads_text() => Err(format!("model {name} takes text, not features")),
            Instance::Text(text) if text.trim().is_empty() => Err("the text is empty".to_owned()),
            Instance::Text(text) => {
                texts.push(text.into());
                Ok(())
            }
            Instance::Features(row) => classifier.check(&row).map(|()| features.push(row)),
        };
        checked.map_err(|reason| InferenceError::BadInput { index, reason })?;
    }
    Ok((texts, features))
}

fn top(card: &ModelCard, scores: Vec<f32>, top_k: usize) -> Vec<(String, f32)> {
    let mut scores: Vec<_> = card.labels.iter().cloned().zip(scores).collect();
    scores.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    scores.truncate(top_k.max(1));
    scores
}

#[cfg(test)]
mod tests;
