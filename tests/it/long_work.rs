//! Work that takes longer than the deadline of an operation: it continues as long as it makes progress, and results state
//! what it did not reach. How a ranking stalls is tested in `src/app/ranking`.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::join_all;
use portcullis::config::{self, Config};
use portcullis_test_support::matching_texts::{PAIRS, text};
use serde_json::{Value, json};

use crate::harness::TestApp;

const RANK: &str = "query($input: RankResumesInput!) { rankResumes(input: $input, first: 200) {
    totalCount matchedCount failedCount notReachedCount nodes { index match { score } error { code message reason } } } }";
const PROGRESS: &str = "subscription($input: RankResumesInput!) {
    rankResumesProgress(input: $input) { done total result { index match { score } error { code message } } } }";
const MATCH: &str =
    "query($resume: TextSource!, $job: TextSource!) { matchResume(input: { resume: $resume, job: $job }) { score } }";
const USED: &str = "{ viewer { quota { used } } }";

fn limits(deadline_seconds: u32, ranking_deadline_seconds: u32) -> Config {
    Config {
        limits: config::Limits {
            deadline_seconds,
            ranking_deadline_seconds,
            quotas: [("USER".to_owned(), 1_000_000)].into(),
            ..config::Limits::default()
        },
        ..Config::default()
    }
}

/// Different resumes of a number of lines that no other test encodes.
fn resumes(seed: &str, count: usize, lines: usize) -> Vec<Value> {
    let resume = |n: usize| {
        let line = |line| format!("- Kept the {seed} ledger {n} of the accounts of department {line} for customers\n");
        let lines: String = (0..lines).map(line).collect();
        json!({ "text": format!("Clerk\n\nExperience\n{lines}") })
    };
    (0..count).map(resume).collect()
}

fn file(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/documents")
        .join(name);
    json!({ "document": { "base64": STANDARD.encode(std::fs::read(path).unwrap()) } })
}

