//! Which lists have a sign or a number before their items (ECMA-376, part 1, 17.9).

use std::collections::{HashMap, HashSet};

use quick_xml::events::Event;

use super::package::{attribute, events, number};
use crate::document::DocumentError;

/// The lists of a document.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    /// The definition of each list.
    definitions: HashMap<i64, i64>,
    /// The levels of definitions that have neither a sign nor a number.
    unmarked: HashSet<(i64, i64)>,
}

impl Numbering {
    /// Whether the items of a list have a mark.
    pub(super) fn has_mark(&self, list: i64, level: i64) -> bool {
        let definition = self.definitions.get(&list);
        list != 0 && definition.is_none_or(|definition| !self.unmarked.contains(&(*definition, level)))
    }
}

pub(super) fn read(markup: &str) -> Result<Numbering, DocumentError> {
    let mut numbering = Numbering::default();
    let (mut definition, mut level, mut list) = (None, None, None);
    events(markup, |event| {
        let (Event::Start(tag) | Event::Empty(tag)) = &event else {
            return Ok(());
        };
        match tag.local_name().as_ref() {
            b"abstractNum" => (definition, list) = (number(tag, b"abstractNumId"), None),
            b"lvl" => level = number(tag, b"ilvl"),
            b"numFmt" => {
                if let (Some(definition), Some(level), None) = (definition, level, list)
                    && attribute(tag, b"val").as_deref() == Some("none")
                {
                    numbering.unmarked.insert((definition, level));
                }
            }
            b"num" => list = number(tag, b"numId"),
            b"abstractNumId" => {
                if let (Some(list), Some(definition)) = (list, number(tag, b"val")) {
                    numbering.definitions.insert(list, definition);
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(numbering)
}
