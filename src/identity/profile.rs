//! The service's third part: what the owner of an account does with it alone, without anybody's permission.

use secrecy::SecretString;

use super::Error;
use super::accounts::Accounts;
use super::password::{self, Verdict};
use super::records::{self, StoredUser};
use super::session::{OpenSession, Session};
use super::throttle::Guesser;

/// More sessions than this are not listed; `logout` everywhere ends them all the same.
const MOST_SESSIONS: usize = 200;

impl Accounts {
    /// The sessions of an account, those seen last first, 200 at most.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn sessions(&self, user: &str) -> Result<Vec<OpenSession>, Error> {
        records::list_sessions(&self.store, user, self.now(), MOST_SESSIONS).await
    }

    /// Ends one session of the caller, be it this one or another.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is over or is somebody else's, [`Error::Store`].
    pub async fn end_session(&self, caller: &Session, id: &str) -> Result<(), Error> {
        match records::find_session(&self.store, id).await? {
            Some(session) if session.user == *caller.user.id => {}
            Some(_) | None => return Err(Error::NotFound),
        }
        if self.end(id).await? {
            Ok(())
        } else {
            Err(Error::NotFound)
        }
    }

    /// Gives the caller's account another password and ends its other sessions; says how many ended. Asking for the
    /// old one is slowed down like a login, but by a count of its own, so that guessers outside do not matter here.
    ///
    /// # Errors
    /// [`Error::InvalidCredentials`] if the old one is wrong, [`Error::WeakPassword`], [`Error::TooManyAttempts`],
    /// [`Error::Overloaded`], [`Error::Store`].
    pub async fn change_password(&self, caller: &Session, old: SecretString, new: SecretString) -> Result<u64, Error> {
        password::check(&new, &caller.user.id, &caller.user.email)?;
        let (_, old_hash) = self.confirm(caller, old).await?;
        let new_hash = self.hasher.hash(new).await?;
        let (id, session) = (&caller.user.id, &caller.id);
        let changed = records::change_password(&self.store, id, session, &old_hash, &new_hash, self.now()).await;
        self.standings.session_changed(session);
        self.standings.account_changed(id);
        changed
    }

    /// The caller's account and its hash, if this is its password.
    pub(super) async fn confirm(
        &self,
        caller: &Session,
        password: SecretString,
    ) -> Result<(StoredUser, String), Error> {
        let attempt = self
            .throttle
            .attempt(&caller.user.id, Guesser::Holder(&caller.id), None);
        attempt.peek()?;
        let stored = records::find_user(&self.store, &caller.user.id)
            .await?
            .ok_or(Error::NotFound)?;
        let hash = stored.password.clone();
        match (self.hasher.verify(password, hash.clone(), attempt).await?, hash) {
            (Verdict::Right { .. }, Some(hash)) => Ok((stored, hash)),
            _ => Err(Error::InvalidCredentials),
        }
    }
}
