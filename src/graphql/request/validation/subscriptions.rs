//! Single Root Field (specification, 5.2.4.1). It allows several fields with one response key, because they are merged.
//! `apollo-compiler` 1.33 counts each of them.

use std::collections::HashSet;

use apollo_compiler::executable::{Selection, SelectionSet};
use apollo_compiler::validation::WithErrors;
use apollo_compiler::{ExecutableDocument, Name};

/// The end of the message for a subscription with several root fields.
const SEVERAL: &str = "can only have one root field";

/// Whether a document is invalid only because fields with one response key were counted several times.
pub(super) fn are_merged(document: &WithErrors<ExecutableDocument>) -> bool {
    let mut errors = document.errors.iter();
    if !errors.all(|diagnostic| diagnostic.error.to_string().ends_with(SEVERAL)) {
        return false;
    }
    let document = &document.partial;
    let mut subscriptions = document
        .operations
        .iter()
        .filter(|operation| operation.is_subscription());
    subscriptions.all(|subscription| {
        let mut keys = HashSet::new();
        collect(document, &subscription.selection_set, &mut HashSet::new(), &mut keys);
        keys.len() == 1
    })
}

/// Collects the response keys of root fields. Recursion is bounded by the limits; every fragment is visited once.
fn collect<'a>(
    document: &'a ExecutableDocument,
    set: &'a SelectionSet,
    visited: &mut HashSet<&'a Name>,
    keys: &mut HashSet<&'a Name>,
) {
    for selection in &set.selections {
        match selection {
            Selection::Field(field) => {
                keys.insert(field.response_key());
            }
            Selection::InlineFragment(fragment) => collect(document, &fragment.selection_set, visited, keys),
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.fragment_name)
                    && visited.insert(&spread.fragment_name)
                {
                    collect(document, &fragment.selection_set, visited, keys);
                }
            }
        }
    }
}
