//! Rankings with the shipped encoder: pages, errors of single texts, limits, cost, and progress over WebSocket and
//! server-sent events. Scores are tested in `matching`.

use std::collections::HashSet;

use portcullis::app::Models;
use portcullis::config::{self, Config};
use portcullis::matching::{Month, Plan};
use portcullis_test_support::matching_texts::{PAIRS, text};
use portcullis_test_support::websocket::SocketClient;
use serde_json::{Value, json};

use crate::harness::TestApp;

const RANK_JOBS: &str = "query($input: RankJobsInput!, $first: Int, $after: String) {
    rankJobs(input: $input, first: $first, after: $after) {
        totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { index }
        edges { cursor node { index match { score summary } error { code message reason } } } } }";
const JOBS_PROGRESS: &str = "subscription($input: RankJobsInput!) {
    rankJobsProgress(input: $input) { done total result { index match { score } error { code } } } }";
const RESUMES_PROGRESS: &str = "subscription($input: RankResumesInput!) {
    rankResumesProgress(input: $input) { done total result { index match { score } error { code } } } }";

fn texts(side: &str) -> Vec<Value> {
    PAIRS.iter().map(|pair| json!({ "text": text(pair, side) })).collect()
}

/// The input for a resume and all postings.
fn jobs_for(resume: usize) -> Value {
    json!({ "resume": texts("resume")[resume], "jobs": texts("job") })
}

async fn ranked(app: &TestApp, token: &str, input: Value, first: i32, after: Option<&str>) -> Value {
    let variables = json!({ "input": input, "first": first, "after": after });
    let answer = app.query(Some(token), RANK_JOBS, variables).await;
    assert_eq!(answer.codes(), Vec::<String>::new(), "{}", answer.text);
    answer.data("/rankJobs")
}

#[tokio::test]
async fn a_ranking_has_the_scores_of_single_matches_in_descending_order_and_in_pages() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let single = "query($resume: TextSource!, $job: TextSource!) { matchResume(input: { resume: $resume, job: $job }) { score } }";
    for (own, resume) in texts("resume").into_iter().enumerate() {
        let whole = ranked(&app, &ann, jobs_for(own), 200, None).await;
        assert_eq!(whole["totalCount"], 3);
        assert_eq!(whole["nodes"][0]["index"], own);
        let edges = whole["edges"].as_array().unwrap();
        let scores: Vec<f64> = edges
            .iter()
            .map(|edge| edge["node"]["match"]["score"].as_f64().unwrap())
            .collect();
        assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
        for (edge, score) in edges.iter().zip(scores) {
            let index = usize::try_from(edge["node"]["index"].as_u64().unwrap()).unwrap();
            let variables = json!({ "resume": resume, "job": texts("job")[index] });
            let alone = app
                .query(Some(&ann), single, variables)
                .await
                .data("/matchResume/score");
            assert!((alone.as_f64().unwrap() - score).abs() < 1e-6, "{alone} {score}");
        }
        let (mut seen, mut after) = (Vec::new(), None::<String>);
        loop {
            let page = ranked(&app, &ann, jobs_for(own), 2, after.as_deref()).await;
            let info = &page["pageInfo"];
            assert_eq!(info["hasPreviousPage"], after.is_some());
            assert_eq!(page["totalCount"], 3);
            assert_eq!(info["startCursor"], page["edges"][0]["cursor"]);
            seen.extend(page["edges"].as_array().unwrap().clone());
            after = info["endCursor"].as_str().map(str::to_owned);
            if info["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(&seen, edges);
        let none = ranked(&app, &ann, jobs_for(own), 0, None).await;
        assert_eq!((&none["edges"], &none["totalCount"]), (&json!([]), &json!(3)));
    }
}

#[tokio::test]
async fn resumes_are_ranked_for_a_posting() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let query = "query($input: RankResumesInput!) { rankResumes(input: $input) { nodes { index match { score } } } }";
    for (own, job) in texts("job").into_iter().enumerate() {
        let input = json!({ "job": job, "resumes": texts("resume") });
        let answer = app.query(Some(&ann), query, json!({ "input": input })).await;
        assert_eq!(answer.data("/rankResumes/nodes/0/index"), own, "{}", answer.text);
    }
}

