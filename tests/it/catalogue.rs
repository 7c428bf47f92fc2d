//! The job catalogue over GraphQL: adding and removing jobs, pages, search, rankings, a restart, and two servers with one
//! store. The parts are tested in `catalogue`.

use std::sync::Arc;
use std::time::Duration;

use portcullis::store::Store;
use portcullis_test_support::matching_texts::{PAIRS, text};
use serde_json::{Value, json};

use crate::harness::{Answer, TestApp};

const ADD: &str = "mutation($jobs: [JobInput!]!) { addJobs(input: { jobs: $jobs }) {
    jobs { id title text createdAt updatedAt } errors { code message path } } }";
const SEARCH: &str =
    "query($query: String!, $first: Int, $after: String) { searchJobs(query: $query, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor score words similarity node { id title } } } }";
const LIST: &str = "query($first: Int, $after: String) { jobs(first: $first, after: $after) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } } nodes { id } } }";
const RANK: &str = "query($input: RankJobsInput!, $first: Int, $after: String) { rankJobs(input: $input, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } nodes { index job { id } match { score jobHighlights { span { start end text } } } } } }";

fn job(id: &str, text: &str) -> Value {
    json!({ "id": id, "source": { "text": text } })
}

fn posting(trade: &str, duty: &str) -> String {
    format!("{trade}\n\nRequirements\n- Must {duty} every day\n- Two years of experience\n")
}

async fn add(app: &TestApp, token: &str, jobs: Vec<Value>) -> Answer {
    let answer = app.query(Some(token), ADD, json!({ "jobs": jobs })).await;
    assert_eq!(answer.codes(), Vec::<String>::new(), "{}", answer.text);
    answer
}

/// Adds the postings of the sample pairs, with the names of the pairs as ids.
async fn add_pairs(app: &TestApp, token: &str) {
    let jobs = PAIRS.iter().map(|pair| job(pair, &text(pair, "job"))).collect();
    assert_eq!(add(app, token, jobs).await.data("/addJobs/errors"), json!([]));
}

async fn search(app: &TestApp, token: &str, query: &str) -> Value {
    let answer = app.query(Some(token), SEARCH, json!({ "query": query })).await;
    assert_eq!(answer.codes(), Vec::<String>::new(), "{}", answer.text);
    answer.data("/searchJobs")
}

#[tokio::test]
async fn jobs_are_added_found_ranked_and_removed() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ann = app.user("ann").await;
    add_pairs(&app, &admin).await;
    let found = search(&app, &ann, "streaming pipelines in the cloud").await;
    assert_eq!(found["edges"][0]["node"]["id"], "data-engineer", "{found}");
    assert!(found["edges"][0]["score"].as_f64().unwrap() <= 1.0);

    let query = "query($id: ID!) { job(id: $id) { id title text } }";
    let one = app.query(Some(&ann), query, json!({ "id": "kitchen-manager" })).await;
    let stored = one.data("/job/text");
    assert_eq!(stored.as_str().unwrap(), text(PAIRS[2], "job").trim());
    for id in ["nobody", "", "no id!", &"x".repeat(500)] {
        let none = app.query(Some(&ann), query, json!({ "id": id })).await;
        assert_eq!(none.json(), json!({ "data": { "job": null } }), "{id}");
    }

    let remove = "mutation($id: ID!) { removeJob(input: { id: $id }) { removedJobId errors { code path } } }";
    let gone = app.query(Some(&admin), remove, json!({ "id": "data-engineer" })).await;
    assert_eq!(
        gone.data("/removeJob"),
        json!({ "removedJobId": "data-engineer", "errors": [] })
    );
    let gone = app.query(Some(&admin), remove, json!({ "id": "data-engineer" })).await;
    let not_found = json!([{ "code": "NOT_FOUND", "path": ["input", "id"] }]);
    assert_eq!(
        gone.data("/removeJob"),
        json!({ "removedJobId": null, "errors": not_found })
    );
    let found = search(&app, &ann, "streaming pipelines in the cloud").await;
    assert!(!found.to_string().contains("data-engineer"), "{found}");

    // A caller with read permission cannot change the catalogue; changes are in the audit trail.
    for (mutation, variables) in [
        (ADD, json!({ "jobs": [job("x", "Baker")] })),
        (remove, json!({ "id": "x" })),
    ] {
        let refused = app.query(Some(&ann), mutation, variables).await;
        assert_eq!(refused.codes(), ["FORBIDDEN"]);
        assert_eq!(refused.json()["errors"][0]["extensions"]["requires"], "WRITE_JOBS");
    }
    let trail = "{ auditEvents { nodes { action actor subject } } }";
    let events = app
        .query(Some(&admin), trail, json!({}))
        .await
        .data("/auditEvents/nodes");
    let of_jobs: Vec<&Value> = events
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["action"].as_str().unwrap().starts_with("JOB"))
        .collect();
    assert_eq!(
        of_jobs,
        [
            &json!({ "action": "JOB_REMOVED", "actor": "admin", "subject": "data-engineer" }),
            &json!({ "action": "JOBS_ADDED", "actor": "admin", "subject": "3 jobs" }),
        ]
    );
}

