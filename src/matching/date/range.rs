//! Periods with two ends: two points, or a point and the present.

use std::ops::Range;

use super::Reader;
use super::period::{Form, Period};
use super::point::{Point, Precision};
use super::token::Kind;
use super::vocabulary::Meaning;

/// The end of a period.
enum End {
    Point(Point),
    Present(usize),
}

impl Reader<'_> {
    /// A period with two ends.
    pub(super) fn range(&self, at: usize, between: bool) -> Option<(Period, usize)> {
        if let Some(point) = self.point(at)
            && let Some(found) = self.range_from(at, &point, between)
        {
            return Some(found);
        }
        self.range_in_one_year(at)
    }

    pub(super) fn range_from(&self, at: usize, from: &Point, between: bool) -> Option<(Period, usize)> {
        // `2018-19` and `1998-03`: the second year is short.
        if from.precision == Precision::Year
            && from.year_first
            && !from.weak
            && let Some(found) = self.short_end(at, from)
        {
            return Some(found);
        }
        let end = self.connector(from.next).or_else(|| {
            let and = self.phrase(self.breaks(from.next), Meaning::And).filter(|_| between)?;
            Some(self.breaks(and))
        });
        let (end, joined) = match end {
            Some(end) => (end, true),
            None => (self.column(at, from)?, false),
        };
        // `2008/2012` in a sentence are two versions.
        if joined && self.is_sign(from.next, '/') && from.precision == Precision::Year && !self.starts_segment(at) {
            return None;
        }
        let end = match self.present(end) {
            Some(next) if joined || self.ends_segment(next) => End::Present(next),
            _ => End::Point(self.end_point(from, end)?),
        };
        match end {
            End::Present(next) => {
                let form = if from.precision == Precision::Year {
                    Form::Years
                } else {
                    Form::Months
                };
                let next = next + usize::from(self.is_sign(next, '.') && !self.ends_sentence(next));
                (!self.glued(next)).then(|| (self.period(at, next, start(from)..self.today + 1, true, form), next))
            }
            End::Point(until) => {
                let plausible = from.weak == until.weak || !until.weak || from.precision >= Precision::Month;
                if self.continues(until.next)
                    || !plausible
                    || !joined && (until.first <= from.first || until.weak || from.weak)
                {
                    return None;
                }
                if !joined && (until.precision >= Precision::Month) != (from.precision >= Precision::Month) {
                    return None;
                }
                let months = between_points(from, &until)?;
                let form = if from.precision.min(until.precision) == Precision::Year {
                    Form::Years
                } else {
                    Form::Months
                };
                let months = self.with_duration(months, form, until.next);
                Some((self.period(at, until.next, months, false, form), until.next))
            }
        }
    }

    /// The second point of a period; `2018年1月 - 3月` and `2018 Jan - Mar` share the year.
    pub(super) fn end_point(&self, from: &Point, at: usize) -> Option<Point> {
        if let Some(point) = self.point(at) {
            return Some(point);
        }
        if !from.year_first || from.precision < Precision::Month {
            return None;
        }
        let named = matches!(self.kind(at), Some(Kind::Word { .. }))
            || self.is_word(self.spaces(at + 1), "月")
            || self.is_word(self.spaces(at + 1), "월");
        let (month, day, next) = self.without_year(at).filter(|_| named)?;
        let same = from.first / 12 * 12 + month - 1;
        let month = if same < from.first { same + 12 } else { same };
        Some(Point {
            next,
            first: month,
            last: month,
            day,
            ..*from
        })
    }

    /// `2018-19`, `2018/19` and `1998–03`.
    pub(super) fn short_end(&self, at: usize, from: &Point) -> Option<(Period, usize)> {
        let Some(Kind::Sign('-' | '\u{2013}' | '/')) = self.kind(from.next) else {
            return None;
        };
        let (value, 2) = self.number(from.next + 1)? else {
            return None;
        };
        let year = from.first / 12;
        let until = year - year % 100 + value + if value < year % 100 { 100 } else { 0 };
        let next = from.next + 2;
        let word = matches!(self.kind(self.spaces(next)), Some(Kind::Word { joins: false }))
            && self.month(self.spaces(next)).is_some();
        if self.is_sign(from.next, '/') && !self.starts_segment(at) {
            return None;
        }
        if self.continues(next) || word || until <= year || until * 12 > self.today + 24 || until > year + 40 {
            return None;
        }
        Some((self.period(at, next, year * 12..until * 12, false, Form::Years), next))
    }

    /// `Jan - Dec 2018`, `18 April - 14 May 2011`, `03-09/2018`: the first point has no year.
    pub(super) fn range_in_one_year(&self, at: usize) -> Option<(Period, usize)> {
        if self.is_whole_day(at) {
            return None;
        }
        let (month, day, next) = self.without_year(at)?;
        let end = self.connector(next)?;
        let until = self
            .point(end)
            .filter(|point| !point.weak && !self.continues(point.next))?;
        if until.precision == Precision::Year || until.precision == Precision::Part && self.is_number(at) {
            return None;
        }
        let number = self.is_number(at);
        // In `1-15 March 2019` the number is a day.
        let (month, day) = match until.precision {
            Precision::Day if number && day == 0 => (until.first % 12 + 1, month),
            _ => (month, day),
        };
        let year = until.first / 12;
        let first = year * 12 + month - 1;
        if number && (first > until.first || self.is_sign(next, '/')) {
            return None;
        }
        let first = if first > until.last { first - 12 } else { first };
        let from = Point {
            first,
            last: first,
            day,
            precision: until.precision,
            ..until
        };
        let months = between_points(&from, &until)?;
        Some((self.period(at, until.next, months, false, Form::Months), until.next))
    }

    /// `02-03-2015`: a day, and not two months of a year.
    fn is_whole_day(&self, at: usize) -> bool {
        let hyphen = |at: usize| self.is_sign(at, '-');
        let small = |at: usize| self.number(at).is_some_and(|(_, digits)| digits <= 2);
        small(at) && hyphen(at + 1) && small(at + 2) && hyphen(at + 3) && self.year(at + 4).is_some()
    }

    /// `Present - Jan 2018`: the end comes first.
    pub(super) fn reversed_ongoing(&self, at: usize) -> Option<(Period, usize)> {
        let next = self.present(at)?;
        let start = self.connector(next)?;
        let from = self
            .point(start)
            .filter(|point| !point.weak && !self.continues(point.next))?;
        let ends = self.ends_segment(from.next) && self.starts_segment(at);
        ends.then(|| {
            (
                self.period(at, from.next, from.first..self.today + 1, true, Form::Months),
                from.next,
            )
        })
    }

    /// The end of a period in the next column, or alone in the next line.
    pub(super) fn column(&self, at: usize, from: &Point) -> Option<usize> {
        let Some(Kind::Space { lines, wide }) = self.kind(from.next) else {
            return None;
        };
        let end = from.next + 1;
        let alone = match lines {
            0 => wide,
            1 => {
                from.precision >= Precision::Month
                    && self.starts_line(at)
                    && self.point(end).is_some_and(|until| self.ends_line(until.next))
            }
            _ => false,
        };
        if lines == 0 && wide && self.present(end).is_some() {
            return Some(end);
        }
        let until = self.point(end).filter(|_| alone)?;
        let more = self.point(until.next + 1).is_some()
            || at >= 2 && matches!(self.kind(at - 2), Some(Kind::Number { digits: 4, .. }));
        (!more).then_some(end)
    }

    /// The length of a period of years that a duration behind it states: `2015 - 2018 (3 yrs 2 mos)`.
    pub(super) fn with_duration(&self, months: Range<u32>, form: Form, next: usize) -> Range<u32> {
        let Some(length) = self.stated_length(next).filter(|_| form == Form::Years) else {
            return months;
        };
        let between = months.end - months.start;
        if length.abs_diff(between) <= 12 {
            months.start..months.start + length
        } else {
            months
        }
    }

    /// The months of a duration in brackets or behind a dot.
    pub(super) fn stated_length(&self, next: usize) -> Option<u32> {
        let open = self.spaces(next);
        let Some(Kind::Sign('(' | '[' | '\u{b7}' | '\u{2022}' | '|' | ',')) = self.kind(open) else {
            return None;
        };
        let (duration, _) = self.duration(self.spaces(open + 1))?;
        let months = duration.low.round();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 1 to 720")]
        let length = months as u32;
        (duration.low.to_bits() == duration.high.to_bits() && (1.0..=720.0).contains(&months)).then_some(length)
    }
}

/// The first month of a period: a day after the middle of a month starts the next.
fn start(point: &Point) -> u32 {
    point.first + u32::from(point.day > 15)
}

/// The months between two points. A month ends with its last day; two bare years are as far apart as the years.
fn between_points(from: &Point, until: &Point) -> Option<Range<u32>> {
    if until.last < from.first {
        return None;
    }
    let first = start(from);
    let end = match (from.precision, until.precision) {
        (Precision::Year, Precision::Year) if from.first == until.first => return Some(from.first..from.first + 6),
        (_, Precision::Year) if until.first > first => until.first,
        (_, Precision::Year) => until.last + 1,
        (_, Precision::Day) => until.first + u32::from(until.day >= 15),
        _ => until.last + 1,
    };
    Some(first..end.max(first + 1))
}
