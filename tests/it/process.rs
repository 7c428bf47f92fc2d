//! The binary of this package as a process.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

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

/// Runs the program with these arguments on a terminal of its own, answers each prompt, and returns the exit code and what
/// the terminal showed. `script` is part of Debian's base system.
pub(crate) fn run_on_a_terminal(data: &Path, arguments: &str, answers: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut child = Command::new("script")
        .args(["--quiet", "--return", "--command"])
        .arg(format!("{} {arguments}", env!("CARGO_BIN_EXE_portcullis")))
        .arg("/dev/null")
        .env_clear()
        .env("PORTCULLIS_DATA_DIR", data)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("`script` runs");
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut shown = String::new();
    for (prompt, answer) in answers {
        while !shown.ends_with(prompt) {
            let mut byte = [0];
            assert_eq!(stdout.read(&mut byte).unwrap(), 1, "no {prompt:?} in {shown:?}");
            shown.push(byte[0].into());
        }
        // The prompt is shown before the echo is switched off, which throws away what was typed until then.
        std::thread::sleep(Duration::from_millis(300));
        stdin.write_all(format!("{answer}\n").as_bytes()).unwrap();
    }
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    (child.wait().unwrap().code(), shown + &rest)
}