#[tokio::test]
async fn an_invalid_job_is_named_and_does_not_affect_the_others() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pdf = json!({ "document": { "base64": "JVBERi0xLjcgbm90aGluZw==" } });
    let jobs = vec![
        job("good", &posting("Baker", "bake bread")),
        json!({ "source": pdf }),
        json!({ "id": "no id!", "source": { "text": "Baker" } }),
        json!({ "source": { "text": "  " } }),
        json!({ "title": "", "source": { "text": "Baker" } }),
        json!({ "source": { "document": { "base64": "?" } } }),
        json!({ "title": "Pastry chef", "source": { "text": "Must fold puff pastry." } }),
        json!({ "source": { "text": "Clerk\n".repeat(20_000) } }),
    ];
    let answer = add(&app, &admin, jobs).await;
    let added = answer.data("/addJobs/jobs");
    let kept: Vec<bool> = added.as_array().unwrap().iter().map(|job| !job.is_null()).collect();
    assert_eq!(kept, [true, false, false, false, false, false, true, false]);
    assert_eq!(added[6]["text"], "Pastry chef\n\nMust fold puff pastry.");
    assert_eq!(added[6]["id"].as_str().unwrap().len(), 36);
    let errors = answer.data("/addJobs/errors");
    let reported: Vec<(String, String)> = errors
        .as_array()
        .unwrap()
        .iter()
        .map(|error| {
            let path: Vec<&str> = error["path"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(Value::as_str)
                .collect();
            assert!(!error["message"].as_str().unwrap().is_empty());
            (error["code"].as_str().unwrap().to_owned(), path.join("."))
        })
        .collect();
    let wrong = |code: &str, path: &str| (code.to_owned(), format!("input.jobs.{path}"));
    assert_eq!(
        reported,
        [
            wrong("UNSUPPORTED_DOCUMENT", "1.source"),
            wrong("INVALID_INPUT", "2.id"),
            wrong("INVALID_INPUT", "3.source"),
            wrong("INVALID_INPUT", "4.title"),
            wrong("INVALID_INPUT", "5.source"),
            wrong("INVALID_INPUT", "7.source"),
        ]
    );
    for count in [0, 201] {
        let jobs = vec![json!({ "source": { "text": "Baker" } }); count];
        let refused = app.query(Some(&admin), ADD, json!({ "jobs": jobs })).await;
        assert_eq!(refused.codes(), ["BAD_USER_INPUT"]);
        let message = format!("input.jobs: 1 to 200 are allowed, not {count}");
        assert_eq!(refused.json()["errors"][0]["message"], message);
    }
}

