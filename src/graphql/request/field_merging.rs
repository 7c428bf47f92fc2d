//! Merging of repeated root fields. The specification merges them (section 6.3.2, CollectFields); async-graphql
//! executes each, and a mutation must not run twice.
//!
//! Adjacent fields are merged here. If a fragment repeats a field of a mutation, the request is refused: merging would
//! require expanding fragments before validation.

use std::borrow::Cow;
use std::collections::HashSet;

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{Positioned, ServerError};

use crate::graphql::error::with_code;

/// The document with repeated root fields merged; `None` if there are none.
///
/// # Errors
/// `BAD_USER_INPUT` for a mutation that repeats a field through a fragment.
pub(crate) fn merged(document: &ExecutableDocument) -> Result<Option<ExecutableDocument>, ServerError> {
    let repeats = |(_, operation): (_, &Positioned<OperationDefinition>)| repeats(&operation.node.selection_set.node);
    let document = if document.operations.iter().any(repeats) {
        let mut document = document.clone();
        match &mut document.operations {
            DocumentOperations::Single(operation) => merge(operation),
            DocumentOperations::Multiple(operations) => {
                operations.values_mut().for_each(merge);
            }
        }
        Cow::Owned(document)
    } else {
        Cow::Borrowed(document)
    };
    for (_, operation) in document.operations.iter() {
        if operation.node.ty == OperationType::Mutation {
            check(&document, &operation.node.selection_set.node, &mut HashSet::new())?;
        }
    }
    Ok(match document {
        Cow::Owned(document) => Some(document),
        Cow::Borrowed(_) => None,
    })
}

fn field(selection: &Positioned<Selection>) -> Option<&Field> {
    match &selection.node {
        Selection::Field(field) => Some(&field.node),
        Selection::FragmentSpread(_) | Selection::InlineFragment(_) => None,
    }
}

/// Validation refuses fields with one key and different arguments.
fn same(one: &Field, other: &Field) -> bool {
    one.response_key() == other.response_key()
        && one.name == other.name
        && one.arguments == other.arguments
        && one.directives.is_empty()
        && other.directives.is_empty()
}

fn repeats(set: &SelectionSet) -> bool {
    let fields: Vec<&Field> = set.items.iter().filter_map(field).collect();
    fields
        .iter()
        .enumerate()
        .any(|(i, one)| fields[..i].iter().any(|other| same(one, other)))
}

fn merge(operation: &mut Positioned<OperationDefinition>) {
    let items = &mut operation.node.selection_set.node.items;
    for selection in std::mem::take(items) {
        if let Selection::Field(again) = &selection.node {
            let first = items.iter_mut().find_map(|item| match &mut item.node {
                Selection::Field(first) if same(&first.node, &again.node) => Some(first),
                _ => None,
            });
            if let Some(first) = first {
                let more = again.node.selection_set.node.items.iter().cloned();
                first.node.selection_set.node.items.extend(more);
                continue;
            }
        }
        items.push(selection);
    }
}

fn check<'a>(
    document: &'a ExecutableDocument,
    set: &'a SelectionSet,
    seen: &mut HashSet<&'a str>,
) -> Result<(), ServerError> {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => {
                let key = field.node.response_key();
                if !seen.insert(&key.node) {
                    let message = format!("A mutation must not select {} twice.", key.node);
                    return Err(with_code(ServerError::new(message, Some(key.pos)), "BAD_USER_INPUT"));
                }
            }
            Selection::InlineFragment(fragment) => check(document, &fragment.node.selection_set.node, seen)?,
            Selection::FragmentSpread(spread) => {
                // Terminates, because the limits refuse cycles.
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                    check(document, &fragment.node.selection_set.node, seen)?;
                }
            }
        }
    }
    Ok(())
}
