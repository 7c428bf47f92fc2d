//! The product behind the transport: [`Gateway`] as an [`Endpoint`].

use std::sync::Arc;

use async_graphql::{Request, Response};

use super::{Credentials, Endpoint, Refusal};
use crate::graphql::{Caller, Gateway};
use crate::identity;

/// What is kept of a `User-Agent`.
const USER_AGENT_CHARS: usize = 200;

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
            wants_cost: credentials.wants_cost,
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
