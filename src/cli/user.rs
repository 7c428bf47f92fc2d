//! `portcullis user ...`: the account mutations for an operator on the host. With an embedded store the server must be
//! stopped, since one process owns the folder.

use std::sync::Arc;

use clap::{Args, Subcommand};

use super::{CommandError, output, password};
use crate::access::{ADMIN, Actor, Permissions, USER};
use crate::app;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::identity::{self, Accounts, NewUser, PasswordSet, User, UserFilter};

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Create an account; its password is read from PORTCULLIS_PASSWORD or standard input
    Create(CreateArgs),
    /// Set the password of an account and end its sessions; it comes from PORTCULLIS_PASSWORD, the terminal or standard
    /// input
    SetPassword(IdArgs),
    /// List the accounts
    List,
    /// Enable an account
    Enable(IdArgs),
    /// Disable an account; its tokens stop working at once
    Disable(IdArgs),
    /// Remove an account
    Remove(IdArgs),
    /// Replace the roles of an account
    SetRoles(SetRolesArgs),
}

#[derive(Debug, Args)]
pub(super) struct CreateArgs {
    /// Username
    #[arg(long)]
    username: String,
    /// E-mail address
    #[arg(long)]
    email: String,
    /// Role of the account; repeat the flag for several
    #[arg(long = "role", default_value = USER)]
    roles: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct IdArgs {
    /// Id of the account, the first column of `user list`
    id: String,
}

#[derive(Debug, Args)]
pub(super) struct SetRolesArgs {
    /// Id of the account, the first column of `user list`
    id: String,
    /// All roles that the account then has
    #[arg(required = true)]
    roles: Vec<String>,
}

pub(super) async fn run(command: UserCommand, config: &Config) -> Result<(), CommandError> {
    // The other commands require an existing account. Creating a store would hide a mistyped folder.
    let create = matches!(command, UserCommand::Create(_));
    let (store, accounts) = app::open_accounts_only(config, Arc::new(SystemClock), create).await?;
    let result = act(command, &accounts).await;
    app::close(store, accounts).await;
    result
}

async fn act(command: UserCommand, accounts: &Accounts) -> Result<(), CommandError> {
    // Whoever may read the data folder may do everything; it has no account.
    let by = Actor::user("operator", [ADMIN.to_owned()], Permissions::ALL);
    match command {
        UserCommand::Create(args) => {
            let new = NewUser {
                username: args.username,
                email: args.email.into(),
                password: password::read()?,
            };
            let user = accounts.create(new, &args.roles).await?;
            print_user(&user)
        }
        UserCommand::SetPassword(IdArgs { id }) => {
            // Before anything is typed in vain.
            accounts.find(&id).await?.ok_or(identity::Error::NotFound)?;
            let PasswordSet { user, ended_sessions } = accounts.set_password(&id, password::read()?).await?;
            let line = format_args!("{}\tpassword set\t{ended_sessions} sessions ended", user.id);
            output::print_line(line)
        }
        UserCommand::List => {
            let mut after: Option<String> = None;
            loop {
                let page = accounts.list(100, after.as_deref(), &UserFilter::default()).await?;
                page.users.iter().try_for_each(|user| print_user(user))?;
                after = page.users.last().map(|user| user.id.to_string());
                if !page.has_next {
                    return Ok(());
                }
            }
        }
        UserCommand::Enable(IdArgs { id }) => print_user(&accounts.set_enabled(&by, &id, true).await?.user),
        UserCommand::Disable(IdArgs { id }) => print_user(&accounts.set_enabled(&by, &id, false).await?.user),
        UserCommand::Remove(IdArgs { id }) => {
            let removed = accounts.remove(&by, &id).await?;
            output::print_line(format_args!("{removed}\tremoved"))
        }
        UserCommand::SetRoles(SetRolesArgs { id, roles }) => {
            let user = accounts.set_roles(&by, &id, &roles).await?;
            print_user(&user)
        }
    }
}

fn print_user(user: &User) -> Result<(), CommandError> {
    let state = if user.enabled { "enabled" } else { "disabled" };
    // Whom a foreign issuer vouches for has no address, and an id that says nothing.
    let called = if user.email.is_empty() {
        &user.username
    } else {
        &user.email
    };
    output::print_line(format_args!(
        "{}\t{}\t{}\t{state}\t{}",
        user.id,
        called,
        user.roles.join(","),
        user.created_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    ))
}
