//! The audit trail as the schema shows it.

use async_graphql::connection::PageInfo;
use async_graphql::{ID, InputObject, Object, SimpleObject};

use super::connection::{cursor, page_info};
use super::date_time::Timestamp;
use super::enumeration::schema_enum;
use crate::audit::{self, Action};
use crate::graphql::schema::directive::sensitive;

schema_enum! {
    /// The kind of an audit event.
    Action as "AuditAction"
}

/// An entry of the audit trail. It never contains request content such as texts, passwords or tokens.
#[derive(Debug, SimpleObject)]
pub(crate) struct AuditEvent {
    /// The id; ids sort by time.
    pub id: ID,
    /// The time of the event.
    pub at: Timestamp,
    /// The kind of the event.
    pub action: Action,
    /// The error code if the action was refused; null if it succeeded.
    pub refusal: Option<String>,
    /// The id of the account that acted; null for a guest and for the operator on the host.
    pub actor: Option<ID>,
    /// The id of the affected account, session, role, key or job. For several jobs added at once, their number.
    pub subject: Option<ID>,
    /// The id of the session that acted. For an API key, `key:` followed by the id of the key.
    pub session: Option<ID>,
    /// The client's IP address.
    #[graphql(directive = sensitive::apply())]
    pub address: Option<String>,
    /// The schema field, as `Type.field`.
    pub field: Option<String>,
    /// The model that was run, as `name@version`.
    pub model: Option<String>,
    /// The digest of the weights of a match, as `ResumeMatch.weights.digest`; null for other events.
    pub weights_digest: Option<String>,
    /// The cost, in units of `@cost`.
    pub cost: Option<i32>,
    /// The duration in milliseconds.
    pub milliseconds: Option<i32>,
}

impl From<&audit::Event> for AuditEvent {
    fn from(event: &audit::Event) -> Self {
        let int = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
        Self {
            id: ID::from(&*event.id),
            at: event.at.into(),
            action: event.action,
            refusal: event.refusal.clone(),
            actor: event.actor.as_deref().map(ID::from),
            subject: event.subject.as_deref().map(ID::from),
            session: event.session.as_deref().map(ID::from),
            address: event.address.clone(),
            field: event.field.clone(),
            model: event.model.clone(),
            weights_digest: event.weights_digest.clone(),
            cost: event.cost.map(int),
            milliseconds: event.millis.map(int),
        }
    }
}

/// Filter for audit events. All given conditions must match.
#[derive(Debug, Default, InputObject)]
pub(crate) struct AuditEventFilter {
    /// The id of an account that acted or was affected.
    pub account: Option<ID>,
    /// The kind of event.
    pub action: Option<Action>,
    /// Whether the action was refused.
    pub refused: Option<bool>,
    /// The earliest time, inclusive.
    pub since: Option<Timestamp>,
    /// The latest time, exclusive.
    pub until: Option<Timestamp>,
}

impl From<AuditEventFilter> for audit::AuditFilter {
    fn from(filter: AuditEventFilter) -> Self {
        Self {
            account: filter.account.map(|id| id.0),
            action: filter.action,
            refused: filter.refused,
            since: filter.since.map(|time| time.0),
            until: filter.until.map(|time| time.0),
        }
    }
}

/// An audit event and its cursor.
#[derive(Debug, SimpleObject)]
pub(crate) struct AuditEventEdge {
    /// The cursor of this event, for `after`.
    pub cursor: String,
    /// The audit event.
    pub node: AuditEvent,
}

/// A page of audit events, newest first (Relay cursor connections specification).
pub(crate) struct AuditEventConnection {
    pub(crate) page: audit::AuditPage,
    pub(crate) has_previous: bool,
}

/// A page of audit events, newest first (Relay cursor connections specification).
#[Object]
impl AuditEventConnection {
    /// The audit events with their cursors.
    async fn edges(&self) -> Vec<AuditEventEdge> {
        let events = self.page.events.iter();
        events
            .map(|event| AuditEventEdge {
                cursor: cursor(&event.id),
                node: event.into(),
            })
            .collect()
    }

    /// The audit events.
    async fn nodes(&self) -> Vec<AuditEvent> {
        self.page.events.iter().map(AuditEvent::from).collect()
    }

    /// Whether more pages exist, and the cursors to fetch them.
    async fn page_info(&self) -> PageInfo {
        let cursors = self.page.events.iter().map(|event| cursor(&event.id));
        page_info(cursors, self.has_previous, self.page.has_next)
    }
}
