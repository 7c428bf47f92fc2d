//! Time of a backup and of its restore at 1,000,000 accounts and 10,000,000 audit events (or so many), and the latency of
//! `viewer` beside the backup, at 200 requests a second. The store is filled by the services, with the cheapest parameters of
//! Argon2 and without a sync of each commit; a folder as third argument keeps it for the next run. Prints name, bar,
//! measured and ok of each figure. The exit code is 0 if all hold.
#![expect(clippy::unwrap_used, reason = "a measurement whose setup fails panics")]
#![expect(clippy::print_stdout, reason = "the figures are printed")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use portcullis::access::USER;
use portcullis::app;
use portcullis::audit::{Action, Event};
use portcullis::clock::SystemClock;
use portcullis::identity::{Accounts, Cost, KeySource, NewUser, Settings};
use portcullis::store::Store;
use serde_json::{Value, json};

const STACK_BYTES: usize = 10 << 20;
const ACCOUNTS: usize = 1_000_000;
const EVENTS: usize = 10_000_000;
const PASSWORD: &str = "correct horse battery";
const PASSPHRASE: &str = "a quite long passphrase";
/// Accounts that are created concurrently.
const AT_ONCE: usize = 32;
/// Fewer events than may wait to be written.
const BATCH: usize = 10_000;
/// Connections, and requests a second on each.
const CLIENTS: usize = 4;
const RATE: f64 = 50.0;
/// The shortest time over which a latency is measured.
const LEAST: Duration = Duration::from_secs(20);

async fn fill(data: PathBuf, accounts: usize, events: usize) {
    let since = Instant::now();
    let url = format!("surrealkv://{}?sync=never", data.join("db").display());
    let store = Arc::new(Store::open(&url).await.unwrap());
    let settings = Settings {
        key: KeySource::Folder(data),
        password_cost: Cost {
            memory: 64,
            passes: 1,
            lanes: 1,
        },
        ..Settings::default()
    };
    let service = Accounts::new(Arc::clone(&store), Arc::new(SystemClock), settings).unwrap();
    let told = |what: &str, n: usize, of: usize| {
        if n.is_multiple_of(of.div_ceil(10)) || n == of {
            println!("{n} {what} after {:.0} s", since.elapsed().as_secs_f64());
        }
    };
    let mut n = 0;
    while n < accounts {
        let until = accounts.min(n + AT_ONCE);
        let created: Vec<_> = (n..until)
            .map(|n| {
                let service = service.clone();
                tokio::spawn(async move {
                    let username = format!("account-{n:07}");
                    let new = NewUser {
                        email: format!("{username}@example.org").into(),
                        username,
                        password: PASSWORD.into(),
                    };
                    service.create(new, &[USER.to_owned()]).await.unwrap();
                })
            })
            .collect();
        for created in created {
            created.await.unwrap();
        }
        for n in n + 1..=until {
            told("accounts", n, accounts);
        }
        n = until;
    }
    n = 0;
    while n < events {
        let until = events.min(n + BATCH);
        for n in n..until {
            let account = format!("account-{:07}", (n * 7919) % accounts.max(1));
            let session = format!("01997c1e-5a8f-7d10-a7b1-{n:012x}");
            service.audit().note(
                Event::new(Action::Inference)
                    .by(Some(&account))
                    .within(&session)
                    .from(Some([192, 0, 2, 7].into()))
                    .field("Query.predict")
                    .model("occupation@1")
                    .cost(10)
                    .millis(3),
            );
        }
        service.audit().flush().await.unwrap();
        for n in n + 1..=until {
            told("events", n, events);
        }
        n = until;
    }
    app::close(store, service).await;
}

fn portcullis(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portcullis"));
    command
        .env_clear()
        .env("PORTCULLIS_DATA_DIR", data)
        .env("PORTCULLIS_LISTEN", "127.0.0.1:0")
        .env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD)
        .env("PORTCULLIS_BACKUP_PASSPHRASE", PASSPHRASE)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null());
    command
}

