//! Writing to standard output and standard error. All commands do so through these functions.
//!
//! Rust programs ignore SIGPIPE, as a server has to, and `println!` panics if the reader of a pipe has closed it, as in
//! `portcullis user list | head -1`. These functions return [`CommandError::OutputClosed`] instead, so that the command
//! closes the store and then ends without a message.

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

/// Writes a text with ANSI colours to standard output, without the colours if it is not a terminal.
pub(super) fn print_coloured(text: impl Display) -> Result<(), CommandError> {
    written(write!(anstream::stdout().lock(), "{text}"))
}

/// Writes a line to standard error. Errors are ignored, since they could not be reported anywhere.
pub(super) fn report(line: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

fn written(result: io::Result<()>) -> Result<(), CommandError> {
    result.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => CommandError::OutputClosed,
        _ => CommandError::Failed(format!("cannot write to standard output: {error}")),
    })
}
