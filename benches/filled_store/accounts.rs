//! Accounts that are created by the service.

use std::sync::Arc;
use std::time::Instant;

use portcullis::access::{ADMIN, Actor, Permissions, USER};
use portcullis::identity::{Accounts, NewUser};

use crate::service::PASSWORD;

/// Accounts that are created concurrently.
const AT_ONCE: usize = 4;
const FIRST_NAMES: [&str; 8] = ["ada", "bela", "carlos", "dunja", "emre", "fatima", "goran", "hanna"];
/// The name of an account. The numbers are permuted, so that the orders by name and by time differ.
pub(crate) fn name(n: usize) -> String {
    let mixed = (n * 7919) % 1_000_003;
    format!("{}-{mixed:07}", FIRST_NAMES[mixed % FIRST_NAMES.len()])
}

/// Creates so many accounts; every tenth is disabled.
pub(crate) async fn fill(service: &Arc<Accounts>, accounts: usize) {
    let since = Instant::now();
    let tasks = (0..AT_ONCE).map(|task| {
        let service = Arc::clone(service);
        tokio::spawn(async move {
            let by = Actor::user("operator", [ADMIN.to_owned()], Permissions::ALL);
            for n in (task..accounts).step_by(AT_ONCE) {
                let username = name(n);
                let new = NewUser {
                    email: format!("{username}@example.org").into(),
                    username,
                    password: PASSWORD.into(),
                };
                let user = service.create(new, &[USER.to_owned()]).await.unwrap();
                if n.is_multiple_of(10) {
                    service.set_enabled(&by, &user.id, false).await.unwrap();
                }
                if (n + 1).is_multiple_of(10_000) {
                    println!("{} accounts after {:.0} s", n + 1, since.elapsed().as_secs_f64());
                }
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
}
