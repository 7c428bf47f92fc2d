//! `portcullis train postings` and `portcullis eval postings`: the classifier of the lines of job postings.

use std::fmt;
use std::path::PathBuf;

use super::{CommandError, output};
use crate::config::Config;
use crate::inference;
use crate::matching::{LineFigures, evaluate_lines, train_lines};

/// Name of the classifier in `train` and `eval`.
pub(super) const NAME: &str = "postings";

/// `data` is a further file of labelled postings.
pub(super) fn train(data: Option<PathBuf>, seed: u64, config: &Config) -> Result<(), CommandError> {
    let models = inference::find_models_dir(config.inference.models_dir.as_deref())?;
    let further: Vec<PathBuf> = data.into_iter().collect();
    train_lines(&models, &further, seed, &mut |epoch, likelihood| {
        output::report(format_args!("epoch {epoch}: log-likelihood {likelihood:.4} per line"));
    })?;
    print_figures(&evaluate_lines(&models, &[])?)
}

/// `data` is a further file of labelled postings.
pub(super) fn eval(data: Option<PathBuf>, config: &Config) -> Result<(), CommandError> {
    let models = inference::find_models_dir(config.inference.models_dir.as_deref())?;
    let further: Vec<PathBuf> = data.into_iter().collect();
    print_figures(&evaluate_lines(&models, &further)?)
}

fn print_figures(all: &[LineFigures]) -> Result<(), CommandError> {
    for figures in all {
        output::print_line(Figures(figures))?;
    }
    Ok(())
}

struct Figures<'a>(&'a LineFigures);

impl fmt::Display for Figures<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LineFigures {
            source,
            postings,
            lines,
            accuracy,
            macro_f1,
            must_or_nice,
            headings,
            milliseconds,
            ..
        } = self.0;
        write!(
            f,
            "{source}: {postings} postings, {lines} lines, accuracy {accuracy:.3}, macro-F1 {macro_f1:.3}, \
             must against nice {must_or_nice:.3}, headings found {headings:.3}, {milliseconds:.2} ms a posting"
        )
    }
}
