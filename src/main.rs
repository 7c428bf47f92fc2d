//! The command line: parse it, load the configuration, run.

use std::process::ExitCode;

use clap::Parser as _;
use portcullis::cli::Cli;
use portcullis::document;

/// A request makes hundreds of small allocations, which this one hands out faster than the system's; what lies unused for
/// ten seconds goes back to the system.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// SurrealDB's engine recurses deeply; its own server gives its threads this much.
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
        // On a worker's stack, not on the main thread's, which the system sizes.
        Ok(runtime) => runtime.block_on(runtime.spawn(cli.run())).unwrap_or(ExitCode::FAILURE),
        Err(error) => {
            eprintln!("portcullis: cannot start threads: {error}");
            ExitCode::FAILURE
        }
    }
}
