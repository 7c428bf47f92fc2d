//! The audit trail as the schema shows it.

use async_graphql::connection::PageInfo;
use async_graphql::{Enum, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};

use crate::audit;
use crate::graphql::schema::directive::sensitive;

/// What can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "audit::Action")]
pub(crate) enum AuditAction {
    /// Somebody showed a name and a password.
    Login,
    /// A session's owner ended it.
    Logout,
    /// An owner ended another of the own sessions.
    SessionEnded,
    /// A used refresh token came back, and its session was ended.
    TokenReused,
    /// Somebody registered.
    Registered,
    /// An operator made an account.
    UserCreated,
    /// An account was switched on.
    UserEnabled,
    /// An account was switched off.
    UserDisabled,
    /// An account was given other roles.
    UserRolesSet,
    /// An account was removed.
    UserRemoved,
    /// An owner chose another password.
    PasswordChanged,
    /// An owner took a copy of everything held about them.
    DataExported,
    /// An owner had the account erased.
    UserErased,
    /// A role was made or changed.
    RolePut,
    /// A role was removed.
    RoleRemoved,
    /// An API key was made.
    KeyCreated,
    /// An API key was removed.
    KeyRemoved,
    /// Jobs were added to the catalogue, or replaced there.
    JobsAdded,
    /// A job was removed from the catalogue.
    JobRemoved,
    /// A field was asked for and refused.
    Access,
    /// A model was run.
    Inference,
}

/// Something that happened. It never holds what was asked: no text, no password, no token.
#[derive(Debug, SimpleObject)]
pub(crate) struct AuditEvent {
    /// Sorts by time.
    pub id: ID,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub action: AuditAction,
    /// The code that the caller got when it was refused; null when it was done.
    pub refusal: Option<String>,
    /// The id of the account that did it; null for a guest and for the operator on the host.
    pub actor: Option<ID>,
    /// The account, session, role, key or job that it was done to; of several jobs added at once how many they are.
    pub subject: Option<ID>,
    /// The session in which it was done; of an API key `key:` and the key's id.
    pub session: Option<ID>,
    /// The address it came from.
    #[graphql(directive = sensitive::apply())]
    pub address: Option<String>,
    /// The field of the schema, as `Type.field`.
    pub field: Option<String>,
    /// The model that was run, as `name@version`.
    pub model: Option<String>,
    /// What it cost, in the units of `@cost`.
    pub cost: Option<i32>,
    /// How many milliseconds it took.
    pub milliseconds: Option<i32>,
}

impl From<&audit::Event> for AuditEvent {
    fn from(event: &audit::Event) -> Self {
        let int = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
        Self {
            id: ID::from(&*event.id),
            at: event.at,
            action: event.action.into(),
            refusal: event.refusal.clone(),
            actor: event.actor.as_deref().map(ID::from),
            subject: event.subject.as_deref().map(ID::from),
            session: event.session.as_deref().map(ID::from),
            address: event.address.clone(),
            field: event.field.clone(),
            model: event.model.clone(),
            cost: event.cost.map(int),
            milliseconds: event.millis.map(int),
        }
    }
}

/// Which events to list; every part that is given must hold.
#[derive(Debug, Default, InputObject)]
pub(crate) struct AuditEventFilter {
    /// Only what this account did or what was done to it.
    pub account: Option<ID>,
    /// Only this.
    pub action: Option<AuditAction>,
    /// Only what was refused, or only what was not.
    pub refused: Option<bool>,
    /// Only from this moment on.
    pub since: Option<DateTime<Utc>>,
    /// Only before this moment.
    pub until: Option<DateTime<Utc>>,
}

impl From<AuditEventFilter> for audit::AuditFilter {
    fn from(filter: AuditEventFilter) -> Self {
        Self {
            account: filter.account.map(|id| id.0),
            action: filter.action.map(Into::into),
            refused: filter.refused,
            since: filter.since,
            until: filter.until,
        }
    }
}

/// An event and its place in the list.
#[derive(Debug, SimpleObject)]
pub(crate) struct AuditEventEdge {
    /// Continues the list after this event.
    pub cursor: String,
    /// The event.
    pub node: AuditEvent,
}

/// A page of events, the newest first, as the Relay cursor specification has it.
pub(crate) struct AuditEventConnection {
    pub(crate) page: audit::AuditPage,
    pub(crate) has_previous: bool,
}

/// A page of events, the newest first, as the Relay cursor specification has it.
#[Object]
impl AuditEventConnection {
    /// The events with their cursors.
    async fn edges(&self) -> Vec<AuditEventEdge> {
        let events = self.page.events.iter();
        events
            .map(|(cursor, event)| AuditEventEdge {
                cursor: cursor.clone(),
                node: event.into(),
            })
            .collect()
    }

    /// The events.
    async fn nodes(&self) -> Vec<AuditEvent> {
        self.page.events.iter().map(|(_, event)| event.into()).collect()
    }

    /// Whether there is more, and how to get it.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_previous_page: self.has_previous,
            has_next_page: self.page.has_next,
            start_cursor: self.page.events.first().map(|(cursor, _)| cursor.clone()),
            end_cursor: self.page.events.last().map(|(cursor, _)| cursor.clone()),
        }
    }
}
