//! The figures of what must hold under attack, each printed as one line with its bar and whether it holds: `just figures`
//! for all, `just figures 4` for one. Each loops a bounded number of times, on loopback only, against the real server in
//! this process: the store in a folder, real Argon2, real sockets; figures 1, 8 and 11 against the binary in a process of its
//! own. The exit code is 1 if one does not hold.
//!
//! Attacks over WebSocket are not among them yet, nor are figures that need a second server.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on panics")]
#![expect(clippy::print_stdout, reason = "standard output is where the figures go")]

mod family;
mod forgeries;
mod guesses;
mod hostile;
mod killed;
mod off;
mod race;
mod stage;
mod stopped;
mod storm;
mod timing;

use std::process::ExitCode;
use std::time::Instant;

/// SurrealDB's engine recurses deeply; the binary gives its threads this much too.
const STACK_BYTES: usize = 10 << 20;
const NUMBERS: [u32; 10] = [1, 2, 3, 4, 5, 6, 8, 9, 10, 11];

/// What was measured.
struct Figure {
    /// What was counted, with its bar.
    said: String,
    holds: bool,
}

async fn measure(number: u32) -> Figure {
    match number {
        1 => killed::measure().await,
        2 => race::measure().await,
        3 => off::measure().await,
        4 => family::measure().await,
        5 => timing::measure().await,
        6 => guesses::measure().await,
        8 => hostile::measure().await,
        9 => forgeries::measure().await,
        11 => stopped::measure().await,
        _ => storm::measure().await,
    }
}

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK_BYTES)
        .build()
        .unwrap();
    // Cargo adds `--bench`.
    let names: Vec<String> = std::env::args().skip(1).filter(|name| !name.starts_with('-')).collect();
    let wanted: Option<Vec<u32>> = names
        .iter()
        .map(|name| name.parse().ok().filter(|number| NUMBERS.contains(number)))
        .collect();
    let wanted = match wanted {
        Some(wanted) if wanted.is_empty() => NUMBERS.to_vec(),
        Some(wanted) => wanted,
        None => {
            println!("there is no such figure; there are {NUMBERS:?}");
            return ExitCode::from(2);
        }
    };
    let mut all = true;
    for number in wanted {
        let since = Instant::now();
        // On a worker's stack, not on the main thread's, which the system sizes.
        let figure = runtime.block_on(runtime.spawn(Box::pin(measure(number)))).unwrap();
        let verdict = if figure.holds { "holds" } else { "DOES NOT HOLD" };
        println!("figure {number}: {}: {verdict} ({:.0?})", figure.said, since.elapsed());
        all &= figure.holds;
    }
    if all { ExitCode::SUCCESS } else { ExitCode::from(1) }
}
