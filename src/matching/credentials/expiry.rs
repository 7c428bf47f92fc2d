//! Licences that are not valid any more by their date: `BLS (expires Feb 2024)`, `first aid, valid until March 2021`,
//! `PMP (2015 - 2018)`.

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::super::date::Dates;
use super::super::month::Month;
use super::super::words::{Gap, Word};

/// The lists of `expiry.toml`, which says what each is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vocabulary {
    until: Vec<String>,
    bare: FxHashSet<String>,
    between: FxHashSet<String>,
    beside: FxHashSet<String>,
    renewed: FxHashSet<String>,
    heads: FxHashSet<String>,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| toml::from_str(include_str!("expiry.toml")).expect("expiry.toml is valid"));

/// The number of words between a phrase and the date, or between a name and its period.
const MOST_BETWEEN: usize = 3;
/// The number of words behind a name in which its date is told.
const MOST_BEHIND: usize = 12;

/// What the text says of a licence behind its name.
pub(super) struct Said<'a> {
    pub(super) text: &'a str,
    pub(super) words: &'a [Word],
    /// The words behind the name, up to the next name.
    pub(super) behind: Range<usize>,
    /// Whether the name is that of a person: `registered nurse`.
    pub(super) of_person: bool,
    /// Whether a period behind it is the time for which it is valid, and not that of a job or a course.
    pub(super) renewed: bool,
}

