//! GraphQL over server-sent events, one operation per connection ("distinct connections mode" of
//! <https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md>), for clients that accept `text/event-stream`.

use std::convert::Infallible;
use std::time::Duration;

use async_graphql::Response as Answer;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use http::{HeaderName, HeaderValue, header};
use tokio_util::sync::CancellationToken;

use super::endpoint::Refusal;
use super::response::{Document, has_run, refused};

/// Shorter than the timeouts of proxies.
const KEEP_ALIVE: Duration = Duration::from_secs(12);

/// The part of the stream that is still to be sent.
enum Rest {
    Answers,
    Complete,
    Nothing,
}

/// The events of one operation. A subscription ends with its session, with an error, or, without a final event, with
/// the server, so that the client reconnects.
pub(super) fn respond(
    answers: BoxStream<'static, Answer>,
    ended: BoxFuture<'static, Refusal>,
    stop: CancellationToken,
    lasting: bool,
    idle_timeout: Duration,
) -> Response {
    let state = (answers, ended, stop, Rest::Answers);
    let events = stream::unfold(state, move |(mut answers, mut ended, stop, rest)| async move {
        let (event, rest) = match rest {
            Rest::Nothing => return None,
            Rest::Complete => (Event::default().event("complete").data(""), Rest::Nothing),
            Rest::Answers => {
                let answer = tokio::select! {
                    biased;
                    () = stop.cancelled(), if lasting => return None,
                    refusal = &mut ended, if lasting => Some(last(refusal)),
                    answer = answers.next() => answer,
                };
                match answer {
                    Some(answer) => {
                        let rest = if has_run(&answer) {
                            Rest::Answers
                        } else {
                            Rest::Complete
                        };
                        (next(&answer), rest)
                    }
                    None => (Event::default().event("complete").data(""), Rest::Nothing),
                }
            }
        };
        Some((Ok::<_, Infallible>(event), (answers, ended, stop, rest)))
    });
    let mut response = Sse::new(events)
        .keep_alive(KeepAlive::new().interval(KEEP_ALIVE.min(idle_timeout / 3)))
        .into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("accept"));
    // Otherwise nginx buffers the events.
    headers.insert(
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    );
    response
}

/// The event after which the subscription ends.
fn last(refusal: Refusal) -> Answer {
    let (code, message) = match refusal {
        Refusal::InvalidToken(message) => ("UNAUTHENTICATED", message),
        Refusal::Forbidden(message) => ("FORBIDDEN", message),
        Refusal::Unavailable(message) => ("UNAVAILABLE", message),
    };
    Answer::from_errors(vec![refused(code, message)])
}

fn next(answer: &Answer) -> Event {
    Event::default()
        .event("next")
        .json_data(Document::of(answer))
        .unwrap_or_else(|error| {
            tracing::error!(%error, "failed to serialize the response");
            Event::default().event("complete").data("")
        })
}
