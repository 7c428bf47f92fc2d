//! Code shared by the unit tests in `src/`, the integration tests in `tests/it`, the attacks in `benches/attacks` and the
//! fuzz targets. It does not depend on the `portcullis` crate, so that its unit tests can use it as well.
#![cfg_attr(
    feature = "full",
    expect(clippy::unwrap_used, reason = "a test whose setup fails panics")
)]

#[cfg(feature = "full")]
pub mod browser;
#[cfg(feature = "full")]
pub mod field_queries;
#[cfg(feature = "full")]
pub mod figures;
#[cfg(feature = "full")]
pub mod forged_foreign_tokens;
#[cfg(feature = "full")]
pub mod forged_tokens;
pub mod hostile_documents;
#[cfg(feature = "full")]
pub mod keep_alive;
#[cfg(feature = "full")]
pub mod matching_texts;
#[cfg(feature = "full")]
pub mod node;
#[cfg(feature = "full")]
pub mod node_issuer;
#[cfg(feature = "full")]
pub mod power_cut;
#[cfg(feature = "full")]
pub mod process;
#[cfg(feature = "full")]
pub mod surrealdb_server;
#[cfg(feature = "full")]
pub mod tcp_balancer;
#[cfg(feature = "full")]
pub mod test_issuer;
#[cfg(feature = "full")]
pub mod websocket;

use std::path::Path;

/// The password of all accounts: long enough, and not a common one.
pub const PASSWORD: &str = "correct horse battery";

/// The folder of the repository.
#[must_use]
pub fn repository() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().nth(2).unwrap_or(package)
}

/// Whether the environment variable `THOROUGH` is set, as in CI: tests then check everything that they can. Otherwise those
/// that check many alike check a part, so that people do not wait for them.
#[must_use]
pub fn is_thorough() -> bool {
    std::env::var_os("THOROUGH").is_some()
}

/// The number of generated cases of a test: `all` if [`is_thorough`], otherwise at most 32.
#[must_use]
pub fn cases(all: u32) -> u32 {
    if is_thorough() { all } else { all.min(32) }
}
