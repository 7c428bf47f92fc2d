//! `portcullis train`, `portcullis eval` and `portcullis models`.

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::Stop;
use crate::config::Config;
use crate::inference::train::{self, Progress};
use crate::inference::{self, Inference, ModelCard};

#[derive(Debug, Args)]
pub(super) struct ModelArgs {
    /// The model: occupation
    name: String,
}

pub(super) fn train(args: &ModelArgs, config: &Config) -> Result<(), Stop> {
    let models = inference::find_models_dir(config.models_dir.as_deref())?;
    let mut bar = Bar::default();
    let card = train::train(&models, &args.name, &mut |progress| bar.show(&progress))?;
    bar.finish();
    print_figures(&card);
    Ok(())
}

pub(super) fn eval(args: &ModelArgs, config: &Config) -> Result<(), Stop> {
    let models = inference::find_models_dir(config.models_dir.as_deref())?;
    let mut bar = Bar::default();
    let card = train::evaluate(&models, &args.name, &mut |progress| bar.show(&progress))?;
    bar.finish();
    print_figures(&card);
    Ok(())
}

pub(super) fn list(config: &Config) -> Result<(), Stop> {
    let settings = inference::Settings {
        models_dir: config.models_dir.clone(),
        ..inference::Settings::default()
    };
    let inference = Inference::open(&settings)?;
    for card in inference.models() {
        println!(
            "{}\t{}\t{:?}\t{}\t{}",
            card.name,
            card.version,
            card.task,
            card.licence,
            card.digest()
        );
    }
    inference.ready().map_err(Stop::Failed)
}

fn print_figures(card: &ModelCard) {
    for (name, value) in &card.metrics {
        println!("{name}\t{value:.4}");
    }
}

/// How far the work is: a bar on a terminal, plain lines otherwise.
struct Bar(ProgressBar);

impl Default for Bar {
    fn default() -> Self {
        let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}");
        Self(ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())))
    }
}

impl Bar {
    fn show(&mut self, progress: &Progress) {
        match progress {
            Progress::Encoding { done, of } => {
                self.0.set_message("encoding");
                self.0.set_length(*of as u64);
                self.0.set_position(*done as u64);
                if self.0.is_hidden() && done == of {
                    eprintln!("encoded {of} texts");
                }
            }
            Progress::Epoch {
                epoch,
                of,
                train_loss,
                valid_loss,
                valid_accuracy,
            } => {
                let line = format!(
                    "epoch {epoch} of at most {of}: training loss {train_loss:.4}, validation loss {valid_loss:.4}, \
                     validation accuracy {valid_accuracy:.4}"
                );
                if self.0.is_hidden() {
                    eprintln!("{line}");
                } else {
                    self.0.println(line);
                }
            }
        }
    }

    fn finish(&self) {
        self.0.finish_and_clear();
    }
}