#[tokio::test]
async fn pages_of_the_list_and_of_the_search_are_complete_and_disjoint() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let jobs: Vec<Value> = (0..12)
        .map(|n| {
            job(
                &format!("job-{n:02}"),
                &posting("Baker", &format!("bake {n} loaves of bread")),
            )
        })
        .collect();
    add(&app, &admin, jobs).await;
    for (document, pointer, variables) in [
        (LIST, "/jobs", json!({})),
        (SEARCH, "/searchJobs", json!({ "query": "bread" })),
    ] {
        let page = async |first: i32, after: Option<&str>| {
            let mut variables = variables.clone();
            variables["first"] = json!(first);
            variables["after"] = json!(after);
            let answer = app.query(Some(&admin), document, variables).await;
            assert_eq!(answer.codes(), Vec::<String>::new(), "{}", answer.text);
            answer.data(pointer)
        };
        let whole = page(100, None).await;
        assert_eq!(
            (whole["totalCount"].as_u64(), whole["edges"].as_array().unwrap().len()),
            (Some(12), 12)
        );
        let (mut seen, mut after) = (Vec::new(), None::<String>);
        loop {
            let some = page(5, after.as_deref()).await;
            assert_eq!(some["pageInfo"]["hasPreviousPage"], after.is_some());
            seen.extend(some["edges"].as_array().unwrap().clone());
            after = some["pageInfo"]["endCursor"].as_str().map(str::to_owned);
            if some["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(&seen, whole["edges"].as_array().unwrap());
        assert_eq!(page(0, None).await["edges"], json!([]));
        for (first, after) in [(101, None), (-1, None), (5, Some("\u{1f980}"))] {
            let mut variables = variables.clone();
            variables["first"] = json!(first);
            variables["after"] = json!(after);
            let answer = app.query(Some(&admin), document, variables).await;
            assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{}", answer.text);
        }
    }
    // A cursor keeps its position when its job is removed and others are added.
    let first = app.query(Some(&admin), LIST, json!({ "first": 3 })).await;
    let cursor = first.data("/jobs/pageInfo/endCursor");
    let remove = "mutation { removeJob(input: { id: \"job-02\" }) { removedJobId errors { message } } }";
    app.change(&admin, remove).await;
    add(
        &app,
        &admin,
        vec![
            job("job-00a", &posting("Baker", "sweep")),
            job("job-02a", &posting("Baker", "sift")),
        ],
    )
    .await;
    let next = app
        .query(Some(&admin), LIST, json!({ "first": 2, "after": cursor }))
        .await;
    assert_eq!(
        next.data("/jobs/nodes"),
        json!([{ "id": "job-02a" }, { "id": "job-03" }])
    );
    for query in ["", " ", &"word ".repeat(400)] {
        let refused = app.query(Some(&admin), SEARCH, json!({ "query": query })).await;
        assert_eq!(refused.codes(), ["BAD_USER_INPUT"], "{}", refused.text);
    }
}

#[tokio::test]
async fn a_ranking_of_the_catalogue_equals_that_of_its_texts() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ann = app.user("ann").await;
    add_pairs(&app, &admin).await;
    let jobs: Vec<String> = PAIRS.iter().map(|pair| text(pair, "job").trim().to_owned()).collect();
    for (own, pair) in PAIRS.iter().enumerate() {
        let resume = json!({ "text": text(pair, "resume") });
        let rank = async |input: Value, first: i32, after: Value| {
            let variables = json!({ "input": input, "first": first, "after": after });
            let answer = app.query(Some(&ann), RANK, variables).await;
            assert_eq!(answer.codes(), Vec::<String>::new(), "{}", answer.text);
            answer.data("/rankJobs")
        };
        let sources: Vec<Value> = jobs.iter().map(|text| json!({ "text": text })).collect();
        let given = rank(json!({ "resume": resume, "jobs": sources }), 3, Value::Null).await;
        let kept = json!({ "resume": resume, "catalogue": { "candidates": 10 } });
        let ranked = rank(kept.clone(), 3, Value::Null).await;
        let own_id = PAIRS[own];
        assert_eq!(ranked["nodes"][0]["job"]["id"], own_id, "{ranked}");
        assert_eq!(ranked["nodes"][0]["index"], 0, "the search finds it first too");
        for node in ranked["nodes"].as_array().unwrap() {
            let place = PAIRS.iter().position(|pair| node["job"]["id"] == *pair).unwrap();
            let nodes = given["nodes"].as_array().unwrap();
            let same = nodes.iter().find(|node| node["index"] == place).unwrap();
            assert!(same["job"].is_null());
            let score = |node: &Value| node["match"]["score"].as_f64().unwrap();
            assert!((score(node) - score(same)).abs() < 2e-3, "{node} {same}");
            let units: Vec<u16> = jobs[place].encode_utf16().collect();
            for mark in node["match"]["jobHighlights"].as_array().unwrap() {
                let at = |end: &str| usize::try_from(mark["span"][end].as_u64().unwrap()).unwrap();
                let slice = String::from_utf16(&units[at("start")..at("end")]).unwrap();
                assert_eq!(slice, mark["span"]["text"].as_str().unwrap());
            }
        }
        // Pages do not depend on the texts.
        if own > 0 {
            continue;
        }
        let first = rank(kept.clone(), 1, Value::Null).await;
        assert_eq!(first["nodes"][0], ranked["nodes"][0]);
        let next = rank(kept, 1, first["pageInfo"]["endCursor"].clone()).await;
        assert_eq!(next["nodes"][0], ranked["nodes"][1]);
        let one = rank(
            json!({ "resume": resume, "catalogue": { "candidates": 1 } }),
            9,
            Value::Null,
        )
        .await;
        assert_eq!(
            (&one["totalCount"], &one["nodes"][0]["job"]["id"]),
            (&json!(1), &json!(own_id))
        );
    }

    let progress = "subscription($input: RankJobsInput!) { rankJobsProgress(input: $input) {
        done total result { index job { id } match { score } } } }";
    let input = json!({ "resume": { "text": text(PAIRS[1], "resume") }, "catalogue": {} });
    let mut events = app.follow_with(Some(&ann), progress, json!({ "input": input })).await;
    let mut seen = Vec::new();
    for done in 1.. {
        let answer = events.answer().await;
        let event = &answer["data"]["rankJobsProgress"];
        assert_eq!(event["done"], done, "{answer}");
        seen.push(event["result"]["job"]["id"].as_str().unwrap().to_owned());
        if event["total"] == done {
            break;
        }
    }
    assert_eq!(seen[0], PAIRS[1]);
    assert_eq!(events.next().await.unwrap().0, "complete");

    // Ranking jobs requires the permission to read them.
    let put = "mutation { putRole(name: \"MATCHER\", permissions: [MATCH_RESUME]) { errors { message } } }";
    app.change(&admin, put).await;
    let give = "mutation { setUserRoles(input: { id: \"ann\", roles: [\"MATCHER\"] }) { errors { message } } }";
    app.change(&admin, give).await;
    let refused = app.query(Some(&ann), RANK, json!({ "input": input })).await;
    assert_eq!(refused.codes(), ["FORBIDDEN"], "{}", refused.text);
    assert_eq!(refused.json()["errors"][0]["extensions"]["requires"], "READ_JOBS");
    let mut events = app.follow_with(Some(&ann), progress, json!({ "input": input })).await;
    let answer = events.answer().await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
}

