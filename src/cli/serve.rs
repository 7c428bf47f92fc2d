//! `portcullis serve`: opens the services, creates the first admin if necessary, and serves until shutdown. SIGHUP
//! reloads the models.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret as _;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{CommandError, output};
use crate::app::App;
use crate::clock::SystemClock;
use crate::config::{self, Config};
use crate::graphql::Gateway;
use crate::http;
use crate::identity::FirstAdmin;
use crate::inference::{Inference, ReloadReport};
use crate::memory::{Division, Limits};
use crate::store::DataKeyStatus;

/// The interval between reads of the list of accounts that no request asked for.
const LIST_INTERVAL: Duration = Duration::from_secs(60);

pub(super) async fn run(mut config: Config) -> Result<(), CommandError> {
    // Installed first: without a handler, SIGHUP terminates the process.
    let hangups = signal(SignalKind::hangup())?;
    super::check_documents(&config)?;
    config
        .check_server()
        .map_err(|error| CommandError::Usage(error.to_string()))?;
    if config.store.url_has_password() {
        tracing::warn!(
            "database: the URL holds a password, which process lists can show; use database_user and \
             database_password_file or PORTCULLIS_DATABASE_PASSWORD"
        );
    }
    // Bound before slow work, so that a port in use is reported immediately. Connections wait in the backlog.
    let listener = TcpListener::bind(config.transport.listen).await.map_err(|error| {
        CommandError::Failed(format!("listen: failed to bind {}: {error}", config.transport.listen))
    })?;
    let metrics = match config.transport.metrics_listen {
        Some(address) => Some(
            TcpListener::bind(address)
                .await
                .map_err(|error| CommandError::Failed(format!("metrics_listen: failed to bind {address}: {error}")))?,
        ),
        None => None,
    };
    let tls = match config.transport.tls_files() {
        Some((cert, key)) => Some(Arc::new(http::Certificates::open(cert, key)?)),
        None => None,
    };
    // Replaces port 0 with the port that was assigned.
    config.transport.listen = listener.local_addr()?;
    config.signing.issuer = Some(config.issuer());
    let url = config.transport.url();
    report_memory(&config.division());
    let app = App::open(config, Arc::new(SystemClock)).await?;
    let location = app.settings().store.location()?;
    match app.data_key() {
        None if location.path().is_none() && !location.is_remote() => {}
        None => tracing::info!(
            "personal data in the database is not encrypted: encryption of the disk protects it; the setting data_key \
             encrypts it"
        ),
        Some(DataKeyStatus { id, is_pending: true }) => tracing::warn!(
            data_key = id,
            "not all personal data in the database is encrypted with the data key: stop the server and run \
             `portcullis data-key rotate`"
        ),
        Some(DataKeyStatus { id, .. }) => tracing::info!(data_key = id, "personal data in the database is encrypted"),
    }
    if let FirstAdmin::Generated(password) = app.accounts().ensure_admin(config::admin_password()).await? {
        let line = format_args!("created user admin with password {}", password.expose_secret());
        if !announce(line)? {
            tracing::error!(
                "failed to print the password of user admin because standard output is closed; \
                 to set a new password, stop the server and run `portcullis user set-password admin`"
            );
        }
    }
    let settings = http::Settings {
        tls,
        ..http::Settings::of(app.settings())?
    };
    let gateway = Gateway::new(app.clone())?;
    // Installed before the server is announced, so that an early signal is not lost.
    let stop = http::shutdown_signal()?;
    if let Some(metrics) = &metrics {
        announce(format_args!("metrics on http://{}/metrics", metrics.local_addr()?))?;
    }
    announce(format_args!("listening on {url}"))?;
    let reload_task = tokio::spawn(reload(app.inference().clone(), hangups));
    let list_task = tokio::spawn(follow_list(app.clone()));
    // Served until the end, so that the shutdown can be observed.
    let metrics = metrics.map(|listener| tokio::spawn(http::serve_metrics(listener, settings.clone())));
    http::serve(listener, gateway, settings, stop).await;
    if let Some(metrics) = metrics {
        metrics.abort();
    }
    reload_task.abort();
    // The store is released once the task has ended.
    list_task.abort();
    let _ = list_task.await;
    app.close().await;
    Ok(())
}

/// Logs the division of the memory, and what contradicts it.
fn report_memory(division: &Division) {
    let memory = division.memory();
    tracing::info!("memory {memory}: {division}");
    if division.excess() > 0 {
        tracing::warn!(
            "memory: {memory} is too small for store_memtable_mib and store_block_cache_mib: {} MiB are missing",
            division.excess().div_ceil(1 << 20)
        );
    }
    if let Some(limit) = Limits::read().lowest().filter(|limit| *limit < memory.bytes()) {
        tracing::warn!(
            "memory: {memory} is more than the limit of this system, {} MiB",
            limit >> 20
        );
    }
}

/// Prints a line. Returns false if standard output is closed, which does not stop the server.
fn announce(line: impl Display) -> Result<bool, CommandError> {
    match output::print_line(line) {
        Ok(()) => Ok(true),
        Err(CommandError::OutputClosed) => Ok(false),
        Err(stop) => Err(stop),
    }
}

/// Reads the list of accounts at the start and then the changes, so that no request waits for many of them.
async fn follow_list(app: App) {
    loop {
        if let Err(error) = app.accounts().refresh_list().await {
            tracing::warn!(%error, "failed to read the list of accounts; retrying");
        }
        tokio::time::sleep(LIST_INTERVAL).await;
    }
}

/// Reloads the models on each SIGHUP. Requests are served during a reload.
async fn reload(inference: Inference, mut hangups: Signal) {
    while hangups.recv().await.is_some() {
        let inference = inference.clone();
        match tokio::task::spawn_blocking(move || inference.reload()).await {
            Ok(Ok(report)) => log_reload(&report),
            Ok(Err(error)) => tracing::error!(%error, "failed to reload models; the loaded models remain in use"),
            Err(error) => tracing::error!(%error, "the reload task failed; the loaded models remain in use"),
        }
    }
}

fn log_reload(report: &ReloadReport) {
    let ReloadReport {
        added,
        replaced,
        removed,
        refused,
    } = report;
    tracing::info!(?added, ?replaced, ?removed, refused = refused.len(), "models reloaded");
    for refused in refused {
        let serving = refused.kept.as_deref().unwrap_or("none");
        tracing::error!(reason = %refused.reason, serving, "failed to load a model");
    }
}
