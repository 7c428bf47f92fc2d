//! Portcullis puts accounts, roles and machine-learning inference behind one GraphQL endpoint.
//!
//! The map, outermost first. Arrows go one way, `main -> cli -> http -> graphql -> app -> {identity, matching,
//! catalogue, inference, document} -> store`; everything may use [`access`], [`clock`] and [`metrics`]:
//!
//! | module | holds |
//! | --- | --- |
//! | [`cli`] | the subcommands |
//! | [`config`] | every setting; the only reader of the environment |
//! | [`http`] | transports: GraphQL over HTTP, the console, health |
//! | [`graphql`] | the schema, the guard, what clients are told of errors |
//! | [`app`] | the services, built once |
//! | [`identity`] | accounts, passwords, tokens, sessions |
//! | [`audit`] | what happened, who did it, append only |
//! | [`matching`] | resumes against job postings |
//! | [`catalogue`] | jobs that are kept, and the search over them |
//! | [`inference`] | the encoder, classifiers, the batcher |
//! | [`document`] | files to text |
//! | [`quota`] | what a caller may still spend |
//! | [`store`] | SurrealDB, its schema and migrations |
//! | [`access`] | permissions, roles, actors and the one function that decides |
//! | [`clock`] | the time, injected |
//! | [`metrics`] | what the process counts for its operators |

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
pub mod matching;
pub mod metrics;
pub mod quota;
pub mod store;
