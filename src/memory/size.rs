//! A size of memory in the settings, such as `768MiB` or `2GiB`.

use std::fmt;
use std::str::FromStr;

use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

/// A number of bytes: whole MiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MemorySize(u64);

/// A text is not a size that the server can work with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a size is a whole number of MiB or GiB, at least {}", MemorySize::MINIMUM)]
pub struct InvalidSize;

impl MemorySize {
    /// The smallest size of a server: the program, the smallest parts and one reader of documents.
    pub const MINIMUM: Self = Self(512 * MIB);

    /// A number of bytes, without the part of a MiB at its end.
    #[must_use]
    pub const fn of_bytes(bytes: u64) -> Self {
        Self(bytes / MIB * MIB)
    }

    /// The number of bytes.
    #[must_use]
    pub const fn bytes(self) -> u64 {
        self.0
    }
}

impl fmt::Display for MemorySize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 > 0 && self.0.is_multiple_of(GIB) {
            write!(f, "{}GiB", self.0 / GIB)
        } else {
            write!(f, "{}MiB", self.0 / MIB)
        }
    }
}

impl FromStr for MemorySize {
    type Err = InvalidSize;

    fn from_str(text: &str) -> Result<Self, InvalidSize> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let unit = match unit.trim_start() {
            "MiB" => MIB,
            "GiB" => GIB,
            _ => return Err(InvalidSize),
        };
        let number: u64 = number.parse().map_err(|_| InvalidSize)?;
        let size = number.checked_mul(unit).map(Self).ok_or(InvalidSize)?;
        if size < Self::MINIMUM {
            return Err(InvalidSize);
        }
        Ok(size)
    }
}

impl Serialize for MemorySize {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MemorySize {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse()
            .map_err(|_| D::Error::invalid_value(Unexpected::Str(&text), &"a size"))
    }
}

#[cfg(test)]
mod tests {
    //! Texts. `config::tests` tests the error of the setting.

    use super::*;

    #[test]
    fn sizes_are_read_and_written_alike() {
        for (text, mib) in [("512MiB", 512), ("768MiB", 768), ("1GiB", 1024), ("32GiB", 32 << 10)] {
            let size: MemorySize = text.parse().unwrap();
            assert_eq!((size.bytes(), size.to_string()), (mib * MIB, text.to_owned()));
        }
        assert_eq!("2 GiB".parse(), Ok(MemorySize(2 * GIB)));
        assert_eq!("2048MiB".parse::<MemorySize>().unwrap().to_string(), "2GiB");
        assert_eq!(MemorySize::of_bytes(700 * MIB + 5).to_string(), "700MiB");
    }

    #[test]
    fn other_texts_and_sizes_below_the_minimum_are_refused() {
        for text in [
            "",
            "1",
            "1GB",
            "1G",
            "1.5GiB",
            "-1GiB",
            "+1GiB",
            "1gib",
            "GiB",
            "511MiB",
            "0GiB",
            "1GiB ",
            "99999999999999999999GiB",
            "18446744073709551615GiB",
            "1073741824",
        ] {
            assert_eq!(text.parse::<MemorySize>(), Err(InvalidSize), "{text}");
        }
    }
}
