//! A corpus of hostile documents, each with the answer it must get, and each also run to its end against a small schema
//! so that "admitted" means answered. Not tested here: what the service's own schema makes of them, and how long it takes.

use std::fmt::Write as _;

use async_graphql::{EmptyMutation, EmptySubscription, Object, Request, Schema, SimpleObject, Value};

use super::*;

struct Query;

#[derive(SimpleObject)]
#[graphql(complex)]
struct Node {
    id: i32,
}

#[async_graphql::ComplexObject]
impl Node {
    async fn child(&self) -> Node {
        Node { id: self.id + 1 }
    }
}

#[Object]
impl Query {
    async fn node(&self) -> Node {
        Node { id: 0 }
    }

    async fn echo(&self, text: Option<String>, list: Option<Vec<i32>>) -> String {
        format!("{} {}", text.unwrap_or_default(), list.unwrap_or_default().len())
    }
}

const PARSE: &str = "GRAPHQL_PARSE_FAILED";
const INVALID: &str = "GRAPHQL_VALIDATION_FAILED";
const COMPLEX: &str = "QUERY_TOO_COMPLEX";
/// Admitted; the schema then runs or refuses it in little time.
const HARMLESS: &str = "";

/// `count` fragments, each spreading the next one `spreads` times, the last one selecting `leaf`.
fn chain(count: usize, spreads: usize, leaf: &str) -> String {
    let mut text = String::from("{ node { ...f0 } }");
    for i in 0..count {
        let body = if i + 1 == count {
            leaf.to_owned()
        } else {
            format!("...f{} ", i + 1).repeat(spreads)
        };
        let _ = write!(text, " fragment f{i} on Node {{ {body} }}");
    }
    text
}

/// `depth` fragments, each a field deeper than the one before.
fn descending(depth: usize) -> String {
    (0..depth).fold(String::from("{ node { ...f0 } }"), |mut text, i| {
        let _ = write!(text, " fragment f{i} on Node {{ child {{ id ...f{} }} }}", i + 1);
        text
    }) + &format!(" fragment f{depth} on Node {{ id }}")
}

fn nested(open: &str, close: &str, depth: usize, inner: &str) -> String {
    format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
}

