//! The types and directives that the selected fields of a schema reach.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::Node;
use apollo_compiler::ast::{
    Definition, DirectiveDefinition, DirectiveList, Document, InputValueDefinition, SchemaDefinition,
};

use super::selection::{Selection, fields_of};

/// The names of the types and directives that a subset keeps.
#[derive(Default)]
pub(super) struct Reachable<'a> {
    types: BTreeSet<&'a str>,
    directives: BTreeSet<&'a str>,
    /// Types whose definitions are still to be followed.
    waiting: Vec<&'a str>,
    definitions: BTreeMap<&'a str, &'a Definition>,
    directive_definitions: BTreeMap<&'a str, &'a Node<DirectiveDefinition>>,
}

impl<'a> Reachable<'a> {
    /// The definitions to which the selected fields lead from the roots, and the directives for documents.
    pub(super) fn from_roots(document: &'a Document, selection: &Selection<'a>) -> Self {
        let mut found = Self::default();
        for definition in &document.definitions {
            match definition {
                Definition::DirectiveDefinition(directive) => {
                    found.directive_definitions.insert(directive.name.as_str(), directive);
                }
                definition => found
                    .definitions
                    .extend(definition.name().map(|name| (name.as_str(), definition))),
            }
        }
        for definition in &document.definitions {
            match definition {
                Definition::SchemaDefinition(schema) => found.add_roots(schema, selection),
                // Documents may use them, whatever the schema applies.
                Definition::DirectiveDefinition(directive) if is_executable(directive) => {
                    found.add_directive(&directive.name);
                }
                _ => {}
            }
        }
        while let Some(name) = found.waiting.pop() {
            if let Some(definition) = found.definitions.get(name).copied() {
                found.follow(definition, selection);
            }
        }
        found
    }

    /// Whether a definition is one of them.
    pub(super) fn includes(&self, definition: &Definition) -> bool {
        match definition {
            Definition::SchemaDefinition(_) => true,
            Definition::DirectiveDefinition(directive) => self.directives.contains(directive.name.as_str()),
            definition => definition.name().is_none_or(|name| self.types.contains(name.as_str())),
        }
    }

    fn add_roots(&mut self, schema: &'a SchemaDefinition, selection: &Selection<'_>) {
        self.add_directives(&schema.directives);
        for root in &schema.root_operations {
            if selection.has_type(&root.1) {
                self.add_type(&root.1);
            }
        }
    }

    fn add_type(&mut self, name: &'a str) {
        if self.types.insert(name) {
            self.waiting.push(name);
        }
    }

    fn add_directives(&mut self, applied: &'a DirectiveList) {
        for directive in applied.iter() {
            self.add_directive(&directive.name);
        }
    }

    fn add_directive(&mut self, name: &'a str) {
        if self.directives.insert(name)
            && let Some(definition) = self.directive_definitions.get(name).copied()
        {
            self.add_inputs(&definition.arguments);
        }
    }

    fn add_inputs(&mut self, inputs: &'a [Node<InputValueDefinition>]) {
        for input in inputs {
            self.add_type(input.ty.inner_named_type());
            self.add_directives(&input.directives);
        }
    }

    fn follow(&mut self, definition: &'a Definition, selection: &Selection<'_>) {
        self.add_directives(definition.directives());
        if let Some((name, fields)) = fields_of(definition) {
            let left = fields.iter().filter(|field| selection.has_field(name, &field.name));
            for field in left {
                self.add_type(field.ty.inner_named_type());
                self.add_inputs(&field.arguments);
                self.add_directives(&field.directives);
            }
        }
        match definition {
            Definition::ObjectTypeDefinition(ty) => {
                ty.implements_interfaces.iter().for_each(|name| self.add_type(name));
            }
            Definition::InterfaceTypeDefinition(ty) => {
                ty.implements_interfaces.iter().for_each(|name| self.add_type(name));
                self.add_implementers(&ty.name, selection);
            }
            Definition::UnionTypeDefinition(ty) => {
                let left = ty.members.iter().filter(|member| selection.has_type(member));
                left.for_each(|name| self.add_type(name));
            }
            Definition::InputObjectTypeDefinition(ty) => self.add_inputs(&ty.fields),
            Definition::EnumTypeDefinition(ty) => {
                ty.values
                    .iter()
                    .for_each(|value| self.add_directives(&value.directives));
            }
            _ => {}
        }
    }

    fn add_implementers(&mut self, interface: &str, selection: &Selection<'_>) {
        let implementers: Vec<&'a str> = self
            .definitions
            .values()
            .filter_map(|definition| match definition {
                Definition::ObjectTypeDefinition(ty)
                    if ty.implements_interfaces.iter().any(|name| name == interface) =>
                {
                    Some(ty.name.as_str())
                }
                _ => None,
            })
            .collect();
        for name in implementers.into_iter().filter(|name| selection.has_type(name)) {
            self.add_type(name);
        }
    }
}

fn is_executable(directive: &DirectiveDefinition) -> bool {
    use apollo_compiler::ast::DirectiveLocation as At;
    let executable = [
        At::Query,
        At::Mutation,
        At::Subscription,
        At::Field,
        At::FragmentDefinition,
        At::FragmentSpread,
        At::InlineFragment,
        At::VariableDefinition,
    ];
    directive.locations.iter().any(|location| executable.contains(location))
}
