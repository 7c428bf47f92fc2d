//! Writes to standard output and standard error. All commands use these functions.
//!
//! Rust programs ignore SIGPIPE, so `println!` panics if the reader of a pipe has closed it, as in
//! `portcullis user list | head -1`. These functions return [`CommandError::OutputClosed`] instead: the command closes
//! the store and ends without a message.

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

/// Writes a text with ANSI colours to standard output; strips the colours if it is not a terminal.
pub(super) fn print_coloured(text: impl Display) -> Result<(), CommandError> {
    written(write!(anstream::stdout().lock(), "{text}"))
}

/// Writes a line to standard error. Ignores errors, because there is nowhere to report them.
pub(super) fn report(line: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

fn written(result: io::Result<()>) -> Result<(), CommandError> {
    result.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => CommandError::OutputClosed,
        _ => CommandError::Failed(format!("cannot write to standard output: {error}")),
    })
}
