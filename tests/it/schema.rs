//! The schema as it is committed, and the rules every field of it follows.

use portcullis::graphql::guard::AccessTable;
use portcullis::graphql::sdl;

/// The root fields that everybody may select. The list may only shrink: a new field needs a permission.
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
fn every_root_field_has_a_permission_or_is_on_the_list() {
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
    // Else its refusal would take its parent along, and the siblings would not answer.
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

#[test]
fn everything_is_described() {
    use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};
    let document = async_graphql::parser::parse_schema(sdl()).unwrap();
    let mut bare = Vec::new();
    for definition in document.definitions {
        let TypeSystemDefinition::Type(ty) = definition else {
            continue;
        };
        let name = ty.node.name.node.to_string();
        let mut check = |what: String, described: bool| {
            if !described {
                bare.push(what);
            }
        };
        check(name.clone(), ty.node.description.is_some());
        match ty.node.kind {
            TypeKind::Object(object) => {
                for field in object.fields {
                    check(
                        format!("{name}.{}", field.node.name.node),
                        field.node.description.is_some(),
                    );
                }
            }
            TypeKind::InputObject(object) => {
                for field in object.fields {
                    check(
                        format!("{name}.{}", field.node.name.node),
                        field.node.description.is_some(),
                    );
                }
            }
            TypeKind::Enum(values) => {
                for value in values.values {
                    check(
                        format!("{name}.{}", value.node.value.node),
                        value.node.description.is_some(),
                    );
                }
            }
            _ => {}
        }
    }
    assert_eq!(bare, Vec::<String>::new(), "described by nothing");
}
