//! Backups while changes are written: what was acknowledged before is in them, and transactions are whole.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::*;

/// Writes two records in one transaction.
async fn write_pair(store: &Store, text: &str) {
    let mut bindings = Variables::new();
    bindings.insert("text", text.to_owned());
    let pair = "{ CREATE note SET text = $text; CREATE twin SET text = 'x' }";
    store.run(pair, bindings).await.unwrap();
}

async fn twins(store: &Store) -> usize {
    let answer = store.run("RETURN count(SELECT VALUE id FROM twin)", Variables::new());
    let count: i64 = answer.await.unwrap().take().unwrap();
    usize::try_from(count).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_acknowledged_change_is_in_a_backup_of_a_busy_store() {
    let place = Place::new();
    let store = Arc::new(place.store().await);
    let (acknowledged, ended) = (Arc::<AtomicUsize>::default(), Arc::<AtomicBool>::default());
    let writers: Vec<_> = (0..2)
        .map(|_| {
            let (store, acknowledged, ended) = (Arc::clone(&store), Arc::clone(&acknowledged), Arc::clone(&ended));
            tokio::spawn(async move {
                // Large enough that memtables fill up, are written to tables and are compacted.
                let text = "x".repeat(700_000);
                while !ended.load(Ordering::SeqCst) {
                    write_pair(&store, &text).await;
                    acknowledged.fetch_add(1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    let mut taken = Vec::new();
    let since = Instant::now();
    for n in 0..8 {
        // At different moments of the work of the engine.
        let enough = acknowledged.load(Ordering::SeqCst) + 7;
        while acknowledged.load(Ordering::SeqCst) < enough && since.elapsed() < Duration::from_secs(120) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let before = acknowledged.load(Ordering::SeqCst);
        let file = place.path(&format!("backup-{n}"));
        let (location, data) = (place.location(), place.data());
        let backup = {
            let file = file.clone();
            move || create(&location, &data, about(), &key(), &file, false, &go_on)
        };
        tokio::task::spawn_blocking(backup).await.unwrap().unwrap();
        // One change of each writer may be under way.
        taken.push((file, before, acknowledged.load(Ordering::SeqCst) + 2));
    }
    ended.store(true, Ordering::SeqCst);
    for writer in writers {
        writer.await.unwrap();
    }
    assert!(
        acknowledged.load(Ordering::SeqCst) > 40,
        "several memtables were filled"
    );
    for (file, least, most) in taken {
        let to = place.path("restored");
        restored(&file, &key(), &to).await.unwrap();
        let again = open(&to).await;
        let count = notes(&again).await;
        assert!((least..=most).contains(&count), "{least} <= {count} <= {most}");
        assert_eq!(twins(&again).await, count, "a transaction is whole");
        again.close().await;
        fs::remove_dir_all(&to).unwrap();
        fs::remove_file(&file).unwrap();
    }
}

#[tokio::test]
async fn a_missing_table_is_named() {
    let place = Place::new();
    let store = place.store().await;
    write(&store, 10).await;
    store.close().await;
    let tables = place.data().join("db/sstables");
    let table = fs::read_dir(&tables).unwrap().next().unwrap().unwrap().path();
    fs::remove_file(&table).unwrap();
    let error = place.back_up(&place.path("backup"), &key()).unwrap_err();
    assert!(
        matches!(&error, BackupError::Missing(path) if *path == table),
        "{error}"
    );
    assert_eq!(place.names(), ["data"]);
}
