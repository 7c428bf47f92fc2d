//! The cost of an operation, estimated before it runs, and its charge.
//!
//! A field costs its `@cost` weight, and again for each item of the list that the directive names with `per`.
//! Selections below a field with pages count once for each item of a page. A field that the caller may not select costs
//! nothing, and the cost of a field that the server fails to answer is refunded.

use std::cell::RefCell;
use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_graphql::parser::types::{Field, OperationDefinition, OperationType, Selection, SelectionSet};
use async_graphql::{Name, Pos, Value, Variables};

use super::access_table::{AccessTable, FieldRule};
use crate::access::{self, Actor, Decision};
use crate::app::App;
use crate::graphql::error::Failure;
use crate::quota::QuotaSubject;

/// The cost of an operation in units.
#[derive(Debug, Default)]
pub(crate) struct Price {
    /// The total of all fields.
    pub(crate) units: u32,
    /// The fields whose cost depends on a list, by the position of their names.
    fields: HashMap<Pos, u32>,
}

/// The cost of an operation for this caller; without one, for a caller who may select all its fields.
///
/// The operation must be one that [`lowering`](super::lowering) returned for these variables: every selection of it is
/// executed.
pub(crate) fn estimate(
    operation: &OperationDefinition,
    variables: &Variables,
    table: &AccessTable,
    actor: Option<&Actor>,
) -> Price {
    let root = match operation.ty {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    };
    let bill = Bill {
        variables,
        table,
        actor,
        fields: RefCell::default(),
    };
    Price {
        units: bill.selections(root, &operation.selection_set.node),
        fields: bill.fields.into_inner(),
    }
}

struct Bill<'a> {
    variables: &'a Variables,
    table: &'a AccessTable,
    actor: Option<&'a Actor>,
    fields: RefCell<HashMap<Pos, u32>>,
}

impl Bill<'_> {
    /// Recursion is bounded by the depth limit.
    fn selections(&self, parent: &str, set: &SelectionSet) -> u32 {
        let costs = set
            .items
            .iter()
            .map(|selection| self.selection(parent, &selection.node));
        costs.fold(0, u32::saturating_add)
    }

    fn selection(&self, parent: &str, selection: &Selection) -> u32 {
        match selection {
            Selection::Field(field) => self.field(parent, &field.node),
            Selection::InlineFragment(fragment) => {
                let condition = fragment.node.type_condition.as_ref();
                let ty = condition.map_or(parent, |condition| condition.node.on.node.as_str());
                self.selections(ty, &fragment.node.selection_set.node)
            }
            Selection::FragmentSpread(_) => 0,
        }
    }

    fn field(&self, parent: &str, field: &Field) -> u32 {
        let Some(rule) = self.table.rule(parent, field.name.node.as_str()) else {
            return 0;
        };
        let allowed = |(actor, needed): (&Actor, _)| access::permits(actor, needed, actor.id()) == Decision::Allowed;
        if !self.actor.zip(rule.requirement).is_none_or(allowed) {
            return 0;
        }
        let below = self.selections(rule.base_type(), &field.selection_set.node);
        self.own(rule, field)
            .saturating_add(below.saturating_mul(self.items(rule, field)))
    }

    /// The field without its selections.
    fn own(&self, rule: &FieldRule, field: &Field) -> u32 {
        let Some(path) = &rule.cost_per else { return rule.cost };
        let mut steps = path.split('.');
        let argument = steps.next().and_then(|name| field.get_argument(name));
        // Only the structure of the value matters; its texts may be long.
        let shape = argument.map(|value| {
            let variable = |name: Name| Ok::<_, Infallible>(shape(self.given(&name)));
            value.node.clone().into_const_with(variable)
        });
        let list = steps.fold(shape.and_then(Result::ok), |value, step| match value {
            Some(Value::Object(mut fields)) => fields.swap_remove(step),
            _ => None,
        });
        let items = match list {
            None | Some(Value::Null) => 0,
            Some(Value::List(items)) => u32::try_from(items.len()).unwrap_or(u32::MAX),
            // A single item is coerced to a list (specification, 3.11).
            Some(_) => 1,
        };
        let units = rule.cost.saturating_mul(items.saturating_add(1));
        self.fields.borrow_mut().insert(field.name.pos, units);
        units
    }

    fn items(&self, rule: &FieldRule, field: &Field) -> u32 {
        let Some(page) = rule.page else { return 1 };
        let first = field.get_argument("first").map(|value| value.node.clone());
        match first.map(|first| first.into_const_with(|name| self.variable(&name))) {
            Some(Ok(Value::Number(first))) => first.as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or(page),
            _ => page,
        }
    }

    fn variable(&self, name: &Name) -> Result<Value, Infallible> {
        Ok(self.given(name).cloned().unwrap_or_default())
    }

    fn given(&self, name: &Name) -> Option<&Value> {
        self.variables.get(name)
    }
}

