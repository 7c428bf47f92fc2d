//! Periods: two points, or one point and the present.

use std::ops::Range;

use super::point::{Point, Precision};
use super::token::Kind;
use super::vocabulary::Meaning;
use super::{ANY, Date, Dates, Reader};

/// A period in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::matching) struct Period {
    pub(in crate::matching) bytes: Range<usize>,
    /// Months since year 0, end exclusive.
    pub(in crate::matching) months: Range<u32>,
    /// Whether it continues.
    pub(in crate::matching) ongoing: bool,
    /// The form it is written in.
    pub(in crate::matching) form: Form,
}

/// The form of a period, which says how surely it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::matching) enum Form {
    /// Two months or days, or one and the present.
    Months,
    /// Two years, or one and the present.
    Years,
    /// One date after `since` or before a dash that nothing follows.
    Since,
    /// A season or quarter on its own.
    Part,
}

/// The bytes before a date in which the line may say that something goes on.
const BEFORE: usize = 160;

/// The longest period of a life's work, in months.
const LONGEST: u32 = 60 * 12;

impl Reader<'_> {
    pub(super) fn read(&self, into: &mut Dates) {
        let mut at = 0;
        while at < self.tokens.len() {
            at = self.step(at, into);
        }
    }

    /// Reads what begins at a token, and returns the token after it.
    fn step(&self, at: usize, into: &mut Dates) -> usize {
        let token = &self.tokens[at];
        let can_begin = match token.kind {
            Kind::Number { digits, .. } => digits <= 8,
            Kind::Word { .. } => token.id != 0 || self.roman_month(at).is_some(),
            Kind::Sign(sign) => sign == '\'',
            Kind::Space { .. } => false,
        };
        if !can_begin || !self.begins(at) {
            return at + 1;
        }
        if let Some((since, start)) = self.cue(at)
            && let Some(period) = self.after_cue(at, start, since)
        {
            let next = self.token_at(period.bytes.end);
            self.add(period, into);
            return next;
        }
        if let Some((period, next)) = self.range(at, false) {
            self.add(period, into);
            return next;
        }
        if let Some((period, next)) = self.reversed_ongoing(at) {
            self.add(period, into);
            return next;
        }
        let Some(point) = self
            .point(at)
            .filter(|point| !point.weak && !self.continues(point.next))
        else {
            return at + 1;
        };
        if let Some((period, next)) = self.open(at, &point) {
            self.add(period, into);
            return next;
        }
        if point.precision == Precision::Part && self.starts_segment(at) && self.ends_segment(point.next) {
            // An academic year has twelve months.
            let end = (point.last + 1).min(point.first + 12);
            self.add(self.period(at, point.next, point.first..end, false, Form::Part), into);
        } else {
            into.dates.push(Date {
                bytes: self.bytes(at, point.next),
                months: point.first..point.last + 1,
            });
        }
        point.next
    }

    /// Keeps a period that is possible; of another only the span.
    fn add(&self, mut period: Period, into: &mut Dates) {
        period.ongoing |= period.months.end > self.today + 1;
        period.months.end = period.months.end.min(self.today + 1);
        let length = period.months.end.saturating_sub(period.months.start);
        // How long a period has lasted that continues is not known without the current month.
        let open = period.ongoing && self.today >= ANY.index();
        if (1..=LONGEST).contains(&length) || open && length > 0 {
            into.periods.push(period);
        } else {
            into.dates.push(Date {
                bytes: period.bytes,
                months: period.months,
            });
        }
    }

    pub(super) fn bytes(&self, at: usize, next: usize) -> Range<usize> {
        let start = self.tokens.get(at).map_or(self.text.len(), |token| token.bytes.start);
        let end = next
            .checked_sub(1)
            .and_then(|last| self.tokens.get(last))
            .map_or(start, |token| token.bytes.end);
        start..end.max(start)
    }

    fn token_at(&self, byte: usize) -> usize {
        self.tokens.partition_point(|token| token.bytes.start < byte)
    }

    pub(super) fn period(&self, at: usize, next: usize, months: Range<u32>, ongoing: bool, form: Form) -> Period {
        Period {
            bytes: self.bytes(at, next),
            months,
            ongoing,
            form,
        }
    }

    /// A word such as `since` or `from`: whether it says that the period continues, and the token after it.
    fn cue(&self, at: usize) -> Option<(bool, usize)> {
        if !matches!(self.kind(at), Some(Kind::Word { .. })) {
            return None;
        }
        let (since, next) = self.find(at, |meaning| match meaning {
            Meaning::Since => Some(true),
            Meaning::From => Some(false),
            _ => None,
        })?;
        let mut next = self.breaks(next);
        if let Some((_, after)) = self.find(next, |meaning| (meaning == Meaning::Of).then_some(())) {
            next = self.breaks(after);
        }
        Some((since, next))
    }

    fn after_cue(&self, at: usize, start: usize, since: bool) -> Option<Period> {
        if let Some((period, _)) = self.range(start, true) {
            return Some(Period {
                bytes: self.tokens[at].bytes.start..period.bytes.end,
                ..period
            });
        }
        let point = self.point(start).filter(|point| !self.continues(point.next))?;
        let alone = self.starts_segment(at) && self.ends_segment(point.next);
        let next = self
            .phrase(self.spaces(point.next), Meaning::Onwards)
            .unwrap_or(point.next);
        (if point.weak {
            alone
        } else {
            since || alone || next > point.next || self.says_now(at)
        })
        .then(|| self.period(at, next, point.first..self.today + 1, true, Form::Since))
    }

    /// Whether the line before a token says that something goes on: `Currently working as office manager from March 2015`.
    fn says_now(&self, at: usize) -> bool {
        let end = self.tokens[at].bytes.start;
        let start = (end.saturating_sub(BEFORE)..=end).find(|&at| self.text.is_char_boundary(at));
        let line = &self.text[start.unwrap_or(end)..end];
        let line = line.rsplit('\n').next().unwrap_or_default();
        let mut words = line.split(|c: char| !c.is_alphanumeric());
        words.any(|word| {
            ["currently", "presently"]
                .iter()
                .any(|now| word.eq_ignore_ascii_case(now))
        })
    }

    /// One date that nothing ends: `2018 –` at the end of a line, or `2018 onwards`.
    fn open(&self, at: usize, point: &Point) -> Option<(Period, usize)> {
        let behind = self.spaces(point.next);
        if let Some(next) = self.phrase(behind, Meaning::Onwards) {
            return Some((
                self.period(at, next, point.first..self.today + 1, true, Form::Since),
                next,
            ));
        }
        if let Some(length) = self
            .stated_length(point.next)
            .filter(|_| point.precision >= Precision::Month)
        {
            let months = point.first..point.first + length;
            return Some((self.period(at, point.next, months, false, Form::Months), point.next));
        }
        let Some(Kind::Sign('-' | '\u{2013}' | '~' | '\u{2192}')) = self.kind(behind) else {
            return None;
        };
        let after = behind + 1 + usize::from(matches!(self.kind(behind + 1), Some(Kind::Sign('-' | '>' | '.' | '?'))));
        let alone = match self.kind(after) {
            None | Some(Kind::Sign(')' | ']' | '|')) => true,
            Some(Kind::Space { lines: 0, wide }) => match self.kind(after + 1) {
                None | Some(Kind::Sign(')' | ']' | '|')) => true,
                _ => wide,
            },
            Some(Kind::Space { .. }) => {
                let line = self.tokens.get(after + 1).map(|token| &self.text[token.bytes.clone()]);
                line.is_none_or(|line| !line.starts_with(char::is_lowercase))
            }
            _ => false,
        };
        alone.then(|| {
            (
                self.period(at, behind + 1, point.first..self.today + 1, true, Form::Since),
                after,
            )
        })
    }
}
