//! Tests of the embedded store after a crash: recovery of its log, refusal of damage, and memory. Reopening after
//! closing is tested in `identity::tests::store_on_disk`, messages to the operator in `tests/it/binary.rs`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};

use super::synced_log::{LogPosition, SyncedLog};
use super::write_ahead_log::inspect;
use super::*;

const FIRST_SEGMENT: &str = "wal/00000000000000000000.wal";

fn url(folder: &Path) -> String {
    format!("surrealkv://{}", folder.display())
}

/// Writes a note with this number of letters.
async fn write(store: &Store, letters: usize) {
    let mut bindings = Variables::new();
    bindings.insert("text", "x".repeat(letters));
    store.run("CREATE note SET text = $text", bindings).await.unwrap();
}

async fn notes(store: &Store) -> usize {
    let answer = store.run("RETURN count(SELECT VALUE id FROM note)", Variables::new());
    let count: i64 = answer.await.unwrap().take().unwrap();
    usize::try_from(count).unwrap()
}

/// Copies the files of an open store, as a crash at one moment would leave them: once more as long as the store's
/// own work (writing a memtable out, compaction) changes them meanwhile.
fn crashed(folder: &Path) -> tempfile::TempDir {
    loop {
        let before = files(folder);
        let image = tempfile::tempdir().unwrap();
        let copied = before.iter().flatten().all(|(name, _, _)| {
            let to = image.path().join(name);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(folder.join(name), to).is_ok()
        });
        if copied && before.is_some() && before == files(folder) {
            return image;
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// The name, length and last change of every file below this folder; none if one vanished meanwhile.
fn files(folder: &Path) -> Option<Vec<(PathBuf, u64, SystemTime)>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).ok()? {
            let path = entry.ok()?.path();
            let metadata = fs::metadata(&path).ok()?;
            if metadata.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_owned();
                files.push((name, metadata.len(), metadata.modified().unwrap()));
            }
        }
    }
    files.sort();
    Some(files)
}

/// A crashed store whose log has records within a block, up to its end and across several.
struct Crashed {
    image: tempfile::TempDir,
    log: Vec<u8>,
    /// The length of the log after each note.
    ends: Vec<usize>,
    /// The offset of the last record.
    last: usize,
}

impl Crashed {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&url(folder.path())).await.unwrap();
        let mut ends = Vec::new();
        for letters in [10, 300, 40_000, 5_000, 100_000, 1, 31_000, 1_700, 70_000, 400] {
            write(&store, letters).await;
            let length = fs::metadata(folder.path().join(FIRST_SEGMENT)).unwrap().len();
            ends.push(usize::try_from(length).unwrap());
        }
        let image = crashed(folder.path());
        let log = fs::read(image.path().join(FIRST_SEGMENT)).unwrap();
        let mut crashed = Self {
            image,
            log,
            ends,
            last: 0,
        };
        let whole = crashed.log.clone();
        crashed.last = crashed.inspected(&whole[..whole.len() - 1]).unwrap().len();
        assert!(crashed.last >= crashed.ends[crashed.ends.len() - 2]);
        crashed
    }

    fn segment(&self) -> PathBuf {
        self.image.path().join(FIRST_SEGMENT)
    }

    /// The log after it was read as `log`.
    fn inspected(&self, log: &[u8]) -> Result<Vec<u8>, OpenError> {
        fs::write(self.segment(), log).unwrap();
        let outcome = inspect(self.image.path()).map(drop);
        let left = fs::read(self.segment()).unwrap();
        assert!(outcome.is_ok() || left == log, "a refused log was changed");
        outcome.map(|()| left)
    }

    /// Around the beginning and the end of every record, and evenly in between.
    fn positions(&self) -> Vec<usize> {
        let around = self.ends.iter().flat_map(|end| end.saturating_sub(12)..end + 12);
        let mut positions: Vec<usize> = around.chain((0..self.log.len()).step_by(1_999)).collect();
        positions.extend(self.last..self.log.len());
        positions.retain(|position| *position < self.log.len());
        positions
    }

    fn notes_before(&self, end: usize) -> usize {
        self.ends.iter().filter(|note| **note <= end).count()
    }
}

