//! Where words end.

use super::super::characters::is_dense;
use super::super::glyph::Glyph;
use super::{median, quantile};

/// Tells for each gap between two glyphs whether a word ends there.
pub(super) fn word_breaks(letters: &[&Glyph], spaced: &[bool], gaps: &[f64]) -> Vec<bool> {
    let is_spaced = spaced.iter().any(|spaced| *spaced);
    let inner: Vec<f64> = gaps
        .iter()
        .zip(&spaced[1..])
        .filter(|(_, spaced)| !**spaced)
        .map(|(gap, _)| *gap)
        .collect();
    // Letters can be set apart; then the gap between words is wider than that between letters. Numbers can have as many
    // gaps as digits, such as those of a telephone.
    let tracking = if inner.len() >= 3 {
        quantile(inner.iter().copied(), 4).clamp(0.0, 0.6)
    } else {
        0.0
    };
    // In a line that is squeezed, the gaps between words are small, but none within words is.
    let between = |from: f64, to: f64| inner.iter().filter(|gap| (from..to).contains(*gap)).count();
    let is_squeezed = !is_spaced && tracking < 0.03 && between(0.1, 0.15) >= 2 && between(0.04, 0.1) == 0;
    let spaces = gaps.iter().zip(&spaced[1..]).filter(|(_, spaced)| **spaced);
    let usual = match (is_spaced, is_squeezed) {
        // Some programs write no space where the font or colour changes.
        (true, _) => (0.9 * quantile(spaces.map(|(gap, _)| *gap), 4)).clamp(0.15, 0.25),
        (false, true) => 0.1,
        (false, false) => 0.15,
    };
    let least = 1.3 * tracking + usual;
    let mut breaks: Vec<bool> = (0..gaps.len())
        .map(|index| {
            let (before, after) = (
                letters[index].text.chars().next_back(),
                letters[index + 1].text.chars().next(),
            );
            let dense = [before, after].into_iter().flatten().filter(|c| is_dense(*c)).count();
            match dense {
                2 => gaps[index] > 0.6,
                1 if !spaced[index + 1] => gaps[index] > 0.45,
                _ => {
                    // Letters of one word are not apart where a capital follows.
                    let starts = before.is_some_and(char::is_lowercase) && after.is_some_and(char::is_uppercase);
                    let least = if starts { least.min(tracking + 0.1) } else { least };
                    (spaced[index + 1] && gaps[index] > 0.04) || gaps[index] > least
                }
            }
        })
        .collect();
    join_spaced_letters(letters, gaps, &mut breaks);
    breaks
}

/// Removes the breaks of a word whose letters are separated by spaces, as in `E X P E R I E N C E`.
fn join_spaced_letters(letters: &[&Glyph], gaps: &[f64], breaks: &mut [bool]) {
    let is_single = |index: usize| {
        letters[index].text.chars().all(char::is_alphabetic) && !letters[index].text.chars().any(is_dense)
    };
    let mut start = 0;
    while start < letters.len() {
        let mut end = start;
        while end < breaks.len() && breaks[end] && is_single(end) && is_single(end + 1) {
            end += 1;
        }
        // The glyphs from start to end are words of one letter.
        let whole = (start == 0 || breaks[start - 1]) && (end == breaks.len() || breaks[end]);
        let upper = (start..=end).all(|index| letters[index].text.chars().all(char::is_uppercase));
        let count = end - start + 1;
        if whole && (count >= 5 || (count >= 4 && upper)) {
            let normal = median(gaps[start..end].iter().copied());
            for index in start..end {
                breaks[index] = gaps[index] > 1.6 * normal;
            }
        }
        start = end + 1;
    }
}
