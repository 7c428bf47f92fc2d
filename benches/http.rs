//! Throughput over HTTP: requests per second of `{ viewer { user { username } } }` with a token, of the binary with its
//! default settings and of a minimal async-graphql server on axum. Each is a process; the same load generator sends
//! requests to them alternately, so that other work on the machine affects both. `just bench-http`.
//!
//! The limit: at least 0.78 of the minimal server's requests per second, by the medians of all rounds.
#![expect(clippy::unwrap_used, reason = "a measurement whose setup fails panics")]
#![expect(clippy::print_stdout, reason = "the figures are printed")]

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use async_graphql::{EmptyMutation, EmptySubscription, Object, Request, Response, Schema};
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use portcullis_test_support::PASSWORD;
use portcullis_test_support::process::{Server, portcullis};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const CONNECTIONS: usize = 32;
const ROUNDS: usize = 9;
const ROUND: Duration = Duration::from_secs(2);
const WARM_UP: Duration = Duration::from_secs(1);
const BAR: f64 = 0.78;
/// The argument that makes this program the minimal server.
const HELLO: &str = "hello-world";

struct Hello;

#[Object]
impl Hello {
    async fn hello(&self) -> &'static str {
        "world"
    }
}

type HelloSchema = Schema<Hello, EmptyMutation, EmptySubscription>;

async fn answer(State(schema): State<HelloSchema>, Json(request): Json<Request>) -> Json<Response> {
    Json(schema.execute(request).await)
}

async fn serve_hello() {
    let schema = Schema::new(Hello, EmptyMutation, EmptySubscription);
    let router = Router::new().route("/graphql", post(answer)).with_state(schema);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("listening on http://{}", listener.local_addr().unwrap());
    axum::serve(listener, router).await.unwrap();
}

fn hello() -> Server {
    Server::start(Command::new(std::env::current_exe().unwrap()).arg(HELLO))
}

fn ours(data: &Path) -> Server {
    Server::start(portcullis(env!("CARGO_BIN_EXE_portcullis"), data).env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD))
}

fn request(server: &Server, token: Option<&str>, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    let authorization = token.map_or_else(String::new, |token| format!("authorization: Bearer {token}\r\n"));
    format!(
        "POST /graphql HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n{authorization}content-length: {}\r\n\r\n{body}",
        server.address(),
        body.len()
    )
    .into_bytes()
}

/// A minimal client: one connection that repeats a request.
struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(server: &Server) -> Self {
        let stream = TcpStream::connect(server.address()).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream,
            buffer: Vec::with_capacity(8 * 1024),
        }
    }

    /// The status and the body of the response.
    async fn ask(&mut self, request: &[u8]) -> (u16, &[u8]) {
        self.stream.write_all(request).await.unwrap();
        self.buffer.clear();
        let (start, end) = loop {
            assert!(self.stream.read_buf(&mut self.buffer).await.unwrap() > 0, "closed");
            let head = self.buffer.windows(4).position(|window| window == b"\r\n\r\n");
            if let Some(head) = head {
                let text = std::str::from_utf8(&self.buffer[..head]).unwrap();
                let length = text
                    .lines()
                    .find_map(|line| line.strip_prefix("content-length: "))
                    .unwrap_or_else(|| panic!("{text}"));
                let end = head + 4 + length.parse::<usize>().unwrap();
                if self.buffer.len() >= end {
                    break (head + 4, end);
                }
            }
        };
        let status = std::str::from_utf8(&self.buffer[9..12]).unwrap().parse().unwrap();
        (status, &self.buffer[start..end])
    }
}

