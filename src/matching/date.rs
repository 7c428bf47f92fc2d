//! Dates and periods in the forms and languages in which people write them in resumes.
//!
//! `experience` and `degrees` read them, and redaction keeps them. A text is read as a whole, because only the whole
//! shows whether the day or the month comes first, and because a period can span lines.

mod duration;
mod numeric;
mod period;
mod point;
mod range;
mod segment;
mod token;
mod vocabulary;

use std::ops::Range;

use self::token::{Kind, Token};
use self::vocabulary::{Meaning, VOCABULARY};
use super::month::Month;

pub(super) use self::duration::{Duration, durations};
pub(super) use self::period::{Form, Period};

/// A date on its own, outside of any period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Date {
    pub(super) bytes: Range<usize>,
    /// The first and last month it can mean, in months since year 0.
    pub(super) months: Range<u32>,
}

/// The dates of a text, in order.
#[derive(Debug, Default)]
pub(super) struct Dates {
    pub(super) dates: Vec<Date>,
    pub(super) periods: Vec<Period>,
}

impl Dates {
    /// Reads the dates of a text. `today` is the end of periods that continue; periods after it are left out.
    pub(super) fn read(text: &str, today: Month) -> Self {
        let mut found = Self::default();
        Reader::new(text, today.index()).read(&mut found);
        found
    }
}

/// A month after every date that is read where no current month is known.
pub(super) const ANY: Month = Month { year: 2100, month: 12 };

/// The byte spans of all dates and periods of a text, in order, without overlap.
pub(super) fn spans(text: &str) -> Vec<Range<usize>> {
    let found = Dates::read(text, ANY);
    let dates = found.dates.into_iter().map(|date| date.bytes);
    let mut spans: Vec<_> = dates
        .chain(found.periods.into_iter().map(|period| period.bytes))
        .collect();
    spans.sort_by_key(|span| span.start);
    spans
}

/// Whether a word is a number, a month, or a word for the present.
pub(super) fn is_date_word(word: &str) -> bool {
    let tokens = vocabulary::tokens(word);
    !tokens.iter().any(|token| matches!(token.kind, Kind::Word { .. }))
        || VOCABULARY
            .find(&tokens, 0, |meaning| {
                matches!(meaning, Meaning::Month { .. } | Meaning::Present).then_some(())
            })
            .is_some_and(|((), next)| next == tokens.len())
}

/// Whether a word is a number in words.
pub(super) fn is_number(word: &str) -> bool {
    VOCABULARY
        .find(&vocabulary::tokens(word), 0, |meaning| {
            matches!(meaning, Meaning::Number(_)).then_some(())
        })
        .is_some()
}

/// Whether a word stands for the present.
pub(super) fn is_present(word: &str) -> bool {
    let tokens = vocabulary::tokens(word);
    VOCABULARY
        .find(&tokens, 0, |meaning| matches!(meaning, Meaning::Present).then_some(()))
        .is_some_and(|((), next)| next == tokens.len())
}

/// Conventions of a text as a whole.
#[derive(Debug, Default)]
struct Style {
    /// Whether the day comes first in `01/02/2018`.
    day_first: bool,
    /// Whether it has dates such as `2018-03-31` or `2018-03 - 2019-02`, so that `2009-11` is a month.
    iso: bool,
}

