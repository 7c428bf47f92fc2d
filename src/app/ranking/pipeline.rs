//! The work of a ranking: documents are read, encoded and scored at the same time, within the time limits.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::{self, FuturesOrdered, FuturesUnordered};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep_until, timeout_at};
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument as _;

use super::{RankedText, RankingFailure, RankingSubject, RankingTimeout, read_ahead};
use crate::app::reader_queue::ReaderQueue;
use crate::app::{App, MatchError};
use crate::document::Document;
use crate::inference::{Embedding, EmbeddingMemo, EmbeddingReply, EmbeddingRequest, Inference, InferenceError, Text};
use crate::matching::{Job, Lexicon, Month, Plan, Resume, Scoring};

/// Texts of one ranking in the queue of the encoder: enough for several batches, so that the encoder never waits for the
/// ranking, and few enough that many rankings fit into the queue.
const ENCODED_AT_ONCE: usize = 192;
/// Pairs of one ranking that are scored at once before it reads on.
const SCORED_AT_ONCE: usize = 4;

/// A ranking in progress. It does not hold the app, which may be closed as soon as no one waits for the results.
pub(super) struct Pipeline {
    readers: ReaderQueue,
    inference: Inference,
    lexicon: Arc<Lexicon>,
    scoring: Scoring,
    today: Month,
    caller: Arc<str>,
    results: mpsc::Sender<RankedText>,
    /// The time without progress after which the ranking ends.
    stall_timeout: Duration,
    /// The maximum duration.
    limit: Duration,
    started: Instant,
    /// The time of the last completed step.
    progress: Instant,
}

/// The end of a ranking before its last document.
enum Stop {
    /// A time limit.
    Ended(RankingTimeout),
    /// The consumer is gone.
    Abandoned,
}

impl Pipeline {
    pub(super) fn new(app: &App, caller: &str, scoring: Scoring, results: mpsc::Sender<RankedText>) -> Self {
        let (stall_timeout, limit) = app.ranking_limits();
        let now = Instant::now();
        Self {
            readers: app.0.readers.clone(),
            inference: app.inference().clone(),
            lexicon: Arc::clone(&app.0.models.lexicon),
            scoring,
            today: Month::of(&app.0.clock.now()),
            caller: caller.into(),
            results,
            stall_timeout,
            limit,
            started: now,
            progress: now,
        }
    }

    /// Compares the documents. Returns the time limit that ended the ranking, if one did.
    ///
    /// # Errors
    /// The subject cannot be read or encoded, or lacks a must-have that is set.
    pub(super) async fn run(
        mut self,
        one: RankingSubject,
        many: Vec<(usize, Document)>,
    ) -> Result<Option<RankingTimeout>, MatchError> {
        let subject = timeout_at(self.started + self.limit, self.subject(one)).await;
        let (subject, memo) = subject.map_err(|_| MatchError::Inference(InferenceError::DeadlineExceeded))??;
        self.progress = Instant::now();
        match self.compare(Arc::new(subject), memo, many).await {
            Ok(()) | Err(Stop::Abandoned) => Ok(None),
            Err(Stop::Ended(ended)) => Ok(Some(ended)),
        }
    }

    /// The subject and the embeddings of its texts.
    async fn subject(&self, one: RankingSubject) -> Result<(Subject, EmbeddingMemo), MatchError> {
        let subject = self.read(one).await?;
        let mut memo = EmbeddingMemo::new(self.inference.clone(), &self.caller);
        memo.encode(&subject.one.texts()).await?;
        Ok((subject, memo))
    }

    async fn read(&self, one: RankingSubject) -> Result<Subject, MatchError> {
        let (lexicon, today) = (Arc::clone(&self.lexicon), self.today);
        let (one, warning) = match one {
            RankingSubject::Resume(document) => {
                let read = self.readers.text(&self.caller, "resume", document).await?;
                let warning = read.warning("resume");
                let resume = spawn_blocking(move || Resume::read(&lexicon, &read.text, today)).await?;
                (ParsedSubject::Resume(Arc::new(resume)), warning)
            }
            RankingSubject::Job(document) => {
                let read = self.readers.text(&self.caller, "job", document).await?;
                let warning = read.warning("posting");
                let scoring = self.scoring.clone();
                let job = move || {
                    let mut job = Job::read(&lexicon, &read.text);
                    scoring.apply(&mut job)?;
                    Ok::<_, MatchError>(job)
                };
                (ParsedSubject::Job(Arc::new(spawn_blocking(job).await??)), warning)
            }
        };
        Ok(Subject {
            lexicon: Arc::clone(&self.lexicon),
            scoring: self.scoring.clone(),
            today,
            one,
            warning,
        })
    }

