//! `portcullis serve`: open the services, make sure there is an admin, listen until told to stop.

use std::io::Write as _;
use std::sync::Arc;

use secrecy::ExposeSecret as _;

use super::Stop;
use crate::app::App;
use crate::clock::SystemClock;
use crate::config::{self, Config};
use crate::graphql::Gateway;
use crate::http;
use crate::identity::FirstAdmin;

pub(super) async fn run(mut config: Config) -> Result<(), Stop> {
    super::check_documents(&config)?;
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
    http::serve(listener, gateway, settings, stop).await;
    app.close().await;
    Ok(())
}
