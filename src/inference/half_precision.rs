//! Stored embeddings: half precision, which changes a cosine by less than 0.0002.

use half::f16;
use half::slice::HalfFloatSliceExt as _;

use super::{Embedding, WIDTH};

impl Embedding {
    /// The length of a stored embedding in bytes.
    pub const STORED_BYTES: usize = 2 * WIDTH;

    /// The numbers in half precision, little-endian.
    #[must_use]
    pub fn to_stored(&self) -> Vec<u8> {
        self.iter().flat_map(|&x| f16::from_f32(x).to_le_bytes()).collect()
    }

    /// Decodes a stored embedding; `None` for bytes of another length.
    #[must_use]
    pub fn from_stored(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != Self::STORED_BYTES {
            return None;
        }
        let halves: Vec<f16> = bytes
            .chunks_exact(2)
            .map(|pair| f16::from_le_bytes([pair[0], pair[1]]))
            .collect();
        Some(Self::of(halves.to_f32_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_comes_back_nearly_as_it_was() {
        let long: Vec<f32> = (0..WIDTH).map(|n| ((n * 37 % 101) as f32 - 50.0) / 50.0).collect();
        let norm = long.iter().map(|x| x * x).sum::<f32>().sqrt();
        let one = Embedding::of(long.iter().map(|x| x / norm).collect::<Vec<_>>());
        let back = Embedding::from_stored(&one.to_stored()).unwrap();
        assert!((one.cosine(&back) - 1.0).abs() < 2e-4);
        let most = one
            .iter()
            .zip(back.iter())
            .map(|(a, b)| (a - b).abs())
            .fold(0.0, f32::max);
        assert!(most > 0.0 && most < 1e-4, "{most}");
        assert_eq!(Embedding::from_stored(&[0; 10]), None);
    }
}
