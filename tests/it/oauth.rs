//! The OAuth token endpoint, its metadata and the published keys. A library of another project verifies tokens with those
//! keys in `clients`.

use std::net::SocketAddr;

use axum::body::Body;
use axum::http::{Request, header};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use portcullis::config::{self, Config};
use portcullis::identity::NewApiKey;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::harness::{Answer, PASSWORD, TestApp};

type Pairs<'a> = Vec<(&'a str, &'a str)>;

const VIEWER: &str = "{ viewer { user { id } permissions } }";

fn form(pairs: &[(&str, &str)]) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(pairs).finish()
}

async fn ask(app: &TestApp, pairs: &[(&str, &str)], basic: Option<(&str, &str)>) -> Answer {
    let mut request = Request::post("/oauth/token").header("content-type", "application/x-www-form-urlencoded");
    if let Some((id, secret)) = basic {
        request = request.header(
            "authorization",
            format!("Basic {}", STANDARD.encode(format!("{id}:{secret}"))),
        );
    }
    let answer = app.send(request.body(Body::from(form(pairs))).unwrap()).await;
    // Required for every response (RFC 6749, 5.1 and 5.2).
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(answer.headers[header::PRAGMA], "no-cache");
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/json");
    if !answer.status.is_success() {
        let json = answer.json();
        let description = json["error_description"].as_str().unwrap();
        assert!(
            description
                .chars()
                .all(|c| matches!(c, ' '..='~') && c != '"' && c != '\\'),
            "{description}"
        );
    }
    answer
}

/// Status and `error` of an error response.
async fn refusal(app: &TestApp, pairs: &[(&str, &str)]) -> (u16, String) {
    let answer = ask(app, pairs, None).await;
    let error = answer.json()["error"].as_str().unwrap_or_default().to_owned();
    (answer.status.as_u16(), error)
}

fn password<'a>(name: &'a str, password: &'a str) -> [(&'a str, &'a str); 3] {
    [("grant_type", "password"), ("username", name), ("password", password)]
}

#[tokio::test]
async fn the_password_and_the_refresh_token_grants_return_tokens() {
    let app = TestApp::start().await;
    app.user("ann").await;
    let first = ask(&app, &password("ann", PASSWORD), None).await;
    assert_eq!(first.status, 200, "{first:?}");
    let first = first.json();
    assert_eq!(
        (&first["token_type"], &first["expires_in"]),
        (&json!("Bearer"), &json!(900))
    );
    assert_eq!(first.as_object().unwrap().len(), 4, "{first}");
    let access = first["access_token"].as_str().unwrap();
    assert_eq!(
        app.query(Some(access), VIEWER, json!({})).await.data("/viewer/user/id"),
        "ann"
    );

    let refresh = first["refresh_token"].as_str().unwrap();
    let pairs = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    // A public client may identify itself, with an empty secret or none.
    let next = ask(&app, &pairs, Some(("console", ""))).await.json();
    let access = next["access_token"].as_str().unwrap();
    assert_eq!(
        app.query(Some(access), VIEWER, json!({})).await.data("/viewer/user/id"),
        "ann"
    );
    assert_ne!(next["refresh_token"], first["refresh_token"]);
    // Reuse after the grace period ends the session, as with the mutation.
    app.clock.advance(chrono::TimeDelta::seconds(11));
    assert_eq!(refusal(&app, &pairs).await, (400, "invalid_grant".to_owned()));
    assert_eq!(app.query(Some(access), VIEWER, json!({})).await.status, 401);
}

