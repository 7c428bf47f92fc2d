//! Verdicts on single documents. Thousands of generated ones are compared with graphql-js in `tests/it/oracle.rs`.

use async_graphql::Pos;

use super::*;

const SDL: &str = "
    directive @oneOf on INPUT_OBJECT
    directive @mark(text: String) on FIELD | QUERY | VARIABLE_DEFINITION
    scalar DateTime
    enum Colour { RED BLUE }
    input Point { x: Int! y: Int = 0 label: String colour: Colour at: DateTime points: [Point!] }
    input Choice @oneOf { text: String number: Int }
    type Query {
        node(id: ID, point: Point, choice: Choice, at: DateTime, list: [Int!], matrix: [[Int]], colour: Colour): Node
        need(x: Int!): Int
        preset(x: Int! = 1): Int
    }
    type Node { id: ID! name: String next(first: Int): Node }
    type Mutation { set(name: String!): Node }
    type Subscription { ticks: Int tocks: Int }";

fn errors(text: &str) -> Vec<ServerError> {
    let validator = Validator::new(SDL, true).unwrap();
    validator.document(text).err().unwrap_or_default()
}

fn codes(text: &str) -> Vec<String> {
    let code = |error: ServerError| {
        let values = error.extensions.unwrap();
        values
            .get("code")
            .unwrap()
            .clone()
            .into_json()
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned()
    };
    errors(text).into_iter().map(code).collect()
}

#[test]
fn valid_documents_are_accepted() {
    for text in [
        "{ node(point: { x: 1 }) { id } }",
        "{ node(id: 7, list: 1, matrix: [1, [2, null]]) { id } }",
        "{ node(list: [-0, 2147483647]) { id } }",
        "query($x: Int = 5) { need(x: $x) }",
        "query($x: Int) { preset(x: $x) }",
        "query($x: Int!) { node(point: { x: $x }, list: [$x]) { id } }",
        "query($y: Int) { node(point: { x: 1, y: $y, points: [{ x: 2 }] }) { id } }",
        "query($t: String!) { node(choice: { text: $t }) { id } }",
        "query($t: String = \"a\") { node(choice: { text: $t }) { id } }",
        "query($c: Colour = RED) { node(colour: $c) { id } }",
        "query($s: Boolean!) { __typename @skip(if: $s) }",
        "{ node(at: \"2026-01-31T12:00:00+01:00\") { id } }",
        "{ node { ...F } } fragment F on Node { id next { id } }",
        "query A { node { id } } mutation B { set(name: \"\\u{1F600}\\uD83D\\uDE00\") { id } }",
        "\"What it does.\" query A(\"An id.\" $i: ID) { node(id: $i) { id } }",
        "\"\"\"\nA block.\n\"\"\" fragment F on Node { id } query { node { ...F } }",
        "query($x: [ Int ! ], $y: Int !) { node(list: $x) { id } need(x: $y) }",
        "{ ... on # a comment\n Query { need(x: 1) } }",
        "\u{feff}query { need(x: 1) }",
        "{ need(x:\u{feff}1) }",
        "{ a, : need(x,:,1,), ...,F ..., on Query { b,:,need(x: 1) } ..., { need(x: 1) } } fragment F on Query { need(x: 1) }",
        ",query,Q,(,$x,:,Int,!,=,1,),{,need,(,x,:,$,x,),@,include,(,if,:,true,),},",
        "subscription { ticks }",
        "subscription { ticks ticks ... { ticks } ...F } fragment F on Subscription { ticks ...G } fragment G on Subscription { ticks }",
        "subscription A { a: ticks ... on Subscription { a: ticks } } subscription B { ticks }",
        "{ __schema { types { name isOneOf } } __type(name: \"Node\") { name } }",
    ] {
        assert_eq!(errors(text), [], "{text}");
    }
}

