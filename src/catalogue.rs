//! The job catalogue: stored in the store, searched in memory.
//!
//! `app` calls it. The store holds each job with its text, its search `entry` and the embeddings of its sentences,
//! written in one transaction with the audit event. Each process keeps an `index` of all entries, reads the changes of
//! other processes twice a second (`sync`), and caches the jobs it ranked last (`candidates`). It contains no personal
//! data.

mod candidates;
mod entry;
mod index;
mod job;
mod place;
mod records;
mod sync;

use std::sync::Arc;

use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use parking_lot::{Mutex, RwLock};
use sha2::{Digest as _, Sha256};
use tokio::sync::watch;
use tokio::task::{JoinSet, spawn_blocking};

use self::entry::{FORM, QuantizedVector, pack_terms};
use self::index::{Index, Query};
use self::job::{checked, invalid, is_id};
use self::records::{JobWrite, StoredVectors};
use crate::audit::{Action, Audit, Event};
use crate::clock::Clock;
use crate::inference::{Embedding, EmbeddingMemo, Inference, InferenceError, Role, Task, Text, WIDTH};
use crate::matching::{self, Job, Lexicon, Terms};
use crate::store::{self, Store};

pub use self::candidates::Candidate;
pub use self::index::Hit;
pub use self::job::{MAX_ID, MAX_JOB_BYTES, MAX_TITLE, NewJob, StoredJob};
pub use self::place::Place;

/// Maximum number of jobs in one call of [`Catalogue::add`].
pub const MAX_ADDED: usize = 200;
/// Maximum number of results of a search, by words and by embedding each.
pub const MAX_FOUND: usize = 1000;

/// An error of the catalogue.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A value is invalid; the message describes what is allowed.
    #[error("{message}")]
    InvalidInput {
        /// The value: `id`, `title`, `text`, `query` or `after`.
        path: &'static str,
        /// The values that are allowed.
        message: String,
    },
    /// No job has this id.
    #[error("job not found")]
    NotFound,
    /// The catalogue is still being loaded from the store.
    #[error("the catalogue is being read; try again later")]
    Loading,
    /// The encoder failed.
    #[error(transparent)]
    Inference(#[from] InferenceError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A background task failed.
    #[error("work on the catalogue stopped: {0}")]
    Stopped(#[from] tokio::task::JoinError),
}

/// A page of jobs.
#[derive(Debug)]
pub struct Page {
    /// The jobs, ordered by id.
    pub jobs: Vec<StoredJob>,
    /// Whether more jobs follow.
    pub has_next: bool,
}

/// The catalogue. Share it in an `Arc`, and close it before the store.
pub struct Catalogue {
    inner: Arc<Inner>,
    tasks: Mutex<JoinSet<()>>,
}

struct Inner {
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    inference: Inference,
    lexicon: Arc<Lexicon>,
    audit: Arc<Audit>,
    /// The fingerprint of the encoder and the entry format of this process.
    encoder_fingerprint: String,
    index: Arc<RwLock<Index>>,
    /// The version up to which the index has read the store; `None` until it has been loaded. Held while reading.
    seen: tokio::sync::Mutex<Option<i64>>,
    /// Jobs of another encoder, to be encoded again.
    stale: Mutex<Vec<Arc<str>>>,
    /// Whether the index has been loaded.
    loaded: watch::Sender<bool>,
    /// Held while writing, so that changes of this process do not conflict.
    writing: tokio::sync::Mutex<()>,
    remembered: Cache<(Arc<str>, i64), Arc<Candidate>>,
}

impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Catalogue").finish_non_exhaustive()
    }
}

