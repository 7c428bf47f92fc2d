//! Null propagation (specification, 6.4.4) with random trees of failing fields: the response of a schema with the guard is
//! compared with the result of the specification's rules for the same tree. Refusals of the real schema are tested in
//! `tests/it/access.rs`.

use std::sync::{Arc, OnceLock};

use async_graphql::indexmap::IndexMap;
use async_graphql::{
    EmptyMutation, EmptySubscription, Name, Object, PathSegment, Request, Response, Result, Schema, Value,
};
use futures_util::FutureExt as _;
use portcullis_test_support::cases;
use proptest::prelude::*;

use super::super::*;
use crate::access::{Permission, Permissions};
use crate::graphql::schema::directive::auth;

/// The depth of a query.
const DEPTH: u32 = 2;

/// The result of a field.
#[derive(Debug, Clone)]
enum Slot<T> {
    Value(T),
    Absent,
    Fails,
}

impl<T: Clone> Slot<T> {
    fn nullable(&self) -> Result<Option<T>> {
        match self {
            Self::Value(value) => Ok(Some(value.clone())),
            Self::Absent => Ok(None),
            Self::Fails => Err("failed".into()),
        }
    }

    fn required(&self) -> Result<T> {
        self.nullable()?.ok_or_else(|| "absent".into())
    }
}

#[derive(Debug, Clone)]
struct Tree {
    maybe: Slot<i32>,
    must: Slot<i32>,
    child: Slot<Node>,
    must_child: Slot<Node>,
    list: Slot<Vec<Option<Node>>>,
    must_items: Slot<Vec<Node>>,
    hard_list: Slot<Vec<Node>>,
    nested: Slot<Vec<Vec<Option<Node>>>>,
}

#[derive(Debug, Clone)]
struct Node(Arc<Tree>);

#[Object]
impl Node {
    async fn maybe(&self) -> Result<Option<i32>> {
        self.0.maybe.nullable()
    }

    async fn must(&self) -> Result<i32> {
        self.0.must.required()
    }

    /// Always refused: the caller lacks the permission.
    #[graphql(directive = auth::apply(Permission::ReadUsers, false))]
    async fn secret(&self) -> Option<i32> {
        Some(7)
    }

    async fn child(&self) -> Result<Option<Node>> {
        self.0.child.nullable()
    }

    async fn must_child(&self) -> Result<Node> {
        self.0.must_child.required()
    }

    async fn list(&self) -> Result<Option<Vec<Option<Node>>>> {
        self.0.list.nullable()
    }

    async fn must_items(&self) -> Result<Option<Vec<Node>>> {
        self.0.must_items.nullable()
    }

    async fn hard_list(&self) -> Result<Vec<Node>> {
        self.0.hard_list.required()
    }

    async fn nested(&self) -> Result<Option<Vec<Vec<Option<Node>>>>> {
        self.0.nested.nullable()
    }
}

struct Query(Node);

#[Object]
impl Query {
    async fn root(&self) -> Option<Node> {
        Some(self.0.clone())
    }

    async fn must_root(&self) -> Node {
        self.0.clone()
    }
}

fn slot<T: std::fmt::Debug + Clone + 'static>(value: impl Strategy<Value = T> + 'static) -> BoxedStrategy<Slot<T>> {
    prop_oneof![
        12 => value.prop_map(Slot::Value),
        1 => Just(Slot::Absent),
        1 => Just(Slot::Fails),
    ]
    .boxed()
}

fn node(depth: u32) -> BoxedStrategy<Node> {
    let leaves = (slot(0..9), slot(0..9));
    if depth == 0 {
        let bare = leaves.prop_map(|(maybe, must)| Tree {
            maybe,
            must,
            child: Slot::Absent,
            must_child: Slot::Absent,
            list: Slot::Absent,
            must_items: Slot::Absent,
            hard_list: Slot::Absent,
            nested: Slot::Absent,
        });
        return bare.prop_map(|tree| Node(Arc::new(tree))).boxed();
    }
    let below = node(depth - 1);
    let items = prop::collection::vec(prop::option::weighted(0.9, below.clone()), 0..3);
    let branches = (
        slot(below.clone()),
        slot(below.clone()),
        slot(items.clone()),
        slot(prop::collection::vec(below.clone(), 0..3)),
        slot(prop::collection::vec(below, 0..3)),
        slot(prop::collection::vec(items, 0..3)),
    );
    (leaves, branches)
        .prop_map(
            |((maybe, must), (child, must_child, list, must_items, hard_list, nested))| {
                Node(Arc::new(Tree {
                    maybe,
                    must,
                    child,
                    must_child,
                    list,
                    must_items,
                    hard_list,
                    nested,
                }))
            },
        )
        .boxed()
}

