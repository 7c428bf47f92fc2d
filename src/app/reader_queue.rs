//! The queue of files that wait to be read. Only as many processes read files at once as [`sandbox::max_readers`] allows,
//! and callers take turns, so that many files of one caller do not hold up one file of another.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;

use super::MatchError;
use crate::document::{Document, DocumentError, ReadText, sandbox};

/// The maximum number of files that wait.
const MAX_WAITING: usize = 1024;

/// The queue, cheap to clone.
#[derive(Clone)]
pub(super) struct ReaderQueue(Arc<Mutex<State>>);

struct State {
    /// Readers that may be started.
    free: usize,
    /// The files that wait, by caller.
    waiting: HashMap<Arc<str>, VecDeque<oneshot::Sender<Turn>>>,
    /// The callers in `waiting`, the next one first.
    ring: VecDeque<Arc<str>>,
}

/// The turn to read a file. Dropping it passes the turn on.
pub(super) struct Turn(Option<ReaderQueue>);

impl Default for ReaderQueue {
    fn default() -> Self {
        Self::with_readers(sandbox::max_readers())
    }
}

impl ReaderQueue {
    fn with_readers(free: usize) -> Self {
        Self(Arc::new(Mutex::new(State {
            free,
            waiting: HashMap::new(),
            ring: VecDeque::new(),
        })))
    }

    /// Extracts the text of one side of a match. A file waits for its turn to be read.
    pub(super) async fn text(
        &self,
        caller: &str,
        side: &'static str,
        document: Document,
    ) -> Result<ReadText, MatchError> {
        let read = if document.is_file() {
            let turn = self.turn(caller).await;
            let turn = turn.map_err(|error| MatchError::Document { side, error })?;
            spawn_blocking(move || {
                let _turn = turn;
                document.text()
            })
            .await?
        } else {
            document.text()
        };
        match read {
            Ok(read) if read.text.trim().is_empty() => Err(MatchError::Empty { side }),
            Ok(read) => Ok(read),
            Err(error) => Err(MatchError::Document { side, error }),
        }
    }

    /// Waits for a turn of this caller. The wait ends, because a reader ends at its deadline.
    ///
    /// # Errors
    /// [`DocumentError::Busy`] if too many files are waiting.
    pub(super) async fn turn(&self, caller: &str) -> Result<Turn, DocumentError> {
        let turn = {
            let mut state = self.0.lock();
            if state.free > 0 {
                state.free -= 1;
                return Ok(Turn(Some(self.clone())));
            }
            state.enter(caller)?
        };
        // The queue, which `self` holds, drops the sender of a caller that waits only with its turn.
        turn.await.map_err(|_| DocumentError::Busy)
    }

    /// Gives a turn to the next file that waits.
    fn pass_on(&self) {
        loop {
            let next = {
                let mut state = self.0.lock();
                let Some(next) = state.next() else {
                    state.free += 1;
                    return;
                };
                next
            };
            match next.send(Turn(Some(self.clone()))) {
                Ok(()) => return,
                // The caller is gone.
                Err(mut unused) => unused.0 = None,
            }
        }
    }
}

impl State {
    fn enter(&mut self, caller: &str) -> Result<oneshot::Receiver<Turn>, DocumentError> {
        let count = |state: &Self| state.waiting.values().map(VecDeque::len).sum::<usize>();
        if count(self) >= MAX_WAITING {
            self.waiting
                .values_mut()
                .for_each(|queue| queue.retain(|file| !file.is_closed()));
            if count(self) >= MAX_WAITING {
                return Err(DocumentError::Busy);
            }
        }
        let (sender, receiver) = oneshot::channel();
        if !self.waiting.contains_key(caller) {
            let caller: Arc<str> = caller.into();
            self.ring.push_back(Arc::clone(&caller));
            self.waiting.insert(caller, VecDeque::new());
        }
        if let Some(queue) = self.waiting.get_mut(caller) {
            queue.push_back(sender);
        }
        Ok(receiver)
    }

    fn next(&mut self) -> Option<oneshot::Sender<Turn>> {
        while let Some(caller) = self.ring.pop_front() {
            let next = self.waiting.get_mut(&caller).and_then(VecDeque::pop_front);
            if self.waiting.get(&caller).is_some_and(|queue| !queue.is_empty()) {
                self.ring.push_back(caller);
            } else {
                self.waiting.remove(&caller);
            }
            if next.is_some() {
                return next;
            }
        }
        None
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(queue) = self.0.take() {
            queue.pass_on();
        }
    }
}

#[cfg(test)]
mod tests {
    //! The order of turns, and that none is lost. Reading is tested in `tests/it`.

    use futures_util::FutureExt as _;
    use futures_util::future::BoxFuture;

    use super::*;

    type Waiting<'a> = (&'static str, BoxFuture<'a, Result<Turn, DocumentError>>);

    /// Files of these callers, in the queue.
    fn enter<'a>(queue: &'a ReaderQueue, callers: &[&'static str]) -> Vec<Waiting<'a>> {
        let enter = |caller: &&'static str| {
            let mut turn = queue.turn(caller).boxed();
            assert!((&mut turn).now_or_never().is_none());
            (*caller, turn)
        };
        callers.iter().map(enter).collect()
    }

    /// The callers of all files in the order of their turns; each turn ends before the next.
    fn order(first: Turn, mut waiting: Vec<Waiting<'_>>) -> Vec<&'static str> {
        drop(first);
        let mut order = Vec::new();
        while !waiting.is_empty() {
            let ready = waiting
                .iter_mut()
                .position(|(caller, turn)| match turn.now_or_never() {
                    Some(turn) => {
                        order.push(*caller);
                        drop(turn.unwrap());
                        true
                    }
                    None => false,
                })
                .unwrap();
            drop(waiting.remove(ready));
        }
        order
    }

    #[test]
    fn callers_take_turns() {
        let queue = ReaderQueue::with_readers(1);
        let first = queue.turn("ann").now_or_never().unwrap().unwrap();
        let waiting = enter(&queue, &["ann", "ann", "ann", "bob", "eve", "eve"]);
        assert_eq!(order(first, waiting), ["ann", "bob", "eve", "ann", "eve", "ann"]);
        assert_eq!(queue.0.lock().free, 1);
    }

    #[test]
    fn a_caller_that_is_gone_takes_no_turn() {
        let queue = ReaderQueue::with_readers(1);
        let first = queue.turn("ann").now_or_never().unwrap().unwrap();
        let mut waiting = enter(&queue, &["ann", "bob", "eve", "bob"]);
        drop(waiting.remove(1));
        assert_eq!(order(first, waiting), ["ann", "eve", "bob"]);
        // A turn that was given and not used is passed on.
        let first = queue.turn("ann").now_or_never().unwrap().unwrap();
        let mut waiting = enter(&queue, &["bob", "eve"]);
        drop(first);
        drop(waiting.remove(0));
        assert!(waiting.remove(0).1.now_or_never().unwrap().is_ok());
        assert!(queue.0.lock().waiting.is_empty());
        assert_eq!(queue.0.lock().free, 1);
    }

    #[test]
    fn the_queue_is_bounded_and_forgets_callers_that_are_gone() {
        let queue = ReaderQueue::with_readers(1);
        let _first = queue.turn("ann").now_or_never().unwrap().unwrap();
        let mut waiting = enter(&queue, &["ann"; MAX_WAITING]);
        let refused = queue.turn("bob").now_or_never().unwrap();
        assert_eq!(refused.err(), Some(DocumentError::Busy));
        waiting.pop();
        assert!(queue.turn("bob").now_or_never().is_none());
    }
}
