//! `@skip` and `@include` with variables: an operation is charged for exactly the fields that it answers, whether a
//! variable's value is given or a default. Other rules of cost are tested in `quotas`.

use std::cell::Cell;

use portcullis::config::{self, Config};
use proptest::prelude::*;
use proptest::test_runner::{Config as Cases, TestRunner};
use serde_json::{Map, Value, json};

use crate::harness::TestApp;
use crate::trusted::by_every_transport;

/// The cost of `exportMyData`, which needs no model.
const EXPORT: u64 = 100;

fn with_quota(quota: u64) -> Config {
    Config {
        limits: config::Limits {
            quotas: [("USER".to_owned(), quota)].into(),
            max_cost: [("USER".to_owned(), u32::MAX)].into(),
            ..config::Limits::default()
        },
        ..Config::default()
    }
}

async fn used(app: &TestApp, token: &str) -> u64 {
    let answer = app.query(Some(token), "{ viewer { quota { used } } }", json!({})).await;
    answer.data("/viewer/quota/used").as_u64().unwrap()
}

/// One selection of `predict` under a condition.
fn predict(directive: &str, default: bool) -> String {
    format!(
        "query Q($v: Boolean = {default}) {{ predict(input: {{ model: \"occupation\", inputs: [{{ text: \"x\" }}] }}) \
         @{directive}(if: $v) {{ predictions {{ label }} }} }}"
    )
}

#[tokio::test]
async fn defaults_apply_to_cost_and_execution_over_every_transport() {
    let cases = [
        ("skip", true, json!({}), false),
        ("skip", true, json!({ "v": false }), true),
        ("skip", false, json!({ "v": true }), false),
        ("include", true, json!({}), true),
        ("include", false, json!({}), false),
    ];
    let manifest = tempfile::NamedTempFile::new().unwrap();
    let documents: Map<_, _> = ["skip", "include"]
        .iter()
        .flat_map(|directive| {
            [true, false].map(|default| (format!("{directive} {default}"), predict(directive, default)))
        })
        .map(|(id, text)| (id, Value::from(text)))
        .collect();
    std::fs::write(manifest.path(), Value::Object(documents).to_string()).unwrap();
    let app = TestApp::with(Config {
        schema: config::Schema {
            trusted_documents: Some(manifest.path().to_owned()),
            ..config::Schema::default()
        },
        ..with_quota(1_000)
    })
    .await;
    let ann = app.user("ann").await;
    let mut spent = 0;
    for (directive, default, variables, answered) in &cases {
        for parameters in [
            json!({ "query": predict(directive, *default), "variables": variables }),
            json!({ "documentId": format!("{directive} {default}"), "variables": variables }),
        ] {
            for (transport, answer) in by_every_transport(&app, Some(&ann), &parameters).await {
                let has_field = answer["data"]["predict"].is_object();
                let empty = answer == json!({ "data": {} });
                assert!(
                    has_field == *answered && empty != *answered,
                    "{transport}: {parameters}: {answer}"
                );
                spent += if *answered { 10 } else { 0 };
            }
            assert_eq!(used(&app, &ann).await, spent, "{parameters}");
        }
    }
}

#[tokio::test]
async fn an_exhausted_quota_refuses_fields_that_a_default_includes() {
    let app = TestApp::with(with_quota(0)).await;
    let ann = app.user("ann").await;
    for (directive, default, refused) in [("skip", false, true), ("include", true, true), ("skip", true, false)] {
        let parameters = json!({ "query": predict(directive, default) });
        for (transport, answer) in by_every_transport(&app, Some(&ann), &parameters).await {
            let code = &answer["errors"][0]["extensions"]["code"];
            let expected = if refused { json!("QUOTA_EXCEEDED") } else { Value::Null };
            assert_eq!(*code, expected, "{transport}: {parameters}");
            assert!(answer["data"]["predict"].is_null(), "{transport}: {answer}");
        }
    }
}

#[tokio::test]
async fn a_null_condition_is_rejected_and_not_charged() {
    let app = TestApp::with(with_quota(1_000)).await;
    let ann = app.user("ann").await;
    for directive in ["skip", "include"] {
        let parameters = json!({ "query": predict(directive, true), "variables": { "v": null } });
        for (transport, answer) in by_every_transport(&app, Some(&ann), &parameters).await {
            let code = &answer["errors"][0]["extensions"]["code"];
            assert_eq!(code, "BAD_USER_INPUT", "{transport}: {answer}");
            assert!(answer.get("data").is_none(), "{transport}: {answer}");
        }
    }
    assert_eq!(used(&app, &ann).await, 0);
}

