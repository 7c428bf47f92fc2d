//! That the limits are where they are said to be. The corpus of hostile documents is sent to the product itself, in
//! `tests/it/hostile.rs`.

use super::*;

/// Admitted; the schema then runs or refuses it in little time.
const ADMITTED: &str = "";

/// The code of the refusal, or nothing.
fn verdict(text: &str) -> &'static str {
    Limits::default()
        .parse(text)
        .map_or_else(|error| error.code(), |_| ADMITTED)
}

#[test]
fn limits_are_exact() {
    let limits = Limits {
        bytes: 40,
        nesting: 3,
        tokens: 12,
        fields: 3,
        depth: 2,
        aliases: 1,
        directives: 1,
        root_fields: 2,
        introspected: 500,
    };
    let admit = |text: &str| limits.parse(text).map(|_| ());
    assert_eq!(admit("{a}"), Ok(()));
    assert_eq!(admit("{a{b}}"), Ok(()));
    let counted = |what, found, allowed| Err(LimitError::Expanded { what, found, allowed });
    assert_eq!(admit("{a{b{c}}}"), counted(LimitKind::Depth, 3, 2));
    assert_eq!(admit("{a{b b b}}"), counted(LimitKind::Fields, 4, 3));
    assert_eq!(admit("{a{b b}}"), Ok(()));
    assert_eq!(admit("{a b c}"), counted(LimitKind::RootFields, 3, 2));
    assert_eq!(admit("{x:a y:b}"), counted(LimitKind::Aliases, 2, 1));
    assert_eq!(admit("{a@x@y}"), counted(LimitKind::Directives, 2, 1));
    let position = Pos { line: 1, column: 4 };
    assert_eq!(admit("{{{{"), Err(LimitError::Nesting { allowed: 3, position }));
    let position = Pos { line: 2, column: 13 };
    assert_eq!(
        admit("\n{a a a a a a a a a a a}"),
        Err(LimitError::Tokens {
            allowed: 12,
            position: Pos { column: 23, ..position }
        })
    );
    assert_eq!(
        admit(&" ".repeat(41)),
        Err(LimitError::Bytes { found: 41, allowed: 40 })
    );
    assert_eq!(
        admit("{a(é:\"x)}"),
        Err(LimitError::UnterminatedString {
            position: Pos { line: 1, column: 6 }
        })
    );
}

#[test]
fn an_introspection_query_counts_its_possible_results() {
    let limits = Limits {
        introspected: 1_101,
        ..Limits::default()
    };
    let admit = |text: &str| limits.parse(text).map(|_| ());
    // Each of a hundred types has ten fields.
    assert_eq!(admit("{ types { fields { name } } }"), Ok(()));
    assert_eq!(admit("{ types { fields { ...f } } } fragment f on X { a }"), Ok(()));
    assert_eq!(
        admit("{ types { ...f } } fragment f on X { fields { a b } }"),
        Err(LimitError::Expanded {
            what: LimitKind::Introspected,
            found: 2_101,
            allowed: 1_101
        })
    );
}

#[test]
fn fragments_count_as_if_expanded() {
    let limits = Limits {
        fields: 7,
        ..Limits::default()
    };
    let text = "{ a { ...f } b { ...f } } fragment f on X { c ...g } fragment g on X { d }";
    // a, b, and twice c and d.
    assert_eq!(limits.parse(text).map(|_| ()), Ok(()));
    let limits = Limits { fields: 5, ..limits };
    assert_eq!(
        limits.parse(text).map(|_| ()),
        Err(LimitError::Expanded {
            what: LimitKind::Fields,
            found: 6,
            allowed: 5
        })
    );
}

#[test]
fn introspection_queries_of_tools_are_admitted() {
    // The introspection query as graphql-js 16 writes it with every option on.
    assert_eq!(verdict(include_str!("introspection.graphql")), ADMITTED);
}

#[test]
fn a_syntax_error_says_what_was_expected_and_quotes_nothing() {
    let error = Limits::default().parse("{ login(password: \"hunter2\" ").unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("Syntax error: expected"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
    let LimitError::Syntax { positions, .. } = error else {
        panic!("{error:?}")
    };
    assert_eq!(positions.len(), 1);
}
