//! The probabilities of the states of a posting, by the forward-backward algorithm.

use super::chain::{self, Arcs, STATES, WEIGHTS};
use super::kind::LABELS;
use super::units::Unit;

/// The forward and backward probabilities of the states of a posting.
pub(super) struct Lattice {
    forward: Vec<Vec<f32>>,
    backward: Vec<Vec<f32>>,
    /// The emissions, relative to the largest of each unit.
    emissions: Vec<Vec<f32>>,
    weights: Vec<f32>,
}

impl Lattice {
    pub(super) fn new(arcs: &Arcs, weights: &[f32], units: &[Unit], scores: &[[f32; LABELS]]) -> Self {
        let emissions: Vec<Vec<f32>> = units
            .iter()
            .zip(scores)
            .map(|(unit, scores)| {
                let logits: Vec<f32> = (0..STATES)
                    .map(|state| {
                        let own = chain::state_weight(state, unit).map_or(0.0, |weight| weights[weight]);
                        scores[chain::label(state).index()] + own
                    })
                    .collect();
                let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                logits.into_iter().map(|logit| flush((logit - most).exp())).collect()
            })
            .collect();
        let exp: Vec<f32> = weights.iter().map(|weight| weight.exp()).collect();
        let factor = |weight: Option<u16>| weight.map_or(1.0, |weight| exp[usize::from(weight)]);
        let mut first = vec![0.0; STATES];
        for (state, weight) in chain::first_states() {
            first[state] = exp[weight] * emissions[0][state];
        }
        normalize(&mut first);
        let mut forward = vec![first];
        for at in 1..units.len() {
            let mut next = vec![0.0; STATES];
            for arc in arcs.leading_to(&units[at]) {
                let reached = forward[at - 1][usize::from(arc.from)];
                if reached > 0.0 {
                    next[usize::from(arc.to)] += reached * factor(arc.weight);
                }
            }
            next.iter_mut()
                .zip(&emissions[at])
                .for_each(|(value, emission)| *value *= emission);
            normalize(&mut next);
            forward.push(next);
        }
        let mut backward = vec![vec![1.0; STATES]];
        for at in (1..units.len()).rev() {
            let mut before = vec![0.0; STATES];
            let after = &backward[backward.len() - 1];
            let after: Vec<f32> = after
                .iter()
                .zip(&emissions[at])
                .map(|(after, emission)| after * emission)
                .collect();
            for arc in arcs.leading_to(&units[at]) {
                let to = after[usize::from(arc.to)];
                if to > 0.0 {
                    before[usize::from(arc.from)] += factor(arc.weight) * to;
                }
            }
            normalize(&mut before);
            backward.push(before);
        }
        backward.reverse();
        Self {
            forward,
            backward,
            emissions,
            weights: exp,
        }
    }

    /// The probabilities of the states of a unit.
    pub(super) fn states(&self, at: usize) -> Vec<f32> {
        let mut joint: Vec<f32> = self.forward[at]
            .iter()
            .zip(&self.backward[at])
            .map(|(a, b)| a * b)
            .collect();
        normalize(&mut joint);
        joint
    }

    /// The differences between the transitions of a path and the expected ones, by weight.
    pub(super) fn transitions(&self, arcs: &Arcs, units: &[Unit], path: &[usize], with: &mut dyn FnMut(usize, f32)) {
        let mut expected = vec![0.0_f32; WEIGHTS];
        let first = self.states(0);
        for (state, weight) in chain::first_states() {
            expected[weight] += f32::from(u8::from(path[0] == state)) - first[state];
        }
        for at in 1..units.len() {
            let list = arcs.leading_to(&units[at]);
            let joint: Vec<f32> = list
                .iter()
                .map(|arc| {
                    let (from, to) = (usize::from(arc.from), usize::from(arc.to));
                    let (before, after) = (self.forward[at - 1][from], self.backward[at][to]);
                    if before == 0.0 || after == 0.0 {
                        return 0.0;
                    }
                    let factor = arc.weight.map_or(1.0, |weight| self.weights[usize::from(weight)]);
                    before * factor * self.emissions[at][to] * after
                })
                .collect();
            let total = joint.iter().sum::<f32>().max(1e-30);
            let taken = (path[at - 1], path[at]);
            for (arc, joint) in list.iter().zip(joint) {
                if let Some(weight) = arc.weight {
                    let gold = taken == (usize::from(arc.from), usize::from(arc.to));
                    if gold || joint > 0.0 {
                        expected[usize::from(weight)] += f32::from(u8::from(gold)) - joint / total;
                    }
                }
            }
        }
        for (weight, difference) in expected.into_iter().enumerate().filter(|(_, value)| value.abs() > 1e-4) {
            with(weight, difference);
        }
    }

    /// The sum of the logarithms of the probabilities of the states of a path.
    pub(super) fn likelihood(&self, path: &[usize]) -> f64 {
        let logarithm = |(at, &state): (usize, &usize)| f64::from(self.states(at)[state].max(1e-9)).ln();
        path.iter().enumerate().map(logarithm).sum()
    }
}

fn normalize(values: &mut [f32]) {
    let sum: f32 = values.iter().sum();
    if sum > 0.0 {
        values.iter_mut().for_each(|value| *value = flush(*value / sum));
    }
}

/// Without tiny probabilities, whose products are denormal numbers, which are slow.
fn flush(probability: f32) -> f32 {
    if probability < 1e-9 { 0.0 } else { probability }
}
