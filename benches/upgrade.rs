//! Two releases over one remote store, for ten minutes (or so many) under load: two replicas of the older release are
//! replaced one after the other, as docs/scaling.md says, and then an older one is started again. `just upgrade OLDER
//! [MINUTES]`, where `OLDER` is the binary of that release.
//!
//! The older one must run, or be refused with both schema versions if the newer release has migrated the tables. Clients
//! register, sign in, refresh and read through a balancer. No request may fail, and nothing that was acknowledged may be
//! lost. The exit code is 0 if that holds.
#![expect(clippy::unwrap_used, reason = "a measurement whose setup fails panics")]
#![expect(clippy::print_stdout, reason = "the figures are printed")]

use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use portcullis_test_support::PASSWORD;
use portcullis_test_support::process::{Server, portcullis, try_graphql};
use portcullis_test_support::surrealdb_server::{SurrealDbServer, USER};
use portcullis_test_support::tcp_balancer::TcpBalancer;
use serde_json::{Value, json};

const NEWER: &str = env!("CARGO_BIN_EXE_portcullis");
const MINUTES: f64 = 10.0;
const CLIENTS: usize = 4;
/// Requests that a replica has accepted end within this time after the balancer sends it no more.
const DRAIN: Duration = Duration::from_secs(2);
const REGISTER: &str = "mutation($input: RegisterInput!) { register(input: $input) { user { id } errors { code } } }";
const LOGIN: &str = "mutation($input: LoginInput!) { login(input: $input) {
    tokens { accessToken refreshToken } errors { code } } }";
const REFRESH: &str = "mutation($input: RefreshInput!) { refresh(input: $input) {
    tokens { accessToken refreshToken } errors { code } } }";
const VIEWER: &str = "{ viewer { user { id } } }";
const USERS: &str = "query($after: String) { users(first: 100, after: $after) {
    nodes { id } pageInfo { hasNextPage endCursor } } }";

/// A replica: where it listens, and its data folder.
struct Place<'a> {
    address: String,
    data: &'a Path,
}

impl Place<'_> {
    fn command(&self, program: &str, store: &SurrealDbServer) -> Command {
        let mut command = portcullis(program, self.data);
        command
            .env("PORTCULLIS_LISTEN", &self.address)
            .env("PORTCULLIS_DATABASE", store.url())
            .env("PORTCULLIS_DATABASE_USER", USER.0)
            .env("PORTCULLIS_DATABASE_PASSWORD", USER.1)
            .env("PORTCULLIS_ISSUER", "https://portcullis.example.org")
            .env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD)
            .env("PORTCULLIS_REGISTRATION_BURST", "1000000");
        command
    }
}

/// What one client saw.
#[derive(Default)]
struct Seen {
    /// Requests by kind.
    right: BTreeMap<&'static str, usize>,
    /// Responses that are not what was asked for, and how often.
    wrong: BTreeMap<String, usize>,
    longest: Duration,
    acknowledged: BTreeSet<String>,
}

impl Seen {
    /// Asks, and finds the value at a JSON pointer below `data`. `None` if there is none.
    fn ask(
        &mut self,
        kind: &'static str,
        address: &str,
        token: Option<&str>,
        (query, input): (&str, Value),
        pointer: &str,
    ) -> Option<Value> {
        let since = Instant::now();
        let response = try_graphql(address, token, query, &json!({ "input": input }));
        self.longest = self.longest.max(since.elapsed());
        let found = response.as_ref().and_then(|(_, body)| body["data"].pointer(pointer));
        match found.filter(|value| !value.is_null()) {
            Some(value) => {
                *self.right.entry(kind).or_default() += 1;
                Some(value.clone())
            }
            None => {
                *self.wrong.entry(format!("{kind}: {response:?}")).or_default() += 1;
                None
            }
        }
    }

    /// Works as a client until `over`.
    fn work(mut self, number: usize, address: &str, over: &AtomicBool) -> Self {
        for round in 0.. {
            if over.load(Ordering::Relaxed) {
                break;
            }
            let name = format!("client{number}x{round}");
            let account = json!({ "username": name, "email": format!("{name}@example.org"), "password": PASSWORD });
            if self
                .ask("register", address, None, (REGISTER, account), "/register/user/id")
                .is_none()
            {
                continue;
            }
            self.acknowledged.insert(name.clone());
            let password = json!({ "username": name, "password": PASSWORD });
            let Some(mut tokens) = self.ask("login", address, None, (LOGIN, password), "/login/tokens") else {
                continue;
            };
            for _ in 0..10 {
                let access = tokens["accessToken"].as_str();
                let _ = self.ask("viewer", address, access, (VIEWER, Value::Null), "/viewer/user/id");
                let refresh = json!({ "refreshToken": tokens["refreshToken"] });
                match self.ask("refresh", address, None, (REFRESH, refresh), "/refresh/tokens") {
                    Some(next) => tokens = next,
                    None => break,
                }
                thread::sleep(Duration::from_millis(20));
            }
        }
        self
    }

    fn add(&mut self, other: Self) {
        for (kind, count) in other.right {
            *self.right.entry(kind).or_default() += count;
        }
        for (text, count) in other.wrong {
            *self.wrong.entry(text).or_default() += count;
        }
        self.longest = self.longest.max(other.longest);
        self.acknowledged.extend(other.acknowledged);
    }
}

/// The replicas of one store behind a balancer.
struct Replicas<'a> {
    store: &'a SurrealDbServer,
    places: [Place<'a>; 2],
    servers: [Option<Server>; 2],
    balancer: &'a TcpBalancer,
}

