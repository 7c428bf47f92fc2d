//! The mutation root: accounts, sessions and the catalogue of jobs.

mod login;

use async_graphql::{Context, ID, Object, Result};
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};

use self::login::{LoginInput, LoginPayload, LogoutPayload, RefreshInput};
use super::account::{
    RegisterInput, RegisterPayload, RemoveUserInput, RemoveUserPayload, SetUserRolesInput, SetUserRolesPayload,
    ToggleUserInput, ToggleUserPayload, User,
};
use super::api_key::{CreateApiKeyPayload, RemoveApiKeyPayload};
use super::catalogue::{ADD_COST, AddJobsInput, AddJobsPayload, RemoveJobInput, RemoveJobPayload};
use super::permission::Permission;
use super::role::{PutRolePayload, RemoveRolePayload};
use super::session::{ChangePasswordPayload, EndSessionPayload, EraseMePayload};
use crate::access;
use crate::catalogue;
use crate::graphql::context::{actor, app, ends_sessions_of, session};
use crate::graphql::error::{Failure, UserError, UserErrorCode, argument_errors, user_errors};
use crate::graphql::schema::directive::{auth, cost, sensitive, signed_in};
use crate::identity::{self, NewApiKey, NewUser};

/// What can be changed.
pub(crate) struct Mutation;

