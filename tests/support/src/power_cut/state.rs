//! The folder after a power cut.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use super::file;
use super::random::Random;
use super::recording::{Entry, FileChange, FolderChange, Node, Recording};

/// The rules by which changes may be lost. With all of them, what was synced is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// Nothing is lost, as if the process was killed.
    Nothing,
    /// Changes of folders reach the disk in order, and every sync includes those before it: ext4, XFS, Btrfs.
    Journal,
    /// Changes of a folder reach the disk in order, and only a sync of that folder includes them: POSIX.
    Posix,
}

impl Loss {
    /// All rules.
    pub const ALL: [Self; 3] = [Self::Nothing, Self::Journal, Self::Posix];
}

/// The changes before a moment.
struct Moment<'a> {
    recording: &'a Recording,
    end: usize,
    files: HashMap<Node, Vec<(usize, &'a FileChange)>>,
    folders: HashMap<Node, Vec<(usize, &'a FolderChange)>>,
    /// Of a node, the position before which its changes are on disk.
    synced: HashMap<Node, usize>,
    /// The start of the last completed sync that had something to write.
    journal: usize,
}

impl<'a> Moment<'a> {
    fn new(recording: &'a Recording, end: usize) -> Self {
        let mut moment = Self {
            recording,
            end,
            files: HashMap::new(),
            folders: HashMap::new(),
            synced: HashMap::new(),
            journal: 0,
        };
        let mut starts = HashMap::new();
        let mut changed: HashMap<Node, usize> = HashMap::new();
        for (at, entry) in recording.entries[..end].iter().enumerate() {
            match entry {
                Entry::Folder { node, change } => {
                    moment.folders.entry(*node).or_default().push((at, change));
                    changed.entry(*node).or_insert(at);
                }
                Entry::File { node, change } => {
                    moment.files.entry(*node).or_default().push((at, change));
                    changed.entry(*node).or_insert(at);
                }
                Entry::SyncStart { number } => {
                    starts.insert(*number, at);
                }
                Entry::SyncEnd { node, number } => {
                    let start = starts[number];
                    let synced = moment.synced.entry(*node).or_default();
                    *synced = start.max(*synced);
                    if changed.remove(node).is_some_and(|changed| changed < start) {
                        moment.journal = moment.journal.max(start);
                    }
                }
                Entry::Note(_) => {}
            }
        }
        moment
    }

    /// The number of changes of this folder that are on disk.
    fn kept(&self, node: Node, changes: &[(usize, &FolderChange)], rule: (Loss, usize), random: &mut Random) -> usize {
        let before = |position: usize| changes.partition_point(|(at, _)| *at < position);
        match rule.0 {
            Loss::Nothing => changes.len(),
            Loss::Journal => before(rule.1),
            Loss::Posix => {
                let synced = self.synced.get(&node).copied().unwrap_or(0);
                random.between(before(synced), changes.len())
            }
        }
    }

    fn folder(&self, node: Node, rule: (Loss, usize), random: &mut Random) -> BTreeMap<&'a str, Node> {
        let none = Vec::new();
        let changes = self.folders.get(&node).unwrap_or(&none);
        let kept = self.kept(node, changes, rule, random);
        let mut entries = BTreeMap::new();
        for (_, change) in &changes[..kept] {
            match change {
                FolderChange::Add { name, node } => {
                    entries.insert(name.as_str(), *node);
                }
                FolderChange::Remove { name } => {
                    entries.remove(name.as_str());
                }
                FolderChange::Rename { from, to } => {
                    let moved = entries.remove(from.as_str()).unwrap();
                    entries.insert(to.as_str(), moved);
                }
            }
        }
        entries
    }

    fn contents(&self, node: Node, loss: Loss, random: &mut Random) -> Vec<u8> {
        let none = Vec::new();
        let changes = self.files.get(&node).unwrap_or(&none);
        let synced = match loss {
            Loss::Nothing => self.end,
            _ => self.synced.get(&node).copied().unwrap_or(0),
        };
        let (synced, pending) = changes.split_at(changes.partition_point(|(at, _)| *at < synced));
        let mut contents = Vec::new();
        for (_, change) in synced {
            file::apply(&mut contents, change, &self.recording.bytes);
        }
        if pending.is_empty() {
            return contents;
        }
        let pending: Vec<_> = pending.iter().map(|(_, change)| *change).collect();
        file::cut(contents, &pending, &self.recording.bytes, random)
    }

    fn write(&self, node: Node, to: &Path, rule: (Loss, usize), random: &mut Random) {
        for (name, node) in self.folder(node, rule, random) {
            let path = to.join(name);
            if self.recording.folders[node] {
                fs::create_dir(&path).unwrap();
                self.write(node, &path, rule, random);
            } else {
                fs::write(path, self.contents(node, rule.0, random)).unwrap();
            }
        }
    }
}

impl Recording {
    /// Writes a state that a power cut after `end` entries may leave into the empty folder `to`.
    pub fn build(&self, end: usize, loss: Loss, random: &mut Random, to: &Path) {
        let moment = Moment::new(self, end);
        let journal = random.between(moment.journal, end);
        moment.write(0, to, (loss, journal), random);
    }

    /// Fails if the recording does not lead to the contents of `folder`.
    pub(super) fn compare(&self, folder: &Path) {
        let moment = Moment::new(self, self.len());
        self.compare_folder(&moment, 0, folder);
    }

    fn compare_folder(&self, moment: &Moment<'_>, node: Node, folder: &Path) {
        let random = &mut Random::new(0);
        let recorded = moment.folder(node, (Loss::Nothing, 0), random);
        let mut found: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()).collect();
        found.sort_by_key(fs::DirEntry::file_name);
        let names: Vec<_> = found
            .iter()
            .map(|entry| entry.file_name().into_string().unwrap())
            .collect();
        assert_eq!(
            recorded.keys().collect::<Vec<_>>(),
            names.iter().collect::<Vec<_>>(),
            "{}",
            folder.display()
        );
        for (node, entry) in recorded.into_values().zip(found) {
            let path = entry.path();
            if self.folders[node] {
                self.compare_folder(moment, node, &path);
            } else {
                let is_same = moment.contents(node, Loss::Nothing, random) == fs::read(&path).unwrap();
                assert!(is_same, "{} was changed in a way that is not recorded", path.display());
            }
        }
    }
}
