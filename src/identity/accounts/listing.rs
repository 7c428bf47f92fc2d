//! Listing of accounts in pages.

use std::sync::Arc;

use super::Accounts;
use crate::identity::error::Error;
use crate::identity::records;
use crate::identity::user::{User, UserFilter};

/// Maximum number of accounts per page.
const LARGEST_PAGE: usize = 100;

/// A page of accounts, ordered by id.
#[derive(Debug)]
pub struct Page {
    /// The accounts.
    pub users: Vec<Arc<User>>,
    /// Whether more accounts follow.
    pub has_next: bool,
}

impl Accounts {
    /// The first `first` accounts (at most 100) after the id `after`, which need not exist.
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

    /// The number of accounts that match the filter. It scans all accounts.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn count(&self, filter: &UserFilter) -> Result<u64, Error> {
        records::count_users(&self.store, filter).await
    }
}