impl Said<'_> {
    fn low(&self, at: usize) -> String {
        let word = self.words.get(at);
        word.map_or_else(String::new, |word| {
            self.text[word.bytes.clone()].to_lowercase().replace('\u{2019}', "'")
        })
    }

    /// The end of the words that may tell its dates: of the sentence, and of a line below that tells nothing else.
    fn end(&self) -> usize {
        let most = self.behind.end.min(self.behind.start + MOST_BEHIND);
        let ends = |at: &usize| {
            let from = at.checked_sub(1).map_or(0, |last| self.words[last].bytes.end);
            let between = self.text.get(from..self.words[*at].bytes.start).unwrap_or_default();
            let head = VOCABULARY.heads.contains(&self.low(*at));
            // `BLS exp. Feb 2024` is one sentence.
            let written = &self.text[self.words[*at].bytes.clone()];
            let begins = written.starts_with(char::is_uppercase) && !head;
            let shortened = at
                .checked_sub(1)
                .is_some_and(|last| VOCABULARY.heads.contains(&self.low(last)));
            between.contains(';') || between.contains('\n') && !head || between.contains(". ") && begins && !shortened
        };
        (self.behind.start..most).find(ends).unwrap_or(most)
    }

    /// Whether it is not valid any more in this month.
    pub(super) fn is_expired(&self, today: Month) -> bool {
        let behind = self.behind.start..self.end();
        let digits = |at: usize| self.low(at).contains(|c: char| c.is_ascii_digit());
        if behind.is_empty() || !behind.clone().any(digits) {
            return false;
        }
        let (from, until) = (
            self.words[behind.start].bytes.start,
            self.words[behind.end - 1].bytes.end,
        );
        let said = &self.text[from..until];
        let place = |byte: usize| self.words.partition_point(|word| word.bytes.end <= from + byte);
        let renewed = behind.clone().any(|at| VOCABULARY.renewed.contains(&self.low(at)));
        let read = Dates::read(said, today);
        // A date without a day or with one stands for its whole month.
        let over = |end: u32| end <= today.index();
        let until = |at: usize| self.is_until(behind.start, at);
        let dates = read.dates.iter().filter(|date| until(place(date.bytes.start)));
        let periods = read.periods.iter().filter(|period| {
            let at = place(period.bytes.start);
            until(at) || self.renewed && !self.of_person && self.is_beside(behind.start, at)
        });
        let dates: Vec<u32> = dates.map(|date| date.months.end).collect();
        let ends = periods.filter(|period| !period.ongoing).map(|period| period.months.end);
        let last = dates.into_iter().chain(ends).max();
        last.is_some_and(over) && !renewed
    }

    /// Whether the words before the date at a word say that it is the last of validity.
    fn is_until(&self, start: usize, date: usize) -> bool {
        let mut at = date;
        for _ in 0..=MOST_BETWEEN {
            let ends = |phrase: &String| {
                let parts: Vec<&str> = phrase.split(' ').collect();
                let from = at.checked_sub(parts.len()).filter(|from| *from >= start);
                from.is_some_and(|from| (from..at).map(|at| self.low(at)).eq(parts.iter().copied()))
            };
            if VOCABULARY.until.iter().any(ends) {
                return true;
            }
            if at == start + 1 && !self.of_person && VOCABULARY.bare.contains(&self.low(start)) {
                return self.words[start].gap != Gap::Break;
            }
            if at <= start || !VOCABULARY.between.contains(&self.low(at - 1)) {
                return false;
            }
            at -= 1;
        }
        false
    }

    /// Whether nothing but words about the paper stands between the name and a period.
    fn is_beside(&self, start: usize, period: usize) -> bool {
        period <= start + MOST_BETWEEN && (start..period).all(|at| VOCABULARY.beside.contains(&self.low(at)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::words::words;
    use super::super::expired;
    use super::*;

    const TODAY: Month = Month { year: 2026, month: 11 };

    fn is_over(text: &str, in_job: bool) -> bool {
        let line = 0..text.len();
        !expired(text, &words(text), &[(line, in_job)], TODAY).is_empty()
    }

    /// Whatever the licence, and however the date is written.
    #[test]
    fn licences_end_with_their_dates() {
        for name in ["BLS", "SIA licence", "CPR certified", "CCNA", "PMP (PMI)"] {
            for (form, months) in [
                ("exp. 2/2024", true),
                ("(expires Feb 2024)", true),
                ("- expiration: 02/2024", true),
                ("- valid thru 02/2024", true),
                (", valid until March 2021", true),
                ("valid to 05/2020", true),
                ("exp'd 2018", true),
                ("Expiry Date: 15-Feb-2024", true),
                ("(Exp: 08/15/2024)", true),
                ("expired in 2021", true),
                ("valid from March 2019 to March 2021", true),
                ("exp. 12/2026", false),
                ("exp. 11/2026", false),
                ("(expires Feb 2028)", false),
                (", valid until March 2031", false),
                (", valid until 2026", false),
                ("valid to 05/2030", false),
                ("Expiry Date: 15-Feb-2029", false),
                (", expired 2018, renewed 2024", false),
                ("2019", false),
                (", renewed 2/2022", false),
                ("since 2015", false),
                ("issued 02/2022", false),
            ] {
                assert_eq!(is_over(&format!("{name} {form}"), false), months, "{name} {form}");
            }
        }
        for (text, in_job, want) in [
            ("PMP (2015-2018)", false, true),
            ("PMP (2015-2018)", true, false),
            ("PMP (2015 - 2029)", false, false),
            ("CIPD Level 5 (2015 - 2018)", false, false),
            ("ACCA 2012 - 2016", false, false),
            ("BLS (AHA) 02/2022 - 02/2024", false, true),
            ("CPR certified until 2019", true, true),
            ("Gas Safe registered until 2009", true, true),
            ("Registered nurse (2015 - 2018)", false, false),
            ("Registered nurse until 2018", false, false),
            ("CCNA, Oak Ltd, 2015 - 2018", false, false),
            ("BLS, lead of a team of 12 until 2019", false, false),
        ] {
            assert_eq!(is_over(text, in_job), want, "{text}");
        }
    }

    #[test]
    fn a_date_is_that_of_the_licence_before_it() {
        let text = "ACLS exp. 8/2027, BLS exp. 2/2024\nFirst aid at work\nExpires May 2020";
        let lines: Vec<_> = text
            .split_inclusive('\n')
            .scan(0, |at, line| {
                *at += line.len();
                Some((*at - line.len()..*at - usize::from(line.ends_with('\n')), false))
            })
            .collect();
        let words = words(text);
        let over = expired(text, &words, &lines, TODAY);
        let over: Vec<&str> = over
            .iter()
            .map(|place| &text[words[place.start].bytes.clone()])
            .collect();
        assert_eq!(over, ["BLS", "First"]);
    }
}
