//! Known networks: those from which an account has signed in. A new session records its own.

use chrono::{DateTime, Utc};
use surrealdb::types::{RecordId, SurrealValue, Variables};

use super::hashed_ids::known_network_ids;
use super::user_id;
use crate::identity::error::Error;
use crate::store::{self, Column, Store, record_key};

/// Returns whether the account has recently signed in from this network.
pub(in crate::identity) async fn is_known_network(store: &Store, user: &str, network: &str) -> Result<bool, Error> {
    let mut bindings = Variables::new();
    bindings.insert("networks", known_network_ids(store, user, network));
    let found: Vec<RecordId> = store.run("SELECT VALUE id FROM $networks", bindings).await?.take()?;
    Ok(!found.is_empty())
}

#[derive(SurrealValue)]
struct KnownNetworkRecord {
    id: RecordId,
    network: String,
    last_at: DateTime<Utc>,
}

/// Returns the networks from which the account has recently signed in, each with the recorded time.
pub(in crate::identity) async fn list_known_networks(
    store: &Store,
    user: &str,
) -> Result<Vec<(String, DateTime<Utc>)>, Error> {
    let mut bindings = Variables::new();
    bindings.insert("user", user_id(user));
    let statement = "SELECT id, network, last_at FROM haunt WHERE user = $user";
    let records: Vec<KnownNetworkRecord> = store.run(statement, bindings).await?.take()?;
    let open = |record: KnownNetworkRecord| -> Result<_, store::Error> {
        let key = record_key(record.id);
        let network = store.cipher().open(Column::KnownNetwork, &key, record.network)?;
        Ok((network, record.last_at))
    };
    // Encrypted networks have no order in the database.
    let mut networks: Vec<_> = records.into_iter().map(open).collect::<Result<_, _>>()?;
    networks.sort();
    Ok(networks)
}