#[tokio::test]
async fn cached_documents_keep_the_defaults_of_their_variables() {
    let app = TestApp::with(with_quota(10_000)).await;
    let ann = app.user("ann").await;
    let mut spent = 0;
    // From the second request on, the document comes from the cache.
    for _ in 0..3 {
        for (condition, answered) in [("skip(if: $v)", false), ("include(if: $v)", true)] {
            let query = format!("query($v: Boolean = true) {{ exportMyData @{condition} }}");
            let answer = app.query(Some(&ann), &query, json!({})).await.json();
            assert_eq!(
                answer["data"]["exportMyData"].is_object(),
                answered,
                "{query}: {answer}"
            );
            spent += if answered { EXPORT } else { 0 };
            assert_eq!(used(&app, &ann).await, spent, "{query}");
            let answer = app.query(Some(&ann), &query, json!({ "v": false })).await.json();
            assert_eq!(
                answer["data"]["exportMyData"].is_object(),
                !answered,
                "{query}: {answer}"
            );
            spent += if answered { 0 } else { EXPORT };
            assert_eq!(used(&app, &ann).await, spent, "{query}");
        }
    }
}

#[tokio::test]
async fn an_absent_variable_is_not_null() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let scores = async |definition: &str, top_k: &str, variables: Value| {
        let query = format!(
            "query{definition} {{ predict(input: {{ model: \"occupation\", inputs: [{{ text: \"Weld pipes\" }}], \
             topK: {top_k} }}) {{ predictions {{ scores {{ label }} }} }} }}"
        );
        let answer = app.query(Some(&ann), &query, variables).await;
        answer.data("/predict/predictions/0/scores").as_array().unwrap().len()
    };
    // Without a value, the input object's default applies, which is 3. Null means 3 as well.
    assert_eq!(scores("", "null", json!({})).await, 3);
    assert_eq!(scores("($k: Int)", "$k", json!({})).await, 3);
    assert_eq!(scores("($k: Int)", "$k", json!({ "k": 2 })).await, 2);
    assert_eq!(scores("($k: Int = 1)", "$k", json!({})).await, 1);
    assert_eq!(scores("($k: Int = 1)", "$k", json!({ "k": 2 })).await, 2);
    assert_eq!(scores("($k: Int = 1)", "$k", json!({ "k": null })).await, 3);
}

/// A variable of a generated operation, with its value by the specification.
#[derive(Debug, Clone)]
struct Variable {
    ty: &'static str,
    given: Option<bool>,
    value: bool,
}

fn variable() -> impl Strategy<Value = Variable> {
    let booleans = any::<bool>();
    prop_oneof![
        booleans.prop_map(|value| Variable {
            ty: "Boolean!",
            given: Some(value),
            value,
        }),
        (
            prop::sample::select(vec![
                ("Boolean! = true", true),
                ("Boolean! = false", false),
                ("Boolean = true", true),
                ("Boolean = false", false),
            ]),
            prop::option::of(booleans),
        )
            .prop_map(|((ty, default), given)| Variable {
                ty,
                given,
                value: given.unwrap_or(default),
            }),
    ]
}

/// How many variables an operation has.
const VARIABLES: usize = 3;

/// The condition of a directive: the index of a variable, or a literal.
#[derive(Debug, Clone)]
enum Condition {
    Variable(usize),
    Literal(bool),
}

/// A selection with its `@skip` and `@include`, in either order.
#[derive(Debug, Clone)]
struct Selection {
    skip: Option<Condition>,
    include: Option<Condition>,
    skip_first: bool,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Field,
    Inline(bool, Vec<Selection>),
    Spread(Vec<Selection>),
}

fn selection() -> impl Strategy<Value = Selection> {
    let with_conditions = |kind: BoxedStrategy<Kind>| {
        let condition = prop_oneof![
            4 => (0..VARIABLES).prop_map(Condition::Variable),
            1 => any::<bool>().prop_map(Condition::Literal),
        ];
        let conditions = prop::option::of(condition);
        (conditions.clone(), conditions, any::<bool>(), kind).prop_map(|(skip, include, skip_first, kind)| Selection {
            skip,
            include,
            skip_first,
            kind,
        })
    };
    with_conditions(Just(Kind::Field).boxed()).prop_recursive(3, 10, 3, move |inner| {
        let inner = prop::collection::vec(inner, 1..4);
        let kinds = prop_oneof![
            (any::<bool>(), inner.clone()).prop_map(|(typed, inner)| Kind::Inline(typed, inner)),
            inner.prop_map(Kind::Spread),
        ];
        with_conditions(kinds.boxed())
    })
}

