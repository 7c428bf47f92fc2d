//! Every class of hostile document, sent to the product: each is answered with the code that the corpus gives, and the
//! server keeps answering. The attack `hostile_documents` of `just figures` measures what each costs.

use axum::body::Body;
use axum::http::Request;
use portcullis_test_support::hostile_documents::{HostileDocument, Sender, corpus};
use serde_json::json;

use crate::harness::{Answer, TestApp};

struct Tokens {
    user: String,
    admin: String,
}

async fn send(app: &TestApp, tokens: &Tokens, document: &HostileDocument) -> Answer {
    let request = Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept", "application/graphql-response+json");
    let request = match document.sender {
        Sender::Guest => request,
        Sender::User => request.header("authorization", format!("Bearer {}", tokens.user)),
        Sender::Admin => request.header("authorization", format!("Bearer {}", tokens.admin)),
    };
    app.send(request.body(Body::from(document.body())).unwrap()).await
}

/// The fault of an answer; `None` for the expected one.
fn fault(document: &HostileDocument, answer: &Answer) -> Option<String> {
    let name = &document.name;
    let shown = || answer.text.chars().take(300).collect::<String>();
    let codes = answer.codes();
    if answer.status.as_u16() >= 500 || codes.iter().any(|code| code == "INTERNAL" || code == "(none)") {
        return Some(format!("{name}: {} {}", answer.status, shown()));
    }
    // An error does not repeat the document.
    let limit = if document.code.is_some() {
        128 * 1024
    } else {
        1024 * 1024
    };
    if answer.text.len() > limit {
        return Some(format!("{name}: {} bytes", answer.text.len()));
    }
    (codes.first() != document.code.as_ref())
        .then(|| format!("{name}: {:?}, not {:?}: {}", codes.first(), document.code, shown()))
}

#[tokio::test]
async fn every_hostile_document_is_answered_with_its_code() {
    let corpus = corpus();
    assert!(corpus.len() >= 50, "{} documents", corpus.len());
    let app = TestApp::start().await;
    let tokens = Tokens {
        user: app.user("ann").await,
        admin: app.admin().await,
    };
    let mut faults = Vec::new();
    for document in &corpus {
        faults.extend(fault(document, &send(&app, &tokens, document).await));
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
    let answer = app
        .query(Some(&tokens.user), "{ viewer { user { id } } }", json!({}))
        .await;
    assert_eq!(answer.data("/viewer/user/id"), "ann");
}
