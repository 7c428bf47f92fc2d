//! The way of a request through the API, one file a step: [`admission`] ([`limits`], [`validation`], [`variables`],
//! `lowering`), its `cost`, and the [`guard`] that decides every field while it is executed.

pub mod access_table;
pub mod admission;
pub(super) mod audit_trail;
pub(super) mod authorization;
mod copies;
pub(super) mod cost;
pub(super) mod deadline;
mod document_cache;
pub mod guard;
pub mod limits;
mod literal;
pub(super) mod lowering;
pub(super) mod metrics;
pub mod operation;
mod session_operation;
pub mod trusted_documents;
pub mod validation;
pub mod variables;
