//! The fair queue: callers take turns, text by text; the requests of one caller run in order.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::super::cache::EncodedText;
use super::super::error::InferenceError;
use super::{Completion, Request, Truncation, Waiting};
use crate::inference::encoder_input::Text;

/// A request in progress.
struct Open {
    texts: VecDeque<(usize, Text)>,
    overlong: Truncation,
    encoded: Vec<Option<EncodedText>>,
    missing: usize,
    then: Completion,
    /// Releases the request's share of the queue when it ends.
    place: Place,
}

/// The share of a request in the queue.
struct Place {
    size: (usize, usize),
    waiting: Arc<Waiting>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.waiting.leave(self.size);
    }
}

/// The requests in progress and the order of turns.
#[derive(Default)]
pub(super) struct Turns {
    jobs: HashMap<u64, Open>,
    next_id: u64,
    /// Requests with texts that have not been taken yet, by caller.
    queues: HashMap<Arc<str>, VecDeque<u64>>,
    /// The callers in `queues`, the next one first.
    ring: VecDeque<Arc<str>>,
}

impl Turns {
    /// Whether no text is waiting.
    pub(super) fn is_empty(&self) -> bool {
        self.ring.is_empty()
    }

    /// Adds a request; one without texts completes immediately.
    pub(super) fn add(&mut self, job: Request, waiting: &Arc<Waiting>) {
        let place = Place {
            size: job.size(),
            waiting: Arc::clone(waiting),
        };
        if job.then.is_cancelled() {
            return;
        }
        if job.texts.is_empty() {
            drop(place);
            job.then.finish(Vec::new());
            return;
        }
        let id = self.next_id;
        self.next_id += 1;
        let open = Open {
            missing: job.texts.len(),
            encoded: vec![None; job.texts.len()],
            texts: job.texts.into_iter().enumerate().collect(),
            overlong: job.overlong,
            then: job.then,
            place,
        };
        self.jobs.insert(id, open);
        let queue = self.queues.entry(Arc::clone(&job.caller)).or_default();
        if queue.is_empty() {
            self.ring.push_back(job.caller);
        }
        queue.push_back(id);
    }

    /// Drops the requests whose callers are gone.
    pub(super) fn sweep(&mut self) {
        self.jobs.retain(|_, job| !job.then.is_cancelled());
    }

    /// The next text: its request, its index there, and the text. Requests whose caller is gone are dropped.
    pub(super) fn next(&mut self) -> Option<(u64, usize, Text, Truncation)> {
        while let Some(caller) = self.ring.pop_front() {
            let taken = self
                .queues
                .get_mut(&caller)
                .and_then(|queue| take(queue, &mut self.jobs));
            if self.queues.get(&caller).is_some_and(|queue| !queue.is_empty()) {
                self.ring.push_back(caller);
            } else {
                self.queues.remove(&caller);
            }
            if taken.is_some() {
                return taken;
            }
        }
        None
    }

    /// Completes a text of a request; the last one completes the request.
    pub(super) fn done(&mut self, id: u64, n: usize, encoded: EncodedText) {
        let Some(job) = self.jobs.get_mut(&id) else {
            return;
        };
        if job.encoded[n].replace(encoded).is_none() {
            job.missing -= 1;
            job.place.waiting.encoded.fetch_add(1, Ordering::Relaxed);
        }
        if job.missing == 0
            && let Some(Open {
                then, encoded, place, ..
            }) = self.jobs.remove(&id)
        {
            drop(place);
            then.finish(encoded.into_iter().flatten().collect());
        }
    }

    /// Fails a request.
    pub(super) fn fail(&mut self, id: u64, error: InferenceError) {
        if let Some(Open { then, place, .. }) = self.jobs.remove(&id) {
            drop(place);
            then.fail(error);
        }
    }
}

