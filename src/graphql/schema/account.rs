//! GraphQL types of accounts: a user, the viewer, and the inputs and payloads of the account mutations.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::api_key::ApiKey;
use super::date_time::Timestamp;
use super::payload::impl_payload;
use super::session::{Quota, Session};
use crate::access::Permission;
use crate::graphql::context::app;
use crate::graphql::error::{Failure, UserError};
use crate::graphql::request::guard::name_owner;
use crate::graphql::schema::directive::{auth, sensitive, signed_in};
use crate::identity;
use crate::quota::QuotaSubject;

/// A user account.
#[derive(Debug, Clone)]
pub(crate) struct User(pub Arc<identity::User>);

/// A user account.
#[Object]
impl User {
    /// The id of the account: the normalized username (Unicode NFKC, case-folded). For an account of an external
    /// identity provider, `~` followed by a hash of issuer and subject.
    async fn id(&self) -> ID {
        ID::from(&*self.0.id)
    }

    /// The username as registered. For an account of an external identity provider, the name there, `@` and the host of
    /// the issuer.
    async fn username(&self) -> &str {
        &self.0.username
    }

    /// The e-mail address; null if the account has none. Visible to the account's owner and to callers with READ_USERS.
    #[graphql(directive = auth::apply(Permission::ReadUsers, true), directive = sensitive::apply())]
    async fn email(&self, ctx: &Context<'_>) -> Option<&str> {
        name_owner(ctx, &self.0.id);
        Some(self.0.email.as_str()).filter(|email| !email.is_empty())
    }

    /// The names of the account's roles. The roles of an account of an external identity provider are taken from each
    /// token, and only the account itself can see them.
    async fn roles(&self) -> &[String] {
        &self.0.roles
    }

    /// The API keys of the account, newest first. Visible to the account's owner and to callers with READ_USERS.
    #[graphql(directive = auth::apply(Permission::ReadUsers, true))]
    async fn api_keys(&self, ctx: &Context<'_>) -> Result<Option<Vec<ApiKey>>> {
        name_owner(ctx, &self.0.id);
        let keys = app(ctx).accounts().api_keys(&self.0.id).await.map_err(Failure::from)?;
        Ok(Some(keys.into_iter().map(ApiKey::from).collect()))
    }

    /// The number of open sessions of the account. Visible to the account's owner and to callers with READ_USERS.
    #[graphql(directive = auth::apply(Permission::ReadUsers, true))]
    async fn session_count(&self, ctx: &Context<'_>) -> Result<Option<u32>> {
        name_owner(ctx, &self.0.id);
        let number = app(ctx).accounts().count_sessions(&self.0.id).await;
        Ok(Some(number.map_err(Failure::from)?))
    }

    /// Whether the account is enabled. Disabling an account revokes its tokens immediately.
    async fn enabled(&self) -> bool {
        self.0.enabled
    }

    /// The time of creation.
    async fn created_at(&self) -> Timestamp {
        self.0.created_at.into()
    }

    /// The time of the last change.
    async fn updated_at(&self) -> Timestamp {
        self.0.updated_at.into()
    }
}

/// The caller: the account, session and permissions of this request.
pub(crate) struct Viewer(pub Arc<identity::Session>);

/// The caller: the account, session and permissions of this request.
#[Object]
impl Viewer {
    /// The account of the caller.
    async fn user(&self) -> User {
        User(Arc::clone(&self.0.user))
    }

    /// The permissions of all the caller's roles.
    async fn permissions(&self) -> Vec<Permission> {
        self.0.actor.permissions().iter().collect()
    }

    /// The time at which the session expires unless it is refreshed.
    async fn session_expires_at(&self) -> Timestamp {
        self.0.session_expires_at.into()
    }

    /// The caller's sessions, most recently used first; at most 200.
    #[graphql(directive = signed_in::apply())]
    async fn sessions(&self, ctx: &Context<'_>) -> Result<Option<Vec<Session>>> {
        let sessions = app(ctx)
            .accounts()
            .sessions(&self.0.user.id)
            .await
            .map_err(Failure::from)?;
        Ok(Some(
            sessions
                .into_iter()
                .map(|open| Session::new(open, &self.0.id))
                .collect(),
        ))
    }

    /// The caller's cost quota for the current hour.
    async fn quota(&self, ctx: &Context<'_>) -> Result<Quota> {
        let who = QuotaSubject::of(&self.0.actor, None);
        Ok(app(ctx).quotas().usage(&who).await.map_err(Failure::from)?.into())
    }
}

/// Input of `register`.
#[derive(InputObject)]
pub(crate) struct RegisterInput {
    /// The username: 2 to 64 letters, combining marks and digits of any script, `.`, `_` and `-`. Unique regardless of
    /// case; a name that looks like another is taken.
    pub username: String,
    /// The e-mail address (RFC 6531): at most 254 bytes, unique regardless of case. The domain can be internationalized.
    #[graphql(directive = sensitive::apply())]
    pub email: String,
    /// The password: 12 to 128 characters; common passwords are rejected.
    #[graphql(secret, directive = sensitive::apply())]
    pub password: String,
}

/// Input of `toggleUser`.
#[derive(Debug, InputObject)]
pub(crate) struct ToggleUserInput {
    /// The account.
    pub id: ID,
    /// Whether the account is to be enabled. `false` ends all sessions of the account, and no request with its tokens
    /// succeeds once `toggleUser` has returned.
    pub enabled: bool,
}

/// Input of `setUserRoles`.
#[derive(Debug, InputObject)]
pub(crate) struct SetUserRolesInput {
    /// The account.
    pub id: ID,
    /// The complete new list of roles; at most 16.
    pub roles: Vec<String>,
}

/// Input of `removeUser`.
#[derive(Debug, InputObject)]
pub(crate) struct RemoveUserInput {
    /// The account.
    pub id: ID,
}

/// Result of `register`.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct RegisterPayload {
    /// The new account; null if `errors` is not empty.
    pub user: Option<User>,
    /// Problems the client can correct; empty on success.
    pub errors: Vec<UserError>,
}

impl_payload!(RegisterPayload);

/// Result of `toggleUser`.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct ToggleUserPayload {
    /// The account after the change; null if `errors` is not empty.
    pub user: Option<User>,
    /// The number of sessions that were ended.
    pub ended_sessions: i32,
    /// Problems the client can correct; empty on success.
    pub errors: Vec<UserError>,
}

impl_payload!(ToggleUserPayload);

/// Result of `setUserRoles`.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct SetUserRolesPayload {
    /// The account after the change; null if `errors` is not empty.
    pub user: Option<User>,
    /// Problems the client can correct; empty on success.
    pub errors: Vec<UserError>,
}

impl_payload!(SetUserRolesPayload);

/// Result of `removeUser`.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct RemoveUserPayload {
    /// The id of the removed account; null if `errors` is not empty.
    pub removed_user_id: Option<ID>,
    /// Problems the client can correct; empty on success.
    pub errors: Vec<UserError>,
}

impl_payload!(RemoveUserPayload);