impl Catalogue {
    /// The catalogue of this store, which caches candidates in this many bytes. Loading starts immediately if there is a
    /// runtime.
    #[must_use]
    pub fn new(
        store: Arc<Store>,
        clock: Arc<dyn Clock>,
        inference: Inference,
        lexicon: Arc<Lexicon>,
        audit: Arc<Audit>,
        candidate_bytes: u64,
    ) -> Self {
        let models = inference.models();
        let encoder = models.iter().find(|card| card.task == Task::Embedding);
        let digests = encoder.map(|card| std::iter::once(&card.weights).chain(&card.titles).chain(&card.evidence));
        let digests: String = digests
            .into_iter()
            .flatten()
            .map(|file| format!("{}/", file.sha256))
            .collect();
        let inner = Arc::new(Inner {
            encoder_fingerprint: format!("{digests}{FORM}"),
            store,
            clock,
            inference,
            lexicon,
            audit,
            index: Arc::new(RwLock::new(Index::new(WIDTH))),
            seen: tokio::sync::Mutex::default(),
            stale: Mutex::default(),
            loaded: watch::Sender::new(false),
            writing: tokio::sync::Mutex::default(),
            remembered: Cache::builder()
                .max_capacity(candidate_bytes)
                // What was ranked recently is likely to be ranked again; frequency does not matter.
                .eviction_policy(EvictionPolicy::lru())
                .weigher(|_, candidate: &Arc<Candidate>| candidate.bytes())
                .build(),
        });
        let mut tasks = JoinSet::new();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            tasks.spawn_on(sync::keep(Arc::downgrade(&inner)), &runtime);
        }
        Self {
            inner,
            tasks: Mutex::new(tasks),
        }
    }

    /// Adds jobs, at most [`MAX_ADDED`], and replaces those with the same ids. Results are in input order; an invalid
    /// job does not affect the others. `actor` is the account that adds them.
    ///
    /// # Errors
    /// [`Error::Inference`] unless it concerns a single text, [`Error::Store`]. Nothing was added then.
    pub async fn add(&self, actor: Option<&str>, new: Vec<NewJob>) -> Result<Vec<Result<StoredJob, Error>>, Error> {
        let inner = &self.inner;
        let mut encodings = EmbeddingMemo::new(inner.inference.clone(), actor.unwrap_or_default());
        let mut outcomes = Vec::with_capacity(new.len());
        let mut written: Vec<JobWrite> = Vec::new();
        for job in new {
            let made = match checked(job) {
                Ok((id, title, text)) => inner.make(&mut encodings, id, title, text).await,
                Err(error) => Err(error),
            };
            outcomes.push(match made {
                // Of several jobs with one id, the last wins.
                Ok(made) => {
                    let id = made.id.clone();
                    written.retain(|other| other.id != id);
                    written.push(made);
                    Ok(id)
                }
                Err(error @ (Error::InvalidInput { .. } | Error::Inference(InferenceError::BadInput { .. }))) => {
                    Err(error)
                }
                Err(error) => return Err(error),
            });
        }
        if !written.is_empty() {
            let subject = match written.as_slice() {
                [one] => one.id.clone(),
                many => format!("{} jobs", many.len()),
            };
            let event = inner.audit.stamp(Event::new(Action::JobsAdded).by(actor).to(&subject));
            let writing = inner.writing.lock().await;
            records::put(&inner.store, &written, inner.clock.now(), &event).await?;
            drop(writing);
            inner.refresh().await?;
        }
        let ids: Vec<&str> = written.iter().map(|one| one.id.as_str()).collect();
        let stored = records::jobs(&inner.store, &ids).await?;
        Ok(outcomes
            .into_iter()
            .map(|outcome| stored.get(&outcome?).cloned().ok_or(Error::NotFound))
            .collect())
    }

    /// Removes a job.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Store`].
    pub async fn remove(&self, actor: Option<&str>, id: &str) -> Result<(), Error> {
        let inner = &self.inner;
        if !is_id(id) {
            return Err(Error::NotFound);
        }
        let event = inner.audit.stamp(Event::new(Action::JobRemoved).by(actor).to(id));
        let writing = inner.writing.lock().await;
        records::remove(&inner.store, id, &event).await?;
        drop(writing);
        inner.refresh().await
    }

    /// The job with this id.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn find(&self, id: &str) -> Result<Option<StoredJob>, Error> {
        if !is_id(id) {
            return Ok(None);
        }
        Ok(records::jobs(&self.inner.store, &[id]).await?.remove(id))
    }

    /// The first `first` jobs after the id `after`, which need not exist.
    ///
    /// # Errors
    /// [`Error::Loading`], [`Error::Store`].
    pub async fn list(&self, first: usize, after: Option<&str>) -> Result<Page, Error> {
        self.inner.loaded().await?;
        let (mut jobs, mut after) = (Vec::new(), after.map(Arc::<str>::from));
        // A job that another process has removed is replaced by the next, so that only the last page can be short.
        while jobs.len() <= first {
            let ids = self
                .inner
                .read(|index| index.page(after.as_deref(), first + 1 - jobs.len()));
            let Some(last) = ids.last() else { break };
            after = Some(Arc::clone(last));
            let found = self.inner.jobs(ids.iter().map(|id| &**id)).await?;
            jobs.extend(found.into_iter().flatten());
        }
        let has_next = jobs.len() > first;
        jobs.truncate(first);
        Ok(Page { jobs, has_next })
    }

    /// The number of jobs.
    ///
    /// # Errors
    /// [`Error::Loading`].
    pub async fn count(&self) -> Result<usize, Error> {
        self.inner.loaded().await?;
        Ok(self.inner.read(Index::len))
    }

    /// Searches for a text. Returns the best results first, at most [`MAX_FOUND`] by words and as many by embedding.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a query without words or with more than 256 word pieces, [`Error::Inference`],
    /// [`Error::Loading`].
    pub async fn search(&self, caller: &str, query: &str) -> Result<Vec<Hit>, Error> {
        if query.trim().is_empty() {
            return Err(invalid("query", "there is nothing to search for".to_owned()));
        }
        let encoded = self
            .inner
            .inference
            .embed(caller, vec![Text::new(query, Role::Evidence)])
            .await;
        let vectors = encoded.map_err(|error| match error {
            InferenceError::BadInput { reason, .. } => invalid("query", reason),
            error => error.into(),
        })?;
        let vector = vectors.first().map(|vector| vector.to_vec()).unwrap_or_default();
        self.nearest(matching::terms(query), vector, MAX_FOUND).await
    }

    /// The jobs nearest to these terms and this unit vector, best first: `depth` by words and `depth` by embedding.
    ///
    /// # Errors
    /// [`Error::Loading`].
    pub async fn nearest(&self, terms: Terms, vector: Vec<f32>, depth: usize) -> Result<Vec<Hit>, Error> {
        self.inner.loaded().await?;
        let index = Arc::clone(&self.inner.index);
        let query = Query { terms, vector };
        let search = move || {
            let index = index.read();
            index.search(&query, depth)
        };
        Ok(spawn_blocking(search).await?)
    }

    /// The jobs with these ids, in input order; `None` for a job that no longer exists.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn jobs(&self, ids: &[Arc<str>]) -> Result<Vec<Option<StoredJob>>, Error> {
        self.inner.jobs(ids.iter().map(|id| &**id)).await
    }

    /// Reads the changes of the store now instead of within half a second.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn refresh(&self) -> Result<(), Error> {
        self.inner.refresh().await
    }

    /// Releases the store. Must be called before the store is closed.
    pub async fn close(self) {
        let mut tasks = std::mem::take(&mut *self.tasks.lock());
        tasks.shutdown().await;
    }
}

