//! The computed style of elements: whether their text is visible, and how it is laid out.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use super::css::{self, Declaration, Length, Value};
use super::layout::{Layout, clips_all, default_layout, font_size, is_heading};
use super::sheets::Sheets;
use super::tree::{Element, Id, Tree};
use crate::document::HiddenReason;
use crate::document::colour::Colour;
use crate::document::text_builder::Gap;

/// 3 pt in pixels.
const SMALLEST: f32 = 4.0;
/// Text below this opacity cannot be seen.
const FAINTEST: f32 = 0.1;
/// An element so far to the left or above is outside of the page, in pixels.
const FAR: f32 = 500.0;
/// Custom properties beyond this number are ignored, so that a page of many elements costs no more than another.
const MOST_VARIABLES: usize = 200;
/// Space beside a text that separates words, in pixels.
const SPACE: f32 = 2.0;
/// A distance between blocks that sets them apart, in pixels.
const APART: f32 = 6.0;

/// The style of an element.
#[derive(Debug, Clone)]
pub(super) struct Style {
    /// `None` if it is not known.
    colour: Option<Colour>,
    /// The colour behind the text; `None` if it is not known, such as that of an image.
    ground: Option<Colour>,
    /// In pixels.
    font_size: f32,
    opacity: f32,
    is_invisible: bool,
    /// Whether the letters have another paint than their colour, such as a shadow.
    is_painted: bool,
    /// The reason why nothing in the element is visible.
    hidden: Option<HiddenReason>,
    pub(super) white_space: WhiteSpace,
    pub(super) layout: Layout,
    /// The gaps before and after the element.
    pub(super) gaps: (Gap, Gap),
    /// Whether the children are side by side.
    pub(super) is_row: bool,
    /// Whether it is in a list item, whose blocks are not set apart.
    in_item: bool,
    /// The values of custom properties such as `--ink`.
    variables: Rc<HashMap<String, Vec<Value>>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WhiteSpace {
    Collapse,
    Keep,
    KeepLines,
}

/// What is declared about the box of an element.
#[derive(Debug, Default)]
struct Frame {
    display: Option<String>,
    /// The distances of a positioned element from the edges of what contains it.
    offsets: Vec<Length>,
    is_positioned: bool,
    /// Whether the element is drawn over others.
    is_detached: bool,
    is_floating: bool,
    /// Whether there is space to its left or right.
    is_spaced: bool,
    is_column: bool,
    ground: Option<Colour>,
    /// The margins above and below.
    margins: (Option<f32>, Option<f32>),
    smallest_side: Option<f32>,
    hides_overflow: bool,
    is_clipped: bool,
}

impl Style {
    /// The style of the page.
    pub(super) fn page(sheets: &Sheets) -> Self {
        Self {
            colour: Some(Colour::BLACK),
            ground: (!sheets.has_external).then_some(Colour::WHITE),
            font_size: 16.0,
            opacity: 1.0,
            is_invisible: false,
            is_painted: false,
            hidden: None,
            white_space: WhiteSpace::Collapse,
            layout: Layout::Block,
            gaps: (Gap::None, Gap::None),
            is_row: false,
            in_item: false,
            variables: Rc::default(),
        }
    }

    /// The style of an element in a parent with the style `parent`.
    pub(super) fn compute(sheets: &Sheets, tree: &Tree, id: Id, element: &Element, parent: &Self) -> Self {
        let mut style = Self {
            layout: Layout::Inline,
            gaps: (Gap::None, Gap::None),
            is_row: false,
            ..parent.clone()
        };
        let mut frame = Frame::default();
        style.apply_attributes(element, &mut frame);
        let rules = sheets.matching(tree, id, element);
        let inline = element.attribute("style").map(css::parse_style).unwrap_or_default();
        let declared = rules.iter().flat_map(|&at| sheets.rules[at].declarations.iter());
        for declaration in declared.chain(&inline).filter(|one| one.property.starts_with("--")) {
            let (name, value) = (&declaration.property, &declaration.value);
            if style.variables.get(name) != Some(value) && style.variables.len() < MOST_VARIABLES {
                Rc::make_mut(&mut style.variables).insert(name.clone(), value.clone());
            }
        }
        for important in [false, true] {
            let declared = rules.iter().flat_map(|&at| sheets.rules[at].declarations.iter());
            for declaration in declared.chain(&inline).filter(|one| one.important == important) {
                style.apply(declaration, parent, &mut frame);
            }
        }
        if frame.is_detached && frame.ground.is_none() && sheets.has_boxes {
            style.ground = None;
        }
        style.finish(&frame, parent, is_heading(element));
        style
    }

