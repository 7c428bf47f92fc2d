//! The load: clients that send requests of all kinds, one after the other.

mod client;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use portcullis_test_support::keep_alive::KeepAliveClient;
use portcullis_test_support::process::Server;
use serde_json::{Value, json};

use self::client::Client;
use crate::service::PASSWORD;

/// More than the cores of a small machine, so that requests wait for each other.
const CLIENTS: usize = 8;

/// The outcome of a request.
pub(crate) enum Outcome {
    Answered,
    /// Refused with a code that tells the client to try again later.
    Refused,
    /// Answered with another error, whose code or kind this is.
    Failed(String),
}

/// The number of requests of a kind by outcome.
#[derive(Default)]
struct Count {
    answered: u64,
    refused: u64,
    failed: BTreeMap<String, u64>,
}

/// The numbers of requests by kind.
#[derive(Default)]
pub(crate) struct Counts(BTreeMap<&'static str, Count>);

impl Counts {
    fn add(&mut self, kind: &'static str, outcome: Outcome) {
        let count = self.0.entry(kind).or_default();
        match outcome {
            Outcome::Answered => count.answered += 1,
            Outcome::Refused => count.refused += 1,
            Outcome::Failed(reason) => *count.failed.entry(reason).or_default() += 1,
        }
    }

    fn merge(&mut self, other: Self) {
        for (kind, other) in other.0 {
            let count = self.0.entry(kind).or_default();
            count.answered += other.answered;
            count.refused += other.refused;
            for (reason, number) in other.failed {
                *count.failed.entry(reason).or_default() += number;
            }
        }
    }

    /// The requests that failed.
    pub(crate) fn errors(&self) -> u64 {
        self.0.values().flat_map(|count| count.failed.values()).sum()
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (kind, count) in &self.0 {
            let failed: u64 = count.failed.values().sum();
            write!(
                f,
                "{kind}: {} answered, {} refused, {failed} failed",
                count.answered, count.refused
            )?;
            for (reason, number) in &count.failed {
                write!(f, "; {reason} {number} times")?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

/// A server that is ready for the load.
pub(crate) struct Load {
    address: String,
    /// The token of the administrator.
    admin: String,
    accounts: usize,
}

impl Load {
    /// Waits until the list of accounts and the catalogue have been read.
    pub(crate) fn prepare(server: &Server, accounts: usize) -> Self {
        let login = server.login("admin", PASSWORD);
        let admin = login["tokens"]["accessToken"].as_str().unwrap().to_owned();
        let mut connection = KeepAliveClient::connect(server.address()).unwrap();
        let query = "{ users(first: 1) { totalCount } jobs(first: 1) { nodes { id } } }";
        loop {
            let answer = connection.graphql(Some(&admin), query, &json!({})).unwrap();
            if answer.get("errors").is_none() {
                println!("{} accounts", answer["data"]["users"]["totalCount"]);
                break;
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        Self {
            address: server.address().to_owned(),
            admin,
            accounts,
        }
    }

    /// Runs the load while `measure` runs. Returns what it returns, and the numbers of requests.
    pub(crate) fn run<T>(&self, measure: impl FnOnce() -> T) -> (T, Counts) {
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let clients: Vec<_> = (0..CLIENTS as u64)
                .map(|seed| {
                    let stop = &stop;
                    scope.spawn(move || {
                        let mut client = Client::new(self, seed);
                        let mut counts = Counts::default();
                        while !stop.load(Ordering::Relaxed) {
                            let (kind, outcome) = client.step();
                            if matches!(&outcome, Outcome::Failed(_)) {
                                // A server that is gone must not fill the output.
                                std::thread::sleep(Duration::from_millis(100));
                            }
                            counts.add(kind, outcome);
                        }
                        counts
                    })
                })
                .collect();
            let measured = measure();
            stop.store(true, Ordering::Relaxed);
            let mut counts = Counts::default();
            for client in clients {
                counts.merge(client.join().unwrap());
            }
            (measured, counts)
        })
    }
}

/// The code of the first error of a response, at its top or in the payload of a mutation.
fn code(answer: &Value) -> Option<&str> {
    let top = answer.pointer("/errors/0").map(|error| &error["extensions"]["code"]);
    let payloads = answer["data"].as_object().into_iter().flat_map(|data| data.values());
    let code = top.or_else(|| payloads.filter_map(|payload| payload.pointer("/errors/0/code")).next());
    code.map(|code| code.as_str().unwrap_or("an error without a code"))
}
