//! The variables of the selected operation: `CoerceVariableValues()` of the GraphQL specification (section 6.1.2).
//!
//! All variables are coerced before anything is executed, so that a mutation is carried out whole or not at all, and so
//! that the cost, the guard and the executor decide on the same values.

use apollo_compiler::Schema;
use apollo_compiler::ast::Type;
use apollo_compiler::executable::Operation;
use apollo_compiler::schema::{ExtendedType, InputObjectType};
use async_graphql::indexmap::IndexMap;
use async_graphql::{Name, Number, Pos, ServerError, Value, Variables};

use super::literal::constant;
use super::validation::{Document, Validator, is_scalar_value};
use crate::graphql::error::with_code;

/// Maximum number of errors reported for the variables of a request.
const MOST_ERRORS: usize = 20;

/// The coerced variables of an operation: those of the request that the operation defines, and the default of each that
/// the request does not give. A variable without a value or a default stays absent.
///
/// # Errors
/// `BAD_USER_INPUT` for each value that its type does not allow, with the path to the value and never the value itself.
pub(crate) fn coerce(
    validator: &Validator,
    document: &Document,
    operation: &Operation,
    mut given: Variables,
) -> Result<Variables, Vec<ServerError>> {
    let mut coercion = Coercion {
        schema: validator.schema(),
        path: Vec::new(),
        at: None,
        errors: Vec::new(),
    };
    let mut coerced = Variables::default();
    for definition in &operation.variables {
        let name = Name::new(&definition.name);
        coercion.at = definition.location().map(|at| document.position(at.offset()));
        coercion.path = vec![Step::Variable(name.to_string())];
        match given.remove(&name) {
            Some(value) => {
                if let Some(value) = coercion.value(value, &definition.ty) {
                    coerced.insert(name, value);
                }
            }
            None => match &definition.default_value {
                Some(default) => {
                    let default = constant(validator.schema(), default, &definition.ty);
                    if let Some(value) = coercion.value(default, &definition.ty) {
                        coerced.insert(name, value);
                    }
                }
                None if definition.ty.is_non_null() => {
                    coercion.error(&format!("of type `{}` is required", definition.ty));
                }
                None => {}
            },
        }
    }
    if coercion.errors.is_empty() {
        Ok(coerced)
    } else {
        Err(coercion.errors)
    }
}

/// A step of the path to a value.
enum Step {
    Variable(String),
    Field(String),
    Item(usize),
}

struct Coercion<'a> {
    schema: &'a Schema,
    path: Vec<Step>,
    /// The definition of the variable.
    at: Option<Pos>,
    errors: Vec<ServerError>,
}

