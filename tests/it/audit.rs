//! The audit trail over GraphQL: which operations record an event, what it contains and what it never contains.

use serde_json::{Value, json};

use crate::harness::TestApp;

const EVENTS: &str = "query($first: Int, $after: String, $filter: AuditEventFilter) {
    auditEvents(first: $first, after: $after, filter: $filter) {
        edges { cursor } pageInfo { hasNextPage endCursor }
        nodes { id at action refusal actor subject session address field model cost milliseconds } } }";

async fn events(app: &TestApp, admin: &str, filter: Value) -> Vec<Value> {
    let variables = json!({ "first": 100, "filter": filter });
    let answer = app.query(Some(admin), EVENTS, variables).await;
    answer.data("/auditEvents/nodes").as_array().unwrap().clone()
}

#[tokio::test]
async fn logins_refusals_and_inference_are_recorded() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ann = app.user("ann").await;
    app.try_login("ann", "not the password").await;
    app.query(Some(&ann), "{ users { nodes { id } } }", json!({})).await;
    let text = "Quench the blades of tractors";
    let predict = "query($model: String!, $text: String!) { predict(input: { model: $model, inputs: [{ text: $text }] }) { predictions { label } } }";
    let good = app
        .query(Some(&ann), predict, json!({ "model": "occupation", "text": text }))
        .await;
    assert_eq!(good.codes(), Vec::<String>::new());
    app.query(Some(&ann), predict, json!({ "model": "no-such-model", "text": text }))
        .await;

    let all = events(&app, &admin, json!({ "account": "ann" })).await;
    let find = |action: &str, refusal: Value| {
        let found: Vec<&Value> = all
            .iter()
            .filter(|e| e["action"] == json!(action) && e["refusal"] == refusal)
            .collect();
        assert_eq!(found.len(), 1, "{action} {refusal} in {all:?}");
        found[0].clone()
    };
    find("REGISTERED", json!(null));
    find("LOGIN", json!(null));
    find("LOGIN", json!("INVALID_CREDENTIALS"));
    let refused = find("ACCESS", json!("FORBIDDEN"));
    assert_eq!(refused["field"], "Query.users");
    assert_eq!(refused["actor"], "ann");
    let run = find("INFERENCE", json!(null));
    assert_eq!((&run["field"], &run["cost"]), (&json!("Query.predict"), &json!(10)));
    assert!(run["model"].as_str().unwrap().starts_with("occupation@"), "{run}");
    assert!(run["milliseconds"].is_i64() && run["session"].is_string(), "{run}");
    let missing = find("INFERENCE", json!("MODEL_NOT_FOUND"));
    assert_eq!(missing["model"], json!(null));
    let whole = Value::from(all.clone()).to_string();
    assert!(
        !whole.contains("tractors") && !whole.contains("no-such-model"),
        "{whole}"
    );
}

#[tokio::test]
async fn events_are_paged_filtered_and_guarded() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for name in ["ann", "bob", "cat"] {
        app.user(name).await;
    }
    app.query(None, "{ users { nodes { id } } }", json!({})).await;
    let total = events(&app, &admin, json!({})).await.len();
    let (mut after, mut seen) = (json!(null), 0);
    loop {
        let variables = json!({ "first": 3, "after": after });
        let page = app.query(Some(&admin), EVENTS, variables).await;
        seen += page.data("/auditEvents/nodes").as_array().unwrap().len();
        after = page.data("/auditEvents/pageInfo/endCursor");
        if page.data("/auditEvents/pageInfo/hasNextPage") == json!(false) {
            break;
        }
    }
    assert_eq!(seen, total);
    let logins = events(&app, &admin, json!({ "action": "LOGIN", "account": "bob" })).await;
    assert_eq!(logins.len(), 1);
    let guests = events(&app, &admin, json!({ "refused": true })).await;
    assert_eq!(guests.len(), 1, "{guests:?}");
    assert_eq!(guests[0]["refusal"], "UNAUTHENTICATED");
    assert_eq!(guests[0]["actor"], json!(null));
    let ann = app.login("ann").await;
    assert_eq!(app.query(Some(&ann), EVENTS, json!({})).await.codes(), ["FORBIDDEN"]);
    let bad = app.query(Some(&admin), EVENTS, json!({ "first": 101 })).await;
    assert_eq!(bad.codes(), ["BAD_USER_INPUT"]);
}

#[tokio::test]
async fn a_flood_of_refusals_does_not_fill_the_trail() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let aliases: Vec<String> = (0..60).map(|n| format!("a{n}: users {{ __typename }}")).collect();
    let document = format!("{{ {} }}", aliases.join(" "));
    for _ in 0..5 {
        app.query(None, &document, json!({})).await;
    }
    let filter = json!({ "refused": true });
    let answer = app
        .query(Some(&admin), EVENTS, json!({ "first": 100, "filter": filter }))
        .await;
    assert_eq!(answer.data("/auditEvents/nodes").as_array().unwrap().len(), 100);
    assert_eq!(answer.data("/auditEvents/pageInfo/hasNextPage"), json!(false));
}
