//! The binary: parses the command line and runs it.

use std::process::ExitCode;

use clap::Parser as _;
use portcullis::cli::Cli;
use portcullis::document;

/// jemalloc serves the many small allocations of a request faster than the system allocator, and returns unused memory
/// after ten seconds.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match cli.reads_document() {
        Some((kind, memory)) => document::sandbox::serve(kind, memory),
        None => cli.run(),
    }
}
