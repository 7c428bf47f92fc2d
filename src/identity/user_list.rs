//! The list of all accounts in memory, which answers pages, searches and counts without reading every record.
//!
//! A search is for any substring of a name or an address, which no index of the database finds; and a count of matches
//! reads every account. So each process keeps the listed fields of all accounts, some 300 bytes each, and compares them one
//! by one. Every change of an account, by any process, increments the version of the list in its own transaction. The
//! version is read before each answer, and the accounts that changed since the last answer are read if it has moved, so an
//! answer misses no change that was committed before the request.

pub(super) mod page;

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::sync::Mutex;

use self::page::{Entry, Users};
use super::error::Error;
use super::records::{self, UserChanges};
use super::user::User;
use crate::store::Store;

/// Accounts per read; well below the store's deadline.
const PAGE: usize = 4000;

/// The list, as far as it has been read.
#[derive(Default)]
pub(super) struct UserList(Mutex<State>);

#[derive(Default)]
struct State {
    /// The version up to which the store has been read; `None` before the first read.
    version: Option<i64>,
    users: Arc<Users>,
}

impl UserList {
    /// Returns all accounts as the store has them.
    pub(super) async fn read(&self, store: &Store) -> Result<Arc<Users>, Error> {
        let mut state = self.0.lock().await;
        loop {
            let changes = match state.version {
                Some(version) => records::user_changes(store, version, PAGE).await?,
                None => None,
            };
            if let Some(changes) = changes {
                state.apply(store, changes).await?;
                return Ok(Arc::clone(&state.users));
            }
            state.load(store).await?;
        }
    }
}

impl State {
    /// Reads all accounts. Changes made meanwhile are found from the version that was read before.
    async fn load(&mut self, store: &Store) -> Result<(), Error> {
        let version = records::user_list_version(store).await?;
        let mut users = Users::new();
        let mut roles = HashSet::new();
        let mut last: Arc<str> = "".into();
        loop {
            let page = records::users_after(store, &last, PAGE).await?;
            let is_last = page.len() < PAGE;
            for user in page {
                last = Arc::clone(&user.id);
                users.insert(Arc::clone(&user.id), Entry::new(shared(user, &mut roles)));
            }
            if is_last {
                break;
            }
        }
        self.users = Arc::new(users);
        self.version = Some(version);
        Ok(())
    }

    async fn apply(&mut self, store: &Store, changes: UserChanges) -> Result<(), Error> {
        if self.version == Some(changes.version) {
            return Ok(());
        }
        let gone = self.removed(store, changes.removed.into_iter().collect()).await?;
        let users = Arc::make_mut(&mut self.users);
        for id in gone {
            users.remove(&id);
        }
        for user in changes.changed {
            users.insert(Arc::clone(&user.id), Entry::new(user));
        }
        self.version = Some(changes.version);
        Ok(())
    }

    /// The accounts created at these times that no longer exist. Several can have been created at the same time.
    async fn removed(&self, store: &Store, created: HashSet<DateTime<Utc>>) -> Result<Vec<Arc<str>>, Error> {
        if created.is_empty() {
            return Ok(Vec::new());
        }
        let users = self.users.iter();
        let suspects = users.filter(|(_, entry)| created.contains(&entry.user.created_at));
        let mut suspects: Vec<_> = suspects.map(|(id, _)| Arc::clone(id)).collect();
        let existing = records::existing_users(store, suspects.iter().map(|id| &**id)).await?;
        suspects.retain(|id| !existing.iter().any(|existing| **existing == **id));
        Ok(suspects)
    }
}

/// The account with the list of roles of an earlier one, if that is equal: most accounts have the same roles.
fn shared(mut user: User, known: &mut HashSet<Arc<[String]>>) -> User {
    match known.get(&user.roles) {
        Some(roles) => user.roles = Arc::clone(roles),
        None => {
            known.insert(Arc::clone(&user.roles));
        }
    }
    user
}
