//! Resumes and job postings written for the tests, in `tests/data/matching`.

use crate::repository;

/// The pairs of a resume and the posting that fits it, by the names of their files.
pub const PAIRS: [&str; 3] = ["data-engineer", "intensive-care-nurse", "kitchen-manager"];

/// One side of a pair: `resume` or `job`.
#[must_use]
pub fn text(pair: &str, side: &str) -> String {
    let extension = if pair == "data-engineer" { "md" } else { "txt" };
    let name = format!("{pair}.{side}.{extension}");
    let path = repository().join("tests/data/matching").join(&name);
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"))
}
