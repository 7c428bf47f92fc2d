//! The data key of a store: which key encrypts, which keys are needed, and the replacement of a key.
//!
//! The database records the id of its key, and the key of the hashes in ids of records, encrypted with the data key. So a
//! store with encrypted values is refused without its key or with another one. The key of the hashes stays when the data key
//! is replaced, so that ids of records do not change, and uniqueness holds while several servers change over.

mod error;
mod file;
mod id_file;
mod record;
mod rotation;

#[cfg(test)]
mod tests;

pub use self::error::DataKeyError;
pub use self::file::{DataKeys, create_data_key};
pub(super) use self::id_file::{read_ids, write_ids};
pub(super) use self::record::KeyRecord;
use self::rotation::Rotation;
use super::field_cipher::FieldCipher;
use super::{Error, OpenError, Store};

/// The data key of an open store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataKeyStatus {
    /// The id of the key that encrypts.
    pub id: String,
    /// Whether there may be values that are not encrypted with it.
    pub is_pending: bool,
}

impl Store {
    /// The data key. `None` if values are stored as they are.
    #[must_use]
    pub fn data_key(&self) -> Option<DataKeyStatus> {
        self.key_record.as_ref().map(|record| DataKeyStatus {
            id: record.kid.clone(),
            is_pending: record.is_pending(),
        })
    }

    /// Encrypts and decrypts values.
    pub(crate) fn cipher(&self) -> &FieldCipher {
        &self.cipher
    }

    /// Encrypts every value that is not encrypted with the current key, and returns their number. Ids of records are not
    /// changed. Can be interrupted at any time and begun again.
    ///
    /// # Errors
    /// [`Error::UnknownDataKey`] or [`Error::Undecryptable`] for a damaged value, or the store failed.
    pub async fn seal_all(&self) -> Result<u64, Error> {
        let Some(record) = &self.key_record else {
            return Ok(0);
        };
        let mut rotation = Rotation::new(self);
        while rotation.step().await? {}
        record::finish(self, record).await?;
        if let Some((folder, _)) = self.location.folder() {
            let written = write_ids(folder, std::slice::from_ref(&record.kid));
            written.map_err(|error| Error::Failed(error.to_string()))?;
        }
        Ok(rotation.values)
    }

    /// Checks the keys against those of the database, and uses them from now on.
    pub(super) async fn unlock(&mut self, keys: DataKeys) -> Result<(), OpenError> {
        let (cipher, record) = record::unlock(self, keys).await?;
        if let (Some(record), Some((folder, _))) = (&record, self.location.folder()) {
            write_ids(folder, &record.ids())?;
        }
        self.cipher = cipher;
        self.key_record = record;
        Ok(())
    }
}
