//! `/graphql` over HTTP (GraphQL over HTTP, September 2026). The handlers of async-graphql-axum execute mutations by
//! GET, accept any content type and unlimited batches, and ignore body limits, so this is our own.

use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use http::request::Parts;
use http::{HeaderMap, Method, Request, StatusCode, header};
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;

use super::body::BodyError;
use super::connection::ConnectionHandle;
use super::endpoint::Endpoint;
use super::handler_state::HandlerState;
use super::negotiation::Media;
use super::request_id::RequestId;
use super::response::{self, Problem};
use super::settings::Settings;
use super::{body, credentials, parameters, sse, ws};
use crate::graphql::cookies::Cookies;

const METHODS: &str = "GET, HEAD, POST, OPTIONS";

/// Handles every request to `/graphql`.
pub(super) async fn handle<E: Endpoint>(state: Arc<HandlerState<E>>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let answered = match parts.method {
        Method::GET if ws::is_asked_for(&parts.headers) => Box::pin(ws::upgrade(state, parts)).await,
        Method::GET | Method::HEAD => get(&state, &parts).await,
        Method::POST => post(&state, &parts, body).await,
        Method::OPTIONS => Ok((StatusCode::NO_CONTENT, [(header::ALLOW, METHODS)]).into_response()),
        _ => Err(
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "GraphQL requests must use POST or GET.")
                .header(header::ALLOW, METHODS),
        ),
    };
    answered.unwrap_or_else(Problem::into_response)
}

async fn get<E: Endpoint>(state: &HandlerState<E>, parts: &Parts) -> Result<Response, Problem> {
    let media = accepted(&parts.headers)?;
    let mut request = parameters::from_url(&parts.uri)?;
    if state.endpoint.operation_type(&mut request) == Some(OperationType::Mutation) {
        return Err(
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "A mutation must use POST.").header(header::ALLOW, "POST"),
        );
    }
    let (caller, cookies) = caller(state, parts, media).await?;
    Ok(respond(state, parts, media, request, caller, cookies.as_deref()).await)
}

/// Executes one operation and responds in the negotiated media type.
async fn respond<E: Endpoint>(
    state: &HandlerState<E>,
    parts: &Parts,
    media: Media,
    mut request: async_graphql::Request,
    caller: E::Caller,
    cookies: Option<&Cookies>,
) -> Response {
    if media.for_many(&parts.headers) == Media::EventStream {
        let lasting = state.endpoint.operation_type(&mut request) == Some(OperationType::Subscription);
        if lasting || media == Media::EventStream {
            let handle = parts.extensions.get::<ConnectionHandle>();
            let stop = handle.map_or_else(CancellationToken::new, |handle| handle.stop.clone());
            let ended = state.endpoint.ended(caller.clone());
            let answers = state.endpoint.execute_stream(request, caller);
            return sse::respond(answers, ended, stop, lasting, state.settings.idle_timeout);
        }
    }
    let answered = state.endpoint.execute(request, caller).await;
    let mut response = response::single(&answered, media);
    set_cookies(state, cookies, &mut response);
    response
}

async fn post<E: Endpoint>(state: &HandlerState<E>, parts: &Parts, body: Body) -> Result<Response, Problem> {
    let media = accepted(&parts.headers)?;
    check_content(&parts.headers)?;
    let sender = match caller(state, parts, media).await {
        Err(problem) if !problem.is_unauthenticated() => return Err(problem),
        sender => sender,
    };
    let received = receive(state, &parts.headers, body).await;
    // Data parsed from the body takes at least as much memory, so the permit is held until the response is complete.
    let (body, _room, (caller, cookies)) = match (sender, received) {
        (Ok(sender), received) => {
            let (body, room) = received?;
            (body, room, sender)
        }
        (Err(problem), Ok((mut body, room))) => {
            let requests = body.requests();
            if requests.is_empty() || !requests.iter_mut().all(|request| state.endpoint.opens_session(request)) {
                return Err(problem);
            }
            (body, room, guest(state, parts, media).await?)
        }
        (Err(problem), Err(_)) => return Err(problem),
    };
    match body {
        parameters::Body::Single(request) => {
            Ok(respond(state, parts, media, *request, caller, cookies.as_deref()).await)
        }
        parameters::Body::Batch(_) if media == Media::EventStream => Err(Problem::new(
            StatusCode::NOT_ACCEPTABLE,
            "A batch cannot be answered with text/event-stream.",
        )),
        parameters::Body::Batch(requests) => {
            check_batch(&state.settings, requests.len())?;
            let mut answers = Vec::with_capacity(requests.len());
            // One after the other, as if the client had sent them separately.
            for request in requests {
                let caller = caller.clone();
                answers.push(state.endpoint.execute(request, caller).await);
            }
            let mut response = response::batch(&answers);
            set_cookies(state, cookies.as_deref(), &mut response);
            Ok(response)
        }
    }
}

