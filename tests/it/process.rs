//! The binary as a process: started, spoken to over a socket, stopped by a signal.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// The binary with a data folder and a free port, run from the project's folder.
pub(crate) fn portcullis(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portcullis"));
    command
        .env_clear()
        .env("PORTCULLIS_DATA_DIR", data)
        .env("PORTCULLIS_LISTEN", "127.0.0.1:0");
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

/// Runs the program with these arguments on a terminal of its own, answers each prompt, and returns the exit code and what
/// the terminal showed. `script` is part of Debian's base system.
pub(crate) fn run_on_a_terminal(data: &Path, arguments: &str, answers: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut child = Command::new("script")
        .args(["--quiet", "--return", "--command"])
        .arg(format!("{} {arguments}", env!("CARGO_BIN_EXE_portcullis")))
        .arg("/dev/null")
        .env_clear()
        .env("PORTCULLIS_DATA_DIR", data)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("`script` runs");
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut shown = String::new();
    for (prompt, answer) in answers {
        while !shown.ends_with(prompt) {
            let mut byte = [0];
            assert_eq!(stdout.read(&mut byte).unwrap(), 1, "no {prompt:?} in {shown:?}");
            shown.push(byte[0].into());
        }
        // The prompt is shown before the echo is switched off, which throws away what was typed until then.
        std::thread::sleep(Duration::from_millis(300));
        stdin.write_all(format!("{answer}\n").as_bytes()).unwrap();
    }
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    (child.wait().unwrap().code(), shown + &rest)
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command) -> Output {
    command.stdin(Stdio::null()).output().unwrap()
}

/// A server that is killed when the test ends early.
pub(crate) struct Server {
    pub(crate) child: Child,
    /// Reads the log as it comes, so that the server never waits for a full pipe.
    log: Option<JoinHandle<String>>,
    stdout: BufReader<ChildStdout>,
    address: String,
    /// What it printed before it listened.
    pub(crate) before: Vec<String>,
}

impl Server {
    pub(crate) fn start(command: &mut Command) -> Self {
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
                panic!("the server ended: {:?} {log}", server.before);
            }
            if let Some(url) = line.trim_end().strip_prefix("listening on ") {
                let (_, address) = url.split_once("://").unwrap();
                address.clone_into(&mut server.address);
                return server;
            }
            server.before.push(line.trim_end().to_owned());
        }
    }

    /// `http://` and the address it listens on.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn send(&self, request: &str) -> (u16, String) {
        Self::send_to(&self.address, request)
    }

    fn send_to(address: &str, request: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        (status, answer.split_once("\r\n\r\n").unwrap().1.to_owned())
    }

    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        self.get_at(&self.address, path)
    }

    /// The same at another address of the process.
    pub(crate) fn get_at(&self, address: &str, path: &str) -> (u16, String) {
        Self::send_to(
            address,
            &format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"),
        )
    }

    /// Posts a document; the whole answer, whatever its status.
    pub(crate) fn graphql(&self, token: Option<&str>, query: &str, variables: &Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let authorization = token.map_or_else(String::new, |token| format!("authorization: Bearer {token}\r\n"));
        let (_, answer) = self.send(&format!(
            "POST /graphql HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{authorization}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        ));
        serde_json::from_str(&answer).unwrap_or_else(|e| panic!("{e}: {answer}"))
    }

    /// Signs in, or not.
    pub(crate) fn login(&self, name: &str, password: &str) -> Value {
        let query = "mutation($input: LoginInput!) { login(input: $input) {
            user { roles } tokens { accessToken refreshToken } errors { code } } }";
        let variables = json!({ "input": { "username": name, "password": password } });
        self.graphql(None, query, &variables)["data"]["login"].clone()
    }

    /// Asks the server to read its models anew.
    pub(crate) fn hang_up(&self) {
        self.signal("-HUP");
    }

    fn signal(&self, signal: &str) {
        let kill = Command::new("kill")
            .arg(signal)
            .arg(self.child.id().to_string())
            .status();
        assert!(kill.unwrap().success());
    }

    /// Asks the server to stop; how long it took and what it had left to say.
    pub(crate) fn stop(mut self) -> (Duration, String) {
        let since = Instant::now();
        self.signal("-TERM");
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
