//! How elements are laid out by default, and the meaning of values that decide what is visible.

use super::css::{Length, Value};
use super::tree::Element;
use crate::document::text_builder::Gap;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    Inline,
    /// Inline, with space around it.
    Spaced,
    /// Inline, but apart from the text around it.
    Apart,
    Block,
    Item,
    Row,
    Cell,
}

/// The computed size of `font-size`, in pixels.
pub(super) fn font_size(value: &Value, parent: f32) -> Option<f32> {
    match value {
        Value::Length(Length::Share(share)) => Some(share * parent),
        Value::Length(length) => length.pixels(parent),
        Value::Word(word) => match word.as_str() {
            "smaller" | "larger" => Some(parent),
            "xx-small" | "x-small" | "small" | "medium" | "large" | "x-large" | "xx-large" | "initial" => Some(16.0),
            _ => None,
        },
        _ => None,
    }
}

/// Whether `clip` or `clip-path` leaves nothing.
pub(super) fn clips_all(value: &Value) -> bool {
    let Value::Function(name, arguments) = value else {
        return false;
    };
    let mut lengths = arguments.iter().filter_map(|argument| match argument {
        Value::Length(length) => Some(*length),
        _ => None,
    });
    match name.as_str() {
        "rect" => {
            arguments.iter().all(|argument| !argument.is("auto"))
                && lengths.all(|length| length.pixels(0.0).is_some_and(|side| side.abs() <= 1.0))
        }
        "inset" => lengths
            .next()
            .is_some_and(|length| matches!(length, Length::Share(share) if share >= 0.5)),
        "circle" | "ellipse" => lengths
            .next()
            .is_some_and(|length| matches!(length, Length::Share(0.0)) || length.pixels(0.0) == Some(0.0)),
        _ => false,
    }
}

/// The layout and the gaps that browsers give an element.
pub(super) fn default_layout(element: &Element) -> (Layout, (Gap, Gap)) {
    if is_heading(element) {
        return (Layout::Block, (Gap::Blank, Gap::Blank));
    }
    match element.name() {
        "p" | "blockquote" | "dl" | "figure" | "fieldset" | "pre" | "hr" | "article" | "aside" | "footer"
        | "header" | "main" | "nav" | "section" => (Layout::Block, (Gap::Blank, Gap::Blank)),
        // A list belongs to what it follows.
        "ul" | "ol" | "menu" | "dir" => (Layout::Block, (Gap::Line, Gap::Blank)),
        "li" => (Layout::Item, (Gap::Line, Gap::Line)),
        "tr" => (Layout::Row, (Gap::Line, Gap::Line)),
        "td" | "th" => (Layout::Cell, (Gap::None, Gap::None)),
        "button" => (Layout::Apart, (Gap::None, Gap::None)),
        "address" | "body" | "caption" | "center" | "dd" | "details" | "dialog" | "div" | "dt" | "figcaption"
        | "form" | "html" | "legend" | "option" | "search" | "summary" | "table" => {
            (Layout::Block, (Gap::Line, Gap::Line))
        }
        _ => (Layout::Inline, (Gap::None, Gap::None)),
    }
}

pub(super) fn is_heading(element: &Element) -> bool {
    matches!(element.name(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6") || element.attribute("role") == Some("heading")
}
