//! The styles of a document (ECMA-376, part 1, 17.7).

use std::collections::HashMap;

use quick_xml::events::Event;

use super::format::{ParagraphFormat, RunFormat};
use super::package::{attribute, events};
use crate::document::DocumentError;

/// Styles that inherit from each other in a longer chain are not followed to its end.
const LONGEST_CHAIN: usize = 16;

/// All styles.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: HashMap<String, Style>,
    default_paragraph: Option<String>,
    /// The formats of text without a style.
    defaults: Style,
}

/// A style, or what it inherits and adds.
#[derive(Debug, Clone, Default)]
pub(super) struct Style {
    /// The name, in lower case. The names of built-in styles are the same in every language.
    pub(super) name: String,
    parent: Option<String>,
    pub(super) run: RunFormat,
    pub(super) paragraph: ParagraphFormat,
    /// Whether it is of a table and shades cells.
    pub(super) has_shading: bool,
}

impl Styles {
    /// The style of a paragraph, with all that it inherits.
    pub(super) fn paragraph(&self, id: Option<&str>) -> Style {
        let id = id.or(self.default_paragraph.as_deref());
        let mut style = id.map_or_else(Style::default, |id| self.resolve(id));
        style.run = style.run.or(&self.defaults.run);
        style.paragraph = style.paragraph.or(&self.defaults.paragraph);
        style
    }

    /// A style with all that it inherits from others, without the defaults of the document.
    pub(super) fn resolve(&self, id: &str) -> Style {
        let Some(style) = self.by_id.get(id) else {
            // A writer that leaves out the styles uses the built-in ones, whose identifiers are their names.
            return Style {
                name: id.to_lowercase(),
                ..Style::default()
            };
        };
        let mut resolved = style.clone();
        let mut parent = style.parent.as_ref();
        for _ in 0..LONGEST_CHAIN {
            let Some(style) = parent.and_then(|id| self.by_id.get(id)) else {
                break;
            };
            resolved.run = resolved.run.or(&style.run);
            resolved.paragraph = resolved.paragraph.or(&style.paragraph);
            resolved.has_shading |= style.has_shading;
            parent = style.parent.as_ref();
        }
        resolved
    }
}

impl Style {
    /// Whether it is a built-in style of headings.
    pub(super) fn is_heading(&self) -> bool {
        let level = self.paragraph.outline.is_some_and(|level| level < 9);
        level || self.name.starts_with("heading") || self.name == "title"
    }

    /// Whether it is a built-in style of lists.
    pub(super) fn is_list(&self) -> bool {
        let name = self.name.replace(' ', "");
        name.starts_with("listbullet") || name.starts_with("listnumber")
    }
}

pub(super) fn read(markup: &str) -> Result<Styles, DocumentError> {
    let mut styles = Styles::default();
    let mut style: Option<(String, Style)> = None;
    // The depth inside of elements with former or conditional properties.
    let mut skipped = 0_usize;
    events(markup, |event| {
        let (tag, opens) = match &event {
            Event::Start(tag) => (tag, true),
            Event::Empty(tag) => (tag, false),
            Event::End(tag) => {
                if skipped > 0 {
                    skipped -= 1;
                } else if tag.local_name().as_ref() == b"style"
                    && let Some((id, style)) = style.take()
                {
                    styles.by_id.insert(id, style);
                }
                return Ok(());
            }
            _ => return Ok(()),
        };
        let name = tag.local_name();
        let name = name.as_ref();
        if name == b"shd"
            && let Some((_, style)) = &mut style
        {
            style.has_shading = true;
        }
        if skipped > 0 || name == b"tblStylePr" || name.ends_with(b"Change") || name == b"latentStyles" {
            skipped += usize::from(opens);
            return Ok(());
        }
        match name {
            b"style" if opens => {
                let id = attribute(tag, b"styleId").unwrap_or_default();
                let is_default = attribute(tag, b"default").is_some_and(|value| value == "1" || value == "true");
                if is_default && attribute(tag, b"type").as_deref() == Some("paragraph") {
                    styles.default_paragraph = Some(id.clone());
                }
                style = Some((id, Style::default()));
            }
            b"name" | b"basedOn" => {
                if let (Some((_, style)), Some(value)) = (&mut style, attribute(tag, b"val")) {
                    match name {
                        b"name" => style.name = value.to_lowercase(),
                        _ => style.parent = Some(value),
                    }
                }
            }
            _ => {
                let style = style.as_mut().map_or(&mut styles.defaults, |(_, style)| style);
                style.run.apply(tag);
                style.paragraph.apply(tag);
            }
        }
        Ok(())
    })?;
    Ok(styles)
}
