//! Accounts in pages, for whoever may read them all.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Accounts;
use crate::identity::error::Error;
use crate::identity::records;
use crate::identity::user::{User, UserFilter};

/// Relay connections are cut to this many accounts.
const LARGEST_PAGE: usize = 100;

/// Some accounts in the order of their ids.
#[derive(Debug)]
pub struct Page {
    /// Each with the cursor that continues after it.
    pub users: Vec<(String, Arc<User>)>,
    /// Whether more follow.
    pub has_next: bool,
}

impl Accounts {
    /// The first `first` accounts (100 at most) after the cursor.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a cursor that is none of ours, [`Error::Store`].
    pub async fn list(&self, first: usize, after: Option<&str>, filter: &UserFilter) -> Result<Page, Error> {
        let after = after.map(parse_cursor).transpose()?;
        let first = first.min(LARGEST_PAGE);
        let mut users = records::list_users(&self.store, after.as_deref(), first + 1, filter).await?;
        let has_next = users.len() > first;
        users.truncate(first);
        let users = users.into_iter().map(|user| (cursor(&user.id), Arc::new(user)));
        Ok(Page {
            users: users.collect(),
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

fn cursor(id: &str) -> String {
    URL_SAFE_NO_PAD.encode(id)
}

fn parse_cursor(text: &str) -> Result<String, Error> {
    // Longer than any id can make it.
    let bytes = if text.len() <= 1024 {
        URL_SAFE_NO_PAD.decode(text).ok()
    } else {
        None
    };
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| Error::InvalidInput {
            path: "after",
            message: "must be a cursor that this list has given".to_owned(),
        })
}
