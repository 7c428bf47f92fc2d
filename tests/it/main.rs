//! The integration tests: one binary, so that the store and the tensor library link once. A file a feature.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod harness;
mod process;

mod access;
mod accounts;
mod bad_input;
mod binary;
mod browser;
mod console;
mod issuers;
mod layers;
mod matching;
mod predict;
mod privacy;
mod schema;
