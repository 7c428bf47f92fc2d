//! Who may select what, for every field there is: queries generated from the schema, run as each role, compared with a
//! committed table. What the policy decides in itself is tested in `src/access.rs`.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt::Write as _;

use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputObjectType, ServiceDocument, Type, TypeKind, TypeSystemDefinition,
};
use portcullis::graphql::sdl;
use serde_json::{Value, json};

use crate::harness::TestApp;

/// The schema, ready to write queries from.
pub(crate) struct Writer {
    pub(crate) objects: BTreeMap<String, Vec<FieldDefinition>>,
    inputs: HashMap<String, InputObjectType>,
    one_of: Vec<String>,
    enums: HashMap<String, String>,
    /// For each object type, the shortest way to it: root type and fields.
    ways: HashMap<String, (String, Vec<FieldDefinition>)>,
}

impl Writer {
    pub(crate) fn new() -> Self {
        let document: ServiceDocument = async_graphql::parser::parse_schema(sdl()).unwrap();
        let mut writer = Self {
            objects: BTreeMap::new(),
            inputs: HashMap::new(),
            one_of: Vec::new(),
            enums: HashMap::new(),
            ways: HashMap::new(),
        };
        for definition in document.definitions {
            let TypeSystemDefinition::Type(ty) = definition else {
                continue;
            };
            let name = ty.node.name.node.to_string();
            if ty.node.directives.iter().any(|d| d.node.name.node == "oneOf") {
                writer.one_of.push(name.clone());
            }
            match ty.node.kind {
                TypeKind::Object(object) => {
                    writer
                        .objects
                        .insert(name, object.fields.into_iter().map(|f| f.node).collect());
                }
                TypeKind::InputObject(input) => {
                    writer.inputs.insert(name, input);
                }
                TypeKind::Enum(values) => {
                    writer.enums.insert(name, values.values[0].node.value.node.to_string());
                }
                _ => {}
            }
        }
        for root in ["Query", "Mutation", "Subscription"] {
            writer.ways.insert(root.to_owned(), (root.to_owned(), Vec::new()));
        }
        // Through open fields first: a way through a guarded one hides what is decided at its end.
        for open_only in [true, false] {
            let mut known: Vec<String> = writer.ways.keys().cloned().collect();
            known.sort_unstable();
            let mut queue = VecDeque::from(known);
            while let Some(ty) = queue.pop_front() {
                let (root, way) = writer.ways[&ty].clone();
                for field in &writer.objects[&ty] {
                    let target = base(&field.ty.node);
                    if writer.objects.contains_key(&target)
                        && !writer.ways.contains_key(&target)
                        && !(open_only && is_guarded(field))
                    {
                        let mut longer = way.clone();
                        longer.push(field.clone());
                        writer.ways.insert(target.clone(), (root.clone(), longer));
                        queue.push_back(target);
                    }
                }
            }
        }
        writer
    }

    fn sample(&self, ty: &Type) -> String {
        match &ty.base {
            BaseType::List(inner) => format!("[{}]", self.sample(inner)),
            BaseType::Named(name) => match name.as_str() {
                "Int" => "1".to_owned(),
                "Float" => "1.0".to_owned(),
                "Boolean" => "true".to_owned(),
                "String" | "ID" => "\"nobody-here\"".to_owned(),
                name if self.enums.contains_key(name) => self.enums[name].clone(),
                name => {
                    let input = &self.inputs[name];
                    let one_of = self.one_of.iter().any(|n| n == name);
                    let fields: Vec<_> = input
                        .fields
                        .iter()
                        .enumerate()
                        .filter(|(i, f)| if one_of { *i == 0 } else { !f.node.ty.node.nullable })
                        .map(|(_, f)| format!("{}: {}", f.node.name.node, self.sample(&f.node.ty.node)))
                        .collect();
                    format!("{{ {} }}", fields.join(", "))
                }
            },
        }
    }

    fn call(&self, field: &FieldDefinition) -> String {
        let arguments: Vec<_> = field
            .arguments
            .iter()
            .filter(|a| !a.node.ty.node.nullable && a.node.default_value.is_none())
            .map(|a| format!("{}: {}", a.node.name.node, self.sample(&a.node.ty.node)))
            .collect();
        let arguments = if arguments.is_empty() {
            String::new()
        } else {
            format!("({})", arguments.join(", "))
        };
        format!("{}{arguments}", field.name.node)
    }

