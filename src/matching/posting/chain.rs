//! The linear chain over the units of a posting: its states, the arcs between them, and their weights.
//!
//! A state is a heading, or text of a kind in the section that the last heading opened. So a section persists until
//! the next heading, and each unit in it can still be of another kind. After a blank line the section binds less.

use super::kind::{CONTENT, LABELS, Label};
use super::units::{PLACES, Place, Unit};

const KINDS: usize = CONTENT.len();
/// One section for each kind, and one for text before any heading.
const SECTIONS: usize = KINDS + 1;
const NONE: usize = KINDS;
/// Headings of each kind, and the title.
const HEADINGS: usize = LABELS - KINDS;
/// Whether a blank line was seen since the heading.
const LATER: usize = 2;

/// The number of states.
pub(super) const STATES: usize = SECTIONS * LATER * KINDS + HEADINGS;

const KIND_TO_KIND: usize = 0;
const SECTION_TO_HEADING: usize = KIND_TO_KIND + PLACES * KINDS * KINDS;
const HEADING_TO_HEADING: usize = SECTION_TO_HEADING + (SECTIONS + 1) * HEADINGS;
const SECTION_TO_SECTION: usize = HEADING_TO_HEADING + HEADINGS * HEADINGS;
const IN_SECTION: usize = SECTION_TO_SECTION + SECTIONS * SECTIONS;
const FIRST: usize = IN_SECTION + SECTIONS * LATER * 2 * KINDS;
/// The number of weights.
pub(super) const WEIGHTS: usize = FIRST + KINDS;

/// A transition with the index of its weight.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arc {
    pub(super) from: u16,
    pub(super) to: u16,
    pub(super) weight: Option<u16>,
}

/// The arcs of all places.
#[derive(Debug, Default)]
pub(super) struct Arcs {
    /// By place, and whether the previous line began with a label.
    lists: Vec<Vec<Arc>>,
}

fn content(section: usize, later: usize, kind: usize) -> usize {
    (section * LATER + later) * KINDS + kind
}

fn heading(at: usize) -> usize {
    SECTIONS * LATER * KINDS + at
}

/// The section that a heading opens.
fn opens(heading: usize) -> usize {
    if heading < KINDS { heading } else { NONE }
}

/// The label of a state.
pub(super) fn label(state: usize) -> Label {
    match state.checked_sub(SECTIONS * LATER * KINDS) {
        Some(at) if at < KINDS => Label::Heading(at),
        Some(_) => Label::Title,
        None => Label::Content(state % KINDS),
    }
}

/// The section of a state.
#[cfg(test)]
fn section(state: usize) -> usize {
    match state.checked_sub(SECTIONS * LATER * KINDS) {
        Some(at) => opens(at),
        None => state / KINDS / LATER,
    }
}

