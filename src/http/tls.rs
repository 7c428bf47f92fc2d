//! TLS 1.3 and 1.2 (RFC 8446, RFC 9325) for the listener. ALPN selects HTTP/2 (RFC 7301).
//!
//! Servers outlive certificates: the files are checked once a minute and read again when one of them has changed. If a
//! pair cannot be used, the error is logged and the previous pair stays in use.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use parking_lot::Mutex;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

/// The interval between checks of the files.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// An error of the TLS settings: one line that names the setting, the file and the reason.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read, or is not valid PEM of the expected kind.
    #[error("{key}: {}: {reason}", .file.display())]
    Unreadable {
        /// `tls_cert` or `tls_key`.
        key: &'static str,
        /// The file.
        file: PathBuf,
        /// The reason.
        reason: String,
    },
    /// Certificate and key do not match, or are of an unsupported kind.
    #[error("tls_cert, tls_key: {0}")]
    Unusable(#[from] rustls::Error),
}

/// A certificate chain and its private key, read from files.
#[derive(Debug)]
pub struct Certificates {
    cert: PathBuf,
    key: PathBuf,
    current: Mutex<Current>,
}

#[derive(Debug)]
struct Current {
    config: Arc<ServerConfig>,
    changed: [Option<SystemTime>; 2],
    looked: Instant,
}

impl Certificates {
    /// Reads a certificate chain, leaf first, and its private key (PKCS #8, PKCS #1 or SEC 1), both PEM.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn open(cert: &Path, key: &Path) -> Result<Self, TlsError> {
        // Taken before the files are read, so that a change in between is not missed.
        let changed = [changed(cert), changed(key)];
        let current = Current {
            config: read(cert, key)?,
            changed,
            looked: Instant::now(),
        };
        Ok(Self {
            cert: cert.to_owned(),
            key: key.to_owned(),
            current: Mutex::new(current),
        })
    }

    /// The acceptor for the next connection.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        let mut current = self.current.lock();
        if current.looked.elapsed() >= LOOK_AGAIN {
            current.looked = Instant::now();
            self.look(&mut current);
        }
        TlsAcceptor::from(Arc::clone(&current.config))
    }

    fn look(&self, current: &mut Current) {
        let changed = [changed(&self.cert), changed(&self.key)];
        if changed == current.changed {
            return;
        }
        match read(&self.cert, &self.key) {
            Ok(config) => {
                tracing::info!("certificate reloaded");
                current.config = config;
                current.changed = changed;
            }
            // Perhaps only one of the two files has been replaced yet; the next check will tell.
            Err(error) => tracing::error!(%error, "failed to reload the certificate; the loaded one remains in use"),
        }
    }
}

fn changed(file: &Path) -> Option<SystemTime> {
    file.metadata().and_then(|metadata| metadata.modified()).ok()
}

fn read(cert: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let unreadable = |key: &'static str, file: &Path, reason: String| TlsError::Unreadable {
        key,
        file: file.to_owned(),
        reason,
    };
    let chain = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| unreadable("tls_cert", cert, error.to_string()))?;
    if chain.is_empty() {
        return Err(unreadable("tls_cert", cert, "it holds no certificate".to_owned()));
    }
    // Written here, because the library's error might quote a key.
    let private = PrivateKeyDer::from_pem_file(key)
        .map_err(|_| unreadable("tls_key", key, "it cannot be read as a private key in PEM".to_owned()))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, private)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    //! The files alone; that connections are answered is shown in `tests/it/tls.rs`.

    use super::*;

    const CERT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tls/localhost.pem");
    const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tls/localhost.key.pem");

    #[test]
    fn what_cannot_be_used_is_named() {
        let (cert, key) = (Path::new(CERT), Path::new(KEY));
        Certificates::open(cert, key).unwrap();
        let told = |cert: &Path, key: &Path| Certificates::open(cert, key).unwrap_err().to_string();
        assert!(told(Path::new("nowhere.pem"), key).starts_with("tls_cert: nowhere.pem: "));
        assert!(told(cert, Path::new("nowhere.pem")).starts_with("tls_key: nowhere.pem: "));
        assert!(told(key, key).contains("holds no certificate"));
        assert!(told(cert, cert).starts_with("tls_key: "));
        let folder = tempfile::tempdir().unwrap();
        let other = folder.path().join("other.pem");
        // A key that does not match the certificate (RFC 8032, 7.1, test 1, in PKCS #8).
        let text = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";
        std::fs::write(&other, text).unwrap();
        assert!(
            told(cert, &other).starts_with("tls_cert, tls_key: "),
            "{}",
            told(cert, &other)
        );
    }

    #[test]
    fn a_new_certificate_is_taken_and_a_broken_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
        std::fs::copy(CERT, &cert).unwrap();
        std::fs::copy(KEY, &key).unwrap();
        let certificates = Certificates::open(&cert, &key).unwrap();
        let mut current = certificates.current.lock();
        let first = Arc::clone(&current.config);
        certificates.look(&mut current);
        assert!(Arc::ptr_eq(&first, &current.config), "nothing has changed");
        let later = |seconds: u64| current_time(&cert) + Duration::from_secs(seconds);
        let (soon, then) = (later(10), later(20));
        std::fs::write(&cert, "no certificate").unwrap();
        touch(&cert, soon);
        certificates.look(&mut current);
        assert!(Arc::ptr_eq(&first, &current.config), "the last good one stays");
        std::fs::copy(CERT, &cert).unwrap();
        touch(&cert, then);
        certificates.look(&mut current);
        assert!(!Arc::ptr_eq(&first, &current.config), "the new one is taken");
    }

    fn current_time(file: &Path) -> SystemTime {
        changed(file).unwrap()
    }

    fn touch(file: &Path, time: SystemTime) {
        let file = std::fs::File::options().write(true).open(file).unwrap();
        file.set_modified(time).unwrap();
    }
}
