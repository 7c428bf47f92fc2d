//! Points in time as people write them: a day, a month, a part of a year or a year.

use super::Reader;
use super::token::Kind;
use super::vocabulary::Meaning;

/// The resolution of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Precision {
    Year,
    /// A season, a quarter, an academic year.
    Part,
    Month,
    Day,
}

/// A point in time, months since year 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Point {
    /// The token after it.
    pub(super) next: usize,
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) day: u32,
    pub(super) precision: Precision,
    /// Whether it can mean something else, and is a date only as an end of a period.
    pub(super) weak: bool,
    /// Whether the year comes first.
    pub(super) year_first: bool,
}

impl Point {
    pub(super) fn month(next: usize, year: u32, month: u32) -> Self {
        Self {
            next,
            first: year * 12 + month - 1,
            last: year * 12 + month - 1,
            day: 0,
            precision: Precision::Month,
            weak: false,
            year_first: false,
        }
    }

    pub(super) fn day(next: usize, year: u32, month: u32, day: u32) -> Self {
        Self {
            day,
            precision: Precision::Day,
            ..Self::month(next, year, month)
        }
    }

    pub(super) fn part(next: usize, year: u32, (first, last): (u32, u32)) -> Self {
        Self {
            first: year * 12 + first - 1,
            last: year * 12 + last - 1,
            precision: if first == last {
                Precision::Month
            } else {
                Precision::Part
            },
            ..Self::month(next, year, 1)
        }
    }

    pub(super) fn year(next: usize, year: u32) -> Self {
        Self {
            last: year * 12 + 11,
            precision: Precision::Year,
            year_first: true,
            ..Self::month(next, year, 1)
        }
    }

    pub(super) fn weak(self) -> Self {
        Self { weak: true, ..self }
    }

    pub(super) fn year_first(self) -> Self {
        Self {
            year_first: true,
            ..self
        }
    }
}

/// The months in Roman numerals, January first.
const ROMAN: [&str; 12] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];

