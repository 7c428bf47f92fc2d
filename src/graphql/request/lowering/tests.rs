//! The fields that are executed, printed from the lowered document.

use async_graphql::Request;
use async_graphql::parser::types::{Selection, SelectionSet};
use serde_json::{Value as Json, json};

use super::super::admission::Admission;
use super::*;

const SDL: &str = "
    type Query {
        a(x: Int = 1, list: [Int], of: In): Int
        b: Node
        any: Any
        node: Named
        by(id: ID, ids: [[ID]], of: Ids, any: JSON): Int
    }
    scalar JSON
    input In { x: Int y: Int = 2 }
    input Ids { id: ID ids: [ID!] any: JSON }
    interface Named { name: String }
    type Node implements Named { name: String b: Node a(x: Int): Int }
    type Other implements Named { name: String c: Int }
    union Any = Node | Other
    type Mutation { set(x: Int): Node }
    type Subscription { ticks: Node }";

fn print(set: &SelectionSet) -> String {
    let items = set.items.iter().map(|selection| match &selection.node {
        Selection::Field(field) => {
            let field = &field.node;
            let alias = field
                .alias
                .as_ref()
                .map(|alias| format!("{}:", alias.node))
                .unwrap_or_default();
            let arguments: Vec<_> = field
                .arguments
                .iter()
                .map(|(name, value)| format!("{}:{}", name.node, value.node))
                .collect();
            let arguments = if arguments.is_empty() {
                String::new()
            } else {
                format!("({})", arguments.join(","))
            };
            let below = if field.selection_set.node.items.is_empty() {
                String::new()
            } else {
                format!("{{{}}}", print(&field.selection_set.node))
            };
            format!("{alias}{}{arguments}{below}", field.name.node)
        }
        Selection::InlineFragment(fragment) => format!(
            "on {}{{{}}}",
            fragment.node.type_condition.as_ref().unwrap().node.on.node,
            print(&fragment.node.selection_set.node)
        ),
        Selection::FragmentSpread(_) => unreachable!("fragments are written out"),
    });
    items.collect::<Vec<_>>().join(" ")
}

fn lowered(text: &str, variables: Json) -> Result<String, String> {
    let admission = Admission::new(SDL, true).unwrap();
    let mut request = Request::new(text).variables(Variables::from_json(variables));
    admission
        .admit(&mut request)
        .map_err(|errors| errors[0].message.clone())?;
    let document = request.parsed_query().unwrap();
    assert!(document.fragments.is_empty());
    Ok(print(&only(document).unwrap().node.selection_set.node))
}

#[test]
fn fields_are_collected_as_the_specification_says() {
    for (text, expected) in [
        ("{ a b { name } a b { a name } }", "a b{name a}"),
        (
            "{ ...F ...F b { a } } fragment F on Query { b { name ...G } } fragment G on Node { a b { a } }",
            "b{name a b{a}}",
        ),
        ("{ x: a(x: 1) a x: a(x: 1) }", "x:a(x:1) a"),
        (
            "{ ... { a } ... on Query { b { ... on Named { name } } } }",
            "a b{name}",
        ),
        ("mutation { set { a } ... { set { name } } }", "set{a name}"),
        (
            "subscription { ...S } fragment S on Subscription { ticks { name } }",
            "ticks{name}",
        ),
        (
            "{ a @skip(if: true) b @include(if: true) { a @include(if: false) name } }",
            "b{name}",
        ),
        (
            "{ ... @skip(if: true) { a } ...F @include(if: false) b { name } } fragment F on Query { a }",
            "b{name}",
        ),
        (
            "{ any { __typename ... on Named { name } ... on Other { c } ...N } } fragment N on Node { a }",
            "any{on Node{__typename name a} on Other{__typename name c}}",
        ),
        (
            "{ node { name ... on Node { a } } }",
            "node{on Node{name a} on Other{name}}",
        ),
        ("{ a(of: { x: -0 }, list: [1, null]) }", "a(of:{x: 0},list:[1, null])"),
        (
            "{ by(id: 9223372036854775808, ids: [-0, [2, \"x\", null]], any: [7]) }",
            "by(id:\"9223372036854775808\",ids:[\"-0\", [\"2\", \"x\", null]],any:[7])",
        ),
        (
            "{ by(of: { id: 1, ids: 2, any: { id: 3 } }) }",
            "by(of:{id: \"1\", ids: \"2\", any: {id: 3}})",
        ),
    ] {
        assert_eq!(lowered(text, json!({})).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn variables_decide_what_is_collected() {
    let text =
        "query($s: Boolean! = true, $x: Int) { a(x: $x, of: { x: $x, y: 1 }, list: [$x]) @skip(if: $s) b { name } }";
    for (variables, expected) in [
        (json!({}), "b{name}"),
        (json!({ "s": true }), "b{name}"),
        (json!({ "s": false }), "a(of:{y: 1},list:[null]) b{name}"),
        (
            json!({ "s": false, "x": 3 }),
            "a(x:$x,of:{x: $x, y: 1},list:[$x]) b{name}",
        ),
        (
            json!({ "s": false, "x": null }),
            "a(x:$x,of:{x: $x, y: 1},list:[$x]) b{name}",
        ),
    ] {
        assert_eq!(lowered(text, variables.clone()).as_deref(), Ok(expected), "{variables}");
    }
    let nullable = "query($s: Boolean = false) { a @skip(if: $s) }";
    assert_eq!(lowered(nullable, json!({})).as_deref(), Ok("a"));
    let error = lowered(nullable, json!({ "s": null })).unwrap_err();
    assert!(error.contains("must not be null"), "{error}");
}

#[test]
fn a_cached_document_is_executed_as_it_was_before() {
    let admission = Admission::new(SDL, true).unwrap();
    let run = |text: &str, name: Option<&str>, variables: Json| {
        let mut request = Request::new(text).variables(Variables::from_json(variables));
        request.operation_name = name.map(str::to_owned);
        admission.admit(&mut request).unwrap();
        print(&only(request.parsed_query().unwrap()).unwrap().node.selection_set.node)
    };
    for _ in 0..3 {
        assert_eq!(
            run("{ b { name } ...F } fragment F on Query { a }", None, json!({ "x": 1 })),
            "b{name} a"
        );
        let two = "query One { a } query Two { b { name } }";
        assert_eq!(run(two, Some("One"), json!({})), "a");
        assert_eq!(run(two, Some("Two"), json!({})), "b{name}");
        let conditional = "query($s: Boolean!) { a @skip(if: $s) b { name } }";
        assert_eq!(run(conditional, None, json!({ "s": true })), "b{name}");
        assert_eq!(run(conditional, None, json!({ "s": false })), "a b{name}");
    }
}
