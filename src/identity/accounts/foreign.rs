//! Authentication with tokens of identity providers: the account of the bearer, and its state.

use std::sync::Arc;

use crate::access::Actor;
use crate::audit::{Action, Event};
use crate::identity::accounts::Accounts;
use crate::identity::accounts::SetupError;
use crate::identity::error::Error;
use crate::identity::foreign_issuer::Provider;
use crate::identity::foreign_issuer::provider::Verified;
use crate::identity::records::{self, ForeignIdentity, StoredUser};
use crate::identity::session::{Credential, Session};
use crate::identity::state_cache::AccountState;
use crate::identity::user::User;

impl From<String> for SetupError {
    fn from(line: String) -> Self {
        Self::Issuer(line)
    }
}

impl Accounts {
    /// The caller with a token of this issuer.
    pub(in crate::identity) async fn authenticate_foreign(
        &self,
        provider: &Provider,
        token: &str,
    ) -> Result<Session, Error> {
        let verified = provider.verify(token, self.now()).await?;
        let account_state = match self.account_state(&verified.account).await? {
            Some(account_state) => account_state,
            None => self.welcome(&verified).await?,
        };
        if !account_state.user.enabled {
            return Err(Error::Unauthenticated {
                reason: "its account is disabled",
            });
        }
        let permissions = self.role_table().await?.permissions(&verified.roles);
        let roles = Arc::clone(&verified.roles);
        Ok(Session {
            actor: Actor::user(Arc::clone(&verified.account), Arc::clone(&roles), permissions),
            user: Arc::new(User {
                roles,
                ..User::clone(&account_state.user)
            }),
            id: Arc::clone(&verified.session),
            credential: Credential::Foreign,
            scope: None,
            expires_at: verified.expires_at + provider.leeway(),
            session_expires_at: verified.expires_at,
            since: None,
        })
    }

    /// Creates the account of a first-time bearer. Of concurrent requests, one creates it.
    async fn welcome(&self, verified: &Verified) -> Result<Arc<AccountState>, Error> {
        let now = self.now();
        let id = &verified.account;
        let stored = StoredUser {
            user: User {
                id: Arc::clone(id),
                username: verified.name.clone(),
                // No e-mail address is taken from the token, because it may belong to another account here.
                email: String::new(),
                roles: Arc::from([]),
                enabled: true,
                created_at: now,
                updated_at: now,
            },
            password: None,
            session_epoch: records::random_id(),
            foreign: Some(ForeignIdentity {
                issuer: verified.issuer.clone(),
                subject: verified.subject.clone(),
            }),
        };
        let event = self.audit.stamp(Event::new(Action::Registered).by(Some(id)).to(id));
        let creating = self.creating.lock().await;
        match records::create_foreign_user(&self.store, &stored, &event).await {
            Ok(()) | Err(Error::UsernameTaken) => {}
            Err(error) => return Err(error),
        }
        drop(creating);
        // Removed again concurrently.
        self.account_state(id).await?.ok_or(Error::Unauthenticated {
            reason: "its account was removed",
        })
    }

    /// The current state of a caller with a token of an identity provider; `None` if its account is disabled or was
    /// replaced. The roles of the token are valid as long as the token.
    pub(in crate::identity) async fn current_of_foreign(&self, session: &Session) -> Result<Option<Session>, Error> {
        let Some(now) = self.account_state(&session.user.id).await? else {
            return Ok(None);
        };
        if !now.user.enabled || now.user.created_at != session.user.created_at {
            return Ok(None);
        }
        let roles = Arc::clone(&session.user.roles);
        let permissions = self.role_table().await?.permissions(&roles);
        Ok(Some(Session {
            actor: Actor::user(Arc::clone(&session.user.id), Arc::clone(&roles), permissions),
            user: Arc::new(User {
                roles,
                ..User::clone(&now.user)
            }),
            ..session.clone()
        }))
    }
}
