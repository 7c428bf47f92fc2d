//! A consistent set of the files of a store that another process may be writing.
//!
//! The engine never changes a table, only appends to its log and its value files, and replaces its manifest, which names
//! the tables and the first segment of the log that is not in them, in one step. Files are removed only after a manifest
//! that no longer needs them was written. So the files are opened, and their lengths taken, between two reads of the
//! manifest. If both are equal, the open files are what a crash at that moment would leave, and opening them replays the
//! log: every change that was acknowledged before is in it. Otherwise the attempt is repeated.
//!
//! An open file keeps its contents when the engine removes it. Nothing is written into the data folder, and nothing is
//! left in it when the process ends in any way.
//!
//! The engine's own checkpoint is not used: it reads the list of tables and the manifest under two locks, between which
//! a compaction may replace the tables, and it copies all value files.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::time::Duration;

use super::error::BackupError;

const ATTEMPTS: usize = 100;
const PAUSE: Duration = Duration::from_millis(20);
const MANIFEST_VERSION: u16 = 1;
/// More than a manifest of a million tables.
const MOST_BYTES: u64 = 16 << 20;

/// A file of a backup, open for reading.
#[derive(Debug)]
pub(super) struct SnapshotFile {
    /// The path in the backup, with `/` between its parts.
    pub(super) name: String,
    pub(super) bytes: u64,
    pub(super) content: Content,
}

#[derive(Debug)]
pub(super) enum Content {
    /// The first `bytes` of a file.
    File(File),
    Memory(Vec<u8>),
}

/// Opens the files of the store in `folder`; their names begin with `db/`.
pub(super) fn store(folder: &Path) -> Result<Vec<SnapshotFile>, BackupError> {
    // Every table is one open file. The limit that most systems set at first is made for programs that use select(2).
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    for _ in 0..ATTEMPTS {
        if let Some(files) = attempt(folder)? {
            return Ok(files);
        }
        std::thread::sleep(PAUSE);
    }
    Err(BackupError::Busy)
}

/// Reads the signing keys in `folder`; their names begin with `keys/`. A folder that does not exist has none.
pub(super) fn keys(folder: &Path) -> Result<Vec<SnapshotFile>, BackupError> {
    let mut files = Vec::new();
    for name in names(folder, ".pem")? {
        let path = folder.join(&name);
        let content = fs::read(&path).map_err(BackupError::io(&path))?;
        files.push(SnapshotFile {
            name: format!("keys/{name}"),
            bytes: content.len() as u64,
            content: Content::Memory(content),
        });
    }
    Ok(files)
}

/// Returns `None` if the store changed.
fn attempt(folder: &Path) -> Result<Option<Vec<SnapshotFile>>, BackupError> {
    let path = folder.join("manifest").join(format!("{:020}.manifest", 0));
    let read = || match fs::read(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(BackupError::NoStore(folder.to_owned())),
        other => other.map_err(BackupError::io(&path)),
    };
    let before = read()?;
    let manifest = Manifest::parse(&before)
        .filter(|_| before.len() as u64 <= MOST_BYTES)
        .ok_or_else(|| BackupError::UnknownManifest(folder.to_owned()))?;
    let mut missing = None;
    let mut files = Vec::with_capacity(manifest.tables.len() + 16);
    for table in manifest.tables {
        let name = format!("sstables/{table:020}.sst");
        match open(folder, &name)? {
            Some(file) => files.push(file),
            None => missing = missing.or_else(|| Some(folder.join(name))),
        }
    }
    for name in names(&folder.join("vlog"), ".vlog")? {
        // A value file that was removed since it was listed is not needed by this manifest or a later one.
        files.extend(open(folder, &format!("vlog/{name}"))?);
    }
    let mut next = None;
    for segment in segments(folder, manifest.first_segment)? {
        let name = format!("wal/{segment:020}.wal");
        let is_next = next.is_none_or(|next| next == segment);
        next = Some(segment + 1);
        match open(folder, &name)?.filter(|_| is_next) {
            Some(file) => files.push(file),
            // Removed, or created while the folder was listed.
            None => return Ok(None),
        }
    }
    if read()? != before {
        return Ok(None);
    }
    if let Some(path) = missing {
        return Err(BackupError::Missing(path));
    }
    files.push(SnapshotFile {
        name: format!("db/manifest/{:020}.manifest", 0),
        bytes: before.len() as u64,
        content: Content::Memory(before),
    });
    Ok(Some(files))
}

/// Returns `None` if the file does not exist.
fn open(folder: &Path, name: &str) -> Result<Option<SnapshotFile>, BackupError> {
    let path = folder.join(name);
    let opened = File::open(&path).and_then(|file| Ok((file.metadata()?.len(), file)));
    match opened {
        Ok((bytes, file)) => Ok(Some(SnapshotFile {
            name: format!("db/{name}"),
            bytes,
            content: Content::File(file),
        })),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(BackupError::Io { path, source }),
    }
}

/// The names in a folder that end with `suffix`, ordered.
fn names(folder: &Path, suffix: &str) -> Result<Vec<String>, BackupError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(BackupError::io(folder))?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(BackupError::io(folder))?.file_name();
        names.extend(name.into_string().ok().filter(|name| name.ends_with(suffix)));
    }
    names.sort();
    Ok(names)
}

/// The segments of the log from `first` on, ordered.
fn segments(folder: &Path, first: u64) -> Result<Vec<u64>, BackupError> {
    let names = names(&folder.join("wal"), ".wal")?;
    let numbers = names.iter().filter_map(|name| name.strip_suffix(".wal")?.parse().ok());
    Ok(numbers.filter(|number| *number >= first).collect())
}

/// The parts of the engine's manifest that name files.
struct Manifest {
    tables: Vec<u64>,
    first_segment: u64,
}

impl Manifest {
    /// Version, next table, first segment of the log, last sequence number; then the number of levels, and for each the
    /// number of its tables and their numbers; then snapshots. Big endian.
    fn parse(mut bytes: &[u8]) -> Option<Self> {
        let version = u16::from_be_bytes(take(&mut bytes)?);
        let _next_table: [u8; 8] = take(&mut bytes)?;
        let first_segment = u64::from_be_bytes(take(&mut bytes)?);
        let _last_sequence: [u8; 8] = take(&mut bytes)?;
        let [levels] = take(&mut bytes)?;
        let mut tables = Vec::new();
        for _ in 0..levels {
            for _ in 0..u32::from_be_bytes(take(&mut bytes)?) {
                tables.push(u64::from_be_bytes(take(&mut bytes)?));
            }
        }
        (version == MANIFEST_VERSION).then_some(Self { tables, first_segment })
    }
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*first)
}
