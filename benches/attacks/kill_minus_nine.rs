//! Figure 1: the process killed during registrations, repeatedly, on one data folder.

use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use futures_util::future::join_all;
use portcullis_test_support::process::run;
use serde_json::json;

use super::Figure;
use super::test_server::{Client, PASSWORD, portcullis, start_process};

const ROUNDS: usize = 20;
const REGISTRATIONS: usize = 1_000;
const AT_ONCE: usize = 16;

pub(super) async fn measure() -> Figure {
    let data = tempfile::tempdir().unwrap();
    let (mut acknowledged, mut failed_reopens) = (HashSet::new(), 0);
    for n in 0..ROUNDS {
        // Between the first and the last registration: the fractions of multiples of the golden ratio are evenly distributed.
        let share = (n as f64 * 0.618_033_988_75).fract();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is between 1 and 1,000"
        )]
        let most = 1 + (share * (REGISTRATIONS - 1) as f64) as usize;
        match round(data.path(), n, most).await {
            Some(names) => acknowledged.extend(names),
            None => failed_reopens += 1,
        }
    }
    let listed = run(portcullis(data.path()).args(["user", "list"]));
    failed_reopens += usize::from(!listed.status.success());
    let text = String::from_utf8(listed.stdout).unwrap();
    let stored: HashSet<String> = text
        .lines()
        .filter_map(|line| line.split('\t').next().map(str::to_owned))
        .collect();
    let lost = acknowledged.difference(&stored).count();
    Figure {
        text: format!(
            "kill -9 during {REGISTRATIONS} registrations, {ROUNDS} rounds: {} acknowledged, lost {lost}, failed \
             reopens {failed_reopens}",
            acknowledged.len()
        ),
        holds: lost == 0 && failed_reopens == 0 && acknowledged.len() >= ROUNDS,
    }
}

/// Kills the process after `most` acknowledged registrations: their names; `None` if the process did not start.
async fn round(data: &Path, round: usize, most: usize) -> Option<Vec<String>> {
    let mut server = start_process(data).await.ok()?;
    let client = Client::new(&format!("{}/graphql", server.url()));
    let (next, count, over) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let killed = tokio::sync::Notify::new();
    let clients = (0..AT_ONCE).map(|_| async {
        let mut names = Vec::new();
        while !over.load(Ordering::SeqCst) {
            let n = next.fetch_add(1, Ordering::SeqCst);
            if n >= REGISTRATIONS {
                break;
            }
            let name = format!("user{round}x{n}");
            if register(&client, &name).await != Some(true) {
                continue;
            }
            names.push(name);
            if count.fetch_add(1, Ordering::SeqCst) + 1 == most {
                killed.notify_one();
            }
        }
        names
    });
    let kill = async {
        killed.notified().await;
        server.child.kill().unwrap();
        server.child.wait().unwrap();
        over.store(true, Ordering::SeqCst);
    };
    let work = async {
        let names = join_all(clients).await;
        // If registrations were refused, the count is never reached.
        killed.notify_one();
        names
    };
    let (names, ()) = tokio::join!(work, kill);
    Some(names.into_iter().flatten().collect())
}

/// Whether a registration was acknowledged; `None` without a response.
pub(super) async fn register(client: &Client, name: &str) -> Option<bool> {
    let query = "mutation($input: RegisterInput!) { register(input: $input) { user { id } errors { code } } }";
    let input = json!({ "username": name, "email": format!("{name}@example.com"), "password": PASSWORD });
    let answer = client
        .try_post(None, &json!({ "query": query, "variables": { "input": input } }))
        .await?;
    Some(answer.body["data"]["register"]["user"]["id"] == *name)
}
