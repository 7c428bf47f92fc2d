//! Operations on the caller's own session, which a browser sends while its access token has expired.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::{Operation, Selection, SelectionSet};

/// The fields of the mutation root that require no session.
const FIELDS: [&str; 4] = ["register", "login", "refresh", "logout"];

/// Whether a mutation of a valid document selects only fields that begin, renew or end a session.
pub(super) fn is_session_operation(document: &ExecutableDocument, operation: &Operation) -> bool {
    operation.operation_type.is_mutation() && selects_only(document, &operation.selection_set)
}

/// Terminates, because valid documents have no cycles of fragments.
fn selects_only(document: &ExecutableDocument, set: &SelectionSet) -> bool {
    set.selections.iter().all(|item| match item {
        Selection::Field(field) => {
            let name = field.name.as_str();
            FIELDS.contains(&name) || name == "__typename"
        }
        Selection::InlineFragment(fragment) => selects_only(document, &fragment.selection_set),
        Selection::FragmentSpread(spread) => {
            let fragment = document.fragments.get(&spread.fragment_name);
            fragment.is_some_and(|fragment| selects_only(document, &fragment.selection_set))
        }
    })
}

#[cfg(test)]
mod tests {
    //! Documents only; `tests/it/cookies.rs` sends such operations.

    use async_graphql::Request;

    use super::super::admission::Admission;

    fn selected(document: &str, name: Option<&str>) -> bool {
        let mut request = Request::new(document);
        request.operation_name = name.map(str::to_owned);
        let admission = Admission::new(&crate::graphql::sdl(), true).unwrap();
        admission.manages_session(&mut request)
    }

    #[test]
    fn all_root_fields_must_manage_a_session() {
        for document in [
            "mutation { refresh(input: {}) { errors { code } } }",
            "mutation { a: logout { endedSessions } login(input: { username: \"a\", password: \"b\" }) { user { id } } __typename }",
            "mutation { ... on Mutation { ... { refresh(input: {}) { errors { code } } } } }",
            "mutation { ...F } fragment F on Mutation { ...G } fragment G on Mutation { register(input: { username: \"a\", email: \"b\", password: \"c\" }) { user { id } } }",
        ] {
            assert!(selected(document, None), "{document}");
        }
        for document in [
            "mutation { refresh: eraseMe(password: \"x\") { erasedUserId } }",
            "mutation { refresh(input: {}) { errors { code } } eraseMe(password: \"x\") { erasedUserId } }",
            "mutation { refresh(input: {}) { errors { code } } ...F } fragment F on Mutation { removeRole(name: \"x\") { errors { code } } }",
            "mutation { ... { removeRole(name: \"x\") { errors { code } } } }",
            "{ viewer { user { id } } }",
            "mutation {",
        ] {
            assert!(!selected(document, None), "{document}");
        }
        let both = "query V { viewer { user { id } } } mutation R { refresh(input: {}) { errors { code } } }";
        assert!(selected(both, Some("R")));
        assert!(!selected(both, Some("V")) && !selected(both, None));
    }
}
