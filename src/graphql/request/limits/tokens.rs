//! The number of tokens that a syntax tree represents. The parser (apollo-parser 0.8.7) ignores some tokens that do not
//! belong where they are, such as an argument without a value; a document in which it ignored any is refused.

use apollo_compiler::Node;
use apollo_compiler::ast::{Argument, Definition, DirectiveList, Document, Selection, Type, Value, VariableDefinition};

/// The tokens of a document, without descriptions and the keyword `query`; `None` for a document with other definitions
/// than operations and fragments, which validation refuses.
pub(super) fn count(document: &Document) -> Option<usize> {
    let counts = document.definitions.iter().map(|definition| match definition {
        Definition::OperationDefinition(operation) => {
            let keyword = usize::from(!operation.operation_type.is_query());
            let name = usize::from(operation.name.is_some());
            let variables = list(&operation.variables, variable);
            Some(keyword + name + variables + directives(&operation.directives) + set(&operation.selection_set))
        }
        Definition::FragmentDefinition(fragment) => {
            Some(4 + directives(&fragment.directives) + set(&fragment.selection_set))
        }
        _ => None,
    });
    counts.sum()
}

/// The tokens of a list in brackets, which are absent if it is empty.
fn list<T>(items: &[T], count: impl Fn(&T) -> usize) -> usize {
    match items {
        [] => 0,
        items => 2 + items.iter().map(count).sum::<usize>(),
    }
}

fn variable(definition: &Node<VariableDefinition>) -> usize {
    let default = definition
        .default_value
        .as_ref()
        .map_or(0, |default| 1 + value(default));
    3 + ty(&definition.ty) + default + directives(&definition.directives)
}

fn ty(of: &Type) -> usize {
    match of {
        Type::Named(_) => 1,
        Type::NonNullNamed(_) => 2,
        Type::List(item) => 2 + ty(item),
        Type::NonNullList(item) => 3 + ty(item),
    }
}

fn directives(directives: &DirectiveList) -> usize {
    let counts = directives
        .iter()
        .map(|directive| 2 + list(&directive.arguments, argument));
    counts.sum()
}

fn argument(argument: &Node<Argument>) -> usize {
    2 + value(&argument.value)
}

/// Recursion is bounded by the nesting limit of the text.
fn value(of: &Value) -> usize {
    match of {
        Value::Variable(_) => 2,
        Value::List(items) => 2 + items.iter().map(|item| value(item)).sum::<usize>(),
        Value::Object(fields) => 2 + fields.iter().map(|(_, field)| 2 + value(field)).sum::<usize>(),
        Value::Null | Value::Enum(_) | Value::String(_) | Value::Float(_) | Value::Int(_) | Value::Boolean(_) => 1,
    }
}

/// Recursion is bounded by the nesting limit of the text.
fn set(selections: &[Selection]) -> usize {
    list(selections, |selection| match selection {
        Selection::Field(field) => {
            let alias = if field.alias.is_some() { 2 } else { 0 };
            alias + 1 + list(&field.arguments, argument) + directives(&field.directives) + set(&field.selection_set)
        }
        Selection::FragmentSpread(spread) => 2 + directives(&spread.directives),
        Selection::InlineFragment(fragment) => {
            let condition = if fragment.type_condition.is_some() { 2 } else { 0 };
            1 + condition + directives(&fragment.directives) + set(&fragment.selection_set)
        }
    })
}
