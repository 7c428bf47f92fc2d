//! Operations on the caller's own session, which clients send while their access token has expired.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::{Operation, Selection, SelectionSet};

/// The fields of the mutation root that require no session.
const FIELDS: [&str; 4] = ["register", "login", "refresh", "logout"];

/// Those of them that begin or renew a session.
const OPENING: [&str; 3] = ["register", "login", "refresh"];

/// Whether a mutation of a valid document selects only fields that begin, renew or end a session.
pub(super) fn manages(document: &ExecutableDocument, operation: &Operation) -> bool {
    operation.operation_type.is_mutation() && selects_only(document, &operation.selection_set, &FIELDS)
}

/// Whether a mutation of a valid document selects only fields that begin or renew a session. Clients send the token that
/// they have with these too, although it has expired.
pub(super) fn opens(document: &ExecutableDocument, operation: &Operation) -> bool {
    operation.operation_type.is_mutation() && selects_only(document, &operation.selection_set, &OPENING)
}

/// Terminates, because valid documents have no cycles of fragments.
fn selects_only(document: &ExecutableDocument, set: &SelectionSet, fields: &[&str]) -> bool {
    set.selections.iter().all(|item| match item {
        Selection::Field(field) => {
            let name = field.name.as_str();
            fields.contains(&name) || name == "__typename"
        }
        Selection::InlineFragment(fragment) => selects_only(document, &fragment.selection_set, fields),
        Selection::FragmentSpread(spread) => {
            let fragment = document.fragments.get(&spread.fragment_name);
            fragment.is_some_and(|fragment| selects_only(document, &fragment.selection_set, fields))
        }
    })
}

#[cfg(test)]
mod tests {
    //! Documents only; `tests/it/cookies.rs` sends such operations.

    use async_graphql::Request;

    use super::super::admission::Admission;

    const SDL: &str = "
        type Query { viewer: Int }
        type Mutation { register: Int login: Int refresh: Int logout: Int eraseMe: Int }";

    /// Whether the operation manages and whether it opens a session.
    fn judged(document: &str, name: Option<&str>) -> (bool, bool) {
        let admission = Admission::new(SDL, true).unwrap();
        let mut request = Request::new(document);
        request.operation_name = name.map(str::to_owned);
        assert!(name.is_none() || admission.operation_type(&mut request).is_some(), "{document}");
        (admission.manages_session(&mut request), admission.opens_session(&mut request))
    }

    #[test]
    fn all_root_fields_must_open_or_manage_a_session() {
        for (document, expected) in [
            ("mutation { refresh }", (true, true)),
            ("mutation { login a: refresh __typename }", (true, true)),
            ("mutation { ... on Mutation { ... { refresh } } }", (true, true)),
            ("mutation { ...F } fragment F on Mutation { ...G } fragment G on Mutation { register }", (true, true)),
            ("mutation { login @skip(if: true) }", (true, true)),
            ("mutation { logout }", (true, false)),
            ("mutation { login: logout }", (true, false)),
            ("mutation { login ... @include(if: false) { logout } }", (true, false)),
            ("mutation { refresh: eraseMe }", (false, false)),
            ("mutation { refresh eraseMe }", (false, false)),
            ("mutation { refresh ...F } fragment F on Mutation { eraseMe }", (false, false)),
            ("{ viewer }", (false, false)),
            ("mutation {", (false, false)),
        ] {
            assert_eq!(judged(document, None), expected, "{document}");
        }
        let both = "query V { viewer } mutation R { refresh }";
        assert_eq!(judged(both, Some("R")), (true, true));
        assert_eq!(judged(both, Some("V")), (false, false));
        assert_eq!(judged(both, None), (false, false));
    }
}
