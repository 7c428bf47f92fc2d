//! The cache of the current state of accounts and sessions, which saves reading the store for each request.
//!
//! The one promise: once a change has been announced, no look-up gives the state before it. A look-up that misses reads
//! the store first and remembers after, and a change may come between; so what it read is remembered only if nothing was
//! announced since it began to read. Where other processes share the store, nothing is remembered for longer than they
//! are promised.
//!
//! The counter makes the common case cheap: while it is unchanged, callers authenticated before remain valid.

use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use moka::sync::Cache;
use parking_lot::Mutex;
use tokio::sync::watch;

use super::api_key::ApiKeyState;
use super::role::Roles;
use super::session::{Moment, Session};
use super::token::Fingerprint;
use super::user::User;

/// The time after which entries of a shared store expire, so that changes by another replica apply within a second.
const SHARED_MEMORY: Duration = Duration::from_millis(450);
/// The longest lookup in a shared store whose result is kept: a slower one may have read a state that is too old.
const SLOWEST_LOOKUP: Duration = Duration::from_millis(300);

/// The state of an account.
#[derive(Debug, Clone)]
pub(super) struct AccountState {
    pub(super) user: Arc<User>,
    pub(super) session_epoch: Arc<str>,
}

/// The account and epoch of a session, and when it expires unless it is refreshed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SessionState {
    pub(super) user: Arc<str>,
    pub(super) session_epoch: Arc<str>,
    pub(super) idle_until: DateTime<Utc>,
}

/// The cache. Share it.
#[derive(Debug)]
pub(super) struct StateCache {
    accounts: Cache<Arc<str>, Arc<AccountState>>,
    sessions: Cache<Arc<str>, Arc<SessionState>>,
    roles: Cache<(), Arc<Roles>>,
    keys: Cache<Arc<str>, Arc<ApiKeyState>>,
    /// Authenticated callers by access token, with the time of authentication; valid until the next announcement.
    callers: Cache<Fingerprint, (Arc<Session>, DateTime<Utc>)>,
    /// Whether other processes change the store without an announcement here.
    shared: bool,
    /// The number of announcements, incremented after the changed entries are removed.
    announced: AtomicU64,
    /// Held while inserting and removing, so that these do not interleave.
    order: Mutex<()>,
    news: watch::Sender<u64>,
}

impl StateCache {
    /// `remembered` is the maximum number of entries of each kind.
    pub(super) fn new(shared: bool, remembered: u64) -> Self {
        let memory = if shared { SHARED_MEMORY } else { Duration::MAX };
        Self {
            accounts: cache(memory, remembered),
            sessions: cache(memory, remembered),
            roles: cache(memory, remembered),
            keys: cache(memory, remembered),
            callers: cache(memory, remembered),
            shared,
            announced: AtomicU64::new(0),
            order: Mutex::new(()),
            news: watch::Sender::new(0),
        }
    }

    pub(super) fn account(&self, id: &str) -> Option<Arc<AccountState>> {
        self.accounts.get(id)
    }

    pub(super) fn session(&self, id: &str) -> Option<Arc<SessionState>> {
        self.sessions.get(id)
    }

    pub(super) fn key(&self, id: &str) -> Option<Arc<ApiKeyState>> {
        self.keys.get(id)
    }

    pub(super) fn remember_key(&self, since: Moment, id: &Arc<str>, state: &Arc<ApiKeyState>) {
        let _order = self.order.lock();
        if self.may_keep(since) {
            self.keys.insert(Arc::clone(id), Arc::clone(state));
        }
    }

    /// Must be called after an API key was removed from the store and before the request is answered.
    pub(super) fn key_removed(&self, id: &str) {
        self.announce(|| self.keys.invalidate(id));
    }

    /// Must be called after all API keys of an account were removed from the store and before the request is answered.
    pub(super) fn keys_removed(&self) {
        self.announce(|| self.keys.invalidate_all());
    }

