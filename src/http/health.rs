//! Endpoints for orchestrators.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::json;

use super::endpoint::Endpoint;
use super::handler_state::HandlerState;

/// `GET /healthz`: liveness.
pub(super) async fn live() -> impl IntoResponse {
    Json(json!({ "status": "ok" }))
}

/// `GET /readyz`: readiness; 503 with the reason if the server is not ready.
pub(super) async fn ready<E: Endpoint>(State(state): State<Arc<HandlerState<E>>>) -> Response {
    match state.endpoint.ready().await {
        Ok(()) => Json(json!({ "status": "ready" })).into_response(),
        Err(reason) => (
            StatusCode::SERVICE_UNAVAILABLE,
            Json(json!({ "status": "not ready", "reason": reason })),
        )
            .into_response(),
    }
}

/// `GET /metrics`: the metrics of the process, for Prometheus.
pub(super) async fn metrics() -> impl IntoResponse {
    let text = crate::metrics::metrics().text();
    ([(header::CONTENT_TYPE, crate::metrics::CONTENT_TYPE)], text)
}

/// Every other path.
pub(super) async fn not_found() -> impl IntoResponse {
    (StatusCode::NOT_FOUND, "Not found.\n")
}
