//! The integration tests, one file per feature. They are one binary, so that the store and the tensor library are linked
//! once. What other test targets use as well is in `tests/support`.
#![expect(clippy::unwrap_used, reason = "a test whose setup fails panics")]

mod harness;
mod process;

mod access;
mod accounts;
mod api_keys;
mod audit;
mod audits;
mod backups;
mod bad_input;
mod binary;
mod bounds;
mod catalogue;
mod clients;
mod conditions;
mod console;
mod cookie_page;
mod cookies;
mod documents;
mod federation;
mod hostile;
mod issuers;
mod layers;
mod long_work;
mod matching;
mod metrics;
mod models;
mod nullability;
mod oauth;
mod oauth_tokens;
mod operations;
mod oracle;
mod pages;
mod predict;
mod privacy;
mod proxy;
mod quotas;
mod rank;
mod reading;
mod readme;
mod rescoring;
mod role_schema;
mod roles;
mod schema;
mod sessions;
mod socket;
mod sse;
mod tls;
mod training;
mod transports;
mod trusted;
mod typed_clients;
mod words;
