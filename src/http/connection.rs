//! A connection: HTTP/1.1 or HTTP/2, closed when it is idle and when the server stops.
//!
//! HTTP/2 allows many requests on one connection, so its limits are set explicitly (RFC 9113, 10.5): concurrent
//! streams, header size, buffers in both directions, and resets by the client before handling begins (CVE-2023-44487)
//! or forced on the server (CVE-2025-8671).

use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use async_graphql::Response;
use axum::body::{Body, Bytes};
use futures_util::stream::BoxStream;
use futures_util::{FutureExt as _, StreamExt as _};
use hyper::body::{Frame, Incoming, SizeHint};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::forwarded::TrustedProxies;
use super::middleware::HttpService;
use super::peer::Peer;
use super::refusal_delay::RefusalDelay;
use super::response::has_run;
use super::settings::Settings;
use crate::metrics::Counted;

/// The time a connection without a request has to flush its buffers once the server stops.
const FLUSH: Duration = Duration::from_millis(500);

/// Serves connections.
#[derive(Clone)]
pub(super) struct Acceptor {
    builder: Builder<TokioExecutor>,
    router: HttpService,
    proxies: TrustedProxies,
    first_request: Duration,
    idle: Duration,
}

/// A handle to the connection, for responses that outlive their request, such as WebSockets.
pub(super) struct ConnectionHandle {
    /// Cancelled when the server stops.
    pub(super) stop: CancellationToken,
    /// The server waits for all tokens of this tracker before it exits.
    pub(super) tracker: TaskTracker,
    /// The connection's permit among those that may be open.
    #[expect(dead_code, reason = "held, not read")]
    pub(super) slot: (OwnedSemaphorePermit, Counted),
    pub(super) refusals: RefusalDelay,
}

impl ConnectionHandle {
    /// Delays the answer to a refused request that was received at `received`; at most until the server stops.
    pub(super) async fn delay_refusal(&self, received: Instant) {
        self.stop.run_until_cancelled(self.refusals.wait(received)).await;
    }
}

/// Delays the response to a refused operation, which was received at `received`.
pub(super) fn delay_refusals(
    connection: Option<Arc<ConnectionHandle>>,
    received: Instant,
    answers: BoxStream<'static, Response>,
) -> BoxStream<'static, Response> {
    let Some(connection) = connection else { return answers };
    let delayed = answers.then(move |answer| {
        let connection = Arc::clone(&connection);
        async move {
            if !has_run(&answer) {
                connection.delay_refusal(received).await;
            }
            answer
        }
    });
    delayed.boxed()
}

/// Concurrent streams of one HTTP/2 connection.
const STREAMS: u32 = 100;
/// The flow-control window of a stream, and of a connection, in bytes.
const STREAM_WINDOW: u32 = 256 * 1024;
const CONNECTION_WINDOW: u32 = 1024 * 1024;
/// Bytes of a response that are buffered for a slow client.
const SEND_BUFFER: usize = 128 * 1024;
/// Streams that a client may reset before handling begins, and resets that it may force on the server.
const EARLY_RESETS: usize = 20;
const FORCED_RESETS: usize = 100;

impl Acceptor {
    pub(super) fn new(router: HttpService, settings: &Settings) -> Self {
        let mut builder = Builder::new(TokioExecutor::new());
        // A slow request head is bounded by the idle timeout: a timer per request would cost more than reading the
        // head. Most responses are small, and one buffer is faster to send than a list of buffers; large bodies are
        // split.
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
            proxies: settings.trusted_proxies.clone(),
            first_request: settings.header_timeout,
            idle: settings.idle_timeout,
        }
    }

    /// Serves a connection until it closes. Errors of the client are not reported.
    pub(super) async fn drive<S>(self, stream: S, peer: Peer, handle: Arc<ConnectionHandle>)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let stop = handle.stop.clone();
        let activity = Arc::new(Activity::default());
        let service = hyper::service::service_fn({
            let activity = Arc::clone(&activity);
            let router = self.router;
            let proxies = self.proxies;
            move |request: http::Request<Incoming>| {
                let handling = activity.begin();
                let mut request = request.map(Body::new);
                let client = proxies.client(peer.clone(), request.headers());
                request.extensions_mut().insert(client);
                request.extensions_mut().insert(Arc::clone(&handle));
                let response = router.respond(request);
                response.map(|response| Ok::<_, Infallible>(response.map(|body| ResponseBody::new(body, handling))))
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

/// The activity of a connection.
#[derive(Default)]
struct Activity {
    /// Counts requests and body chunks. It does not change while the connection is idle.
    progress: AtomicUsize,
    /// Requests being handled, until the head of the response is sent.
    handling: AtomicUsize,
    /// Responses whose body is being sent.
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

/// A request being handled. It is also released when the client disconnects and the response is dropped.
struct ActiveRequest(Arc<Activity>);

impl Drop for ActiveRequest {
    fn drop(&mut self) {
        self.0.handling.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The size of body chunks in bytes. The connection copies them behind the buffered data.
const PIECE: usize = 32 * 1024;

/// The body of a response. If the client reads nothing of it, the connection counts as idle.
struct ResponseBody {
    body: Body,
    /// The rest of a frame that is longer than one chunk.
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
