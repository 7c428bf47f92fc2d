//! Fitting of ramps: from similarities to scores, by the distributions of related and unrelated pairs. Rankings do not
//! depend on it, but people read the scores.

use crate::matching::weights::Ramp;

/// Similarities of related and unrelated pairs.
#[derive(Debug, Default)]
pub(super) struct Spread {
    pub(super) own: Vec<f64>,
    pub(super) strangers: Vec<f64>,
}

impl Spread {
    pub(super) fn extend(&mut self, other: Self) {
        self.own.extend(other.own);
        self.strangers.extend(other.strangers);
    }

    /// From the similarity at this quantile of unrelated pairs to the one at this quantile of related pairs.
    pub(super) fn ramp(&self, strangers: f64, own: f64) -> Ramp {
        let low = below(&self.strangers, strangers);
        Ramp {
            low: round(low),
            high: round(below(&self.own, own).max(low + 0.1)),
        }
    }
}

/// Weights have two digits.
fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn below(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (share * (sorted.len().saturating_sub(1)) as f64).round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place among the values"
    )]
    sorted.get(at as usize).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_are_worth_nothing_and_the_best_everything() {
        let spread = Spread {
            own: (0..=100).map(|n| 0.4 + f64::from(n) / 200.0).collect(),
            strangers: (0..=100).map(|n| f64::from(n) / 200.0).collect(),
        };
        let ramp = spread.ramp(0.5, 0.9);
        assert_eq!((ramp.low, ramp.high), (0.25, 0.85));
    }
}
