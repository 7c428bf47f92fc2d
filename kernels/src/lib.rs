//! The encoder all-MiniLM-L6-v2 for CPUs: the function of the published network, with the same weights, several times as
//! fast as a general library.
//!
//! The texts of a batch are concatenated, so no padding is computed; weights are packed once; bias, GELU and residual
//! are applied while sums are in registers. A thread takes whole texts through all layers and joins the others at the
//! end. With too few texts, a thread takes a block of rows from one attention to the next in its own cache, and the
//! threads join before and after each attention.
//!
//! This is not a burn backend extension: operations of an extension receive plain tensors, so packed weights would have
//! to be passed separately, and each call allocates its output. Here, buffers live as long as the worker.
//!
//! It is a crate of its own to be optimized as a whole and at the highest level in every profile, also in tests.

mod attention;
mod block;
mod dot_product;
mod encoder;
mod linear;
mod norm;
mod partition;
mod spinning_pool;
mod tile;

use serde::{Deserialize, Serialize};

pub use attention::Attention;
pub use block::PackedBlock;
pub use dot_product::{dot_product, dot_product_i8, dot_product_u4};
pub use encoder::{Buffers, PackedEncoder, Preemption};
pub use linear::{Epilogue, Linear};
pub use norm::Norm;

/// The dimension of an embedding.
pub const WIDTH: usize = 384;
/// Attention heads per block.
pub const HEADS: usize = 12;
/// The epsilon of layer norms.
pub const EPSILON: f64 = 1e-12;

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

/// The result of a computation, which fails if shapes do not match.
pub type Result<T, E = rten_gemm::GemmError> = std::result::Result<T, E>;
