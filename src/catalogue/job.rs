//! Jobs of the catalogue and their validation.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Error;

/// Maximum length of a job's text in bytes.
pub const MAX_JOB_BYTES: usize = 64 << 10;
/// Maximum length of a job's title in characters.
pub const MAX_TITLE: usize = 200;
/// Maximum length of a job's id in characters.
pub const MAX_ID: usize = 128;

/// A job of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredJob {
    /// The id, given by the caller or generated.
    pub id: Arc<str>,
    /// The title.
    pub title: String,
    /// The posting as it is matched, beginning with the title.
    pub text: String,
    /// When it was first added.
    pub created_at: DateTime<Utc>,
    /// When it was last added.
    pub updated_at: DateTime<Utc>,
}

/// A job to add.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// The id; a job with the same id is replaced. Generated if omitted.
    pub id: Option<String>,
    /// The title; defaults to the first line of the text.
    pub title: Option<String>,
    /// The posting.
    pub text: String,
}

pub(super) fn invalid(path: &'static str, message: String) -> Error {
    Error::InvalidInput { path, message }
}

/// Id, title and text of a valid job.
pub(super) fn checked(job: NewJob) -> Result<(String, String, String), Error> {
    let id = match job.id {
        Some(id) if is_id(&id) => id,
        Some(_) => {
            let message = format!("must have 1 to {MAX_ID} letters, digits and signs of `._:-`");
            return Err(invalid("id", message));
        }
        None => uuid::Uuid::now_v7().to_string(),
    };
    let text = job.text.trim();
    if text.is_empty() {
        return Err(invalid("text", "there is no text".to_owned()));
    }
    let first_line = || {
        text.lines()
            .next()
            .unwrap_or_default()
            .trim()
            .chars()
            .take(MAX_TITLE)
            .collect()
    };
    let title: String = job.title.map_or_else(first_line, |title| title.trim().to_owned());
    let length = title.chars().count();
    if !(1..=MAX_TITLE).contains(&length) || title.chars().any(char::is_control) {
        let message = format!("must have 1 to {MAX_TITLE} characters on one line");
        return Err(invalid("title", message));
    }
    // The matched text must contain the title.
    let text = if text.starts_with(&title) {
        text.to_owned()
    } else {
        format!("{title}\n\n{text}")
    };
    if text.len() > MAX_JOB_BYTES {
        let message = format!("has {} bytes with its title; {MAX_JOB_BYTES} are allowed", text.len());
        return Err(invalid("text", message));
    }
    Ok((id, title, text))
}

pub(super) fn is_id(id: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"._:-".contains(&b);
    (1..=MAX_ID).contains(&id.len()) && id.bytes().all(fits)
}
