//! `GET /graphql` with upgrade: GraphQL over WebSocket, by the subprotocol `graphql-transport-ws` and no other
//! (<https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>).
//!
//! async-graphql's own state machine knows neither 4401, 4408 nor 4409, takes a second operation of one id for the first,
//! and sets no limits; so this is our own.

mod message;
mod operations;
mod socket;

use std::sync::Arc;

use axum::extract::{FromRequestParts as _, WebSocketUpgrade};
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};
use tracing::Instrument as _;

use self::socket::{Socket, Visitor};
use super::connection::Lifeline;
use super::credentials;
use super::endpoint::Endpoint;
use super::handler_state::Site;
use super::origin::Sender;
use super::request_id::RequestId;
use super::response::Problem;

const PROTOCOL: &str = "graphql-transport-ws";

/// Whether a request asks for a WebSocket (RFC 6455, 4.1).
pub(super) fn is_asked_for(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::UPGRADE)
        .iter()
        .any(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Opens a socket. Its head may carry a token, by which it is refused where that is bad; the one in `connection_init` goes
/// before it. A browser cannot add a header here, so a cookie counts where there is an `Origin`, and one that may call.
pub(super) async fn upgrade<E: Endpoint>(site: Arc<Site<E>>, mut parts: Parts) -> Result<Response, Problem> {
    let sender = Sender::of(&parts, &site.settings);
    if sender == Sender::Foreign {
        let message = "Pages of this origin may not open a WebSocket here.";
        return Err(Problem::new(StatusCode::FORBIDDEN, message).code("FORBIDDEN"));
    }
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &())
        .await
        .map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?
        .protocols([PROTOCOL])
        .max_message_size(site.settings.body_limit)
        .max_frame_size(site.settings.body_limit);
    if upgrade.selected_protocol().is_none() {
        let message = format!("The WebSocket subprotocol must be {PROTOCOL}.");
        return Err(Problem::new(StatusCode::BAD_REQUEST, message));
    }
    let id = parts.extensions.get::<RequestId>().cloned().unwrap_or_default();
    let trusted = sender == Sender::Allowed || credentials::asks_for_cookies(&parts);
    let mut credentials = credentials::read_trusting(&parts, &id, &site.settings, trusted)?;
    // No answer can set any.
    credentials.cookies = None;
    let visitor = Visitor {
        peer: credentials.peer,
        user_agent: credentials.user_agent.map(str::to_owned),
        request_id: id.clone(),
        lifeline: parts.extensions.get::<Lifeline>().cloned(),
    };
    let caller = credentials::authenticate(&site, credentials).await?;
    let span = tracing::Span::current();
    Ok(upgrade.on_upgrade(move |socket| Socket::new(site, visitor, caller, socket).run().instrument(span)))
}
