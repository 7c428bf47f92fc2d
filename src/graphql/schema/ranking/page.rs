//! Pages of a ranking.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::results::Outcomes;
use super::{MAX_RANKED, RankedMatch, RankedMatchConnection};
use crate::graphql::error::Failure;
use crate::graphql::schema::connection::{self, Cursors};

/// A position in a ranking, best first.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    /// The inverted bits of the score; the bits of non-negative floats sort like the numbers.
    score: u64,
    /// The order of texts with the same score.
    tie: String,
}

impl Rank {
    /// The position of the text with this index; texts without a match come last.
    pub(crate) fn of_text(score: Option<f64>, index: i32) -> Self {
        Self::new(score, format!("{:08x}", index.unsigned_abs()))
    }

    /// The position of the job with this id. Its index changes when another job is removed.
    pub(crate) fn of_job(score: Option<f64>, id: &str) -> Self {
        Self::new(score, id.to_owned())
    }

    fn new(score: Option<f64>, tie: String) -> Self {
        let bits = score.map(|score| score.max(0.0).to_bits());
        let score = bits.map_or(u64::MAX, |bits| u64::MAX - bits);
        Self { score, tie }
    }
}

impl fmt::Display for Rank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}{}", self.score, self.tie)
    }
}

impl FromStr for Rank {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (score, tie) = text.split_at_checked(16).ok_or(())?;
        Ok(Self {
            score: u64::from_str_radix(score, 16).map_err(drop)?,
            tie: tie.to_owned(),
        })
    }
}

/// The requested page.
#[derive(Clone)]
pub(crate) struct PageSlice {
    cursors: Cursors,
    first: usize,
    after: Option<Rank>,
}

/// A page of results.
pub(crate) struct Part<T> {
    pub(crate) items: Vec<(Rank, T)>,
    pub(crate) total: usize,
    pub(crate) has_previous: bool,
    pub(crate) has_next: bool,
}

impl PageSlice {
    /// Parses the arguments of the connection that this field returns.
    pub(crate) fn read(field: &'static str, first: Option<i32>, after: Option<&str>) -> Result<Self, Failure> {
        let cursors = Cursors::of(field);
        let first = connection::first(first, MAX_RANKED)?;
        let after = cursors.after(after)?;
        Ok(Self { cursors, first, after })
    }

    /// Sorts the results and selects the page.
    pub(crate) fn of<T>(&self, mut items: Vec<(Rank, T)>) -> Part<T> {
        items.sort_by(|(a, _), (b, _)| a.cmp(b));
        let total = items.len();
        items.retain(|(rank, _)| self.after.as_ref().is_none_or(|after| rank > after));
        let has_previous = items.len() < total;
        let has_next = items.len() > self.first;
        items.truncate(self.first);
        Part {
            items,
            total,
            has_previous,
            has_next,
        }
    }

    /// The page as a connection.
    pub(crate) fn show(&self, part: Part<RankedMatch>, outcomes: Outcomes) -> RankedMatchConnection {
        let page = part.items.into_iter().map(|(rank, result)| (rank, Arc::new(result)));
        RankedMatchConnection {
            cursors: self.cursors,
            page: page.collect(),
            total: part.total,
            outcomes,
            has_previous: part.has_previous,
            has_next: part.has_next,
        }
    }
}
