//! The one door to the database: opens it, brings its tables up to date and runs statements on it.
//!
//! `app` opens a [`Store`]; the `records` modules of the domains send it their statements. Nothing else speaks to the
//! database, so where it lies (in memory, in a folder, on another machine) is a matter of the URL alone.

mod engine;
mod error;
mod location;
mod lock;
mod migrations;
mod write_ahead_log;

#[cfg(test)]
mod tests;

use std::path::Path;
use std::time::Duration;

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use surrealdb::engine::any::Any;
use surrealdb::opt::auth;
use surrealdb::types::{SurrealValue, Value, Variables};
use surrealdb::{Connection, IndexedResults, Surreal};
use surrealdb_kvs::config::SyncMode;

use self::engine::Engine;
pub use self::error::{Error, OpenError};
pub use self::location::Location;
use self::lock::FolderLock;

/// How long a statement may take before the database counts as unreachable.
const DEADLINE: Duration = Duration::from_secs(5);
/// How often a statement is tried when others change the same rows at the same time.
const ATTEMPTS: u32 = 16;
/// How long a folder's former owner gets to let go of it, so that a restart does not trip over its own past.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long closing may take to write what is in memory to the tables. What is left is in the log, for the next start.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// Memory of the embedded engine; a database elsewhere has settings of its own.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// MiB of the memtable, which holds the newest changes until they are written to a table. Two full ones may wait
    /// for that beside the one in use. One transaction must fit into it.
    pub memtable_mib: u32,
    /// MiB of the cache of what was read from the tables.
    pub block_cache_mib: u32,
}

impl Default for Settings {
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
}

// Cloning a `Surreal` opens a session of its own and signs in again, so the one handle is shared instead.
#[derive(Debug)]
enum Database {
    Folder(Engine),
    MemoryOrRemote(Surreal<Any>),
}

