//! GraphQL types of the audit trail.

use std::str::FromStr;

use async_graphql::connection::PageInfo;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::connection::{Cursors, page_info, selects_previous};
use super::date_time::Timestamp;
use super::enumeration::schema_enum;
use crate::audit::{self, Action};
use crate::graphql::context::app;
use crate::graphql::error::Failure;
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

/// The cursors of `Query.auditEvents`: the ids of events.
const CURSORS: Cursors = Cursors::of("Query.auditEvents");

/// The id of an event.
struct EventId(String);

impl FromStr for EventId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let is_id = text.len() == 32 && text.bytes().all(is_digit);
        is_id.then(|| Self(text.to_owned())).ok_or(())
    }
}

/// A page of audit events, newest first (Relay cursor connections specification).
pub(crate) struct AuditEventConnection {
    page: audit::AuditPage,
    filter: audit::AuditFilter,
    after: Option<EventId>,
}

impl AuditEventConnection {
    /// Reads a page.
    pub(crate) async fn read(
        ctx: &Context<'_>,
        first: usize,
        after: Option<&str>,
        filter: audit::AuditFilter,
    ) -> Result<Self, Failure> {
        let after: Option<EventId> = CURSORS.after(after)?;
        let audit = app(ctx).audit();
        // What was noted a moment ago belongs to the answer.
        audit.flush().await?;
        let id = after.as_ref().map(|after| after.0.as_str());
        let page = audit.list(first, id, &filter).await?;
        Ok(Self { page, filter, after })
    }

    /// Whether newer events precede the page.
    async fn has_previous(&self, ctx: &Context<'_>) -> Result<bool, Failure> {
        let Some(EventId(after)) = &self.after else {
            return Ok(false);
        };
        let start = app(ctx).audit().list(1, None, &self.filter).await?;
        Ok(start.events.first().is_some_and(|event| *event.id >= **after))
    }
}

/// A page of audit events, newest first (Relay cursor connections specification).
#[Object]
impl AuditEventConnection {
    /// The audit events with their cursors.
    async fn edges(&self) -> Vec<AuditEventEdge> {
        let events = self.page.events.iter();
        events
            .map(|event| AuditEventEdge {
                cursor: CURSORS.write(&event.id),
                node: event.into(),
            })
            .collect()
    }

    /// The audit events.
    async fn nodes(&self) -> Vec<AuditEvent> {
        self.page.events.iter().map(AuditEvent::from).collect()
    }

    /// Whether more pages exist, and the cursors to fetch them.
    async fn page_info(&self, ctx: &Context<'_>) -> Result<PageInfo> {
        let has_previous = selects_previous(ctx) && self.has_previous(ctx).await?;
        let cursors = self.page.events.iter().map(|event| CURSORS.write(&event.id));
        Ok(page_info(cursors, has_previous, self.page.has_next))
    }
}
