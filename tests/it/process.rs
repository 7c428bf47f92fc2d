//! The binary of this package as a process.

use std::path::Path;
use std::process::Command;

pub(crate) use portcullis_test_support::process::{Server, run};
use portcullis_test_support::{PASSWORD, process};

/// The binary with a data folder and a free port, run in the repository's folder.
pub(crate) fn portcullis(data: &Path) -> Command {
    process::portcullis(env!("CARGO_BIN_EXE_portcullis"), data)
}

/// Starts a server whose admin has the password of all tests.
pub(crate) fn start(data: &Path) -> Server {
    Server::start(portcullis(data).env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD))
}
