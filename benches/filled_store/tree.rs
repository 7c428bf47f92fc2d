//! The entries of an embedded store, without SurrealDB.

use std::path::Path;

use surrealkv::{Options, Tree, TreeBuilder};

const MEMTABLE_BYTES: usize = 256 << 20;

/// An entry, and where it has texts that the copies replace: the position in the key and the value together, and which text.
pub(crate) struct Template {
    bytes: Vec<u8>,
    key_length: usize,
    replaced: Vec<(usize, usize)>,
}

impl Template {
    pub(crate) fn new(key: &[u8], value: &[u8], texts: &[&str]) -> Self {
        let bytes = [key, value].concat();
        let replaced = texts.iter().enumerate().flat_map(|(which, text)| {
            let windows = bytes.windows(text.len()).enumerate();
            let found = windows.filter(|(_, window)| *window == text.as_bytes());
            found.map(move |(position, _)| (position, which)).collect::<Vec<_>>()
        });
        let replaced = replaced.collect();
        Self {
            bytes,
            key_length: key.len(),
            replaced,
        }
    }

    /// Whether one of the texts is in the key.
    pub(crate) fn names_any(&self) -> bool {
        self.replaced.iter().any(|(position, _)| *position < self.key_length)
    }

    pub(crate) fn copy(&self, texts: &[String]) -> (Vec<u8>, Vec<u8>) {
        let mut bytes = self.bytes.clone();
        for (position, which) in &self.replaced {
            let text = texts[*which].as_bytes();
            bytes[*position..position + text.len()].copy_from_slice(text);
        }
        let value = bytes.split_off(self.key_length);
        (bytes, value)
    }
}

/// Opens the tree of a store that no process has open. A SurrealDB server refuses tables without bloom filters; those of
/// Portcullis have none.
pub(crate) fn open(db: &Path, bloom_filters: bool) -> Tree {
    // The values are in the tables, as in those of the server.
    let options = Options::new()
        .with_path(db.to_owned())
        .with_max_memtable_size(MEMTABLE_BYTES)
        .with_enable_vlog(true)
        .with_vlog_value_threshold(usize::MAX);
    let options = if bloom_filters {
        options
    } else {
        options.with_filter_policy(None)
    };
    TreeBuilder::with_options(options).build().unwrap()
}
