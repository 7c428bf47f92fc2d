//! Lifetimes of tokens and sessions, and the headers and cookies that carry tokens.

use ::http::HeaderName;

use super::ConfigError;
use super::section::{Section as _, section};

/// Prefix of cookie names. Browsers accept such a cookie only with `Secure`, `Path=/` and no `Domain` (RFC 6265bis,
/// 4.1.3.2), so that sibling domains cannot set it.
const HOST_PREFIX: &str = "__Host-";
const DAY: u32 = 24 * 3600;
const TEN_YEARS: u32 = 3_653 * DAY;
/// Bounds the number of index entries that a login reads.
const MOST_SESSIONS: u32 = 10_000;

/// Headers that have another meaning and cannot carry the token.
const TAKEN: [&str; 6] = ["cookie", "host", "origin", "content-type", "content-length", "accept"];

section! {
    /// Lifetimes of tokens and sessions, and the headers and cookies that carry tokens. See [tokens.md](tokens.md).
    pub struct Tokens {
        /// Lifetime of an access token, in seconds.
        #[setting(flag = "SECONDS", allowed = Range(1, DAY as u64))]
        access_token_seconds: u32 = 15 * 60;

        /// Time in seconds after which a session that is not refreshed ends. Must be at least `access_token_seconds`.
        #[setting(flag = "SECONDS", allowed = Range(1, TEN_YEARS as u64))]
        session_idle_seconds: u32 = 7 * DAY;

        /// Maximum lifetime of a session in seconds, even if it is refreshed. Must be at least `session_idle_seconds`.
        #[setting(flag = "SECONDS", allowed = Range(1, TEN_YEARS as u64))]
        session_seconds: u32 = 30 * DAY;

        /// Maximum number of sessions per account. A login beyond the limit ends the least recently used session.
        #[setting(flag = "NUMBER", allowed = Range(1, MOST_SESSIONS as u64))]
        max_sessions: u32 = 100;

        /// Tolerated difference between the clocks of token issuers and this server, in seconds.
        #[setting(flag = "SECONDS", allowed = Range(0, 60))]
        leeway_seconds: u32 = 5;

        /// Request header that carries the access token.
        #[setting(flag = "NAME", allowed = Words("a header name without another meaning, such as authorization"))]
        token_header: String = "authorization".to_owned();

        /// Scheme that precedes the token in that header. May be empty.
        #[setting(flag = "TEXT", allowed = Words("one word such as Bearer, or an empty text"))]
        token_prefix: String = "Bearer".to_owned();

        /// Name of the cookie that carries the access token. Must differ from `refresh_cookie`.
        #[setting(flag = "NAME", allowed = Words("a name of __Host- followed by letters, digits and dashes"))]
        access_cookie: String = "__Host-portcullis-access".to_owned();

        /// Name of the cookie that carries the refresh token. Must differ from `access_cookie`.
        #[setting(flag = "NAME", allowed = Words("a name of __Host- followed by letters, digits and dashes"))]
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
            // Cookie names and header names have the same grammar, a token (RFC 6265, 4.1.1).
            let rest = name.strip_prefix(HOST_PREFIX).unwrap_or_default();
            if HeaderName::try_from(rest).is_err() {
                return Err(Self::refuse(key, &format!("{name:?}")));
            }
        }
        if self.access_cookie == self.refresh_cookie {
            let (name, allowed) = (
                format!("{:?}", self.refresh_cookie),
                "a name that differs from access_cookie",
            );
            return Err(ConfigError::not_allowed("refresh_cookie", &name, allowed));
        }
        Ok(())
    }
}
