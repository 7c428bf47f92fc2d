//! A baseline: multinomial naive Bayes over words with add-one smoothing, on the model's training texts.

use std::collections::HashMap;

use super::figures::Scored;

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// Trains on `learnt` and scores `asked`.
pub(super) fn score(learnt: &[(&str, usize)], asked: &[(&str, usize)], classes: usize) -> Scored {
    let mut counts: HashMap<String, Vec<f64>> = HashMap::new();
    let (mut texts, mut totals) = (vec![0.0; classes], vec![0.0; classes]);
    for (text, label) in learnt {
        texts[*label] += 1.0;
        for word in words(text) {
            counts.entry(word).or_insert_with(|| vec![0.0; classes])[*label] += 1.0;
            totals[*label] += 1.0;
        }
    }
    let vocabulary = counts.len() as f64;
    let scores = asked.iter().map(|(text, _)| {
        let mut logits: Vec<f64> = texts.iter().map(|n: &f64| (n / learnt.len() as f64).ln()).collect();
        for word in words(text) {
            if let Some(counts) = counts.get(&word) {
                for ((logit, count), total) in logits.iter_mut().zip(counts).zip(&totals) {
                    *logit += ((count + 1.0) / (total + vocabulary)).ln();
                }
            }
        }
        let most = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = logits.iter().map(|logit| (logit - most).exp()).sum();
        logits
            .into_iter()
            .map(|logit| ((logit - most).exp() / sum) as f32)
            .collect()
    });
    Scored::new(scores.collect(), asked.iter().map(|(_, label)| *label).collect())
}

#[cfg(test)]
mod tests {
    //! Learning; its metrics on the real data are in the model's card.

    use super::*;

    #[test]
    fn words_decide() {
        let learnt = [
            ("bake bread", 0),
            ("bake cakes", 0),
            ("weld pipes", 1),
            ("weld steel", 1),
        ];
        let asked = [("Bake pies", 0), ("steel, welding; weld", 1), ("unknown", 0)];
        let scored = score(&learnt, &asked[..2], 2);
        assert!((scored.top(1) - 1.0).abs() < 1e-9);
        let unknown = score(&learnt, &asked[2..], 2);
        assert!((unknown.top(1) - 0.0).abs() < 1e-9, "a tie");
    }
}