/// The next text of a caller. An exhausted queue is left empty.
fn take(queue: &mut VecDeque<u64>, jobs: &mut HashMap<u64, Open>) -> Option<(u64, usize, Text, Truncation)> {
    while let Some(&id) = queue.front() {
        let Some(job) = jobs.get_mut(&id) else {
            queue.pop_front();
            continue;
        };
        if job.then.is_cancelled() {
            jobs.remove(&id);
            queue.pop_front();
            continue;
        }
        let text = job.texts.pop_front();
        if job.texts.is_empty() {
            queue.pop_front();
        }
        if let Some((n, text)) = text {
            return Some((id, n, text, job.overlong));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    //! The order of turns, and what remains. The tests of `inference` show that results are right.

    use tokio::sync::oneshot;

    use super::super::super::encoder::Embedding;
    use super::*;

    type Answer = oneshot::Receiver<Result<Vec<EncodedText>, InferenceError>>;

    fn add(turns: &mut Turns, waiting: &Arc<Waiting>, caller: &str, texts: &[&str]) -> Answer {
        let (sender, receiver) = oneshot::channel();
        let job = Request {
            caller: caller.into(),
            texts: texts.iter().copied().map(Text::from).collect(),
            overlong: Truncation::Cut,
            then: Completion::Reply(sender),
        };
        let (items, bytes) = job.size();
        waiting.items.fetch_add(items, Ordering::AcqRel);
        waiting.bytes.fetch_add(bytes, Ordering::AcqRel);
        turns.add(job, waiting);
        receiver
    }

    fn order(turns: &mut Turns) -> Vec<String> {
        std::iter::from_fn(|| turns.next())
            .map(|(_, _, text, _)| text.to_string())
            .collect()
    }

    #[test]
    fn who_has_gone_leaves_the_queue_at_once() {
        let (mut turns, waiting) = (Turns::default(), Arc::<Waiting>::default());
        let stays = add(&mut turns, &waiting, "ann", &["a", "b"]);
        let goes = add(&mut turns, &waiting, "ann", &["c", "d", "e"]);
        drop(goes);
        turns.sweep();
        // Although ann's first request was submitted before it.
        assert_eq!(waiting.items.load(Ordering::SeqCst), 2);
        assert_eq!(turns.next().map(|(_, n, text, _)| (n, text)), Some((0, "a".into())));
        drop(stays);
    }

    #[test]
    fn callers_take_turns_and_keep_their_own_order() {
        let (mut turns, waiting) = (Turns::default(), Arc::default());
        let _answers = [
            add(&mut turns, &waiting, "ann", &["a1", "a2", "a3", "a4"]),
            add(&mut turns, &waiting, "ann", &["a5"]),
            add(&mut turns, &waiting, "bob", &["b1"]),
            add(&mut turns, &waiting, "eve", &["e1", "e2"]),
        ];
        assert_eq!(order(&mut turns), ["a1", "b1", "e1", "a2", "e2", "a3", "a4", "a5"]);
        assert!(turns.is_empty() && turns.queues.is_empty());
    }

    #[test]
    fn who_goes_away_frees_the_place() {
        let (mut turns, waiting) = (Turns::default(), Arc::<Waiting>::default());
        let gone = add(&mut turns, &waiting, "ann", &["a1", "a2"]);
        let _stays = add(&mut turns, &waiting, "ann", &["a3"]);
        drop(gone);
        assert_eq!(order(&mut turns), ["a3"]);
        assert_eq!(waiting.items.load(Ordering::Acquire), 1);
    }

    #[test]
    fn the_last_text_ends_the_job_in_the_order_asked() {
        let (mut turns, waiting) = (Turns::default(), Arc::<Waiting>::default());
        let mut answer = add(&mut turns, &waiting, "ann", &["a1", "a2"]);
        let first = turns.next().unwrap();
        let second = turns.next().unwrap();
        let encoded = |x| EncodedText {
            embedding: Embedding::of([x]),
            truncated: false,
        };
        turns.done(second.0, second.1, encoded(2.0));
        assert!(answer.try_recv().is_err());
        turns.done(first.0, first.1, encoded(1.0));
        let answer = answer.try_recv().unwrap().unwrap();
        assert_eq!(
            answer.iter().map(|encoded| encoded.embedding[0]).collect::<Vec<_>>(),
            [1.0, 2.0]
        );
        assert_eq!(waiting.items.load(Ordering::Acquire), 0);
        assert_eq!(waiting.bytes.load(Ordering::Acquire), 0);
    }

    #[test]
    fn a_failed_job_answers_once_and_leaves() {
        let (mut turns, waiting) = (Turns::default(), Arc::<Waiting>::default());
        let mut answer = add(&mut turns, &waiting, "ann", &["a1", "a2"]);
        let (id, n, ..) = turns.next().unwrap();
        turns.fail(id, InferenceError::Overloaded);
        turns.done(
            id,
            n,
            EncodedText {
                embedding: Embedding::of([0.0]),
                truncated: false,
            },
        );
        assert_eq!(answer.try_recv().unwrap().unwrap_err(), InferenceError::Overloaded);
        assert_eq!(order(&mut turns), [""; 0]);
        assert_eq!(waiting.items.load(Ordering::Acquire), 0);
    }
}
