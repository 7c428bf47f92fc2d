//! The header that carries a token: `Authorization` with the prefix `Bearer` by default.

use http::request::Parts;
use http::{HeaderName, header};

use super::endpoint::Refusal;

/// The header that carries the token.
#[derive(Debug, Clone)]
pub struct TokenHeader {
    /// The name of the header.
    pub name: HeaderName,
    /// The prefix of the token, compared case-insensitively; may be empty.
    pub prefix: String,
}

impl Default for TokenHeader {
    fn default() -> Self {
        Self {
            name: header::AUTHORIZATION,
            prefix: "Bearer".to_owned(),
        }
    }
}

impl TokenHeader {
    /// The token in a value of the header.
    ///
    /// # Errors
    /// The value is not exactly one token after the prefix.
    pub(super) fn token<'a>(&self, value: &'a str) -> Result<&'a str, Refusal> {
        let value = value.trim();
        let token = if self.prefix.is_empty() {
            Some(value)
        } else {
            value
                .split_once(' ')
                .filter(|(prefix, _)| prefix.eq_ignore_ascii_case(&self.prefix))
                .map(|(_, token)| token.trim_start())
        };
        token
            .filter(|token| !token.is_empty() && !token.contains(' '))
            .ok_or_else(|| self.malformed())
    }

    pub(super) fn read<'a>(&self, parts: &'a Parts) -> Result<Option<&'a str>, Refusal> {
        let mut values = parts.headers.get_all(&self.name).iter();
        match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(value), None) => {
                let text = value.to_str().map_err(|_| self.malformed())?;
                self.token(text).map(Some)
            }
            (Some(_), Some(_)) => Err(self.malformed()),
        }
    }

    fn malformed(&self) -> Refusal {
        Refusal::InvalidToken(if self.prefix.is_empty() {
            format!("The header {} must be one token.", self.name)
        } else {
            format!("The header {} must be one \"{}\" token.", self.name, self.prefix)
        })
    }
}
