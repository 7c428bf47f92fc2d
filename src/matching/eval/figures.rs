//! Ranking metrics with bootstrap intervals over occupations.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::Serialize;

/// Bootstrap samples.
const RESAMPLES: usize = 1000;
const SEED: u64 = 1;

/// A mean and its 95 % bootstrap interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figure {
    /// The mean.
    pub value: f64,
    /// The lower end of the interval.
    pub low: f64,
    /// The upper end of the interval.
    pub high: f64,
}

impl Figure {
    /// A value without an interval.
    pub(super) fn exact(value: f64) -> Self {
        Self {
            value,
            low: value,
            high: value,
        }
    }

    /// The mean of `values`, each with the index of the group that is resampled as a whole.
    pub(super) fn of(values: &[(usize, f64)]) -> Self {
        let each: Vec<_> = values.iter().map(|&(group, value)| (group, value, 1.0)).collect();
        Self::ratio(&each)
    }

    /// The ratio of the sums of first and second numbers, each pair with the index of its group.
    pub(super) fn ratio(values: &[(usize, f64, f64)]) -> Self {
        let groups = values.iter().map(|(group, _, _)| group + 1).max().unwrap_or(0);
        let mut sums = vec![(0.0, 0.0); groups];
        for &(group, value, of) in values {
            sums[group].0 += value;
            sums[group].1 += of;
        }
        sums.retain(|(_, count)| *count > 0.0);
        Self::resampled(sums.len(), |drawn| {
            let (sum, count) = (drawn.iter()).fold((0.0, 0.0), |all, &at| (all.0 + sums[at].0, all.1 + sums[at].1));
            if count > 0.0 { sum / count } else { 0.0 }
        })
    }

    /// A statistic of `count` items, which gets the indices of those that are drawn.
    pub(super) fn resampled(count: usize, statistic: impl Fn(&[usize]) -> f64) -> Self {
        let mut drawn: Vec<usize> = (0..count).collect();
        let value = statistic(&drawn);
        let mut random = StdRng::seed_from_u64(SEED);
        let mut values: Vec<f64> = (0..RESAMPLES)
            .map(|_| {
                drawn.fill_with(|| random.random_range(0..count));
                statistic(&drawn)
            })
            .collect();
        values.sort_by(f64::total_cmp);
        Self {
            value,
            low: values[RESAMPLES / 40],
            high: values[RESAMPLES - 1 - RESAMPLES / 40],
        }
    }
}

/// Spearman's rank correlation of pairs; 0 if one side is constant.
pub(super) fn spearman(pairs: &[(f64, f64)]) -> f64 {
    let ranks = |of: fn(&(f64, f64)) -> f64| {
        let mut order: Vec<usize> = (0..pairs.len()).collect();
        order.sort_by(|&a, &b| of(&pairs[a]).total_cmp(&of(&pairs[b])));
        let mut ranks = vec![0.0; pairs.len()];
        for even in order.chunk_by(|&a, &b| of(&pairs[a]) == of(&pairs[b])) {
            let below = order.partition_point(|&at| of(&pairs[at]) < of(&pairs[even[0]]));
            even.iter()
                .for_each(|&at| ranks[at] = below as f64 + (even.len() as f64 - 1.0) / 2.0);
        }
        let mean = (pairs.len() as f64 - 1.0) / 2.0;
        ranks.into_iter().map(|rank| rank - mean).collect::<Vec<f64>>()
    };
    let (left, right) = (ranks(|pair| pair.0), ranks(|pair| pair.1));
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let size = (product(&left, &left) * product(&right, &right)).sqrt();
    if size > 0.0 { product(&left, &right) / size } else { 0.0 }
}

/// The rank of `right` among `scores`, from 1; ties count half.
pub(super) fn rank(scores: &[f32], right: usize) -> f64 {
    let own = scores[right];
    let better = scores.iter().filter(|score| **score > own).count();
    let even = scores.iter().filter(|score| **score == own).count();
    better as f64 + 1.0 + (even.max(1) - 1) as f64 / 2.0
}

