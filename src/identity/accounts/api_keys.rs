//! API keys: creation, verification, exchange for access tokens, removal.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::{Accounts, existing_id};
use crate::access::{Actor, Permission, Permissions};
use crate::audit::{Action, Event};
use crate::identity::api_key::{ApiKey, ApiKeyState, ClientToken, NewApiKey, PREFIX, SESSION_PREFIX, StoredKey};
use crate::identity::error::{Error, ObjectKind};
use crate::identity::records;
use crate::identity::scope;
use crate::identity::session::{Credential, Session};
use crate::identity::token::NewToken;

const ID_BYTES: usize = 16;
const SECRET_BYTES: usize = 32;
const NAME_CHARS: usize = 100;
const MOST_KEYS: usize = 50;
/// The precision of `last_used_at` in seconds; a write per request would cost too much.
const USE_STEP: i64 = 60;

fn default_lifetime() -> TimeDelta {
    TimeDelta::days(365)
}

fn longest_lifetime() -> TimeDelta {
    TimeDelta::days(2 * 366)
}

impl Accounts {
    /// Creates a key for the caller. The secret is returned only once.
    ///
    /// # Errors
    /// [`Error::SessionRequired`], [`Error::InvalidInput`], [`Error::Store`].
    pub async fn create_api_key(&self, caller: &Session, new: NewApiKey) -> Result<(ApiKey, SecretString), Error> {
        caller.require_session()?;
        let now = self.now();
        let name = new.name.trim().to_owned();
        if name.is_empty() || name.chars().count() > NAME_CHARS || name.chars().any(char::is_control) {
            return Err(invalid(
                "name",
                "must be 1 to 100 characters long, without control characters",
            ));
        }
        let expires_at = new.expires_at.unwrap_or(now + default_lifetime());
        if expires_at <= now || expires_at > now + longest_lifetime() {
            return Err(invalid("expiresAt", "must be in the future, two years ahead at most"));
        }
        let table = self.role_table().await?;
        let roles = table.known(&new.roles)?;
        let asked = table.permissions(&roles);
        if roles.is_empty() || asked.intersection(caller.actor.permissions()) != asked {
            return Err(invalid(
                "roles",
                "must be roles that together allow no more than your own",
            ));
        }
        let mut bytes = Zeroizing::new([0; ID_BYTES + SECRET_BYTES]);
        rand::fill(bytes.as_mut_slice())
            .map_err(|_| Error::Internal("the random number generator of the system failed".to_owned()))?;
        let (id, secret) = bytes.split_at(ID_BYTES);
        let key = ApiKey {
            id: URL_SAFE_NO_PAD.encode(id),
            user: Arc::clone(&caller.user.id),
            name,
            roles: roles.into(),
            created_at: now,
            expires_at,
            last_used_at: None,
        };
        let stored = StoredKey {
            hash: hash(secret),
            user_since: caller.user.created_at,
            key: key.clone(),
        };
        let event = Event::new(Action::KeyCreated).by(Some(&caller.user.id)).to(&key.id);
        let event = self.audit.stamp(event.within(&caller.id));
        if !records::create_key(&self.store, &stored, MOST_KEYS, &event).await? {
            return Err(invalid("name", "there are as many keys as one account can have"));
        }
        let text = Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice()));
        Ok((key, format!("{PREFIX}{}", text.as_str()).into()))
    }

    /// The keys of an account, newest first, including expired ones.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn api_keys(&self, user: &str) -> Result<Vec<ApiKey>, Error> {
        let Ok(id) = existing_id(user) else {
            return Ok(Vec::new());
        };
        let stored = records::list_keys(&self.store, &id).await?;
        Ok(stored.into_iter().map(|stored| stored.key).collect())
    }

    /// Removes a key: one of the caller's own, or any key for callers that may manage users. Returns its id.
    ///
    /// # Errors
    /// [`Error::SessionRequired`] for a key that attempts to remove keys of its owner, [`Error::NotFound`],
    /// [`Error::Store`].
    pub async fn remove_api_key(&self, caller: &Session, id: &str) -> Result<String, Error> {
        let may_all = caller.actor.permissions().contains(Permission::ManageUsers);
        if !may_all {
            caller.require_session()?;
        }
        match records::find_key(&self.store, id).await? {
            Some(stored) if may_all || stored.key.user == caller.user.id => {}
            Some(_) | None => return Err(Error::NotFound(ObjectKind::ApiKey)),
        }
        let event = Event::new(Action::KeyRemoved).by(Some(&caller.user.id)).to(id);
        let event = self.audit.stamp(event.within(&caller.id));
        let removed = records::remove_key(&self.store, id, &event).await;
        self.states.key_removed(id);
        removed.map(|()| id.to_owned())
    }

    /// Exchanges a key for an access token, which expires with the key and the account. With a scope, names of
    /// permissions separated by spaces, the token is limited to those of them that the key has.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`], [`Error::InvalidScope`], [`Error::Store`].
    pub async fn exchange_api_key(&self, key: &SecretString, scope: Option<&str>) -> Result<ClientToken, Error> {
        let scope = scope.map(scope::parse).transpose()?;
        let session = self.authenticate_key(key.expose_secret()).await?;
        let scope = scope::granted(scope, session.actor.permissions())?;
        let now = self.now();
        let new = NewToken {
            user: &session.user.id,
            session: &session.id,
            client: session.id.strip_prefix(SESSION_PREFIX).unwrap_or(&session.id),
            roles: session.actor.roles(),
            scope,
            session_end: session.session_expires_at,
        };
        let (access, expires_at) = self.issuer.mint(&new, now)?;
        Ok(ClientToken {
            access,
            scope: scope.map(scope::text),
            expires_in: u32::try_from((expires_at - now).num_seconds()).unwrap_or(0),
        })
    }

    /// Authenticates an API key; access tokens are rejected.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`], [`Error::Store`].
    pub async fn authenticate_api_key(&self, key: &SecretString) -> Result<Session, Error> {
        self.authenticate_key(key.expose_secret()).await
    }

    pub(super) async fn authenticate_key(&self, text: &str) -> Result<Session, Error> {
        let mut bytes = Zeroizing::new([0; ID_BYTES + SECRET_BYTES]);
        let body = text.strip_prefix(PREFIX).ok_or_else(refused)?;
        match URL_SAFE_NO_PAD.decode_slice(body, bytes.as_mut_slice()) {
            Ok(length) if length == bytes.len() => {}
            Ok(_) | Err(_) => return Err(refused()),
        }
        let (id, secret) = bytes.split_at(ID_BYTES);
        let id = URL_SAFE_NO_PAD.encode(id);
        let account_state = self.key_state(&id).await?.ok_or_else(refused)?;
        verify_slices_are_equal(&hash(secret), &account_state.stored.hash).map_err(|_| refused())?;
        let session = self.session_of_key(&account_state, None, None).await?;
        self.note_use(&account_state).await;
        Ok(session)
    }

    /// The caller with an access token obtained with this key.
    pub(super) async fn authenticate_exchanged(
        &self,
        id: &str,
        user: &str,
        scope: Option<Permissions>,
        expires_at: DateTime<Utc>,
    ) -> Result<Session, Error> {
        let account_state = self.key_state(id).await?.ok_or_else(refused)?;
        if *account_state.stored.key.user != *user {
            return Err(refused());
        }
        let session = self.session_of_key(&account_state, scope, Some(expires_at)).await?;
        self.note_use(&account_state).await;
        Ok(session)
    }

    async fn session_of_key(
        &self,
        key: &ApiKeyState,
        scope: Option<Permissions>,
        expires_at: Option<DateTime<Utc>>,
    ) -> Result<Session, Error> {
        let (stored, key) = (&key.stored, &key.stored.key);
        let account = self.account_state(&key.user).await?.ok_or_else(refused)?;
        let stands = account.user.enabled && account.user.created_at == stored.user_since;
        if !stands || self.now() >= key.expires_at {
            return Err(refused());
        }
        let table = self.role_table().await?;
        let owner = table.permissions(&account.user.roles);
        let permissions = table.permissions(&key.roles).intersection(owner);
        let permissions = scope.map_or(permissions, |scope| permissions.intersection(scope));
        Ok(Session {
            actor: Actor::user(Arc::clone(&key.user), Arc::clone(&key.roles), permissions).by_api_key(),
            user: Arc::clone(&account.user),
            id: format!("{SESSION_PREFIX}{}", key.id).into(),
            credential: Credential::ApiKey,
            scope,
            expires_at: expires_at.unwrap_or(key.expires_at),
            session_expires_at: key.expires_at,
            since: None,
        })
    }

    /// The current state of a caller with a key.
    pub(super) async fn current_of_key(&self, session: &Session) -> Result<Session, Error> {
        let id = session.id.strip_prefix(SESSION_PREFIX).unwrap_or_default();
        let account_state = self.key_state(id).await?.ok_or_else(refused)?;
        self.session_of_key(&account_state, session.scope, Some(session.expires_at))
            .await
    }

    async fn key_state(&self, id: &str) -> Result<Option<Arc<ApiKeyState>>, Error> {
        if let Some(account_state) = self.states.key(id) {
            return Ok(Some(account_state));
        }
        let since = self.states.moment();
        let Some(stored) = records::find_key(&self.store, id).await? else {
            return Ok(None);
        };
        let used_at = stored.key.last_used_at.map_or(0, |at| at.timestamp());
        let account_state = Arc::new(ApiKeyState {
            stored,
            used_at: AtomicI64::new(used_at),
        });
        self.states.remember_key(since, &id.into(), &account_state);
        Ok(Some(account_state))
    }

    async fn note_use(&self, key: &ApiKeyState) {
        let now = self.now();
        let last = key.used_at.load(Ordering::Relaxed);
        // Of concurrent requests, one writes.
        let mine = now.timestamp() - last >= USE_STEP
            && key
                .used_at
                .compare_exchange(last, now.timestamp(), Ordering::Relaxed, Ordering::Relaxed)
                .is_ok();
        if mine && let Err(error) = records::touch_key(&self.store, &key.stored.key.id, now).await {
            tracing::warn!(%error, "failed to record the use of an API key");
        }
    }
}

fn hash(secret: &[u8]) -> Vec<u8> {
    digest(&SHA256, secret).as_ref().to_vec()
}

fn refused() -> Error {
    Error::Unauthenticated {
        reason: "the API key is not valid",
    }
}

fn invalid(path: &'static str, message: &str) -> Error {
    Error::InvalidInput {
        path,
        message: message.to_owned(),
    }
}
