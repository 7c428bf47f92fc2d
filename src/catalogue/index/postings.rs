//! The postings of a term: the rows that contain it, with the frequency of the term in each.
//!
//! Most postings belong to common terms, whose rows are close together, so a posting is stored as the distance from the
//! one before, in base 128 with the high bit as continuation (Variable Byte, Scholer et al., 2002). The lowest bit of the
//! distance tells whether the frequency, one byte, follows; otherwise it is 1. Such a posting takes 1 to 3 bytes instead of
//! the 4 of a row number alone.

/// Postings in the order of their rows.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Postings {
    bytes: Vec<u8>,
    count: u32,
    /// The row after the last one.
    next: u32,
}

impl Postings {
    /// Adds a row with the frequency of the term in it. Rows are added in order; a row that is not is ignored.
    pub(super) fn push(&mut self, row: u32, frequency: u8) {
        let Some(distance) = row.checked_sub(self.next) else {
            return;
        };
        let often = frequency != 1;
        let mut rest = u64::from(distance) << 1 | u64::from(often);
        // Grows by an eighth: the usual doubling would leave a quarter of the memory unused.
        if self.bytes.capacity() - self.bytes.len() < MOST_BYTES {
            self.bytes.reserve_exact(MOST_BYTES + self.bytes.len() / 8);
        }
        while rest >= 0x80 {
            self.bytes.push(low_bits(rest) | 0x80);
            rest >>= 7;
        }
        self.bytes.push(low_bits(rest));
        if often {
            self.bytes.push(frequency);
        }
        self.count += 1;
        self.next = row.saturating_add(1);
    }

    /// The number of postings.
    pub(super) fn len(&self) -> u32 {
        self.count
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The rows with the frequency of the term in each.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, u8)> {
        let (mut at, mut next) = (0, 0_u32);
        std::iter::from_fn(move || {
            let first = *self.bytes.get(at)?;
            at += 1;
            let mut distance = u64::from(first & 0x7f);
            if first >= 0x80 {
                let mut shift = 7;
                loop {
                    let byte = *self.bytes.get(at)?;
                    at += 1;
                    distance |= u64::from(byte & 0x7f) << shift;
                    shift += 7;
                    if byte < 0x80 {
                        break;
                    }
                }
            }
            // Without a branch, which could not be predicted.
            let often = usize::from(first & 1 == 1);
            let frequency = [1, self.bytes.get(at).copied().unwrap_or(1)][often];
            at += often;
            let row = next.saturating_add(u32::try_from(distance >> 1).unwrap_or(u32::MAX));
            next = row.saturating_add(1);
            Some((row, frequency))
        })
    }

    /// The memory of the postings in bytes.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.bytes.capacity()
    }
}

/// The bytes of the longest posting: 33 bits in base 128, and a frequency.
const MOST_BYTES: usize = 6;

fn low_bits(number: u64) -> u8 {
    (number & 0x7f) as u8
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn postings_are_read_as_they_were_added(
            steps in prop::collection::vec((prop_oneof![0..3_u32, 0..1_000_u32, 0..40_000_000_u32], any::<u8>()), 0..100),
        ) {
            let mut postings = Postings::default();
            let mut expected = Vec::new();
            let mut next = 0_u32;
            for (step, frequency) in steps {
                let row = next.saturating_add(step);
                if row == u32::MAX {
                    break;
                }
                postings.push(row, frequency);
                // A term that a damaged entry of the store has twice.
                postings.push(row, frequency.wrapping_add(1));
                expected.push((row, frequency));
                next = row + 1;
            }
            prop_assert_eq!(postings.iter().collect::<Vec<_>>(), expected.clone());
            prop_assert_eq!(postings.len() as usize, expected.len());
            prop_assert_eq!(postings.is_empty(), expected.is_empty());
        }
    }

    #[test]
    fn a_common_term_takes_little_more_than_a_byte_a_row() {
        let mut postings = Postings::default();
        for row in 0..100_000 {
            postings.push(3 * row, if row % 10 == 0 { 2 } else { 1 });
        }
        assert!(postings.bytes() < 130_000, "{}", postings.bytes());
    }
}
