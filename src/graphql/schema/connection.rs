//! Relay connections (GraphQL Cursor Connections Specification): the arguments `first` and `after`, cursors, and
//! `pageInfo`.

use std::fmt::Display;
use std::str::FromStr;

use async_graphql::connection::PageInfo;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::graphql::error::Failure;

/// Bytes of the longest cursor that is read; a position is an id, or a number and an id.
const MAX_CURSOR: usize = 1024;
/// The default of `first`.
const PAGE: usize = 20;

/// The cursor of a position in a list; opaque to clients.
pub(super) fn cursor(position: &(impl Display + ?Sized)) -> String {
    URL_SAFE_NO_PAD.encode(position.to_string())
}

/// The position that the argument `after` names.
pub(super) fn after<P: FromStr>(cursor: Option<&str>) -> Result<Option<P>, Failure> {
    let read = |cursor: &str| {
        let bytes = (cursor.len() <= MAX_CURSOR).then(|| URL_SAFE_NO_PAD.decode(cursor).ok())??;
        String::from_utf8(bytes).ok()?.parse().ok()
    };
    let refused = || Failure::BadUserInput("after: must be a cursor returned by this connection".to_owned());
    cursor.map(|cursor| read(cursor).ok_or_else(refused)).transpose()
}

/// The argument `first`, at most `most`.
pub(super) fn first(first: Option<i32>, most: usize) -> Result<usize, Failure> {
    first
        .map_or(Some(PAGE), |n| usize::try_from(n).ok())
        .filter(|n| *n <= most)
        .ok_or_else(|| Failure::BadUserInput(format!("first: 0 to {most} are allowed")))
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
    //! Arguments and cursors alone; lists are paged through in `tests/it`.

    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_is_written() {
        for position in ["", "ann", "~Köchin"] {
            let read = after::<String>(Some(&cursor(position))).unwrap();
            assert_eq!(read.as_deref(), Some(position));
        }
        assert_eq!(after::<String>(None).unwrap(), None);
        assert_eq!(after::<u32>(Some(&cursor(&7))).unwrap(), Some(7));
    }

    #[test]
    fn anything_else_is_refused() {
        for wrong in ["!", "\0", "////", "_w", &"A".repeat(1 << 20)] {
            let refused = after::<String>(Some(wrong)).unwrap_err().to_string();
            assert_eq!(
                refused, "after: must be a cursor returned by this connection",
                "{wrong:.10}"
            );
        }
        assert!(after::<u32>(Some(&cursor("seven"))).is_err());
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
