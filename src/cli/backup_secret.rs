//! The passphrase or key of a backup, as the commands obtain it.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;

use clap::Args;
use secrecy::SecretString;

use super::{CommandError, password};
use crate::config;
use crate::store::backup::Secret;

const PASSPHRASE: password::PasswordPrompt = password::PasswordPrompt {
    prompt: "Passphrase: ",
    noun: "passphrase",
    variable: "PORTCULLIS_BACKUP_PASSPHRASE",
};
/// More than the first line of any passphrase file needs.
const MOST_BYTES: u64 = 64 << 10;

#[derive(Debug, Args)]
pub(super) struct SecretArgs {
    /// File whose first line is the passphrase. Without it and --key-file, the passphrase is read from
    /// PORTCULLIS_BACKUP_PASSPHRASE, the terminal or standard input
    #[arg(long, value_name = "FILE", conflicts_with = "key_file")]
    passphrase_file: Option<PathBuf>,
    /// File with a random key instead of a passphrase: 32 bytes, or 64 hexadecimal digits
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

impl SecretArgs {
    /// Reads the secret. A terminal is asked twice if `is_new`.
    pub(super) fn read(&self, is_new: bool) -> Result<Secret, CommandError> {
        if let Some(path) = &self.key_file {
            return Ok(Secret::read_key(path)?);
        }
        let Some(path) = &self.passphrase_file else {
            let passphrase = PASSPHRASE.read(config::backup_passphrase(), is_new)?;
            return Ok(Secret::Passphrase(passphrase));
        };
        let mut line = String::new();
        let read = File::open(path).and_then(|file| BufReader::new(file.take(MOST_BYTES)).read_line(&mut line));
        read.map_err(|error| CommandError::Failed(format!("{}: {error}", path.display())))?;
        line.truncate(line.trim_end_matches(['\r', '\n']).len());
        if line.is_empty() {
            let message = format!("{}: the first line is empty; it must be the passphrase", path.display());
            return Err(CommandError::Usage(message));
        }
        Ok(Secret::Passphrase(SecretString::from(line)))
    }
}
