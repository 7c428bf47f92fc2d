//! Accounts in pages, for whoever may read them all.

use std::sync::Arc;

use super::Accounts;
use crate::identity::error::Error;
use crate::identity::records;
use crate::identity::user::{User, UserFilter};

/// Relay connections are cut to this many accounts.
const LARGEST_PAGE: usize = 100;

/// Some accounts in the order of their ids.
#[derive(Debug)]
pub struct Page {
    /// The accounts.
    pub users: Vec<Arc<User>>,
    /// Whether more jobs follow.
    pub has_next: bool,
}

impl Accounts {
    /// The first `first` accounts (100 at most) after the one with the id `after`, which need not exist any more.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn list(&self, first: usize, after: Option<&str>, filter: &UserFilter) -> Result<Page, Error> {
        let first = first.min(LARGEST_PAGE);
        let mut users = records::list_users(&self.store, after, first + 1, filter).await?;
        let has_next = users.len() > first;
        users.truncate(first);
        Ok(Page {
            users: users.into_iter().map(Arc::new).collect(),
            has_next,
        })
    }

    /// How many accounts the filter lets through. It looks at every account, so ask only when somebody wants to know.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn count(&self, filter: &UserFilter) -> Result<u64, Error> {
        records::count_users(&self.store, filter).await
    }
}
