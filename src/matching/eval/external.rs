//! Public sets that others made for tasks of their own, each beside baselines and, where there is one, the figure that its
//! authors published. No weight was chosen by them, except where a name says so; docs/matching.md names the parts that were
//! trained on.

mod fit;
mod lines;
mod melo;
mod pairs;
mod postings;
mod skills;
mod spans;
mod thesaurus;

use super::EvalError;
use super::data::Data;
use super::table::{Bar, Line, Task};
use super::vectors::Vectors;
use crate::inference::Inference;
use crate::matching::Lexicon;

/// A task without a target.
fn reported(name: String, lines: Vec<Line>) -> Task {
    Task {
        name,
        bar: Bar::Unset,
        lines,
    }
}

/// All sets.
pub(super) async fn tasks(
    data: &Data,
    lexicon: &Lexicon,
    inference: &Inference,
    vectors: &mut Vectors,
    progress: &mut dyn FnMut(&str),
) -> Result<Vec<Task>, EvalError> {
    let mut tasks = Vec::new();
    progress("titles of other sets");
    tasks.push(melo::task(data, lexicon, inference, vectors).await?);
    tasks.push(thesaurus::task(data, lexicon, inference, vectors).await?);
    progress("whole postings");
    tasks.extend(postings::tasks(data, lexicon, inference, vectors).await?);
    progress("skills of other sentences");
    tasks.extend(skills::tasks(data, lexicon, inference, vectors).await?);
    progress("resumes and postings of other sets");
    tasks.extend(fit::tasks(data, lexicon, inference, vectors).await?);
    progress("pairs of sentences");
    tasks.extend(pairs::tasks(data, inference, vectors).await?);
    progress("soft skills, qualifications and lines of postings");
    tasks.extend(spans::tasks(data, lexicon)?);
    tasks.extend(lines::tasks(data, lexicon)?);
    Ok(tasks)
}
