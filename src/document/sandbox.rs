//! Reads a file in a process of its own: libraries that read files can be made to loop, to fill the memory and to stop the
//! process that they run in. The process is this program once more, with a command that only it knows; it sees no
//! settings, no secrets and no open file, and ends itself when its time is up.

use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{DEADLINE, DocumentError, Kind, MAX_BYTES, MAX_TEXT};

/// The command that makes the program read one file.
pub const COMMAND: &str = "read-document";
/// Bytes that a reader may write to.
const MEMORY: u64 = 1 << 30;
/// Of what it reads on: structures in a file may be nested deeply.
const STACK: usize = 16 << 20;
/// Readers at once.
const MAX_READERS: usize = 16;
/// The most bytes of an answer: JSON writes a character of one byte in six at most.
const MAX_ANSWER: u64 = 6 * MAX_TEXT as u64 + 1024;

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Says which program reads files, where that is not the one that runs: tests are programs of their own.
pub fn read_with(program: PathBuf) {
    let _ = PROGRAM.set(program);
}

type Answer = Result<String, DocumentError>;

/// The text of a file, read by another process.
pub(super) fn text(kind: Kind, bytes: &[u8]) -> Answer {
    let _place = Place::take()?;
    ask(kind, bytes).unwrap_or_else(|error| {
        tracing::error!(%error, "a document cannot be read in a process of its own");
        Err(DocumentError::Busy)
    })
}

fn ask(kind: Kind, bytes: &[u8]) -> io::Result<Answer> {
    let program = match PROGRAM.get() {
        Some(program) => program.clone(),
        // The one that runs, though its file may have been replaced by the next version.
        None if cfg!(target_os = "linux") => PathBuf::from("/proc/self/exe"),
        None => std::env::current_exe()?,
    };
    let mut reader = Command::new(program)
        .args([COMMAND, kind.into()])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(mut input) = reader.stdin.take() {
        // One that ended too early says so by its answer.
        let _ = input.write_all(bytes);
    }
    let mut answer = Vec::new();
    let told = reader
        .stdout
        .take()
        .map(|output| output.take(MAX_ANSWER).read_to_end(&mut answer));
    reader.wait()?;
    told.transpose()?;
    // Without one, it was stopped: by the limit of its memory, or by the library's own doing.
    Ok(serde_json::from_slice(&answer).unwrap_or_else(|_| Err(DocumentError::Broken("it cannot be read".into()))))
}

/// Reads the file on standard input and answers on standard output: what the program does when it is started with
/// [`COMMAND`] and the name of a kind.
#[must_use]
pub fn serve(kind: &str) -> ExitCode {
    let Ok(kind) = kind.parse::<Kind>() else {
        return ExitCode::FAILURE;
    };
    // What the operator allows may be less, and cannot be raised.
    #[cfg(unix)]
    if !rlimit::Resource::DATA
        .get()
        .is_ok_and(|(_, most)| rlimit::Resource::DATA.set(MEMORY.min(most), MEMORY.min(most)).is_ok())
    {
        return ExitCode::FAILURE;
    }
    let watch = std::thread::Builder::new().spawn(|| {
        std::thread::sleep(DEADLINE);
        answer(&Err(DocumentError::TooSlow));
    });
    let read = std::thread::Builder::new().stack_size(STACK).spawn(move || {
        let mut bytes = Vec::new();
        let read = io::stdin().lock().take(MAX_BYTES as u64).read_to_end(&mut bytes);
        read.is_ok().then(|| kind.read(bytes))
    });
    if let (Ok(_), Ok(read)) = (watch, read)
        && let Ok(Some(read)) = read.join()
    {
        answer(&read);
    }
    // Nothing that was caught can be told: whoever waits takes silence for a broken file.
    ExitCode::FAILURE
}

/// Answers, once, and ends the process.
fn answer(answer: &Answer) -> ! {
    let mut output = io::stdout().lock();
    let told = serde_json::to_writer(&mut output, answer).is_ok() && output.flush().is_ok();
    std::process::exit(i32::from(!told))
}

static READERS: AtomicUsize = AtomicUsize::new(0);

/// A place among the readers, given back when it is dropped.
struct Place;

impl Place {
    fn take() -> Result<Self, DocumentError> {
        let place = Self;
        if READERS.fetch_add(1, Ordering::SeqCst) < MAX_READERS {
            Ok(place)
        } else {
            Err(DocumentError::Busy)
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        READERS.fetch_sub(1, Ordering::SeqCst);
    }
}
