//! Portcullis puts accounts, roles and machine-learning inference behind one GraphQL endpoint.
//!
//! The map, outermost first; arrows go one way, `main -> http -> graphql -> app -> {identity, matching, inference,
//! document} -> store`, and everything may use [`access`] and [`clock`]:
//!
//! | module | holds |
//! | --- | --- |
//! | [`access`] | permissions, roles, actors and the one function that decides |
//! | [`clock`] | the time, injected |
//! | [`graphql`] | the schema, its guard, and what a document may cost |
//! | [`http`] | the transport: server, GraphQL over HTTP, console, health |

pub mod access;
pub mod clock;
pub mod graphql;
pub mod http;
