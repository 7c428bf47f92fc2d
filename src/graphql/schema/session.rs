//! Sessions and quotas of the caller as the schema shows them, and the payloads of what ends sessions.

use async_graphql::{ID, SimpleObject};
use chrono::{DateTime, Utc};

use crate::graphql::error::UserError;
use crate::graphql::schema::directive::sensitive;
use crate::{identity, quota};

/// A place where the caller is signed in.
#[derive(Debug, SimpleObject)]
pub(crate) struct Session {
    /// The id that `endSession` takes.
    pub id: ID,
    /// When somebody signed in.
    pub created_at: DateTime<Utc>,
    /// When it was last refreshed, which is at most an access token's lifetime before it was last used.
    pub last_seen_at: DateTime<Utc>,
    /// When it ends unless it is refreshed.
    pub expires_at: DateTime<Utc>,
    /// The program that signed in, in its own words.
    #[graphql(directive = sensitive::apply())]
    pub user_agent: Option<String>,
    /// The address it signed in from.
    #[graphql(directive = sensitive::apply())]
    pub address: Option<String>,
    /// Whether this request came by it.
    pub current: bool,
}

impl Session {
    pub(crate) fn new(open: identity::OpenSession, current: &str) -> Self {
        Self {
            current: open.id == current,
            id: ID(open.id),
            created_at: open.created_at,
            last_seen_at: open.last_seen_at,
            expires_at: open.expires_at,
            user_agent: open.user_agent,
            address: open.address,
        }
    }
}

/// What the caller may spend this hour, in the cost units of `@cost`.
#[derive(Debug, SimpleObject)]
pub(crate) struct Quota {
    /// Units an hour; null when there is no limit.
    pub limit: Option<i32>,
    /// Units spent in this hour.
    pub used: i32,
    /// When the next hour begins.
    pub resets_at: DateTime<Utc>,
}

impl From<quota::Usage> for Quota {
    fn from(usage: quota::Usage) -> Self {
        let int = |units| i32::try_from(units).unwrap_or(i32::MAX);
        Self {
            limit: usage.limit.map(int),
            used: int(usage.used),
            resets_at: usage.resets_at,
        }
    }
}

/// What `endSession` did.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct EndSessionPayload {
    /// The session that is over.
    pub ended_session_id: Option<ID>,
    /// What the caller can mend.
    pub errors: Vec<UserError>,
}

/// What `changePassword` did.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct ChangePasswordPayload {
    /// How many other sessions were ended.
    pub ended_sessions: i32,
    /// What the caller can mend.
    pub errors: Vec<UserError>,
}

/// What `eraseMe` did.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct EraseMePayload {
    /// The id of the account that is gone.
    pub erased_user_id: Option<ID>,
    /// What the caller can mend.
    pub errors: Vec<UserError>,
}