fn aliased(count: usize) -> String {
    let fields = (0..count).fold(String::new(), |mut text, i| {
        let _ = write!(text, " a{i}: echo");
        text
    });
    format!("{{{fields} }}")
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn corpus() -> Vec<(&'static str, String, &'static str)> {
    let quotes = "\"\"\"";
    vec![
        ("empty", String::new(), PARSE),
        ("blank", " \n\t,,, ".into(), PARSE),
        ("only a comment", "# nothing".into(), PARSE),
        ("byte order mark", "\u{feff}{ node { id } }".into(), HARMLESS),
        ("a NUL byte", "{ node\0 }".into(), PARSE),
        ("a NUL byte in a string", "{ echo(text: \"a\0b\") }".into(), HARMLESS),
        ("control characters", "{ \u{1}\u{2}\u{7f} }".into(), PARSE),
        ("direction marks", "{ \u{202e}edon }".into(), PARSE),
        ("non-ASCII name", "{ nöde }".into(), PARSE),
        ("emoji", "{ 🦀 }".into(), PARSE),
        ("unclosed brace", "{ node { id }".into(), PARSE),
        ("stray closing brackets", "}".repeat(1_000), PARSE),
        ("one opening brace", "{".into(), PARSE),
        (
            "1,700 nested list brackets",
            format!("{{ echo(list: {}", "[".repeat(1_700)),
            COMPLEX,
        ),
        (
            "14,000 nested list brackets",
            format!("{{ echo(list: {}", "[".repeat(14_000)),
            COMPLEX,
        ),
        (
            "closed nested lists",
            format!("{{ echo(list: {}) }}", nested("[", "]", 900, "1")),
            COMPLEX,
        ),
        (
            "nested input objects",
            format!("{{ echo(text: {}) }}", nested("{a:", "}", 900, "1")),
            COMPLEX,
        ),
        ("nested selections", nested("{node", "}", 1_000, ""), COMPLEX),
        (
            "nested inline fragments",
            nested("{...", "}", 1_000, "{node{id}}"),
            COMPLEX,
        ),
        (
            "nested types",
            format!("query($a: {}) {{ echo }}", nested("[", "]", 1_000, "Int")),
            COMPLEX,
        ),
        (
            "nested defaults",
            format!("query($a: Int = {}) {{ echo }}", nested("[", "]", 1_000, "1")),
            COMPLEX,
        ),
        (
            "nested directive arguments",
            format!("{{ echo @a(b: {}) }}", nested("[", "]", 1_000, "1")),
            COMPLEX,
        ),
        (
            "brackets after an endless block string",
            format!("{{ echo(list: [ {quotes} x\" {}", "[".repeat(1_700)),
            PARSE,
        ),
        (
            "brackets after an endless string",
            format!("{{ echo(text: \"\n {}", "[".repeat(1_700)),
            PARSE,
        ),
        (
            "brackets after an escaped line end",
            format!("{{ echo(text: \"\\\n {}", "[".repeat(1_700)),
            PARSE,
        ),
        (
            "brackets after an escaped quote",
            format!("{{ echo(text: \"\\\"\") {}", "[".repeat(1_700)),
            COMPLEX,
        ),
        (
            "brackets after two backslashes",
            format!("{{ echo(text: \"\\\\\") {}", "[".repeat(1_700)),
            COMPLEX,
        ),
        (
            "brackets after an escaped block quote",
            format!("{{ echo(text: {quotes} \\{quotes} {quotes}) {}", "[".repeat(1_700)),
            COMPLEX,
        ),
        (
            "brackets after backslashes before a block quote",
            format!("{{ echo(text: {quotes} \\\\{quotes} {quotes}) {}", "[".repeat(1_700)),
            COMPLEX,
        ),
        (
            "brackets after four quotes",
            format!("{{ echo(text: {quotes}a{quotes}\" \") {}", "[".repeat(1_700)),
            COMPLEX,
        ),
        (
            "brackets after a comment with a quote",
            format!("{{ # \"\n {}", "[".repeat(1_700)),
            COMPLEX,
        ),
        (
            "brackets after a comment ended by CR",
            format!("{{ # \"\r {}", "[".repeat(1_700)),
            COMPLEX,
        ),
        (
            "brackets in a string",
            format!("{{ echo(text: \"{}\") }}", "[".repeat(1_700)),
            HARMLESS,
        ),
        (
            "brackets in a block string",
            format!("{{ echo(text: {quotes}{}{quotes}) }}", "{[(\n".repeat(1_700)),
            HARMLESS,
        ),
        (
            "brackets in a comment",
            format!("{{ echo # {}\n }}", "[".repeat(1_700)),
            HARMLESS,
        ),
        (
            "a quote in a block string",
            format!("{{ echo(text: {quotes} \" {quotes}) }}"),
            HARMLESS,
        ),
        (
            "wrong closers between openers",
            format!("{{ echo(list: {}", "[)".repeat(900)),
            PARSE,
        ),
        (
            "text of 1 MiB",
            format!("{{ echo(text: \"{}\") }}", "x".repeat(1 << 20)),
            COMPLEX,
        ),
        (
            "comment of 1 MiB",
            format!("#{}\n{{ echo }}", "x".repeat(1 << 20)),
            COMPLEX,
        ),
        (
            "16 KiB of spaces",
            format!("{}{{ echo }}", " ".repeat(16_000)),
            HARMLESS,
        ),
        (
            "16 KiB of commas",
            format!("{}{{ echo }}", ",".repeat(16_000)),
            HARMLESS,
        ),
        ("16 KiB of one name", format!("{{ {} }}", "x".repeat(16_000)), HARMLESS),
        (
            "one long number",
            format!("{{ echo(list: [{}]) }}", "9".repeat(16_000)),
            PARSE,
        ),
        ("2,500 tokens", format!("{{ {} }}", "id ".repeat(2_500)), COMPLEX),
        (
            "2,500 list items",
            format!("{{ echo(list: [{}]) }}", "1,".repeat(2_500)),
            COMPLEX,
        ),
        ("2,500 signs", format!("{{ {} }}", "!".repeat(2_500)), COMPLEX),
        (
            "1,900 list items",
            format!("{{ echo(list: [{}]) }}", "1,".repeat(1_900)),
            HARMLESS,
        ),
        (
            "one field 1,500 times",
            format!("{{ node {{ {} }} }}", "id ".repeat(1_500)),
            COMPLEX,
        ),
        (
            "one field 490 times",
            format!("{{ node {{ {} }} }}", "id ".repeat(490)),
            HARMLESS,
        ),
        (
            "600 root fields",
            format!("{{ {} }}", "__typename ".repeat(600)),
            COMPLEX,
        ),
        (
            "101 root fields",
            format!("{{ {} }}", "__typename ".repeat(101)),
            COMPLEX,
        ),
        (
            "root fields through fragments",
            format!("{{ ...f ...f ...f }} fragment f on Query {{ {} }}", "echo ".repeat(40)),
            COMPLEX,
        ),
        ("101 aliases", aliased(101), COMPLEX),
        ("100 aliases", aliased(100), HARMLESS),
        (
            "aliases through fragments",
            format!(
                "{{ node {{ ...f ...f }} }} fragment f on Node {{ {} }}",
                "a: id ".repeat(60)
            ),
            COMPLEX,
        ),
        (
            "600 directives on one field",
            format!("{{ echo {} }}", "@skip(if: false) ".repeat(250)),
            COMPLEX,
        ),
        (
            "unknown directives",
            format!("{{ echo {} }}", "@x ".repeat(60)),
            COMPLEX,
        ),
        (
            "directives on an operation",
            format!("query {} {{ echo }}", "@x ".repeat(60)),
            COMPLEX,
        ),
        (
            "directives on a variable",
            format!("query($a: Int {}) {{ echo }}", "@x ".repeat(60)),
            COMPLEX,
        ),
        (
            "directives on a fragment",
            format!("{{ ...f }} fragment f on Query {} {{ echo }}", "@x ".repeat(60)),
            COMPLEX,
        ),
        (
            "depth 25",
            format!("{{ node {} }}", nested("{ child ", "}", 24, "{ id }")),
            COMPLEX,
        ),
        ("depth 25 through fragments", descending(25), COMPLEX),
        ("a doubling chain of 27 fragments", chain(27, 2, "id"), COMPLEX),
        ("a doubling chain of 200 fragments", chain(200, 2, "id"), COMPLEX),
        ("a tripling chain of 100 fragments", chain(100, 3, "id"), COMPLEX),
        ("a chain of 240 fragments", chain(240, 1, "id"), HARMLESS),
        ("a wide chain of few fields", chain(3, 20, "id"), HARMLESS),
        (
            "a chain nobody spreads",
            format!("{{ echo }}{}", &chain(27, 2, "id")[18..]),
            COMPLEX,
        ),
        (
            "a fragment in itself",
            "{ node { ...f } } fragment f on Node { ...f }".into(),
            INVALID,
        ),
        (
            "a fragment in its child",
            "{ node { ...f } } fragment f on Node { child { ...f } }".into(),
            INVALID,
        ),
        (
            "a cycle of three",
            "{ node { ...a } } fragment a on Node { ...b } fragment b on Node { ...c } fragment c on Node { ...a }"
                .into(),
            INVALID,
        ),
        (
            "a cycle nobody spreads",
            "{ echo } fragment a on Node { ...b } fragment b on Node { ...a }".into(),
            INVALID,
        ),
        ("a cycle of 200", chain(200, 1, "...f0"), INVALID),
        (
            "a cycle behind an inline fragment",
            "{ node { ...f } } fragment f on Node { ... on Node { ...f } }".into(),
            INVALID,
        ),
        ("an unknown fragment", "{ node { ...nowhere } }".into(), HARMLESS),
        (
            "a fragment defined twice",
            "{ echo } fragment a on Node { id } fragment a on Node { id }".into(),
            PARSE,
        ),
        (
            "200 operations",
            (0..200).map(|i| format!("query q{i} {{ echo }} ")).collect(),
            COMPLEX,
        ),
        ("50 operations of one name", "query q { echo } ".repeat(50), PARSE),
        (
            "300 variables",
            format!(
                "query({}) {{ echo }}",
                (0..300).map(|i| format!("$v{i}: Int ")).collect::<String>()
            ),
            HARMLESS,
        ),
        (
            "deep fields that conflict",
            format!(
                "{{ {} }}",
                "x: node { a: child { id } } x: node { a: child { child { id } } } ".repeat(12)
            ),
            HARMLESS,
        ),
        ("a schema definition", "type Query { a: Int }".into(), PARSE),
        ("no selection", "query Q".into(), PARSE),
        ("an empty selection", "{ }".into(), PARSE),
        ("a number with a name", "{ echo(list: [1a]) }".into(), PARSE),
        ("a lone surrogate escape", "{ echo(text: \"\\uD800\") }".into(), PARSE),
        ("an unknown escape", "{ echo(text: \"\\q\") }".into(), PARSE),
    ]
}

/// The code of the refusal, or nothing.
fn verdict(text: &str) -> &'static str {
    let mut request = Request::new(text);
    Limits::default()
        .admit(&mut request)
        .map_or_else(|error| error.code(), |()| HARMLESS)
}