#[tokio::test]
async fn an_unreadable_text_does_not_affect_the_others() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let file = |base64: &str| json!({ "document": { "base64": base64 } });
    // "%PDF-1.7 nothing", an empty text, invalid base64, an image.
    let mut jobs = vec![file("JVBERi0xLjcgbm90aGluZw=="), json!({ "text": " \n" }), file("?")];
    jobs.push(json!({ "document": { "base64": "R0lGODlh", "mediaType": "image/gif" } }));
    jobs.extend(texts("job"));
    let input = json!({ "resume": texts("resume")[0], "jobs": jobs });
    let ranking = ranked(&app, &ann, input.clone(), 20, None).await;
    assert_eq!(ranking["totalCount"], 7);
    let nodes: Vec<Value> = ranking["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edge| edge["node"].clone())
        .collect();
    let (good, bad) = nodes.split_at(3);
    assert_eq!(good[0]["index"], 4);
    assert!(
        good.iter()
            .all(|node| node["error"].is_null() && node["match"]["score"].is_f64())
    );
    let reported: Vec<_> = bad
        .iter()
        .map(|node| {
            assert!(node["match"].is_null(), "{node}");
            assert!(!node["error"]["message"].as_str().unwrap().is_empty());
            (&node["index"], &node["error"]["code"], &node["error"]["reason"])
        })
        .collect();
    assert_eq!(
        reported,
        [
            (&json!(0), &json!("UNSUPPORTED_DOCUMENT"), &json!("BROKEN")),
            (&json!(1), &json!("BAD_USER_INPUT"), &Value::Null),
            (&json!(2), &json!("BAD_USER_INPUT"), &Value::Null),
            (&json!(3), &json!("UNSUPPORTED_DOCUMENT"), &json!("UNKNOWN_TYPE")),
        ]
    );
    assert_eq!(
        bad[2]["error"]["message"].as_str().unwrap().split(':').next(),
        Some("input.jobs[2].document.base64")
    );

    let mut events = app
        .follow_with(Some(&ann), JOBS_PROGRESS, json!({ "input": input }))
        .await;
    let mut failed = Vec::new();
    for done in 1..=7 {
        let answer = events.answer().await;
        let progress = &answer["data"]["rankJobsProgress"];
        assert_eq!(
            (&progress["done"], &progress["total"]),
            (&json!(done), &json!(7)),
            "{answer}"
        );
        if progress["result"]["match"].is_null() {
            failed.push(progress["result"]["index"].as_u64().unwrap());
        }
    }
    failed.sort_unstable();
    assert_eq!(failed, [0, 1, 2, 3]);
    assert_eq!(events.next().await.unwrap().0, "complete");

    // The text that the others are compared with must be readable.
    let input = json!({ "resume": file("JVBERi0xLjcgbm90aGluZw=="), "jobs": texts("job") });
    let answer = app.query(Some(&ann), RANK_JOBS, json!({ "input": input })).await;
    assert_eq!(answer.codes(), ["UNSUPPORTED_DOCUMENT"]);
    let mut events = app
        .follow_with(Some(&ann), JOBS_PROGRESS, json!({ "input": input }))
        .await;
    let answer = events.answer().await;
    assert_eq!(
        answer["errors"][0]["extensions"]["code"], "UNSUPPORTED_DOCUMENT",
        "{answer}"
    );
    assert_eq!(events.next().await.unwrap().0, "complete");
}

#[tokio::test]
async fn too_many_texts_and_invalid_pages_are_refused() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let many = |n: usize| json!({ "resume": { "text": "a" }, "jobs": vec![json!({ "text": "a" }); n] });
    for (input, first, after, message) in [
        (many(201), 20, None, "input.jobs: 1 to 200 are allowed, not 201"),
        (many(0), 20, None, "input.jobs: 1 to 200 are allowed, not 0"),
        (
            json!({ "resume": { "text": "a" } }),
            20,
            None,
            "input: give jobs or catalogue, one of the two",
        ),
        (
            json!({ "resume": { "text": "a" }, "jobs": texts("job"), "catalogue": {} }),
            20,
            None,
            "input: give jobs or catalogue, one of the two",
        ),
        (
            json!({ "resume": { "text": "a" }, "catalogue": { "candidates": 0 } }),
            20,
            None,
            "input.catalogue.candidates: 1 to 1000 are allowed",
        ),
        (
            json!({ "resume": { "text": "a" }, "catalogue": { "candidates": 1001 } }),
            20,
            None,
            "input.catalogue.candidates: 1 to 1000 are allowed",
        ),
        (many(1), 201, None, "first: 0 to 200 are allowed"),
        (many(1), -1, None, "first: 0 to 200 are allowed"),
        (
            many(1),
            20,
            Some("x"),
            "after: must be a cursor returned by this connection",
        ),
        (
            many(1),
            20,
            Some("\u{1f980}"),
            "after: must be a cursor returned by this connection",
        ),
    ] {
        let variables = json!({ "input": input, "first": first, "after": after });
        let answer = app.query(Some(&ann), RANK_JOBS, variables).await;
        assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{}", answer.text);
        assert_eq!(answer.json()["errors"][0]["message"], message);
    }
    let mut events = app
        .follow_with(Some(&ann), JOBS_PROGRESS, json!({ "input": many(201) }))
        .await;
    let answer = events.answer().await;
    assert_eq!(
        answer["errors"][0]["message"],
        "input.jobs: 1 to 200 are allowed, not 201"
    );
    assert_eq!(events.next().await.unwrap().0, "complete");
}

