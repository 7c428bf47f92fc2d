//! The committed schema, and the rules that every field of it follows.

use async_graphql::Positioned;
use async_graphql::parser::types::{
    ConstDirective, DirectiveDefinition, EnumValueDefinition, FieldDefinition, InputValueDefinition, InterfaceType,
    ObjectType, Type, TypeKind, TypeSystemDefinition,
};
use portcullis::graphql::request::access_table::AccessTable;
use portcullis::graphql::sdl;

/// The root fields without a permission. The list may only shrink: a new field needs a permission.
const PUBLIC_ROOTS: [(&str, &[&str]); 3] = [
    ("Query", &["service", "viewer", "viewerCan"]),
    ("Mutation", &["register", "login", "refresh", "logout"]),
    ("Subscription", &["viewer"]),
];

#[test]
fn the_committed_schema_is_the_schema() {
    let committed = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql")).unwrap();
    assert!(committed == sdl(), "schema.graphql is stale: run `just schema`");
}

#[test]
fn every_root_field_has_a_permission_or_is_listed_as_public() {
    let table = AccessTable::from_sdl(&sdl()).unwrap();
    for (root, public) in PUBLIC_ROOTS {
        let mut open: Vec<_> = table
            .fields()
            .into_iter()
            .filter(|(ty, _, rule)| *ty == root && rule.requirement.is_none())
            .map(|(_, field, _)| field)
            .collect();
        let mut public = public.to_vec();
        open.sort_unstable();
        public.sort_unstable();
        assert_eq!(open, public, "the open fields of {root}");
    }
}

#[test]
fn a_guarded_field_can_be_null() {
    // If it could not be null, a refusal would null its parent, and its siblings would not be answered.
    let table = AccessTable::from_sdl(&sdl()).unwrap();
    let guarded: Vec<_> = table
        .fields()
        .into_iter()
        .filter(|(_, _, rule)| rule.requirement.is_some())
        .collect();
    assert!(guarded.len() >= 8, "{guarded:?}");
    for (ty, field, rule) in guarded {
        assert!(!rule.ty.ends_with('!'), "{ty}.{field}: {}", rule.ty);
    }
}

/// A part of the schema that has a description.
struct Described {
    name: String,
    /// The type of a field, an argument or an input field.
    ty: Option<String>,
    description: Option<String>,
    directives: Vec<ConstDirective>,
}

impl Described {
    fn new(
        name: String,
        ty: Option<&Type>,
        description: Option<&String>,
        directives: &[Positioned<ConstDirective>],
    ) -> Self {
        Self {
            name,
            ty: ty.map(ToString::to_string),
            description: description.cloned(),
            directives: directives.iter().map(|directive| directive.node.clone()).collect(),
        }
    }

    fn directive(&self, name: &str) -> Option<&ConstDirective> {
        self.directives.iter().find(|directive| directive.name.node == name)
    }
}

/// Every type, field, argument, enum value and directive.
fn everything() -> Vec<Described> {
    let document = async_graphql::parser::parse_schema(sdl()).unwrap();
    let mut found = Vec::new();
    let text = |description: &Option<Positioned<String>>| description.as_ref().map(|text| text.node.clone());
    let add_inputs = |found: &mut Vec<Described>,
                      of: &str,
                      inputs: &[Positioned<InputValueDefinition>],
                      [open, close]: [&str; 2]| {
        for input in inputs {
            let InputValueDefinition {
                name,
                ty,
                description,
                directives,
                ..
            } = &input.node;
            let name = format!("{of}{open}{}{close}", name.node);
            found.push(Described::new(
                name,
                Some(&ty.node),
                text(description).as_ref(),
                directives,
            ));
        }
    };
    for definition in document.definitions {
        let ty = match definition {
            TypeSystemDefinition::Type(ty) => ty.node,
            TypeSystemDefinition::Directive(directive) => {
                let DirectiveDefinition {
                    name,
                    description,
                    arguments,
                    ..
                } = directive.node;
                let name = format!("@{}", name.node);
                add_inputs(&mut found, &name, &arguments, ["(", ")"]);
                found.push(Described::new(name, None, text(&description).as_ref(), &[]));
                continue;
            }
            TypeSystemDefinition::Schema(_) => continue,
        };
        let name = ty.name.node.to_string();
        found.push(Described::new(
            name.clone(),
            None,
            text(&ty.description).as_ref(),
            &ty.directives,
        ));
        match ty.kind {
            TypeKind::Object(ObjectType { fields, .. }) | TypeKind::Interface(InterfaceType { fields, .. }) => {
                for field in fields {
                    let FieldDefinition {
                        name: field,
                        ty,
                        description,
                        arguments,
                        directives,
                    } = field.node;
                    let name = format!("{name}.{}", field.node);
                    add_inputs(&mut found, &name, &arguments, ["(", ")"]);
                    found.push(Described::new(
                        name,
                        Some(&ty.node),
                        text(&description).as_ref(),
                        &directives,
                    ));
                }
            }
            TypeKind::InputObject(object) => add_inputs(&mut found, &name, &object.fields, [".", ""]),
            TypeKind::Enum(values) => {
                for value in values.values {
                    let EnumValueDefinition {
                        value,
                        description,
                        directives,
                    } = value.node;
                    let name = format!("{name}.{}", value.node);
                    found.push(Described::new(name, None, text(&description).as_ref(), &directives));
                }
            }
            TypeKind::Scalar | TypeKind::Union(_) => {}
        }
    }
    assert!(found.len() > 300, "{}", found.len());
    found
}

