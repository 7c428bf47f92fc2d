//! Conversion of a valid operation to the form that async-graphql executes: the fields of each selection set collected as
//! `CollectFields()` and `CollectSubfields()` of the GraphQL specification have it (section 6.3.2).
//!
//! `@skip` and `@include` are evaluated, fragments are written out, and fields with one response key are merged, because
//! async-graphql executes each of them. An argument whose variable has no value is left out, so that its default applies.
//! Below an interface or a union, there is one inline fragment for each possible type.

use std::collections::HashSet;

use apollo_compiler::ast::Type as SchemaType;
use apollo_compiler::collections::IndexMap;
use apollo_compiler::executable::{self, DirectiveList, Operation, Selection, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name as SchemaName, Node, Schema};
use async_graphql::parser::types::{
    self, BaseType, DocumentOperations, ExecutableDocument, Field, InlineFragment, OperationDefinition, OperationType,
    Type, TypeCondition, VariableDefinition,
};
use async_graphql::{Name, Pos, Positioned, ServerError, Value, Variables};

use super::literal;
use super::validation::{Document, Validator};
use crate::graphql::error::with_code;

/// The document that executes `operation` with these coerced variables. It has this operation only, without directives
/// and fragment spreads.
///
/// # Errors
/// `BAD_USER_INPUT` if a condition of `@skip` or `@include` is null.
pub(crate) fn lower(
    validator: &Validator,
    document: &Document,
    operation: &Node<Operation>,
    variables: &Variables,
) -> Result<ExecutableDocument, ServerError> {
    let lowering = Lowering {
        schema: validator.schema(),
        document,
        variables,
    };
    let at = lowering.position(operation.location());
    let items = lowering.selections(&operation.selection_set.ty, &[&operation.selection_set])?;
    let definitions = operation.variables.iter().map(|definition| {
        let at = lowering.position(definition.location());
        let definition = VariableDefinition {
            name: Positioned::new(Name::new(&definition.name), at),
            var_type: Positioned::new(ty(&definition.ty), at),
            directives: Vec::new(),
            default_value: None,
        };
        Positioned::new(definition, at)
    });
    let lowered = OperationDefinition {
        ty: kind(operation.operation_type),
        variable_definitions: definitions.collect(),
        directives: Vec::new(),
        selection_set: Positioned::new(types::SelectionSet { items }, at),
    };
    let lowered = Positioned::new(lowered, at);
    Ok(ExecutableDocument {
        operations: match &operation.name {
            Some(name) => DocumentOperations::Multiple([(Name::new(name), lowered)].into_iter().collect()),
            None => DocumentOperations::Single(lowered),
        },
        fragments: Default::default(),
    })
}

/// The operation of a lowered document, which has exactly one.
pub(crate) fn only(document: &ExecutableDocument) -> Option<&Positioned<OperationDefinition>> {
    document.operations.iter().next().map(|(_, operation)| operation)
}

/// The type of an operation.
pub(crate) fn kind(ty: executable::OperationType) -> OperationType {
    match ty {
        executable::OperationType::Query => OperationType::Query,
        executable::OperationType::Mutation => OperationType::Mutation,
        executable::OperationType::Subscription => OperationType::Subscription,
    }
}

fn ty(of: &SchemaType) -> Type {
    let base = match of {
        SchemaType::Named(name) | SchemaType::NonNullNamed(name) => BaseType::Named(Name::new(name)),
        SchemaType::List(item) | SchemaType::NonNullList(item) => BaseType::List(Box::new(ty(item))),
    };
    Type {
        base,
        nullable: !of.is_non_null(),
    }
}

struct Lowering<'a> {
    schema: &'a Schema,
    document: &'a Document,
    variables: &'a Variables,
}

/// The fields of a selection set by response key, in the order of their first occurrence.
type Collected<'a> = IndexMap<&'a SchemaName, Vec<&'a Node<executable::Field>>>;

impl<'a> Lowering<'a> {
    fn position(&self, location: Option<apollo_compiler::parser::SourceSpan>) -> Pos {
        location.map_or_else(Pos::default, |at| self.document.position(at.offset()))
    }

