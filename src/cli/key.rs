//! `portcullis key`: the key that signs access tokens. With an embedded database, the server must be stopped, because
//! only one process can open it.

use clap::Subcommand;

use super::{CommandError, output};
use crate::app;
use crate::config::Config;

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Create the key that signs access tokens from the next start of the server on. The current key continues to verify
    /// its tokens. If it is lost or damaged, its access tokens are refused; sessions continue when clients refresh their
    /// tokens. With `signing_key` or a secret, no key is created: that one is accepted as the new key
    New,
}

pub(super) async fn run(command: &KeyCommand, config: &Config) -> Result<(), CommandError> {
    match command {
        KeyCommand::New => {
            let kid = app::new_signing_key(config).await?;
            output::print_line(format_args!("{kid}\tsigns from the next start of the server on"))
        }
    }
}