/// Adds the cookies that the operations set or clear. The response to a refused request sets none.
fn set_cookies<E>(state: &HandlerState<E>, cookies: Option<&Cookies>, response: &mut Response) {
    let change = cookies.and_then(Cookies::take);
    if let Some(change) = change.filter(|_| response.status().is_success()) {
        for value in state.settings.cookies.headers(&change) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
}

fn accepted(headers: &HeaderMap) -> Result<Media, Problem> {
    Media::accepted(headers).ok_or_else(|| {
        Problem::new(
            StatusCode::NOT_ACCEPTABLE,
            "Not acceptable; supported: application/graphql-response+json, application/json, text/event-stream.",
        )
    })
}

/// Only JSON in UTF-8: pages of any origin could send a form without a preflight.
fn check_content(headers: &HeaderMap) -> Result<(), Problem> {
    let plain = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind == "application/json");
    if plain && !headers.contains_key(header::CONTENT_ENCODING) {
        return Ok(());
    }
    let unsupported = |message: &str| Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message);
    let wanted = "The request body must have the content type application/json, in UTF-8.";
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse::<mime::Mime>().ok())
        .ok_or_else(|| unsupported(wanted).header(header::ACCEPT, "application/json"))?;
    let charset_fits = kind
        .get_param(mime::CHARSET)
        .is_none_or(|charset| charset == mime::UTF_8);
    if kind.essence_str() != "application/json" || !charset_fits {
        return Err(unsupported(wanted).header(header::ACCEPT, "application/json"));
    }
    match headers.get(header::CONTENT_ENCODING) {
        Some(coding) if !coding.as_bytes().eq_ignore_ascii_case(b"identity") => {
            Err(unsupported("The request body must not be compressed.").header(header::ACCEPT_ENCODING, "identity"))
        }
        _ => Ok(()),
    }
}

/// The caller, and the cookies that the response may set; none for an event stream, whose head is sent first.
async fn caller<E: Endpoint>(
    state: &HandlerState<E>,
    parts: &Parts,
    media: Media,
) -> Result<(E::Caller, Option<Arc<Cookies>>), Problem> {
    let id = parts.extensions.get::<RequestId>().cloned().unwrap_or_default();
    let mut credentials = credentials::read(parts, &id, &state.settings)?;
    if media == Media::EventStream {
        credentials.cookies = None;
    }
    let cookies = credentials.cookies.clone();
    Ok((credentials::authenticate(state, credentials).await?, cookies))
}

/// The caller of a request with an invalid token that needs none.
async fn guest<E: Endpoint>(
    state: &HandlerState<E>,
    parts: &Parts,
    media: Media,
) -> Result<(E::Caller, Option<Arc<Cookies>>), Problem> {
    let id = parts.extensions.get::<RequestId>().cloned().unwrap_or_default();
    let mut credentials = credentials::read_as_guest(parts, &id, &state.settings);
    if media == Media::EventStream {
        credentials.cookies = None;
    }
    let cookies = credentials.cookies.clone();
    Ok((credentials::authenticate(state, credentials).await?, cookies))
}

/// The operations in the body, and the permit for its memory.
async fn receive<E>(
    state: &HandlerState<E>,
    headers: &HeaderMap,
    body: Body,
) -> Result<(parameters::Body, Option<OwnedSemaphorePermit>), Problem> {
    let body::BufferedBody { bytes, room } = read(state, headers, body).await?;
    Ok((parameters::from_body(&bytes)?, room))
}

async fn read<E>(state: &HandlerState<E>, headers: &HeaderMap, body: Body) -> Result<body::BufferedBody, Problem> {
    let settings = &state.settings;
    body::read(headers, body, settings.body_limit, settings.body_timeout, &state.bodies)
        .await
        .map_err(|error| {
            let problem = Problem::new(error.status(), error.to_string());
            match error {
                BodyError::Busy => problem.code("OVERLOADED").header(header::RETRY_AFTER, "1"),
                _ => problem,
            }
        })
}

fn check_batch(settings: &Settings, length: usize) -> Result<(), Problem> {
    let allowed = settings.batch_limit.min(Settings::MAX_BATCH);
    let refused = |message| Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, message));
    match length {
        _ if allowed == 0 => refused("Batches are disabled; send one operation per request.".to_owned()),
        0 => refused("The batch is empty.".to_owned()),
        _ if length > allowed => refused(format!("The batch has {length} operations; the limit is {allowed}.")),
        _ => Ok(()),
    }
}
