//! Reads a file in a separate process, because a file can make a parsing library loop, fill the memory or abort its
//! process. The process runs this program with a private command. It has no settings, secrets or open files, and ends
//! itself at its deadline.

use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

use super::{DEADLINE, DocumentError, Kind, MAX_BYTES, MAX_TEXT, ReadText};
use crate::memory::Readers;

/// The command that reads one file.
pub const COMMAND: &str = "read-document";
/// The stack size of a reader, in bytes: structures in a file may be nested deeply.
const STACK: usize = 16 << 20;
/// The time a reader may run in total, as a multiple of the CPU time that it may take: other work may use the cores too.
const WAIT: u32 = 3;
/// The time between two looks at the CPU time of a reader.
const LOOK: Duration = Duration::from_millis(50);
/// The maximum size of an answer, in bytes: JSON escapes a one-byte character to at most six bytes.
const MAX_ANSWER: u64 = 6 * MAX_TEXT as u64 + 1024;

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// The number and the memory of readers; `None` where memory is ample.
static LIMITS: Mutex<Option<Readers>> = Mutex::new(None);

/// Sets the program that reads files, if it is not the running one. Tests are separate programs.
pub fn read_with(program: PathBuf) {
    let _ = PROGRAM.set(program);
}

/// Limits the readers that are started from now on. Call it before [`max_readers`] is asked for.
pub fn limit(readers: Readers) {
    *LIMITS.lock() = Some(readers);
}

type Answer = Result<ReadText, DocumentError>;

/// Reads the text of a file in another process.
pub(super) fn text(kind: Kind, bytes: &[u8]) -> Answer {
    let _place = Place::take();
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
    let memory = limits().memory.to_string();
    let mut reader = Command::new(program)
        .args([COMMAND, kind.into(), memory.as_str()])
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
/// [`COMMAND`], the name of a type and the memory that it may take in bytes.
#[must_use]
pub fn serve(kind: &str, memory: u64) -> ExitCode {
    let Ok(kind) = kind.parse::<Kind>() else {
        return ExitCode::FAILURE;
    };
    // The operator may set a lower limit, which cannot be raised.
    #[cfg(unix)]
    if !rlimit::Resource::DATA
        .get()
        .is_ok_and(|(_, most)| rlimit::Resource::DATA.set(memory.min(most), memory.min(most)).is_ok())
    {
        return ExitCode::FAILURE;
    }
    // If the system runs out of memory, it ends a reader before the server.
    let _ = std::fs::write("/proc/self/oom_score_adj", "1000");
    let started = Instant::now();
    let watch = std::thread::Builder::new().spawn(move || {
        while started.elapsed() < WAIT * DEADLINE && cpu_time().unwrap_or_else(|| started.elapsed()) < DEADLINE {
            std::thread::sleep(LOOK);
        }
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

/// The CPU time that this process has taken, where the system tells it.
fn cpu_time() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The second field, the name in parentheses, may contain spaces; `utime` and `stime` are fields 14 and 15 (proc(5)).
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let ticks = fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?;
    // Linux reports hundredths of a second on every architecture.
    Some(Duration::from_millis(10 * ticks))
}

/// The maximum number of readers at once.
#[must_use]
pub fn max_readers() -> usize {
    limits().count
}

fn limits() -> Readers {
    LIMITS.lock().unwrap_or_else(|| {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Readers::ample(cores)
    })
}

/// The number of running readers.
static READERS: (Mutex<usize>, Condvar) = (Mutex::new(0), Condvar::new());

/// A permit to run a reader, released when dropped.
struct Place;

impl Place {
    /// Waits until fewer than [`max_readers`] are running. Services queue before they call it, so as not to block a
    /// thread here.
    fn take() -> Self {
        let mut running = READERS.0.lock();
        while *running >= max_readers() {
            READERS.1.wait(&mut running);
        }
        *running += 1;
        Self
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        *READERS.0.lock() -= 1;
        READERS.1.notify_one();
    }
}
