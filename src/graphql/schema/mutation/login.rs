//! Login, refresh and logout, with the tokens in the response or in cookies.

use std::sync::Arc;

use async_graphql::{Context, InputObject, Result, SimpleObject};
use secrecy::{ExposeSecret as _, SecretString};

use super::count;
use crate::graphql::context::{app, cookies, origin, request};
use crate::graphql::cookies::{Change, Cookies};
use crate::graphql::error::{Failure, UserError, UserErrorCode, user_errors};
use crate::graphql::schema::account::User;
use crate::graphql::schema::directive::sensitive;
use crate::graphql::schema::payload::{Payload as _, impl_payload, payload};
use crate::identity::{self, Credential, Grant, Session};

/// The credentials.
#[derive(InputObject)]
pub(crate) struct LoginInput {
    /// The username.
    pub username: String,
    /// The password.
    #[graphql(secret, directive = sensitive::apply())]
    pub password: String,
    /// Whether to return the tokens in HttpOnly cookies instead of the response. Requests that authenticate with these
    /// cookies must also send the header `x-portcullis-csrf: 1`.
    #[graphql(default)]
    pub cookies: bool,
}

/// Input of `refresh`.
#[derive(InputObject)]
pub(crate) struct RefreshInput {
    /// The latest refresh token of the session. If omitted, the refresh cookie of the request is used, and the new
    /// tokens are returned in cookies.
    #[graphql(secret, directive = sensitive::apply())]
    pub refresh_token: Option<String>,
}

/// The tokens of a session (RFC 6749, section 5.1).
#[derive(SimpleObject)]
pub(crate) struct AuthTokens {
    /// The access token, to be sent as `Authorization: Bearer ...`.
    #[graphql(directive = sensitive::apply())]
    pub access_token: String,
    /// The token type: `Bearer`.
    pub token_type: String,
    /// The lifetime of the access token, in seconds.
    pub expires_in: i32,
    /// The refresh token, which can be used once.
    #[graphql(directive = sensitive::apply())]
    pub refresh_token: Option<String>,
}

/// Result of `login` and `refresh`.
#[derive(Default, SimpleObject)]
pub(crate) struct LoginPayload {
    /// The account.
    pub user: Option<User>,
    /// The tokens of the session; null if they were returned in cookies.
    pub tokens: Option<AuthTokens>,
    /// The lifetime of the access token in seconds, also if it was returned in a cookie; null if `errors` is not empty.
    pub expires_in: Option<i32>,
    /// Problems the client can correct; empty on success.
    pub errors: Vec<UserError>,
}

impl_payload!(LoginPayload);

/// Result of `logout`.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct LogoutPayload {
    /// The number of sessions that were ended.
    pub ended_sessions: i32,
    /// Problems the client can correct, such as a request without a session: `NOT_FOUND`; empty on success.
    pub errors: Vec<UserError>,
}

impl_payload!(LogoutPayload);

impl LoginInput {
    /// Signs in.
    pub(crate) async fn login(self, ctx: &Context<'_>) -> Result<LoginPayload> {
        let cookies = cookies(ctx).filter(|_| self.cookies);
        if self.cookies && cookies.is_none() {
            let reason = "input.cookies: only a request by POST or GET can set cookies";
            return Err(Failure::BadUserInput(reason.to_owned()).into());
        }
        let password = SecretString::from(self.password);
        let origin = origin(ctx);
        let login = app(ctx).accounts().login(&self.username, password, &origin);
        login_payload(login.await, cookies)
    }
}

