//! `portcullis read FILE`: the text of a file as a match reads it.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::{CommandError, output};
use crate::document::{Document, DocumentError, ReadText};
use crate::matching::Language;

#[derive(Debug, Args)]
pub(super) struct ReadArgs {
    /// File: PDF, DOCX, HTML, Markdown or plain text
    file: PathBuf,
    /// Print the media type, the text, the amounts of hidden text and the language (ISO 639-3) as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &ReadArgs) -> Result<(), CommandError> {
    let read = read(&args.file)?;
    if let Some(warning) = read.warning("file") {
        output::report(format_args!("portcullis: warning: {warning}"));
    }
    if args.json {
        let document = json!({
            "mediaType": read.media_type,
            "text": read.text,
            "hidden": read.hidden,
            "language": Language::of(&read.text).map(Language::code),
        });
        return output::print_line(serde_json::to_string_pretty(&document)?);
    }
    output::print(&read.text)
}

/// Extracts the text of a file.
pub(super) fn read(file: &Path) -> Result<ReadText, CommandError> {
    let failed = |error: &dyn std::fmt::Display| CommandError::Failed(format!("{}: {error}", file.display()));
    let bytes = std::fs::read(file).map_err(|error| failed(&error))?;
    let read = |bytes, media_type: Option<&str>| Document::from_bytes(bytes, media_type.map(str::to_owned)).text();
    let read = match declared_type(file) {
        // The name of a file may be wrong about its content.
        Some(declared) => match read(bytes.clone(), Some(declared)) {
            Err(DocumentError::Mislabelled { .. }) => read(bytes, None),
            read => read,
        },
        None => read(bytes, None),
    };
    read.map_err(|error| failed(&error))
}

/// The media type of a file whose content does not tell it: HTML and text.
fn declared_type(file: &Path) -> Option<&'static str> {
    match file.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "html" | "htm" | "xhtml" => Some("text/html"),
        "md" | "markdown" => Some("text/markdown"),
        "txt" => Some("text/plain"),
        _ => None,
    }
}
