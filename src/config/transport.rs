//! Listen addresses, TLS, CORS origins and trusted proxies.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer};
use url::Url;

use super::ConfigError;
use super::network::Network;
use super::section::{Section as _, section};

section! {
    /// Listen addresses, TLS, CORS origins and trusted proxies. See [proxy.md](proxy.md) for `trusted_proxies`.
    pub struct Transport {
        /// Address and port to listen on. Port 0 selects a free port.
        #[setting(flag = "ADDRESS:PORT", allowed = Words("ADDRESS:PORT, such as 127.0.0.1:8000"))]
        listen: SocketAddr = SocketAddr::from(([127, 0, 0, 1], 8000));

        /// Separate address and port for `GET /metrics`, always without TLS.
        #[setting(
            flag = "ADDRESS:PORT",
            allowed = Words("ADDRESS:PORT, such as 127.0.0.1:9000"),
            unset = "the address in `listen`"
        )]
        metrics_listen: Option<SocketAddr> = None;

        /// PEM file with the server's certificate chain. If set, the server accepts TLS connections only. Requires
        /// `tls_key`.
        #[setting(flag = "FILE", allowed = Words("a file path"), unset = "no TLS")]
        tls_cert: Option<PathBuf> = None;

        /// PEM file with the private key of `tls_cert`. Requires `tls_cert`.
        #[setting(flag = "FILE", allowed = Words("a file path"), unset = "no TLS")]
        tls_key: Option<PathBuf> = None;

        /// Origins of web pages that may call the API from a browser (CORS): a list, or a comma-separated text.
        #[setting(
            flag = "ORIGINS",
            allowed = Words("origins such as https://app.example.com, without a path or wildcard")
        )]
        #[serde(deserialize_with = "list")]
        cors_origins: Vec<String> = Vec::new();

        /// Networks of the reverse proxies whose `Forwarded` or `X-Forwarded-For`, `X-Forwarded-Proto` and
        /// `X-Forwarded-Host` headers state the client: a list, or a comma-separated text. From other addresses, these
        /// headers are ignored.
        #[setting(
            flag = "NETWORKS",
            allowed = Words("addresses and networks such as 192.0.2.1 or 10.0.0.0/8, with a prefix length of 1 or more")
        )]
        #[serde(deserialize_with = "networks")]
        trusted_proxies: Vec<Network> = Vec::new();
    }
}

impl Transport {
    /// URL of the listen address.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.tls_files().is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.listen)
    }

    /// Paths of the certificate chain and its private key, if TLS is enabled.
    #[must_use]
    pub fn tls_files(&self) -> Option<(&Path, &Path)> {
        self.tls_cert.as_deref().zip(self.tls_key.as_deref())
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        for origin in &self.cors_origins {
            if !is_origin(origin) {
                return Err(Self::refuse("cors_origins", &format!("{origin:?}")));
            }
        }
        match (&self.tls_cert, &self.tls_key) {
            (Some(_), None) => Err("tls_cert: requires tls_key, the PEM file of its private key".into()),
            (None, Some(_)) => Err("tls_key: requires tls_cert, the PEM file of its certificate chain".into()),
            _ => Ok(()),
        }
    }
}

/// Whether the text is a scheme, a host and perhaps a port, as in RFC 6454.
fn is_origin(text: &str) -> bool {
    let rest = text.split_once("://").map(|(_, rest)| rest);
    let bare = rest.is_some_and(|rest| !rest.contains(['/', '\\', '?', '#', '*', '@', ' ']));
    bare && Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// Reads a list, or a comma-separated text.
pub(super) fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum List {
        One(String),
        Many(Vec<String>),
    }
    Ok(match List::deserialize(deserializer)? {
        List::Many(items) => items,
        List::One(text) => text
            .split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .map(str::to_owned)
            .collect(),
    })
}

fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Network>, D::Error> {
    let items = list(deserializer)?;
    let network = |item: &String| {
        item.parse()
            .map_err(|_| D::Error::invalid_value(Unexpected::Str(item), &"a network"))
    };
    items.iter().map(network).collect()
}
