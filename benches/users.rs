//! Latency of the list of accounts with 100,000 of them (or so many): pages, searches and orders at most 300 ms each, over
//! HTTP, from the binary with an embedded store. The accounts are created by the service, with the cheapest parameters of
//! Argon2 and without a sync of each commit, which takes minutes. Prints the memory of the server too. The exit code is 0 if
//! the limit holds.
#![expect(clippy::unwrap_used, reason = "a measurement whose setup fails panics")]
#![expect(clippy::print_stdout, reason = "the figures are printed")]

#[path = "filled_store/accounts.rs"]
mod accounts;
#[path = "filled_store/service.rs"]
mod service;

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use portcullis_test_support::figures::Figures;
use portcullis_test_support::process::{Server, portcullis};
use serde_json::Value;

use self::accounts::name;
use self::service::PASSWORD;

const STACK_BYTES: usize = 10 << 20;
const ACCOUNTS: usize = 100_000;
const AT_MOST_MILLIS: f64 = 300.0;
const ROUNDS: usize = 20;

fn start(data: &Path) -> Server {
    Server::start(portcullis(env!("CARGO_BIN_EXE_portcullis"), data).env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD))
}

/// The data of an answer without errors, on a connection of its own.
fn ask(server: &Server, token: &str, query: &str) -> Value {
    let answer = server.graphql(Some(token), query, &Value::Null);
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"].clone()
}

fn users(arguments: &str) -> String {
    format!(
        "{{ users(first: 50, {arguments}) {{ totalCount edges {{ cursor node {{ id username email roles enabled createdAt \
         updatedAt }} }} pageInfo {{ hasNextPage hasPreviousPage }} }} }}"
    )
}

/// Asks for each page several times.
fn measure(figures: &mut Figures, server: &Server, token: &str) {
    for (name, arguments, total) in [
        ("first page", "", None),
        (
            "by creation, newest first",
            "orderBy: { field: CREATED_AT, direction: DESC }",
            None,
        ),
        ("by change", "orderBy: { field: UPDATED_AT }", None),
        ("by name, from Z", "orderBy: { direction: DESC }", None),
        (
            "search for a part of every address",
            "filter: { search: \"EXAMPLE\" }",
            None,
        ),
        ("search for one account", "filter: { search: \"0007919@\" }", Some(1)),
        (
            "search without a match",
            "filter: { search: \"nothing-like-this\" }",
            Some(0),
        ),
        (
            "one letter, by change",
            "filter: { search: \"a\" }, orderBy: { field: UPDATED_AT, direction: DESC }",
            None,
        ),
        ("disabled accounts", "filter: { enabled: false }", None),
        ("administrators", "filter: { role: \"ADMIN\" }", Some(1)),
    ] {
        let answer = ask(server, token, &users(arguments));
        let count = answer["users"]["totalCount"].as_i64().unwrap();
        assert!(total.is_none_or(|total| total == count), "{name}: {count}");
        let mut times = Vec::new();
        let mut after = String::new();
        for _ in 0..ROUNDS {
            let query = users(&format!("{after} {arguments}"));
            let since = Instant::now();
            let answer = ask(server, token, &query);
            times.push(since.elapsed());
            // The next page, as someone reads on; from the start again after the last.
            let last = answer["users"]["edges"].as_array().unwrap().last();
            after = last.map_or_else(String::new, |edge| format!("after: {},", edge["cursor"]));
        }
        print(figures, &format!("{name} ({count})"), times);
    }
}

/// Prints the longest of the times.
fn print(figures: &mut Figures, name: &str, times: Vec<Duration>) {
    let longest = times.into_iter().max().unwrap_or_default();
    figures.at_most(name, AT_MOST_MILLIS, millis(longest), "ms");
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn main() -> ExitCode {
    let count = std::env::args()
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(ACCOUNTS);
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK_BYTES)
        .build()
        .unwrap();
    let url = format!("surrealkv://{}?sync=never", folder.path().join("db").display());
    let fill = async move {
        service::with_accounts(&url, async |service| accounts::fill(service, count).await).await;
    };
    runtime.block_on(async { tokio::spawn(fill).await.unwrap() });
    drop(runtime);

    let server = start(folder.path());
    let token = server.access_token("admin", PASSWORD);
    let since = Instant::now();
    ask(&server, &token, &users(""));
    println!(
        "the first page, with the rest of the reading of the list at the start: {:.0} ms; {:.0} MB resident",
        millis(since.elapsed()),
        server.resident() as f64 / 1e6
    );
    let mut figures = Figures::default();
    measure(&mut figures, &server, &token);
    // Another change of an account moves the version of the list before each page.
    let mut times = Vec::new();
    for round in 0..ROUNDS {
        let id = name(round);
        let enabled = !round.is_multiple_of(2);
        let toggle = format!(
            "mutation {{ toggleUser(input: {{ id: \"{id}\", enabled: {enabled} }}) {{ errors {{ message }} }} }}"
        );
        ask(&server, &token, &toggle);
        let since = Instant::now();
        ask(&server, &token, &users(""));
        times.push(since.elapsed());
    }
    print(&mut figures, "first page after a change", times);
    server.stop();
    figures.exit_code()
}
