//! Every connection of the schema by the GraphQL Cursor Connections Specification: walks with pages of any size, page
//! information, cursors that are not of the connection, and removals. The connections are found in the schema, so a new one
//! fails these tests until it has data here.

use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use portcullis::graphql::request::access_table::AccessTable;
use portcullis::graphql::sdl;
use portcullis::identity::{NewUser, Origin};
use proptest::prelude::*;
use proptest::test_runner::{Config as Cases, TestRunner};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::harness::{Answer, PASSWORD, TestApp};

/// A connection of the query root.
#[derive(Debug, Clone)]
struct Connection {
    field: String,
    has_total: bool,
    /// Arguments with which the connection has several edges, and its order.
    arguments: &'static str,
    /// The fields of a node that identify it.
    node: &'static str,
    /// The maximum page size.
    maximum: usize,
    /// The mutation that removes the node with an id; `None` if nodes are not removed one by one.
    remove: Option<fn(&Value) -> String>,
    /// The number of random walks: rankings are recomputed for each page.
    walks: u32,
}

fn remove_job(id: &Value) -> String {
    format!("mutation {{ removeJob(input: {{ id: {id} }}) {{ errors {{ message }} }} }}")
}

fn connections() -> Vec<Connection> {
    let table = AccessTable::from_sdl(&sdl()).unwrap();
    let fields = table.fields().into_iter();
    let mut found: Vec<_> = fields
        .filter(|(_, _, rule)| rule.base_type().ends_with("Connection"))
        .map(|(ty, field, rule)| {
            assert_eq!(ty, "Query", "{ty}.{field}: only connections of the query root are tested");
            let simple = Connection {
                field: field.to_owned(),
                has_total: table.rule(rule.base_type(), "totalCount").is_some(),
                arguments: "",
                node: "id",
                maximum: 100,
                remove: None,
                walks: 40,
            };
            match field {
                "auditEvents" => simple,
                "users" => Connection {
                    remove: Some(|node| {
                        let id = &node["id"];
                        format!("mutation {{ removeUser(input: {{ id: {id} }}) {{ errors {{ message }} }} }}")
                    }),
                    ..simple
                },
                "jobs" => Connection {
                    remove: Some(|node| remove_job(&node["id"])),
                    ..simple
                },
                "searchJobs" => Connection {
                    // A word of all jobs, so that a removal does not change the order by words.
                    arguments: "query: \"worker\",",
                    remove: Some(|node| remove_job(&node["id"])),
                    ..simple
                },
                "rankJobs" => Connection {
                    arguments: "input: { resume: { text: \"Baker. I bake bread and clean ovens.\" }, \
                                catalogue: { candidates: 50 } },",
                    node: "job { id }",
                    maximum: 200,
                    remove: Some(|node| remove_job(&node["job"]["id"])),
                    walks: 6,
                    ..simple
                },
                "rankResumes" => Connection {
                    arguments: "input: { job: { text: \"Baker\\n\\nMust bake bread.\" }, resumes: [\
                                { text: \"Welder. I weld pipes.\" }, { text: \"Baker. I bake bread.\" }, { text: \"\" }, \
                                { text: \"Baker. I bake bread.\" }, { text: \"Clerk. I file letters.\" }] },",
                    node: "index",
                    maximum: 200,
                    walks: 6,
                    ..simple
                },
                _ => panic!("Query.{field} is a new connection: add data for it here"),
            }
        })
        .collect();
    assert!(found.len() >= 6, "{found:?}");
    let users = found.iter().find(|connection| connection.field == "users").cloned();
    found.extend(ORDERS.map(|arguments| {
        Connection {
            arguments,
            // In the ascending orders by time, the first edge is the last administrator, who cannot be removed.
            remove: users
                .as_ref()
                .and_then(|users| users.remove)
                .filter(|_| arguments.contains("DESC")),
            ..users.clone().unwrap()
        }
    }));
    found
}

/// The orders of accounts except the default. Each has its own cursors.
const ORDERS: [&str; 5] = [
    "orderBy: { direction: DESC },",
    "orderBy: { field: CREATED_AT },",
    "orderBy: { field: CREATED_AT, direction: DESC },",
    "orderBy: { field: UPDATED_AT },",
    "orderBy: { field: UPDATED_AT, direction: DESC },",
];

