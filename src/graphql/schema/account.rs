//! Accounts as the schema shows them: users, the viewer, and the inputs and payloads of the account mutations.

use std::sync::Arc;

use async_graphql::connection::PageInfo;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};

use super::api_key::ApiKey;
use super::permission::Permission;
use super::session::{Quota, Session};
use crate::graphql::context::app;
use crate::graphql::error::{Failure, UserError};
use crate::graphql::request::guard::name_owner;
use crate::graphql::schema::directive::{auth, sensitive, signed_in};
use crate::identity;
use crate::quota::Principal;

/// An account.
#[derive(Debug, Clone)]
pub(crate) struct User(pub Arc<identity::User>);

/// An account.
#[Object]
impl User {
    /// The account's id: the username as it is compared (Unicode NFKC, case folded), or, for an account that a foreign
    /// issuer vouches for, `~` and a hash of issuer and subject.
    async fn id(&self) -> ID {
        ID::from(&*self.0.id)
    }

    /// The username as it was registered; for a foreign account the name there and, after an `@`, the issuer's host.
    async fn username(&self) -> &str {
        &self.0.username
    }

    /// The e-mail address; for its owner and for callers who may read every account.
    #[graphql(directive = auth::apply(Permission::ReadUsers, true), directive = sensitive::apply())]
    async fn email(&self, ctx: &Context<'_>) -> Option<&str> {
        name_owner(ctx, &self.0.id);
        Some(self.0.email.as_str()).filter(|email| !email.is_empty())
    }

    /// The names of the account's roles. Those of a foreign account come with each of its tokens: they are seen by
    /// itself only.
    async fn roles(&self) -> &[String] {
        &self.0.roles
    }

    /// The account's API keys, the newest first; for its owner and for callers who may read every account.
    #[graphql(directive = auth::apply(Permission::ReadUsers, true))]
    async fn api_keys(&self, ctx: &Context<'_>) -> Result<Option<Vec<ApiKey>>> {
        name_owner(ctx, &self.0.id);
        let keys = app(ctx).accounts().api_keys(&self.0.id).await.map_err(Failure::from)?;
        Ok(Some(keys.into_iter().map(ApiKey::from).collect()))
    }

    /// Whether the account can be used. A disabled account's tokens are refused at once.
    async fn enabled(&self) -> bool {
        self.0.enabled
    }

    /// When the account was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When the account was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// Who the caller is, as this request is judged.
pub(crate) struct Viewer(pub Arc<identity::Session>);

/// Who the caller is, as this request is judged.
#[Object]
impl Viewer {
    /// The caller's account.
    async fn user(&self) -> User {
        User(Arc::clone(&self.0.user))
    }

    /// What the caller may do: all roles together.
    async fn permissions(&self) -> Vec<Permission> {
        self.0.actor.permissions().iter().map(Into::into).collect()
    }

    /// When the session ends unless it is refreshed.
    async fn session_expires_at(&self) -> DateTime<Utc> {
        self.0.session_expires_at
    }

    /// Where the caller is signed in, the session seen last first; at most 200.
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

    /// What the caller may spend this hour.
    async fn quota(&self, ctx: &Context<'_>) -> Result<Quota> {
        let who = Principal::of(&self.0.actor, None);
        Ok(app(ctx).quotas().usage(&who).await.map_err(Failure::from)?.into())
    }
}

/// Which accounts to list; every part that is given must hold.
#[derive(Debug, Default, InputObject)]
pub(crate) struct UserFilter {
    /// Part of the username or of the e-mail address, in any case; at most 254 characters.
    #[graphql(directive = sensitive::apply())]
    pub search: Option<String>,
    /// Only enabled or only disabled accounts.
    pub enabled: Option<bool>,
    /// Only accounts with this role.
    pub role: Option<String>,
}

/// A page of accounts, as the Relay cursor specification has it.
pub(crate) struct UserConnection {
    pub(crate) page: identity::Page,
    pub(crate) filter: identity::UserFilter,
    pub(crate) has_previous: bool,
}

/// An account and its place in the list.
#[derive(Debug, SimpleObject)]
pub(crate) struct UserEdge {
    /// Continues the list after this account.
    pub(crate) cursor: String,
    /// The account.
    pub(crate) node: User,
}

/// A page of accounts, as the Relay cursor specification has it.
#[Object]
impl UserConnection {
    /// The accounts with their cursors.
    async fn edges(&self) -> Vec<UserEdge> {
        let users = self.page.users.iter();
        users
            .map(|(cursor, user)| UserEdge {
                cursor: cursor.clone(),
                node: User(Arc::clone(user)),
            })
            .collect()
    }

    /// The accounts.
    async fn nodes(&self) -> Vec<User> {
        self.page.users.iter().map(|(_, user)| User(Arc::clone(user))).collect()
    }

    /// Whether there is more, and how to get it.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_previous_page: self.has_previous,
            has_next_page: self.page.has_next,
            start_cursor: self.page.users.first().map(|(cursor, _)| cursor.clone()),
            end_cursor: self.page.users.last().map(|(cursor, _)| cursor.clone()),
        }
    }

    /// How many accounts the filter lets through, over all pages.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i32> {
        let count = app(ctx).accounts().count(&self.filter).await.map_err(Failure::from)?;
        Ok(i32::try_from(count).unwrap_or(i32::MAX))
    }
}

/// A new account.
#[derive(InputObject)]
pub(crate) struct RegisterInput {
    /// 2 to 64 characters; unique whatever its case.
    pub username: String,
    /// An e-mail address of at most 254 characters; unique whatever its case.
    #[graphql(directive = sensitive::apply())]
    pub email: String,
    /// 12 to 128 characters; common passwords are refused.
    #[graphql(secret, directive = sensitive::apply())]
    pub password: String,
}

/// Whether an account can be used.
#[derive(Debug, InputObject)]
pub(crate) struct ToggleUserInput {
    /// The account.
    pub id: ID,
    /// `false` ends every session of the account and refuses its tokens from the moment this is answered.
    pub enabled: bool,
}

/// What an account is.
#[derive(Debug, InputObject)]
pub(crate) struct SetUserRolesInput {
    /// The account.
    pub id: ID,
    /// All roles the account shall have; at most 16.
    pub roles: Vec<String>,
}

/// Which account goes.
#[derive(Debug, InputObject)]
pub(crate) struct RemoveUserInput {
    /// The account.
    pub id: ID,
}

/// What `register` did.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct RegisterPayload {
    /// The new account; null when `errors` says why there is none.
    pub user: Option<User>,
    /// What the caller can mend.
    pub errors: Vec<UserError>,
}

/// What `toggleUser` did.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct ToggleUserPayload {
    /// The account as it is now.
    pub user: Option<User>,
    /// How many sessions were ended.
    pub ended_sessions: i32,
    /// What the caller can mend.
    pub errors: Vec<UserError>,
}

/// What `setUserRoles` did.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct SetUserRolesPayload {
    /// The account as it is now.
    pub user: Option<User>,
    /// What the caller can mend.
    pub errors: Vec<UserError>,
}

/// What `removeUser` did.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct RemoveUserPayload {
    /// The id of the account that is gone.
    pub removed_user_id: Option<ID>,
    /// What the caller can mend.
    pub errors: Vec<UserError>,
}

impl From<UserFilter> for identity::UserFilter {
    fn from(filter: UserFilter) -> Self {
        Self {
            text: filter.search,
            enabled: filter.enabled,
            role: filter.role,
        }
    }
}
