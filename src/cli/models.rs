//! `portcullis train`, `portcullis eval` of classifiers, and `portcullis models`.

use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::{CommandError, output};
use crate::config::Config;
use crate::inference::train::{self, Progress};
use crate::inference::{self, Inference, ModelCard, RefusedModel};

#[derive(Debug, Args)]
pub(super) struct TrainArgs {
    /// Model to train: occupation, breast-cancer, matching or postings
    pub(super) name: String,
    /// Random seed of the first of five networks; the others use the next four seeds
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,
    /// Folder with the data for matching, which is not included in Portcullis, or a further file of labelled postings
    #[arg(long, value_name = "DIR")]
    pub(super) data: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct EvalArgs {
    /// Model to evaluate: occupation, breast-cancer, matching or postings; reading, which evaluates the readers of files;
    /// or trades, which evaluates matches of graded resumes
    pub(super) name: String,
    /// Folder with the data: for matching, not included in Portcullis; for reading, tests/data/reading by default; for
    /// trades, tests/data/matching/trades by default; for postings, a further file of labelled postings
    #[arg(long, value_name = "DIR")]
    pub(super) data: Option<PathBuf>,
    /// Measure matching also without each of its parts, which takes six times as long
    #[arg(long)]
    pub(super) ablations: bool,
    /// Print the figures of reading as JSON
    #[arg(long)]
    pub(super) json: bool,
    /// Print each difference between a file and its expected contents to standard error; for reading
    #[arg(long)]
    pub(super) differences: bool,
}

pub(super) fn train(args: &TrainArgs, config: &Config) -> Result<(), CommandError> {
    let models = inference::find_models_dir(config.inference.models_dir.as_deref())?;
    let bar = Bar::default();
    let card = train::train(&models, &args.name, args.seed, &mut |progress| bar.show(&progress))?;
    bar.finish();
    print_figures(&card)
}

pub(super) fn eval(args: &EvalArgs, config: &Config) -> Result<(), CommandError> {
    let models = inference::find_models_dir(config.inference.models_dir.as_deref())?;
    let bar = Bar::default();
    let card = train::evaluate(&models, &args.name, &mut |progress| bar.show(&progress))?;
    bar.finish();
    print_figures(&card)
}

pub(super) fn list(config: &Config) -> Result<(), CommandError> {
    let settings = inference::Settings {
        models_dir: config.inference.models_dir.clone(),
        ..inference::Settings::default()
    };
    let inference = Inference::open(&settings)?;
    for card in inference.models() {
        output::print_line(format_args!(
            "{}\t{}\t{}\t{}",
            card.id(),
            card.task.name(),
            card.licence,
            card.digest()
        ))?;
    }
    let refused = inference.refused();
    for RefusedModel { folder, reason, .. } in &refused {
        output::print_line(format_args!("{}\trefused\t{reason}", folder.display()))?;
    }
    match refused.len() {
        0 => Ok(()),
        1 => Err(CommandError::Failed("1 model could not be loaded".to_owned())),
        count => Err(CommandError::Failed(format!("{count} models could not be loaded"))),
    }
}

fn print_figures(card: &ModelCard) -> Result<(), CommandError> {
    card.metrics
        .iter()
        .try_for_each(|(name, value)| output::print_line(format_args!("{name}\t{value:.4}")))
}

/// Shows progress: a bar on a terminal, lines otherwise.
struct Bar(ProgressBar);

impl Default for Bar {
    fn default() -> Self {
        let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {msg}");
        Self(ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())))
    }
}

impl Bar {
    fn show(&self, progress: &Progress) {
        let (done, of, line) = match progress {
            Progress::Encoding { done, of } => (done, of, "texts encoded".to_owned()),
            Progress::Epoch {
                seed,
                epoch,
                of,
                train_loss,
                valid_loss,
                valid_accuracy,
            } => {
                let losses = format!("loss {train_loss:.4}, validation {valid_loss:.4}, accuracy {valid_accuracy:.4}");
                (epoch, of, format!("epochs (maximum), seed {seed}: {losses}"))
            }
        };
        if !self.0.is_hidden() {
            self.0.set_length(*of as u64);
            self.0.set_position(*done as u64);
            self.0.set_message(line);
        } else if matches!(progress, Progress::Epoch { .. }) || done == of {
            output::report(format_args!("{done}/{of} {line}"));
        }
    }

    fn finish(&self) {
        self.0.finish_and_clear();
    }
}
