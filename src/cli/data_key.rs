//! `portcullis data-key`: the key that encrypts personal data in the database. With an embedded database, the server must
//! be stopped to replace it, because only one process can open the database.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{CommandError, output};
use crate::app;
use crate::config::Config;
use crate::store;

#[derive(Debug, Subcommand)]
pub(super) enum DataKeyCommand {
    /// Write a new key to a file that only its owner can read
    New(NewArgs),
    /// Encrypt all personal data with `data_key`: values that are not encrypted yet, and values encrypted with
    /// `previous_data_keys`, which are not needed afterwards. Can be interrupted and run again
    #[command(visible_alias = "seal")]
    Rotate,
}

#[derive(Debug, Args)]
pub(super) struct NewArgs {
    /// File to write
    file: PathBuf,
}

pub(super) async fn run(command: DataKeyCommand, config: &Config) -> Result<(), CommandError> {
    match command {
        DataKeyCommand::New(NewArgs { file }) => {
            let id = store::create_data_key(&file)?;
            output::print_line(format_args!("{id}\twritten to {}", file.display()))
        }
        DataKeyCommand::Rotate => {
            if config.store.data_key.is_none() {
                return Err(CommandError::Usage(
                    "data_key: required, the file of the key that encrypts; `portcullis data-key new FILE` writes one"
                        .to_owned(),
                ));
            }
            let (id, values) = app::encrypt_personal_data(config).await?;
            output::print_line(format_args!("{id}\t{values} values encrypted"))
        }
    }
}
