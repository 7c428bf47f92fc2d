//! Records that are found by personal data: the e-mail address of an account, or the network of a login. With a data key,
//! their ids are keyed hashes.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use surrealdb::types::{RecordId, SurrealValue, Value, Variables};

use crate::store::{Column, Error, FieldCipher, Store, record_key, records_after};

/// The number of records whose ids are replaced in one transaction.
const PAGE: usize = 500;

/// The ids under which an e-mail address may be recorded, that of new records first.
pub(super) fn email_ids(store: &Store, email: &str) -> Vec<RecordId> {
    ids(store, "email", email, email.to_owned())
}

/// The ids under which a network of an account may be recorded, that of new records first.
pub(super) fn known_network_ids(store: &Store, user: &str, network: &str) -> Vec<RecordId> {
    // A network contains no space, so the pair is unambiguous.
    let pair = format!("{network} {user}");
    let hash = digest(&SHA256, pair.as_bytes());
    ids(store, "haunt", &pair, URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]))
}

/// `plain` is the id without a data key, and of the records from before it until their ids are replaced.
fn ids(store: &Store, table: &str, name: &str, plain: String) -> Vec<RecordId> {
    let keyed = store.cipher().lookup_key(table, name);
    let keys = keyed.into_iter().chain([plain]);
    keys.map(|key| RecordId::new(table, key)).collect()
}

/// Replaces the ids from before the data key by keyed hashes, and returns their number. Can be interrupted at any time and
/// begun again.
///
/// # Errors
/// Returns the error of the store.
pub async fn hash_record_ids(store: &Store) -> Result<u64, Error> {
    Ok(hash_emails(store).await? + hash_known_networks(store).await?)
}

#[derive(SurrealValue)]
struct EmailRecord {
    id: RecordId,
    user: RecordId,
}

#[derive(SurrealValue)]
struct KnownNetworkRecord {
    id: RecordId,
    user: RecordId,
    network: String,
    last_at: DateTime<Utc>,
}

/// The new id of a record, and its content under that id.
#[derive(SurrealValue)]
struct Move {
    old: RecordId,
    new: RecordId,
    content: Value,
}

#[derive(SurrealValue)]
struct EmailContent {
    user: RecordId,
}

#[derive(SurrealValue)]
struct KnownNetworkContent {
    user: RecordId,
    network: String,
    last_at: DateTime<Utc>,
}

async fn hash_emails(store: &Store) -> Result<u64, Error> {
    let mut moved = 0;
    let mut after = String::new();
    loop {
        let statement = format!("SELECT id, user FROM type::record($page.range) LIMIT {PAGE}");
        let page: Vec<EmailRecord> = store.run(&statement, next_page("email", &after)).await?.take()?;
        let Some(last) = page.last() else {
            return Ok(moved);
        };
        after = record_key(last.id.clone());
        let mut moves = Vec::new();
        for EmailRecord { id, user } in page {
            let email = record_key(id.clone());
            if let Some(new) = replacement(&email, email_ids(store, &email)) {
                let content = EmailContent { user }.into_value();
                moves.push(Move { old: id, new, content });
            }
        }
        moved += replace(store, moves).await?;
    }
}

async fn hash_known_networks(store: &Store) -> Result<u64, Error> {
    let cipher = store.cipher();
    let mut moved = 0;
    let mut after = String::new();
    loop {
        let statement = format!("SELECT id, user, network, last_at FROM type::record($page.range) LIMIT {PAGE}");
        let page: Vec<KnownNetworkRecord> = store.run(&statement, next_page("haunt", &after)).await?.take()?;
        let Some(last) = page.last() else {
            return Ok(moved);
        };
        after = record_key(last.id.clone());
        let mut moves = Vec::new();
        for record in page {
            let key = record_key(record.id.clone());
            let network = cipher.open(Column::KnownNetwork, &key, record.network)?;
            let ids = known_network_ids(store, &record_key(record.user.clone()), &network);
            if let Some(new) = replacement(&key, ids) {
                let network = cipher.seal(Column::KnownNetwork, &record_key(new.clone()), &network)?;
                let content = KnownNetworkContent {
                    user: record.user,
                    network,
                    last_at: record.last_at,
                }
                .into_value();
                let old = record.id;
                moves.push(Move { old, new, content });
            }
        }
        moved += replace(store, moves).await?;
    }
}

fn next_page(table: &str, after: &str) -> Variables {
    let mut bindings = Variables::new();
    bindings.insert("page", records_after(table, after));
    bindings
}

/// The id that replaces one with this key; `None` if it is a keyed hash already, or without a data key.
fn replacement(key: &str, ids: Vec<RecordId>) -> Option<RecordId> {
    let is_old = ids.len() > 1 && !FieldCipher::is_lookup_key(key);
    ids.into_iter().next().filter(|_| is_old)
}

/// Moves records, except those that were removed or moved since.
async fn replace(store: &Store, moves: Vec<Move>) -> Result<u64, Error> {
    if moves.is_empty() {
        return Ok(0);
    }
    let count = moves.len() as u64;
    let mut bindings = Variables::new();
    bindings.insert("moves", moves);
    let statement = "{
        FOR $move IN $moves {
            LET $old = $move.old;
            LET $new = $move.new;
            LET $content = $move.content;
            LET $gone = (DELETE $old RETURN BEFORE);
            LET $present = (SELECT VALUE id FROM ONLY $new);
            IF !array::is_empty($gone) AND $present IS NONE { CREATE $new CONTENT $content RETURN NONE };
        };
    }";
    store.run(statement, bindings).await?;
    Ok(count)
}
