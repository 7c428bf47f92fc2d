//! `/graphql` by HTTP (GraphQL over HTTP, September 2026). The stock handlers of the library run mutations by GET, take
//! any content type, allow batches without end and know no body limit, so this is our own.

use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::request::Parts;
use http::{HeaderMap, Method, Request, StatusCode, header};

use super::answer::{self, Problem};
use super::envelope::RequestId;
use super::negotiation::Media;
use super::{Credentials, Endpoint, Refusal, Settings, Site, body, credentials, parameters};
use crate::graphql::cookies::Cookies;
use crate::graphql::limits::{Limits, operation_type};

const METHODS: &str = "GET, HEAD, POST, OPTIONS";

/// Answers whatever comes to `/graphql`.
pub(super) async fn handle<E: Endpoint>(State(site): State<Arc<Site<E>>>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let answered = match parts.method {
        Method::GET | Method::HEAD => get(&site, &parts).await,
        Method::POST => post(&site, &parts, body).await,
        Method::OPTIONS => Ok((StatusCode::NO_CONTENT, [(header::ALLOW, METHODS)]).into_response()),
        _ => Err(
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "GraphQL requests come by POST or GET.")
                .header(header::ALLOW, METHODS),
        ),
    };
    answered.unwrap_or_else(Problem::into_response)
}

async fn get<E: Endpoint>(site: &Site<E>, parts: &Parts) -> Result<Response, Problem> {
    let media = accepted(&parts.headers)?;
    let mut request = parameters::from_url(&parts.uri)?;
    // A document that does not parse goes on: the endpoint says what is wrong with it.
    let name = request.operation_name.clone();
    let document = match Limits::default().admit(&mut request) {
        Ok(()) => request.parsed_query().ok(),
        Err(_) => None,
    };
    let kind = document.and_then(|document| operation_type(document, name.as_deref()));
    if kind == Some(OperationType::Mutation) {
        return Err(
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "A mutation must come by POST.").header(header::ALLOW, "POST"),
        );
    }
    let (caller, cookies) = caller(site, parts).await?;
    let answered = site.endpoint.execute(request, caller).await;
    let mut response = answer::single(&answered, media);
    set_cookies(site, &cookies, &mut response);
    Ok(response)
}

async fn post<E: Endpoint>(site: &Site<E>, parts: &Parts, body: Body) -> Result<Response, Problem> {
    let media = accepted(&parts.headers)?;
    check_content(&parts.headers)?;
    let (caller, cookies) = caller(site, parts).await?;
    let bytes = read(&site.settings, &parts.headers, body).await?;
    let mut response = match parameters::from_body(&bytes)? {
        parameters::Body::Single(request) => {
            drop(bytes);
            let response = site.endpoint.execute(*request, caller).await;
            answer::single(&response, media)
        }
        parameters::Body::Batch(requests) => {
            check_batch(&site.settings, requests.len())?;
            let mut answers = Vec::with_capacity(requests.len());
            // One after the other, as a client that sent them one by one would have it.
            for request in requests {
                let caller = caller.clone();
                answers.push(site.endpoint.execute(request, caller).await);
            }
            answer::batch(&answers)
        }
    };
    set_cookies(site, &cookies, &mut response);
    Ok(response)
}

/// Puts into the answer what the operations said of the cookies; an answer that refuses the request says nothing.
fn set_cookies<E>(site: &Site<E>, cookies: &Cookies, response: &mut Response) {
    if let Some(change) = cookies.take().filter(|_| response.status().is_success()) {
        for value in site.settings.cookies.headers(&change) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
}

fn accepted(headers: &HeaderMap) -> Result<Media, Problem> {
    Media::accepted(headers).ok_or_else(|| {
        Problem::new(
            StatusCode::NOT_ACCEPTABLE,
            "Answers are application/graphql-response+json or application/json.",
        )
    })
}

/// Only JSON in UTF-8: a form could be sent by any page of any origin without the browser asking first.
fn check_content(headers: &HeaderMap) -> Result<(), Problem> {
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

async fn caller<E: Endpoint>(site: &Site<E>, parts: &Parts) -> Result<(E::Caller, Arc<Cookies>), Problem> {
    let id = parts.extensions.get::<RequestId>().cloned().unwrap_or_default();
    let credentials = credentials::read(parts, &id, &site.settings)?;
    authenticate(site, credentials).await
}

/// Who asks; a bad token of a cookie is cleared with its refusal.
pub(super) async fn authenticate<E: Endpoint>(
    site: &Site<E>,
    credentials: Credentials<'_>,
) -> Result<(E::Caller, Arc<Cookies>), Problem> {
    let cookies = Arc::clone(&credentials.cookies);
    let from_cookie = credentials.from_cookie;
    match site.endpoint.authenticate(credentials).await {
        Ok(caller) => Ok((caller, cookies)),
        Err(refusal) => {
            let clear = from_cookie && matches!(refusal, Refusal::InvalidToken(_));
            let cleared = site.settings.cookies.clear_access().filter(|_| clear);
            let problem = Problem::from(refusal);
            Err(match cleared {
                Some(value) => problem.with(header::SET_COOKIE, value),
                None => problem,
            })
        }
    }
}

async fn read(settings: &Settings, headers: &HeaderMap, body: Body) -> Result<axum::body::Bytes, Problem> {
    body::read(headers, body, settings.body_limit, settings.body_timeout)
        .await
        .map_err(|error| Problem::new(error.status(), error.to_string()))
}

fn check_batch(settings: &Settings, length: usize) -> Result<(), Problem> {
    let allowed = settings.batch_limit.min(Settings::MAX_BATCH);
    let refused = |message| Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, message));
    match length {
        _ if allowed == 0 => refused("This server takes one operation a request: batches are switched off.".to_owned()),
        0 => refused("The batch is empty.".to_owned()),
        _ if length > allowed => refused(format!(
            "A batch may hold {allowed} operations; this one holds {length}."
        )),
        _ => Ok(()),
    }
}
