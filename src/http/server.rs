//! Accepts connections until it is told to stop, then lets what runs finish. `axum::serve` sets no timer for reading
//! request heads, so slow clients would hold connections and stall the end; hence hyper directly.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connection::{Acceptor, Lifeline};
use super::{Endpoint, Settings, router};

/// Answers on the listener until `stop` completes and every request that then runs is answered, or
/// [`Settings::drain_timeout`] has passed. Returns how many connections were cut.
pub async fn serve<E: Endpoint>(
    listener: TcpListener,
    endpoint: E,
    settings: Settings,
    stop: impl Future<Output = ()>,
) -> usize {
    let stopped = CancellationToken::new();
    let acceptor = Acceptor::new(router(endpoint, settings.clone()), &settings);
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
                let acceptor = acceptor.clone();
                let lifeline = Lifeline {
                    stop: stopped.clone(),
                    tracker: tracker.clone(),
                    slot: Arc::new(slot),
                };
                tracker.spawn(acceptor.drive(stream, peer, lifeline));
            }
            // Out of file descriptors, most likely: connections that end will free some.
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
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

/// Listens for SIGTERM and SIGINT from now on; the future completes at the first of them.
///
/// # Errors
/// The signals cannot be listened for.
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
