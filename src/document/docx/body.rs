//! The text of a part: paragraphs, tables and text boxes in order.

use quick_xml::events::{BytesStart, Event};

use super::flow::{Context, Flow};
use super::format::{Ground, RunFormat, shading};
use super::outline::Backdrop;
use super::package::{attribute, broken, events, is_on};
use crate::document::colour::Colour;
use crate::document::text_builder::{Gap, TextBuilder};
use crate::document::{DocumentError, HiddenReason, MAX_TEXT, ReadText};

/// A shape that ends below this point is taken for one that fills the page.
const PAGE: f32 = 400.0;

/// Reads a part.
pub(super) struct Body<'a> {
    flow: Flow<'a>,
    backdrops: &'a [Option<Backdrop>],
    anchors: usize,
    /// Text above this height may be on top of a shape.
    covered: f32,
    props: Vec<Props>,
    runs: Vec<Run>,
    /// The grounds of the open tables, cells and shapes.
    grounds: Vec<Option<Ground>>,
    /// The number of open shapes.
    shapes: usize,
    /// For each open choice of alternatives, whether one was read.
    alternatives: Vec<bool>,
    /// The depth inside an element that is not shown, or that is shown elsewhere in another form.
    skipped: usize,
    /// The number of open hidden rows and shapes.
    hidden: usize,
    hidden_rows: Vec<bool>,
    in_text: bool,
    in_deleted: bool,
}

/// An element with properties.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Props {
    Run,
    Paragraph,
    Table,
    Row,
    Cell,
    Shape,
    Other,
}

#[derive(Debug, Default)]
struct Run {
    format: RunFormat,
    style: RunFormat,
}

impl<'a> Body<'a> {
    pub(super) fn new(context: &'a Context, backdrops: &'a [Option<Backdrop>], covered: f32) -> Self {
        let of_pages = backdrops.iter().flatten().filter(|backdrop| !backdrop.is_relative);
        let covered = of_pages.map(|backdrop| backdrop.end).fold(covered, f32::max);
        Self {
            flow: Flow::new(context),
            backdrops,
            anchors: 0,
            covered: if covered > PAGE { f32::INFINITY } else { covered },
            props: Vec::new(),
            runs: Vec::new(),
            grounds: Vec::new(),
            shapes: 0,
            alternatives: Vec::new(),
            skipped: 0,
            hidden: 0,
            hidden_rows: Vec::new(),
            in_text: false,
            in_deleted: false,
        }
    }

    /// The smallest space between paragraphs.
    pub(super) fn measure(mut self, markup: &str) -> Result<Option<i64>, DocumentError> {
        self.walk(markup, &mut TextBuilder::default(), &mut ReadText::default())?;
        Ok(self.flow.smallest)
    }

    pub(super) fn read(
        mut self,
        markup: &str,
        text: &mut TextBuilder,
        read: &mut ReadText,
    ) -> Result<(), DocumentError> {
        self.walk(markup, text, read)
    }

    fn walk(&mut self, markup: &str, text: &mut TextBuilder, read: &mut ReadText) -> Result<(), DocumentError> {
        events(markup, |event| {
            match &event {
                Event::Start(tag) if self.skipped > 0 || self.is_skipped(tag) => self.skipped += 1,
                Event::Start(tag) => self.open(tag, text),
                Event::Empty(tag) if self.skipped == 0 => self.mark(tag, text, read),
                Event::End(_) if self.skipped > 0 => self.skipped -= 1,
                Event::End(tag) => self.close(tag.local_name().as_ref(), text),
                Event::Text(piece) if self.reads() => self.write(&piece.decode().map_err(|_| broken())?, text, read),
                Event::CData(piece) if self.reads() => self.write(&piece.decode().map_err(|_| broken())?, text, read),
                Event::GeneralRef(reference) if self.reads() => {
                    let named = reference.decode().map_err(|_| broken())?;
                    match reference.resolve_char_ref().map_err(|_| broken())? {
                        Some(character) => self.write(character.encode_utf8(&mut [0; 4]), text, read),
                        // Only the five entities of XML are resolved. Others may expand to anything.
                        None => {
                            let entity = quick_xml::escape::resolve_xml_entity(&named).unwrap_or_default();
                            self.write(entity, text, read);
                        }
                    }
                }
                _ => {}
            }
            if text.written() > MAX_TEXT {
                return Err(DocumentError::TooLarge);
            }
            Ok(())
        })
    }

    fn reads(&self) -> bool {
        self.skipped == 0 && (self.in_text || self.in_deleted)
    }

