//! A real OpenID provider, the npm package `oidc-provider`, run by Node.js. It has the clients `batch` (role `staff`), `boss`
//! (roles `staff` and `hr-admin`) and `other`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::node::{clients, install};

/// The audience of the tokens that the server accepts.
pub const AUDIENCE: &str = "https://hr.example.org/graphql";

/// The provider as a process, killed when dropped.
pub struct NodeIssuer {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    url: String,
}

impl NodeIssuer {
    /// Starts the provider on a free port.
    #[must_use]
    pub fn start() -> Self {
        let folder = clients("oidc");
        install(&folder);
        let mut child = Command::new("node")
            .arg("issuer.mjs")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut issuer = Self {
            input: child.stdin.take(),
            output: BufReader::new(child.stdout.take().unwrap()),
            child,
            url: String::new(),
        };
        let line = issuer.line();
        issuer.url = line.strip_prefix("listening on ").unwrap().to_owned();
        issuer
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Adds a signing key, which signs the tokens from now on.
    pub fn rotate(&mut self) {
        writeln!(self.input.as_mut().unwrap(), "rotate").unwrap();
        assert_eq!(self.line(), "signs with key-2");
    }

    /// Kills the provider.
    pub fn stop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// An access token by the client credentials grant (RFC 6749, 4.4), for a resource (RFC 8707) if given.
    pub async fn token(&self, client: &str, resource: Option<&str>) -> String {
        let secret = format!("the secret of {client}, which is long enough");
        let encode =
            |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
        let mut form = "grant_type=client_credentials&scope=read".to_owned();
        if let Some(resource) = resource {
            form += &format!("&resource={}", encode(resource));
        }
        let answer = reqwest::Client::new()
            .post(format!("{}/token", self.url))
            .basic_auth(encode(client), Some(encode(&secret)))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
            .send()
            .await
            .unwrap();
        let answer: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        answer["access_token"]
            .as_str()
            .unwrap_or_else(|| panic!("{answer}"))
            .to_owned()
    }

    /// The provider as a section `[[issuers]]` of the configuration.
    #[must_use]
    pub fn settings(&self) -> String {
        format!(
            "[[issuers]]\nurl = \"{}\"\naudience = \"{AUDIENCE}\"\nclients = [\"batch\", \"boss\"]\n\
             roles_claim = \"realm_access.roles\"\nroles = {{ staff = \"USER\", hr-admin = \"ADMIN\" }}\n",
            self.url
        )
    }
}

impl Drop for NodeIssuer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
