//! `portcullis backup`: writes an encrypted copy of the store and the signing keys, while the server runs or not.

use std::path::PathBuf;

use clap::Args;

use super::backup_secret::SecretArgs;
use super::progress::ByteProgress;
use super::{CommandError, output};
use crate::clock::{Clock as _, SystemClock};
use crate::config::Config;
use crate::inference;
use crate::store::backup::{self, About, BackupError, ModelDigest};

#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// File to write
    file: PathBuf,
    /// Replace the file if it exists
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    secret: SecretArgs,
}

pub(super) async fn run(args: BackupArgs, config: &Config) -> Result<(), CommandError> {
    let location = config.store.location()?;
    // Refused before a passphrase is asked for.
    backup::store_folder(&location)?;
    if !args.force && args.file.symlink_metadata().is_ok() {
        return Err(BackupError::Exists(args.file).into());
    }
    let secret = args.secret.read(true)?;
    let about = About {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        created: SystemClock.now(),
        models: models(config),
        data_keys: Vec::new(),
    };
    let progress = ByteProgress::start()?;
    let shown = args.file.display().to_string();
    let data_dir = config.store.data_dir.clone();
    let task = tokio::task::spawn_blocking({
        let progress = progress.clone();
        move || {
            let progress = |done, total| progress.show(done, total);
            backup::create(&location, &data_dir, about, &secret, &args.file, args.force, &progress)
        }
    });
    let outcome = task.await?;
    let seconds = progress.finish();
    let size = outcome?;
    output::print_line(format_args!(
        "{shown}\t{} files\t{} bytes\t{seconds:.1} s",
        size.files, size.bytes
    ))
}

/// The models that the server uses. Without a models folder, there are none to compare later.
pub(super) fn models(config: &Config) -> Vec<ModelDigest> {
    let folder = inference::find_models_dir(config.inference.models_dir.as_deref());
    let digests = folder
        .map(|folder| inference::model_digests(&folder))
        .unwrap_or_default();
    let digests = digests.into_iter().map(|(id, digest)| ModelDigest { id, digest });
    digests.collect()
}