#[tokio::test]
async fn a_changed_byte_costs_nothing_but_the_last_write_or_is_refused() {
    let crashed = Crashed::new().await;
    let (mut refused, mut cut, mut harmless) = (0, 0, 0);
    for position in crashed.positions() {
        for change in [0x01, 0x80, crashed.log[position]] {
            let mut log = crashed.log.clone();
            log[position] ^= change;
            match crashed.inspected(&log) {
                Err(OpenError::DamagedLog { offset, .. }) => {
                    assert!(offset <= position as u64, "{position}: {offset}");
                    assert!(position < crashed.last, "{position} is in the last record");
                    refused += 1;
                }
                Err(other) => panic!("{position}: {other}"),
                Ok(left) if left.len() < log.len() => {
                    assert_eq!(left, crashed.log[..crashed.last], "{position}");
                    assert!(position >= crashed.last, "{position}");
                    cut += 1;
                }
                // Padding at the end of a block, or a byte that was zero.
                Ok(left) => {
                    assert_eq!(left, log);
                    let in_padding = position % 32_768 >= 32_768 - 6;
                    assert!(log == crashed.log || in_padding, "{position}");
                    harmless += 1;
                }
            }
        }
    }
    assert!(refused > 500 && cut > 500, "{refused}, {cut}, {harmless}");
}

#[tokio::test]
async fn a_log_that_was_cut_off_anywhere_keeps_its_complete_records() {
    let crashed = Crashed::new().await;
    for position in crashed.positions() {
        let left = crashed.inspected(&crashed.log[..position]).unwrap();
        assert!(crashed.log.starts_with(&left) && left.len() <= position);
        assert_eq!(
            crashed.notes_before(left.len()),
            crashed.notes_before(position),
            "{position}"
        );
        // A file system may have made the file longer than what was written to it.
        let mut zeros = crashed.log[..position].to_vec();
        zeros.resize(position + 50_000, 0);
        let cut = crashed.inspected(&zeros).unwrap();
        // Some of the bytes that are missing were zero.
        assert!(cut.len() >= left.len() && cut.len() <= position + 64, "{position}");
    }
}

#[tokio::test]
async fn a_torn_last_write_opens_with_everything_before_it_and_takes_more() {
    let crashed = Crashed::new().await;
    let whole = crashed.log.len();
    let mut changed = crashed.log.clone();
    changed[crashed.last + 20] ^= 1;
    let logs = [
        crashed.log[..whole - 1].to_vec(),
        crashed.log[..crashed.last + 3].to_vec(),
        crashed.log[..crashed.ends[4] - 40_000].to_vec(),
        changed,
    ];
    for log in logs {
        fs::write(crashed.segment(), &log).unwrap();
        let torn = self::crashed(crashed.image.path());
        let store = Store::open(&url(torn.path())).await.unwrap();
        let kept = notes(&store).await;
        let cut = crashed.inspected(&log).unwrap().len();
        assert_eq!(kept, crashed.notes_before(cut));
        // The change after the cut survives the next crash.
        write(&store, 50).await;
        let again = self::crashed(torn.path());
        let store = Store::open(&url(again.path())).await.unwrap();
        assert_eq!(notes(&store).await, kept + 1);
    }
}

#[tokio::test]
async fn damage_in_the_middle_of_the_log_is_refused_and_nothing_changes() {
    let crashed = Crashed::new().await;
    let position = crashed.ends[3] + 30;
    let mut log = crashed.log.clone();
    log[position] ^= 0x10;
    fs::write(crashed.segment(), &log).unwrap();
    let error = Store::open(&url(crashed.image.path())).await.unwrap_err();
    let OpenError::DamagedLog { path, offset } = &error else {
        panic!("{error}");
    };
    assert_eq!(*path, crashed.segment());
    assert!((crashed.ends[3]..=position).contains(&usize::try_from(*offset).unwrap()));
    let line = error.to_string();
    assert_eq!(line.lines().count(), 1, "{line}");
    for part in [
        &path.display().to_string(),
        &format!("byte {offset}"),
        "backup",
        "truncate",
    ] {
        assert!(line.contains(part), "{line}");
    }
    assert_eq!(fs::read(crashed.segment()).unwrap(), log);

    // The remedy in the message.
    fs::write(crashed.segment(), &log[..usize::try_from(*offset).unwrap()]).unwrap();
    let store = Store::open(&url(crashed.image.path())).await.unwrap();
    assert_eq!(notes(&store).await, 4);
}

