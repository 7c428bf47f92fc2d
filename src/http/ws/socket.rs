//! A WebSocket connection.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::Response;
use async_graphql::parser::types::OperationType;
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::future::{BoxFuture, pending};
use serde_json::{Map, Value};
use tokio::time::{Instant, interval_at, sleep, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

use super::super::connection::{ConnectionHandle, delay_refusals};
use super::super::endpoint::{Credentials, Endpoint, Refusal};
use super::super::handler_state::HandlerState;
use super::super::parameters::Parameters;
use super::super::request_id::RequestId;
use super::ending::{End, already_exists, close, refuse};
use super::message::{ClientMessage, ServerMessage};
use super::operations::Operations;
use crate::http::response::{has_run, refused};
use crate::metrics::{Counted, metrics};

/// Maximum time for sending a message.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);
/// Time for the remaining results of a client that has ended its own session.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(1);
/// Time for the closing handshake. Without the client's close frame, a reset could discard ours.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// The client of a socket, apart from its token.
pub(super) struct SocketPeer {
    pub(super) peer: SocketAddr,
    /// Whether the head of the upgrade has only the cookie of the refresh token.
    pub(super) access_expired: bool,
    pub(super) user_agent: Option<String>,
    pub(super) request_id: RequestId,
    /// Keeps the connection's permit and delays the server's exit; `None` without a server.
    pub(super) handle: Option<Arc<ConnectionHandle>>,
}

/// An event that the socket handles.
enum Event {
    Stopped,
    Ended(Refusal),
    TooLate,
    Pulse,
    Answer(String, Option<Response>),
    Message(Option<Result<Message, axum::Error>>),
}

/// A socket.
pub(super) struct Socket<E: Endpoint> {
    state: Arc<HandlerState<E>>,
    peer: SocketPeer,
    link: WebSocket,
    /// The caller according to the head of the upgrade, or why its cookie is refused.
    first: Result<E::Caller, Refusal>,
    /// The caller, once it has been acknowledged.
    caller: Option<E::Caller>,
    ended: BoxFuture<'static, Refusal>,
    operations: Operations,
    heard: bool,
}

impl<E: Endpoint> Socket<E> {
    pub(super) fn new(
        state: Arc<HandlerState<E>>,
        peer: SocketPeer,
        first: Result<E::Caller, Refusal>,
        link: WebSocket,
    ) -> Self {
        Self {
            state,
            peer,
            link,
            first,
            caller: None,
            ended: Box::pin(pending()),
            operations: Operations::default(),
            heard: true,
        }
    }

    pub(super) async fn run(mut self) {
        let _open = Counted::one(&metrics().sockets);
        let (stop, counted) = match &self.peer.handle {
            Some(handle) => (handle.stop.clone(), Some(handle.tracker.token())),
            None => (CancellationToken::new(), None),
        };
        let frame = match self.converse(&stop).await {
            End::Gone => None,
            End::Close(code, reason) => {
                tracing::debug!(id = %self.peer.request_id, code, %reason, "socket closed");
                let reason = reason.as_ref().into();
                Some(CloseFrame { code, reason })
            }
        };
        // The operations are stopped however long the handshake takes.
        self.operations = Operations::default();
        let closing = async {
            if let Some(frame) = frame {
                self.link.send(Message::Close(Some(frame))).await?;
            }
            // The library answers the close frame while we receive.
            while let Some(Ok(_)) = self.link.recv().await {}
            Ok::<(), axum::Error>(())
        };
        let _ = timeout(CLOSE_TIMEOUT, closing).await;
        drop(counted);
    }

    async fn converse(&mut self, stop: &CancellationToken) -> End {
        let idle = self.state.settings.idle_timeout;
        let mut pulse = interval_at(Instant::now() + idle, idle);
        let mut deadline = Box::pin(sleep(self.state.settings.init_timeout));
        loop {
            // The first three end the socket, so they take precedence; the others take turns.
            let event = tokio::select! {
                biased;
                () = stop.cancelled() => Event::Stopped,
                refusal = &mut self.ended => Event::Ended(refusal),
                () = &mut deadline, if self.caller.is_none() => Event::TooLate,
                event = async {
                    tokio::select! {
                        (id, answer) = self.operations.next() => Event::Answer(id, answer),
                        message = self.link.recv() => Event::Message(message),
                        _ = pulse.tick() => Event::Pulse,
                    }
                } => event,
            };
            let done = match event {
                Event::Stopped => {
                    self.finish(self.state.settings.drain_timeout.saturating_sub(CLOSE_TIMEOUT * 2))
                        .await;
                    Err(close(1001, "The server is shutting down"))
                }
                Event::Ended(refusal) => {
                    self.finish(DRAIN_TIMEOUT).await;
                    Err(refuse(&refusal))
                }
                Event::TooLate => Err(close(4408, "Connection initialisation timeout")),
                Event::Answer(id, answer) => self.tell(&id, answer).await,
                Event::Message(message) => self.hear(message).await,
                Event::Pulse if !std::mem::take(&mut self.heard) => Err(End::Gone),
                Event::Pulse => self.put(Message::Ping(axum::body::Bytes::new())).await,
            };
            if let Err(end) = done {
                return end;
            }
        }
    }

    async fn hear(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        self.heard = true;
        let text = match message {
            Some(Ok(Message::Text(text))) => text,
            // The library answers pings.
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => return Ok(()),
            Some(Ok(Message::Binary(_))) => return Err(close(4400, "Messages must be text")),
            // The library does not export its error types; these are the messages of its limits.
            Some(Err(error)) if error.to_string().starts_with("Space limit exceeded") => {
                return Err(close(1009, "The message is too long"));
            }
            Some(Err(_) | Ok(Message::Close(_))) | None => return Err(End::Gone),
        };
        match ClientMessage::read(&text) {
            Some(ClientMessage::ConnectionInit { payload }) => self.init(payload.unwrap_or_default()).await,
            Some(ClientMessage::Ping { payload }) => self.send(&ServerMessage::Pong { payload }).await,
            Some(ClientMessage::Pong {}) => Ok(()),
            Some(ClientMessage::Subscribe { id, payload }) => self.subscribe(id, payload, text.len()).await,
            Some(ClientMessage::Complete { id }) => {
                self.operations.end(&id);
                Ok(())
            }
            None => Err(close(4400, "Invalid message")),
        }
    }

    /// The payload may hold the token under the name of the header, case-insensitively, such as `{"authorization":
    /// "Bearer ..."}`.
    async fn init(&mut self, payload: Map<String, Value>) -> Result<(), End> {
        if self.caller.is_some() {
            return Err(close(4429, "Too many initialisation requests"));
        }
        let header = &self.state.settings.token;
        let mut values = payload
            .iter()
            .filter(|(name, value)| name.eq_ignore_ascii_case(header.name.as_str()) && !value.is_null());
        let caller = match (values.next(), values.next()) {
            (None, _) if self.peer.access_expired => return Err(close(4403, "Forbidden")),
            (None, _) => match &self.first {
                Ok(caller) => caller.clone(),
                Err(refusal) => return Err(refuse(refusal)),
            },
            (Some((_, Value::String(value))), None) => {
                let bearer = header.token(value).map_err(|refusal| refuse(&refusal))?;
                let credentials = Credentials {
                    bearer: Some(bearer),
                    from_cookie: false,
                    access_expired: false,
                    cookies: None,
                    peer: self.peer.peer,
                    user_agent: self.peer.user_agent.as_deref(),
                    wants_cost: false,
                    request_id: &self.peer.request_id,
                };
                self.state
                    .endpoint
                    .authenticate(credentials)
                    .await
                    .map_err(|refusal| refuse(&refusal))?
            }
            (Some(_), _) => return Err(close(4400, "The token must be one text")),
        };
        self.ended = self.state.endpoint.ended(caller.clone());
        self.caller = Some(caller);
        self.send(&ServerMessage::ConnectionAck).await
    }

    /// Begins an operation, given in a message of this length.
    async fn subscribe(&mut self, id: String, parameters: Parameters, length: usize) -> Result<(), End> {
        let Some(caller) = self.caller.clone() else {
            return Err(close(4401, "Unauthorized"));
        };
        let received = Instant::now();
        if self.operations.contains(&id) {
            return Err(already_exists(&id));
        }
        let Ok(mut request) = parameters.into_request() else {
            return Err(close(4400, "The payload has no query"));
        };
        let allowed = self.state.settings.socket_operations;
        if self.operations.len() >= allowed {
            let message =
                format!("The limit of {allowed} concurrent operations per socket is reached; complete one first.");
            return self.overloaded(&id, message).await;
        }
        let room = match self.state.bodies.reserve(length) {
            Ok(room) => room,
            Err(busy) => return self.overloaded(&id, busy.to_string()).await,
        };
        let lasting = self.state.endpoint.operation_type(&mut request) == Some(OperationType::Subscription);
        let answers = self.state.endpoint.execute_stream(request, caller);
        let answers = delay_refusals(self.peer.handle.clone(), received, answers);
        self.operations.begin(id, lasting, answers, room);
        Ok(())
    }

    async fn overloaded(&mut self, id: &str, message: String) -> Result<(), End> {
        let payload = [refused("OVERLOADED", message)];
        self.send(&ServerMessage::Error { id, payload: &payload }).await
    }

    async fn tell(&mut self, id: &str, answer: Option<Response>) -> Result<(), End> {
        let Some(answer) = answer else {
            return self.send(&ServerMessage::Complete { id }).await;
        };
        if !has_run(&answer) {
            self.operations.end(id);
        }
        self.send(&ServerMessage::of(id, &answer)).await
    }

    /// Gives operations with a single result time to complete. Results refused because of the ended session are not
    /// sent.
    async fn finish(&mut self, patience: Duration) {
        self.operations.end_lasting();
        let deadline = Instant::now() + patience;
        while self.operations.len() > 0 {
            let Ok((id, answer)) = timeout_at(deadline, self.operations.next()).await else {
                return;
            };
            let told = match &answer {
                Some(answer) if !has_run(answer) => {
                    self.operations.end(&id);
                    continue;
                }
                _ => self.tell(&id, answer).await,
            };
            if told.is_err() {
                return;
            }
        }
    }

    async fn send(&mut self, message: &ServerMessage<'_>) -> Result<(), End> {
        match serde_json::to_string(message) {
            Ok(text) => self.put(Message::Text(text.into())).await,
            Err(error) => {
                tracing::error!(%error, "failed to serialize the response");
                Err(close(1011, "Internal error"))
            }
        }
    }

    async fn put(&mut self, message: Message) -> Result<(), End> {
        match timeout(SEND_TIMEOUT, self.link.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Gone),
        }
    }
}
