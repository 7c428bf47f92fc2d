//! The mutation root: accounts, sessions and the catalogue of jobs.

mod login;

use async_graphql::{Context, ID, Object, Result};
use secrecy::{ExposeSecret as _, SecretString};

use self::login::{LoginInput, LoginPayload, LogoutPayload, RefreshInput};
use super::account::{
    RegisterInput, RegisterPayload, RemoveUserInput, RemoveUserPayload, SetUserRolesInput, SetUserRolesPayload,
    ToggleUserInput, ToggleUserPayload, User,
};
use super::api_key::{CreateApiKeyPayload, RemoveApiKeyPayload};
use super::catalogue::{ADD_COST, AddJobsInput, AddJobsPayload, RemoveJobInput, RemoveJobPayload};
use super::date_time::Timestamp;
use super::payload::payload;
use super::role::{PutRolePayload, RemoveRolePayload};
use super::session::{ChangePasswordPayload, EndSessionPayload, EraseMePayload};
use crate::access::{Permission, Permissions};
use crate::graphql::context::{actor, app, origin, own_session};
use crate::graphql::error::{argument_errors, job_errors, user_errors};
use crate::graphql::schema::directive::{auth, cost, sensitive, signed_in};
use crate::identity::{self, NewApiKey, NewUser};

/// Mutations.
pub(crate) struct Mutation;

/// Mutations.
#[Object]
impl Mutation {
    /// Registers an account with the role USER. Registrations from one address are limited.
    async fn register(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new account.")] input: RegisterInput,
    ) -> Result<RegisterPayload> {
        let new = NewUser {
            username: input.username,
            email: SecretString::from(input.email),
            password: SecretString::from(input.password),
        };
        let result = app(ctx).accounts().register(new, &origin(ctx)).await;
        payload(result, user_errors, |user| RegisterPayload {
            user: Some(User(user)),
            errors: vec![],
        })
    }

    /// Signs in with username and password. A failed login returns INVALID_CREDENTIALS, whatever the cause.
    async fn login(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The credentials.")] input: LoginInput,
    ) -> Result<LoginPayload> {
        input.login(ctx).await
    }

    /// Exchanges a refresh token for new tokens. A refresh token can be used once.
    async fn refresh(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The refresh token.")] input: RefreshInput,
    ) -> Result<LoginPayload> {
        input.refresh(ctx).await
    }

