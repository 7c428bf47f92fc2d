//! Registrations, several at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use portcullis::access::USER;
use portcullis::identity::{Error, UserFilter};
use portcullis_test_support::power_cut::Notes;

use crate::services::{Fault, Progress, Services, begin, done, new_user};

const AT_ONCE: usize = 6;
/// Of each task, in each part.
const STEPS: usize = 20;

fn username(task: usize, step: usize) -> String {
    format!("person-{task}-{step}")
}

pub(crate) async fn run(services: &Services, notes: Notes, part: usize) {
    let notes = Arc::new(notes);
    let tasks: Vec<_> = (0..AT_ONCE)
        .map(|task| {
            let (accounts, notes) = (Arc::clone(&services.accounts), Arc::clone(&notes));
            tokio::spawn(async move {
                for step in part * STEPS..(part + 1) * STEPS {
                    notes.add(&begin(task, step));
                    let new = new_user(&username(task, step));
                    accounts.create(new, &[USER.to_owned()]).await.unwrap();
                    notes.add(&done(task, step, ""));
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

pub(crate) async fn check(services: &Services, progress: &BTreeMap<usize, Progress>) -> Result<(), Fault> {
    let accounts = &services.accounts;
    let unreadable = |error: Error| Fault::Lost(error.to_string());
    let mut found = 0;
    for (task, Progress { begun, done, .. }) in progress {
        for step in 0..*begun {
            let name = username(*task, step);
            match accounts.find(&name).await.map_err(unreadable)? {
                None if step < *done => return Err(Fault::Lost(name)),
                None => {}
                Some(user) => {
                    found += 1;
                    if user.email != format!("{name}@example.org") || *user.roles != [USER] || !user.enabled {
                        return Err(Fault::Impossible(format!("{user:?}")));
                    }
                    // The index of e-mail addresses belongs to the account.
                    let mut other = new_user("another-person");
                    other.email = user.email.clone().into();
                    if step + 1 == *begun && accounts.create(other, &[USER.to_owned()]).await.is_ok() {
                        return Err(Fault::Impossible(format!("{name}: the address was registered twice")));
                    }
                }
            }
        }
    }
    let count = accounts.count(&UserFilter::default()).await.map_err(unreadable)?;
    if count != found {
        return Err(Fault::Impossible(format!("{count} accounts, {found} registered")));
    }
    Ok(())
}
