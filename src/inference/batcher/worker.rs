//! The worker thread: runs batches of waiting texts, one after the other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;

use portcullis_kernels::{Buffers, Preemption};

use super::super::cache::EncodedText;
use super::super::encoder::{Embedding, Encoder};
use super::super::error::InferenceError;
use super::super::tokenizer;
use super::fair_queue::Turns;
use super::{Request, Truncation, Waiting};
use crate::inference::encoder_input::Role;
use crate::metrics::metrics;

/// Word pieces of a batch of small requests. A batch of large ones pauses for it before each of its layers, so it is
/// small relative to [`Limits::batch`](super::Limits::batch); otherwise large requests would starve.
const SMALL_BATCH: usize = 64;

/// The worker, which owns the network and its buffers.
pub(super) struct Worker {
    encoder: Arc<Encoder>,
    lanes: Lanes,
    /// Word pieces of a batch of large requests.
    batch: usize,
    buffers: Buffers,
    /// For small batches that run between the layers of a batch that uses `buffers`.
    buffers_between: Buffers,
}

impl Worker {
    pub(super) fn new(encoder: Arc<Encoder>, jobs: Receiver<Request>, waiting: Arc<Waiting>, batch: usize) -> Self {
        Self {
            encoder,
            lanes: Lanes {
                jobs,
                waiting,
                small: Turns::default(),
                large: Turns::default(),
            },
            batch,
            buffers: Buffers::default(),
            buffers_between: Buffers::default(),
        }
    }

    /// Works until the queue is empty and closed. Runs on the current rayon pool.
    pub(super) fn run(mut self) {
        while self.lanes.wait() {
            let large = Batch::gather(&mut self.lanes.large, &self.encoder, self.batch);
            let waiting = Arc::clone(&self.lanes.waiting);
            let mut small_first = || self.lanes.run_small(&self.encoder, &mut self.buffers_between);
            small_first();
            let mut pause = Preemption {
                wanted: &waiting.small,
                run: &mut small_first,
            };
            let answer = large.run(&self.encoder, &mut self.buffers, Some(&mut pause));
            large.hand_out(&mut self.lanes.large, answer);
        }
    }
}

/// Waiting texts, small and large requests apart.
struct Lanes {
    jobs: Receiver<Request>,
    waiting: Arc<Waiting>,
    small: Turns,
    large: Turns,
}

impl Lanes {
    /// Blocks until there is work; `false` if there will be none.
    fn wait(&mut self) -> bool {
        if self.small.is_empty() && self.large.is_empty() {
            match self.jobs.recv() {
                Ok(job) => self.add(job),
                Err(_) => return false,
            }
        }
        self.admit();
        true
    }

    /// Accepts submitted requests, and drops those whose callers are gone.
    fn admit(&mut self) {
        while let Ok(job) = self.jobs.try_recv() {
            self.add(job);
        }
        self.small.sweep();
        self.large.sweep();
    }

    fn add(&mut self, job: Request) {
        let lane = if job.is_small() {
            &mut self.small
        } else {
            &mut self.large
        };
        lane.add(job, &self.waiting);
    }

    /// Runs a batch of small requests, if any are waiting.
    fn run_small(&mut self, encoder: &Encoder, buffers: &mut Buffers) {
        // The flag is set after the request was sent, so it is accepted now.
        self.waiting.small.swap(false, Ordering::AcqRel);
        self.admit();
        let batch = Batch::gather(&mut self.small, encoder, SMALL_BATCH);
        let answer = batch.run(encoder, buffers, None);
        batch.hand_out(&mut self.small, answer);
        if !self.small.is_empty() {
            self.waiting.small.store(true, Ordering::Release);
        }
    }
}

/// Texts that are encoded together.
#[derive(Default)]
struct Batch {
    /// The request of each text, and its index there.
    from: Vec<(u64, usize)>,
    ids: Vec<Vec<u32>>,
    roles: Vec<Role>,
    truncated: Vec<bool>,
}

impl Batch {
    /// Takes texts by turns until they have this many word pieces; the last one may exceed it.
    fn gather(turns: &mut Turns, encoder: &Encoder, pieces: usize) -> Self {
        let mut batch = Self::default();
        let mut gathered = 0;
        while gathered < pieces {
            let Some((id, n, text, overlong)) = turns.next() else {
                break;
            };
            match encoder.tokenize(&text) {
                Ok(pieces) if pieces.truncated && overlong == Truncation::Refuse => {
                    turns.fail(id, tokenizer::too_long(n));
                }
                Ok(pieces) => {
                    gathered += pieces.ids.len();
                    batch.from.push((id, n));
                    batch.ids.push(pieces.ids);
                    batch.roles.push(text.role());
                    batch.truncated.push(pieces.truncated);
                }
                Err(error) => turns.fail(id, error),
            }
        }
        batch
    }

    /// The embeddings of the texts. `pause` runs between layers, and not at all without texts.
    fn run(
        &self,
        encoder: &Encoder,
        buffers: &mut Buffers,
        pause: Option<&mut Preemption<'_>>,
    ) -> Result<Vec<Embedding>, InferenceError> {
        if self.ids.is_empty() {
            return Ok(Vec::new());
        }
        metrics().batch_texts.observe(self.ids.len() as f64);
        let pieces: usize = self.ids.iter().map(Vec::len).sum();
        metrics().batch_pieces.observe(pieces as f64);
        let _timer = metrics().batch_seconds.start_timer();
        let mut embed = |pause: &mut Preemption<'_>| encoder.embed_as(&self.roles, &self.ids, buffers, pause);
        let run = AssertUnwindSafe(|| match pause {
            Some(pause) => embed(pause),
            None => embed(&mut Preemption {
                wanted: &AtomicBool::new(false),
                run: &mut || {},
            }),
        });
        catch_unwind(run).unwrap_or_else(|_| Err(InferenceError::Internal("the encoder panicked".to_owned())))
    }

    fn hand_out(self, turns: &mut Turns, answer: Result<Vec<Embedding>, InferenceError>) {
        match answer {
            Ok(embeddings) => {
                for (((id, n), embedding), truncated) in self.from.into_iter().zip(embeddings).zip(self.truncated) {
                    turns.done(id, n, EncodedText { embedding, truncated });
                }
            }
            Err(error) => self.from.into_iter().for_each(|(id, _)| turns.fail(id, error.clone())),
        }
    }
}