/// The discounted gain of a rank in nDCG@10 with a single right answer.
pub(super) fn discounted(rank: f64) -> f64 {
    if rank <= 10.0 { 1.0 / (rank + 1.0).log2() } else { 0.0 }
}

/// R-precision at `k`: the proportion of right answers, at most `k`, among the first `k`.
pub(super) fn r_precision(scores: &[f32], right: &[usize], k: usize) -> f64 {
    let first = top(scores, k);
    let hits = right.iter().filter(|answer| first.contains(answer)).count();
    hits as f64 / right.len().min(k).max(1) as f64
}

/// The `k` highest, highest first; ties in order.
pub(super) fn top(scores: &[f32], k: usize) -> Vec<usize> {
    let mut places: Vec<usize> = (0..scores.len()).collect();
    let order = |a: &usize, b: &usize| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b));
    if places.len() > k {
        places.select_nth_unstable_by(k, order);
        places.truncate(k);
    }
    places.sort_by(order);
    places
}

#[cfg(test)]
mod tests {
    //! Known values of the metrics; the interval contains the mean and narrows with more groups.

    use super::*;

    #[test]
    fn measures_are_the_published_ones() {
        let scores = [0.1, 0.9, 0.5, 0.5];
        assert_eq!(rank(&scores, 1), 1.0);
        assert_eq!(rank(&scores, 2), 2.5, "a tie counts half");
        assert_eq!(rank(&scores, 0), 4.0);
        assert_eq!(discounted(1.0), 1.0);
        assert_eq!(discounted(3.0), 0.5);
        assert_eq!(discounted(11.0), 0.0);
        assert_eq!(top(&scores, 3), [1, 2, 3]);
        assert_eq!(r_precision(&scores, &[1, 0], 2), 0.5);
        assert_eq!(r_precision(&scores, &[1], 2), 1.0);
        assert_eq!(r_precision(&scores, &[0, 1, 2, 3], 2), 1.0);
    }

    #[test]
    fn rank_correlation_is_the_published_one() {
        let of = |left: &[f64], right: &[f64]| {
            spearman(&left.iter().copied().zip(right.iter().copied()).collect::<Vec<_>>())
        };
        assert_eq!(of(&[1.0, 2.0, 30.0], &[0.1, 0.2, 0.3]), 1.0);
        assert_eq!(of(&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0]), -1.0);
        // Without ties: 1 - 6 * (1 + 1 + 0 + 0) / (4 * 15).
        assert!((of(&[1.0, 2.0, 3.0, 4.0], &[2.0, 1.0, 3.0, 4.0]) - 0.8).abs() < 1e-12);
        // Two of the left are equal: 1.5 / sqrt(1.5 * 2).
        assert!((of(&[1.0, 1.0, 2.0], &[1.0, 2.0, 3.0]) - 0.75_f64.sqrt()).abs() < 1e-12);
        assert_eq!(of(&[1.0, 1.0], &[1.0, 2.0]), 0.0, "a constant has no order");
    }

    #[test]
    fn the_interval_holds_the_mean_and_narrows() {
        let values = |groups: usize| -> Vec<(usize, f64)> {
            (0..groups * 4)
                .map(|n| (n / 4, if n / 4 % 2 == 0 { 1.0 } else { 0.0 }))
                .collect()
        };
        let (few, many) = (Figure::of(&values(10)), Figure::of(&values(1000)));
        for figure in [few, many] {
            assert_eq!(figure.value, 0.5);
            assert!(figure.low < 0.5 && figure.high > 0.5, "{figure:?}");
        }
        assert!(many.high - many.low < (few.high - few.low) / 4.0, "{few:?} {many:?}");
        assert_eq!(Figure::of(&values(10)), few, "the seed decides");
    }
}
