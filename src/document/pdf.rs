//! Text of a PDF, in reading order.

use unpdf::{Error, PageSelection, ParseOptions, parse_bytes_with_options};

use super::{DocumentError, MAX_PAGES};

/// A page with fewer characters holds a stamp or a page number, not a text.
const CHARACTERS_OF_A_PAGE: usize = 16;

pub(super) fn text(bytes: &[u8]) -> Result<String, DocumentError> {
    // Reads only the structure first: a hostile file may have many pages in few bytes.
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
        _ => DocumentError::Broken("it is not a valid PDF".into()),
    })
}
