//! Jobs in the database: records and statements.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use surrealdb::types::{Bytes, RecordId, SurrealValue, Variables};

use super::entry::Entry;
use super::{Error, StoredJob};
use crate::audit::{APPEND, Stamped};
use crate::store::{self, Column, FieldCipher, Store, record_key};

/// Number of versions whose removals are kept; a process that has missed more reloads everything.
const REMOVALS_KEPT: i64 = 10_000;
const NOT_FOUND: &str = "not found";

/// The state of the catalogue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, SurrealValue)]
pub(super) struct State {
    pub(super) version: i64,
    /// Removals up to this version are no longer recorded.
    pub(super) forgotten: i64,
}

/// A job with everything computed from it.
pub(super) struct JobWrite {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) encoder_fingerprint: String,
    pub(super) terms: Vec<u8>,
    pub(super) vector: Vec<u8>,
    pub(super) vectors: StoredVectors,
}

/// The stored embeddings of a job's sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StoredVectors {
    pub(super) digest: Vec<u8>,
    pub(super) halves: Vec<u8>,
}

#[derive(SurrealValue)]
struct JobWriteRecord {
    job: RecordId,
    entry: RecordId,
    vectors: RecordId,
    removed: RecordId,
    title: String,
    text: String,
    #[surreal(rename = "maker")]
    encoder_fingerprint: String,
    terms: Bytes,
    vector: Bytes,
    digest: Bytes,
    halves: Bytes,
}