    pub(super) fn roles(&self) -> Option<Arc<Roles>> {
        self.roles.get(&())
    }

    /// The current version; must be read before a lookup.
    pub(super) fn moment(&self) -> Moment {
        Moment {
            announced: self.announced.load(Ordering::SeqCst),
            at: Instant::now(),
        }
    }

    /// Whether nothing has been announced since this version.
    pub(super) fn unchanged(&self, since: Moment) -> bool {
        !self.shared && self.announced.load(Ordering::SeqCst) == since.announced
    }

    /// Whether the result of a lookup that began at this moment may be kept. Must be called while `order` is held.
    fn may_keep(&self, since: Moment) -> bool {
        let recent = !self.shared || since.at.elapsed() <= SLOWEST_LOOKUP;
        recent && self.announced.load(Ordering::SeqCst) == since.announced
    }

    /// The caller authenticated with this token, if nothing has changed since and neither token nor session has
    /// expired.
    pub(super) fn caller(&self, token: &Fingerprint, now: DateTime<Utc>) -> Option<Arc<Session>> {
        let (session, let_in_at) = self.callers.get(token)?;
        let holds = session.since.is_some_and(|since| self.unchanged(since)) && session.lasts(now);
        // A clock that was set back may be before the beginning of the token.
        (holds && now >= let_in_at).then_some(session)
    }

    pub(super) fn remember_caller(&self, token: Fingerprint, session: &Arc<Session>, now: DateTime<Utc>) {
        if !self.shared {
            self.callers.insert(token, (Arc::clone(session), now));
        }
    }

    pub(super) fn remember_account(&self, since: Moment, state: &Arc<AccountState>) {
        let _order = self.order.lock();
        if self.may_keep(since) {
            self.accounts.insert(Arc::clone(&state.user.id), Arc::clone(state));
        }
    }

    pub(super) fn remember_session(&self, since: Moment, id: &Arc<str>, state: &Arc<SessionState>) {
        let _order = self.order.lock();
        if self.may_keep(since) {
            self.sessions.insert(Arc::clone(id), Arc::clone(state));
        }
    }

    pub(super) fn remember_roles(&self, since: Moment, roles: &Arc<Roles>) {
        let _order = self.order.lock();
        if self.may_keep(since) {
            self.roles.insert((), Arc::clone(roles));
        }
    }

    /// Must be called after a role was changed in the store and before the request is answered. Removing a role changes
    /// accounts too, so all of them are evicted.
    pub(super) fn roles_changed(&self) {
        self.announce(|| {
            self.roles.invalidate(&());
            self.accounts.invalidate_all();
            self.keys.invalidate_all();
        });
    }

    /// Must be called after an account was changed in the store and before the request is answered.
    pub(super) fn account_changed(&self, id: &str) {
        self.announce(|| self.accounts.invalidate(id));
    }

    /// Must be called after a session was ended in the store and before the request is answered.
    pub(super) fn session_ended(&self, id: &str) {
        self.announce(|| self.sessions.invalidate(id));
    }

    /// Must be called after a session was changed in the store but continues.
    pub(super) fn session_changed(&self, id: &str) {
        let _order = self.order.lock();
        self.sessions.invalidate(id);
        self.announced.fetch_add(1, Ordering::SeqCst);
    }

    /// Notifies holders of open connections to check their sessions.
    pub(super) fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    fn announce(&self, forget: impl FnOnce()) {
        let _order = self.order.lock();
        forget();
        let announced = self.announced.fetch_add(1, Ordering::SeqCst) + 1;
        self.news.send_replace(announced);
    }
}

fn cache<K, V>(memory: Duration, remembered: u64) -> Cache<K, V>
where
    K: Hash + Eq + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    let builder = Cache::builder().max_capacity(remembered);
    if memory == Duration::MAX {
        builder.build()
    } else {
        builder.time_to_live(memory).build()
    }
}

