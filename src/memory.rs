//! The memory of the server: its size, the limit of the system, and the division between caches, queues, buffers and the
//! processes that read documents.
//!
//! `config` makes the [`Division`]; `app`, `http` and `cli` take the size of each part from it.

mod division;
mod limit;
mod part;
mod size;

pub use self::division::{Division, Readers};
pub use self::limit::Limits;
pub use self::part::{Facts, StoreMemory};
pub use self::size::{InvalidSize, MemorySize};