/// Whether the description is the library's, which describes no arguments of custom directives.
fn is_of_the_library(name: &str) -> bool {
    if name.starts_with('@') && name.contains('(') {
        return true;
    }
    ["PageInfo", "@include", "@skip", "@oneOf", "@specifiedBy", "@deprecated"]
        .iter()
        .any(|known| name.starts_with(known))
}

#[test]
fn every_description_is_a_sentence() {
    let mut wrong = Vec::new();
    for item in everything() {
        let text = item.description.unwrap_or_default();
        let begins =
            text.starts_with(|first: char| first.is_uppercase() || first.is_ascii_digit() || "`@-".contains(first));
        let is_sentence = begins && text.trim_end().ends_with('.');
        if !is_sentence && !is_of_the_library(&item.name) {
            wrong.push((item.name, text));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_number_has_a_unit_or_a_range() {
    const WORDS: [&str; 8] = [
        "many",
        "number of",
        "second",
        "year",
        "unit",
        "times",
        "at most",
        "at least",
    ];
    let mut wrong = Vec::new();
    for item in everything() {
        let ty = item.ty.unwrap_or_default();
        let text = item.description.unwrap_or_default().to_lowercase();
        let stated = text.contains(|c: char| c.is_ascii_digit()) || WORDS.iter().any(|word| text.contains(word));
        if !is_of_the_library(&item.name) && ["Int", "Float"].contains(&ty.trim_matches(['[', ']', '!'])) && !stated {
            wrong.push((item.name, text));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn scalars_have_a_specification_and_deprecations_a_reason() {
    let document = async_graphql::parser::parse_schema(sdl()).unwrap();
    let scalars = document.definitions.iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(ty) if matches!(ty.node.kind, TypeKind::Scalar) => {
            Some(ty.node.name.node.to_string())
        }
        _ => None,
    });
    let scalars: Vec<String> = scalars.collect();
    assert!(scalars.len() >= 2, "{scalars:?}");
    for item in everything() {
        if scalars.contains(&item.name) {
            let url = item
                .directive("specifiedBy")
                .and_then(|directive| directive.get_argument("url"));
            assert!(
                url.is_some_and(|url| url.node.to_string().starts_with("\"https://")),
                "{}",
                item.name
            );
        }
        if let Some(deprecated) = item.directive("deprecated") {
            let reason = deprecated.get_argument("reason").map(|reason| reason.node.to_string());
            assert!(reason.is_some_and(|reason| reason.len() > 10), "{}: why?", item.name);
        }
    }
}

#[test]
fn names_follow_the_conventions() {
    let is_camel = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(|c| c.is_ascii_alphanumeric())
    };
    let is_pascal = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(|c| c.is_ascii_alphanumeric())
    };
    let is_constant = |name: &str| {
        name.chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    };
    for item in everything() {
        let name = item.name.trim_start_matches('@').trim_end_matches(')');
        let (ty, of) = name.split_once(['.', '(']).unwrap_or((name, ""));
        let of = of.rsplit('(').next().unwrap_or_default();
        let fits = if item.name.starts_with('@') {
            is_camel(ty) && (of.is_empty() || is_camel(of))
        } else {
            is_pascal(ty)
                && (of.is_empty()
                    || if item.ty.is_some() {
                        is_camel(of)
                    } else {
                        is_constant(of)
                    })
        };
        assert!(fits, "{}", item.name);
    }
}
