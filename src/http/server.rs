//! The server: accepts connections until it is told to stop, then drains them. `axum::serve` sets no timeout for
//! request heads, so slow clients would hold connections and delay shutdown; hence hyper is used directly.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connection::{Acceptor, ConnectionHandle};
use super::endpoint::Endpoint;
use super::middleware::HttpService;
use super::peer::Peer;
use super::refusal_delay::RefusalDelay;
use super::router::{metrics_service, router};
use super::settings::Settings;
use crate::metrics::{Counted, metrics};

/// Serves connections of the listener until `stop` completes and all requests running then are answered, or
/// [`Settings::drain_timeout`] has passed. Returns the number of connections that were cut.
pub async fn serve<E: Endpoint>(
    listener: TcpListener,
    endpoint: E,
    settings: Settings,
    stop: impl Future<Output = ()>,
) -> usize {
    let router = router(endpoint, settings.clone());
    answer(listener, router, &settings, stop).await
}

/// Serves `GET /metrics` on the listener, without TLS, as long as it is polled.
pub async fn serve_metrics(listener: TcpListener, settings: Settings) {
    let settings = Settings { tls: None, ..settings };
    answer(listener, metrics_service(), &settings, std::future::pending()).await;
}

async fn answer(
    listener: TcpListener,
    router: HttpService,
    settings: &Settings,
    stop: impl Future<Output = ()>,
) -> usize {
    let stopped = CancellationToken::new();
    let acceptor = Acceptor::new(router, settings);
    let mut stop = pin!(stop);
    let slots = Arc::new(Semaphore::new(settings.max_connections));
    let tracker = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &slots) => accepted,
            () = stop.as_mut() => break,
        };
        match accepted {
            Ok((slot, stream, peer)) => {
                let handle = Arc::new(ConnectionHandle {
                    // A token of its own: each poll of a connection locks the token that it waits for.
                    stop: stopped.child_token(),
                    tracker: tracker.clone(),
                    slot: (slot, Counted::one(&metrics().connections)),
                    refusals: RefusalDelay::default(),
                });
                tracker.spawn(greet(acceptor.clone(), stream, peer, handle, settings.clone()));
            }
            // Most likely out of file descriptors; closing connections will free some.
            Err(error) => {
                tracing::warn!(%error, "failed to accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    stopped.cancel();
    tracker.close();
    let drained = tokio::time::timeout(settings.drain_timeout, tracker.wait()).await;
    let cut = if drained.is_ok() { 0 } else { tracker.len() };
    if cut > 0 {
        tracing::warn!(connections = cut, "stopped with requests still running");
    }
    cut
}

/// Serves a connection, over TLS if configured.
async fn greet(
    acceptor: Acceptor,
    stream: TcpStream,
    address: SocketAddr,
    handle: Arc<ConnectionHandle>,
    settings: Settings,
) {
    // Responses are written in one piece, so delaying packets (Nagle's algorithm) gains nothing. A failure costs only
    // speed.
    let _ = stream.set_nodelay(true);
    let peer = Peer::new(address, settings.tls.is_some());
    let Some(tls) = settings.tls else {
        return acceptor.drive(stream, peer, handle).await;
    };
    let greeting = tokio::time::timeout(settings.header_timeout, tls.acceptor().accept(stream));
    let greeted = tokio::select! {
        greeted = greeting => greeted,
        () = handle.stop.cancelled() => return,
    };
    match greeted {
        Ok(Ok(stream)) => acceptor.drive(stream, peer, handle).await,
        Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
        Err(_) => tracing::debug!("a TLS handshake took too long"),
    }
}

type Accepted = (tokio::sync::OwnedSemaphorePermit, TcpStream, SocketAddr);

async fn accept(listener: &TcpListener, slots: &Arc<Semaphore>) -> io::Result<Accepted> {
    let slot = Arc::clone(slots).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((slot, stream, peer))
}

/// Listens for SIGTERM and SIGINT. The future completes at the first of them.
///
/// # Errors
/// The signal handlers cannot be installed.
pub fn shutdown_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