    async fn compare(
        &mut self,
        subject: Arc<Subject>,
        mut memo: EmbeddingMemo,
        many: Vec<(usize, Document)>,
    ) -> Result<(), Stop> {
        let (readers, caller) = (self.readers.clone(), Arc::clone(&self.caller));
        let pairs = stream::iter(many).map(move |(index, document)| {
            let pair = Arc::clone(&subject).pair(readers.clone(), Arc::clone(&caller), document);
            // A task of its own, so that a turn to read a file is used even while the ranking waits for its consumer.
            let pair = AbortOnDropHandle::new(tokio::spawn(pair.in_current_span()));
            async move { (index, pair.await.map_err(MatchError::from).flatten()) }
        });
        let mut pairs = pairs.buffer_unordered(read_ahead());
        let (mut all_read, mut in_queue) = (false, 0);
        // In order, because texts that an earlier request contains are not requested again.
        let mut encoding = FuturesOrdered::new();
        let mut scoring = FuturesUnordered::new();
        while !(all_read && encoding.is_empty() && scoring.is_empty()) {
            let has_room = in_queue < ENCODED_AT_ONCE && scoring.len() < SCORED_AT_ONCE;
            tokio::select! {
                biased;
                ended = self.end() => return Err(Stop::Ended(ended)),
                Some(ranked) = scoring.next(), if !scoring.is_empty() => self.send(ranked).await?,
                Some(encoded) = encoding.next(), if !encoding.is_empty() => {
                    let EncodedPair { index, pair, requested, reply } = encoded;
                    in_queue -= requested;
                    match memo.receive(reply) {
                        Ok(()) => match memo.embeddings(pair.plan.texts()) {
                            Some(embeddings) => scoring.push(score(index, pair, embeddings)),
                            // An earlier request for some of its texts failed.
                            None => {
                                let request = memo.request(pair.plan.texts());
                                in_queue += request.len();
                                encoding.push_back(encode(index, pair, request));
                            }
                        },
                        Err(InferenceError::Overloaded | InferenceError::DeadlineExceeded) => {
                            return Err(Stop::Ended(RankingTimeout::Stalled(self.stall_timeout)));
                        }
                        Err(error) => self.send(failed(index, error.into())).await?,
                    }
                }
                read = pairs.next(), if !all_read && has_room => match read {
                    Some((index, Ok(pair))) => {
                        let request = memo.request(pair.plan.texts());
                        in_queue += request.len();
                        encoding.push_back(encode(index, pair, request));
                    }
                    Some((index, Err(error))) => self.send(failed(index, error)).await?,
                    None => all_read = true,
                },
            }
            self.progress = Instant::now();
        }
        Ok(())
    }

    /// Completes when a time limit is reached.
    async fn end(&self) -> RankingTimeout {
        let (stalled, over) = (self.progress + self.stall_timeout, self.started + self.limit);
        sleep_until(stalled.min(over)).await;
        if stalled < over {
            RankingTimeout::Stalled(self.stall_timeout)
        } else {
            RankingTimeout::OutOfTime(self.limit)
        }
    }

    /// Sends a result. A slow consumer does not count as lack of progress.
    async fn send(&self, ranked: RankedText) -> Result<(), Stop> {
        match timeout_at(self.started + self.limit, self.results.send(ranked)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Stop::Abandoned),
            Err(_) => Err(Stop::Ended(RankingTimeout::OutOfTime(self.limit))),
        }
    }
}

/// A pair whose texts were encoded.
struct EncodedPair {
    index: usize,
    pair: Pair,
    /// The number of requested texts.
    requested: usize,
    reply: EmbeddingReply,
}

async fn encode(index: usize, pair: Pair, request: EmbeddingRequest) -> EncodedPair {
    let requested = request.len();
    let reply = request.send().await;
    EncodedPair {
        index,
        pair,
        requested,
        reply,
    }
}

async fn score(index: usize, pair: Pair, embeddings: Vec<Embedding>) -> RankedText {
    let Pair { plan, warnings } = pair;
    let result = spawn_blocking(move || plan.score(&embeddings)).await;
    match result.map_err(MatchError::from) {
        Ok(Ok(mut found)) => {
            found.warnings.extend(warnings);
            RankedText {
                index,
                result: Ok(found),
            }
        }
        Ok(Err(error)) => failed(index, error.into()),
        Err(error) => failed(index, error),
    }
}

fn failed(index: usize, error: MatchError) -> RankedText {
    let result = Err(RankingFailure::Failed(error));
    RankedText { index, result }
}

/// The document that all others are compared with.
struct Subject {
    lexicon: Arc<Lexicon>,
    scoring: Scoring,
    today: Month,
    one: ParsedSubject,
    /// The warning about the file of `one`.
    warning: Option<String>,
}

/// A parsed pair, with the warnings about its files.
struct Pair {
    plan: Plan,
    warnings: Vec<String>,
}

enum ParsedSubject {
    Resume(Arc<Resume>),
    Job(Arc<Job>),
}

impl ParsedSubject {
    fn texts(&self) -> Vec<Text> {
        match self {
            Self::Resume(resume) => resume.compared_texts(),
            Self::Job(job) => job.compared_texts(),
        }
    }
}

impl Subject {
    /// The pair of the subject and a document.
    async fn pair(
        self: Arc<Self>,
        readers: ReaderQueue,
        caller: Arc<str>,
        other: Document,
    ) -> Result<Pair, MatchError> {
        let (side, name) = match self.one {
            ParsedSubject::Resume(_) => ("job", "posting"),
            ParsedSubject::Job(_) => ("resume", "resume"),
        };
        let read = readers.text(&caller, side, other).await?;
        let warnings = self.warning.iter().cloned().chain(read.warning(name)).collect();
        let plan = move || {
            let (resume, job) = match &self.one {
                ParsedSubject::Resume(resume) => (Arc::clone(resume), Arc::new(Job::read(&self.lexicon, &read.text))),
                ParsedSubject::Job(job) => {
                    let resume = Resume::read(&self.lexicon, &read.text, self.today);
                    (Arc::new(resume), Arc::clone(job))
                }
            };
            Plan::of(&self.lexicon, resume, job).weighted(&self.scoring)
        };
        let plan = spawn_blocking(plan).await?;
        Ok(Pair { plan, warnings })
    }
}
