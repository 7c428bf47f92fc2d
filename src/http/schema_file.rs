//! `GET /schema.graphql`: the SDL with every directive, as plain text that a browser displays. With the parameter `role`,
//! the part of it that callers with this role may use.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Request, StatusCode, Uri, header};

use super::endpoint::{Endpoint, SchemaRefusal, SchemaRoles};
use super::etag::{digest, unchanged};
use super::handler_state::HandlerState;
use super::request_id::RequestId;
use super::response::Problem;
use super::{credentials, health};
use crate::access::built_in_role;

/// The value of `role` that means the caller. Names of roles consist of capital letters.
const MINE: &str = "mine";

/// Handles `GET /schema.graphql`.
pub(super) async fn get<E: Endpoint>(State(state): State<Arc<HandlerState<E>>>, request: Request<Body>) -> Response {
    let (parts, _) = request.into_parts();
    match answer(&state, &parts).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn answer<E: Endpoint>(state: &HandlerState<E>, parts: &Parts) -> Result<Response, Problem> {
    let Some(whole) = state.endpoint.sdl() else {
        return Ok(health::not_found().await.into_response());
    };
    let Some(roles) = roles(&parts.uri)? else {
        return Ok(file(&parts.headers, whole.to_owned()));
    };
    // The whole schema is the same for every caller, and so are the parts of built-in roles: credentials do not count.
    let caller = if depends_on_caller(&roles) {
        let id = parts.extensions.get::<RequestId>().cloned().unwrap_or_default();
        let credentials = credentials::read(parts, &id, &state.settings)?;
        Some(credentials::authenticate(state, credentials).await?)
    } else {
        None
    };
    let is_private = caller.is_some();
    let mut response = file(&parts.headers, state.endpoint.role_sdl(&roles, caller).await?);
    if is_private {
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers.append(header::VARY, HeaderValue::from_static("cookie"));
        headers.append(header::VARY, state.settings.token.name.clone().into());
    }
    Ok(response)
}

/// The values of `role`; `None` if there is none.
///
/// # Errors
/// 400 if `mine` is combined with other roles.
fn roles(uri: &Uri) -> Result<Option<SchemaRoles>, Problem> {
    let refused = |message| Problem::new(StatusCode::BAD_REQUEST, message);
    let Query(parameters) = Query::<Vec<(String, String)>>::try_from_uri(uri)
        .map_err(|_| refused("The query of the URL must consist of names and values."))?;
    let named: Vec<String> = parameters
        .into_iter()
        .filter(|(name, _)| name == "role")
        .map(|(_, role)| role)
        .collect();
    match named.as_slice() {
        [] => Ok(None),
        [role] if role == MINE => Ok(Some(SchemaRoles::Mine)),
        roles if roles.iter().any(|role| role == MINE) => {
            Err(refused("role=mine cannot be combined with other roles."))
        }
        _ => Ok(Some(SchemaRoles::Named(named))),
    }
}

fn depends_on_caller(roles: &SchemaRoles) -> bool {
    match roles {
        SchemaRoles::Mine => true,
        SchemaRoles::Named(names) => names.iter().any(|name| built_in_role(name).is_none()),
    }
}

/// The response with a file, which caches must revalidate; without the file if the client has it.
fn file(headers: &HeaderMap, sdl: String) -> Response {
    // Weak, because compression changes the bytes.
    let etag = format!("W/\"{}\"", digest(sdl.as_bytes()));
    let etag = HeaderValue::try_from(etag).unwrap_or(HeaderValue::from_static("\"\""));
    let is_unchanged = unchanged(headers, &etag);
    let fixed = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/plain; charset=utf-8"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::ETAG, etag),
    ];
    if is_unchanged {
        return (StatusCode::NOT_MODIFIED, fixed).into_response();
    }
    (fixed, sdl).into_response()
}

impl From<SchemaRefusal> for Problem {
    fn from(refusal: SchemaRefusal) -> Self {
        let message = refusal.to_string();
        match refusal {
            SchemaRefusal::SignInRequired => Self::new(StatusCode::UNAUTHORIZED, message)
                .code("UNAUTHENTICATED")
                .header(header::WWW_AUTHENTICATE, "Bearer"),
            SchemaRefusal::UnknownRole(_) => Self::new(StatusCode::BAD_REQUEST, message),
            SchemaRefusal::Unavailable => Self::new(StatusCode::SERVICE_UNAVAILABLE, message)
                .code("UNAVAILABLE")
                .header(header::RETRY_AFTER, "1"),
        }
    }
}
