//! What safety costs a request: a token checked, its account looked at and the guard asked, against the same field without
//! a token (at most 30 microseconds more); and logins a second against bare Argon2 with the same parameters (at least
//! 90 %). Criterion shows the distributions; the two lines at the end are the bars, and the exit code says if they hold.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on panics")]
#![expect(clippy::print_stdout, reason = "standard output is where the figures go")]

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Params, Version};
use axum::body::Body;
use axum::http::Request;
use criterion::Criterion;
use http_body_util::BodyExt as _;
use portcullis::app::App;
use portcullis::clock::SystemClock;
use portcullis::config::{self, Config};
use portcullis::graphql::Gateway;
use portcullis::http::{HttpService, Settings, router};
use portcullis::identity::Cost;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

const STACK_BYTES: usize = 10 << 20;
const PASSWORD: &str = "correct horse battery";
/// Guarded, open to guests as to users, and answered from memory.
const FIELD: &str = "{ models { name } }";
const ADDED_AT_MOST: Duration = Duration::from_micros(30);
const LOGINS_AT_LEAST: f64 = 0.9;
/// As many accounts sign in by turns, so that none has thousands of sessions.
const ACCOUNTS: usize = 64;

async fn ask(router: &HttpService, token: Option<&str>, query: &str, variables: Value) -> Value {
    let mut request = Request::post("/graphql").header("content-type", "application/json");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let body = json!({ "query": query, "variables": variables }).to_string();
    let response = router
        .clone()
        .oneshot(request.body(Body::from(body)).unwrap())
        .await
        .unwrap();
    serde_json::from_slice(&response.into_body().collect().await.unwrap().to_bytes()).unwrap()
}

async fn login(router: &HttpService, n: usize) -> String {
    let query = "mutation($input: LoginInput!) { login(input: $input) { tokens { accessToken } errors { code } } }";
    let input = json!({ "username": format!("user{}", n % ACCOUNTS), "password": PASSWORD });
    let answer = ask(router, None, query, json!({ "input": input })).await;
    let token = answer["data"]["login"]["tokens"]["accessToken"].as_str();
    token.unwrap_or_else(|| panic!("{answer}")).to_owned()
}

async fn field(router: &HttpService, token: Option<&str>) {
    let answer = ask(router, token, FIELD, Value::Null).await;
    assert!(answer["data"]["models"].is_array(), "{answer}");
}

/// A server with its accounts, without sockets.
async fn open(data: std::path::PathBuf) -> HttpService {
    let config = Config {
        store: config::Store {
            data_dir: data,
            ..config::Store::default()
        },
        ..Config::default()
    };
    let app = App::open(config, Arc::new(SystemClock)).await.unwrap();
    let router = router(Gateway::new(app).unwrap(), Settings::default());
    for n in 0..ACCOUNTS {
        let query = "mutation($input: RegisterInput!) { register(input: $input) { user { id } errors { code } } }";
        let (name, email) = (format!("user{n}"), format!("user{n}@example.com"));
        let input = json!({ "username": name, "email": email, "password": PASSWORD });
        let answer = ask(&router, None, query, json!({ "input": input })).await;
        assert!(answer["data"]["register"]["user"].is_object(), "{answer}");
    }
    router
}

/// By turns, so that what else the machine does falls on both.
fn added(runtime: &Runtime, router: &HttpService, token: &str) -> bool {
    const TURNS: usize = 200;
    const REQUESTS: u32 = 50;
    let time = |token: Option<&str>| {
        let since = Instant::now();
        runtime.block_on(async {
            for _ in 0..REQUESTS {
                field(router, token).await;
            }
        });
        since.elapsed() / REQUESTS
    };
    let (mut without, mut with) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        without.push(time(None));
        with.push(time(Some(token)));
    }
    let (without, with) = (median(without), median(with));
    let more = with.saturating_sub(without);
    let holds = more <= ADDED_AT_MOST;
    println!(
        "guard: a token adds {:.1} microseconds to a request of {:.1}; at most {}: {}",
        more.as_secs_f64() * 1e6,
        without.as_secs_f64() * 1e6,
        ADDED_AT_MOST.as_micros(),
        verdict(holds)
    );
    holds
}

fn logins(runtime: &Runtime, router: &HttpService) -> bool {
    const TURNS: usize = 5;
    const TURN: Duration = Duration::from_secs(3);
    let permits = std::thread::available_parallelism().map_or(1, usize::from);
    let (mut bare, mut full) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        bare.push(bare_argon2(permits, TURN));
        full.push(runtime.block_on(logins_a_second(router.clone(), 4 * permits, TURN)));
    }
    let middle = |mut rates: Vec<f64>| {
        rates.sort_by(f64::total_cmp);
        rates[rates.len() / 2]
    };
    let (bare, full) = (middle(bare), middle(full));
    let holds = full >= LOGINS_AT_LEAST * bare;
    println!(
        "login: {full:.1} a second, bare Argon2 {bare:.1} ({permits} at once): {:.1} %; at least {:.0} %: {}",
        100.0 * full / bare,
        100.0 * LOGINS_AT_LEAST,
        verdict(holds)
    );
    holds
}

fn bare_argon2(threads: usize, turn: Duration) -> f64 {
    let cost = Cost::default();
    let params = Params::new(cost.memory, cost.passes, cost.lanes, Some(32)).unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let runs = AtomicUsize::new(0);
    let since = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut output = [0; 32];
                while since.elapsed() < turn {
                    argon2
                        .hash_password_into(PASSWORD.as_bytes(), b"sixteen bytes of", &mut output)
                        .unwrap();
                    runs.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    runs.into_inner() as f64 / since.elapsed().as_secs_f64()
}

async fn logins_a_second(router: HttpService, at_once: usize, turn: Duration) -> f64 {
    let done = Arc::new(AtomicUsize::new(0));
    let since = Instant::now();
    let clients: Vec<_> = (0..at_once)
        .map(|_| {
            let (router, done) = (router.clone(), Arc::clone(&done));
            tokio::spawn(async move {
                while since.elapsed() < turn {
                    let n = done.fetch_add(1, Ordering::Relaxed);
                    login(&router, n).await;
                }
            })
        })
        .collect();
    for client in clients {
        client.await.unwrap();
    }
    done.load(Ordering::Relaxed) as f64 / since.elapsed().as_secs_f64()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn verdict(holds: bool) -> &'static str {
    if holds { "holds" } else { "DOES NOT HOLD" }
}

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK_BYTES)
        .build()
        .unwrap();
    let data = tempfile::tempdir().unwrap();
    // On a worker's stack, not on the main thread's, which the system sizes.
    let router = runtime.block_on(runtime.spawn(open(data.path().to_owned()))).unwrap();
    let token = runtime.block_on(login(&router, 0));
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("guarded field");
    for (name, token) in [("without a token", None), ("with a token", Some(token.as_str()))] {
        group.bench_function(name, |bencher| bencher.iter(|| runtime.block_on(field(&router, token))));
    }
    group.finish();
    criterion.final_summary();
    let holds = [added(&runtime, &router, &token), logins(&runtime, &router)];
    if holds == [true, true] {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    }
}
