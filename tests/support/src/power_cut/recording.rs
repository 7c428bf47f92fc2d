//! The entries that `recorder.c` appends, in order.

use std::collections::HashMap;
use std::ops::Range;

use super::random::Random;

/// A file or folder; the first is the recorded folder.
pub(super) type Node = usize;

/// A change of the entries of a folder.
#[derive(Debug, Clone)]
pub(super) enum FolderChange {
    Add { name: String, node: Node },
    Remove { name: String },
    Rename { from: String, to: String },
}

/// A change of the contents of a file.
#[derive(Debug, Clone)]
pub(super) enum FileChange {
    /// The bytes are a range of the recording.
    Write {
        offset: usize,
        bytes: Range<usize>,
    },
    Truncate {
        length: usize,
    },
}

#[derive(Debug)]
pub(super) enum Entry {
    Folder { node: Node, change: FolderChange },
    File { node: Node, change: FileChange },
    SyncStart { number: (u64, u64) },
    SyncEnd { node: Node, number: (u64, u64) },
    Note(String),
}

/// What was written below a folder, in order.
#[derive(Debug)]
pub struct Recording {
    pub(super) bytes: Vec<u8>,
    pub(super) entries: Vec<Entry>,
    pub(super) folders: Vec<bool>,
}

/// The bytes of a note.
pub(super) fn note(text: &str) -> Vec<u8> {
    let size = u32::try_from(17 + text.len()).unwrap();
    let mut entry = size.to_le_bytes().to_vec();
    entry.push(b'N');
    entry.extend([0; 16]);
    entry.extend(text.as_bytes());
    entry
}

#[derive(Default)]
struct Parser {
    entries: Vec<Entry>,
    folders: Vec<bool>,
    by_inode: HashMap<u64, Node>,
    by_path: HashMap<String, Node>,
    process: u64,
}

impl Recording {
    pub(super) fn parse(bytes: Vec<u8>) -> Self {
        let number = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
        let mut parser = Parser::default();
        let mut at = 0;
        while at < bytes.len() {
            let size = u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
            let (kind, id, offset) = (bytes[at + 4], number(at + 5), number(at + 13));
            parser.entry(kind, id, offset, at + 21..at + 4 + size, &bytes);
            at += 4 + size;
        }
        let Parser { entries, folders, .. } = parser;
        Self {
            bytes,
            entries,
            folders,
        }
    }

    /// The number of entries; a power cut may be after any number of them.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing was recorded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The bytes that were written.
    #[must_use]
    pub fn written(&self) -> usize {
        let writes = self.entries.iter().map(|entry| match entry {
            Entry::File {
                change: FileChange::Write { bytes, .. },
                ..
            } => bytes.len(),
            _ => 0,
        });
        writes.sum()
    }

    /// The syncs that were completed.
    #[must_use]
    pub fn syncs(&self) -> usize {
        let is_sync = |entry: &&Entry| matches!(entry, Entry::SyncEnd { .. });
        self.entries.iter().filter(is_sync).count()
    }

    /// The notes before a moment.
    pub fn notes(&self, end: usize) -> impl Iterator<Item = &str> {
        self.entries[..end].iter().filter_map(|entry| match entry {
            Entry::Note(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// A random moment: every other one is near a change of a folder, of which there are fewer than writes.
    pub fn moment(&self, random: &mut Random) -> usize {
        if random.below(2) == 0 {
            return 1 + random.below(self.len());
        }
        let is_change = |at: &usize| matches!(self.entries[*at], Entry::Folder { .. });
        let changes: Vec<usize> = (0..self.len()).filter(is_change).collect();
        let near = changes[random.below(changes.len())] + random.below(8);
        near.saturating_sub(3).clamp(1, self.len())
    }
}

impl Parser {
    fn entry(&mut self, kind: u8, id: u64, offset: u64, text: Range<usize>, bytes: &[u8]) {
        let string = || String::from_utf8(bytes[text.clone()].to_vec()).unwrap();
        let length = usize::try_from(offset).unwrap();
        match kind {
            b'C' => self.add(id, &string(), false),
            // A process has started.
            b'D' if text.is_empty() => {
                self.process += 1;
                if self.folders.is_empty() {
                    self.folders.push(true);
                    self.by_path.insert(String::new(), 0);
                    self.by_inode.insert(id, 0);
                }
            }
            b'D' => self.add(id, &string(), true),
            b'W' => {
                let change = FileChange::Write {
                    offset: length,
                    bytes: text,
                };
                self.entries.push(Entry::File {
                    node: self.by_inode[&id],
                    change,
                });
            }
            b'T' => {
                let change = FileChange::Truncate { length };
                self.entries.push(Entry::File {
                    node: self.by_inode[&id],
                    change,
                });
            }
            b'U' => {
                let path = string();
                self.by_path.remove(&path);
                let (node, name) = self.parent(&path);
                self.entries.push(Entry::Folder {
                    node,
                    change: FolderChange::Remove { name },
                });
            }
            b'R' => {
                let both = string();
                let (from, to) = both.split_once('\0').unwrap();
                let moved = self.by_path.remove(from).unwrap();
                assert!(!self.folders[moved], "a folder was renamed: {from}");
                self.by_path.insert(to.to_owned(), moved);
                let ((node, from), (target, to)) = (self.parent(from), self.parent(to));
                assert_eq!(node, target, "a file was moved to another folder");
                self.entries.push(Entry::Folder {
                    node,
                    change: FolderChange::Rename { from, to },
                });
            }
            b'S' => self.entries.push(Entry::SyncStart {
                number: (self.process, offset),
            }),
            b'E' => {
                let number = (self.process, offset);
                self.entries.push(Entry::SyncEnd {
                    node: self.by_inode[&id],
                    number,
                });
            }
            b'N' => self.entries.push(Entry::Note(string())),
            _ => panic!("a change of a file is not recorded: {}", string()),
        }
    }

    fn add(&mut self, inode: u64, path: &str, is_folder: bool) {
        let added = self.folders.len();
        self.folders.push(is_folder);
        self.by_inode.insert(inode, added);
        self.by_path.insert(path.to_owned(), added);
        let (node, name) = self.parent(path);
        let change = FolderChange::Add { name, node: added };
        self.entries.push(Entry::Folder { node, change });
    }

    fn parent(&self, path: &str) -> (Node, String) {
        let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
        (self.by_path[parent], name.to_owned())
    }
}
