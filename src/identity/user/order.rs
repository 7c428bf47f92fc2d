//! Orders of accounts, and positions in them.

use std::cmp::Ordering;
use std::fmt;

use chrono::{DateTime, Utc};

use super::User;

/// A field by which accounts are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UserOrderField {
    /// The id, which is the normalized username.
    #[default]
    Username,
    /// The time of creation.
    CreatedAt,
    /// The time of the last change.
    UpdatedAt,
}

/// An order of accounts. Accounts with the same time are ordered by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UserOrder {
    /// The field.
    pub field: UserOrderField,
    /// Whether the order is descending.
    pub descending: bool,
}

/// A position in an order of accounts: that of an account, which need not exist any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserPosition {
    /// `None` in the order by id.
    time: Option<DateTime<Utc>>,
    id: String,
}

impl UserOrder {
    /// The position of an account.
    #[must_use]
    pub fn position(self, user: &User) -> UserPosition {
        UserPosition {
            time: self.time(user),
            id: user.id.to_string(),
        }
    }

    /// Reads the text of a position; `None` if it is not one of this order.
    #[must_use]
    pub fn read_position(self, text: &str) -> Option<UserPosition> {
        if self.field == UserOrderField::Username {
            return Some(UserPosition {
                time: None,
                id: text.to_owned(),
            });
        }
        let (time, id) = text.split_once(' ')?;
        let (seconds, nanoseconds) = time.split_once('.')?;
        Some(UserPosition {
            time: Some(DateTime::from_timestamp(
                seconds.parse().ok()?,
                nanoseconds.parse().ok()?,
            )?),
            id: id.to_owned(),
        })
    }

    /// Compares two accounts.
    pub(in crate::identity) fn compare(self, a: &User, b: &User) -> Ordering {
        self.direct((self.time(a), &*a.id).cmp(&(self.time(b), &*b.id)))
    }

    /// Compares an account with a position.
    pub(in crate::identity) fn compare_position(self, user: &User, position: &UserPosition) -> Ordering {
        self.direct((self.time(user), &*user.id).cmp(&(position.time, &position.id)))
    }

    fn time(self, user: &User) -> Option<DateTime<Utc>> {
        match self.field {
            UserOrderField::Username => None,
            UserOrderField::CreatedAt => Some(user.created_at),
            UserOrderField::UpdatedAt => Some(user.updated_at),
        }
    }

    fn direct(self, order: Ordering) -> Ordering {
        if self.descending { order.reverse() } else { order }
    }
}

impl fmt::Display for UserPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.time {
            Some(time) => write!(f, "{}.{} {}", time.timestamp(), time.timestamp_subsec_nanos(), self.id),
            None => f.write_str(&self.id),
        }
    }
}

#[cfg(test)]
mod tests {
    //! Positions as text. Orders are tested with pages, in `user_list`.

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_position_is_read_as_it_is_written(id in "\\PC{0,20}", seconds in -10_000_000_000_i64..10_000_000_000, nanos in 0..1_000_000_000_u32) {
            let time = DateTime::from_timestamp(seconds, nanos);
            for (field, time) in [
                (UserOrderField::Username, None),
                (UserOrderField::CreatedAt, time),
                (UserOrderField::UpdatedAt, time),
            ] {
                let position = UserPosition { time, id: id.clone() };
                let order = UserOrder { field, descending: false };
                prop_assert_eq!(order.read_position(&position.to_string()), Some(position));
            }
        }
    }

    #[test]
    fn a_text_without_a_time_is_not_a_position_in_time() {
        let order = UserOrder {
            field: UserOrderField::CreatedAt,
            descending: false,
        };
        for text in ["", "ann", "1 ann", "1.x ann", "x.1 ann", "99999999999999.0 ann", "1.0"] {
            assert_eq!(order.read_position(text), None, "{text}");
        }
    }
}
