//! Pages of accounts.

use std::sync::Arc;

use async_graphql::connection::PageInfo;
use async_graphql::{Context, Enum, InputObject, Object, Result, SimpleObject};

use super::account::User;
use super::connection::{Cursors, page_info};
use crate::graphql::context::app;
use crate::graphql::error::Failure;
use crate::graphql::schema::directive::sensitive;
use crate::identity;

/// Filter for accounts. All given conditions must match.
#[derive(Debug, Default, InputObject)]
pub(crate) struct UserFilter {
    /// A substring of the username or e-mail address, case-insensitive; at most 254 characters.
    #[graphql(directive = sensitive::apply())]
    pub search: Option<String>,
    /// Whether the account is enabled.
    pub enabled: Option<bool>,
    /// The name of a role that the account has.
    pub role: Option<String>,
}

impl From<UserFilter> for identity::UserFilter {
    fn from(filter: UserFilter) -> Self {
        Self {
            text: filter.search,
            enabled: filter.enabled,
            role: filter.role,
        }
    }
}

/// The field that accounts are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Enum)]
#[graphql(remote = "identity::UserOrderField")]
pub(crate) enum UserOrderField {
    /// The id, which is the normalized username.
    #[default]
    Username,
    /// The time of creation.
    CreatedAt,
    /// The time of the last change.
    UpdatedAt,
}

/// The direction of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Enum)]
pub(crate) enum OrderDirection {
    /// Ascending: from A to Z, the oldest first.
    #[default]
    Asc,
    /// Descending: from Z to A, the newest first.
    Desc,
}

/// Order of accounts. Accounts with the same time are ordered by id.
#[derive(Debug, Clone, Copy, Default, InputObject)]
pub(crate) struct UserOrder {
    /// The field to order by.
    #[graphql(default)]
    pub field: UserOrderField,
    /// The direction.
    #[graphql(default)]
    pub direction: OrderDirection,
}

impl From<UserOrder> for identity::UserOrder {
    fn from(order: UserOrder) -> Self {
        Self {
            field: order.field.into(),
            descending: order.direction == OrderDirection::Desc,
        }
    }
}

/// The cursors of `Query.users` in an order: the ids of accounts, and the times in an order by time.
const fn cursors(order: identity::UserOrder) -> Cursors {
    use identity::UserOrderField::{CreatedAt, UpdatedAt, Username};
    Cursors::of(match (order.field, order.descending) {
        (Username, false) => "Query.users",
        (Username, true) => "Query.users USERNAME DESC",
        (CreatedAt, false) => "Query.users CREATED_AT ASC",
        (CreatedAt, true) => "Query.users CREATED_AT DESC",
        (UpdatedAt, false) => "Query.users UPDATED_AT ASC",
        (UpdatedAt, true) => "Query.users UPDATED_AT DESC",
    })
}

/// A page of accounts (Relay cursor connections specification).
pub(crate) struct UserConnection {
    page: identity::Page,
    order: identity::UserOrder,
}

impl UserConnection {
    /// Reads a page.
    pub(crate) async fn read(
        ctx: &Context<'_>,
        first: usize,
        after: Option<&str>,
        filter: &identity::UserFilter,
        order: identity::UserOrder,
    ) -> Result<Self, Failure> {
        let after = cursors(order).after_with(after, |position| order.read_position(position))?;
        let page = app(ctx).accounts().list(first, after, filter, order).await?;
        Ok(Self { page, order })
    }

    fn cursor(&self, user: &identity::User) -> String {
        cursors(self.order).write(&self.order.position(user))
    }
}

/// An account and its cursor.
#[derive(Debug, SimpleObject)]
pub(crate) struct UserEdge {
    /// The cursor of this account, for `after`.
    pub(crate) cursor: String,
    /// The account.
    pub(crate) node: User,
}

/// A page of accounts (Relay cursor connections specification).
#[Object]
impl UserConnection {
    /// The accounts with their cursors.
    async fn edges(&self) -> Vec<UserEdge> {
        let users = self.page.users.iter();
        users
            .map(|user| UserEdge {
                cursor: self.cursor(user),
                node: User(Arc::clone(user)),
            })
            .collect()
    }

    /// The accounts.
    async fn nodes(&self) -> Vec<User> {
        self.page.users.iter().map(|user| User(Arc::clone(user))).collect()
    }

    /// Whether more pages exist, and the cursors to fetch them.
    async fn page_info(&self) -> PageInfo {
        let cursors = self.page.users.iter().map(|user| self.cursor(user));
        page_info(cursors, self.page.has_previous, self.page.has_next)
    }

    /// The number of accounts that match the filter, on all pages.
    async fn total_count(&self) -> i32 {
        i32::try_from(self.page.total).unwrap_or(i32::MAX)
    }
}
