//! One connection from its first byte to its last: HTTP/1.1 or HTTP/2, whichever the client begins, closed when it idles
//! and when the server stops.
//!
//! HTTP/2 lets one connection ask for much at once, so what it may is set on purpose (RFC 9113, 10.5): streams at once, the
//! size of a head, what is buffered in both directions, and how many streams a client may cancel before anybody has looked
//! at them (CVE-2023-44487) or make us reset (CVE-2025-8671).

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use hyper::body::{Frame, Incoming, SizeHint};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use super::middleware::HttpService;
use super::peer::Peer;
use super::settings::Settings;
use crate::metrics::Counted;

/// Once the server stops, how long a connection without a request may still take to send what is in its buffers.
const FLUSH: Duration = Duration::from_millis(500);

/// Runs connections.
#[derive(Clone)]
pub(super) struct Acceptor {
    builder: Builder<TokioExecutor>,
    router: HttpService,
    first_request: Duration,
    idle: Duration,
}

/// What an answer holds on to that may outlive its request, such as a WebSocket.
#[derive(Clone)]
pub(super) struct ConnectionHandle {
    /// Says that the server stops.
    pub(super) stop: CancellationToken,
    /// Waits for whoever holds a token of it, before the server ends.
    pub(super) tracker: TaskTracker,
    /// The connection's place among those that may be open.
    #[expect(dead_code, reason = "held, not read")]
    pub(super) slot: Arc<(OwnedSemaphorePermit, Counted)>,
}

/// Streams of one HTTP/2 connection at once.
const STREAMS: u32 = 100;
/// Bytes that may come in for a stream, and for all of a connection, before somebody reads them.
const STREAM_WINDOW: u32 = 256 * 1024;
const CONNECTION_WINDOW: u32 = 1024 * 1024;
/// Bytes of an answer that wait for a client to take them.
const SEND_BUFFER: usize = 128 * 1024;
/// Streams that a client may cancel while nobody has begun to handle them, and that it may make us reset.
const EARLY_RESETS: usize = 20;
const FORCED_RESETS: usize = 100;

impl Acceptor {
    pub(super) fn new(router: HttpService, settings: &Settings) -> Self {
        let mut builder = Builder::new(TokioExecutor::new());
        // A head that comes slowly is bounded as idleness is: a timer for each would take longer than to read it.
        // Most answers are small, and one buffer is sent faster than a list of them: a large body comes in pieces.
        builder
            .http1()
            .header_read_timeout(None)
            .max_buf_size(64 * 1024)
            .writev(false);
        builder
            .http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(STREAMS)
            .max_header_list_size(32 * 1024)
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_send_buf_size(SEND_BUFFER)
            .max_pending_accept_reset_streams(EARLY_RESETS)
            .max_local_error_reset_streams(FORCED_RESETS)
            .keep_alive_interval(settings.idle_timeout)
            .keep_alive_timeout(settings.header_timeout);
        Self {
            builder,
            router,
            first_request: settings.header_timeout,
            idle: settings.idle_timeout,
        }
    }

    /// Serves a connection until it ends. How it ends is the client's business; nothing to report.
    pub(super) async fn drive<S>(self, stream: S, peer: Peer, handle: ConnectionHandle)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let stop = handle.stop.clone();
        let activity = Arc::new(Activity::default());
        let service = hyper::service::service_fn({
            let activity = Arc::clone(&activity);
            let router = self.router;
            move |request: http::Request<Incoming>| {
                let handling = activity.begin();
                let router = router.clone();
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(peer);
                request.extensions_mut().insert(handle.clone());
                async move {
                    let answer = router.oneshot(request).await;
                    answer.map(|answer| answer.map(|body| ResponseBody::new(body, handling)))
                }
            }
        });
        let mut connection = pin!(
            self.builder
                .serve_connection_with_upgrades(TokioIo::new(stream), service)
        );
        let mut patience = self.first_request;
        let mut progress = 0;
        loop {
            tokio::select! {
                _ = connection.as_mut() => return,
                () = stop.cancelled() => break,
                () = tokio::time::sleep(patience) => {
                    let now = activity.progress();
                    if activity.handling() == 0 && now == progress {
                        return;
                    }
                    progress = now;
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
    /// Counts requests and parts of answers: while it stands still, nothing is going on.
    progress: AtomicUsize,
    /// Requests that are being handled, up to the head of the answer.
    handling: AtomicUsize,
    /// Answers whose body is being sent.
    sending: AtomicUsize,
}

impl Activity {
    fn begin(self: &Arc<Self>) -> ActiveRequest {
        self.progress.fetch_add(1, Ordering::Relaxed);
        self.handling.fetch_add(1, Ordering::Relaxed);
        ActiveRequest(Arc::clone(self))
    }

    fn progress(&self) -> usize {
        self.progress.load(Ordering::Relaxed)
    }

    fn handling(&self) -> usize {
        self.handling.load(Ordering::Relaxed)
    }

    fn idle(&self) -> bool {
        self.handling() == 0 && self.sending.load(Ordering::Relaxed) == 0
    }
}

/// A request that is being handled; also counted out when the client goes away and the answer is dropped.
struct ActiveRequest(Arc<Activity>);

impl Drop for ActiveRequest {
    fn drop(&mut self) {
        self.0.handling.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Bytes of a body that the connection copies behind what waits to be sent.
const PIECE: usize = 32 * 1024;

/// The body of an answer. A client that takes nothing of it for long is as good as idle.
struct ResponseBody {
    body: Body,
    /// What is left of a frame that is longer than a piece.
    rest: Bytes,
    activity: Arc<Activity>,
}

impl ResponseBody {
    fn new(body: Body, handling: ActiveRequest) -> Self {
        let activity = Arc::clone(&handling.0);
        activity.sending.fetch_add(1, Ordering::Relaxed);
        drop(handling);
        let rest = Bytes::new();
        Self { body, rest, activity }
    }
}

impl Drop for ResponseBody {
    fn drop(&mut self) {
        self.activity.sending.fetch_sub(1, Ordering::Relaxed);
    }
}

impl hyper::body::Body for ResponseBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.rest.is_empty() {
            let frame = std::task::ready!(Pin::new(&mut self.body).poll_frame(context));
            match frame.map(|frame| frame.map(Frame::into_data)) {
                Some(Ok(Ok(data))) => self.rest = data,
                Some(Ok(Err(trailers))) => return Poll::Ready(Some(Ok(trailers))),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
        self.activity.progress.fetch_add(1, Ordering::Relaxed);
        let piece = self.rest.len().min(PIECE);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(piece)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (rest, body) = (self.rest.len() as u64, self.body.size_hint());
        let mut hint = SizeHint::new();
        if let Some(upper) = body.upper() {
            hint.set_upper(upper.saturating_add(rest));
        }
        hint.set_lower(body.lower().saturating_add(rest));
        hint
    }
}
