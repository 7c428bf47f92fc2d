//! The binary: parses the command line and runs it.

use std::process::ExitCode;

use clap::Parser as _;
use portcullis::cli::Cli;
use portcullis::document;

/// jemalloc serves the many small allocations of a request faster than the system allocator, and returns unused memory
/// after ten seconds.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// SurrealDB's engine recurses deeply; its own server uses this stack size.
const STACK_BYTES: usize = 10 << 20;

fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Some(kind) = cli.reads_document() {
        return document::sandbox::serve(kind);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK_BYTES)
        .build();
    match runtime {
        // On a worker thread, whose stack size is set here, not on the main thread.
        Ok(runtime) => runtime.block_on(runtime.spawn(cli.run())).unwrap_or(ExitCode::FAILURE),
        Err(error) => {
            eprintln!("portcullis: cannot start threads: {error}");
            ExitCode::FAILURE
        }
    }
}
