//! Operations of users on their own accounts.

use secrecy::SecretString;

use super::Accounts;
use crate::audit::{Action, Event};
use crate::identity::error::{Error, ObjectKind};
use crate::identity::password::{self, Verdict};
use crate::identity::records::{self, PasswordChange, StoredUser};
use crate::identity::session::{OpenSession, Session};
use crate::identity::throttle::Guesser;

/// Maximum number of listed sessions; `logout` everywhere ends all of them.
const MOST_SESSIONS: usize = 200;

/// The result of [`Accounts::change_password`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordChanged {
    /// The number of other sessions that were ended.
    pub ended_sessions: u64,
    /// The number of API keys that were removed.
    pub ended_api_keys: u64,
}

impl Accounts {
    /// The sessions of an account, most recently used first, at most 200.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn sessions(&self, user: &str) -> Result<Vec<OpenSession>, Error> {
        records::list_sessions(&self.store, user, self.now(), MOST_SESSIONS).await
    }

    /// The number of open sessions of an account.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn count_sessions(&self, user: &str) -> Result<u32, Error> {
        records::count_sessions(&self.store, user, self.now()).await
    }

    /// Ends one of the caller's sessions, which may be the current one.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it has ended or belongs to another account, [`Error::SessionRequired`], [`Error::Store`].
    pub async fn end_session(&self, caller: &Session, id: &str) -> Result<(), Error> {
        caller.require_session()?;
        match records::find_session(&self.store, id).await? {
            Some(session) if session.user == *caller.user.id => {}
            Some(_) | None => return Err(Error::NotFound(ObjectKind::Session)),
        }
        let event = Event::new(Action::SessionEnded).to(id).within(&caller.id);
        if self.end(id, event.by(Some(&caller.user.id))).await? {
            Ok(())
        } else {
            Err(Error::NotFound(ObjectKind::Session))
        }
    }

    /// Changes the caller's password and ends all other sessions, and the API keys of the account if `end_api_keys` is
    /// set. The old password is throttled like a login, with a separate count, so that attackers cannot block it.
    ///
    /// # Errors
    /// [`Error::InvalidCredentials`] if the old password is wrong, [`Error::WeakPassword`], [`Error::TooManyAttempts`],
    /// [`Error::SessionRequired`], [`Error::Overloaded`], [`Error::Store`].
    pub async fn change_password(
        &self,
        caller: &Session,
        old: SecretString,
        new: SecretString,
        end_api_keys: bool,
    ) -> Result<PasswordChanged, Error> {
        caller.require_session()?;
        password::check(&new, &caller.user.id, &caller.user.email)?;
        let (_, old_hash) = self.confirm(caller, old, Action::PasswordChanged).await?;
        let new_hash = self.hasher.hash(new).await?;
        let (id, session) = (&caller.user.id, &caller.id);
        let event = Event::new(Action::PasswordChanged).by(Some(id)).to(id).within(session);
        let event = self.audit.stamp(event);
        let change = PasswordChange {
            kept: session,
            old: &old_hash,
            new: &new_hash,
            now: self.now(),
            end_api_keys,
        };
        let changed = records::change_password(&self.store, id, change, &event).await;
        self.states.session_changed(session);
        self.states.account_changed(id);
        if end_api_keys {
            self.states.keys_removed();
        }
        let (ended_sessions, ended_keys) = changed?;
        for key in &ended_keys {
            // The change itself is recorded with the change.
            let event = Event::new(Action::KeyRemoved).by(Some(id)).to(key).within(session);
            self.audit.note(event);
        }
        Ok(PasswordChanged {
            ended_sessions,
            ended_api_keys: ended_keys.len() as u64,
        })
    }

    /// Verifies the caller's password, and returns the account.
    pub(in crate::identity) async fn confirm(
        &self,
        caller: &Session,
        password: SecretString,
        action: Action,
    ) -> Result<(StoredUser, String), Error> {
        caller.require_session()?;
        let guesser = Guesser::Holder(&caller.id);
        let attempt = self.throttle.attempt(&caller.user.id, guesser, None);
        attempt.peek().await?;
        let stored = records::find_user(&self.store, &caller.user.id)
            .await?
            .ok_or(Error::NotFound(ObjectKind::User))?;
        let hash = stored.password.clone();
        match (self.hasher.verify(password, hash.clone(), attempt).await?, hash) {
            (Verdict::Right { .. }, Some(hash)) => Ok((stored, hash)),
            _ => {
                let id = &caller.user.id;
                let event = Event::new(action).by(Some(id)).to(id).within(&caller.id);
                self.audit
                    .record(event.refused(Error::InvalidCredentials.code()))
                    .await?;
                Err(Error::InvalidCredentials)
            }
        }
    }
}
