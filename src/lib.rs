//! Portcullis puts accounts, roles and machine-learning inference behind one GraphQL endpoint.
//!
//! The map, outermost first. Imports point one way, `main -> cli -> http -> graphql -> app -> {identity, matching,
//! catalogue, inference, document} -> store`; every module may use [`access`], [`clock`], `log`, [`memory`],
//! [`metrics`], [`svg`] and [`text`]:
//!
//! | module | holds |
//! | --- | --- |
//! | [`cli`] | the subcommands |
//! | [`config`] | the settings; the only reader of the environment |
//! | [`http`] | transports: GraphQL over HTTP, WebSocket and server-sent events; the console, health, OAuth |
//! | [`graphql`] | the schema, the way of a request, the guard, errors |
//! | [`app`] | the services, built in one place |
//! | [`identity`] | accounts, passwords, tokens, sessions |
//! | [`audit`] | the audit trail |
//! | [`matching`] | matching of resumes with job postings |
//! | [`catalogue`] | stored jobs and their search |
//! | [`inference`] | the encoder, classifiers, batching |
//! | [`document`] | text extraction from files |
//! | [`quota`] | quotas and rate limits |
//! | [`store`] | SurrealDB, its schema and migrations; backups |
//! | [`access`] | permissions, roles, actors, and the policy |
//! | [`clock`] | the injected time |
//! | `log` | lines of the log, with the id of the request |
//! | [`memory`] | the memory of the server: its limit and its division |
//! | [`metrics`] | metrics for operators |
//! | [`svg`] | SVG drawings |
//! | [`text`] | text normalization |

pub mod access;
pub mod app;
pub mod audit;
pub mod catalogue;
pub mod cli;
pub mod clock;
pub mod config;
pub mod document;
pub mod graphql;
pub mod http;
pub mod identity;
pub mod inference;
mod log;
pub mod matching;
pub mod memory;
pub mod metrics;
pub mod quota;
pub mod store;
pub mod svg;
pub mod text;
