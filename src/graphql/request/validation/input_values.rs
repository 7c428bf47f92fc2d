//! Rules about the values in a document: Values of Correct Type, Input Object Field Names, Uniqueness and Required Fields,
//! OneOf (specification, 5.6), and All Variable Usages Are Allowed (5.8.5), also for variables inside lists and objects.

use std::collections::HashSet;

use apollo_compiler::ast::{InputValueDefinition, VariableDefinition};
use apollo_compiler::executable::{DirectiveList, Operation, Selection, SelectionSet, Type, Value};
use apollo_compiler::schema::{ExtendedType, InputObjectType};
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Name, Node, Schema};
use async_graphql::{Pos, ServerError};

use super::invalid;
use super::lines::Lines;
use crate::clock::parse_rfc3339;

/// The errors of all values of a document that keeps the other rules.
pub(super) fn check(schema: &Valid<Schema>, document: &ExecutableDocument, lines: &Lines) -> Vec<ServerError> {
    let mut errors = Vec::new();
    for operation in document.operations.iter() {
        let mut rule = Rule {
            schema,
            document,
            variables: &operation.variables,
            lines,
            visited: HashSet::new(),
            errors: Vec::new(),
        };
        rule.operation(operation);
        errors.append(&mut rule.errors);
    }
    errors
}

/// Whether the text of a custom scalar is valid. Scalars that accept any value have no rule.
pub(in super::super) fn is_scalar_value(scalar: &str, text: Option<&str>) -> bool {
    match scalar {
        "DateTime" => text.is_some_and(|text| parse_rfc3339(text).is_some()),
        _ => true,
    }
}

/// The rules for one operation and the fragments that it spreads.
struct Rule<'a> {
    schema: &'a Valid<Schema>,
    document: &'a ExecutableDocument,
    variables: &'a [Node<VariableDefinition>],
    lines: &'a Lines,
    /// The fragments that were visited.
    visited: HashSet<&'a Name>,
    errors: Vec<ServerError>,
}

/// A place that accepts a value: an argument, a field of an input object, or an item of a list.
#[derive(Clone, Copy)]
struct Place<'a> {
    ty: &'a Type,
    has_default: bool,
    in_one_of: bool,
}

impl<'a> Place<'a> {
    fn of(definition: &'a InputValueDefinition) -> Self {
        Self {
            ty: &definition.ty,
            has_default: definition.default_value.is_some(),
            in_one_of: false,
        }
    }
}

impl<'a> Rule<'a> {
    fn error(&mut self, at: Option<Pos>, message: impl Into<String>) {
        self.errors.push(invalid(message, at));
    }

    fn position<T>(&self, node: &Node<T>) -> Option<Pos> {
        node.location().map(|location| self.lines.position(location.offset()))
    }

    fn operation(&mut self, operation: &'a Operation) {
        self.directives(&operation.directives);
        for definition in &operation.variables {
            self.directives(&definition.directives);
            if let Some(default) = &definition.default_value {
                let place = Place {
                    ty: &definition.ty,
                    has_default: false,
                    in_one_of: false,
                };
                self.value(default, place);
            }
        }
        self.selections(&operation.selection_set);
    }

