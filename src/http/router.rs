//! The routes, and what every response gets: id, log line, security headers, compression, CORS.

use std::convert::Infallible;
use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use http::{HeaderValue, Method, Request, header};
use hyper::body::Body as _;
use tower::{Layer as _, Service, ServiceExt as _};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate, SizeAbove};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

use super::endpoint::Endpoint;
use super::handler_state::HandlerState;
use super::middleware::HttpService;
use super::settings::Settings;
use super::{body, console, graphql, health, oauth, request_id, schema_file, web_origin};

/// The service for all routes, with request ids, logging, security headers, compression and CORS.
///
/// Compression reveals by its length whether a guess resembles a secret (BREACH, CVE-2013-3587), if an attacker can
/// make a victim's browser send guesses and observe the lengths. No page of another origin can send an authenticated
/// request here: tokens are sent in a header, and cookies are `SameSite=Strict` and count only with our own header. So
/// GraphQL responses are compressed. Responses below `/oauth`, which consist of secrets, are not.
pub fn router<E: Endpoint>(endpoint: E, settings: Settings) -> HttpService {
    let cors = cors(&settings);
    let pages = if settings.console {
        console::router().fallback(console::not_found)
    } else {
        Router::new().fallback(health::not_found)
    };
    let told = if settings.metrics {
        metrics_router()
    } else {
        Router::new()
    };
    let state = Arc::new(HandlerState {
        endpoint,
        bodies: body::Budget::new(settings.body_budget),
        settings,
    });
    let packing = CompressionLayer::new()
        .quality(tower_http::CompressionLevel::Fastest)
        .compress_when(DefaultPredicate::new().and(SizeAbove::new(COMPRESSED)));
    let secret = Router::new()
        .route("/oauth/token", any(oauth::token::<E>))
        .route("/oauth/introspect", any(oauth::introspect::<E>))
        .route("/oauth/revoke", any(oauth::revoke::<E>))
        .with_state(Arc::clone(&state));
    let others = Router::new()
        .route("/.well-known/jwks.json", get(oauth::keys::<E>))
        .route("/.well-known/oauth-authorization-server", get(oauth::server::<E>))
        .route("/schema.graphql", get(schema_file::get::<E>))
        .route("/readyz", get(health::ready::<E>))
        .route("/healthz", get(health::live))
        .with_state(Arc::clone(&state))
        .merge(pages)
        .merge(told)
        .layer(packing.clone())
        .merge(secret);
    // Most requests are for one path, and comparing paths is faster than routing.
    let all = move |request: Request<Body>| -> BoxFuture<'static, Response> {
        if matches!(request.uri().path(), "/graphql" | "/graphql/") {
            let (state, packing) = (Arc::clone(&state), packing.clone());
            Box::pin(async move {
                let codings = request.headers().get_all(header::ACCEPT_ENCODING);
                let codings: Vec<HeaderValue> = codings.iter().cloned().collect();
                let response = graphql::handle(state, request).await;
                if codings.is_empty() || is_short(&response) {
                    return response;
                }
                compress(&packing, codings, response).await
            })
        } else {
            Box::pin(call(others.clone(), request))
        }
    };
    match cors {
        Some(cors) => {
            let shared = cors.layer(tower::service_fn(move |request| all(request).map(Ok::<_, Infallible>)));
            HttpService::new(move |request| call(shared.clone(), request))
        }
        None => HttpService::new(all),
    }
}

/// Bytes from which a response is compressed.
const COMPRESSED: u16 = 1_024;

/// Whether a response is too short to be compressed.
fn is_short(response: &Response) -> bool {
    let length = response.body().size_hint().exact();
    length.is_some_and(|length| length < u64::from(COMPRESSED))
}

/// Compresses a response, if it can be, in one of the codings that the client accepts.
async fn compress<P>(layer: &CompressionLayer<P>, codings: Vec<HeaderValue>, response: Response) -> Response
where
    P: Predicate + Clone,
{
    let mut request = Request::new(Body::empty());
    let accepted = codings.into_iter().map(|coding| (header::ACCEPT_ENCODING, coding));
    request.headers_mut().extend(accepted);
    let mut response = Some(response);
    let answer = move |_: Request<Body>| ready(Ok::<_, Infallible>(response.take().unwrap_or_default()));
    call(layer.layer(tower::service_fn(answer)), request).await
}

/// The response of a service that cannot fail.
async fn call<S, R>(service: S, request: Request<Body>) -> Response
where
    S: Service<Request<Body>, Response = R, Error = Infallible>,
    R: IntoResponse,
{
    let Ok(response) = service.oneshot(request).await;
    response.into_response()
}

/// The service for `GET /metrics` alone.
pub(super) fn metrics_service() -> HttpService {
    let router = metrics_router();
    HttpService::new(move |request| call(router.clone(), request))
}

fn metrics_router() -> Router {
    Router::new().route("/metrics", get(health::metrics))
}

fn cors(settings: &Settings) -> Option<CorsLayer> {
    if settings.cors_origins.is_empty() {
        return None;
    }
    let listed = settings.cors_origins.clone();
    let layer = CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(move |origin, _| {
            web_origin::is_listed(origin, &listed)
        }))
        .allow_methods([Method::GET, Method::POST])
        // Clients send headers of their own, such as `traceparent`. A header authenticates only if its page knows the
        // token, and cookies count only from these origins, so a list would protect nothing.
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([request_id::REQUEST_ID, header::RETRY_AFTER, header::WWW_AUTHENTICATE])
        .allow_credentials(true)
        .max_age(Duration::from_secs(600));
    Some(layer)
}
