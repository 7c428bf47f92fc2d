//! Where paragraphs begin and end: their gaps, and the marks of list items.

use super::format::{Ground, ParagraphFormat};
use super::numbering::Numbering;
use super::style::{Style, Styles};
use crate::document::text_builder::{Gap, TextBuilder};

/// Paragraphs are set apart by so much more space than the closest ones, in twentieths of a point.
const APART: i64 = 60;
/// A line is at least so high, in points. Two columns of a table are read one after the other.
const LINE_HEIGHT: f32 = 6.0;
/// A line has at most so many characters.
const LINE_LENGTH: usize = 90;
#[derive(Debug, Default)]
pub(super) struct Paragraph {
    pub(super) style: Style,
    pub(super) format: ParagraphFormat,
    pub(super) is_started: bool,
    pub(super) is_mark_deleted: bool,
    pub(super) characters: usize,
    /// The texts of the boxes that are anchored in it.
    pub(super) boxes: Vec<String>,
}

/// The paragraph before the current one.
#[derive(Debug)]
pub(super) struct Previous {
    style: String,
    after: i64,
    is_contextual: bool,
    is_plain: bool,
}

/// What all parts of a document share.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) styles: Styles,
    pub(super) numbering: Numbering,
    /// The colour of the pages.
    pub(super) page: Ground,
    /// The smallest space between paragraphs of the document, in twentieths of a point.
    pub(super) tightest: Option<i64>,
}

/// The open paragraphs of a part and what their gaps depend on.
#[derive(Debug)]
pub(super) struct Flow<'a> {
    pub(super) context: &'a Context,
    /// The open paragraphs: those of a text box are inside of another.
    pub(super) open: Vec<Paragraph>,
    /// The estimated height of the text so far, in points.
    pub(super) height: f32,
    /// Whether the end of the last paragraph was deleted.
    is_joined: bool,
    previous: Option<Previous>,
    /// The smallest space between paragraphs.
    pub(super) smallest: Option<i64>,
}

impl<'a> Flow<'a> {
    pub(super) fn new(context: &'a Context) -> Self {
        Self {
            context,
            open: Vec::new(),
            height: 0.0,
            is_joined: false,
            previous: None,
            smallest: None,
        }
    }

    /// Begins a cell or a text box, whose paragraphs are apart from those before.
    pub(super) fn begin_box(&mut self) {
        self.previous = None;
    }

    pub(super) fn open_paragraph(&mut self) {
        self.open.push(Paragraph {
            style: self.context.styles.paragraph(None),
            ..Paragraph::default()
        });
    }

    pub(super) fn start_paragraph(&mut self, text: &mut TextBuilder) {
        let Some(paragraph) = self.open.last() else {
            return;
        };
        if std::mem::take(&mut self.is_joined) {
            return;
        }
        let format = paragraph.format.or(&paragraph.style.paragraph);
        let is_heading = paragraph.style.is_heading() || format.outline.is_some_and(|level| level < 9);
        let level = format.list_level.unwrap_or_default();
        let is_item = !is_heading
            && match format.list {
                Some(list) => self.context.numbering.has_mark(list, level),
                None => paragraph.style.is_list(),
            };
        let is_plain = !is_heading && !is_item;
        let is_contextual = format.is_contextual == Some(true);
        let previous = self.previous.replace(Previous {
            style: paragraph.style.name.clone(),
            after: format.after.unwrap_or_default(),
            is_contextual,
            is_plain,
        });
        let mut gap = Gap::Line;
        if let Some(previous) = previous {
            let same = previous.style == paragraph.style.name;
            let after = if same && previous.is_contextual {
                0
            } else {
                previous.after
            };
            let before = if same && is_contextual {
                0
            } else {
                format.before.unwrap_or_default()
            };
            let space = after.saturating_add(before);
            if is_plain && previous.is_plain {
                self.smallest = Some(self.smallest.map_or(space, |smallest| smallest.min(space)));
            }
            let closest = self.context.tightest.unwrap_or_default();
            if !is_item && space.saturating_sub(closest) >= APART {
                gap = Gap::Blank;
            }
        }
        text.separate(if is_heading { Gap::Blank } else { gap });
        if is_item {
            text.begin_item();
        }
    }

    pub(super) fn end_paragraph(&mut self, text: &mut TextBuilder) {
        let Some(paragraph) = self.open.pop() else { return };
        let lines = paragraph.characters.div_ceil(LINE_LENGTH).clamp(1, 1000);
        self.height += LINE_HEIGHT * f32::from(u16::try_from(lines).unwrap_or(u16::MAX));
        let is_empty = paragraph.characters == 0 && paragraph.boxes.is_empty();
        if paragraph.is_mark_deleted {
            self.is_joined |= paragraph.is_started;
        } else {
            let is_heading = paragraph.is_started && paragraph.style.is_heading();
            text.separate(if is_heading || is_empty { Gap::Blank } else { Gap::Line });
        }
        for lines in &paragraph.boxes {
            text.append_block(lines);
        }
    }
}
