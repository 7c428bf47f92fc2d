//! The page of docs/clients.md in a real browser: a session in cookies over page loads, the lifetime of its access token,
//! and two tabs. What the server answers to single requests with cookies is tested in `cookies`.

use std::time::{Duration, Instant};

use portcullis::config::{self, Config};
use portcullis_test_support::browser::Page;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::harness::{PASSWORD, TestApp};

const CLIENTS: &str = include_str!("../../docs/clients.md");

/// The lifetime of an access token, for the browser and for the server.
const LIFETIME: Duration = Duration::from_secs(8);

/// The page of the documentation for a server at a URL.
fn documented_page(server: &str) -> String {
    let (_, page) = CLIENTS.split_once("```html\n").unwrap();
    let (page, _) = page.split_once("```").unwrap();
    assert_eq!(page.matches("https://api.example.com").count(), 1);
    page.replace("https://api.example.com", server)
}

/// Answers every request with the page.
async fn serve(listener: TcpListener, page: String) {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let page = page.clone();
        tokio::spawn(async move {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(stream.read_u8().await?);
            }
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{page}",
                page.len()
            );
            stream.write_all(answer.as_bytes()).await
        });
    }
}

async fn sign_in(page: &mut Page, password: &str) {
    for (field, text) in [("input[name=username]", "ann"), ("input[name=password]", password)] {
        page.value(&format!("document.querySelector({field:?}).value = ''"))
            .await;
        page.click(field).await;
        page.type_text(text).await;
    }
    page.click("#sign-in").await;
}

async fn wait_for_state(page: &mut Page, state: &str) {
    page.wait_for(&format!("document.querySelector('#state').textContent === {state:?}"))
        .await;
}

/// The status of a query that the page itself does not refresh the session for.
async fn status(page: &mut Page, server: &str) -> Value {
    let query = format!(
        "fetch('{server}/graphql', {{ method: 'POST', credentials: 'include',
            headers: {{ 'content-type': 'application/json', 'x-portcullis-csrf': '1' }},
            body: JSON.stringify({{ query: '{{ viewer {{ user {{ username }} }} }}' }}),
        }}).then((response) => response.status)"
    );
    page.value(&query).await
}

const SIGNED_IN: &str = "Signed in as ann";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_documented_page_keeps_its_session() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let app = TestApp::with(Config {
        transport: config::Transport {
            cors_origins: vec![origin.clone()],
            ..config::Transport::default()
        },
        tokens: config::Tokens {
            access_token_seconds: LIFETIME.as_secs().try_into().unwrap(),
            ..config::Tokens::default()
        },
        ..Config::default()
    })
    .await;
    app.user("ann").await;
    let server = app.listen().await;
    let served = tokio::spawn(serve(listener, documented_page(&server)));

    let mut page = Page::open(&origin).await;
    wait_for_state(&mut page, "Signed out").await;
    sign_in(&mut page, "not the password").await;
    page.wait_for("document.querySelector('#state').textContent.includes('password')")
        .await;
    sign_in(&mut page, PASSWORD).await;
    wait_for_state(&mut page, SIGNED_IN).await;
    assert_eq!(page.value("document.cookie").await, "");

    // The timer refreshes the session before the access token expires, so no request is refused.
    let start = Instant::now();
    while start.elapsed() < LIFETIME + Duration::from_secs(3) {
        assert_eq!(status(&mut page, &server).await, 200);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    wait_for_state(&mut page, SIGNED_IN).await;

    // While no page is open, the access token expires. The next page load restores the session.
    page.navigate("about:blank").await;
    tokio::time::sleep(LIFETIME + Duration::from_secs(2)).await;
    page.navigate(&origin).await;
    wait_for_state(&mut page, SIGNED_IN).await;

    // Without the timer, the access token expires, and a request says so until the session is refreshed.
    let renew_at = "localStorage.getItem('renewAt')";
    page.value("localStorage.setItem('renewAt', Date.now() + 600_000)")
        .await;
    page.navigate(&origin).await;
    wait_for_state(&mut page, SIGNED_IN).await;
    tokio::time::sleep(LIFETIME + Duration::from_secs(2)).await;
    assert_eq!(status(&mut page, &server).await, 401);
    let stale = page.value(renew_at).await;

    // Two tabs load at the same time with an expired access token, and both stay signed in.
    let second = page.open_tab(&origin).await;
    page.use_tab(0);
    page.navigate(&origin).await;
    wait_for_state(&mut page, SIGNED_IN).await;
    page.use_tab(second);
    wait_for_state(&mut page, SIGNED_IN).await;
    assert_ne!(page.value(renew_at).await, stale);
    tokio::time::sleep(LIFETIME + Duration::from_secs(2)).await;
    for tab in [0, second] {
        page.use_tab(tab);
        wait_for_state(&mut page, SIGNED_IN).await;
        assert_eq!(status(&mut page, &server).await, 200);
    }

    // A tab signs out, then in, and the other one follows.
    page.use_tab(0);
    page.click("#sign-out").await;
    wait_for_state(&mut page, "Signed out").await;
    page.use_tab(second);
    wait_for_state(&mut page, "Signed out").await;
    assert_eq!(page.value(renew_at).await, json!(null));
    sign_in(&mut page, PASSWORD).await;
    wait_for_state(&mut page, SIGNED_IN).await;
    page.use_tab(0);
    wait_for_state(&mut page, SIGNED_IN).await;

    // An administrator ends the sessions: the page is signed out at the next refresh.
    let admin = app.admin().await;
    app.change(
        &admin,
        "mutation { toggleUser(input: { id: \"ann\", enabled: false }) { errors { message } } }",
    )
    .await;
    for tab in [0, second] {
        page.use_tab(tab);
        wait_for_state(&mut page, "Signed out").await;
    }
    // Browsers write responses 401 to the console; nothing else went wrong.
    let unexpected: Vec<_> = page
        .problems
        .iter()
        .filter(|problem| !problem.contains("401"))
        .collect();
    assert!(unexpected.is_empty(), "{unexpected:?}");
    served.abort();
}
