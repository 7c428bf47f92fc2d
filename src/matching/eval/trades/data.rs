//! The graded resumes by trade, as files of JSON.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::super::EvalError;

#[derive(Debug, Deserialize)]
pub(super) struct Trade {
    #[serde(rename = "use")]
    pub(super) usage: Usage,
    pub(super) job: Posting,
    pub(super) resumes: Vec<Graded>,
    pub(super) skills: Skills,
    pub(super) evidence: Vec<(String, Option<String>)>,
}

/// What a trade was used for when the matcher was built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Usage {
    /// Weights and rules were made with its texts in view.
    Tuned,
    /// Rules were chosen by the figures of these trades together.
    Compared,
    /// Written after the matcher's rules; then settings were chosen by the figures of all trades together.
    Checked,
    /// Nothing was decided by it.
    Unseen,
}

#[derive(Debug, Deserialize)]
pub(super) struct Posting {
    pub(super) text: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Graded {
    pub(super) grade: u8,
    pub(super) text: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Skills {
    pub(super) matched: Vec<String>,
    pub(super) missing: Vec<String>,
}

/// The trades in a folder, in the order of their names.
pub(super) fn read(folder: &Path) -> Result<Vec<Trade>, EvalError> {
    let broken = |path: &Path, reason: String| EvalError::Broken {
        path: path.to_owned(),
        reason,
    };
    let files = std::fs::read_dir(folder).map_err(|cause| broken(folder, cause.to_string()))?;
    let mut paths: Vec<PathBuf> = files.flatten().map(|file| file.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    paths.sort();
    if paths.is_empty() {
        return Err(broken(folder, "no .json file in it".to_owned()));
    }
    let parse = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).map_err(|cause| broken(path, cause.to_string()))?;
        let trade: Trade = serde_json::from_str(&text).map_err(|cause| broken(path, cause.to_string()))?;
        if trade.resumes.iter().all(|one| one.grade != 3) {
            return Err(broken(path, "no resume of grade 3".to_owned()));
        }
        Ok(trade)
    };
    paths.iter().map(parse).collect()
}
