//! Whether a request has ended the session that it came with, by `logout` or by a change of its own account. Then it is
//! answered all the same, while other requests of that session are refused.
//!
//! [`watch`] runs the work of a request. `Accounts::announce_end`, through which everything goes that ends sessions, calls
//! [`note`], so a resolver cannot forget to. A request runs in one task; what that task spawns is not seen. An API key cannot
//! remove keys, so a request never ends the key that it came with.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::session::Session;

/// What has ended.
pub(super) enum Ending<'a> {
    /// Every session of the account; of one that was disabled or removed, every key too.
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

/// Runs the work of a request that came with this session; also says whether the work has ended the session.
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

/// Tells the request that is being worked on what it has ended. The command line works for no request.
pub(super) fn note(what: &Ending<'_>) {
    let _ = WATCHED.try_with(|watched| {
        if what.includes(&watched.session) {
            watched.ended.store(true, Ordering::Release);
        }
    });
}
