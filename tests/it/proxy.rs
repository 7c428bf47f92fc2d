//! The server behind nginx, with the configuration in `docs/proxy.md`: the client's address, and the public URL, over every
//! transport. Headers that nginx does not send are tested in `src/http/forwarded`.

use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use portcullis_test_support::websocket::{Received, SUBPROTOCOL, SocketClient};
use reqwest::header::HeaderMap;
use reqwest::{Certificate, Client};
use serde_json::{Value, json};
use tokio::net::TcpSocket;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, client_async};

use crate::harness::PASSWORD;
use crate::process::{Server, portcullis};

const DOCUMENTATION: &str = include_str!("../../docs/proxy.md");
const CERT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tls/localhost.pem");
const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tls/localhost.key.pem");

/// The address from which nginx connects to the server. Every address in 127.0.0.0/8 is local.
const PROXY: &str = "127.0.0.9";

/// Headers by which a client pretends to have another address and URL.
const FORGED: [(&str, &str); 5] = [
    ("forwarded", "for=127.0.0.2;proto=https;host=evil.example"),
    ("x-forwarded-for", "127.0.0.2"),
    ("x-forwarded-proto", "https"),
    ("x-forwarded-host", "evil.example"),
    ("x-real-ip", "127.0.0.2"),
];

/// A running nginx, killed when dropped.
pub(crate) struct Nginx {
    child: Child,
    /// Its URL with scheme `http`.
    pub(crate) plain: String,
    secure: String,
}

