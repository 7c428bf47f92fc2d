//! The models of a folder: one encoder, any number of classifiers, several versions of a name side by side.
//!
//! `inference` opens it at the start. A classifier that does not load is left out with its reason, and the others
//! serve; without the encoder there is nothing to serve.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::card::{self, ModelCard, Task};
use super::classifier::Classifier;
use super::encoder::{Compute, Encoder};
use super::error::{InferenceError, OpenError};
use super::kernels::Buffers;

/// The folder's usual name.
const FOLDER: &str = "models";

/// A model that is not served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its folder.
    pub folder: PathBuf,
    /// Why, naming the file.
    pub reason: String,
}

/// What a folder of models holds.
pub(super) struct Registry {
    pub(super) encoder: Arc<Encoder>,
    /// By name, newest version first.
    classifiers: Vec<Arc<Classifier>>,
    pub(super) refused: Vec<Refused>,
}

/// Finds the folder of models: the one given; else `models` in the working folder, beside the executable, or in a
/// folder above it (where `cargo run` has it).
///
/// # Errors
/// [`OpenError::NoFolder`] with every place that was looked at.
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

/// Some other program's `models` folder must not be mistaken for ours.
fn holds_models(folder: &Path) -> bool {
    model_folders(folder).is_ok_and(|folders| !folders.is_empty())
}

/// The folders with a card, by name; but for those of the matcher, which reads its own.
fn model_folders(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let file = path.join(card::FILE);
        if file.is_file() && !is_matchers(&file) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn is_matchers(file: &Path) -> bool {
    let card = std::fs::read_to_string(file)
        .ok()
        .and_then(|text| text.parse::<toml::Table>().ok());
    card.is_some_and(|card| card.get("task").and_then(toml::Value::as_str) == Some("matching"))
}

impl Registry {
    /// Loads every model of the folder.
    ///
    /// # Errors
    /// When the folder cannot be read or has no encoder that loads.
    pub(super) fn open(folder: &Path, compute: Compute) -> Result<Self, OpenError> {
        let mut encoder = None;
        let mut classifiers: Vec<Arc<Classifier>> = Vec::new();
        let mut refused = Vec::new();
        for path in model_folders(folder).map_err(|error| OpenError::broken(folder, &error))? {
            let loaded = ModelCard::read(&path).map(Arc::new).and_then(|card| match card.task {
                Task::Embedding if encoder.is_some() => Err(OpenError::broken(
                    &path,
                    &"there is another model with task = \"embedding\"",
                )),
                Task::Embedding => {
                    encoder = Some(Arc::new(Encoder::load(&path, card, compute)?));
                    Ok(None)
                }
                _ if classifiers.iter().any(|other| other.card().id() == card.id()) => Err(OpenError::broken(
                    &path,
                    &format!("there is another model {}", card.id()),
                )),
                _ => Classifier::load(&path, card).map(Some),
            });
            match loaded {
                Ok(classifier) => classifiers.extend(classifier.map(Arc::new)),
                Err(error) => refused.push(Refused {
                    folder: path,
                    reason: error.to_string(),
                }),
            }
        }
        let Some(encoder) = encoder else {
            return Err(Self::no_encoder(folder, refused));
        };
        classifiers.sort_by(|a, b| {
            let (a, b) = (a.card(), b.card());
            a.name
                .cmp(&b.name)
                .then_with(|| compare_versions(&b.version, &a.version))
        });
        Ok(Self {
            encoder,
            classifiers,
            refused,
        })
    }

    /// Lets every model answer once; a classifier that cannot is refused.
    ///
    /// # Errors
    /// When the encoder cannot.
    pub(super) fn warm_up(&mut self) -> Result<(), OpenError> {
        let warm = self
            .encoder
            .tokenize("ready")
            .and_then(|pieces| self.encoder.embed(&[pieces.ids], &mut Buffers::default()));
        let embedding = warm.map_err(|error| OpenError::Warmup(error.to_string()))?;
        if !embedding
            .iter()
            .flat_map(|numbers| numbers.iter())
            .all(|number| number.is_finite())
        {
            return Err(OpenError::Warmup("the encoder answers NaN".to_owned()));
        }
        let (served, broken) = std::mem::take(&mut self.classifiers)
            .into_iter()
            .partition(|c| c.answers());
        self.classifiers = served;
        let broken: Vec<Arc<Classifier>> = broken;
        self.refused.extend(broken.into_iter().map(|classifier| Refused {
            folder: PathBuf::from(&classifier.card().name),
            reason: format!("model {} answers no probabilities", classifier.card().id()),
        }));
        Ok(())
    }

    /// The reason why the encoder did not load says more than that there is none.
    fn no_encoder(folder: &Path, refused: Vec<Refused>) -> OpenError {
        match refused
            .into_iter()
            .find(|refused| refused.folder.join("tokenizer.json").exists())
        {
            Some(Refused { folder, reason }) => OpenError::Refused { folder, reason },
            None => OpenError::NoEncoder {
                folder: folder.to_owned(),
            },
        }
    }

    /// The classifier of this name: `name` is its newest version, `name@version` exactly that one.
    pub(super) fn classifier(&self, name: &str) -> Result<&Arc<Classifier>, InferenceError> {
        let fits = |card: &ModelCard| card.name == name || card.id() == name;
        self.classifiers
            .iter()
            .find(|classifier| fits(classifier.card()))
            .ok_or_else(|| InferenceError::ModelNotFound {
                // It comes back to whoever sent it, who may have sent much.
                name: name.chars().take(100).collect(),
                available: self
                    .classifiers
                    .iter()
                    .map(|classifier| classifier.card().id())
                    .collect(),
            })
    }

    /// The cards of all models that are served, the encoder first.
    pub(super) fn cards(&self) -> Vec<Arc<ModelCard>> {
        let classifiers = self.classifiers.iter().map(|classifier| classifier.card());
        std::iter::once(self.encoder.card())
            .chain(classifiers)
            .map(Arc::clone)
            .collect()
    }
}

/// Number by number where both have numbers, else letter by letter: 1.10 comes after 1.9.
fn compare_versions(a: &str, b: &str) -> Ordering {
    let part = |a: &str, b: &str| match (a.parse::<u64>(), b.parse::<u64>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        _ => a.cmp(b),
    };
    let (mut left, mut right) = (a.split('.'), b.split('.'));
    loop {
        match (left.next(), right.next()) {
            (Some(a), Some(b)) if part(a, b) == Ordering::Equal => {}
            (Some(a), Some(b)) => return part(a, b),
            (a, b) => return a.is_some().cmp(&b.is_some()),
        }
    }
}

#[cfg(test)]
mod tests {
    //! Names, versions and folders. Loading whole models is tested in `inference`.

    use super::*;

    #[test]
    fn versions_compare_by_number() {
        for (older, newer) in [("1", "2"), ("1.9", "1.10"), ("1", "1.1"), ("9", "10"), ("1.a", "1.b")] {
            assert_eq!(compare_versions(older, newer), Ordering::Less, "{older} {newer}");
            assert_eq!(compare_versions(newer, older), Ordering::Greater, "{older} {newer}");
            assert_eq!(compare_versions(newer, newer), Ordering::Equal);
        }
    }

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
}
