//! What happened and who did it: events that are only ever added, until their time is over.
//!
//! `identity` writes an event together with the change it tells of, or before it answers that something was refused.
//! The GraphQL layer notes refusals and inference calls; these are collected and written a few times a second, so a
//! crash loses the last second's at most and no answer waits for them. Never does an event hold what was asked: no
//! text, no password, no token.

mod records;

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::task::JoinHandle;

pub(crate) use self::records::APPEND;
pub use self::records::{Action, AuditFilter, Event};
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
    /// Each with the cursor that continues after it.
    pub events: Vec<(String, Event)>,
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
        let mut waiting = self.inner.waiting();
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
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer {
            // It ends at its next look; that it panicked is no reason not to write what is left.
            let _ = writer.await;
        }
        self.inner.flush().await
    }

    /// The newest `first` events (100 at most) that the filter lets through, older than the cursor.
    ///
    /// # Errors
    /// The store's. A cursor that is none of ours gives some page, never an error.
    pub async fn list(
        &self,
        first: usize,
        after: Option<&str>,
        filter: &AuditFilter,
    ) -> Result<AuditPage, store::Error> {
        let first = first.min(LARGEST_PAGE);
        let after = after
            .filter(|cursor| cursor.len() <= 128)
            .and_then(|cursor| URL_SAFE_NO_PAD.decode(cursor).ok())
            .and_then(|bytes| String::from_utf8(bytes).ok());
        let mut events = records::list(&self.inner.store, after, first + 1, filter).await?;
        let has_next = events.len() > first;
        events.truncate(first);
        let events = events
            .into_iter()
            .map(|event| (URL_SAFE_NO_PAD.encode(&event.id), event))
            .collect();
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
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if writer.is_none()
            && !self.inner.closing.load(Ordering::SeqCst)
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            *writer = Some(runtime.spawn(write_on(Arc::downgrade(&self.inner))));
        }
    }
}

impl Inner {
    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<Stamped>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn flush(&self) -> Result<(), store::Error> {
        let _writing = self.writing.lock().await;
        loop {
            let batch: Vec<Stamped> = self.waiting().iter().take(BATCH).cloned().collect();
            if batch.is_empty() {
                return Ok(());
            }
            records::insert(&self.store, &batch).await?;
            // Only now: an event that failed to be written is tried again, and the second time changes nothing.
            self.waiting().drain(..batch.len());
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

impl Event {
    /// Something that was done.
    #[must_use]
    pub fn new(action: Action) -> Self {
        Self {
            id: String::new(),
            at: DateTime::UNIX_EPOCH,
            action,
            refusal: None,
            actor: None,
            subject: None,
            session: None,
            address: None,
            field: None,
            model: None,
            cost: None,
            millis: None,
        }
    }

    /// Whose account did it.
    #[must_use]
    pub fn by(mut self, actor: Option<&str>) -> Self {
        self.actor = actor.map(str::to_owned);
        self
    }

    /// Which account, role or key it was done to.
    #[must_use]
    pub fn to(mut self, subject: &str) -> Self {
        self.subject = Some(subject.to_owned());
        self
    }

    /// In which session, or with which API key.
    #[must_use]
    pub fn within(mut self, session: &str) -> Self {
        self.session = Some(session.to_owned());
        self
    }

    /// From where.
    #[must_use]
    pub fn from(mut self, address: Option<IpAddr>) -> Self {
        self.address = address.map(|address| address.to_string());
        self
    }

    /// It was not done; the code is the one the caller got.
    #[must_use]
    pub fn refused(mut self, code: &str) -> Self {
        self.refusal = Some(code.to_owned());
        self
    }

    /// By which field of the schema.
    #[must_use]
    pub fn field(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    /// With which model, as `name@version`.
    #[must_use]
    pub fn model(mut self, model: &str) -> Self {
        self.model = Some(model.to_owned());
        self
    }

    /// For how many cost units.
    #[must_use]
    pub fn cost(mut self, units: u32) -> Self {
        self.cost = Some(units);
        self
    }

    /// In how many milliseconds.
    #[must_use]
    pub fn millis(mut self, millis: u32) -> Self {
        self.millis = Some(millis);
        self
    }
}

#[cfg(test)]
mod tests {
    //! The trail alone; that accounts leave one is shown in `identity::tests::auditing`.

    use super::*;
    use crate::clock::ShiftedClock;

    async fn trail() -> (Audit, ShiftedClock) {
        let clock = ShiftedClock::default();
        let store = Arc::new(Store::open("mem://").await.unwrap());
        let audit = Audit::new(store, Arc::new(clock.clone()), TimeDelta::days(90));
        (audit, clock)
    }

    #[tokio::test]
    async fn what_is_noted_is_written_within_a_second() {
        let (audit, _clock) = trail().await;
        for n in 0..250 {
            let event = Event::new(Action::Inference).by(Some("ann")).field("Query.predict");
            audit.note(event.model("occupation@1").cost(10).millis(n));
        }
        let mut looks = 0;
        while audit
            .list(1, None, &AuditFilter::default())
            .await
            .unwrap()
            .events
            .is_empty()
        {
            looks += 1;
            assert!(looks < 100, "nobody writes");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        audit.flush().await.unwrap();
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = audit
                .list(100, after.as_deref(), &AuditFilter::default())
                .await
                .unwrap();
            seen.extend(page.events.iter().map(|(_, event)| event.millis.unwrap()));
            after = page.events.last().map(|(cursor, _)| cursor.clone());
            if !page.has_next {
                break;
            }
        }
        assert_eq!(seen, (0..250).rev().collect::<Vec<_>>());
        audit.close().await.unwrap();
    }

    #[tokio::test]
    async fn filters_combine_and_retention_forgets() {
        let (audit, clock) = trail().await;
        let login = |who| Event::new(Action::Login).by(Some(who)).to(who);
        audit.record(login("ann")).await.unwrap();
        clock.advance(TimeDelta::days(50));
        let since = clock.now();
        audit.record(login("bob").refused("INVALID_CREDENTIALS")).await.unwrap();
        audit.record(login("ann").refused("INVALID_CREDENTIALS")).await.unwrap();
        audit
            .record(Event::new(Action::UserDisabled).by(Some("root")).to("ann"))
            .await
            .unwrap();
        let count = async |filter: AuditFilter| audit.list(10, None, &filter).await.unwrap().events.len();
        let filter = AuditFilter::default;
        assert_eq!(count(filter()).await, 4);
        assert_eq!(
            count(AuditFilter {
                account: Some("ann".into()),
                ..filter()
            })
            .await,
            3
        );
        assert_eq!(
            count(AuditFilter {
                refused: Some(true),
                ..filter()
            })
            .await,
            2
        );
        assert_eq!(
            count(AuditFilter {
                since: Some(since),
                ..filter()
            })
            .await,
            3
        );
        assert_eq!(
            count(AuditFilter {
                until: Some(since),
                ..filter()
            })
            .await,
            1
        );
        let both = AuditFilter {
            action: Some(Action::Login),
            account: Some("ann".into()),
            refused: Some(true),
            ..filter()
        };
        assert_eq!(count(both).await, 1);
        clock.advance(TimeDelta::days(50));
        assert_eq!(audit.sweep().await.unwrap(), 1);
        assert_eq!(count(filter()).await, 3);
        audit.pseudonymise("ann", "erased").await.unwrap();
        assert_eq!(
            count(AuditFilter {
                account: Some("ann".into()),
                ..filter()
            })
            .await,
            0
        );
        assert_eq!(
            count(AuditFilter {
                account: Some("erased".into()),
                ..filter()
            })
            .await,
            2
        );
    }
}