/// An app with data for every connection.
struct World {
    app: TestApp,
    admin: String,
    connections: Vec<Connection>,
}

impl World {
    async fn new() -> Self {
        let app = TestApp::start().await;
        let admin = app.admin().await;
        // The order of the ids differs from that of the registrations. `aaron` and `abel` come before `admin`, so that they
        // can be removed.
        for (number, name) in ["köchin", "abel", "ann2", "Zoë", "aaron", "ann"]
            .into_iter()
            .enumerate()
        {
            let accounts = app.gateway.app().accounts();
            let new = NewUser {
                username: name.to_owned(),
                email: format!("user{number}@example.com").into(),
                password: PASSWORD.into(),
            };
            accounts.register(new, &Origin::default()).await.unwrap();
        }
        let tasks = [
            "bake bread",
            "weld pipes",
            "file letters",
            "bake cakes",
            "bake bread",
            "drive a bus",
            "weld pipes",
        ];
        let jobs: Vec<Value> = tasks
            .iter()
            .enumerate()
            .map(|(number, task)| {
                let id = format!("job-{}", (number * 5) % 7);
                json!({ "id": id, "title": "Worker", "source": { "text": format!("Worker\n\nRequirements:\n- You {task} every day") } })
            })
            .collect();
        let add = "mutation($jobs: [JobInput!]!) { addJobs(input: { jobs: $jobs }) { errors { message } } }";
        let added = app.query(Some(&admin), add, json!({ "jobs": jobs })).await;
        assert_eq!(added.data("/addJobs/errors"), json!([]), "{}", added.text);
        Self {
            app,
            admin,
            connections: connections(),
        }
    }

    async fn ask(&self, connection: &Connection, first: Value, after: Value) -> Answer {
        let Connection {
            field, arguments, node, ..
        } = connection;
        let total = if connection.has_total { "totalCount" } else { "" };
        let query = format!(
            "query($first: Int, $after: String) {{ {field}({arguments} first: $first, after: $after) {{ {total} \
             edges {{ cursor node {{ {node} }} }} nodes {{ {node} }} \
             pageInfo {{ hasPreviousPage hasNextPage startCursor endCursor }} }} }}"
        );
        let variables = json!({ "first": first, "after": after });
        self.app.query(Some(&self.admin), &query, variables).await
    }

    /// A page, which must not be refused.
    async fn page(&self, connection: &Connection, first: usize, after: Option<&str>) -> Value {
        let answer = self.ask(connection, json!(first), json!(after)).await;
        assert_eq!(answer.codes(), Vec::<String>::new(), "{connection:?}: {}", answer.text);
        answer.data(&format!("/{}", connection.field))
    }

    /// All edges.
    async fn edges(&self, connection: &Connection) -> Vec<Value> {
        let page = self.page(connection, connection.maximum, None).await;
        let edges = page["edges"].as_array().unwrap().clone();
        assert!(edges.len() >= 5, "{connection:?} has too few edges for a test: {page}");
        edges
    }

    async fn assert_refused(&self, connection: &Connection, first: Value, after: Value) {
        let answer = self.ask(connection, first.clone(), after.clone()).await;
        let what = format!("{}: {first} {after}: {}", connection.field, answer.text);
        assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{what}");
        assert!(answer.status.is_success(), "{what}");
        let body = answer.json();
        assert_eq!(body["data"], json!({ &connection.field: null }), "{what}");
        assert_eq!(body["errors"][0]["path"], json!([connection.field]), "{what}");
    }

    async fn remove(&self, connection: &Connection, edge: &Value) {
        let mutation = connection.remove.map(|remove| remove(&edge["node"])).unwrap();
        self.app.change(&self.admin, &mutation).await;
    }
}

fn cursor(edge: &Value) -> &str {
    edge["cursor"].as_str().unwrap()
}

