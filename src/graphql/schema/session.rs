//! GraphQL types of the sessions and quotas of the caller, and the payloads of the mutations that end sessions.

use async_graphql::{ID, SimpleObject};

use super::date_time::Timestamp;
use super::payload::impl_payload;
use crate::graphql::error::UserError;
use crate::graphql::schema::directive::sensitive;
use crate::{identity, quota};

/// A session of the caller.
#[derive(Debug, SimpleObject)]
pub(crate) struct Session {
    /// The id, for `endSession`.
    pub id: ID,
    /// The time of the login.
    pub created_at: Timestamp,
    /// The time of the last refresh. The session may have been used since, for at most the lifetime of one access
    /// token.
    pub last_seen_at: Timestamp,
    /// The time at which the session expires unless it is refreshed.
    pub expires_at: Timestamp,
    /// The client's `User-Agent`.
    #[graphql(directive = sensitive::apply())]
    pub user_agent: Option<String>,
    /// The IP address of the login.
    #[graphql(directive = sensitive::apply())]
    pub address: Option<String>,
    /// Whether this is the session of the current request.
    pub current: bool,
}

impl Session {
    pub(crate) fn new(open: identity::OpenSession, current: &str) -> Self {
        Self {
            current: open.id == current,
            id: ID(open.id),
            created_at: open.created_at.into(),
            last_seen_at: open.last_seen_at.into(),
            expires_at: open.expires_at.into(),
            user_agent: open.user_agent,
            address: open.address,
        }
    }
}

/// The caller's quota for the current hour, in units of `@cost`.
#[derive(Debug, SimpleObject)]
pub(crate) struct Quota {
    /// The limit per hour, in cost units; null if there is none.
    pub limit: Option<i32>,
    /// The units spent in the current hour.
    pub used: i32,
    /// The time at which the next hour begins.
    pub resets_at: Timestamp,
    /// The maximum cost of one operation, in cost units.
    pub max_cost: i32,
}

impl From<quota::Usage> for Quota {
    fn from(usage: quota::Usage) -> Self {
        let int = |units| i32::try_from(units).unwrap_or(i32::MAX);
        Self {
            limit: usage.limit.map(int),
            used: int(usage.used),
            resets_at: usage.resets_at.into(),
            max_cost: int(usage.at_once.into()),
        }
    }
}

/// Result of `endSession`.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct EndSessionPayload {
    /// The id of the ended session; null if `errors` is not empty.
    pub ended_session_id: Option<ID>,
    /// Problems the client can correct; empty on success.
    pub errors: Vec<UserError>,
}

impl_payload!(EndSessionPayload);

/// Result of `changePassword`.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct ChangePasswordPayload {
    /// The number of other sessions that were ended.
    pub ended_sessions: i32,
    /// The number of API keys that were removed.
    pub ended_api_keys: i32,
    /// Problems the client can correct; empty on success.
    pub errors: Vec<UserError>,
}

impl_payload!(ChangePasswordPayload);

/// Result of `eraseMe`.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct EraseMePayload {
    /// The id of the removed account; null if `errors` is not empty.
    pub erased_user_id: Option<ID>,
    /// Problems the client can correct; empty on success.
    pub errors: Vec<UserError>,
}

impl_payload!(EraseMePayload);