#[derive(SurrealValue)]
struct JobRecord {
    id: RecordId,
    title: String,
    text: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

#[derive(SurrealValue)]
struct EntryRecord {
    id: RecordId,
    version: i64,
    #[surreal(rename = "maker")]
    encoder_fingerprint: String,
    terms: Bytes,
    vector: Bytes,
}

#[derive(SurrealValue)]
struct VectorsRecord {
    id: RecordId,
    digest: Bytes,
    halves: Bytes,
}

#[derive(SurrealValue)]
struct RemovedRecord {
    id: RecordId,
    version: i64,
}

#[derive(SurrealValue)]
struct Changes {
    entries: Vec<EntryRecord>,
    removed: Vec<RemovedRecord>,
}

#[derive(SurrealValue)]
struct Whole {
    jobs: Vec<JobRecord>,
    vectors: Vec<VectorsRecord>,
}

impl JobWriteRecord {
    fn seal(written: &JobWrite, cipher: &FieldCipher) -> Result<Self, store::Error> {
        let id = &written.id;
        let bytes = |column, bytes: &Vec<u8>| cipher.seal_bytes(column, id, bytes.clone()).map(Bytes::from);
        Ok(Self {
            job: job_id(id),
            entry: entry_id(id),
            vectors: vectors_id(id),
            removed: removed_id(id),
            title: cipher.seal(Column::JobTitle, id, &written.title)?,
            text: cipher.seal(Column::JobText, id, &written.text)?,
            encoder_fingerprint: written.encoder_fingerprint.clone(),
            terms: bytes(Column::JobTerms, &written.terms)?,
            vector: bytes(Column::JobVector, &written.vector)?,
            digest: bytes(Column::JobDigest, &written.vectors.digest)?,
            halves: bytes(Column::JobHalves, &written.vectors.halves)?,
        })
    }
}

impl JobRecord {
    fn open(self, cipher: &FieldCipher) -> Result<StoredJob, store::Error> {
        let id = record_key(self.id);
        Ok(StoredJob {
            title: cipher.open(Column::JobTitle, &id, self.title)?,
            text: cipher.open(Column::JobText, &id, self.text)?,
            id: id.into(),
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

impl EntryRecord {
    fn open(self, cipher: &FieldCipher) -> Result<Entry, store::Error> {
        let id = record_key(self.id);
        Ok(Entry {
            version: self.version,
            encoder_fingerprint: self.encoder_fingerprint,
            terms: cipher.open_bytes(Column::JobTerms, &id, self.terms.to_vec())?,
            vector: cipher.open_bytes(Column::JobVector, &id, self.vector.to_vec())?,
            id: id.into(),
        })
    }
}

impl VectorsRecord {
    fn open(self, cipher: &FieldCipher) -> Result<(String, StoredVectors), store::Error> {
        let id = record_key(self.id);
        let vectors = StoredVectors {
            digest: cipher.open_bytes(Column::JobDigest, &id, self.digest.to_vec())?,
            halves: cipher.open_bytes(Column::JobHalves, &id, self.halves.to_vec())?,
        };
        Ok((id, vectors))
    }
}

/// The version of the current change.
const NEXT_VERSION: &str = "
    LET $version = (UPSERT ONLY catalogue:state SET version = (version ?? 0) + 1, forgotten = forgotten ?? 0
        RETURN AFTER).version;
";

/// Adds or replaces jobs in one transaction.
pub(super) async fn put(
    store: &Store,
    jobs: &[JobWrite],
    now: DateTime<Utc>,
    event: &Stamped,
) -> Result<(), store::Error> {
    let mut bindings = Variables::new();
    event.bind(&mut bindings);
    bindings.insert("now", now);
    let sealed = jobs.iter().map(|job| JobWriteRecord::seal(job, store.cipher()));
    bindings.insert("jobs", sealed.collect::<Result<Vec<_>, _>>()?);
    let statement = format!(
        "{{
        {NEXT_VERSION}
        FOR $one IN $jobs {{
            LET $job = $one.job;
            LET $entry = $one.entry;
            LET $vectors = $one.vectors;
            LET $removed = $one.removed;
            UPSERT $job SET title = $one.title, text = $one.text, created_at = created_at ?? $now, updated_at = $now
                RETURN NONE;
            UPSERT $entry SET version = $version, maker = $one.maker, terms = $one.terms, vector = $one.vector
                RETURN NONE;
            UPSERT $vectors SET digest = $one.digest, halves = $one.halves RETURN NONE;
            DELETE $removed RETURN NONE;
        }};
        {APPEND}
    }}"
    );
    store.run(&statement, bindings).await.map(drop)
}

/// Replaces the data computed by another encoder, unless the job has changed since.
pub(super) async fn renew(store: &Store, job: &JobWrite, since: i64) -> Result<(), store::Error> {
    let mut bindings = Variables::new();
    bindings.insert("one", JobWriteRecord::seal(job, store.cipher())?);
    bindings.insert("entry", entry_id(&job.id));
    bindings.insert("vectors", vectors_id(&job.id));
    bindings.insert("since", since);
    let statement = format!(
        "{{
        IF (SELECT VALUE version FROM ONLY $entry) = $since {{
            {NEXT_VERSION}
            UPSERT $entry SET version = $version, maker = $one.maker, terms = $one.terms, vector = $one.vector
                RETURN NONE;
            UPSERT $vectors SET digest = $one.digest, halves = $one.halves RETURN NONE;
        }};
    }}"
    );
    store.run(&statement, bindings).await.map(drop)
}

/// Removes a job.
pub(super) async fn remove(store: &Store, id: &str, event: &Stamped) -> Result<(), Error> {
    let mut bindings = Variables::new();
    event.bind(&mut bindings);
    bindings.insert("job", job_id(id));
    bindings.insert("entry", entry_id(id));
    bindings.insert("vectors", vectors_id(id));
    bindings.insert("removed", removed_id(id));
    bindings.insert("kept", REMOVALS_KEPT);
    bindings.insert("not_found", NOT_FOUND.to_owned());
    let statement = format!(
        "{{
        IF array::is_empty((DELETE $job RETURN BEFORE)) {{ THROW $not_found }};
        {NEXT_VERSION}
        DELETE $entry RETURN NONE;
        DELETE $vectors RETURN NONE;
        UPSERT $removed SET version = $version RETURN NONE;
        IF $version > $kept {{
            DELETE job_removed WHERE version <= $version - $kept RETURN NONE;
            UPDATE catalogue:state SET forgotten = $version - $kept RETURN NONE;
        }};
        {APPEND}
    }}"
    );
    match store.run(&statement, bindings).await {
        Ok(_) => Ok(()),
        Err(store::Error::Refused(word)) if word == NOT_FOUND => Err(Error::NotFound),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn state(store: &Store) -> Result<State, store::Error> {
    let statement = "SELECT version, forgotten FROM ONLY catalogue:state";
    let state: Option<State> = store.run(statement, Variables::new()).await?.take()?;
    Ok(state.unwrap_or_default())
}

/// The changes after version `after` up to `until`: existing entries, and ids and versions of removals.
pub(super) async fn changes(
    store: &Store,
    after: i64,
    until: i64,
) -> Result<(Vec<Entry>, Vec<(String, i64)>), store::Error> {
    let mut bindings = Variables::new();
    bindings.insert("after", after);
    bindings.insert("until", until);
    let statement = "{
        LET $entries = (SELECT * FROM job_entry WHERE version > $after AND version <= $until);
        LET $removed = (SELECT * FROM job_removed WHERE version > $after AND version <= $until);
        RETURN { entries: $entries, removed: $removed };
    }";
    let Changes { entries, removed } = store.run(statement, bindings).await?.take()?;
    let removed = removed
        .into_iter()
        .map(|record| (record_key(record.id), record.version));
    Ok((open_entries(store, entries)?, removed.collect()))
}