/// The page of a connection with these edges that the specification requires, without the total.
fn expected(edges: &[Value], page: Range<usize>) -> Value {
    let some = &edges[page.clone()];
    let nodes: Vec<&Value> = some.iter().map(|edge| &edge["node"]).collect();
    let cursor = |edge: Option<&Value>| edge.map_or(Value::Null, |edge| edge["cursor"].clone());
    json!({
        "edges": some,
        "nodes": nodes,
        "pageInfo": {
            "hasPreviousPage": page.start > 0,
            "hasNextPage": page.end < edges.len(),
            "startCursor": cursor(some.first()),
            "endCursor": cursor(some.last()),
        },
    })
}

/// A page without its total, which must be that of the connection.
fn without_total(connection: &Connection, mut page: Value, edges: &[Value]) -> Value {
    if connection.has_total {
        let total = page.as_object_mut().unwrap().remove("totalCount");
        assert_eq!(total, Some(json!(edges.len())), "{}", connection.field);
    }
    page
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Cases {
        cases,
        failure_persistence: None,
        ..Cases::default()
    })
}

#[test]
fn a_walk_with_pages_of_any_size_gives_every_node_once_and_in_one_order() {
    let runtime = Runtime::new().unwrap();
    let world = runtime.block_on(World::new());
    for connection in &world.connections {
        let edges = runtime.block_on(world.edges(connection));
        for part in ["cursor", "node"] {
            let mut parts: Vec<String> = edges.iter().map(|edge| edge[part].to_string()).collect();
            parts.sort_unstable();
            parts.dedup();
            assert_eq!(
                parts.len(),
                edges.len(),
                "{}: a {part} twice: {edges:?}",
                connection.field
            );
        }
        let sizes = prop::collection::vec(1..=edges.len() + 1, 1..=edges.len());
        let result = runner(connection.walks).run(&sizes, |sizes| {
            let (mut seen, mut after) = (0, None::<String>);
            for size in sizes.iter().cycle() {
                let page = runtime.block_on(world.page(connection, *size, after.as_deref()));
                let page = without_total(connection, page, &edges);
                let end = edges.len().min(seen + size);
                prop_assert_eq!(&page, &expected(&edges, seen..end), "{} {:?}", connection.field, sizes);
                if end == edges.len() {
                    break;
                }
                after = page["pageInfo"]["endCursor"].as_str().map(str::to_owned);
                seen = end;
            }
            Ok(())
        });
        result.unwrap();
    }
}

#[tokio::test]
async fn page_sizes_have_a_range_and_a_page_after_the_last_edge_is_empty() {
    let world = World::new().await;
    for connection in &world.connections {
        let edges = world.edges(connection).await;
        for first in [
            -1,
            i64::from(i32::MIN),
            connection.maximum as i64 + 1,
            i64::from(i32::MAX),
        ] {
            world.assert_refused(connection, json!(first), json!(null)).await;
        }
        let last = edges.len();
        for (first, after, page) in [
            (0, 0, 0..0),
            (0, 2, 2..2),
            (0, last, last..last),
            (3, last, last..last),
            (connection.maximum, 1, 1..last),
        ] {
            let cursor = after.checked_sub(1).map(|at| cursor(&edges[at]));
            let found = without_total(connection, world.page(connection, first, cursor).await, &edges);
            assert_eq!(found, expected(&edges, page), "{} {first} {after}", connection.field);
        }
        // Null is as if the argument was omitted: the default page size.
        let answer = world.ask(connection, json!(null), json!(null)).await;
        let found = answer.data(&format!("/{}/edges", connection.field));
        assert_eq!(found, json!(edges[..last.min(20)]), "{}", connection.field);
    }
}

