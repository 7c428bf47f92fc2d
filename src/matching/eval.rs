//! How good the matcher is, with every figure beside its baselines. `portcullis eval matching` calls it; the server does
//! not. The data are proxies made by others for other ends, and no hiring outcome is among them.
//!
//! Occupations are parted once and for all by a hash of their code: `portcullis train matching` fits weights on one side,
//! the figures come from the other. What ranks here is what ranks in the product: the same functions, the same weights.

mod bm25;
mod data;
mod figures;
mod fit;
mod halves;
mod mentions;
mod probes;
mod skills;
mod spread;
mod table;
mod titles;
mod vectors;

use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, TomlError};

pub use figures::Figure;
pub use fit::train;
pub use table::{Bar, Line, Table, Task};

use super::{Lexicon, LexiconError, VectorsMismatch};
use crate::inference::{Inference, InferenceError};
use data::Data;
use vectors::Vectors;

/// The picture's name beside the card.
const PICTURE: &str = "evaluation.svg";

/// Why there are no figures.
#[derive(Debug, thiserror::Error)]
pub enum EvalError {
    /// No folder was named.
    #[error("--data names the folder with the evaluation's data, which is not shipped; it must hold\n{}", list(&data::FILES))]
    NoData,
    /// Something is not in the folder.
    #[error("{} lacks\n{missing}", root.display())]
    Missing {
        /// The folder.
        root: PathBuf,
        /// The files with what they are, a line each.
        missing: String,
    },
    /// A file cannot be read or written.
    #[error("{}: {reason}", path.display())]
    Broken {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The matcher's files.
    #[error(transparent)]
    Lexicon(#[from] LexiconError),
    /// The encoder failed.
    #[error(transparent)]
    Inference(#[from] InferenceError),
    /// The encoder answered something else than it was asked.
    #[error(transparent)]
    Vectors(#[from] VectorsMismatch),
}

fn list(files: &[(&str, &str)]) -> String {
    let lines: Vec<_> = files.iter().map(|(file, what)| format!("  {file}: {what}")).collect();
    lines.join("\n")
}

/// Measures everything, and writes the figures into `matching/model.toml` under `models` with a picture beside it. Takes
/// minutes of computing. `progress` is told of each step as it begins.
///
/// # Errors
/// See [`EvalError`]; nothing is written then.
pub async fn evaluate(
    models: &Path,
    data: Option<&Path>,
    inference: &Inference,
    progress: &mut dyn FnMut(&str),
) -> Result<Table, EvalError> {
    let data = Data::open(data.ok_or(EvalError::NoData)?)?;
    let lexicon = Lexicon::open(models)?;
    let mut vectors = Vectors::default();
    let mut tasks = Vec::new();
    progress("titles");
    tasks.push(titles::task(&data, &lexicon, inference, &mut vectors).await?);
    progress("halves of occupations");
    tasks.extend(halves::tasks(&data, &lexicon, inference, &mut vectors).await?);
    progress("skills of sentences");
    tasks.push(skills::task(&data, &lexicon, inference, &mut vectors).await?);
    progress("mentions of skills");
    tasks.push(mentions::task(&data, &lexicon)?);
    progress("identity and pasted keywords");
    tasks.extend(probes::tasks(&data, &lexicon, inference, &mut vectors).await?);
    let table = Table { tasks };
    let folder = models.join("matching");
    table.write_card(&folder.join("model.toml"))?;
    let picture = folder.join(PICTURE);
    std::fs::write(&picture, table.picture()).map_err(|cause| EvalError::Broken {
        path: picture,
        reason: cause.to_string(),
    })?;
    Ok(table)
}

/// Edits a model's card where it lies; what is not touched stays as it is written.
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
