//! The location of a database: its URL, parsed, with the password masked.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};
use surrealdb_kvs::config::SyncMode;
use url::Url;

use super::database_url::{DatabaseUrl, mask_password};
use super::error::OpenError;

/// The namespace and the database that an embedded store uses.
const NAME: &str = "portcullis";

/// A parsed database URL.
#[derive(Debug, Clone)]
pub struct Location {
    url: DatabaseUrl,
    kind: Kind,
    namespace: String,
    database: String,
}

#[derive(Debug, Clone)]
enum Kind {
    Memory,
    Folder {
        path: PathBuf,
        sync: SyncMode,
    },
    Remote {
        address: String,
        credentials: Option<Credentials>,
    },
}

/// The credentials for a remote database.
#[derive(Debug, Clone)]
pub(super) struct Credentials {
    username: String,
    password: SecretString,
}

impl Credentials {
    pub(super) fn reveal(&self) -> (String, String) {
        (self.username.clone(), self.password.expose_secret().to_owned())
    }
}

impl Location {
    /// A folder that no URL names.
    pub(super) fn of_folder(path: &Path) -> Self {
        Self {
            url: format!("surrealkv://{}", path.display()).into(),
            kind: Kind::Folder {
                path: path.to_owned(),
                sync: SyncMode::Every,
            },
            namespace: NAME.to_owned(),
            database: NAME.to_owned(),
        }
    }

    /// The address that the SDK connects to. A folder is opened by [`super::engine`].
    pub(super) fn address(&self) -> &str {
        match &self.kind {
            Kind::Memory | Kind::Folder { .. } => "mem://",
            Kind::Remote { address, .. } => address,
        }
    }

    /// The folder of an embedded store, and when commits are synced to disk.
    pub(super) fn folder(&self) -> Option<(&Path, SyncMode)> {
        match &self.kind {
            Kind::Folder { path, sync } => Some((path, *sync)),
            Kind::Memory | Kind::Remote { .. } => None,
        }
    }

    /// The folder of an embedded store.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.folder().map(|(folder, _)| folder)
    }

    pub(super) fn credentials(&self) -> Option<&Credentials> {
        match &self.kind {
            Kind::Remote { credentials, .. } => credentials.as_ref(),
            Kind::Memory | Kind::Folder { .. } => None,
        }
    }

    /// Whether the database is on a server.
    #[must_use]
    pub fn is_remote(&self) -> bool {
        matches!(self.kind, Kind::Remote { .. })
    }

    /// Whether the location has a user and a password for a server.
    #[must_use]
    pub fn has_credentials(&self) -> bool {
        self.credentials().is_some()
    }

    /// Adds the user and the password for a server. Has no effect on an embedded database.
    #[must_use]
    pub fn with_credentials(mut self, username: String, password: SecretString) -> Self {
        if let Kind::Remote { credentials, .. } = &mut self.kind {
            *credentials = Some(Credentials { username, password });
        }
        self
    }

    pub(super) fn namespace(&self) -> &str {
        &self.namespace
    }

    pub(super) fn database(&self) -> &str {
        &self.database
    }
}

impl FromStr for Location {
    type Err = OpenError;

    fn from_str(url: &str) -> Result<Self, Self::Err> {
        let embedded = |kind| Self {
            url: url.into(),
            kind,
            namespace: NAME.to_owned(),
            database: NAME.to_owned(),
        };
        let refuse = |reason| OpenError::Url {
            url: mask_password(url),
            reason,
        };
        match url.split_once("://") {
            Some(("mem", "")) => Ok(embedded(Kind::Memory)),
            Some(("mem", _)) => Err(refuse("a database in memory takes no path")),
            Some(("surrealkv", rest)) => {
                let (path, options) = rest.split_once('?').unwrap_or((rest, ""));
                if path.is_empty() {
                    return Err(refuse("the path is missing"));
                }
                // Otherwise a URL with a mistyped scheme would create a folder named like its password.
                if path.contains(':') && !path.starts_with(['/', '.']) {
                    return Err(refuse("a path with a colon must begin with / or ./"));
                }
                let mut sync = SyncMode::Every;
                for option in options.split('&').filter(|option| !option.is_empty()) {
                    sync = option
                        .strip_prefix("sync=")
                        .and_then(|mode| mode.parse().ok())
                        .ok_or_else(|| {
                            refuse("the only parameter is sync=every, sync=never or sync=1s, a time above 100ms")
                        })?;
                }
                let path = PathBuf::from(path);
                Ok(embedded(Kind::Folder { path, sync }))
            }
            Some(("ws" | "wss", _)) => remote(url).map_err(refuse),
            Some(_) => Err(refuse("unknown scheme")),
            None => Err(refuse("the scheme is missing")),
        }
    }
}

