//! The contents of a file after a power cut.

use super::random::Random;
use super::recording::FileChange;

/// The largest part of a page that a disk writes as a whole, and the page of the operating system.
const UNITS: [usize; 2] = [512, 4096];

/// Applies a change to the contents of a file.
pub(super) fn apply(contents: &mut Vec<u8>, change: &FileChange, recording: &[u8]) {
    match change {
        FileChange::Truncate { length } => contents.resize(*length, 0),
        FileChange::Write { offset, bytes } => {
            let end = offset + bytes.len();
            if contents.len() < end {
                contents.resize(end, 0);
            }
            contents[*offset..end].copy_from_slice(&recording[bytes.clone()]);
        }
    }
}

/// The contents if only a part of the changes since the last sync reached the disk. Each page has the contents of some
/// moment since then, and so has the length. What is missing reads as zeros.
pub(super) fn cut(synced: Vec<u8>, pending: &[&FileChange], recording: &[u8], random: &mut Random) -> Vec<u8> {
    let last = pending.len();
    let unit = UNITS[random.below(UNITS.len())];
    let mut lengths = vec![synced.len()];
    let mut now = synced;
    for change in pending {
        let length = match change {
            FileChange::Truncate { length } => *length,
            FileChange::Write { offset, bytes } => (offset + bytes.len()).max(lengths[lengths.len() - 1]),
        };
        lengths.push(length);
    }
    let longest = lengths.iter().copied().max().unwrap_or(0);
    // The changes that each page has.
    let mut pages = vec![Vec::new(); last + 1];
    let uniform = (random.below(2) == 0).then(|| random.between(0, last));
    for page in 0..longest.div_ceil(unit) {
        pages[uniform.unwrap_or_else(|| random.between(0, last))].push(page);
    }
    let mut contents = vec![0; longest];
    for (count, pages) in pages.iter().enumerate() {
        if count > 0 {
            apply(&mut now, pending[count - 1], recording);
        }
        for page in pages {
            let start = (page * unit).min(now.len());
            let end = (start + unit).min(now.len());
            contents[start..end].copy_from_slice(&now[start..end]);
        }
    }
    let length = lengths[match random.below(3) {
        0 => uniform.unwrap_or(last),
        1 => last,
        _ => random.between(0, last),
    }];
    contents.truncate(length);
    contents
}
