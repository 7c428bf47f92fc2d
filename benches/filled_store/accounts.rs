//! Accounts that are created by the service, with the cheapest parameters of Argon2 and without a sync of each commit.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use portcullis::access::{ADMIN, Actor, Permissions, USER};
use portcullis::app;
use portcullis::clock::SystemClock;
use portcullis::identity::{Accounts, Cost, KeySource, NewUser, Settings};
use portcullis::store::Store;

/// The password of all accounts.
pub(crate) const PASSWORD: &str = "correct horse battery";
const FIRST_NAMES: [&str; 8] = ["ada", "bela", "carlos", "dunja", "emre", "fatima", "goran", "hanna"];

/// The name of an account. The numbers are permuted, so that the orders by name and by time differ.
pub(crate) fn name(n: usize) -> String {
    let mixed = (n * 7919) % 1_000_003;
    format!("{}-{mixed:07}", FIRST_NAMES[mixed % FIRST_NAMES.len()])
}

/// Creates the accounts; every tenth is disabled.
pub(crate) async fn fill(folder: &Path, accounts: usize) {
    let since = Instant::now();
    let url = format!("surrealkv://{}?sync=never", folder.join("db").display());
    let store = Arc::new(Store::open(&url).await.unwrap());
    let settings = Settings {
        key: KeySource::Ephemeral,
        password_cost: Cost {
            memory: 64,
            passes: 1,
            lanes: 1,
        },
        ..Settings::default()
    };
    let service = Accounts::new(Arc::clone(&store), Arc::new(SystemClock), settings).unwrap();
    let by = Actor::user("operator", [ADMIN.to_owned()], Permissions::ALL);
    let roles = [USER.to_owned()];
    for n in 0..accounts {
        let username = name(n);
        let new = NewUser {
            email: format!("{username}@example.org").into(),
            username,
            password: PASSWORD.into(),
        };
        let user = service.create(new, &roles).await.unwrap();
        if n.is_multiple_of(10) {
            service.set_enabled(&by, &user.id, false).await.unwrap();
        }
        if (n + 1).is_multiple_of(10_000) {
            println!("{} accounts after {:.0} s", n + 1, since.elapsed().as_secs_f64());
        }
    }
    app::close(store, service).await;
}
