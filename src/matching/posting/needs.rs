//! Decides between must-haves and nice-to-haves.
//!
//! Kinds are decoded as a sequence, so that one line that ends in `preferred` can make its whole section optional. Here
//! each line is optional only if it, its heading or the label of its list says so.

use std::ops::Range;

use super::cues::Cue;
use super::kind::{Label, MUST_HAVE, NICE_TO_HAVE};
use super::parts::parts;
use super::units::Unit;

/// Corrects the labels of requirements. `optional` states whether a heading, with its number and label, is one of optional
/// requirements by its own words.
pub(super) fn settle(clean: &str, units: &[Unit], labels: &mut [Label], optional: impl Fn(usize, Label) -> bool) {
    let mut section = None;
    // The list that a line such as `Ideally you also have:` introduces.
    let mut listed = false;
    let mut line = None;
    for (at, unit) in units.iter().enumerate() {
        match labels[at] {
            label @ Label::Heading(MUST_HAVE | NICE_TO_HAVE) => {
                let is_optional = optional(at, label);
                if unit.label {
                    line = is_optional.then_some(unit.line);
                } else {
                    labels[at] = Label::Heading(if is_optional { NICE_TO_HAVE } else { MUST_HAVE });
                    section = Some(is_optional);
                }
                listed = false;
            }
            Label::Heading(_) if !unit.label => {
                section = None;
                listed = false;
            }
            Label::Content(MUST_HAVE | NICE_TO_HAVE) => {
                let said = says(clean, &unit.bytes);
                if said == Some(Cue::Nice) && (unit.label || clean[unit.bytes.clone()].trim_end().ends_with(':')) {
                    line = Some(unit.line);
                    listed = !unit.label;
                }
                let is_optional = match said {
                    Some(Cue::Nice) => true,
                    Some(Cue::Must) => false,
                    _ => listed || line == Some(unit.line) || section == Some(true),
                };
                labels[at] = Label::Content(if is_optional { NICE_TO_HAVE } else { MUST_HAVE });
            }
            _ => {}
        }
    }
}

/// The cue of a text, unless its parts have different ones.
fn says(clean: &str, bytes: &Range<usize>) -> Option<Cue> {
    let parts = parts(clean, bytes);
    let first = parts.first()?.cue;
    parts.iter().all(|part| part.cue == first).then_some(first)
}
