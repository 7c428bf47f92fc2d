//! The resident memory of the server and of its readers of documents.

use std::fmt;
use std::fs::read_to_string;
use std::time::Duration;

/// The resident memory at a time, in bytes.
pub(crate) struct Sample {
    pub(crate) at: Duration,
    server: u64,
    readers: u64,
}

impl Sample {
    /// `None` if the server is gone.
    pub(crate) fn of(server: u32, at: Duration) -> Option<Self> {
        Some(Self {
            at,
            server: status(server, "VmRSS:").filter(|bytes| *bytes > 0)?,
            // The program is shared with the server, so only memory of their own counts.
            readers: children(server)
                .into_iter()
                .filter_map(|child| status(child, "RssAnon:"))
                .sum(),
        })
    }

    pub(crate) fn total(&self) -> u64 {
        self.server + self.readers
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (minutes, mb) = (self.at.as_secs_f64() / 60.0, |bytes: u64| bytes as f64 / 1e6);
        write!(
            f,
            "{minutes:.1} min: {:.0} MB resident, and {:.0} MB of readers",
            mb(self.server),
            mb(self.readers)
        )
    }
}

/// A field of `/proc/PID/status`, in bytes.
fn status(process: u32, field: &str) -> Option<u64> {
    let text = read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(field))?;
    line.trim()
        .trim_end_matches(" kB")
        .parse::<u64>()
        .ok()
        .map(|kib| kib * 1024)
}

/// The child processes of all threads of a process.
fn children(process: u32) -> Vec<u32> {
    let Ok(threads) = std::fs::read_dir(format!("/proc/{process}/task")) else {
        return Vec::new();
    };
    let lists = threads
        .flatten()
        .filter_map(|thread| read_to_string(thread.path().join("children")).ok());
    let numbers = |list: String| {
        list.split_whitespace()
            .filter_map(|id| id.parse().ok())
            .collect::<Vec<_>>()
    };
    lists.flat_map(numbers).collect()
}

/// The slope in MB per minute, by least squares.
pub(crate) fn slope(samples: &[&Sample]) -> f64 {
    let count = samples.len() as f64;
    let points = samples
        .iter()
        .map(|sample| (sample.at.as_secs_f64() / 60.0, sample.total() as f64 / 1e6));
    let (x, y) = points
        .clone()
        .fold((0.0, 0.0), |(a, b), (x, y)| (a + x / count, b + y / count));
    let (products, squares) = points.fold((0.0, 0.0), |(products, squares), (at, mb)| {
        (products + (at - x) * (mb - y), squares + (at - x).powi(2))
    });
    if squares > 0.0 { products / squares } else { 0.0 }
}
