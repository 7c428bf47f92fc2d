//! The connection to a remote database, which is replaced when it is lost.
//!
//! The SDK reconnects by itself, but then it also sends the statements that waited meanwhile, long after their callers
//! were told that the database cannot be reached. So a lost connection is dropped together with every statement on it,
//! and a new one is opened. No statement is sent twice.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use surrealdb::engine::any::{self, Any};
use surrealdb::opt::auth;
use surrealdb::types::{ErrorDetails, NotAllowedError, Variables};
use surrealdb::{IndexedResults, Surreal};
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;

use super::location::{Credentials, Location};
use super::{DEADLINE, Error, prepare, random_share, select};

/// The time between two statements that test a connection.
const TEST_INTERVAL: Duration = Duration::from_secs(1);
/// The maximum time to connect, to sign in and to select the database.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The pause after the first failed attempt to connect. It doubles with each attempt.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// The longest pause between two attempts, so that the return of the database is noticed soon.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// A remote database.
#[derive(Debug)]
pub(super) struct Remote {
    current: watch::Receiver<Option<Arc<Connection>>>,
    replacing: AbortHandle,
}

#[derive(Debug)]
struct Connection {
    db: Surreal<Any>,
    answered_at: Mutex<Instant>,
    lost: CancellationToken,
}

impl Remote {
    /// Connects, signs in and selects the database.
    ///
    /// # Errors
    /// The reason, for the operator.
    pub(super) async fn open(location: &Location) -> Result<Self, String> {
        let connection = Connection::open(location).await?;
        let (sender, current) = watch::channel(Some(Arc::clone(&connection)));
        let replacing = tokio::spawn(replace_when_lost(location.clone(), connection, sender)).abort_handle();
        Ok(Self { current, replacing })
    }

    /// Runs statements within the deadline, at most once.
    pub(super) async fn query(
        &self,
        deadline: Duration,
        statements: &str,
        bindings: Variables,
    ) -> Result<IndexedResults, Error> {
        let connection = self.current.borrow().clone();
        match connection {
            Some(connection) => connection.query(deadline, statements, bindings).await,
            None => Err(Error::Unavailable("the connection is lost".to_owned())),
        }
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        self.replacing.abort();
    }
}

impl Connection {
    async fn open(location: &Location) -> Result<Arc<Self>, String> {
        let opening = async {
            let db = any::connect(location.address()).await?;
            match location.credentials() {
                Some(credentials) => {
                    sign_in(&db, location, credentials).await?;
                    select(&db, location).await?;
                }
                None => prepare(&db, location).await?,
            }
            Ok(db)
        };
        match tokio::time::timeout(CONNECT_TIMEOUT, opening).await {
            Ok(Ok(db)) => Ok(Arc::new(Self {
                db,
                answered_at: Mutex::new(Instant::now()),
                lost: CancellationToken::new(),
            })),
            Ok(Err(error)) => {
                let error: surrealdb::Error = error;
                Err(error.message().to_owned())
            }
            Err(_) => Err(format!("no answer within {} s", CONNECT_TIMEOUT.as_secs())),
        }
    }

    async fn query(&self, deadline: Duration, statements: &str, bindings: Variables) -> Result<IndexedResults, Error> {
        let sent_at = Instant::now();
        let answer = tokio::time::timeout(deadline, self.db.query(statements).bind(bindings));
        let answer = tokio::select! {
            biased;
            () = self.lost.cancelled() => return Err(Error::Unavailable("the connection was lost".to_owned())),
            answer = answer => answer,
        };
        match answer {
            Ok(Err(error)) if ends_connection(&error) => {
                self.lost.cancel();
                Err(Error::Unavailable(error.message().to_owned()))
            }
            Ok(answer) => {
                *self.answered_at.lock() = Instant::now();
                answer.map_err(Into::into)
            }
            Err(_) => {
                // If other statements were answered meanwhile, this one takes long.
                if *self.answered_at.lock() < sent_at {
                    self.lost.cancel();
                }
                Err(Error::Unavailable(format!("no answer within {} s", deadline.as_secs())))
            }
        }
    }

    /// Returns when the connection is lost.
    async fn test(&self) {
        while !self.lost.is_cancelled() {
            tokio::select! {
                () = self.lost.cancelled() => {}
                () = tokio::time::sleep(TEST_INTERVAL) => {
                    let tested = self.query(DEADLINE, "RETURN true", Variables::new()).await;
                    // The SDK answers with such an error when it failed to restore the session.
                    if matches!(tested, Err(Error::Failed(_))) {
                        self.lost.cancel();
                    }
                }
            }
        }
    }
}

/// Whether no further statement can succeed on the connection.
fn ends_connection(error: &surrealdb::Error) -> bool {
    matches!(
        error.details(),
        ErrorDetails::Connection(_) | ErrorDetails::NotAllowed(Some(NotAllowedError::Auth(_)))
    )
}

async fn replace_when_lost(
    location: Location,
    mut connection: Arc<Connection>,
    current: watch::Sender<Option<Arc<Connection>>>,
) {
    loop {
        connection.test().await;
        current.send_replace(None);
        drop(connection);
        tracing::error!(database = %location, "the connection to the database was lost; connecting again");
        connection = connect_again(&location).await;
        current.send_replace(Some(Arc::clone(&connection)));
        tracing::info!(database = %location, "connected to the database again");
    }
}

async fn connect_again(location: &Location) -> Arc<Connection> {
    let mut pause = FIRST_PAUSE;
    let mut last_reason = String::new();
    loop {
        match Connection::open(location).await {
            Ok(connection) => return connection,
            Err(reason) if reason != last_reason => {
                tracing::warn!(database = %location, reason, "failed to connect to the database; trying again");
                last_reason = reason;
            }
            Err(_) => {}
        }
        // Random, so that the servers of a database do not all sign in at once.
        tokio::time::sleep(pause.mul_f64(0.5 + random_share() / 2.0)).await;
        pause = (2 * pause).min(LONGEST_PAUSE);
    }
}

/// Signs in as a user of the database, else of the namespace, else of the server: the least privileged that works.
async fn sign_in(db: &Surreal<Any>, location: &Location, credentials: &Credentials) -> Result<(), surrealdb::Error> {
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
