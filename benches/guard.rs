//! Overhead of authentication and authorization: a field with a token compared with the same field without one (at most
//! 30 microseconds more), and logins per second compared with Argon2 alone (at least 90 %). Criterion prints the
//! distributions, the lines at the end the limits; the exit code is 0 if they hold.
//!
//! `cargo bench --bench guard -- sessions` instead measures the cost of a login by the number of sessions of its account, up
//! to the limit. `-- data-key` measures the encryption of single values only.
#![expect(clippy::unwrap_used, reason = "a measurement whose setup fails panics")]
#![expect(clippy::print_stdout, reason = "the figures are printed")]

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
use portcullis::identity::{self, Accounts, Cost, KeySource, NewUser, Origin};
use portcullis::store::{Column, DataKey, FieldCipher, Store};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

const STACK_BYTES: usize = 10 << 20;
const PASSWORD: &str = "correct horse battery";
/// A guarded field that guests and users may select, answered from memory.
const FIELD: &str = "{ models { name } }";
const ADDED_AT_MOST: Duration = Duration::from_micros(30);
const LOGINS_AT_LEAST: f64 = 0.9;
/// The accounts that sign in alternately, so that none has thousands of sessions.
const ACCOUNTS: usize = 64;
/// How many times as much a login at the limit of sessions may cost as one without other sessions.
const SESSIONS_COST_AT_MOST: f64 = 1.25;

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

/// Encryption and decryption of a value with a data key.
fn encryption(criterion: &mut Criterion) {
    let cipher = FieldCipher::new(vec![DataKey::derive(&[7; 32]).unwrap()], &[7; 32]);
    let mut group = criterion.benchmark_group("data-key");
    for (name, column, text) in [
        (
            "an e-mail address",
            Column::UserEmail,
            "someone@mail.example.org".to_owned(),
        ),
        ("a job of 3 KB", Column::JobText, "Weld steel pipes. ".repeat(171)),
    ] {
        let sealed = cipher.seal(column, "a record", &text).unwrap();
        group.bench_function(format!("encrypt {name}"), |bencher| {
            bencher.iter(|| cipher.seal(column, "a record", &text).unwrap());
        });
        group.bench_function(format!("decrypt {name}"), |bencher| {
            bencher.iter(|| cipher.open(column, "a record", sealed.clone()).unwrap());
        });
    }
    group.finish();
}

/// Alternately, so that other work on the machine affects both.
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

/// What a login costs with so many sessions open. One at the limit also ends another session.
async fn sessions(data: std::path::PathBuf) -> bool {
    let url = format!("surrealkv://{}", data.join("db").display());
    let store = Arc::new(Store::open(&url).await.unwrap());
    let settings = identity::Settings {
        key: KeySource::Ephemeral,
        ..identity::Settings::default()
    };
    let limit = settings.max_sessions as usize;
    let accounts = Accounts::new(store, Arc::new(SystemClock), settings).unwrap();
    let mut costs = Vec::new();
    for count in [0, limit / 2, limit] {
        let cost = sign_in(&accounts, &format!("holder{count}"), count).await;
        println!("login, {count} sessions: {}", milliseconds(cost));
        costs.push(cost.0.as_secs_f64());
    }
    let ratio = costs[costs.len() - 1] / costs[0];
    let holds = ratio <= SESSIONS_COST_AT_MOST;
    println!(
        "login: {limit} sessions, the limit, cost {ratio:.2} times as much CPU time as none; at most {SESSIONS_COST_AT_MOST}: {}",
        verdict(holds)
    );
    holds
}

/// The CPU time and the time of a login, medians.
async fn sign_in(accounts: &Accounts, name: &str, sessions: usize) -> (Duration, Duration) {
    const TURNS: usize = 25;
    const LOGINS: u32 = 20;
    let password = || SecretString::from(PASSWORD);
    let new = NewUser {
        username: name.to_owned(),
        email: format!("{name}@example.com").into(),
        password: password(),
    };
    accounts.register(new, &Origin::default()).await.unwrap();
    let login = async || accounts.login(name, password(), &Origin::default()).await.unwrap();
    for _ in 0..sessions {
        login().await;
    }
    let (mut cpu, mut wall) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let mut grants = Vec::new();
        let (since, used) = (Instant::now(), cpu_time());
        for _ in 0..LOGINS {
            grants.push(login().await);
        }
        cpu.push((cpu_time() - used) / LOGINS);
        wall.push(since.elapsed() / LOGINS);
        // The next turn has as many sessions to begin with; at the limit it has them anyway.
        for grant in grants.iter().rev() {
            let session = accounts
                .authenticate(grant.tokens.access.expose_secret())
                .await
                .unwrap();
            accounts.logout(&session, false).await.unwrap();
        }
        while accounts.sessions(name).await.unwrap().len() < sessions {
            login().await;
        }
    }
    (median(cpu), median(wall))
}

/// What all threads of this process have computed.
fn cpu_time() -> Duration {
    let threads = std::fs::read_dir("/proc/self/task").unwrap();
    let nanoseconds = threads.map(|thread| {
        // A thread may end meanwhile.
        let line = std::fs::read_to_string(thread.unwrap().path().join("schedstat")).unwrap_or_default();
        line.split(' ').next().unwrap_or_default().parse().unwrap_or(0)
    });
    Duration::from_nanos(nanoseconds.sum())
}

fn milliseconds((cpu, wall): (Duration, Duration)) -> String {
    let millis = |time: Duration| time.as_secs_f64() * 1e3;
    format!("{:.2} ms of CPU time, {:.2} ms in all", millis(cpu), millis(wall))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn verdict(holds: bool) -> &'static str {
    if holds { "holds" } else { "DOES NOT HOLD" }
}

fn main() -> ExitCode {
    if std::env::args().any(|argument| argument == "data-key") {
        let mut criterion = Criterion::default().configure_from_args();
        encryption(&mut criterion);
        criterion.final_summary();
        return ExitCode::SUCCESS;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK_BYTES)
        .build()
        .unwrap();
    let data = tempfile::tempdir().unwrap();
    // On the stack of a worker: the system determines the size of the main thread's.
    if std::env::args().any(|argument| argument == "sessions") {
        let holds = runtime
            .block_on(runtime.spawn(sessions(data.path().to_owned())))
            .unwrap();
        return if holds { ExitCode::SUCCESS } else { ExitCode::from(1) };
    }
    let router = runtime.block_on(runtime.spawn(open(data.path().to_owned()))).unwrap();
    let token = runtime.block_on(login(&router, 0));
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("guarded field");
    for (name, token) in [("without a token", None), ("with a token", Some(token.as_str()))] {
        group.bench_function(name, |bencher| bencher.iter(|| runtime.block_on(field(&router, token))));
    }
    group.finish();
    encryption(&mut criterion);
    criterion.final_summary();
    let holds = [added(&runtime, &router, &token), logins(&runtime, &router)];
    if holds == [true, true] {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    }
}
