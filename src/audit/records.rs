//! Audit events in the database: their stored form and every statement about them.

use chrono::{DateTime, TimeDelta, Utc};
use surrealdb::types::{RecordId, SurrealValue, Variables};

use super::{Action, Event, Stamped, moment};
use crate::store::{Column, Error, FieldCipher, Store, record_key};

/// Adds the event of [`Stamped::bind`], inside the transaction of the change that it describes.
pub(crate) const APPEND: &str = "CREATE $audit_id CONTENT $audit_event RETURN NONE;";

/// Selects the newest event of these kinds about a subject. The index keeps the scan to the events about it.
const NEWEST_ABOUT: &str = "SELECT * FROM audit WITH INDEX audit_subject
    WHERE subject = $subject AND action IN $actions AND refusal IS NONE ORDER BY id DESC LIMIT 1";

/// A filter of events.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Only events that this account caused or that concern it.
    pub account: Option<String>,
    /// Only events of this kind.
    pub action: Option<Action>,
    /// Only refused events, or only events that were not refused.
    pub refused: Option<bool>,
    /// Only events at or after this time.
    pub since: Option<DateTime<Utc>>,
    /// Only events before this time.
    pub until: Option<DateTime<Utc>>,
}

#[derive(SurrealValue)]
struct EventRecord {
    id: RecordId,
    at: DateTime<Utc>,
    action: String,
    refusal: Option<String>,
    actor: Option<String>,
    subject: Option<String>,
    session: Option<String>,
    address: Option<String>,
    field: Option<String>,
    model: Option<String>,
    weights_digest: Option<String>,
    cost: Option<i64>,
    millis: Option<i64>,
}

impl From<&Event> for EventRecord {
    fn from(event: &Event) -> Self {
        Self {
            id: event_id(&event.id),
            at: event.at,
            action: event.action.name().to_owned(),
            refusal: event.refusal.clone(),
            actor: event.actor.clone(),
            subject: event.subject.clone(),
            session: event.session.clone(),
            address: event.address.clone(),
            field: event.field.clone(),
            model: event.model.clone(),
            weights_digest: event.weights_digest.clone(),
            cost: event.cost.map(i64::from),
            millis: event.millis.map(i64::from),
        }
    }
}

impl EventRecord {
    /// Returns `None` for a kind of event that only a newer release knows.
    fn open(self, cipher: &FieldCipher) -> Result<Option<Event>, Error> {
        let number = |value: Option<i64>| value.and_then(|value| u32::try_from(value).ok());
        let Ok(action) = self.action.parse::<Action>() else {
            return Ok(None);
        };
        let id = record_key(self.id);
        let address = cipher.open_option(Column::AuditAddress, &id, self.address)?;
        Ok(Some(Event {
            id,
            at: self.at,
            action,
            refusal: self.refusal,
            actor: self.actor,
            subject: self.subject,
            session: self.session,
            address,
            field: self.field,
            model: self.model,
            weights_digest: self.weights_digest,
            cost: number(self.cost),
            millis: number(self.millis),
        }))
    }
}

/// Decrypts the events, without those that only a newer release knows.
fn open_all(store: &Store, records: Vec<EventRecord>) -> Result<Vec<Event>, Error> {
    let opened = records.into_iter().map(|record| record.open(store.cipher()));
    opened.filter_map(Result::transpose).collect()
}

impl Stamped {
    /// Encrypts the address of an event that has its id. Without randomness, the event is kept without the address.
    pub(super) fn seal(mut event: Event, cipher: &FieldCipher) -> Self {
        let address = event.address.as_deref();
        event.address = cipher
            .seal_option(Column::AuditAddress, &event.id, address)
            .unwrap_or_default();
        Self(event)
    }

    /// The time of the event.
    pub(crate) fn at(&self) -> DateTime<Utc> {
        self.0.at
    }

    /// Binds the parameters of [`APPEND`].
    pub(crate) fn bind(&self, bindings: &mut Variables) {
        bindings.insert("audit_id", event_id(&self.0.id));
        bindings.insert("audit_event", EventRecord::from(&self.0));
    }
}

/// Writes events. Events that already exist are left unchanged.
pub(super) async fn insert(store: &Store, events: &[Stamped]) -> Result<(), Error> {
    let rows: Vec<EventRecord> = events.iter().map(|stamped| EventRecord::from(&stamped.0)).collect();
    let mut bindings = Variables::new();
    bindings.insert("rows", rows);
    store
        .run("INSERT IGNORE INTO audit $rows RETURN NONE", bindings)
        .await
        .map(drop)
}

pub(super) async fn list(
    store: &Store,
    after: Option<&str>,
    limit: usize,
    filter: &AuditFilter,
) -> Result<Vec<Event>, Error> {
    let mut events = Vec::new();
    let mut after = after.map(str::to_owned);
    // An event that cannot be read is replaced by the next, so that only the last page can be short.
    while events.len() < limit {
        let wanted = limit - events.len();
        let records = list_records(store, after.as_deref(), wanted, filter).await?;
        let is_last = records.len() < wanted;
        after = records.last().map(|record| record_key(record.id.clone()));
        events.extend(open_all(store, records)?);
        if is_last {
            break;
        }
    }
    Ok(events)
}

