//! The models folder and the folders in it.

use std::path::{Path, PathBuf};

use super::super::card::{self, ModelCard};
use super::super::error::OpenError;

/// The default name of the models folder.
const FOLDER: &str = "models";

/// Finds the models folder: the given one; otherwise `models` in the working directory, beside the executable, or in a
/// directory above it (as with `cargo run`).
///
/// # Errors
/// [`OpenError::NoFolder`] with every place that was searched.
pub fn find_models_dir(explicit: Option<&Path>) -> Result<PathBuf, OpenError> {
    let looked: Vec<PathBuf> = match explicit {
        Some(folder) => vec![folder.to_owned()],
        None => {
            let working = std::env::current_dir().ok().map(|folder| folder.join(FOLDER));
            let executable = std::env::current_exe().and_then(|path| path.canonicalize()).ok();
            let above = executable
                .iter()
                .flat_map(|path| path.ancestors().skip(1))
                .map(|folder| folder.join(FOLDER));
            let mut places: Vec<_> = working.into_iter().chain(above).collect();
            places.dedup();
            places
        }
    };
    match looked.iter().find(|folder| holds_models(folder)) {
        Some(folder) => Ok(folder.clone()),
        None => Err(OpenError::NoFolder { looked }),
    }
}

/// A `models` folder of another program must not be used.
fn holds_models(folder: &Path) -> bool {
    model_folders(folder).is_ok_and(|folders| !folders.is_empty())
}

/// The folders with a card, ordered by name, except those of the matcher and those whose name begins with a dot, in
/// which a model may be prepared.
pub(super) fn model_folders(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let file = path.join(card::FILE);
        let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if !hidden && file.is_file() && !is_matchers(&file) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The ids and digests of the models in a folder, as their cards have them. Omits models whose card cannot be read.
#[must_use]
pub fn model_digests(folder: &Path) -> Vec<(String, String)> {
    let folders = model_folders(folder).unwrap_or_default();
    let cards = folders.iter().filter_map(|folder| ModelCard::read(folder).ok());
    cards.map(|card| (card.id(), card.digest())).collect()
}

fn is_matchers(file: &Path) -> bool {
    let card = std::fs::read_to_string(file)
        .ok()
        .and_then(|text| text.parse::<toml::Table>().ok());
    card.is_some_and(|card| card.get("task").and_then(toml::Value::as_str) == Some("matching"))
}

#[cfg(test)]
mod tests {
    //! What is found and what the errors say. Loading is tested in `inference`.

    use super::*;

    #[test]
    fn the_error_names_where_it_looked() {
        let empty = tempfile::tempdir().unwrap();
        let error = find_models_dir(Some(empty.path())).unwrap_err().to_string();
        assert!(error.contains(&empty.path().display().to_string()), "{error}");
        assert!(error.contains("--models-dir"), "{error}");
    }

    #[test]
    fn without_a_path_the_folder_of_the_repository_is_found() {
        let found = find_models_dir(None).unwrap();
        assert!(found.join("minilm").join(card::FILE).is_file(), "{found:?}");
    }

    #[test]
    fn only_folders_with_a_card_and_a_name_are_models() {
        let folder = tempfile::tempdir().unwrap();
        for (name, card) in [
            ("ready", "name = \"a\""),
            (".copying", "name = \"b\""),
            ("weights-of-the-score", "task = \"matching\""),
            ("broken", "name = "),
        ] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
            std::fs::write(folder.path().join(name).join(card::FILE), card).unwrap();
        }
        std::fs::create_dir(folder.path().join("without-a-card")).unwrap();
        std::fs::write(folder.path().join("README.md"), "no folder").unwrap();
        let found = model_folders(folder.path()).unwrap();
        assert_eq!(found, ["broken", "ready"].map(|name| folder.path().join(name)));
    }
}
