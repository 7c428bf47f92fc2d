//! The product behind the transport: [`Gateway`] as an [`Endpoint`].

use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Response};
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

use super::endpoint::{Credentials, Endpoint, Refusal, SchemaRefusal, SchemaRoles};
use super::oauth::grant::{Denial, Grant, IssuedTokens, TokenRequest};
use crate::access::{Actor, Permission, Permissions};
use crate::graphql::role_schema::actor_with_roles;
use crate::graphql::{Gateway, RequestContext};
use crate::identity;

/// Characters of a `User-Agent` that are kept.
const USER_AGENT_CHARS: usize = 200;

impl Endpoint for Gateway {
    type Caller = RequestContext;

    async fn authenticate(&self, credentials: Credentials<'_>) -> Result<RequestContext, Refusal> {
        let session = match credentials.bearer {
            None => None,
            Some(bearer) => Some(self.app().accounts().authenticate(bearer).await.map_err(refusal)?),
        };
        Ok(RequestContext {
            session,
            address: credentials.peer.ip(),
            user_agent: credentials
                .user_agent
                .map(|text| text.chars().take(USER_AGENT_CHARS).collect()),
            request_id: credentials.request_id.shared(),
            wants_cost: credentials.wants_cost,
            cookies: credentials.cookies,
        })
    }

    fn operation_type(&self, request: &mut Request) -> Option<OperationType> {
        Self::operation_type(self, request)
    }

    async fn execute(&self, request: Request, caller: RequestContext) -> Response {
        Self::execute(self, request, caller).await
    }

    fn execute_stream(&self, request: Request, caller: RequestContext) -> BoxStream<'static, Response> {
        Self::execute_stream(self, request, caller)
    }

    fn ended(&self, caller: RequestContext) -> BoxFuture<'static, ()> {
        let gateway = self.clone();
        Box::pin(async move { Self::ended(&gateway, &caller).await })
    }

    async fn grant(&self, request: TokenRequest) -> Result<IssuedTokens, Denial> {
        let accounts = self.app().accounts();
        if let Some(key) = &request.client {
            accounts.authenticate_api_key(key).await.map_err(denial)?;
        }
        let granted = match request.grant {
            Grant::Password { username, password } => {
                let origin = identity::Origin {
                    address: Some(request.peer.ip()),
                    user_agent: request.user_agent,
                };
                accounts.login(&username, password, &origin).await
            }
            Grant::RefreshToken(token) => accounts.refresh(&token).await,
            Grant::ClientCredentials(key) => {
                let token = accounts.exchange_api_key(&key).await.map_err(denial)?;
                return Ok(IssuedTokens {
                    access: token.access,
                    expires_in: token.expires_in,
                    refresh: None,
                });
            }
        };
        let tokens = granted.map_err(denial)?.tokens;
        Ok(IssuedTokens {
            access: tokens.access,
            expires_in: tokens.expires_in,
            refresh: Some(tokens.refresh),
        })
    }

    fn public_keys(&self) -> serde_json::Value {
        self.app().accounts().public_keys()
    }

    fn issuer(&self) -> String {
        self.app().settings().issuer()
    }

    fn sdl(&self) -> Option<&str> {
        self.app().settings().schema.introspection.then(|| Self::sdl(self))
    }

    async fn role_sdl(&self, roles: &SchemaRoles, caller: Option<RequestContext>) -> Result<String, SchemaRefusal> {
        let caller = caller.and_then(|caller| caller.session);
        let caller = caller.as_deref().map(|session| &session.actor);
        let actor = match (roles, caller) {
            (SchemaRoles::Mine, None) => return Err(SchemaRefusal::SignInRequired),
            (SchemaRoles::Mine, Some(caller)) => caller.clone(),
            (SchemaRoles::Named(names), caller) => {
                let known = self.roles_known_to(caller).await.map_err(unavailable)?;
                actor_with_roles(names, &known).map_err(|unknown| SchemaRefusal::UnknownRole(unknown.to_string()))?
            }
        };
        self.sdl_for(&actor).map_err(unavailable)
    }

    async fn ready(&self) -> Result<(), String> {
        self.app().ready().await
    }
}

impl Gateway {
    /// The built-in roles, the caller's own, and all roles for a caller who may read them: others must not learn here
    /// what the field `roles` guards.
    async fn roles_known_to(&self, caller: Option<&Actor>) -> Result<Vec<(String, Permissions)>, identity::Error> {
        let may_know = |role: &identity::Role| {
            let knows = |caller: &Actor| {
                caller.permissions().contains(Permission::ManageRoles) || caller.roles().contains(&role.name)
            };
            role.built_in || caller.is_some_and(knows)
        };
        let roles = self.app().accounts().roles().await?;
        let known = roles.into_iter().filter(may_know);
        Ok(known.map(|role| (role.name, role.permissions)).collect())
    }
}

fn unavailable(error: impl std::error::Error) -> SchemaRefusal {
    tracing::error!(%error, "failed to print the schema of a role");
    SchemaRefusal::Unavailable
}

fn denial(error: identity::Error) -> Denial {
    use identity::Error as E;
    match error {
        E::InvalidCredentials | E::AccountDisabled | E::InvalidRefreshToken => Denial::InvalidGrant(error.to_string()),
        E::Unauthenticated { reason } => Denial::InvalidClient(reason.to_owned()),
        E::TooManyAttempts { retry_after } => Denial::SlowDown(retry_after),
        E::Overloaded => Denial::Unavailable,
        error => {
            tracing::error!(%error, "failed to issue a token");
            Denial::ServerError
        }
    }
}

fn refusal(error: identity::Error) -> Refusal {
    match error {
        identity::Error::Unauthenticated { .. } => Refusal::InvalidToken(error.to_string()),
        error => {
            tracing::error!(%error, "failed to verify a token");
            Refusal::Unavailable("The server cannot verify tokens at the moment; try again later.".to_owned())
        }
    }
}
