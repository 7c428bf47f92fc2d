//! Operations that need no token: those that only open or renew a session.
//!
//! Clients send the token that they have with every request, also with the `login` or `refresh` that replaces it after it
//! has expired. So an invalid token does not refuse such an operation, which runs for a guest.

use std::collections::HashSet;

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet};

/// The root fields that open or renew a session.
const FIELDS: [&str; 3] = ["login", "refresh", "register"];

/// Whether the operation is a mutation that selects only `login`, `refresh` and `register`, and at least one of them.
/// `@skip` and `@include` do not matter: a field that is left out is selected all the same.
pub(crate) fn opens_session(document: &ExecutableDocument, operation: &OperationDefinition) -> bool {
    let mut sets: Vec<&SelectionSet> = vec![&operation.selection_set.node];
    let (mut spread, mut opens) = (HashSet::new(), false);
    while let Some(set) = sets.pop() {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => match field.node.name.node.as_str() {
                    "__typename" => {}
                    name if FIELDS.contains(&name) => opens = true,
                    _ => return false,
                },
                Selection::InlineFragment(fragment) => sets.push(&fragment.node.selection_set.node),
                Selection::FragmentSpread(fragment) => {
                    let name = &fragment.node.fragment_name.node;
                    let Some(fragment) = document.fragments.get(name) else {
                        return false;
                    };
                    if spread.insert(name) {
                        sets.push(&fragment.node.selection_set.node);
                    }
                }
            }
        }
    }
    opens && operation.ty == OperationType::Mutation
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;
    use crate::graphql::request::operation;

    fn opens(text: &str) -> bool {
        let document = parse_query(text).unwrap();
        opens_session(&document, operation::select(&document, None).unwrap())
    }

    #[test]
    fn only_a_mutation_of_these_fields_opens_a_session() {
        for text in [
            "mutation { login { a } }",
            "mutation { a: login { viewer } b: refresh { a } register { a } __typename }",
            "mutation { ... { login { a } } ... on Mutation { ...F } } fragment F on Mutation { refresh { a } ...F }",
            "mutation { login @skip(if: true) { a } }",
        ] {
            assert!(opens(text), "{text}");
        }
        for text in [
            "{ login { a } }",
            "subscription { login { a } }",
            "mutation { __typename }",
            "mutation { logout { a } }",
            "mutation { login: logout { a } }",
            "mutation { login { a } toggleUser { a } }",
            "mutation { login { a } ... @include(if: false) { logout { a } } }",
            "mutation { login { a } ...F } fragment F on Mutation { ... on Mutation { eraseMe { a } } }",
            "mutation { login { a } ...Missing }",
        ] {
            assert!(!opens(text), "{text}");
        }
    }
}
