//! A client of the load.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portcullis_test_support::keep_alive::KeepAliveClient;
use portcullis_test_support::matching_texts::{PAIRS, text};
use portcullis_test_support::repository;
use portcullis_test_support::websocket::SocketClient;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::{Load, Outcome, code};
use crate::accounts::name;
use crate::jobs::Author;
use crate::service::PASSWORD;

/// Codes that tell a client to try again later.
const REFUSALS: [&str; 4] = ["OVERLOADED", "TIMEOUT", "TOO_MANY_ATTEMPTS", "RATE_LIMITED"];
/// Jobs that a client keeps in the catalogue.
const KEPT_JOBS: usize = 50;

type Step = fn(&mut Client) -> Outcome;

/// The kinds of requests, with how often each is sent.
const KINDS: [(&str, u32, Step); 14] = [
    ("register", 4, Client::register),
    ("login", 6, Client::login),
    ("refresh", 6, Client::refresh),
    ("viewer", 30, Client::viewer),
    ("page of accounts", 8, Client::accounts),
    ("search of accounts", 8, Client::search_accounts),
    ("search of jobs", 10, Client::search_jobs),
    ("ranking of jobs", 2, Client::rank_jobs),
    ("match of texts", 6, Client::match_texts),
    ("match of files", 4, Client::match_files),
    ("prediction", 10, Client::predict),
    ("change of jobs", 2, Client::change_jobs),
    ("page of the audit trail", 6, Client::audit_page),
    ("socket", 6, Client::socket),
];

/// A client with a connection, a signed-in account and the administrator's token.
pub(super) struct Client {
    address: String,
    connection: Option<KeepAliveClient>,
    runtime: Runtime,
    random: StdRng,
    author: Author,
    admin: String,
    accounts: usize,
    /// Access and refresh token of an account.
    session: Option<(String, String)>,
    /// Resumes as files, in base64.
    files: Vec<String>,
    /// Ids of jobs that this client added, the oldest first.
    added: VecDeque<String>,
    /// Distinguishes this client's names and ids from those of others and of earlier runs.
    mark: String,
    number: usize,
    users_after: Option<String>,
    events_after: Option<String>,
}

impl Client {
    pub(super) fn new(load: &Load, seed: u64) -> Self {
        let files = std::fs::read_dir(repository().join("tests/data/documents")).unwrap();
        let files = files.map(|file| file.unwrap().path());
        let files = files.filter(|path| path.extension().is_some_and(|extension| extension != "txt"));
        Self {
            address: load.address.clone(),
            connection: None,
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap(),
            random: StdRng::seed_from_u64(seed),
            author: Author::new(100 + seed),
            admin: load.admin.clone(),
            accounts: load.accounts,
            session: None,
            files: files
                .map(|path| STANDARD.encode(std::fs::read(path).unwrap()))
                .collect(),
            added: VecDeque::new(),
            mark: format!("load-{:08x}-{seed}", rand::random::<u32>()),
            number: 0,
            users_after: None,
            events_after: None,
        }
    }

    /// Sends a request of a random kind; returns the kind and the outcome.
    pub(super) fn step(&mut self) -> (&'static str, Outcome) {
        let total: u32 = KINDS.iter().map(|(_, weight, _)| weight).sum();
        let mut at = self.random.random_range(0..total);
        for (kind, weight, step) in KINDS {
            if at < weight {
                self.number += 1;
                return (kind, step(self));
            }
            at -= weight;
        }
        ("viewer", self.viewer())
    }

