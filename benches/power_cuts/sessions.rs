//! Logins, refreshes, and accounts that are disabled and enabled, with their audit events.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use portcullis::access::{Actor, USER};
use portcullis::audit::{Action, AuditFilter};
use portcullis::identity::{Accounts, Origin};
use portcullis_test_support::PASSWORD;
use portcullis_test_support::power_cut::Notes;
use secrecy::ExposeSecret as _;

use crate::services::{Fault, Progress, Services, begin, done, new_user};

const AT_ONCE: usize = 5;
/// The first step creates the account. Then they are login, refresh, disable, enable, and so on.
const ROUNDS: usize = 5;
const STEPS: usize = 4 * ROUNDS;

fn username(task: usize) -> String {
    format!("visitor-{task}")
}

/// The steps of this kind among the first so many.
fn count(kind: usize, steps: usize) -> usize {
    (1..steps).filter(|step| (step - 1) % 4 == kind).count()
}

pub(crate) async fn run(services: &Services, notes: Notes, part: usize) {
    let notes = Arc::new(notes);
    let tasks: Vec<_> = (0..AT_ONCE)
        .map(|task| {
            let (accounts, notes) = (Arc::clone(&services.accounts), Arc::clone(&notes));
            tokio::spawn(async move {
                let first = if part == 0 { 0 } else { 1 + part * STEPS };
                let mut token = None;
                for step in first..=(part + 1) * STEPS {
                    notes.add(&begin(task, step));
                    token = step_of(&accounts, &username(task), step, token).await;
                    notes.add(&done(task, step, token.as_deref().unwrap_or_default()));
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

/// Returns the refresh token of the session.
async fn step_of(accounts: &Accounts, name: &str, step: usize, token: Option<String>) -> Option<String> {
    if step == 0 {
        accounts.create(new_user(name), &[USER.to_owned()]).await.unwrap();
        return None;
    }
    let grant = match (step - 1) % 4 {
        0 => accounts.login(name, PASSWORD.into(), &Origin::default()).await.unwrap(),
        1 => accounts.refresh(&token.unwrap().into()).await.unwrap(),
        kind => {
            accounts.set_enabled(&Actor::guest(), name, kind == 3).await.unwrap();
            return None;
        }
    };
    Some(grant.tokens.refresh.expose_secret().to_owned())
}

pub(crate) async fn check(services: &Services, progress: &BTreeMap<usize, Progress>) -> Result<(), Fault> {
    for (task, progress) in progress {
        check_account(services, &username(*task), progress).await?;
    }
    Ok(())
}

async fn check_account(services: &Services, name: &str, progress: &Progress) -> Result<(), Fault> {
    let Progress { begun, done, answer } = progress;
    let accounts = &services.accounts;
    let lost = |reason: String| Fault::Lost(format!("{name} after {done} to {begun} steps: {reason}"));
    let Some(user) = accounts.find(name).await.map_err(|error| lost(error.to_string()))? else {
        return if *done > 0 {
            Err(lost("no account".to_owned()))
        } else {
            Ok(())
        };
    };
    // The third of four steps after the creation disables the account.
    let is_enabled = |steps: usize| steps < 2 || (steps - 2) % 4 != 2;
    let may_be = |enabled: bool| (*done..=*begun).any(|steps| is_enabled(steps) == enabled);
    if !may_be(user.enabled) {
        return Err(lost(format!("enabled: {}", user.enabled)));
    }
    let is_open = done == begun && *done > 1 && (done - 2) % 4 < 2;
    for (action, kind) in [(Action::Login, 0), (Action::UserDisabled, 2), (Action::UserEnabled, 3)] {
        let filter = AuditFilter {
            account: Some(name.to_owned()),
            action: Some(action),
            ..AuditFilter::default()
        };
        let events = accounts.audit().list(100, None, &filter).await;
        let events = events.map_err(|error| lost(error.to_string()))?.events.len();
        let expected: RangeInclusive<usize> = count(kind, *done)..=count(kind, *begun);
        if events < *expected.start() {
            return Err(lost(format!("{events} events {action:?}, not {expected:?}")));
        }
        if events > *expected.end() {
            return Err(Fault::Impossible(format!(
                "{name}: {events} events {action:?}, not {expected:?}"
            )));
        }
    }
    if is_open && let Err(error) = accounts.refresh(&answer.clone().into()).await {
        return Err(lost(format!("its session: {error}")));
    }
    Ok(())
}