impl RefreshInput {
    /// Goes on, with the token of the input or of the request's cookie.
    pub(crate) async fn refresh(self, ctx: &Context<'_>) -> Result<LoginPayload> {
        let kept = cookies(ctx).and_then(|cookies| Some((cookies, cookies.refresh()?.clone())));
        let (token, cookies) = match (self.refresh_token, kept) {
            (Some(token), _) => (SecretString::from(token), None),
            (None, Some((cookies, token))) => (token, Some(cookies)),
            (None, None) => {
                return Ok(LoginPayload::rejected(vec![UserError {
                    code: UserErrorCode::InvalidRefreshToken,
                    message: "expected the refresh token that the last login or refresh returned".to_owned(),
                    path: vec!["input".to_owned(), "refreshToken".to_owned()],
                }]));
            }
        };
        let refreshed = app(ctx).accounts().refresh(&token).await;
        if let (Some(cookies), Err(identity::Error::InvalidRefreshToken | identity::Error::AccountDisabled)) =
            (cookies, &refreshed)
        {
            cookies.change(Change::Clear);
        }
        login_payload(refreshed, cookies)
    }
}

/// Ends the caller's session, or every one of them, and clears the cookies.
pub(crate) async fn logout(ctx: &Context<'_>, everywhere: bool) -> Result<LogoutPayload> {
    let cookies = cookies(ctx).filter(|cookies| cookies.counted());
    let payload = match presented_session(ctx, cookies.and_then(Cookies::refresh)).await? {
        Ok(session) => {
            let ended = app(ctx).accounts().logout(&session, everywhere).await;
            LogoutPayload {
                ended_sessions: count(ended.map_err(Failure::from)?),
                errors: vec![],
            }
        }
        Err(error) => LogoutPayload::rejected(vec![error]),
    };
    if let Some(cookies) = cookies {
        cookies.change(Change::Clear);
    }
    Ok(payload)
}

/// The session of the access token, or that of the refresh cookie: the cookie of the access token may have expired, but
/// not the session.
async fn presented_session(
    ctx: &Context<'_>,
    refresh: Option<&SecretString>,
) -> Result<Result<Arc<Session>, UserError>> {
    let session = request(ctx).and_then(|request| request.session.clone());
    let (code, message) = match (session, refresh) {
        (Some(session), _) if session.credential == Credential::Session => return Ok(Ok(session)),
        (Some(_), _) => (
            UserErrorCode::NotFound,
            "an API key or a token of an identity provider has no session on this server",
        ),
        (None, Some(token)) => match app(ctx).accounts().refresh(token).await {
            Ok(grant) => {
                let access = grant.tokens.access.expose_secret();
                let session = app(ctx).accounts().authenticate(access).await;
                return Ok(Ok(session.map_err(Failure::from)?));
            }
            Err(identity::Error::InvalidRefreshToken | identity::Error::AccountDisabled) => (
                UserErrorCode::InvalidRefreshToken,
                "the session of the refresh cookie has already ended",
            ),
            Err(error) => return Err(Failure::from(error).into()),
        },
        (None, None) => (
            UserErrorCode::NotFound,
            "the request has no session; send its access token, or its cookies with the header x-portcullis-csrf: 1",
        ),
    };
    Ok(Err(UserError {
        code,
        message: message.to_owned(),
        path: vec![],
    }))
}

/// With cookies the tokens go there, and the payload has none.
fn login_payload(result: Result<Grant, identity::Error>, cookies: Option<&Cookies>) -> Result<LoginPayload> {
    payload(result, user_errors, |grant| {
        let user = Some(User(Arc::clone(&grant.user)));
        let expires_in = Some(seconds(grant.tokens.expires_in));
        let tokens = match cookies {
            Some(cookies) => {
                cookies.change(grant.into());
                None
            }
            None => Some(grant.tokens.into()),
        };
        LoginPayload {
            user,
            tokens,
            expires_in,
            errors: vec![],
        }
    })
}

fn seconds(lifetime: u32) -> i32 {
    i32::try_from(lifetime).unwrap_or(i32::MAX)
}

impl From<identity::Tokens> for AuthTokens {
    fn from(tokens: identity::Tokens) -> Self {
        Self {
            access_token: tokens.access.expose_secret().to_owned(),
            token_type: "Bearer".to_owned(),
            expires_in: seconds(tokens.expires_in),
            refresh_token: Some(tokens.refresh.expose_secret().to_owned()),
        }
    }
}
