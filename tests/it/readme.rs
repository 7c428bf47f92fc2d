//! The first session of README.md, pasted into the shells it names. Not tested: how long the first build takes.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::process::start;

const README: &str = include_str!("../../README.md");

/// The blocks of code in one language of a section, as one text.
fn blocks(section: &str, language: &str) -> String {
    let (_, section) = README.split_once(&format!("\n## {section}\n")).unwrap();
    let section = section.split_once("\n## ").unwrap().0;
    let blocks = section.split("```").skip(1).step_by(2);
    blocks.filter_map(|block| block.strip_prefix(language)).collect()
}

/// What an interactive shell prints when this is typed into it.
fn paste(shell: &[&str], text: &str) -> String {
    let mut child = Command::new(shell[0])
        .args(&shell[1..])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("this test needs {}: run scripts/test ({error})", shell[0]));
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

/// Whether a line is the pattern, in which `...` is any text.
fn matches(line: &str, pattern: &str) -> bool {
    let mut pieces = pattern.split("...");
    let Some(mut rest) = line.strip_prefix(pieces.next().unwrap_or_default()) else {
        return false;
    };
    for piece in pieces {
        let Some((_, after)) = rest.split_once(piece) else {
            return false;
        };
        rest = after;
    }
    rest.is_empty()
}

#[test]
fn the_first_session_answers_the_same_in_bash_and_zsh() {
    for shell in [&["bash", "--norc", "-i"][..], &["zsh", "-f", "-i"]] {
        let data = tempfile::tempdir().unwrap();
        let server = start(data.path());
        let script = blocks("A first session", "sh\n").replace("http://127.0.0.1:8000", &server.url());
        let printed = paste(shell, &script);
        let expected = blocks("A first session", "text\n");
        let (printed, expected): (Vec<_>, Vec<_>) = (printed.lines().collect(), expected.lines().collect());
        assert_eq!(printed.len(), expected.len(), "{shell:?}: {printed:#?}");
        for (line, pattern) in printed.into_iter().zip(expected) {
            assert!(matches(line, pattern), "{shell:?}: {line}\n{pattern}");
        }
        server.stop();
    }
}
