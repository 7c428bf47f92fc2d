//! Accepts connections until it is told to stop, then lets what runs finish. `axum::serve` sets no timer for reading
//! request heads, so slow clients would hold connections and stall the end; hence hyper directly.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::Settings;
use super::connection::Acceptor;

/// Serves the router until `stop` is cancelled and every request that then runs is answered, or
/// [`Settings::drain_timeout`] has passed. Returns how many connections were cut.
pub async fn serve(listener: TcpListener, router: Router, settings: &Settings, stop: CancellationToken) -> usize {
    let acceptor = Acceptor::new(router, settings, stop.clone());
    let slots = Arc::new(Semaphore::new(settings.max_connections));
    let tracker = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &slots) => accepted,
            () = stop.cancelled() => break,
        };
        match accepted {
            Ok((slot, stream, peer)) => {
                let acceptor = acceptor.clone();
                tracker.spawn(async move {
                    acceptor.drive(stream, peer).await;
                    drop(slot);
                });
            }
            // Out of file descriptors, most likely: connections that end will free some.
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    tracker.close();
    let drained = tokio::time::timeout(settings.drain_timeout, tracker.wait()).await;
    let cut = if drained.is_ok() { 0 } else { tracker.len() };
    if cut > 0 {
        tracing::warn!(connections = cut, "stopped before everything was answered");
    }
    cut
}

type Accepted = (
    tokio::sync::OwnedSemaphorePermit,
    tokio::net::TcpStream,
    std::net::SocketAddr,
);

async fn accept(listener: &TcpListener, slots: &Arc<Semaphore>) -> io::Result<Accepted> {
    let slot = Arc::clone(slots).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((slot, stream, peer))
}

/// Completes at SIGTERM or SIGINT.
///
/// # Errors
/// The signals cannot be listened for.
pub async fn signal() -> io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            _ = terminate.recv() => Ok(()),
            interrupted = tokio::signal::ctrl_c() => interrupted,
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
