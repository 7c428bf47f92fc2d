//! Portcullis puts accounts, roles and machine-learning inference behind one GraphQL endpoint.
//!
//! The map, outermost first; arrows go one way, `main -> http -> graphql -> app -> {identity, matching, inference,
//! document} -> store`, and everything may use [`access`] and [`clock`]:
//!
//! | module | holds |
//! | --- | --- |
//! | [`access`] | permissions, roles, actors and the one function that decides |
//! | [`audit`] | what happened and who did it |
//! | [`clock`] | the time, injected |
//! | [`identity`] | accounts, roles, passwords, tokens, sessions |
//! | [`quota`] | what a principal may spend an hour, and how fast |
//! | [`store`] | the database: opening, migrating, running statements |
//! | [`inference`] | the encoder, classifiers, and the worker that runs them |
//! | [`matching`] | resumes against postings, with evidence |
//! | [`graphql`] | the schema, its guard, and what a document may cost |
//! | [`http`] | the transport: server, GraphQL over HTTP, console, health |

pub mod access;
pub mod audit;
pub mod clock;
pub mod graphql;
pub mod http;
pub mod identity;
pub mod inference;
pub mod matching;
pub mod quota;
pub mod store;
