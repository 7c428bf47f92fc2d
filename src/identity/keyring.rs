//! The signing keys of access tokens: generated at the first start, read from a file, or a shared secret.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::Ed25519KeyPair;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::EncodingKey;
use secrecy::SecretString;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::key::{Algorithm, Key, KeyError, ed25519, p256, shared};

const CURRENT: &str = "current.pem";

/// The source of the signing key.
#[derive(Debug, Clone)]
pub enum KeySource {
    /// The folder `keys` under this one: `current.pem` signs (Ed25519); other `*.pem` files only verify. To rotate the key,
    /// run `portcullis key new` and restart; delete the old file when its last token has expired.
    Folder(PathBuf),
    /// A PKCS #8 PEM file, Ed25519 or P-256 according to `algorithm`.
    File {
        /// The file.
        path: PathBuf,
        /// [`Algorithm::EdDsa`] or [`Algorithm::Es256`].
        algorithm: Algorithm,
    },
    /// A secret of at least 32 bytes, shared with the services that verify tokens.
    Secret {
        /// [`Algorithm::Hs256`], [`Algorithm::Hs384`] or [`Algorithm::Hs512`].
        algorithm: Algorithm,
        /// The secret.
        secret: SecretString,
    },
    /// A key that exists only in memory, for in-memory databases.
    Ephemeral,
}

/// The key that signs, and all keys that verify.
#[derive(Debug)]
pub(super) struct Keyring {
    signing: Key,
    retired: Vec<Key>,
}

impl Keyring {
    /// Opens the keys, and generates the signing key of a folder that has none.
    pub(super) fn open(source: &KeySource) -> Result<Self, KeyError> {
        if let KeySource::Folder(folder) = source {
            let current = current(folder);
            create_folder(&current)?;
            if !current.exists() {
                create(&current)?;
            }
        }
        Self::open_existing(source)
    }

    /// Opens the keys. The signing key of a folder must exist.
    pub(super) fn open_existing(source: &KeySource) -> Result<Self, KeyError> {
        match source {
            KeySource::Folder(folder) => read_folder(&current(folder)),
            KeySource::File { path, algorithm } => Ok(Self::of(read(path, *algorithm)?)),
            KeySource::Secret { algorithm, secret } => Ok(Self::of(shared(secret, *algorithm)?)),
            KeySource::Ephemeral => {
                let der = generate()?;
                ed25519(&der).map(Self::of).ok_or(KeyError::Random)
            }
        }
    }

    /// Generates a new signing key in a folder. The one before it still verifies, unless it is damaged. From other sources,
    /// opens the key.
    pub(super) fn replace(source: &KeySource) -> Result<Self, KeyError> {
        if let KeySource::Folder(folder) = source {
            let current = current(folder);
            let retired = match read(&current, Algorithm::EdDsa) {
                Ok(key) => Some(format!("{}.pem", key.kid)),
                Err(_) if current.exists() => Some(format!("damaged-{}", uuid::Uuid::new_v4().simple())),
                Err(_) => None,
            };
            if let Some(name) = retired {
                fs::rename(&current, current.with_file_name(name)).map_err(|source| KeyError::File {
                    path: current.clone(),
                    source,
                })?;
            }
        }
        Self::open(source)
    }

    fn of(signing: Key) -> Self {
        Self {
            signing,
            retired: Vec::new(),
        }
    }

    pub(super) fn signing(&self) -> &Key {
        &self.signing
    }

    pub(super) fn find(&self, kid: &str) -> Option<&Key> {
        std::iter::once(&self.signing)
            .chain(&self.retired)
            .find(|key| key.kid == kid)
    }

    /// The JWK Set (RFC 7517) that verifies tokens.
    pub(super) fn public(&self) -> Value {
        let keys: Vec<&Value> = std::iter::once(&self.signing)
            .chain(&self.retired)
            .filter_map(|key| key.public.as_ref())
            .collect();
        json!({ "keys": keys })
    }
}

fn current(folder: &Path) -> PathBuf {
    folder.join("keys").join(CURRENT)
}

fn create_folder(current: &Path) -> Result<(), KeyError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let folder = current.parent().unwrap_or(current);
    builder.create(folder).map_err(|source| KeyError::File {
        path: current.to_owned(),
        source,
    })
}

fn read_folder(current: &Path) -> Result<Keyring, KeyError> {
    let unusable = |source| KeyError::File {
        path: current.to_owned(),
        source,
    };
    let signing = read(current, Algorithm::EdDsa).map_err(|error| match error {
        KeyError::File { path, source } if source.kind() == io::ErrorKind::NotFound => KeyError::Missing(path),
        KeyError::Format { path, .. } => KeyError::Damaged(path),
        error => error,
    })?;
    let mut keyring = Keyring::of(signing);
    for entry in fs::read_dir(current.parent().unwrap_or(current)).map_err(unusable)? {
        let path = entry.map_err(unusable)?.path();
        if path != current && path.extension().is_some_and(|extension| extension == "pem") {
            keyring.retired.push(read(&path, Algorithm::EdDsa)?);
        }
    }
    Ok(keyring)
}

