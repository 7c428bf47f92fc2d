//! Figure 5: whether the time of a failed login reveals that the account exists.

use std::time::Instant;

use chrono::TimeDelta;

use super::Figure;
use super::test_server::TestServer;

const TIMES: usize = 500;
const LIMIT: f64 = 0.55;
const KINDS: [&str; 3] = ["known", "unknown", "disabled"];

pub(super) async fn measure() -> Figure {
    let server = TestServer::start().await;
    let client = server.client(1);
    let admin = server.admin().await;
    for name in ["known", "disabled"] {
        client.sign_up(name).await;
    }
    client.toggle(&admin, "disabled", false).await;
    let mut seconds: [Vec<f64>; 3] = Default::default();
    // The first rounds warm up.
    for round in 0..TIMES + 10 {
        for turn in 0..KINDS.len() {
            // Each kind follows each other kind equally often.
            let kind = if round % 2 == 0 {
                (round / 2 + turn) % 3
            } else {
                (round / 2 + 5 - turn) % 3
            };
            // Past any delay of the throttle, which is not measured.
            server.clock.advance(TimeDelta::hours(2));
            let since = Instant::now();
            let answer = client.try_login(KINDS[kind], "wrong horse battery").await;
            let took = since.elapsed().as_secs_f64();
            assert_eq!(answer.code("login"), "INVALID_CREDENTIALS", "{}", answer.body);
            if round >= 10 {
                seconds[kind].push(took);
            }
        }
    }
    let mut worst = 0.5_f64;
    let mut comparisons = Vec::new();
    for (a, b) in [(0, 1), (0, 2), (1, 2)] {
        let auc = auc(&seconds[a], &seconds[b]);
        worst = worst.max(auc).max(1.0 - auc);
        comparisons.push(format!("{} against {} {auc:.3}", KINDS[a], KINDS[b]));
    }
    let medians = seconds
        .each_ref()
        .map(|seconds| format!("{:.1} ms", median(seconds) * 1e3));
    Figure {
        text: format!(
            "time of a failed login, {TIMES} each: AUC {}; medians {}; at most {LIMIT} either way",
            comparisons.join(", "),
            medians.join(", ")
        ),
        holds: worst <= LIMIT,
    }
}

fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// How often a value of `a` is larger than one of `b`; ties count half.
fn auc(a: &[f64], b: &[f64]) -> f64 {
    let wins: f64 = a
        .iter()
        .flat_map(|x| b.iter().map(move |y| x.total_cmp(y)))
        .map(|order| match order {
            std::cmp::Ordering::Greater => 1.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Less => 0.0,
        })
        .sum();
    wins / (a.len() * b.len()) as f64
}
