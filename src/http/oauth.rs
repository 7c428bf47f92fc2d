//! The OAuth endpoints, for clients without GraphQL and for other services. `POST /oauth/token` is the token endpoint
//! (RFC 6749, 3.2). The grants are `password`, `refresh_token` and, with an API key as client secret,
//! `client_credentials`.
//!
//! Attempts count towards the same limits as `login`. A throttled client gets 429, `Retry-After` and the error
//! `slow_down`, which RFC 8628 registers for token endpoints; RFC 6749 itself has none.

mod answer;
mod form;
pub mod grant;
mod inspection;
mod metadata;
pub mod token_query;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::{Request, StatusCode};
use secrecy::ExposeSecret as _;
use serde_json::json;

use self::answer::{denied, json_answer};
use self::grant::TokenRequest;
pub(super) use self::inspection::{introspect, revoke};
pub(super) use self::metadata::{keys, server};
use super::endpoint::Endpoint;
use super::handler_state::HandlerState;
use super::peer;

/// Handles every request to `/oauth/token`.
pub(super) async fn token<E: Endpoint>(State(state): State<Arc<HandlerState<E>>>, request: Request<Body>) -> Response {
    let issued = async {
        let (parts, held) = form::receive(&state, request).await?;
        let form::TokenForm { grant, client, scope } = form::read(&parts, &held.bytes)?;
        let request = TokenRequest {
            grant,
            client,
            scope,
            peer: peer::address(&parts),
            user_agent: form::user_agent(&parts),
        };
        state.endpoint.grant(request).await
    };
    match issued.await {
        Ok(issued) => {
            let mut body = json!({
                "access_token": issued.access.expose_secret(),
                "token_type": "Bearer",
                "expires_in": issued.expires_in,
            });
            if let Some(refresh) = &issued.refresh {
                body["refresh_token"] = refresh.expose_secret().into();
            }
            if let Some(scope) = issued.scope {
                body["scope"] = scope.into();
            }
            json_answer(StatusCode::OK, &body)
        }
        Err(denial) => denied(denial),
    }
}
