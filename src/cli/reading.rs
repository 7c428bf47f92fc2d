//! `portcullis eval reading`: evaluation of the readers of files and of the parsers of resumes and postings.

use std::path::Path;

use super::models::EvalArgs;
use super::{CommandError, output};
use crate::config::Config;
use crate::document::Document;
use crate::inference;
use crate::matching::Lexicon;
use crate::matching::eval::{FileText, evaluate_reading};

/// Name of the evaluation in `eval`.
pub(super) const NAME: &str = "reading";
/// The folder with the evaluation's data, in a checkout of the source.
const DATA: &str = "tests/data/reading";

pub(super) fn eval(args: &EvalArgs, config: &Config) -> Result<(), CommandError> {
    let models = inference::find_models_dir(config.inference.models_dir.as_deref())?;
    let lexicon = Lexicon::open(&models)?;
    let data = args.data.as_deref().unwrap_or(Path::new(DATA));
    let mut failed = |line: &str| {
        if args.differences {
            output::report(line);
        }
    };
    let table = evaluate_reading(&lexicon, data, &read, &mut failed)?;
    if args.json {
        output::print_line(serde_json::to_string_pretty(&table)?)
    } else {
        output::print(table)
    }
}

/// Reads a file in this process: the files of the evaluation are trusted.
fn read(path: &Path) -> Result<FileText, String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let media_type = (path.extension().is_some_and(|ending| ending == "html")).then(|| "text/html".to_owned());
    let read = Document::from_bytes(bytes, media_type)
        .text_here()
        .map_err(|error| error.to_string())?;
    Ok(FileText {
        hidden: !read.hidden.is_empty(),
        text: read.text,
    })
}
