//! Coercion of single values. Thousands of generated ones are compared with graphql-js in `tests/it/oracle.rs`.

use async_graphql::Request;
use serde_json::{Value as Json, json};

use super::super::admission::Admission;
use super::*;

const SDL: &str = "
    directive @oneOf on INPUT_OBJECT
    scalar DateTime
    scalar JSON
    enum Colour { RED BLUE }
    input Point { x: Int! y: Int = 7 colour: Colour points: [Point!] }
    input Choice @oneOf { text: String number: Int }
    type Query {
        f(int: Int, float: Float, id: ID, text: String, is: Boolean, at: DateTime, any: JSON, colour: Colour,
          list: [Int!], matrix: [[Int]], point: Point, choice: Choice): Int
    }";

/// The coerced value of a variable of this type, or the messages of the errors.
fn coerced(ty: &str, argument: &str, variables: Json) -> Result<Json, Vec<String>> {
    let admission = Admission::new(SDL, true).unwrap();
    let text = format!("query($v: {ty}) {{ f({argument}: $v) }}");
    let mut request = Request::new(text).variables(Variables::from_json(variables));
    match admission.admit(&mut request) {
        Ok(_) => Ok(serde_json::to_value(&request.variables).unwrap()),
        Err(errors) => {
            let code = |error: &ServerError| error.extensions.as_ref().and_then(|values| values.get("code")).cloned();
            let refused = |error: &ServerError| code(error) == Some(Value::from("BAD_USER_INPUT"));
            assert!(errors.iter().all(refused), "{errors:?}");
            Err(errors.into_iter().map(|error| error.message).collect())
        }
    }
}

#[test]
fn values_are_coerced_as_the_specification_says() {
    for (ty, argument, given, expected) in [
        ("Int", "int", json!(1.0), json!(1)),
        ("Int", "int", json!(1e0), json!(1)),
        ("Int", "int", json!(-0.0), json!(0)),
        ("Int", "int", json!(null), json!(null)),
        ("Float", "float", json!(3), json!(3)),
        ("Float", "float", json!(0.5), json!(0.5)),
        ("ID", "id", json!(4), json!("4")),
        ("ID", "id", json!("4"), json!("4")),
        ("ID", "id", json!(4.0), json!("4")),
        ("ID", "id", json!(-5), json!("-5")),
        ("ID", "id", json!(u64::MAX), json!("18446744073709551615")),
        (
            "DateTime",
            "at",
            json!("2026-02-28T23:59:59.5Z"),
            json!("2026-02-28T23:59:59.5Z"),
        ),
        ("JSON", "any", json!({ "a": [1, null] }), json!({ "a": [1, null] })),
        ("Colour", "colour", json!("RED"), json!("RED")),
        ("[Int!]", "list", json!(5), json!([5])),
        ("[[Int]]", "matrix", json!([1, [2], null]), json!([[1], [2], null])),
        ("Point", "point", json!({ "x": 1.0 }), json!({ "x": 1, "y": 7 })),
        (
            "Point",
            "point",
            json!({ "x": 1, "y": null, "points": { "x": 2 } }),
            json!({ "x": 1, "y": null, "points": [{ "x": 2, "y": 7 }] }),
        ),
        ("Choice", "choice", json!({ "text": "a" }), json!({ "text": "a" })),
    ] {
        let result = coerced(ty, argument, json!({ "v": given, "unused": 1 }));
        assert_eq!(result, Ok(json!({ "v": expected })), "{ty} {given}");
    }
    assert_eq!(coerced("Int", "int", json!({})), Ok(json!({})));
    assert_eq!(coerced("Int = 5", "int", json!({})), Ok(json!({ "v": 5 })));
    let digits = "123456789012345678901234567890";
    let id = coerced(&format!("ID = {digits}"), "id", json!({}));
    assert_eq!(id, Ok(json!({ "v": digits })));
    assert_eq!(
        coerced("Int = 5", "int", json!({ "v": null })),
        Ok(json!({ "v": null }))
    );
    assert_eq!(
        coerced("Point = { x: 1 }", "point", json!({})),
        Ok(json!({ "v": { "x": 1, "y": 7 } }))
    );
}

#[test]
fn other_values_are_refused_with_their_path() {
    for (ty, argument, given, path) in [
        ("Int", "int", json!(1.5), "`$v`"),
        ("Int", "int", json!(2_147_483_648_i64), "`$v`"),
        ("Int", "int", json!("1"), "`$v`"),
        ("Float", "float", json!("1"), "`$v`"),
        ("String", "text", json!(1), "`$v`"),
        ("Boolean", "is", json!(0), "`$v`"),
        ("DateTime", "at", json!("2026-02-30T00:00:00Z"), "`$v`"),
        ("DateTime", "at", json!(0), "`$v`"),
        ("DateTime", "at", json!("2026-01-31 12:00:00Z"), "`$v`"),
        ("ID", "id", json!(1.5), "`$v`"),
        // A float of this size does not determine an integer.
        ("ID", "id", json!(1e20), "`$v`"),
        ("ID", "id", json!(true), "`$v`"),
        ("Colour", "colour", json!("GREEN"), "`$v`"),
        ("Int!", "int", json!(null), "`$v`"),
        ("[Int!]", "list", json!([1, null, "x"]), "`$v[1]`"),
        ("[[Int]]", "matrix", json!([[1, "x"]]), "`$v[0][1]`"),
        ("Point", "point", json!({}), "`$v.x`"),
        (
            "Point",
            "point",
            json!({ "x": 1, "points": [{ "x": 1 }, { "x": {} }] }),
            "`$v.points[1].x`",
        ),
        (
            "Point",
            "point",
            json!({ "x": 1, "z": 1 }),
            "`$v` has an unknown field; `Point` has x, y, colour, points",
        ),
        ("Point", "point", json!([]), "`$v`"),
        ("Choice", "choice", json!({}), "`$v`"),
        ("Choice", "choice", json!({ "text": null }), "`$v`"),
        ("Choice", "choice", json!({ "text": "a", "number": 1 }), "`$v`"),
    ] {
        let messages = coerced(ty, argument, json!({ "v": given })).unwrap_err();
        assert!(
            messages.iter().any(|message| message.contains(path)),
            "{ty} {given}: {messages:?}"
        );
    }
    let messages = coerced("Int!", "int", json!({})).unwrap_err();
    assert_eq!(messages, ["The value of `$v` of type `Int!` is required."]);
}

#[test]
fn every_problem_is_reported_and_no_value_repeated() {
    let secret = "correcthorsebattery";
    let given = json!({ "x": secret, "y": [secret], secret: 1, "points": [{ "x": secret }] });
    let messages = coerced("Point", "point", json!({ "v": given })).unwrap_err();
    assert_eq!(messages.len(), 4, "{messages:?}");
    assert!(messages.iter().all(|message| !message.contains(secret)), "{messages:?}");
    let many: Vec<_> = (0..1_000).map(|_| json!(secret)).collect();
    let messages = coerced("[Int!]", "list", json!({ "v": many })).unwrap_err();
    assert_eq!(messages.len(), MOST_ERRORS);
}
