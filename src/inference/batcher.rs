//! The batcher: a bounded queue between many callers and one worker, with batches by word pieces and turns between
//! callers.
//!
//! One thread owns the network and the compute pool; async callers submit a request and await its reply. The thread
//! takes texts one by one, in turns between callers, so that a request with thousands of texts cannot starve one with a
//! single text. While a batch runs, the next one is collected; a batch never waits to be filled. Small requests take
//! precedence and do not wait for the end of a batch of large ones: they run between two of its layers.

mod fair_queue;
mod worker;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use super::cache::EncodedText;
use super::classifier::Classifier;
use super::encoder::Encoder;
use super::encoder_input::Text;
use super::error::{InferenceError, OpenError};
use crate::metrics::metrics;
use worker::Worker;

/// A request with at most this many bytes of text is small.
const SMALL: usize = 512;

/// The treatment of a text with too many word pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Truncation {
    /// Only the beginning is read, and the result says so.
    Cut,
    /// The call fails.
    Refuse,
}

/// A request to the worker.
pub(super) struct Request {
    /// The caller, for the fair queue.
    pub(super) caller: Arc<str>,
    /// The texts to encode.
    pub(super) texts: Vec<Text>,
    pub(super) overlong: Truncation,
    /// The continuation when all texts are encoded.
    pub(super) then: Completion,
}

/// The continuation of a request, with the channel of its reply. A dropped receiver cancels the request.
pub(super) enum Completion {
    /// Replies with the embeddings of the texts.
    Reply(oneshot::Sender<Result<Vec<EncodedText>, InferenceError>>),
    /// Runs a classifier on these rows; [`Row::Text`] refers to a text of the request by index.
    Classify(
        Arc<Classifier>,
        Vec<Row>,
        oneshot::Sender<Result<Classification, InferenceError>>,
    ),
}

/// An input of a classifier.
pub(super) enum Row {
    /// The index of a text of the request.
    Text(usize),
    /// A cached embedding.
    Known(EncodedText),
    /// A row of numbers.
    Features(Vec<f32>),
}

/// The result of a classifier for all rows, and the embeddings computed for it.
pub(super) struct Classification {
    pub(super) scores: Vec<Vec<f32>>,
    /// Whether the text of the row was truncated.
    pub(super) truncated: Vec<bool>,
    pub(super) encoded: Vec<EncodedText>,
}

impl Completion {
    fn is_cancelled(&self) -> bool {
        match self {
            Self::Reply(to) => to.is_closed(),
            Self::Classify(_, _, to) => to.is_closed(),
        }
    }

    fn fail(self, error: InferenceError) {
        // The caller may be gone, which is not an error.
        let _ = match self {
            Self::Reply(to) => to.send(Err(error)).is_ok(),
            Self::Classify(_, _, to) => to.send(Err(error)).is_ok(),
        };
    }

    fn finish(self, encoded: Vec<EncodedText>) {
        match self {
            Self::Reply(to) => drop(to.send(Ok(encoded))),
            Self::Classify(classifier, rows, to) => {
                let answer = catch_unwind(AssertUnwindSafe(|| classify(&classifier, &rows, encoded)))
                    .map_err(|_| InferenceError::Internal(format!("model {} panicked", classifier.card().id())));
                drop(to.send(answer));
            }
        }
    }
}

fn classify(classifier: &Classifier, rows: &[Row], encoded: Vec<EncodedText>) -> Classification {
    let (inputs, truncated): (Vec<&[f32]>, Vec<bool>) = rows
        .iter()
        .map(|row| match row {
            Row::Text(n) => (encoded[*n].embedding.as_ref(), encoded[*n].truncated),
            Row::Known(known) => (known.embedding.as_ref(), known.truncated),
            Row::Features(features) => (features.as_slice(), false),
        })
        .unzip();
    let scores = classifier.predict(inputs.into_iter());
    Classification {
        scores,
        truncated,
        encoded,
    }
}

/// The limits of the queue.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Maximum number of waiting texts and rows.
    pub(super) queue: usize,
    /// Maximum length of waiting texts in bytes.
    pub(super) bytes: usize,
    /// Word pieces of a batch; the last text may exceed it.
    pub(super) batch: usize,
}

