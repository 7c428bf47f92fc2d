//! A copy of a closed store with its present entries only: without those that were replaced or removed, which the engine
//! keeps in its tables until it merges them.

use std::path::Path;

use surrealdb_kvs::config::SyncMode;
use surrealdb_kvs::{Result, Val};
use surrealkv::{LSMIterator as _, Mode};

use super::error::failed;
use super::folders;
use super::lsm_tree::LsmTree;
use super::recovery::Place;
use super::tree::SharedTree;
use crate::store::MemorySettings;

/// Bytes of a memtable that one transaction needs, by about one entry more.
const PAGE: usize = 4 << 20;
/// Bytes that a memtable may need for an entry besides its key and value.
const ENTRY: usize = 200;
/// Sorts after the filler entries of a memtable, and before every key of SurrealDB.
const FIRST: [u8; 1] = [1];
/// Sorts after every key of SurrealDB.
const LAST: [u8; 8] = [0xff; 8];

/// Copies the store in `from`, whose log has been verified, into the new folder `to`.
pub(in crate::store) async fn copy(
    from: &Path,
    largest_segment: u64,
    to: &Path,
    settings: MemorySettings,
) -> std::result::Result<(), String> {
    let place = |folder: &Path| Place {
        folder: folder.to_owned(),
        memtable_mib: settings.memtable_mib,
        block_cache_mib: settings.block_cache_mib,
    };
    let copied = async {
        place(from).recover(largest_segment).await.map_err(failed)?;
        let source = LsmTree::open(place(from).options()).map_err(failed)?;
        let target = SharedTree::open(place(to).options(), SyncMode::Never)?;
        let copied = copy_entries(&source, &target).await;
        let closed = target.close().await;
        source.close().await.map_err(failed)?;
        copied.and(closed)
    };
    copied.await.map_err(|error| error.to_string())?;
    sync_files(to)
        .and_then(|()| folders::sync(to))
        .map_err(|error| error.to_string())
}

async fn copy_entries(source: &LsmTree, target: &SharedTree) -> Result<()> {
    let mut start = FIRST.to_vec();
    loop {
        let page = read(source, &start)?;
        let Some((last, _)) = page.last() else {
            return Ok(());
        };
        start.clone_from(last);
        start.push(0);
        let mut transaction = target.begin(true)?;
        let mut bytes = 0;
        for (key, value) in &page {
            bytes += key.len() + value.len();
            transaction.set(key.as_slice(), value.as_slice()).map_err(failed)?;
        }
        target.commit(&mut transaction, page.len() as u64, bytes as u64).await?;
    }
}

/// The entries from `start` on, as many as belong to a page.
fn read(source: &LsmTree, start: &[u8]) -> Result<Vec<(Vec<u8>, Val)>> {
    let transaction = source.begin(Mode::ReadOnly).map_err(failed)?;
    let mut entries = transaction.range(start, &LAST[..]).map_err(failed)?;
    entries.seek_first().map_err(failed)?;
    let (mut page, mut bytes) = (Vec::new(), 0);
    while bytes < PAGE && entries.valid() {
        let key = entries.key().user_key().to_vec();
        let value = entries.value().map_err(failed)?;
        bytes += key.len() + value.len() + ENTRY;
        page.push((key, value));
        entries.next().map_err(failed)?;
    }
    Ok(page)
}

/// Syncs every file of the store in `folder`.
fn sync_files(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            sync_files(&path)?;
        } else {
            std::fs::File::open(path)?.sync_all()?;
        }
    }
    Ok(())
}
