//! Points that begin with a number: `2018-01`, `01/2018`, `1 January 2018`, `2018年1月`.

use super::Reader;
use super::point::{Point, Precision};
use super::token::Kind;
use super::vocabulary::Meaning;

/// The most letters of a short name of a month that is also another word.
const MOST_AMBIGUOUS: usize = 4;

impl Reader<'_> {
    pub(super) fn numeric_point(&self, at: usize) -> Option<Point> {
        let (value, digits) = self.number(at)?;
        if digits == 4 {
            let (year, next) = self.year(at)?;
            return self.date_of_year(at, year, next);
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
            1 | 2 => self.day_or_month(at, value, digits),
            _ => None,
        }
    }

    pub(super) fn date_of_year(&self, at: usize, year: u32, next: usize) -> Option<Point> {
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
            let years = two && sign != '.' && self.means_years(year, month) && !self.opens_range(month_at + 1);
            let joint = month_at == next + 1;
            // `2020.07-2024.10`: the sign behind the month is the one between the ends of a period.
            let opens = !self.is_sign(month_at + 1, sign) || sign == '-';
            let whole = !self.continues(month_at + 1) || opens && self.opens_range(month_at + 1);
            if !years && (joint || sign == '.') && whole {
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
        if let Some((month, named)) = self
            .month(behind)
            .filter(|&(_, named)| !self.is_other_word(at, behind, named))
        {
            let named = named + usize::from(self.is_sign(named, '.'));
            let day = self
                .number(self.spaces(named))
                .filter(|&(day, digits)| digits <= 2 && (1..=31).contains(&day));
            // In `2018 Jan–2019 Jan` the second year belongs to the second month.
            let own_year = self
                .month_and_year(month, named)
                .is_some_and(|point| !point.weak && self.month(self.spaces(point.next)).is_none());
            if !own_year {
                if let Some((day, _)) = day.filter(|_| !self.continues(self.spaces(named) + 1)) {
                    return Some(Point::day(self.spaces(named) + 1, year, month, day).year_first());
                }
                return Some(Point::month(named, year, month).year_first());
            }
        }
        if let Some((range, named)) = self.season(behind).filter(|_| behind > next || self.is_sign(next, '-'))
            && self.season_and_year(range, named).is_none()
        {
            return Some(Point::part(named, year, range).year_first());
        }
        Some(Point::year(next, year))
    }

    /// Whether a year is the end of a period that begins with a bare year.
    fn follows_year(&self, at: usize) -> bool {
        let before = |at: usize| match at.checked_sub(1).map(|before| self.kind(before)) {
            Some(Some(Kind::Space { lines: 0, .. })) => at - 1,
            _ => at,
        };
        let sign = before(at);
        let first = before(sign.saturating_sub(1));
        first.checked_sub(1).is_some_and(|first| self.year(first).is_some())
    }

    /// Whether what looks like a short name of a month in another language is the first word of what follows a year:
    /// `2018 - 2021 Set Designer`.
    fn is_other_word(&self, year: usize, at: usize, named: usize) -> bool {
        if !self.follows_year(year) {
            return false;
        }
        let english = self.find(at, |meaning| match meaning {
            Meaning::Month { english, .. } => Some(english),
            _ => None,
        });
        let short = self.text[self.tokens[at].bytes.clone()].chars().count() <= MOST_AMBIGUOUS;
        let after = self.spaces(named + usize::from(self.is_sign(named, '.')));
        let followed = after > named && matches!(self.kind(after), Some(Kind::Word { joins: false }));
        english.is_some_and(|(english, _)| !english)
            && short
            && followed
            && self.text[self.tokens[after].bytes.clone()].starts_with(char::is_uppercase)
    }

    /// The rest of a date behind a year in Chinese, Japanese or Korean.
    pub(super) fn ideographic(&self, at: usize, year: u32) -> Option<Point> {
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
    pub(super) fn day_or_month(&self, at: usize, value: u32, digits: u8) -> Option<Point> {
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
            if joint
                && (digits == 2 || sign == '/')
                && let Some((year, next)) = self.short_year(second_at)
            {
                return Some(Point::month(next, year, value).weak());
            }
        }
        // `01 2018` in a column, and `01.2018` with spaces around the dot.
        if digits == 2 && (1..=12).contains(&value) {
            let behind = self.spaces(at + 1);
            if self.is_sign(behind, '\'') {
                let (year, next) = self.short_year(behind + 1)?;
                return Some(Point::month(next, year, value));
            }
            if behind == at + 2
                && let Some((year, next)) = self.year(behind)
            {
                return Some(Point::month(next, year, value).weak());
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

    /// Whether the end of a period follows, so that what is before it is one point.
    fn opens_range(&self, at: usize) -> bool {
        self.connector(at)
            .is_some_and(|end| self.present(end).is_some() || self.year(end).is_some())
    }

    /// Whether two digits behind a year, `1998-03`, are a year and not a month.
    pub(super) fn means_years(&self, year: u32, month: u32) -> bool {
        let second = year - year % 100 + month + if month <= year % 100 { 100 } else { 0 };
        !self.style.iso && second > year && second <= self.today / 12 && second - year <= 40
    }
}
