//! The discounted gain of a ranking, and the overlap of two labels.

use std::collections::BTreeSet;

/// Results that count in the discounted gain.
const FIRST: usize = 5;

/// nDCG at [`FIRST`] with gains 2^grade - 1; ties count against the ranker.
pub(in crate::matching::eval) fn gain(graded: impl Iterator<Item = (f64, u8)>) -> f64 {
    let mut graded: Vec<(f64, u8)> = graded.collect();
    graded.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let sum = |grades: &[u8]| -> f64 {
        let first = grades.iter().take(FIRST).enumerate();
        first
            .map(|(place, &grade)| (f64::from(grade).exp2() - 1.0) / (place as f64 + 2.0).log2())
            .sum()
    };
    let grades: Vec<u8> = graded.iter().map(|(_, grade)| *grade).collect();
    let mut best = grades.clone();
    best.sort_unstable_by(|a, b| b.cmp(a));
    let best = sum(&best);
    if best > 0.0 { sum(&grades) / best } else { 0.0 }
}

/// The Dice coefficient of the words of two labels, without plural endings and small words.
pub(super) fn overlap(one: &str, other: &str) -> f64 {
    let (a, b) = (tokens(one), tokens(other));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    2.0 * a.intersection(&b).count() as f64 / (a.len() + b.len()) as f64
}

fn tokens(label: &str) -> BTreeSet<String> {
    const SMALL: [&str; 12] = [
        "and", "of", "the", "a", "an", "in", "for", "to", "with", "on", "by", "or",
    ];
    let low = label.to_lowercase();
    let words = low.split(|c: char| !(c.is_alphanumeric() || matches!(c, '+' | '#' | '_')));
    let words = words.filter(|word| !word.is_empty() && !SMALL.contains(word));
    let singular = |word: &str| match word.strip_suffix('s') {
        Some(rest) if word.chars().count() > 3 && !rest.ends_with('s') => rest.to_owned(),
        _ => word.to_owned(),
    };
    words.map(singular).collect()
}

#[cfg(test)]
mod tests {
    //! The metrics, on cases small enough to compute manually.

    use super::*;

    #[test]
    fn gains_are_discounted_and_ties_count_against_the_ranker() {
        let of = |graded: &[(f64, u8)]| gain(graded.iter().copied());
        assert_eq!(of(&[(0.9, 3), (0.5, 2), (0.1, 0)]), 1.0);
        assert_eq!(of(&[(0.5, 3), (0.5, 0)]), of(&[(0.4, 3), (0.5, 0)]));
        assert!((of(&[(0.4, 3), (0.5, 0)]) - 1.0 / 3.0_f64.log2()).abs() < 1e-12);
        assert_eq!(of(&[(0.4, 0)]), 0.0);
    }

    #[test]
    fn labels_are_compared_by_words() {
        assert_eq!(overlap("cycle counts", "Cycle count"), 1.0);
        assert_eq!(overlap("C++", "C"), 0.0);
        assert_eq!(overlap("the", "of"), 0.0);
        assert!((overlap("wound care", "care") - 2.0 / 3.0).abs() < 1e-12);
    }
}
