//! Metrics of classifiers on labelled examples.

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// Bins of the calibration error.
const BINS: usize = 15;
/// Bootstrap samples for an interval.
const DRAWS: usize = 2000;

/// Predicted probabilities with the correct labels.
#[derive(Debug)]
pub(super) struct Scored {
    scores: Vec<Vec<f32>>,
    labels: Vec<usize>,
}

impl Scored {
    /// `scores[i][c]` is the probability of label `c` for example `i`, whose correct label is `labels[i]`.
    pub(super) fn new(scores: Vec<Vec<f32>>, labels: Vec<usize>) -> Self {
        Self { scores, labels }
    }

    fn pairs(&self) -> impl Iterator<Item = (&[f32], usize)> {
        self.scores.iter().map(Vec::as_slice).zip(self.labels.iter().copied())
    }

    /// The proportion of examples whose correct label is among the `k` most probable.
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

    /// The proportion of examples whose most probable label is correct.
    pub(super) fn accuracy(&self) -> f64 {
        self.top(1)
    }

    /// The number of examples of label `[row]` that are predicted as `[column]`.
    pub(super) fn confusion(&self) -> Vec<Vec<u32>> {
        let classes = self.scores.first().map_or(0, Vec::len);
        let mut counts = vec![vec![0; classes]; classes];
        for (scores, label) in self.pairs() {
            counts[label][likeliest(scores)] += 1;
        }
        counts
    }

    /// The macro-averaged F1 score.
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

    /// The expected calibration error: the difference between the probability of the predicted label and its accuracy
    /// (Naeini et al. 2015).
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

    /// The mean negative log-likelihood of the correct label if the logits were divided by `temperature`.
    fn loss(&self, temperature: f64) -> f64 {
        let losses = self.pairs().map(|(scores, label)| {
            let logit = |score: f32| f64::from(score.max(f32::MIN_POSITIVE)).ln() / temperature;
            scores.iter().map(|score| logit(*score).exp()).sum::<f64>().ln() - logit(scores[label])
        });
        losses.sum::<f64>() / self.labels.len() as f64
    }

    /// Accuracy, macro-F1 and, for more than three labels, top-3 accuracy; each name follows the prefix.
    pub(super) fn figures(&self, prefix: &str) -> BTreeMap<String, f64> {
        let figures = [
            Some(("accuracy", self.accuracy())),
            Some(("macro_f1", self.macro_f1())),
            (self.scores.first().map_or(0, Vec::len) > 3).then(|| ("top3_accuracy", self.top(3))),
        ];
        figures
            .into_iter()
            .flatten()
            .map(|(name, figure)| (format!("{prefix}{name}"), figure))
            .collect()
    }
}

fn likeliest(scores: &[f32]) -> usize {
    let best = scores.iter().enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b));
    best.map_or(0, |(c, _)| c)
}

/// The optimal temperature for these probabilities, computed with temperature 1 (Guo et al. 2017). The loss has one
/// minimum, found by golden-section search on the logarithm.
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

/// The mean and the sample standard deviation.
pub(super) fn mean_and_spread(figures: &[f64]) -> (f64, f64) {
    let count = figures.len() as f64;
    let mean = figures.iter().sum::<f64>() / count;
    let squares: f64 = figures.iter().map(|figure| (figure - mean).powi(2)).sum();
    (mean, (squares / (count - 1.0).max(1.0)).sqrt())
}

