//! The server as a process: started, sent requests over TCP, stopped by a signal.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::repository;

/// A command that runs the program in the repository's folder, with a data folder and a free port. Only a test target of
/// the product can name the program: `env!("CARGO_BIN_EXE_portcullis")`.
#[must_use]
pub fn portcullis(program: &str, data: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("PORTCULLIS_DATA_DIR", data)
        .env("PORTCULLIS_LISTEN", "127.0.0.1:0");
    command.current_dir(repository());
    command
}

/// Runs a command until it exits.
pub fn run(command: &mut Command) -> Output {
    command.stdin(Stdio::null()).output().unwrap()
}

/// Sends a signal, such as `-TERM`, to a process.
pub(crate) fn signal(child: &Child, signal: &str) {
    let kill = Command::new("kill").arg(signal).arg(child.id().to_string()).status();
    assert!(kill.unwrap().success());
}

fn send(address: &str, request: &str) -> (u16, String) {
    try_send(address, request).unwrap()
}

/// Status and body of a request that closes its connection; `None` without a complete response.
pub(crate) fn try_send(address: &str, request: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    Some((head.split(' ').nth(1)?.parse().ok()?, body.to_owned()))
}

/// Status and body of a GET request to an address.
pub fn get(address: &str, path: &str) -> (u16, String) {
    send(
        address,
        &format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"),
    )
}

/// Posts a document to the server at an address: status and body, `None` without a complete response.
pub fn try_graphql(address: &str, token: Option<&str>, query: &str, variables: &Value) -> Option<(u16, Value)> {
    let body = json!({ "query": query, "variables": variables }).to_string();
    let authorization = token.map_or_else(String::new, |token| format!("authorization: Bearer {token}\r\n"));
    let (status, answer) = try_send(
        address,
        &format!(
            "POST /graphql HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{authorization}content-type: \
             application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        ),
    )?;
    Some((status, serde_json::from_str(&answer).ok()?))
}

/// A running server, killed when dropped.
pub struct Server {
    /// The process.
    pub child: Child,
    /// Reads the log while the server runs, so that a full pipe never blocks it.
    log: Option<JoinHandle<String>>,
    stdout: BufReader<ChildStdout>,
    address: String,
    /// The lines that it printed before it listened.
    pub before: Vec<String>,
}

impl Server {
    /// Starts a server and waits until it listens.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).unwrap();
            text
        });
        let mut server = Self {
            stdout: BufReader::new(child.stdout.take().unwrap()),
            child,
            log: Some(log),
            address: String::new(),
            before: Vec::new(),
        };
        loop {
            let mut line = String::new();
            if server.stdout.read_line(&mut line).unwrap() == 0 {
                let log = server.log.take().unwrap().join().unwrap();
                panic!("the server exited: {:?} {log}", server.before);
            }
            if let Some(url) = line.trim_end().strip_prefix("listening on ") {
                let (_, address) = url.split_once("://").unwrap();
                address.clone_into(&mut server.address);
                return server;
            }
            server.before.push(line.trim_end().to_owned());
        }
    }

    /// The URL of the server, with scheme `http`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Status and body of a GET request.
    pub fn get(&self, path: &str) -> (u16, String) {
        get(&self.address, path)
    }

    /// Host and port.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Posts a document: the response body, whatever its status.
    pub fn graphql(&self, token: Option<&str>, query: &str, variables: &Value) -> Value {
        let (_, answer) = try_graphql(&self.address, token, query, variables).unwrap();
        answer
    }

    /// The payload of a login.
    pub fn login(&self, name: &str, password: &str) -> Value {
        let query = "mutation($input: LoginInput!) { login(input: $input) {
            user { roles } tokens { accessToken refreshToken } errors { code } } }";
        let variables = json!({ "input": { "username": name, "password": password } });
        self.graphql(None, query, &variables)["data"]["login"].clone()
    }

    /// The access token of a new session.
    #[must_use]
    pub fn access_token(&self, name: &str, password: &str) -> String {
        let login = self.login(name, password);
        let token = login["tokens"]["accessToken"].as_str();
        token.unwrap_or_else(|| panic!("{login}")).to_owned()
    }

    /// The resident memory of the process, in bytes. Linux only.
    #[must_use]
    pub fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    /// Sends SIGHUP, on which the server reloads its models.
    pub fn hang_up(&self) {
        signal(&self.child, "-HUP");
    }

    /// Sends SIGTERM and waits: the time until the server exited, and the rest of its output. Its status must be 0.
    pub fn stop(mut self) -> (Duration, String) {
        let since = Instant::now();
        signal(&self.child, "-TERM");
        let status = self.child.wait().unwrap();
        let took = since.elapsed();
        let errors = self.log.take().unwrap().join().unwrap();
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        assert_eq!(status.code(), Some(0), "{errors}");
        (took, rest + &errors)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