    /// The reason why text of the element is not visible.
    pub(super) fn hides_text(&self) -> Option<HiddenReason> {
        if self.hidden.is_some() {
            return self.hidden;
        }
        if self.is_invisible {
            return Some(HiddenReason::Markup);
        }
        if self.font_size < SMALLEST {
            return Some(HiddenReason::Size);
        }
        if self.opacity < FAINTEST {
            return Some(HiddenReason::Transparent);
        }
        let colour = self.colour.filter(|_| !self.is_painted)?;
        if colour.alpha < FAINTEST {
            return Some(HiddenReason::Transparent);
        }
        let colour = Colour {
            alpha: colour.alpha * self.opacity,
            ..colour
        };
        colour.is_lost_on(self.ground?).then_some(HiddenReason::Colour)
    }

    /// The attributes of HTML that have an effect on the style.
    fn apply_attributes(&mut self, element: &Element, frame: &mut Frame) {
        let colour = |name: &str| {
            let value = element.attribute(name)?.trim();
            match value.strip_prefix('#') {
                Some(digits) => Value::Hash(digits.to_owned()).colour(),
                None => Value::Word(value.to_ascii_lowercase()).colour(),
            }
        };
        let is_closed = element.name() == "dialog" && element.attribute("open").is_none();
        if element.attribute("hidden").is_some() || is_closed {
            frame.display = Some("none".to_owned());
        }
        if let Some(colour) = colour("bgcolor") {
            self.ground = Some(colour);
            frame.ground = Some(colour);
        }
        if element.attribute("background").is_some() {
            self.ground = None;
        }
        match element.name() {
            "font" => self.colour = colour("color").or(self.colour),
            "body" => self.colour = colour("text").or(self.colour),
            "a" if element.attribute("href").is_some() => {
                self.colour = self.colour.map(|_| Colour::from_bytes(0, 0, 0xee));
            }
            "pre" | "textarea" | "listing" | "xmp" => self.white_space = WhiteSpace::Keep,
            _ => {}
        }
        (self.layout, self.gaps) = default_layout(element);
    }

