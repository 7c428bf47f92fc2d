//! The application: all services, built in one place for the server, the command line and the tests.

mod catalogue;
mod kept_matches;
mod matches;
mod operator;
mod ranking;
mod reader_queue;

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::Semaphore;

use crate::audit::Audit;
use crate::catalogue::Catalogue;
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::document::{DocumentError, ReadText};
use crate::identity::{self, Accounts, KeySource};
use crate::inference::{self, Inference, InferenceError, ModelCard, Task};
use crate::matching::{self, KeptMatch, Lexicon, Scoring, ScoringError, ScoringOptions};
use crate::memory::Division;
use crate::quota::{self, Quotas};
use crate::store::{self, DataKeyStatus, Store};

use self::kept_matches::KeptMatches;

pub use self::catalogue::{AddJobError, Applicant, PostedJob};
pub use self::matches::ScoredMatch;
pub use self::operator::{encrypt_personal_data, export_database, new_signing_key, open_accounts_only};
pub use self::ranking::{RankedText, Ranking, RankingFailure, RankingSubject, RankingTimeout};
use self::reader_queue::ReaderQueue;

/// The services, cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Services>);

struct Services {
    config: Config,
    division: Division,
    store: Arc<Store>,
    accounts: Accounts,
    quotas: Quotas,
    catalogue: Catalogue,
    clock: Arc<dyn Clock>,
    models: Models,
    readers: ReaderQueue,
    kept_matches: KeptMatches<KeptMatch>,
    /// The jobs that rankings may have in memory.
    ranked_jobs: Arc<Semaphore>,
}

/// The contents of the models folder. Loaded once, cheap to clone.
#[derive(Clone)]
pub struct Models {
    /// The encoder and the classifiers.
    pub inference: Inference,
    /// Skills and the weights of the score.
    pub lexicon: Arc<Lexicon>,
}

impl Models {
    /// Loads and verifies the models. Takes up to a second of CPU time.
    ///
    /// # Errors
    /// The folder is not found, or the encoder or the lexicon cannot be loaded.
    pub fn open(config: &Config) -> Result<Self, StartError> {
        let division = config.division();
        let models_dir = inference::find_models_dir(config.inference.models_dir.as_deref())?;
        let settings = inference::Settings {
            models_dir: Some(models_dir.clone()),
            threads: config.inference.threads.unwrap_or(0),
            compute: inference::Compute::on(config.inference.device, config.inference.precision),
            deadline: config.limits.deadline(),
            cache_bytes: division.embeddings(),
            queue_bytes: division.queue(),
            ..inference::Settings::default()
        };
        // Each takes about half of the time of a start.
        let (inference, lexicon) = rayon::join(|| Inference::open(&settings), || Lexicon::open(&models_dir));
        let (inference, lexicon) = (inference?, Arc::new(lexicon?));
        Ok(Self { inference, lexicon })
    }
}

