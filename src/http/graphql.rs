//! `/graphql` over HTTP (GraphQL over HTTP, September 2026). The handlers of async-graphql-axum execute mutations by
//! GET, accept any content type and unlimited batches, and ignore body limits, so this is our own.

use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use http::request::Parts;
use http::{HeaderMap, Method, Request, StatusCode, header};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::body::{BodyError, Room};
use super::connection::ConnectionHandle;
use super::endpoint::{Credentials, Endpoint, Refusal};
use super::handler_state::HandlerState;
use super::negotiation::Media;
use super::request_id::RequestId;
use super::response::{self, Problem, has_run};
use super::settings::Settings;
use super::{body, connection, content_type, credentials, parameters, sse, ws};
use crate::graphql::cookies::Cookies;

const METHODS: &str = "GET, HEAD, POST, OPTIONS";

/// Handles every request to `/graphql`.
pub(super) async fn handle<E: Endpoint>(state: Arc<HandlerState<E>>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let answered = match parts.method {
        Method::GET if ws::is_asked_for(&parts.headers) => Box::pin(ws::upgrade(state, parts)).await,
        Method::GET | Method::HEAD => {
            let received = Instant::now();
            let answered = get(&state, &parts, received).await;
            delay_problem(&parts, received, answered).await
        }
        Method::POST => post(&state, &parts, body).await,
        Method::OPTIONS => Ok((StatusCode::NO_CONTENT, [(header::ALLOW, METHODS)]).into_response()),
        _ => Err(
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "GraphQL requests must use POST or GET.")
                .header(header::ALLOW, METHODS),
        ),
    };
    answered.unwrap_or_else(Problem::into_response)
}

async fn get<E: Endpoint>(state: &HandlerState<E>, parts: &Parts, received: Instant) -> Result<Response, Problem> {
    let media = accepted(&parts.headers)?;
    let mut request = parameters::from_url(&parts.uri)?;
    if state.endpoint.operation_type(&mut request) == Some(OperationType::Mutation) {
        return Err(
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "A mutation must use POST.").header(header::ALLOW, "POST"),
        );
    }
    let (sender, refusal) = sender(state, parts, media).await?;
    let checked = sender.check(state, std::slice::from_mut(&mut request));
    checked.map_err(|problem| refusal.unwrap_or(problem))?;
    Ok(respond(state, parts, media, request, sender, received, None).await)
}

/// Executes one operation and responds in the negotiated media type.
async fn respond<E: Endpoint>(
    state: &HandlerState<E>,
    parts: &Parts,
    media: Media,
    mut request: async_graphql::Request,
    AuthenticatedRequest { caller, cookies, .. }: AuthenticatedRequest<E::Caller>,
    received: Instant,
    room: Room,
) -> Response {
    if media.for_many(&parts.headers) == Media::EventStream {
        let lasting = state.endpoint.operation_type(&mut request) == Some(OperationType::Subscription);
        if lasting || media == Media::EventStream {
            let handle = parts.extensions.get::<Arc<ConnectionHandle>>();
            let stop = handle.map_or_else(CancellationToken::new, |handle| handle.stop.clone());
            let ended = state.endpoint.ended(caller.clone());
            let answers = state.endpoint.execute_stream(request, caller);
            let answers = connection::delay_refusals(handle.cloned(), received, answers);
            let answers = answers.inspect(move |_| _ = &room).boxed();
            return sse::respond(answers, ended, stop, lasting, state.settings.idle_timeout);
        }
    }
    let answered = state.endpoint.execute(request, caller).await;
    drop(room);
    if !has_run(&answered) {
        delay_refusal(parts, received).await;
    }
    let mut response = response::single(&answered, media);
    set_cookies(state, cookies.as_deref(), &mut response);
    response
}

async fn post<E: Endpoint>(state: &HandlerState<E>, parts: &Parts, body: Body) -> Result<Response, Problem> {
    let media = accepted(&parts.headers)?;
    check_content(&parts.headers)?;
    let (sender, refusal) = sender(state, parts, media).await?;
    let answered = async {
        // Data parsed from the body takes at least as much memory, so the permit is held until the response is complete.
        let body = read(state, &parts.headers, body).await?;
        let received = Instant::now();
        let answered = answer(state, parts, media, body, received, sender).await;
        delay_problem(parts, received, answered).await
    };
    // An invalid token is the first problem of a request.
    answered.await.map_err(|problem| refusal.unwrap_or(problem))
}

