//! Reads a file in a separate process, because a file can make a parsing library loop, fill the memory or abort its
//! process. The process runs this program with a private command. It has no settings, secrets or open files, and ends
//! itself at its deadline.

use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{DEADLINE, DocumentError, Kind, MAX_BYTES, MAX_TEXT, ReadText};

/// The command that reads one file.
pub const COMMAND: &str = "read-document";
/// The address space limit of a reader, in bytes.
const MEMORY: u64 = 1 << 30;
/// The stack size of a reader, in bytes: structures in a file may be nested deeply.
const STACK: usize = 16 << 20;
/// The maximum number of readers at once.
const MAX_READERS: usize = 16;
/// The maximum size of an answer, in bytes: JSON escapes a one-byte character to at most six bytes.
const MAX_ANSWER: u64 = 6 * MAX_TEXT as u64 + 1024;

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Sets the program that reads files, if it is not the running one. Tests are separate programs.
pub fn read_with(program: PathBuf) {
    let _ = PROGRAM.set(program);
}

type Answer = Result<ReadText, DocumentError>;

/// Reads the text of a file in another process.
pub(super) fn text(kind: Kind, bytes: &[u8]) -> Answer {
    let _place = Place::take()?;
    ask(kind, bytes).unwrap_or_else(|error| {
        tracing::error!(%error, "failed to start a process that reads documents");
        Err(DocumentError::Busy)
    })
}

fn ask(kind: Kind, bytes: &[u8]) -> io::Result<Answer> {
    let program = match PROGRAM.get() {
        Some(program) => program.clone(),
        // The running program, even if its file was replaced by the next version.
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
        // A reader that fails reports it in its answer.
        let _ = input.write_all(bytes);
    }
    let mut answer = Vec::new();
    let told = reader
        .stdout
        .take()
        .map(|output| output.take(MAX_ANSWER).read_to_end(&mut answer));
    reader.wait()?;
    told.transpose()?;
    // Without an answer, the reader was stopped by its memory limit or by the library.
    Ok(serde_json::from_slice(&answer)
        .unwrap_or_else(|_| Err(DocumentError::Broken("its content cannot be parsed".into()))))
}

/// Reads the file on standard input and answers on standard output. The program does so when it is started with
/// [`COMMAND`] and the name of a type.
#[must_use]
pub fn serve(kind: &str) -> ExitCode {
    let Ok(kind) = kind.parse::<Kind>() else {
        return ExitCode::FAILURE;
    };
    // The operator may set a lower limit, which cannot be raised.
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
    // A panic cannot be reported: the parent takes the missing answer for a broken file.
    ExitCode::FAILURE
}

/// Writes the answer and ends the process.
fn answer(answer: &Answer) -> ! {
    let mut output = io::stdout().lock();
    let told = serde_json::to_writer(&mut output, answer).is_ok() && output.flush().is_ok();
    std::process::exit(i32::from(!told))
}

static READERS: AtomicUsize = AtomicUsize::new(0);

/// A permit to run a reader, released when dropped.
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