#[tokio::test]
async fn a_page_reads_the_records_up_to_its_limit_and_no_others() {
    let store = Store::open("mem://").await.unwrap();
    let fill = "FOR $n IN 1000..1500 { CREATE type::record('item', <string> $n) }";
    store.run(fill, Variables::new()).await.unwrap();
    let page = || {
        let mut bindings = Variables::new();
        bindings.insert("page", records_after("item", "1200"));
        bindings.insert("limit", 3_i64);
        bindings
    };
    let statement = "SELECT VALUE id FROM type::record($page.range) LIMIT $limit";
    let ids: Vec<RecordId> = store.run(statement, page()).await.unwrap().take().unwrap();
    assert_eq!(
        ids.into_iter().map(record_key).collect::<Vec<_>>(),
        ["1201", "1202", "1203"]
    );
    let plan = store.run(&format!("EXPLAIN ANALYZE {statement}"), page()).await;
    let plan: String = plan.unwrap().take().unwrap();
    let rows: Vec<_> = plan
        .split("rows: ")
        .skip(1)
        .map(|rest| rest.split(',').next().unwrap())
        .collect();
    assert!(rows.len() > 1 && rows.iter().all(|rows| *rows == "3"), "{plan}");
}

/// Compares this storage backend with SurrealDB's own in memory.
#[tokio::test]
async fn a_folder_answers_as_memory_does() {
    let folder = tempfile::tempdir().unwrap();
    let stores = [
        Store::open(&url(folder.path())).await.unwrap(),
        Store::open("mem://").await.unwrap(),
    ];
    let mut state = 7_u32;
    let mut random = |below: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % below
    };
    let schema = "DEFINE TABLE item SCHEMALESS; DEFINE INDEX by_kind ON item FIELDS kind;
        DEFINE INDEX by_name ON item FIELDS name UNIQUE";
    let mut statements = vec![schema.to_owned()];
    for _ in 0..150 {
        let (n, m) = (random(40), random(40));
        statements.push(match random(9) {
            0 | 1 => format!("CREATE item:{n} SET kind = {}, name = 'name {m}'", m % 5),
            2 => format!("UPSERT item:{n} SET kind = {}, name = 'name {n}' RETURN BEFORE", m % 5),
            3 => format!("DELETE item:{n} RETURN BEFORE"),
            4 => format!("SELECT * FROM item WHERE kind = {} ORDER BY id", m % 5),
            5 => format!(
                "SELECT * FROM item:{}..{} ORDER BY id DESC LIMIT 3 START 1",
                n.min(m),
                n.max(m)
            ),
            6 => "RETURN [count(SELECT VALUE id FROM item), (SELECT VALUE id FROM item LIMIT 5 START 2)]".to_owned(),
            7 => format!(
                "{{ UPDATE item:{n} SET kind = 9; IF {m} % 2 = 0 {{ THROW 'undone' }}; RETURN SELECT * FROM item:{n} }}"
            ),
            _ => format!("DELETE item WHERE kind = {} RETURN BEFORE", n % 5),
        });
    }
    for statement in &statements {
        let mut answers = Vec::new();
        for store in &stores {
            let answer = store.run(statement, Variables::new()).await;
            answers.push(match answer.and_then(Answer::take::<Value>) {
                Ok(value) => format!("{value:?}"),
                Err(error) => error.to_string(),
            });
        }
        assert_eq!(answers[0], answers[1], "{statement}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn commits_at_once_conflict_and_are_tried_again() {
    let settings = MemorySettings {
        memtable_mib: 16,
        ..MemorySettings::default()
    };
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(Store::open_with(&url(folder.path()), settings).await.unwrap());
    store
        .run("CREATE counter:one SET n = 0", Variables::new())
        .await
        .unwrap();
    let counting = (0..4).map(|_| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            for _ in 0..10 {
                // Enough changes that memtables fill up in between.
                let mut bindings = Variables::new();
                bindings.insert("text", "x".repeat(1 << 20));
                let statement = "{ UPDATE counter:one SET n += 1; CREATE note SET text = $text }";
                store.run(statement, bindings).await.unwrap();
            }
        })
    });
    for counting in counting.collect::<Vec<_>>() {
        counting.await.unwrap();
    }
    let image = crashed(folder.path());
    let again = Store::open_with(&url(image.path()), settings).await.unwrap();
    let answer = again.run("RETURN (SELECT VALUE n FROM ONLY counter:one)", Variables::new());
    let counted: i64 = answer.await.unwrap().take().unwrap();
    assert_eq!((counted, notes(&again).await), (40, 40));
}

