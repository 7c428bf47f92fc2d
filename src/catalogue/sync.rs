//! Synchronization of the index with the store: loads all entries once, then reads changes twice a second.
//!
//! Every change of the catalogue updates the row with its version, so a process that has read up to a version has
//! missed nothing before it. Entries of another encoder found at startup are encoded again one at a time. Entries that
//! other processes write later are left to them, so that two releases running side by side do not undo each other's
//! work.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::entry::{Entry, QuantizedVector, unpack_terms};
use super::index::Index;
use super::records;
use super::{Error, Inner};
use crate::inference::{EmbeddingMemo, WIDTH};

/// The interval between reads, so that changes of other processes are seen within a second.
const PAUSE: Duration = Duration::from_millis(500);
/// Entries per read, and versions per read of changes; both stay well below the store's deadline.
const PAGE: usize = 4000;
const VERSIONS: i64 = 16;
/// The maximum time that a request waits for the index to be loaded.
const LOAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Caller in the fair queue for jobs that are encoded again.
const CALLER: &str = "the catalogue";

/// Runs as long as the catalogue exists.
pub(super) async fn keep(inner: Weak<Inner>) {
    let mut stale: Vec<Arc<str>> = Vec::new();
    let mut first_read = true;
    loop {
        let Some(inner) = inner.upgrade() else { return };
        if let Err(error) = inner.refresh().await {
            tracing::warn!(%error, "failed to read the catalogue; retrying");
        } else if first_read {
            first_read = false;
            stale = inner.take_stale();
            if !stale.is_empty() {
                tracing::info!(jobs = stale.len(), "encoding jobs of the catalogue again");
            }
        }
        // Encodes a few jobs between two reads, so that changes are still seen in time.
        let enough = tokio::time::Instant::now() + PAUSE;
        while tokio::time::Instant::now() < enough {
            let Some(id) = stale.pop() else { break };
            if let Err(error) = inner.renew(&id).await {
                tracing::warn!(%error, %id, "failed to encode a job again; it is found by its words only");
            }
        }
        drop(inner);
        tokio::time::sleep_until(enough).await;
    }
}

impl Inner {
    /// Waits until the index has been loaded.
    pub(super) async fn loaded(&self) -> Result<(), Error> {
        let mut loaded = self.loaded.subscribe();
        match timeout(LOAD_TIMEOUT, loaded.wait_for(|loaded| *loaded)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Error::Loading),
        }
    }

    /// Reads the changes of the store.
    pub(super) async fn refresh(&self) -> Result<(), Error> {
        let mut seen = self.seen.lock().await;
        let state = records::state(&self.store).await?;
        let mut from = match *seen {
            Some(version) if version >= state.forgotten => version,
            // Removals have been missed, or nothing has been read yet.
            _ => {
                self.load().await?;
                *seen = Some(state.version);
                self.loaded.send_replace(true);
                state.version
            }
        };
        // More may have changed during the load.
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

    /// Loads the index from the store.
    async fn load(&self) -> Result<(), Error> {
        let mut index = Index::new(WIDTH);
        let mut last: Option<Arc<str>> = None;
        let mut stale = Vec::new();
        loop {
            let entries = records::entries(&self.store, last.as_deref(), PAGE).await?;
            last = entries.last().map(|entry| Arc::clone(&entry.id));
            let full = entries.len() == PAGE;
            let others = entries
                .iter()
                .filter(|entry| entry.encoder_fingerprint != self.encoder_fingerprint);
            stale.extend(others.map(|entry| Arc::clone(&entry.id)));
            let encoder_fingerprint = self.encoder_fingerprint.clone();
            index = spawn_blocking(move || {
                entries
                    .iter()
                    .for_each(|entry| put(&mut index, entry, &encoder_fingerprint));
                index
            })
            .await?;
            if !full {
                break;
            }
        }
        *self.index.write() = index;
        *self.stale.lock() = stale;
        Ok(())
    }

    async fn apply(&self, entries: Vec<Entry>, removed: Vec<(String, i64)>) -> Result<(), Error> {
        // The task must not hold the store, which may be closed meanwhile.
        let (index, encoder_fingerprint) = (Arc::clone(&self.index), self.encoder_fingerprint.clone());
        let apply = move || {
            let mut index = index.write();
            entries
                .iter()
                .for_each(|entry| put(&mut index, entry, &encoder_fingerprint));
            removed.iter().for_each(|(id, version)| index.remove(id, *version));
        };
        Ok(spawn_blocking(apply).await?)
    }

    /// The jobs of another encoder found by the last load, rotated so that each process starts at a different one.
    fn take_stale(&self) -> Vec<Arc<str>> {
        let mut stale = std::mem::take(&mut *self.stale.lock());
        let length = stale.len().max(1);
        stale.rotate_left(uuid::Uuid::new_v4().as_u128() as usize % length);
        stale
    }

    /// Encodes one job again, unless another process has done so.
    async fn renew(&self, id: &str) -> Result<(), Error> {
        let Some(version) = self.read(|index| index.version(id)) else {
            return Ok(());
        };
        let entry = records::entry(&self.store, id).await?;
        if entry.is_none_or(|entry| entry.encoder_fingerprint == self.encoder_fingerprint || entry.version != version) {
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

/// Terms do not depend on the encoder; vectors do.
fn put(index: &mut Index, entry: &Entry, encoder_fingerprint: &str) {
    let vector =
        QuantizedVector::unpack(&entry.vector, WIDTH).filter(|_| entry.encoder_fingerprint == encoder_fingerprint);
    index.put(&entry.id, entry.version, unpack_terms(&entry.terms), vector.as_ref());
}