impl<'a> Replicas<'a> {
    fn start(program: &str, store: &'a SurrealDbServer, places: [Place<'a>; 2], balancer: &'a TcpBalancer) -> Self {
        let first = Server::start(&mut places[0].command(program, store));
        copy_keys(places[0].data, places[1].data);
        let second = Server::start(&mut places[1].command(program, store));
        let replicas = Self {
            store,
            places,
            servers: [Some(first), Some(second)],
            balancer,
        };
        replicas.use_both();
        replicas
    }

    fn use_both(&self) {
        let addresses = self.places.iter().map(|place| place.address.clone());
        self.balancer.set_backends(addresses.collect());
    }

    /// Removes a replica from the balancer and stops it.
    fn stop(&mut self, at: usize) {
        self.balancer.set_backends(vec![self.places[1 - at].address.clone()]);
        thread::sleep(DRAIN);
        let (took, _) = self.servers[at].take().unwrap().stop();
        println!("stopped the replica on {} in {took:.1?}", self.places[at].address);
    }

    /// Starts a replica and adds it to the balancer.
    fn begin(&mut self, at: usize, program: &str) {
        self.servers[at] = Some(Server::start(&mut self.places[at].command(program, self.store)));
        self.use_both();
    }

    /// Replaces the replicas by the newer release, and then starts an older one again. Waits for `step` after each. Returns
    /// whether the older release behaved as it must.
    fn upgrade(&mut self, older: &str, step: Duration) -> bool {
        thread::sleep(step);
        for at in [1, 0] {
            self.stop(at);
            self.begin(at, NEWER);
            println!("started the newer release on {}", self.places[at].address);
            thread::sleep(step);
        }
        self.stop(1);
        let refused = refusal(&mut self.places[1].command(older, self.store));
        let fine = match &refused {
            None => {
                self.begin(1, older);
                println!("the older release runs beside the newer one again");
                true
            }
            Some(line) => {
                self.begin(1, NEWER);
                println!("the older release is refused: {line}");
                line.contains("has schema version")
            }
        };
        thread::sleep(step);
        fine
    }
}

/// The last line of a server that ends by itself; `None` if it goes on.
fn refusal(command: &mut Command) -> Option<String> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let since = Instant::now();
    while since.elapsed() < Duration::from_secs(20) {
        if child.try_wait().unwrap().is_some() {
            let output = child.wait_with_output().unwrap();
            let text = String::from_utf8_lossy(&output.stderr).into_owned();
            return Some(text.lines().last().unwrap_or_default().to_owned());
        }
        thread::sleep(Duration::from_millis(100));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    None
}

fn copy_keys(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-r").arg(from.join("keys")).arg(to).status();
    assert!(copied.unwrap().success());
}

fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

/// The ids of all accounts.
fn accounts(address: &str) -> Vec<String> {
    let ask = |token: Option<&str>, query: &str, variables: Value| {
        let (_, body) = try_graphql(address, token, query, &variables).unwrap();
        body["data"].clone()
    };
    let password = json!({ "input": { "username": "admin", "password": PASSWORD } });
    let admin = ask(None, LOGIN, password)["login"]["tokens"]["accessToken"].clone();
    let (mut ids, mut after) = (Vec::new(), Value::Null);
    loop {
        let data = ask(admin.as_str(), USERS, json!({ "after": after }));
        let page = &data["users"];
        let nodes = page["nodes"].as_array().unwrap();
        ids.extend(nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()));
        if page["pageInfo"]["hasNextPage"] != true {
            return ids;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let Some(older) = arguments.next() else {
        println!("usage: just upgrade OLDER [MINUTES], where OLDER is the binary of the older release");
        return ExitCode::FAILURE;
    };
    let minutes = arguments.next().map_or(MINUTES, |text| text.parse().unwrap());
    let store = SurrealDbServer::start(NEWER);
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let places = [0, 1].map(|at: usize| Place {
        address: free_address(),
        data: folders[at].path(),
    });
    let balancer = TcpBalancer::start(Vec::new());
    let mut replicas = Replicas::start(&older, &store, places, &balancer);
    let (address, over) = (balancer.address(), AtomicBool::new(false));
    let (seen, fine) = thread::scope(|threads| {
        let over = &over;
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| threads.spawn(move || Seen::default().work(number, address, over)))
            .collect();
        let fine = replicas.upgrade(&older, Duration::from_secs_f64(minutes * 60.0 / 4.0));
        over.store(true, Ordering::Relaxed);
        let mut seen = Seen::default();
        for client in clients {
            seen.add(client.join().unwrap());
        }
        (seen, fine)
    });
    let stored = accounts(address);
    let found: BTreeSet<&String> = stored.iter().collect();
    let lost = seen.acknowledged.iter().filter(|name| !found.contains(name)).count();
    let twice = stored.len() - found.len();
    let wrong: usize = seen.wrong.values().sum();
    for (text, count) in &seen.wrong {
        println!("{count} times {text}");
    }
    let holds = fine && wrong == 0 && lost == 0 && twice == 0 && !seen.acknowledged.is_empty();
    println!(
        "{minutes} minutes: {:?}, wrong or no response {wrong} (limit: 0), longest {:.2} s, {} registrations acknowledged, \
         lost {lost}, twice {twice} (limits: 0), older release after the upgrade {}: {}",
        seen.right,
        seen.longest.as_secs_f64(),
        seen.acknowledged.len(),
        if fine { "as documented" } else { "NOT as documented" },
        if holds { "ok" } else { "MISSED" }
    );
    if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