impl Style {
    fn day_and_month(&self, first: u32, second: u32, sign: char) -> Option<(u32, u32)> {
        let valid = |day: u32, month: u32| (1..=31).contains(&day) && (1..=12).contains(&month);
        let (day, month) = if self.day_first || sign == '.' {
            (first, second)
        } else {
            (second, first)
        };
        if valid(day, month) {
            Some((day, month))
        } else {
            valid(month, day).then_some((month, day))
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    style: Style,
    today: u32,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str, today: u32) -> Self {
        let mut reader = Self {
            text,
            tokens: vocabulary::tokens(text),
            style: Style::default(),
            today,
        };
        reader.style = reader.style();
        reader
    }

    /// The conventions that the dates of the text show.
    fn style(&self) -> Style {
        let (mut day_first, mut month_first, mut iso, mut foreign) = (0, 0, false, false);
        for at in 0..self.tokens.len() {
            if matches!(self.tokens[at].kind, Kind::Word { .. }) {
                foreign = foreign
                    || self.tokens[at].id != 0
                        && self
                            .find(at, |meaning| {
                                matches!(meaning, Meaning::Month { english: false, .. }).then_some(())
                            })
                            .is_some()
                        && self.is_number(self.spaces(at + 1));
                continue;
            }
            let Some((first, digits)) = self.number(at) else {
                continue;
            };
            for sign in ['/', '-', '.'] {
                let Some((second, 1..=2)) = self.after_sign(at + 1, sign).and_then(|at| self.number(at)) else {
                    continue;
                };
                let third = self.after_sign(at + 3, sign).and_then(|at| self.number(at));
                match (digits, third) {
                    (1..=2, Some((_, 4))) if sign != '.' => {
                        day_first += usize::from(first > 12 && second <= 12);
                        month_first += usize::from(second > 12 && first <= 12);
                    }
                    (4, Some((_, 2))) => iso |= sign == '-',
                    // Of `2020-07-2024-10`, the third number is the second year.
                    (4, None | Some((_, 4))) if sign != '.' => {
                        // The same form follows, or the present does.
                        let end = self.connector(at + 3);
                        iso |= end.is_some_and(|end| {
                            self.present(end).is_some()
                                || self.number(end).is_some_and(|(_, digits)| digits == 4)
                                    && self
                                        .after_sign(end + 1, sign)
                                        .and_then(|at| self.number(at))
                                        .is_some_and(|(month, digits)| digits == 2 && month <= 12)
                        });
                    }
                    _ => {}
                }
            }
        }
        Style {
            day_first: day_first > month_first || day_first == month_first && foreign,
            iso,
        }
    }

    fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    /// The value and the count of digits of a number.
    fn number(&self, at: usize) -> Option<(u32, u8)> {
        match self.kind(at)? {
            Kind::Number { value, digits } => Some((value, digits)),
            _ => None,
        }
    }

    fn is_number(&self, at: usize) -> bool {
        self.number(at).is_some()
    }

    fn is_sign(&self, at: usize, sign: char) -> bool {
        self.kind(at) == Some(Kind::Sign(sign))
    }

    fn is_word(&self, at: usize, word: &str) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|token| &self.text[token.bytes.clone()] == word)
    }

    fn find<T>(&self, at: usize, pick: impl Fn(Meaning) -> Option<T>) -> Option<(T, usize)> {
        VOCABULARY.find(&self.tokens, at, pick)
    }

    fn phrase(&self, at: usize, wanted: Meaning) -> Option<usize> {
        self.find(at, |meaning| (meaning == wanted).then_some(()))
            .map(|((), next)| next)
    }

    /// The token after white space within the line.
    fn spaces(&self, at: usize) -> usize {
        match self.kind(at) {
            Some(Kind::Space { lines: 0, .. }) => at + 1,
            _ => at,
        }
    }

    /// The token after white space and line breaks.
    fn breaks(&self, at: usize) -> usize {
        at + usize::from(matches!(self.kind(at), Some(Kind::Space { .. })))
    }

    /// The token after one of these signs, without white space.
    fn one_of(&self, at: usize, signs: &str) -> usize {
        match self.kind(at) {
            Some(Kind::Sign(sign)) if signs.contains(sign) => at + 1,
            _ => at,
        }
    }

    /// The token after a sign between the parts of a date: joined, except `1. 1. 2018` and `01 / 2018`.
    fn after_sign(&self, at: usize, sign: char) -> Option<usize> {
        let spaced = sign == '/' && self.is_sign(self.spaces(at), sign);
        let at = if spaced { self.spaces(at) } else { at };
        if !self.is_sign(at, sign) {
            return None;
        }
        Some(if sign == '.' || spaced {
            self.spaces(at + 1)
        } else {
            at + 1
        })
    }

    fn of(&self, at: usize) -> usize {
        self.phrase(at, Meaning::Of).map_or(at, |next| self.spaces(next))
    }

    fn ordinal(&self, at: usize) -> usize {
        self.phrase(at, Meaning::Ordinal).unwrap_or(at)
    }

    fn month(&self, at: usize) -> Option<(u32, usize)> {
        self.find(at, |meaning| match meaning {
            Meaning::Month { number, .. } => Some(number),
            _ => None,
        })
    }

    fn season(&self, at: usize) -> Option<((u32, u32), usize)> {
        let (range, next) = self.find(at, |meaning| match meaning {
            Meaning::Season { first, last } => Some((first, last)),
            _ => None,
        })?;
        // `T1` is one word; `Q` without a number is not a season.
        Some((range, next))
    }

    fn is_year(&self, year: u32) -> bool {
        (1940..=2100).contains(&year)
    }

    /// A year of four digits.
    fn year(&self, at: usize) -> Option<(u32, usize)> {
        match self.number(at)? {
            (year, 4) if self.is_year(year) => Some((year, at + 1)),
            _ => None,
        }
    }

    /// A year of two digits: at most ten years ahead.
    fn short_year(&self, at: usize) -> Option<(u32, usize)> {
        let (value, 2) = self.number(at)? else { return None };
        let ahead = if self.today >= ANY.index() {
            2040
        } else {
            self.today / 12 + 10
        };
        let year = ahead - ahead % 100 + value;
        let year = if year > ahead { year - 100 } else { year };
        let longer = matches!(self.kind(at + 1), Some(Kind::Sign('/' | '.'))) && self.is_number(at + 2);
        (self.is_year(year) && !longer).then_some((year, at + 1))
    }

    /// The token of the end of a period, after the sign or word between its ends.
    fn connector(&self, at: usize) -> Option<usize> {
        let mut next = self.closing(at);
        let signs = next;
        while let Some(Kind::Sign('-' | '\u{2013}' | '~' | '\u{2192}' | '>' | '/' | '|' | '\u{2026}' | '\u{bb}')) =
            self.kind(next)
        {
            next += 1;
            if next - signs > 3 {
                return None;
            }
        }
        // `2015...2018`
        let dots = (next..).take_while(|&at| self.is_sign(at, '.')).count();
        if next == signs && (2..=3).contains(&dots) {
            next += dots;
        }
        // A cell border separates, except between the ends of one period; `range` checks what follows.
        if let Some(labelled) = self.behind_until_label(next) {
            next = labelled;
        } else if next == signs {
            // `since 2014 (left 2018)`
            let open = next + usize::from(self.is_sign(next, '('));
            let until = self.phrase(open, Meaning::Until)?;
            next = self.behind_colon(until).unwrap_or(until);
        }
        next = self.breaks(next);
        // `effective March 2015 - effective July 2018`
        if let Some(after) = self.phrase(next, Meaning::From).filter(|_| next > signs)
            && self.point(self.breaks(after)).is_some()
            && self.point(next).is_none()
        {
            next = self.breaks(after);
        }
        if let Some(after) = self
            .phrase(next, Meaning::Until)
            .filter(|_| next > signs && !self.is_number(next))
            && self.present(next).is_none()
        {
            next = self.breaks(after);
        }
        while let Some(Kind::Sign('(' | '[' | '*' | '_')) = self.kind(next) {
            next += 1;
        }
        Some(next)
    }

    /// The token after the label of the end of a period: `End date: 05/2018`, `Start: 03/2015. End: 05/2018`, and without a
    /// colon if the label has two words.
    fn behind_until_label(&self, at: usize) -> Option<usize> {
        let label = self.breaks(at + usize::from(self.is_sign(at, '.')));
        let next = self.phrase(label, Meaning::UntilLabel)?;
        let words = || next > label + 1 && self.phrase(label, Meaning::Until).is_none();
        self.behind_colon(next).or_else(|| words().then_some(next))
    }

    /// The token after the colon of a label, which may have its form in brackets: `To (mm/yyyy):`.
    fn behind_colon(&self, at: usize) -> Option<usize> {
        let mut colon = self.spaces(at);
        if self.is_sign(colon, '(') {
            let close = (colon..colon + 6).find(|&at| self.is_sign(at, ')'))?;
            colon = self.spaces(close + 1);
        }
        self.is_sign(colon, ':').then_some(colon + 1)
    }

    /// The token after brackets, a comma and white space that end a date.
    fn closing(&self, at: usize) -> usize {
        let mut next = at;
        loop {
            let after = match self.kind(next) {
                Some(Kind::Space { .. } | Kind::Sign(')' | ']' | ',' | '*' | '_')) => next + 1,
                _ => return next,
            };
            if after - at > 4 {
                return at;
            }
            next = after;
        }
    }

    fn present(&self, at: usize) -> Option<usize> {
        self.phrase(at, Meaning::Present)
    }

    /// Whether a number, or the sign of a longer number, follows without a space.
    fn continues(&self, at: usize) -> bool {
        match self.kind(at) {
            Some(Kind::Number { .. }) | Some(Kind::Sign('%')) => true,
            Some(Kind::Sign('.' | '/' | '-' | ':' | '\'')) => self.is_number(at + 1),
            Some(Kind::Sign(',')) => self.number(at + 1).is_some_and(|(_, digits)| digits == 3),
            Some(Kind::Word { joins }) => !joins,
            _ => false,
        }
    }

    /// Whether a date can begin here: it is not the end of a longer number or name.
    fn begins(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return true };
        let number = || at > 1 && self.is_number(at - 2);
        match self.kind(before) {
            Some(Kind::Word { joins }) => joins,
            Some(Kind::Number { .. } | Kind::Sign('$' | '\u{20ac}' | '\u{a3}' | '#' | '@' | '_' | '=' | '+')) => false,
            Some(Kind::Sign('.' | ',' | '-' | '/' | ':' | '\'')) => !number(),
            _ => true,
        }
    }
}

#[cfg(test)]
mod generated;
#[cfg(test)]
mod span_tests;
#[cfg(test)]
mod tests;
