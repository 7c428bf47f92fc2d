//! From many callers to one worker: a bounded queue, batches by tokens, turns by caller.
//!
//! One thread owns the network and the compute pool; callers on the async side only put a job in and await its reply.
//! The thread takes texts one by one, a caller at a time in turn, so that a job of thousands of texts cannot starve a
//! job of one. While a batch runs, the next one gathers; nothing ever waits for a batch to fill. Small jobs go first, and
//! do not even wait for the end of a batch of large ones: they run between two of its layers.

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

/// A job of at most this many bytes of text is small.
const SMALL: usize = 512;

/// What a text with too many word pieces leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Truncation {
    /// Only its beginning is read, and the answer says so.
    Cut,
    /// The call is refused.
    Refuse,
}

/// A call's work.
pub(super) struct Request {
    /// Who asks; callers take turns.
    pub(super) caller: Arc<str>,
    /// What is to be encoded.
    pub(super) texts: Vec<Text>,
    pub(super) overlong: Truncation,
    /// What happens when all is encoded.
    pub(super) then: Completion,
}

/// What a job is for, and where its answer goes. A dropped receiver cancels the job.
pub(super) enum Completion {
    /// Answer with the texts' embeddings.
    Reply(oneshot::Sender<Result<Vec<EncodedText>, InferenceError>>),
    /// Run a classifier over these rows; a [`Row::Text`] stands for the job's text of that number.
    Classify(
        Arc<Classifier>,
        Vec<Row>,
        oneshot::Sender<Result<Classification, InferenceError>>,
    ),
}

/// An input of a classifier.
pub(super) enum Row {
    /// The job's text of this number.
    Text(usize),
    /// An embedding known from before.
    Known(EncodedText),
    /// Numbers as they came.
    Features(Vec<f32>),
}

/// What a classifier said of every row, and the encodings made for it.
pub(super) struct Classification {
    pub(super) scores: Vec<Vec<f32>>,
    /// Whether the text behind the row was cut.
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
        // A caller that has gone away needs no answer.
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

/// The bounds of the queue.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Texts and rows that may wait.
    pub(super) queue: usize,
    /// Bytes of text that may wait.
    pub(super) bytes: usize,
    /// Word pieces of a batch; the last text may go over it.
    pub(super) batch: usize,
}

/// What is waiting, and what was done.
#[derive(Debug, Default)]
struct Waiting {
    items: AtomicUsize,
    bytes: AtomicUsize,
    /// Texts encoded.
    encoded: AtomicU64,
    /// Set by whoever submits a small job; the worker clears it before it looks for them.
    small: AtomicBool,
}

impl Waiting {
    /// Makes room for a job, or leaves all as it was.
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
    /// What it counts in the queue: items and bytes.
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

/// The queue and its worker. Dropping it lets the worker finish what waits, then ends it.
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

    /// Puts a job in the queue, or refuses it at once.
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

    /// How many texts and rows wait or are being worked on.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.items.load(Ordering::Acquire)
    }

    /// How many texts were encoded.
    pub(super) fn encoded(&self) -> u64 {
        self.waiting.encoded.load(Ordering::Relaxed)
    }
}

impl Drop for Batcher {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(worker) = self.worker.take() {
            // Its panic was reported where it happened; there is nobody left to answer.
            let _ = worker.join();
        }
    }
}
