//! `portcullis export`: an embedded database as SurrealQL, to move it to a SurrealDB server. The server must be stopped,
//! because only one process can open the database.

use std::path::PathBuf;

use clap::Args;

use super::{CommandError, output};
use crate::app;
use crate::config::Config;

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// File to write; it must not exist
    file: PathBuf,
}

pub(super) async fn run(args: &ExportArgs, config: &Config) -> Result<(), CommandError> {
    app::export_database(config, &args.file).await?;
    let bytes = args.file.metadata()?.len();
    output::print_line(format_args!("{}\t{bytes} bytes", args.file.display()))
}
