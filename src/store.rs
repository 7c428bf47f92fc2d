//! The one door to the database: opens it, brings its tables up to date and runs statements on it.
//!
//! `app` opens a [`Store`]; the `records` modules of the domains send it their statements. Nothing else speaks to the
//! database, so where it lies (in memory, in a folder, on another machine) is a matter of the URL alone.

mod database_url;
mod error;
mod location;
mod lock;
mod migrations;

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use surrealdb::engine::any::Any;
use surrealdb::opt::auth;
use surrealdb::types::{RecordId, RecordIdKey, SurrealValue, Value, Variables};
use surrealdb::{IndexedResults, Surreal};

pub use self::database_url::{DatabaseUrl, mask_password};
pub use self::error::{Error, OpenError};
pub use self::location::Location;
use self::lock::FolderLock;
use crate::text::one_line;

/// How long a statement may take before the database counts as unreachable.
const DEADLINE: Duration = Duration::from_secs(5);
/// How often a statement is tried when others change the same rows at the same time.
const ATTEMPTS: u32 = 16;
/// How long a folder's former owner gets to let go of it, so that a restart does not trip over its own past.
const LOCK_TIMEOUT: Duration = Duration::from_secs(2);

/// An open database. Share it in an `Arc`.
#[derive(Debug)]
pub struct Store {
    // Cloning a `Surreal` opens a session of its own and signs in again, so the one handle is shared instead.
    db: Arc<Surreal<Any>>,
    location: Location,
    lock: Option<FolderLock>,
}

impl Store {
    /// Opens the database at `url` and migrates it: `mem://`, `surrealkv://PATH`, or
    /// `ws[s]://USER:PASSWORD@HOST[:PORT]/NAMESPACE/DATABASE`.
    ///
    /// # Errors
    /// Its `Display` is one line fit for an operator, with no secret in it.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        let location: Location = url.parse()?;
        let lock = match location.folder() {
            Some(folder) => Some(FolderLock::take(folder, LOCK_TIMEOUT).await?),
            None => None,
        };
        let db = connect(&location).await?;
        let store = Self {
            db: Arc::new(db),
            location,
            lock,
        };
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
        let query = self.db.query(statements).bind(bindings);
        match tokio::time::timeout(DEADLINE, query).await {
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
        drop(db);
        if let Some(lock) = lock {
            lock.engine_released(LOCK_TIMEOUT).await;
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

async fn connect(location: &Location) -> Result<Surreal<Any>, OpenError> {
    let failed = |error: surrealdb::Error| OpenError::Database {
        place: location.to_string(),
        reason: one_line(error.message()),
    };
    let opening = async {
        let db = surrealdb::engine::any::connect(location.endpoint())
            .await
            .map_err(failed)?;
        if let Some(credentials) = location.credentials() {
            sign_in(&db, location, credentials).await.map_err(failed)?;
        } else {
            let define = format!(
                "DEFINE NAMESPACE IF NOT EXISTS {ns}; USE NS {ns}; DEFINE DATABASE IF NOT EXISTS {db}",
                ns = location.namespace(),
                db = location.database()
            );
            db.query(define).await.and_then(IndexedResults::check).map_err(failed)?;
        }
        db.use_ns(location.namespace())
            .use_db(location.database())
            .await
            .map_err(failed)?;
        Ok(db)
    };
    match tokio::time::timeout(2 * DEADLINE, opening).await {
        Ok(outcome) => outcome,
        Err(_) => Err(OpenError::Database {
            place: location.to_string(),
            reason: format!("no answer within {} s", 2 * DEADLINE.as_secs()),
        }),
    }
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

/// The key of a record; all of ours are texts.
pub(crate) fn record_key(id: RecordId) -> String {
    match id.key {
        RecordIdKey::String(text) => text,
        other => format!("{other:?}"),
    }
}

/// Grows with the attempts and is random, so that those who collided once do not collide again in step.
fn pause(attempt: u32) -> Duration {
    let ceiling = 1_u64 << attempt.min(6);
    let mut byte = [0_u8; 2];
    // Without randomness the pause is merely the same for everybody.
    let _ = SystemRandom::new().fill(&mut byte);
    Duration::from_micros(200 + 1000 * ceiling * u64::from(u16::from_be_bytes(byte)) / u64::from(u16::MAX))
}
