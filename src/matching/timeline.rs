//! The timeline of a resume: its periods of work, where they overlap, and the times between them.

use std::ops::Range;

use serde::Serialize;

use super::date::{Form, Period};
use super::span::TextSpan;

/// A period of work that a resume dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkPeriod {
    /// The first month, as `2018-01`.
    pub from: String,
    /// The last month; `None` if the work continues.
    pub until: Option<String>,
    /// The number of months, the first and the last included.
    pub months: u32,
    /// The number of these months that earlier periods cover too.
    pub overlap_months: u32,
    /// The dates in the resume.
    pub span: TextSpan,
}

/// A time between periods of work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkBreak {
    /// The first month, as `2018-01`.
    pub from: String,
    /// The last month.
    pub until: String,
    /// The number of months, the first and the last included.
    pub months: u32,
}

/// A time between periods is reported above this many months.
const SHORT_BREAK: u32 = 6;
/// Maximum number of reported periods.
const MOST_PERIODS: usize = 100;

/// The periods with their overlaps. `periods` are in order of their start; `span` finds their dates in the original text.
pub(super) fn periods(periods: &[Period], span: impl Fn(&Range<usize>) -> TextSpan) -> Vec<WorkPeriod> {
    let mut reached = 0;
    let mut found = Vec::new();
    for period in periods.iter().take(MOST_PERIODS) {
        let months = &period.months;
        found.push(WorkPeriod {
            from: written(months.start),
            until: (!period.ongoing).then(|| written(months.end.saturating_sub(1))),
            months: months.end.saturating_sub(months.start),
            overlap_months: months.end.min(reached).saturating_sub(months.start),
            span: span(&period.bytes),
        });
        reached = reached.max(months.end);
    }
    found
}

/// The times of more than six months between periods. Bare years count as whole years here, since they do not show a
/// time between them.
pub(super) fn breaks(periods: &[Period]) -> Vec<WorkBreak> {
    let mut found = Vec::new();
    let mut reached: Option<u32> = None;
    for period in periods {
        let start = period.months.start;
        if let Some(end) = reached.filter(|&end| start > end + SHORT_BREAK) {
            found.push(WorkBreak {
                from: written(end),
                until: written(start - 1),
                months: start - end,
            });
        }
        let whole_year = period.form == Form::Years && !period.ongoing && period.months.end.is_multiple_of(12);
        let end = period.months.end + if whole_year { 12 } else { 0 };
        reached = Some(reached.map_or(end, |known| known.max(end)));
    }
    found
}

fn written(month: u32) -> String {
    format!("{:04}-{:02}", month / 12, month % 12 + 1)
}

#[cfg(test)]
mod tests {
    use super::super::date::Dates;
    use super::super::month::Month;
    use super::super::span::{Offsets, Utf16};
    use super::*;

    const TODAY: Month = Month { year: 2026, month: 11 };

    fn read(text: &str) -> (Vec<WorkPeriod>, Vec<WorkBreak>) {
        let mut dates = Dates::read(text, TODAY).periods;
        dates.sort_by_key(|period| period.months.start);
        let utf16 = Utf16::new(text, Offsets::default());
        (periods(&dates, |bytes| utf16.span(text, bytes)), breaks(&dates))
    }

    #[test]
    fn overlaps_and_breaks_are_counted_in_months() {
        let (periods, breaks) = read("Jan 2015 - Dec 2016\nJul 2016 - Jun 2017\nMar 2019 - present");
        assert_eq!(periods.iter().map(|one| one.months).collect::<Vec<_>>(), [24, 12, 93]);
        assert_eq!(
            periods.iter().map(|one| one.overlap_months).collect::<Vec<_>>(),
            [0, 6, 0]
        );
        assert_eq!((periods[2].from.as_str(), &periods[2].until), ("2019-03", &None));
        assert_eq!(breaks.len(), 1);
        assert_eq!(
            (breaks[0].from.as_str(), breaks[0].until.as_str(), breaks[0].months),
            ("2017-07", "2019-02", 20)
        );
    }

    #[test]
    fn short_times_and_bare_years_are_no_breaks() {
        assert!(read("Jan 2015 - Dec 2016\nJul 2017 - Jun 2018").1.is_empty());
        assert!(read("2012 - 2015\n2016 - 2019").1.is_empty());
        assert_eq!(read("2012 - 2015\n2017 - 2019").1[0].months, 12);
    }
}
