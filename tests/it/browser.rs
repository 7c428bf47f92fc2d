//! Headless Chromium for tests of pages, spoken to over its debugging pipe: no driver, no port, no package.
//!
//! Messages are those of the Chrome DevTools Protocol, JSON ended by a NUL, on file descriptors 3 and 4. The shell puts
//! our two pipes there, since safe Rust hands a child only its first three.

use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

/// Generous, because a cold start on a busy machine is slow; reached only by a test that fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// Quiet, and with nothing of its own to fetch. The sandbox needs a user that containers do not have; the pages are ours.
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

/// A browser with one page.
pub(crate) struct Page {
    _browser: Child,
    _profile: tempfile::TempDir,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    session: String,
    last: u64,
    /// What the page wrote to its console as an error or a warning, and what the browser refused it.
    pub(crate) complaints: Vec<String>,
    /// Every address the page asked for, `data:` left out.
    pub(crate) requests: Vec<String>,
}

impl Page {
    /// Starts the browser and opens the page.
    pub(crate) async fn open(url: &str) -> Self {
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
            last: 0,
            complaints: Vec::new(),
            requests: Vec::new(),
        };
        let Some(target) = page.send("Target.createTarget", json!({ "url": "about:blank" })).await else {
            panic!(
                "this test needs Chromium: install it (apt-get install chromium) or name it in CHROMIUM ({program})"
            );
        };
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let attached = page.call("Target.attachToTarget", attach).await;
        attached["sessionId"].as_str().unwrap().clone_into(&mut page.session);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            page.call(&format!("{domain}.enable"), json!({})).await;
        }
        page.call("Page.navigate", json!({ "url": url })).await;
        page
    }

    /// The value of a JavaScript expression.
    pub(crate) async fn value(&mut self, expression: &str) -> Value {
        let parameters = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let answer = self.call("Runtime.evaluate", parameters).await;
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// Waits until a JavaScript expression is true.
    pub(crate) async fn wait_for(&mut self, expression: &str) {
        let guarded = format!("(() => {{ try {{ return Boolean({expression}); }} catch {{ return false; }} }})()");
        let waited = timeout(PATIENCE, async {
            while self.value(&guarded).await != true {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
        let waited = waited.await;
        if waited.is_err() {
            let text = self.value("document.body?.innerText").await;
            panic!(
                "never true: {expression}; complaints: {:?}; page: {text}",
                self.complaints
            );
        }
    }

    /// Clicks with the mouse in the middle of the element.
    pub(crate) async fn click(&mut self, selector: &str) {
        let found = format!("document.querySelector({selector:?})");
        self.wait_for(&format!("{found}?.getClientRects().length")).await;
        let middle = self
            .value(&format!(
                "(() => {{ const box = {found}.getBoundingClientRect();
                return [box.x + box.width / 2, box.y + box.height / 2]; }})()"
            ))
            .await;
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": middle[0], "y": middle[1], "button": "left", "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", event).await;
        }
    }

    /// Types into the element that has the focus.
    pub(crate) async fn type_text(&mut self, text: &str) {
        self.call("Input.insertText", json!({ "text": text })).await;
    }

    async fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.send(method, parameters)
            .await
            .unwrap_or_else(|| panic!("the browser ended at {method}"))
    }

    /// Sends a command and reads up to its answer; `None` when the browser is not there.
    async fn send(&mut self, method: &str, parameters: Value) -> Option<Value> {
        self.last += 1;
        let mut message = json!({ "id": self.last, "method": method, "params": parameters });
        if !self.session.is_empty() {
            message["sessionId"] = json!(self.session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.input.write_all(&bytes).await.ok()?;
        loop {
            let mut bytes = Vec::new();
            let read = timeout(PATIENCE, self.output.read_until(0, &mut bytes)).await;
            let length = read
                .unwrap_or_else(|_| panic!("the browser does not answer {method}"))
                .unwrap();
            if length == 0 {
                return None;
            }
            bytes.pop();
            let message: Value = serde_json::from_slice(&bytes).unwrap();
            if message["id"] == self.last {
                assert!(message.get("error").is_none(), "{method}: {message}");
                return Some(message["result"].clone());
            }
            self.note(&message["method"], &message["params"]);
        }
    }

    fn note(&mut self, event: &Value, parameters: &Value) {
        match event.as_str().unwrap_or_default() {
            "Runtime.exceptionThrown" => self.complaints.push(parameters["exceptionDetails"].to_string()),
            "Runtime.consoleAPICalled"
                if ["error", "warning", "assert"]
                    .iter()
                    .any(|kind| parameters["type"] == *kind) =>
            {
                self.complaints.push(parameters["args"].to_string());
            }
            "Log.entryAdded" if parameters["entry"]["level"] != "verbose" => {
                self.complaints.push(parameters["entry"].to_string());
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
