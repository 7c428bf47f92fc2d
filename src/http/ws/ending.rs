//! The end of a WebSocket connection.
//!
//! Close codes: 4400 for an invalid message, 4401 for an operation before `connection_ack`, 4403 for an invalid token
//! and when the session ends or the token expires (clients should reconnect with a new token), 4408 without
//! `connection_init` in time, 4409 for the id of a running operation, 4429 for a second `connection_init`; 1001 when
//! the server stops, 1009 for a message that is too long, 1013 when the session cannot be verified at the moment.

use std::borrow::Cow;

use super::super::endpoint::Refusal;

/// The longest reason of a close frame (RFC 6455, 5.5 and 5.5.1).
const REASON_BYTES: usize = 123;
/// Characters of an operation id in a reason.
const SHOWN_ID_CHARS: usize = 20;

/// The end of a socket.
pub(super) enum End {
    /// The client has disconnected.
    Gone,
    /// The server closes the socket with this code and reason.
    Close(u16, Cow<'static, str>),
}

pub(super) fn close(code: u16, reason: &'static str) -> End {
    End::Close(code, Cow::Borrowed(reason))
}

pub(super) fn already_exists(id: &str) -> End {
    let shown: String = id.chars().take(SHOWN_ID_CHARS).collect();
    End::Close(4409, format!("Subscriber for {shown} already exists").into())
}

fn forbidden(reason: &str) -> End {
    let mut reason = format!("Forbidden: {reason}");
    reason.truncate(reason.floor_char_boundary(REASON_BYTES));
    End::Close(4403, reason.into())
}

pub(super) fn refuse(refusal: &Refusal) -> End {
    match refusal {
        Refusal::InvalidToken(reason) => forbidden(reason),
        Refusal::Forbidden(_) => close(4403, "Forbidden"),
        Refusal::Unavailable(_) => close(1013, "Try again later"),
    }
}
