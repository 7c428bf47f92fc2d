//! A SurrealDB server as a process, with its data in a folder: the remote store of replicas.

use std::fs::File;
use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use base64::Engine as _;
use parking_lot::Mutex;
use serde_json::Value;
use tempfile::TempDir;

use crate::process::{signal, try_send};
use crate::repository;

/// The user of the database that the replicas sign in as, and its password. It has no rights outside of the database.
pub const USER: (&str, &str) = ("portcullis", "the password of the store");
/// The user of the server.
const ROOT: (&str, &str) = ("root", "the password of the server");
const NAMESPACE: &str = "tests";
const DATABASE: &str = "portcullis";
/// Reached only by a test that fails.
const START_TIMEOUT: Duration = Duration::from_secs(120);

/// A server, killed when dropped.
pub struct SurrealDbServer {
    program: PathBuf,
    folder: TempDir,
    address: String,
    child: Child,
}

impl SurrealDbServer {
    /// Builds the server, starts it with an empty folder and creates the database and its user. `program` is that of the
    /// product, `env!("CARGO_BIN_EXE_portcullis")`: the server is compiled into the same target folder.
    #[must_use]
    pub fn start(program: &str) -> Self {
        let program = build(Path::new(program));
        let folder = tempfile::tempdir().unwrap();
        let address = free_address();
        let child = spawn(&program, folder.path(), &address);
        let mut server = Self {
            program,
            folder,
            address,
            child,
        };
        server.wait();
        server.sql(&format!("DEFINE NAMESPACE {NAMESPACE}"));
        server.sql(&format!("USE NS {NAMESPACE}; DEFINE DATABASE {DATABASE}"));
        server.sql(&format!(
            "USE NS {NAMESPACE} DB {DATABASE}; DEFINE USER {} ON DATABASE PASSWORD '{}' ROLES OWNER",
            USER.0, USER.1
        ));
        server
    }

    /// The URL of the database, without credentials.
    #[must_use]
    pub fn url(&self) -> String {
        format!("ws://{}/{NAMESPACE}/{DATABASE}", self.address)
    }

    /// The same URL with the user of the database and its password.
    #[must_use]
    pub fn url_with_credentials(&self) -> String {
        let password = USER.1.replace(' ', "%20");
        format!("ws://{}:{password}@{}/{NAMESPACE}/{DATABASE}", USER.0, self.address)
    }

    /// The folder of the data. No other process may open it before [`SurrealDbServer::kill`].
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The id of the process.
    #[must_use]
    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// Kills the server, as `kill -9` does.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts the server again after [`SurrealDbServer::kill`], with its data and address, and waits until it answers.
    pub fn start_again(&mut self) {
        self.child = spawn(&self.program, self.folder.path(), &self.address);
        self.wait();
    }

    /// Stops the process without closing its connections, as a network that loses every packet appears.
    pub fn freeze(&self) {
        signal(&self.child, "-STOP");
    }

    /// Continues after [`SurrealDbServer::freeze`].
    pub fn thaw(&self) {
        signal(&self.child, "-CONT");
    }

    /// The results of statements, as the user of the server.
    pub fn sql(&self, statements: &str) -> Value {
        self.post("/sql", "", statements)
    }

    /// Imports statements into the database of the replicas, as the user of the server.
    pub fn import(&self, statements: &str) {
        let headers = format!("surreal-ns: {NAMESPACE}\r\nsurreal-db: {DATABASE}\r\n");
        self.post("/import", &headers, statements);
    }

    /// The results of statements, sent with more headers.
    fn post(&self, path: &str, headers: &str, statements: &str) -> Value {
        let credentials = base64::engine::general_purpose::STANDARD.encode(format!("{}:{}", ROOT.0, ROOT.1));
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\naccept: application/json\r\n{headers}authorization: \
             Basic {credentials}\r\ncontent-length: {}\r\n\r\n{statements}",
            self.address,
            statements.len()
        );
        let (status, body) = try_send(&self.address, &request).unwrap();
        let results: Value = serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {status} {body}"));
        let statements = results.as_array().unwrap_or_else(|| panic!("{status} {body}"));
        for result in statements {
            assert_eq!(result["status"], "OK", "{body}");
        }
        results
    }

    fn wait(&mut self) {
        let start = Instant::now();
        let request = format!(
            "GET /health HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n",
            self.address
        );
        while !matches!(try_send(&self.address, &request), Some((200, _))) {
            let log = || std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            assert!(self.child.try_wait().unwrap().is_none(), "the server exited: {}", log());
            assert!(start.elapsed() < START_TIMEOUT, "the server does not answer: {}", log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for SurrealDbServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(program: &Path, folder: &Path, address: &str) -> Child {
    let log = File::options()
        .create(true)
        .append(true)
        .open(folder.join("log"))
        .unwrap();
    Command::new(program)
        .env_clear()
        .args(["start", "--no-banner", "--log", "warn", "--bind", address])
        .args(["--user", ROOT.0, "--pass", ROOT.1])
        .arg(format!("surrealkv://{}", folder.join("data").display()))
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap()
}

/// An address of the loopback network that no other process uses while the server is stopped: outgoing connections are
/// from 127.0.0.1.
fn free_address() -> String {
    static NEXT: AtomicU8 = AtomicU8::new(1);
    let [high, low, ..] = std::process::id().to_le_bytes();
    let address = Ipv4Addr::new(127, 100 + high % 100, low, NEXT.fetch_add(1, Ordering::Relaxed));
    let listener = TcpListener::bind((IpAddr::from(address), 0)).unwrap();
    listener.local_addr().unwrap().to_string()
}

/// Builds the server once in this process, which takes a moment if it was built before.
fn build(product: &Path) -> PathBuf {
    static BUILT: Mutex<Option<PathBuf>> = Mutex::new(None);
    // Held while cargo runs.
    let mut built = BUILT.lock();
    if let Some(program) = &*built {
        return program.clone();
    }
    let target = product.ancestors().nth(2).unwrap();
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // Cargo describes the package of a test in its environment. The build script of ring declares that it depends on these
    // variables, so with them ring and everything above it would be compiled again, at each change between this build and
    // that of `scripts/test`.
    let of_test =
        |name: &str| name == "OUT_DIR" || name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(of_test) {
            command.env_remove(name);
        }
    }
    let output = command
        .args(["build", "--locked", "--quiet", "--manifest-path"])
        .arg(repository().join("tests/surrealdb-server/Cargo.toml"))
        .arg("--target-dir")
        .arg(target)
        .current_dir(repository())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let program = target.join("debug/surrealdb-server");
    *built = Some(program.clone());
    program
}
