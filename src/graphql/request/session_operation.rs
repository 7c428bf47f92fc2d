//! Operations on the caller's own session, which clients send while their access token has expired.

use async_graphql::Request;
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};

/// The fields of the mutation root that require no session.
const FIELDS: [&str; 4] = ["register", "login", "refresh", "logout"];

/// Those of them that begin or renew a session.
const OPENING: [&str; 3] = ["register", "login", "refresh"];

/// Whether the operation that an admitted request runs selects only fields that begin, renew or end a session.
pub(crate) fn is_selected(request: &mut Request) -> bool {
    runs_only(request, &FIELDS)
}

/// Whether the operation that an admitted request runs selects only fields that begin or renew a session. Clients send
/// the token that they have with these too, although it has expired.
pub(crate) fn opens(request: &mut Request) -> bool {
    runs_only(request, &OPENING)
}

fn runs_only(request: &mut Request, fields: &[&str]) -> bool {
    let name = request.operation_name.clone();
    let Ok(document) = request.parsed_query() else {
        return false;
    };
    let mut operations = document
        .operations
        .iter()
        .filter(|(found, _)| name.is_none() || found.map(|found| found.as_str()) == name.as_deref());
    operations.all(|(_, operation)| selects_only(document, &operation.node.selection_set.node, fields))
}

/// Terminates, because admission refuses cycles of fragments.
fn selects_only(document: &ExecutableDocument, set: &SelectionSet, fields: &[&str]) -> bool {
    set.items.iter().all(|item| match &item.node {
        Selection::Field(field) => {
            let name = field.node.name.node.as_str();
            fields.contains(&name) || name == "__typename"
        }
        Selection::InlineFragment(fragment) => selects_only(document, &fragment.node.selection_set.node, fields),
        Selection::FragmentSpread(spread) => {
            let fragment = document.fragments.get(&spread.node.fragment_name.node);
            fragment.is_some_and(|fragment| selects_only(document, &fragment.node.selection_set.node, fields))
        }
    })
}

#[cfg(test)]
mod tests {
    //! Documents only; `tests/it/cookies.rs` sends such operations.

    use super::*;

    fn selected(document: &str, name: Option<&str>) -> bool {
        let mut request = Request::new(document);
        request.operation_name = name.map(str::to_owned);
        is_selected(&mut request)
    }

    #[test]
    fn a_session_is_opened_by_three_fields() {
        let opened = |document: &str| opens(&mut Request::new(document));
        for document in [
            "mutation { login(input: $i) { user { id } } a: refresh(input: {}) { expiresIn } __typename }",
            "mutation { ...F } fragment F on Mutation { ... { register(input: $i) { user { id } } } }",
            "mutation { login(input: $i) @skip(if: true) { user { id } } }",
        ] {
            assert!(opened(document), "{document}");
        }
        for document in [
            "mutation { logout { endedSessions } }",
            "mutation { login: logout { endedSessions } }",
            "mutation { login(input: $i) { user { id } } ... @include(if: false) { logout { endedSessions } } }",
            "mutation { ...F } fragment F on Mutation { login(input: $i) { user { id } } eraseMe(password: \"x\") { a } }",
        ] {
            assert!(!opened(document), "{document}");
        }
    }

    #[test]
    fn all_root_fields_must_manage_a_session() {
        for document in [
            "mutation { refresh(input: {}) { expiresIn } }",
            "mutation { a: logout { endedSessions } login(input: $i) { user { id } } __typename }",
            "mutation { ... on Mutation { ... { refresh(input: {}) { expiresIn } } } }",
            "mutation { ...F } fragment F on Mutation { ...G } fragment G on Mutation { register(input: $i) { user { id } } }",
        ] {
            assert!(selected(document, None), "{document}");
        }
        for document in [
            "mutation { refresh: eraseMe(password: \"x\") { erasedUserId } }",
            "mutation { refresh(input: {}) { expiresIn } eraseMe(password: \"x\") { erasedUserId } }",
            "mutation { refresh(input: {}) { expiresIn } ...F } fragment F on Mutation { removeRole(name: \"x\") { removedRole } }",
            "mutation { ... { removeRole(name: \"x\") { removedRole } } }",
            "{ viewer { user { id } } }",
            "mutation {",
        ] {
            assert!(!selected(document, None), "{document}");
        }
        let both = "query V { viewer { user { id } } } mutation R { refresh(input: {}) { expiresIn } }";
        assert!(selected(both, Some("R")));
        assert!(!selected(both, Some("V")) && !selected(both, None));
    }
}