fn remote(text: &str) -> Result<Location, &'static str> {
    // These characters would end the host early, and part of the password would be taken for its name.
    if text.contains(['?', '#', '\\']) {
        return Err("?, # and \\ are not allowed; in a password write %3F, %23 and %5C");
    }
    let url = Url::parse(text).map_err(|_| "it cannot be parsed; in a password write / as %2F and @ as %40")?;
    let host = url.host_str().ok_or("the host is missing")?;
    let names: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).collect();
    let [namespace, database] = names[..] else {
        return Err("the path must be /NAMESPACE/DATABASE");
    };
    // These names become part of a statement where no binding is possible.
    let plain = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !plain(namespace) || !plain(database) {
        return Err("namespace and database may hold only letters, digits and _");
    }
    let decode = |text: &str| {
        percent_decode_str(text)
            .decode_utf8()
            .map(|text| text.into_owned())
            .map_err(|_| "user and password must be UTF-8")
    };
    let credentials = match (url.username(), url.password()) {
        ("", None) => None,
        ("", Some(_)) => return Err("the user is missing"),
        (_, None) => return Err("the password is missing"),
        (username, Some(password)) => Some(Credentials {
            username: decode(username)?,
            password: decode(password)?.into(),
        }),
    };
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    Ok(Location {
        url: text.into(),
        kind: Kind::Remote {
            address: format!("{}://{host}{port}", url.scheme()),
            credentials,
        },
        namespace: namespace.to_owned(),
        database: database.to_owned(),
    })
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.url.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    //! Tests of parsing and masking. `tests/it` opens the locations.

    use std::time::Duration;

    use super::*;

    fn parse(url: &str) -> Result<Location, String> {
        url.parse().map_err(|error: OpenError| error.to_string())
    }

    #[test]
    fn a_folder_is_synced_at_every_commit_unless_told_otherwise() {
        for (url, path, sync) in [
            ("surrealkv://./data/db", "./data/db", SyncMode::Every),
            (
                "surrealkv:///srv/db?sync=1s",
                "/srv/db",
                SyncMode::Interval(Duration::from_secs(1)),
            ),
            ("surrealkv://db?sync=never", "db", SyncMode::Never),
        ] {
            assert_eq!(parse(url).unwrap().folder(), Some((Path::new(path), sync)));
        }
    }

    #[test]
    fn a_remote_address_is_told_apart_from_its_credentials() {
        let location = parse("wss://app:p%40ss@db.example.org:8443/prod/portcullis").unwrap();
        assert_eq!(location.address(), "wss://db.example.org:8443");
        assert_eq!((location.namespace(), location.database()), ("prod", "portcullis"));
        assert_eq!(
            location.credentials().unwrap().reveal(),
            ("app".to_owned(), "p@ss".to_owned())
        );
        assert_eq!(
            location.to_string(),
            "wss://app:***@db.example.org:8443/prod/portcullis"
        );
        assert!(!format!("{location:?}").contains("p@ss"));
    }

    #[test]
    fn credentials_can_be_kept_out_of_the_url() {
        let url = "wss://db.example.org/prod/portcullis";
        let location = parse(url).unwrap();
        assert!(location.is_remote() && !location.has_credentials());
        let location = location.with_credentials("app".to_owned(), "p@ss".into());
        assert_eq!(
            location.credentials().unwrap().reveal(),
            ("app".to_owned(), "p@ss".to_owned())
        );
        assert_eq!(location.to_string(), url);
        assert!(!format!("{location:?}").contains("p@ss"));
        let folder = parse("surrealkv://db").unwrap();
        assert!(
            !folder
                .with_credentials("app".to_owned(), "p@ss".into())
                .has_credentials()
        );
    }

    #[test]
    fn a_wrong_url_is_refused_without_showing_its_password() {
        for url in [
            "data/db",
            "surrealkv://",
            "surrealkv://ann:secret@host/ns/db",
            "surrealkv://db?versioned=true",
            "surrealkv://db?sync=often",
            "mem:///tmp/x",
            "rocksdb://x",
            "postgres://ann:secret@host/db",
            "ws://ann:secret@host",
            "ws://ann:secret@host/ns",
            "ws://ann:secret@host/n;s/db",
            "ws://:secret@host/ns/db",
            "ws://ann:se@cret@host/ns",
            "ws://ann:12/se/cret#@host/ns/db",
            "ws://ann:12\\se\\cret",
            "ws://ann:se/cret@host/ns/db",
            "ws://ann:cret",
            "ann:secret@host/ns/db",
        ] {
            let message = parse(url).unwrap_err();
            assert!(message.contains("expected mem://"), "{message}");
            assert!(!message.contains("cret"), "{message}");
            assert_eq!(message.lines().count(), 1);
        }
    }
}
