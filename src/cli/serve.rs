//! `portcullis serve`: open the services, make sure there is an admin, listen until told to stop. SIGHUP has the models
//! read anew.

use std::fmt::Display;
use std::sync::Arc;

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

pub(super) async fn run(mut config: Config) -> Result<(), CommandError> {
    // First of all: a signal that nobody expects ends the process.
    let hangups = signal(SignalKind::hangup())?;
    super::check_documents(&config)?;
    // Bound before anything slow, so that a taken port is told at once; connections wait until it is served.
    let listener = TcpListener::bind(config.transport.listen)
        .await
        .map_err(|error| CommandError::Failed(format!("listen: cannot bind {}: {error}", config.transport.listen)))?;
    let metrics = match config.transport.metrics_listen {
        Some(address) => Some(
            TcpListener::bind(address)
                .await
                .map_err(|error| CommandError::Failed(format!("metrics_listen: cannot bind {address}: {error}")))?,
        ),
        None => None,
    };
    let tls = match config.transport.tls_files() {
        Some((cert, key)) => Some(Arc::new(http::Certificates::open(cert, key)?)),
        None => None,
    };
    // Port 0 became a real one.
    config.transport.listen = listener.local_addr()?;
    config.signing.issuer = Some(config.issuer());
    let url = config.transport.url();
    let app = App::open(config, Arc::new(SystemClock)).await?;
    if let FirstAdmin::Generated(password) = app.accounts().ensure_admin(config::admin_password()).await? {
        let line = format_args!("created user admin with password {}", password.expose_secret());
        if !announce(line)? {
            tracing::error!(
                "standard output is closed, so the password of user admin was not printed; to set another, stop the server and run `portcullis user set-password admin`"
            );
        }
    }
    let settings = http::Settings {
        tls,
        ..http::Settings::of(app.settings())?
    };
    let gateway = Gateway::new(app.clone())?;
    // Before anybody is told that the server is there, so that an early signal is not lost.
    let stop = http::shutdown_signal()?;
    if let Some(metrics) = &metrics {
        announce(format_args!("metrics on http://{}/metrics", metrics.local_addr()?))?;
    }
    announce(format_args!("listening on {url}"))?;
    let reloading = tokio::spawn(reload(app.inference().clone(), hangups));
    // To the end, so that it can be seen how the server stops.
    let told = metrics.map(|listener| tokio::spawn(http::serve_metrics(listener, settings.clone())));
    http::serve(listener, gateway, settings, stop).await;
    if let Some(told) = told {
        told.abort();
    }
    reloading.abort();
    app.close().await;
    Ok(())
}

/// Prints a line; returns false if standard output is closed, which does not stop a server.
fn announce(line: impl Display) -> Result<bool, CommandError> {
    match output::print_line(line) {
        Ok(()) => Ok(true),
        Err(CommandError::OutputClosed) => Ok(false),
        Err(stop) => Err(stop),
    }
}

/// Reads the models anew at every hangup; requests go on meanwhile.
async fn reload(inference: Inference, mut hangups: Signal) {
    while hangups.recv().await.is_some() {
        let inference = inference.clone();
        match tokio::task::spawn_blocking(move || inference.reload()).await {
            Ok(Ok(reloaded)) => tell(&reloaded),
            Ok(Err(error)) => tracing::error!(%error, "the models could not be read anew; the old ones serve on"),
            Err(error) => tracing::error!(%error, "reading the models anew stopped; the old ones serve on"),
        }
    }
}

fn tell(reloaded: &ReloadReport) {
    let ReloadReport {
        added,
        replaced,
        removed,
        refused,
    } = reloaded;
    tracing::info!(
        ?added,
        ?replaced,
        ?removed,
        refused = refused.len(),
        "the models were read anew"
    );
    for refused in refused {
        tracing::error!(reason = %refused.reason, serving = refused.kept.as_deref().unwrap_or("none"), "a model is refused");
    }
}