    /// A document that selects the field beside `__typename`.
    pub(crate) fn document(&self, ty: &str, field: &FieldDefinition) -> String {
        let (root, way) = &self.ways[ty];
        let leaf = if self.objects.contains_key(&base(&field.ty.node)) {
            " { __typename }"
        } else {
            ""
        };
        let mut document = format!("{{ __typename {}{leaf} }}", self.call(field));
        for step in way.iter().rev() {
            document = format!("{{ {} {document} }}", self.call(step));
        }
        // A subscription selects one field and nothing beside it.
        if root == "Subscription" && way.is_empty() {
            document = format!("{{ {}{leaf} }}", self.call(field));
        }
        format!("{} {document}", root.to_lowercase())
    }

    /// The fields that lead to the type.
    pub(crate) fn way(&self, ty: &str) -> &[FieldDefinition] {
        &self.ways[ty].1
    }

    /// The names of the fields on the way, the field itself last.
    pub(crate) fn path(&self, ty: &str, field: &FieldDefinition) -> Vec<String> {
        let steps = self.ways[ty].1.iter().chain([field]);
        steps.map(|f| f.name.node.to_string()).collect()
    }
}

fn is_guarded(field: &FieldDefinition) -> bool {
    let mut directives = field.directives.iter();
    directives.any(|d| ["auth", "signedIn"].contains(&d.node.name.node.as_str()))
}

fn base(ty: &Type) -> String {
    match &ty.base {
        BaseType::Named(name) => name.to_string(),
        BaseType::List(inner) => base(inner),
    }
}

/// The code of the error at the field or above it.
fn refusal(answer: &Value, path: &[String]) -> Option<String> {
    let errors = answer["errors"].as_array()?;
    if answer.get("data").is_none() {
        // Refused as a whole, as a subscription is.
        return Some(errors[0]["extensions"]["code"].as_str()?.to_owned());
    }
    errors.iter().find_map(|error| {
        let at: Vec<&str> = error["path"].as_array()?.iter().filter_map(Value::as_str).collect();
        let above = at.len() <= path.len() && at.iter().zip(path).all(|(a, b)| a == b);
        above.then(|| error["extensions"]["code"].as_str().unwrap_or("(none)").to_owned())
    })
}

pub(crate) fn decision(answer: &Value, path: &[String]) -> &'static str {
    match refusal(answer, path).as_deref() {
        Some("UNAUTHENTICATED") => "UNAUTHENTICATED",
        Some("FORBIDDEN") => "FORBIDDEN",
        _ => "allowed",
    }
}

#[tokio::test]
async fn every_field_answers_each_role_as_the_committed_table_says() {
    let app = TestApp::start().await;
    let writer = Writer::new();
    let admin = app.admin().await;
    let user = app.user("ann").await;
    let user_key = app.api_key(&user, &["USER"]).await;
    let admin_key = app.api_key(&admin, &["ADMIN"]).await;
    let mut table = String::from("field GUEST USER ADMIN key:USER key:ADMIN\n");
    for (ty, fields) in &writer.objects {
        assert!(writer.ways.contains_key(ty), "no way leads to {ty}");
        for field in fields {
            let document = writer.document(ty, field);
            let path = writer.path(ty, field);
            let mut row = format!("{ty}.{}", field.name.node);
            for token in [None, Some(&user), Some(&admin), Some(&user_key), Some(&admin_key)] {
                let token = token.map(String::as_str);
                // `logout` would end the very session that asks.
                let token_of_its_own;
                let token = match token {
                    Some(token) if document.contains("logout") && !token.starts_with("pk_") => {
                        token_of_its_own = app.login(if token == admin { "admin" } else { "ann" }).await;
                        Some(token_of_its_own.as_str())
                    }
                    token => token,
                };
                let answer = if document.starts_with("subscription") {
                    app.follow(token, &document).await.answer().await
                } else {
                    let answer = app.post(token, &json!({ "query": document })).await;
                    assert!(answer.status.is_success(), "{document}: {}", answer.text);
                    answer.json()
                };
                write!(row, " {}", decision(&answer, &path)).unwrap();
            }
            writeln!(table, "{row}").unwrap();
        }
    }
    insta::assert_snapshot!("access_matrix", table);
}

