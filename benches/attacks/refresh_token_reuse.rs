//! Figure 4: a refresh token used many times at once, and again after the grace period.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use futures_util::future::join_all;

use super::Figure;
use super::test_server::TestServer;

const ROUNDS: usize = 20;
const AT_ONCE: usize = 100;

pub(super) async fn measure() -> Figure {
    let server = TestServer::start().await;
    let client = server.client(1);
    let (mut single, mut granted, mut alive, mut survivors) = (0, 0, 0, 0);
    for round in 0..ROUNDS {
        let (first_access, first) = client.sign_up(&format!("user{round}")).await;
        let refreshes = (0..AT_ONCE).map(|_| {
            let (client, first) = (client.clone(), first.clone());
            tokio::spawn(async move { client.refresh(&first).await })
        });
        let (mut successors, mut accesses) = (BTreeSet::new(), vec![first_access]);
        for answer in join_all(refreshes).await {
            let tokens = answer.unwrap().body["data"]["refresh"]["tokens"].clone();
            if let (Some(access), Some(refresh)) = (tokens["accessToken"].as_str(), tokens["refreshToken"].as_str()) {
                granted += 1;
                successors.insert(refresh.to_owned());
                accesses.push(access.to_owned());
            }
        }
        single += usize::from(successors.len() == 1);
        for access in &accesses {
            alive += usize::from(client.viewer(access).await.status == 200);
        }
        server.clock.advance(TimeDelta::seconds(11));
        let reused = client.refresh(&first).await;
        survivors += usize::from(reused.code("refresh") != "INVALID_REFRESH_TOKEN");
        for successor in &successors {
            let outcome = client.refresh(successor).await;
            survivors += usize::from(outcome.code("refresh") != "INVALID_REFRESH_TOKEN");
        }
        for access in &accesses {
            survivors += usize::from(client.viewer(access).await.status != 401);
        }
    }
    Figure {
        text: format!(
            "{AT_ONCE} refreshes of one token at once: one successor in {single} of {ROUNDS} rounds ({granted} of {} received \
             it); after reuse past the grace period {survivors} of the {alive} access tokens and their refresh tokens were \
             valid; must be {ROUNDS} and 0",
            ROUNDS * AT_ONCE
        ),
        holds: single == ROUNDS && survivors == 0 && alive == granted + ROUNDS,
    }
}
