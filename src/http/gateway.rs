//! The application, as the transport calls it: [`Gateway`] as an [`Endpoint`].

use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Response};
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use secrecy::ExposeSecret as _;

use super::endpoint::{Credentials, Endpoint, Refusal, SchemaRefusal, SchemaRoles};
use super::oauth::grant::{Denial, Grant, IssuedTokens, TokenRequest};
use super::oauth::token_query::{ClientCredential, TokenQuery, TokenStatus};
use crate::access::{Actor, Decision, Permission, Permissions, Requirement, permits};
use crate::graphql::role_schema::actor_with_roles;
use crate::graphql::{Gateway, RequestContext};
use crate::identity::{self, Revocation, Session, SessionEnd};
use crate::store;

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

    fn opens_session(&self, request: &mut Request) -> bool {
        Self::opens_session(self, request)
    }

    fn manages_session(&self, request: &mut Request) -> bool {
        Self::manages_session(self, request)
    }

    async fn execute(&self, request: Request, caller: RequestContext) -> Response {
        Self::execute(self, request, caller).await
    }

    fn execute_stream(&self, request: Request, caller: RequestContext) -> BoxStream<'static, Response> {
        Self::execute_stream(self, request, caller)
    }

    fn ended(&self, caller: RequestContext) -> BoxFuture<'static, Refusal> {
        let gateway = self.clone();
        Box::pin(async move {
            let end = Self::ended(&gateway, &caller).await;
            let reason = end.reason().to_owned();
            match end {
                SessionEnd::Unverified => Refusal::Unavailable(reason),
                SessionEnd::TokenExpired | SessionEnd::AccountDisabled | SessionEnd::Ended => {
                    Refusal::InvalidToken(reason)
                }
            }
        })
    }

    async fn grant(&self, request: TokenRequest) -> Result<IssuedTokens, Denial> {
        let accounts = self.app().accounts();
        if let Some(key) = &request.client {
            accounts.authenticate_api_key(key).await.map_err(denial)?;
        }
        let scope = request.scope.as_deref();
        let granted = match request.grant {
            Grant::Password { username, password } => {
                let origin = identity::Origin {
                    address: Some(request.peer.ip()),
                    user_agent: request.user_agent,
                };
                accounts.login_with_scope(&username, password, &origin, scope).await
            }
            Grant::RefreshToken(token) => accounts.refresh_with_scope(&token, scope).await,
            Grant::ClientCredentials(key) => {
                let token = accounts.exchange_api_key(&key, scope).await.map_err(denial)?;
                return Ok(IssuedTokens {
                    access: token.access,
                    expires_in: token.expires_in,
                    refresh: None,
                    scope: token.scope,
                });
            }
        };
        let granted = granted.map_err(denial)?;
        let tokens = granted.tokens;
        Ok(IssuedTokens {
            access: tokens.access,
            expires_in: tokens.expires_in,
            refresh: Some(tokens.refresh),
            scope: granted.scope,
        })
    }

    async fn introspect(&self, query: TokenQuery) -> Result<Option<TokenStatus>, Denial> {
        let may = self.client(query.client.as_ref()).await?.is_some_and(|client| {
            let needed = Requirement::Permission {
                permission: Permission::ReadUsers,
                or_owner: false,
            };
            permits(&client.actor, needed, None) == Decision::Allowed
        });
        if !may {
            let text = "introspection requires the permission READ_USERS";
            return Err(Denial::InsufficientScope(text.to_owned()));
        }
        let found = self.app().accounts().introspect(&query.token).await.map_err(denial)?;
        Ok(found.map(|token| TokenStatus {
            active: true,
            scope: token.scope,
            client_id: token.client,
            username: token.user.username.clone(),
            token_type: token.is_bearer.then_some("Bearer"),
            exp: token.expires_at.timestamp(),
            iat: token.issued_at.map(|at| at.timestamp()),
            sub: token.user.id.to_string(),
            aud: self.app().settings().signing.audience.clone(),
            iss: self.issuer(),
            jti: token.id,
        }))
    }

    async fn revoke(&self, query: TokenQuery) -> Result<(), Denial> {
        // A client that authenticates itself must do so correctly; the token itself proves that it may be ended.
        self.client(query.client.as_ref()).await?;
        let origin = identity::Origin {
            address: Some(query.peer.ip()),
            user_agent: query.user_agent,
        };
        match self.app().accounts().revoke_token(&query.token, &origin).await {
            Ok(Revocation::Done) => Ok(()),
            Ok(Revocation::Unsupported(text)) => Err(Denial::UnsupportedTokenType(text)),
            Err(error) => Err(denial(error)),
        }
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

    /// The verified client of an OAuth request; `None` if it has not authenticated itself.
    async fn client(&self, credential: Option<&ClientCredential>) -> Result<Option<Arc<Session>>, Denial> {
        let accounts = self.app().accounts();
        match credential {
            None => Ok(None),
            Some(ClientCredential::Secret(key)) => {
                let session = accounts.authenticate_api_key(key).await.map_err(denial)?;
                Ok(Some(Arc::new(session)))
            }
            Some(ClientCredential::Bearer(token)) => match accounts.authenticate(token.expose_secret()).await {
                Ok(session) => match accounts.recheck(&session).await {
                    Ok(()) => Ok(Some(session)),
                    Err(error) => Err(invalid_token(error)),
                },
                Err(error) => Err(invalid_token(error)),
            },
        }
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
        E::InvalidScope => Denial::InvalidScope(error.to_string()),
        E::TooManyAttempts { retry_after } => Denial::SlowDown(retry_after),
        E::Overloaded | E::IssuerUnavailable { .. } => Denial::Unavailable,
        E::Store(cause @ (store::Error::Unavailable(_) | store::Error::NotWritable(_))) => {
            tracing::error!(%cause, "failed to issue a token");
            Denial::Unavailable
        }
        error => {
            tracing::error!(%error, "failed to issue a token");
            Denial::ServerError
        }
    }
}

fn invalid_token(error: identity::Error) -> Denial {
    match error {
        identity::Error::Unauthenticated { .. } => Denial::InvalidToken(error.to_string()),
        error => denial(error),
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