#[tokio::test]
async fn a_refused_field_is_null_with_its_error_and_its_siblings_answer() {
    let app = TestApp::start().await;
    let writer = Writer::new();
    let admin = app.admin().await;
    // May do nothing: the rights of a role are taken from a user by giving it the guest's.
    let user = app.user("ann").await;
    let demote = "mutation { setUserRoles(input: { id: \"ann\", roles: [\"GUEST\"] }) { errors { code } } }";
    assert_eq!(
        app.query(Some(&admin), demote, json!({}))
            .await
            .data("/setUserRoles/errors"),
        json!([])
    );
    let user = if app
        .post(Some(&user), &json!({ "query": "{ viewer { permissions } }" }))
        .await
        .status
        == 200
    {
        user
    } else {
        app.login("ann").await
    };
    let key = app.api_key(&user, &["GUEST"]).await;
    let mut refused = 0;
    for (ty, fields) in &writer.objects {
        for field in fields {
            if !is_guarded(field) {
                continue;
            }
            let name = field.name.node.as_str();
            for (token, code) in [
                (None, "UNAUTHENTICATED"),
                (Some(user.as_str()), "FORBIDDEN"),
                (Some(key.as_str()), "FORBIDDEN"),
            ] {
                let document = writer.document(ty, field);
                let answer = app.post(token, &json!({ "query": document })).await.json();
                let path = writer.path(ty, field);
                let parent = path[..path.len() - 1]
                    .iter()
                    .fold(&answer["data"], |at, step| &at[step]);
                let Some(parent) = parent.as_object() else {
                    continue;
                };
                assert_eq!(parent["__typename"], json!(ty), "{document}: {answer}");
                assert!(
                    parent.contains_key(name),
                    "{document}: the key {name} is missing: {answer}"
                );
                if decision(&answer, &path) == "allowed" {
                    continue;
                }
                refused += 1;
                assert_eq!(parent[name], json!(null), "{document}: {answer}");
                let errors = answer["errors"].as_array().unwrap();
                assert_eq!(errors.len(), 1, "{document}: {answer}");
                assert_eq!(errors[0]["path"], json!(path), "{document}");
                assert_eq!(errors[0]["extensions"]["code"], code, "{document}");
                assert!(errors[0]["locations"][0]["line"].is_u64(), "{document}: {answer}");
                assert_eq!(
                    errors[0]["extensions"].get("requires").is_some(),
                    code == "FORBIDDEN" && field.directives.iter().any(|d| d.node.name.node == "auth"),
                    "{answer}"
                );
            }
        }
    }
    assert!(refused >= 45, "only {refused} refusals were seen");
}

#[tokio::test]
async fn an_email_is_for_its_owner_and_for_those_who_may_read_accounts() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ann = app.user("ann").await;
    let own = app
        .post(Some(&ann), &json!({ "query": "{ viewer { user { email } } }" }))
        .await;
    assert_eq!(
        own.json(),
        json!({ "data": { "viewer": { "user": { "email": "ann@example.com" } } } })
    );
    let all = app
        .post(Some(&admin), &json!({ "query": "{ users { nodes { email } } }" }))
        .await;
    assert_eq!(all.data("/users/nodes/1/email"), "ann@example.com");
    // Somebody else's, through a field that shows other accounts to everybody: what `register` answers.
    let register = "mutation { register(input: { username: \"bob\", email: \"bob@example.com\", password: \"correct horse battery\" }) { user { id email } } }";
    let other = app.post(Some(&ann), &json!({ "query": register })).await;
    assert_eq!(other.data("/register/user"), json!({ "id": "bob", "email": null }));
    assert_eq!(other.codes(), ["FORBIDDEN"]);
}

#[tokio::test]
async fn viewer_can_says_what_the_guard_does() {
    let app = TestApp::start().await;
    let writer = Writer::new();
    let admin = app.admin().await;
    let user = app.user("ann").await;
    let names: Vec<String> = writer
        .objects
        .iter()
        .filter(|(ty, _)| ["Query", "Mutation", "User"].contains(&ty.as_str()))
        .flat_map(|(ty, fields)| fields.iter().map(move |f| format!("{ty}.{}", f.name.node)))
        .collect();
    let key = app.api_key(&admin, &["ADMIN"]).await;
    for token in [None, Some(user.as_str()), Some(admin.as_str()), Some(key.as_str())] {
        let query = "query($fields: [String!]!) { viewerCan(fields: $fields) { field allowed requires } }";
        let answer = app.query(token, query, json!({ "fields": names })).await;
        for said in answer.data("/viewerCan").as_array().unwrap() {
            let (ty, name) = said["field"].as_str().unwrap().split_once('.').unwrap();
            let field = writer.objects[ty].iter().find(|f| f.name.node == name).unwrap();
            if name == "logout" || (ty == "User" && token.is_none()) {
                continue;
            }
            let answer = app
                .post(token, &json!({ "query": writer.document(ty, field) }))
                .await
                .json();
            let allowed = decision(&answer, &writer.path(ty, field)) == "allowed";
            assert_eq!(said["allowed"], json!(allowed), "{said} {answer}");
        }
    }
    let unknown = app
        .query(
            None,
            "{ viewerCan(fields: [\"Query.nothing\", \"x\"]) { allowed requires } }",
            json!({}),
        )
        .await;
    assert_eq!(
        unknown.data("/viewerCan"),
        json!([{ "allowed": false, "requires": null }, { "allowed": false, "requires": null }])
    );
}
