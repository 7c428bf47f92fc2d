//! The part of a ranking that was asked for, and the cursors that part it.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{MAX_RANKED, RankedMatch, RankedMatchConnection};
use crate::graphql::error::Failure;

/// A place in a ranking: the best first. Of numbers that are not negative the bits sort as they do.
pub(crate) type Rank = (u64, u32);

/// The place of the text of this number; one without a match comes after all that have one.
pub(crate) fn rank(score: Option<f64>, index: i32) -> Rank {
    let bits = score.map(|score| score.max(0.0).to_bits());
    (bits.map_or(u64::MAX, |bits| u64::MAX - bits), index.unsigned_abs())
}

/// The part of a ranking that was asked for.
#[derive(Clone, Copy)]
pub(crate) struct Cut {
    first: usize,
    after: Option<Rank>,
}

/// A page of a ranking before it is shown.
pub(crate) struct Part<T> {
    pub(crate) items: Vec<(Rank, T)>,
    pub(crate) total: usize,
    pub(crate) has_next: bool,
}

impl Cut {
    /// Reads the arguments of a connection.
    pub(crate) fn read(first: Option<i32>, after: Option<&str>) -> Result<Self, Failure> {
        let first = first
            .map_or(Some(20), |n| usize::try_from(n).ok())
            .filter(|n| *n <= MAX_RANKED)
            .ok_or_else(|| Failure::BadUserInput(format!("first: 0 to {MAX_RANKED} are allowed")))?;
        let after = after.map(place).transpose()?;
        Ok(Self { first, after })
    }

    /// Sorts, and keeps the page.
    pub(crate) fn of<T>(self, mut items: Vec<(Rank, T)>) -> Part<T> {
        items.sort_by_key(|(rank, _)| *rank);
        let total = items.len();
        items.retain(|(rank, _)| self.after.is_none_or(|after| *rank > after));
        let has_next = items.len() > self.first;
        items.truncate(self.first);
        Part { items, total, has_next }
    }

    /// The page as the schema shows it.
    pub(crate) fn show(self, part: Part<RankedMatch>) -> RankedMatchConnection {
        let page = part.items.into_iter().map(|((score, index), result)| {
            let cursor = URL_SAFE_NO_PAD.encode(format!("{score:016x}{index:08x}"));
            (cursor, Arc::new(result))
        });
        RankedMatchConnection {
            page: page.collect(),
            total: part.total,
            has_previous: self.after.is_some(),
            has_next: part.has_next,
        }
    }
}

/// The place that a cursor stands for.
fn place(cursor: &str) -> Result<Rank, Failure> {
    let read = || {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let text = String::from_utf8(bytes).ok().filter(|text| text.len() == 24)?;
        let (score, index) = text.split_at_checked(16)?;
        Some((
            u64::from_str_radix(score, 16).ok()?,
            u32::from_str_radix(index, 16).ok()?,
        ))
    };
    read().ok_or_else(|| Failure::BadUserInput("after: must be a cursor that this ranking has given".to_owned()))
}
