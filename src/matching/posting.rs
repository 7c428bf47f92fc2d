//! The kind of each line and sentence of a posting, and what it asks for.
//!
//! `units` splits the text, `features` and `classifier` score each unit, and `chain` decodes the posting as a sequence:
//! a heading decides about the lines below it, and a line can still differ.

mod chain;
mod classifier;
mod features;
mod kind;
mod labelled;
mod measure;
mod train;
mod units;

pub use self::classifier::LineClassifier;
pub use self::kind::LineKind;
pub use self::measure::{LineFigures, evaluate_lines, train_lines};
