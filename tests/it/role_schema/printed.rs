//! A printed schema, read with a parser other than the one that printed it.

use std::collections::BTreeSet;

use async_graphql::Positioned;
use async_graphql::parser::types::{
    BaseType, ConstDirective, DirectiveLocation, FieldDefinition, InputValueDefinition, Type, TypeKind,
    TypeSystemDefinition,
};

/// The names in a printed schema.
#[derive(Debug, Default)]
pub(super) struct PrintedSchema {
    /// Every `Type.field` of object types.
    pub(super) fields: BTreeSet<String>,
    /// Every type, and every directive with `@`, that has a definition.
    pub(super) defined: BTreeSet<String>,
    /// Every type and directive that something else uses. Executable directives are used by documents.
    pub(super) used: BTreeSet<String>,
}

impl PrintedSchema {
    pub(super) fn parse(sdl: &str) -> Self {
        let mut schema = Self::default();
        for definition in async_graphql::parser::parse_schema(sdl).unwrap().definitions {
            match definition {
                TypeSystemDefinition::Schema(roots) => {
                    let roots = roots.node;
                    let roots = [roots.query, roots.mutation, roots.subscription];
                    schema
                        .used
                        .extend(roots.into_iter().flatten().map(|root| root.node.to_string()));
                }
                TypeSystemDefinition::Directive(directive) => {
                    let name = format!("@{}", directive.node.name.node);
                    schema.add_inputs(&directive.node.arguments);
                    let mut locations = directive.node.locations.iter();
                    if locations.any(|location| location.node == DirectiveLocation::Field) {
                        schema.used.insert(name.clone());
                    }
                    schema.defined.insert(name);
                }
                TypeSystemDefinition::Type(ty) => {
                    let ty = ty.node;
                    let name = ty.name.node.to_string();
                    schema.defined.insert(name.clone());
                    schema.add_directives(&ty.directives);
                    match ty.kind {
                        TypeKind::Object(object) => schema.add_fields(&name, &object.fields),
                        TypeKind::InputObject(input) => schema.add_inputs(&input.fields),
                        TypeKind::Enum(values) => {
                            values
                                .values
                                .iter()
                                .for_each(|value| schema.add_directives(&value.node.directives));
                        }
                        TypeKind::Union(union) => {
                            schema
                                .used
                                .extend(union.members.iter().map(|member| member.node.to_string()));
                        }
                        TypeKind::Scalar => {}
                        TypeKind::Interface(_) => panic!("{name}: interfaces are not read"),
                    }
                }
            }
        }
        for built_in in ["Int", "Float", "String", "Boolean", "ID"] {
            schema.used.remove(built_in);
        }
        // Defined by the specification; a schema need not repeat the definitions.
        for built_in in ["@deprecated", "@oneOf", "@specifiedBy"] {
            if !schema.defined.contains(built_in) {
                schema.used.remove(built_in);
            }
        }
        schema
    }

    fn add_fields(&mut self, ty: &str, fields: &[Positioned<FieldDefinition>]) {
        for field in fields {
            self.fields.insert(format!("{ty}.{}", field.node.name.node));
            self.used.insert(base(&field.node.ty.node));
            self.add_inputs(&field.node.arguments);
            self.add_directives(&field.node.directives);
        }
    }

    fn add_inputs(&mut self, inputs: &[Positioned<InputValueDefinition>]) {
        for input in inputs {
            self.used.insert(base(&input.node.ty.node));
            self.add_directives(&input.node.directives);
        }
    }

    fn add_directives(&mut self, directives: &[Positioned<ConstDirective>]) {
        let names = directives
            .iter()
            .map(|directive| format!("@{}", directive.node.name.node));
        self.used.extend(names);
    }
}

fn base(ty: &Type) -> String {
    match &ty.base {
        BaseType::Named(name) => name.to_string(),
        BaseType::List(inner) => base(inner),
    }
}
