//! Pages of a ranking.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::results::Outcomes;
use super::{MAX_RANKED, RankedMatch, RankedMatchConnection};
use crate::graphql::error::Failure;
use crate::graphql::schema::connection;

/// A position in a ranking, best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    /// The inverted bits of the score; the bits of non-negative floats sort like the numbers.
    score: u64,
    index: u32,
}

impl Rank {
    /// The position of the text with this index; texts without a match come last.
    pub(crate) fn new(score: Option<f64>, index: i32) -> Self {
        let bits = score.map(|score| score.max(0.0).to_bits());
        Self {
            score: bits.map_or(u64::MAX, |bits| u64::MAX - bits),
            index: index.unsigned_abs(),
        }
    }
}

impl fmt::Display for Rank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}{:08x}", self.score, self.index)
    }
}

impl FromStr for Rank {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (score, index) = text.split_at_checked(16).filter(|_| text.len() == 24).ok_or(())?;
        Ok(Self {
            score: u64::from_str_radix(score, 16).map_err(drop)?,
            index: u32::from_str_radix(index, 16).map_err(drop)?,
        })
    }
}

/// The requested page.
#[derive(Clone, Copy)]
pub(crate) struct Cut {
    first: usize,
    after: Option<Rank>,
}

/// A page of results.
pub(crate) struct Part<T> {
    pub(crate) items: Vec<(Rank, T)>,
    pub(crate) total: usize,
    pub(crate) has_next: bool,
}

impl Cut {
    /// Parses the arguments of a connection.
    pub(crate) fn read(first: Option<i32>, after: Option<&str>) -> Result<Self, Failure> {
        let first = connection::first(first, MAX_RANKED)?;
        let after = connection::after(after)?;
        Ok(Self { first, after })
    }

    /// Sorts the results and selects the page.
    pub(crate) fn of<T>(self, mut items: Vec<(Rank, T)>) -> Part<T> {
        items.sort_by_key(|(rank, _)| *rank);
        let total = items.len();
        items.retain(|(rank, _)| self.after.is_none_or(|after| *rank > after));
        let has_next = items.len() > self.first;
        items.truncate(self.first);
        Part { items, total, has_next }
    }

    /// The page as a connection.
    pub(crate) fn show(self, part: Part<RankedMatch>, outcomes: Outcomes) -> RankedMatchConnection {
        let page = part.items.into_iter().map(|(rank, result)| (rank, Arc::new(result)));
        RankedMatchConnection {
            page: page.collect(),
            total: part.total,
            outcomes,
            has_previous: self.after.is_some(),
            has_next: part.has_next,
        }
    }
}
