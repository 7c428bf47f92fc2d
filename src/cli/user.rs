//! `portcullis user ...`: the account mutations for an operator on the host. With an embedded store the server must be
//! stopped, since one process owns the folder.

use std::io::{BufRead as _, IsTerminal as _};
use std::sync::Arc;

use clap::{Args, Subcommand};
use secrecy::SecretString;

use super::Stop;
use crate::access::{ADMIN, Actor, Permissions, USER};
use crate::app;
use crate::clock::SystemClock;
use crate::config::{self, Config};
use crate::identity::{Accounts, NewUser, User, UserFilter};

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Create an account; the password comes from PORTCULLIS_PASSWORD or standard input
    Create(CreateArgs),
    /// List the accounts
    List,
    /// Let an account be used
    Enable(IdArgs),
    /// Refuse an account at once, tokens included
    Disable(IdArgs),
    /// Remove an account
    Remove(IdArgs),
    /// Replace the roles of an account
    SetRoles(SetRolesArgs),
}

#[derive(Debug, Args)]
pub(super) struct CreateArgs {
    /// The username
    #[arg(long)]
    username: String,
    /// The e-mail address
    #[arg(long)]
    email: String,
    /// A role; may be given again
    #[arg(long = "role", default_value = USER)]
    roles: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct IdArgs {
    /// The account's id: its username
    id: String,
}

#[derive(Debug, Args)]
pub(super) struct SetRolesArgs {
    /// The account's id: its username
    id: String,
    /// All roles it shall have
    #[arg(required = true)]
    roles: Vec<String>,
}

pub(super) async fn run(command: UserCommand, config: &Config) -> Result<(), Stop> {
    // Every other command needs an account that is there already; a new store would only hide a mistyped folder.
    let create = matches!(command, UserCommand::Create(_));
    let (store, accounts) = app::open_accounts_only(config, Arc::new(SystemClock), create).await?;
    let result = act(command, &accounts).await;
    app::close(store, accounts).await;
    result
}

async fn act(command: UserCommand, accounts: &Accounts) -> Result<(), Stop> {
    // Whoever may read the data folder may do everything; it has no account.
    let by = Actor::user("operator", [ADMIN.to_owned()], Permissions::ALL);
    match command {
        UserCommand::Create(args) => {
            let new = NewUser {
                username: args.username,
                email: args.email.into(),
                password: read_password()?,
            };
            let user = accounts.create(new, &args.roles).await?;
            print_user(&user);
        }
        UserCommand::List => {
            let mut after: Option<String> = None;
            loop {
                let page = accounts.list(100, after.as_deref(), &UserFilter::default()).await?;
                page.users.iter().for_each(|(_, user)| print_user(user));
                after = page.users.last().map(|(cursor, _)| cursor.clone());
                if !page.has_next {
                    break;
                }
            }
        }
        UserCommand::Enable(IdArgs { id }) => print_user(&accounts.set_enabled(&by, &id, true).await?.user),
        UserCommand::Disable(IdArgs { id }) => print_user(&accounts.set_enabled(&by, &id, false).await?.user),
        UserCommand::Remove(IdArgs { id }) => {
            let removed = accounts.remove(&by, &id).await?;
            println!("{removed}\tremoved");
        }
        UserCommand::SetRoles(SetRolesArgs { id, roles }) => {
            let user = accounts.set_roles(&by, &id, &roles).await?;
            print_user(&user);
        }
    }
    Ok(())
}

fn print_user(user: &User) {
    let state = if user.enabled { "enabled" } else { "disabled" };
    // Whom a foreign issuer vouches for has no address, and an id that says nothing.
    let called = if user.email.is_empty() {
        &user.username
    } else {
        &user.email
    };
    println!(
        "{}\t{}\t{}\t{state}\t{}",
        user.id,
        called,
        user.roles.join(","),
        user.created_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    );
}

fn read_password() -> Result<SecretString, Stop> {
    if let Some(password) = config::password() {
        return Ok(password);
    }
    let input = std::io::stdin();
    if input.is_terminal() {
        eprint!("Password (it is shown as you type; set PORTCULLIS_PASSWORD or pipe it to hide it): ");
    }
    let mut line = String::new();
    input
        .lock()
        .read_line(&mut line)
        .map_err(|error| Stop::Failed(format!("cannot read the password from standard input: {error}")))?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(Stop::Usage(
            "no password: set PORTCULLIS_PASSWORD or write it to standard input".to_owned(),
        ));
    }
    Ok(SecretString::from(password))
}