#[tokio::test]
async fn jobs_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("surrealkv://{}", folder.path().join("db").display());
    let app = TestApp::over(Store::open(&url).await.unwrap());
    let admin = app.admin().await;
    add_pairs(&app, &admin).await;
    app.change(
        &admin,
        "mutation { removeJob(input: { id: \"kitchen-manager\" }) { errors { message } } }",
    )
    .await;
    let before = search(&app, &admin, "care for patients").await;
    app.close().await;
    let app = TestApp::over(Store::open(&url).await.unwrap());
    let admin = app.admin().await;
    assert_eq!(search(&app, &admin, "care for patients").await, before);
    assert_eq!(before["edges"][0]["node"]["id"], "intensive-care-nurse");
    let list = app.query(Some(&admin), LIST, json!({})).await;
    assert_eq!(
        list.data("/jobs/nodes"),
        json!([{ "id": "data-engineer" }, { "id": "intensive-care-nurse" }])
    );
    app.close().await;
}

#[tokio::test]
async fn two_servers_with_one_store_agree() {
    let store = Arc::new(Store::open("mem://").await.unwrap());
    let (one, other) = (TestApp::over(Arc::clone(&store)), TestApp::over(Arc::clone(&store)));
    let admin = one.admin().await;
    let reader = other.admin().await;
    let ids = async || {
        let list = other.query(Some(&reader), LIST, json!({})).await.data("/jobs/nodes");
        let ids = list
            .as_array()
            .unwrap()
            .iter()
            .map(|node| node["id"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    let becomes = async |wanted: &[&str]| {
        for _ in 0..3_000 {
            if ids().await == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("it stays {:?}, not {wanted:?}", ids().await);
    };
    becomes(&[]).await;
    add_pairs(&one, &admin).await;
    becomes(&["data-engineer", "intensive-care-nurse", "kitchen-manager"]).await;
    one.change(
        &admin,
        "mutation { removeJob(input: { id: \"kitchen-manager\" }) { errors { message } } }",
    )
    .await;
    becomes(&["data-engineer", "intensive-care-nurse"]).await;
    add(
        &one,
        &admin,
        vec![job("data-engineer", &posting("Baker", "bake bread"))],
    )
    .await;
    let mut looks = 0;
    while search(&other, &reader, "bread").await["edges"][0]["node"]["id"] != "data-engineer" {
        looks += 1;
        assert!(looks < 3_000, "the change does not arrive");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // Concurrent writes of both servers are kept.
    let many = |name: &str| {
        (0..5)
            .map(|n| job(&format!("{name}{n}"), &posting("Baker", "bake")))
            .collect::<Vec<_>>()
    };
    let writer = other.login("admin").await;
    let (first, second) = tokio::join!(add(&one, &admin, many("a")), add(&other, &writer, many("b")));
    for answer in [first, second] {
        assert_eq!(answer.data("/addJobs/errors"), json!([]));
    }
    let mut all: Vec<String> = ["a", "b"]
        .iter()
        .flat_map(|name| (0..5).map(move |n| format!("{name}{n}")))
        .collect();
    all.extend(["data-engineer".to_owned(), "intensive-care-nurse".to_owned()]);
    becomes(&all.iter().map(String::as_str).collect::<Vec<_>>()).await;
}
