//! The data key, as the keys that are derived from it, and the form of an encrypted value: the id of the data key, a random
//! nonce, and the output of AES-256-GCM.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf::{HKDF_SHA256, Prk, Salt};
use aws_lc_rs::rand;
use strum::VariantArray as _;
use zeroize::Zeroizing;

use super::column::Column;

/// Bytes of a data key.
pub(in crate::store) const SECRET: usize = 32;
const ID: usize = 8;
const TAG: usize = 16;
/// Bytes that encryption adds to a value.
pub(super) const OVERHEAD: usize = ID + NONCE_LEN + TAG;
/// What the encrypted key of the hashes is bound to.
const LOOKUP: &str = "key of the hashes";

/// A data key.
pub struct DataKey {
    id: [u8; ID],
    /// A key for each [`Column`], so that the number of random nonces is limited for each column, not for all of them.
    columns: Vec<LessSafeKey>,
    lookup: LessSafeKey,
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataKey")
            .field("id", &self.id())
            .finish_non_exhaustive()
    }
}

impl DataKey {
    /// Derives the keys of all columns with HKDF-SHA-256 (RFC 5869).
    ///
    /// # Errors
    /// The cryptographic library failed.
    pub fn derive(secret: &[u8; SECRET]) -> Result<Self, Unspecified> {
        let extracted = Salt::new(HKDF_SHA256, b"portcullis data key").extract(secret);
        let mut id = [0; ID];
        id.copy_from_slice(&expand(&extracted, "id")?[..ID]);
        let key = |purpose: &str| UnboundKey::new(&AES_256_GCM, expand(&extracted, purpose)?.as_ref());
        let of_column = |column: &Column| key(&format!("column {column}")).map(LessSafeKey::new);
        Ok(Self {
            id,
            columns: Column::VARIANTS.iter().map(of_column).collect::<Result<_, _>>()?,
            lookup: LessSafeKey::new(key(LOOKUP)?),
        })
    }

    /// The id, from which the key cannot be derived: 16 hexadecimal digits.
    #[must_use]
    pub fn id(&self) -> String {
        self.id.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether this key encrypted a value, according to its id.
    pub(super) fn encrypted(&self, sealed: &[u8]) -> bool {
        sealed.starts_with(&self.id)
    }

    /// Encrypts a value of a column of a record, after `mark`.
    pub(super) fn encrypt(
        &self,
        column: Column,
        record: &str,
        plain: &[u8],
        mark: &[u8],
    ) -> Result<Vec<u8>, Unspecified> {
        self.seal(&self.columns[column as usize], &context(column, record), plain, mark)
    }

    /// Decrypts a value. `None` if it was changed, or is not that of this column and record.
    pub(super) fn decrypt(&self, column: Column, record: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        open(&self.columns[column as usize], &context(column, record), sealed)
    }

    /// Encrypts the key of the hashes.
    pub(in crate::store) fn encrypt_lookup_key(&self, key: &[u8; SECRET]) -> Result<Vec<u8>, Unspecified> {
        self.seal(&self.lookup, LOOKUP, key, &[])
    }

    /// Decrypts the key of the hashes. `None` if this data key did not encrypt it.
    pub(in crate::store) fn decrypt_lookup_key(&self, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        open(&self.lookup, LOOKUP, sealed).map(Zeroizing::new)
    }

    fn seal(&self, key: &LessSafeKey, context: &str, plain: &[u8], mark: &[u8]) -> Result<Vec<u8>, Unspecified> {
        let mut nonce = [0; NONCE_LEN];
        rand::fill(&mut nonce)?;
        let mut sealed = Vec::with_capacity(mark.len() + plain.len() + OVERHEAD);
        for part in [mark, &self.id, &nonce] {
            sealed.extend_from_slice(part);
        }
        let start = sealed.len();
        sealed.extend_from_slice(plain);
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = key.seal_in_place_separate_tag(nonce, Aad::from(context), &mut sealed[start..])?;
        sealed.extend_from_slice(tag.as_ref());
        Ok(sealed)
    }
}

fn open(key: &LessSafeKey, context: &str, sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, encrypted) = sealed.get(ID..)?.split_first_chunk::<NONCE_LEN>()?;
    let mut plain = encrypted.to_vec();
    let length = key
        .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(context), &mut plain)
        .ok()?
        .len();
    plain.truncate(length);
    Some(plain)
}

/// What a value is bound to. Names of tables and fields contain no `/`, so it is unambiguous.
fn context(column: Column, record: &str) -> String {
    format!("{column}/{record}")
}

fn expand(extracted: &Prk, purpose: &str) -> Result<Zeroizing<[u8; SECRET]>, Unspecified> {
    let mut key = Zeroizing::new([0; SECRET]);
    extracted
        .expand(&[purpose.as_bytes()], HKDF_SHA256)?
        .fill(key.as_mut())?;
    Ok(key)
}