/// The entries after the id `after`, ordered by id.
pub(super) async fn entries(store: &Store, after: Option<&str>, limit: usize) -> Result<Vec<Entry>, store::Error> {
    let mut bindings = Variables::new();
    bindings.insert("page", store::records_after("job_entry", after.unwrap_or_default()));
    bindings.insert("limit", i64::try_from(limit).unwrap_or(i64::MAX));
    let statement = "SELECT * FROM type::record($page.range) LIMIT $limit";
    let records: Vec<EntryRecord> = store.run(statement, bindings).await?.take()?;
    open_entries(store, records)
}

/// The entry of a job.
pub(super) async fn entry(store: &Store, id: &str) -> Result<Option<Entry>, store::Error> {
    let mut bindings = Variables::new();
    bindings.insert("entry", entry_id(id));
    let record: Option<EntryRecord> = store.run("SELECT * FROM ONLY $entry", bindings).await?.take()?;
    record.map(|record| record.open(store.cipher())).transpose()
}

/// The existing jobs among these ids.
pub(super) async fn jobs(store: &Store, ids: &[&str]) -> Result<HashMap<String, StoredJob>, store::Error> {
    let mut bindings = Variables::new();
    bindings.insert("jobs", ids.iter().map(|id| job_id(id)).collect::<Vec<_>>());
    let records: Vec<JobRecord> = store.run("SELECT * FROM $jobs", bindings).await?.take()?;
    by_id(store, records)
}

/// As [`jobs`], with the embeddings of their sentences.
pub(super) async fn whole_jobs(
    store: &Store,
    ids: &[&str],
) -> Result<(HashMap<String, StoredJob>, HashMap<String, StoredVectors>), store::Error> {
    let mut bindings = Variables::new();
    bindings.insert("jobs", ids.iter().map(|id| job_id(id)).collect::<Vec<_>>());
    bindings.insert("vectors", ids.iter().map(|id| vectors_id(id)).collect::<Vec<_>>());
    let statement = "{
        LET $found = (SELECT * FROM $jobs);
        LET $encoded = (SELECT * FROM $vectors);
        RETURN { jobs: $found, vectors: $encoded };
    }";
    let Whole { jobs, vectors } = store.run(statement, bindings).await?.take()?;
    let vectors = vectors.into_iter().map(|record| record.open(store.cipher()));
    Ok((by_id(store, jobs)?, vectors.collect::<Result<_, _>>()?))
}

fn by_id(
    store: &Store,
    records: impl IntoIterator<Item = JobRecord>,
) -> Result<HashMap<String, StoredJob>, store::Error> {
    let jobs = records.into_iter().map(|record| record.open(store.cipher()));
    jobs.map(|job| job.map(|job| (job.id.to_string(), job))).collect()
}

fn open_entries(store: &Store, records: Vec<EntryRecord>) -> Result<Vec<Entry>, store::Error> {
    records.into_iter().map(|record| record.open(store.cipher())).collect()
}

fn job_id(id: &str) -> RecordId {
    RecordId::new("job", id)
}

fn entry_id(id: &str) -> RecordId {
    RecordId::new("job_entry", id)
}

fn vectors_id(id: &str) -> RecordId {
    RecordId::new("job_vectors", id)
}

fn removed_id(id: &str) -> RecordId {
    RecordId::new("job_removed", id)
}

/// Runs a statement that only tests need.
#[cfg(test)]
pub(super) async fn run(store: &Store, statement: &str) -> Result<(), store::Error> {
    store.run(statement, Variables::new()).await.map(drop)
}