impl Reader<'_> {
    /// The point that begins at token `at`; the longest form wins.
    pub(super) fn point(&self, at: usize) -> Option<Point> {
        match self.tokens.get(at)?.kind {
            Kind::Number { .. } => self.numeric_point(at),
            Kind::Word { .. } => self.named_point(at),
            Kind::Sign('\'') => {
                let (year, next) = self.short_year(at + 1)?;
                Some(Point::year(next, year).weak())
            }
            _ => None,
        }
    }

    fn named_point(&self, at: usize) -> Option<Point> {
        if let Some(point) = self.roman_month(at) {
            return Some(point);
        }
        if let Some((month, named)) = self.month(at) {
            return self.month_and_year(month, named);
        }
        if let Some((range, named)) = self.season(at) {
            return self.season_and_year(range, named);
        }
        let (before, named) = self.find(at, |meaning| match meaning {
            Meaning::Era(before) => Some(before),
            _ => None,
        })?;
        let (count, next) = match self.number(named) {
            Some((count, 1..=2)) => (count, named + 1),
            _ if self.is_word(named, "元") => (1, named + 1),
            _ => return None,
        };
        self.ideographic(next, before + count)
    }

    /// `III.2015` and `XI/2015`, as in Poland, Hungary and Romania.
    pub(super) fn roman_month(&self, at: usize) -> Option<Point> {
        let word = &self.text[self.tokens.get(at)?.bytes.clone()];
        let month = ROMAN.iter().position(|roman| *roman == word)?;
        let joint = self.one_of(at + 1, "./");
        let (year, next) = self.year(joint).filter(|_| joint > at + 1)?;
        Some(Point::month(next, year, u32::try_from(month).ok()? + 1))
    }

    /// `Jan 2018`, `January 1st, 2018`, `Jan '18`, `Jan-18`, `enero de 2018`.
    pub(super) fn month_and_year(&self, month: u32, named: usize) -> Option<Point> {
        let dot = named + usize::from(self.is_sign(named, '.'));
        // A day behind the month.
        for joint in [self.spaces(dot), self.one_of(dot, "-/")] {
            let Some((day @ 1..=31, 1..=2)) = self.number(joint) else {
                continue;
            };
            let mut behind = self.ordinal(joint + 1);
            behind = self.spaces(behind);
            behind += usize::from(
                self.is_sign(behind, ',')
                    || self.is_sign(behind, '.')
                    || self.is_sign(behind, '-')
                    || self.is_sign(behind, '/'),
            );
            behind = self.of(self.spaces(behind));
            if behind == joint + 1 {
                continue;
            }
            if let Some((year, next)) = self.year(behind) {
                return Some(Point::day(next, year, month, day));
            }
        }
        let mut behind = self.of(self.spaces(dot));
        match self.kind(behind) {
            Some(Kind::Sign('/' | ',' | '.' | '|')) => behind = self.of(self.spaces(behind + 1)),
            // With spaces it is between the ends of a period.
            Some(Kind::Sign('-' | '\u{2013}')) if behind == dot => behind += 1,
            _ => {}
        }
        if let Some((year, next)) = self.year(behind) {
            // `Sep 2018-19` shares the month with no other year.
            return Some(Point::month(next, year, month));
        }
        if self.is_sign(behind, '\'') {
            // `Jun'17`, and `Jun' 2017` with a full year.
            let whole = self.year(self.spaces(behind + 1));
            let (year, next) = whole.or_else(|| self.short_year(behind + 1))?;
            return Some(Point::month(next, year, month));
        }
        let (year, next) = self.short_year(behind)?;
        // `Jan-18` is a month of 2018, `Jan 18` may be a day.
        let joint = behind == named + 1 && !matches!(self.kind(named), Some(Kind::Space { .. }));
        let point = Point::month(next, year, month);
        Some(if joint { point } else { point.weak() })
    }

    /// `Spring 2018`, `Q1 2018`, `Winter 2017/18`, `mid-2018`.
    pub(super) fn season_and_year(&self, range: (u32, u32), named: usize) -> Option<Point> {
        let mut behind = named + usize::from(self.is_sign(named, '.'));
        behind = match self.kind(behind) {
            Some(Kind::Sign('-' | '\u{2013}')) => behind + 1,
            _ => self.spaces(behind),
        };
        behind = self.of(self.spaces(self.one_of(behind, "/,")));
        if let Some(pair) = self.pair_of_years(behind) {
            // A winter of two years begins in the first.
            let range = if range == (1, 3) { (12, 14) } else { range };
            return Some(Point::part(pair.next, pair.first / 12, range));
        }
        let (year, next) = match self.year(behind) {
            Some(found) => found,
            None if self.is_sign(behind, '\'') => self.short_year(behind + 1)?,
            None => return None,
        };
        Some(Point::part(next, year, range))
    }

    /// A month, or a day and a month, whose year follows at the end of the period: first and last month, and day.
    pub(super) fn without_year(&self, at: usize) -> Option<(u32, u32, usize)> {
        if let Some((month, named)) = self.month(at) {
            let dot = named + usize::from(self.is_sign(named, '.'));
            let day_at = self.spaces(dot);
            if let Some((day @ 1..=31, 1..=2)) = self.number(day_at) {
                return Some((month, day, self.ordinal(day_at + 1)));
            }
            return Some((month, 0, dot));
        }
        if let Some(((first, _), named)) = self.season(at) {
            return Some((first, 0, named));
        }
        let (value, 1..=2) = self.number(at)? else { return None };
        let behind = self.ordinal(at + 1);
        if let Some((month, named)) = self
            .month(self.of(self.spaces(behind + usize::from(self.is_sign(behind, '.')))))
            .filter(|_| (1..=31).contains(&value))
        {
            return Some((month, value, named + usize::from(self.is_sign(named, '.'))));
        }
        let named = self.spaces(at + 1);
        if self.is_word(named, "月") || self.is_word(named, "월") {
            return (1..=12).contains(&value).then_some((value, 0, named + 1));
        }
        let dot = at + 1 + usize::from(self.is_sign(at + 1, '.'));
        (1..=12).contains(&value).then_some((value, 0, dot))
    }
}
