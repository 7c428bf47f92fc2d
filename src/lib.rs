//! Portcullis is a server that matches resumes with job postings, with accounts, roles and classifiers behind one GraphQL
//! endpoint.
//!
//! Modules, outermost first; `tests/it/layers.rs` checks the imports.
//!
//! | module | holds |
//! | --- | --- |
//! | [`cli`] | the subcommands |
//! | [`http`] | transports: GraphQL over HTTP, WebSocket and server-sent events; the console, health, OAuth |
//! | [`graphql`] | the schema, the way of a request, the guard, errors |
//! | [`app`] | the services, built in one place |
//! | [`config`] | the settings; the only reader of the environment |
//! | [`quota`] | quotas and rate limits |
//! | [`catalogue`] | stored jobs and their search |
//! | [`identity`] | accounts, passwords, tokens, sessions |
//! | [`matching`] | matching of resumes with job postings |
//! | [`audit`] | the audit trail |
//! | [`document`] | text extraction from files |
//! | [`inference`] | the encoder, classifiers, batching |
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
