//! The policy as the schema shows it: the permission enum and the answer to "may I?".

use async_graphql::{Enum, SimpleObject};

use crate::access;

/// What a field can require. Roles are sets of permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "access::Permission")]
pub(crate) enum Permission {
    /// Run a classifier.
    Predict,
    /// Match a resume with a job posting.
    MatchResume,
    /// See which models are served.
    ReadModels,
    /// Read and search the job catalogue.
    ReadJobs,
    /// Add jobs to the catalogue and remove them.
    WriteJobs,
    /// Read every account.
    ReadUsers,
    /// Enable, disable and remove accounts.
    ManageUsers,
    /// Change the roles of accounts, and what a role may do.
    ManageRoles,
    /// Read the audit trail.
    ReadAudit,
}

/// Whether the caller may select a field, decided by the same code that guards it.
#[derive(Debug, SimpleObject)]
pub(crate) struct AccessDecision {
    /// The field as it was asked, such as `Query.predict`.
    pub field: String,
    /// Whether the caller may select it now. For a field that its owner may read, this is the answer for the caller's
    /// own object.
    pub allowed: bool,
    /// The permission that the field requires; null for a field that is open to everybody.
    pub requires: Option<Permission>,
}
