//! `portcullis restore`: unpacks a backup into an empty data folder, or only verifies it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;

use super::backup::models;
use super::backup_secret::SecretArgs;
use super::progress::ByteProgress;
use super::{CommandError, output};
use crate::config::Config;
use crate::store::backup::{self, About, ModelDigest, Size};

#[derive(Debug, Args)]
pub(super) struct RestoreArgs {
    /// Backup to restore
    file: PathBuf,
    /// Verify the whole backup without writing anything
    #[arg(long)]
    verify: bool,
    #[command(flatten)]
    secret: SecretArgs,
}

pub(super) async fn run(args: RestoreArgs, config: &Config) -> Result<(), CommandError> {
    let data_dir = config.store.data_dir.clone();
    if !args.verify {
        let place = data_dir.join("db");
        // The files of one backup belong together, and a store elsewhere may be on another file system.
        if config.store.location()?.path() != Some(place.as_path()) {
            return Err(CommandError::Usage(format!(
                "restore writes the store to {place} and the keys beside it: run it without the setting `database`, and \
                 move the folder afterwards if necessary",
                place = place.display()
            )));
        }
        backup::check_empty(&data_dir)?;
    }
    let secret = args.secret.read(false)?;
    let progress = ByteProgress::start()?;
    let shown = args.file.display().to_string();
    let verify = args.verify;
    let task = tokio::task::spawn_blocking({
        let (progress, data_dir) = (progress.clone(), data_dir.clone());
        move || {
            let progress = |done, total| progress.show(done, total);
            if verify {
                return backup::verify(&args.file, &secret, &progress).map(Outcome::Verified);
            }
            backup::unpack(&args.file, &secret, &data_dir, &progress).map(Outcome::Unpacked)
        }
    });
    let outcome = task.await?;
    let (about, size, done) = match outcome {
        Ok(Outcome::Verified((about, size))) => (about, size, format!("{shown}\tintact")),
        Ok(Outcome::Unpacked(unpacked)) => {
            let (about, size) = unpacked.finish(config.store_memory()).await?;
            (about, size, format!("{}\trestored", data_dir.display()))
        }
        Err(error) => {
            progress.finish();
            return Err(error.into());
        }
    };
    let seconds = progress.finish();
    if let Some(line) = difference(&about.models, &models(config)) {
        output::report(line);
    }
    let Size { files, bytes } = size;
    let About {
        program,
        created,
        data_keys,
        ..
    } = about;
    let needed = match data_keys.as_slice() {
        [] => String::new(),
        ids => format!("\tneeds the data key {}", ids.join(" and ")),
    };
    output::print_line(format_args!(
        "{done}\t{files} files\t{bytes} bytes\t{seconds:.1} s\tmade by {program} at {}{needed}",
        created.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    ))
}

enum Outcome {
    Verified((About, Size)),
    Unpacked(backup::Unpacked),
}

/// One line that names the models that differ from those of the backup, if any.
fn difference(before: &[ModelDigest], now: &[ModelDigest]) -> Option<String> {
    let by_id = |models: &[ModelDigest]| -> BTreeMap<String, String> {
        let pairs = models.iter().map(|model| (model.id.clone(), model.digest.clone()));
        pairs.collect()
    };
    let (before, now) = (by_id(before), by_id(now));
    let mut names: Vec<&str> = Vec::new();
    for (id, digest) in before.iter().chain(&now) {
        let same = before.get(id) == Some(digest) && now.get(id) == Some(digest);
        if !same && !names.contains(&id.as_str()) {
            names.push(id);
        }
    }
    (!names.is_empty()).then(|| {
        format!(
            "portcullis: the models folder differs from that of the backup in {}; embeddings and predictions may change",
            names.join(", ")
        )
    })
}

#[cfg(test)]
mod tests {
    //! The comparison of models.

    use super::*;

    #[test]
    fn models_that_differ_are_named_once() {
        let model = |id: &str, digest: &str| ModelDigest {
            id: id.to_owned(),
            digest: digest.to_owned(),
        };
        let before = [model("a@1", "x"), model("b@1", "x"), model("c@1", "x")];
        let now = [model("a@1", "x"), model("b@1", "y"), model("d@1", "x")];
        assert_eq!(difference(&before, &before), None);
        let line = difference(&before, &now).unwrap();
        assert!(line.contains(" in b@1, c@1, d@1;"), "{line}");
        assert_eq!(line.lines().count(), 1);
    }
}
