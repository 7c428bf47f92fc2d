//! The truth table of `GetOperation()`, for documents that the parser accepts and those it refuses before a selection. That
//! the gateway and the HTTP layer follow it is tested in `tests/it/operations.rs`.

use std::collections::HashMap;

use async_graphql::parser::types::OperationType::{self, Mutation, Query, Subscription};
use async_graphql::parser::{Error, parse_query};

use super::OperationError::{NameRequired, UnknownName};
use super::*;

fn selected(document: &str, name: Option<&str>) -> Result<OperationType, OperationError> {
    let document = parse_query(document).unwrap();
    select(&document, name).map(|operation| operation.node.ty)
}

#[test]
fn each_name_selects_what_the_specification_says() {
    const ANONYMOUS: &str = "mutation { a }";
    const NAMED: &str = "subscription A { a }";
    const SEVERAL: &str = "query A { a } mutation B { b }";
    for (document, name, expected) in [
        (ANONYMOUS, None, Ok(Mutation)),
        (ANONYMOUS, Some("A"), Err(UnknownName)),
        (ANONYMOUS, Some(""), Err(UnknownName)),
        (NAMED, None, Ok(Subscription)),
        (NAMED, Some("A"), Ok(Subscription)),
        (NAMED, Some("a"), Err(UnknownName)),
        (NAMED, Some(""), Err(UnknownName)),
        (SEVERAL, None, Err(NameRequired { found: 2 })),
        (SEVERAL, Some("A"), Ok(Query)),
        (SEVERAL, Some("B"), Ok(Mutation)),
        (SEVERAL, Some("C"), Err(UnknownName)),
        (SEVERAL, Some(""), Err(UnknownName)),
        ("{ ...A } fragment A on Query { a }", None, Ok(Query)),
        ("{ ...A } fragment A on Query { a }", Some("A"), Err(UnknownName)),
    ] {
        assert_eq!(selected(document, name), expected, "{document} {name:?}");
    }
}

#[test]
fn a_document_without_operations_selects_none() {
    assert!(matches!(
        parse_query("fragment A on Query { a }"),
        Err(Error::MissingOperation)
    ));
    let empty = ExecutableDocument {
        operations: DocumentOperations::Multiple(HashMap::new()),
        fragments: HashMap::new(),
    };
    assert_eq!(select(&empty, None).unwrap_err(), NameRequired { found: 0 });
    assert_eq!(select(&empty, Some("A")).unwrap_err(), UnknownName);
}

#[test]
fn an_anonymous_operation_among_others_is_a_syntax_error() {
    for document in ["{ a } { b }", "{ a } query A { a }", "query A { a } { a }"] {
        assert!(
            matches!(parse_query(document), Err(Error::MultipleOperations { .. })),
            "{document}"
        );
    }
    let twice = "query A { a } mutation A { a }";
    assert!(matches!(parse_query(twice), Err(Error::OperationDuplicated { .. })));
}

#[test]
fn the_error_repeats_no_name() {
    for error in [UnknownName, NameRequired { found: 2 }] {
        let error = ServerError::from(error);
        let code = error.extensions.as_ref().and_then(|values| values.get("code"));
        assert_eq!(code, Some(&async_graphql::Value::from("BAD_USER_INPUT")));
        assert!(error.message.contains("operationName"), "{}", error.message);
    }
}
