//! `portcullis match RESUME JOB`, which matches two files, and the commands
//! `portcullis train matching` and `portcullis eval matching`.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anstyle::{AnsiColor, Effects, Style};
use clap::{Args, ValueEnum};

use super::read::read;
use super::{CommandError, output};
use crate::app::{self, Models};
use crate::clock::{Clock as _, SystemClock};
use crate::config::Config;
use crate::inference::{self, Compute, Inference};
use crate::matching::{Audience, Month, Plan, RequirementKind, ResumeMatch, eval};
use crate::text::one_line;

/// Name of the evaluation of graded resumes in `eval`.
pub(super) const TRADES: &str = "trades";
/// The folder with its data, in a checkout of the source.
const TRADES_DATA: &str = "tests/data/matching/trades";
/// Name of the matcher in `train` and `eval`.
pub(super) const NAME: &str = "matching";

#[derive(Debug, Args)]
pub(super) struct MatchArgs {
    /// Resume file: PDF, DOCX, HTML, Markdown or plain text
    resume: PathBuf,
    /// Job posting file: PDF, DOCX, HTML, Markdown or plain text
    job: PathBuf,
    /// Print the full result as JSON, structured like the GraphQL type ResumeMatch
    #[arg(long)]
    json: bool,
    /// Print a letter that explains the match to this reader
    #[arg(long, value_name = "READER", conflicts_with = "json")]
    explain: Option<Reader>,
}

/// The reader of a letter.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Reader {
    /// The person whose resume it is
    Candidate,
    /// The person who compares resumes with the posting
    Recruiter,
}

impl From<Reader> for Audience {
    fn from(reader: Reader) -> Self {
        match reader {
            Reader::Candidate => Self::Candidate,
            Reader::Recruiter => Self::Recruiter,
        }
    }
}

pub(super) async fn run(args: MatchArgs, config: &Config) -> Result<(), CommandError> {
    let Models { inference, lexicon } = Models::open(config)?;
    let today = Month::of(&SystemClock.now());
    let (resume, job) = (read(&args.resume)?, read(&args.job)?);
    let plan = Plan::new(&lexicon, &resume.text, &job.text, today);
    let embeddings = inference.embed("", plan.texts().to_vec()).await?;
    let mut result = plan.score(&embeddings)?;
    result.warnings.extend(app::file_warnings(&resume, &job));
    if let Some(reader) = args.explain {
        output::print(result.explain(reader.into()))
    } else if args.json {
        output::print_line(serde_json::to_string_pretty(&result)?)
    } else {
        output::print_coloured(Report(&result))
    }
}

/// Blocks until the future completes. It runs on this thread, so it does not have to be `Send`.
fn wait<T>(work: impl Future<Output = Result<T, eval::EvalError>>) -> Result<T, CommandError> {
    let done = tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(work));
    Ok(done?)
}

/// Opens inference for batch processing, without the lexicon, which training may have yet to create.
fn encoder(models: &Path, compute: Compute) -> Result<Inference, CommandError> {
    let settings = inference::Settings {
        models_dir: Some(models.to_owned()),
        compute,
        batch_pieces: 1024,
        deadline: Duration::from_secs(600),
        ..inference::Settings::default()
    };
    Ok(Inference::open(&settings)?)
}

/// What computes embeddings, as for a server.
fn compute(config: &Config) -> Compute {
    Compute::on(config.inference.device, config.inference.precision)
}

pub(super) fn train(data: Option<&Path>, config: &Config) -> Result<(), CommandError> {
    let models = inference::find_models_dir(config.inference.models_dir.as_deref())?;
    let inference = encoder(&models, inference::Settings::default().compute)?;
    wait(eval::train(&models, data, &inference, &mut |step| output::report(step)))
}

pub(super) fn eval(data: Option<&Path>, ablations: bool, config: &Config) -> Result<(), CommandError> {
    let models = inference::find_models_dir(config.inference.models_dir.as_deref())?;
    let inference = encoder(&models, compute(config))?;
    let table = wait(eval::evaluate(&models, data, &inference, ablations, &mut |step| {
        output::report(format_args!("{step} ..."));
    }))?;
    output::print(table)
}

