//! The truth table of `GetOperation()`, for documents that the parser accepts and those it refuses before a selection. That
//! the gateway and the HTTP layer follow it is tested in `tests/it/operations.rs`.

use apollo_compiler::Schema;
use apollo_compiler::executable::OperationType::{self, Mutation, Query, Subscription};

use super::OperationError::{NameRequired, UnknownName};
use super::*;

const SDL: &str = "type Query { a: Int } type Mutation { a: Int b: Int } type Subscription { a: Int }";

fn parsed(text: &str) -> ExecutableDocument {
    let schema = Schema::parse_and_validate(SDL, "schema").unwrap();
    ExecutableDocument::parse(&schema, text, "document").unwrap()
}

fn selected(document: &str, name: Option<&str>) -> Result<OperationType, OperationError> {
    select(&parsed(document), name).map(|operation| operation.operation_type)
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
    let empty = parsed("fragment A on Query { a }");
    assert_eq!(select(&empty, None).unwrap_err(), NameRequired { found: 0 });
    assert_eq!(select(&empty, Some("A")).unwrap_err(), UnknownName);
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