#[test]
fn invalid_documents_are_refused() {
    for (text, message) in [
        (
            "{ nodes { id } }",
            "Type `Query` does not have a field `nodes`. Did you mean `node`?",
        ),
        ("{ node(x: 1) { id } }", "argument `x`"),
        (
            "{ node(point: 5) { id } }",
            "Expected value of type Point, found an integer",
        ),
        (
            "{ node(point: { x: 1, x: 2 }) { id } }",
            "`Point.x` is given more than once",
        ),
        ("{ node(point: {}) { id } }", "`Point.x`"),
        ("{ node(point: { x: 1, z: 1 }) { id } }", "`z`"),
        ("{ node(point: { x: 2147483648 }) { id } }", "32-bit"),
        ("{ node(colour: \"RED\") { id } }", "Colour"),
        ("{ node(colour: GREEN) { id } }", "GREEN"),
        ("{ node(at: \"yesterday\") { id } }", "`DateTime` as RFC 3339"),
        (
            "{ node(at: \"2026-01-31 12:00:00Z\") { id } }",
            "`DateTime` as RFC 3339",
        ),
        ("{ node(point: { x: 1, at: 5 }) { id } }", "`DateTime` as RFC 3339"),
        (
            "query($d: DateTime = \"2026-13-01T00:00:00Z\") { node(at: $d) { id } }",
            "`DateTime` as RFC 3339",
        ),
        ("{ node(choice: {}) { id } }", "exactly one field"),
        (
            "{ node(choice: { text: \"a\", number: 1 }) { id } }",
            "exactly one field",
        ),
        ("{ node(choice: { text: null }) { id } }", "exactly one field"),
        (
            "query($t: String) { node(choice: { text: $t }) { id } }",
            "cannot be used where `String!` is expected",
        ),
        ("query($t: String) { node(point: { x: 1, y: $t }) { id } }", "type"),
        (
            "query($x: Int) { node(point: { x: $x }) { id } }",
            "cannot be used where `Int!`",
        ),
        (
            "query($x: Int) { node(list: [$x]) { id } }",
            "cannot be used where `Int!`",
        ),
        ("query($x: Int = null) { need(x: $x) }", "cannot be used where `Int!`"),
        (
            "query($x: [Int]) { node(matrix: [[$x]]) { id } }",
            "cannot be used where `Int`",
        ),
        ("{ node { id ...F } } fragment F on Node { id: name }", "alias `id`"),
        ("{ __typename { a } }", "subselections"),
        (
            "query($a: Boolean! @include(if: true)) { __typename @skip(if: $a) }",
            "VARIABLE_DEFINITION",
        ),
        ("query($x: Nothing = 5) { __typename }", "Nothing"),
        ("subscription { ticks tocks }", "one root field"),
        ("subscription { ticks again: ticks }", "one root field"),
        ("subscription { ticks ticks: tocks }", "alias `ticks`"),
        (
            "subscription A { ticks ticks } subscription B { ticks tocks }",
            "one root field",
        ),
        ("subscription { ticks ticks ticks { a } }", "subselections"),
        ("subscription { ticks ticks @skip(if: true) }", "@skip"),
        ("subscription { __typename }", "introspection"),
        ("subscription { ticks @skip(if: true) }", "@skip"),
        (
            "subscription { ...F } fragment F on Subscription { ticks tocks }",
            "one root field",
        ),
        ("{ node @mark(text: 5) { id } }", "String"),
    ] {
        let errors = errors(text);
        let found = errors.iter().any(|error| error.message.contains(message));
        assert!(found && !errors[0].locations.is_empty(), "{text}: {errors:?}");
        assert!(
            codes(text).iter().all(|code| code == "GRAPHQL_VALIDATION_FAILED"),
            "{text}"
        );
    }
    for text in [
        "queryfoo { node { id } }",
        "query () { node { id } }",
        "{ need(x: 00) }",
        "{ need(x: 1a) }",
        "fragment on on Query { need(x: 1) } { ...on }",
        "{ node(id: \"\\u{110000}\") { id } }",
        "{ node(id: \"\\uD83D\") { id } }",
        "\"A description.\" { node { id } }",
        "query($a: Int = \"text\" $b) { node { id } }",
        "query @mark(text: \"a\" $b) { node { id } }",
        "{ need(x) }",
        "{ need(x x: 1) }",
        "{ need(x: 1 2) }",
        "query($x: Int = 1 2) { need(x: $x) }",
        "\"\\u{110000}\" query { need(x: 1) }",
        "{",
        "",
    ] {
        assert_eq!(
            codes(text).first().map(String::as_str),
            Some("GRAPHQL_PARSE_FAILED"),
            "{text}"
        );
    }
}

#[test]
fn an_error_has_the_position_of_its_cause() {
    let errors = errors("{\n  node(point: { x: 1 }) {\r\n    nam\n  }\n}");
    assert_eq!(errors[0].locations, [Pos { line: 3, column: 5 }]);
    assert_eq!(errors.len(), 1, "{errors:?}");
}

#[test]
fn no_message_repeats_a_value() {
    let secret = "correcthorsebattery";
    for text in [
        format!("mutation {{ set(name: {secret}) {{ id }} }}"),
        format!("mutation {{ set(name: [\"{secret}\"]) {{ id }} }}"),
        format!("{{ need(x: \"{secret}\") }}"),
        format!("{{ node(point: \"{secret}\") {{ id }} }}"),
        format!("{{ node(at: \"{secret}\") {{ id }} }}"),
        format!("{{ node(choice: {{ text: \"{secret}\", number: 1 }}) {{ id }} }}"),
        format!("mutation {{ set(name: \"{secret}\" "),
        format!("mutation {{ set(name \"{secret}\") {{ id }} }}"),
        format!("query($x: Int = \"{secret}\") {{ need(x: $x) }}"),
    ] {
        for error in errors(&text) {
            assert!(!error.message.contains(secret), "{text}: {}", error.message);
        }
        assert!(!errors(&text).is_empty(), "{text}");
    }
}

#[test]
fn a_long_name_is_cut_in_messages() {
    let long = "n".repeat(5_000);
    for text in [
        format!("{{ {long} }}"),
        format!("{{ node(colour: {long}) {{ id }} }}"),
        format!("{{ need(x: ${long}) }}"),
        format!("{{ ...{long} }} fragment {long} on Query {{ ...{long} }}"),
    ] {
        let errors = errors(&text);
        assert!(!errors.is_empty(), "{text:.40}");
        assert!(errors.iter().all(|error| error.message.len() < 300), "{errors:?}");
    }
}

#[test]
fn introspection_can_be_refused() {
    let validator = Validator::new(SDL, false).unwrap();
    for text in [
        "{ __schema { types { name } } }",
        "{ ... { a: __type(name: \"Node\") { name } } }",
        "{ ...F } fragment F on Query { __schema { types { name } } }",
    ] {
        let errors = validator.document(text).err().unwrap();
        assert_eq!(errors[0].message, "Introspection is disabled on this server.", "{text}");
    }
    assert!(validator.document("{ __typename node { __typename } }").is_ok());
    // A suggestion would disclose a field.
    let errors = validator.document("{ nodes { id } }").err().unwrap();
    assert_eq!(errors[0].message, "Type `Query` does not have a field `nodes`.");
}
