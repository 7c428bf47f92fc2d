//! The text of a subset of a schema: the fields that a rule selects, and the definitions that they reach.
//!
//! The subset is cut out of the SDL, so that the text of each part that is left, its description and the order are those
//! of the whole SDL. A schema of which everything is selected is the same text.

mod reachable;
mod selection;

use std::ops::Range;

use apollo_compiler::ast::{Definition, Document};
use apollo_compiler::parser::SourceSpan;

use self::reachable::Reachable;
use self::selection::{Selection, fields_of};

/// The SDL has a syntax error, described for developers of the schema.
#[derive(Debug, thiserror::Error)]
#[error("the schema's definition cannot be parsed: {0}")]
pub struct SdlSyntaxError(String);

/// A parsed schema, from which subsets are cut.
#[derive(Debug)]
pub(crate) struct SchemaText {
    sdl: String,
    document: Document,
}

/// A place in the SDL and the text that replaces it.
type Edit = (Range<usize>, String);

impl SchemaText {
    /// Parses a schema.
    ///
    /// # Errors
    /// The SDL does not parse.
    pub(crate) fn parse(sdl: &str) -> Result<Self, SdlSyntaxError> {
        let document = Document::parse(sdl, "schema.graphql").map_err(|failed| {
            let first = failed.errors.iter().next();
            SdlSyntaxError(first.map(|error| error.error.to_string()).unwrap_or_default())
        })?;
        Ok(Self {
            sdl: sdl.to_owned(),
            document,
        })
    }

    /// The SDL of the fields for which `select` returns true, given the type and the field, and of what they reach: a
    /// field without a selectable field in its type is omitted, and so is every type, input, enum and type system
    /// directive to which no field leads.
    pub(crate) fn subset(&self, select: impl Fn(&str, &str) -> bool) -> String {
        let definitions = &self.document.definitions;
        let selection = Selection::new(definitions, select);
        let kept = Reachable::from_roots(&self.document, &selection);
        let mut edits = Vec::new();
        for definition in definitions {
            if kept.includes(definition) {
                self.trim(definition, &selection, &mut edits);
            } else {
                edits.extend(self.lines(definition.location(), true).map(removal));
            }
        }
        self.edited(edits)
    }

    /// Adds the edits of a definition that is kept.
    fn trim(&self, definition: &Definition, selection: &Selection<'_>, edits: &mut Vec<Edit>) {
        let mut remove = |location| edits.extend(self.lines(location, false).map(removal));
        if let Some((ty, fields)) = fields_of(definition) {
            let gone = fields.iter().filter(|field| !selection.has_field(ty, &field.name));
            gone.for_each(|field| remove(field.location()));
        }
        match definition {
            Definition::SchemaDefinition(schema) => {
                let roots = schema.root_operations.iter();
                let gone = roots.filter(|root| !selection.has_type(&root.1));
                gone.for_each(|root| remove(root.location()));
            }
            Definition::UnionTypeDefinition(union) => {
                let members = union.members.iter().map(|member| member.as_str());
                let left: Vec<&str> = members.filter(|member| selection.has_type(member)).collect();
                let ends = [union.members.first(), union.members.last()].map(|member| member?.location());
                if let ([Some(first), Some(last)], true) = (ends, left.len() < union.members.len()) {
                    edits.push((first.offset()..last.end_offset(), left.join(" | ")));
                }
            }
            _ => {}
        }
    }

    /// The whole lines of a node, for a definition with the blank line after it.
    fn lines(&self, location: Option<SourceSpan>, blank_line: bool) -> Option<Range<usize>> {
        let location = location?;
        let node = self.sdl.get(location.offset()..location.end_offset())?;
        // The location may include white space on both sides.
        let end = location.end_offset() - (node.len() - node.trim_end().len());
        let start = location.offset() + (node.len() - node.trim_start().len());
        let start = self.sdl[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let mut end = self.sdl[end..]
            .find('\n')
            .map_or(self.sdl.len(), |newline| end + newline + 1);
        if blank_line && self.sdl[end..].starts_with('\n') {
            end += 1;
        }
        Some(start..end)
    }

    fn edited(&self, mut edits: Vec<Edit>) -> String {
        edits.sort_unstable_by_key(|(range, _)| range.start);
        let mut text = String::with_capacity(self.sdl.len());
        let mut at = 0;
        for (range, replacement) in edits {
            text.push_str(&self.sdl[at..range.start.max(at)]);
            text.push_str(&replacement);
            at = range.end;
        }
        text + &self.sdl[at..]
    }
}

fn removal(lines: Range<usize>) -> Edit {
    (lines, String::new())
}
