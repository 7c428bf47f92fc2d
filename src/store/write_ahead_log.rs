//! Verification of the embedded engine's write-ahead log, before the engine opens it.
//!
//! SurrealKV repairs a log that it cannot read: it cuts the segment at the first bad record, discards what follows and
//! goes on. Damage in the middle would therefore silently remove acknowledged changes, and even after a torn last
//! write the engine keeps appending to the file it has just replaced. So [`inspect`] reads every live segment first. It
//! removes an incomplete write from the end of the log, and refuses a log in which complete records follow the damage,
//! unless a power cut explains it: see [`synced_log`].
//!
//! The format is that of SurrealKV 0.21. A segment is a sequence of blocks of 32 KiB; the last one may be shorter. A
//! block holds fragments, each a header of seven bytes (CRC-32 of kind and payload, length of the payload, kind; big
//! endian) and its payload; up to six bytes that are too few for a header are padding. A record is one fragment of kind
//! full, or first, middle ... and last ones. A segment below the manifest's log number is in the tables already and is
//! not read again.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::error::OpenError;
use super::synced_log::{self, LogPosition};

const BLOCK: usize = 32 * 1024;
const HEADER: usize = 7;
/// Version, next table, log number: the beginning of a manifest.
const MANIFEST_HEADER: usize = 2 + 8 + 8;
const MANIFEST_VERSION: u16 = 1;

/// A log that the engine can read to its end.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Log {
    /// The size of the largest segment that the engine will replay, in bytes.
    pub(super) largest_segment: u64,
}

/// Whether the folder contains a store.
pub(super) fn store_exists(folder: &Path) -> bool {
    manifest(folder).exists()
}

/// Verifies the log of the store in `folder`, which no other process may have open. Removes an incomplete last write.
///
/// # Errors
/// [`OpenError::DamagedLog`] if complete records follow a damaged one, [`OpenError::Folder`] if a file cannot be read.
pub(super) fn inspect(folder: &Path) -> Result<Log, OpenError> {
    let unusable = |error: io::Error| OpenError::Folder {
        folder: folder.to_owned(),
        reason: format!("its write-ahead log cannot be read: {error}"),
    };
    let synced = synced_log::read(folder).map_err(unusable)?;
    let mut segments = live_segments(folder).map_err(unusable)?.into_iter();
    let mut log = Log::default();
    let mut expected = None;
    while let Some(Segment { number, path }) = segments.next() {
        if expected.is_some_and(|expected| expected != number) {
            return Err(OpenError::MissingSegment { next: path });
        }
        expected = Some(number + 1);
        let mut file = File::open(&path).map_err(unusable)?;
        let scan = scan(&mut file).map_err(unusable)?;
        let Some(offset) = scan.fault else {
            log.largest_segment = log.largest_segment.max(scan.end);
            continue;
        };
        if let Some(record) = complete_record(&mut file, offset).map_err(unusable)? {
            let start = LogPosition {
                segment: number,
                offset: scan.end,
            };
            let was_synced = synced.is_some_and(|synced| start < synced);
            if was_synced || !synced_log::has_gap(&mut file, offset, record).map_err(unusable)? {
                return Err(OpenError::DamagedLog { path, offset });
            }
        }
        let mut tail = vec![(path.clone(), scan.end)];
        for Segment { path: later, .. } in segments.by_ref() {
            let mut file = File::open(&later).map_err(unusable)?;
            if complete_record(&mut file, 0).map_err(unusable)?.is_some() {
                return Err(OpenError::DamagedLog { path, offset });
            }
            tail.push((later, 0));
        }
        // Writes that a crash interrupted, which were never acknowledged.
        for (path, end) in tail {
            cut(&path, end).map_err(unusable)?;
        }
        log.largest_segment = log.largest_segment.max(scan.end);
    }
    Ok(log)
}

struct Segment {
    number: u64,
    path: PathBuf,
}

fn manifest(folder: &Path) -> PathBuf {
    folder.join("manifest").join(format!("{:020}.manifest", 0))
}

/// Returns the first segment that is not in the tables yet. With a manifest of another version, or none, every segment
/// is live.
fn log_number(folder: &Path) -> io::Result<u64> {
    let mut header = [0; MANIFEST_HEADER];
    match File::open(manifest(folder)).and_then(|mut file| file.read_exact(&mut header)) {
        Ok(()) => {}
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::UnexpectedEof) => return Ok(0),
        Err(error) => return Err(error),
    }
    let [version_high, version_low, .., a, b, c, d, e, f, g, h] = header;
    if u16::from_be_bytes([version_high, version_low]) != MANIFEST_VERSION {
        return Ok(0);
    }
    Ok(u64::from_be_bytes([a, b, c, d, e, f, g, h]))
}

/// Returns the segments to replay, in order.
fn live_segments(folder: &Path) -> io::Result<Vec<Segment>> {
    let first = log_number(folder)?;
    let entries = match fs::read_dir(folder.join("wal")) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut segments = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let number = name
            .and_then(|name| name.strip_suffix(".wal"))
            .and_then(|stem| stem.parse().ok());
        if let Some(number) = number.filter(|number| *number >= first) {
            segments.push(Segment { number, path });
        }
    }
    segments.sort_by_key(|segment| segment.number);
    Ok(segments)
}

