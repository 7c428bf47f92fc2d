//! The messages of `graphql-transport-ws`.

use async_graphql::{Response, ServerError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::super::parameters::{Parameters, check_values};
use crate::http::response::{Document, has_run};

/// Maximum length of an operation id in characters; clients use numbers or UUIDs.
pub(super) const MOST_ID_CHARS: usize = 256;

/// A message of the client.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ClientMessage {
    /// Must be the first message, and must be sent once.
    ConnectionInit {
        /// The payload, which may carry the token.
        payload: Option<Map<String, Value>>,
    },
    /// A ping, answered with a pong.
    Ping {
        /// Returned in the pong.
        payload: Option<Map<String, Value>>,
    },
    /// An unsolicited pong.
    Pong {},
    /// Starts an operation.
    Subscribe {
        /// The id chosen by the client.
        id: String,
        /// The operation.
        payload: Parameters,
    },
    /// Stops an operation.
    Complete {
        /// The id chosen by the client.
        id: String,
    },
}

impl ClientMessage {
    /// Parses a text message. `None` if it is not part of the protocol or contains too many values.
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

/// A message of the server.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ServerMessage<'a> {
    /// The client may start operations.
    ConnectionAck,
    /// The answer to a ping.
    Pong {
        /// The payload of the ping.
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<Map<String, Value>>,
    },
    /// A result of an operation.
    Next {
        /// The id chosen by the client.
        id: &'a str,
        /// The result.
        payload: Document<'a>,
    },
    /// The operation was refused and is complete.
    Error {
        /// The id chosen by the client.
        id: &'a str,
        /// The errors.
        payload: &'a [ServerError],
    },
    /// The operation is complete.
    Complete {
        /// The id chosen by the client.
        id: &'a str,
    },
}

impl<'a> ServerMessage<'a> {
    /// The message for a response: a result, or the refusal that completes the operation.
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
