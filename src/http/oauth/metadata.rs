//! Metadata for other services: the JWK Set (RFC 7517), and the authorization server's metadata (RFC 8414).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use serde_json::json;
use url::Url;

use super::super::endpoint::Endpoint;
use super::super::handler_state::HandlerState;
use crate::access::{Permission, Permissions};

/// A new key signs only after a restart, and old keys are published as long as their tokens are valid, so even an hour
/// would do.
const CACHE: &str = "public, max-age=300";

/// `GET /.well-known/jwks.json`. Empty if tokens are signed with a shared secret.
pub(in super::super) async fn keys<E: Endpoint>(State(state): State<Arc<HandlerState<E>>>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/jwk-set+json"),
        (header::CACHE_CONTROL, CACHE),
    ];
    (headers, state.endpoint.public_keys().to_string()).into_response()
}

/// `GET /.well-known/oauth-authorization-server`. The issuer must equal the `iss` of the tokens and be a URL (RFC 8414,
/// 2 and 3.3), so there is no document if the setting `issuer` is not a URL. It is never derived from the `Host`
/// header, which the client chooses.
pub(in super::super) async fn server<E: Endpoint>(State(state): State<Arc<HandlerState<E>>>) -> Response {
    let issuer = state.endpoint.issuer();
    if !is_base(&issuer) {
        let reason = "The setting issuer is not a URL. Set it to the public URL of this server.\n";
        return (StatusCode::NOT_FOUND, reason).into_response();
    }
    let base = issuer.trim_end_matches('/');
    let metadata = json!({
        "issuer": issuer,
        "token_endpoint": format!("{base}/oauth/token"),
        "jwks_uri": format!("{base}/.well-known/jwks.json"),
        "introspection_endpoint": format!("{base}/oauth/introspect"),
        "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "Bearer"],
        "revocation_endpoint": format!("{base}/oauth/revoke"),
        "revocation_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post", "Bearer"],
        "scopes_supported": Permissions::ALL.iter().map(Permission::name).collect::<Vec<_>>(),
        "response_types_supported": [],
        "grant_types_supported": ["password", "refresh_token", "client_credentials"],
        "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
    });
    ([(header::CACHE_CONTROL, CACHE)], Json(metadata)).into_response()
}

fn is_base(issuer: &str) -> bool {
    Url::parse(issuer).is_ok_and(|url| {
        ["https", "http"].contains(&url.scheme())
            && url.has_host()
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    })
}
