//! `portcullis serve`: open the services, make sure there is an admin, listen until told to stop. SIGHUP has the models
//! read anew.

use std::io::Write as _;
use std::sync::Arc;

use secrecy::ExposeSecret as _;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::Stop;
use crate::app::App;
use crate::clock::SystemClock;
use crate::config::{self, Config};
use crate::graphql::Gateway;
use crate::http;
use crate::identity::FirstAdmin;
use crate::inference::{Inference, Reloaded};

pub(super) async fn run(mut config: Config) -> Result<(), Stop> {
    // First of all: a signal that nobody expects ends the process.
    let hangups = signal(SignalKind::hangup())?;
    // Bound before anything slow, so that a taken port is told at once; connections wait until it is served.
    let listener = tokio::net::TcpListener::bind(config.listen)
        .await
        .map_err(|error| Stop::Failed(format!("listen: cannot bind {}: {error}", config.listen)))?;
    let address = listener.local_addr()?;
    // Port 0 became a real one.
    config.issuer.get_or_insert_with(|| format!("http://{address}"));
    let app = App::open(config, Arc::new(SystemClock)).await?;
    if let FirstAdmin::Generated(password) = app.accounts().ensure_admin(config::admin_password()).await? {
        println!("created user admin with password {}", password.expose_secret());
    }
    let settings = http::Settings::of(app.settings())?;
    let gateway = Gateway::new(app.clone())?;
    // Before anybody is told that the server is there, so that an early signal is not lost.
    let stop = http::shutdown_signal()?;
    println!("listening on http://{address}");
    std::io::stdout().flush()?;
    let reloading = tokio::spawn(reload(app.inference().clone(), hangups));
    http::serve(listener, gateway, settings, stop).await;
    reloading.abort();
    app.close().await;
    Ok(())
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

fn tell(reloaded: &Reloaded) {
    let Reloaded {
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