impl Inner {
    fn read<T>(&self, look: impl FnOnce(&Index) -> T) -> T {
        look(&self.index.read())
    }

    async fn jobs(&self, ids: impl Iterator<Item = &str>) -> Result<Vec<Option<StoredJob>>, Error> {
        let ids: Vec<&str> = ids.collect();
        let mut found = records::jobs(&self.store, &ids).await?;
        Ok(ids.into_iter().map(|id| found.remove(id)).collect())
    }

    /// Computes everything that is stored of a job.
    async fn make(
        &self,
        encodings: &mut EmbeddingMemo,
        id: String,
        title: String,
        text: String,
    ) -> Result<JobWrite, Error> {
        let lexicon = Arc::clone(&self.lexicon);
        let (job, text) = spawn_blocking(move || (Job::read(&lexicon, &text), text)).await?;
        let vectors = encodings.encode(job.texts()).await?;
        let gist = job.gist(&vectors);
        Ok(JobWrite {
            vectors: self.stored(&job, &vectors),
            encoder_fingerprint: self.encoder_fingerprint.clone(),
            terms: pack_terms(&job.terms()),
            vector: if gist.is_empty() {
                Vec::new()
            } else {
                QuantizedVector::of(&gist).pack()
            },
            id,
            title,
            text,
        })
    }

    fn stored(&self, job: &Job, vectors: &[Embedding]) -> StoredVectors {
        StoredVectors {
            digest: self.digest(job),
            halves: vectors.iter().flat_map(Embedding::to_stored).collect(),
        }
    }

    /// A digest that changes if another encoder or another reading of the text would give other vectors.
    fn digest(&self, job: &Job) -> Vec<u8> {
        let mut digest = Sha256::new();
        digest.update(&self.encoder_fingerprint);
        for text in job.texts() {
            digest.update([b'\n', text.role() as u8]);
            digest.update(&**text);
        }
        digest.finalize().to_vec()
    }
}

#[cfg(test)]
mod tests;