/// The result of reading a segment.
struct Scan {
    /// The offset after the last complete record.
    end: u64,
    /// The offset of the first fragment that is damaged or does not continue its record.
    fault: Option<u64>,
}

fn scan(file: &mut File) -> io::Result<Scan> {
    let mut blocks = Blocks::at(file, 0)?;
    let mut end = 0;
    let mut in_record = false;
    while let Some((start, block)) = blocks.next()? {
        let mut at = 0;
        while block.len() - at >= HEADER {
            let offset = start + at as u64;
            let fragment = Fragment::parse(&block[at..]).filter(|fragment| match fragment.kind {
                Kind::Full | Kind::First => !in_record,
                Kind::Middle | Kind::Last => in_record,
                Kind::Compression => offset == 0,
            });
            let Some(fragment) = fragment else {
                return Ok(Scan {
                    end,
                    fault: Some(offset),
                });
            };
            at += fragment.size;
            in_record = matches!(fragment.kind, Kind::First | Kind::Middle);
            if !in_record {
                end = start + at as u64;
            }
        }
        // Too few bytes for a header: padding at the end of a complete block, otherwise a header that was cut off.
        if at < block.len() && BLOCK - at >= HEADER {
            return Ok(Scan {
                end,
                fault: Some(start + at as u64),
            });
        }
    }
    Ok(Scan {
        end,
        fault: in_record.then_some(end),
    })
}

/// Returns the offset of the first complete record at or after `from`, at any position in its block.
fn complete_record(file: &mut File, from: u64) -> io::Result<Option<u64>> {
    let mut blocks = Blocks::at(file, from)?;
    let mut first = None;
    while let Some((start, block)) = blocks.next()? {
        let mut at = usize::try_from(from.saturating_sub(start)).unwrap_or(block.len());
        while block.len().saturating_sub(at) >= HEADER {
            let offset = start + at as u64;
            let Some(fragment) = Fragment::parse(&block[at..]) else {
                first = None;
                at += 1;
                continue;
            };
            match fragment.kind {
                Kind::Full => return Ok(Some(offset)),
                Kind::First => first = Some(offset),
                Kind::Last if first.is_some() => return Ok(first),
                // The rest of the damaged record.
                Kind::Middle | Kind::Last | Kind::Compression => {}
            }
            at += fragment.size;
        }
    }
    Ok(None)
}

fn cut(path: &Path, end: u64) -> io::Result<()> {
    let file = OpenOptions::new().write(true).open(path)?;
    let length = file.metadata()?.len();
    if length > end {
        file.set_len(end)?;
        file.sync_all()?;
        tracing::warn!(
            file = %path.display(),
            offset = end,
            bytes = length - end,
            "removed an incomplete last write from the end of the write-ahead log"
        );
    }
    Ok(())
}

/// Reads a segment one block at a time.
struct Blocks<'a> {
    file: &'a mut File,
    start: u64,
    block: Vec<u8>,
}

impl<'a> Blocks<'a> {
    /// Starts at the block that contains `offset`.
    fn at(file: &'a mut File, offset: u64) -> io::Result<Self> {
        let start = offset - offset % BLOCK as u64;
        file.seek(SeekFrom::Start(start))?;
        Ok(Self {
            file,
            start,
            block: Vec::with_capacity(BLOCK),
        })
    }

    /// Returns the next block and its offset.
    fn next(&mut self) -> io::Result<Option<(u64, &[u8])>> {
        self.start += self.block.len() as u64;
        self.block.clear();
        self.file.by_ref().take(BLOCK as u64).read_to_end(&mut self.block)?;
        Ok((!self.block.is_empty()).then_some((self.start, self.block.as_slice())))
    }
}

enum Kind {
    Full,
    First,
    Middle,
    Last,
    /// The compression of the following payloads; only the first fragment of a segment.
    Compression,
}

/// A fragment of a record, with its checksum verified.
struct Fragment {
    kind: Kind,
    /// The size of header and payload, in bytes.
    size: usize,
}

impl Fragment {
    /// Parses the fragment at the beginning of `block`, which is at least as long as a header.
    fn parse(block: &[u8]) -> Option<Self> {
        let (&[c0, c1, c2, c3, l0, l1, kind], rest) = block.split_first_chunk::<HEADER>()?;
        let length = usize::from(u16::from_be_bytes([l0, l1]));
        let payload = rest.get(..length)?;
        let parsed = match kind {
            1 => Kind::Full,
            2 => Kind::First,
            3 => Kind::Middle,
            4 => Kind::Last,
            9 => Kind::Compression,
            _ => return None,
        };
        let mut checksum = crc32fast::Hasher::new();
        checksum.update(&[kind]);
        checksum.update(payload);
        (checksum.finalize() == u32::from_be_bytes([c0, c1, c2, c3])).then_some(Self {
            kind: parsed,
            size: HEADER + length,
        })
    }
}