    fn apply(&mut self, declaration: &Declaration, parent: &Self, frame: &mut Frame) {
        let value = self.resolved(&declaration.value);
        let value = &*value;
        let Some(first) = value.first() else { return };
        let length = match first {
            Value::Length(length) => Some(*length),
            _ => None,
        };
        let second = match value.get(1) {
            Some(Value::Length(length)) => Some(*length),
            _ => None,
        };
        let has = |word: &str| value.iter().any(|part| part.is(word));
        let pixels = |length: Option<Length>, font_size: f32| length.and_then(|length| length.pixels(font_size));
        match declaration.property.as_str() {
            "display" => {
                if let Some(Value::Word(word)) = value.last() {
                    frame.display = Some(word.clone());
                }
            }
            "visibility" => self.is_invisible = has("hidden") || has("collapse"),
            "content-visibility" if has("hidden") => self.hidden = self.hidden.or(Some(HiddenReason::Markup)),
            "color" | "-webkit-text-fill-color" => {
                self.colour = if has("inherit") { parent.colour } else { first.colour() };
            }
            "text-shadow" => self.is_painted = !has("none"),
            "background-clip" | "-webkit-background-clip" => self.is_painted |= has("text"),
            "background-image" if !has("none") && !has("inherit") => self.ground = None,
            "background" | "background-color" => self.apply_background(value, parent, frame),
            "font-size" => self.font_size = font_size(first, parent.font_size).unwrap_or(self.font_size),
            "font" => {
                let sizes = value
                    .iter()
                    .filter(|part| matches!(part, Value::Length(length) if !matches!(length, Length::Number(_))));
                if let Some(size) = sizes.filter_map(|part| font_size(part, parent.font_size)).next() {
                    self.font_size = size;
                }
            }
            "opacity" => {
                if let Some(Length::Number(share) | Length::Share(share)) = length {
                    self.opacity = parent.opacity * share.clamp(0.0, 1.0);
                }
            }
            "filter" => {
                for part in value {
                    if let Value::Function(name, arguments) = part
                        && name == "opacity"
                        && let Some(Value::Length(Length::Number(share) | Length::Share(share))) = arguments.first()
                    {
                        self.opacity = parent.opacity * share.clamp(0.0, 1.0);
                    }
                }
            }
            "position" => {
                frame.is_detached = has("absolute") || has("fixed");
                frame.is_positioned = frame.is_detached || has("relative");
            }
            "left" | "right" | "top" | "bottom" | "inset" => frame.offsets.extend(length),
            "text-indent" | "margin-left" if pixels(length, self.font_size).is_some_and(|length| length < -FAR) => {
                self.hidden = self.hidden.or(Some(HiddenReason::OutsidePage));
            }
            "margin" => {
                let lengths = value.iter().map(|part| match part {
                    Value::Length(length) => length.pixels(self.font_size),
                    _ => None,
                });
                let lengths: Vec<Option<f32>> = lengths.collect();
                let top = lengths.first().copied().flatten();
                frame.is_spaced |= lengths
                    .get(1)
                    .copied()
                    .flatten()
                    .or(top)
                    .is_some_and(|side| side > SPACE);
                frame.margins = (top, lengths.get(2).copied().flatten().or(top));
                if lengths.iter().flatten().any(|length| *length < -FAR) {
                    self.hidden = self.hidden.or(Some(HiddenReason::OutsidePage));
                }
            }
            "padding" | "padding-left" | "padding-right" | "margin-left" | "margin-right" => {
                frame.is_spaced |= pixels(second.or(length), self.font_size).is_some_and(|length| length > SPACE);
            }
            "margin-top" | "margin-block-start" => frame.margins.0 = pixels(length, self.font_size),
            "margin-bottom" | "margin-block-end" => frame.margins.1 = pixels(length, self.font_size),
            "width" | "height" | "max-width" | "max-height" => {
                if let Some(side) = pixels(length, self.font_size) {
                    frame.smallest_side = Some(frame.smallest_side.map_or(side, |other| other.min(side)));
                }
            }
            "overflow" | "overflow-x" | "overflow-y" => frame.hides_overflow |= has("hidden") || has("clip"),
            "clip" | "clip-path" => frame.is_clipped = clips_all(first),
            "transform" => self.apply_transform(value),
            "translate" | "scale" => {
                let function = Value::Function(declaration.property.clone(), value.to_vec());
                self.apply_transform(&[function]);
            }
            "float" => frame.is_floating = has("left") || has("right"),
            "flex-direction" => frame.is_column = has("column") || has("column-reverse"),
            "white-space" => {
                self.white_space = match first {
                    Value::Word(word) if word == "pre" || word == "pre-wrap" || word == "break-spaces" => {
                        WhiteSpace::Keep
                    }
                    Value::Word(word) if word == "pre-line" => WhiteSpace::KeepLines,
                    _ => WhiteSpace::Collapse,
                }
            }
            _ => {}
        }
    }

