//! Errors of documents, from the diagnostics of `apollo-compiler`.

use apollo_compiler::validation::WithErrors;
use apollo_compiler::{ExecutableDocument, Schema};
use async_graphql::{Pos, ServerError};

use super::{MOST_ERRORS, invalid};

/// Longest name in a message, in characters. A longer one is cut.
const LONGEST_NAME: usize = 100;

const UNKNOWN_FIELD: &str = "` does not have a field `";
const EMPTY_SELECTION: &str = "must have a subselection set";

/// The errors of an invalid document. With a schema, an unknown field gets suggestions.
pub(super) fn describe(document: &WithErrors<ExecutableDocument>, suggestions: Option<&Schema>) -> Vec<ServerError> {
    let messages = document.errors.iter().map(|diagnostic| {
        let message = diagnostic.error.to_string();
        (diagnostic, message)
    });
    let messages: Vec<_> = messages.collect();
    // An unknown field leaves the selection set around it empty.
    let unknown = messages.iter().any(|(_, message)| message.contains(UNKNOWN_FIELD));
    let relevant = messages
        .into_iter()
        .filter(|(_, message)| !(unknown && message.ends_with(EMPTY_SELECTION)));
    let errors = relevant.take(MOST_ERRORS).map(|(diagnostic, message)| {
        let mut message = shorten(&message);
        let field = suggestions.and_then(|schema| suggest(schema, &message));
        if let Some(first) = message.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        message.push('.');
        if let Some(field) = field {
            message.push_str(&format!(" Did you mean `{field}`?"));
        }
        let position = diagnostic.line_column_range().map(|range| Pos {
            line: range.start.line,
            column: range.start.column,
        });
        invalid(message, position)
    });
    errors.collect()
}

/// Cuts every word that is longer than the longest name.
fn shorten(message: &str) -> String {
    let words = message.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words.fold(String::with_capacity(message.len()), |mut out, word| {
        match word.char_indices().nth(LONGEST_NAME) {
            Some((end, _)) => {
                out.push_str(&word[..end]);
                out.push('\u{2026}');
                out.extend(word.chars().last().filter(|c| !c.is_ascii_alphanumeric()));
            }
            None => out.push_str(word),
        }
        out
    })
}

/// The field most similar to the unknown one that the message names, unless none is similar.
fn suggest<'a>(schema: &'a Schema, message: &str) -> Option<&'a str> {
    let (ty, field) = message.strip_prefix("type `")?.split_once(UNKNOWN_FIELD)?;
    let field = field.strip_suffix('`')?;
    let fields = schema.types.get(ty).and_then(|ty| match ty {
        apollo_compiler::schema::ExtendedType::Object(object) => Some(&object.fields),
        apollo_compiler::schema::ExtendedType::Interface(interface) => Some(&interface.fields),
        _ => None,
    })?;
    let scored = fields
        .keys()
        .map(|name| (strsim::normalized_damerau_levenshtein(name, field), name));
    let best = scored.max_by(|(one, _), (other, _)| one.total_cmp(other))?;
    (best.0 >= 0.6).then_some(best.1.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut() {
        let long = "x".repeat(5_000);
        let message = shorten(&format!("type `Query` does not have a field `{long}`"));
        assert_eq!(
            message,
            format!("type `Query` does not have a field `{}\u{2026}`", "x".repeat(100))
        );
        assert_eq!(shorten("a `b`, c"), "a `b`, c");
    }
}
