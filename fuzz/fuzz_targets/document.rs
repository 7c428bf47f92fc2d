//! Any bytes as a file of any kind: a text of bounded length, or a typed error, in time. A library that panics on a file
//! does so on a thread of its own and is no finding; our own code must not.
#![no_main]

use libfuzzer_sys::fuzz_target;
use portcullis_fuzz::document::{Document, DocumentError, MAX_BYTES};

const KINDS: [Option<&str>; 6] = [
    None,
    Some("application/pdf"),
    Some("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    Some("text/html"),
    Some("text/plain"),
    Some("application/msword"),
];

/// Seconds that this process has computed for (Linux).
fn computed() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fuzz_target!(
    init: {
        std::panic::set_hook(Box::new(|panic| {
            let ours = panic.location().is_some_and(|place| place.file().contains("src/document"));
            if ours || std::thread::current().name() != Some("document") {
                eprintln!("{panic}");
                std::process::abort();
            }
        }));
    },
    |bytes: &[u8]| {
        // By its bytes alone first: the seeds are whole files. The last byte says what else it is said to be.
        let last = bytes.last().map_or(0, |byte| usize::from(*byte));
        for kind in [None, KINDS[last % KINDS.len()]] {
            let before = computed();
            match Document::from_bytes(bytes.to_vec(), kind.map(str::to_owned)).text() {
                Ok(text) => assert!(text.len() <= MAX_BYTES, "{} bytes of text", text.len()),
                // On a busy machine five seconds may pass without having computed for as long.
                Err(DocumentError::TooSlow) => assert!(computed() - before < 4.0, "it takes too long"),
                Err(error) => assert!(!error.reason().is_empty()),
            }
        }
    }
);
