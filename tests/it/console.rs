//! The console in a real browser, by the scripts in `tests/console`, against the binary: a person's story, every page with
//! axe, sessions, the keyboard, and a path prefix. Each script fails if a page requests anything of another origin, breaks
//! the content security policy or writes an error to the browser's console. Not tested here: the files and headers of the
//! console (`src/http/tests/pages.rs`), and other browsers than Chromium.

use std::process::Command;

use portcullis_test_support::browser::Page;
use portcullis_test_support::{node, repository};
use serde_json::{Value, json};
use tokio::runtime;
use tokio::sync::Semaphore;

use crate::harness::{PASSWORD, TestApp};
use crate::process::{Server, portcullis};
use crate::proxy::Nginx;

/// The lifetime of access tokens in the test of sessions, so that several expire.
const TOKEN_SECONDS: &str = "10";

/// Scripts that run at once: more browsers would only wait for each other.
static RUNNING: Semaphore = Semaphore::const_new(3);

/// Runs a script of `tests/console`, which must succeed, and prints its output.
#[expect(
    clippy::print_stdout,
    reason = "the output has the sizes of the pages and the results of axe"
)]
fn run_script(script: &str, arguments: &[&str]) {
    let folder = repository().join("tests/console");
    node::install(&folder);
    let waiting = runtime::Builder::new_current_thread().build().unwrap();
    let _running = waiting.block_on(RUNNING.acquire()).unwrap();
    let output = Command::new("node")
        .arg(folder.join(script))
        .args(arguments)
        .output()
        .expect("this test needs Node.js: install it (apt-get install nodejs npm)");
    let [printed, errors] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    println!("{script}\n{printed}");
    assert!(output.status.success(), "{script}: {errors}");
}

/// A server with the user `admin` and these settings.
fn server(data: &tempfile::TempDir, settings: &[(&str, &str)]) -> Server {
    let mut command = portcullis(data.path());
    command
        .env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD)
        // The first match is slow while other tests run.
        .env("PORTCULLIS_DEADLINE_SECONDS", "180")
        .envs(settings.iter().copied());
    Server::start(&mut command)
}

fn run_against_server(script: &str, settings: &[(&str, &str)], arguments: &[&str]) {
    let data = tempfile::tempdir().unwrap();
    let server = server(&data, settings);
    let url = format!("{}/", server.url());
    run_script(script, &[&[&*url], arguments].concat());
    server.stop();
}

#[test]
fn a_person_registers_matches_ranks_predicts_and_is_disabled() {
    let files = tempfile::tempdir().unwrap();
    let documents = repository().join("tests/data");
    let arguments = [&documents, files.path()].map(|path| path.to_str().unwrap().to_owned());
    run_against_server("story.mjs", &[], &[&arguments[0], &arguments[1]]);
}

#[test]
fn every_page_is_accessible_and_small() {
    run_against_server("pages.mjs", &[], &[]);
}

#[test]
fn sessions_survive_reloads_lost_connections_and_two_tabs() {
    let settings = [("PORTCULLIS_ACCESS_TOKEN_SECONDS", TOKEN_SECONDS)];
    run_against_server("sessions.mjs", &settings, &[TOKEN_SECONDS]);
}

#[test]
fn the_keyboard_alone_signs_in_and_matches() {
    run_against_server("keyboard.mjs", &[], &[]);
}

#[test]
fn the_console_works_below_a_path_prefix() {
    let data = tempfile::tempdir().unwrap();
    let server = server(&data, &[("PORTCULLIS_TRUSTED_PROXIES", "127.0.0.0/8")]);
    let folder = tempfile::tempdir().unwrap();
    let nginx = Nginx::start(folder.path(), &server.url(), "/tools/portcullis");
    run_script("prefix.mjs", &[&format!("{}/tools/portcullis/", nginx.plain)]);
    server.stop();
}

/// Sends an operation from a page of the server, as the console does.
async fn send(page: &mut Page, query: &str) -> Value {
    let body = json!({ "query": query }).to_string();
    let request = format!(
        "fetch('/graphql', {{ method: 'POST', headers: {{ 'content-type': 'application/json', 'x-portcullis-csrf': '1' }},
            body: {} }}).then((response) => response.json())",
        json!(body)
    );
    page.value(&request).await
}

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
    let mut page = Page::open(&format!("{origin}/sign-in")).await;
    page.wait_for("document.querySelector('main h1')").await;
    let login = format!(
        "mutation {{ login(input: {{ username: \"admin\", password: \"{PASSWORD}\", cookies: true }}) \
         {{ tokens {{ accessToken }} errors {{ code }} }} }}"
    );
    let login = send(&mut page, &login).await;
    assert_eq!(login, json!({ "data": { "login": { "tokens": null, "errors": [] } } }));
    assert_eq!(page.value("document.cookie").await, "");
    // A request with cookies needs the header that `send` sets; a request without it is refused.
    let viewer = "{ viewer { user { username } } }";
    let answer = send(&mut page, viewer).await;
    assert_eq!(answer["data"], json!({ "viewer": { "user": { "username": "admin" } } }));
    // A socket cannot send that header; its origin is checked instead.
    assert_eq!(page.value(FOLLOW).await, json!(["admin", 1000]));
    let bare = "fetch('/graphql?query={service{name}}').then((response) => response.status)";
    assert_eq!(page.value(bare).await, 403);
    assert_eq!(
        send(&mut page, "mutation { logout { endedSessions } }").await["data"]["logout"]["endedSessions"],
        1
    );
    assert_eq!(send(&mut page, viewer).await["data"], json!({ "viewer": null }));
    assert_eq!(page.value(bare).await, 200);
}