#[tokio::test]
async fn every_error_response_follows_the_rfc() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    app.user("ann").await;
    app.user("bob").await;
    let disable = "mutation { toggleUser(input: { id: \"bob\", enabled: false }) { errors { code } } }";
    app.query(Some(&admin), disable, json!({})).await;
    let ann = ("username", "ann");
    let right = ("password", PASSWORD);
    let grant = ("grant_type", "password");
    let cases: Vec<(Pairs<'_>, u16, &str)> = vec![
        (password("ann", "wrong").to_vec(), 400, "invalid_grant"),
        (password("nobody", PASSWORD).to_vec(), 400, "invalid_grant"),
        (password("bob", PASSWORD).to_vec(), 400, "invalid_grant"),
        (vec![], 400, "invalid_request"),
        (vec![("grant_type", ""), ann, right], 400, "invalid_request"),
        (vec![grant, ann], 400, "invalid_request"),
        (vec![grant, ann, ("password", "")], 400, "invalid_request"),
        (vec![grant, ann, right, right], 400, "invalid_request"),
        (vec![("grant_type", "refresh_token")], 400, "invalid_request"),
        (
            vec![("grant_type", "refresh_token"), ("refresh_token", "prt_x")],
            400,
            "invalid_grant",
        ),
        (
            vec![("grant_type", "authorization_code"), ("code", "x")],
            400,
            "unsupported_grant_type",
        ),
        (
            vec![("grant_type", "Password"), ann, right],
            400,
            "unsupported_grant_type",
        ),
        (vec![("grant_type", "client_credentials")], 401, "invalid_client"),
        (
            vec![("grant_type", "client_credentials"), ("client_secret", "pk_x")],
            401,
            "invalid_client",
        ),
        (
            vec![grant, ann, right, ("client_secret", "pk_x")],
            401,
            "invalid_client",
        ),
    ];
    for (pairs, status, error) in cases {
        assert_eq!(refusal(&app, &pairs).await, (status, error.to_owned()), "{pairs:?}");
    }
    let long = "x".repeat(20_000);
    assert_eq!(
        refusal(&app, &password("ann", &long)).await,
        (413, "invalid_request".to_owned())
    );

    let bare = |request: axum::http::request::Builder, body: &str| request.body(Body::from(body.to_owned())).unwrap();
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let good = form(&password("ann", PASSWORD));
    let json_body = bare(
        Request::post("/oauth/token").header("content-type", "application/json"),
        "{}",
    );
    let in_url = bare(
        Request::post(format!("/oauth/token?{good}")).header(kind.0, kind.1),
        &good,
    );
    for request in [json_body, in_url] {
        let answer = app.send(request).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["error"]),
            (400, &json!("invalid_request"))
        );
    }
    let answer = app.send(bare(Request::get("/oauth/token"), "")).await;
    assert_eq!(answer.status, 405);
    assert_eq!(answer.headers[header::ALLOW], "POST");
    for authorization in ["Bearer x", "Basic", "Basic !", "Basic eA=="] {
        let request = Request::post("/oauth/token")
            .header(kind.0, kind.1)
            .header("authorization", authorization);
        let answer = app.send(bare(request, &good)).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["error"]),
            (401, &json!("invalid_client"))
        );
        let challenge = answer.headers[header::WWW_AUTHENTICATE].to_str().unwrap();
        assert!(challenge.starts_with("Basic "), "{challenge}");
    }
}

#[tokio::test]
async fn failed_logins_here_and_by_the_mutation_are_counted_together() {
    let app = TestApp::start().await;
    // Without a login from this address, the account has no known network.
    let register = "mutation { register(input: { username: \"ann\", email: \"ann@example.com\", password: \"correct horse battery\" }) { errors { code } } }";
    assert_eq!(
        app.query(None, register, json!({})).await.data("/register/errors"),
        json!([])
    );
    let runs = || app.gateway.app().accounts().password_runs();
    let mut rounds = 0;
    while refusal(&app, &password("ann", "wrong")).await.0 == 400 {
        app.try_login("ann", "wrong").await;
        rounds += 1;
        // Ten failures are allowed without delay, and each round has two.
        assert!(rounds < 8, "only one of the two is counted");
    }
    // Each further failure doubles the delay, so that the next attempts are too early.
    for _ in 0..5 {
        app.clock.advance(chrono::TimeDelta::seconds(31));
        assert_eq!(refusal(&app, &password("ann", "wrong")).await.0, 400);
    }
    let before = runs();
    let refused = ask(&app, &password("ann", PASSWORD), None).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["error"]),
        (429, &json!("slow_down"))
    );
    let wait: i64 = refused.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert_eq!(
        app.try_login("ann", PASSWORD).await.data("/login/errors/0/code"),
        "TOO_MANY_ATTEMPTS"
    );
    assert_eq!(runs(), before, "who comes too early costs nothing");
    app.clock.advance(chrono::TimeDelta::seconds(wait + 1));
    assert_eq!(ask(&app, &password("ann", PASSWORD), None).await.status, 200);
}

#[tokio::test]
async fn an_api_key_authenticates_as_a_client() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let accounts = app.gateway.app().accounts();
    let session = accounts.authenticate(&ann).await.unwrap();
    let wanted = NewApiKey {
        name: "nightly".to_owned(),
        roles: vec!["GUEST".to_owned()],
        expires_at: None,
    };
    let (key, secret) = accounts.create_api_key(&session, wanted).await.unwrap();
    let secret = secret.expose_secret();
    // As a bearer token, and exchanged for a token with either client authentication method.
    let client = [("grant_type", "client_credentials")];
    let posted = [client[0], ("client_id", key.id.as_str()), ("client_secret", secret)];
    let mut tokens = vec![secret.to_owned()];
    for answer in [
        ask(&app, &posted, None).await,
        ask(&app, &client, Some(("any%2Bbody", secret))).await,
    ] {
        assert_eq!(answer.status, 200, "{answer:?}");
        let json = answer.json();
        assert_eq!(
            (json["token_type"].as_str(), json["expires_in"].as_u64()),
            (Some("Bearer"), Some(900))
        );
        assert!(json.get("refresh_token").is_none(), "{json}");
        tokens.push(json["access_token"].as_str().unwrap().to_owned());
    }
    for token in &tokens {
        let answer = app.query(Some(token), VIEWER, json!({})).await;
        assert_eq!(
            answer.data("/viewer"),
            json!({ "user": { "id": "ann" }, "permissions": ["READ_MODELS"] })
        );
    }
    let twice = ask(&app, &posted, Some(("ann", secret))).await;
    assert_eq!(twice.json()["error"], "invalid_request");
    let beside = [password("ann", PASSWORD).to_vec(), vec![("client_secret", secret)]].concat();
    assert_eq!(ask(&app, &beside, None).await.status, 200);

    accounts.remove_api_key(&session, &key.id).await.unwrap();
    let refused = ask(&app, &posted, None).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["error"]),
        (401, &json!("invalid_client"))
    );
    assert!(
        refused.headers[header::WWW_AUTHENTICATE]
            .to_str()
            .unwrap()
            .starts_with("Basic ")
    );
    for token in &tokens {
        let refused = app.query(Some(token), VIEWER, json!({})).await;
        assert_eq!(
            (refused.status.as_u16(), refused.codes()),
            (401, vec!["UNAUTHENTICATED".to_owned()])
        );
    }
}

