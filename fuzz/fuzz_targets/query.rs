//! Any text as a document: it is refused, or it is small, and then it is answered.
#![no_main]

use std::sync::LazyLock;

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql::{EmptySubscription, Request, Schema, Value};
use libfuzzer_sys::fuzz_target;
use portcullis_fuzz::limits::Limits;
use portcullis_fuzz::small::{Mutation, Query, schema};

static SCHEMA: LazyLock<Schema<Query, Mutation, EmptySubscription>> = LazyLock::new(schema);

/// Fields with every fragment written out, counted the plain way; gives up past `most`.
fn fields(document: &ExecutableDocument, set: &SelectionSet, most: usize) -> usize {
    let mut sum = 0;
    for selection in &set.items {
        sum += match &selection.node {
            Selection::Field(field) => 1 + fields(document, &field.node.selection_set.node, most),
            Selection::InlineFragment(fragment) => fields(document, &fragment.node.selection_set.node, most),
            Selection::FragmentSpread(spread) => match document.fragments.get(&spread.node.fragment_name.node) {
                Some(fragment) => fields(document, &fragment.node.selection_set.node, most),
                None => 0,
            },
        };
        if sum > most {
            return sum;
        }
    }
    sum
}

fuzz_target!(|text: &str| {
    let mut request = Request::new(text);
    if portcullis_fuzz::admit(&mut request).is_err() {
        return;
    }
    let limits = Limits::default();
    let document = request.parsed_query().expect("what is admitted parses").clone();
    let operations = document.operations.iter();
    let found: usize = operations
        .map(|(_, operation)| fields(&document, &operation.node.selection_set.node, limits.fields))
        .sum();
    assert!(found <= limits.fields, "{found} fields were admitted");
    let answer = futures_executor::block_on(SCHEMA.execute(request));
    assert!(answer.data != Value::Null || !answer.errors.is_empty(), "no answer");
});
