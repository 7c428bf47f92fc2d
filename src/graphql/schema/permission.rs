//! The policy as the schema shows it: the permission enum and the answer to "may I?".

use async_graphql::{Enum, SimpleObject};

use crate::access;

/// A permission that a field can require. A role is a set of permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "access::Permission")]
pub(crate) enum Permission {
    /// Run a classifier.
    Predict,
    /// Match a resume with a job posting.
    MatchResume,
    /// List the served models.
    ReadModels,
    /// Read and search the job catalogue.
    ReadJobs,
    /// Add jobs to the catalogue and remove them.
    WriteJobs,
    /// Read all accounts.
    ReadUsers,
    /// Enable, disable and remove accounts.
    ManageUsers,
    /// Assign roles to accounts, and change the permissions of roles.
    ManageRoles,
    /// Read the audit trail.
    ReadAudit,
}

/// Whether the caller may select a field. The decision is made by the code that guards the field.
#[derive(Debug, SimpleObject)]
pub(crate) struct AccessDecision {
    /// The field as given, such as `Query.predict`.
    pub field: String,
    /// Whether the caller may select the field now. For a field that an owner may read, the decision for the caller's
    /// own object.
    pub allowed: bool,
    /// The permission that the field requires; null if it requires none.
    pub requires: Option<Permission>,
}
