//! A memo of embeddings for one task, such as a ranking: each text is encoded once. The shared cache may have evicted
//! embeddings by the time they are needed again.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Embedding, Inference, InferenceError, Text};

/// The time between two attempts to enter a full queue.
const RETRY: Duration = Duration::from_millis(50);

/// The embeddings of one task.
pub struct EmbeddingMemo {
    inference: Inference,
    caller: Arc<str>,
    /// `None` while a text is being encoded.
    known: HashMap<Text, Option<Embedding>>,
}

/// Texts to encode that no earlier request of the task contains.
pub struct EmbeddingRequest {
    inference: Inference,
    caller: Arc<str>,
    texts: Vec<Text>,
    /// Whether to wait while the queue is full.
    waits: bool,
}

/// The outcome of an [`EmbeddingRequest`].
pub struct EmbeddingReply {
    texts: Vec<Text>,
    embeddings: Result<Vec<Embedding>, InferenceError>,
}

impl EmbeddingMemo {
    /// An empty memo. `caller` is the key of the fair queue.
    #[must_use]
    pub fn new(inference: Inference, caller: &str) -> Self {
        Self {
            inference,
            caller: caller.into(),
            known: HashMap::new(),
        }
    }

    /// The embeddings of these texts, in their order; texts must be distinct.
    ///
    /// # Errors
    /// The errors of [`Inference::embed`]. `Overloaded` is immediate for the first texts of a task; later, a full queue
    /// is waited for.
    pub async fn encode(&mut self, texts: &[Text]) -> Result<Vec<Embedding>, InferenceError> {
        let reply = self.request(texts).send().await;
        self.receive(reply)?;
        Ok(self.embeddings(texts).unwrap_or_default())
    }

    /// A request for those of these texts that are neither known nor requested.
    #[must_use]
    pub fn request(&mut self, texts: &[Text]) -> EmbeddingRequest {
        let waits = !self.known.is_empty();
        let missing = texts.iter().filter(|text| !self.known.contains_key(*text));
        let missing: Vec<Text> = missing.cloned().collect();
        self.known.extend(missing.iter().map(|text| (text.clone(), None)));
        EmbeddingRequest {
            inference: self.inference.clone(),
            caller: Arc::clone(&self.caller),
            texts: missing,
            waits,
        }
    }

    /// Adds the embeddings of a reply. After an error, the texts can be requested again.
    ///
    /// # Errors
    /// The error of the reply.
    pub fn receive(&mut self, reply: EmbeddingReply) -> Result<(), InferenceError> {
        match reply.embeddings {
            Ok(embeddings) => {
                self.known
                    .extend(reply.texts.into_iter().zip(embeddings.into_iter().map(Some)));
                Ok(())
            }
            Err(error) => {
                for text in &reply.texts {
                    self.known.remove(text);
                }
                Err(error)
            }
        }
    }

    /// The embeddings of these texts, in their order; `None` if one is not known.
    #[must_use]
    pub fn embeddings(&self, texts: &[Text]) -> Option<Vec<Embedding>> {
        texts.iter().map(|text| self.known.get(text)?.clone()).collect()
    }
}

impl EmbeddingRequest {
    /// The number of texts to encode.
    #[must_use]
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether all texts are known or requested already.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Encodes the texts.
    pub async fn send(self) -> EmbeddingReply {
        let embeddings = if self.texts.is_empty() {
            Ok(Vec::new())
        } else {
            self.embed().await
        };
        EmbeddingReply {
            texts: self.texts,
            embeddings,
        }
    }

    async fn embed(&self) -> Result<Vec<Embedding>, InferenceError> {
        let started = Instant::now();
        loop {
            let embeddings = self.inference.embed(&self.caller, self.texts.clone()).await;
            let patient = self.waits && started.elapsed() < self.inference.inner.deadline;
            if embeddings != Err(InferenceError::Overloaded) || !patient {
                return embeddings;
            }
            tokio::time::sleep(RETRY).await;
        }
    }
}
