//! The texts of one piece of work, such as a ranking: each is encoded once, however often it is asked for. The cache of
//! embeddings is everybody's, and may have forgotten by then what the work needs again.

use std::collections::HashMap;

use super::{Embedding, Inference, InferenceError, Text};

/// What one piece of work has encoded so far.
pub struct EmbeddingMemo {
    inference: Inference,
    caller: String,
    known: HashMap<Text, Embedding>,
}

impl EmbeddingMemo {
    /// Nothing yet. `caller` is who takes turns with others.
    #[must_use]
    pub fn new(inference: Inference, caller: &str) -> Self {
        Self {
            inference,
            caller: caller.to_owned(),
            known: HashMap::new(),
        }
    }

    /// The embeddings of these texts, in their order; no text may be there twice.
    ///
    /// # Errors
    /// Those of [`Inference::embed`].
    pub async fn of(&mut self, texts: &[Text]) -> Result<Vec<Embedding>, InferenceError> {
        let missing = texts.iter().filter(|text| !self.known.contains_key(*text));
        let missing: Vec<Text> = missing.cloned().collect();
        if !missing.is_empty() {
            let embeddings = self.inference.embed(&self.caller, missing.clone()).await?;
            self.known.extend(missing.into_iter().zip(embeddings));
        }
        Ok(texts.iter().filter_map(|text| self.known.get(text).cloned()).collect())
    }
}
