//! Data folder, database, its credentials and memory, and audit retention.

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserializer;

use super::ConfigError;
use super::environment::secret;
use super::section::section;
use super::transport::list;
use crate::store::{DataKeys, DatabaseUrl, Location, OpenError};

section! {
    /// Data folder, database, its memory, and audit retention.
    pub struct Store {
        /// Folder for the generated signing key and the embedded database.
        #[setting(flag = "DIR", allowed = Words("a folder path"))]
        data_dir: PathBuf = PathBuf::from("./data");

        /// Database URL. A user and a password in it are accepted, and `check-config` masks the password, but they are
        /// better in `database_user` and `database_password_file`.
        #[setting(
            flag = "URL",
            allowed = Words("surrealkv://PATH, mem:// or ws[s]://HOST/NAMESPACE/DATABASE"),
            unset = "`surrealkv://DIR/db`, with `data_dir` for DIR"
        )]
        database: Option<DatabaseUrl> = None;

        /// User of a remote database. Requires `database_password_file` or the environment variable
        /// `PORTCULLIS_DATABASE_PASSWORD`.
        #[setting(flag = "NAME", allowed = Words("a username"), unset = "the user in `database`")]
        database_user: Option<String> = None;

        /// File that holds the password of `database_user`. A line break at its end is ignored.
        #[setting(flag = "FILE", allowed = Words("a file path"), unset = "no file")]
        database_password_file: Option<PathBuf> = None;

        /// File of the data key, which encrypts personal data and the texts of jobs in the database: 32 bytes, as 64
        /// hexadecimal digits or in base64, not readable by all users. `portcullis data-key new` writes one.
        #[setting(flag = "FILE", allowed = Words("a file path"), unset = "no encryption by the server")]
        data_key: Option<PathBuf> = None;

        /// Files of data keys that `data_key` replaces, until `portcullis data-key rotate` has run: a list, or a
        /// comma-separated text.
        #[setting(flag = "FILES", allowed = Words("file paths"))]
        #[serde(deserialize_with = "paths")]
        previous_data_keys: Vec<PathBuf> = Vec::new();

        /// Memory of an embedded database for its newest changes, in MiB. Up to two full memtables wait to be written to
        /// disk, so up to three times as much is used. A transaction must fit into one.
        #[setting(flag = "MIB", allowed = Range(16, 4_095), unset = "a share of `memory`, at most 64")]
        store_memtable_mib: Option<u32> = None;

        /// Memory of an embedded database for blocks read from disk, in MiB.
        #[setting(flag = "MIB", allowed = Range(16, 1 << 20), unset = "a share of `memory`, at most 64")]
        store_block_cache_mib: Option<u32> = None;

        /// Retention of audit events, in days.
        #[setting(flag = "DAYS", allowed = Range(1, 36_500))]
        audit_retention_days: u32 = 365;
    }
}

impl Store {
    /// The database URL.
    #[must_use]
    pub fn url(&self) -> DatabaseUrl {
        self.database
            .clone()
            .unwrap_or_else(|| format!("surrealkv://{}", self.data_dir.join("db").display()).into())
    }

    /// The location of the database, with the credentials of a remote one.
    ///
    /// # Errors
    /// The URL or the credentials are not allowed, or the password file cannot be read.
    pub fn location(&self) -> Result<Location, ConfigError> {
        let location: Location = match self.url().reveal().parse() {
            Ok(location) => location,
            Err(error) => {
                let error: OpenError = error;
                return Err(ConfigError(error.to_string()));
            }
        };
        match (&self.database_user, self.database_password()?) {
            (None, None) => Ok(location),
            (None, Some(_)) => Err("database_user: missing, but the password of a database is set".into()),
            (Some(_), _) if !location.is_remote() => {
                Err("database_user: allowed only if database is a URL of the scheme ws or wss".into())
            }
            (Some(_), _) if location.has_credentials() => {
                Err("database_user: not allowed if the URL in database has a user".into())
            }
            (Some(_), None) => Err(
                "database_user: requires a password, in database_password_file or in PORTCULLIS_DATABASE_PASSWORD"
                    .into(),
            ),
            (Some(user), Some(password)) => Ok(location.with_credentials(user.clone(), password)),
        }
    }

