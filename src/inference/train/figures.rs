//! How good a classifier is: figures over texts whose label is known.

use std::collections::BTreeMap;

/// Bins of the calibration error.
const BINS: usize = 15;

/// Probabilities with the right labels beside them.
#[derive(Debug)]
pub(super) struct Scored {
    scores: Vec<Vec<f32>>,
    labels: Vec<usize>,
}

impl Scored {
    /// `scores[i][c]` is the probability of label `c` for text `i`, whose right label is `labels[i]`.
    pub(super) fn new(scores: Vec<Vec<f32>>, labels: Vec<usize>) -> Self {
        Self { scores, labels }
    }

    fn pairs(&self) -> impl Iterator<Item = (&[f32], usize)> {
        self.scores.iter().map(Vec::as_slice).zip(self.labels.iter().copied())
    }

    /// The share of texts whose right label is among the `k` likeliest.
    pub(super) fn top(&self, k: usize) -> f64 {
        let right = self.pairs().filter(|(scores, label)| {
            let better = scores
                .iter()
                .enumerate()
                .filter(|(c, score)| *c != *label && **score >= scores[*label]);
            better.count() < k
        });
        right.count() as f64 / self.labels.len() as f64
    }

    /// The mean over all labels of the harmonic mean of precision and recall.
    pub(super) fn macro_f1(&self) -> f64 {
        let classes = self.scores.first().map_or(0, Vec::len);
        let (mut right, mut said, mut there) = (vec![0.0; classes], vec![0.0; classes], vec![0.0; classes]);
        for (scores, label) in self.pairs() {
            let best = likeliest(scores);
            said[best] += 1.0;
            there[label] += 1.0;
            right[label] += f64::from(u8::from(best == label));
        }
        let f1 = (0..classes).map(|c| {
            if said[c] + there[c] > 0.0 {
                2.0 * right[c] / (said[c] + there[c])
            } else {
                0.0
            }
        });
        f1.sum::<f64>() / classes as f64
    }

    /// How far the probability of the likeliest label is from how often it is right (Naeini et al. 2015).
    pub(super) fn calibration_error(&self) -> f64 {
        let mut bins = [(0.0, 0.0); BINS];
        for (scores, label) in self.pairs() {
            let best = likeliest(scores);
            let confidence = f64::from(scores[best]);
            let bin = &mut bins[((confidence * BINS as f64) as usize).min(BINS - 1)];
            bin.0 += confidence;
            bin.1 += f64::from(u8::from(best == label));
        }
        bins.iter().map(|(said, right)| (said - right).abs()).sum::<f64>() / self.labels.len() as f64
    }

    /// The mean negative logarithm of the right label's probability, had the logits been divided by `temperature`.
    fn loss(&self, temperature: f64) -> f64 {
        let losses = self.pairs().map(|(scores, label)| {
            let logit = |score: f32| f64::from(score.max(f32::MIN_POSITIVE)).ln() / temperature;
            scores.iter().map(|score| logit(*score).exp()).sum::<f64>().ln() - logit(scores[label])
        });
        losses.sum::<f64>() / self.labels.len() as f64
    }

    /// Accuracy, top-3 accuracy and macro-F1, each name after the prefix.
    pub(super) fn figures(&self, prefix: &str) -> BTreeMap<String, f64> {
        let figures = [
            ("accuracy", self.top(1)),
            ("top3_accuracy", self.top(3)),
            ("macro_f1", self.macro_f1()),
        ];
        figures
            .into_iter()
            .map(|(name, figure)| (format!("{prefix}{name}"), figure))
            .collect()
    }
}

fn likeliest(scores: &[f32]) -> usize {
    let best = scores.iter().enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b));
    best.map_or(0, |(c, _)| c)
}

/// The temperature that makes these probabilities, which had temperature 1, fit best (Guo et al. 2017): the loss has one
/// minimum, found by golden section on the logarithm.
pub(super) fn temperature(scored: &Scored) -> f32 {
    let ratio = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (0.2_f64.ln(), 10.0_f64.ln());
    for _ in 0..40 {
        let (a, b) = (high - ratio * (high - low), low + ratio * (high - low));
        if scored.loss(a.exp()) < scored.loss(b.exp()) {
            high = b;
        } else {
            low = a;
        }
    }
    f64::midpoint(low, high).exp() as f32
}

#[cfg(test)]
mod tests {
    //! Each figure on cases counted by hand.

    use super::*;

    fn scored() -> Scored {
        let scores = [[0.7, 0.2, 0.1], [0.4, 0.5, 0.1], [0.1, 0.3, 0.6], [0.5, 0.3, 0.2]];
        Scored::new(scores.map(|row| row.to_vec()).to_vec(), vec![0, 0, 2, 2])
    }

    #[test]
    fn counts_by_hand() {
        let scored = scored();
        assert!((scored.top(1) - 0.5).abs() < 1e-9);
        assert!((scored.top(2) - 0.75).abs() < 1e-9);
        assert!((scored.top(3) - 1.0).abs() < 1e-9);
        // Label 0: 1 of 2 said and 1 of 2 there; label 1: never right; label 2: 1 of 1 said and 1 of 2 there.
        assert!((scored.macro_f1() - (0.5 + 0.0 + 2.0 / 3.0) / 3.0).abs() < 1e-9);
        // 0.5 twice in one bin with none right, 0.6 and 0.7 alone in theirs and right.
        assert!((scored.calibration_error() - (1.0 + 0.4 + 0.3) / 4.0).abs() < 1e-6);
    }

    #[test]
    fn a_tie_is_no_success() {
        let scored = Scored::new(vec![vec![0.5, 0.5]], vec![0]);
        assert_eq!((scored.top(1), scored.top(2)), (0.0, 1.0));
    }

    #[test]
    fn temperature_undoes_overconfidence() {
        // Of ten texts, nine are right; probabilities of 0.99 overstate that.
        let scores = vec![vec![0.99, 0.01]; 10];
        let labels = (0..10).map(|i| usize::from(i == 0)).collect();
        let found = f64::from(temperature(&Scored::new(scores, labels)));
        let expected = (0.99_f64 / 0.01).ln() / (0.9_f64 / 0.1).ln();
        assert!((found - expected).abs() < 1e-3, "{found} {expected}");
    }
}
