//! The running operations of a socket, polled in turns so that a busy one does not starve the others.

use std::future::poll_fn;
use std::task::Poll;

use async_graphql::Response;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;

use crate::http::body::Room;

struct Operation {
    id: String,
    /// Whether it is a subscription.
    lasting: bool,
    answers: BoxStream<'static, Response>,
    /// Held until the operation ends, because its variables take as much memory as the message.
    _room: Room,
}

/// The running operations of a socket.
#[derive(Default)]
pub(super) struct Operations {
    running: Vec<Operation>,
    turn: usize,
}

impl Operations {
    pub(super) fn len(&self) -> usize {
        self.running.len()
    }

    pub(super) fn contains(&self, id: &str) -> bool {
        self.running.iter().any(|operation| operation.id == id)
    }

    pub(super) fn begin(&mut self, id: String, lasting: bool, answers: BoxStream<'static, Response>, room: Room) {
        self.running.push(Operation {
            id,
            lasting,
            answers,
            _room: room,
        });
    }

    /// Stops an operation; no more results are sent.
    pub(super) fn end(&mut self, id: &str) {
        self.running.retain(|operation| operation.id != id);
    }

    /// Stops all subscriptions.
    pub(super) fn end_lasting(&mut self) {
        self.running.retain(|operation| !operation.lasting);
    }

    /// The next result of any operation, or `None` with the id of a completed one. Pending while none runs.
    /// Cancel-safe.
    pub(super) async fn next(&mut self) -> (String, Option<Response>) {
        poll_fn(|context| {
            for step in 0..self.running.len() {
                let at = (self.turn + step) % self.running.len();
                let Poll::Ready(answer) = self.running[at].answers.poll_next_unpin(context) else {
                    continue;
                };
                self.turn = at + 1;
                let id = match &answer {
                    Some(_) => self.running[at].id.clone(),
                    None => self.running.remove(at).id,
                };
                return Poll::Ready((id, answer));
            }
            Poll::Pending
        })
        .await
    }
}