#[test]
fn every_hostile_document_gets_its_answer() {
    let corpus = corpus();
    assert!(corpus.len() >= 50, "{} classes", corpus.len());
    let wrong: Vec<_> = corpus
        .iter()
        .map(|(name, text, expected)| (name, *expected, verdict(text)))
        .filter(|(_, expected, found)| expected != found)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn what_is_admitted_is_answered() {
    let schema = Schema::build(Query, EmptyMutation, EmptySubscription).finish();
    for (name, text, _) in corpus() {
        let mut request = Request::new(text);
        if Limits::default().admit(&mut request).is_ok() {
            let answer = schema.execute(request).await;
            assert!(answer.data != Value::Null || !answer.errors.is_empty(), "{name}");
        }
    }
}

#[tokio::test]
async fn an_admitted_document_is_not_parsed_again() {
    let schema = Schema::build(Query, EmptyMutation, EmptySubscription).finish();
    let mut request = Request::new("{ node { id child { id } } }");
    Limits::default().admit(&mut request).unwrap();
    // Parsing this would fail.
    request.query = "{".into();
    let answer = schema.execute(request).await;
    assert_eq!(answer.errors, []);
    assert_eq!(
        answer.data,
        Value::from_json(serde_json::json!({ "node": { "id": 0, "child": { "id": 1 } } })).unwrap()
    );
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
    };
    let admit = |text: &str| limits.admit(&mut Request::new(text));
    assert_eq!(admit("{a}"), Ok(()));
    assert_eq!(admit("{a{b}}"), Ok(()));
    let counted = |what, found, allowed| Err(LimitError::Expanded { what, found, allowed });
    assert_eq!(admit("{a{b{c}}}"), counted(Counted::Depth, 3, 2));
    assert_eq!(admit("{a{b b b}}"), counted(Counted::Fields, 4, 3));
    assert_eq!(admit("{a{b b}}"), Ok(()));
    assert_eq!(admit("{a b c}"), counted(Counted::RootFields, 3, 2));
    assert_eq!(admit("{x:a y:b}"), counted(Counted::Aliases, 2, 1));
    assert_eq!(admit("{a@x@y}"), counted(Counted::Directives, 2, 1));
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
fn fragments_count_as_if_written_out() {
    let limits = Limits {
        fields: 7,
        ..Limits::default()
    };
    let text = "{ a { ...f } b { ...f } } fragment f on X { c ...g } fragment g on X { d }";
    // a, b, and twice c and d.
    assert_eq!(limits.admit(&mut Request::new(text)), Ok(()));
    let limits = Limits { fields: 5, ..limits };
    assert_eq!(
        limits.admit(&mut Request::new(text)),
        Err(LimitError::Expanded {
            what: Counted::Fields,
            found: 6,
            allowed: 5
        })
    );
}

#[test]
fn what_tools_ask_is_admitted() {
    // The introspection query as graphql-js 16 writes it with every option on.
    assert_eq!(verdict(include_str!("introspection.graphql")), HARMLESS);
}

#[test]
fn a_syntax_error_says_what_was_expected_and_quotes_nothing() {
    let error = Limits::default()
        .admit(&mut Request::new("{ login(password: \"hunter2\" "))
        .unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("Syntax error: expected"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
    let LimitError::Syntax { positions, .. } = error else {
        panic!("{error:?}")
    };
    assert_eq!(positions.len(), 1);
}

#[test]
fn the_operation_is_found_by_name() {
    let document = |text| Request::new(text).parsed_query().cloned().unwrap();
    let two = document("query a { x } mutation b { y }");
    assert_eq!(operation_type(&two, Some("a")), Some(OperationType::Query));
    assert_eq!(operation_type(&two, Some("b")), Some(OperationType::Mutation));
    assert_eq!(operation_type(&two, Some("c")), None);
    assert_eq!(operation_type(&two, None), None);
    assert_eq!(
        operation_type(&document("subscription s { x }"), None),
        Some(OperationType::Subscription)
    );
    assert_eq!(operation_type(&document("{ x }"), None), Some(OperationType::Query));
}