/// `data` is a folder of graded resumes.
pub(super) fn eval_trades(data: Option<&Path>, config: &Config) -> Result<(), CommandError> {
    let models = inference::find_models_dir(config.inference.models_dir.as_deref())?;
    let inference = encoder(&models, compute(config))?;
    let data = data.unwrap_or(Path::new(TRADES_DATA));
    let table = wait(eval::evaluate_trades(&models, data, &inference, &mut |step| {
        output::report(format_args!("{step} ..."));
    }))?;
    output::print(table)
}

/// Formats a match for a terminal.
struct Report<'a>(&'a ResumeMatch);

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const FAINT: Style = Style::new().effects(Effects::DIMMED);
const HEADING: Style = Style::new().effects(Effects::BOLD);
const WARNING: Style = AnsiColor::Yellow.on_default();
/// Width of a bar, in characters.
const BAR: usize = 20;

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = self.0;
        writeln!(f, "{HEADING}score {:.2}{HEADING:#}  {}", found.score, Bar(found.score))?;
        writeln!(f, "{}", found.summary)?;
        for warning in &found.warnings {
            writeln!(f, "{WARNING}warning: {warning}{WARNING:#}")?;
        }
        heading(f, "components")?;
        for part in &found.components {
            let kind = format!("{:?}", part.kind).to_lowercase();
            let bar = Bar(part.score);
            writeln!(
                f,
                "  {kind:<13}{bar} {:.2} x {:.2}  {}",
                part.score, part.weight, part.reason
            )?;
        }
        heading(f, "requirements")?;
        for requirement in &found.requirements {
            let (style, sign) = if requirement.met { (GOOD, '+') } else { (BAD, '-') };
            let kind = match requirement.kind {
                RequirementKind::MustHave => "must",
                RequirementKind::NiceToHave => "nice",
                RequirementKind::Duty => "duty",
            };
            writeln!(f, "{style}{sign} {kind}{style:#}  {}", one_line(&requirement.text))?;
            if let Some(evidence) = &requirement.evidence {
                let similarity = requirement.similarity;
                writeln!(
                    f,
                    "{FAINT}        {similarity:.2}  {}{FAINT:#}",
                    one_line(&evidence.text)
                )?;
            }
        }
        if !found.open_questions.is_empty() {
            heading(f, "not shown by resumes, and not counted")?;
        }
        for question in &found.open_questions {
            writeln!(f, "  {}", one_line(&question.text))?;
        }
        heading(f, "skills")?;
        let matched = found.skills.matched.iter().map(|one| one.skill.label.as_str());
        writeln!(f, "{GOOD}+ {}{GOOD:#}", matched.collect::<Vec<_>>().join(", "))?;
        let missing = found.skills.missing.iter().map(|one| one.skill.label.as_str());
        writeln!(f, "{BAD}- {}{BAD:#}", missing.collect::<Vec<_>>().join(", "))?;
        if !found.gaps.is_empty() {
            heading(f, "gaps, with the score if each is closed")?;
        }
        for gap in found.gaps.iter().take(10) {
            let must = if gap.required { "must" } else { "" };
            writeln!(f, "  {:.2}  {must:4}  {}", gap.score_if_added, one_line(&gap.text))?;
        }
        Ok(())
    }
}

fn heading(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    writeln!(f, "\n{HEADING}{text}{HEADING:#}")
}

/// Displays a number from 0 to 1 as a bar.
struct Bar(f64);

impl fmt::Display for Bar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let style = match self.0 {
            worth if worth >= 0.6 => GOOD,
            worth if worth >= 0.3 => WARNING,
            _ => BAD,
        };
        let full = (0..BAR).filter(|at| (*at as f64 + 0.5) / BAR as f64 <= self.0).count();
        let (full, rest) = ("\u{2588}".repeat(full), "\u{2591}".repeat(BAR - full));
        write!(f, "{style}{full}{style:#}{FAINT}{rest}{FAINT:#}")
    }
}
