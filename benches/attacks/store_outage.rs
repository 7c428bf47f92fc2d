//! Figure 12: the remote store killed under load, away for 30 s, and started again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use portcullis_test_support::process::Server;
use portcullis_test_support::surrealdb_server::{SurrealDbServer, USER};
use serde_json::{Value, json};

use super::Figure;
use super::test_server::{Answer, Client, PASSWORD, portcullis};

const AWAY: Duration = Duration::from_secs(30);
/// The load before the outage and after it.
const UP: Duration = Duration::from_secs(4);
const WRITERS: usize = 4;
const READERS: usize = 4;
const RECOVERY_LIMIT: Duration = Duration::from_secs(5);
/// The default of `deadline_seconds`, and the time to read the response.
const DEADLINE: Duration = Duration::from_secs(31);

/// What the clients saw.
#[derive(Default)]
struct Seen {
    right: usize,
    unavailable: usize,
    hung: usize,
    wrong: usize,
    longest: Duration,
    /// Accounts that were acknowledged.
    acknowledged: BTreeSet<String>,
    /// Accounts whose registration failed, by whether it began while the server was not ready.
    failed: BTreeMap<String, bool>,
}

impl Seen {
    /// Judges an answer: whether the request succeeded.
    fn judge(&mut self, answer: Option<&Answer>, took: Duration, right: impl FnOnce(&Value) -> bool) -> bool {
        self.longest = self.longest.max(took);
        self.hung += usize::from(took > DEADLINE);
        let unavailable = |answer: &Answer| answer.body["errors"][0]["extensions"]["code"] == "UNAVAILABLE";
        match answer {
            Some(answer) if right(&answer.body["data"]) => {
                self.right += 1;
                return true;
            }
            Some(answer) if unavailable(answer) => self.unavailable += 1,
            _ => self.wrong += 1,
        }
        false
    }

    fn add(&mut self, other: Self) {
        self.right += other.right;
        self.unavailable += other.unavailable;
        self.hung += other.hung;
        self.wrong += other.wrong;
        self.longest = self.longest.max(other.longest);
        self.acknowledged.extend(other.acknowledged);
        self.failed.extend(other.failed);
    }
}

#[derive(Default)]
struct Phase {
    store_away: AtomicBool,
    over: AtomicBool,
}

pub(super) async fn measure() -> Figure {
    let data = tempfile::tempdir().unwrap();
    let (mut store, server) = start(data.path().to_owned()).await;
    let client = Client::new(&format!("{}/graphql", server.url()));
    let admin = client.login("admin").await.0;
    let phase = Arc::new(Phase::default());
    let mut clients: Vec<_> = (0..WRITERS)
        .map(|writer| tokio::spawn(write(client.clone(), writer, Arc::clone(&phase))))
        .collect();
    clients.extend((0..READERS).map(|_| tokio::spawn(read(client.clone(), admin.clone(), Arc::clone(&phase)))));

    tokio::time::sleep(UP).await;
    store.kill();
    let red_after = wait_for_readiness(&server, 503).await;
    phase.store_away.store(true, Ordering::SeqCst);
    tokio::time::sleep(AWAY).await;
    phase.store_away.store(false, Ordering::SeqCst);
    let store = tokio::task::spawn_blocking(move || {
        store.start_again();
        store
    });
    let store = store.await.unwrap();
    let green_after = wait_for_readiness(&server, 200).await;
    tokio::time::sleep(UP).await;
    phase.over.store(true, Ordering::SeqCst);
    let mut seen = Seen::default();
    for client in clients {
        seen.add(client.await.unwrap());
    }

    let stored = accounts(&client, &admin).await;
    drop(store);
    let found: BTreeSet<&String> = stored.iter().collect();
    let lost = seen.acknowledged.iter().filter(|name| !found.contains(name)).count();
    // A registration that was refused while the store was away must not be carried out later.
    let late = |name: &&String| seen.failed.get(*name) == Some(&true);
    let duplicates = stored.len() - found.len() + found.iter().filter(|name| late(name)).count();
    Figure {
        text: format!(
            "remote store killed under load and away for {} s: {} answers, {} UNAVAILABLE, hangs past the deadline {} \
             (longest {:.1} s), wrong answers {}, duplicate writes {duplicates}, {} writes acknowledged, lost {lost}; \
             not ready after {:.1} s, ready {:.1} s after the return (limit: {} s)",
            AWAY.as_secs(),
            seen.right,
            seen.unavailable,
            seen.hung,
            seen.longest.as_secs_f64(),
            seen.wrong,
            seen.acknowledged.len(),
            red_after.as_secs_f64(),
            green_after.as_secs_f64(),
            RECOVERY_LIMIT.as_secs()
        ),
        holds: seen.hung == 0
            && seen.wrong == 0
            && duplicates == 0
            && lost == 0
            && green_after <= RECOVERY_LIMIT
            && seen.right > 0
            && seen.unavailable > 0
            && !seen.acknowledged.is_empty(),
    }
}

