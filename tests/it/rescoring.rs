//! `rescoreMatch` with the shipped models: the server's own numbers for closed gaps and other settings, for the owner of a
//! match and for a short time only. `matching::kept_match` tests the scoring on generated evidence.

use chrono::TimeDelta;
use portcullis_test_support::matching_texts::{PAIRS, text};
use serde_json::{Value, json};

use crate::harness::{Answer, TestApp};

const MATCH: &str = "query($input: MatchResumeInput!) { matchResume(input: $input) {
    id score components { kind score weight contribution reason }
    weights { skills requirements experience education occupation digest }
    requirements { text mustHave }
    gaps { id kind text required scoreIfAdded } } }";
const RESCORE: &str = "query($input: RescoreMatchInput!) { rescoreMatch(input: $input) {
    score components { kind score weight contribution reason }
    weights { skills requirements experience education occupation digest }
    gaps { id kind text required scoreIfAdded } } }";
const FIELDS: [&str; 4] = ["score", "components", "weights", "gaps"];

/// The input of a match with gaps: a resume and the posting of another trade.
fn input(settings: &Value) -> Value {
    let mut input = json!({
        "resume": { "text": text(PAIRS[2], "resume") }, "job": { "text": text(PAIRS[0], "job") },
    });
    input
        .as_object_mut()
        .unwrap()
        .extend(settings.as_object().unwrap().clone());
    json!({ "input": input })
}

async fn matched(app: &TestApp, token: &str, settings: Value) -> Value {
    let answer = app.query(Some(token), MATCH, input(&settings)).await;
    assert_eq!(answer.codes(), Vec::<String>::new(), "{}", answer.text);
    answer.data("/matchResume")
}

async fn try_rescore(app: &TestApp, token: &str, id: &Value, mut settings: Value) -> Answer {
    settings["id"] = id.clone();
    app.query(Some(token), RESCORE, json!({ "input": settings })).await
}

async fn rescored(app: &TestApp, token: &str, id: &Value, settings: Value) -> Value {
    let answer = try_rescore(app, token, id, settings).await;
    assert_eq!(answer.codes(), Vec::<String>::new(), "{}", answer.text);
    answer.data("/rescoreMatch")
}

fn score(found: &Value) -> f64 {
    found["score"].as_f64().unwrap()
}

fn assert_same(found: &Value, expected: &Value) {
    for field in FIELDS {
        let (mut found, mut expected) = (found[field].clone(), expected[field].clone());
        if field == "gaps" {
            // Ids are those of the match that is scored again.
            for gap in [&mut found, &mut expected]
                .into_iter()
                .flat_map(|gaps| gaps.as_array_mut().unwrap())
            {
                gap["id"].take();
            }
        }
        assert_eq!(found, expected, "{field}");
    }
}

#[tokio::test]
async fn closing_gaps_gives_their_scores_and_ids_stay() {
    let app = TestApp::start().await;
    let token = app.user("ann").await;
    let found = matched(&app, &token, json!({})).await;
    let id = &found["id"];
    let plain = rescored(&app, &token, id, json!({})).await;
    assert!(
        FIELDS.iter().all(|field| plain[field] == found[field]),
        "{plain} {found}"
    );
    let gaps = found["gaps"].as_array().unwrap();
    assert!(gaps.len() > 3, "{found}");
    let mut closed = Vec::new();
    let mut before = score(&found);
    for gap in gaps {
        let one = rescored(&app, &token, id, json!({ "closedGaps": [gap["id"]] })).await;
        let expected = gap["scoreIfAdded"].as_f64().unwrap();
        assert!((score(&one) - expected).abs() < 1e-9, "{gap} {one}");
        closed.push(gap["id"].clone());
        let mut twice = closed.clone();
        twice.extend(closed.iter().rev().cloned());
        let all = rescored(&app, &token, id, json!({ "closedGaps": twice })).await;
        assert!(score(&all) >= before, "{all}");
        before = score(&all);
        let open = all["gaps"].as_array().unwrap();
        assert!(open.iter().all(|gap| !closed.contains(&gap["id"])), "{all}");
        let sum: f64 = (all["components"].as_array().unwrap().iter())
            .map(|part| part["contribution"].as_f64().unwrap())
            .sum();
        assert!((sum - score(&all)).abs() < 1e-6, "{all}");
    }
    assert!(before > score(&found) + 0.1, "{before} {found}");
}