#[tokio::test]
async fn every_text_is_charged_and_a_stream_of_results_is_charged_once() {
    let quotas = [("USER".to_owned(), 200)].into();
    let app = TestApp::with(Config {
        limits: config::Limits {
            quotas,
            ..config::Limits::default()
        },
        ..Config::default()
    })
    .await;
    let ann = app.user("ann").await;
    let used = async || {
        let query = "{ viewer { quota { used } } }";
        app.query(Some(&ann), query, json!({})).await.data("/viewer/quota/used")
    };
    ranked(&app, &ann, jobs_for(0), 1, None).await;
    assert_eq!(used().await, 80);
    let mut events = app
        .follow_with(Some(&ann), JOBS_PROGRESS, json!({ "input": jobs_for(0) }))
        .await;
    for _ in 0..3 {
        assert_eq!(events.answer().await.get("errors"), None);
    }
    assert_eq!(events.next().await.unwrap().0, "complete");
    assert_eq!(used().await, 160);
    // Neither starts if its cost exceeds the quota.
    let answer = app.query(Some(&ann), RANK_JOBS, json!({ "input": jobs_for(0) })).await;
    assert_eq!(answer.codes(), ["QUOTA_EXCEEDED"]);
    let mut events = app
        .follow_with(Some(&ann), JOBS_PROGRESS, json!({ "input": jobs_for(0) }))
        .await;
    let answer = events.answer().await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "QUOTA_EXCEEDED");
    assert_eq!(answer.get("data"), None);
    assert_eq!(events.next().await.unwrap().0, "complete");
    assert_eq!(used().await, 160);
}

#[tokio::test]
async fn progress_over_a_socket_ends_with_the_permission() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ann = app.user("ann").await;
    let url = app.listen().await;
    let mut client = SocketClient::start(&url, Some(&ann)).await;
    let input = json!({ "job": texts("job")[1], "resumes": texts("resume") });
    client
        .subscribe_with(
            "rank",
            json!({ "query": RESUMES_PROGRESS, "variables": { "input": input } }),
        )
        .await;
    let mut best = (0.0, 0);
    for done in 1..=3 {
        let next = client.message().await;
        let progress = &next["payload"]["data"]["rankResumesProgress"];
        assert_eq!(
            (&progress["done"], &progress["total"]),
            (&json!(done), &json!(3)),
            "{next}"
        );
        let result = &progress["result"];
        let score = result["match"]["score"].as_f64().unwrap();
        if score > best.0 {
            best = (score, result["index"].as_u64().unwrap());
        }
    }
    assert_eq!(client.message().await, json!({ "type": "complete", "id": "rank" }));
    assert_eq!(best.1, 1);

    let demote = "mutation { setUserRoles(input: { id: \"ann\", roles: [\"GUEST\"] }) { errors { message } } }";
    app.change(&admin, demote).await;
    client
        .subscribe_with(
            "rank",
            json!({ "query": RESUMES_PROGRESS, "variables": { "input": input } }),
        )
        .await;
    let error = client.message().await;
    assert_eq!(error["type"], "error", "{error}");
    assert_eq!(error["payload"][0]["extensions"]["code"], "FORBIDDEN");
    // The audit trail has the refusal and the work before it.
    let trail =
        "{ auditEvents(filter: { account: \"ann\", action: INFERENCE }) { nodes { field model cost refusal } } }";
    let nodes = app
        .query(Some(&admin), trail, json!({}))
        .await
        .data("/auditEvents/nodes");
    let nodes = nodes.as_array().unwrap();
    assert_eq!(nodes.len(), 1, "{nodes:?}");
    assert_eq!(nodes[0]["field"], "Subscription.rankResumesProgress");
    assert_eq!((&nodes[0]["cost"], &nodes[0]["refusal"]), (&json!(80), &Value::Null));
    assert!(nodes[0]["model"].as_str().unwrap().starts_with("minilm@"), "{nodes:?}");
}

/// A posting that has half of its lines in common with the others.
fn posting(n: usize) -> String {
    let own = (0..10).map(|line| format!("- Must have kept ledger number {n} of room {line} without a gap\n"));
    let shared = (0..10).map(|line| format!("- You must know the rules of house number {line} by heart\n"));
    format!(
        "Clerk\n\nRequirements\n{}{}",
        own.collect::<String>(),
        shared.collect::<String>()
    )
}

