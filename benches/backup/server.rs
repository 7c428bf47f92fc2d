//! The program, and a connection to the server.

use std::path::Path;
use std::process::{Command, Stdio};

use portcullis_test_support::keep_alive::KeepAliveClient;
use portcullis_test_support::process::{self, Server};
use serde_json::{Value, json};

use crate::service::PASSWORD;

const PASSPHRASE: &str = "a quite long passphrase";

pub(crate) fn portcullis(data: &Path) -> Command {
    let mut command = process::portcullis(env!("CARGO_BIN_EXE_portcullis"), data);
    command
        .env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD)
        .env("PORTCULLIS_BACKUP_PASSPHRASE", PASSPHRASE)
        .stdin(Stdio::null());
    command
}

/// A connection that is used for many requests.
pub(crate) struct Client {
    connection: KeepAliveClient,
    token: String,
}

impl Client {
    pub(crate) fn connect(server: &Server, token: &str) -> Self {
        Self {
            connection: KeepAliveClient::connect(server.address()).unwrap(),
            token: token.to_owned(),
        }
    }

    pub(crate) fn ask(&mut self, query: &str) -> Value {
        let answer = self.try_ask(query);
        assert!(answer.get("errors").is_none(), "{answer}");
        answer["data"].clone()
    }

    /// The answer with its errors.
    pub(crate) fn try_ask(&mut self, query: &str) -> Value {
        self.connection.graphql(Some(&self.token), query, &json!({})).unwrap()
    }
}