/// The 95 % confidence interval of the difference in accuracy: a paired bootstrap over groups (Efron and Tibshirani
/// 1993, section 8).
pub(super) fn gain(first: &Scored, second: &Scored, groups: &[usize]) -> (f64, f64) {
    let mut sums: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    for (((a, label), (b, _)), group) in first.pairs().zip(second.pairs()).zip(groups) {
        let sum = sums.entry(*group).or_default();
        sum.0 += f64::from(u8::from(likeliest(a) == label)) - f64::from(u8::from(likeliest(b) == label));
        sum.1 += 1.0;
    }
    let sums: Vec<_> = sums.into_values().collect();
    if sums.is_empty() {
        return (0.0, 0.0);
    }
    let mut random = StdRng::seed_from_u64(1);
    let mut gains: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let drawn = (0..sums.len()).map(|_| sums[random.random_range(0..sums.len())]);
            let (gain, count) = drawn.fold((0.0, 0.0), |sum, next| (sum.0 + next.0, sum.1 + next.1));
            gain / count
        })
        .collect();
    gains.sort_by(f64::total_cmp);
    (gains[DRAWS / 40], gains[DRAWS - 1 - DRAWS / 40])
}

#[cfg(test)]
mod tests {
    //! Each metric on manually computed cases.

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
        // Label 0: 1 of 2 predicted and 1 of 2 actual; label 1: never right; label 2: 1 of 1 predicted and 1 of 2
        // actual.
        assert!((scored.macro_f1() - (0.5 + 0.0 + 2.0 / 3.0) / 3.0).abs() < 1e-9);
        // 0.5 twice in one bin with none right; 0.6 and 0.7 alone in their bins and right.
        assert!((scored.calibration_error() - (1.0 + 0.4 + 0.3) / 4.0).abs() < 1e-6);
    }

    #[test]
    fn a_tie_is_no_success() {
        let scored = Scored::new(vec![vec![0.5, 0.5]], vec![0]);
        assert_eq!((scored.top(1), scored.top(2)), (0.0, 1.0));
    }

    #[test]
    fn temperature_undoes_overconfidence() {
        // Nine of ten are right; probabilities of 0.99 overstate that.
        let scores = vec![vec![0.99, 0.01]; 10];
        let labels = (0..10).map(|i| usize::from(i == 0)).collect();
        let found = f64::from(temperature(&Scored::new(scores, labels)));
        let expected = (0.99_f64 / 0.01).ln() / (0.9_f64 / 0.1).ln();
        assert!((found - expected).abs() < 1e-3, "{found} {expected}");
    }

    #[test]
    fn what_is_said_of_what_is_counted() {
        assert_eq!(scored().confusion(), [[1, 1, 0], [0, 0, 0], [1, 0, 1]]);
        let names: Vec<_> = scored().figures("x_").into_keys().collect();
        assert_eq!(names, ["x_accuracy", "x_macro_f1"]);
    }

    #[test]
    fn mean_and_spread_by_hand() {
        let (mean, spread) = mean_and_spread(&[1.0, 2.0, 3.0, 4.0, 5.0]);
        assert!((mean - 3.0).abs() < 1e-9 && (spread - 2.5_f64.sqrt()).abs() < 1e-9);
        assert_eq!(mean_and_spread(&[0.5]), (0.5, 0.0));
    }

    #[test]
    fn a_gain_is_sure_when_every_group_has_it_and_not_when_few_do() {
        let answers = |right: &dyn Fn(usize) -> bool| {
            let scores = (0..200).map(|i| if right(i) { vec![0.9, 0.1] } else { vec![0.1, 0.9] });
            Scored::new(scores.collect(), vec![0; 200])
        };
        let groups: Vec<_> = (0..200).map(|i| i / 10).collect();
        let second = answers(&|i| i % 10 < 5);
        let (low, high) = gain(&answers(&|i| i % 10 < 6), &second, &groups);
        assert!((low - 0.1).abs() < 1e-9 && (high - 0.1).abs() < 1e-9, "{low} {high}");
        // The whole gain comes from two groups of twenty.
        let (low, high) = gain(&answers(&|i| i % 10 < 5 || i < 20), &second, &groups);
        assert!(low <= 0.0 && high > 0.05 && high < 0.2, "{low} {high}");
        assert_eq!(gain(&second, &second, &groups), (0.0, 0.0));
    }
}