/// A server process, killed when dropped.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(data: &Path) -> Self {
        let mut child = portcullis(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = loop {
            let line = lines.next().unwrap().unwrap();
            if let Some(address) = line.strip_prefix("listening on http://") {
                break address.to_owned();
            }
        };
        Self { child, address }
    }

    /// Ends the server as an operator does, so that its store is closed.
    fn stop(mut self) {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().unwrap();
        self.child.wait().unwrap();
    }

    fn connect(&self, token: Option<&str>) -> Client {
        Client {
            stream: BufReader::new(TcpStream::connect(&self.address).unwrap()),
            token: token.map_or_else(String::new, |token| format!("authorization: Bearer {token}\r\n")),
        }
    }

    fn ask(&self, token: Option<&str>, query: &str) -> Value {
        self.connect(token).ask(query)
    }

    fn login(&self) -> String {
        let login = format!(
            "mutation {{ login(input: {{ username: \"admin\", password: \"{PASSWORD}\" }}) {{ tokens {{ accessToken }} }} }}"
        );
        let answer = self.ask(None, &login);
        answer["login"]["tokens"]["accessToken"].as_str().unwrap().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection that is used for many requests.
struct Client {
    stream: BufReader<TcpStream>,
    token: String,
}

impl Client {
    fn ask(&mut self, query: &str) -> Value {
        let answer = self.try_ask(query);
        assert!(answer.get("errors").is_none(), "{answer}");
        answer["data"].clone()
    }

    /// The answer with its errors.
    fn try_ask(&mut self, query: &str) -> Value {
        let body = json!({ "query": query }).to_string();
        let request = format!(
            "POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n{}content-length: {}\r\n\r\n{body}",
            self.token,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        let mut length = None;
        loop {
            let mut line = String::new();
            assert_ne!(
                self.stream.read_line(&mut line).unwrap(),
                0,
                "the server closed the connection"
            );
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            length = length.or_else(|| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        }
        let mut answer = vec![0; length.unwrap()];
        self.stream.read_exact(&mut answer).unwrap();
        serde_json::from_slice(&answer).unwrap()
    }
}

/// Asks for the viewer at a constant rate until told to stop; the 99th percentile of the times, each from the moment at which
/// the request was due.
fn viewers(server: &Server, token: &str, stop: &AtomicBool) -> Duration {
    let times = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                scope.spawn(|| {
                    let mut client = server.connect(Some(token));
                    let since = Instant::now();
                    let mut times = Vec::new();
                    while !stop.load(Ordering::Relaxed) {
                        let due = Duration::from_secs_f64(times.len() as f64 / RATE);
                        std::thread::sleep(due.saturating_sub(since.elapsed()));
                        client.ask("{ viewer { user { id roles } } }");
                        times.push(since.elapsed().saturating_sub(due));
                    }
                    times
                })
            })
            .collect();
        let times = clients.into_iter().flat_map(|client| client.join().unwrap());
        let mut times: Vec<Duration> = times.collect();
        times.sort_unstable();
        times
    });
    times[(times.len() - 1) * 99 / 100]
}

/// Runs the viewers beside `work`, which returns its own result.
fn beside<T>(server: &Server, token: &str, work: impl FnOnce() -> T) -> (Duration, T) {
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let viewers = scope.spawn(|| viewers(server, token, &stop));
        let done = work();
        stop.store(true, Ordering::Relaxed);
        (viewers.join().unwrap(), done)
    })
}

/// Runs a command until it succeeds; the time and the line it printed.
fn timed(command: &mut Command) -> (Duration, String) {
    let since = Instant::now();
    let output = command.output().unwrap();
    let took = since.elapsed();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    (took, text.trim_end().to_owned())
}