    /// The selections of the sets on a type. Recursion is bounded by the limits of documents.
    fn selections(
        &self,
        ty: &'a SchemaName,
        sets: &[&'a SelectionSet],
    ) -> Result<Vec<Positioned<types::Selection>>, ServerError> {
        let possible: Vec<&SchemaName> = match self.schema.types.get(ty) {
            Some(ExtendedType::Union(union)) => union.members.iter().map(|member| &member.name).collect(),
            Some(ExtendedType::Interface(_)) => {
                let types = self.schema.types.iter();
                types
                    .filter(|(_, of)| of.is_object() && self.schema.is_subtype(ty, of.name()))
                    .map(|(name, _)| name)
                    .collect()
            }
            _ => return self.fields(ty, sets),
        };
        let mut selections = Vec::new();
        for object in possible {
            let items = self.fields(object, sets)?;
            let Some(first) = items.first() else { continue };
            let at = first.pos;
            let fragment = InlineFragment {
                type_condition: Some(Positioned::new(
                    TypeCondition {
                        on: Positioned::new(Name::new(object), at),
                    },
                    at,
                )),
                directives: Vec::new(),
                selection_set: Positioned::new(types::SelectionSet { items }, at),
            };
            let fragment = types::Selection::InlineFragment(Positioned::new(fragment, at));
            selections.push(Positioned::new(fragment, at));
        }
        Ok(selections)
    }

    /// The fields of the sets on an object type.
    fn fields(
        &self,
        object: &SchemaName,
        sets: &[&'a SelectionSet],
    ) -> Result<Vec<Positioned<types::Selection>>, ServerError> {
        let mut collected = Collected::default();
        let mut visited = HashSet::new();
        for set in sets {
            self.collect(object, set, &mut visited, &mut collected)?;
        }
        let fields = collected.values().filter_map(|fields| {
            let (first, _) = fields.split_first()?;
            Some(self.field(first, fields))
        });
        fields.collect()
    }

    fn collect(
        &self,
        object: &SchemaName,
        set: &'a SelectionSet,
        visited: &mut HashSet<&'a SchemaName>,
        collected: &mut Collected<'a>,
    ) -> Result<(), ServerError> {
        for selection in &set.selections {
            if !self.is_included(selection.directives())? {
                continue;
            }
            match selection {
                Selection::Field(field) => collected.entry(field.response_key()).or_default().push(field),
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.type_condition.as_ref();
                    if condition.is_none_or(|on| self.applies(on, object)) {
                        self.collect(object, &fragment.selection_set, visited, collected)?;
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let fragments = &self.document.executable().fragments;
                    if let Some(fragment) = fragments.get(&spread.fragment_name)
                        && visited.insert(&fragment.name)
                        && self.applies(&fragment.selection_set.ty, object)
                    {
                        self.collect(object, &fragment.selection_set, visited, collected)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether a fragment on the type applies to the object: `DoesFragmentTypeApply()`.
    fn applies(&self, on: &SchemaName, object: &SchemaName) -> bool {
        on == object || self.schema.is_subtype(on, object)
    }

    /// One field for several with the same response key, which differ in their selections at most.
    fn field(
        &self,
        first: &'a Node<executable::Field>,
        all: &[&'a Node<executable::Field>],
    ) -> Result<Positioned<types::Selection>, ServerError> {
        let at = self.position(first.name.location());
        let sets: Vec<&SelectionSet> = all.iter().map(|field| &field.selection_set).collect();
        let items = if first.selection_set.selections.is_empty() {
            Vec::new()
        } else {
            self.selections(&first.selection_set.ty, &sets)?
        };
        let arguments = first.arguments.iter().filter_map(|argument| {
            let at = self.position(argument.location());
            let definition = first.definition.argument_by_name(&argument.name);
            let ty = definition.map(|definition| &*definition.ty);
            let value = literal::argument(self.schema, &argument.value, ty, self.variables)?;
            Some((
                Positioned::new(Name::new(&argument.name), at),
                Positioned::new(value, at),
            ))
        });
        let field = Field {
            alias: first.alias.as_ref().map(|alias| Positioned::new(Name::new(alias), at)),
            name: Positioned::new(Name::new(&first.name), at),
            arguments: arguments.collect(),
            directives: Vec::new(),
            selection_set: Positioned::new(types::SelectionSet { items }, at),
        };
        Ok(Positioned::new(types::Selection::Field(Positioned::new(field, at)), at))
    }

    fn is_included(&self, directives: &DirectiveList) -> Result<bool, ServerError> {
        for directive in directives {
            let included_if = match directive.name.as_str() {
                "skip" => false,
                "include" => true,
                _ => continue,
            };
            let Some(condition) = directive.specified_argument_by_name("if") else {
                continue;
            };
            let holds = match &**condition {
                executable::Value::Variable(name) => match self.variables.get(&Name::new(name)) {
                    Some(Value::Boolean(holds)) => *holds,
                    _ => {
                        let message = format!(
                            "The condition of `@{}` must not be null; the variable `${}` is.",
                            directive.name,
                            name.get(..100).unwrap_or(name)
                        );
                        let at = self.position(condition.location());
                        return Err(with_code(ServerError::new(message, Some(at)), "BAD_USER_INPUT"));
                    }
                },
                condition => condition.to_bool().unwrap_or_default(),
            };
            if holds != included_if {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests;
