//! The integration tests: one binary, so that the store and the tensor library link once. A file a feature.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod harness;
mod process;

mod access;
mod accounts;
mod api_keys;
mod audit;
mod audits;
mod bad_input;
mod binary;
mod browser;
mod clients;
mod console;
mod cookies;
mod documents;
mod issuers;
mod layers;
mod matching;
mod oauth;
mod predict;
mod privacy;
mod quotas;
mod roles;
mod schema;
mod sessions;
mod socket;
mod sse;
mod transports;
mod trusted;
mod typed_clients;
