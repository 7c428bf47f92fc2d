//! Text that is drawn over other text on the same baseline, such as a date that has no room beside a long title.

use super::characters::{is_bullet, is_right_to_left};
use super::glyph::Glyph;

/// The share of the narrower of two glyphs that both have in common, from which they overlap.
const SHARE: f64 = 0.3;
/// The maximum number of glyphs on one baseline that are compared with each other.
const MAX_GLYPHS: usize = 1000;
/// The largest distance of a letter and its shadow, as a share of the font's size.
const SHADOW: f64 = 0.35;

/// Separates the glyphs of one baseline into texts that do not overlap. What is drawn again as a shadow, and signs of list
/// items over a text, are left out.
pub(super) fn separate(mut row: Vec<Glyph>) -> Vec<Vec<Glyph>> {
    row.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    let letters: Vec<&Glyph> = row.iter().filter(|glyph| !glyph.is_blank()).collect();
    if row.len() > MAX_GLYPHS || !letters.windows(2).any(|pair| overlap(pair[0], pair[1])) {
        return vec![row];
    }
    row.sort_by_key(|glyph| glyph.order);
    let mut layers: Vec<Vec<Glyph>> = Vec::new();
    for run in runs(row) {
        let free = layers.iter().position(|layer| !meets(&run, layer));
        match free {
            Some(index) => layers[index].extend(run),
            None if layers.iter().any(|layer| is_shadow(&run, layer)) || is_sign(&run) => {}
            None => layers.push(run),
        }
    }
    layers
}

/// The parts that are drawn from left to right.
fn runs(row: Vec<Glyph>) -> Vec<Vec<Glyph>> {
    let mut runs: Vec<Vec<Glyph>> = Vec::new();
    for glyph in row {
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|last| glyph.x0 >= last.x0 - 0.1 * last.size) => run.push(glyph),
            _ => runs.push(vec![glyph]),
        }
    }
    runs
}

fn overlap(a: &Glyph, b: &Glyph) -> bool {
    let common = a.x1.min(b.x1) - a.x0.max(b.x0);
    common > SHARE * (a.x1 - a.x0).min(b.x1 - b.x0)
}

/// Whether a run would have letters within the words of a text.
fn meets(run: &[Glyph], text: &[Glyph]) -> bool {
    // Text from right to left can be drawn letter by letter.
    if run.len() < 3 && run.iter().any(|glyph| glyph.text.chars().any(is_right_to_left)) {
        return false;
    }
    let within = |glyph: &Glyph, others: &[Glyph]| {
        let mut near = others
            .iter()
            .filter(|other| !other.is_blank() && (other.x0 - glyph.x0).abs() < 2.0 * glyph.size);
        let overlaps = near.clone().any(|other| overlap(glyph, other));
        overlaps && near.clone().any(|other| other.x0 < glyph.x0) && near.any(|other| other.x0 > glyph.x0)
    };
    let some_within = |glyphs: &[Glyph], others: &[Glyph]| {
        let mut letters = glyphs.iter().filter(|glyph| !glyph.is_blank());
        letters.any(|glyph| within(glyph, others))
    };
    some_within(run, text) || some_within(text, run)
}

/// Whether all letters of a run are drawn close to the same letters of a text.
fn is_shadow(run: &[Glyph], text: &[Glyph]) -> bool {
    let again = |glyph: &Glyph| {
        let same = |other: &Glyph| other.text == glyph.text && (other.x0 - glyph.x0).abs() < SHADOW * glyph.size;
        text.iter().any(same)
    };
    run.iter().filter(|glyph| !glyph.is_blank()).all(again)
}

fn is_sign(run: &[Glyph]) -> bool {
    run.iter()
        .all(|glyph| glyph.is_blank() || glyph.text.chars().all(is_bullet))
}