#[tokio::test]
async fn each_text_is_encoded_once_and_closing_the_stream_cancels_the_work() {
    let models = Models::open(&Config::default()).unwrap();
    let lexicon = std::sync::Arc::clone(&models.lexicon);
    let app = TestApp::with_models(Config::default(), models).await;
    let ann = app.user("ann").await;
    let resume = text(PAIRS[2], "resume");
    let encoded = || app.gateway.app().inference().usage().cache_misses;
    let today = Month { year: 2026, month: 11 };
    let needed = |postings: std::ops::Range<usize>| -> u64 {
        let plans = postings.map(|n| Plan::new(&lexicon, &resume, &posting(n), today));
        let texts: HashSet<_> = plans.flat_map(|plan| plan.texts().to_vec()).collect();
        texts.len() as u64
    };
    let input = |postings: std::ops::Range<usize>| {
        let jobs: Vec<Value> = postings.map(|n| json!({ "text": posting(n) })).collect();
        json!({ "resume": { "text": resume }, "jobs": jobs })
    };
    let before = encoded();
    ranked(&app, &ann, input(0..5), 5, None).await;
    assert_eq!(encoded() - before, needed(0..5));

    let url = app.listen().await;
    let mut client = SocketClient::start(&url, Some(&ann)).await;
    let before = encoded();
    client
        .subscribe_with(
            "long",
            json!({ "query": JOBS_PROGRESS, "variables": { "input": input(100..200) } }),
        )
        .await;
    assert_eq!(client.message().await["payload"]["data"]["rankJobsProgress"]["done"], 1);
    client.send(json!({ "type": "complete", "id": "long" })).await;
    // Results that were already sent may arrive before the answer to this.
    client.send(json!({ "type": "ping" })).await;
    while client.message().await["type"] != "pong" {}
    while app.gateway.app().inference().usage().waiting > 0 {
        tokio::task::yield_now().await;
    }
    let whole = needed(100..200);
    assert!(encoded() - before < whole / 2, "{} of {whole}", encoded() - before);
}

#[tokio::test]
async fn a_ranking_takes_the_settings_of_a_match() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let weights = json!({ "skills": 3, "occupation": 0 });
    let scores = "query($jobs: RankJobsInput!, $resumes: RankResumesInput!, $one: MatchResumeInput!) {
        rankJobs(input: $jobs) { nodes { match { score weights { digest } } } }
        rankResumes(input: $resumes) { nodes { match { score weights { digest } } } }
        matchResume(input: $one) { score weights { digest } } }";
    let (resume, job) = (&texts("resume")[0], &texts("job")[1]);
    let variables = json!({
        "jobs": { "resume": resume, "jobs": [job], "weights": weights },
        "resumes": { "job": job, "resumes": [resume], "weights": weights },
        "one": { "resume": resume, "job": job, "weights": weights },
    });
    let answer = app.query(Some(&ann), scores, variables).await;
    assert_eq!(answer.codes(), Vec::<String>::new(), "{}", answer.text);
    let alone = answer.data("/matchResume");
    for ranking in ["/rankJobs/nodes/0/match", "/rankResumes/nodes/0/match"] {
        let found = answer.data(ranking);
        assert_eq!(found["weights"], alone["weights"]);
        let difference = found["score"].as_f64().unwrap() - alone["score"].as_f64().unwrap();
        assert!(difference.abs() < 1e-6, "{found} {alone}");
    }
    let query = "query($input: RankResumesInput!) { rankResumes(input: $input) { nodes { match { requirements {
        text mustHave } } } } }";
    let first = app
        .query(
            Some(&ann),
            query,
            json!({ "input": { "job": job, "resumes": [resume] } }),
        )
        .await;
    let requirement = first.data("/rankResumes/nodes/0/match/requirements/0");
    let set = |text: &Value| {
        let must = !requirement["mustHave"].as_bool().unwrap();
        json!({ "input": { "job": job, "resumes": texts("resume"), "mustHave": [{ "text": text, "mustHave": must }] } })
    };
    let answer = app.query(Some(&ann), query, set(&requirement["text"])).await;
    for found in answer.data("/rankResumes/nodes").as_array().unwrap() {
        let changed = &found["match"]["requirements"][0]["mustHave"];
        assert_ne!(*changed, requirement["mustHave"], "{found}");
    }
    let answer = app.query(Some(&ann), query, set(&json!("Zyzzyva herding"))).await;
    assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{}", answer.text);
}