/// The state of the queue and its counters.
#[derive(Debug, Default)]
struct Waiting {
    items: AtomicUsize,
    bytes: AtomicUsize,
    /// The number of encoded texts.
    encoded: AtomicU64,
    /// Set when a small request is submitted; cleared by the worker before it takes them.
    small: AtomicBool,
}

impl Waiting {
    /// Reserves space for a request, or changes nothing.
    fn enter(&self, (items, bytes): (usize, usize), limits: Limits) -> bool {
        let add = |counter: &AtomicUsize, by: usize, limit: usize| {
            let fits = |now: usize| now.checked_add(by).filter(|sum| *sum <= limit);
            counter.fetch_update(Ordering::AcqRel, Ordering::Acquire, fits).is_ok()
        };
        if !add(&self.items, items, limits.queue) {
            return false;
        }
        if !add(&self.bytes, bytes, limits.bytes) {
            self.items.fetch_sub(items, Ordering::AcqRel);
            return false;
        }
        metrics().queue.add(gauge(items));
        true
    }

    fn leave(&self, (items, bytes): (usize, usize)) {
        self.items.fetch_sub(items, Ordering::AcqRel);
        self.bytes.fetch_sub(bytes, Ordering::AcqRel);
        metrics().queue.sub(gauge(items));
    }
}

fn gauge(items: usize) -> i64 {
    i64::try_from(items).unwrap_or(i64::MAX)
}

impl Request {
    /// The size of the request in the queue: items and bytes.
    fn size(&self) -> (usize, usize) {
        let rows = match &self.then {
            Completion::Reply(_) => 0,
            Completion::Classify(_, rows, _) => rows.len(),
        };
        (
            self.texts.len().max(rows).max(1),
            self.texts.iter().map(|text| text.len()).sum(),
        )
    }

    fn is_small(&self) -> bool {
        self.size().1 <= SMALL
    }
}

/// The queue and its worker. Dropping it ends the worker after the waiting requests.
pub(super) struct Batcher {
    jobs: Option<Sender<Request>>,
    waiting: Arc<Waiting>,
    limits: Limits,
    worker: Option<JoinHandle<()>>,
}

impl Batcher {
    /// Starts the worker with its own compute pool of `threads`.
    pub(super) fn start(encoder: Arc<Encoder>, threads: usize, limits: Limits) -> Result<Self, OpenError> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|n| format!("inference-{n}"))
            .build()
            .map_err(|error| OpenError::Threads(error.to_string()))?;
        let (sender, receiver) = channel();
        let waiting = Arc::new(Waiting::default());
        let worker = Worker::new(encoder, receiver, Arc::clone(&waiting), limits.batch);
        let worker = std::thread::Builder::new()
            .name("inference".to_owned())
            .spawn(move || pool.install(|| worker.run()))
            .map_err(|error| OpenError::Threads(error.to_string()))?;
        Ok(Self {
            jobs: Some(sender),
            waiting,
            limits,
            worker: Some(worker),
        })
    }

    /// Submits a request, or fails immediately.
    pub(super) fn submit(&self, job: Request) -> Result<(), InferenceError> {
        let (size, small) = (job.size(), job.is_small());
        if !self.waiting.enter(size, self.limits) {
            return Err(InferenceError::Overloaded);
        }
        let sent = self.jobs.as_ref().is_some_and(|jobs| jobs.send(job).is_ok());
        if !sent {
            self.waiting.leave(size);
            return Err(InferenceError::Internal("the inference worker has ended".to_owned()));
        }
        if small {
            self.waiting.small.store(true, Ordering::Release);
        }
        Ok(())
    }

    /// The number of waiting texts and rows, including those being processed.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.items.load(Ordering::Acquire)
    }

    /// The number of encoded texts.
    pub(super) fn encoded(&self) -> u64 {
        self.waiting.encoded.load(Ordering::Relaxed)
    }
}

impl Drop for Batcher {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(worker) = self.worker.take() {
            // The panic has been reported already, and no caller is left.
            let _ = worker.join();
        }
    }
}
