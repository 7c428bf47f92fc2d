//! Encryption of single values of the database with the data key, and the hashes that replace personal data in ids of
//! records.
//!
//! The `records` modules encrypt the values of each [`Column`] before they bind them to a statement, and decrypt what they
//! read. A value is bound to its column and record, so that it cannot be read in another place. Without a data key, values
//! pass through unchanged; with one, values that are not encrypted yet are read as they are.
//!
//! Nonces are random, so one key may encrypt at most 2^32 values of a column (NIST SP 800-38D, section 8.3).

mod column;
mod key;

#[cfg(test)]
mod tests;

use std::fmt;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub use self::column::Column;
pub(super) use self::column::Kind;
pub use self::key::DataKey;
use self::key::OVERHEAD;
pub(super) use self::key::SECRET;
use super::error::Error;

/// Begins an encrypted text, with the version of the form. No other text of these columns begins with a control character.
const TEXT_MARK: &str = "\u{1}1:";
/// Begins encrypted bytes. No other bytes of these columns that begin with it are as long as encrypted ones: vectors contain
/// no NaN, and a term of this number is the last of a sorted list.
const BYTES_MARK: [u8; 4] = [0xff; 4];
/// Begins a hash that is the key of a record. No hash contains `@`, and every e-mail address does.
const HASH_MARK: &str = "hmac-";
/// Length of a SHA-256 in base64.
const HASH_CHARS: usize = 43;

/// Encrypts and decrypts the values of columns.
#[derive(Default)]
pub struct FieldCipher {
    /// The first one encrypts, all of them decrypt. Without any, values pass through.
    keys: Vec<DataKey>,
    lookup: Option<hmac::Key>,
}

impl fmt::Debug for FieldCipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldCipher")
            .field("keys", &self.keys)
            .finish_non_exhaustive()
    }
}

impl FieldCipher {
    /// A cipher that encrypts with the first key and decrypts with all of them. `lookup` is the key of the hashes.
    #[must_use]
    pub fn new(keys: Vec<DataKey>, lookup: &[u8]) -> Self {
        Self {
            keys,
            lookup: Some(hmac::Key::new(hmac::HMAC_SHA256, lookup)),
        }
    }

    /// Encrypts a text of a record, whose key is `record`.
    ///
    /// # Errors
    /// [`Error::Failed`] if the cryptographic library failed.
    pub fn seal(&self, column: Column, record: &str, plain: &str) -> Result<String, Error> {
        let Some(key) = self.keys.first() else {
            return Ok(plain.to_owned());
        };
        let sealed = key
            .encrypt(column, record, plain.as_bytes(), &[])
            .map_err(|_| failed())?;
        Ok(format!("{TEXT_MARK}{}", URL_SAFE_NO_PAD.encode(sealed)))
    }

    /// As [`FieldCipher::seal`], of a text that may be missing.
    pub(crate) fn seal_option(
        &self,
        column: Column,
        record: &str,
        plain: Option<&str>,
    ) -> Result<Option<String>, Error> {
        plain.map(|plain| self.seal(column, record, plain)).transpose()
    }

    /// Decrypts a text. Returns one that is not encrypted unchanged.
    ///
    /// # Errors
    /// [`Error::UnknownDataKey`], or [`Error::Undecryptable`] for a value that was changed or moved.
    pub fn open(&self, column: Column, record: &str, stored: String) -> Result<String, Error> {
        let Some(sealed) = stored.strip_prefix(TEXT_MARK) else {
            return Ok(stored);
        };
        let sealed = URL_SAFE_NO_PAD
            .decode(sealed)
            .map_err(|_| Error::Undecryptable(column))?;
        let plain = self.decrypt(column, record, &sealed)?;
        String::from_utf8(plain).map_err(|_| Error::Undecryptable(column))
    }

    /// As [`FieldCipher::open`], of a text that may be missing.
    pub(crate) fn open_option(
        &self,
        column: Column,
        record: &str,
        stored: Option<String>,
    ) -> Result<Option<String>, Error> {
        stored.map(|stored| self.open(column, record, stored)).transpose()
    }

    /// Encrypts bytes of a record.
    ///
    /// # Errors
    /// [`Error::Failed`] if the cryptographic library failed.
    pub fn seal_bytes(&self, column: Column, record: &str, plain: Vec<u8>) -> Result<Vec<u8>, Error> {
        match self.keys.first() {
            None => Ok(plain),
            Some(key) => key.encrypt(column, record, &plain, &BYTES_MARK).map_err(|_| failed()),
        }
    }

    /// Decrypts bytes. Returns those that are not encrypted unchanged.
    ///
    /// # Errors
    /// [`Error::UnknownDataKey`], or [`Error::Undecryptable`] for a value that was changed or moved.
    pub fn open_bytes(&self, column: Column, record: &str, stored: Vec<u8>) -> Result<Vec<u8>, Error> {
        match sealed_bytes(&stored) {
            None => Ok(stored),
            Some(sealed) => self.decrypt(column, record, sealed),
        }
    }

    /// Encrypts a stored text with the first key. `None` if it is.
    pub(super) fn renew(&self, column: Column, record: &str, stored: &str) -> Result<Option<String>, Error> {
        let sealed = stored
            .strip_prefix(TEXT_MARK)
            .and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        if self.is_current(sealed.as_deref()) {
            return Ok(None);
        }
        let plain = self.open(column, record, stored.to_owned())?;
        self.seal(column, record, &plain).map(Some)
    }

    /// Encrypts stored bytes with the first key. `None` if they are.
    pub(super) fn renew_bytes(&self, column: Column, record: &str, stored: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        if self.is_current(sealed_bytes(stored)) {
            return Ok(None);
        }
        let plain = self.open_bytes(column, record, stored.to_vec())?;
        self.seal_bytes(column, record, plain).map(Some)
    }

    /// The key of the record of a table that belongs to a personal name: a keyed hash, from which only a holder of the data
    /// key can find the name. `None` without a data key.
    pub(crate) fn lookup_key(&self, table: &str, name: &str) -> Option<String> {
        let key = self.lookup.as_ref()?;
        let hash = hmac::sign(key, format!("{table}/{name}").as_bytes());
        Some(format!("{HASH_MARK}{}", URL_SAFE_NO_PAD.encode(hash)))
    }

    /// Whether the key of a record is a hash by [`FieldCipher::lookup_key`].
    pub(crate) fn is_lookup_key(key: &str) -> bool {
        let hash = key.strip_prefix(HASH_MARK);
        hash.is_some_and(|hash| hash.len() == HASH_CHARS && !hash.contains('@'))
    }

    fn decrypt(&self, column: Column, record: &str, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        match self.keys.iter().find(|key| key.encrypted(sealed)) {
            Some(key) => key.decrypt(column, record, sealed).ok_or(Error::Undecryptable(column)),
            None => Err(Error::UnknownDataKey(column)),
        }
    }

    fn is_current(&self, sealed: Option<&[u8]>) -> bool {
        match (self.keys.first(), sealed) {
            (Some(key), Some(sealed)) => key.encrypted(sealed),
            (None, _) => true,
            (Some(_), None) => false,
        }
    }
}

fn sealed_bytes(stored: &[u8]) -> Option<&[u8]> {
    let sealed = stored.strip_prefix(&BYTES_MARK)?;
    (sealed.len() >= OVERHEAD).then_some(sealed)
}

fn failed() -> Error {
    Error::Failed("the cryptographic library failed".to_owned())
}