/// Each change takes longer than the pauses between repetitions, so that without turns some change would always meet another.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_changes_of_one_record_at_once_all_succeed() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(Store::open(&url(folder.path())).await.unwrap());
    let counting = (0..16).map(|_| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            for _ in 0..20 {
                let statement = "{
                    UPSERT counter:one SET n = (n ?? 0) + 1 RETURN NONE;
                    FOR $i IN 0..500 { LET $ignored = string::repeat('x', $i) };
                }";
                store.run(statement, Variables::new()).await.unwrap();
            }
        })
    });
    for counting in counting.collect::<Vec<_>>() {
        counting.await.unwrap();
    }
    let answer = store.run("RETURN (SELECT VALUE n FROM ONLY counter:one)", Variables::new());
    let counted: i64 = answer.await.unwrap().take().unwrap();
    assert_eq!(counted, 320);
}

#[tokio::test]
async fn a_transaction_that_no_memtable_holds_is_refused_before_it_is_written() {
    let settings = MemorySettings {
        memtable_mib: 16,
        ..MemorySettings::default()
    };
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_with(&url(folder.path()), settings).await.unwrap();
    let mut bindings = Variables::new();
    bindings.insert("text", "x".repeat(17 << 20));
    let error = store.run("CREATE note SET text = $text", bindings).await.unwrap_err();
    assert!(error.to_string().contains("too large"), "{error}");
    write(&store, 10).await;
    let image = crashed(folder.path());
    let again = Store::open_with(&url(image.path()), settings).await.unwrap();
    assert_eq!(notes(&again).await, 1);
}

/// A log in the engine's format, for cases that real logs rarely contain.
#[derive(Default)]
struct Segment(Vec<u8>);

impl Segment {
    fn fragment(mut self, kind: u8, payload: &[u8]) -> Self {
        let room = 32_768 - self.0.len() % 32_768;
        if room < 7 {
            self.0.resize(self.0.len() + room, 0);
        }
        let mut checksum = crc32fast::Hasher::new();
        checksum.update(&[kind]);
        checksum.update(payload);
        self.0.extend(checksum.finalize().to_be_bytes());
        self.0.extend(u16::try_from(payload.len()).unwrap().to_be_bytes());
        self.0.push(kind);
        self.0.extend(payload);
        self
    }

    fn full(self) -> Self {
        self.fragment(1, b"a record")
    }

    /// A page that was never written reads as zeros.
    fn zeros(mut self, count: usize) -> Self {
        self.0.resize(self.0.len() + count, 0);
        self
    }

    fn padded_to_block_end(self) -> Self {
        let rest = 32_768 - self.0.len() % 32_768;
        self.zeros(rest)
    }
}

/// The lengths of the segments after they were read, with the log number 3.
fn read(segments: &[(u64, Segment)]) -> Result<Vec<usize>, OpenError> {
    read_after(None, segments)
}

