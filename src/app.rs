//! The services behind every surface. `main` and the tests build the same one.

mod catalogue;
mod ranking;

use std::sync::Arc;

use chrono::TimeDelta;

use crate::audit::Audit;
use crate::catalogue::Catalogue;
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::document::{Document, DocumentError};
use crate::identity::{self, Accounts};
use crate::inference::{self, Inference, InferenceError, ModelCard, Task};
use crate::matching::{self, Lexicon, Month, Plan, ResumeMatch};
use crate::quota::{self, Quotas};
use crate::store::{self, Store};

pub use self::catalogue::{AddJobError, Applicant, PostedJob};
pub use self::ranking::{One, Ranked, Ranking};

/// The services, cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Services>);

struct Services {
    config: Config,
    store: Arc<Store>,
    accounts: Accounts,
    quotas: Quotas,
    catalogue: Catalogue,
    clock: Arc<dyn Clock>,
    models: Models,
}

/// What is read from the models folder: loaded once, cheap to clone, the same for every app of a process.
#[derive(Clone)]
pub struct Models {
    /// The encoder and the classifiers.
    pub inference: Inference,
    /// Skills and the weights of the score.
    pub lexicon: Arc<Lexicon>,
}

impl Models {
    /// Loads and verifies the models; takes up to a second of computing.
    ///
    /// # Errors
    /// When the folder is not found, or the encoder or the lexicon in it cannot be used.
    pub fn open(config: &Config) -> Result<Self, StartError> {
        let models_dir = inference::find_models_dir(config.models_dir.as_deref())?;
        let lexicon = Arc::new(Lexicon::open(&models_dir)?);
        let inference = Inference::open(&inference::Settings {
            models_dir: Some(models_dir),
            threads: config.threads.unwrap_or(0),
            compute: inference::Compute::on(config.device, config.precision),
            deadline: config.deadline(),
            ..inference::Settings::default()
        })?;
        Ok(Self { inference, lexicon })
    }
}

