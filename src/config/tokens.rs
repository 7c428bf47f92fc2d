//! What is allowed of the settings about tokens: their lifetimes, and where a request carries them.

use ::http::HeaderName;

use super::{Config, ConfigError};

/// A browser keeps a cookie of this name only if it is secure, of this host alone and sent with every path (RFC 6265bis,
/// 4.1.3.2), so no neighbour can plant one.
const HOST_PREFIX: &str = "__Host-";
const DAY: u32 = 24 * 3600;
const TEN_YEARS: u32 = 3_653 * DAY;
/// A login reads about as many entries of an index.
const MOST_SESSIONS: u32 = 10_000;

/// Headers that mean something else.
const TAKEN: [&str; 6] = ["cookie", "host", "origin", "content-type", "content-length", "accept"];

pub(super) fn check(config: &Config) -> Result<(), ConfigError> {
    let (access, idle) = (config.access_token_seconds, config.session_idle_seconds);
    for (key, value, least, most) in [
        ("access_token_seconds", access, 1, DAY),
        ("session_idle_seconds", idle, access, TEN_YEARS),
        ("session_seconds", config.session_seconds, idle, TEN_YEARS),
        ("max_sessions", config.max_sessions, 1, MOST_SESSIONS),
    ] {
        if !(least..=most).contains(&value) {
            return Err(ConfigError(format!(
                "{key}: {value} is not allowed: give {least} to {most}"
            )));
        }
    }
    let header = &config.token_header;
    if HeaderName::try_from(header).map_or(true, |name| TAKEN.contains(&name.as_str())) {
        return Err(ConfigError(format!(
            "token_header: {header:?} is not allowed: give the name of a header such as authorization"
        )));
    }
    if !config.token_prefix.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(ConfigError(format!(
            "token_prefix: {:?} is not allowed: give one word such as Bearer, or nothing",
            config.token_prefix
        )));
    }
    for (key, name) in [
        ("access_cookie", &config.access_cookie),
        ("refresh_cookie", &config.refresh_cookie),
    ] {
        // A cookie's name is a token, as a header's is (RFC 6265, 4.1.1).
        let rest = name.strip_prefix(HOST_PREFIX).unwrap_or_default();
        if HeaderName::try_from(rest).is_err() {
            return Err(ConfigError(format!(
                "{key}: {name:?} is not allowed: give a name such as {HOST_PREFIX}token, of letters, digits and dashes"
            )));
        }
    }
    if config.access_cookie == config.refresh_cookie {
        return Err(ConfigError(format!(
            "refresh_cookie: {:?} is not allowed: access_cookie has that name",
            config.refresh_cookie
        )));
    }
    Ok(())
}
