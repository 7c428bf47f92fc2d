//! Figure 2: many clients register one name at once.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use serde_json::json;

use super::Figure;
use super::test_server::TestServer;

const ROUNDS: usize = 500;
const RACERS: usize = 16;

pub(super) async fn measure() -> Figure {
    let server = TestServer::start().await;
    let client = server.client(1);
    let mut winners: BTreeMap<usize, usize> = BTreeMap::new();
    let mut others: BTreeMap<String, usize> = BTreeMap::new();
    for round in 0..ROUNDS {
        let racers = (0..RACERS).map(|racer| {
            let client = client.clone();
            // Spellings that normalise to the same name.
            let name = match racer % 3 {
                0 => format!("racer{round}"),
                1 => format!("RACER{round}"),
                _ => format!("\u{ff32}acer{round}"),
            };
            tokio::spawn(async move {
                client
                    .register(&name, &format!("racer{round}-{racer}@example.com"))
                    .await
            })
        });
        let mut won = 0;
        for answer in join_all(racers).await {
            let answer = answer.unwrap();
            if answer.body["data"]["register"]["user"].is_object() {
                won += 1;
            } else {
                let payload = answer.code("register");
                let whole = answer.body["errors"][0]["extensions"]["code"].as_str();
                *others.entry(whole.map_or(payload, str::to_owned)).or_default() += 1;
            }
        }
        *winners.entry(won).or_default() += 1;
    }
    let admin = server.admin().await;
    let counted = client.ask(Some(&admin), "{ users { totalCount } }", json!({})).await;
    let accounts = counted.body["data"]["users"]["totalCount"].as_u64().unwrap();
    let once = winners.get(&1).copied().unwrap_or(0);
    Figure {
        text: format!(
            "{RACERS} registrations of one name at once: one succeeded in {once} of {ROUNDS} rounds, {accounts} accounts with \
             the admin; the codes of the others: {others:?}; must be {ROUNDS} and {}",
            ROUNDS + 1
        ),
        holds: once == ROUNDS && accounts == ROUNDS as u64 + 1,
    }
}