impl Nginx {
    /// Starts nginx in front of the server at this URL, with files in the folder. It removes the prefix, which is empty or
    /// begins with a slash, from the path of each request.
    pub(crate) fn start(folder: &Path, upstream: &str, prefix: &str) -> Self {
        for _ in 0..5 {
            let [plain, secure] = free_ports();
            let file = folder.join("nginx.conf");
            std::fs::write(&file, configuration(folder, upstream, prefix, plain, secure)).unwrap();
            let child = Command::new("nginx")
                .args(["-e", "stderr", "-p"])
                .arg(folder)
                .arg("-c")
                .arg(&file)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .spawn()
                .unwrap_or_else(|error| panic!("this test needs nginx: run scripts/test ({error})"));
            let mut nginx = Self {
                child,
                plain: format!("http://127.0.0.1:{plain}"),
                secure: format!("https://127.0.0.1:{secure}"),
            };
            // It exits if another process has taken a port.
            while nginx.child.try_wait().unwrap().is_none() {
                if [plain, secure]
                    .iter()
                    .all(|port| TcpStream::connect(("127.0.0.1", *port)).is_ok())
                {
                    return nginx;
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        panic!("nginx does not start");
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_ports() -> [u16; 2] {
    let listeners = [0; 2].map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap());
    listeners.map(|listener| listener.local_addr().unwrap().port())
}

/// The documented configuration with addresses and files of the test.
fn configuration(folder: &Path, upstream: &str, prefix: &str, plain: u16, secure: u16) -> String {
    let (_, block) = DOCUMENTATION.split_once("```nginx\n").unwrap();
    let mut block = block.split_once("```").unwrap().0.to_owned();
    // With a path, here a slash, `proxy_pass` replaces the prefix by it.
    let path = if prefix.is_empty() { "" } else { "/" };
    for (documented, tested) in [
        ("location / {", format!("location {prefix}/ {{")),
        (
            "proxy_pass http://127.0.0.1:8000;",
            format!("proxy_bind {PROXY}; proxy_pass {upstream}{path};"),
        ),
        (
            "listen 443 ssl;",
            format!("listen 127.0.0.1:{secure} ssl; listen 127.0.0.1:{plain};"),
        ),
        ("/etc/ssl/api.example.com.pem", CERT.to_owned()),
        ("/etc/ssl/api.example.com.key.pem", KEY.to_owned()),
    ] {
        assert_eq!(block.matches(documented).count(), 1, "{documented}");
        block = block.replace(documented, &tested);
    }
    let folder = folder.display();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|name| format!("{name}_temp_path {folder}/{name};\n"))
        .collect();
    format!(
        "daemon off;\nmaster_process off;\npid {folder}/nginx.pid;\nerror_log stderr;\nevents {{}}\n\
         http {{\naccess_log off;\n{temporary}{block}}}\n"
    )
}

/// A client with this local address, in 127.0.0.0/8.
fn client(last: u8) -> Client {
    let certificate = Certificate::from_pem(&std::fs::read(CERT).unwrap()).unwrap();
    Client::builder()
        .no_proxy()
        .tls_built_in_root_certs(false)
        .add_root_certificate(certificate)
        .local_address(IpAddr::from([127, 0, 0, last]))
        .timeout(Duration::from_secs(60))
        .build()
        .unwrap()
}

/// Posts a document with these headers: status, headers and body.
async fn post(client: &Client, url: &str, headers: &[(&str, &str)], query: &str) -> (u16, HeaderMap, String) {
    let mut request = client
        .post(format!("{url}/graphql"))
        .header("content-type", "application/json")
        .body(json!({ "query": query }).to_string());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, headers, response.text().await.unwrap())
}

/// A socket of a client with this local address, or the status of the refusal.
async fn socket(last: u8, url: &str, headers: &[(&'static str, &str)]) -> Result<SocketClient, u16> {
    let address = url.trim_start_matches("http://");
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((IpAddr::from([127, 0, 0, last]), 0).into()).unwrap();
    let stream = socket.connect(address.parse().unwrap()).await.unwrap();
    let mut request = format!("ws://{address}/graphql").into_client_request().unwrap();
    for (name, value) in [&[SUBPROTOCOL][..], headers].concat() {
        request.headers_mut().append(name, value.parse().unwrap());
    }
    match client_async(request, MaybeTlsStream::Plain(stream)).await {
        Ok((stream, _)) => Ok(SocketClient { stream }),
        Err(Error::Http(response)) => Err(response.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

fn login(name: &str, password: &str, cookies: bool) -> String {
    format!(
        "mutation {{ login(input: {{ username: \"{name}\", password: \"{password}\", cookies: {cookies} }}) \
         {{ tokens {{ accessToken }} errors {{ code }} }} }}"
    )
}

fn code(body: &str) -> Value {
    let body: Value = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body}"));
    body["data"]["login"]["errors"][0]["code"].clone()
}

/// The server behind nginx.
struct Site {
    nginx: Nginx,
    server: Server,
    _folder: tempfile::TempDir,
}

impl Site {
    fn start(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = portcullis(&folder.path().join("data"));
        command
            .env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD)
            .env("PORTCULLIS_TRUSTED_PROXIES", format!("{PROXY}, 2001:db8:f::/48"))
            .envs(settings.iter().copied());
        let server = Server::start(&mut command);
        Self {
            nginx: Nginx::start(folder.path(), &server.url(), ""),
            server,
            _folder: folder,
        }
    }

    fn admin(&self) -> String {
        let login = self.server.login("admin", PASSWORD);
        login["tokens"]["accessToken"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn sessions_and_the_audit_trail_have_the_clients_address() {
    let site = Site::start(&[]);
    let (plain, secure) = (&site.nginx.plain, &site.nginx.secure);
    let sign_in = login("admin", PASSWORD, false);
    let forged_by = |agent| [&FORGED[..], &[("user-agent", agent)]].concat();

    let (status, _, body) = post(&client(21), secure, &forged_by("https"), &sign_in).await;
    assert_eq!((status, code(&body)), (200, Value::Null), "{body}");

    let accept = [&forged_by("sse")[..], &[("accept", "text/event-stream")]].concat();
    let (status, headers, body) = post(&client(22), plain, &accept, &sign_in).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(headers["content-type"], "text/event-stream");
    assert!(body.contains("accessToken"), "{body}");

    let mut socket = socket(23, plain, &forged_by("websocket")).await.unwrap();
    socket.send(json!({ "type": "connection_init" })).await;
    assert_eq!(
        socket.receive().await,
        Received::Message(json!({ "type": "connection_ack" }))
    );
    let answer = socket.execute(&sign_in).await;
    assert_eq!(answer["data"]["login"]["errors"], json!([]), "{answer}");

    let mut request = client(24)
        .post(format!("{secure}/oauth/token"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!(
            "grant_type=password&username=admin&password={}",
            PASSWORD.replace(' ', "+")
        ));
    for (name, value) in forged_by("oauth") {
        request = request.header(name, value);
    }
    assert_eq!(request.send().await.unwrap().status(), 200);

    // Past nginx, from an address that is not trusted.
    let (status, _, body) = post(&client(25), &site.server.url(), &forged_by("direct"), &sign_in).await;
    assert_eq!((status, code(&body)), (200, Value::Null), "{body}");
    // From the address of nginx, so the headers count. They differ, but one kind counts alone.
    let standard = [FORGED[0], ("user-agent", "trusted")];
    let (status, _, body) = post(&client(9), &site.server.url(), &standard, &sign_in).await;
    assert_eq!((status, code(&body)), (200, Value::Null), "{body}");
    let both = forged_by("both");
    let both = both.iter().map(|(name, value)| match *name {
        "x-forwarded-for" => (*name, "127.0.0.3"),
        _ => (*name, *value),
    });
    let (status, _, body) = post(&client(9), &site.server.url(), &both.collect::<Vec<_>>(), &sign_in).await;
    assert_eq!((status, code(&body)), (200, Value::Null), "{body}");

    let admin = site.admin();
    let sessions =
        "{ viewer { sessions { userAgent address } } auditEvents(filter: { action: LOGIN }) { nodes { address } } }";
    let shown = site.server.graphql(Some(&admin), sessions, &json!({}));
    let sessions = shown["data"]["viewer"]["sessions"].as_array().unwrap();
    let mut recorded = Vec::new();
    for (agent, address) in [
        ("https", "127.0.0.21"),
        ("sse", "127.0.0.22"),
        ("websocket", "127.0.0.23"),
        ("oauth", "127.0.0.24"),
        ("direct", "127.0.0.25"),
        ("trusted", "127.0.0.2"),
        ("both", PROXY),
    ] {
        let session = sessions.iter().find(|session| session["userAgent"] == agent).unwrap();
        assert_eq!(session["address"], address, "{agent}");
        recorded.push(json!({ "address": address }));
    }
    // The newest event is first, and that is the login of `admin` itself.
    recorded.push(json!({ "address": "127.0.0.1" }));
    recorded.reverse();
    assert_eq!(shown["data"]["auditEvents"]["nodes"], json!(recorded));
}

#[tokio::test]
async fn logins_and_quotas_are_limited_by_the_clients_address() {
    let site = Site::start(&[("PORTCULLIS_QUOTAS", "{GUEST=15}")]);
    let url = &site.nginx.plain;
    // The owner has signed in from this address before.
    let (owner, attacker) = (client(2), client(3));
    let sign_in = login("admin", PASSWORD, false);
    assert_eq!(code(&post(&owner, url, &[], &sign_in).await.2), Value::Null);
    let guess = login("admin", "wrong", false);
    let mut codes = Vec::new();
    for _ in 0..14 {
        codes.push(code(&post(&attacker, url, &FORGED, &guess).await.2));
    }
    assert_eq!(
        (&codes[0], &codes[13]),
        (&json!("INVALID_CREDENTIALS"), &json!("TOO_MANY_ATTEMPTS"))
    );
    let again: Value = serde_json::from_str(&post(&owner, url, &[], &sign_in).await.2).unwrap();
    let admin = again["data"]["login"]["tokens"]["accessToken"].as_str();

    let role = "mutation { putRole(name: \"GUEST\", permissions: [READ_MODELS, PREDICT]) { errors { code } } }";
    let changed = site.server.graphql(Some(admin.unwrap()), role, &json!({}));
    assert_eq!(changed["data"]["putRole"]["errors"], json!([]), "{changed}");
    let predict =
        "{ predict(input: { model: \"occupation\", inputs: [{ text: \"Weld pipes\" }] }) { predictions { label } } }";
    for (client, expected) in [(&attacker, 200), (&attacker, 429), (&owner, 200), (&owner, 429)] {
        let (status, _, body) = post(client, url, &FORGED, predict).await;
        assert_eq!(status, expected, "{body}");
    }
    let mut socket = socket(3, url, &[]).await.unwrap();
    socket.send(json!({ "type": "connection_init" })).await;
    assert_eq!(
        socket.receive().await,
        Received::Message(json!({ "type": "connection_ack" }))
    );
    assert_eq!(socket.rejection(predict).await, "QUOTA_EXCEEDED");
}

#[tokio::test]
async fn origins_and_hsts_follow_the_public_url() {
    let site = Site::start(&[]);
    let (plain, secure) = (&site.nginx.plain, &site.nginx.secure);
    let client = client(2);
    let sign_in = login("admin", PASSWORD, true);
    let csrf = ("x-portcullis-csrf", "1");
    let (status, headers, body) = post(&client, secure, &[csrf, ("origin", secure)], &sign_in).await;
    assert_eq!((status, code(&body)), (200, Value::Null), "{body}");
    assert_eq!(headers["strict-transport-security"], "max-age=31536000");
    let cookies: Vec<_> = headers
        .get_all("set-cookie")
        .iter()
        .map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap())
        .collect();
    assert_eq!(cookies.len(), 2);
    let cookie = ("cookie", &*cookies.join("; "));

    let (_, headers, _) = post(&client, plain, &FORGED, "{ service { name } }").await;
    assert!(!headers.contains_key("strict-transport-security"));

    let viewer = "{ viewer { user { id } } }";
    let other_scheme = secure.replace("https://", "http://");
    let upstream = site.server.url().replace("http://", "https://");
    for (origin, expected) in [
        (&**secure, 200),
        (&other_scheme, 403),
        (&upstream, 403),
        ("https://evil.example", 403),
    ] {
        let headers = [csrf, cookie, ("origin", origin)];
        let (status, _, body) = post(&client, secure, &[&headers[..], &FORGED].concat(), viewer).await;
        assert_eq!(status, expected, "{origin}: {body}");
    }
    let other_scheme = plain.replace("http://", "https://");
    for (origin, expected) in [
        (&**plain, None),
        (&other_scheme, Some(403)),
        ("https://evil.example", Some(403)),
    ] {
        let headers = [&FORGED[..], &[("origin", origin)]].concat();
        assert_eq!(socket(2, plain, &headers).await.err(), expected, "{origin}");
    }
}

#[tokio::test]
async fn without_the_setting_one_warning_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(portcullis(folder.path()).env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD));
    let client = client(5);
    for headers in [&[][..], &FORGED[1..2], &FORGED[..1], &FORGED[2..3], &FORGED] {
        let (status, _, _) = post(&client, &server.url(), headers, "{ service { name } }").await;
        assert_eq!(status, 200);
    }
    let (_, log) = server.stop();
    let warnings: Vec<_> = log.lines().filter(|line| line.contains("trusted_proxies")).collect();
    assert_eq!(warnings.len(), 1, "{log}");
    assert!(
        warnings[0].contains("WARN") && warnings[0].contains("X-Forwarded"),
        "{log}"
    );
    assert!(!log.contains("evil.example") && !log.contains("127.0.0.2"), "{log}");

    // With the setting, headers of other peers are not reported.
    let server = Server::start(portcullis(folder.path()).env("PORTCULLIS_TRUSTED_PROXIES", "192.0.2.1"));
    post(&client, &server.url(), &FORGED, "{ service { name } }").await;
    let (_, log) = server.stop();
    assert!(
        !log.contains("trusted_proxies") && !log.contains("evil.example"),
        "{log}"
    );
}