/// What can be changed.
#[Object]
impl Mutation {
    /// Makes an account with role USER.
    async fn register(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account to make.")] input: RegisterInput,
    ) -> Result<RegisterPayload> {
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
    async fn login(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who signs in.")] input: LoginInput,
    ) -> Result<LoginPayload> {
        input.login(ctx).await
    }

    /// Gets the next access token. The refresh token is good for one use.
    async fn refresh(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session to go on with.")] input: RefreshInput,
    ) -> Result<LoginPayload> {
        input.refresh(ctx).await
    }

    /// Ends the caller's session and clears its cookies; nothing to end without one.
    async fn logout(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = false, desc = "Ends every session of the caller.")] everywhere: bool,
    ) -> Result<LogoutPayload> {
        login::logout(ctx, everywhere).await
    }

    /// Enables or disables an account. Disabling holds from the moment this is answered.
    #[graphql(directive = auth::apply(Permission::ManageUsers, false))]
    async fn toggle_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account, and whether it may be used.")] input: ToggleUserInput,
    ) -> Result<Option<ToggleUserPayload>> {
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
    async fn set_user_roles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account and its roles.")] input: SetUserRolesInput,
    ) -> Result<Option<SetUserRolesPayload>> {
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
    async fn remove_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] input: RemoveUserInput,
    ) -> Result<Option<RemoveUserPayload>> {
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

    /// Ends one of the caller's sessions, be it this one or another.
    #[graphql(directive = signed_in::apply())]
    async fn end_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session's id, from `viewer.sessions`.")] id: ID,
    ) -> Result<Option<EndSessionPayload>> {
        let Some(session) = session(ctx) else { return Ok(None) };
        Ok(Some(match app(ctx).accounts().end_session(session, &id).await {
            Ok(()) => {
                if *id == *session.id {
                    ends_sessions_of(ctx, &session.user.id);
                }
                EndSessionPayload {
                    ended_session_id: Some(id),
                    errors: vec![],
                }
            }
            Err(error) => EndSessionPayload {
                ended_session_id: None,
                errors: argument_errors(error)?,
            },
        }))
    }

    /// Gives the caller's account another password and ends its other sessions.
    #[graphql(directive = signed_in::apply())]
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(secret, directive = sensitive::apply(), desc = "The password as it is now.")]
        current_password: String,
        #[graphql(secret, directive = sensitive::apply(), desc = "12 to 128 characters; common passwords are refused.")]
        new_password: String,
    ) -> Result<Option<ChangePasswordPayload>> {
        let Some(session) = session(ctx) else { return Ok(None) };
        let (old, new) = (SecretString::from(current_password), SecretString::from(new_password));
        Ok(Some(
            match app(ctx).accounts().change_password(session, old, new).await {
                Ok(ended) => ChangePasswordPayload {
                    ended_sessions: count(ended),
                    errors: vec![],
                },
                Err(error) => {
                    let argument = match &error {
                        identity::Error::InvalidCredentials => vec!["currentPassword".to_owned()],
                        identity::Error::WeakPassword { .. } => vec!["newPassword".to_owned()],
                        _ => vec![],
                    };
                    let mut errors = argument_errors(error)?;
                    errors.iter_mut().for_each(|error| error.path.clone_from(&argument));
                    ChangePasswordPayload {
                        ended_sessions: 0,
                        errors,
                    }
                }
            },
        ))
    }

    /// Erases the caller's account with its sessions and keys. Audit events stay, under a pseudonym.
    #[graphql(directive = signed_in::apply())]
    async fn erase_me(
        &self,
        ctx: &Context<'_>,
        #[graphql(secret, directive = sensitive::apply(), desc = "The account's password.")] password: String,
    ) -> Result<Option<EraseMePayload>> {
        let Some(session) = session(ctx) else { return Ok(None) };
        Ok(Some(
            match app(ctx).accounts().erase_me(session, password.into()).await {
                Ok(()) => {
                    ends_sessions_of(ctx, &session.user.id);
                    EraseMePayload {
                        erased_user_id: Some(ID::from(&*session.user.id)),
                        errors: vec![],
                    }
                }
                Err(error) => EraseMePayload {
                    erased_user_id: None,
                    errors: argument_errors(error)?,
                },
            },
        ))
    }

    /// Makes a key with which a program acts for the caller. Its secret is shown this once.
    #[graphql(directive = signed_in::apply())]
    async fn create_api_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is for; 1 to 100 characters.")] name: String,
        #[graphql(desc = "Roles that together allow no more than the caller may do.")] roles: Vec<String>,
        #[graphql(desc = "At most two years ahead; in a year when it is not given.")] expires_at: Option<DateTime<Utc>>,
    ) -> Result<Option<CreateApiKeyPayload>> {
        let Some(session) = session(ctx) else { return Ok(None) };
        let new = NewApiKey {
            name,
            roles,
            expires_at,
        };
        Ok(Some(match app(ctx).accounts().create_api_key(session, new).await {
            Ok((key, secret)) => CreateApiKeyPayload {
                api_key: Some(key.into()),
                secret: Some(secret.expose_secret().to_owned()),
                errors: vec![],
            },
            Err(error) => CreateApiKeyPayload {
                errors: argument_errors(error)?,
                ..CreateApiKeyPayload::default()
            },
        }))
    }

    /// Removes an API key: the caller's own, or anybody's for callers who may manage accounts.
    #[graphql(directive = signed_in::apply())]
    async fn remove_api_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The key's id.")] id: ID,
    ) -> Result<Option<RemoveApiKeyPayload>> {
        let Some(session) = session(ctx) else { return Ok(None) };
        Ok(Some(match app(ctx).accounts().remove_api_key(session, &id).await {
            Ok(removed) => RemoveApiKeyPayload {
                removed_api_key_id: Some(ID(removed)),
                errors: vec![],
            },
            Err(error) => RemoveApiKeyPayload {
                removed_api_key_id: None,
                errors: argument_errors(error)?,
            },
        }))
    }

    /// Makes a role, or gives an existing one exactly these permissions; they hold on the next request.
    #[graphql(directive = auth::apply(Permission::ManageRoles, false))]
    async fn put_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "1 to 64 capital letters, digits and `_`, a letter first.")] name: String,
        #[graphql(desc = "All that the role shall allow.")] permissions: Vec<Permission>,
    ) -> Result<Option<PutRolePayload>> {
        let permissions: Vec<_> = permissions.into_iter().map(access::Permission::from).collect();
        let permissions = access::Permissions::of(&permissions);
        let put = app(ctx).accounts().put_role(&actor(ctx), &name, permissions).await;
        Ok(Some(match put {
            Ok(role) => PutRolePayload {
                role: Some(role.into()),
                errors: vec![],
            },
            Err(error) => PutRolePayload {
                role: None,
                errors: argument_errors(error)?,
            },
        }))
    }

    /// Removes a role and takes it from every account that has it. Built-in roles stay.
    #[graphql(directive = auth::apply(Permission::ManageRoles, false))]
    async fn remove_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The role's name.")] name: String,
    ) -> Result<Option<RemoveRolePayload>> {
        Ok(Some(match app(ctx).accounts().remove_role(&actor(ctx), &name).await {
            Ok(removed) => RemoveRolePayload {
                removed_role: Some(removed),
                errors: vec![],
            },
            Err(error) => RemoveRolePayload {
                removed_role: None,
                errors: argument_errors(error)?,
            },
        }))
    }

    /// Adds jobs to the catalogue, or puts them in the place of those with the same ids. A job that is no good spoils no
    /// other. A hundred take some ten seconds, since each of their sentences is encoded.
    #[graphql(
        directive = auth::apply(Permission::WriteJobs, false),
        directive = cost::apply(ADD_COST, Some("input.jobs".to_owned()))
    )]
    async fn add_jobs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The jobs, 1 to 200.")] input: AddJobsInput,
    ) -> Result<Option<AddJobsPayload>> {
        Ok(Some(input.add(ctx).await?))
    }

    /// Removes a job from the catalogue.
    #[graphql(directive = auth::apply(Permission::WriteJobs, false))]
    async fn remove_job(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The job.")] input: RemoveJobInput,
    ) -> Result<Option<RemoveJobPayload>> {
        Ok(Some(
            match app(ctx).catalogue().remove(actor(ctx).id(), &input.id).await {
                Ok(()) => RemoveJobPayload {
                    removed_job_id: Some(input.id),
                    errors: vec![],
                },
                Err(error @ catalogue::Error::NotFound) => RemoveJobPayload {
                    removed_job_id: None,
                    errors: vec![UserError {
                        code: UserErrorCode::NotFound,
                        message: error.to_string(),
                        path: vec!["input".to_owned(), "id".to_owned()],
                    }],
                },
                Err(error) => return Err(Failure::from(error).into()),
            },
        ))
    }
}

fn count(n: u64) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}
