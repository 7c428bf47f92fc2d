//! Spending in a database shared by several processes.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use surrealdb::types::{RecordId, Variables};

use crate::store::{Error, Store};

const TOO_MUCH: &str = "too much";

/// Adds to the spending of the current hour, if it stays within the limit. Returns the new total, or `None` above the
/// limit.
pub(super) async fn spend(
    store: &Store,
    principal: &str,
    ends_at: DateTime<Utc>,
    cost: u64,
    limit: u64,
) -> Result<Option<u64>, Error> {
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let mut bindings = Variables::new();
    bindings.insert("row", row(store, principal, ends_at));
    bindings.insert("ends_at", ends_at);
    bindings.insert("cost", number(cost));
    bindings.insert("limit", number(limit));
    bindings.insert("too_much", TOO_MUCH.to_owned());
    let statement = "{
        LET $used = ((SELECT VALUE used FROM ONLY $row) ?? 0) + $cost;
        IF $used > $limit { THROW $too_much };
        UPSERT $row CONTENT { used: $used, ends_at: $ends_at } RETURN NONE;
        RETURN $used;
    }";
    match store.run(statement, bindings).await {
        Ok(answer) => Ok(Some(answer.take::<i64>()?.unsigned_abs())),
        Err(Error::Refused(word)) if word == TOO_MUCH => Ok(None),
        Err(error) => Err(error),
    }
}

/// Reverts spending.
pub(super) async fn refund(store: &Store, principal: &str, ends_at: DateTime<Utc>, cost: u64) -> Result<(), Error> {
    let mut bindings = Variables::new();
    bindings.insert("row", row(store, principal, ends_at));
    bindings.insert("cost", i64::try_from(cost).unwrap_or(i64::MAX));
    let statement = "UPDATE $row SET used = math::max([0, used - $cost]) RETURN NONE";
    store.run(statement, bindings).await.map(drop)
}

pub(super) async fn used(store: &Store, principal: &str, ends_at: DateTime<Utc>) -> Result<u64, Error> {
    let mut bindings = Variables::new();
    bindings.insert("row", row(store, principal, ends_at));
    let used: Option<i64> = store.run("SELECT VALUE used FROM ONLY $row", bindings).await?.take()?;
    Ok(used.unwrap_or(0).unsigned_abs())
}

/// Removes the spending of past hours.
pub(super) async fn forget(store: &Store, now: DateTime<Utc>) -> Result<(), Error> {
    let mut bindings = Variables::new();
    bindings.insert("now", now);
    store
        .run("DELETE spending WHERE ends_at <= $now RETURN NONE", bindings)
        .await
        .map(drop)
}

/// The id is a keyed hash with a data key, because addresses can be guessed.
fn row(store: &Store, principal: &str, ends_at: DateTime<Utc>) -> RecordId {
    let name = format!("{} {principal}", ends_at.timestamp());
    let key = store.cipher().lookup_key("spending", &name).unwrap_or_else(|| {
        let hash = digest(&SHA256, name.as_bytes());
        URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16])
    });
    RecordId::new("spending", key)
}
