//! Durations: `5+ years`, `two and a half years`, `18 months`, `over a decade`, `3 yrs 2 mos`.

use std::ops::Range;

use super::token::Kind;
use super::vocabulary::Meaning;
use super::{ANY, Reader};

/// A duration in a text, in months; `3-5 years` has two different ends.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::matching) struct Duration {
    pub(in crate::matching) bytes: Range<usize>,
    pub(in crate::matching) low: f64,
    pub(in crate::matching) high: f64,
}

/// The durations of a text, in order.
pub(in crate::matching) fn durations(text: &str) -> Vec<Duration> {
    let reader = Reader::new(text, ANY.index());
    let mut found = Vec::new();
    let mut at = 0;
    while at < reader.tokens.len() {
        match reader.duration(at) {
            Some((duration, next)) => {
                found.push(duration);
                at = next;
            }
            None => at += 1,
        }
    }
    found
}

/// Words for a number that is not told.
const VAGUE: [&str; 4] = ["several", "many", "multiple", "some"];
/// Words before the least number.
const LEASTS: [&str; 6] = ["at", "least", "min", "minimum", "ideally", "of"];

impl Reader<'_> {
    /// The duration that begins at a token, and the token after it.
    pub(super) fn duration(&self, at: usize) -> Option<(Duration, usize)> {
        if !self.begins_quantity(at) {
            return None;
        }
        if let Some(found) = self.explained(at) {
            return Some(found);
        }
        let (low, mut next) = self.quantity(at)?;
        next = self.repeated(next);
        let mut high = low;
        if let Some((end, after)) = self.upper(next).filter(|&(end, _)| end > low) {
            (high, next) = (end, self.repeated(after));
        }
        next = self.qualifiers(next);
        let (unit, mut next) = self.unit(next)?;
        let (mut low, mut high) = (low * f64::from(unit), high * f64::from(unit));
        if let Some(after) = self.and_a_half(next) {
            next = after;
            low += f64::from(unit) / 2.0;
            high += f64::from(unit) / 2.0;
        } else if let Some((months, after)) = self.smaller(next, unit) {
            next = after;
            low += months;
            high += months;
        }
        let duration = Duration {
            bytes: self.tokens[at].bytes.start..self.tokens[next - 1].bytes.end,
            low,
            high,
        };
        Some((duration, next))
    }

    /// A duration whose number stands in brackets: `several years (at least 6)`, `(min. 6) years`.
    fn explained(&self, at: usize) -> Option<(Duration, usize)> {
        let vague = VAGUE.iter().any(|word| self.low(at, word));
        let (unit, open) = if vague {
            let (unit, after) = self.unit(self.qualifiers(at + 1))?;
            (Some(unit), self.spaces(after))
        } else {
            (None, at)
        };
        if !self.is_sign(open, '(') {
            return None;
        }
        let mut next = self.spaces(open + 1);
        while LEASTS.iter().any(|word| self.low(next, word)) {
            next = self.spaces(self.one_of(next + 1, ".:"));
        }
        let (value, after) = self.quantity(next)?;
        let close = self.one_of(after, "+");
        let inner = self.unit(self.spaces(self.qualifiers(close)));
        let close = self.spaces(inner.filter(|_| vague).map_or(close, |(_, after)| after));
        if !self.is_sign(close, ')') {
            return None;
        }
        let (unit, next) = match (unit, inner) {
            (Some(outer), inner) => (inner.map_or(outer, |(unit, _)| unit), close + 1),
            // The number is all there is in the brackets.
            (None, _) => self.unit(self.spaces(close + 1))?,
        };
        let months = value * f64::from(unit);
        let duration = Duration {
            bytes: self.tokens[at].bytes.start..self.tokens[next - 1].bytes.end,
            low: months,
            high: months,
        };
        Some((duration, next))
    }

    fn begins_quantity(&self, at: usize) -> bool {
        match at.checked_sub(1).and_then(|before| self.kind(before)) {
            Some(Kind::Number { .. } | Kind::Sign('$' | '\u{20ac}' | '\u{a3}' | '#' | '@' | '_')) => false,
            Some(Kind::Word { joins }) => joins,
            Some(Kind::Sign('.' | ',' | ':' | '/')) => at < 2 || !self.is_number(at - 2),
            // `2010-2015 years` is no range of ages.
            Some(Kind::Sign('-' | '\u{2013}')) => at < 2 || !self.is_number(at - 2),
            _ => true,
        }
    }

    fn low(&self, at: usize, word: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| {
            let own = &self.text[token.bytes.clone()];
            own.eq_ignore_ascii_case(word)
        })
    }

    /// A number in digits or words.
    fn quantity(&self, at: usize) -> Option<(f64, usize)> {
        if let Some((value, digits)) = self.number(at) {
            if digits > 3 || value > 600 {
                return None;
            }
            let whole = f64::from(value);
            if let (Some(Kind::Sign('.' | ',')), Some((tenths, 1))) = (self.kind(at + 1), self.number(at + 2)) {
                return Some((whole + f64::from(tenths) / 10.0, at + 3));
            }
            if self.is_sign(self.spaces(at + 1), '\u{bd}') {
                return Some((whole + 0.5, self.spaces(at + 1) + 1));
            }
            return Some(
                self.and_a_half(at + 1)
                    .map_or((whole, at + 1), |next| (whole + 0.5, next)),
            );
        }
        // A unit follows `a` and `half a`, and `decades` says two at least.
        if self.low(at, "a") || self.low(at, "an") || self.low(at, "half") {
            let mut next = self.spaces(at + 1);
            let half = self.low(at, "half");
            if half && (self.low(next, "a") || self.low(next, "an")) {
                next = self.spaces(next + 1);
            }
            if self.low(next, "couple") {
                let of = self.spaces(next + 1);
                return Some((2.0, if self.low(of, "of") { self.spaces(of + 1) } else { of }));
            }
            self.unit(next)?;
            return Some((if half { 0.5 } else { 1.0 }, next));
        }
        if self.low(at, "decades") {
            return Some((2.0, at));
        }
        let number = |at| {
            self.find(at, |meaning| match meaning {
                Meaning::Number(value) => Some(value),
                _ => None,
            })
        };
        let (mut value, mut next) = number(at)?;
        if value >= 20 && value.is_multiple_of(10) {
            let ones = self.spaces(next + usize::from(self.is_sign(next, '-')));
            if let Some((more, after)) = number(ones).filter(|&(more, _)| more < 10 && ones > next) {
                (value, next) = (value + more, after);
            }
        }
        let value = f64::from(value);
        Some(self.and_a_half(next).map_or((value, next), |next| (value + 0.5, next)))
    }

    fn and_a_half(&self, at: usize) -> Option<usize> {
        let and = self.spaces(at);
        let a = self.spaces(and + 1);
        let half = self.spaces(a + 1);
        (self.low(and, "and") && self.low(a, "a") && self.low(half, "half")).then_some(half + 1)
    }

    /// The same number again, `five (5)`, and a plus sign.
    fn repeated(&self, at: usize) -> usize {
        let open = self.spaces(at);
        let mut next = at;
        if self.is_sign(open, '(') && self.is_number(open + 1) {
            let close = self.one_of(open + 2, "+");
            if self.is_sign(close, ')') {
                next = close + 1;
            }
        }
        self.one_of(next, "+")
    }

    /// The upper end of `3-5`, `3 to 5`, `two or three`.
    fn upper(&self, at: usize) -> Option<(f64, usize)> {
        let sign = self.spaces(at);
        let next = match self.kind(sign)? {
            Kind::Sign('-' | '\u{2013}' | '~' | '/') => sign + 1,
            _ if self.low(sign, "or") => sign + 1,
            _ => self.phrase(sign, Meaning::Until)?,
        };
        self.quantity(self.spaces(next))
    }

    /// Words between a number and its unit.
    fn qualifiers(&self, at: usize) -> usize {
        const WORDS: [&str; 17] = [
            "or",
            "more",
            "plus",
            "full",
            "consecutive",
            "solid",
            "good",
            "long",
            "additional",
            "calendar",
            "whole",
            "total",
            "continuous",
            "over",
            "greater",
            "recent",
            "progressive",
        ];
        let mut next = self.spaces(self.one_of(at, "+-"));
        for _ in 0..4 {
            if WORDS.iter().any(|word| self.low(next, word)) {
                next = self.spaces(self.one_of(next + 1, "+-"));
            }
        }
        next
    }

    /// A unit in months.
    fn unit(&self, at: usize) -> Option<(u32, usize)> {
        let (unit, next) = self.find(at, |meaning| match meaning {
            Meaning::Unit(months) => Some(months),
            _ => None,
        })?;
        let goes_on = matches!(self.kind(next), Some(Kind::Word { joins: false }));
        let dot =
            self.is_sign(next, '.') && !matches!(self.kind(next + 1), None | Some(Kind::Space { lines: 1.., .. }));
        (!goes_on).then(|| (unit, next + usize::from(dot && self.tokens[next - 1].bytes.len() <= 3)))
    }

    /// The months in `3 years 2 months` and `3 yrs, 2 mos`.
    fn smaller(&self, at: usize, unit: u32) -> Option<(f64, usize)> {
        if unit != 12 {
            return None;
        }
        let mut next = self.spaces(at);
        next = self.spaces(self.one_of(next, ",&"));
        if let Some(after) = self.phrase(next, Meaning::And) {
            next = self.spaces(after);
        }
        let (value, after) = self.quantity(next)?;
        let (1, end) = self.unit(self.spaces(after))? else {
            return None;
        };
        (value <= 12.0).then_some((value, end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_in_words_and_digits() {
        for (text, want) in [
            ("5 years", 60.0),
            ("5+ years", 60.0),
            ("10+ yrs.", 120.0),
            ("3-5 years", 36.0),
            ("3 – 5 yrs", 36.0),
            ("three to five years", 36.0),
            ("five (5) or more years", 60.0),
            ("twenty-five years", 300.0),
            ("Twenty five years", 300.0),
            ("over a decade of work", 120.0),
            ("more than two decades", 240.0),
            ("decades of work", 240.0),
            ("18 months", 18.0),
            ("two and a half years", 30.0),
            ("2½ years", 30.0),
            ("2.5 years", 30.0),
            ("a year and a half", 18.0),
            ("half a year", 6.0),
            ("3 yrs 2 mos", 38.0),
            ("3 years, 2 months", 38.0),
            ("1 year and 6 months", 18.0),
            ("a couple of years", 24.0),
            ("a five-year stint", 60.0),
            ("one full year", 12.0),
            ("10 Jahre Erfahrung", 120.0),
            ("zehn Jahre", 120.0),
            ("5 ans d'expérience", 60.0),
            ("más de 8 años", 96.0),
            ("10 лет", 120.0),
            ("5年经验", 60.0),
            ("3 tahun", 36.0),
            ("minimum 3yrs", 36.0),
            ("Several years (at least 6) of experience", 72.0),
            ("several years (min. 3 years) of experience", 36.0),
            ("many years (10+) in kitchens", 120.0),
            ("(at least 6) years of experience", 72.0),
        ] {
            let got: Vec<f64> = durations(text).iter().map(|one| one.low).collect();
            assert_eq!(got, [want], "{text}");
        }
        for text in [
            "many years",
            "founded in 1990, years ago",
            "$5 years",
            "2018 years",
            "Route 66",
            "yearly",
            "a team",
            "a year-round job",
            "Several years (all of them in 3 kitchens)",
            "(see page 6) years later",
        ] {
            assert!(durations(text).iter().all(|one| one.bytes.len() < 8), "{text}");
        }
    }
}