    /// Whether the content of an element is not part of the text.
    fn is_skipped(&mut self, tag: &BytesStart<'_>) -> bool {
        match tag.local_name().as_ref() {
            // Text that was moved elsewhere, former properties, phonetic guides, and separators of notes.
            b"moveFrom" | b"rt" => true,
            b"footnote" | b"endnote" => attribute(tag, b"type").is_some_and(|kind| kind != "normal"),
            b"Choice" | b"Fallback" => self
                .alternatives
                .last_mut()
                .is_some_and(|read| std::mem::replace(read, true)),
            name => name.ends_with(b"Change"),
        }
    }

    fn open(&mut self, tag: &BytesStart<'_>, text: &mut TextBuilder) {
        match tag.local_name().as_ref() {
            b"t" => self.in_text = true,
            b"delText" => self.in_deleted = true,
            b"r" => self.runs.push(Run::default()),
            b"p" => self.flow.open_paragraph(),
            b"rPr" if self.props.is_empty() && !self.runs.is_empty() => self.props.push(Props::Run),
            b"pPr" => self.props.push(Props::Paragraph),
            b"tblPr" => self.props.push(Props::Table),
            b"trPr" => self.props.push(Props::Row),
            b"tcPr" => self.props.push(Props::Cell),
            b"spPr" if self.shapes > 0 => self.props.push(Props::Shape),
            // The colour of a line is not that of what it surrounds.
            b"ln" | b"textOutline" | b"rPr" | b"sectPr" | b"sdtPr" | b"spPr" => self.props.push(Props::Other),
            b"AlternateContent" => self.alternatives.push(false),
            b"tbl" => {
                self.flow.begin_box();
                text.separate(Gap::Line);
                self.grounds.push(None);
            }
            b"tr" => {
                text.begin_row();
                self.hidden_rows.push(false);
            }
            b"tc" => {
                self.flow.begin_box();
                text.begin_cell();
                self.grounds.push(None);
            }
            b"wsp" => {
                self.shapes += 1;
                self.grounds.push(Some(Ground::Unknown));
            }
            b"shape" | b"rect" | b"roundrect" | b"oval" => self.grounds.push(vml_ground(tag)),
            b"txbxContent" => {
                self.flow.begin_box();
                text.begin_cell();
            }
            b"anchor" => self.pass_backdrop(),
            _ => self.mark_in(tag, text),
        }
    }

    /// Applies an element without content that is open.
    fn mark_in(&mut self, tag: &BytesStart<'_>, text: &mut TextBuilder) {
        self.mark(tag, text, &mut ReadText::default());
    }

    fn close(&mut self, name: &[u8], text: &mut TextBuilder) {
        match name {
            b"t" => self.in_text = false,
            b"delText" => self.in_deleted = false,
            b"r" => {
                self.runs.pop();
            }
            b"p" => self.flow.end_paragraph(text),
            b"rPr" | b"pPr" | b"tblPr" | b"trPr" | b"tcPr" | b"spPr" | b"ln" | b"textOutline" | b"sectPr"
            | b"sdtPr" => {
                self.props.pop();
            }
            b"AlternateContent" => {
                self.alternatives.pop();
            }
            b"tbl" => {
                self.flow.begin_box();
                self.grounds.pop();
                text.separate(Gap::Line);
            }
            b"tr" => {
                if self.hidden_rows.pop() == Some(true) {
                    self.hidden -= 1;
                }
                text.end_row();
            }
            b"tc" => {
                self.flow.begin_box();
                self.grounds.pop();
                text.end_cell();
            }
            b"wsp" => {
                self.shapes = self.shapes.saturating_sub(1);
                self.grounds.pop();
            }
            b"shape" | b"rect" | b"roundrect" | b"oval" => {
                self.grounds.pop();
            }
            b"txbxContent" => {
                self.flow.begin_box();
                let lines = text.take_cell();
                match self.flow.open.last_mut() {
                    Some(paragraph) => paragraph.boxes.push(lines),
                    None => text.append_block(&lines),
                }
            }
            _ => {}
        }
    }

