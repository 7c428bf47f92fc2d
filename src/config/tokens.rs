//! The lifetimes of tokens and sessions, and where a request carries a token.

use ::http::HeaderName;

use super::ConfigError;
use super::section::{Section as _, section};

/// A browser keeps a cookie of this name only if it is secure, of this host alone and sent with every path (RFC 6265bis,
/// 4.1.3.2), so no neighbour can plant one.
const HOST_PREFIX: &str = "__Host-";
const DAY: u32 = 24 * 3600;
const TEN_YEARS: u32 = 3_653 * DAY;
/// A login reads that many index entries.
const MOST_SESSIONS: u32 = 10_000;

/// Headers that mean something else.
const TAKEN: [&str; 6] = ["cookie", "host", "origin", "content-type", "content-length", "accept"];

section! {
    /// Lifetimes of tokens and sessions, and where a request carries its token. See [tokens.md](tokens.md).
    pub struct Tokens {
        /// Lifetime of an access token, in seconds.
        #[setting(flag = "SECONDS", allowed = Range(1, DAY as u64))]
        access_token_seconds: u32 = 15 * 60;

        /// Seconds after which a session ends unless it is refreshed. At least `access_token_seconds`.
        #[setting(flag = "SECONDS", allowed = Range(1, TEN_YEARS as u64))]
        session_idle_seconds: u32 = 7 * DAY;

        /// Seconds after which a session ends in any case. At least `session_idle_seconds`.
        #[setting(flag = "SECONDS", allowed = Range(1, TEN_YEARS as u64))]
        session_seconds: u32 = 30 * DAY;

        /// Maximum number of sessions of an account. A login above it ends the session that has been unused the longest.
        #[setting(flag = "NUMBER", allowed = Range(1, MOST_SESSIONS as u64))]
        max_sessions: u32 = 100;

        /// Request header that carries the token.
        #[setting(flag = "NAME", allowed = Words("the name of a header without another meaning, such as authorization"))]
        token_header: String = "authorization".to_owned();

        /// Word that precedes the token in that header. May be empty.
        #[setting(flag = "TEXT", allowed = Words("one word such as Bearer, or an empty text"))]
        token_prefix: String = "Bearer".to_owned();

        /// Cookie that carries the access token.
        #[setting(flag = "NAME", allowed = Words("a name that begins with __Host- and has letters, digits and dashes"))]
        access_cookie: String = "__Host-portcullis-access".to_owned();

        /// Cookie that carries the refresh token. Differs from `access_cookie`.
        #[setting(flag = "NAME", allowed = Words("a name that begins with __Host- and has letters, digits and dashes"))]
        refresh_cookie: String = "__Host-portcullis-refresh".to_owned();
    }
}

impl Tokens {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let (access, idle) = (self.access_token_seconds, self.session_idle_seconds);
        for (key, value, least_key, least) in [
            ("session_idle_seconds", idle, "access_token_seconds", access),
            ("session_seconds", self.session_seconds, "session_idle_seconds", idle),
        ] {
            if value < least {
                let allowed = format!("{least} ({least_key}) to {TEN_YEARS}");
                return Err(ConfigError::not_allowed(key, &value.to_string(), &allowed));
            }
        }
        let header = &self.token_header;
        if HeaderName::try_from(header).map_or(true, |name| TAKEN.contains(&name.as_str())) {
            return Err(Self::refuse("token_header", &format!("{header:?}")));
        }
        if !self.token_prefix.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Self::refuse("token_prefix", &format!("{:?}", self.token_prefix)));
        }
        for (key, name) in [
            ("access_cookie", &self.access_cookie),
            ("refresh_cookie", &self.refresh_cookie),
        ] {
            // A cookie's name is a token, as a header's is (RFC 6265, 4.1.1).
            let rest = name.strip_prefix(HOST_PREFIX).unwrap_or_default();
            if HeaderName::try_from(rest).is_err() {
                return Err(Self::refuse(key, &format!("{name:?}")));
            }
        }
        if self.access_cookie == self.refresh_cookie {
            let (name, allowed) = (
                format!("{:?}", self.refresh_cookie),
                "a name other than that of access_cookie",
            );
            return Err(ConfigError::not_allowed("refresh_cookie", &name, allowed));
        }
        Ok(())
    }
}
