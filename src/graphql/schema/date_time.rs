//! The scalar `DateTime`.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{DateTime, Utc};

use crate::clock::{parse_rfc3339, rfc3339};

/// A time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Timestamp(pub(crate) DateTime<Utc>);

/// A date and time (RFC 3339) with an offset from UTC. Responses are in UTC with three digits of milliseconds, such as
/// `2026-01-31T23:59:59.000Z`.
#[Scalar(
    name = "DateTime",
    specified_by_url = "https://datatracker.ietf.org/doc/html/rfc3339"
)]
impl ScalarType for Timestamp {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = value else {
            return Err(InputValueError::custom(EXPECTED));
        };
        parse_rfc3339(&text)
            .map(Self)
            .ok_or_else(|| InputValueError::custom(EXPECTED))
    }

    fn to_value(&self) -> Value {
        Value::String(rfc3339(self.0))
    }
}

const EXPECTED: &str = "expected a date and time with an offset, such as 2026-01-31T23:59:59Z";

impl From<DateTime<Utc>> for Timestamp {
    fn from(time: DateTime<Utc>) -> Self {
        Self(time)
    }
}

#[cfg(test)]
mod tests {
    //! The scalar alone. `tests/it/schema.rs` reads the times of all fields.

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

        #[test]
        fn times_are_written_in_utc_to_the_millisecond(
            // The years 1 to 9999, which RFC 3339 can write.
            seconds in -62_135_596_800..=253_402_300_799_i64,
            nanoseconds in 0..1_000_000_000_u32,
            offset in -14 * 60..=14 * 60_i32,
        ) {
            let time = DateTime::from_timestamp(seconds, nanoseconds).unwrap();
            let Value::String(text) = Timestamp(time).to_value() else { panic!("not a string") };
            prop_assert_eq!(text.len(), "2026-01-31T23:59:59.000Z".len());
            prop_assert!(text.ends_with('Z'));
            let milliseconds = time.timestamp_millis();
            let read = Timestamp::parse(Value::String(text)).ok().unwrap();
            prop_assert_eq!(read.0.timestamp_millis(), milliseconds);

            // At the first and the last year, an offset leads to years that cannot be written.
            prop_assume!((-62_135_000_000..253_402_000_000).contains(&seconds));
            let elsewhere = time.with_timezone(&chrono::FixedOffset::east_opt(offset * 60).unwrap());
            let read = Timestamp::parse(Value::String(elsewhere.to_rfc3339())).ok().unwrap();
            prop_assert_eq!(read.0, time);
        }

        #[test]
        fn an_error_does_not_repeat_the_value(text in "\\PC{0,40}") {
            let error = Timestamp::parse(Value::String(format!("secret{text}"))).unwrap_err();
            let shown = format!("{error:?}");
            prop_assert!(!shown.contains("secret"), "{}", shown);
        }
    }

    #[test]
    fn other_values_are_refused() {
        for value in [
            Value::from(7),
            Value::Null,
            Value::from(""),
            Value::from("2026-01-31"),
            Value::from("2026-01-31T23:59:59"),
            Value::from("2026-02-30T00:00:00Z"),
            Value::from("yesterday"),
        ] {
            assert!(Timestamp::parse(value.clone()).is_err(), "{value}");
        }
    }
}
