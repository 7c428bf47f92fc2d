//! The mutation root: accounts and sessions.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use secrecy::{ExposeSecret as _, SecretString};

use super::access::Permission;
use super::account::{
    LoginInput, LoginPayload, LogoutPayload, RefreshInput, RegisterInput, RegisterPayload, RemoveUserInput,
    RemoveUserPayload, SetUserRolesInput, SetUserRolesPayload, ToggleUserInput, ToggleUserPayload, User,
};
use super::cookies::{Change, Cookies, cookies};
use super::error::{Failure, UserError, UserErrorCode, user_errors};
use super::guard::auth;
use super::{actor, app, ends_sessions_of, origin, session};
use crate::identity::{self, Grant, NewUser};

/// What can be changed.
pub(super) struct Mutation;

/// What can be changed.
#[Object]
impl Mutation {
    /// Makes an account with role USER.
    async fn register(&self, ctx: &Context<'_>, input: RegisterInput) -> Result<RegisterPayload> {
        let new = NewUser {
            username: input.username,
            email: SecretString::from(input.email),
            password: SecretString::from(input.password),
        };
        Ok(match app(ctx).accounts().register(new).await {
            Ok(user) => RegisterPayload {
                user: Some(User(user)),
                errors: vec![],
            },
            Err(error) => RegisterPayload {
                user: None,
                errors: user_errors(error)?,
            },
        })
    }

    /// Signs in. A failure is INVALID_CREDENTIALS whatever was wrong.
    async fn login(&self, ctx: &Context<'_>, input: LoginInput) -> Result<LoginPayload> {
        let cookies = cookies(ctx).filter(|_| input.cookies);
        if input.cookies && cookies.is_none() {
            let reason = "input.cookies: only a request by POST or GET can set cookies";
            return Err(Failure::BadUserInput(reason.to_owned()).into());
        }
        let password = SecretString::from(input.password);
        let origin = origin(ctx);
        let login = app(ctx).accounts().login(&input.username, password, &origin);
        signed_in(login.await, cookies)
    }

    /// Gets the next access token. The refresh token is good for one use.
    async fn refresh(&self, ctx: &Context<'_>, input: RefreshInput) -> Result<LoginPayload> {
        let kept = cookies(ctx).and_then(|cookies| Some((cookies, cookies.refresh()?.clone())));
        let (token, cookies) = match (input.refresh_token, kept) {
            (Some(token), _) => (SecretString::from(token), None),
            (None, Some((cookies, token))) => (token, Some(cookies)),
            (None, None) => {
                return Ok(LoginPayload {
                    errors: vec![UserError {
                        code: UserErrorCode::InvalidRefreshToken,
                        message: "give the refresh token that the last login or refresh answered".to_owned(),
                        path: vec!["input".to_owned(), "refreshToken".to_owned()],
                    }],
                    ..LoginPayload::default()
                });
            }
        };
        let refreshed = app(ctx).accounts().refresh(&token).await;
        if let (Some(cookies), Err(identity::Error::InvalidRefreshToken)) = (cookies, &refreshed) {
            cookies.change(Change::Clear);
        }
        signed_in(refreshed, cookies)
    }

    /// Ends the caller's session and clears its cookies; nothing to end without one.
    async fn logout(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = false, desc = "Ends every session of the caller.")] everywhere: bool,
    ) -> Result<LogoutPayload> {
        let accounts = app(ctx).accounts();
        let cookies = cookies(ctx).filter(|cookies| cookies.counted());
        let ended_sessions = match (session(ctx), cookies.and_then(Cookies::refresh)) {
            (Some(session), _) => {
                ends_sessions_of(ctx, &session.user.id);
                accounts.logout(session, everywhere).await.map_err(Failure::from)?
            }
            // The access token's cookie has expired, but not the session.
            (None, Some(token)) => match accounts.refresh(token).await {
                Ok(grant) => {
                    let access = grant.tokens.access.expose_secret();
                    let session = accounts.authenticate(access).await.map_err(Failure::from)?;
                    accounts.logout(&session, everywhere).await.map_err(Failure::from)?
                }
                Err(identity::Error::InvalidRefreshToken) => 0,
                Err(error) => return Err(Failure::from(error).into()),
            },
            (None, None) => 0,
        };
        if let Some(cookies) = cookies {
            cookies.change(Change::Clear);
        }
        Ok(LogoutPayload {
            ended_sessions: count(ended_sessions),
        })
    }

    /// Enables or disables an account. Disabling holds from the moment this is answered.
    #[graphql(directive = auth::apply(Permission::ManageUsers, false))]
    async fn toggle_user(&self, ctx: &Context<'_>, input: ToggleUserInput) -> Result<Option<ToggleUserPayload>> {
        Ok(Some(
            match app(ctx)
                .accounts()
                .set_enabled(&actor(ctx), &input.id, input.enabled)
                .await
            {
                Ok(toggled) => {
                    ends_sessions_of(ctx, &toggled.user.id);
                    ToggleUserPayload {
                        user: Some(User(toggled.user)),
                        ended_sessions: count(toggled.ended_sessions),
                        errors: vec![],
                    }
                }
                Err(error) => ToggleUserPayload {
                    errors: user_errors(error)?,
                    ..ToggleUserPayload::default()
                },
            },
        ))
    }

    /// Replaces the roles of an account; they hold on its next request.
    #[graphql(directive = auth::apply(Permission::ManageRoles, false))]
    async fn set_user_roles(&self, ctx: &Context<'_>, input: SetUserRolesInput) -> Result<Option<SetUserRolesPayload>> {
        Ok(Some(
            match app(ctx)
                .accounts()
                .set_roles(&actor(ctx), &input.id, &input.roles)
                .await
            {
                Ok(user) => SetUserRolesPayload {
                    user: Some(User(user)),
                    errors: vec![],
                },
                Err(error) => SetUserRolesPayload {
                    user: None,
                    errors: user_errors(error)?,
                },
            },
        ))
    }

    /// Removes an account and all that is held for it.
    #[graphql(directive = auth::apply(Permission::ManageUsers, false))]
    async fn remove_user(&self, ctx: &Context<'_>, input: RemoveUserInput) -> Result<Option<RemoveUserPayload>> {
        Ok(Some(match app(ctx).accounts().remove(&actor(ctx), &input.id).await {
            Ok(removed) => {
                ends_sessions_of(ctx, &removed);
                RemoveUserPayload {
                    removed_user_id: Some(ID::from(removed)),
                    errors: vec![],
                }
            }
            Err(error) => RemoveUserPayload {
                removed_user_id: None,
                errors: user_errors(error)?,
            },
        }))
    }
}

fn count(n: u64) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

/// With cookies the tokens go there, and the payload has none.
fn signed_in(result: Result<Grant, identity::Error>, cookies: Option<&Cookies>) -> Result<LoginPayload> {
    Ok(match result {
        Ok(grant) => {
            let user = Some(User(Arc::clone(&grant.user)));
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
                errors: vec![],
            }
        }
        Err(error) => LoginPayload {
            errors: user_errors(error)?,
            ..LoginPayload::default()
        },
    })
}
