//! The search entry of a job, and its serialized form in the store.

use std::sync::Arc;

use crate::matching::Terms;

/// The serialized search entry of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) id: Arc<str>,
    pub(super) version: i64,
    /// The fingerprint of the encoder and format of the rest.
    pub(super) encoder_fingerprint: String,
    pub(super) terms: Vec<u8>,
    pub(super) vector: Vec<u8>,
}

/// The version of the serialized form, its terms and the texts of a job that are encoded. A change causes all entries to be
/// computed again.
pub(super) const FORM: u32 = 10;

/// A unit vector quantized to bytes: `values[i] * scale` approximates the original. The error of a cosine is less than
/// 0.01.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct QuantizedVector {
    pub(super) scale: f32,
    pub(super) values: Vec<i8>,
}

impl QuantizedVector {
    /// Quantizes a vector; a zero vector stays zero.
    pub(super) fn of(vector: &[f32]) -> Self {
        let most = vector.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        let scale = most / 127.0;
        let round = |x: &f32| if scale > 0.0 { (x / scale).round() } else { 0.0 };
        #[expect(clippy::cast_possible_truncation, reason = "the largest becomes 127")]
        let values = vector.iter().map(|x| round(x) as i8).collect();
        Self { scale, values }
    }

    pub(super) fn pack(&self) -> Vec<u8> {
        let values = self.values.iter().flat_map(|value| value.to_le_bytes());
        self.scale.to_le_bytes().into_iter().chain(values).collect()
    }

    /// `None` if the bytes are not a vector of this width.
    pub(super) fn unpack(bytes: &[u8], width: usize) -> Option<Self> {
        let (scale, values) = bytes.split_first_chunk::<4>()?;
        let scale = f32::from_le_bytes(*scale);
        let values: Vec<i8> = values.iter().map(|byte| i8::from_le_bytes([*byte])).collect();
        (values.len() == width && scale.is_finite()).then_some(Self { scale, values })
    }
}

/// Serializes terms, five bytes each.
pub(super) fn pack_terms(terms: &Terms) -> Vec<u8> {
    let pack = |&(term, count): &(u32, u8)| {
        let [a, b, c, d] = term.to_le_bytes();
        [a, b, c, d, count]
    };
    terms.iter().flat_map(pack).collect()
}

/// The inverse of [`pack_terms`].
pub(super) fn unpack_terms(bytes: &[u8]) -> impl Iterator<Item = (u32, u8)> {
    let terms = bytes.chunks_exact(5);
    terms.map(|five| (u32::from_le_bytes([five[0], five[1], five[2], five[3]]), five[4]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back() {
        let terms = vec![(0, 1), (77, 255), (u32::MAX, 3)];
        assert_eq!(unpack_terms(&pack_terms(&terms)).collect::<Vec<_>>(), terms);
        let vector = [0.6, -0.8, 0.0, 0.001];
        let quantized = QuantizedVector::of(&vector);
        assert_eq!(QuantizedVector::unpack(&quantized.pack(), 4), Some(quantized.clone()));
        for (value, x) in quantized.values.iter().zip(vector) {
            assert!((f32::from(*value) * quantized.scale - x).abs() <= quantized.scale / 2.0 + 1e-6);
        }
        assert_eq!(QuantizedVector::unpack(&quantized.pack(), 5), None);
        assert_eq!(QuantizedVector::unpack(&[], 0), None);
        assert_eq!(QuantizedVector::of(&[0.0; 3]).values, [0; 3]);
    }
}