impl Store {
    /// Opens the database at `url` and migrates it: `mem://`, `surrealkv://PATH`, or
    /// `ws[s]://USER:PASSWORD@HOST[:PORT]/NAMESPACE/DATABASE`.
    ///
    /// # Errors
    /// Its `Display` is one line fit for an operator, with no secret in it.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        Self::open_with(url, Settings::default()).await
    }

    /// Like [`Store::open`], with settings of its own.
    ///
    /// # Errors
    /// Like [`Store::open`].
    pub async fn open_with(url: &str, settings: Settings) -> Result<Self, OpenError> {
        Self::open_at(url.parse()?, settings).await
    }

    /// Like [`Store::open_with`], but a folder must hold a store already; nothing is created.
    ///
    /// # Errors
    /// Like [`Store::open`], and [`OpenError::NoStore`].
    pub async fn open_existing(url: &str, settings: Settings) -> Result<Self, OpenError> {
        let location: Location = url.parse()?;
        match location.folder() {
            Some((folder, _)) if !write_ahead_log::store_exists(folder) => Err(OpenError::NoStore(folder.to_owned())),
            _ => Self::open_at(location, settings).await,
        }
    }

    async fn open_at(location: Location, settings: Settings) -> Result<Self, OpenError> {
        let (db, lock) = match location.folder() {
            Some(folder) => {
                let lock = FolderLock::take(folder, PATIENCE).await?;
                (
                    Database::Folder(open_folder(&location, folder, settings).await?),
                    Some(lock),
                )
            }
            None => (Database::MemoryOrRemote(connect(&location).await?), None),
        };
        let store = Self { db, location, lock };
        migrations::run(&store).await?;
        Ok(store)
    }

    /// Where the database lies; its `Display` masks the password.
    #[must_use]
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Whether other processes may change the data too.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.location.is_remote()
    }

    /// Whether the database answers: for the readiness probe.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it does not within the deadline.
    pub async fn ping(&self) -> Result<(), Error> {
        self.run("RETURN true", Variables::new()).await.map(drop)
    }

    /// Runs `statements` with `bindings`, again if others were changing the same rows. Several statements that must
    /// hold together are written as one block, `{ .. }`: a block is one transaction.
    pub(crate) async fn run(&self, statements: &str, bindings: Variables) -> Result<Answer, Error> {
        let mut attempt = 0;
        loop {
            match self.run_once(statements, bindings.clone()).await {
                Err(Error::Conflict) if attempt + 1 < ATTEMPTS => {
                    tokio::time::sleep(pause(attempt)).await;
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
    }

    async fn run_once(&self, statements: &str, bindings: Variables) -> Result<Answer, Error> {
        match tokio::time::timeout(DEADLINE, self.db.query(statements, bindings)).await {
            Ok(Ok(mut results)) => match error::first(results.take_errors()) {
                None => Ok(Answer(results)),
                Some(error) => Err(error),
            },
            Ok(Err(error)) => Err(error.into()),
            Err(_) => Err(Error::Unavailable(format!("no answer within {} s", DEADLINE.as_secs()))),
        }
    }

    /// Lets go of the database and waits until everything is on disk and the folder is free again.
    pub async fn close(self) {
        let Self { db, lock, .. } = self;
        if let Database::Folder(engine) = db {
            match tokio::time::timeout(CLOSE_TIMEOUT, engine.close()).await {
                Ok(Ok(())) => {}
                Ok(Err(reason)) => {
                    tracing::error!(reason, "the database could not be closed; its log holds every change")
                }
                Err(_) => tracing::warn!("the database takes long to close; its log holds every change"),
            }
        }
        if let Some(lock) = lock {
            lock.engine_released(PATIENCE).await;
        }
    }
}

impl Database {
    async fn query(&self, statements: &str, bindings: Variables) -> Result<IndexedResults, surrealdb::Error> {
        match self {
            Self::Folder(engine) => engine.db.query(statements).bind(bindings).await,
            Self::MemoryOrRemote(db) => db.query(statements).bind(bindings).await,
        }
    }
}

/// What the statements answered, by their position.
#[derive(Debug)]
pub(crate) struct Answer(IndexedResults);

impl Answer {
    /// The answer of the first statement, or of the one block.
    pub(crate) fn take<T: SurrealValue>(mut self) -> Result<T, Error> {
        let value: Value = self.0.take(0)?;
        Ok(T::from_value(value)?)
    }
}

async fn open_folder(
    location: &Location,
    folder: &Path,
    sync: SyncMode,
    settings: Settings,
) -> Result<Engine, OpenError> {
    let failed = |reason: String| OpenError::Database {
        place: location.to_string(),
        reason: one_line(&reason),
    };
    let log = {
        let folder = folder.to_owned();
        let reading = tokio::task::spawn_blocking(move || write_ahead_log::inspect(&folder));
        reading.await.map_err(|stopped| failed(stopped.to_string()))??
    };
    // Without a time limit: replaying the log takes what it takes.
    let engine = Engine::open(&location.endpoint(), settings, &log)
        .await
        .map_err(failed)?;
    match prepare(&engine.db, location).await {
        Ok(()) => Ok(engine),
        Err(error) => Err(failed(error.message().to_owned())),
    }
}

async fn connect(location: &Location) -> Result<Surreal<Any>, OpenError> {
    let failed = |reason: String| OpenError::Database {
        place: location.to_string(),
        reason: one_line(&reason),
    };
    let opening = async {
        let db = surrealdb::engine::any::connect(location.address()).await?;
        match location.credentials() {
            Some(credentials) => {
                sign_in(&db, location, credentials).await?;
                select(&db, location).await?;
            }
            None => prepare(&db, location).await?,
        }
        Ok(db)
    };
    match tokio::time::timeout(2 * DEADLINE, opening).await {
        Ok(Ok(db)) => Ok(db),
        Ok(Err(error)) => {
            let error: surrealdb::Error = error;
            Err(failed(error.message().to_owned()))
        }
        Err(_) => Err(failed(format!("no answer within {} s", 2 * DEADLINE.as_secs()))),
    }
}

/// Makes the namespace and the database where they are missing, and selects them.
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

/// Signs in as a user of the database, else of the namespace, else of the whole server: the least powerful that fits.
async fn sign_in(
    db: &Surreal<Any>,
    location: &Location,
    credentials: &location::Credentials,
) -> Result<(), surrealdb::Error> {
    let (namespace, database) = (location.namespace().to_owned(), location.database().to_owned());
    let (username, password) = credentials.reveal();
    let as_database_user = auth::Database {
        namespace: namespace.clone(),
        database,
        username: username.clone(),
        password: password.clone(),
    };
    if db.signin(as_database_user).await.is_ok() {
        return Ok(());
    }
    let as_namespace_user = auth::Namespace {
        namespace,
        username: username.clone(),
        password: password.clone(),
    };
    if db.signin(as_namespace_user).await.is_ok() {
        return Ok(());
    }
    db.signin(auth::Root { username, password }).await.map(drop)
}

/// Grows with the attempts and is random, so that those who collided once do not collide again in step.
fn pause(attempt: u32) -> Duration {
    let ceiling = 1_u64 << attempt.min(6);
    let mut byte = [0_u8; 2];
    // Without randomness the pause is merely the same for everybody.
    let _ = SystemRandom::new().fill(&mut byte);
    Duration::from_micros(200 + 1000 * ceiling * u64::from(u16::from_be_bytes(byte)) / u64::from(u16::MAX))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
