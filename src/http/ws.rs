//! `GET /graphql` with upgrade: GraphQL over WebSocket with the subprotocol `graphql-transport-ws`
//! (<https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>).
//!
//! async-graphql's implementation lacks the close codes 4401, 4408 and 4409, confuses two operations with one id, and
//! sets no limits, so this is our own.

mod ending;
mod handshake;
mod message;
mod operations;
mod socket;

use std::sync::Arc;

use axum::extract::{FromRequestParts as _, WebSocketUpgrade};
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};

use self::socket::{Socket, SocketPeer};
use super::connection::ConnectionHandle;
use super::credentials;
use super::endpoint::{Endpoint, Refusal};
use super::handler_state::HandlerState;
use super::origin::RequestOrigin;
use super::request_id::RequestId;
use super::response::Problem;
use crate::log;

const PROTOCOL: &str = "graphql-transport-ws";

/// Whether a request asks for a WebSocket upgrade (RFC 6455, 4.1).
pub(super) fn is_asked_for(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::UPGRADE)
        .iter()
        .any(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Opens a socket. The head may carry a token, which must be valid; the token in `connection_init` takes precedence. A
/// browser cannot set headers here, so a cookie counts if the `Origin` is allowed. If its token is invalid, the socket is
/// closed after a `connection_init` without another.
pub(super) async fn upgrade<E: Endpoint>(state: Arc<HandlerState<E>>, mut parts: Parts) -> Result<Response, Problem> {
    let sender = RequestOrigin::of(&parts, &state.settings);
    if sender == RequestOrigin::Foreign {
        let message = "Pages of this origin may not open a WebSocket here.";
        return Err(Problem::new(StatusCode::FORBIDDEN, message).code("FORBIDDEN"));
    }
    handshake::join_protocols(&mut parts.headers);
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &())
        .await
        .map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?
        .protocols([PROTOCOL])
        .max_message_size(state.settings.body_limit)
        .max_frame_size(state.settings.body_limit);
    if upgrade.selected_protocol().is_none() {
        let message = format!("The WebSocket subprotocol must be {PROTOCOL}.");
        return Err(Problem::new(StatusCode::BAD_REQUEST, message));
    }
    let id = parts.extensions.get::<RequestId>().cloned().unwrap_or_default();
    let trusted = sender == RequestOrigin::Allowed || credentials::asks_for_cookies(&parts);
    let mut credentials = credentials::read_trusting(&parts, &id, &state.settings, trusted)?;
    // The response cannot set cookies.
    credentials.cookies = None;
    let peer = SocketPeer {
        peer: credentials.peer,
        access_expired: credentials.access_expired,
        user_agent: credentials.user_agent.map(str::to_owned),
        request_id: id.clone(),
        handle: parts.extensions.get::<Arc<ConnectionHandle>>().cloned(),
    };
    let from_cookie = credentials.from_cookie;
    let caller = match state.endpoint.authenticate(credentials).await {
        // A page cannot read the status of a refused handshake, but the close code of a socket.
        Err(refusal @ Refusal::InvalidToken(_)) if from_cookie => Err(refusal),
        caller => Ok(caller.map_err(Problem::from)?),
    };
    let log_id = id.shared();
    let mut response =
        upgrade.on_upgrade(move |socket| log::of_request(log_id, Socket::new(state, peer, caller, socket).run()));
    handshake::spell_names(&mut response).await;
    Ok(response)
}
