//! The registry: the models of a folder, one encoder and any number of classifiers, with several versions of a name
//! side by side.
//!
//! `inference` opens it at startup and reloads it on request. A registry is immutable: reloading creates another one,
//! and a running call keeps its classifier. A classifier that does not load is omitted with its reason, and the others
//! are served; the encoder is required.

mod folder;
mod version;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use portcullis_kernels::Buffers;

use super::card::{Architecture, ModelCard};
use super::classifier::Classifier;
use super::encoder::{Compute, Encoder};
use super::error::{InferenceError, OpenError};

use folder::model_folders;
pub use folder::{find_models_dir, model_digests};

/// A model that could not be loaded from its folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedModel {
    /// The folder.
    pub folder: PathBuf,
    /// The reason, naming the file.
    pub reason: String,
    /// The model previously loaded from this folder, which remains in use, as `name@version`.
    pub kept: Option<String>,
}

/// The changes of a reload; models are named `name@version`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReloadReport {
    /// Newly served models.
    pub added: Vec<String>,
    /// Models with changed weights or cards.
    pub replaced: Vec<String>,
    /// Models no longer served, because their folder is gone or contains another model.
    pub removed: Vec<String>,
    /// Models that could not be loaded.
    pub refused: Vec<RefusedModel>,
}

/// A classifier and its folder.
struct ServedModel {
    folder: PathBuf,
    classifier: Arc<Classifier>,
}

impl ServedModel {
    fn card(&self) -> &Arc<ModelCard> {
        self.classifier.card()
    }
}

/// The models of a folder.
pub(super) struct Registry {
    pub(super) encoder: Arc<Encoder>,
    encoder_folder: PathBuf,
    /// By name, newest version first.
    served: Vec<ServedModel>,
    pub(super) refused: Vec<RefusedModel>,
}

impl Registry {
    /// Loads every model of the folder and runs a warm-up inference of each.
    ///
    /// # Errors
    /// The folder cannot be read, or contains no working encoder.
    pub(super) fn open(folder: &Path, compute: Compute) -> Result<Self, OpenError> {
        let mut encoder = None;
        let (served, refused) = read(folder, &mut |path, card| {
            if encoder.is_some() {
                return Err(OpenError::broken(
                    path,
                    &"there is another model with task = \"embedding\"",
                ));
            }
            encoder = Some((path.to_owned(), Encoder::load(path, card, compute)?));
            Ok(())
        })?;
        let Some((encoder_folder, encoder)) = encoder else {
            return Err(no_encoder(folder, refused));
        };
        warm_up(&encoder)?;
        Ok(Self {
            encoder: Arc::new(encoder),
            encoder_folder,
            served,
            refused,
        })
    }

    /// Reloads the folder. If a classifier no longer loads, the previous one of its folder remains in use. The encoder
    /// is not reloaded, because text classifiers, the cache and the worker depend on it.
    ///
    /// # Errors
    /// The folder cannot be read; nothing changes in that case.
    pub(super) fn reload(&self, folder: &Path) -> Result<(Self, ReloadReport), OpenError> {
        let (mut served, mut refused) = read(folder, &mut |path, card| {
            if path == self.encoder_folder && card == *self.encoder.card() {
                return Ok(());
            }
            Err(OpenError::broken(
                path,
                &"an encoder is taken up at the start only: restart to use it",
            ))
        })?;
        for refused in &mut refused {
            if refused.folder == self.encoder_folder {
                refused.kept = Some(self.encoder.card().id());
            }
            let before = self.served.iter().find(|before| before.folder == refused.folder);
            if let Some(before) = before
                && !served.iter().any(|other| other.card().id() == before.card().id())
            {
                refused.kept = Some(before.card().id());
                served.push(ServedModel {
                    folder: before.folder.clone(),
                    classifier: Arc::clone(&before.classifier),
                });
            }
        }
        sort(&mut served);
        let next = Self {
            encoder: Arc::clone(&self.encoder),
            encoder_folder: self.encoder_folder.clone(),
            served,
            refused,
        };
        let reloaded = self.changes(&next);
        Ok((next, reloaded))
    }

