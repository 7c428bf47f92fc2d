//! What is told of a setting that cannot be used, in one line.

/// A setting that cannot be used: one line that names the key, the value and what is allowed.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub(super) String);

pub(super) fn explain(errors: figment::Error) -> String {
    let lines: Vec<String> = errors
        .into_iter()
        .map(|error| {
            let key = if error.path.is_empty() {
                String::new()
            } else {
                format!("{}: ", key(&error.path))
            };
            let from = error
                .metadata
                .as_ref()
                .map(|m| m.name.to_string())
                .filter(|name| !name.contains("::"));
            format!(
                "{key}{}{}",
                one_line(&error.kind.to_string()),
                from.map_or_else(String::new, |name| format!(" (from the {name})"))
            )
        })
        .collect();
    lines.join("; ")
}

/// The key as the file has it, a place in a list in brackets.
fn key(path: &[String]) -> String {
    let mut key = String::new();
    for part in path {
        match part.parse::<usize>() {
            Ok(at) => key.push_str(&format!("[{at}]")),
            Err(_) if key.is_empty() => key.push_str(part),
            Err(_) => {
                key.push('.');
                key.push_str(part);
            }
        }
    }
    key
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The line and the reason, without the line's text: it may hold a password.
pub(super) fn of_toml(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    format!(
        "line {}: {}",
        1 + before.matches('\n').count(),
        one_line(error.message())
    )
}
