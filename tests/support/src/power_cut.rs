//! Power cuts: records what a process writes and syncs below a folder, and builds the folders that a power cut at any
//! moment may leave.
//!
//! A library that is preloaded into the process records the changes (`recorder.c`, compiled with `cc`). [`Recording`] reads
//! them, and [`Recording::build`] applies those before a moment: all that was synced, and of the rest a part.

mod file;
mod random;
mod recording;
mod state;

use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

pub use self::random::Random;
pub use self::recording::Recording;
pub use self::state::Loss;

const SOURCE: &str = include_str!("power_cut/recorder.c");

/// Records processes, one after the other.
#[derive(Debug)]
pub struct Recorder {
    library: PathBuf,
    recording: PathBuf,
    folder: PathBuf,
}

impl Recorder {
    /// Compiles the library into `place`, where the recording is written as well. `folder` exists, is empty, and is not
    /// in `place`.
    #[must_use]
    pub fn new(place: &Path, folder: &Path) -> Self {
        let (source, library) = (place.join("recorder.c"), place.join("recorder.so"));
        std::fs::write(&source, SOURCE).unwrap();
        let compiler = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
        let flags = ["-shared", "-fPIC", "-O1", "-o"].map(OsStr::new);
        let compiled = Command::new(compiler)
            .args(flags)
            .arg(&library)
            .arg(&source)
            .arg("-ldl")
            .status();
        assert!(compiled.unwrap().success(), "the recorder does not compile");
        Self {
            library,
            recording: place.join("recording"),
            folder: folder.canonicalize().unwrap(),
        }
    }

    /// Makes the process of this command record its changes.
    pub fn record(&self, command: &mut Command) {
        command
            .env("LD_PRELOAD", &self.library)
            .env("RECORDED_FOLDER", &self.folder)
            .env("RECORDING_FILE", &self.recording);
    }

    /// The notes in the recording.
    #[must_use]
    pub fn notes(&self) -> Notes {
        Notes::in_recording(&self.recording)
    }

    /// Reads the recording. Fails if it does not lead to the contents of the folder, for example because the process
    /// wrote in a way that is not recorded.
    #[must_use]
    pub fn finish(self) -> Recording {
        let recording = Recording::parse(std::fs::read(&self.recording).unwrap());
        recording.compare(&self.folder);
        recording
    }

    /// The file of the recording.
    #[must_use]
    pub fn recording(&self) -> &Path {
        &self.recording
    }
}

/// Notes between the changes: which operations have begun, and which were acknowledged.
#[derive(Debug)]
pub struct Notes(File);

impl Notes {
    /// Opens the notes of a recording.
    #[must_use]
    pub fn in_recording(recording: &Path) -> Self {
        Self(OpenOptions::new().create(true).append(true).open(recording).unwrap())
    }

    /// Appends a note.
    pub fn add(&self, text: &str) {
        let entry = recording::note(text);
        // One write, because other processes append too.
        assert_eq!((&self.0).write(&entry).unwrap(), entry.len());
    }
}
