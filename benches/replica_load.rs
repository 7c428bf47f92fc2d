//! What one replica of a remote store serves, and what each request costs the replica and the store: requests per second and
//! CPU time of both processes by kind of request, for 15 seconds each (or so many), with 10,000 accounts (or so many) in the
//! store. `just replica-load [SECONDS [ACCOUNTS]]`.
//!
//! The SurrealDB server is that of the tests, built without optimisation, so the CPU time of the store is an upper bound.
#![expect(clippy::unwrap_used, reason = "a measurement whose setup fails panics")]
#![expect(clippy::print_stdout, reason = "the figures are printed")]

#[path = "filled_store/copies.rs"]
mod copies;
#[path = "filled_store/service.rs"]
mod service;
#[path = "filled_store/tree.rs"]
mod tree;

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use portcullis_test_support::keep_alive::KeepAliveClient;
use portcullis_test_support::process::{Server, portcullis};
use portcullis_test_support::surrealdb_server::{SurrealDbServer, USER};
use serde_json::{Value, json};

use self::service::PASSWORD;

const PROGRAM: &str = env!("CARGO_BIN_EXE_portcullis");
const STACK_BYTES: usize = 10 << 20;
const SECONDS: u64 = 15;
const ACCOUNTS: usize = 10_000;
const CLIENTS: usize = 8;
/// Clock ticks of `/proc/PID/stat` per second, on every architecture of Linux.
const TICKS: f64 = 100.0;

const LOGIN: &str = "mutation($input: LoginInput!) { login(input: $input) {
    tokens { accessToken refreshToken } errors { code } } }";
const REGISTER: &str = "mutation($input: RegisterInput!) { register(input: $input) { user { id } errors { code } } }";
const REFRESH: &str = "mutation($input: RefreshInput!) { refresh(input: $input) {
    tokens { accessToken refreshToken } errors { code } } }";
const VIEWER: &str = "{ viewer { user { id } } }";
const PREDICT: &str = "query($text: String!) { predict(input: { model: \"occupation\", inputs: [{ text: $text }] }) {
    predictions { label } } }";

/// A kind of request.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Viewer,
    /// Texts of nine words, none of which was seen before.
    Predict,
    Login,
    Refresh,
    Register,
}

/// A client with an account of its own.
struct Client {
    connection: KeepAliveClient,
    tokens: Value,
    name: String,
}

impl Client {
    fn new(server: &Server, number: usize) -> Self {
        let mut client = Self {
            connection: KeepAliveClient::connect(server.address()).unwrap(),
            tokens: Value::Null,
            name: copies::name(number),
        };
        client.request(Kind::Login, 0);
        client
    }

    fn ask(&mut self, token: bool, query: &str, variables: &Value) -> Value {
        let token = self.tokens["accessToken"].as_str().filter(|_| token);
        let answer = self.connection.graphql(token, query, variables).unwrap();
        assert!(answer.get("errors").is_none(), "{answer}");
        answer["data"].clone()
    }

    fn request(&mut self, kind: Kind, number: u64) {
        match kind {
            Kind::Viewer => {
                let data = self.ask(true, VIEWER, &Value::Null);
                assert_eq!(data["viewer"]["user"]["id"], *self.name);
            }
            Kind::Predict => {
                let text = format!("Weld the pipes of plant {number} and test them.");
                let data = self.ask(true, PREDICT, &json!({ "text": text }));
                assert!(data["predict"]["predictions"][0]["label"].is_string(), "{data}");
            }
            Kind::Login => {
                let input = json!({ "username": self.name, "password": PASSWORD });
                let data = self.ask(false, LOGIN, &json!({ "input": input }));
                self.tokens = data["login"]["tokens"].clone();
                assert!(self.tokens.is_object(), "{data}");
            }
            Kind::Refresh => {
                let input = json!({ "refreshToken": self.tokens["refreshToken"] });
                let data = self.ask(false, REFRESH, &json!({ "input": input }));
                self.tokens = data["refresh"]["tokens"].clone();
                assert!(self.tokens.is_object(), "{data}");
            }
            Kind::Register => {
                let name = format!("new-{number}");
                let email = format!("{name}@example.org");
                let input = json!({ "username": name, "email": email, "password": PASSWORD });
                let data = self.ask(false, REGISTER, &json!({ "input": input }));
                assert!(data["register"]["user"].is_object(), "{data}");
            }
        }
    }
}

