//! Relay connections (GraphQL Cursor Connections Specification): the arguments `first` and `after`, cursors, and
//! `pageInfo`.
//!
//! A cursor is a position in the order of a connection, so it remains valid when its edge is removed. Its checksum covers
//! the connection too: a cursor of another connection, or a text that is not a cursor, is refused instead of being read as
//! a position. The checksum is not a secret, because a position gives access to nothing that `first` does not.

use std::fmt::Display;
use std::str::FromStr;

use async_graphql::Context;
use async_graphql::connection::PageInfo;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::graphql::error::Failure;

/// Bytes of the longest cursor that is read; a position is an id, or a number and an id.
const MAX_CURSOR: usize = 1024;
/// Bytes of the checksum of a cursor.
const CHECKSUM: usize = 6;
/// The default of `first`.
const PAGE: usize = 20;

/// The cursors of one connection; opaque to clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cursors(&'static str);

impl Cursors {
    /// The cursors of the connection that this field returns, given as `Type.field`.
    pub(super) const fn of(field: &'static str) -> Self {
        Self(field)
    }

    /// The cursor of a position.
    pub(super) fn write(self, position: &(impl Display + ?Sized)) -> String {
        let position = position.to_string();
        let mut bytes = self.checksum(&position).to_vec();
        bytes.extend_from_slice(position.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The position that the argument `after` names.
    pub(super) fn after<P: FromStr>(self, cursor: Option<&str>) -> Result<Option<P>, Failure> {
        self.after_with(cursor, |position| position.parse().ok())
    }

    /// Like [`Self::after`], with a position that this function reads.
    pub(super) fn after_with<P>(
        self,
        cursor: Option<&str>,
        parse: impl Fn(&str) -> Option<P>,
    ) -> Result<Option<P>, Failure> {
        let refused = || Failure::BadUserInput("after: must be a cursor returned by this connection".to_owned());
        let read = |cursor| self.read(cursor, &parse).ok_or_else(refused);
        cursor.map(read).transpose()
    }

    fn read<P>(self, cursor: &str, parse: impl Fn(&str) -> Option<P>) -> Option<P> {
        let bytes = (cursor.len() <= MAX_CURSOR).then(|| URL_SAFE_NO_PAD.decode(cursor).ok())??;
        let (checksum, position) = bytes.split_first_chunk()?;
        let position = std::str::from_utf8(position).ok()?;
        let is_cursor = *checksum == self.checksum(position) && !position.contains(char::is_control);
        is_cursor.then(|| parse(position))?
    }

    fn checksum(self, position: &str) -> [u8; CHECKSUM] {
        let digest = Sha256::new()
            .chain_update(self.0)
            .chain_update([0])
            .chain_update(position)
            .finalize();
        std::array::from_fn(|at| digest[at])
    }
}

/// The argument `first`, at most `most`.
pub(super) fn first(first: Option<i32>, most: usize) -> Result<usize, Failure> {
    first
        .map_or(Some(PAGE), |n| usize::try_from(n).ok())
        .filter(|n| *n <= most)
        .ok_or_else(|| Failure::BadUserInput(format!("first: 0 to {most} are allowed")))
}

/// Whether the selection of a `pageInfo` contains `hasPreviousPage`, which may need another read of the store.
pub(super) fn selects_previous(ctx: &Context<'_>) -> bool {
    ctx.look_ahead().field("hasPreviousPage").exists()
}

/// The `pageInfo` of a page whose edges have these cursors.
pub(super) fn page_info(
    mut cursors: impl DoubleEndedIterator<Item = String>,
    has_previous_page: bool,
    has_next_page: bool,
) -> PageInfo {
    let start_cursor = cursors.next();
    PageInfo {
        has_previous_page,
        has_next_page,
        end_cursor: cursors.next_back().or_else(|| start_cursor.clone()),
        start_cursor,
    }
}

#[cfg(test)]
mod tests {
    //! Arguments and cursors alone; connections are paged through in `tests/it/pages.rs`.

    use proptest::prelude::*;

    use super::*;

    const USERS: Cursors = Cursors::of("Query.users");
    const JOBS: Cursors = Cursors::of("Query.jobs");

    fn assert_refused(cursor: &str) {
        let refused = USERS.after::<String>(Some(cursor)).unwrap_err();
        assert_eq!(refused.code(), "BAD_USER_INPUT");
        assert_eq!(
            refused.to_string(),
            "after: must be a cursor returned by this connection",
            "{cursor:.20}"
        );
    }

    #[test]
    fn a_cursor_is_read_as_it_is_written() {
        for position in ["", "ann", "~Köchin"] {
            let read = USERS.after::<String>(Some(&USERS.write(position))).unwrap();
            assert_eq!(read.as_deref(), Some(position));
        }
        assert_eq!(USERS.after::<String>(None).unwrap(), None);
        assert_eq!(USERS.after::<u32>(Some(&USERS.write(&7))).unwrap(), Some(7));
    }

    #[test]
    fn only_cursors_of_the_connection_are_accepted() {
        let long = "A".repeat(1 << 20);
        let position = URL_SAFE_NO_PAD.encode("ann");
        for wrong in ["", "x", "!", "\0", "////", "_w", "ann", "AAAAAAAA", &position, &long] {
            assert_refused(wrong);
        }
        assert_refused(&JOBS.write("ann"));
        // Positions that no connection has.
        assert_refused(&USERS.write("a\0b"));
        assert!(USERS.after::<u32>(Some(&USERS.write("seven"))).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_changed_cursor_is_refused(position in "\\PC{0,40}", at in any::<prop::sample::Index>(), by in 1..64usize) {
            const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            let cursor = USERS.write(&position);
            prop_assert_eq!(USERS.after::<String>(Some(&cursor)).unwrap(), Some(position));
            let at = at.index(cursor.len());
            let digit = DIGITS.iter().position(|digit| *digit == cursor.as_bytes()[at]).unwrap();
            let mut changed = cursor.clone();
            changed.replace_range(at..=at, std::str::from_utf8(&[DIGITS[(digit + by) % 64]]).unwrap());
            assert_refused(&changed);
            assert_refused(&cursor[..at]);
            assert_refused(&format!("{cursor}{cursor}"));
        }
    }

    #[test]
    fn a_page_has_a_size() {
        assert_eq!(first(None, 100).unwrap(), 20);
        assert_eq!(first(Some(0), 100).unwrap(), 0);
        assert_eq!(first(Some(100), 100).unwrap(), 100);
        for wrong in [-1, 101, i32::MAX] {
            assert_eq!(
                first(Some(wrong), 100).unwrap_err().to_string(),
                "first: 0 to 100 are allowed"
            );
        }
    }

    #[test]
    fn page_info_has_the_first_and_the_last_cursor() {
        let ends = |cursors: &[&str]| {
            let info = page_info(cursors.iter().map(|cursor| (*cursor).to_owned()), false, true);
            assert!(!info.has_previous_page && info.has_next_page);
            (info.start_cursor, info.end_cursor)
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(ends(&[]), (None, None));
        assert_eq!(ends(&["a"]), (some("a"), some("a")));
        assert_eq!(ends(&["a", "b", "c"]), (some("a"), some("c")));
    }
}