/// Writes a new key to a temporary name and links it into place, so that the file is always complete, and two processes
/// that start concurrently use the same key.
fn create(path: &Path) -> Result<(), KeyError> {
    let der = generate()?;
    let pem = Zeroizing::new(format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        Zeroizing::new(STANDARD.encode(&der)).as_str()
    ));
    let draft = path.with_extension(format!("draft-{}", uuid::Uuid::new_v4().simple()));
    let write = || -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&draft)?;
        file.write_all(pem.as_bytes())?;
        file.sync_all()?;
        match fs::hard_link(&draft, path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            // The folder of the keys may be new.
            Ok(()) | Err(_) => sync_folder(path).and_then(|()| sync_folder(path.parent().unwrap_or(path))),
        }
    };
    let outcome = write();
    let removed = fs::remove_file(&draft);
    outcome.and(removed).map_err(|source| KeyError::File {
        path: path.to_owned(),
        source,
    })
}

fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

fn generate() -> Result<Zeroizing<Vec<u8>>, KeyError> {
    // Version 1 of PKCS #8, which all other tools read.
    let document = Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new()).map_err(|_| KeyError::Random)?;
    Ok(Zeroizing::new(document.as_ref().to_vec()))
}

fn read(path: &Path, algorithm: Algorithm) -> Result<Key, KeyError> {
    let pem = fs::read(path).map(Zeroizing::new).map_err(|source| KeyError::File {
        path: path.to_owned(),
        source,
    })?;
    let key = match algorithm {
        Algorithm::EdDsa => EncodingKey::from_ed_pem(&pem)
            .ok()
            .and_then(|key| ed25519(key.as_bytes())),
        Algorithm::Es256 => EncodingKey::from_ec_pem(&pem).ok().and_then(|key| p256(key.as_bytes())),
        Algorithm::Hs256 | Algorithm::Hs384 | Algorithm::Hs512 => return Err(KeyError::Mismatch(algorithm)),
    };
    key.ok_or_else(|| KeyError::Format {
        path: path.to_owned(),
        algorithm,
    })
}

#[cfg(test)]
mod tests {
    //! Creating and reading keys; signatures are tested in `token`.

    use super::*;

    #[test]
    fn a_folder_gets_one_key_and_keeps_it() {
        let folder = tempfile::tempdir().unwrap();
        let source = KeySource::Folder(folder.path().to_owned());
        let kids: Vec<String> = std::thread::scope(|scope| {
            let open = || Keyring::open(&source).unwrap().signing().kid.clone();
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(kids.iter().all(|kid| *kid == kids[0]));
        let files: Vec<_> = fs::read_dir(folder.path().join("keys")).unwrap().collect();
        assert_eq!(files.len(), 1, "no draft is left behind");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        Keyring::open(&KeySource::Folder(folder.path().to_owned())).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder.path().join("keys")), 0o700);
        assert_eq!(mode(&folder.path().join("keys").join(CURRENT)), 0o600);
    }

    #[test]
    fn a_renamed_key_still_verifies() {
        let folder = tempfile::tempdir().unwrap();
        let source = KeySource::Folder(folder.path().to_owned());
        let old = Keyring::open(&source).unwrap().signing().kid.clone();
        let keys = folder.path().join("keys");
        fs::rename(keys.join(CURRENT), keys.join("2026.pem")).unwrap();
        let keyring = Keyring::open(&source).unwrap();
        assert_ne!(keyring.signing().kid, old);
        assert!(keyring.find(&old).is_some());
        assert_eq!(keyring.public()["keys"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn what_is_no_key_is_refused_in_one_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        fs::write(&path, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n").unwrap();
        for algorithm in [Algorithm::EdDsa, Algorithm::Es256, Algorithm::Hs256] {
            let path = path.clone();
            let error = Keyring::open(&KeySource::File { path, algorithm })
                .unwrap_err()
                .to_string();
            assert_eq!(error.lines().count(), 1);
            assert!(!error.contains("AAAA"));
        }
        let missing = KeySource::File {
            path: folder.path().join("none.pem"),
            algorithm: Algorithm::EdDsa,
        };
        assert!(Keyring::open(&missing).unwrap_err().to_string().contains("none.pem"));
        let short = KeySource::Secret {
            algorithm: Algorithm::Hs256,
            secret: "only thirty-one bytes long here".into(),
        };
        assert!(matches!(Keyring::open(&short), Err(KeyError::ShortSecret)));
    }

    #[test]
    fn nothing_secret_is_published_or_printed() {
        let secret = "a secret of at least thirty-two bytes";
        let source = KeySource::Secret {
            algorithm: Algorithm::Hs256,
            secret: secret.into(),
        };
        let keyring = Keyring::open(&source).unwrap();
        assert_eq!(keyring.public(), json!({ "keys": [] }));
        assert!(!format!("{source:?} {keyring:?}").contains(secret));
        let keyring = Keyring::open(&KeySource::Ephemeral).unwrap();
        assert!(keyring.public()["keys"][0].get("d").is_none());
    }
}