async fn list_records(
    store: &Store,
    after: Option<&str>,
    limit: usize,
    filter: &AuditFilter,
) -> Result<Vec<EventRecord>, Error> {
    let until = filter.until.map(moment);
    // Ids are hexadecimal digits, so `g` sorts after all of them.
    let below = after
        .map(str::to_owned)
        .into_iter()
        .chain(until)
        .min()
        .unwrap_or_else(|| "g".to_owned());
    let mut parts = vec!["id >= $from AND id < $below"];
    let mut bindings = Variables::new();
    bindings.insert("from", event_id(&filter.since.map(moment).unwrap_or_default()));
    bindings.insert("below", event_id(&below));
    bindings.insert("limit", i64::try_from(limit).unwrap_or(i64::MAX));
    if let Some(account) = &filter.account {
        parts.push("(actor = $account OR subject = $account)");
        bindings.insert("account", account.clone());
    }
    if let Some(action) = filter.action {
        parts.push("action = $action");
        bindings.insert("action", action.name().to_owned());
    }
    match filter.refused {
        Some(true) => parts.push("refusal IS NOT NONE"),
        Some(false) => parts.push("refusal IS NONE"),
        None => {}
    }
    let condition = parts.join(" AND ");
    let statement = format!("SELECT * FROM audit WHERE {condition} ORDER BY id DESC LIMIT $limit");
    store.run(&statement, bindings).await?.take()
}

/// Returns the newest event of one of these kinds about an account or role that was not refused.
pub(super) async fn newest_about(store: &Store, subject: &str, actions: &[Action]) -> Result<Option<Event>, Error> {
    let mut bindings = Variables::new();
    bindings.insert("subject", subject.to_owned());
    let actions: Vec<String> = actions.iter().map(|action| action.name().to_owned()).collect();
    bindings.insert("actions", actions);
    let records: Vec<EventRecord> = store.run(NEWEST_ABOUT, bindings).await?.take()?;
    Ok(open_all(store, records)?.into_iter().next())
}

/// Returns the removal of a role at this time. The removal sets the time of the last change of every account that had the
/// role.
pub(super) async fn role_removal_at(store: &Store, at: DateTime<Utc>) -> Result<Option<Event>, Error> {
    let mut bindings = Variables::new();
    bindings.insert("from", event_id(&moment(at)));
    bindings.insert("below", event_id(&moment(at + TimeDelta::microseconds(1))));
    bindings.insert("at", at);
    bindings.insert("action", Action::RoleRemoved.name().to_owned());
    let statement = "SELECT * FROM audit WHERE id >= $from AND id < $below AND at = $at AND action = $action";
    let records: Vec<EventRecord> = store.run(statement, bindings).await?.take()?;
    Ok(open_all(store, records)?.into_iter().next())
}

/// Removes the events before this time in batches, and returns their number.
pub(super) async fn forget(store: &Store, before: &str, batch: usize) -> Result<u64, Error> {
    let statement = "{
        LET $old = (SELECT VALUE id FROM audit WHERE id < $before LIMIT $batch);
        DELETE $old RETURN NONE;
        RETURN array::len($old);
    }";
    let mut bindings = Variables::new();
    bindings.insert("before", event_id(before));
    in_batches(store, statement, bindings, batch).await
}

/// Replaces the name of an account and clears its address.
pub(super) async fn pseudonymise(store: &Store, account: &str, pseudonym: &str, batch: usize) -> Result<(), Error> {
    let did = "{
        LET $own = (SELECT VALUE id FROM audit WHERE actor = $account LIMIT $batch);
        UPDATE $own SET actor = $pseudonym, address = NONE RETURN NONE;
        RETURN array::len($own);
    }";
    // A failed login also stores an address, which may be the owner's.
    let suffered = "{
        LET $own = (SELECT VALUE id FROM audit WHERE subject = $account LIMIT $batch);
        UPDATE $own SET subject = $pseudonym, address = NONE RETURN NONE;
        RETURN array::len($own);
    }";
    for statement in [did, suffered] {
        let mut bindings = Variables::new();
        bindings.insert("account", account.to_owned());
        bindings.insert("pseudonym", pseudonym.to_owned());
        in_batches(store, statement, bindings, batch).await?;
    }
    Ok(())
}

async fn in_batches(store: &Store, statement: &str, mut bindings: Variables, batch: usize) -> Result<u64, Error> {
    let batch = i64::try_from(batch).unwrap_or(i64::MAX);
    bindings.insert("batch", batch);
    let mut total = 0;
    loop {
        let done: i64 = store.run(statement, bindings.clone()).await?.take()?;
        total += done.unsigned_abs();
        if done < batch {
            return Ok(total);
        }
    }
}

fn event_id(id: &str) -> RecordId {
    RecordId::new("audit", id)
}

#[cfg(test)]
mod tests {
    //! Query plans only; the events are tested in `audit::tests`.

    use surrealdb::types::{ToSql as _, Value};

    use super::*;

    #[tokio::test]
    async fn the_newest_event_about_a_subject_is_found_by_an_index() {
        let store = Store::open("mem://").await.unwrap();
        let mut bindings = Variables::new();
        bindings.insert("subject", "ann".to_owned());
        bindings.insert("actions", vec!["LOGIN".to_owned()]);
        let plan = store.run(&format!("EXPLAIN {NEWEST_ABOUT}"), bindings).await.unwrap();
        let plan = plan.take::<Value>().unwrap().to_sql();
        assert!(plan.contains("audit_subject") && !plan.contains("TableScan"), "{plan}");
    }
}
