//! The audit trail: what happened and who did it. Events are only added, and are removed when their retention time is
//! over.
//!
//! `identity` writes an event in the transaction of the change that it describes, or before it answers that a request
//! was refused. The GraphQL layer notes refusals and inference calls. Those events are collected and written a few
//! times a second, so a crash loses at most the last second of them and no response waits for them. An event never
//! holds the content of a request: no text, no password, no token.

mod event;
mod records;

#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use aws_lc_rs::rand;
use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::Mutex;
use tokio::task::JoinHandle;

pub use self::event::{Action, Event};
pub(crate) use self::records::APPEND;
pub use self::records::AuditFilter;
use crate::clock::Clock;
use crate::store::{self, Store};

const PAUSE: Duration = Duration::from_millis(250);
const BETWEEN_SWEEPS: TimeDelta = TimeDelta::hours(1);
/// The maximum number of events that may wait to be written. While the store does not answer, further events are
/// dropped and counted.
const MOST_WAITING: usize = 50_000;
/// The number of events per statement: few enough that a slow store writes them within its deadline.
const BATCH: usize = 100;
const LARGEST_PAGE: usize = 100;

/// The kinds of events that change the roles or the state of an account.
const ACCOUNT_CHANGES: [Action; 5] = [
    Action::Registered,
    Action::UserCreated,
    Action::UserRolesSet,
    Action::UserEnabled,
    Action::UserDisabled,
];

/// An event that has an id and a time, whose address is encrypted, and that waits to be written.
#[derive(Debug, Clone)]
pub(crate) struct Stamped(Event);

/// A page of events, newest first.
#[derive(Debug)]
pub struct AuditPage {
    /// The events.
    pub events: Vec<Event>,
    /// Whether older events follow.
    pub has_next: bool,
}

/// The audit trail. Share it in an `Arc`.
pub struct Audit {
    inner: Arc<Inner>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

struct Inner {
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    retention: TimeDelta,
    waiting: Mutex<Vec<Stamped>>,
    /// Held while writing, so that a flush returns only after every event noted before it was written.
    writing: tokio::sync::Mutex<()>,
    sequence: AtomicU32,
    lost: AtomicU64,
    closing: AtomicBool,
}

impl std::fmt::Debug for Audit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Audit").finish_non_exhaustive()
    }
}

impl Audit {
    /// Creates an audit trail that keeps each event for `retention`.
    #[must_use]
    pub fn new(store: Arc<Store>, clock: Arc<dyn Clock>, retention: TimeDelta) -> Self {
        let inner = Inner {
            store,
            clock,
            retention,
            waiting: Mutex::default(),
            writing: tokio::sync::Mutex::default(),
            sequence: AtomicU32::new(0),
            lost: AtomicU64::new(0),
            closing: AtomicBool::new(false),
        };
        Self {
            inner: Arc::new(inner),
            writer: Mutex::default(),
        }
    }

    /// Assigns the event its id.
    pub(crate) fn stamp(&self, mut event: Event) -> Stamped {
        event.at = self.inner.clock.now();
        let sequence = self.inner.sequence.fetch_add(1, Ordering::Relaxed);
        let mut random = [0; 4];
        // The microsecond and the counter keep the ids of processes that share the store apart.
        let _ = rand::fill(&mut random);
        event.id = format!("{}{sequence:08x}{:08x}", moment(event.at), u32::from_be_bytes(random));
        Stamped::seal(event, self.inner.store.cipher())
    }

    /// Writes an event. It is durable when this returns.
    ///
    /// # Errors
    /// Returns the error of the store.
    pub async fn record(&self, event: Event) -> Result<(), store::Error> {
        let stamped = self.stamp(event);
        records::insert(&self.inner.store, std::slice::from_ref(&stamped)).await
    }

    /// Queues an event, which is written within a second.
    pub fn note(&self, event: Event) {
        let stamped = self.stamp(event);
        let mut waiting = self.inner.waiting.lock();
        if waiting.len() < MOST_WAITING {
            waiting.push(stamped);
        } else {
            self.inner.lost.fetch_add(1, Ordering::Relaxed);
        }
        drop(waiting);
        self.start_writer();
    }