impl Coercion<'_> {
    fn error(&mut self, problem: &str) {
        if self.errors.len() == MOST_ERRORS {
            return;
        }
        let mut path = String::new();
        for step in &self.path {
            match step {
                Step::Variable(name) => {
                    path.push('$');
                    path.push_str(name.get(..100).unwrap_or(name));
                }
                Step::Field(name) => {
                    path.push('.');
                    path.push_str(name);
                }
                Step::Item(index) => path.push_str(&format!("[{index}]")),
            }
        }
        let error = ServerError::new(format!("The value of `{path}` {problem}."), self.at);
        self.errors.push(with_code(error, "BAD_USER_INPUT"));
    }

    fn inside<T>(&mut self, step: Step, work: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step);
        let result = work(self);
        self.path.pop();
        result
    }

    /// The value as the type has it; `None` after an error. Recursion is bounded by the JSON parser.
    fn value(&mut self, value: Value, ty: &Type) -> Option<Value> {
        if self.errors.len() == MOST_ERRORS {
            return None;
        }
        if value == Value::Null {
            if ty.is_non_null() {
                self.error(&format!("must not be null; its type is `{ty}`"));
                return None;
            }
            return Some(value);
        }
        if ty.is_list() {
            let item = ty.item_type();
            // A single value is coerced to a list of one (specification, 3.11).
            let Value::List(values) = value else {
                return Some(Value::List(vec![self.value(value, item)?]));
            };
            let count = values.len();
            let values: Vec<Value> = values
                .into_iter()
                .enumerate()
                .filter_map(|(index, value)| self.inside(Step::Item(index), |this| this.value(value, item)))
                .collect();
            return (values.len() == count).then_some(Value::List(values));
        }
        self.named(value, ty)
    }

    fn named(&mut self, value: Value, ty: &Type) -> Option<Value> {
        let schema = self.schema;
        let name = ty.inner_named_type();
        let coerced = match schema.types.get(name) {
            Some(ExtendedType::InputObject(object)) => {
                if let Value::Object(fields) = value {
                    return self.object(fields, object);
                }
                None
            }
            Some(ExtendedType::Enum(definition)) => match value {
                Value::String(name) if definition.values.contains_key(name.as_str()) => {
                    Some(Value::Enum(Name::new(name)))
                }
                Value::Enum(name) if definition.values.contains_key(name.as_str()) => Some(Value::Enum(name)),
                _ => None,
            },
            Some(ExtendedType::Scalar(_)) => scalar(name, value),
            _ => None,
        };
        if coerced.is_none() {
            let rule = match name.as_str() {
                "DateTime" => " as RFC 3339 has it, such as \"2026-01-31T12:00:00Z\"",
                "Int" => ", an integer between -2147483648 and 2147483647",
                _ => "",
            };
            self.error(&format!("must be of type `{ty}`{rule}"));
        }
        coerced
    }

    fn object(&mut self, mut fields: IndexMap<Name, Value>, object: &InputObjectType) -> Option<Value> {
        let before = self.errors.len();
        if object.directives.get("oneOf").is_some() && (fields.len() != 1 || fields.values().any(is_null)) {
            self.error(&format!(
                "must have exactly one field of `{}`, which must not be null",
                object.name
            ));
        }
        let mut coerced = IndexMap::with_capacity(object.fields.len());
        for (name, definition) in &object.fields {
            let value = match fields.swap_remove(name.as_str()) {
                Some(value) => self.inside(Step::Field(name.to_string()), |this| this.value(value, &definition.ty)),
                None => match &definition.default_value {
                    Some(default) => Some(constant(self.schema, default, &definition.ty)),
                    None => {
                        if definition.ty.is_non_null() {
                            let problem = format!("is required; its type is `{}`", definition.ty);
                            self.inside(Step::Field(name.to_string()), |this| this.error(&problem));
                        }
                        None
                    }
                },
            };
            if let Some(value) = value {
                coerced.insert(Name::new(name), value);
            }
        }
        if !fields.is_empty() {
            let names: Vec<&str> = object.fields.keys().map(|name| name.as_str()).collect();
            self.error(&format!(
                "has an unknown field; `{}` has {}",
                object.name,
                names.join(", ")
            ));
        }
        (self.errors.len() == before).then_some(Value::Object(coerced))
    }
}

fn is_null(value: &Value) -> bool {
    *value == Value::Null
}

/// The value as the scalar has it.
fn scalar(name: &str, value: Value) -> Option<Value> {
    match (name, value) {
        ("Int", Value::Number(number)) => {
            let number = i32::try_from(whole(&number)?).ok()?;
            Some(Value::Number(number.into()))
        }
        ("Float", Value::Number(number)) => number.as_f64()?.is_finite().then_some(Value::Number(number)),
        ("ID", Value::Number(number)) => Some(Value::String(match number.as_u64() {
            Some(id) => id.to_string(),
            None => whole(&number)?.to_string(),
        })),
        ("ID" | "String", value @ Value::String(_)) => Some(value),
        ("Boolean", value @ Value::Boolean(_)) => Some(value),
        ("Int" | "Float" | "ID" | "String" | "Boolean", _) => None,
        (scalar, Value::String(text)) => is_scalar_value(scalar, Some(&text)).then_some(Value::String(text)),
        (scalar, value) => is_scalar_value(scalar, None).then_some(value),
    }
}

/// The integer that a JSON number denotes: `1.0` and `1e0` are integers as `1` is.
fn whole(number: &Number) -> Option<i64> {
    number.as_i64().or_else(|| {
        let float = number.as_f64()?;
        // Beyond 2^53 a float does not determine an integer.
        let exact = float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it is an integer within the range of i64"
        )]
        exact.then_some(float as i64)
    })
}

#[cfg(test)]
mod tests;
