//! The database: opens it, migrates its tables and runs statements.
//!
//! `app` opens a [`Store`], and the `records` modules of the domains send it their statements. No other module uses the
//! database, so whether it is in memory, in a folder or remote depends on the URL only.

pub mod backup;
mod data_key;
mod database_url;
mod engine;
mod error;
mod export;
mod field_cipher;
mod location;
mod lock;
mod migrations;
mod opening;
mod remote;
mod rewriting;
mod synced_log;
mod write_ahead_log;

#[cfg(test)]
mod tests;

use std::ops::Bound;
use std::time::Duration;

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use surrealdb::engine::any::Any;
use surrealdb::types::{RecordId, RecordIdKey, RecordIdKeyRange, SurrealValue, Value, Variables};
use surrealdb::{Connection, IndexedResults, Surreal};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout_at};

use self::data_key::KeyRecord;
pub use self::data_key::{DataKeyError, DataKeyStatus, DataKeys, create_data_key};
pub use self::database_url::{DatabaseUrl, mask_password};
use self::engine::Engine;
pub use self::error::{Error, OpenError};
pub use self::export::ExportError;
pub use self::field_cipher::{Column, DataKey, FieldCipher};
pub use self::location::Location;
use self::lock::FolderLock;
use self::opening::{connect, open_folder};
use self::remote::Remote;
pub use self::rewriting::rewrite_files;

/// The maximum duration of a statement. After it, the database counts as unreachable.
const DEADLINE: Duration = Duration::from_secs(5);
/// The maximum duration of a statement that reads a whole table or builds an index.
const SCAN_DEADLINE: Duration = Duration::from_secs(600);
/// The time to wait for another process to release a folder, so that a restart does not conflict with the previous
/// process.
const LOCK_TIMEOUT: Duration = Duration::from_secs(2);
/// The maximum time to write memtables to disk when closing. The rest is in the log, for the next start.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// Memory of the embedded engine. A remote database has its own settings.
#[derive(Debug, Clone, Copy)]
pub struct MemorySettings {
    /// Size of the memtable, which holds the newest changes until they are written to a table, in MiB. Up to two full
    /// ones may wait to be written besides the current one. A transaction must fit into one.
    pub memtable_mib: u32,
    /// Size of the cache of blocks read from tables, in MiB.
    pub block_cache_mib: u32,
}

impl Default for MemorySettings {
    fn default() -> Self {
        Self {
            memtable_mib: 64,
            block_cache_mib: 64,
        }
    }
}

/// An open database. Share it in an `Arc`.
#[derive(Debug)]
pub struct Store {
    db: Database,
    location: Location,
    lock: Option<FolderLock>,
    /// Held by the one caller that repeats a statement after a conflict.
    repeating: Mutex<()>,
    cipher: FieldCipher,
    /// `None` without a data key.
    key_record: Option<KeyRecord>,
}

// Cloning a `Surreal` opens a session of its own and signs in again, so the one handle is shared instead.
#[derive(Debug)]
enum Database {
    Folder(Engine),
    Memory(Surreal<Any>),
    Remote(Remote),
}