async fn start(data: std::path::PathBuf) -> (SurrealDbServer, Server) {
    let starting = tokio::task::spawn_blocking(move || {
        let store = SurrealDbServer::start(env!("CARGO_BIN_EXE_portcullis"));
        let mut command = portcullis(&data);
        command
            .env("PORTCULLIS_DATABASE", store.url())
            .env("PORTCULLIS_DATABASE_USER", USER.0)
            .env("PORTCULLIS_DATABASE_PASSWORD", USER.1)
            .env("PORTCULLIS_ISSUER", "https://portcullis.example.org")
            .env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD)
            .env("PORTCULLIS_REGISTRATION_BURST", "1000000")
            .env("PORTCULLIS_LOG", "off");
        let server = Server::start(&mut command);
        (store, server)
    });
    starting.await.unwrap()
}

async fn write(client: Client, writer: usize, phase: Arc<Phase>) -> Seen {
    let query = "mutation($input: RegisterInput!) { register(input: $input) { user { id } errors { code } } }";
    let mut seen = Seen::default();
    for number in 0.. {
        if phase.over.load(Ordering::SeqCst) {
            break;
        }
        let name = format!("writer{writer}x{number}");
        let input = json!({ "username": name, "email": format!("{name}@example.com"), "password": PASSWORD });
        let body = json!({ "query": query, "variables": { "input": input } });
        let (away, since) = (phase.store_away.load(Ordering::SeqCst), Instant::now());
        let answer = client.try_post(None, &body).await;
        let right = |data: &Value| data["register"]["user"]["id"] == *name;
        if seen.judge(answer.as_ref(), since.elapsed(), right) {
            seen.acknowledged.insert(name);
        } else {
            seen.failed.insert(name, away);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    seen
}

async fn read(client: Client, token: String, phase: Arc<Phase>) -> Seen {
    let mut seen = Seen::default();
    while !phase.over.load(Ordering::SeqCst) {
        let since = Instant::now();
        let answer = client
            .try_post(Some(&token), &json!({ "query": "{ viewer { user { id } } }" }))
            .await;
        seen.judge(answer.as_ref(), since.elapsed(), |data| {
            data["viewer"]["user"]["id"] == "admin"
        });
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    seen
}

/// The ids of all accounts, each as often as it is listed.
async fn accounts(client: &Client, admin: &str) -> Vec<String> {
    let query = "query($after: String) { users(first: 100, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }";
    let (mut ids, mut after) = (Vec::new(), Value::Null);
    loop {
        let answer = client.ask(Some(admin), query, json!({ "after": after })).await;
        let page = &answer.body["data"]["users"];
        let nodes = page["nodes"].as_array().unwrap();
        ids.extend(nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()));
        if page["pageInfo"]["hasNextPage"] != true {
            return ids;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// Waits until `/readyz` has this status, at most a minute: the time it took.
async fn wait_for_readiness(server: &Server, status: u16) -> Duration {
    let since = Instant::now();
    while server.get("/readyz").0 != status && since.elapsed() < Duration::from_secs(60) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    since.elapsed()
}
