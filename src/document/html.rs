//! HTML to text: what is shown, a line a block, without links, images and style.

use html2text::config;
use html2text::render::TrivialDecorator;

use super::DocumentError;

/// So many characters a line that no sentence is broken: lines mean something to those who read the text.
const WIDTH: usize = 100_000;

pub(super) fn text(markup: &str) -> Result<String, DocumentError> {
    config::with_decorator(TrivialDecorator::new())
        .no_table_borders()
        .raw_mode(true)
        .string_from_read(markup.as_bytes(), WIDTH)
        .map_err(|_| DocumentError::Broken("it is no HTML that can be read".into()))
}