fn job() -> Value {
    json!({ "text": text(PAIRS[0], "job") })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ranking_may_take_longer_than_the_deadline() {
    let app = TestApp::with(limits(10, 600)).await;
    let ann = app.user("clerk").await;
    let input = json!({ "job": job(), "resumes": resumes("long", 200, 2) });
    let answer = app.query(Some(&ann), RANK, json!({ "input": input })).await;
    assert_eq!(answer.codes(), Vec::<String>::new());
    let ranking = answer.data("/rankResumes");
    let counts = ["totalCount", "matchedCount", "failedCount", "notReachedCount"].map(|name| &ranking[name]);
    assert_eq!(counts, [200, 200, 0, 0], "{}", ranking["nodes"][199]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ranking_that_ends_at_its_limit_states_what_it_reached_and_refunds_the_rest() {
    let app = TestApp::with(limits(30, 2)).await;
    let ann = app.user("clerk").await;
    let mut input = json!({ "job": job(), "resumes": resumes("query", 200, 20) });
    // A text that cannot be read is found at once.
    input["resumes"][3] = json!({ "text": " " });
    let answer = app.query(Some(&ann), RANK, json!({ "input": input })).await;
    assert_eq!(answer.codes(), Vec::<String>::new());
    let ranking = answer.data("/rankResumes");
    let count = |name: &str| ranking[name].as_u64().unwrap();
    let not_reached = count("notReachedCount");
    assert!(not_reached > 0, "the machine is too fast for this test");
    assert_eq!(count("totalCount"), 200);
    assert_eq!(count("matchedCount") + count("failedCount") + not_reached, 200);
    let nodes = ranking["nodes"].as_array().unwrap();
    let mut indices: Vec<_> = nodes.iter().map(|node| node["index"].as_u64().unwrap()).collect();
    indices.sort_unstable();
    assert!(indices.into_iter().eq(0..200));
    let reached = 200 - not_reached;
    let message = format!(
        "the ranking ended before this text was compared: it took the maximum of 2 s; {reached} of 200 texts were compared"
    );
    for node in nodes
        .iter()
        .filter(|node| node["match"].is_null() && node["index"] != 3)
    {
        assert_eq!(
            node["error"],
            json!({ "code": "NOT_REACHED", "message": message, "reason": null })
        );
    }
    let used = app.query(Some(&ann), USED, json!({})).await.data("/viewer/quota/used");
    assert_eq!(used, 20 * (1 + reached));

    let input = json!({ "job": job(), "resumes": resumes("events", 200, 20) });
    let mut events = app.follow_with(Some(&ann), PROGRESS, json!({ "input": input })).await;
    let (mut matched, mut missed) = (0, 0);
    for done in 1..=200 {
        let answer = events.answer().await;
        let progress = &answer["data"]["rankResumesProgress"];
        assert_eq!(
            (&progress["done"], &progress["total"]),
            (&json!(done), &json!(200)),
            "{answer}"
        );
        match progress["result"]["error"]["code"].as_str() {
            None => matched += 1,
            Some("NOT_REACHED") => missed += 1,
            Some(other) => panic!("{other}"),
        }
    }
    assert_eq!(events.next().await.unwrap().0, "complete");
    assert!(missed > 0, "{matched}");
    let used_later = app.query(Some(&ann), USED, json!({})).await.data("/viewer/quota/used");
    assert_eq!(used_later, 20 * (1 + reached) + 20 * (1 + matched));
    // The trail states that the time was over.
    let admin = app.admin().await;
    let trail = "{ auditEvents(filter: { account: \"clerk\", action: INFERENCE }) { nodes { field refusal } } }";
    let events = app
        .query(Some(&admin), trail, json!({}))
        .await
        .data("/auditEvents/nodes");
    assert_eq!(events[1], json!({ "field": "Query.rankResumes", "refusal": "TIMEOUT" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_files_at_once_wait_for_their_turn() {
    let app = TestApp::start().await;
    let callers = join_all(["ann", "bob", "eve"].map(|name| app.user(name))).await;
    let names = [
        "latex-one.pdf",
        "chromium-two.pdf",
        "libreoffice-one.pdf",
        "libreoffice-two.docx",
        "one.html",
    ];
    let files: Vec<_> = (0..40)
        .map(|n| file(&format!("{}.{}", PAIRS[n % 3], names[n % names.len()])))
        .collect();
    // Forty single files of two callers, and a ranking of as many of a third, beside each other.
    let single = files.iter().enumerate().map(|(n, resume)| {
        let variables = json!({ "resume": resume, "job": job() });
        app.query(Some(&callers[n % 2]), MATCH, variables)
    });
    let ranking = app.query(
        Some(&callers[2]),
        RANK,
        json!({ "input": { "job": job(), "resumes": files } }),
    );
    let (single, ranking) = tokio::join!(join_all(single), ranking);
    for answer in single {
        assert!(answer.data("/matchResume/score").is_f64(), "{}", answer.text);
    }
    let ranking = ranking.data("/rankResumes");
    assert_eq!(ranking["matchedCount"], 40, "{ranking}");
}

/// A page whose text is set in a font size that makes a reader without limits allocate gigabytes.
fn slow_file() -> Value {
    let line = |n: u32| {
        let size = if n.is_multiple_of(2) { 12 } else { 10_000_000 };
        format!(
            "BT /F1 {size} Tf 1 0 0 1 {} {} Tm (Built data pipelines.) Tj ET\n",
            72 + n % 7,
            720 - 14 * (n % 50)
        )
    };
    let content: String = (0..400).map(line).collect();
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [4 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents 5 0 R >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}endstream", content.len()),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    for (number, object) in objects.iter().enumerate() {
        file += &format!("{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    file += "trailer\n<< /Size 6 /Root 1 0 R >>\n%%EOF\n";
    json!({ "document": { "base64": STANDARD.encode(file) } })
}

/// Whether the file is slow depends on the reader; the others must not depend on it.
#[tokio::test(flavor = "multi_thread")]
async fn a_slow_file_does_not_affect_the_others() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let mut resumes: Vec<_> = PAIRS
        .iter()
        .map(|pair| file(&format!("{pair}.latex-one.pdf")))
        .collect();
    resumes.insert(1, slow_file());
    let input = json!({ "job": job(), "resumes": resumes });
    let ranking = app
        .query(Some(&ann), RANK, json!({ "input": input }))
        .await
        .data("/rankResumes");
    let nodes = ranking["nodes"].as_array().unwrap();
    assert_eq!((nodes.len(), &ranking["notReachedCount"]), (4, &json!(0)));
    let others = nodes.iter().filter(|node| node["index"] != 1);
    assert!(others.clone().all(|node| node["match"]["score"].is_f64()), "{ranking}");
    let slow = nodes.iter().find(|node| node["index"] == 1).unwrap();
    let typed = slow["error"]["reason"] == "TOO_SLOW" || slow["error"]["reason"] == "BROKEN";
    assert!(typed || slow["match"]["score"].is_f64(), "{slow}");
}
