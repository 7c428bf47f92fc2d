//! `portcullis user`: account management for operators on the host. With an embedded database, the server must be
//! stopped, because only one process can open it.

use std::sync::Arc;

use clap::{Args, Subcommand};

use super::{CommandError, output, password};
use crate::access::{ADMIN, Actor, Permissions, USER};
use crate::app;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::identity::{self, Accounts, NewUser, ObjectKind, PasswordSet, User, UserFilter, UserOrder};

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Create an account. The password is read from PORTCULLIS_PASSWORD, the terminal or standard input
    Create(CreateArgs),
    /// Set the password of an account and end its sessions. The password is read from PORTCULLIS_PASSWORD, the terminal
    /// or standard input
    SetPassword(IdArgs),
    /// List the accounts
    List,
    /// Enable an account
    Enable(IdArgs),
    /// Disable an account. Its tokens are rejected immediately
    Disable(IdArgs),
    /// Permanently remove an account
    Remove(IdArgs),
    /// Replace the roles of an account
    SetRoles(SetRolesArgs),
}

#[derive(Debug, Args)]
pub(super) struct CreateArgs {
    /// Username of the account
    #[arg(long)]
    username: String,
    /// E-mail address of the account
    #[arg(long)]
    email: String,
    /// Role of the account; repeat the flag for several roles
    #[arg(long = "role", default_value = USER)]
    roles: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct IdArgs {
    /// Id of the account: the first column of `portcullis user list`
    id: String,
}

#[derive(Debug, Args)]
pub(super) struct SetRolesArgs {
    /// Id of the account: the first column of `portcullis user list`
    id: String,
    /// New roles of the account, which replace its current roles
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
    // The operator has access to the data folder, and so all permissions, but no account.
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
            // Checked before the password is prompted for.
            accounts
                .find(&id)
                .await?
                .ok_or(identity::Error::NotFound(ObjectKind::User))?;
            let PasswordSet { user, ended_sessions } = accounts.set_password(&id, password::read()?).await?;
            let line = format_args!("{}\tpassword set\t{ended_sessions} sessions ended", user.id);
            output::print_line(line)
        }
        UserCommand::List => {
            let (filter, order) = (UserFilter::default(), UserOrder::default());
            let mut after = None;
            loop {
                let page = accounts.list(100, after, &filter, order).await?;
                page.users.iter().try_for_each(|user| print_user(user))?;
                after = page.users.last().map(|user| order.position(user));
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
    // Accounts of a foreign issuer have no e-mail address and an opaque id.
    let name = if user.email.is_empty() {
        &user.username
    } else {
        &user.email
    };
    output::print_line(format_args!(
        "{}\t{}\t{}\t{state}\t{}",
        user.id,
        name,
        user.roles.join(","),
        user.created_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    ))
}