/// A document being written, and which of its fields `CollectFields()` of the specification (6.3.2) collects.
#[derive(Default)]
struct Document {
    fragments: String,
    spreads: usize,
    fields: Vec<bool>,
}

impl Document {
    fn write(&mut self, selections: &[Selection], variables: &[Variable], included: bool) -> String {
        let written = selections.iter().map(|selection| {
            let value = |condition: &Condition| match condition {
                Condition::Variable(index) => variables[*index].value,
                Condition::Literal(value) => *value,
            };
            let skipped = selection.skip.as_ref().is_some_and(value);
            let included = included && !skipped && selection.include.as_ref().is_none_or(value);
            let directive = |name: &str, condition: Option<&Condition>| match condition {
                Some(Condition::Variable(index)) => format!(" @{name}(if: $v{index})"),
                Some(Condition::Literal(value)) => format!(" @{name}(if: {value})"),
                None => String::new(),
            };
            let mut directives = [
                directive("skip", selection.skip.as_ref()),
                directive("include", selection.include.as_ref()),
            ];
            if !selection.skip_first {
                directives.reverse();
            }
            let directives = directives.concat();
            match &selection.kind {
                Kind::Field => {
                    self.fields.push(included);
                    format!("f{}: exportMyData{directives}", self.fields.len() - 1)
                }
                Kind::Inline(typed, inner) => {
                    let condition = if *typed { " on Query" } else { "" };
                    format!(
                        "...{condition}{directives} {{ {} }}",
                        self.write(inner, variables, included)
                    )
                }
                Kind::Spread(inner) => {
                    self.spreads += 1;
                    let name = format!("F{}", self.spreads);
                    let inner = self.write(inner, variables, included);
                    self.fragments += &format!(" fragment {name} on Query {{ {inner} }}");
                    format!("...{name}{directives}")
                }
            }
        });
        written.collect::<Vec<_>>().join(" ")
    }
}

#[test]
fn an_operation_is_charged_for_exactly_the_fields_it_answers() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (app, ann) = runtime.block_on(async {
        let app = TestApp::with(with_quota(1_000_000_000)).await;
        let ann = app.user("ann").await;
        (app, ann)
    });
    let operations = (
        prop::collection::vec(selection(), 1..4),
        prop::collection::vec(variable(), VARIABLES),
    );
    let mut runner = TestRunner::new(Cases {
        cases: 128,
        failure_persistence: None,
        ..Cases::default()
    });
    let (answered_fields, all_fields) = (Cell::new(0), Cell::new(0));
    let result = runner.run(&operations, |(selections, variables)| {
        let mut document = Document::default();
        let written = document.write(&selections, &variables, true);
        // Validation rejects unused variables. These fields are free.
        let uses = (0..VARIABLES).map(|index| format!("v{index}: service @skip(if: $v{index}) {{ name }}"));
        let definitions = variables.iter().enumerate();
        let definitions = definitions.map(|(index, variable)| format!("$v{index}: {}", variable.ty));
        let query = format!(
            "query({}) {{ {} {written} }}{}",
            definitions.collect::<Vec<_>>().join(", "),
            uses.collect::<Vec<_>>().join(" "),
            document.fragments
        );
        let given = variables.iter().enumerate();
        let given = given.filter_map(|(index, variable)| Some((format!("v{index}"), variable.given?.into())));
        let given: Map<_, _> = given.collect();
        // The second document may come from the cache.
        for _ in 0..2 {
            let (answer, charged) = runtime.block_on(async {
                let before = used(&app, &ann).await;
                let answer = app.query(Some(&ann), &query, Value::Object(given.clone())).await;
                (answer, used(&app, &ann).await - before)
            });
            let answer = answer.json();
            prop_assert!(answer.get("errors").is_none(), "{query} {given:?}: {answer}");
            for (index, included) in document.fields.iter().enumerate() {
                let answered = answer["data"].get(format!("f{index}")).is_some_and(Value::is_object);
                prop_assert_eq!(answered, *included, "f{} of {} {:?}", index, query, given);
            }
            let answered = document.fields.iter().filter(|included| **included).count();
            prop_assert_eq!(
                charged,
                EXPORT * u64::try_from(answered).unwrap(),
                "{} {:?}",
                query,
                given
            );
        }
        let answered = document.fields.iter().filter(|included| **included).count();
        answered_fields.update(|count| count + answered);
        all_fields.update(|count| count + document.fields.len());
        Ok(())
    });
    result.unwrap();
    // The generator must produce fields of both kinds.
    let (answered, all) = (answered_fields.get(), all_fields.get());
    assert!(
        answered > 20 && all - answered > 20,
        "{answered} of {all} fields were answered"
    );
}
