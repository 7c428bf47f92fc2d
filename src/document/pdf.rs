//! PDF to text, in the order it is read.

use unpdf::{Error, PageSelection, ParseOptions, parse_bytes_with_options};

use super::{DocumentError, MAX_PAGES};

/// So few characters a page are a stamp or a page number, not a text.
const CHARACTERS_OF_A_PAGE: usize = 16;

pub(super) fn text(bytes: &[u8]) -> Result<String, DocumentError> {
    // The structure alone first: a hostile file has many pages in few bytes.
    let pages = parse(bytes, ParseOptions::new().with_text(false))?.page_count();
    if pages > MAX_PAGES {
        return Err(DocumentError::TooManyPages(pages));
    }
    let document = parse(bytes, ParseOptions::new().lenient())?;
    let text = document.plain_text();
    let characters = text.chars().filter(|c| c.is_alphanumeric()).count();
    if characters < CHARACTERS_OF_A_PAGE * pages.max(1) as usize && characters < 200 {
        return Err(DocumentError::Scanned);
    }
    Ok(text)
}

fn parse(bytes: &[u8], options: ParseOptions) -> Result<unpdf::Document, DocumentError> {
    let options = options.sequential().with_pages(PageSelection::All);
    parse_bytes_with_options(bytes, options).map_err(|error| match error {
        Error::Encrypted | Error::InvalidPassword => DocumentError::Encrypted,
        _ => DocumentError::Broken("it is no PDF that can be read".into()),
    })
}