    /// Returns how many queued events were dropped because the store did not write them in time.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.inner.lost.load(Ordering::Relaxed)
    }

    /// Writes the queued events.
    ///
    /// # Errors
    /// Returns the error of the store. The events that could not be written stay queued.
    pub async fn flush(&self) -> Result<(), store::Error> {
        self.inner.flush().await
    }

    /// Writes the queued events and releases the store. Call it before the store is closed.
    ///
    /// # Errors
    /// Returns the error of the store.
    pub async fn close(&self) -> Result<(), store::Error> {
        self.inner.closing.store(true, Ordering::SeqCst);
        let writer = self.writer.lock().take();
        if let Some(writer) = writer {
            // The task ends the next time it looks. The remaining events are written even if it panicked.
            let _ = writer.await;
        }
        self.inner.flush().await
    }

    /// Returns the newest `first` events (at most 100) that match the filter and are older than the event with the id
    /// `after`.
    ///
    /// # Errors
    /// Returns the error of the store.
    pub async fn list(
        &self,
        first: usize,
        after: Option<&str>,
        filter: &AuditFilter,
    ) -> Result<AuditPage, store::Error> {
        let first = first.min(LARGEST_PAGE);
        let mut events = records::list(&self.inner.store, after, first + 1, filter).await?;
        let has_next = events.len() > first;
        events.truncate(first);
        Ok(AuditPage { events, has_next })
    }

    /// Returns the newest event that changed what an account may do: its roles or its state, or the permissions of one of
    /// these roles. `changed_at` is the time of the last change of the account, by which the removal of a role that it had
    /// is found.
    ///
    /// # Errors
    /// Returns the error of the store.
    pub async fn last_access_change(
        &self,
        account: &str,
        roles: &[String],
        changed_at: DateTime<Utc>,
    ) -> Result<Option<Event>, store::Error> {
        let mut newest = records::role_removal_at(&self.inner.store, changed_at).await?;
        let of_account = records::newest_about(&self.inner.store, account, &ACCOUNT_CHANGES).await?;
        newest = newest.into_iter().chain(of_account).max_by(|a, b| a.id.cmp(&b.id));
        for role in roles {
            let of_role = records::newest_about(&self.inner.store, role, &[Action::RolePut]).await?;
            newest = newest.into_iter().chain(of_role).max_by(|a, b| a.id.cmp(&b.id));
        }
        Ok(newest)
    }

    /// Replaces an account that is being erased with a pseudonym in every event that names it.
    pub(crate) async fn pseudonymise(&self, account: &str, pseudonym: &str) -> Result<(), store::Error> {
        self.flush().await?;
        records::pseudonymise(&self.inner.store, account, pseudonym, BATCH).await
    }

    /// Removes the events whose retention time is over, and returns their number. The writer calls it every hour.
    ///
    /// # Errors
    /// Returns the error of the store.
    pub async fn sweep(&self) -> Result<u64, store::Error> {
        self.inner.sweep().await
    }

    fn start_writer(&self) {
        let mut writer = self.writer.lock();
        if writer.is_none()
            && !self.inner.closing.load(Ordering::SeqCst)
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            *writer = Some(runtime.spawn(write_on(Arc::downgrade(&self.inner))));
        }
    }
}

impl Inner {
    async fn flush(&self) -> Result<(), store::Error> {
        let _writing = self.writing.lock().await;
        loop {
            let batch: Vec<Stamped> = self.waiting.lock().iter().take(BATCH).cloned().collect();
            if batch.is_empty() {
                return Ok(());
            }
            records::insert(&self.store, &batch).await?;
            // Removed only after the write: an event whose write failed is written again, which is idempotent.
            self.waiting.lock().drain(..batch.len());
        }
    }

    async fn sweep(&self) -> Result<u64, store::Error> {
        records::forget(&self.store, &moment(self.clock.now() - self.retention), BATCH).await
    }
}

/// Writes queued events until the trail is dropped.
async fn write_on(inner: Weak<Inner>) {
    let mut swept_at = DateTime::<Utc>::MIN_UTC;
    loop {
        tokio::time::sleep(PAUSE).await;
        let Some(inner) = inner.upgrade() else { return };
        if let Err(error) = inner.flush().await {
            tracing::warn!(%error, "failed to write audit events; they stay queued");
        }
        if inner.closing.load(Ordering::SeqCst) {
            return;
        }
        let now = inner.clock.now();
        if now - swept_at >= BETWEEN_SWEEPS {
            swept_at = now;
            if let Err(error) = inner.sweep().await {
                tracing::warn!(%error, "failed to remove expired audit events");
            }
        }
    }
}

/// The first characters of an id of this time.
fn moment(at: DateTime<Utc>) -> String {
    format!("{:016x}", at.timestamp_micros().max(0))
}
