//! Code shared by the unit tests in `src/`, the integration tests in `tests/it`, the attacks in `benches/attacks` and the
//! fuzz targets. It does not depend on the `portcullis` crate, so that its unit tests can use it as well.
#![cfg_attr(
    feature = "full",
    expect(clippy::unwrap_used, reason = "a test whose setup fails panics")
)]

#[cfg(feature = "full")]
pub mod forged_foreign_tokens;
#[cfg(feature = "full")]
pub mod forged_tokens;
pub mod hostile_documents;
#[cfg(feature = "full")]
pub mod test_issuer;