    /// The data of a response without errors.
    fn ask(&mut self, token: Option<&str>, query: &str, variables: &Value) -> Result<Value, Outcome> {
        let lost = |error: std::io::Error| Outcome::Failed(format!("connection: {}", error.kind()));
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => KeepAliveClient::connect(&self.address).map_err(lost)?,
        };
        let answer = connection.graphql(token, query, variables).map_err(lost)?;
        self.connection = Some(connection);
        match code(&answer) {
            None => Ok(answer["data"].clone()),
            Some(code) if REFUSALS.contains(&code) => Err(Outcome::Refused),
            Some(code) => Err(Outcome::Failed(code.to_owned())),
        }
    }

    fn outcome(answer: Result<Value, Outcome>) -> Outcome {
        answer.map_or_else(|outcome| outcome, |_| Outcome::Answered)
    }

    fn as_admin(&mut self, query: &str, variables: &Value) -> Result<Value, Outcome> {
        let token = self.admin.clone();
        self.ask(Some(&token), query, variables)
    }

    /// As an account, which signs in first if necessary.
    fn as_user(&mut self, query: &str, variables: &Value) -> Outcome {
        if self.session.is_none() {
            let outcome = self.login();
            if self.session.is_none() {
                return outcome;
            }
        }
        let token = self.session.as_ref().map(|(access, _)| access.clone());
        Self::outcome(self.ask(token.as_deref(), query, variables))
    }

    fn register(&mut self) -> Outcome {
        let username = format!("{}-{}", self.mark, self.number);
        let input = json!({ "username": username, "email": format!("{username}@example.org"), "password": PASSWORD });
        let query = "mutation($input: RegisterInput!) { register(input: $input) { user { id } errors { code } } }";
        Self::outcome(self.ask(None, query, &json!({ "input": input })))
    }

    fn login(&mut self) -> Outcome {
        let mut account = self.random.random_range(0..self.accounts);
        // Every tenth is disabled.
        if account.is_multiple_of(10) {
            account += 1;
        }
        let input = json!({ "username": name(account), "password": PASSWORD });
        let query = "mutation($input: LoginInput!) { login(input: $input) {
            tokens { accessToken refreshToken } errors { code } } }";
        let answer = self.ask(None, query, &json!({ "input": input }));
        self.keep_session(answer, "login")
    }

    fn refresh(&mut self) -> Outcome {
        let Some((_, token)) = self.session.take() else {
            return self.login();
        };
        let query = "mutation($input: RefreshInput!) { refresh(input: $input) {
            tokens { accessToken refreshToken } errors { code } } }";
        let answer = self.ask(None, query, &json!({ "input": { "refreshToken": token } }));
        self.keep_session(answer, "refresh")
    }

    fn keep_session(&mut self, answer: Result<Value, Outcome>, field: &str) -> Outcome {
        let data = match answer {
            Ok(data) => data,
            Err(outcome) => return outcome,
        };
        let token = |kind: &str| data[field]["tokens"][kind].as_str().map(str::to_owned);
        self.session = token("accessToken").zip(token("refreshToken"));
        match &self.session {
            Some(_) => Outcome::Answered,
            None => Outcome::Failed("no tokens".to_owned()),
        }
    }

    fn viewer(&mut self) -> Outcome {
        self.as_user("{ viewer { user { id roles } } }", &json!({}))
    }

    fn accounts(&mut self) -> Outcome {
        let query = "query($after: String) { users(first: 50, after: $after) {
            totalCount nodes { id username email roles enabled createdAt } pageInfo { endCursor } } }";
        let answer = self.as_admin(query, &json!({ "after": self.users_after }));
        self.users_after = answer.as_ref().ok().and_then(|data| end(data, "users"));
        Self::outcome(answer)
    }

    fn search_accounts(&mut self) -> Outcome {
        let part = format!("{:03}", self.random.random_range(0..1000));
        let query = "query($filter: UserFilter) { users(first: 50, filter: $filter) { totalCount nodes { id } } }";
        Self::outcome(self.as_admin(query, &json!({ "filter": { "search": part } })))
    }

    fn search_jobs(&mut self) -> Outcome {
        let text: String = self.author.lines(1).chars().take(60).collect();
        let query = "query($text: String!) { searchJobs(query: $text, first: 20) { nodes { id title } } }";
        self.as_user(query, &json!({ "text": text }))
    }

    fn rank_jobs(&mut self) -> Outcome {
        let input = json!({ "resume": { "text": self.author.resume() }, "catalogue": { "candidates": 200 } });
        let query = "query($input: RankJobsInput!) { rankJobs(input: $input, first: 20) {
            nodes { job { id } match { score } } } }";
        self.as_user(query, &json!({ "input": input }))
    }

    fn match_texts(&mut self) -> Outcome {
        let (resume, job) = (self.author.resume(), self.author.posting());
        self.match_with(&json!({ "text": resume }), &job)
    }

    fn match_files(&mut self) -> Outcome {
        let file = self.files.choose(&mut self.random).cloned().unwrap_or_default();
        let pair = *PAIRS.choose(&mut self.random).unwrap();
        self.match_with(&json!({ "document": { "base64": file } }), &text(pair, "job"))
    }

    fn match_with(&mut self, resume: &Value, job: &str) -> Outcome {
        let input = json!({ "resume": resume, "job": { "text": job } });
        let query = "query($input: MatchResumeInput!) { matchResume(input: $input) { id score } }";
        self.as_user(query, &json!({ "input": input }))
    }

    fn predict(&mut self) -> Outcome {
        let text = self.author.lines(2);
        let input = json!({ "model": "occupation", "inputs": [{ "text": text }] });
        let query = "query($input: PredictInput!) { predict(input: $input) { model { name } } }";
        self.as_user(query, &json!({ "input": input }))
    }

    /// Adds jobs, and removes the oldest of those that this client has added.
    fn change_jobs(&mut self) -> Outcome {
        let ids: Vec<String> = (0..5).map(|n| format!("{}-{}-{n}", self.mark, self.number)).collect();
        let jobs: Vec<Value> = ids
            .iter()
            .map(|id| json!({ "id": id, "source": { "text": self.author.posting() } }))
            .collect();
        let query = "mutation($input: AddJobsInput!) { addJobs(input: $input) { jobs { id } errors { code } } }";
        if let Err(outcome) = self.as_admin(query, &json!({ "input": { "jobs": jobs } })) {
            return outcome;
        }
        self.added.extend(ids);
        while self.added.len() > KEPT_JOBS {
            let id = self.added.pop_front();
            let query =
                "mutation($input: RemoveJobInput!) { removeJob(input: $input) { removedJobId errors { code } } }";
            if let Err(outcome) = self.as_admin(query, &json!({ "input": { "id": id } })) {
                return outcome;
            }
        }
        Outcome::Answered
    }

    fn audit_page(&mut self) -> Outcome {
        let query = "query($after: String) { auditEvents(first: 50, after: $after) {
            nodes { at action actor field } pageInfo { endCursor } } }";
        let answer = self.as_admin(query, &json!({ "after": self.events_after }));
        self.events_after = answer.as_ref().ok().and_then(|data| end(data, "auditEvents"));
        Self::outcome(answer)
    }

    /// Opens a socket, waits for the first event of a subscription, and closes it.
    fn socket(&mut self) -> Outcome {
        let url = format!("http://{}", self.address);
        let session = async {
            let mut socket = SocketClient::start(&url, Some(&self.admin)).await;
            socket
                .subscribe("viewer", "subscription { viewer { user { id } } }")
                .await;
            socket.message().await["type"] == "next"
        };
        match catch_unwind(AssertUnwindSafe(|| self.runtime.block_on(session))) {
            Ok(true) => Outcome::Answered,
            Ok(false) | Err(_) => Outcome::Failed("socket".to_owned()),
        }
    }
}

/// The cursor at the end of a page; `None` if it is the last.
fn end(data: &Value, field: &str) -> Option<String> {
    data[field]["pageInfo"]["endCursor"].as_str().map(str::to_owned)
}
