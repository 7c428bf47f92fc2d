//! Times in tokens: a `NumericDate` is any JSON number of seconds since 1970, with a fraction or an exponent too
//! (RFC 7519, 2).

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Number, Value};

/// The last second of the year 9999, the last that RFC 3339 can express.
const LATEST: i64 = 253_402_300_799;

/// A time in a token. Times before 1970 become 1970: both are in the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NumericDate(DateTime<Utc>);

impl NumericDate {
    /// The time, to whole seconds, as our own tokens have it.
    pub(super) fn of(time: DateTime<Utc>) -> Self {
        Self(DateTime::from_timestamp(time.timestamp(), 0).unwrap_or_default())
    }

    /// Reads a claim.
    ///
    /// # Errors
    /// The claim is not a number, or is after the year 9999.
    pub(super) fn read(value: &Value) -> Result<Self, &'static str> {
        let Value::Number(number) = value else {
            return Err("a time in it is not a number");
        };
        from_number(number)
            .map(Self)
            .ok_or("a time in it is out of range; the limit is the year 9999")
    }

    pub(super) fn time(self) -> DateTime<Utc> {
        self.0
    }

    /// Whether the time is reached on a clock that may be ahead by `leeway`.
    pub(super) fn is_over(self, now: DateTime<Utc>, leeway: TimeDelta) -> bool {
        now - leeway >= self.0
    }

    /// Whether the time is not reached on a clock that may be behind by `leeway`.
    pub(super) fn is_ahead(self, now: DateTime<Utc>, leeway: TimeDelta) -> bool {
        now + leeway < self.0
    }
}

fn from_number(number: &Number) -> Option<DateTime<Utc>> {
    // Integers exactly: a float has only 53 bits.
    if let Some(seconds) = number.as_i64() {
        return DateTime::from_timestamp(seconds.clamp(0, LATEST), 0).filter(|_| seconds <= LATEST);
    }
    let since = Duration::try_from_secs_f64(number.as_f64()?.max(0.0)).ok()?;
    let since = TimeDelta::from_std(since)
        .ok()
        .filter(|since| since.num_seconds() <= LATEST)?;
    DateTime::UNIX_EPOCH.checked_add_signed(since)
}

impl Serialize for NumericDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0.timestamp())
    }
}

impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::read(&value).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<NumericDate, &'static str> {
        NumericDate::read(&serde_json::from_str(text).unwrap())
    }

    fn at(seconds: i64) -> NumericDate {
        NumericDate::read(&seconds.into()).unwrap()
    }

    proptest! {
        /// One time, written in every form that JSON has.
        #[test]
        fn every_form_of_a_number_is_the_same_time(seconds in 0..=LATEST, zeros in 1..9_usize, exponent in 0..6_u32) {
            let ten = 10_i64.pow(exponent);
            let (whole, rest) = (seconds / ten, seconds % ten);
            let digits = exponent as usize;
            let mut forms = vec![
                format!("{seconds}.{}", "0".repeat(zeros)),
                format!("{seconds}e0"),
                format!("{seconds}E+0"),
                format!("{seconds}{}e-{zeros}", "0".repeat(zeros)),
            ];
            if exponent > 0 {
                forms.push(format!("{whole}.{rest:0digits$}e{exponent}"));
                forms.push(format!("{whole}.{rest:0digits$}E+{exponent}"));
            }
            for form in forms {
                let off = read(&form).unwrap().time() - at(seconds).time();
                // A float of twelve digits before the point has microseconds after it.
                prop_assert!(off.num_microseconds().unwrap().abs() < 100, "{form}: {off}");
            }
        }

        #[test]
        fn a_fraction_counts(seconds in 1_000_000_000..3_000_000_000_i64, millis in 0..1_000_i64) {
            let date = read(&format!("{seconds}.{millis:03}")).unwrap();
            let exact = DateTime::from_timestamp_millis(seconds * 1_000 + millis).unwrap();
            prop_assert!((date.time() - exact).num_microseconds().unwrap().abs() < 10);
            let step = TimeDelta::milliseconds(1);
            prop_assert!(date.is_over(exact + step, TimeDelta::zero()) && !date.is_over(exact - step, TimeDelta::zero()));
            prop_assert!(date.is_ahead(exact - step, TimeDelta::zero()) && !date.is_ahead(exact + step, TimeDelta::zero()));
        }

        /// No number panics or wraps around; the past stays in the past.
        #[test]
        fn any_number_is_a_time_or_out_of_range(number in any::<f64>(), whole in any::<i64>(), large in any::<u64>()) {
            let floats = Number::from_f64(number);
            for value in floats.into_iter().chain([Number::from(whole), Number::from(large)]) {
                let seconds = value.as_f64().unwrap();
                match NumericDate::read(&Value::Number(value)) {
                    Ok(date) => {
                        prop_assert!(seconds <= LATEST as f64 + 1.0);
                        prop_assert!(seconds > 0.0 || date.time() == DateTime::UNIX_EPOCH);
                        date.is_over(DateTime::UNIX_EPOCH, TimeDelta::seconds(60));
                    }
                    Err(_) => prop_assert!(seconds > LATEST as f64),
                }
            }
        }

        #[test]
        fn the_leeway_moves_both_ends(seconds in 1_000_000_000..3_000_000_000_i64, leeway in 0..=60_i64) {
            let (date, leeway) = (at(seconds), TimeDelta::seconds(leeway));
            let instant = TimeDelta::nanoseconds(1);
            prop_assert!(date.is_over(date.time() + leeway, leeway));
            prop_assert!(!date.is_over(date.time() + leeway - instant, leeway));
            prop_assert!(!date.is_ahead(date.time() - leeway, leeway));
            prop_assert!(date.is_ahead(date.time() - leeway - instant, leeway));
        }
    }

    #[test]
    fn only_numbers_are_times() {
        for text in ["null", "true", "\"1700000000\"", "[1700000000]", "{}"] {
            assert_eq!(read(text), Err("a time in it is not a number"), "{text}");
        }
        for text in [
            "253402300800",
            "1e12",
            "1e300",
            "9223372036854775807",
            "18446744073709551615",
        ] {
            assert!(read(text).unwrap_err().contains("out of range"), "{text}");
        }
        for text in ["0", "-1", "-1.5", "-1e300", "-9223372036854775808", "1e-300"] {
            assert!(read(text).unwrap().time().timestamp() == 0, "{text}");
        }
        assert_eq!(serde_json::to_string(&at(1_700_000_000)).unwrap(), "1700000000");
    }
}