async fn get(app: &TestApp, path: &str) -> Answer {
    app.send(Request::get(path).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn the_published_key_verifies_the_tokens() {
    let app = TestApp::start().await;
    let token = app.user("ann").await;
    let published = get(&app, "/.well-known/jwks.json").await;
    assert_eq!(published.headers[header::CONTENT_TYPE], "application/jwk-set+json");
    assert_eq!(published.headers[header::CACHE_CONTROL], "public, max-age=300");
    let head = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    let head: Value = serde_json::from_slice(&head).unwrap();
    let keys = published.json()["keys"].as_array().unwrap().clone();
    assert_eq!(
        (keys.len(), &keys[0]["kid"], &keys[0]["alg"]),
        (1, &head["kid"], &head["alg"])
    );
    assert!(keys[0].get("d").is_none());
}

#[tokio::test]
async fn metadata_is_served_only_if_the_issuer_is_a_url() {
    const PATH: &str = "/.well-known/oauth-authorization-server";
    let unset = get(&TestApp::start().await, PATH).await.json();
    assert_eq!(unset["token_endpoint"], "http://127.0.0.1:8000/oauth/token");
    let with = |issuer: &str| {
        TestApp::with(Config {
            signing: config::Signing {
                issuer: Some(issuer.to_owned()),
                ..config::Signing::default()
            },
            ..Config::default()
        })
    };
    for issuer in ["portcullis", "mailto:ann@example.com", "https://id.example.com/?a=b"] {
        let answer = get(&with(issuer).await, PATH).await;
        assert_eq!(answer.status, 404, "{issuer}");
        assert!(answer.text.contains("issuer"), "{}", answer.text);
    }
    let app = with("https://id.example.com").await;
    let metadata = get(&app, PATH).await.json();
    assert_eq!(metadata["issuer"], "https://id.example.com");
    assert_eq!(metadata["token_endpoint"], "https://id.example.com/oauth/token");
    assert_eq!(metadata["jwks_uri"], "https://id.example.com/.well-known/jwks.json");
    assert_eq!(
        metadata["introspection_endpoint"],
        "https://id.example.com/oauth/introspect"
    );
    assert_eq!(metadata["revocation_endpoint"], "https://id.example.com/oauth/revoke");
    let scopes = metadata["scopes_supported"].as_array().unwrap();
    assert!(scopes.contains(&json!("PREDICT")) && scopes.len() == 9, "{scopes:?}");
    assert_eq!(metadata["response_types_supported"], json!([]));
    // Every grant type in the metadata is supported.
    for grant in metadata["grant_types_supported"].as_array().unwrap() {
        let (_, error) = refusal(&app, &[("grant_type", grant.as_str().unwrap())]).await;
        assert!(
            ["invalid_request", "invalid_client"].contains(&error.as_str()),
            "{grant}: {error}"
        );
    }
}

#[tokio::test]
async fn the_session_records_the_address_of_the_peer() {
    // With a known peer address, logins are throttled by it, and the session records it.
    let app = TestApp::start().await;
    app.user("ann").await;
    let url = app.listen().await;
    let address: SocketAddr = url.strip_prefix("http://").unwrap().parse().unwrap();
    let body = form(&password("ann", PASSWORD));
    let text = format!(
        "POST /oauth/token HTTP/1.1\r\nhost: x\r\nconnection: close\r\nuser-agent: curl\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut stream, text.as_bytes())
        .await
        .unwrap();
    let mut answer = String::new();
    tokio::io::AsyncReadExt::read_to_string(&mut stream, &mut answer)
        .await
        .unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    let accounts = app.gateway.app().accounts();
    let sessions = accounts.sessions("ann").await.unwrap();
    let kept = sessions
        .iter()
        .find(|session| session.user_agent.as_deref() == Some("curl"));
    assert_eq!(kept.unwrap().address.as_deref(), Some("127.0.0.1"));
}