/// The structure of a value: lists and objects without scalars.
fn shape(value: Option<&Value>) -> Value {
    match value {
        None | Some(Value::Null) => Value::Null,
        Some(Value::List(items)) => Value::List(items.iter().map(|item| shape(Some(item))).collect()),
        Some(Value::Object(fields)) => {
            let fields = fields.iter().map(|(name, value)| (name.clone(), shape(Some(value))));
            Value::Object(fields.collect())
        }
        Some(_) => Value::Boolean(true),
    }
}

/// The charge of a request; absent if it costs nothing.
pub(crate) struct Charge {
    app: App,
    who: QuotaSubject,
    pub(crate) price: Price,
    given_back: Refund,
}

/// Units to be refunded at the end of an operation, or of an event of a subscription. Cloning shares them.
#[derive(Clone, Default)]
pub(crate) struct Refund(Arc<AtomicU32>);

impl Refund {
    /// Adds units for work that was charged and not done.
    pub(crate) fn add(&self, units: u32) {
        self.0.fetch_add(units, Ordering::Relaxed);
    }
}

impl Charge {
    pub(crate) fn new(app: App, who: QuotaSubject, price: Price) -> Self {
        Self {
            app,
            who,
            price,
            given_back: Refund::default(),
        }
    }

    /// Spends the units, or none.
    ///
    /// # Errors
    /// The reason to refuse the request.
    pub(crate) async fn spend(&self) -> Result<(), Failure> {
        let spent = self.app.quotas().spend(&self.who, self.price.units).await;
        spent.map_err(Failure::from)
    }

    /// Records that the server failed to answer a field, given the weight of its `@cost` and the position of its name.
    pub(crate) fn give_back(&self, weight: u32, at: Pos) {
        let units = self.price.fields.get(&at).copied().unwrap_or(weight);
        self.given_back.add(units);
    }

    /// The refund, for work that knows what it did not do.
    pub(crate) fn refund(&self) -> Refund {
        self.given_back.clone()
    }

    /// Refunds what was recorded.
    pub(crate) async fn settle(&self) {
        // A field inside a list may fail more often than it was charged for.
        match self.given_back.0.swap(0, Ordering::Relaxed).min(self.price.units) {
            0 => {}
            units => self.app.quotas().refund(&self.who, units).await,
        }
    }
}

#[cfg(test)]
mod tests {
    //! Estimates. Charges are tested in `tests/it/quotas.rs`.

    use async_graphql::Request;

    use super::super::admission::Admission;
    use super::super::lowering;
    use super::*;
    use crate::access::{Permission, Permissions};

