//! The signing key of a store: its id is in the store, so that a server does not start with another key by mistake.
//!
//! A lost key would be replaced silently by a new one, and a second server of a remote database would create one of its
//! own. In both cases, access tokens that were issued before, or by the other server, are refused. A new key is accepted
//! if the key before it still verifies, as after a rotation, or if an operator accepts it.

use std::path::PathBuf;

use super::key::KeyError;
use super::keyring::{KeySource, Keyring};
use super::records;
use crate::store::{self, Store};

const CONSEQUENCE: &str = "every access token issued so far would be refused (sessions continue when clients refresh \
                           their tokens, and API keys stay valid)";
const ACCEPT: &str = "to accept that, run `portcullis key new`";

/// The signing key of a store is not available. `Display` is one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum SigningKeyError {
    /// The key file is missing.
    #[error(
        "the signing key {} is missing, and with a new key {CONSEQUENCE}: restore the file from a backup or from another \
         server of this database; {ACCEPT}",
        .0.display()
    )]
    Missing(PathBuf),
    /// The key file is damaged.
    #[error(
        "the signing key {} is damaged, and with a new key {CONSEQUENCE}: restore the file from a backup or from another \
         server of this database; {ACCEPT}",
        .0.display()
    )]
    Damaged(PathBuf),
    /// The key is another one.
    #[error(
        "the signing key {found} is not the one of this database, {expected}, which does not verify here either, so \
         {CONSEQUENCE}: use the keys of the other servers or of the last start; {ACCEPT}"
    )]
    Other {
        /// The id of the key that would sign.
        found: String,
        /// The id of the key that signed last.
        expected: String,
    },
    /// The key cannot be used.
    #[error(transparent)]
    Key(KeyError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<KeyError> for SigningKeyError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Missing(path) => Self::Missing(path),
            KeyError::Damaged(path) => Self::Damaged(path),
            error => Self::Key(error),
        }
    }
}

/// Checks that the key of the store is available. At the first start, creates the key if necessary and records its id.
///
/// # Errors
/// It is missing, damaged or another one, or the store failed.
pub async fn confirm_signing_key(store: &Store, source: &KeySource) -> Result<(), SigningKeyError> {
    loop {
        let newest = records::newest_signing_key(store).await?;
        let keyring = match &newest {
            None => Keyring::open(source)?,
            Some(_) => Keyring::open_existing(source)?,
        };
        let found = keyring.signing().kid.clone();
        match &newest {
            Some(expected) if *expected == found => return Ok(()),
            Some(expected) if !expected.is_empty() && keyring.find(expected).is_none() => {
                let expected = expected.clone();
                return Err(SigningKeyError::Other { found, expected });
            }
            // The first start, the first start of a release that records the id, or a rotation.
            _ => {}
        }
        if records::replace_newest_signing_key(store, newest, found).await? {
            return Ok(());
        }
        // Another server recorded its key in the meantime.
    }
}

/// Creates a new key in a folder, or accepts the one that is configured, and records its id, which is returned.
///
/// # Errors
/// The key cannot be created or read, or the store failed.
pub async fn replace_signing_key(store: &Store, source: &KeySource) -> Result<String, SigningKeyError> {
    let keyring = Keyring::replace(source)?;
    let kid = keyring.signing().kid.clone();
    records::set_newest_signing_key(store, kid.clone()).await?;
    Ok(kid)
}

#[cfg(test)]
mod tests {
    //! Decisions by the store and the keys. `tests/it/signing_key.rs` tests the lines that the operator sees.

    use std::fs;
    use std::path::Path;

    use super::*;

    async fn store() -> Store {
        Store::open("mem://").await.unwrap()
    }

    fn folder(path: &Path) -> KeySource {
        KeySource::Folder(path.to_owned())
    }

    fn kid(source: &KeySource) -> String {
        Keyring::open_existing(source).unwrap().signing().kid.clone()
    }

    #[tokio::test]
    async fn the_first_start_records_the_key_and_a_rotation_replaces_it() {
        let (store, keys) = (store().await, tempfile::tempdir().unwrap());
        let source = folder(keys.path());
        confirm_signing_key(&store, &source).await.unwrap();
        let first = kid(&source);
        assert_eq!(records::newest_signing_key(&store).await.unwrap(), Some(first.clone()));
        confirm_signing_key(&store, &source).await.unwrap();
        assert_eq!(kid(&source), first);

        let second = replace_signing_key(&store, &source).await.unwrap();
        assert_ne!(second, first);
        assert!(Keyring::open_existing(&source).unwrap().find(&first).is_some());
        confirm_signing_key(&store, &source).await.unwrap();
        assert_eq!(records::newest_signing_key(&store).await.unwrap(), Some(second));
    }

    #[tokio::test]
    async fn a_lost_or_damaged_key_is_not_replaced_silently() {
        let (store, keys) = (store().await, tempfile::tempdir().unwrap());
        let source = folder(keys.path());
        confirm_signing_key(&store, &source).await.unwrap();
        let file = keys.path().join("keys/current.pem");
        for text in ["", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"] {
            fs::write(&file, text).unwrap();
            let error = confirm_signing_key(&store, &source).await.unwrap_err();
            assert!(matches!(error, SigningKeyError::Damaged(_)), "{error}");
            assert_eq!(fs::read_to_string(&file).unwrap(), text);
        }
        fs::remove_file(&file).unwrap();
        let error = confirm_signing_key(&store, &source).await.unwrap_err();
        assert!(matches!(error, SigningKeyError::Missing(_)), "{error}");
        assert!(!file.exists());

        fs::write(&file, "damaged").unwrap();
        let accepted = replace_signing_key(&store, &source).await.unwrap();
        confirm_signing_key(&store, &source).await.unwrap();
        assert_eq!(kid(&source), accepted);
    }

    #[tokio::test]
    async fn two_servers_of_one_store_need_the_same_key() {
        let store = store().await;
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let sources = folders.each_ref().map(|keys| folder(keys.path()));
        let (one, other) = tokio::join!(
            confirm_signing_key(&store, &sources[0]),
            confirm_signing_key(&store, &sources[1])
        );
        let refused = match (one, other) {
            (Ok(()), Err(refused)) | (Err(refused), Ok(())) => refused,
            outcome => panic!("one of two: {outcome:?}"),
        };
        // The other server may not have made its key yet when the first one's is recorded.
        assert!(
            matches!(refused, SigningKeyError::Other { .. } | SigningKeyError::Missing(_)),
            "{refused}"
        );
        assert_eq!(refused.to_string().lines().count(), 1);
    }

    #[tokio::test]
    async fn the_key_of_an_earlier_release_is_kept() {
        let (store, keys) = (store().await, tempfile::tempdir().unwrap());
        let source = folder(keys.path());
        records::set_newest_signing_key(&store, String::new()).await.unwrap();
        let error = confirm_signing_key(&store, &source).await.unwrap_err();
        assert!(matches!(error, SigningKeyError::Missing(_)), "{error}");
        Keyring::open(&source).unwrap();
        confirm_signing_key(&store, &source).await.unwrap();
        assert_eq!(records::newest_signing_key(&store).await.unwrap(), Some(kid(&source)));
    }
}
