//! Progress of a command that reads or writes many bytes, and its end by a signal.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};

use super::CommandError;
use crate::http;

/// A bar on a terminal, cheap to clone.
#[derive(Clone)]
pub(super) struct ByteProgress {
    bar: ProgressBar,
    stopped: Arc<AtomicBool>,
    since: Instant,
}

impl ByteProgress {
    /// Starts to listen for SIGTERM and SIGINT.
    pub(super) fn start() -> Result<Self, CommandError> {
        let style = ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes} {eta}");
        let stopped = Arc::<AtomicBool>::default();
        let stop = http::shutdown_signal()?;
        tokio::spawn({
            let stopped = Arc::clone(&stopped);
            async move {
                stop.await;
                stopped.store(true, Ordering::Relaxed);
            }
        });
        Ok(Self {
            bar: ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())),
            stopped,
            since: Instant::now(),
        })
    }

    /// Shows the position, and returns whether to go on.
    pub(super) fn show(&self, done: u64, total: u64) -> ControlFlow<()> {
        if self.bar.length() != Some(total) {
            self.bar.set_length(total);
        }
        self.bar.set_position(done);
        if self.stopped.load(Ordering::Relaxed) {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// Removes the bar and returns the seconds since the start.
    pub(super) fn finish(&self) -> f64 {
        self.bar.finish_and_clear();
        self.since.elapsed().as_secs_f64()
    }
}