    /// The value with the custom properties that it uses; those that are not known are left.
    fn resolved<'v>(&self, value: &'v [Value]) -> Cow<'v, [Value]> {
        let variable = |part: &Value| match part {
            Value::Function(name, arguments) if name == "var" => match arguments.first() {
                Some(Value::Word(name)) => self.variables.get(name),
                _ => None,
            },
            _ => None,
        };
        if self.variables.is_empty() || !value.iter().any(|part| variable(part).is_some()) {
            return Cow::Borrowed(value);
        }
        let parts = value.iter().flat_map(|part| match variable(part) {
            Some(found) => found.clone(),
            None => vec![part.clone()],
        });
        Cow::Owned(parts.collect())
    }

    fn apply_background(&mut self, value: &[Value], parent: &Self, frame: &mut Frame) {
        if let Some(colour) = value.iter().find_map(Value::colour) {
            self.ground = match parent.ground {
                _ if colour.alpha >= 1.0 => Some(colour),
                Some(ground) => Some(colour.over(ground)),
                None => None,
            };
            frame.ground = (colour.alpha > 0.0).then_some(colour);
        }
        // An image, a gradient or a variable.
        let is_unknown = |part: &Value| matches!(part, Value::Other | Value::Function(..)) && part.colour().is_none();
        if value.iter().any(is_unknown) {
            self.ground = None;
        }
    }

    fn apply_transform(&mut self, value: &[Value]) {
        for part in value {
            let Value::Function(name, arguments) = part else {
                continue;
            };
            let lengths = || {
                arguments.iter().filter_map(|argument| match argument {
                    Value::Length(length) => Some(*length),
                    _ => None,
                })
            };
            let hidden = match name.as_str() {
                "scale" | "scalex" | "scaley" | "scale3d"
                    if lengths().any(|length| length.pixels(0.0) == Some(0.0)) =>
                {
                    HiddenReason::Size
                }
                "translate" | "translatex" | "translatey" | "translate3d"
                    if lengths().any(|length| length.pixels(self.font_size).is_some_and(|length| length < -FAR)) =>
                {
                    HiddenReason::OutsidePage
                }
                _ => continue,
            };
            self.hidden = self.hidden.or(Some(hidden));
        }
    }

    /// Applies what depends on several properties.
    fn finish(&mut self, frame: &Frame, parent: &Self, is_heading: bool) {
        let is_far = |length: &Length| match length {
            Length::Share(share) => *share <= -1.0,
            length => length
                .pixels(self.font_size)
                .is_some_and(|length| length.abs() > FAR && length < 0.0 || length > 3000.0),
        };
        let reason = if frame.display.as_deref() == Some("none") {
            Some(HiddenReason::Markup)
        } else if frame.is_positioned && frame.offsets.iter().any(is_far) {
            Some(HiddenReason::OutsidePage)
        } else if frame.is_clipped || frame.hides_overflow && frame.smallest_side.is_some_and(|side| side <= 1.0) {
            Some(HiddenReason::Covered)
        } else {
            None
        };
        self.hidden = self.hidden.or(reason);
        let gap = |margin: Option<f32>, default: Gap| match margin {
            Some(margin) if margin >= APART => Gap::Blank,
            Some(_) => Gap::Line,
            None => default,
        };
        let is_item = self.layout == Layout::Item;
        match frame.display.as_deref() {
            Some("inline" | "contents") if !is_item => self.layout = Layout::Inline,
            Some("inline-block" | "inline-flex") if !is_item => self.layout = Layout::Apart,
            Some("table-row") => self.layout = Layout::Row,
            Some("table-cell") => self.layout = Layout::Cell,
            Some("block" | "flex" | "grid" | "flow-root" | "table" | "list-item") => {
                if !matches!(self.layout, Layout::Block | Layout::Item) {
                    (self.layout, self.gaps) = (Layout::Block, (Gap::Line, Gap::Line));
                }
                self.is_row = frame.display.as_deref() == Some("flex") && !frame.is_column;
            }
            _ => {}
        }
        if matches!(self.layout, Layout::Block | Layout::Item) {
            if !is_heading {
                self.gaps = (gap(frame.margins.0, self.gaps.0), gap(frame.margins.1, self.gaps.1));
            }
            if parent.in_item && !is_heading {
                self.gaps = (self.gaps.0.min(Gap::Line), self.gaps.1.min(Gap::Line));
            }
            self.in_item |= self.layout == Layout::Item;
        }
        if self.layout == Layout::Inline && (frame.is_floating || frame.is_detached) {
            self.layout = Layout::Apart;
        } else if self.layout == Layout::Inline && frame.is_spaced {
            self.layout = Layout::Spaced;
        }
        if parent.is_row && !matches!(self.layout, Layout::Row) {
            self.layout = Layout::Cell;
        }
    }
}
