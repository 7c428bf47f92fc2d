//! The console in a real browser: it loads from the binary alone, runs operations, signs in and out, and stores no secret.

use portcullis_test_support::browser::Page;
use serde_json::{Value, json};

use crate::harness::{PASSWORD, TestApp};

const EDITOR: &str = "document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror";
const RESULT: &str = "document.querySelector('.result-window .CodeMirror').CodeMirror.getValue()";

/// Enters an operation in the editor, runs it with the button, and reads the response.
async fn run(page: &mut Page, query: &str) -> Value {
    page.value(&format!("{EDITOR}.setValue({query:?})")).await;
    let before = page.requests.len();
    page.click(".graphiql-execute-button").await;
    // The previous response stays visible until the next one arrives, so wait for the request first.
    page.wait_for("document.querySelector('.graphiql-spinner') === null")
        .await;
    while page.requests.len() == before {
        page.wait_for("true").await;
    }
    page.wait_for(&format!(
        "document.querySelector('.graphiql-spinner') === null && JSON.parse({RESULT})"
    ))
    .await;
    let text = page.value(RESULT).await;
    serde_json::from_str(text.as_str().unwrap()).unwrap()
}

async fn sign_in(page: &mut Page, username: &str, password: &str) {
    for (field, text) in [("#name", username), ("#password", password)] {
        page.value(&format!("document.querySelector({field:?}).value = ''"))
            .await;
        page.click(field).await;
        page.type_text(text).await;
    }
    page.click("#submit").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_console_runs_operations_and_signs_in_and_out() {
    let app = TestApp::start().await;
    app.admin().await;
    let origin = app.listen().await;

    let mut page = Page::open(&format!("{origin}/")).await;
    page.wait_for("document.querySelector('.graphiql-execute-button')")
        .await;
    page.wait_for("document.querySelector('#state').textContent === 'ready'")
        .await;
    let answer = run(&mut page, "{ service { name } }").await;
    assert_eq!(answer, json!({ "data": { "service": { "name": "portcullis" } } }));

    // The editor has loaded the schema, and its dialogs open under the content security policy.
    page.click("button[aria-label='Show Documentation Explorer']").await;
    page.wait_for("document.querySelector('.graphiql-plugin').innerText.includes('LoginPayload')")
        .await;
    page.click("button[aria-label='Open settings dialog']").await;
    page.wait_for("document.querySelector('.graphiql-dialog')").await;
    page.click(".graphiql-dialog-close").await;
    page.wait_for("!document.querySelector('.graphiql-dialog')").await;

    let viewer = "{ viewer { user { username } } }";
    assert_eq!(run(&mut page, viewer).await["data"], json!({ "viewer": null }));
    page.click("#open").await;
    sign_in(&mut page, "admin", "not the password").await;
    page.wait_for("!document.querySelector('#problem').hidden").await;
    sign_in(&mut page, "admin", PASSWORD).await;
    page.wait_for("document.querySelector('#username').textContent === 'admin'")
        .await;
    page.wait_for("!document.querySelector('#panel').open").await;
    let answer = run(&mut page, viewer).await;
    assert_eq!(answer["data"], json!({ "viewer": { "user": { "username": "admin" } } }));

    let kept = "JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie + location.href";
    let kept = page.value(kept).await.to_string();
    assert!(kept.contains("viewer"), "the tabs survive a reload: {kept}");
    assert!(
        !kept.contains("eyJ") && !kept.contains(PASSWORD),
        "a secret is kept: {kept}"
    );

    page.click("#close").await;
    page.wait_for("!document.querySelector('#guest').hidden").await;
    assert_eq!(run(&mut page, viewer).await["data"], json!({ "viewer": null }));

    assert!(page.problems.is_empty(), "{:?}", page.problems);
    let strangers: Vec<_> = page.requests.iter().filter(|url| !url.starts_with(&origin)).collect();
    assert!(strangers.is_empty(), "{strangers:?}");
    assert!(page.requests.len() > 8, "{:?}", page.requests);
}

/// Signs in with cookies from a page of the server, as an application does.
const SIGN_IN: &str = "fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({
    query: `mutation { login(input: { username: \"admin\", password: \"PASSWORD\", cookies: true }) { tokens { accessToken } errors { code } } }`,
}) }).then((response) => response.json())";

/// Subscribes to the viewer over a socket that the browser opens with its cookies.
const FOLLOW: &str = "new Promise((resolve) => {
    const socket = new WebSocket(location.origin.replace('http', 'ws') + '/graphql', 'graphql-transport-ws');
    let name = null;
    socket.onopen = () => socket.send(JSON.stringify({ type: 'connection_init' }));
    socket.onmessage = ({ data }) => {
        const message = JSON.parse(data);
        if (message.type === 'connection_ack') {
            const payload = { query: 'subscription { viewer { user { username } } }' };
            socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload }));
        } else {
            name = message.payload?.data?.viewer?.user?.username ?? data;
            socket.close(1000);
        }
    };
    socket.onclose = ({ code }) => resolve([name, code]);
})";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_stores_the_cookies_and_hides_them_from_scripts() {
    let app = TestApp::start().await;
    app.admin().await;
    let origin = app.listen().await;
    let mut page = Page::open(&format!("{origin}/")).await;
    page.wait_for("document.querySelector('.graphiql-execute-button')")
        .await;
    let login = page.value(&SIGN_IN.replace("PASSWORD", PASSWORD)).await;
    assert_eq!(login, json!({ "data": { "login": { "tokens": null, "errors": [] } } }));
    assert_eq!(page.value("document.cookie").await, "");
    // The console sends the header that a request with cookies needs; a request without it is refused.
    let viewer = "{ viewer { user { username } } }";
    let answer = run(&mut page, viewer).await;
    assert_eq!(answer["data"], json!({ "viewer": { "user": { "username": "admin" } } }));
    // A socket cannot send that header; its origin is checked instead.
    assert_eq!(page.value(FOLLOW).await, json!(["admin", 1000]));
    let bare = "fetch('/graphql?query={service{name}}').then((response) => response.status)";
    assert_eq!(page.value(bare).await, 403);
    assert_eq!(
        run(&mut page, "mutation { logout { endedSessions } }").await["data"]["logout"]["endedSessions"],
        1
    );
    assert_eq!(run(&mut page, viewer).await["data"], json!({ "viewer": null }));
    assert_eq!(page.value(bare).await, 200);
}
