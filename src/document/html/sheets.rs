//! The style sheets of a document.

use std::collections::HashMap;

use super::css::{self, Rule};
use super::selector::Key;
use super::tree::{Element, Id, Tree};

/// The rules of all style sheets of a document.
#[derive(Debug, Default)]
pub(super) struct Sheets {
    pub(super) rules: Vec<Rule>,
    by_key: HashMap<Key, Vec<usize>>,
    /// Whether the document has style sheets in other files, which are not read.
    pub(super) has_external: bool,
    /// Whether a box may be drawn behind text that it does not contain.
    pub(super) has_boxes: bool,
}

impl Sheets {
    pub(super) fn read(tree: &Tree) -> Self {
        let mut sheets = Self::default();
        for id in tree.descendants() {
            let Some(element) = tree.element(id) else { continue };
            let inline = element.attribute("style").unwrap_or_default();
            match element.name() {
                "style" => css::parse_sheet(&tree.text(id), &mut sheets.rules),
                "link" => {
                    let relation = element.attribute("rel").unwrap_or_default().to_ascii_lowercase();
                    sheets.has_external |= relation.split_ascii_whitespace().any(|word| word == "stylesheet");
                }
                "svg" | "canvas" => sheets.has_boxes = true,
                "img" => sheets.has_boxes |= inline.contains("absolute") || inline.contains("z-index"),
                _ => sheets.has_boxes |= inline.contains("background"),
            }
        }
        let mut declarations = sheets.rules.iter().flat_map(|rule| rule.declarations.iter());
        let has_backgrounds = declarations.any(|one| one.property.starts_with("background"));
        sheets.has_boxes |= has_backgrounds;
        for (at, rule) in sheets.rules.iter().enumerate() {
            sheets.by_key.entry(rule.selector.key()).or_default().push(at);
        }
        sheets
    }

    /// The rules that match the element, in the order in which they apply.
    pub(super) fn matching(&self, tree: &Tree, id: Id, element: &Element) -> Vec<usize> {
        if self.rules.is_empty() {
            return Vec::new();
        }
        let classes = element.attribute("class").unwrap_or_default().split_ascii_whitespace();
        let keys = classes
            .map(|class| Key::Class(class.to_owned()))
            .chain(element.attribute("id").map(|id| Key::Id(id.to_owned())))
            .chain([Key::Type(element.name().to_owned()), Key::Any]);
        let mut found: Vec<usize> = keys
            .filter_map(|key| self.by_key.get(&key))
            .flatten()
            .copied()
            .filter(|&at| self.rules[at].selector.matches(tree, id))
            .collect();
        found.sort_by_key(|&at| (self.rules[at].selector.specificity, at));
        found.dedup();
        found
    }
}
