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
    fn month(next: usize, year: u32, month: u32) -> Self {
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

    fn day(next: usize, year: u32, month: u32, day: u32) -> Self {
        Self {
            day,
            precision: Precision::Day,
            ..Self::month(next, year, month)
        }
    }

    fn part(next: usize, year: u32, (first, last): (u32, u32)) -> Self {
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

    fn year(next: usize, year: u32) -> Self {
        Self {
            last: year * 12 + 11,
            precision: Precision::Year,
            year_first: true,
            ..Self::month(next, year, 1)
        }
    }

    fn weak(self) -> Self {
        Self { weak: true, ..self }
    }

    fn year_first(self) -> Self {
        Self {
            year_first: true,
            ..self
        }
    }
}

impl Reader<'_> {
    /// The point that begins at token `at`; the longest form wins.
    pub(super) fn point(&self, at: usize) -> Option<Point> {
        match self.tokens.get(at)?.kind {
            Kind::Number { .. } => self.from_number(at),
            Kind::Word { .. } => self.from_word(at),
            Kind::Sign('\'') => {
                let (year, next) = self.short_year(at + 1)?;
                Some(Point::year(next, year).weak())
            }
            _ => None,
        }
    }

    fn from_word(&self, at: usize) -> Option<Point> {
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

    /// `Jan 2018`, `January 1st, 2018`, `Jan '18`, `Jan-18`, `enero de 2018`.
    fn month_and_year(&self, month: u32, named: usize) -> Option<Point> {
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
            let (year, next) = self.short_year(behind + 1)?;
            return Some(Point::month(next, year, month));
        }
        let (year, next) = self.short_year(behind)?;
        // `Jan-18` is a month of 2018, `Jan 18` may be a day.
        let joint = behind == named + 1 && !matches!(self.kind(named), Some(Kind::Space { .. }));
        let point = Point::month(next, year, month);
        Some(if joint { point } else { point.weak() })
    }

    /// `Spring 2018`, `Q1 2018`, `Winter 2017/18`, `mid-2018`.
    fn season_and_year(&self, range: (u32, u32), named: usize) -> Option<Point> {
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

    fn from_number(&self, at: usize) -> Option<Point> {
        let (value, digits) = self.number(at)?;
        if digits == 4 {
            let (year, next) = self.year(at)?;
            return self.from_year(at, year, next);
        }
        if let Some((range, named)) = self.season(at) {
            return self.season_and_year(range, named);
        }
        match digits {
            // 201801 and 20180131
            6 | 8 => {
                let (whole, day) = if digits == 8 {
                    (value / 100, value % 100)
                } else {
                    (value, 1)
                };
                let (year, month) = (whole / 100, whole % 100);
                let plain = self.is_year(year) && (1..=12).contains(&month) && (1..=31).contains(&day);
                plain.then(|| Point::month(at + 1, year, month).weak())
            }
            1 | 2 => self.from_day_or_month(at, value, digits),
            _ => None,
        }
    }

    fn from_year(&self, at: usize, year: u32, next: usize) -> Option<Point> {
        // 2018年1月
        let named = self.spaces(next);
        if self.is_word(named, "年") || self.is_word(named, "년") {
            return self.ideographic(named, year);
        }
        for sign in ['-', '.', '/'] {
            let Some(month_at) = self.after_sign(next, sign) else {
                continue;
            };
            let Some((month @ 1..=12, 1..=2)) = self.number(month_at) else {
                continue;
            };
            let day_at = self.after_sign(month_at + 1, sign);
            if let Some((day @ 1..=31, 1..=2)) = day_at.and_then(|at| self.number(at)) {
                let next = day_at? + 1;
                let next = next + usize::from(sign == '.' && self.is_sign(next, '.') && !self.is_number(next + 1));
                return Some(Point::day(next, year, month, day).year_first());
            }
            let two = self.number(month_at)?.1 == 2;
            let years = two && sign != '.' && self.means_years(year, month);
            if years && sign == '/' {
                return self.pair_of_years(at);
            }
            let joint = month_at == next + 1;
            if !years && (joint || sign == '.') && !self.continues(month_at + 1) {
                let dot = sign == '.' && self.is_sign(month_at + 1, '.');
                return Some(Point::month(month_at + 1 + usize::from(dot), year, month).year_first());
            }
        }
        if let Some(pair) = self.pair_of_years(at) {
            return Some(pair);
        }
        // `2018 Jan`, `2018, January 15`, `2018 Q1`
        let mut behind = next + usize::from(self.is_sign(next, ',') || self.is_sign(next, '.'));
        behind = if self.is_sign(next, '-') {
            next + 1
        } else {
            self.of(self.spaces(behind))
        };
        if let Some((month, named)) = self.month(behind) {
            let named = named + usize::from(self.is_sign(named, '.'));
            let day = self
                .number(self.spaces(named))
                .filter(|&(day, digits)| digits <= 2 && (1..=31).contains(&day));
            let own_year = self.month_and_year(month, named).is_some_and(|point| !point.weak);
            if !own_year {
                if let Some((day, _)) = day.filter(|_| !self.continues(self.spaces(named) + 1)) {
                    return Some(Point::day(self.spaces(named) + 1, year, month, day).year_first());
                }
                return Some(Point::month(named, year, month).year_first());
            }
        }
        if let Some((range, named)) = self.season(behind).filter(|_| behind > next || self.is_sign(next, '-')) {
            if self.season_and_year(range, named).is_none() {
                return Some(Point::part(named, year, range).year_first());
            }
        }
        Some(Point::year(next, year))
    }

    /// The rest of a date behind a year in Chinese, Japanese or Korean.
    fn ideographic(&self, at: usize, year: u32) -> Option<Point> {
        if !(self.is_word(at, "年") || self.is_word(at, "년")) || !self.is_year(year) {
            return None;
        }
        let after = at + 1 + usize::from(self.is_word(at + 1, "度"));
        let month_at = self.spaces(after);
        let Some((month @ 1..=12, 1..=2)) = self.number(month_at) else {
            return Some(Point::year(after, year));
        };
        let named = self.spaces(month_at + 1);
        if !(self.is_word(named, "月") || self.is_word(named, "월")) {
            return Some(Point::year(after, year));
        }
        let day_at = self.spaces(named + 1);
        if let Some((day @ 1..=31, 1..=2)) = self.number(day_at) {
            let sign = self.spaces(day_at + 1);
            if ["日", "号", "일"].iter().any(|word| self.is_word(sign, word)) {
                return Some(Point::day(sign + 1, year, month, day).year_first());
            }
        }
        Some(Point::month(named + 1, year, month).year_first())
    }

    /// `2017/18` and `2017/2018`: consecutive years.
    pub(super) fn pair_of_years(&self, at: usize) -> Option<Point> {
        let (first, next) = self.year(at)?;
        let second_at = self.after_sign(next, '/')?;
        let (second, digits) = self.number(second_at)?;
        let consecutive = digits == 4 && second == first + 1 || digits == 2 && second == (first + 1) % 100;
        (consecutive && !self.continues(second_at + 1)).then(|| Point {
            last: first * 12 + 23,
            precision: Precision::Part,
            ..Point::year(second_at + 1, first)
        })
    }

    /// `01/2018`, `1.1.2018`, `12/31/2018`, `1 January 2018`, `01/18`.
    fn from_day_or_month(&self, at: usize, value: u32, digits: u8) -> Option<Point> {
        for sign in ['/', '.', '-'] {
            let Some(second_at) = self.after_sign(at + 1, sign) else {
                continue;
            };
            let Some((second, second_digits)) = self.number(second_at) else {
                continue;
            };
            if second_digits <= 2 {
                let year_at = self.after_sign(second_at + 1, sign);
                let year = year_at.and_then(|year_at| {
                    let short = || self.short_year(year_at).filter(|&(_, next)| !self.continues(next));
                    self.year(year_at).or_else(short)
                });
                if let Some((year, next)) = year {
                    let (day, month) = self.style.day_and_month(value, second, sign)?;
                    return Some(Point::day(next, year, month, day));
                }
            }
            if !(1..=12).contains(&value) {
                continue;
            }
            if let Some((year, next)) = self.year(second_at) {
                return Some(Point::month(next, year, value));
            }
            let joint = second_at == at + 2;
            if joint && (digits == 2 || sign == '/') {
                let longer = |next| matches!(self.kind(next), Some(Kind::Sign('/' | '.'))) && self.is_number(next + 1);
                if let Some((year, next)) = self.short_year(second_at) {
                    return Some(Point::month(next, year, value).weak());
                }
            }
        }
        // `01 2018` in a column, and `01.2018` with spaces around the dot.
        if digits == 2 && (1..=12).contains(&value) {
            let behind = self.spaces(at + 1);
            if self.is_sign(behind, '\'') {
                let (year, next) = self.short_year(behind + 1)?;
                return Some(Point::month(next, year, value));
            }
            if behind == at + 2 {
                if let Some((year, next)) = self.year(behind) {
                    return Some(Point::month(next, year, value).weak());
                }
            }
        }
        if !(1..=31).contains(&value) {
            return None;
        }
        let mut behind = self.ordinal(at + 1);
        if let Some(Kind::Sign('-' | '/' | '.')) = self.kind(behind) {
            behind += 1;
        }
        behind = self.of(self.spaces(behind));
        let (month, named) = self.month(behind)?;
        let named = named + usize::from(self.is_sign(named, '.'));
        let mut year_at = self.spaces(named);
        if let Some(Kind::Sign('-' | '/' | ',' | '.')) = self.kind(year_at) {
            year_at = self.spaces(year_at + 1);
        }
        let year_at = self.of(year_at);
        let year_at = year_at + usize::from(self.is_sign(year_at, '\''));
        let (year, next) = self.year(year_at).or_else(|| self.short_year(year_at))?;
        Some(Point::day(next, year, month, value))
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

    /// Whether two digits behind a year, `1998-03`, are a year and not a month.
    fn means_years(&self, year: u32, month: u32) -> bool {
        let second = year - year % 100 + month + if month <= year % 100 { 100 } else { 0 };
        !self.style.iso && second > year && second <= self.today / 12 && second - year <= 40
    }
}
