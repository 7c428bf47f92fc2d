//! `portcullis match RESUME JOB`: the match of two files, on the terminal.

use std::fmt;
use std::path::{Path, PathBuf};

use clap::Args;

use super::Stop;
use crate::app::Models;
use crate::clock::{Clock as _, SystemClock};
use crate::config::Config;
use crate::document::Document;
use crate::matching::{Month, Plan, ResumeMatch};

#[derive(Debug, Args)]
pub(super) struct MatchArgs {
    /// The resume
    resume: PathBuf,
    /// The job posting
    job: PathBuf,
}

pub(super) async fn run(args: MatchArgs, config: &Config) -> Result<(), Stop> {
    let Models { inference, lexicon } = Models::open(config)?;
    let today = Month::of(&SystemClock.now());
    let plan = Plan::new(&lexicon, &read(&args.resume)?, &read(&args.job)?, today);
    let embeddings = inference.embed("", plan.texts().to_vec()).await?;
    print!("{}", Report(&plan.score(&embeddings)?));
    Ok(())
}

fn read(file: &Path) -> Result<String, Stop> {
    let failed = |error: &dyn std::fmt::Display| Stop::Failed(format!("{}: {error}", file.display()));
    let bytes = std::fs::read(file).map_err(|error| failed(&error))?;
    Document::from_bytes(bytes, None).text().map_err(|error| failed(&error))
}

/// The match in words, for a terminal.
struct Report<'a>(&'a ResumeMatch);

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = self.0;
        writeln!(f, "score {:.2}", found.score)?;
        for part in &found.components {
            let kind = format!("{:?}", part.kind).to_lowercase();
            writeln!(f, "  {kind:<13}{:.2} x {:.2}  {}", part.score, part.weight, part.reason)?;
        }
        writeln!(f, "\nrequirements")?;
        for requirement in &found.requirements {
            let sign = if requirement.met { '+' } else { '-' };
            let must = if requirement.must_have { "must" } else { "nice" };
            writeln!(f, "{sign} {must}  {}", one_line(&requirement.text))?;
            if let Some(evidence) = &requirement.evidence {
                writeln!(f, "        {:.2}  {}", requirement.similarity, one_line(&evidence.text))?;
            }
        }
        let names = |labels: Vec<&str>| labels.join(", ");
        let matched = found
            .skills
            .matched
            .iter()
            .map(|one| one.skill.label.as_str())
            .collect();
        writeln!(f, "\nskills in both: {}", names(matched))?;
        for gap in &found.skills.missing {
            let must = if gap.required { "must" } else { "nice" };
            writeln!(
                f,
                "missing ({must}): {}, the score with it {:.2}",
                gap.skill.label, gap.score_if_added
            )?;
        }
        for warning in &found.warnings {
            writeln!(f, "\nwarning: {warning}")?;
        }
        Ok(())
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
