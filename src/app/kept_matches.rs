//! Matches that can be scored again for two minutes after their last use, each by the account that asked for it. They are
//! held in the memory of this process only.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Weak};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::Mutex;
use uuid::Uuid;

use crate::clock::Clock;

/// The time after its last use for which a match is kept.
const KEPT_FOR: TimeDelta = TimeDelta::seconds(120);

/// The maximum number and sizes of matches. Beyond them, the one used least recently is removed.
#[derive(Debug, Clone, Copy)]
struct Limits {
    per_account: usize,
    bytes_per_account: usize,
    bytes: usize,
    /// The interval at which expired matches are removed if there are no calls.
    sweep_interval: Duration,
}

impl Limits {
    /// The limits with so many bytes of all accounts together.
    fn of(bytes: usize) -> Self {
        Self {
            per_account: 20,
            bytes_per_account: bytes.min(8 << 20),
            bytes,
            sweep_interval: Duration::from_secs(15),
        }
    }
}

/// The matches.
pub(super) struct KeptMatches<T> {
    inner: Arc<Inner<T>>,
}

struct Inner<T> {
    clock: Arc<dyn Clock>,
    limits: Limits,
    state: Mutex<State<T>>,
}

struct State<T> {
    /// The matches of each account, the one used least recently first.
    accounts: HashMap<Arc<str>, Vec<Entry<T>>>,
    /// The account of each match, by the number of its last use.
    by_use: BTreeMap<u64, Arc<str>>,
    uses: u64,
    bytes: usize,
    /// Whether a task removes expired matches.
    sweeping: bool,
}

struct Entry<T> {
    id: String,
    /// The number of the last use.
    number: u64,
    used: DateTime<Utc>,
    bytes: usize,
    kept: Arc<T>,
}

impl<T: Send + Sync + 'static> KeptMatches<T> {
    /// Keeps at most so many bytes of all accounts together.
    pub(super) fn new(clock: Arc<dyn Clock>, bytes: usize) -> Self {
        Self::with_limits(clock, Limits::of(bytes))
    }

    fn with_limits(clock: Arc<dyn Clock>, limits: Limits) -> Self {
        let state = Mutex::new(State {
            accounts: HashMap::new(),
            by_use: BTreeMap::new(),
            uses: 0,
            bytes: 0,
            sweeping: false,
        });
        Self {
            inner: Arc::new(Inner { clock, limits, state }),
        }
    }

    /// Keeps a match of this size for an account and returns its id.
    pub(super) fn keep(&self, account: &str, kept: T, bytes: usize) -> String {
        let Inner { clock, limits, state } = &*self.inner;
        let id = Uuid::new_v4().simple().to_string();
        let mut state = state.lock();
        state.remove_expired(clock.now());
        let account: Arc<str> = account.into();
        let entry = Entry {
            id: id.clone(),
            number: 0,
            used: clock.now(),
            bytes,
            kept: Arc::new(kept),
        };
        state.add(&account, entry);
        state.shrink(&account, *limits);
        if !state.sweeping
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            state.sweeping = true;
            runtime.spawn(sweep(Arc::downgrade(&self.inner), limits.sweep_interval));
        }
        id
    }

    /// The match with this id; `None` if this account has none, or no longer.
    pub(super) fn find(&self, account: &str, id: &str) -> Option<Arc<T>> {
        let now = self.inner.clock.now();
        let mut state = self.inner.state.lock();
        state.remove_expired(now);
        let account = Arc::clone(state.accounts.get_key_value(account)?.0);
        let entries = state.accounts.get(&account)?;
        let place = entries.iter().position(|entry| entry.id == id)?;
        let entry = state.remove(&account, place)?;
        let kept = Arc::clone(&entry.kept);
        state.add(&account, Entry { used: now, ..entry });
        Some(kept)
    }
}

impl<T> State<T> {
    /// Adds a match as the one used last.
    fn add(&mut self, account: &Arc<str>, entry: Entry<T>) {
        self.uses += 1;
        self.bytes += entry.bytes;
        self.by_use.insert(self.uses, Arc::clone(account));
        self.accounts.entry(Arc::clone(account)).or_default().push(Entry {
            number: self.uses,
            ..entry
        });
    }

    fn remove(&mut self, account: &Arc<str>, place: usize) -> Option<Entry<T>> {
        let entries = self.accounts.get_mut(account)?;
        let entry = (place < entries.len()).then(|| entries.remove(place))?;
        if entries.is_empty() {
            self.accounts.remove(account);
        }
        self.by_use.remove(&entry.number);
        self.bytes -= entry.bytes;
        Some(entry)
    }

    /// The account whose match was used least recently, and the time of that use.
    fn oldest(&self) -> Option<(Arc<str>, DateTime<Utc>)> {
        let account = self.by_use.first_key_value()?.1;
        let used = self.accounts.get(account)?.first()?.used;
        Some((Arc::clone(account), used))
    }

    fn remove_expired(&mut self, now: DateTime<Utc>) {
        while let Some((account, used)) = self.oldest()
            && now - used >= KEPT_FOR
        {
            self.remove(&account, 0);
        }
    }

    /// Removes matches beyond the limits, except the one used last.
    fn shrink(&mut self, account: &Arc<str>, limits: Limits) {
        let too_many = |entries: &Vec<Entry<T>>| {
            let bytes: usize = entries.iter().map(|entry| entry.bytes).sum();
            entries.len() > 1 && (entries.len() > limits.per_account || bytes > limits.bytes_per_account)
        };
        while self.accounts.get(account).is_some_and(too_many) {
            self.remove(account, 0);
        }
        while self.bytes > limits.bytes
            && self.by_use.len() > 1
            && let Some((account, _)) = self.oldest()
        {
            self.remove(&account, 0);
        }
    }
}

/// Removes expired matches until none is left.
async fn sweep<T>(inner: Weak<Inner<T>>, interval: Duration) {
    loop {
        tokio::time::sleep(interval).await;
        let Some(inner) = inner.upgrade() else { return };
        let now = inner.clock.now();
        let mut state = inner.state.lock();
        state.remove_expired(now);
        if state.by_use.is_empty() {
            state.sweeping = false;
            return;
        }
    }
}

#[cfg(test)]
mod tests;