#[tokio::test]
async fn settings_give_what_a_match_with_them_gives() {
    let app = TestApp::start().await;
    let (admin, token) = (app.admin().await, app.user("ann").await);
    let found = matched(&app, &token, json!({})).await;
    let first = &found["requirements"][0];
    let must = json!([{ "text": first["text"], "mustHave": !first["mustHave"].as_bool().unwrap() }]);
    for settings in [
        json!({ "weights": { "skills": 5, "occupation": 0 } }),
        json!({ "mustHave": must }),
        json!({ "weights": { "education": 1 }, "mustHave": must }),
    ] {
        let direct = matched(&app, &token, settings.clone()).await;
        assert_ne!(direct["weights"]["digest"], found["weights"]["digest"]);
        assert_same(&rescored(&app, &token, &found["id"], settings).await, &direct);
        // And back from these settings.
        let back = json!({ "weights": {}, "mustHave": [] });
        assert_same(&rescored(&app, &token, &direct["id"], back).await, &found);
        assert_same(&rescored(&app, &token, &direct["id"], json!({})).await, &direct);
    }
    let query = "{ auditEvents(filter: { action: INFERENCE }) { nodes { field cost weightsDigest actor model } } }";
    let events = app.query(Some(&admin), query, json!({})).await;
    let event = events.data("/auditEvents/nodes/0");
    assert_eq!(
        (&event["field"], &event["cost"]),
        (&json!("Query.rescoreMatch"), &json!(1)),
        "{event}"
    );
    assert!(
        event["weightsDigest"].is_string() && event["model"].is_string(),
        "{event}"
    );
}

#[tokio::test]
async fn a_match_is_kept_for_its_owner_and_two_minutes() {
    let app = TestApp::start().await;
    let (admin, ann, bob) = (app.admin().await, app.user("ann").await, app.user("bob").await);
    let id = matched(&app, &ann, json!({})).await["id"].clone();
    let message = "input.id: the match is not kept any more; run matchResume again";
    let unknown = try_rescore(&app, &ann, &json!("unknown"), json!({})).await;
    assert_eq!(unknown.codes(), ["BAD_USER_INPUT"], "{}", unknown.text);
    assert!(unknown.text.contains(message), "{}", unknown.text);
    for other in [&bob, &admin] {
        let refused = try_rescore(&app, other, &id, json!({})).await.json();
        assert_eq!(refused["errors"], unknown.json()["errors"]);
        assert_eq!(refused["data"], json!({ "rescoreMatch": null }));
    }
    for _ in 0..2 {
        app.clock.advance(TimeDelta::seconds(100));
        rescored(&app, &ann, &id, json!({})).await;
    }
    app.clock.advance(TimeDelta::seconds(121));
    let expired = try_rescore(&app, &ann, &id, json!({})).await;
    assert_eq!(expired.json()["errors"], unknown.json()["errors"]);
}

#[tokio::test]
async fn invalid_settings_are_refused_with_their_path() {
    let app = TestApp::start().await;
    let token = app.user("ann").await;
    let found = matched(&app, &token, json!({})).await;
    let gap = &found["gaps"][0]["id"];
    for (settings, message) in [
        (
            json!({ "closedGaps": [gap, "Quetzal"] }),
            "input.closedGaps[1]: not a gap of this match",
        ),
        (
            json!({ "closedGaps": vec![gap; 401] }),
            "input.closedGaps: at most 400 are allowed, not 401",
        ),
        (
            json!({ "weights": { "skills": -1 } }),
            "input.weights.skills: 0 to 1000",
        ),
        (
            json!({ "mustHave": [{ "text": "Quetzal", "mustHave": true }] }),
            "input.mustHave[0].text: not in the posting",
        ),
    ] {
        let answer = try_rescore(&app, &token, &found["id"], settings).await;
        assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{}", answer.text);
        assert!(answer.text.contains(message), "{message} in {}", answer.text);
        assert!(!answer.text.contains("Quetzal"), "{}", answer.text);
    }
}

#[tokio::test]
async fn matches_of_rankings_have_no_id_but_their_gaps_do() {
    let app = TestApp::start().await;
    let token = app.user("ann").await;
    let query =
        "query($input: RankResumesInput!) { rankResumes(input: $input) { nodes { match { id gaps { id } } } } }";
    let resumes: Vec<_> = PAIRS
        .iter()
        .map(|pair| json!({ "text": text(pair, "resume") }))
        .collect();
    let variables = json!({ "input": { "job": { "text": text(PAIRS[0], "job") }, "resumes": resumes } });
    let answer = app.query(Some(&token), query, variables).await;
    let nodes = answer.data("/rankResumes/nodes");
    let mut ids = Vec::new();
    for node in nodes.as_array().unwrap() {
        assert!(node["match"]["id"].is_null(), "{node}");
        ids.extend(
            node["match"]["gaps"]
                .as_array()
                .unwrap()
                .iter()
                .map(|gap| gap["id"].as_str().unwrap()),
        );
    }
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert!(
        count > 10 && ids.len() == count,
        "ids are unique among matches: {nodes}"
    );
}