    /// Ends the caller's session and clears its cookies. Without a session, nothing is ended, and `errors` says so.
    async fn logout(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = false, desc = "Whether to end all sessions of the caller.")] everywhere: bool,
    ) -> Result<LogoutPayload> {
        login::logout(ctx, everywhere).await
    }

    /// Enables or disables an account. Disabling takes effect before the response is sent.
    #[graphql(directive = auth::apply(Permission::ManageUsers, false))]
    async fn toggle_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account and its new state.")] input: ToggleUserInput,
    ) -> Result<Option<ToggleUserPayload>> {
        let result = app(ctx)
            .accounts()
            .set_enabled(&actor(ctx), &input.id, input.enabled)
            .await;
        payload(result, user_errors, |toggled| ToggleUserPayload {
            user: Some(User(toggled.user)),
            ended_sessions: count(toggled.ended_sessions),
            errors: vec![],
        })
        .map(Some)
    }

    /// Replaces the roles of an account. The change applies to the account's next request.
    #[graphql(directive = auth::apply(Permission::ManageRoles, false))]
    async fn set_user_roles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account and its new roles.")] input: SetUserRolesInput,
    ) -> Result<Option<SetUserRolesPayload>> {
        let result = app(ctx)
            .accounts()
            .set_roles(&actor(ctx), &input.id, &input.roles)
            .await;
        payload(result, user_errors, |user| SetUserRolesPayload {
            user: Some(User(user)),
            errors: vec![],
        })
        .map(Some)
    }

    /// Removes an account and its data.
    #[graphql(directive = auth::apply(Permission::ManageUsers, false))]
    async fn remove_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] input: RemoveUserInput,
    ) -> Result<Option<RemoveUserPayload>> {
        let result = app(ctx).accounts().remove(&actor(ctx), &input.id).await;
        payload(result, user_errors, |removed| RemoveUserPayload {
            removed_user_id: Some(ID::from(removed)),
            errors: vec![],
        })
        .map(Some)
    }

    /// Ends one of the caller's sessions, which may be the current one.
    #[graphql(directive = signed_in::apply())]
    async fn end_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the session, from `viewer.sessions`.")] id: ID,
    ) -> Result<Option<EndSessionPayload>> {
        let session = own_session(ctx)?;
        let result = app(ctx).accounts().end_session(session, &id).await;
        payload(result, argument_errors, |()| EndSessionPayload {
            ended_session_id: Some(id),
            errors: vec![],
        })
        .map(Some)
    }

    /// Changes the caller's password and ends all other sessions. API keys remain valid unless `endApiKeys` is true.
    #[graphql(directive = signed_in::apply())]
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(secret, directive = sensitive::apply(), desc = "The current password.")] current_password: String,
        #[graphql(secret, directive = sensitive::apply(), desc = "The password: 12 to 128 characters; common passwords are rejected.")]
        new_password: String,
        #[graphql(default = false, desc = "Whether to remove all API keys of the account.")] end_api_keys: bool,
    ) -> Result<Option<ChangePasswordPayload>> {
        let session = own_session(ctx)?;
        let (old, new) = (SecretString::from(current_password), SecretString::from(new_password));
        let result = app(ctx)
            .accounts()
            .change_password(session, old, new, end_api_keys)
            .await;
        let password_errors = |error: identity::Error| {
            let argument = match &error {
                identity::Error::InvalidCredentials => vec!["currentPassword".to_owned()],
                identity::Error::WeakPassword { .. } => vec!["newPassword".to_owned()],
                _ => vec![],
            };
            let mut errors = argument_errors(error)?;
            errors.iter_mut().for_each(|error| error.path.clone_from(&argument));
            Ok(errors)
        };
        payload(result, password_errors, |changed| ChangePasswordPayload {
            ended_sessions: count(changed.ended_sessions),
            ended_api_keys: count(changed.ended_api_keys),
            errors: vec![],
        })
        .map(Some)
    }

    /// Erases the caller's account with its sessions and API keys. Audit events are kept under a pseudonym.
    #[graphql(directive = signed_in::apply())]
    async fn erase_me(
        &self,
        ctx: &Context<'_>,
        #[graphql(secret, directive = sensitive::apply(), desc = "The current password.")] password: String,
    ) -> Result<Option<EraseMePayload>> {
        let session = own_session(ctx)?;
        let result = app(ctx).accounts().erase_me(session, password.into()).await;
        payload(result, argument_errors, |()| EraseMePayload {
            erased_user_id: Some(ID::from(&*session.user.id)),
            errors: vec![],
        })
        .map(Some)
    }

    /// Creates an API key, with which a program acts on behalf of the caller. The secret is shown only once.
    #[graphql(directive = signed_in::apply())]
    async fn create_api_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A description: 1 to 100 characters.")] name: String,
        #[graphql(desc = "The roles of the key. Their permissions must not exceed the caller's.")] roles: Vec<String>,
        #[graphql(desc = "The time of expiry, at most two years ahead. Defaults to one year.")] expires_at: Option<
            Timestamp,
        >,
    ) -> Result<Option<CreateApiKeyPayload>> {
        let session = own_session(ctx)?;
        let new = NewApiKey {
            name,
            roles,
            expires_at: expires_at.map(|time| time.0),
        };
        let result = app(ctx).accounts().create_api_key(session, new).await;
        payload(result, argument_errors, |(key, secret)| CreateApiKeyPayload {
            api_key: Some(key.into()),
            secret: Some(secret.expose_secret().to_owned()),
            errors: vec![],
        })
        .map(Some)
    }

    /// Removes an API key: one of the caller's own, or any key for callers with MANAGE_USERS.
    #[graphql(directive = signed_in::apply())]
    async fn remove_api_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the key.")] id: ID,
    ) -> Result<Option<RemoveApiKeyPayload>> {
        let session = own_session(ctx)?;
        let result = app(ctx).accounts().remove_api_key(session, &id).await;
        payload(result, argument_errors, |removed| RemoveApiKeyPayload {
            removed_api_key_id: Some(ID(removed)),
            errors: vec![],
        })
        .map(Some)
    }

    /// Creates a role or replaces the permissions of an existing one. The change applies to the next request.
    #[graphql(directive = auth::apply(Permission::ManageRoles, false))]
    async fn put_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The name: 1 to 64 characters of `A-Z`, `0-9` and `_`, beginning with a letter.")]
        name: String,
        #[graphql(desc = "The complete list of permissions.")] permissions: Vec<Permission>,
    ) -> Result<Option<PutRolePayload>> {
        let permissions = Permissions::of(&permissions);
        let result = app(ctx).accounts().put_role(&actor(ctx), &name, permissions).await;
        payload(result, argument_errors, |role| PutRolePayload {
            role: Some(role.into()),
            errors: vec![],
        })
        .map(Some)
    }

    /// Removes a role, also from all accounts that have it. Built-in roles cannot be removed.
    #[graphql(directive = auth::apply(Permission::ManageRoles, false))]
    async fn remove_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The name of the role.")] name: String,
    ) -> Result<Option<RemoveRolePayload>> {
        let result = app(ctx).accounts().remove_role(&actor(ctx), &name).await;
        payload(result, argument_errors, |removed| RemoveRolePayload {
            removed_role: Some(removed),
            errors: vec![],
        })
        .map(Some)
    }

    /// Adds jobs to the catalogue and replaces those with the same ids. Jobs are validated independently; an invalid
    /// job does not affect the others. A hundred jobs take about ten seconds, because each sentence is encoded.
    #[graphql(
        directive = auth::apply(Permission::WriteJobs, false),
        directive = cost::apply(ADD_COST, Some("input.jobs".to_owned()))
    )]
    async fn add_jobs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The jobs: 1 to 200.")] input: AddJobsInput,
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
        let result = app(ctx).catalogue().remove(actor(ctx).id(), &input.id).await;
        payload(result, job_errors, |()| RemoveJobPayload {
            removed_job_id: Some(input.id),
            errors: vec![],
        })
        .map(Some)
    }
}

fn count(n: u64) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}