/// As [`read`], after the log was synced up to this segment and offset.
fn read_after(synced: Option<(u64, u64)>, segments: &[(u64, Segment)]) -> Result<Vec<usize>, OpenError> {
    let folder = tempfile::tempdir().unwrap();
    if let Some((segment, offset)) = synced {
        let end = LogPosition { segment, offset };
        SyncedLog::open(folder.path()).unwrap().advance(end).unwrap();
    }
    fs::create_dir(folder.path().join("wal")).unwrap();
    fs::create_dir(folder.path().join("manifest")).unwrap();
    let mut manifest = vec![0, 1];
    for number in [9_u64, 3, 1_000] {
        manifest.extend(number.to_be_bytes());
    }
    fs::write(folder.path().join("manifest/00000000000000000000.manifest"), manifest).unwrap();
    let path = |number| folder.path().join(format!("wal/{number:020}.wal"));
    for (number, Segment(bytes)) in segments {
        fs::write(path(*number), bytes).unwrap();
    }
    let outcome = inspect(folder.path());
    let mut lengths = Vec::new();
    for (number, Segment(bytes)) in segments {
        let left = fs::read(path(*number)).unwrap();
        assert!(bytes.starts_with(&left));
        assert!(outcome.is_ok() || left == *bytes, "a refused log was changed");
        lengths.push(left.len());
    }
    outcome.map(|_| lengths)
}

fn refused(segments: &[(u64, Segment)]) -> bool {
    matches!(read(segments), Err(OpenError::DamagedLog { .. }))
}

#[test]
fn damage_is_at_the_end_only_if_no_segment_follows_it_with_a_record() {
    let torn = || Segment::default().full().full().zeros(3);
    let good = || Segment::default().full();
    assert_eq!(read(&[(3, good()), (4, torn())]).unwrap(), [15, 30]);
    assert_eq!(read(&[(3, torn()), (4, Segment::default())]).unwrap(), [30, 0]);
    assert_eq!(
        read(&[(3, torn()), (4, Segment::default().zeros(90))]).unwrap(),
        [30, 0]
    );
    assert!(refused(&[(3, torn()), (4, good())]));
    assert!(refused(&[(3, torn()), (4, Segment::default().zeros(5).full())]));
    // Already in the tables.
    assert_eq!(read(&[(2, torn()), (3, good())]).unwrap(), [33, 15]);
    let gap = read(&[(3, good()), (5, good())]).unwrap_err();
    assert!(matches!(gap, OpenError::MissingSegment { .. }), "{gap}");
    assert_eq!(read(&[]).unwrap(), [0_usize; 0]);
}

#[test]
fn a_record_of_several_fragments_is_lost_whole_and_only_at_the_end() {
    let first = vec![7; 32_768 - 15 - 7];
    let open = || Segment::default().full().fragment(2, &first);
    assert_eq!(read(&[(3, open().fragment(4, b"end"))]).unwrap(), [32_778]);
    assert_eq!(read(&[(3, open())]).unwrap(), [15]);
    assert_eq!(read(&[(3, open().fragment(3, b"more"))]).unwrap(), [15]);
    // Its first block was never written, its last one was.
    let late = || Segment::default().full().padded_to_block_end().fragment(4, b"end");
    assert_eq!(read(&[(3, late())]).unwrap(), [15]);
    assert!(refused(&[(3, open().full())]));
    assert!(refused(&[(3, open().fragment(2, b"start").fragment(4, b"end"))]));
    // Neither of the two records was written completely.
    assert_eq!(read(&[(3, open().fragment(2, b"start"))]).unwrap(), [15]);
}

#[test]
fn a_gap_is_lost_with_what_follows_unless_it_was_synced() {
    let gap = || [(3, Segment::default().full().padded_to_block_end().full())];
    let in_record = || {
        [(
            3,
            Segment::default()
                .full()
                .padded_to_block_end()
                .fragment(4, b"end")
                .full(),
        )]
    };
    for log in [gap, in_record] {
        // The second record was lost, the third one was not. Neither was acknowledged.
        assert_eq!(read(&log()).unwrap(), [15]);
        for synced in [(2, 40_000), (3, 0), (3, 15)] {
            assert_eq!(read_after(Some(synced), &log()).unwrap(), [15], "{synced:?}");
        }
        for synced in [(3, 16), (3, 32_790), (4, 0)] {
            let outcome = read_after(Some(synced), &log());
            assert!(matches!(outcome, Err(OpenError::DamagedLog { .. })), "{synced:?}");
        }
    }
    // A changed byte, which is not a gap.
    let mut changed = Segment::default().full().full().full();
    changed.0[20] ^= 1;
    assert!(refused(&[(3, changed)]));
}