fn as_u16(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

impl Arcs {
    pub(super) fn new() -> Self {
        let places = [
            Place::SameLine,
            Place::NextItem,
            Place::NextLine,
            Place::ItemAfterBlank,
            Place::AfterBlank,
        ];
        let lists = places
            .into_iter()
            .flat_map(|place| [false, true].map(|after_label| arcs(place, after_label)));
        Self { lists: lists.collect() }
    }

    /// The arcs into this unit.
    pub(super) fn leading_to(&self, unit: &Unit) -> &[Arc] {
        &self.lists[unit.place as usize * 2 + usize::from(unit.after_label)]
    }
}

fn arcs(place: Place, after_label: bool) -> Vec<Arc> {
    let mut found = Vec::new();
    let mut add = |from: usize, to: usize, weight: Option<usize>| {
        found.push(Arc {
            from: as_u16(from),
            to: as_u16(to),
            weight: weight.map(as_u16),
        });
    };
    let blank = matches!(place, Place::ItemAfterBlank | Place::AfterBlank);
    for from_section in 0..SECTIONS {
        for later in 0..LATER {
            for kind in 0..KINDS {
                let from = content(from_section, later, kind);
                for next in 0..KINDS {
                    let to = content(from_section, if blank { 1 } else { later }, next);
                    let weight = KIND_TO_KIND + (place as usize * KINDS + kind) * KINDS + next;
                    add(from, to, Some(weight));
                    if after_label {
                        for to_section in (0..SECTIONS).filter(|&section| section != from_section) {
                            let weight = SECTION_TO_SECTION + from_section * SECTIONS + to_section;
                            add(from, content(to_section, 1, next), Some(weight));
                        }
                    }
                }
                for next in 0..HEADINGS {
                    add(
                        from,
                        heading(next),
                        Some(SECTION_TO_HEADING + from_section * HEADINGS + next),
                    );
                }
            }
        }
    }
    for from in 0..HEADINGS {
        for kind in 0..KINDS {
            add(heading(from), content(opens(from), 0, kind), None);
        }
        for next in 0..HEADINGS {
            add(
                heading(from),
                heading(next),
                Some(HEADING_TO_HEADING + from * HEADINGS + next),
            );
        }
    }
    // The forward pass goes through the arcs by their end.
    found.sort_by_key(|arc| arc.to);
    found
}

/// The index of the weight of a state at a unit, beside its label's score.
pub(super) fn state_weight(state: usize, unit: &Unit) -> Option<usize> {
    (state < SECTIONS * LATER * KINDS)
        .then(|| IN_SECTION + (state / KINDS * 2 + usize::from(unit.item)) * KINDS + state % KINDS)
}

/// The states that can begin a posting, with the index of their weight.
pub(super) fn first_states() -> impl Iterator<Item = (usize, usize)> {
    let text = (0..KINDS).map(|kind| (content(NONE, 0, kind), FIRST + kind));
    text.chain((0..HEADINGS).map(|at| (heading(at), SECTION_TO_HEADING + SECTIONS * HEADINGS + at)))
}

/// The states of a labelled posting.
pub(super) fn path(units: &[Unit], labels: &[Label]) -> Vec<usize> {
    let mut states: Vec<usize> = Vec::with_capacity(units.len());
    let (mut open, mut later, mut seen) = (NONE, 0, false);
    // The section that is open again after a line with a label.
    let mut outer = NONE;
    for (unit, label) in units.iter().zip(labels) {
        let blank = matches!(unit.place, Place::ItemAfterBlank | Place::AfterBlank);
        if unit.after_label && outer != open && matches!(label, Label::Content(_)) && seen {
            (open, later) = (outer, 1);
        }
        let state = match *label {
            Label::Content(kind) => {
                if blank && seen {
                    later = 1;
                }
                seen = true;
                content(open, later, kind)
            }
            Label::Heading(_) | Label::Title => {
                let at = label.index() - KINDS;
                if unit.label {
                    if !unit.after_label {
                        outer = open;
                    }
                } else {
                    outer = opens(at);
                }
                (open, later, seen) = (opens(at), 0, false);
                heading(at)
            }
        };
        states.push(state);
    }
    states
}

/// The most probable labels, given the scores of the labels of each unit.
pub(super) fn decode(arcs: &Arcs, weights: &[f32], units: &[Unit], scores: &[[f32; LABELS]]) -> Vec<Label> {
    let emission = |at: usize, state: usize| {
        let own = state_weight(state, &units[at]).map_or(0.0, |weight| weights[weight]);
        scores[at][label(state).index()] + own
    };
    if units.is_empty() {
        return Vec::new();
    }
    let mut best = vec![f32::NEG_INFINITY; STATES];
    for (state, weight) in first_states() {
        best[state] = weights[weight] + emission(0, state);
    }
    let mut back: Vec<Vec<u16>> = Vec::with_capacity(units.len());
    for (at, unit) in units.iter().enumerate().skip(1) {
        let mut next = vec![f32::NEG_INFINITY; STATES];
        let mut from = vec![0_u16; STATES];
        for arc in arcs.leading_to(unit) {
            let before = best[usize::from(arc.from)];
            if before == f32::NEG_INFINITY {
                continue;
            }
            let reached = before + arc.weight.map_or(0.0, |weight| weights[usize::from(weight)]);
            let to = usize::from(arc.to);
            if reached > next[to] {
                next[to] = reached;
                from[to] = arc.from;
            }
        }
        for (state, value) in next.iter_mut().enumerate() {
            *value += emission(at, state);
        }
        best = next;
        back.push(from);
    }
    let last = (0..STATES).max_by(|&a, &b| best[a].total_cmp(&best[b])).unwrap_or(0);
    let mut states = vec![last];
    let mut state = last;
    for from in back.iter().rev() {
        state = usize::from(from[state]);
        states.push(state);
    }
    states.reverse();
    states.into_iter().map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_labelled_posting_is_a_path_of_arcs() {
        let text = "Cook\n\nTasks: you cook; you clean\nYou have a diploma.\n\nWe offer\n- Free lunch\n\nApply now.";
        let units = super::super::units::units(text);
        let labels: Vec<Label> = (0..units.len()).map(|at| Label::of_index(at * 5 % LABELS)).collect();
        let arcs = Arcs::new();
        let states = path(&units, &labels);
        for at in 1..units.len() {
            let (from, to) = (as_u16(states[at - 1]), as_u16(states[at]));
            let exists = arcs
                .leading_to(&units[at])
                .iter()
                .any(|arc| arc.from == from && arc.to == to);
            assert!(
                exists,
                "{at}: {:?} to {:?}",
                section(states[at - 1]),
                section(states[at])
            );
        }
    }
}
