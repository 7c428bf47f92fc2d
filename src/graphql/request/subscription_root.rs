//! The root field of a subscription (specification, 5.2.4.1). async-graphql executes several at once, misses those in
//! fragments and ignores `@skip` there, so such documents are refused or rewritten here.

use std::borrow::Cow;

use async_graphql::parser::types::{
    Directive, DocumentOperations, ExecutableDocument, Field, OperationDefinition, OperationType, Selection,
    SelectionSet,
};
use async_graphql::{Positioned, ServerError};

use crate::graphql::error::with_code;

/// The name of the root type.
pub(crate) const ROOT: &str = "Subscription";

/// The document with the root field of each subscription moved out of its fragments; `None` if nothing changes.
///
/// # Errors
/// `GRAPHQL_VALIDATION_FAILED` for a subscription without exactly one root field that is always selected.
pub(crate) fn written_out(document: &ExecutableDocument) -> Result<Option<ExecutableDocument>, ServerError> {
    let mut out = Cow::Borrowed(document);
    for (name, operation) in document.operations.iter() {
        if operation.node.ty != OperationType::Subscription {
            continue;
        }
        let mut roots = Roots::default();
        roots.read(document, &operation.node.selection_set.node)?;
        let Some((first, more)) = roots.fields.split_first() else {
            // Only unknown fragments: the validator names them.
            continue;
        };
        let same = |field: &&Positioned<Field>| {
            field.node.response_key() == first.node.response_key()
                && field.node.name == first.node.name
                && field.node.arguments == first.node.arguments
        };
        if first.node.name.node.starts_with("__") || !more.iter().all(same) {
            return Err(refused(
                operation,
                "A subscription must select exactly one field at its root.",
            ));
        }
        if more.is_empty() && roots.fragments.is_empty() && roots.inline == 0 {
            continue;
        }
        let mut only = (*first).clone();
        for field in more {
            let items = field.node.selection_set.node.items.iter().cloned();
            only.node.selection_set.node.items.extend(items);
        }
        let document = out.to_mut();
        if let Some(operation) = operation_mut(document, name.map(|name| name.as_str())) {
            operation.node.selection_set.node.items = vec![Positioned::new(Selection::Field(only), first.pos)];
        }
        // Fragments on the root type cannot be used elsewhere, and unused fragments would be refused.
        for fragment in roots.fragments {
            document.fragments.retain(|name, _| name.as_str() != fragment);
        }
    }
    Ok(match out {
        Cow::Owned(document) => Some(document),
        Cow::Borrowed(_) => None,
    })
}

/// The root field of an operation in a document returned by [`written_out`].
pub(crate) fn root_field(operation: &OperationDefinition) -> Option<&str> {
    match &operation.selection_set.node.items.first()?.node {
        Selection::Field(field) => Some(field.node.name.node.as_str()),
        Selection::FragmentSpread(_) | Selection::InlineFragment(_) => None,
    }
}

fn operation_mut<'a>(
    document: &'a mut ExecutableDocument,
    name: Option<&str>,
) -> Option<&'a mut Positioned<OperationDefinition>> {
    match &mut document.operations {
        DocumentOperations::Single(operation) => Some(operation),
        DocumentOperations::Multiple(operations) => operations
            .iter_mut()
            .find(|(found, _)| Some(found.as_str()) == name)
            .map(|(_, operation)| operation),
    }
}

/// The root selections after fragment expansion.
#[derive(Default)]
struct Roots<'a> {
    fields: Vec<&'a Positioned<Field>>,
    fragments: Vec<&'a str>,
    inline: usize,
}

impl<'a> Roots<'a> {
    /// Terminates, because the limits refuse cycles.
    fn read(&mut self, document: &'a ExecutableDocument, set: &'a SelectionSet) -> Result<(), ServerError> {
        for selection in &set.items {
            always(selection.node.directives(), selection)?;
            match &selection.node {
                Selection::Field(field) => self.fields.push(field),
                Selection::InlineFragment(inline) => {
                    self.inline += 1;
                    let condition = inline.node.type_condition.as_ref();
                    fits(condition.map(|on| on.node.on.node.as_str()), selection)?;
                    self.read(document, &inline.node.selection_set.node)?;
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if let Some((name, fragment)) = document.fragments.get_key_value(name) {
                        fits(Some(fragment.node.type_condition.node.on.node.as_str()), selection)?;
                        self.fragments.push(name.as_str());
                        self.read(document, &fragment.node.selection_set.node)?;
                    }
                }
            }
        }
        Ok(())
    }
}

fn always(directives: &[Positioned<Directive>], at: &Positioned<Selection>) -> Result<(), ServerError> {
    let conditional =
        |directive: &Positioned<Directive>| matches!(directive.node.name.node.as_str(), "skip" | "include");
    if directives.iter().any(conditional) {
        return Err(refused(
            at,
            "@skip and @include must not stand at the root of a subscription.",
        ));
    }
    Ok(())
}

fn fits(condition: Option<&str>, at: &Positioned<Selection>) -> Result<(), ServerError> {
    if condition.is_none_or(|on| on == ROOT) {
        Ok(())
    } else {
        Err(refused(
            at,
            "A fragment at the root of a subscription must be on the type Subscription.",
        ))
    }
}

fn refused<T>(at: &Positioned<T>, message: &str) -> ServerError {
    with_code(ServerError::new(message, Some(at.pos)), "GRAPHQL_VALIDATION_FAILED")
}

#[cfg(test)]
mod tests {
    //! Documents only; `tests/it` runs subscriptions.

    use async_graphql::parser::parse_query;

    use super::*;

    #[test]
    fn one_field_is_left() {
        let plain = parse_query("subscription { viewer { user { id } } }").unwrap();
        assert!(written_out(&plain).unwrap().is_none());
        for text in [
            "subscription { ...F } fragment F on Subscription { viewer { user { id } } }",
            "subscription { ... on Subscription { ... { viewer { user { id } } } } }",
            "subscription { viewer { permissions } ...F } fragment F on Subscription { viewer { user { id } } }",
            "subscription { viewer { permissions } viewer { user { id } } }",
            "query Q { service { name } } subscription S { ...F } fragment F on Subscription { viewer { user { id } } }",
        ] {
            let document = written_out(&parse_query(text).unwrap()).unwrap().unwrap();
            assert!(document.fragments.is_empty(), "{text}");
            let (_, operation) = document
                .operations
                .iter()
                .find(|(_, operation)| operation.node.ty == OperationType::Subscription)
                .unwrap();
            assert_eq!(operation.node.selection_set.node.items.len(), 1, "{text}");
            assert_eq!(root_field(&operation.node), Some("viewer"), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "subscription { a: viewer { user { id } } b: viewer { user { id } } }",
            "subscription { viewer(x: 1) { id } viewer(x: 2) { id } }",
            "subscription { __typename }",
            "subscription { viewer { user { id } } ...F } fragment F on Subscription { __typename }",
            "subscription { viewer @skip(if: false) { user { id } } }",
            "subscription { ... @include(if: true) { viewer { user { id } } } }",
            "subscription { ... on Query { service { name } } }",
        ] {
            let refusal = written_out(&parse_query(text).unwrap()).unwrap_err();
            assert_eq!(refusal.locations.len(), 1, "{text}");
        }
    }
}