/// The latencies of the requests of a round.
async fn round(server: &Server, request: &[u8], expected: &'static [u8], length: Duration) -> (f64, Vec<Duration>) {
    let since = Instant::now();
    let clients = (0..CONNECTIONS).map(|_| async {
        let mut connection = Connection::open(server).await;
        let mut took = Vec::new();
        while since.elapsed() < length {
            let asked = Instant::now();
            let (status, body) = connection.ask(request).await;
            took.push(asked.elapsed());
            assert!(
                status == 200 && body == expected,
                "{status} {}",
                String::from_utf8_lossy(body)
            );
        }
        took
    });
    let took: Vec<Duration> = futures_util::future::join_all(clients)
        .await
        .into_iter()
        .flatten()
        .collect();
    (took.len() as f64 / since.elapsed().as_secs_f64(), took)
}

struct Side {
    name: &'static str,
    server: Server,
    request: Vec<u8>,
    expected: &'static [u8],
    rates: Vec<f64>,
    took: Vec<Duration>,
}

impl Side {
    /// The median of the requests per second; prints it with the percentiles of the latency.
    fn told(&mut self) -> f64 {
        self.rates.sort_by(f64::total_cmp);
        self.took.sort();
        let rate = self.rates[self.rates.len() / 2];
        let percentile = |p: usize| self.took[self.took.len() * p / 100].as_secs_f64() * 1e3;
        println!(
            "{}: {rate:.0} requests/s (median of {ROUNDS} rounds of {} s, {CONNECTIONS} connections), p50 {:.2} ms, p99 {:.2} ms",
            self.name,
            ROUND.as_secs(),
            percentile(50),
            percentile(99)
        );
        rate
    }
}

async fn token(server: &Server) -> String {
    let query = "mutation($input: LoginInput!) { login(input: $input) { tokens { accessToken } } }";
    let input = json!({ "username": "admin", "password": PASSWORD });
    let request = request(
        server,
        None,
        &json!({ "query": query, "variables": { "input": input } }),
    );
    let mut connection = Connection::open(server).await;
    let (_, body) = connection.ask(&request).await;
    let answer: Value = serde_json::from_slice(body).unwrap();
    let token = answer["data"]["login"]["tokens"]["accessToken"].as_str();
    token.unwrap_or_else(|| panic!("{answer}")).to_owned()
}

async fn compare() -> bool {
    let data = tempfile::tempdir().unwrap();
    let (hello, ours) = (hello(), ours(data.path()));
    let token = token(&ours).await;
    let mut sides = [
        Side {
            name: "bare hello-world",
            request: request(&hello, None, &json!({ "query": "{ hello }" })),
            expected: b"{\"data\":{\"hello\":\"world\"}}",
            server: hello,
            rates: Vec::new(),
            took: Vec::new(),
        },
        Side {
            name: "guarded viewer",
            request: request(
                &ours,
                Some(&token),
                &json!({ "query": "{ viewer { user { username } } }" }),
            ),
            expected: b"{\"data\":{\"viewer\":{\"user\":{\"username\":\"admin\"}}}}",
            server: ours,
            rates: Vec::new(),
            took: Vec::new(),
        },
    ];
    for side in &sides {
        round(&side.server, &side.request, side.expected, WARM_UP).await;
    }
    for _ in 0..ROUNDS {
        for side in &mut sides {
            let (rate, took) = round(&side.server, &side.request, side.expected, ROUND).await;
            side.rates.push(rate);
            side.took.extend(took);
        }
    }
    let [hello, ours] = &mut sides;
    let ratio = 1.0 / hello.told() * ours.told();
    let holds = ratio >= BAR;
    let verdict = if holds { "holds" } else { "DOES NOT HOLD" };
    println!("ratio: {ratio:.2}; at least {BAR}: {verdict}");
    holds
}

fn main() -> ExitCode {
    let hello = std::env::args().any(|argument| argument == HELLO);
    let mut builder = if hello {
        tokio::runtime::Builder::new_multi_thread()
    } else {
        tokio::runtime::Builder::new_current_thread()
    };
    let runtime = builder.enable_all().build().unwrap();
    if hello {
        runtime.block_on(serve_hello());
        return ExitCode::SUCCESS;
    }
    if runtime.block_on(compare()) {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    }
}
