//! Encryption of the values that are not encrypted with the current key, in batches.
//!
//! A batch reads some records of a table and replaces what is not current, each value only if it is still the one that was
//! read. So the work can be stopped after any batch, and beginning again repeats nothing but the reading.

use surrealdb::types::{Bytes, Object, RecordId, SurrealValue, Value, Variables};

use crate::store::field_cipher::{Column, FieldCipher, Kind};
use crate::store::{Error, Store, record_key, records_after};

/// Records of a batch.
const BATCH: usize = 500;
/// Records of a batch of jobs, whose values are larger.
const BATCH_OF_JOBS: usize = 40;
/// Bytes that a transaction writes, by about one value more: it must fit into a memtable of 16 MiB.
const TRANSACTION: usize = 4 << 20;

/// The tables with encrypted columns, and these columns.
const TABLES: [(&str, &[Column], usize); 8] = [
    ("user", &[Column::UserEmail, Column::UserSubject], BATCH),
    ("session", &[Column::SessionAddress, Column::SessionUserAgent], BATCH),
    ("haunt", &[Column::KnownNetwork], BATCH),
    ("audit", &[Column::AuditAddress], BATCH),
    ("api_key", &[Column::ApiKeyName], BATCH),
    ("job", &[Column::JobTitle, Column::JobText], BATCH_OF_JOBS),
    ("job_entry", &[Column::JobTerms, Column::JobVector], BATCH_OF_JOBS),
    ("job_vectors", &[Column::JobDigest, Column::JobHalves], BATCH_OF_JOBS),
];

/// The position of the work.
pub(super) struct Rotation<'a> {
    store: &'a Store,
    table: usize,
    /// The key of the last record that was read.
    after: Option<String>,
    /// The number of values that were encrypted.
    pub(super) values: u64,
}

/// A value and its replacement.
#[derive(SurrealValue)]
struct Change {
    id: RecordId,
    old: Value,
    new: Value,
}

impl Change {
    fn bytes(&self) -> usize {
        match &self.new {
            Value::String(text) => text.len(),
            Value::Bytes(bytes) => bytes.len(),
            _ => 0,
        }
    }
}

impl<'a> Rotation<'a> {
    pub(super) fn new(store: &'a Store) -> Self {
        Self {
            store,
            table: 0,
            after: None,
            values: 0,
        }
    }

    /// Does a batch. Returns whether there may be more.
    pub(super) async fn step(&mut self) -> Result<bool, Error> {
        let Some((table, columns, size)) = TABLES.get(self.table) else {
            return Ok(false);
        };
        let records = read(
            self.store,
            table,
            columns,
            &self.after.take().unwrap_or_default(),
            *size,
        )
        .await?;
        let is_last = records.len() < *size;
        for column in *columns {
            let (mut changes, mut bytes) = (Vec::new(), 0);
            for record in &records {
                let Some(change) = change(self.store.cipher(), *column, record)? else {
                    continue;
                };
                bytes += change.bytes();
                changes.push(change);
                if bytes >= TRANSACTION {
                    self.write(*column, std::mem::take(&mut changes)).await?;
                    bytes = 0;
                }
            }
            self.write(*column, changes).await?;
        }
        match records.last().and_then(id) {
            Some(id) if !is_last => self.after = Some(record_key(id.clone())),
            _ => self.table += 1,
        }
        Ok(self.table < TABLES.len())
    }

    /// Writes changes of a column in one transaction.
    async fn write(&mut self, column: Column, changes: Vec<Change>) -> Result<(), Error> {
        if changes.is_empty() {
            return Ok(());
        }
        self.values += changes.len() as u64;
        let mut bindings = Variables::new();
        bindings.insert("changes", changes);
        let field = column.field();
        let statement = format!(
            "{{
            FOR $change IN $changes {{
                LET $record = $change.id;
                UPDATE $record SET {field} = $change.new WHERE {field} = $change.old RETURN NONE;
            }};
        }}"
        );
        self.store.run(&statement, bindings).await.map(drop)
    }
}

async fn read(store: &Store, table: &str, columns: &[Column], after: &str, limit: usize) -> Result<Vec<Object>, Error> {
    let mut bindings = Variables::new();
    bindings.insert("page", records_after(table, after));
    bindings.insert("limit", i64::try_from(limit).unwrap_or(i64::MAX));
    let fields: Vec<&str> = columns.iter().map(|column| column.field()).collect();
    let statement = format!(
        "SELECT id, {} FROM type::record($page.range) LIMIT $limit",
        fields.join(", ")
    );
    store.run(&statement, bindings).await?.take()
}

fn id(record: &Object) -> Option<&RecordId> {
    match record.get("id") {
        Some(Value::RecordId(id)) => Some(id),
        _ => None,
    }
}

/// The change of a column of a record, if its value is not current.
fn change(cipher: &FieldCipher, column: Column, record: &Object) -> Result<Option<Change>, Error> {
    let (Some(id), Some(old)) = (id(record), record.get(column.field())) else {
        return Ok(None);
    };
    let key = record_key(id.clone());
    let new = match (column.kind(), old) {
        (Kind::Text, Value::String(text)) => cipher.renew(column, &key, text)?.map(Value::String),
        (Kind::Bytes, Value::Bytes(bytes)) => {
            let new = cipher.renew_bytes(column, &key, bytes)?;
            new.map(|bytes| Value::Bytes(Bytes::from(bytes)))
        }
        // An optional value that is missing.
        _ => None,
    };
    Ok(new.map(|new| Change {
        id: id.clone(),
        old: old.clone(),
        new,
    }))
}

#[cfg(test)]
mod tests {
    //! The table of tables. What a rotation does is tested in `data_key::tests`.

    use strum::VariantArray as _;

    use super::*;

    #[test]
    fn every_column_is_in_its_table() {
        let listed: Vec<Column> = TABLES
            .iter()
            .flat_map(|(_, columns, _)| columns.iter().copied())
            .collect();
        assert_eq!(listed, Column::VARIANTS);
        for (table, columns, _) in TABLES {
            assert!(columns.iter().all(|column| column.table() == table), "{table}");
        }
    }
}
