//! Jobs with their large embeddings, added and removed, beside so many audit events that memtables are often written to
//! tables, and tables merged.

use std::collections::BTreeMap;
use std::sync::Arc;

use portcullis::audit::{Action, AuditFilter, Event};
use portcullis::catalogue::NewJob;
use portcullis_test_support::power_cut::Notes;

use crate::services::{Fault, Progress, Services, begin, done};

const JOBS: usize = 0;
const EVENTS: usize = 1;
/// In each part. Every third step removes a job, the others add one.
const JOB_STEPS: usize = 45;
const EVENT_STEPS: usize = 12;
const EVENTS_AT_ONCE: usize = 2_000;
const SENTENCES: usize = 16;

fn id(step: usize) -> String {
    format!("job-{step}")
}

fn text(step: usize) -> String {
    let sentence = |n| {
        format!(
            "- Prepares the report {} of ward {step} for the {n} o'clock round.\n",
            n * 31 + step
        )
    };
    let sentences: String = (0..SENTENCES).map(sentence).collect();
    format!("Nurse {step}\n\nRequirements\n{sentences}")
}

/// The account of the last event of a step, which is written last.
fn last_account(step: usize) -> String {
    format!("last-{step}")
}

fn event(account: &str) -> Event {
    Event::new(Action::Inference)
        .by(Some(account))
        .within("01997c1e-5a8f-7d10-a7b1-000000000001")
        .field("Query.predict")
        .model("occupation@1")
        .cost(10)
}

pub(crate) async fn run(services: &Services, notes: Notes, part: usize) {
    let notes = &notes;
    let jobs = async {
        for step in part * JOB_STEPS..(part + 1) * JOB_STEPS {
            notes.add(&begin(JOBS, step));
            if step % 3 == 2 {
                services.catalogue.remove(None, &id(step - 2)).await.unwrap();
            } else {
                let new = NewJob {
                    id: Some(id(step)),
                    title: None,
                    text: text(step),
                };
                let added = services.catalogue.add(None, vec![new]).await.unwrap();
                assert!(added.iter().all(Result::is_ok));
            }
            notes.add(&done(JOBS, step, ""));
        }
    };
    let events = async {
        let audit = Arc::clone(services.accounts.audit());
        for step in part * EVENT_STEPS..(part + 1) * EVENT_STEPS {
            notes.add(&begin(EVENTS, step));
            for _ in 1..EVENTS_AT_ONCE {
                audit.note(event("crowd"));
            }
            audit.note(event(&last_account(step)));
            audit.flush().await.unwrap();
            notes.add(&done(EVENTS, step, ""));
        }
    };
    tokio::join!(jobs, events);
}

pub(crate) async fn check(services: &Services, progress: &BTreeMap<usize, Progress>) -> Result<(), Fault> {
    if let Some(Progress { begun, done, .. }) = progress.get(&JOBS) {
        check_jobs(services, *begun, *done).await?;
    }
    if let Some(Progress { done, .. }) = progress.get(&EVENTS) {
        for step in 0..*done {
            let filter = AuditFilter {
                account: Some(last_account(step)),
                ..AuditFilter::default()
            };
            let events = services.accounts.audit().list(1, None, &filter).await;
            let events = events.map_err(|error| Fault::Lost(error.to_string()))?.events;
            if events.is_empty() {
                return Err(Fault::Lost(format!("the audit events of step {step}")));
            }
        }
    }
    Ok(())
}

/// After so many steps, whether there is a job of this step.
fn exists(step: usize, steps: usize) -> bool {
    step < steps && step % 3 != 2 && !(step.is_multiple_of(3) && step + 2 < steps)
}

async fn check_jobs(services: &Services, begun: usize, done: usize) -> Result<(), Fault> {
    for step in 0..=begun {
        let found = services.catalogue.find(&id(step)).await;
        let found = found.map_err(|error| Fault::Lost(format!("{}: {error}", id(step))))?;
        if let Some(job) = &found
            && job.text.trim_end() != text(step).trim_end()
        {
            return Err(Fault::Impossible(format!("{} has another text", id(step))));
        }
        let may_be = [done, begun].map(|steps| exists(step, steps));
        if !may_be.contains(&found.is_some()) {
            return Err(Fault::Lost(format!(
                "{}, after {done} to {begun} steps: {}",
                id(step),
                found.is_some()
            )));
        }
    }
    Ok(())
}