    fn changes(&self, next: &Self) -> ReloadReport {
        let cards = |registry: &Self| -> BTreeMap<String, Arc<ModelCard>> {
            let cards = registry.served.iter().map(|served| Arc::clone(served.card()));
            cards.map(|card| (card.id(), card)).collect()
        };
        let (before, after) = (cards(self), cards(next));
        let mut changes = ReloadReport {
            refused: next.refused.clone(),
            ..ReloadReport::default()
        };
        for (id, card) in &after {
            match before.get(id) {
                None => changes.added.push(id.clone()),
                Some(old) if old != card => changes.replaced.push(id.clone()),
                Some(_) => {}
            }
        }
        changes.removed = before.into_keys().filter(|id| !after.contains_key(id)).collect();
        changes
    }

    /// The classifier with this name: `name` is its newest version, `name@version` exactly that one.
    pub(super) fn classifier(&self, name: &str) -> Result<Arc<Classifier>, InferenceError> {
        let fits = |card: &ModelCard| card.name == name || card.id() == name;
        match self.served.iter().find(|served| fits(served.card())) {
            Some(served) => Ok(Arc::clone(&served.classifier)),
            None => Err(InferenceError::ModelNotFound {
                // The name is returned to the caller, so its length is limited.
                name: name.chars().take(100).collect(),
                available: self.served.iter().map(|served| served.card().id()).collect(),
            }),
        }
    }

    /// The cards of all served models, the encoder first.
    pub(super) fn cards(&self) -> Vec<Arc<ModelCard>> {
        let classifiers = self.served.iter().map(ServedModel::card);
        std::iter::once(self.encoder.card())
            .chain(classifiers)
            .map(Arc::clone)
            .collect()
    }
}

/// The callback for an encoder's folder.
type OnEncoder<'a> = &'a mut dyn FnMut(&Path, Arc<ModelCard>) -> Result<(), OpenError>;

/// Loads the classifiers of a folder.
fn read(folder: &Path, encoder: OnEncoder<'_>) -> Result<(Vec<ServedModel>, Vec<RefusedModel>), OpenError> {
    let mut served: Vec<ServedModel> = Vec::new();
    let mut refused = Vec::new();
    for path in model_folders(folder).map_err(|error| OpenError::broken(folder, &error))? {
        let loaded = ModelCard::read(&path)
            .map(Arc::new)
            .and_then(|card| match card.architecture {
                Architecture::Minilm => encoder(&path, card).map(|()| None),
                Architecture::Mlp => match served.iter().find(|other| other.card().id() == card.id()) {
                    Some(other) => {
                        let reason = format!("{} is another model {}", other.folder.display(), card.id());
                        Err(OpenError::broken(&path, &reason))
                    }
                    None => Classifier::load(&path, card).map(Some),
                },
            });
        match loaded {
            Ok(classifier) => served.extend(classifier.map(|classifier| ServedModel {
                folder: path,
                classifier: Arc::new(classifier),
            })),
            Err(error) => refused.push(RefusedModel {
                folder: path,
                reason: error.to_string(),
                kept: None,
            }),
        }
    }
    sort(&mut served);
    Ok((served, refused))
}

fn sort(served: &mut [ServedModel]) {
    served.sort_by(|a, b| {
        let (a, b) = (a.card(), b.card());
        let newest_first = || version::compare(&b.version, &a.version);
        a.name.cmp(&b.name).then_with(newest_first)
    });
}

/// Runs a warm-up inference of the encoder.
fn warm_up(encoder: &Encoder) -> Result<(), OpenError> {
    let embedding = encoder
        .tokenize("ready")
        .and_then(|pieces| encoder.embed(&[pieces.ids], &mut Buffers::default()))
        .map_err(|error| OpenError::Warmup(error.to_string()))?;
    let finite = embedding
        .iter()
        .flat_map(|numbers| numbers.iter())
        .all(|number| number.is_finite());
    if finite {
        Ok(())
    } else {
        Err(OpenError::Warmup("the encoder answers NaN".to_owned()))
    }
}

/// The reason why the encoder did not load is more specific than its absence.
fn no_encoder(folder: &Path, refused: Vec<RefusedModel>) -> OpenError {
    match refused
        .into_iter()
        .find(|refused| refused.folder.join("tokenizer.json").exists())
    {
        Some(RefusedModel { folder, reason, .. }) => OpenError::Refused { folder, reason },
        None => OpenError::NoEncoder {
            folder: folder.to_owned(),
        },
    }
}