fn selection(depth: u32) -> String {
    let leaves = "maybe must secret";
    if depth == 0 {
        return format!("{{ {leaves} }}");
    }
    let below = selection(depth - 1);
    let branches = ["child", "mustChild", "list", "mustItems", "hardList", "nested"];
    let branches = branches.map(|name| format!("{name} {below}")).join(" ");
    format!("{{ {leaves} {branches} }}")
}

fn run(root: Node, query: &str) -> Response {
    let table = Arc::new(OnceLock::new());
    let schema = Schema::build(Query(root), EmptyMutation, EmptySubscription)
        .extension(GuardFactory(Arc::clone(&table)))
        .finish();
    table.get_or_init(|| AccessTable::from_sdl(&schema.sdl()).unwrap());
    let authorization = Authorization::once(Actor::user("ann", Vec::new(), Permissions::of(&[])));
    let request = Request::new(query).data(Arc::new(authorization));
    schema.execute(request).now_or_never().unwrap()
}

/// The specification's rules, applied to a tree. A position is a path, joined with slashes.
#[derive(Default)]
struct Oracle {
    /// The positions that failed.
    failed: Vec<String>,
    /// The positions that are null because of an error there or below.
    nulled: Vec<String>,
}

/// An error that has propagated to a position.
struct Propagated;

impl Oracle {
    fn failure(&mut self, at: &str) -> Propagated {
        self.failed.push(at.to_owned());
        Propagated
    }

    /// The value at a position. An error stops at a nullable one; the nulls below a position that an error has propagated
    /// through are not in the response.
    fn position(
        &mut self,
        at: &str,
        nullable: bool,
        value: impl FnOnce(&mut Self) -> Result<Value, Propagated>,
    ) -> Result<Value, Propagated> {
        let before = self.nulled.len();
        match value(self) {
            Err(Propagated) => {
                self.nulled.truncate(before);
                if !nullable {
                    return Err(Propagated);
                }
                self.nulled.push(at.to_owned());
                Ok(Value::Null)
            }
            value => value,
        }
    }

    fn field<T>(
        &mut self,
        at: &str,
        nullable: bool,
        slot: &Slot<T>,
        complete: impl FnOnce(&mut Self, &T) -> Result<Value, Propagated>,
    ) -> Result<Value, Propagated> {
        self.position(at, nullable, |oracle| match slot {
            Slot::Value(value) => complete(oracle, value),
            Slot::Absent if nullable => Ok(Value::Null),
            Slot::Absent | Slot::Fails => Err(oracle.failure(at)),
        })
    }

    fn items<T>(
        &mut self,
        at: &str,
        nullable: bool,
        items: &[T],
        mut complete: impl FnMut(&mut Self, &str, &T) -> Result<Value, Propagated>,
    ) -> Result<Value, Propagated> {
        let mut values = Vec::new();
        let mut propagated = None;
        for (index, item) in items.iter().enumerate() {
            let at = format!("{at}/{index}");
            match self.position(&at, nullable, |oracle| complete(oracle, &at, item)) {
                Ok(value) => values.push(value),
                Err(error) => propagated = Some(error),
            }
        }
        propagated.map_or(Ok(Value::List(values)), Err)
    }

    fn optional(&mut self, at: &str, depth: u32, node: Option<&Node>) -> Result<Value, Propagated> {
        node.map_or(Ok(Value::Null), |node| self.object(at, depth, node))
    }

