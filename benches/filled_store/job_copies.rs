//! Copies of jobs, made in the files of the store. The services would take an hour for a million jobs.

use std::path::Path;

use surrealkv::{Durability, LSMIterator as _, Mode};

use crate::tree::{Template, open};

/// The start of the id of a job that is copied. The last character is replaced.
const ORIGINAL: &str = "job-0";
/// Entries of a transaction.
const BATCH: usize = 5_000;

/// Copies each job `job-0NNNNN` to `job-1NNNNN` and so on, until there are so many of each, at most ten.
pub(crate) async fn multiply(db: &Path, times: usize) {
    let tree = open(db, false);
    let reading = tree.begin_with_mode(Mode::ReadOnly).unwrap();
    let mut range = reading.range(vec![0], vec![u8::MAX]).unwrap();
    let starts: Vec<[String; 1]> = (1..times).map(|n| [format!("job-{n}")]).collect();
    range.seek_first().unwrap();
    while range.valid() {
        let mut transaction = tree.begin_with_mode(Mode::WriteOnly).unwrap();
        transaction.set_durability(Durability::Eventual);
        let mut entries = 0;
        while range.valid() && entries < BATCH {
            let template = Template::new(range.key().user_key(), &range.value().unwrap(), &[ORIGINAL]);
            // Not the events of the audit trail, whose keys name no job.
            if template.names_any() {
                for start in &starts {
                    let (key, value) = template.copy(start);
                    transaction.set(key, value).unwrap();
                }
                entries += starts.len();
            }
            range.next().unwrap();
        }
        transaction.commit().await.unwrap();
    }
    drop(range);
    drop(reading);
    tree.close().await.unwrap();
}
