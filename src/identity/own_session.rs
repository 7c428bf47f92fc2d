//! Detecting that a request has ended its own session, by `logout` or by a change of its own account. Such a request is still
//! answered, while other requests of the session are refused.
//!
//! [`watch`] runs the work of a request. `Accounts::announce_end` calls [`note`] whenever sessions end, so resolvers need not
//! report it. A request runs in one task; ends in tasks that it spawns are not detected. An API key cannot remove keys, so a
//! request cannot end the key that it came with.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::session::Session;

/// The sessions that ended.
pub(super) enum Ending<'a> {
    /// All sessions of the account, and its API keys if it was disabled or removed.
    Account(&'a str),
    /// One session.
    Session(&'a str),
}

impl Ending<'_> {
    fn includes(&self, session: &Session) -> bool {
        match self {
            Self::Account(id) => *session.user.id == **id,
            Self::Session(id) => *session.id == **id,
        }
    }
}

struct Watched {
    session: Arc<Session>,
    ended: AtomicBool,
}

tokio::task_local! {
    static WATCHED: Watched;
}

/// Runs the work of a request of this session. Also returns whether the work has ended the session.
pub async fn watch<T>(session: Arc<Session>, work: impl Future<Output = T>) -> (T, bool) {
    let watched = Watched {
        session,
        ended: AtomicBool::new(false),
    };
    let work = async {
        let outcome = work.await;
        (outcome, WATCHED.with(|watched| watched.ended.load(Ordering::Acquire)))
    };
    WATCHED.scope(watched, work).await
}

/// Records that the current request has ended sessions. Does nothing outside of [`watch`], as on the command line.
pub(super) fn note(what: &Ending<'_>) {
    let _ = WATCHED.try_with(|watched| {
        if what.includes(&watched.session) {
            watched.ended.store(true, Ordering::Release);
        }
    });
}