/// Why the services could not be built; each is one clear line.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store.
    #[error("store: {0}")]
    Store(#[from] store::OpenError),
    /// A setting.
    #[error(transparent)]
    Config(#[from] config::ConfigError),
    /// The signing key and the password parameters.
    #[error("accounts: {0}")]
    Accounts(#[from] identity::SetupError),
    /// The models.
    #[error("models: {0}")]
    Models(#[from] inference::OpenError),
    /// The skill lexicon.
    #[error("lexicon: {0}")]
    Lexicon(#[from] matching::LexiconError),
}

/// Why there is no match.
#[derive(Debug, thiserror::Error)]
pub enum MatchError {
    /// A document gave no text.
    #[error("{side}: {error}")]
    Document {
        /// `resume` or `job`.
        side: &'static str,
        /// What is wrong with it.
        error: DocumentError,
    },
    /// The encoder gave no answer.
    #[error(transparent)]
    Inference(#[from] InferenceError),
    /// A text has nothing to match.
    #[error("{side}: there is no text")]
    Empty {
        /// `resume` or `job`.
        side: &'static str,
    },
    /// There is no encoder; the start would have failed.
    #[error("no encoder is served")]
    NoEncoder,
    /// The catalogue.
    #[error(transparent)]
    Catalogue(#[from] crate::catalogue::Error),
    /// The encoder answered something else than it was asked.
    #[error(transparent)]
    Vectors(#[from] matching::VectorsMismatch),
    /// The work did not come to its end.
    #[error("matching stopped: {0}")]
    Stopped(#[from] tokio::task::JoinError),
}

impl App {
    /// Opens the store, the keys and the models.
    ///
    /// # Errors
    /// The first that cannot be opened, named.
    pub async fn open(config: Config, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        // A missing folder is told before anything is written.
        inference::find_models_dir(config.models_dir.as_deref())?;
        // Loading models takes computing, opening the store waits for the disk.
        let loading = tokio::task::spawn_blocking({
            let config = config.clone();
            move || Models::open(&config)
        });
        let store = Store::open_with(&config.database_url(), config.store_settings()).await?;
        let models = match loading.await {
            Ok(models) => models?,
            Err(stopped) => std::panic::resume_unwind(stopped.into_panic()),
        };
        Self::assemble(config, clock, store, models)
    }

    /// Puts the services together from a store and models that are open.
    ///
    /// # Errors
    /// When the keys cannot be read or made.
    pub fn assemble(
        config: Config,
        clock: Arc<dyn Clock>,
        store: impl Into<Arc<Store>>,
        models: Models,
    ) -> Result<Self, StartError> {
        let store = store.into();
        let accounts = open_accounts(&config, Arc::clone(&store), Arc::clone(&clock))?;
        let settings = quota::Settings {
            hourly: config.quotas.clone(),
            per_second: config.rate_limits.clone(),
            at_once: config.max_cost.clone(),
        };
        let quotas = Quotas::new(settings, Arc::clone(&store), Arc::clone(&clock));
        let catalogue = Catalogue::new(
            Arc::clone(&store),
            Arc::clone(&clock),
            models.inference.clone(),
            Arc::clone(&models.lexicon),
            Arc::clone(accounts.audit()),
        );
        Ok(Self(Arc::new(Services {
            config,
            store,
            accounts,
            quotas,
            catalogue,
            clock,
            models,
        })))
    }

    /// The settings the services were built with.
    #[must_use]
    pub fn settings(&self) -> &Config {
        &self.0.config
    }

    /// Accounts, sessions and tokens.
    #[must_use]
    pub fn accounts(&self) -> &Accounts {
        &self.0.accounts
    }

    /// What happened and who did it.
    #[must_use]
    pub fn audit(&self) -> &Audit {
        self.0.accounts.audit()
    }

    /// What callers may still spend.
    #[must_use]
    pub fn quotas(&self) -> &Quotas {
        &self.0.quotas
    }

    /// Models.
    #[must_use]
    pub fn inference(&self) -> &Inference {
        &self.0.models.inference
    }

    /// Whether the store answers and every model has answered once.
    ///
    /// # Errors
    /// What is not ready, in a line for operators.
    pub async fn ready(&self) -> Result<(), String> {
        self.0
            .store
            .ping()
            .await
            .map_err(|_| "the store does not answer".to_owned())?;
        self.0.models.inference.ready()
    }

    /// Matches a resume with a job posting. The async threads neither parse nor compute.
    ///
    /// # Errors
    /// When a document gives no text, or the encoder is overloaded or too late.
    pub async fn match_resume(
        &self,
        caller: &str,
        resume: Document,
        job: Document,
    ) -> Result<(ResumeMatch, Arc<ModelCard>), MatchError> {
        let lexicon = Arc::clone(&self.0.models.lexicon);
        let today = Month::of(&self.0.clock.now());
        let plan = tokio::task::spawn_blocking(move || {
            Ok::<_, MatchError>(Plan::new(&lexicon, &text("resume", resume)?, &text("job", job)?, today))
        })
        .await??;
        let embeddings = self.0.models.inference.embed(caller, plan.texts().to_vec()).await?;
        let result = tokio::task::spawn_blocking(move || plan.score(&embeddings)).await??;
        Ok((result, self.encoder()?))
    }

    /// The model that compares texts.
    ///
    /// # Errors
    /// [`MatchError::NoEncoder`], which a start would not have passed.
    pub fn encoder(&self) -> Result<Arc<ModelCard>, MatchError> {
        let models = self.0.models.inference.models();
        let mut encoders = models.into_iter().filter(|card| card.task == Task::Embedding);
        encoders.next().ok_or(MatchError::NoEncoder)
    }

    /// Lets go of the store, once nothing else uses the app any more. What was acknowledged is on the disk already.
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

/// The text of one side of a match.
fn text(side: &'static str, document: Document) -> Result<String, MatchError> {
    match document.text() {
        Ok(text) if text.trim().is_empty() => Err(MatchError::Empty { side }),
        Ok(text) => Ok(text),
        Err(error) => Err(MatchError::Document { side, error }),
    }
}

/// Lets go of the store of [`open_accounts_only`], so that the next process can have it.
pub async fn close(store: Arc<Store>, accounts: Accounts) {
    // The audit still holds the store, and events that are not written yet.
    if let Err(error) = accounts.audit().close().await {
        tracing::error!(%error, "the last audit events could not be written");
    }
    drop(accounts);
    if let Some(store) = Arc::into_inner(store) {
        store.close().await;
    }
}

/// Accounts alone, for the operator's commands that need no model. A store that does not exist is created only if
/// `create` says so.
///
/// # Errors
/// When the store or the keys cannot be opened.
pub async fn open_accounts_only(
    config: &Config,
    clock: Arc<dyn Clock>,
    create: bool,
) -> Result<(Arc<Store>, Accounts), StartError> {
    let (url, settings) = (config.database_url(), config.store_settings());
    let store = if create {
        Store::open_with(&url, settings).await?
    } else {
        Store::open_existing(&url, settings).await?
    };
    let store = Arc::new(store);
    let accounts = open_accounts(config, Arc::clone(&store), clock)?;
    Ok((store, accounts))
}

fn seconds(seconds: u32) -> TimeDelta {
    TimeDelta::seconds(seconds.into())
}

fn open_accounts(config: &Config, store: Arc<Store>, clock: Arc<dyn Clock>) -> Result<Accounts, StartError> {
    let settings = identity::Settings {
        issuer: config.issuer(),
        audience: config.audience.clone(),
        issuers: config.issuers.clone(),
        key: config.key_source()?,
        registration: config.registration,
        audit_retention: TimeDelta::days(config.audit_retention_days.into()),
        access_lifetime: seconds(config.access_token_seconds),
        idle_lifetime: seconds(config.session_idle_seconds),
        absolute_lifetime: seconds(config.session_seconds),
        ..identity::Settings::default()
    };
    Ok(Accounts::new(store, clock, settings)?)
}
