//! Semantic nullability: the fields with `@semanticNonNull`, and that no response to random documents has a null at such a
//! field without an error at its path or below.

mod documents;

use std::collections::BTreeSet;

use async_graphql::Value as Constant;
use async_graphql::parser::types::{BaseType, FieldDefinition, Type, TypeSystemDefinition};
use portcullis::config::{self, Config};
use portcullis::graphql::sdl;
use portcullis_test_support::field_queries::is_guarded;
use serde_json::{Value, json};

use self::documents::{Choices, Selected, Types, base, written};
use crate::harness::TestApp;

/// The number of random documents, each executed for every kind of caller; this variable sets another.
const DOCUMENTS: u64 = 300;
const VARIABLE: &str = "PORTCULLIS_TEST_DOCUMENTS";

/// Fields that run a model or read everything.
const RARE: [&str; 7] = [
    "predict",
    "matchResume",
    "rankJobs",
    "rankResumes",
    "searchJobs",
    "exportMyData",
    "addJobs",
];

/// The levels of `@semanticNonNull` on a field; empty without the directive.
fn levels(field: &FieldDefinition) -> Vec<usize> {
    let mut directives = field.directives.iter().map(|directive| &directive.node);
    let Some(directive) = directives.find(|directive| directive.name.node == "semanticNonNull") else {
        return Vec::new();
    };
    match directive.get_argument("levels").map(|levels| &levels.node) {
        None => vec![0],
        Some(Constant::List(levels)) => levels
            .iter()
            .map(|level| match level {
                Constant::Number(level) => usize::try_from(level.as_u64().unwrap()).unwrap(),
                other => panic!("a level is {other}"),
            })
            .collect(),
        Some(other) => panic!("levels are {other}"),
    }
}

/// Whether each level of a type is nullable: the field itself, the items of its list, and so on.
fn nullable_levels(ty: &Type) -> Vec<bool> {
    let mut levels = vec![ty.nullable];
    if let BaseType::List(item) = &ty.base {
        levels.extend(nullable_levels(item));
    }
    levels
}

#[test]
fn guarded_fields_are_semantically_non_null_unless_their_description_mentions_null() {
    let types = Types::read(&sdl());
    let mut marked = 0;
    for (ty, fields) in &types.objects {
        for field in fields {
            let name = format!("{ty}.{}", field.name.node);
            let description = field.description.as_ref().unwrap().node.to_lowercase();
            let mentions_null = description
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| word == "null");
            let levels = levels(field);
            if is_guarded(field) {
                assert_eq!(levels.is_empty(), mentions_null, "{name}: {levels:?} {description}");
            }
            let nullable = nullable_levels(&field.ty.node);
            for level in levels {
                assert_eq!(
                    nullable.get(level),
                    Some(&true),
                    "{name}: level {level} of {}",
                    field.ty.node
                );
                marked += 1;
            }
        }
    }
    assert!(marked >= 25, "{marked}");
}

#[test]
fn the_directive_is_that_of_relay_and_apollo() {
    let definitions = async_graphql::parser::parse_schema(sdl()).unwrap().definitions;
    let mut directives = definitions.into_iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Directive(directive) => Some(directive.node),
        _ => None,
    });
    let directive = directives
        .find(|directive| directive.name.node == "semanticNonNull")
        .unwrap();
    let locations: Vec<_> = directive.locations.iter().map(|location| location.node).collect();
    assert_eq!(format!("{locations:?}"), "[FieldDefinition]");
    let arguments: Vec<_> = directive.arguments.iter().map(|argument| &argument.node).collect();
    assert_eq!(arguments.len(), 1);
    assert_eq!(
        (arguments[0].name.node.as_str(), arguments[0].ty.node.to_string()),
        ("levels", "[Int!]!".to_owned())
    );
    let default = arguments[0].default_value.as_ref().map(|value| value.node.to_string());
    assert_eq!(default.as_deref(), Some("[0]"));
}

/// The nulls of one response.
struct Nulls<'a> {
    /// The paths of the errors.
    errors: &'a [Vec<Value>],
    /// The paths of semantically non-null positions that are null without an error.
    unexplained: Vec<Vec<Value>>,
    /// The fields that were null with an error, and those that had a value.
    refused: BTreeSet<String>,
    answered: BTreeSet<String>,
}

impl<'a> Nulls<'a> {
    fn with(errors: &'a [Vec<Value>]) -> Self {
        Self {
            errors,
            unexplained: Vec::new(),
            refused: BTreeSet::new(),
            answered: BTreeSet::new(),
        }
    }

