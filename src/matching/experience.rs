//! Years of experience, required by a posting and shown by a resume.

use super::english::ENGLISH;
use super::month::Month;
use super::words::{Gap, Word};

/// The years stated in a sentence: the lower end of `3-5 years`. Ages are excluded.
pub(super) fn years(text: &str, words: &[Word]) -> Option<f64> {
    let low = |word: &Word| text[word.bytes.clone()].to_lowercase();
    let mut most: Option<f64> = None;
    for (at, word) in words.iter().enumerate() {
        if !matches!(
            low(word).trim_end_matches(['\'', '\u{2019}']),
            "year" | "years" | "yr" | "yrs"
        ) {
            continue;
        }
        if words[at + 1..]
            .iter()
            .take(2)
            .any(|next| matches!(low(next).as_str(), "old" | "age"))
        {
            continue;
        }
        let mut found: Option<f64> = None;
        for before in words[at.saturating_sub(4)..at].iter().rev() {
            let name = low(before);
            match number(&name) {
                Some(value) => found = Some(found.map_or(value, |known: f64| known.min(value))),
                None if matches!(
                    name.as_str(),
                    "or" | "more" | "to" | "plus" | "and" | "full" | "consecutive"
                ) => {}
                None => break,
            }
        }
        most = found.into_iter().chain(most).reduce(f64::max);
    }
    most
}

fn number(word: &str) -> Option<f64> {
    if let Some(value) = ENGLISH.numbers.iter().position(|name| *name == word) {
        return Some(f64::from(u8::try_from(value).ok()?));
    }
    let value: f64 = word.trim_end_matches('+').parse().ok()?;
    (value.is_finite() && (0.0..=50.0).contains(&value)).then_some(value)
}

/// The periods of a sentence such as `Jan 2019 - Present`, in months since year 0, end exclusive.
pub(super) fn periods(text: &str, words: &[Word], today: Month) -> Vec<(u32, u32)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let Some((from, after)) = point(text, words, at) else {
            let since = text[words[at].bytes.clone()].eq_ignore_ascii_case("since");
            if let (true, Some((from, after))) = (since, point(text, words, at + 1)) {
                found.push((from.first(), today.index() + 1));
                at = after;
            } else {
                at += 1;
            }
            continue;
        };
        let mut next = after;
        while words
            .get(next)
            .is_some_and(|word| matches!(&text[word.bytes.clone()], "to" | "until" | "till" | "through" | "bis"))
        {
            next += 1;
        }
        let ongoing = words
            .get(next)
            .is_some_and(|word| ENGLISH.ongoing.contains(&text[word.bytes.clone()].to_lowercase()));
        if ongoing {
            found.push((from.first(), today.index() + 1));
            at = next + 1;
        } else if let Some((until, after)) = point(text, words, next) {
            found.push((from.first(), until.end_of(from).min(today.index() + 1)));
            at = after;
        } else {
            at = after;
        }
    }
    found.retain(|(from, until)| from < until);
    found
}

/// The years covered by periods, counting each month once.
pub(super) fn covered(periods: &mut [(u32, u32)]) -> f64 {
    periods.sort_unstable();
    let (mut months, mut reached) = (0, 0);
    for &mut (from, until) in periods {
        let from = from.max(reached);
        months += until.saturating_sub(from);
        reached = reached.max(until);
    }
    f64::from(months) / 12.0
}

#[derive(Clone, Copy)]
struct Point {
    year: u32,
    month: Option<u32>,
}

impl Point {
    fn first(self) -> u32 {
        self.year * 12 + self.month.unwrap_or(1) - 1
    }

    /// A named month ends with its last day; a bare year stands for the same day of that year.
    fn end_of(self, from: Self) -> u32 {
        match self.month {
            Some(month) => self.year * 12 + month,
            None if self.year == from.year => from.first() + 6,
            None => self.year * 12,
        }
    }
}

/// A month with its year, or a bare year, beginning at word `at`, and the index of the next word.
fn point(text: &str, words: &[Word], at: usize) -> Option<(Point, usize)> {
    let word = words.get(at)?;
    let written = text[word.bytes.clone()].to_lowercase();
    if let Some(month) = month_name(&written) {
        let year = year(&text[words.get(at + 1)?.bytes.clone()])?;
        return Some((
            Point {
                year,
                month: Some(month),
            },
            at + 2,
        ));
    }
    if let Some((month, behind)) = written.split_once('.') {
        let (month, year) = (month_number(month)?, year(behind)?);
        return Some((
            Point {
                year,
                month: Some(month),
            },
            at + 1,
        ));
    }
    if let Some(first) = year(&written) {
        let joined = words
            .get(at + 1)
            .filter(|next| next.gap == Gap::Joint)
            .map(|next| &text[next.bytes.clone()]);
        let month = joined.filter(|digits| digits.len() == 2).and_then(month_number);
        return Some((Point { year: first, month }, at + 1 + usize::from(month.is_some())));
    }
    let month = month_number(&written)?;
    let next = words.get(at + 1).filter(|next| next.gap == Gap::Joint)?;
    let year = year(&text[next.bytes.clone()])?;
    Some((
        Point {
            year,
            month: Some(month),
        },
        at + 2,
    ))
}

/// Whether a word is a number, a month, or a word for the present.
pub(super) fn is_date(word: &str) -> bool {
    let low = word.to_lowercase();
    !low.contains(char::is_alphabetic) || month_name(&low).is_some() || ENGLISH.ongoing.contains(&low)
}

fn year(word: &str) -> Option<u32> {
    (word.len() == 4)
        .then(|| word.parse().ok())
        .flatten()
        .filter(|year| (1950..=2100).contains(year))
}

fn month_number(word: &str) -> Option<u32> {
    (word.len() <= 2)
        .then(|| word.parse().ok())
        .flatten()
        .filter(|month| (1..=12).contains(month))
}

fn month_name(word: &str) -> Option<u32> {
    let at = ENGLISH.months.iter().position(|name| word.starts_with(name.as_str()))?;
    let full = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    (word.len() == 3 || full[at].starts_with(word) || word == "sept")
        .then(|| u32::try_from(at + 1).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    const TODAY: Month = Month { year: 2026, month: 11 };

    #[test]
    fn years_are_read_as_people_write_them() {
        for (text, want) in [
            ("5+ years of experience", Some(5.0)),
            ("at least three years' experience", Some(3.0)),
            ("3-5 years in a kitchen", Some(3.0)),
            ("3 – 5 yrs", Some(3.0)),
            ("five (5) or more years", Some(5.0)),
            ("minimum 2 years Python and 7 years overall", Some(7.0)),
            ("must be 18 years of age", None),
            ("many years", None),
            ("founded in 1990, years ago", None),
        ] {
            assert_eq!(years(text, &words(text)), want, "{text}");
        }
    }

    #[test]
    fn periods_are_read_and_counted_once() {
        for (text, want) in [
            ("Jan 2019 – Dec 2020", 2.0),
            ("2015-2019", 4.0),
            ("03/2018 - 02/2019", 1.0),
            ("03.2018 – 02.2019", 1.0),
            ("2018-03 to 2019-02", 1.0),
            ("December 2024 - present", 2.0),
            ("since December 2025", 1.0),
            ("2019 - 2019", 0.5),
            ("in 2019", 0.0),
            ("2010 – 2012, 2011 – 2013", 3.0),
            ("May 2030 - June 2031", 0.0),
        ] {
            let got = covered(&mut periods(text, &words(text), TODAY));
            assert!((got - want).abs() < 1e-9, "{text}: {got}");
        }
    }
}
