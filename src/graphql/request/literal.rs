//! Values of documents as async-graphql has them.

use apollo_compiler::ast::Value as Literal;
use async_graphql::indexmap::IndexMap;
use async_graphql::{Name, Number, Value as Constant, Variables};
use async_graphql_value::Value;

/// A value without variables, such as a default. Recursion is bounded by the limits of documents.
pub(super) fn constant(literal: &Literal) -> Constant {
    convert(literal, &|_| None)
        .into_const()
        // A variable that has no value became null.
        .unwrap_or_default()
}

/// A value with the variables that have a value. `None` for a variable without one, whose argument counts as absent.
pub(super) fn argument(literal: &Literal, variables: &Variables) -> Option<Value> {
    match literal {
        Literal::Variable(name) if !is_given(variables, name) => None,
        literal => Some(convert(literal, &|name| {
            is_given(variables, name).then(|| Value::Variable(Name::new(name)))
        })),
    }
}

fn is_given(variables: &Variables, name: &str) -> bool {
    variables.contains_key(&Name::new(name))
}

fn convert(literal: &Literal, variable: &dyn Fn(&str) -> Option<Value>) -> Value {
    match literal {
        Literal::Null => Value::Null,
        Literal::Enum(name) => Value::Enum(Name::new(name)),
        Literal::Variable(name) => variable(name).unwrap_or(Value::Null),
        Literal::String(text) => Value::String(text.clone()),
        Literal::Float(number) => number
            .try_to_f64()
            .ok()
            .and_then(Number::from_f64)
            .map_or(Value::Null, Value::Number),
        // `-0` is an integer.
        Literal::Int(number) => match number.as_str().parse::<i64>() {
            Ok(number) => Value::Number(number.into()),
            Err(_) => number
                .try_to_f64()
                .ok()
                .and_then(Number::from_f64)
                .map_or(Value::Null, Value::Number),
        },
        Literal::Boolean(value) => Value::Boolean(*value),
        Literal::List(items) => Value::List(items.iter().map(|item| convert(item, variable)).collect()),
        Literal::Object(fields) => {
            let fields = fields.iter().filter_map(|(name, value)| {
                let value = match &**value {
                    // The field of a variable without a value counts as absent (specification, 3.10).
                    Literal::Variable(name) => variable(name)?,
                    value => convert(value, variable),
                };
                Some((Name::new(name), value))
            });
            Value::Object(fields.collect::<IndexMap<_, _>>())
        }
    }
}