async fn answer<E: Endpoint>(
    state: &HandlerState<E>,
    parts: &Parts,
    media: Media,
    body::BufferedBody { bytes, room }: body::BufferedBody,
    received: Instant,
    sender: AuthenticatedRequest<E::Caller>,
) -> Result<Response, Problem> {
    match parameters::from_body(&bytes)? {
        parameters::Body::Single(mut request) => {
            drop(bytes);
            sender.check(state, std::slice::from_mut(&mut *request))?;
            Ok(respond(state, parts, media, *request, sender, received, room).await)
        }
        parameters::Body::Batch(_) if media == Media::EventStream => Err(Problem::new(
            StatusCode::NOT_ACCEPTABLE,
            "A batch cannot be answered with text/event-stream.",
        )),
        parameters::Body::Batch(mut requests) => {
            check_batch(&state.settings, requests.len())?;
            sender.check(state, &mut requests)?;
            let mut answers = Vec::with_capacity(requests.len());
            // One after the other, as if the client had sent them separately.
            for request in requests {
                let caller = sender.caller.clone();
                answers.push(state.endpoint.execute(request, caller).await);
            }
            drop((bytes, room));
            if !answers.iter().any(has_run) {
                delay_refusal(parts, received).await;
            }
            let mut response = response::batch(&answers);
            set_cookies(state, sender.cookies.as_deref(), &mut response);
            Ok(response)
        }
    }
}

/// Delays the answer to a request that was received at `received` and then refused.
async fn delay_refusal(parts: &Parts, received: Instant) {
    if let Some(connection) = parts.extensions.get::<Arc<ConnectionHandle>>() {
        connection.delay_refusal(received).await;
    }
}

/// Delays a problem.
async fn delay_problem(
    parts: &Parts,
    received: Instant,
    answered: Result<Response, Problem>,
) -> Result<Response, Problem> {
    if answered.is_err() {
        delay_refusal(parts, received).await;
    }
    answered
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
    let kind = headers.get(header::CONTENT_TYPE);
    let plain = kind.is_some_and(|kind| kind == "application/json");
    if plain && !headers.contains_key(header::CONTENT_ENCODING) {
        return Ok(());
    }
    let unsupported = |message: &str| Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message);
    let kind = kind.and_then(|value| value.to_str().ok());
    if !kind.is_some_and(content_type::is_json) {
        let message = "The request body must have the content type application/json, in UTF-8.";
        return Err(unsupported(message).header(header::ACCEPT, "application/json"));
    }
    match headers.get(header::CONTENT_ENCODING) {
        Some(coding) if !coding.as_bytes().eq_ignore_ascii_case(b"identity") => {
            Err(unsupported("The request body must not be compressed.").header(header::ACCEPT_ENCODING, "identity"))
        }
        _ => Ok(()),
    }
}

/// The authenticated sender of a request.
struct AuthenticatedRequest<C> {
    caller: C,
    /// The cookies that the response may set; none for an event stream, whose head is sent first.
    cookies: Option<Arc<Cookies>>,
    access_expired: bool,
    invalid_token: bool,
}

/// The sender, and the problem of its token if that is invalid. With an invalid token, the sender is a guest, who may only
/// open a session.
async fn sender<E: Endpoint>(
    state: &HandlerState<E>,
    parts: &Parts,
    media: Media,
) -> Result<(AuthenticatedRequest<E::Caller>, Option<Problem>), Problem> {
    let id = parts.extensions.get::<RequestId>().cloned().unwrap_or_default();
    let verified = async {
        let credentials = credentials::read(parts, &id, &state.settings)?;
        authenticated(state, media, credentials).await
    };
    match verified.await {
        Err(problem) if problem.is_unauthenticated() => {
            let credentials = credentials::read_as_guest(parts, &id, &state.settings);
            let mut sender = authenticated(state, media, credentials).await?;
            sender.invalid_token = true;
            Ok((sender, Some(problem)))
        }
        verified => Ok((verified?, None)),
    }
}

async fn authenticated<E: Endpoint>(
    state: &HandlerState<E>,
    media: Media,
    mut credentials: Credentials<'_>,
) -> Result<AuthenticatedRequest<E::Caller>, Problem> {
    if media == Media::EventStream {
        credentials.cookies = None;
    }
    let (cookies, access_expired) = (credentials.cookies.clone(), credentials.access_expired);
    Ok(AuthenticatedRequest {
        caller: credentials::authenticate(state, credentials).await?,
        cookies,
        access_expired,
        invalid_token: false,
    })
}

impl<C> AuthenticatedRequest<C> {
    /// Refuses operations with an invalid token, and those of a browser whose access token has expired: executed as a
    /// guest's, they would tell the page that the user has signed out.
    ///
    /// # Errors
    /// 401, unless all operations are those that such a client must send.
    fn check<E: Endpoint>(
        &self,
        state: &HandlerState<E>,
        requests: &mut [async_graphql::Request],
    ) -> Result<(), Problem> {
        let refused = if self.invalid_token {
            !requests.iter_mut().all(|request| state.endpoint.opens_session(request))
        } else {
            self.access_expired
                && !requests
                    .iter_mut()
                    .all(|request| state.endpoint.manages_session(request))
        };
        if refused {
            return Err(Refusal::InvalidToken(ACCESS_EXPIRED.to_owned()).into());
        }
        Ok(())
    }
}

const ACCESS_EXPIRED: &str = "The access token has expired; call `refresh`, then repeat the request.";

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
