//! Pages of the list of accounts: filter, order and position.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::identity::user::email::lower;
use crate::identity::user::fold::fold;
use crate::identity::user::order::{UserOrder, UserPosition};
use crate::identity::user::{User, UserFilter};

/// All accounts by id.
pub(in crate::identity) type Users = BTreeMap<Arc<str>, Entry>;

/// A page of accounts.
#[derive(Debug)]
pub struct Page {
    /// The accounts.
    pub users: Vec<Arc<User>>,
    /// Whether matching accounts precede the page.
    pub has_previous: bool,
    /// Whether matching accounts follow.
    pub has_next: bool,
    /// The number of matching accounts, on all pages.
    pub total: usize,
}

/// An account, prepared for the search.
#[derive(Debug, Clone)]
pub(in crate::identity) struct Entry {
    pub(in crate::identity) user: Arc<User>,
    /// The username in lower case, unless it is the id. The name of an account of an identity provider differs from its id.
    name: Option<Box<str>>,
}

impl Entry {
    pub(super) fn new(user: User) -> Self {
        let name = user.username.to_lowercase();
        Self {
            name: (*name != *user.id).then(|| name.into_boxed_str()),
            user: Arc::new(user),
        }
    }
}

/// A filter, prepared for many comparisons.
struct Matcher<'a> {
    filter: &'a UserFilter,
    name: Option<String>,
    address: Option<String>,
}

impl<'a> Matcher<'a> {
    fn new(filter: &'a UserFilter) -> Self {
        let text = filter.text.as_deref().map(str::trim);
        Self {
            filter,
            name: text.map(fold),
            address: text.map(lower),
        }
    }

    fn matches(&self, entry: &Entry) -> bool {
        let user = &entry.user;
        self.filter.enabled.is_none_or(|enabled| user.enabled == enabled)
            && self.filter.role.as_ref().is_none_or(|role| user.roles.contains(role))
            && self.name.as_deref().is_none_or(|name| {
                user.id.contains(name)
                    || entry.name.as_deref().is_some_and(|own| own.contains(name))
                    || self
                        .address
                        .as_deref()
                        .is_some_and(|address| user.email.contains(address))
            })
    }
}

/// The first `first` matching accounts after a position.
pub(in crate::identity) fn page(
    users: &Users,
    first: usize,
    after: Option<&UserPosition>,
    filter: &UserFilter,
    order: UserOrder,
) -> Page {
    let matcher = Matcher::new(filter);
    let mut total = 0;
    let mut rest: Vec<&Arc<User>> = Vec::new();
    for entry in users.values().filter(|entry| matcher.matches(entry)) {
        total += 1;
        if after.is_none_or(|after| order.compare_position(&entry.user, after) == Ordering::Greater) {
            rest.push(&entry.user);
        }
    }
    let (has_previous, has_next) = (rest.len() < total, rest.len() > first);
    if has_next {
        // Only the page is sorted.
        rest.select_nth_unstable_by(first, |a, b| order.compare(a, b));
        rest.truncate(first);
    }
    rest.sort_unstable_by(|a, b| order.compare(a, b));
    Page {
        users: rest.into_iter().cloned().collect(),
        has_previous,
        has_next,
        total,
    }
}

#[cfg(test)]
mod tests {
    //! Pages of random accounts, beside a list that is filtered and sorted as a whole.

    use chrono::DateTime;
    use proptest::prelude::*;

    use super::*;
    use crate::identity::user::order::UserOrderField;

    fn orders() -> impl Iterator<Item = UserOrder> {
        let fields = [
            UserOrderField::Username,
            UserOrderField::CreatedAt,
            UserOrderField::UpdatedAt,
        ];
        let both = |field| [false, true].map(|descending| UserOrder { field, descending });
        fields.into_iter().flat_map(both)
    }

    /// Accounts with few different times, so that many are ordered by id only.
    fn users() -> impl Strategy<Value = Users> {
        let user = (any::<bool>(), 0..4_i64, 0..4_i64, any::<bool>());
        proptest::collection::btree_map("[a-c]{1,4}", user, 0..30).prop_map(|users| {
            let entry = |(id, (enabled, created, updated, is_admin)): (String, _)| {
                let roles: &[&str] = if is_admin { &["ADMIN", "USER"] } else { &["USER"] };
                let user = User {
                    username: id.to_uppercase(),
                    email: format!("{id}@example.org"),
                    roles: roles.iter().map(|role| (*role).to_owned()).collect(),
                    enabled,
                    created_at: DateTime::from_timestamp(created, 7).unwrap(),
                    updated_at: DateTime::from_timestamp(updated, 0).unwrap(),
                    id: id.into(),
                };
                (Arc::clone(&user.id), Entry::new(user))
            };
            users.into_iter().map(entry).collect()
        })
    }

    fn filters() -> impl Strategy<Value = UserFilter> {
        let text = proptest::option::of(prop_oneof!["[a-cA-C]{0,2}", "[a-c]@Ex", Just("EXAMPLE".to_owned())]);
        let role = proptest::option::of(prop_oneof![Just("ADMIN".to_owned()), Just("NONE".to_owned())]);
        (text, proptest::option::of(any::<bool>()), role).prop_map(|(text, enabled, role)| UserFilter {
            text,
            enabled,
            role,
        })
    }

    fn expected(users: &Users, filter: &UserFilter, order: UserOrder) -> Vec<Arc<str>> {
        let text = filter.text.as_ref().map(|text| text.to_lowercase());
        let matches = |user: &&Arc<User>| {
            text.as_ref()
                .is_none_or(|text| user.id.contains(text) || user.email.contains(text))
                && filter.enabled.is_none_or(|enabled| enabled == user.enabled)
                && filter.role.as_ref().is_none_or(|role| user.roles.contains(role))
        };
        let mut found: Vec<_> = users.values().map(|entry| &entry.user).filter(matches).collect();
        found.sort_by_key(|user| match order.field {
            UserOrderField::Username => (DateTime::UNIX_EPOCH, &user.id),
            UserOrderField::CreatedAt => (user.created_at, &user.id),
            UserOrderField::UpdatedAt => (user.updated_at, &user.id),
        });
        if order.descending {
            found.reverse();
        }
        found.into_iter().map(|user| Arc::clone(&user.id)).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn pages_of_any_size_give_every_match_once_and_in_order(users in users(), filter in filters(), size in 1..8_usize) {
            for order in orders() {
                let all = expected(&users, &filter, order);
                let (mut seen, mut after) = (Vec::new(), None);
                loop {
                    let page = page(&users, size, after.as_ref(), &filter, order);
                    prop_assert_eq!(page.total, all.len());
                    prop_assert_eq!(page.has_previous, !seen.is_empty());
                    seen.extend(page.users.iter().map(|user| Arc::clone(&user.id)));
                    prop_assert_eq!(page.has_next, seen.len() < all.len());
                    if !page.has_next {
                        break;
                    }
                    prop_assert_eq!(page.users.len(), size);
                    after = page.users.last().map(|user| order.position(user));
                }
                prop_assert_eq!(&seen, &all, "{:?}", order);
                prop_assert!(page(&users, 0, None, &filter, order).users.is_empty());
            }
        }
    }
}
