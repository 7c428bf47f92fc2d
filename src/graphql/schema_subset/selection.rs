//! The selected fields of a schema, by type.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, FieldDefinition};

/// The fields of object and interface types that are selected, by type. A type without any has no entry.
pub(super) struct Selection<'a>(BTreeMap<&'a str, BTreeSet<&'a str>>);

impl<'a> Selection<'a> {
    /// The fields for which `select` returns true, given the type and the field, and whose type has a selected field
    /// itself or is a scalar or an enum.
    pub(super) fn new(definitions: &'a [Definition], select: impl Fn(&str, &str) -> bool) -> Self {
        let types = definitions.iter().filter_map(fields_of).map(|(ty, fields)| {
            let fields = fields.iter().map(|field| field.name.as_str());
            (ty, fields.filter(|field| select(ty, field)).collect())
        });
        let mut selection = Self(types.collect());
        // Removing a field may leave its type empty, and so concern the fields that return the type.
        loop {
            selection.0.retain(|_, fields| !fields.is_empty());
            let empty = definitions.iter().filter_map(|ty| selection.emptied(ty)).collect();
            if !selection.remove_fields_of_type(definitions, &empty) {
                return selection;
            }
        }
    }

    /// Whether a field of an object or interface type is selected.
    pub(super) fn has_field(&self, ty: &str, field: &str) -> bool {
        self.0.get(ty).is_some_and(|fields| fields.contains(field))
    }

    /// Whether any field of an object or interface type is selected.
    pub(super) fn has_type(&self, ty: &str) -> bool {
        self.0.contains_key(ty)
    }

    /// The name of a composite type from which nothing can be selected.
    fn emptied(&self, definition: &'a Definition) -> Option<&'a str> {
        let (name, is_empty) = match definition {
            Definition::UnionTypeDefinition(ty) => {
                (ty.name.as_str(), !ty.members.iter().any(|member| self.has_type(member)))
            }
            definition => {
                let (name, _) = fields_of(definition)?;
                (name, !self.has_type(name))
            }
        };
        is_empty.then_some(name)
    }

    /// Removes the fields whose type is one of these. Returns whether there were any.
    fn remove_fields_of_type(&mut self, definitions: &[Definition], types: &BTreeSet<&str>) -> bool {
        let mut removed = false;
        for (ty, fields) in definitions.iter().filter_map(fields_of) {
            let Some(selected) = self.0.get_mut(ty) else { continue };
            let returning = fields
                .iter()
                .filter(|field| types.contains(field.ty.inner_named_type().as_str()));
            for field in returning {
                removed |= selected.remove(field.name.as_str());
            }
        }
        removed
    }
}

/// The name and the fields of an object or interface type.
pub(super) fn fields_of(definition: &Definition) -> Option<(&str, &[Node<FieldDefinition>])> {
    match definition {
        Definition::ObjectTypeDefinition(ty) => Some((ty.name.as_str(), &ty.fields)),
        Definition::InterfaceTypeDefinition(ty) => Some((ty.name.as_str(), &ty.fields)),
        _ => None,
    }
}
