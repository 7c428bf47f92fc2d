//! Any bytes as a file of any kind: a text of bounded length, or a typed error. A library that panics, loops or fills the
//! memory stops only the process that reads the file, and is no finding; our own code must do none of that.
#![no_main]

use libfuzzer_sys::fuzz_target;
use portcullis_fuzz::document::{Document, MAX_BYTES};

const KINDS: [Option<&str>; 6] = [
    None,
    Some("application/pdf"),
    Some("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    Some("text/html"),
    Some("text/plain"),
    Some("application/msword"),
];

fuzz_target!(
    init: {
        std::panic::set_hook(Box::new(|panic| {
            let ours = panic.location().is_some_and(|place| place.file().contains("src/document"));
            if ours {
                eprintln!("{panic}");
                std::process::abort();
            }
        }));
    },
    |bytes: &[u8]| {
        // By its bytes alone first: the seeds are whole files. The last byte says what else it is said to be.
        let last = bytes.last().map_or(0, |byte| usize::from(*byte));
        for kind in [None, KINDS[last % KINDS.len()]] {
            let read = || Document::from_bytes(bytes.to_vec(), kind.map(str::to_owned)).text_here();
            match std::panic::catch_unwind(read) {
                Ok(Ok(read)) => assert!(read.text.len() <= MAX_BYTES, "{} bytes of text", read.text.len()),
                Ok(Err(error)) => assert!(!error.reason().is_empty()),
                Err(_) => {}
            }
        }
    }
);
