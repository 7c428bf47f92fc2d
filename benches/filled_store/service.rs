//! The service of accounts over a store that is filled, with the cheapest parameters of Argon2.

use std::sync::Arc;

use portcullis::app;
use portcullis::clock::SystemClock;
use portcullis::identity::{Accounts, Cost, KeySource, Settings};
use portcullis::store::{MemorySettings, Store};

/// The password of all accounts.
pub(crate) const PASSWORD: &str = "correct horse battery";
/// Larger than those of a server, so that filling does not read tables again and again.
const MEMORY: MemorySettings = MemorySettings {
    memtable_mib: 128,
    block_cache_mib: 2048,
};

/// Opens the database at a URL and runs `work` with the service of accounts.
pub(crate) async fn with_accounts(url: &str, work: impl AsyncFnOnce(&Arc<Accounts>)) {
    let store = Arc::new(Store::open_with(url, MEMORY).await.unwrap());
    let settings = Settings {
        key: KeySource::Ephemeral,
        password_cost: Cost {
            memory: 64,
            passes: 1,
            lanes: 1,
        },
        ..Settings::default()
    };
    let service = Arc::new(Accounts::new(Arc::clone(&store), Arc::new(SystemClock), settings).unwrap());
    work(&service).await;
    app::close(store, Arc::into_inner(service).unwrap()).await;
}