#[tokio::test]
async fn the_synced_end_is_that_of_the_last_acknowledged_change() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&url(folder.path())).await.unwrap();
    let mut synced = None;
    for letters in [10, 100_000, 300] {
        let before = fs::metadata(folder.path().join(FIRST_SEGMENT)).unwrap().len();
        write(&store, letters).await;
        let after = fs::metadata(folder.path().join(FIRST_SEGMENT)).unwrap().len();
        let end = synced_log::read(folder.path()).unwrap().unwrap();
        // The store's own changes may follow.
        assert!(
            end.segment == 0 && before < end.offset && end.offset <= after,
            "{before} {end:?} {after}"
        );
        assert!(Some(end) > synced.replace(end));
    }
}

#[tokio::test]
async fn the_memtable_has_the_size_of_the_setting() {
    let settings = MemorySettings {
        memtable_mib: 16,
        ..MemorySettings::default()
    };
    let tables = |folder: &Path| fs::read_dir(folder.join("sstables")).unwrap().count();
    let small = tempfile::tempdir().unwrap();
    let large = tempfile::tempdir().unwrap();
    let into_small = Store::open_with(&url(small.path()), settings).await.unwrap();
    let into_large = Store::open(&url(large.path())).await.unwrap();
    for _ in 0..18 {
        write(&into_small, 1 << 20).await;
        write(&into_large, 1 << 20).await;
    }
    assert_eq!(tables(large.path()), 0);
    for _ in 0..1_200 {
        if tables(small.path()) > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(tables(small.path()) > 0);
    assert_eq!(notes(&into_small).await, 18);
}

#[tokio::test]
async fn a_crash_after_a_memtable_was_full_loses_nothing() {
    let settings = MemorySettings {
        memtable_mib: 16,
        ..MemorySettings::default()
    };
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_with(&url(folder.path()), settings).await.unwrap();
    for _ in 0..36 {
        write(&store, 1 << 20).await;
    }
    tokio::time::sleep(Duration::from_secs(3)).await;
    let image = crashed(folder.path());
    let again = Store::open_with(&url(image.path()), settings).await.unwrap();
    assert_eq!(notes(&again).await, 36);
}

/// A log written with a larger memtable, or shortly before a memtable was full.
#[tokio::test]
async fn a_log_that_is_larger_than_the_memtable_survives_two_crashes() {
    let settings = MemorySettings {
        memtable_mib: 16,
        ..MemorySettings::default()
    };
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&url(folder.path())).await.unwrap();
    for _ in 0..20 {
        write(&store, 1 << 20).await;
    }
    let once = crashed(folder.path());
    let store = Store::open_with(&url(once.path()), settings).await.unwrap();
    assert_eq!(notes(&store).await, 20);
    write(&store, 10).await;
    let twice = crashed(once.path());
    let store = Store::open_with(&url(twice.path()), settings).await.unwrap();
    assert_eq!(notes(&store).await, 21);
}

#[tokio::test]
async fn only_opening_creates_a_store() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("typo/db");
    let error = Store::open_existing(
        url(&missing).parse().unwrap(),
        MemorySettings::default(),
        DataKeys::default(),
    )
    .await
    .unwrap_err();
    assert!(
        matches!(&error, OpenError::NoStore(named) if *named == missing),
        "{error}"
    );
    assert!(!folder.path().join("typo").exists());
    // A folder is not a store.
    fs::create_dir_all(&missing).unwrap();
    assert!(
        Store::open_existing(
            url(&missing).parse().unwrap(),
            MemorySettings::default(),
            DataKeys::default()
        )
        .await
        .is_err()
    );
    assert_eq!(fs::read_dir(&missing).unwrap().count(), 0);
    Store::open(&url(&missing)).await.unwrap().close().await;
    Store::open_existing(
        url(&missing).parse().unwrap(),
        MemorySettings::default(),
        DataKeys::default(),
    )
    .await
    .unwrap();
}