    /// Recursion is bounded by the limits; every fragment is visited once.
    fn selections(&mut self, set: &'a SelectionSet) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    self.directives(&field.directives);
                    for argument in &field.arguments {
                        if let Some(definition) = field.definition.argument_by_name(&argument.name) {
                            self.value(&argument.value, Place::of(definition));
                        }
                    }
                    self.selections(&field.selection_set);
                }
                Selection::InlineFragment(fragment) => {
                    self.directives(&fragment.directives);
                    self.selections(&fragment.selection_set);
                }
                Selection::FragmentSpread(spread) => {
                    self.directives(&spread.directives);
                    if let Some((name, fragment)) = self.document.fragments.get_key_value(&spread.fragment_name)
                        && self.visited.insert(name)
                    {
                        self.directives(&fragment.directives);
                        self.selections(&fragment.selection_set);
                    }
                }
            }
        }
    }

    fn directives(&mut self, directives: &'a DirectiveList) {
        for directive in directives {
            let Some(definition) = self.schema.directive_definitions.get(&directive.name) else {
                continue;
            };
            for argument in &directive.arguments {
                if let Some(definition) = definition.argument_by_name(&argument.name) {
                    self.value(&argument.value, Place::of(definition));
                }
            }
        }
    }

    fn value(&mut self, value: &'a Node<Value>, place: Place<'a>) {
        match &**value {
            Value::Variable(name) => self.variable(name, value, place),
            Value::Null if place.ty.is_non_null() => self.wrong(value, place.ty, "null"),
            Value::Null => {}
            Value::List(items) if place.ty.is_list() => {
                let item = Place {
                    ty: place.ty.item_type(),
                    has_default: false,
                    in_one_of: false,
                };
                items.iter().for_each(|value| self.value(value, item));
            }
            // A single value is coerced to a list of one (specification, 3.11).
            _ if place.ty.is_list() => {
                let item = Place {
                    ty: place.ty.item_type(),
                    has_default: false,
                    in_one_of: false,
                };
                self.value(value, item);
            }
            _ => self.named(value, place.ty),
        }
    }

    fn named(&mut self, value: &'a Node<Value>, ty: &'a Type) {
        let kind = match &**value {
            Value::Null => "null",
            Value::Enum(_) => "a name",
            Value::Variable(_) => "a variable",
            Value::String(_) => "a string",
            Value::Float(_) => "a float",
            Value::Int(_) => "an integer",
            Value::Boolean(_) => "a boolean",
            Value::List(_) => "a list",
            Value::Object(_) => "an object",
        };
        let name = ty.inner_named_type();
        let fits = match self.schema.types.get(name) {
            Some(ExtendedType::InputObject(object)) => {
                if let Value::Object(fields) = &**value {
                    return self.object(value, object, fields);
                }
                false
            }
            Some(ExtendedType::Enum(definition)) => {
                matches!(&**value, Value::Enum(name) if definition.values.contains_key(name))
            }
            Some(ExtendedType::Scalar(_)) => match (name.as_str(), &**value) {
                ("Int", Value::Int(number)) => number.try_to_i32().is_ok(),
                ("Float", Value::Int(number)) => number.try_to_f64().is_ok(),
                ("Float", Value::Float(number)) => number.try_to_f64().is_ok(),
                ("ID", Value::Int(_) | Value::String(_)) => true,
                ("String", Value::String(_)) => true,
                ("Boolean", Value::Boolean(_)) => true,
                ("Int" | "Float" | "ID" | "String" | "Boolean", _) => false,
                (scalar, value) => is_scalar_value(scalar, value.as_str()),
            },
            _ => false,
        };
        if !fits {
            self.wrong(value, ty, kind);
        }
    }

    fn wrong(&mut self, value: &Node<Value>, ty: &Type, found: &str) {
        let at = self.position(value);
        let rule = match ty.inner_named_type().as_str() {
            "DateTime" => " as RFC 3339 has it, such as \"2026-01-31T12:00:00Z\"",
            "Int" => " between -2147483648 and 2147483647",
            _ => "",
        };
        self.error(at, format!("Expected a value of type `{ty}`{rule}, found {found}."));
    }

    fn object(&mut self, value: &'a Node<Value>, object: &'a InputObjectType, fields: &'a [(Name, Node<Value>)]) {
        let at = self.position(value);
        let ty = &object.name;
        let mut seen = HashSet::new();
        let one_of = object.directives.get("oneOf").is_some();
        for (name, value) in fields {
            let position = self.position(value);
            if !seen.insert(name) {
                self.error(
                    position,
                    format!("The field `{ty}.{}` is given more than once.", short(name)),
                );
            }
            match object.fields.get(name) {
                Some(definition) => {
                    let place = Place {
                        in_one_of: one_of,
                        ..Place::of(definition)
                    };
                    self.value(value, place);
                }
                None => self.error(
                    position,
                    format!("The input type `{ty}` has no field `{}`.", short(name)),
                ),
            }
        }
        for (name, definition) in &object.fields {
            if definition.is_required() && !seen.contains(name) {
                self.error(
                    at,
                    format!("The field `{ty}.{name}` of type `{}` is required.", definition.ty),
                );
            }
        }
        let null = || fields.iter().any(|(_, value)| value.is_null());
        if one_of && (fields.len() != 1 || null()) {
            self.error(at, format!("`{ty}` takes exactly one field, which must not be null."));
        }
    }

    fn variable(&mut self, name: &'a Name, value: &Node<Value>, place: Place<'a>) {
        let at = self.position(value);
        let Some(definition) = self.variables.iter().find(|definition| definition.name == *name) else {
            self.error(at, format!("The variable `${}` is not defined.", short(name)));
            return;
        };
        let ty = &definition.ty;
        let default = definition.default_value.as_ref().is_some_and(|value| !value.is_null());
        // A field of a OneOf input object must not be null, whatever its type.
        let non_null = place.ty.is_non_null() || place.in_one_of;
        let allowed = if non_null && !ty.is_non_null() {
            (default || place.has_default) && ty.is_assignable_to(&place.ty.clone().nullable())
        } else {
            ty.is_assignable_to(place.ty)
        };
        if !allowed {
            let place = if place.in_one_of {
                place.ty.clone().non_null()
            } else {
                place.ty.clone()
            };
            let message = format!(
                "The variable `${}` of type `{ty}` cannot be used where `{place}` is expected.",
                short(name)
            );
            self.error(at, message);
        }
    }
}

/// The first hundred characters of a name.
fn short(name: &Name) -> &str {
    // A name is ASCII.
    name.get(..100).unwrap_or(name)
}
