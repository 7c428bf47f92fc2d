//! Listing of accounts in pages.

use super::Accounts;
use crate::identity::error::Error;
use crate::identity::user::UserFilter;
use crate::identity::user::order::{UserOrder, UserPosition};
use crate::identity::user_list::page::{Page, page};

/// Maximum number of accounts per page.
const LARGEST_PAGE: usize = 100;

impl Accounts {
    /// The first `first` accounts (at most 100) after a position, whose account need not exist.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn list(
        &self,
        first: usize,
        after: Option<UserPosition>,
        filter: &UserFilter,
        order: UserOrder,
    ) -> Result<Page, Error> {
        let users = self.user_list.read(&self.store).await?;
        let (first, filter) = (first.min(LARGEST_PAGE), filter.clone());
        // Comparing every account takes some milliseconds for 100,000 of them.
        let listing = move || page(&users, first, after.as_ref(), &filter, order);
        match tokio::task::spawn_blocking(listing).await {
            Ok(page) => Ok(page),
            Err(stopped) => std::panic::resume_unwind(stopped.into_panic()),
        }
    }

    /// The number of accounts that match the filter.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn count(&self, filter: &UserFilter) -> Result<usize, Error> {
        Ok(self.list(0, None, filter, UserOrder::default()).await?.total)
    }

    /// Reads the list of accounts, or its changes, so that the next page need not wait for them.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn refresh_list(&self) -> Result<(), Error> {
        self.user_list.read(&self.store).await.map(drop)
    }
}
