//! Who asks, as the guard judges it. A single answer is judged by what its caller may do when it begins; a subscription
//! goes on while roles change, so it looks again before each event, and again before the event leaves.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::RwLock;

use crate::access::{Actor, Permissions};
use crate::app::App;
use crate::graphql::error::Failure;
use crate::identity::Session;

/// The caller of one operation. Share it in an `Arc`.
pub(crate) struct Authorization {
    actor: RwLock<Actor>,
    deadline: Option<Duration>,
    lasting: Option<Renewal>,
}

/// What a subscription looks at again.
struct Renewal {
    app: App,
    session: Option<Arc<Session>>,
    begun: AtomicBool,
}

impl Authorization {
    /// For an operation with one answer.
    pub(crate) fn once(actor: Actor) -> Self {
        Self {
            actor: RwLock::new(actor),
            deadline: None,
            lasting: None,
        }
    }

    /// For a subscription.
    pub(crate) fn lasting(app: App, session: Option<Arc<Session>>, actor: Actor) -> Self {
        Self {
            actor: RwLock::new(actor),
            deadline: None,
            lasting: Some(Renewal {
                app,
                session,
                begun: AtomicBool::new(false),
            }),
        }
    }

    /// Each event has this long to be executed.
    pub(crate) fn within(self, deadline: Duration) -> Self {
        Self {
            deadline: Some(deadline),
            ..self
        }
    }

    pub(crate) fn deadline(&self) -> Option<Duration> {
        self.deadline
    }

    /// What the caller is and may do, as it was last looked at.
    pub(crate) fn actor(&self) -> Actor {
        self.actor.read().clone()
    }

    /// To be called before an operation or an event of it is executed.
    ///
    /// # Errors
    /// The caller is not to be answered any more.
    pub(crate) async fn renew(&self) -> Result<(), Failure> {
        let Some(lasting) = &self.lasting else { return Ok(()) };
        lasting.begun.store(true, Ordering::Release);
        let actor = lasting.look().await?;
        *self.actor.write() = actor;
        Ok(())
    }

    /// Whether an event was executed: an error before that is one of the whole request.
    pub(crate) fn has_begun(&self) -> bool {
        self.lasting
            .as_ref()
            .is_some_and(|lasting| lasting.begun.load(Ordering::Acquire))
    }

    /// To be called before an event leaves: whoever has lost something while it was made does not get it.
    ///
    /// # Errors
    /// The caller is not to be answered any more, or not as the event was judged.
    pub(crate) async fn still_stands(&self) -> Result<(), Failure> {
        let Some(lasting) = &self.lasting else { return Ok(()) };
        let now = lasting.look().await?;
        if now.permissions() == self.actor().permissions() || !lasting.begun.load(Ordering::Acquire) {
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
                // A store that cannot be asked is no reason to trust for longer.
                Err(_) => Err(Failure::SessionOver),
            },
            None => Ok(guest(&self.app).await),
        }
    }
}

/// Who asks without a token. A store that cannot be asked gives nothing away.
pub(crate) async fn guest(app: &App) -> Actor {
    app.accounts().guest().await.unwrap_or_else(|error| {
        tracing::error!(%error, "the role of guests cannot be read");
        Actor::guest_with(Permissions::NONE)
    })
}
