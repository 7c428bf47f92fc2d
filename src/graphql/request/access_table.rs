//! The access table: the rule of every field, read from the SDL. The guard enforces it, and `viewerCan`, the cost and
//! the tests use it.

use async_graphql::Value;
use async_graphql::parser::types::{ConstDirective, TypeKind, TypeSystemDefinition};
use rustc_hash::FxHashMap;

use crate::access::{self, Requirement};

/// The rule of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldRule {
    /// The requirement of `@auth` or `@signedIn`; `None` if there is none.
    pub requirement: Option<Requirement>,
    /// The weight of `@cost`.
    pub cost: u32,
    /// The list argument for each of whose items the weight counts again.
    pub cost_per: Option<String>,
    /// Whether the field holds personal data or a secret.
    pub sensitive: bool,
    /// The type in SDL notation, such as `[Model!]`.
    pub ty: String,
    /// The arguments that have no default and are not nullable.
    pub required_arguments: Vec<String>,
    /// The default page size; `None` for a field without pages.
    pub page: Option<u32>,
}

impl FieldRule {
    /// The name of the field's type without `!` and `[]`.
    #[must_use]
    pub fn base_type(&self) -> &str {
        self.ty.trim_matches(['[', ']', '!'])
    }
}

/// The rules of all fields of all object types.
#[derive(Debug, Default)]
pub struct AccessTable {
    /// Read for every field of every request. All names are those of the schema, so a fast hash is safe.
    types: FxHashMap<String, FxHashMap<String, FieldRule>>,
}

/// The SDL cannot be read as access rules: a mistake in the schema, reported at startup.
#[derive(Debug, thiserror::Error)]
#[error("the schema's access rules cannot be read: {0}")]
pub struct AccessTableError(String);

impl AccessTable {
    /// Reads the rules from the SDL.
    ///
    /// # Errors
    /// The SDL does not parse, names an unknown permission, or has an interface with a guarded field: guards are
    /// skipped when a field is selected through an interface (async-graphql issue 1826).
    pub fn from_sdl(sdl: &str) -> Result<Self, AccessTableError> {
        let broken = |reason: String| AccessTableError(reason);
        let document = async_graphql::parser::parse_schema(sdl).map_err(|e| broken(e.to_string()))?;
        let mut types: FxHashMap<String, FxHashMap<String, FieldRule>> = FxHashMap::default();
        for definition in document.definitions {
            let TypeSystemDefinition::Type(definition) = definition else {
                continue;
            };
            let name = definition.node.name.node.to_string();
            let (fields, is_interface) = match definition.node.kind {
                TypeKind::Object(object) => (object.fields, false),
                TypeKind::Interface(interface) => (interface.fields, true),
                _ => continue,
            };
            let mut rules = FxHashMap::default();
            for field in fields {
                let field = field.node;
                let field_name = field.name.node.to_string();
                let directive = |wanted: &str| field.directives.iter().map(|d| &d.node).find(|d| d.name.node == wanted);
                let requirement = match (directive("auth"), directive("signedIn")) {
                    (Some(_), Some(_)) => Err("@auth and @signedIn exclude each other".to_owned()),
                    (Some(directive), None) => requirement(directive).map(Some),
                    (None, Some(_)) => Ok(Some(Requirement::Session)),
                    (None, None) => Ok(None),
                };
                let requirement = requirement.map_err(|reason| broken(format!("{name}.{field_name}: {reason}")))?;
                let page = field.arguments.iter().find(|a| a.node.name.node == "first");
                if is_interface && requirement.is_some() {
                    return Err(broken(format!(
                        "{name}.{field_name}: an interface cannot carry a guarded field"
                    )));
                }
                rules.insert(
                    field_name,
                    FieldRule {
                        requirement,
                        cost: directive("cost").and_then(weight).unwrap_or(0),
                        cost_per: directive("cost").and_then(per),
                        sensitive: directive("sensitive").is_some(),
                        ty: field.ty.node.to_string(),
                        required_arguments: field
                            .arguments
                            .iter()
                            .filter(|a| !a.node.ty.node.nullable && a.node.default_value.is_none())
                            .map(|a| a.node.name.node.to_string())
                            .collect(),
                        page: page.and_then(|a| number(&a.node.default_value.as_ref()?.node)),
                    },
                );
            }
            types.entry(name).or_default().extend(rules);
        }
        Ok(Self { types })
    }

    /// The rule of a field; `None` if the field does not exist.
    #[must_use]
    pub fn rule(&self, parent_type: &str, field: &str) -> Option<&FieldRule> {
        self.types.get(parent_type)?.get(field)
    }

    /// Every field as `(type, field, rule)`, sorted by name.
    #[must_use]
    pub fn fields(&self) -> Vec<(&str, &str, &FieldRule)> {
        let mut fields: Vec<_> = self
            .types
            .iter()
            .flat_map(|(ty, fields)| {
                fields
                    .iter()
                    .map(move |(name, rule)| (ty.as_str(), name.as_str(), rule))
            })
            .collect();
        fields.sort_unstable_by_key(|(ty, name, _)| (*ty, *name));
        fields
    }
}

fn requirement(directive: &ConstDirective) -> Result<Requirement, String> {
    let argument = |name: &str| directive.get_argument(name).map(|value| &value.node);
    let permission = match argument("requires") {
        Some(async_graphql::Value::Enum(name)) => {
            let unknown = |_| format!("@auth requires {name}, which is not a permission");
            name.as_str().parse::<access::Permission>().map_err(unknown)?
        }
        _ => return Err("@auth names no permission".to_owned()),
    };
    let or_owner = matches!(argument("orOwner"), Some(async_graphql::Value::Boolean(true)));
    Ok(Requirement::Permission { permission, or_owner })
}

fn weight(directive: &ConstDirective) -> Option<u32> {
    number(&directive.get_argument("weight")?.node)
}

fn per(directive: &ConstDirective) -> Option<String> {
    match &directive.get_argument("per")?.node {
        Value::String(path) => Some(path.clone()),
        _ => None,
    }
}

fn number(value: &Value) -> Option<u32> {
    match value {
        Value::Number(number) => u32::try_from(number.as_u64()?).ok(),
        _ => None,
    }
}