/// The CPU time of a process, in seconds.
fn cpu(process: u32) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let (_, fields) = text.rsplit_once(')').unwrap();
    let ticks = fields.split_whitespace().skip(11).take(2);
    ticks.map(|field| field.parse::<f64>().unwrap()).sum::<f64>() / TICKS
}

fn measure(kind: Kind, length: Duration, server: &Server, store: &SurrealDbServer, clients: &mut [Client]) {
    // Numbers are not repeated between kinds, so that no text was seen before.
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let processes = [server.child.id(), store.process_id()];
    let before = processes.map(cpu);
    let since = Instant::now();
    let count: usize = thread::scope(|scope| {
        let running: Vec<_> = clients
            .iter_mut()
            .map(|client| {
                scope.spawn(move || {
                    let mut count = 0;
                    while since.elapsed() < length {
                        client.request(kind, NEXT.fetch_add(1, Ordering::Relaxed));
                        count += 1;
                    }
                    count
                })
            })
            .collect();
        running.into_iter().map(|client| client.join().unwrap()).sum()
    });
    let took = since.elapsed().as_secs_f64();
    let [replica, database] = [0, 1].map(|at| 1000.0 * (cpu(processes[at]) - before[at]) / count as f64);
    println!(
        "{:<10} {:>9.0} {replica:>16.3} {database:>16.3}",
        format!("{kind:?}"),
        count as f64 / took
    );
}

fn main() {
    let numbers: Vec<u64> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let length = Duration::from_secs(numbers.first().copied().unwrap_or(SECONDS));
    let count = numbers.get(1).map_or(ACCOUNTS, |accounts| *accounts as usize);
    let mut store = SurrealDbServer::start(PROGRAM);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK_BYTES)
        .build()
        .unwrap();
    let (url, folder) = (store.url_with_credentials(), store.data());
    let first = async move { copies::write_first(&url).await };
    runtime.block_on(async { tokio::spawn(first).await.unwrap() });
    store.kill();
    runtime.block_on(copies::multiply(&folder, true, count, 1));
    store.start_again();

    let data = tempfile::tempdir().unwrap();
    let mut command = portcullis(PROGRAM, data.path());
    command
        .env("PORTCULLIS_DATABASE", store.url())
        .env("PORTCULLIS_DATABASE_USER", USER.0)
        .env("PORTCULLIS_DATABASE_PASSWORD", USER.1)
        .env("PORTCULLIS_ISSUER", "https://portcullis.example.org")
        .env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD)
        .env("PORTCULLIS_REGISTRATION_BURST", "1000000");
    // The first start claims the names of the copied accounts, once.
    let mut start = || {
        let since = Instant::now();
        let server = Server::start(&mut command);
        println!("the replica listens after {:.1} s", since.elapsed().as_secs_f64());
        server
    };
    start().stop();
    let server = start();
    let admin = server.access_token("admin", PASSWORD);
    let mut connection = KeepAliveClient::connect(server.address()).unwrap();
    let since = Instant::now();
    let count = loop {
        let answer = connection
            .graphql(Some(&admin), "{ users(first: 1) { totalCount } }", &Value::Null)
            .unwrap();
        if let Some(count) = answer["data"]["users"]["totalCount"].as_i64() {
            break count;
        }
    };
    println!(
        "the list of {count} accounts is read after {:.1} s; {:.0} MB resident",
        since.elapsed().as_secs_f64(),
        server.resident() as f64 / 1e6
    );

    let mut clients: Vec<Client> = (0..CLIENTS).map(|number| Client::new(&server, number)).collect();
    println!("{CLIENTS} clients, {} s each", length.as_secs());
    println!(
        "{:<10} {:>9} {:>16} {:>16}",
        "request", "1/s", "replica, CPU ms", "store, CPU ms"
    );
    for kind in [Kind::Viewer, Kind::Predict, Kind::Login, Kind::Refresh, Kind::Register] {
        measure(kind, length, &server, &store, &mut clients);
    }
    println!("{:.0} MB resident in the end", server.resident() as f64 / 1e6);
    server.stop();
}
