//! The reasons of an access decision: the roles of an account, their permissions, and the last change.

use async_graphql::{Context, Object, Result, SimpleObject};

use super::audit::AuditEvent;
use super::permission::AccessDecision;
use crate::access::Permission;
use crate::graphql::context::app;
use crate::graphql::error::Failure;
use crate::graphql::schema::directive::auth;
use crate::identity::AccountAccess;

/// Whether an account may select a field, and why.
pub(crate) struct UserAccess {
    decision: AccessDecision,
    account: AccountAccess,
}

/// A role of an account.
#[derive(Debug, SimpleObject)]
pub(crate) struct RoleGrant {
    /// The name of the role.
    pub role: String,
    /// The permissions of the role.
    pub permissions: Vec<Permission>,
    /// Whether the role has the permission that the field requires; true if the field requires none.
    pub grants: bool,
}

impl UserAccess {
    /// Decides about a field for an account; `None` if the account does not exist.
    pub(super) async fn read(ctx: &Context<'_>, id: &str, field: String) -> Result<Option<Self>, Failure> {
        let Some(account) = app(ctx).accounts().access(id).await? else {
            return Ok(None);
        };
        let mut decision = AccessDecision::of(ctx, &account.actor, field, "field:")?;
        // The tokens of a disabled account are refused before any field is decided.
        decision.allowed &= account.user.enabled;
        Ok(Some(Self { decision, account }))
    }
}

/// Whether an account may select a field, and why.
#[Object]
impl UserAccess {
    /// The decision for the account as the store has it, signed in with a session. A disabled account may select
    /// nothing, and a field that does not exist is not allowed.
    async fn decision(&self) -> AccessDecision {
        self.decision.clone()
    }

    /// Whether the account is enabled.
    async fn enabled(&self) -> bool {
        self.account.user.enabled
    }

    /// The roles of the account, ordered by name. Empty for an account of an external identity provider, whose roles are
    /// taken from each token.
    async fn roles(&self) -> Vec<RoleGrant> {
        let required = self.decision.requires;
        let roles = self.account.roles.iter();
        roles
            .map(|(role, permissions)| RoleGrant {
                role: role.clone(),
                permissions: permissions.iter().collect(),
                grants: required.is_none_or(|required| permissions.contains(required)),
            })
            .collect()
    }

    /// The last recorded event that changed what the decision depends on: the roles or the state of the account, or the
    /// permissions of one of its roles. Null if the audit trail has none, or no longer has it.
    #[graphql(directive = auth::apply(Permission::ReadAudit, false))]
    async fn last_change(&self, ctx: &Context<'_>) -> Result<Option<AuditEvent>> {
        let account = &self.account.user;
        let event = app(ctx)
            .audit()
            .last_access_change(&account.id, &account.roles, account.updated_at);
        let event = event.await.map_err(Failure::from)?;
        Ok(event.as_ref().map(AuditEvent::from))
    }
}