/// A service could not be built. The message is one line.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store failed to open.
    #[error("store: {0}")]
    Store(#[from] store::OpenError),
    /// A statement of the store failed.
    #[error("store: {0}")]
    Statement(store::Error),
    /// The database cannot be exported.
    #[error(transparent)]
    Export(#[from] store::ExportError),
    /// A setting is invalid.
    #[error(transparent)]
    Config(#[from] config::ConfigError),
    /// The signing key is not available, or not that of the store.
    #[error(transparent)]
    SigningKey(#[from] identity::SigningKeyError),
    /// The signing key or the password parameters are invalid.
    #[error("accounts: {0}")]
    Accounts(#[from] identity::SetupError),
    /// The models failed to load.
    #[error("models: {0}")]
    Models(#[from] inference::OpenError),
    /// The skill lexicon failed to load.
    #[error("lexicon: {0}")]
    Lexicon(#[from] matching::LexiconError),
}

/// An error of [`App::match_resume`] and of rankings.
#[derive(Debug, thiserror::Error)]
pub enum MatchError {
    /// No text could be extracted from a document.
    #[error("{side}: {error}")]
    Document {
        /// `resume` or `job`.
        side: &'static str,
        /// The reason.
        error: DocumentError,
    },
    /// The settings of the score are invalid.
    #[error(transparent)]
    Scoring(#[from] ScoringError),
    /// The encoder failed.
    #[error(transparent)]
    Inference(#[from] InferenceError),
    /// A text is empty.
    #[error("{side}: the document contains no text")]
    Empty {
        /// `resume` or `job`.
        side: &'static str,
    },
    /// The account has no kept match with this id, or no longer.
    #[error("id: the match is not kept any more; run matchResume again")]
    NotKept,
    /// No encoder is loaded. The server does not start without one.
    #[error("no encoder is loaded")]
    NoEncoder,
    /// The catalogue failed.
    #[error(transparent)]
    Catalogue(#[from] crate::catalogue::Error),
    /// The encoder returned the wrong number of embeddings.
    #[error(transparent)]
    Vectors(#[from] matching::VectorsMismatch),
    /// A background task failed.
    #[error("the matching task failed: {0}")]
    Stopped(#[from] tokio::task::JoinError),
}

impl App {
    /// Opens the store, the keys and the models.
    ///
    /// # Errors
    /// The first service that fails to open.
    pub async fn open(config: Config, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        // A missing folder is reported before anything is written.
        inference::find_models_dir(config.inference.models_dir.as_deref())?;
        // Loading models is bound by the CPU, opening the store by the disk.
        let loading = tokio::task::spawn_blocking({
            let config = config.clone();
            move || Models::open(&config)
        });
        let store = open_store(&config, true).await?;
        identity::confirm_signing_key(&store, &config.key_source()?).await?;
        let models = match loading.await {
            Ok(models) => models?,
            Err(stopped) => std::panic::resume_unwind(stopped.into_panic()),
        };
        Self::assemble(config, clock, store, models)
    }

    /// Assembles the services from an open store and loaded models.
    ///
    /// # Errors
    /// The keys cannot be read or created.
    pub fn assemble(
        config: Config,
        clock: Arc<dyn Clock>,
        store: impl Into<Arc<Store>>,
        models: Models,
    ) -> Result<Self, StartError> {
        let store = store.into();
        let division = config.division();
        let accounts = open_accounts(&config, config.key_source()?, Arc::clone(&store), Arc::clone(&clock))?;
        let settings = quota::Settings {
            hourly: config.limits.quotas.clone(),
            per_second: config.limits.rate_limits.clone(),
            at_once: config.limits.max_cost.clone(),
        };
        let counts = division.entries_of(quota::MOST_COUNTS);
        let quotas = Quotas::new(settings, counts, Arc::clone(&store), Arc::clone(&clock));
        let catalogue = Catalogue::new(
            Arc::clone(&store),
            Arc::clone(&clock),
            models.inference.clone(),
            Arc::clone(&models.lexicon),
            Arc::clone(accounts.audit()),
            division.candidates(),
        );
        Ok(Self(Arc::new(Services {
            kept_matches: KeptMatches::new(Arc::clone(&clock), division.matches()),
            division,
            config,
            store,
            accounts,
            quotas,
            catalogue,
            clock,
            models,
            readers: ReaderQueue::default(),
            ranked_jobs: Arc::new(Semaphore::new(division.ranked_jobs())),
        })))
    }

    /// The settings the services were built with.
    #[must_use]
    pub fn settings(&self) -> &Config {
        &self.0.config
    }

    /// The sizes of caches, queues and buffers.
    #[must_use]
    pub fn division(&self) -> &Division {
        &self.0.division
    }

    /// Accounts, sessions and tokens.
    #[must_use]
    pub fn accounts(&self) -> &Accounts {
        &self.0.accounts
    }

    /// The audit trail.
    #[must_use]
    pub fn audit(&self) -> &Audit {
        self.0.accounts.audit()
    }

    /// The quotas.
    #[must_use]
    pub fn quotas(&self) -> &Quotas {
        &self.0.quotas
    }

    /// The models.
    #[must_use]
    pub fn inference(&self) -> &Inference {
        &self.0.models.inference
    }

    /// The key that encrypts personal data in the store. `None` if it is stored as it is.
    #[must_use]
    pub fn data_key(&self) -> Option<DataKeyStatus> {
        self.0.store.data_key()
    }

    /// Whether the store responds and takes changes, and every model has completed a warm-up inference.
    ///
    /// # Errors
    /// The reason, in one line for operators.
    pub async fn ready(&self) -> Result<(), String> {
        self.0.store.ping().await.map_err(|error| match error {
            store::Error::NotWritable(_) => error.to_string(),
            _ => "the store does not respond".to_owned(),
        })?;
        self.0.models.inference.ready()
    }

    /// Validates the settings of a score.
    ///
    /// # Errors
    /// [`MatchError::Scoring`].
    pub fn scoring(&self, options: &ScoringOptions) -> Result<Scoring, MatchError> {
        Ok(Scoring::new(&self.0.models.lexicon, options)?)
    }

    /// The encoder's card.
    ///
    /// # Errors
    /// [`MatchError::NoEncoder`]; the server does not start in that case.
    pub fn encoder(&self) -> Result<Arc<ModelCard>, MatchError> {
        let models = self.0.models.inference.models();
        let mut encoders = models.into_iter().filter(|card| card.task == Task::Embedding);
        encoders.next().ok_or(MatchError::NoEncoder)
    }

    /// Closes the store once the app is no longer used. Acknowledged writes are already on disk.
    pub async fn close(self) {
        if let Some(Services {
            store,
            accounts,
            quotas,
            catalogue,
            ..
        }) = Arc::into_inner(self.0)
        {
            drop(quotas);
            catalogue.close().await;
            close(store, accounts).await;
        }
    }
}

/// The warnings about the files of a match, which the matcher cannot give: it sees only their texts.
pub fn file_warnings(resume: &ReadText, job: &ReadText) -> impl Iterator<Item = String> + use<> {
    [resume.warning("resume"), job.warning("posting")].into_iter().flatten()
}

/// Closes the store of [`open_accounts_only`], so that the next process can open it.
pub async fn close(store: Arc<Store>, accounts: Accounts) {
    // The audit trail still holds the store and unwritten events.
    if let Err(error) = accounts.audit().close().await {
        tracing::error!(%error, "failed to write the last audit events");
    }
    drop(accounts);
    if let Some(store) = Arc::into_inner(store) {
        store.close().await;
    }
}

/// Opens the store with the keys that the settings name. A store that does not exist is created only if `create` is true.
async fn open_store(config: &Config, create: bool) -> Result<Store, StartError> {
    let (location, memory) = (config.store.location()?, config.store_memory());
    let keys = config.store.data_keys()?;
    Ok(if create {
        Store::open_with_keys(location, memory, keys).await?
    } else {
        Store::open_existing(location, memory, keys).await?
    })
}

fn seconds(seconds: u32) -> TimeDelta {
    TimeDelta::seconds(seconds.into())
}

fn open_accounts(
    config: &Config,
    key: KeySource,
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
) -> Result<Accounts, StartError> {
    let division = config.division();
    let settings = identity::Settings {
        issuer: config.issuer(),
        audience: config.signing.audience.clone(),
        issuers: config.accounts.issuers.clone(),
        key,
        registration: config.accounts.registration,
        registration_rate: identity::RegistrationRate {
            burst: config.accounts.registration_burst,
            interval: Duration::from_secs(config.accounts.registration_interval_seconds.into()),
        },
        audit_retention: TimeDelta::days(config.store.audit_retention_days.into()),
        access_lifetime: seconds(config.tokens.access_token_seconds),
        idle_lifetime: seconds(config.tokens.session_idle_seconds),
        absolute_lifetime: seconds(config.tokens.session_seconds),
        max_sessions: config.tokens.max_sessions,
        leeway: seconds(config.tokens.leeway_seconds),
        password_permits: division.password_permits(),
        capacities: identity::CacheCapacities::share(division.entries()),
        ..identity::Settings::default()
    };
    Ok(Accounts::new(store, clock, settings)?)
}
