//! `POST /oauth/introspect` (RFC 7662) and `POST /oauth/revoke` (RFC 7009).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::{Request, StatusCode};
use serde_json::json;

use super::super::endpoint::Endpoint;
use super::super::handler_state::HandlerState;
use super::answer::{denied, empty_answer, json_answer};
use super::form;
use super::grant::Denial;

/// Handles every request to `/oauth/introspect`.
pub(in super::super) async fn introspect<E: Endpoint>(
    State(state): State<Arc<HandlerState<E>>>,
    request: Request<Body>,
) -> Response {
    let status = async {
        let (parts, held) = form::receive(&state, request).await?;
        let query = form::read_query(&parts, &held.bytes)?;
        if query.client.is_none() {
            let text = "introspection requires an API key as client secret, or a bearer token";
            return Err(Denial::InvalidClient(text.to_owned()));
        }
        state.endpoint.introspect(query).await
    };
    match status.await {
        Ok(Some(token)) => json_answer(StatusCode::OK, &token),
        Ok(None) => json_answer(StatusCode::OK, &json!({ "active": false })),
        Err(denial) => denied(denial),
    }
}

/// Handles every request to `/oauth/revoke`.
pub(in super::super) async fn revoke<E: Endpoint>(
    State(state): State<Arc<HandlerState<E>>>,
    request: Request<Body>,
) -> Response {
    let revoked = async {
        let (parts, held) = form::receive(&state, request).await?;
        let query = form::read_query(&parts, &held.bytes)?;
        state.endpoint.revoke(query).await
    };
    match revoked.await {
        Ok(()) => empty_answer(),
        Err(denial) => denied(denial),
    }
}
