//! `portcullis export`: an embedded database as SurrealQL, to move it to a SurrealDB server. The server must be stopped,
//! because only one process can open the database.

use std::path::PathBuf;

use clap::Args;

use super::{CommandError, output};
use crate::config::Config;
use crate::store::Store;

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// File to write; it must not exist
    file: PathBuf,
}

pub(super) async fn run(args: &ExportArgs, config: &Config) -> Result<(), CommandError> {
    let store = Store::open_existing(config.store.location()?, config.store.memory()).await?;
    let exported = store.export(&args.file).await;
    store.close().await;
    exported?;
    let bytes = args.file.metadata()?.len();
    output::print_line(format_args!("{}\t{bytes} bytes", args.file.display()))
}