    /// The keys that encrypt and decrypt personal data.
    ///
    /// # Errors
    /// A file cannot be read, may be read by all users, or holds no key.
    pub fn data_keys(&self) -> Result<DataKeys, ConfigError> {
        let Some(current) = &self.data_key else {
            return Ok(DataKeys::default());
        };
        DataKeys::read(current, &self.previous_data_keys).map_err(|error| ConfigError(format!("data_key: {error}")))
    }

    /// Whether the URL itself has a user and a password.
    #[must_use]
    pub fn url_has_password(&self) -> bool {
        self.url()
            .reveal()
            .parse()
            .is_ok_and(|location: Location| location.has_credentials())
    }

    fn database_password(&self) -> Result<Option<SecretString>, ConfigError> {
        match (&self.database_password_file, secret("DATABASE_PASSWORD")) {
            (Some(_), Some(_)) => {
                Err("database_password_file: not allowed if PORTCULLIS_DATABASE_PASSWORD is set".into())
            }
            (Some(file), None) => read_password(file).map(Some),
            (None, password) => Ok(password),
        }
    }

    /// The files of data keys are read when the database is opened: `portcullis data-key new` may still have to write them.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if self.data_key.is_none() && !self.previous_data_keys.is_empty() {
            return Err("previous_data_keys: requires data_key, the file of the key that replaces them".into());
        }
        self.location().map(drop)
    }
}

fn paths<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PathBuf>, D::Error> {
    Ok(list(deserializer)?.into_iter().map(PathBuf::from).collect())
}

fn read_password(file: &Path) -> Result<SecretString, ConfigError> {
    let refuse = |reason: &str| ConfigError(format!("database_password_file: {}: {reason}", file.display()));
    let text = match std::fs::read_to_string(file) {
        Ok(text) => SecretString::from(text),
        Err(error) => return Err(refuse(&error.to_string())),
    };
    let password = text.expose_secret().trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(refuse("the file is empty"));
    }
    Ok(SecretString::from(password))
}

#[cfg(test)]
mod tests {
    //! Credentials in a file. `tests/it/remote_settings.rs` tests the environment variable.

    use super::*;

    fn remote(url: &str, file: Option<&Path>) -> Store {
        Store {
            database: Some(url.into()),
            database_user: file.map(|_| "app".to_owned()),
            database_password_file: file.map(Path::to_owned),
            ..Store::default()
        }
    }

    #[test]
    fn the_password_of_a_remote_database_is_read_from_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        std::fs::write(&file, "seven 7531\n").unwrap();
        let settings = remote("wss://db.example.org/ns/db", Some(&file));
        assert!(settings.location().unwrap().has_credentials());
        assert!(!settings.url_has_password());
        assert!(!format!("{settings:?} {:?}", settings.location()).contains("7531"));
    }

    #[test]
    fn incomplete_or_contradictory_credentials_are_refused_in_one_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        std::fs::write(&file, "secret").unwrap();
        let empty = folder.path().join("empty");
        std::fs::write(&empty, "\n").unwrap();
        let url = "ws://db.example.org/ns/db";
        let without_user = Store {
            database_user: None,
            ..remote(url, Some(&file))
        };
        let without_password = Store {
            database_password_file: None,
            ..remote(url, Some(&file))
        };
        for (settings, parts) in [
            (without_user, ["database_user", "missing"]),
            (without_password, ["database_user", "PORTCULLIS_DATABASE_PASSWORD"]),
            (remote("surrealkv://db", Some(&file)), ["database_user", "ws or wss"]),
            (
                remote("ws://ann:hidden@db.example.org/ns/db", Some(&file)),
                ["database_user", "not allowed"],
            ),
            (remote(url, Some(&empty)), ["database_password_file", "empty"]),
            (
                remote(url, Some(folder.path())),
                ["database_password_file", "directory"],
            ),
        ] {
            let line = settings.location().unwrap_err().to_string();
            assert!(parts.iter().all(|part| line.contains(part)), "{line}");
            assert!(line.lines().count() == 1 && !line.contains("hidden"), "{line}");
        }
        assert!(remote("ws://ann:hidden@db.example.org/ns/db", None).url_has_password());
    }
}
