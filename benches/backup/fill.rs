//! Fills a store by the services.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use portcullis::access::USER;
use portcullis::app;
use portcullis::audit::{Action, Event};
use portcullis::clock::SystemClock;
use portcullis::identity::{Accounts, Cost, KeySource, NewUser, Settings};
use portcullis::store::Store;

use crate::server::PASSWORD;

/// Accounts that are created concurrently.
const AT_ONCE: usize = 32;
/// Fewer events than may wait to be written.
const BATCH: usize = 10_000;

pub(crate) async fn fill(data: PathBuf, accounts: usize, events: usize) {
    let since = Instant::now();
    let url = format!("surrealkv://{}?sync=never", data.join("db").display());
    let store = Arc::new(Store::open(&url).await.unwrap());
    let settings = Settings {
        key: KeySource::Folder(data),
        password_cost: Cost {
            memory: 64,
            passes: 1,
            lanes: 1,
        },
        ..Settings::default()
    };
    let service = Arc::new(Accounts::new(Arc::clone(&store), Arc::new(SystemClock), settings).unwrap());
    let told = |what: &str, n: usize, of: usize| {
        if n.is_multiple_of(of.div_ceil(10)) || n == of {
            println!("{n} {what} after {:.0} s", since.elapsed().as_secs_f64());
        }
    };
    let mut n = 0;
    while n < accounts {
        let until = accounts.min(n + AT_ONCE);
        let created: Vec<_> = (n..until)
            .map(|n| {
                let service = Arc::clone(&service);
                tokio::spawn(async move {
                    let username = format!("account-{n:07}");
                    let new = NewUser {
                        email: format!("{username}@example.org").into(),
                        username,
                        password: PASSWORD.into(),
                    };
                    service.create(new, &[USER.to_owned()]).await.unwrap();
                })
            })
            .collect();
        for created in created {
            created.await.unwrap();
        }
        for n in n + 1..=until {
            told("accounts", n, accounts);
        }
        n = until;
    }
    n = 0;
    while n < events {
        let until = events.min(n + BATCH);
        for n in n..until {
            let account = format!("account-{:07}", (n * 7919) % accounts.max(1));
            let session = format!("01997c1e-5a8f-7d10-a7b1-{n:012x}");
            service.audit().note(
                Event::new(Action::Inference)
                    .by(Some(&account))
                    .within(&session)
                    .from(Some([192, 0, 2, 7].into()))
                    .field("Query.predict")
                    .model("occupation@1")
                    .cost(10)
                    .millis(3),
            );
        }
        service.audit().flush().await.unwrap();
        for n in n + 1..=until {
            told("events", n, events);
        }
        n = until;
    }
    app::close(store, Arc::into_inner(service).unwrap()).await;
}
