//! Text of HTML: the visible text, one block per line, without links, images and styles.

use html2text::config;
use html2text::render::TrivialDecorator;

use super::DocumentError;

/// Wide enough that no sentence is wrapped: line breaks are significant to the readers of the text.
const WIDTH: usize = 100_000;

pub(super) fn text(markup: &str) -> Result<String, DocumentError> {
    config::with_decorator(TrivialDecorator::new())
        .no_table_borders()
        .raw_mode(true)
        .string_from_read(markup.as_bytes(), WIDTH)
        .map_err(|_| DocumentError::Broken("it is not valid HTML".into()))
}
