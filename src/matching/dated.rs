//! Signs of dates in a line, enough to tell what kind of line it is. `date` reads the dates themselves.

use super::date::is_present;

/// Whether a word is a year.
pub(super) fn is_year(word: &str) -> bool {
    word.len() == 4 && (word.starts_with("19") || word.starts_with("20")) && word.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a word stands for the present.
pub(super) fn is_ongoing(word: &str) -> bool {
    word.len() <= 24 && is_present(word)
}

/// The parts of a line between signs, and its runs of digits.
fn words(content: &str) -> impl DoubleEndedIterator<Item = &str> {
    content
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

/// Whether a line has a year, in full or as in `03/18`.
pub(super) fn has_year(content: &str) -> bool {
    words(content).any(|word| {
        is_year(word)
            || word
                .char_indices()
                .any(|(at, _)| at + 4 < word.len() && !word.is_ascii() && word.get(at..at + 4).is_some_and(is_year))
    }) || has_short_date(content)
        || cut_years(content) > 0
}

/// The number of years such as `'19`.
fn cut_years(content: &str) -> usize {
    let years = content.match_indices(['\'', '\u{2019}']).filter(|(at, sign)| {
        let rest = &content[at + sign.len()..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        // Not `'24 hours' cover`.
        let after = rest.get(digits..).unwrap_or_default();
        let ends = after.trim_start();
        let ends = ends.is_empty() || ends.starts_with(|c: char| !c.is_alphanumeric()) || ends.starts_with("to ");
        digits == 2
            && ends
            && !after.starts_with(char::is_alphanumeric)
            && content[..*at].ends_with(|c: char| c.is_alphabetic() || c == ' ')
    });
    years.count()
}

/// `03/18` or `03/2018`.
fn has_short_date(content: &str) -> bool {
    content.match_indices('/').any(|(at, _)| {
        let month = content[..at]
            .rsplit(|c: char| !c.is_ascii_digit())
            .next()
            .unwrap_or_default();
        let year = content[at + 1..]
            .split(|c: char| !c.is_ascii_digit())
            .next()
            .unwrap_or_default();
        matches!(month.len(), 1 | 2)
            && month.parse::<u8>().is_ok_and(|month| (1..=12).contains(&month))
            && matches!(year.len(), 2 | 4)
    })
}

/// Whether a line has a period: two dates, or a date and a word for the present or an open end.
pub(super) fn has_period(content: &str) -> bool {
    let years = words(content).filter(|word| is_year(word)).count();
    let years = years + usize::from(has_short_date(content)) + cut_years(content);
    let open = content.trim_end().ends_with(['-', '\u{2013}', '\u{2014}']);
    years >= 2
        || years == 1 && (open || words(content).any(is_ongoing))
        || content.matches('/').count() >= 2 && has_short_date(content)
}

/// Whether a line ends with a year or a word for the present.
pub(super) fn ends_with_date(content: &str) -> bool {
    words(content)
        .next_back()
        .is_some_and(|word| is_year(word) || is_ongoing(word))
}

/// Whether a line begins with a month and year or a year, and is short.
pub(super) fn begins_with_date(content: &str) -> bool {
    if content.len() > 64 || content.split_whitespace().nth(7).is_some() {
        return false;
    }
    let mut words = words(content);
    let Some(first) = words.next() else { return false };
    let second = words.next();
    let numeric = |word: &str| word.bytes().all(|b| b.is_ascii_digit());
    if is_year(first) || is_ongoing(first) && second.is_none() {
        return second.is_none_or(|word| numeric(word) || is_ongoing(word) || word.chars().count() <= 5);
    }
    let month =
        numeric(first) && first.len() <= 2 || first.chars().count() <= 10 && first.chars().all(char::is_alphabetic);
    month && (second.is_some_and(is_year) || numeric(first) && words.next().is_some_and(is_year))
}
