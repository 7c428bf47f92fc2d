//! The product behind the transport: [`Gateway`] as an [`Endpoint`].

use std::sync::Arc;

use async_graphql::{Request, Response};
use http::{HeaderName, HeaderValue};

use super::{CookieNames, Credentials, Endpoint, Refusal, Settings, TokenHeader};
use crate::config::Config;
use crate::graphql::{Caller, Gateway};
use crate::identity;

/// What is kept of a `User-Agent`.
const USER_AGENT_CHARS: usize = 200;

impl Settings {
    /// What the configuration says, and the defaults for the rest.
    ///
    /// # Errors
    /// For what is no header; `Config::load` has refused that already.
    pub fn of(config: &Config) -> Result<Self, http::Error> {
        let origins = config.cors_origins.iter().map(HeaderValue::try_from);
        Ok(Self {
            cors_origins: origins.collect::<Result<_, _>>()?,
            token: TokenHeader {
                name: HeaderName::try_from(&config.token_header)?,
                prefix: config.token_prefix.clone(),
            },
            cookies: CookieNames {
                access: config.access_cookie.clone(),
                refresh: config.refresh_cookie.clone(),
            },
            ..Self::default()
        })
    }
}

impl Endpoint for Gateway {
    type Caller = Caller;

    async fn authenticate(&self, credentials: Credentials<'_>) -> Result<Caller, Refusal> {
        let session = match credentials.bearer {
            None => None,
            Some(bearer) => Some(Arc::new(
                self.app().accounts().authenticate(bearer).await.map_err(refusal)?,
            )),
        };
        Ok(Caller {
            session,
            address: credentials.peer.ip(),
            user_agent: credentials
                .user_agent
                .map(|text| text.chars().take(USER_AGENT_CHARS).collect()),
            request_id: credentials.request_id.to_string(),
            cookies: Some(credentials.cookies),
        })
    }

    async fn execute(&self, request: Request, caller: Caller) -> Response {
        Self::execute(self, request, caller).await
    }

    fn sdl(&self) -> Option<&str> {
        self.app().settings().introspection.then(|| Self::sdl(self))
    }

    async fn ready(&self) -> Result<(), String> {
        self.app().ready().await
    }
}

fn refusal(error: identity::Error) -> Refusal {
    match error {
        identity::Error::Unauthenticated { .. } => Refusal::InvalidToken(error.to_string()),
        error => {
            tracing::error!(%error, "a token could not be checked");
            Refusal::Unavailable("The server cannot check tokens right now; try again in a moment.".to_owned())
        }
    }
}
