//! Keeps the index of this process as the store is: reads all of it once, then what has changed, twice a second.
//!
//! Every change of the catalogue writes the one row that holds its version, so a process that has read up to a version
//! has missed nothing before it. What was made by another encoder when the process starts is made anew, a job at a time;
//! what others write later is left to them, so that two releases side by side do not undo each other's work.

use std::sync::{Arc, PoisonError, Weak};
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::entry::{Entry, QuantizedVector, unpack_terms};
use super::index::Index;
use super::records;
use super::{Error, Inner};
use crate::inference::{EmbeddingMemo, WIDTH};

/// Another process's change is seen within a second: this much, and the time to read it.
const PAUSE: Duration = Duration::from_millis(500);
/// Entries that are read at once, and versions whose changes are: either is read well within the store's deadline.
const PAGE: usize = 4000;
const VERSIONS: i64 = 16;
/// How long a request waits for the first reading.
const LOAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Who takes turns with callers when jobs are made anew.
const CALLER: &str = "the catalogue";

/// Goes on for as long as the catalogue is there.
pub(super) async fn keep(inner: Weak<Inner>) {
    let mut stale: Vec<Arc<str>> = Vec::new();
    let mut looked = false;
    loop {
        let Some(inner) = inner.upgrade() else { return };
        if let Err(error) = inner.refresh().await {
            tracing::warn!(%error, "the catalogue cannot be read; it is tried again");
        } else if !looked {
            looked = true;
            stale = inner.take_stale();
            if !stale.is_empty() {
                tracing::info!(jobs = stale.len(), "jobs of the catalogue are encoded anew");
            }
        }
        // A few between two looks, so that changes are still seen in time.
        let enough = tokio::time::Instant::now() + PAUSE;
        while tokio::time::Instant::now() < enough {
            let Some(id) = stale.pop() else { break };
            if let Err(error) = inner.renew(&id).await {
                tracing::warn!(%error, %id, "a job cannot be encoded anew; its words are searched all the same");
            }
        }
        drop(inner);
        tokio::time::sleep_until(enough).await;
    }
}

impl Inner {
    /// Waits until the index has read all of the store once.
    pub(super) async fn loaded(&self) -> Result<(), Error> {
        let mut loaded = self.loaded.subscribe();
        match timeout(LOAD_TIMEOUT, loaded.wait_for(|loaded| *loaded)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Error::Loading),
        }
    }

    /// Reads what has changed.
    pub(super) async fn refresh(&self) -> Result<(), Error> {
        let mut seen = self.seen.lock().await;
        let state = records::state(&self.store).await?;
        let mut from = match *seen {
            Some(version) if version >= state.forgotten => version,
            // It has missed removals, or read nothing yet.
            _ => {
                self.load().await?;
                *seen = Some(state.version);
                self.loaded.send_replace(true);
                state.version
            }
        };
        // While all was read, more may have changed.
        let version = records::state(&self.store).await?.version.max(state.version);
        while from < version {
            let until = version.min(from + VERSIONS);
            let (entries, removed) = records::changes(&self.store, from, until).await?;
            self.apply(entries, removed).await?;
            from = until;
            *seen = Some(from);
        }
        Ok(())
    }

    /// Makes the index anew from the whole store.
    async fn load(&self) -> Result<(), Error> {
        let mut index = Index::new(WIDTH);
        let mut last: Option<Arc<str>> = None;
        let mut stale = Vec::new();
        loop {
            let entries = records::entries(&self.store, last.as_deref(), PAGE).await?;
            last = entries.last().map(|entry| Arc::clone(&entry.id));
            let full = entries.len() == PAGE;
            let others = entries.iter().filter(|entry| entry.maker != self.maker);
            stale.extend(others.map(|entry| Arc::clone(&entry.id)));
            let maker = self.maker.clone();
            index = spawn_blocking(move || {
                entries.iter().for_each(|entry| put(&mut index, entry, &maker));
                index
            })
            .await?;
            if !full {
                break;
            }
        }
        *self.index.write().unwrap_or_else(PoisonError::into_inner) = index;
        *self.stale.lock().unwrap_or_else(PoisonError::into_inner) = stale;
        Ok(())
    }

    async fn apply(&self, entries: Vec<Entry>, removed: Vec<(String, i64)>) -> Result<(), Error> {
        // What runs there must not hold the store, which may be closed meanwhile.
        let (index, maker) = (Arc::clone(&self.index), self.maker.clone());
        let apply = move || {
            let mut index = index.write().unwrap_or_else(PoisonError::into_inner);
            entries.iter().for_each(|entry| put(&mut index, entry, &maker));
            removed.iter().for_each(|(id, version)| index.remove(id, *version));
        };
        Ok(spawn_blocking(apply).await?)
    }

    /// The jobs that another encoder made, as the last whole reading found them; each process begins elsewhere.
    fn take_stale(&self) -> Vec<Arc<str>> {
        let mut stale = std::mem::take(&mut *self.stale.lock().unwrap_or_else(PoisonError::into_inner));
        let length = stale.len().max(1);
        stale.rotate_left(uuid::Uuid::new_v4().as_u128() as usize % length);
        stale
    }

    /// Makes one job anew, unless somebody else has.
    async fn renew(&self, id: &str) -> Result<(), Error> {
        let Some(version) = self.read(|index| index.version(id)) else {
            return Ok(());
        };
        let entry = records::entry(&self.store, id).await?;
        if entry.is_none_or(|entry| entry.maker == self.maker || entry.version != version) {
            return Ok(());
        }
        let Some(job) = self.jobs([id].into_iter()).await?.pop().flatten() else {
            return Ok(());
        };
        let mut encodings = EmbeddingMemo::new(self.inference.clone(), CALLER);
        let made = self
            .make(&mut encodings, job.id.to_string(), job.title, job.text)
            .await?;
        let writing = self.writing.lock().await;
        records::renew(&self.store, &made, version).await?;
        drop(writing);
        self.refresh().await
    }
}

/// Words are words whoever made the entry; a vector is one of its own encoder's.
fn put(index: &mut Index, entry: &Entry, maker: &str) {
    let vector = QuantizedVector::unpack(&entry.vector, WIDTH).filter(|_| entry.maker == maker);
    index.put(&entry.id, entry.version, unpack_terms(&entry.terms), vector.as_ref());
}
