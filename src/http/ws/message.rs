//! What the two ends of a socket say to each other: the messages of `graphql-transport-ws`.

use async_graphql::{Response, ServerError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::super::parameters::{Parameters, check_values};
use crate::http::response::{Document, has_run};

/// Characters of an operation's id; clients number them or give them UUIDs.
pub(super) const MOST_ID_CHARS: usize = 256;

/// What a client says.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ClientMessage {
    /// Comes first, and once.
    ConnectionInit {
        /// Who it is.
        payload: Option<Map<String, Value>>,
    },
    /// To be answered with a pong.
    Ping {
        /// Comes back.
        payload: Option<Map<String, Value>>,
    },
    /// Answers nothing of ours.
    Pong {},
    /// Begins an operation.
    Subscribe {
        /// The client's name for it.
        id: String,
        /// The operation.
        payload: Parameters,
    },
    /// Ends an operation.
    Complete {
        /// The client's name for it.
        id: String,
    },
}

impl ClientMessage {
    /// Reads a text message; `None` for what the protocol does not know, and for what holds too many values.
    pub(super) fn read(text: &str) -> Option<Self> {
        check_values(text.as_bytes()).ok()?;
        let message = serde_json::from_str(text).ok()?;
        match &message {
            Self::Subscribe { id, .. } | Self::Complete { id }
                if id.is_empty() || id.chars().nth(MOST_ID_CHARS).is_some() =>
            {
                None
            }
            _ => Some(message),
        }
    }
}

/// What we say.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ServerMessage<'a> {
    /// The client may begin operations.
    ConnectionAck,
    /// Answers a ping.
    Pong {
        /// What came with the ping.
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<Map<String, Value>>,
    },
    /// An answer of an operation.
    Next {
        /// The client's name for it.
        id: &'a str,
        /// The answer.
        payload: Document<'a>,
    },
    /// The operation never ran, and is over.
    Error {
        /// The client's name for it.
        id: &'a str,
        /// Why.
        payload: &'a [ServerError],
    },
    /// The operation is over.
    Complete {
        /// The client's name for it.
        id: &'a str,
    },
}

impl<'a> ServerMessage<'a> {
    /// An answer, or the refusal to give one; the second ends the operation.
    pub(super) fn of(id: &'a str, answer: &'a Response) -> Self {
        if has_run(answer) {
            Self::Next {
                id,
                payload: Document::of(answer),
            }
        } else {
            Self::Error {
                id,
                payload: &answer.errors,
            }
        }
    }
}
