//! A memo of embeddings for one task, such as a ranking: each text is encoded once. The shared cache may have evicted
//! embeddings by the time they are needed again.

use std::collections::HashMap;

use super::{Embedding, Inference, InferenceError, Text};

/// The embeddings of one task.
pub struct EmbeddingMemo {
    inference: Inference,
    caller: String,
    known: HashMap<Text, Embedding>,
}

impl EmbeddingMemo {
    /// An empty memo. `caller` is the key of the fair queue.
    #[must_use]
    pub fn new(inference: Inference, caller: &str) -> Self {
        Self {
            inference,
            caller: caller.to_owned(),
            known: HashMap::new(),
        }
    }

    /// The embeddings of these texts, in their order; texts must be distinct.
    ///
    /// # Errors
    /// The errors of [`Inference::embed`].
    pub async fn encode(&mut self, texts: &[Text]) -> Result<Vec<Embedding>, InferenceError> {
        let missing = texts.iter().filter(|text| !self.known.contains_key(*text));
        let missing: Vec<Text> = missing.cloned().collect();
        if !missing.is_empty() {
            let embeddings = self.inference.embed(&self.caller, missing.clone()).await?;
            self.known.extend(missing.into_iter().zip(embeddings));
        }
        Ok(texts.iter().filter_map(|text| self.known.get(text).cloned()).collect())
    }
}