    /// Applies the effect of an element on the text, the run or the paragraph.
    fn mark(&mut self, tag: &BytesStart<'_>, text: &mut TextBuilder, read: &mut ReadText) {
        let name = tag.local_name();
        let name = name.as_ref();
        let Some(props) = self.props.last() else {
            let sign = match name {
                b"tab" | b"ptab" => "\t",
                b"noBreakHyphen" => "-",
                b"br" | b"cr" if !self.runs.is_empty() => match attribute(tag, b"type").as_deref() {
                    Some("page" | "column") => return text.separate(Gap::Blank),
                    _ => "\n",
                },
                b"sym" => return self.write(&symbol(tag), text, read),
                b"p" => return text.separate(Gap::Blank),
                _ => return,
            };
            if !self.runs.is_empty() {
                self.write(sign, text, read);
            }
            return;
        };
        match props {
            Props::Run => self.apply_to_run(name, tag),
            Props::Paragraph => self.apply_to_paragraph(name, tag),
            Props::Table if name == b"tblStyle" => {
                let style = attribute(tag, b"val").map(|id| self.flow.context.styles.resolve(&id));
                // The colour of a cell depends on its place in the table.
                if style.is_some_and(|style| style.has_shading) {
                    self.set_ground(Some(Ground::Unknown));
                }
            }
            Props::Table | Props::Cell if name == b"shd" => {
                if let Some(ground) = shading(tag) {
                    self.set_ground(Some(ground));
                }
            }
            Props::Row if name == b"hidden" && is_on(tag) => {
                if let Some(hidden @ false) = self.hidden_rows.last_mut() {
                    *hidden = true;
                    self.hidden += 1;
                }
            }
            Props::Shape if name == b"srgbClr" => {
                let colour = attribute(tag, b"val").and_then(|value| Colour::from_hex(&value));
                self.set_ground(Some(colour.map_or(Ground::Unknown, Ground::Known)));
            }
            Props::Shape if name == b"noFill" => self.set_ground(None),
            // The mark of a paragraph in `w:pPr`.
            Props::Other if name == b"del" => {
                if let Some(paragraph) = self.flow.open.last_mut() {
                    paragraph.is_mark_deleted = true;
                }
            }
            Props::Table | Props::Row | Props::Cell | Props::Shape | Props::Other => {}
        }
    }

    fn set_ground(&mut self, ground: Option<Ground>) {
        if let Some(last) = self.grounds.last_mut() {
            *last = ground;
        }
    }

    fn apply_to_run(&mut self, name: &[u8], tag: &BytesStart<'_>) {
        if let Some(run) = self.runs.last_mut() {
            match name {
                b"rStyle" => {
                    let style = attribute(tag, b"val").map(|id| self.flow.context.styles.resolve(&id).run);
                    run.style = style.unwrap_or_default();
                }
                _ => run.format.apply(tag),
            }
        }
    }

    fn apply_to_paragraph(&mut self, name: &[u8], tag: &BytesStart<'_>) {
        if let Some(paragraph) = self.flow.open.last_mut() {
            match name {
                b"pStyle" => paragraph.style = self.flow.context.styles.paragraph(attribute(tag, b"val").as_deref()),
                _ => paragraph.format.apply(tag),
            }
        }
    }

    /// Notes the shape behind the text that is anchored here.
    fn pass_backdrop(&mut self) {
        if let Some(Some(backdrop)) = self.backdrops.get(self.anchors)
            && backdrop.is_relative
        {
            self.covered = self.covered.max(self.flow.height + backdrop.end);
        }
        self.anchors += 1;
    }

    fn write(&mut self, piece: &str, text: &mut TextBuilder, read: &mut ReadText) {
        if self.in_deleted {
            read.hide(HiddenReason::Deleted, piece);
            return;
        }
        let Some(paragraph) = self.flow.open.last_mut() else {
            return;
        };
        paragraph.characters += piece.len();
        let run = self
            .runs
            .last()
            .map(|run| run.format.or(&run.style).or(&paragraph.style.run));
        let run = run.unwrap_or_default();
        let of_paragraph = paragraph.format.ground.or(paragraph.style.paragraph.ground);
        let around = self.grounds.iter().rev().find_map(|ground| *ground);
        let page = if self.flow.height < self.covered {
            Ground::Unknown
        } else {
            self.flow.context.page
        };
        let ground = run.ground.or(of_paragraph).or(around).unwrap_or(page);
        let reason = match run.hides_text(ground, piece) {
            None if self.hidden > 0 => Some(HiddenReason::Markup),
            reason => reason,
        };
        if let Some(reason) = reason {
            read.hide(reason, piece);
            return;
        }
        if !std::mem::replace(&mut paragraph.is_started, true) {
            self.flow.start_paragraph(text);
        }
        // Line feeds in the markup are spaces.
        match piece {
            "\n" => text.break_line(),
            piece => text.push(&piece.replace(['\n', '\r'], " ")),
        }
    }
}

/// The ground of a shape of VML, which is white unless it says otherwise.
fn vml_ground(tag: &BytesStart<'_>) -> Option<Ground> {
    if attribute(tag, b"filled").is_some_and(|filled| filled == "f" || filled == "false") {
        return None;
    }
    match attribute(tag, b"fillcolor") {
        Some(colour) => {
            let digits = colour.trim_start_matches('#').split(' ').next().unwrap_or_default();
            Some(Colour::from_hex(digits).map_or(Ground::Unknown, Ground::Known))
        }
        None => Some(Ground::Known(Colour::WHITE)),
    }
}

/// The character of `w:sym`. Those of symbol fonts are signs of lists or pictures.
fn symbol(tag: &BytesStart<'_>) -> String {
    let code = attribute(tag, b"char").and_then(|code| u32::from_str_radix(&code, 16).ok());
    code.and_then(char::from_u32).map(String::from).unwrap_or_default()
}
