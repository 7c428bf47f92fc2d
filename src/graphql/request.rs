//! The way of a request through the surface, one file a step: [`admission`] of the document ([`limits`], `variables`,
//! `field_merging`, `subscription_root`), its `cost`, and the [`guard`] that decides every field while it is executed.

pub mod access_table;
pub mod admission;
pub(super) mod audit_trail;
pub(super) mod authorization;
pub(super) mod cost;
pub(super) mod deadline;
pub(super) mod document_cache;
mod field_merging;
pub mod guard;
pub mod limits;
pub(super) mod metrics;
mod normalise;
pub mod operation;
pub(super) mod session_operation;
pub(super) mod subscription_root;
pub mod trusted_documents;
pub mod variables;
