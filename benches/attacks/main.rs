//! Attacks on the server. Each prints a figure as one line, with its limit and whether it holds: `just figures` runs all,
//! `just figures 4` or `just figures refresh_token_reuse` one. Each attack takes a bounded number of rounds, over loopback,
//! against a server in this process with a store on disk; figures 1, 8, 11 and 12 run the binary as a process, figure 12
//! with a SurrealDB server. The exit code is 1 if a figure does not hold.
//!
//! Attacks over WebSocket and on several servers are missing.
#![expect(clippy::unwrap_used, reason = "a measurement whose setup fails panics")]
#![expect(clippy::print_stdout, reason = "the figures are printed")]

mod disabled_account;
mod forged_tokens;
mod hostile_documents;
mod kill_minus_nine;
mod login_storm;
mod login_timing;
mod password_guessing;
mod refresh_token_reuse;
mod registration_race;
mod shutdown_under_load;
mod store_outage;
mod test_server;

use std::process::ExitCode;
use std::time::Instant;

/// As in the binary: SurrealDB recurses deeply.
const STACK_BYTES: usize = 10 << 20;
const ATTACKS: [(u32, &str); 11] = [
    (1, "kill_minus_nine"),
    (2, "registration_race"),
    (3, "disabled_account"),
    (4, "refresh_token_reuse"),
    (5, "login_timing"),
    (6, "password_guessing"),
    (8, "hostile_documents"),
    (9, "forged_tokens"),
    (10, "login_storm"),
    (11, "shutdown_under_load"),
    (12, "store_outage"),
];

/// The outcome of an attack.
struct Figure {
    /// The numbers and their limits.
    text: String,
    holds: bool,
}

async fn measure(number: u32) -> Figure {
    match number {
        1 => kill_minus_nine::measure().await,
        2 => registration_race::measure().await,
        3 => disabled_account::measure().await,
        4 => refresh_token_reuse::measure().await,
        5 => login_timing::measure().await,
        6 => password_guessing::measure().await,
        8 => hostile_documents::measure().await,
        9 => forged_tokens::measure().await,
        11 => shutdown_under_load::measure().await,
        12 => store_outage::measure().await,
        _ => login_storm::measure().await,
    }
}

/// The attacks of these numbers or names, all without any; `None` if there is no such attack.
fn select(wanted: &[String]) -> Option<Vec<(u32, &'static str)>> {
    if wanted.is_empty() {
        return Some(ATTACKS.to_vec());
    }
    let attack = |wanted: &String| {
        let mut attacks = ATTACKS.iter().copied();
        attacks.find(|(number, name)| number.to_string() == *wanted || name == wanted)
    };
    wanted.iter().map(attack).collect()
}

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK_BYTES)
        .build()
        .unwrap();
    // Cargo adds `--bench`.
    let wanted: Vec<String> = std::env::args().skip(1).filter(|name| !name.starts_with('-')).collect();
    let Some(attacks) = select(&wanted) else {
        println!("unknown figure; the figures are {ATTACKS:?}");
        return ExitCode::from(2);
    };
    let mut all = true;
    for (number, name) in attacks {
        let since = Instant::now();
        // On the stack of a worker: the system determines the size of the main thread's.
        let figure = runtime.block_on(runtime.spawn(Box::pin(measure(number)))).unwrap();
        let verdict = if figure.holds { "ok" } else { "NOT OK" };
        println!(
            "figure {number}, {name}: {}: {verdict} ({:.0?})",
            figure.text,
            since.elapsed()
        );
        all &= figure.holds;
    }
    if all { ExitCode::SUCCESS } else { ExitCode::from(1) }
}