#[test]
fn only_a_cursor_of_the_connection_is_accepted() {
    let runtime = Runtime::new().unwrap();
    let world = runtime.block_on(World::new());
    let all: Vec<(&Connection, String)> = world
        .connections
        .iter()
        .map(|connection| {
            let edges = runtime.block_on(world.edges(connection));
            (connection, cursor(&edges[1]).to_owned())
        })
        .collect();
    for (connection, own) in &all {
        let others = all
            .iter()
            .filter(|(other, _)| (&other.field, other.arguments) != (&connection.field, connection.arguments));
        for (_, foreign) in others {
            runtime.block_on(world.assert_refused(connection, json!(1), json!(foreign)));
        }
        for wrong in ["", "x", "eA", "null", "0", "Z", "////", &"A".repeat(1 << 16)] {
            runtime.block_on(world.assert_refused(connection, json!(1), json!(wrong)));
        }
        let bytes = URL_SAFE_NO_PAD.decode(own).unwrap();
        let texts = prop_oneof![
            any::<String>(),
            "[A-Za-z0-9_-]{0,80}",
            any::<Vec<u8>>().prop_map(|bytes| URL_SAFE_NO_PAD.encode(bytes)),
            // The own cursor with another byte, without its end, and with another end.
            (0..bytes.len(), 1..=u8::MAX).prop_map({
                let bytes = bytes.clone();
                move |(at, change)| {
                    let mut changed = bytes.clone();
                    changed[at] ^= change;
                    URL_SAFE_NO_PAD.encode(changed)
                }
            }),
            (0..own.len()).prop_map({
                let own = own.clone();
                move |end| own[..end].to_owned()
            }),
            "[A-Za-z0-9_=+/ -]{1,8}".prop_map({
                let own = own.clone();
                move |end| own.clone() + &end
            }),
        ];
        let result = runner(60).run(&texts, |text| {
            runtime.block_on(world.assert_refused(connection, json!(1), json!(text)));
            Ok(())
        });
        result.unwrap();
    }
}

#[tokio::test]
async fn a_cursor_keeps_its_place_when_its_edge_is_removed() {
    let mut removed = 0;
    for connection in connections() {
        if connection.remove.is_none() {
            continue;
        }
        let world = World::new().await;
        let edges = world.edges(&connection).await;
        let nodes = |edges: &[Value]| -> Vec<String> {
            let mut nodes: Vec<_> = edges.iter().map(|edge| edge["node"].to_string()).collect();
            // The scores of a search depend on the other results, and with them the order of the rest.
            if connection.field == "searchJobs" {
                nodes.sort_unstable();
            }
            nodes
        };
        let after = cursor(&edges[1]);
        world.remove(&connection, &edges[1]).await;
        let rest = world.page(&connection, connection.maximum, Some(after)).await;
        let found = rest["edges"].as_array().unwrap();
        assert_eq!(nodes(found), nodes(&edges[2..]), "{}", connection.field);
        assert_eq!(rest["pageInfo"]["hasPreviousPage"], true, "{}", connection.field);
        assert_eq!(rest["pageInfo"]["hasNextPage"], false, "{}", connection.field);
        // No edge is left before the page.
        world.remove(&connection, &edges[0]).await;
        let rest = world
            .page(&connection, connection.maximum, Some(cursor(&found[0])))
            .await;
        assert_eq!(rest["pageInfo"]["hasPreviousPage"], true, "{}", connection.field);
        if connection.field != "searchJobs" {
            let rest = world.page(&connection, connection.maximum, Some(after)).await;
            assert_eq!(
                nodes(rest["edges"].as_array().unwrap()),
                nodes(&edges[2..]),
                "{}",
                connection.field
            );
            assert_eq!(rest["pageInfo"]["hasPreviousPage"], false, "{}", connection.field);
        }
        removed += 1;
    }
    assert!(removed >= 4, "{removed}");
}

#[tokio::test]
async fn a_cursor_of_a_swept_event_keeps_its_place() {
    let world = World::new().await;
    let connection = world
        .connections
        .iter()
        .find(|connection| connection.field == "auditEvents");
    let connection = connection.unwrap().clone();
    let edges = world.edges(&connection).await;
    let after = cursor(&edges[1]).to_owned();
    let days = world.app.gateway.app().settings().store.audit_retention_days;
    world.app.clock.advance(TimeDelta::days(i64::from(days) + 1));
    world.app.gateway.app().audit().sweep().await.unwrap();
    // The token has expired, and the login is the only event.
    let admin = world.app.login("admin").await;
    let world = World { admin, ..world };
    let page = world.page(&connection, 10, Some(&after)).await;
    let info = json!({ "hasPreviousPage": true, "hasNextPage": false, "startCursor": null, "endCursor": null });
    assert_eq!((&page["edges"], &page["pageInfo"]), (&json!([]), &info));
}
