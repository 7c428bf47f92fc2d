//! Authorization state of a request, re-evaluated for each subscription event: before the event is executed, and again
//! before it is sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::{Mutex, RwLock};

use crate::access::Actor;
use crate::app::App;
use crate::graphql::error::Failure;
use crate::identity::Session;

/// The authorization of one operation. Share it in an `Arc`.
pub(crate) struct Authorization {
    actor: RwLock<Actor>,
    /// The owners of objects named by resolvers, by the path of the field.
    owners: Mutex<Vec<(String, String)>>,
    deadline: Option<Duration>,
    lasting: Option<Renewal>,
}

/// The data for re-evaluation.
struct Renewal {
    app: App,
    session: Option<Arc<Session>>,
    begun: AtomicBool,
}

impl Authorization {
    /// For an operation with a single response.
    pub(crate) fn once(actor: Actor) -> Self {
        Self {
            actor: RwLock::new(actor),
            owners: Mutex::default(),
            deadline: None,
            lasting: None,
        }
    }

    /// For a subscription.
    pub(crate) fn lasting(app: App, session: Option<Arc<Session>>, actor: Actor) -> Self {
        Self {
            actor: RwLock::new(actor),
            owners: Mutex::default(),
            deadline: None,
            lasting: Some(Renewal {
                app,
                session,
                begun: AtomicBool::new(false),
            }),
        }
    }

    /// Sets the deadline of each event.
    pub(crate) fn within(self, deadline: Duration) -> Self {
        Self {
            deadline: Some(deadline),
            ..self
        }
    }

    pub(crate) fn deadline(&self) -> Option<Duration> {
        self.deadline
    }

    /// The actor, as last evaluated.
    pub(crate) fn actor(&self) -> Actor {
        self.actor.read().clone()
    }

    /// Calls `decide` with the actor, as last evaluated. Unlike [`actor`](Self::actor), it writes to no reference count
    /// that other requests of the caller share.
    pub(crate) fn with_actor<T>(&self, decide: impl FnOnce(&Actor) -> T) -> T {
        decide(&self.actor.read())
    }

    /// Names the owner of the object whose field is at this path.
    pub(super) fn name_owner(&self, path: String, owner: String) {
        self.owners.lock().push((path, owner));
    }

    /// The owner named for this path, once.
    pub(super) fn take_owner(&self, path: &str) -> Option<String> {
        let mut owners = self.owners.lock();
        let at = owners.iter().position(|(named, _)| named == path)?;
        Some(owners.swap_remove(at).1)
    }

    /// Re-evaluates the actor. Must be called before an operation or event is executed.
    ///
    /// # Errors
    /// The session has ended.
    pub(crate) async fn renew(&self) -> Result<(), Failure> {
        let Some(lasting) = &self.lasting else { return Ok(()) };
        lasting.begun.store(true, Ordering::Release);
        let actor = lasting.look().await?;
        *self.actor.write() = actor;
        Ok(())
    }

    /// Whether an event has been executed. An error before that is a request error.
    pub(crate) fn has_begun(&self) -> bool {
        self.lasting
            .as_ref()
            .is_some_and(|lasting| lasting.begun.load(Ordering::Acquire))
    }

    /// Checks that the caller has lost no permission since the event was executed. Must be called before it is sent.
    ///
    /// # Errors
    /// The session has ended, or the permissions have changed.
    pub(crate) async fn still_stands(&self) -> Result<(), Failure> {
        let Some(lasting) = &self.lasting else { return Ok(()) };
        let now = lasting.look().await?;
        let before = self.with_actor(Actor::permissions);
        if now.permissions() == before || !lasting.begun.load(Ordering::Acquire) {
            Ok(())
        } else {
            Err(Failure::SessionOver)
        }
    }
}

impl Renewal {
    async fn look(&self) -> Result<Actor, Failure> {
        match &self.session {
            Some(session) => match self.app.accounts().current(session).await {
                Ok(session) => Ok(session.actor),
                Err(error) => Err(Failure::of_session(error)),
            },
            None => guest(&self.app).await,
        }
    }
}

/// The actor of a request without a token.
///
/// # Errors
/// The store does not respond.
pub(crate) async fn guest(app: &App) -> Result<Actor, Failure> {
    app.accounts().guest().await.map_err(Failure::from)
}
