//! The server and the commands as processes.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use portcullis_test_support::keep_alive::KeepAliveClient;
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
            connection: KeepAliveClient::connect(&self.address).unwrap(),
            token: token.map(str::to_owned),
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
    connection: KeepAliveClient,
    token: Option<String>,
}

impl Client {
    pub(crate) fn ask(&mut self, query: &str) -> Value {
        let answer = self.try_ask(query);
        assert!(answer.get("errors").is_none(), "{answer}");
        answer["data"].clone()
    }

    /// The answer with its errors.
    pub(crate) fn try_ask(&mut self, query: &str) -> Value {
        self.connection
            .graphql(self.token.as_deref(), query, &json!({}))
            .unwrap()
    }
}
