//! Standard output and standard error: every command writes to them through these functions.
//!
//! `println!` panics when the reader of a pipe has gone, as in `portcullis user list | head -1`, since Rust ignores SIGPIPE
//! (and a server has to: a client that goes away must not end it). Here a closed standard output ends the command
//! without a word, after it has cleaned up.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write as _};

use super::CommandError;

/// Writes a text to standard output.
pub(super) fn print(text: impl Display) -> Result<(), CommandError> {
    written(write!(io::stdout().lock(), "{text}"))
}

/// Writes a line to standard output.
pub(super) fn print_line(line: impl Display) -> Result<(), CommandError> {
    written(writeln!(io::stdout().lock(), "{line}"))
}

/// Writes a text with colours to standard output, where a terminal shows them; without them to a file or a pipe.
pub(super) fn print_coloured(text: impl Display) -> Result<(), CommandError> {
    written(write!(anstream::stdout().lock(), "{text}"))
}

/// Writes a line to standard error. That it cannot be written changes nothing: there is nowhere left to say so.
pub(super) fn report(line: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

fn written(result: io::Result<()>) -> Result<(), CommandError> {
    result.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => CommandError::OutputClosed,
        _ => CommandError::Failed(format!("cannot write to standard output: {error}")),
    })
}
