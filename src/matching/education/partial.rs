//! Degrees of which only some years were studied: `2nd year BCom`, `BTech - 3rd year`, `BA History, 2 years, left`.

use super::super::degrees::Degree;

/// Years of a course.
const YEARS: [&str; 15] = [
    "1st",
    "2nd",
    "3rd",
    "4th",
    "5th",
    "6th",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "final",
    "last",
    "penultimate",
];
/// What may stand between a year and the degree behind it.
const JOINTS: [&str; 10] = [
    "", "of", "in", "of a", "of an", "of my", "of the", "in a", "in my", "in the",
];
/// What is left that is no course: `left school at 16`.
const PLACES: [&str; 6] = ["school", "college", "university", "uni ", "with ", "-"];

/// The places of `left` behind a comma, a dash or a bracket, where a sentence says that a course was given up.
pub(super) fn left(low: &str) -> impl Iterator<Item = usize> {
    low.match_indices("left").filter_map(move |(at, word)| {
        let before = low[..at].trim_end_matches(' ');
        let after = &low[at + word.len()..];
        let begins = before.ends_with([',', '(', '-', '\u{2013}', ';']) || before.ends_with(" and");
        let place = PLACES
            .iter()
            .any(|place| after.trim_start_matches(' ').starts_with(place));
        let apart = !after.starts_with(char::is_alphanumeric) && before.len() < at;
        let set = low[..at].ends_with('(');
        (begins && !place && (apart || set && !after.starts_with(char::is_alphanumeric))).then_some(at)
    })
}

/// The indices of the degrees beside which a sentence names only one of their years.
pub(super) fn years(low: &str, found: &[Degree]) -> Vec<usize> {
    let places: Vec<(usize, usize)> = places(low).collect();
    let [(from, until)] = places[..] else {
        return Vec::new();
    };
    let joined = |degree: &Degree| {
        let between = low.get(until..degree.bytes.start);
        between.is_some_and(|between| JOINTS.contains(&between.trim()))
    };
    if let Some(next) = found.iter().position(joined) {
        return vec![next];
    }
    // `B.Com 2nd year (discontinued)`, and not `prize in the final year` or `final year project`
    let last = found.iter().rposition(|degree| degree.bytes.end <= from);
    let rest = low[until..].trim_start_matches(' ');
    let ends = rest.is_empty() || rest.starts_with([')', '(', ',', '.', ';']);
    let begins = |last: &usize| {
        let between = low[found[*last].bytes.end..from].trim_end_matches(' ');
        between.trim().is_empty() || between.ends_with([',', '(', '-', '\u{2013}', ':'])
    };
    last.filter(|last| ends && begins(last)).into_iter().collect()
}

/// Where the years of a course are named: `2nd year`.
fn places(low: &str) -> impl Iterator<Item = (usize, usize)> {
    YEARS.iter().flat_map(move |year| {
        low.match_indices(year).filter_map(move |(at, _)| {
            let after = &low[at + year.len()..];
            let noun = after.trim_start_matches([' ', '-']);
            let end = ["year", "yr"].iter().find_map(|word| noun.strip_prefix(word))?;
            let whole = !low[..at].ends_with(char::is_alphanumeric) && !end.starts_with(char::is_alphanumeric);
            (whole && noun.len() < after.len()).then_some((at, low.len() - end.len()))
        })
    })
}