/// The number of accounts. The first answer waits until the list of accounts was read, which may take longer than the
/// deadline of a request.
fn count(server: &Server, token: &str) -> i64 {
    let since = Instant::now();
    loop {
        let answer = server
            .connect(Some(token))
            .try_ask("{ users(first: 1) { totalCount } }");
        if let Some(count) = answer["data"]["users"]["totalCount"].as_i64() {
            return count;
        }
        assert!(since.elapsed() < Duration::from_secs(600), "{answer}");
    }
}

struct Figures(bool);

impl Figures {
    fn print(&mut self, name: &str, bar: &str, measured: &str, is_ok: bool) {
        self.0 &= is_ok;
        println!(
            "{name:<44} {bar:>12} {measured:>14}  {}",
            if is_ok { "ok" } else { "NOT OK" }
        );
    }
}

fn measure(data: &Path, place: &Path, accounts: usize) -> bool {
    let (file, copy) = (place.join("backup"), place.join("copy"));
    let server = Server::start(data);
    let token = server.login();
    let before = count(&server, &token);
    let (alone, ()) = beside(&server, &token, || std::thread::sleep(LEAST));
    // The last change before the backup.
    server.ask(
        Some(&token),
        "mutation { putRole(name: \"LAST\", permissions: [PREDICT]) { role { name } } }",
    );
    let (meanwhile, (took, line)) = beside(&server, &token, || {
        let since = Instant::now();
        let mut backup = portcullis(data);
        backup.args(["backup", "--force"]).arg(&file);
        let first = timed(&mut backup);
        // A short backup is repeated until there are enough requests beside it.
        while since.elapsed() < LEAST {
            timed(&mut backup);
        }
        first
    });
    println!("{line}; {} bytes encrypted", file.metadata().unwrap().len());
    server.stop();
    let (verified, _) = timed(portcullis(data).args(["restore", "--verify"]).arg(&file));
    let (restored, line) = timed(portcullis(&copy).arg("restore").arg(&file));
    println!("{line}");
    let server = Server::start(&copy);
    let token = server.login();
    let roles = server.ask(Some(&token), "{ roles { name } }");
    let complete =
        count(&server, &token) == before && roles["roles"].as_array().unwrap().contains(&json!({ "name": "LAST" }));
    server.stop();

    println!("{:<44} {:>12} {:>14}", "name", "bar", "measured");
    let seconds = |time: Duration| format!("{:.1} s", time.as_secs_f64());
    let millis = |time: Duration| format!("{:.2} ms", time.as_secs_f64() * 1000.0);
    let mut figures = Figures(true);
    figures.print("backup", "<= 60 s", &seconds(took), took <= Duration::from_secs(60));
    figures.print(
        "viewer, p99 beside the backup",
        &format!("<= {}", millis(2 * alone)),
        &millis(meanwhile),
        meanwhile <= 2 * alone,
    );
    figures.print("viewer, p99 alone", "-", &millis(alone), true);
    figures.print(
        "restore",
        "<= 120 s",
        &seconds(restored),
        restored <= Duration::from_secs(120),
    );
    figures.print("restore --verify", "-", &seconds(verified), true);
    let found = format!("{} accounts", before - 1);
    let expected = i64::try_from(accounts).unwrap();
    figures.print(
        "accounts and the last change restored",
        "all",
        &found,
        complete && before > expected,
    );
    figures.0
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    let mut numbers = arguments.iter().filter_map(|argument| argument.parse::<usize>().ok());
    let accounts = numbers.next().unwrap_or(ACCOUNTS);
    let events = numbers.next().unwrap_or(EVENTS);
    let kept = arguments.iter().find(|argument| argument.parse::<usize>().is_err());
    let place = tempfile::tempdir().unwrap();
    let data = kept.map_or_else(|| place.path().join("data"), PathBuf::from);
    if !data.join("db").exists() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .thread_stack_size(STACK_BYTES)
            .build()
            .unwrap();
        let data = data.clone();
        runtime.block_on(async { tokio::spawn(fill(data, accounts, events)).await.unwrap() });
    }
    if measure(&data, place.path(), accounts) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
