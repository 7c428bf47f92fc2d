//! Values of documents as async-graphql has them.

use apollo_compiler::Schema;
use apollo_compiler::ast::{Type, Value as Literal};
use async_graphql::indexmap::IndexMap;
use async_graphql::{Name, Number, Value as Constant, Variables};
use async_graphql_value::Value;

/// A value of this type without variables, such as a default. Recursion is bounded by the limits of documents.
pub(super) fn constant(schema: &Schema, literal: &Literal, ty: &Type) -> Constant {
    let conversion = Conversion {
        schema,
        variable: &|_| None,
    };
    let value = conversion.value(literal, Some(ty));
    // A variable that has no value became null.
    value.into_const().unwrap_or_default()
}

/// A value of this type with the variables that have a value. `None` for a variable without one, whose argument counts
/// as absent.
pub(super) fn argument(schema: &Schema, literal: &Literal, ty: Option<&Type>, variables: &Variables) -> Option<Value> {
    let variable = |name: &str| {
        let name = Name::new(name);
        variables.contains_key(&name).then_some(Value::Variable(name))
    };
    let conversion = Conversion {
        schema,
        variable: &variable,
    };
    match literal {
        Literal::Variable(name) => variable(name),
        literal => Some(conversion.value(literal, ty)),
    }
}

struct Conversion<'a> {
    schema: &'a Schema,
    /// The value of a variable; `None` if it has none.
    variable: &'a dyn Fn(&str) -> Option<Value>,
}

impl Conversion<'_> {
    /// The type is `None` inside a scalar that accepts any value.
    fn value(&self, literal: &Literal, ty: Option<&Type>) -> Value {
        match literal {
            Literal::Null => Value::Null,
            Literal::Enum(name) => Value::Enum(Name::new(name)),
            Literal::Variable(name) => (self.variable)(name).unwrap_or(Value::Null),
            Literal::String(text) => Value::String(text.clone()),
            Literal::Float(number) => float(number.try_to_f64().ok()),
            // An id may have any number of digits.
            Literal::Int(number) if ty.is_some_and(|ty| ty.inner_named_type().as_str() == "ID") => {
                Value::String(number.as_str().to_owned())
            }
            // `-0` is an integer.
            Literal::Int(number) => match number.as_str().parse::<i64>() {
                Ok(number) => Value::Number(number.into()),
                Err(_) => float(number.try_to_f64().ok()),
            },
            Literal::Boolean(value) => Value::Boolean(*value),
            Literal::List(items) => {
                let ty = ty.map(Type::item_type);
                Value::List(items.iter().map(|item| self.value(item, ty)).collect())
            }
            Literal::Object(fields) => {
                let object = ty.and_then(|ty| self.schema.get_input_object(ty.inner_named_type()));
                let fields = fields.iter().filter_map(|(name, value)| {
                    let ty = object
                        .and_then(|object| object.fields.get(name))
                        .map(|field| &*field.ty);
                    let value = match &**value {
                        // The field of a variable without a value counts as absent (specification, 3.10).
                        Literal::Variable(name) => (self.variable)(name)?,
                        value => self.value(value, ty),
                    };
                    Some((Name::new(name), value))
                });
                Value::Object(fields.collect::<IndexMap<_, _>>())
            }
        }
    }
}

fn float(number: Option<f64>) -> Value {
    number.and_then(Number::from_f64).map_or(Value::Null, Value::Number)
}
