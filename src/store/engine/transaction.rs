//! A transaction of SurrealKV with the interface that SurrealDB requires. Reads of older versions are not supported.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use surrealdb_kvs::api::BoxFut;
use surrealdb_kvs::{
    Direction, Error, Key, KeyRange, KeysResult, Result, SavepointStack, ScanResult, Transactable, Val,
};
use surrealkv::LSMIterator as _;
use tokio::sync::RwLock;

use super::error::failed;
use super::tree::SharedTree;

pub(super) struct Transaction {
    shared: Arc<SharedTree>,
    writes: bool,
    done: AtomicBool,
    inner: RwLock<Inner>,
    /// Upper bounds of what the commit writes: entries, and bytes of their keys and values.
    entries: AtomicU64,
    bytes: AtomicU64,
}

struct Inner {
    transaction: surrealkv::Transaction,
    scopes: SavepointStack,
}

impl Transaction {
    pub(super) fn new(shared: Arc<SharedTree>, transaction: surrealkv::Transaction, writes: bool) -> Self {
        Self {
            shared,
            writes,
            done: AtomicBool::new(false),
            inner: RwLock::new(Inner {
                transaction,
                scopes: SavepointStack::default(),
            }),
            entries: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
        }
    }

    fn may_read(&self, version: Option<u64>) -> Result<()> {
        if version.is_some() {
            return Err(Error::UnsupportedVersionedQueries);
        }
        if self.closed() {
            return Err(Error::TransactionFinished);
        }
        Ok(())
    }

    fn may_write(&self) -> Result<()> {
        self.may_read(None)?;
        if self.writes {
            Ok(())
        } else {
            Err(Error::TransactionReadonly)
        }
    }

    fn write(&self, inner: &mut Inner, key: &Key<'_>, value: Option<&Val>) -> Result<()> {
        let bytes = key.as_slice().len() + value.map_or(0, Vec::len);
        self.entries.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
        match value {
            Some(value) => inner.transaction.set(key.as_slice(), value),
            None => inner.transaction.delete(key.as_slice()),
        }
        .map_err(failed)
    }

    /// Writes if the current value of the key is `expected`.
    async fn write_if(&self, key: Key<'_>, value: Option<&Val>, expected: Option<&[u8]>) -> Result<()> {
        self.may_write()?;
        let mut inner = self.inner.write().await;
        let found = inner.transaction.get(key.as_slice()).map_err(failed)?;
        if found.as_deref() != expected {
            return Err(Error::TransactionConditionNotMet);
        }
        self.write(&mut inner, &key, value)
    }

    /// Calls `visit` with every key of the range and its value, until it returns false.
    async fn walk(
        &self,
        range: KeyRange<'_>,
        direction: Direction,
        version: Option<u64>,
        mut visit: impl FnMut(&[u8], &dyn Fn() -> Result<Val>) -> Result<bool>,
    ) -> Result<()> {
        self.may_read(version)?;
        let inner = self.inner.read().await;
        let mut entries = inner
            .transaction
            .range(range.start.as_slice(), range.end.as_slice())
            .map_err(failed)?;
        match direction {
            Direction::Forward => entries.seek_first(),
            Direction::Backward => entries.seek_last(),
        }
        .map_err(failed)?;
        while entries.valid() {
            let key = entries.key();
            if !visit(key.user_key(), &|| entries.value().map_err(failed))? {
                break;
            }
            match direction {
                Direction::Forward => entries.next(),
                Direction::Backward => entries.prev(),
            }
            .map_err(failed)?;
        }
        Ok(())
    }

    async fn page_of_keys(
        &self,
        range: KeyRange<'_>,
        direction: Direction,
        page: Page,
        version: Option<u64>,
    ) -> Result<KeysResult> {
        let mut found = KeysResult::default();
        let mut page = page;
        self.walk(range, direction, version, |key, _| {
            if page.wants() {
                found.key_bytes += key.len() as u64;
                found.keys.push(key.to_vec());
            }
            Ok(page.goes_on())
        })
        .await?;
        Ok(found)
    }

    async fn page_of_entries(
        &self,
        range: KeyRange<'_>,
        direction: Direction,
        page: Page,
        version: Option<u64>,
    ) -> Result<ScanResult> {
        let mut found = ScanResult::default();
        let mut page = page;
        self.walk(range, direction, version, |key, value| {
            if page.wants() {
                let value = value()?;
                found.key_bytes += key.len() as u64;
                found.value_bytes += value.len() as u64;
                found.values.push((key.to_vec(), value));
            }
            Ok(page.goes_on())
        })
        .await?;
        Ok(found)
    }
}

/// Offset and limit of a page of entries.
struct Page {
    skip: u32,
    limit: u32,
}

impl Page {
    /// Returns whether the next entry belongs to the page.
    fn wants(&mut self) -> bool {
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        let wants = self.limit > 0;
        self.limit = self.limit.saturating_sub(1);
        wants
    }

    fn goes_on(&self) -> bool {
        self.limit > 0
    }
}

