//! Reads a password or passphrase from the environment, a terminal or a pipe. It cannot be passed as an argument, because other users
//! of the host can read the arguments of a process.

use std::fs::File;
use std::io::{BufRead as _, IsTerminal as _, Read as _};

use console::Term;
use secrecy::{ExposeSecret as _, SecretString};

use super::CommandError;
use crate::config;

/// Maximum number of bytes to read from a pipe. Longer than any accepted password.
const MOST_BYTES: u64 = 4096;

const PASSWORD: PasswordPrompt = PasswordPrompt {
    prompt: "Password: ",
    noun: "password",
    variable: "PORTCULLIS_PASSWORD",
};

/// A secret that a command needs.
pub(super) struct PasswordPrompt {
    pub(super) prompt: &'static str,
    /// The name of the secret in messages.
    pub(super) noun: &'static str,
    /// The environment variable that may contain it.
    pub(super) variable: &'static str,
}

/// Returns `PORTCULLIS_PASSWORD` if it is set. Otherwise prompts for a password if standard input is a terminal, or
/// reads the first line of standard input.
pub(super) fn read() -> Result<SecretString, CommandError> {
    PASSWORD.read(config::password(), true)
}

impl PasswordPrompt {
    /// Returns `given`, the value of the variable, if it is set. Otherwise prompts, if standard input is a terminal, or
    /// reads the first line of standard input.
    pub(super) fn read(&self, given: Option<SecretString>, twice: bool) -> Result<SecretString, CommandError> {
        let secret = match given {
            Some(secret) => secret,
            None if std::io::stdin().is_terminal() => self.ask(twice)?,
            None => self.first_line()?,
        };
        if secret.expose_secret().is_empty() {
            let Self { noun, variable, .. } = self;
            return Err(CommandError::Usage(format!(
                "the {noun} is empty; set {variable} or write the {noun} to standard input"
            )));
        }
        Ok(secret)
    }

    /// Prompts without echo. Opens the terminal directly, because the standard streams may be redirected.
    fn ask(&self, twice: bool) -> Result<SecretString, CommandError> {
        let noun = self.noun;
        let failed =
            |error: std::io::Error| CommandError::Failed(format!("cannot read the {noun} from the terminal: {error}"));
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
        let secret = prompt(self.prompt).map_err(failed)?;
        if twice {
            let again = prompt(&format!("Repeat the {noun}: ")).map_err(failed)?;
            if secret.expose_secret() != again.expose_secret() {
                return Err(CommandError::Failed(format!("the {noun}s differ; nothing was changed")));
            }
        }
        Ok(secret)
    }

    fn first_line(&self) -> Result<SecretString, CommandError> {
        let mut line = String::new();
        std::io::stdin()
            .lock()
            .take(MOST_BYTES)
            .read_line(&mut line)
            .map_err(|error| {
                CommandError::Failed(format!("cannot read the {} from standard input: {error}", self.noun))
            })?;
        line.truncate(line.trim_end_matches(['\r', '\n']).len());
        Ok(SecretString::from(line))
    }
}
