//! Errors of settings.

use figment::value::Value;

use crate::text::one_line;

/// An invalid setting. The message is one line that names the key, the value and the allowed values.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub(super) String);

impl From<&str> for ConfigError {
    fn from(line: &str) -> Self {
        Self(line.to_owned())
    }
}

impl ConfigError {
    pub(super) fn not_allowed(key: &str, value: &str, allowed: &str) -> Self {
        Self(format!("{key}: {value} is not allowed; expected {allowed}"))
    }

    /// Appends the source of the value to the message.
    pub(super) fn with_source(self, source: &str) -> Self {
        Self(format!("{} (from {source})", self.0))
    }
}

/// Formats a value for an error message.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(_, text) => format!("{text:?}"),
        Value::Bool(_, value) => value.to_string(),
        Value::Num(_, number) => {
            let whole = number.to_u128().map(|number| number.to_string());
            let negative = number.to_i128().map(|number| number.to_string());
            whole
                .or(negative)
                .or(number.to_f64().map(|number| number.to_string()))
                .unwrap_or_default()
        }
        Value::Array(..) => "a list".to_owned(),
        _ => "a table".to_owned(),
    }
}

/// Formats the line number and the reason, without the text of the line, which may contain a password.
pub(super) fn of_toml(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    format!(
        "line {}: {}",
        1 + before.matches('\n').count(),
        one_line(error.message())
    )
}
