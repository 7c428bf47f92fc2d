//! The injected clock, so that tests can change the time. Only this module reads the system clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SecondsFormat, TimeDelta, Timelike as _, Utc};

/// A time as clients see it: RFC 3339 in UTC, to the millisecond. Many date types have no smaller unit.
#[must_use]
pub fn rfc3339(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Reads a time by the grammar of RFC 3339, section 5.6. The library accepts more: a space in place of the `T`, a minus
/// sign beyond ASCII, and the second 60 in every minute.
///
/// A leap second is the last second of a day in UTC. It becomes the first second of the next day, as in POSIX.
#[must_use]
pub fn parse_rfc3339(text: &str) -> Option<DateTime<Utc>> {
    const SECOND: u32 = 1_000_000_000;
    if !text.is_ascii() || !matches!(text.as_bytes().get(10), Some(b'T' | b't')) {
        return None;
    }
    let time = DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&Utc);
    match time.nanosecond().checked_sub(SECOND) {
        None => Some(time),
        Some(rest) if (time.hour(), time.minute()) == (23, 59) => DateTime::from_timestamp(time.timestamp() + 1, rest),
        Some(_) => None,
    }
}

/// A source of the current time.
pub trait Clock: Send + Sync {
    /// The current time in UTC.
    fn now(&self) -> DateTime<Utc>;
}

/// The system clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is what everything else takes instead")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// The system clock plus an offset set by tests.
#[derive(Debug, Clone, Default)]
pub struct ShiftedClock(Arc<AtomicI64>);

impl ShiftedClock {
    /// Advances the clock, or sets it back for a negative delta; whole milliseconds count.
    pub fn advance(&self, by: TimeDelta) {
        self.0.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + TimeDelta::milliseconds(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_by_the_grammar_of_rfc_3339() {
        for (text, expected) in [
            ("2026-01-31T23:59:59Z", "2026-01-31T23:59:59.000Z"),
            ("2026-01-31t23:59:59.5z", "2026-01-31T23:59:59.500Z"),
            ("2026-01-31T23:59:59.1234567890123+01:00", "2026-01-31T22:59:59.123Z"),
            ("0000-02-29T00:00:00-00:00", "0000-02-29T00:00:00.000Z"),
            ("1990-12-31T23:59:60Z", "1991-01-01T00:00:00.000Z"),
            ("1990-12-31T15:59:60.25-08:00", "1991-01-01T00:00:00.250Z"),
        ] {
            assert_eq!(parse_rfc3339(text).map(rfc3339).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "",
            "2026-01-31",
            "2026-01-31T23:59Z",
            "2026-01-31 23:59:59Z",
            "2026-01-31_23:59:59Z",
            "2026-01-31T23:59:59",
            "2026-01-31T23:59:59.Z",
            "2026-01-31T23:59:59,5Z",
            "2026-01-31T23:59:59+01",
            "2026-01-31T23:59:59+0100",
            "2026-01-31T23:59:59+24:00",
            "2026-01-31T23:59:59+01:60",
            "2026-01-31T23:59:59\u{2212}01:00",
            "2026-01-31T12:00:60Z",
            "1990-12-31T23:59:60-08:00",
            "2026-01-31T23:59:61Z",
            "2026-01-31T24:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "+2026-01-31T23:59:59Z",
            "12026-01-31T23:59:59Z",
            " 2026-01-31T23:59:59Z",
            "2026-01-31T23:59:59Z ",
            "\u{ff12}026-01-31T23:59:59Z",
        ] {
            assert_eq!(parse_rfc3339(text), None, "{text}");
        }
    }
}