    const SDL: &str = "
        enum Permission { READ_AUDIT }
        directive @cost(weight: Int!, per: String) on FIELD_DEFINITION
        directive @auth(requires: Permission!, orOwner: Boolean! = false) on FIELD_DEFINITION
        type Query {
            a: Int @cost(weight: 3)
            free: Int
            secret: Int @auth(requires: READ_AUDIT) @cost(weight: 100)
            page(first: Int = 20): Page @cost(weight: 2)
            many(list: [Int], input: Many): Int @cost(weight: 7, per: \"list\")
            deep(input: Many): Int @cost(weight: 2, per: \"input.of.list\")
        }
        input Many { of: Of }
        input Of { list: [Int] }
        type Page { items: [Item!]! }
        type Item { dear: Int @cost(weight: 5) query: Query }
        schema { query: Query }";

    fn price(document: &str, variables: serde_json::Value) -> u32 {
        let table = AccessTable::from_sdl(SDL).unwrap();
        let actor = Actor::user("ann", [], Permissions::of(&[Permission::Predict]));
        let name = document.contains("query Two").then_some("Two");
        let mut request = Request::new(document).variables(Variables::from_json(variables));
        request.operation_name = name.map(str::to_owned);
        Admission::new(SDL, true).unwrap().admit(&mut request).unwrap();
        let variables = std::mem::take(&mut request.variables);
        let operation = lowering::only(request.parsed_query().unwrap()).unwrap();
        estimate(&operation.node, &variables, &table, Some(&actor)).units
    }

    #[test]
    fn every_selection_counts_however_it_is_written() {
        let none = serde_json::json!({});
        for (document, units) in [
            ("{ free }", 0),
            ("{ a }", 3),
            ("{ a a ... { a } }", 3),
            (
                "{ a b: a ... { c: a } ... on Query { d: a } ...F } fragment F on Query { e: a }",
                15,
            ),
            ("{ secret }", 0),
            ("query One { a } query Two { a b: a }", 6),
            ("{ page { items { dear } } }", 2 + 20 * 5),
            ("{ page(first: 3) { items { dear query { a } } } }", 2 + 3 * 8),
            ("{ page(first: 0) { items { dear } } }", 2),
            ("{ page(first: -1) { items { dear } } }", 2 + 20 * 5),
            ("query($n: Int = 4) { page(first: $n) { items { dear } } }", 2 + 4 * 5),
            (
                "{ a @skip(if: true) b: a @include(if: false) c: a @skip(if: false) }",
                3,
            ),
        ] {
            assert_eq!(price(document, none.clone()), units, "{document}");
        }
        let document = "query($n: Int, $no: Boolean!) { page(first: $n) { items { dear @skip(if: $no) } } a }";
        assert_eq!(
            price(document, serde_json::json!({ "n": 7, "no": false })),
            2 + 7 * 5 + 3
        );
        assert_eq!(price(document, serde_json::json!({ "n": 7, "no": true })), 2 + 3);
    }

    #[test]
    fn a_default_decides_a_condition() {
        let document = "query($v: Boolean! = true) { a @skip(if: $v) many @include(if: $v) }";
        assert_eq!(price(document, serde_json::json!({})), 7);
        assert_eq!(price(document, serde_json::json!({ "v": true })), 7);
        assert_eq!(price(document, serde_json::json!({ "v": false })), 3);
    }

    #[test]
    fn lists_cost_by_their_length_wherever_they_stand() {
        let given = serde_json::json!({
            "list": [1, 2, 3], "input": { "of": { "list": [5, 6] } }, "none": null, "one": 5,
        });
        for (document, units) in [
            ("{ many }", 7),
            ("{ many(list: [1, 2]) }", 7 * 3),
            ("{ many(list: 1) }", 7 * 2),
            ("query($list: [Int]) { many(list: $list) }", 7 * 4),
            (
                "query($one: Int!) { many(list: 5) other: many(list: [$one, $one]) }",
                7 * 2 + 7 * 3,
            ),
            ("query($none: [Int]) { many(list: $none) }", 7),
            ("query($absent: [Int] = [1]) { many(list: $absent) }", 7 * 2),
            ("query($absent: [Int]) { many(list: $absent) }", 7),
            ("query($input: Many) { deep(input: $input) }", 2 * 3),
            ("query($list: [Int]) { deep(input: { of: { list: $list } }) }", 2 * 4),
            ("{ deep(input: { of: {} }) }", 2),
        ] {
            assert_eq!(price(document, given.clone()), units, "{document}");
        }
    }

    #[test]
    fn a_price_past_all_numbers_is_the_highest() {
        let mut document = "dear".to_owned();
        for _ in 0..6 {
            document = format!("query {{ page(first: 2000000000) {{ items {{ {document} }} }} }}");
        }
        let document = document.replacen("query", "", 1);
        assert_eq!(price(&document, serde_json::json!({})), u32::MAX);
    }
}
