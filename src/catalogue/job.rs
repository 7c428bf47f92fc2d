//! A job as it is kept, and what may be kept as one.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Error;

/// The most bytes of text a job may have.
pub const MAX_JOB_BYTES: usize = 64 << 10;
/// The most characters of a job's title.
pub const MAX_TITLE: usize = 200;
/// The most characters of a job's id.
pub const MAX_ID: usize = 128;

/// A job of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredJob {
    /// The caller's, or made for it.
    pub id: Arc<str>,
    /// What it is called.
    pub title: String,
    /// The posting as it is matched; it begins with the title.
    pub text: String,
    /// When it was first added.
    pub created_at: DateTime<Utc>,
    /// When it was last added.
    pub updated_at: DateTime<Utc>,
}

/// A job to add.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Puts the job in the place of the one with this id; a fresh one is made when it is not given.
    pub id: Option<String>,
    /// What it is called; the text's first line when it is not given.
    pub title: Option<String>,
    /// The posting.
    pub text: String,
}

pub(super) fn invalid(path: &'static str, message: String) -> Error {
    Error::InvalidInput { path, message }
}

/// Id, title and text of a job that may be added.
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
    // What is matched must say what the job is.
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
