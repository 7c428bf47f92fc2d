//! What happened and who did it: events that are only ever added, until their time is over.
//!
//! `identity` writes an event together with the change it tells of, or before it answers that something was refused.
//! The GraphQL layer notes refusals and inference calls; these are collected and written a few times a second, so a
//! crash loses the last second's at most and no answer waits for them. Never does an event hold what was asked: no
//! text, no password, no token.

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
/// So many events may wait to be written; past it, while the store does not answer, new ones are lost and counted.
const MOST_WAITING: usize = 50_000;
/// So many that even a slow store takes them within its deadline.
const BATCH: usize = 100;
const LARGEST_PAGE: usize = 100;

/// An event that has its place in time and waits to be written.
#[derive(Debug, Clone)]
pub(crate) struct Stamped(Event);

/// Some events, the newest first.
#[derive(Debug)]
pub struct AuditPage {
    /// The events.
    pub events: Vec<Event>,
    /// Whether older ones follow.
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
    /// Held while writing, so that a flush that returns has seen everything noted before it.
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
    /// An audit trail that keeps each event for `retention`.
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

    /// Gives the event its place in time.
    pub(crate) fn stamp(&self, mut event: Event) -> Stamped {
        event.at = self.inner.clock.now();
        let sequence = self.inner.sequence.fetch_add(1, Ordering::Relaxed);
        let mut random = [0; 4];
        // Two processes that share the store could then collide, were it not for the microsecond and the count.
        let _ = rand::fill(&mut random);
        event.id = format!("{}{sequence:08x}{:08x}", moment(event.at), u32::from_be_bytes(random));
        Stamped(event)
    }

    /// Writes an event; it is safe when this returns.
    ///
    /// # Errors
    /// The store's.
    pub async fn record(&self, event: Event) -> Result<(), store::Error> {
        let stamped = self.stamp(event);
        records::insert(&self.inner.store, std::slice::from_ref(&stamped)).await
    }

    /// Takes an event to be written within a second.
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

    /// How many noted events were lost because the store did not take them in time.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.inner.lost.load(Ordering::Relaxed)
    }

    /// Writes what was noted.
    ///
    /// # Errors
    /// The store's; what could not be written waits on.
    pub async fn flush(&self) -> Result<(), store::Error> {
        self.inner.flush().await
    }

    /// Writes what was noted and lets go of the store: to be called before the store is closed.
    ///
    /// # Errors
    /// The store's.
    pub async fn close(&self) -> Result<(), store::Error> {
        self.inner.closing.store(true, Ordering::SeqCst);
        let writer = self.writer.lock().take();
        if let Some(writer) = writer {
            // It ends at its next look; that it panicked is no reason not to write what is left.
            let _ = writer.await;
        }
        self.inner.flush().await
    }

    /// The newest `first` events (100 at most) that the filter lets through, older than the one with the id `after`.
    ///
    /// # Errors
    /// The store's.
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

    /// Puts a pseudonym in the place of an account that is being erased, wherever an event names it.
    pub(crate) async fn pseudonymise(&self, account: &str, pseudonym: &str) -> Result<(), store::Error> {
        self.flush().await?;
        records::pseudonymise(&self.inner.store, account, pseudonym, BATCH).await
    }

    /// Forgets the events whose time is over; says how many. The writer calls it every hour.
    ///
    /// # Errors
    /// The store's.
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
            // Only now: an event that failed to be written is tried again, and the second time changes nothing.
            self.waiting.lock().drain(..batch.len());
        }
    }

    async fn sweep(&self) -> Result<u64, store::Error> {
        records::forget(&self.store, &moment(self.clock.now() - self.retention), BATCH).await
    }
}

/// Writes for as long as the trail exists.
async fn write_on(inner: Weak<Inner>) {
    let mut swept_at = DateTime::<Utc>::MIN_UTC;
    loop {
        tokio::time::sleep(PAUSE).await;
        let Some(inner) = inner.upgrade() else { return };
        if let Err(error) = inner.flush().await {
            tracing::warn!(%error, "audit events could not be written; they wait");
        }
        if inner.closing.load(Ordering::SeqCst) {
            return;
        }
        let now = inner.clock.now();
        if now - swept_at >= BETWEEN_SWEEPS {
            swept_at = now;
            if let Err(error) = inner.sweep().await {
                tracing::warn!(%error, "old audit events could not be removed");
            }
        }
    }
}

/// Where an id of this moment begins.
fn moment(at: DateTime<Utc>) -> String {
    format!("{:016x}", at.timestamp_micros().max(0))
}
