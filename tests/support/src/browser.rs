//! Headless Chromium, controlled over its debugging pipe: without a driver, a port or a package.
//!
//! The messages are those of the Chrome DevTools Protocol, JSON terminated by a NUL, on file descriptors 3 and 4. A shell
//! moves the two pipes there, since safe Rust passes only the first three descriptors to a child.

use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

/// Reached only by a test that fails; generous, because a cold start on a busy machine is slow.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Without requests of its own. The sandbox needs a user that containers do not have, and the pages are trusted.
const FLAGS: [&str; 12] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-sync",
    "--disable-extensions",
    "--disable-component-update",
    "--disable-background-networking",
    "--no-first-run",
    "--window-size=1280,800",
    "--remote-debugging-pipe",
];

/// A browser with a page, in one or more tabs. The methods apply to the current tab.
pub struct Page {
    _browser: Child,
    _profile: tempfile::TempDir,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    session: String,
    tabs: Vec<String>,
    last_id: u64,
    /// The errors and warnings in the console of the page, and the exceptions of its scripts.
    pub problems: Vec<String>,
    /// The URLs that the page requested, without `data:` ones.
    pub requests: Vec<String>,
}

impl Page {
    /// Starts the browser and opens the page.
    pub async fn open(url: &str) -> Self {
        let program = std::env::var("CHROMIUM").unwrap_or_else(|_| "chromium".to_owned());
        let profile = tempfile::tempdir().unwrap();
        let mut browser = Command::new("sh")
            .args([
                "-c",
                "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>/dev/null",
                "sh",
                &program,
            ])
            .args(FLAGS)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut page = Self {
            input: browser.stdin.take().unwrap(),
            output: BufReader::new(browser.stdout.take().unwrap()),
            _browser: browser,
            _profile: profile,
            session: String::new(),
            tabs: Vec::new(),
            last_id: 0,
            problems: Vec::new(),
            requests: Vec::new(),
        };
        assert!(
            page.send("Browser.getVersion", json!({})).await.is_some(),
            "this test needs Chromium: install it (apt-get install chromium) or name it in CHROMIUM ({program})"
        );
        page.open_tab(url).await;
        page
    }

    /// Opens another tab, which becomes the current one: its number, from 0 for the first.
    pub async fn open_tab(&mut self, url: &str) -> usize {
        // These two commands are for the browser.
        self.session.clear();
        let target = self.call("Target.createTarget", json!({ "url": "about:blank" })).await;
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let attached = self.call("Target.attachToTarget", attach).await;
        attached["sessionId"].as_str().unwrap().clone_into(&mut self.session);
        self.tabs.push(self.session.clone());
        for domain in ["Page", "Runtime", "Log", "Network"] {
            self.call(&format!("{domain}.enable"), json!({})).await;
        }
        self.navigate(url).await;
        self.tabs.len() - 1
    }

    /// Makes a tab the current one.
    pub fn use_tab(&mut self, tab: usize) {
        self.session.clone_from(&self.tabs[tab]);
    }

    /// Opens a URL in the current tab.
    pub async fn navigate(&mut self, url: &str) {
        self.call("Page.navigate", json!({ "url": url })).await;
    }

    /// The value of a JavaScript expression.
    pub async fn value(&mut self, expression: &str) -> Value {
        let parameters = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let answer = self.call("Runtime.evaluate", parameters).await;
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// Waits until a JavaScript expression is true.
    pub async fn wait_for(&mut self, expression: &str) {
        let guarded = format!("(() => {{ try {{ return Boolean({expression}); }} catch {{ return false; }} }})()");
        let waited = timeout(TIMEOUT, async {
            while self.value(&guarded).await != true {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
        let waited = waited.await;
        if waited.is_err() {
            let text = self.value("document.body?.innerText").await;
            panic!(
                "not true in time: {expression}; problems: {:?}; page: {text}",
                self.problems
            );
        }
    }

    /// Clicks the centre of an element.
    pub async fn click(&mut self, selector: &str) {
        let found = format!("document.querySelector({selector:?})");
        self.wait_for(&format!("{found}?.getClientRects().length")).await;
        let centre = self
            .value(&format!(
                "(() => {{ const box = {found}.getBoundingClientRect();
                return [box.x + box.width / 2, box.y + box.height / 2]; }})()"
            ))
            .await;
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": centre[0], "y": centre[1], "button": "left", "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", event).await;
        }
    }

    /// Types into the focused element.
    pub async fn type_text(&mut self, text: &str) {
        self.call("Input.insertText", json!({ "text": text })).await;
    }

    async fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.send(method, parameters)
            .await
            .unwrap_or_else(|| panic!("the browser exited at {method}"))
    }

    /// Sends a command and waits for its result; `None` if the browser has exited.
    async fn send(&mut self, method: &str, parameters: Value) -> Option<Value> {
        self.last_id += 1;
        let mut message = json!({ "id": self.last_id, "method": method, "params": parameters });
        if !self.session.is_empty() {
            message["sessionId"] = json!(self.session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.input.write_all(&bytes).await.ok()?;
        loop {
            let mut bytes = Vec::new();
            let read = timeout(TIMEOUT, self.output.read_until(0, &mut bytes)).await;
            let length = read
                .unwrap_or_else(|_| panic!("{method} has no result in time"))
                .unwrap();
            if length == 0 {
                return None;
            }
            bytes.pop();
            let message: Value = serde_json::from_slice(&bytes).unwrap();
            if message["id"] == self.last_id {
                assert!(message.get("error").is_none(), "{method}: {message}");
                return Some(message["result"].clone());
            }
            self.record(&message["method"], &message["params"]);
        }
    }

    fn record(&mut self, event: &Value, parameters: &Value) {
        match event.as_str().unwrap_or_default() {
            "Runtime.exceptionThrown" => self.problems.push(parameters["exceptionDetails"].to_string()),
            "Runtime.consoleAPICalled"
                if ["error", "warning", "assert"]
                    .iter()
                    .any(|kind| parameters["type"] == *kind) =>
            {
                self.problems.push(parameters["args"].to_string());
            }
            "Log.entryAdded" if parameters["entry"]["level"] != "verbose" => {
                self.problems.push(parameters["entry"].to_string());
            }
            "Network.requestWillBeSent" => {
                let url = parameters["request"]["url"].as_str().unwrap_or_default();
                if !url.starts_with("data:") {
                    self.requests.push(url.to_owned());
                }
            }
            _ => {}
        }
    }
}
