//! A transformer block over some rows. Everything except attention depends only on the rows themselves, so a thread
//! processes a few rows while they are in its cache.

use std::cell::RefCell;

use crate::Result;
use crate::linear::{Epilogue, Linear};
use crate::norm::Norm;

/// A block with packed weights.
pub struct PackedBlock {
    /// Query, key and value side by side; the query is divided by the square root of the head's width.
    pub qkv: Linear,
    /// The projection of the attention's result.
    pub attention_output: Linear,
    /// The norm after the attention.
    pub attention_norm: Norm,
    /// The first layer of the feed-forward network.
    pub intermediate: Linear,
    /// The second layer of the feed-forward network.
    pub output: Linear,
    /// The norm after the feed-forward network.
    pub output_norm: Norm,
}

thread_local! {
    /// The rows between `intermediate` and `output`.
    static INSIDE: RefCell<Vec<f32>> = RefCell::default();
}

impl PackedBlock {
    /// Computes queries, keys and values of these rows.
    pub(super) fn attend(&self, x: &[f32], qkv: &mut [f32]) -> Result<()> {
        self.qkv.run(x, qkv, Epilogue::Store)
    }

    /// Computes the rest of the block from the attention's result for these rows.
    pub(super) fn finish(&self, context: &[f32], x: &mut [f32]) -> Result<()> {
        // Taken out, as `Linear::run` requires.
        let mut inner = INSIDE.take();
        inner.resize(
            x.len() / self.attention_output.outputs() * self.intermediate.outputs(),
            0.0,
        );
        self.attention_output.run(context, x, Epilogue::Add)?;
        self.attention_norm.run(x);
        self.intermediate.run(x, &mut inner, Epilogue::Gelu)?;
        self.output.run(&inner, x, Epilogue::Add)?;
        self.output_norm.run(x);
        INSIDE.set(inner);
        Ok(())
    }
}
