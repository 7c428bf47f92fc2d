//! Subscriptions with a small schema: the guard decides each event, at its root and below. Queries, mutations and the real
//! schema are tested in `tests/it/access.rs`.

mod null_propagation;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_graphql::{EmptyMutation, Object, PathSegment, Request, Response, Schema, SimpleObject, Subscription};
use futures_util::stream::{self, Stream};
use futures_util::{FutureExt as _, StreamExt as _};

use super::*;
use crate::access::{Permission, Permissions};
use crate::graphql::schema::directive::auth;

struct Query;

#[Object]
impl Query {
    async fn nothing(&self) -> bool {
        true
    }
}

#[derive(SimpleObject)]
struct Row {
    open: i32,
    #[graphql(directive = auth::apply(Permission::ReadUsers, false))]
    closed: Option<i32>,
}

struct Endless;

#[Object]
impl Endless {
    async fn end(&self) -> bool {
        std::future::pending().await
    }
}

struct Rows;

#[Subscription]
impl Rows {
    async fn endless(&self) -> impl Stream<Item = Endless> {
        stream::iter([Endless, Endless])
    }

    #[graphql(directive = auth::apply(Permission::ReadJobs, false))]
    async fn rows(&self) -> impl Stream<Item = Option<Row>> {
        stream::iter([1, 2]).map(|n| {
            Some(Row {
                open: n,
                closed: Some(-n),
            })
        })
    }
}

fn schema() -> Schema<Query, EmptyMutation, Rows> {
    let table = Arc::new(OnceLock::new());
    let schema = Schema::build(Query, EmptyMutation, Rows)
        .extension(GuardFactory(Arc::clone(&table)))
        .finish();
    let rules = AccessTable::from_sdl(&schema.sdl()).unwrap();
    assert!(rules.rule("Rows", "rows").unwrap().requirement.is_some());
    table.get_or_init(|| rules);
    schema
}

fn follow(permissions: &[Permission]) -> Vec<Response> {
    let authorization = Arc::new(Authorization::once(Actor::user(
        "ann",
        Vec::new(),
        Permissions::of(permissions),
    )));
    let request = Request::new("subscription { rows { open closed } }").data(authorization);
    schema()
        .execute_stream(request)
        .collect::<Vec<_>>()
        .now_or_never()
        .unwrap()
}

#[tokio::test]
async fn an_event_that_takes_too_long_is_a_timeout() {
    let authorization = Authorization::once(Actor::guest()).within(Duration::from_millis(20));
    let request = Request::new("subscription { endless { end } }").data(Arc::new(authorization));
    let answers: Vec<Response> = schema().execute_stream(request).collect().await;
    assert_eq!(answers.len(), 2);
    for answer in answers {
        assert_eq!(answer.data, Value::Null);
        assert_eq!(answer.errors.len(), 1);
        let code = answer.errors[0]
            .extensions
            .as_ref()
            .and_then(|values| values.get("code"));
        assert_eq!(code, Some(&Value::from("TIMEOUT")));
    }
}

#[test]
fn each_event_is_guarded_at_its_root_and_below() {
    let texts =
        |answers: &[Response]| -> Vec<String> { answers.iter().map(|answer| answer.data.to_string()).collect() };
    let all = follow(&[Permission::ReadJobs, Permission::ReadUsers]);
    assert_eq!(
        texts(&all),
        ["{rows: {open: 1, closed: -1}}", "{rows: {open: 2, closed: -2}}"]
    );
    let some = follow(&[Permission::ReadJobs]);
    assert_eq!(
        texts(&some),
        ["{rows: {open: 1, closed: null}}", "{rows: {open: 2, closed: null}}"]
    );
    for answer in &some {
        assert_eq!(answer.errors.len(), 1);
        let path = [PathSegment::Field("rows".into()), PathSegment::Field("closed".into())];
        assert_eq!(answer.errors[0].path, path);
    }
    let none = follow(&[Permission::ReadUsers]);
    assert_eq!(texts(&none), ["{rows: null}", "{rows: null}"]);
    assert!(none.iter().all(|answer| answer.errors.len() == 1));
}
