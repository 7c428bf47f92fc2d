//! Reads a password from the environment, a terminal or a pipe. It cannot be passed as an argument, because other users
//! of the host can read the arguments of a process.

use std::fs::File;
use std::io::{BufRead as _, IsTerminal as _, Read as _};

use console::Term;
use secrecy::{ExposeSecret as _, SecretString};

use super::CommandError;
use crate::config;

/// Maximum number of bytes to read from a pipe. Longer than any accepted password.
const MOST_BYTES: u64 = 4096;

/// Returns `PORTCULLIS_PASSWORD` if it is set. Otherwise prompts for a password if standard input is a terminal, or
/// reads the first line of standard input.
pub(super) fn read() -> Result<SecretString, CommandError> {
    let password = match config::password() {
        Some(password) => password,
        None if std::io::stdin().is_terminal() => ask()?,
        None => first_line()?,
    };
    if password.expose_secret().is_empty() {
        return Err(CommandError::Usage(
            "the password is empty; set PORTCULLIS_PASSWORD or write the password to standard input".to_owned(),
        ));
    }
    Ok(password)
}

/// Prompts twice, without echo. Opens the terminal directly, because the standard streams may be redirected.
fn ask() -> Result<SecretString, CommandError> {
    let failed =
        |error: std::io::Error| CommandError::Failed(format!("cannot read the password from the terminal: {error}"));
    let terminal = File::options()
        .read(true)
        .write(true)
        .open("/dev/tty")
        .map_err(failed)?;
    let terminal = Term::read_write_pair(terminal.try_clone().map_err(failed)?, terminal);
    let prompt = |text: &str| {
        terminal.write_str(text)?;
        terminal.read_secure_line().map(SecretString::from)
    };
    let password = prompt("Password: ").map_err(failed)?;
    let again = prompt("Repeat the password: ").map_err(failed)?;
    if password.expose_secret() != again.expose_secret() {
        return Err(CommandError::Failed(
            "the passwords differ; nothing was changed".to_owned(),
        ));
    }
    Ok(password)
}

fn first_line() -> Result<SecretString, CommandError> {
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .take(MOST_BYTES)
        .read_line(&mut line)
        .map_err(|error| CommandError::Failed(format!("cannot read the password from standard input: {error}")))?;
    line.truncate(line.trim_end_matches(['\r', '\n']).len());
    Ok(SecretString::from(line))
}
