//! The services over a store, and what was acknowledged by them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use portcullis::app::{self, Models};
use portcullis::catalogue::Catalogue;
use portcullis::clock::SystemClock;
use portcullis::identity::{Accounts, Cost, KeySource, NewUser, Settings};
use portcullis::store::{MemorySettings, Store};
use portcullis_test_support::PASSWORD;

/// Small, so that it is often full. MiB.
const MEMTABLE: u32 = 4;

/// What is wrong with a state.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error("does not open: {0}")]
    DoesNotOpen(String),
    #[error("lost: {0}")]
    Lost(String),
    #[error("impossible: {0}")]
    Impossible(String),
}

pub(crate) struct Services {
    pub(crate) accounts: Arc<Accounts>,
    pub(crate) catalogue: Catalogue,
    store: Arc<Store>,
}

impl Services {
    pub(crate) async fn open(root: &Path, keys: &Path, models: &Models) -> Result<Self, Fault> {
        let settings = MemorySettings {
            memtable_mib: MEMTABLE,
            ..MemorySettings::default()
        };
        let url = format!("surrealkv://{}", root.join("db").display());
        let store = Store::open_with(&url, settings).await;
        let store = Arc::new(store.map_err(|error| Fault::DoesNotOpen(error.to_string()))?);
        let settings = Settings {
            key: KeySource::Folder(keys.to_owned()),
            password_cost: Cost {
                memory: 64,
                passes: 1,
                lanes: 1,
            },
            ..Settings::default()
        };
        let clock = Arc::new(SystemClock);
        let accounts = Arc::new(Accounts::new(Arc::clone(&store), clock.clone(), settings).unwrap());
        let catalogue = Catalogue::new(
            Arc::clone(&store),
            clock,
            models.inference.clone(),
            Arc::clone(&models.lexicon),
            Arc::clone(accounts.audit()),
            96 << 20,
        );
        Ok(Self {
            accounts,
            catalogue,
            store,
        })
    }

    pub(crate) async fn close(self) {
        self.catalogue.close().await;
        app::close(self.store, Arc::into_inner(self.accounts).unwrap()).await;
    }
}

pub(crate) fn new_user(username: &str) -> NewUser {
    NewUser {
        username: username.to_owned(),
        email: format!("{username}@example.org").into(),
        password: PASSWORD.into(),
    }
}

/// The steps of a task, which are sequential.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    /// The steps that had begun.
    pub(crate) begun: usize,
    /// The steps that were acknowledged.
    pub(crate) done: usize,
    /// What the last acknowledgement contained.
    pub(crate) answer: String,
}

/// The note for the begin of a step.
pub(crate) fn begin(task: usize, step: usize) -> String {
    format!("begin {task} {step}")
}

/// The note for the acknowledgement of a step.
pub(crate) fn done(task: usize, step: usize, answer: &str) -> String {
    format!("done {task} {step} {answer}")
}

/// The progress of each task.
pub(crate) fn progress<'a>(notes: impl Iterator<Item = &'a str>) -> BTreeMap<usize, Progress> {
    let mut tasks: BTreeMap<usize, Progress> = BTreeMap::new();
    for note in notes {
        let words: Vec<&str> = note.split(' ').collect();
        let task = tasks.entry(words[1].parse().unwrap()).or_default();
        let count = words[2].parse::<usize>().unwrap() + 1;
        if words[0] == "begin" {
            task.begun = count;
        } else {
            task.done = count;
            words[3].clone_into(&mut task.answer);
        }
    }
    tasks
}