    fn object(&mut self, at: &str, depth: u32, Node(tree): &Node) -> Result<Value, Propagated> {
        let number = |_: &mut Self, n: &i32| Ok(Value::from(*n));
        let path = |name: &str| format!("{at}/{name}");
        let secret = path("secret");
        let mut fields = vec![
            ("maybe", self.field(&path("maybe"), true, &tree.maybe, number)),
            ("must", self.field(&path("must"), false, &tree.must, number)),
            (
                "secret",
                self.position(&secret, true, |oracle| Err(oracle.failure(&secret))),
            ),
        ];
        if let Some(depth) = depth.checked_sub(1) {
            let [child, must_child] = ["child", "mustChild"].map(path);
            let [list, must_items, hard_list, nested] = ["list", "mustItems", "hardList", "nested"].map(path);
            fields.push((
                "child",
                self.field(&child, true, &tree.child, |oracle, node| {
                    oracle.object(&child, depth, node)
                }),
            ));
            fields.push((
                "mustChild",
                self.field(&must_child, false, &tree.must_child, |oracle, node| {
                    oracle.object(&must_child, depth, node)
                }),
            ));
            fields.push((
                "list",
                self.field(&list, true, &tree.list, |oracle, items| {
                    oracle.items(&list, true, items, |oracle, at, node| {
                        oracle.optional(at, depth, node.as_ref())
                    })
                }),
            ));
            let hard = |at: String| {
                move |oracle: &mut Self, items: &Vec<Node>| {
                    oracle.items(&at, false, items, |oracle, at, node| oracle.object(at, depth, node))
                }
            };
            fields.push((
                "mustItems",
                self.field(&must_items, true, &tree.must_items, hard(must_items.clone())),
            ));
            fields.push((
                "hardList",
                self.field(&hard_list, false, &tree.hard_list, hard(hard_list.clone())),
            ));
            fields.push((
                "nested",
                self.field(&nested, true, &tree.nested, |oracle, rows| {
                    oracle.items(&nested, false, rows, |oracle, at, row| {
                        oracle.items(at, true, row, |oracle, at, node| {
                            oracle.optional(at, depth, node.as_ref())
                        })
                    })
                }),
            ));
        }
        let mut object = IndexMap::new();
        for (name, value) in fields {
            object.insert(Name::new(name), value?);
        }
        Ok(Value::Object(object))
    }
}

fn written(path: &[PathSegment]) -> String {
    let steps = path.iter().map(|step| match step {
        PathSegment::Field(name) => name.clone(),
        PathSegment::Index(index) => index.to_string(),
    });
    steps.collect::<Vec<_>>().join("/")
}

fn check(root: &Node, field: &'static str, nullable: bool) {
    let answer = run(root.clone(), &format!("{{ {field} {} }}", selection(DEPTH)));
    let mut oracle = Oracle::default();
    let top = oracle.position("", true, |oracle| {
        let value = oracle.position(field, nullable, |oracle| oracle.object(field, DEPTH, root))?;
        Ok(Value::Object([(Name::new(field), value)].into_iter().collect()))
    });
    assert_eq!(answer.data, top.unwrap_or_default());
    let reported: Vec<_> = answer.errors.iter().map(|error| written(&error.path)).collect();
    for (at, error) in reported.iter().zip(&answer.errors) {
        assert!(oracle.failed.contains(at), "no field failed at {at}");
        assert_eq!(reported.iter().filter(|other| *other == at).count(), 1, "twice: {at}");
        assert_eq!(error.locations.len(), 1, "{error:?}");
        assert!(
            error.locations[0].line > 0 && error.locations[0].column > 0,
            "{error:?}"
        );
        let refused = error.source::<Failure>().is_some();
        assert_eq!(refused, at.ends_with("secret"), "{error:?}");
    }
    for null in &oracle.nulled {
        let below = format!("{null}/");
        let explained = reported
            .iter()
            .any(|at| null.is_empty() || at == null || at.starts_with(&below));
        assert!(explained, "no error for the null at {null}: {reported:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases(200)) })]

    #[test]
    fn an_error_nulls_the_nearest_nullable_position_and_is_reported_once(root in node(DEPTH)) {
        check(&root, "root", true);
        check(&root, "mustRoot", false);
    }
}
