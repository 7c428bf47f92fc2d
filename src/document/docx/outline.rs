//! What must be known of a part before its text is read: headers, the background, and shapes behind the text.

use quick_xml::events::{BytesStart, Event};

use super::package::{attribute, events, is_on};
use crate::document::DocumentError;
use crate::document::colour::Colour;

/// English Metric Units in a point.
const EMU: f32 = 12_700.0;

#[derive(Debug, Default)]
pub(super) struct Outline {
    /// The first section.
    pub(super) section: Section,
    /// The background of the pages.
    pub(super) background: Option<Colour>,
    /// For each anchored drawing, the shape behind the text, if it is one.
    pub(super) backdrops: Vec<Option<Backdrop>>,
}

/// The relationships of the headers and footers of a section.
#[derive(Debug, Default)]
pub(super) struct Section {
    first: (Option<String>, Option<String>),
    others: (Option<String>, Option<String>),
    has_first: bool,
}

/// A filled shape or a picture behind the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Backdrop {
    /// Whether its place depends on the paragraph that it is anchored to, not on the page.
    pub(super) is_relative: bool,
    /// The distance of its lower edge from the page's or the paragraph's start, in points.
    pub(super) end: f32,
}

impl Section {
    /// The header of the first page.
    pub(super) fn header(&self) -> Option<&str> {
        if self.has_first { &self.first.0 } else { &self.others.0 }.as_deref()
    }

    /// The footer of the first page.
    pub(super) fn footer(&self) -> Option<&str> {
        if self.has_first { &self.first.1 } else { &self.others.1 }.as_deref()
    }

    fn apply(&mut self, tag: &BytesStart<'_>) {
        let name = tag.local_name();
        let is_header = match name.as_ref() {
            b"headerReference" => true,
            b"footerReference" => false,
            b"titlePg" => {
                self.has_first = is_on(tag);
                return;
            }
            _ => return,
        };
        let pages = match attribute(tag, b"type").as_deref() {
            Some("first") => &mut self.first,
            Some("even") => return,
            _ => &mut self.others,
        };
        let reference = if is_header { &mut pages.0 } else { &mut pages.1 };
        *reference = attribute(tag, b"id");
    }
}

/// An anchored drawing while it is read.
#[derive(Debug, Default)]
struct Anchor {
    index: usize,
    is_free: bool,
    is_filled: bool,
    is_relative: bool,
    in_position: bool,
    in_offset: bool,
    offset: f32,
    height: f32,
}

pub(super) fn read(markup: &str) -> Result<Outline, DocumentError> {
    let mut outline = Outline::default();
    let mut sections = 0;
    let mut in_section = false;
    let mut open: Vec<Anchor> = Vec::new();
    events(markup, |event| {
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                match tag.local_name().as_ref() {
                    b"sectPr" if matches!(event, Event::Start(_)) => {
                        sections += 1;
                        in_section = sections == 1;
                    }
                    b"background" => {
                        let colour = attribute(tag, b"color");
                        outline.background = colour.and_then(|colour| Colour::from_hex(&colour));
                    }
                    b"anchor" => {
                        outline.backdrops.push(None);
                        open.push(Anchor {
                            index: outline.backdrops.len() - 1,
                            is_free: attribute(tag, b"behindDoc").is_some_and(|value| value == "1" || value == "true"),
                            ..Anchor::default()
                        });
                    }
                    _ if in_section => outline.section.apply(tag),
                    _ => {}
                }
                if let Some(anchor) = open.last_mut() {
                    anchor.apply(tag);
                }
            }
            Event::Text(text) => {
                if let Some(anchor) = open.last_mut().filter(|anchor| anchor.in_offset) {
                    let offset = text.decode().ok().and_then(|text| text.trim().parse::<f32>().ok());
                    anchor.offset = offset.unwrap_or_default() / EMU;
                }
            }
            Event::End(tag) => match tag.local_name().as_ref() {
                b"sectPr" => in_section = false,
                b"anchor" => {
                    if let Some(anchor) = open.pop() {
                        outline.backdrops[anchor.index] = anchor.backdrop();
                    }
                }
                b"positionV" => {
                    if let Some(anchor) = open.last_mut() {
                        anchor.in_position = false;
                    }
                }
                b"posOffset" => {
                    if let Some(anchor) = open.last_mut() {
                        anchor.in_offset = false;
                    }
                }
                _ => {}
            },
            _ => {}
        }
        Ok(())
    })?;
    Ok(outline)
}

impl Anchor {
    fn apply(&mut self, tag: &BytesStart<'_>) {
        match tag.local_name().as_ref() {
            b"wrapNone" => self.is_free = true,
            b"pic" | b"solidFill" | b"gradFill" | b"blipFill" | b"pattFill" => self.is_filled = true,
            b"fillRef" => self.is_filled |= attribute(tag, b"idx").is_some_and(|index| index != "0"),
            b"positionV" => {
                self.in_position = true;
                let from = attribute(tag, b"relativeFrom").unwrap_or_default();
                self.is_relative = from == "paragraph" || from == "line";
            }
            b"posOffset" => self.in_offset = self.in_position,
            b"extent" => {
                let height = attribute(tag, b"cy").and_then(|height| height.parse::<f32>().ok());
                self.height = height.unwrap_or_default() / EMU;
            }
            _ => {}
        }
    }

    fn backdrop(&self) -> Option<Backdrop> {
        (self.is_free && self.is_filled).then_some(Backdrop {
            is_relative: self.is_relative,
            end: self.offset + self.height,
        })
    }
}