impl Transactable for Transaction {
    fn kind(&self) -> &'static str {
        "surrealkv"
    }

    fn closed(&self) -> bool {
        self.done.load(Ordering::Relaxed)
    }

    fn writeable(&self) -> bool {
        self.writes
    }

    fn cancel(&self) -> BoxFut<'_, Result<()>> {
        Box::pin(async move {
            if self.done.swap(true, Ordering::AcqRel) {
                return Err(Error::TransactionFinished);
            }
            self.inner.write().await.transaction.rollback();
            Ok(())
        })
    }

    fn commit(&self) -> BoxFut<'_, Result<()>> {
        Box::pin(async move {
            if self.done.swap(true, Ordering::AcqRel) {
                return Err(Error::TransactionFinished);
            }
            if !self.writes {
                return Err(Error::TransactionReadonly);
            }
            let mut inner = self.inner.write().await;
            let (entries, bytes) = (self.entries.load(Ordering::Relaxed), self.bytes.load(Ordering::Relaxed));
            self.shared.commit(&mut inner.transaction, entries, bytes).await
        })
    }

    fn exists<'a>(&'a self, key: Key<'a>, version: Option<u64>) -> BoxFut<'a, Result<bool>> {
        Box::pin(async move { Ok(self.get(key, version).await?.is_some()) })
    }

    fn get<'a>(&'a self, key: Key<'a>, version: Option<u64>) -> BoxFut<'a, Result<Option<Val>>> {
        Box::pin(async move {
            self.may_read(version)?;
            let inner = self.inner.read().await;
            inner.transaction.get(key.as_slice()).map_err(failed)
        })
    }

    fn getu<'a>(&'a self, key: Key<'a>) -> BoxFut<'a, Result<Option<Val>>> {
        Box::pin(async move {
            self.may_write()?;
            let mut inner = self.inner.write().await;
            inner.transaction.get_for_update(key.as_slice()).map_err(failed)
        })
    }

    fn shared_locked_reads(&self) -> bool {
        true
    }

    fn set<'a>(&'a self, key: Key<'a>, value: Val) -> BoxFut<'a, Result<()>> {
        Box::pin(async move {
            self.may_write()?;
            self.write(&mut *self.inner.write().await, &key, Some(&value))
        })
    }

    fn put<'a>(&'a self, key: Key<'a>, value: Val) -> BoxFut<'a, Result<()>> {
        Box::pin(async move {
            match self.write_if(key, Some(&value), None).await {
                Err(Error::TransactionConditionNotMet) => Err(Error::TransactionKeyAlreadyExists),
                outcome => outcome,
            }
        })
    }

    fn putc<'a>(&'a self, key: Key<'a>, value: Val, expected: Option<Val>) -> BoxFut<'a, Result<()>> {
        Box::pin(async move { self.write_if(key, Some(&value), expected.as_deref()).await })
    }

    fn del<'a>(&'a self, key: Key<'a>) -> BoxFut<'a, Result<()>> {
        Box::pin(async move {
            self.may_write()?;
            self.write(&mut *self.inner.write().await, &key, None)
        })
    }

    fn delc<'a>(&'a self, key: Key<'a>, expected: Option<&'a [u8]>) -> BoxFut<'a, Result<()>> {
        Box::pin(self.write_if(key, None, expected))
    }

    fn count<'a>(&'a self, range: KeyRange<'a>, version: Option<u64>) -> BoxFut<'a, Result<usize>> {
        Box::pin(async move {
            let mut count = 0;
            self.walk(range, Direction::Forward, version, |_, _| {
                count += 1;
                Ok(true)
            })
            .await?;
            Ok(count)
        })
    }

    fn keys<'a>(
        &'a self,
        range: KeyRange<'a>,
        limit: u32,
        skip: u32,
        version: Option<u64>,
    ) -> BoxFut<'a, Result<KeysResult>> {
        Box::pin(self.page_of_keys(range, Direction::Forward, Page { skip, limit }, version))
    }

    fn keysr<'a>(
        &'a self,
        range: KeyRange<'a>,
        limit: u32,
        skip: u32,
        version: Option<u64>,
    ) -> BoxFut<'a, Result<KeysResult>> {
        Box::pin(self.page_of_keys(range, Direction::Backward, Page { skip, limit }, version))
    }

    fn scan<'a>(
        &'a self,
        range: KeyRange<'a>,
        limit: u32,
        skip: u32,
        version: Option<u64>,
    ) -> BoxFut<'a, Result<ScanResult>> {
        Box::pin(self.page_of_entries(range, Direction::Forward, Page { skip, limit }, version))
    }

    fn scanr<'a>(
        &'a self,
        range: KeyRange<'a>,
        limit: u32,
        skip: u32,
        version: Option<u64>,
    ) -> BoxFut<'a, Result<ScanResult>> {
        Box::pin(self.page_of_entries(range, Direction::Backward, Page { skip, limit }, version))
    }

    fn new_save_point(&self) -> BoxFut<'_, Result<()>> {
        Box::pin(async move {
            let mut inner = self.inner.write().await;
            inner.transaction.set_savepoint().map_err(failed)?;
            inner.scopes.open();
            Ok(())
        })
    }

    fn release_last_save_point(&self) -> BoxFut<'_, Result<()>> {
        Box::pin(async move {
            self.inner.write().await.scopes.release();
            Ok(())
        })
    }

    fn rollback_to_save_point(&self) -> BoxFut<'_, Result<()>> {
        Box::pin(async move {
            let mut inner = self.inner.write().await;
            for _ in 0..inner.scopes.take()? {
                inner.transaction.rollback_to_savepoint().map_err(failed)?;
            }
            Ok(())
        })
    }
}
