//! The server and the commands as processes.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

pub(crate) const PASSWORD: &str = "correct horse battery";
const PASSPHRASE: &str = "a quite long passphrase";

pub(crate) fn portcullis(data: &Path) -> Command {
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
pub(crate) struct Server {
    child: Child,
    address: String,
}

impl Server {
    pub(crate) fn start(data: &Path) -> Self {
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
    pub(crate) fn stop(mut self) {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn connect(&self, token: Option<&str>) -> Client {
        Client {
            stream: BufReader::new(TcpStream::connect(&self.address).unwrap()),
            token: token.map_or_else(String::new, |token| format!("authorization: Bearer {token}\r\n")),
        }
    }

    pub(crate) fn ask(&self, token: Option<&str>, query: &str) -> Value {
        self.connect(token).ask(query)
    }

    pub(crate) fn login(&self) -> String {
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
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    token: String,
}

impl Client {
    pub(crate) fn ask(&mut self, query: &str) -> Value {
        let answer = self.try_ask(query);
        assert!(answer.get("errors").is_none(), "{answer}");
        answer["data"].clone()
    }

    /// The answer with its errors.
    pub(crate) fn try_ask(&mut self, query: &str) -> Value {
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