#[cfg(test)]
mod tests {
    //! The promise of the cache. `tests/it` shows it end to end.

    use super::*;

    fn state(enabled: bool) -> Arc<AccountState> {
        Arc::new(AccountState {
            user: Arc::new(User {
                id: "ann".into(),
                username: "Ann".to_owned(),
                email: String::new(),
                roles: Arc::from([]),
                enabled,
                created_at: DateTime::UNIX_EPOCH,
                updated_at: DateTime::UNIX_EPOCH,
            }),
            session_epoch: "era".into(),
        })
    }

    #[test]
    fn what_was_read_before_a_change_is_not_remembered_after_it() {
        let states = StateCache::new(false, 1_000);
        let since = states.moment();
        states.account_changed("ann");
        states.remember_account(since, &state(true));
        assert!(states.account("ann").is_none());
        states.remember_account(states.moment(), &state(false));
        assert!(!states.account("ann").unwrap().user.enabled);
        states.account_changed("ann");
        assert!(states.account("ann").is_none());
    }

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn session(since: Option<Moment>) -> Arc<Session> {
        let state = state(true);
        Arc::new(Session {
            actor: crate::access::Actor::guest(),
            user: Arc::clone(&state.user),
            id: "session".into(),
            credential: crate::identity::Credential::Session,
            scope: None,
            expires_at: at(10),
            session_expires_at: at(20),
            since,
        })
    }

    #[test]
    fn a_caller_is_known_by_the_token_until_anything_changes() {
        let states = StateCache::new(false, 1_000);
        let token = Fingerprint::of("token");
        let let_in = || states.remember_caller(token, &session(Some(states.moment())), at(5));
        let known = |token: &Fingerprint, now| states.caller(token, at(now)).is_some();
        let changes: [&dyn Fn(); 6] = [
            &|| states.account_changed("bob"),
            &|| states.session_ended("other"),
            &|| states.session_changed("other"),
            &|| states.roles_changed(),
            &|| states.key_removed("key"),
            &|| states.keys_removed(),
        ];
        for change in changes {
            let_in();
            assert!(known(&token, 5) && known(&token, 9));
            assert!(!known(&token, 4), "not before the token was seen");
            assert!(!known(&token, 10), "not after the token");
            assert!(!known(&Fingerprint::of("another"), 5));
            change();
            assert!(!known(&token, 5));
        }
        // A result from before a change does not count after it.
        let before = states.moment();
        states.account_changed("ann");
        states.remember_caller(token, &session(Some(before)), at(5));
        assert!(!known(&token, 5));
        states.remember_caller(token, &session(None), at(5));
        assert!(!known(&token, 5));
    }

    #[test]
    fn where_others_change_the_store_no_caller_is_remembered() {
        let states = StateCache::new(true, 1_000);
        let token = Fingerprint::of("token");
        states.remember_caller(token, &session(Some(states.moment())), at(5));
        assert!(states.caller(&token, at(5)).is_none());
        assert!(!states.unchanged(states.moment()));
    }

    #[test]
    fn under_contention_no_look_up_gives_the_past() {
        let states = StateCache::new(false, 1_000);
        let store = std::sync::atomic::AtomicBool::new(true);
        let over = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    while !over.load(std::sync::atomic::Ordering::SeqCst) {
                        let since = states.moment();
                        let read = store.load(std::sync::atomic::Ordering::SeqCst);
                        std::thread::yield_now();
                        states.remember_account(since, &state(read));
                    }
                });
            }
            for round in 0..5_000 {
                let enabled = round % 2 == 0;
                store.store(enabled, std::sync::atomic::Ordering::SeqCst);
                states.account_changed("ann");
                for _ in 0..3 {
                    if let Some(state) = states.account("ann") {
                        assert_eq!(state.user.enabled, enabled);
                    }
                }
            }
            over.store(true, std::sync::atomic::Ordering::SeqCst);
        });
    }
}