    fn object(&mut self, object: &Value, selected: &[Selected<'_>], path: &[Value]) {
        for one in selected {
            let mut path = path.to_vec();
            path.push(json!(one.key));
            let value = object
                .get(&one.key)
                .unwrap_or_else(|| panic!("no {path:?} in {object}"));
            self.value(value, one, 0, &path);
        }
    }

    fn value(&mut self, value: &Value, one: &Selected<'_>, level: usize, path: &[Value]) {
        let is_marked = levels(one.field).contains(&level);
        let name = format!("{}.{}", one.parent, one.field.name.node);
        match value {
            Value::Null if is_marked => {
                if self.errors.iter().any(|error| error.starts_with(path)) {
                    self.refused.insert(name);
                } else {
                    self.unexplained.push(path.to_vec());
                }
            }
            Value::Null => {}
            _ if is_marked => {
                self.answered.insert(name);
            }
            _ => {}
        }
        match value {
            Value::Array(items) if nullable_levels(&one.field.ty.node).len() > level + 1 => {
                for (index, item) in items.iter().enumerate() {
                    let mut path = path.to_vec();
                    path.push(json!(index));
                    self.value(item, one, level + 1, &path);
                }
            }
            Value::Object(_) if !one.below.is_empty() => self.object(value, &one.below, path),
            _ => {}
        }
    }
}

fn error_paths(body: &Value) -> Vec<Vec<Value>> {
    let errors = body["errors"].as_array().into_iter().flatten();
    errors
        .filter_map(|error| Some(error["path"].as_array()?.clone()))
        .collect()
}

#[test]
fn a_null_without_an_error_at_its_path_is_found() {
    const SDL: &str = "
        directive @semanticNonNull(levels: [Int!]! = [0]) on FIELD_DEFINITION
        type Query { one: Query @semanticNonNull many: [Int] @semanticNonNull(levels: [0, 1]) maybe: Int }";
    let types = Types::read(SDL);
    let mut choices = Choices(1);
    // A selection of all three fields.
    let selected = std::iter::repeat_with(|| types.selection(&mut choices, "Query", 1, &[], &[])).find(|selected| {
        let mut names: Vec<_> = selected.iter().map(|one| one.field.name.node.as_str()).collect();
        names.sort_unstable();
        names == ["many", "maybe", "one"]
    });
    let selected = selected.unwrap();
    let key = |name: &str| {
        let one = selected.iter().find(|one| one.field.name.node == name);
        one.unwrap().key.clone()
    };
    let [one, many, maybe] = ["one", "many", "maybe"].map(key);
    let data = json!({ &one: null, &many: [1, null], &maybe: null });
    let unexplained = |errors: &[Vec<Value>]| {
        let mut nulls = Nulls::with(errors);
        nulls.object(&data, &selected, &[]);
        nulls.unexplained.sort_by_key(|path| path.len());
        nulls.unexplained
    };
    let (at_one, at_item) = (vec![json!(one)], vec![json!(many), json!(1)]);
    assert_eq!(unexplained(&[]), [at_one.clone(), at_item.clone()]);
    assert_eq!(
        unexplained(&[vec![json!(maybe)], vec![json!(many), json!(0)]]),
        [at_one.clone(), at_item.clone()]
    );
    // An error below a field has propagated to it.
    assert_eq!(
        unexplained(&[vec![json!(one), json!("f0"), json!("f1")]]),
        std::slice::from_ref(&at_item)
    );
    assert!(unexplained(&[at_one, at_item]).is_empty());
}

/// An app with some data, and the token of each kind of caller.
async fn app() -> (TestApp, Vec<Option<String>>) {
    let app = TestApp::with(Config {
        tokens: config::Tokens {
            // A run of many documents takes longer than the default of 15 minutes.
            access_token_seconds: 86_400,
            ..config::Tokens::default()
        },
        ..Config::default()
    })
    .await;
    let admin = app.admin().await;
    let ann = app.user("ann").await;
    let keys = [
        app.api_key(&ann, &["USER"]).await,
        app.api_key(&admin, &["ADMIN"]).await,
    ];
    app.user("bob").await;
    for change in [
        "mutation { putRole(name: \"CLERK\", permissions: [READ_USERS, READ_AUDIT]) { errors { message } } }",
        "mutation { setUserRoles(input: { id: \"bob\", roles: [\"CLERK\"] }) { errors { message } } }",
        "mutation { addJobs(input: { jobs: [{ id: \"cook\", source: { text: \"Cook wanted\" } }] }) { errors { message } } }",
    ] {
        app.change(&admin, change).await;
    }
    let bob = app.login("bob").await;
    let tokens = [admin, ann, bob].into_iter().chain(keys);
    let callers = std::iter::once(None).chain(tokens.map(Some)).collect();
    (app, callers)
}

#[tokio::test]
async fn random_documents_find_no_null_without_an_error() {
    let documents = std::env::var(VARIABLE)
        .ok()
        .map_or(DOCUMENTS, |number| number.parse().unwrap());
    let (app, callers) = app().await;
    let types = Types::read(&sdl());
    let users = "{ users(first: 1) { pageInfo { endCursor } } }";
    let cursor = app.query(callers[1].as_deref(), users, json!({})).await;
    let cursor = cursor.data("/users/pageInfo/endCursor").as_str().unwrap().to_owned();
    let texts = [
        "admin",
        "ann",
        "nobody",
        "cook",
        "occupation",
        "Cook wanted",
        "x",
        "",
        "Query.users",
        &cursor,
    ];
    // Arguments of mutations name nothing that exists, so that the callers keep their permissions.
    let (unknown, mut rare) = (["nobody", "x"], RARE.to_vec());
    let public = ["register", "login", "refresh", "logout"];
    // Each of these costs a password hash.
    let slow = ["changePassword", "eraseMe"];
    rare.extend(public.iter().chain(&slow));
    let (mut refused, mut answered) = (BTreeSet::new(), BTreeSet::new());
    let (mut executed, mut rejected) = (0, Vec::new());
    for seed in 0..documents {
        let mut choices = Choices(seed);
        let (operation, selected) = if choices.below(8) == 0 {
            let mut selected = types.selection(&mut choices, "Mutation", 2, &unknown, &rare);
            selected.retain(|one| !public.contains(&one.field.name.node.as_str()));
            ("mutation", selected)
        } else {
            ("query", types.selection(&mut choices, "Query", 4, &texts, &rare))
        };
        if selected.is_empty() {
            continue;
        }
        let document = written(operation, &selected);
        for token in &callers {
            let answer = app.query(token.as_deref(), &document, json!({})).await;
            let body = answer.json();
            let Some(data) = body.get("data") else {
                rejected.push(format!("{document}: {body}"));
                continue;
            };
            executed += 1;
            // A non-null root field that failed leaves no data.
            if data.is_null() {
                assert!(!error_paths(&body).is_empty(), "seed {seed}: {document}: {body}");
                continue;
            }
            let errors = error_paths(&body);
            let mut nulls = Nulls::with(&errors);
            nulls.object(data, &selected, &[]);
            assert!(
                nulls.unexplained.is_empty(),
                "seed {seed}: null without an error at {:?}: {document}: {body}",
                nulls.unexplained
            );
            refused.append(&mut nulls.refused);
            answered.append(&mut nulls.answered);
        }
    }
    // The documents must be valid and reach refusals and values of many fields.
    assert!(
        rejected.len() * 10 < executed,
        "{} of {executed}: {:?}",
        rejected.len(),
        rejected.first()
    );
    assert!(refused.len() >= 12, "{refused:?}");
    assert!(answered.len() >= 12, "{answered:?}");
}

#[tokio::test]
async fn events_of_subscriptions_are_null_only_with_an_error() {
    let (app, callers) = app().await;
    let types = Types::read(&sdl());
    let input = |field: &FieldDefinition| match base(&field.arguments[0].node.ty.node) {
        "RankJobsInput" => "{ resume: { text: \"Cook\" }, jobs: [{ text: \"Cook wanted\" }, { text: \"\" }] }",
        "RankResumesInput" => "{ job: { text: \"Cook wanted\" }, resumes: [{ text: \"Cook\" }, { text: \"\" }] }",
        other => panic!("{other} is new: add a value for it here"),
    };
    let marked = types.objects["Subscription"]
        .iter()
        .filter(|field| !levels(field).is_empty());
    let (mut values, mut nulls) = (0, 0);
    for field in marked {
        let name = field.name.node.as_str();
        let document = format!("subscription {{ {name}(input: {}) {{ done }} }}", input(field));
        for token in &callers {
            let mut events = app.follow(token.as_deref(), &document).await;
            while let Some((kind, data)) = events.next().await {
                if kind != "next" {
                    continue;
                }
                let event: Value = serde_json::from_str(&data).unwrap();
                if event["data"][name].is_object() {
                    values += 1;
                } else {
                    assert!(!event["errors"].as_array().unwrap().is_empty(), "{document}: {event}");
                    nulls += 1;
                }
            }
        }
    }
    assert!(values >= 8 && nulls >= 2, "{values} {nulls}");
}
