//! One connection from its first byte to its last: HTTP/1.1 or HTTP/2 without TLS, whichever the client begins, closed
//! when it idles and when the server stops.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::{Peer, Settings};

/// Once the server stops, how long a connection without a request may still take to send what is in its buffers.
const FLUSH: Duration = Duration::from_millis(500);

/// Runs connections.
#[derive(Clone)]
pub(super) struct Acceptor {
    builder: Builder<TokioExecutor>,
    router: Router,
    first_request: Duration,
    idle: Duration,
    stop: CancellationToken,
}

impl Acceptor {
    pub(super) fn new(router: Router, settings: &Settings, stop: CancellationToken) -> Self {
        let mut builder = Builder::new(TokioExecutor::new());
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(settings.header_timeout)
            .max_buf_size(64 * 1024);
        builder
            .http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(100)
            .max_header_list_size(32 * 1024)
            .keep_alive_interval(settings.idle_timeout)
            .keep_alive_timeout(settings.header_timeout);
        Self {
            builder,
            router,
            first_request: settings.header_timeout,
            idle: settings.idle_timeout,
            stop,
        }
    }

    /// Serves a connection until it ends. How it ends is the client's business; nothing to report.
    pub(super) async fn drive(self, stream: TcpStream, peer: SocketAddr) {
        // An answer is written at once, so waiting for more to send gains nothing. A failure costs only speed.
        let _ = stream.set_nodelay(true);
        let activity = Arc::new(Activity::default());
        let service = hyper::service::service_fn({
            let activity = Arc::clone(&activity);
            let router = self.router;
            move |request: http::Request<Incoming>| {
                let running = activity.begin();
                let router = router.clone();
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(Peer(peer));
                async move {
                    let answer = router.oneshot(request).await;
                    drop(running);
                    answer
                }
            }
        });
        let mut connection = pin!(
            self.builder
                .serve_connection_with_upgrades(TokioIo::new(stream), service)
        );
        let mut patience = self.first_request;
        let mut begun = 0;
        loop {
            tokio::select! {
                _ = connection.as_mut() => return,
                () = self.stop.cancelled() => break,
                () = tokio::time::sleep(patience) => {
                    if activity.idle() && activity.begun() == begun {
                        return;
                    }
                    begun = activity.begun();
                    patience = self.idle;
                }
            }
        }
        connection.as_mut().graceful_shutdown();
        let mut was_idle = false;
        loop {
            tokio::select! {
                _ = connection.as_mut() => return,
                () = tokio::time::sleep(FLUSH) => {
                    let idle = activity.idle();
                    if idle && was_idle {
                        return;
                    }
                    was_idle = idle;
                }
            }
        }
    }
}

/// What a connection is doing.
#[derive(Default)]
struct Activity {
    begun: AtomicUsize,
    running: AtomicUsize,
}

impl Activity {
    fn begin(self: &Arc<Self>) -> Running {
        self.begun.fetch_add(1, Ordering::Relaxed);
        self.running.fetch_add(1, Ordering::Relaxed);
        Running(Arc::clone(self))
    }

    fn begun(&self) -> usize {
        self.begun.load(Ordering::Relaxed)
    }

    fn idle(&self) -> bool {
        self.running.load(Ordering::Relaxed) == 0
    }
}

/// A request that is being answered; also counted out when the client goes away and the answer is dropped.
struct Running(Arc<Activity>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::Relaxed);
    }
}
