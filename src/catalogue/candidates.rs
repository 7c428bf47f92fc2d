//! Candidates: jobs of the catalogue that are parsed and have embeddings, ready to be scored against a resume. The most
//! recently used are cached.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;
use tokio::task::spawn_blocking;

use super::index::Hit;
use super::records::{self, StoredVectors};
use super::{Catalogue, Error, Inner, StoredJob};
use crate::inference::{Embedding, EmbeddingMemo, WIDTH};
use crate::matching::Job;

/// Jobs whose embeddings are read from the store at once.
const FETCHED: usize = 100;

/// A job that is ready to be scored.
#[derive(Debug)]
pub struct Candidate {
    /// The stored job.
    pub stored: StoredJob,
    /// The parsed job.
    pub job: Job,
    /// The embeddings of [`Job::texts`].
    pub vectors: Vec<Embedding>,
}

impl Candidate {
    /// The approximate memory use in bytes.
    pub(super) fn bytes(&self) -> u32 {
        // Each text counts twice: as the encoder's input and as the matcher's.
        let bytes = 2 * self.vectors.len() * (WIDTH * size_of::<f32>() + 100) + 4 * self.stored.text.len() + 4000;
        u32::try_from(bytes).unwrap_or(u32::MAX)
    }
}

impl Catalogue {
    /// The candidates for these hits, in their order. Jobs that no longer exist are omitted. Jobs of another encoder
    /// are encoded again on behalf of `caller`.
    ///
    /// # Errors
    /// [`Error::Store`], [`Error::Inference`].
    pub async fn candidates(&self, caller: &str, hits: &[Hit]) -> Result<Vec<Arc<Candidate>>, Error> {
        let inner = &self.inner;
        let remembered = |hit: &Hit| inner.remembered.get(&(Arc::clone(&hit.id), hit.version));
        let mut found: HashMap<Arc<str>, Arc<Candidate>> = hits
            .iter()
            .filter_map(|hit| Some((Arc::clone(&hit.id), remembered(hit)?)))
            .collect();
        let missing: Vec<&Hit> = hits.iter().filter(|hit| !found.contains_key(&hit.id)).collect();
        for some in missing.chunks(FETCHED) {
            for (hit, candidate) in inner.fetch(caller, some).await? {
                let candidate = Arc::new(candidate);
                inner
                    .remembered
                    .insert((Arc::clone(&hit.id), hit.version), Arc::clone(&candidate));
                found.insert(Arc::clone(&hit.id), candidate);
            }
        }
        Ok(hits.iter().filter_map(|hit| found.remove(&hit.id)).collect())
    }
}

impl Inner {
    async fn fetch<'a>(&self, caller: &str, hits: &[&'a Hit]) -> Result<Vec<(&'a Hit, Candidate)>, Error> {
        let ids: Vec<&str> = hits.iter().map(|hit| &*hit.id).collect();
        let (mut jobs, mut vectors) = records::whole_jobs(&self.store, &ids).await?;
        let found: Vec<_> = hits
            .iter()
            .filter_map(|hit| Some((*hit, jobs.remove(&*hit.id)?, vectors.remove(&*hit.id))))
            .collect();
        let lexicon = Arc::clone(&self.lexicon);
        let texts: Vec<String> = found.iter().map(|(_, stored, _)| stored.text.clone()).collect();
        let read = move || {
            texts
                .par_iter()
                .map(|text| Job::read(&lexicon, text))
                .collect::<Vec<_>>()
        };
        let read = spawn_blocking(read).await?;
        let mut encodings = EmbeddingMemo::new(self.inference.clone(), caller);
        let (mut hits, mut candidates) = (Vec::with_capacity(found.len()), Vec::with_capacity(found.len()));
        for ((hit, stored, vectors), job) in found.into_iter().zip(read) {
            let vectors = match vectors.and_then(|vectors| self.unpack(&job, &vectors)) {
                Some(vectors) => vectors,
                None => encodings.encode(job.texts()).await?,
            };
            hits.push(hit);
            candidates.push(Candidate { stored, job, vectors });
        }
        let lexicon = Arc::clone(&self.lexicon);
        let prepare = move || {
            let each = |candidate: &Candidate| candidate.job.prepare(&lexicon, &candidate.vectors);
            candidates.par_iter().for_each(each);
            candidates
        };
        Ok(hits.into_iter().zip(spawn_blocking(prepare).await?).collect())
    }

    /// The embeddings of the job's texts, unless they belong to other texts.
    fn unpack(&self, job: &Job, vectors: &StoredVectors) -> Option<Vec<Embedding>> {
        if vectors.digest != self.digest(job) {
            return None;
        }
        let embeddings = vectors
            .halves
            .chunks(Embedding::STORED_BYTES)
            .map(Embedding::from_stored);
        let embeddings: Vec<_> = embeddings.collect::<Option<_>>()?;
        (embeddings.len() == job.texts().len()).then_some(embeddings)
    }
}
