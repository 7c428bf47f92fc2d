//! A schema in which every kind of thing that a document can name exists once, and which answers in no time.

use async_graphql::{
    ComplexObject, EmptySubscription, Enum, InputObject, Interface, Object, OneofObject, Schema, SimpleObject, Union,
};

/// The root.
pub struct Query;

/// The other root.
pub struct Mutation;

#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Node {
    id: i32,
    name: Option<String>,
}

#[ComplexObject]
impl Node {
    async fn child(&self) -> Self {
        Self {
            id: self.id.wrapping_add(1),
            name: None,
        }
    }

    async fn fails(&self) -> async_graphql::Result<i32> {
        Err("on purpose".into())
    }
}

#[derive(SimpleObject)]
pub struct Leaf {
    id: i32,
}

#[derive(Interface)]
#[graphql(field(name = "id", ty = "&i32"))]
pub enum Thing {
    Node(Node),
    Leaf(Leaf),
}

#[derive(Union)]
pub enum Either {
    Node(Node),
    Leaf(Leaf),
}

#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    Red,
    Green,
}

#[derive(InputObject)]
pub struct Deep {
    text: Option<String>,
    list: Option<Vec<Option<Vec<i32>>>>,
    colour: Option<Colour>,
    deeper: Option<Box<Deep>>,
}

#[derive(OneofObject)]
pub enum One {
    Text(String),
    Number(f64),
}

#[Object]
impl Query {
    async fn node(&self) -> Node {
        Node { id: 0, name: None }
    }

    async fn maybe(&self) -> Option<Node> {
        None
    }

    async fn things(&self) -> Vec<Thing> {
        vec![Thing::Node(Node { id: 1, name: None }), Thing::Leaf(Leaf { id: 2 })]
    }

    async fn either(&self) -> Either {
        Either::Leaf(Leaf { id: 3 })
    }

    async fn echo(
        &self,
        text: Option<String>,
        list: Option<Vec<i32>>,
        colour: Option<Colour>,
        deep: Option<Deep>,
        one: Option<One>,
    ) -> usize {
        let depth = std::iter::successors(deep.as_ref(), |deep| deep.deeper.as_deref()).count();
        text.map_or(0, |text| text.len())
            + list.map_or(0, |list| list.len())
            + usize::from(colour == Some(Colour::Red))
            + depth
            + usize::from(matches!(one, Some(One::Number(_))))
    }
}

#[Object]
impl Mutation {
    async fn touch(&self, times: Option<i32>) -> Option<i32> {
        times
    }
}

/// The schema.
#[must_use]
pub fn schema() -> Schema<Query, Mutation, EmptySubscription> {
    Schema::build(Query, Mutation, EmptySubscription).finish()
}
