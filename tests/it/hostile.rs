//! Every class of hostile document, sent to the product: each gets the typed answer that the corpus names, and the server
//! goes on answering. What each costs is figure 8 of `just figures`.

pub(crate) mod corpus;

use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use self::corpus::{Class, Who, classes};
use crate::harness::{Answer, TestApp};

struct Senders {
    user: String,
    admin: String,
}

async fn send(app: &TestApp, senders: &Senders, class: &Class) -> Answer {
    let request = Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept", "application/graphql-response+json");
    let request = match class.who {
        Who::Guest => request,
        Who::User => request.header("authorization", format!("Bearer {}", senders.user)),
        Who::Admin => request.header("authorization", format!("Bearer {}", senders.admin)),
    };
    app.send(request.body(Body::from(class.body())).unwrap()).await
}

/// What is wrong with an answer.
fn fault(class: &Class, answer: &Answer) -> Option<String> {
    let shown = || answer.text.chars().take(300).collect::<String>();
    let codes = answer.codes();
    if answer.status.as_u16() >= 500 || codes.iter().any(|code| code == "INTERNAL" || code == "(none)") {
        return Some(format!("{}: {} {}", class.name, answer.status, shown()));
    }
    // Nothing is told back at length.
    let most = if class.code.is_some() { 128 * 1024 } else { 1024 * 1024 };
    if answer.text.len() > most {
        return Some(format!("{}: {} bytes", class.name, answer.text.len()));
    }
    (codes.first() != class.code.as_ref())
        .then(|| format!("{}: {:?}, not {:?}: {}", class.name, codes.first(), class.code, shown()))
}

#[tokio::test]
async fn every_class_gets_its_answer() {
    let classes = classes();
    assert!(classes.len() >= 50, "{} classes", classes.len());
    let app = TestApp::start().await;
    let senders = Senders {
        user: app.user("ann").await,
        admin: app.admin().await,
    };
    let mut faults = Vec::new();
    for class in &classes {
        faults.extend(fault(class, &send(&app, &senders, class).await));
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
    let answer = app
        .query(Some(&senders.user), "{ viewer { user { id } } }", json!({}))
        .await;
    assert_eq!(answer.data("/viewer/user/id"), "ann");
}
