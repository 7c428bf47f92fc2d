//! Evaluation of the matcher against baselines, called by `portcullis eval matching`. The data are proxies created for
//! other purposes; they contain no hiring outcomes.
//!
//! Occupations are split by a hash of their code: `portcullis train matching` fits on one part, and the figures are
//! computed on the other. The evaluation uses the functions and weights of the product.

mod bm25;
mod data;
mod external;
mod figures;
mod fit;
mod halves;
mod marked;
mod mentions;
mod probes;
mod reading;
mod skills;
mod spread;
mod table;
mod titles;
mod trades;
mod vectors;

use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, TomlError};

pub use figures::Figure;
pub use fit::train;
pub use reading::{Bound, FileText, Measure, ReadingTable, Row, evaluate_reading};
pub use table::{Bar, Line, Table, Task};
pub use trades::evaluate_trades;

use super::{Lexicon, LexiconError, VectorsMismatch};
use crate::inference::{Inference, InferenceError};
use data::Data;
use vectors::Vectors;

/// The file name of the plot beside the card.
const PLOT_FILE: &str = "evaluation.svg";

/// The reason why the evaluation failed.
#[derive(Debug, thiserror::Error)]
pub enum EvalError {
    /// No data folder was given.
    #[error("--data names the folder with the evaluation's data, which is not shipped; it must hold\n{}", list(&data::FILES))]
    NoData,
    /// Files are missing in the folder.
    #[error("{} lacks\n{missing}", root.display())]
    Missing {
        /// The folder.
        root: PathBuf,
        /// The files with their descriptions, one per line.
        missing: String,
    },
    /// A file cannot be read or written.
    #[error("{}: {reason}", path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
    /// The matcher's files cannot be used.
    #[error(transparent)]
    Lexicon(#[from] LexiconError),
    /// The encoder failed.
    #[error(transparent)]
    Inference(#[from] InferenceError),
    /// The encoder returned the wrong number of embeddings.
    #[error(transparent)]
    Vectors(#[from] VectorsMismatch),
}

fn list(files: &[(&str, &str)]) -> String {
    let lines: Vec<_> = files.iter().map(|(file, what)| format!("  {file}: {what}")).collect();
    lines.join("\n")
}

/// Runs all evaluations, and writes the figures into `matching/model.toml` under `models` with a plot beside it. Takes
/// minutes of CPU time, and six times as long with the `ablations` of whole matches. `progress` is called at the beginning of
/// each step.
///
/// # Errors
/// See [`EvalError`]; nothing is written in that case.
pub async fn evaluate(
    models: &Path,
    data: Option<&Path>,
    inference: &Inference,
    ablations: bool,
    progress: &mut dyn FnMut(&str),
) -> Result<Table, EvalError> {
    let data = Data::open(data.ok_or(EvalError::NoData)?)?;
    let lexicon = Lexicon::open(models)?;
    let mut vectors = Vectors::default();
    let mut tasks = Vec::new();
    progress("titles");
    tasks.push(titles::task(&data, &lexicon, inference, &mut vectors).await?);
    progress("halves of occupations");
    tasks.extend(halves::tasks(&data, &lexicon, inference, ablations, &mut vectors).await?);
    progress("skills of sentences");
    tasks.push(skills::task(&data, &lexicon, inference, &mut vectors).await?);
    progress("mentions of skills");
    tasks.extend(mentions::tasks(&data, &lexicon)?);
    progress("identity and pasted keywords");
    tasks.extend(probes::tasks(&data, &lexicon, inference, &mut vectors).await?);
    tasks.extend(external::tasks(&data, &lexicon, inference, &mut vectors, progress).await?);
    let table = Table { tasks };
    let folder = models.join("matching");
    table.write_card(&folder.join("model.toml"))?;
    let picture = folder.join(PLOT_FILE);
    std::fs::write(&picture, table.picture()).map_err(|cause| EvalError::Broken {
        path: picture,
        reason: cause.to_string(),
    })?;
    Ok(table)
}

/// Edits a model's card, preserving the formatting of everything else.
fn edit_card(path: &Path, edit: impl FnOnce(&mut DocumentMut)) -> Result<(), EvalError> {
    let broken = |reason: String| EvalError::Broken {
        path: path.to_owned(),
        reason,
    };
    let text = std::fs::read_to_string(path).map_err(|cause| broken(cause.to_string()))?;
    let mut card: DocumentMut = text.parse().map_err(|cause: TomlError| broken(cause.to_string()))?;
    edit(&mut card);
    std::fs::write(path, card.to_string()).map_err(|cause| broken(cause.to_string()))
}
