//! Queries for every field of a schema, written from its SDL, and the access decision read from a response.

use std::collections::{BTreeMap, HashMap, VecDeque};

use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputObjectType, ServiceDocument, Type, TypeKind, TypeSystemDefinition,
};
use serde_json::Value;

/// The types of a schema, and for each object type the fields that lead to it.
pub struct FieldQueries {
    /// The fields of each object type.
    pub objects: BTreeMap<String, Vec<FieldDefinition>>,
    inputs: HashMap<String, InputObjectType>,
    one_of: Vec<String>,
    enums: HashMap<String, String>,
    /// For each object type, the shortest path to it: root type and fields.
    paths: HashMap<String, (String, Vec<FieldDefinition>)>,
}

impl FieldQueries {
    /// Reads a schema.
    #[must_use]
    pub fn new(sdl: &str) -> Self {
        let document: ServiceDocument = async_graphql::parser::parse_schema(sdl).unwrap();
        let mut queries = Self {
            objects: BTreeMap::new(),
            inputs: HashMap::new(),
            one_of: Vec::new(),
            enums: HashMap::new(),
            paths: HashMap::new(),
        };
        for definition in document.definitions {
            let TypeSystemDefinition::Type(ty) = definition else {
                continue;
            };
            let name = ty.node.name.node.to_string();
            if ty.node.directives.iter().any(|d| d.node.name.node == "oneOf") {
                queries.one_of.push(name.clone());
            }
            match ty.node.kind {
                TypeKind::Object(object) => {
                    queries
                        .objects
                        .insert(name, object.fields.into_iter().map(|f| f.node).collect());
                }
                TypeKind::InputObject(input) => {
                    queries.inputs.insert(name, input);
                }
                TypeKind::Enum(values) => {
                    queries.enums.insert(name, values.values[0].node.value.node.to_string());
                }
                _ => {}
            }
        }
        for root in ["Query", "Mutation", "Subscription"] {
            queries.paths.insert(root.to_owned(), (root.to_owned(), Vec::new()));
        }
        // Public fields first: a guarded field on the path hides the decision at its end.
        for public_only in [true, false] {
            let mut known: Vec<String> = queries.paths.keys().cloned().collect();
            known.sort_unstable();
            let mut queue = VecDeque::from(known);
            while let Some(ty) = queue.pop_front() {
                let (root, path) = queries.paths[&ty].clone();
                for field in &queries.objects[&ty] {
                    let target = base(&field.ty.node);
                    if queries.objects.contains_key(&target)
                        && !queries.paths.contains_key(&target)
                        && !(public_only && is_guarded(field))
                    {
                        let mut longer = path.clone();
                        longer.push(field.clone());
                        queries.paths.insert(target.clone(), (root.clone(), longer));
                        queue.push_back(target);
                    }
                }
            }
        }
        queries
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

    /// A document that selects a field and `__typename`.
    #[must_use]
    pub fn document(&self, ty: &str, field: &FieldDefinition) -> String {
        let (root, path) = &self.paths[ty];
        let leaf = if self.objects.contains_key(&base(&field.ty.node)) {
            " { __typename }"
        } else {
            ""
        };
        let mut document = format!("{{ __typename {}{leaf} }}", self.call(field));
        for step in path.iter().rev() {
            document = format!("{{ {} {document} }}", self.call(step));
        }
        // A subscription selects a single root field.
        if root == "Subscription" && path.is_empty() {
            document = format!("{{ {}{leaf} }}", self.call(field));
        }
        format!("{} {document}", root.to_lowercase())
    }

    /// Whether fields lead to an object type.
    #[must_use]
    pub fn is_reachable(&self, ty: &str) -> bool {
        self.paths.contains_key(ty)
    }

    /// The fields that lead to an object type.
    #[must_use]
    pub fn path_to(&self, ty: &str) -> &[FieldDefinition] {
        &self.paths[ty].1
    }

    /// The path of a field in a response.
    #[must_use]
    pub fn path(&self, ty: &str, field: &FieldDefinition) -> Vec<String> {
        let steps = self.paths[ty].1.iter().chain([field]);
        steps.map(|f| f.name.node.to_string()).collect()
    }
}

/// Whether a field has a directive that the guard enforces.
#[must_use]
pub fn is_guarded(field: &FieldDefinition) -> bool {
    let mut directives = field.directives.iter();
    directives.any(|d| ["auth", "signedIn"].contains(&d.node.name.node.as_str()))
}

fn base(ty: &Type) -> String {
    match &ty.base {
        BaseType::Named(name) => name.to_string(),
        BaseType::List(inner) => base(inner),
    }
}

/// The code of the error at a path or above it.
fn refusal(answer: &Value, path: &[String]) -> Option<String> {
    let errors = answer["errors"].as_array()?;
    if answer.get("data").is_none() {
        // A request error, as for a subscription.
        return Some(errors[0]["extensions"]["code"].as_str()?.to_owned());
    }
    errors.iter().find_map(|error| {
        let at: Vec<&str> = error["path"].as_array()?.iter().filter_map(Value::as_str).collect();
        let above = at.len() <= path.len() && at.iter().zip(path).all(|(a, b)| a == b);
        above.then(|| error["extensions"]["code"].as_str().unwrap_or("(none)").to_owned())
    })
}

/// The access decision for the field at a path, read from a response: `UNAUTHENTICATED`, `FORBIDDEN` or `allowed`.
#[must_use]
pub fn decision(answer: &Value, path: &[String]) -> &'static str {
    match refusal(answer, path).as_deref() {
        Some("UNAUTHENTICATED") => "UNAUTHENTICATED",
        Some("FORBIDDEN") => "FORBIDDEN",
        _ => "allowed",
    }
}