impl Store {
    /// Opens and migrates the database at `url`: `mem://`, `surrealkv://PATH`, or
    /// `ws[s]://USER:PASSWORD@HOST[:PORT]/NAMESPACE/DATABASE`.
    ///
    /// # Errors
    /// Returns an error whose `Display` is one line for the operator, without secrets.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        Self::open_with(url, MemorySettings::default()).await
    }

    /// Like [`Store::open`], with these memory settings.
    ///
    /// # Errors
    /// Like [`Store::open`].
    pub async fn open_with(url: &str, settings: MemorySettings) -> Result<Self, OpenError> {
        Self::open_at(url.parse()?, settings).await
    }

    /// Like [`Store::open_with_keys`], but does not create a store in a folder without one.
    ///
    /// # Errors
    /// Like [`Store::open`], and [`OpenError::NoStore`].
    pub async fn open_existing(
        location: Location,
        settings: MemorySettings,
        keys: DataKeys,
    ) -> Result<Self, OpenError> {
        match location.folder() {
            Some((folder, _)) if !write_ahead_log::store_exists(folder) => Err(OpenError::NoStore(folder.to_owned())),
            _ => Self::open_with_keys(location, settings, keys).await,
        }
    }

    /// Like [`Store::open`], at a location.
    ///
    /// # Errors
    /// Like [`Store::open`].
    pub async fn open_at(location: Location, settings: MemorySettings) -> Result<Self, OpenError> {
        Self::open_with_keys(location, settings, DataKeys::default()).await
    }

    /// Like [`Store::open_at`], with data keys, which encrypt personal data.
    ///
    /// # Errors
    /// Like [`Store::open`], and [`OpenError::DataKey`] if they are not those of the database.
    pub async fn open_with_keys(
        location: Location,
        settings: MemorySettings,
        keys: DataKeys,
    ) -> Result<Self, OpenError> {
        let mut store = Self::open_sealed(location, settings).await?;
        match store.unlock(keys).await {
            Ok(()) => Ok(store),
            Err(error) => {
                store.close().await;
                Err(error)
            }
        }
    }

    /// Opens and migrates a database whose encrypted values are not read.
    async fn open_sealed(location: Location, settings: MemorySettings) -> Result<Self, OpenError> {
        let (db, lock) = match location.folder() {
            Some((folder, sync)) => {
                let lock = FolderLock::take(folder, LOCK_TIMEOUT).await?;
                let engine = Box::pin(open_folder(&location, folder, sync, settings)).await?;
                (Database::Folder(engine), Some(lock))
            }
            None => (Box::pin(connect(&location)).await?, None),
        };
        let store = Self {
            db,
            location,
            lock,
            repeating: Mutex::default(),
            cipher: FieldCipher::default(),
            key_record: None,
        };
        migrations::run(&store).await?;
        Ok(store)
    }

    /// The location of the database. Its `Display` masks the password.
    #[must_use]
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Whether other processes may change the data.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.location.is_remote()
    }

    /// Checks that the database responds, has the tables and takes changes, for the readiness probe. Writes nothing: an
    /// embedded database writes a heartbeat every three seconds anyway, and the outcome of its last write is known.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if it does not respond within the deadline, [`Error::NotWritable`] if changes are refused,
    /// [`Error::Failed`] if the tables are missing.
    pub async fn ping(&self) -> Result<(), Error> {
        if let Some(cause) = self.db.failure() {
            return Err(Error::NotWritable(cause));
        }
        migrations::check(self).await
    }

    /// Runs `statements` with `bindings`, and repeats them after a conflict. Statements that form one change are
    /// written as a block, `{ .. }`, which is one transaction.
    pub(crate) async fn run(&self, statements: &str, bindings: Variables) -> Result<Answer, Error> {
        self.run_within(DEADLINE, statements, bindings).await
    }

    /// Like [`Store::run`], for statements that read a whole table or build an index, which take longer the more records
    /// there are.
    pub(crate) async fn scan(&self, statements: &str, bindings: Variables) -> Result<Answer, Error> {
        self.run_within(SCAN_DEADLINE, statements, bindings).await
    }

    /// Callers that change the same record conflict. They repeat their statements one after another, since they would
    /// conflict again and again otherwise, and for as long as one statement may take.
    async fn run_within(&self, deadline: Duration, statements: &str, bindings: Variables) -> Result<Answer, Error> {
        let give_up = Instant::now() + deadline;
        match self.run_once(deadline, statements, bindings.clone()).await {
            Err(Error::Conflict) => {}
            outcome => return outcome,
        }
        let Ok(_turn) = timeout_at(give_up, self.repeating.lock()).await else {
            return Err(Error::Conflict);
        };
        let mut attempt = 0;
        loop {
            match self.run_once(deadline, statements, bindings.clone()).await {
                Err(Error::Conflict) if Instant::now() < give_up => {
                    tokio::time::sleep(pause(attempt)).await;
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
    }

    async fn run_once(&self, deadline: Duration, statements: &str, bindings: Variables) -> Result<Answer, Error> {
        let outcome = match self.db.query(deadline, statements, bindings).await {
            Ok(mut results) => match error::first(results.take_errors()) {
                None => Ok(Answer(results)),
                Some(error) => Err(error),
            },
            Err(error) => Err(error),
        };
        match (outcome, self.db.failure()) {
            // SurrealDB passes an error of its storage backend on as a text.
            (Err(Error::Failed(_)), Some(cause)) => Err(Error::NotWritable(cause)),
            (outcome, _) => outcome,
        }
    }

    /// Closes the database. Returns when everything is on disk and the folder is released.
    pub async fn close(self) {
        let Self { db, lock, .. } = self;
        if let Database::Folder(engine) = db
            && tokio::time::timeout(CLOSE_TIMEOUT, engine.close()).await.is_err()
        {
            tracing::warn!("the database is still closing; its log contains every change");
        }
        if let Some(lock) = lock {
            lock.engine_released(LOCK_TIMEOUT).await;
        }
    }
}

impl Database {
    /// The reason for which an embedded database in a folder refuses changes.
    fn failure(&self) -> Option<&'static str> {
        match self {
            Self::Folder(engine) => engine.failure(),
            Self::Memory(_) | Self::Remote(_) => None,
        }
    }

    async fn query(&self, deadline: Duration, statements: &str, bindings: Variables) -> Result<IndexedResults, Error> {
        match self {
            Self::Folder(engine) => query(&engine.db, deadline, statements, bindings).await,
            Self::Memory(db) => query(db, deadline, statements, bindings).await,
            Self::Remote(remote) => remote.query(deadline, statements, bindings).await,
        }
    }
}

/// The results of statements, by position.
#[derive(Debug)]
pub(crate) struct Answer(IndexedResults);

impl Answer {
    /// Returns the result of the first statement, or of the only block.
    pub(crate) fn take<T: SurrealValue>(mut self) -> Result<T, Error> {
        let value: Value = self.0.take(0)?;
        Ok(T::from_value(value)?)
    }
}

/// Runs statements of an embedded database within the deadline.
async fn query<C: Connection>(
    db: &Surreal<C>,
    deadline: Duration,
    statements: &str,
    bindings: Variables,
) -> Result<IndexedResults, Error> {
    match tokio::time::timeout(deadline, db.query(statements).bind(bindings)).await {
        Ok(results) => results.map_err(Into::into),
        Err(_) => Err(Error::Unavailable(format!("no answer within {} s", deadline.as_secs()))),
    }
}

/// Creates the namespace and the database if they are missing, and selects them.
async fn prepare<C: Connection>(db: &Surreal<C>, location: &Location) -> Result<(), surrealdb::Error> {
    let define = format!(
        "DEFINE NAMESPACE IF NOT EXISTS {ns}; USE NS {ns}; DEFINE DATABASE IF NOT EXISTS {db}",
        ns = location.namespace(),
        db = location.database()
    );
    db.query(define).await.and_then(IndexedResults::check)?;
    select(db, location).await
}

async fn select<C: Connection>(db: &Surreal<C>, location: &Location) -> Result<(), surrealdb::Error> {
    db.use_ns(location.namespace())
        .use_db(location.database())
        .await
        .map(drop)
}

/// The parameter `$page` of `SELECT * FROM type::record($page.range) LIMIT $limit`.
#[derive(Debug, SurrealValue)]
pub(crate) struct Page {
    range: RecordId,
}

/// The records of a table whose keys are after this one, in the order of their keys. A page reads the records up to its limit
/// only: the database passes a limit on to a range that it does not know when it plans the statement. `FROM $range` reads
/// all records before it takes the first ones, and a condition on the id reads the table from its beginning.
pub(crate) fn records_after(table: &str, key: &str) -> Page {
    let range = RecordIdKeyRange {
        start: Bound::Excluded(RecordIdKey::String(key.to_owned())),
        end: Bound::Unbounded,
    };
    Page {
        range: RecordId::new(table, RecordIdKey::Range(Box::new(range))),
    }
}

/// Returns the key of a record. All tables have string keys.
pub(crate) fn record_key(id: RecordId) -> String {
    match id.key {
        RecordIdKey::String(text) => text,
        other => format!("{other:?}"),
    }
}

/// Grows with the attempts and is random, so that transactions that conflicted do not conflict again.
fn pause(attempt: u32) -> Duration {
    let ceiling = Duration::from_millis(1 << attempt.min(6));
    Duration::from_micros(200) + ceiling.mul_f64(random_share())
}

/// A random number from 0 to 1.
fn random_share() -> f64 {
    let mut bytes = [0_u8; 2];
    // Without randomness, the number is the same for every caller.
    let _ = SystemRandom::new().fill(&mut bytes);
    f64::from(u16::from_be_bytes(bytes)) / f64::from(u16::MAX)
}
