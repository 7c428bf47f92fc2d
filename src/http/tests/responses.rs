//! Headers and compression of all responses.

use super::*;

#[tokio::test]
async fn every_response_has_the_security_headers() {
    let service = service(Settings::default());
    for path in ["/", "/graphql", "/healthz", "/elsewhere", "/schema.graphql"] {
        let response = get_path(&service, path, &[]).await;
        assert_eq!(response.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{path}");
        assert_eq!(response.header(header::X_FRAME_OPTIONS), "DENY", "{path}");
        assert_eq!(response.header(header::REFERRER_POLICY), "no-referrer", "{path}");
        let policy = response.header(header::CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(response.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), "", "{path}");
    }
}

#[tokio::test]
async fn large_responses_are_compressed_on_request() {
    let service = service(Settings::default());
    let text = "portcullis ".repeat(1_000);
    let body = serde_json::json!({ "query": "query($t: String!) { echo(text: $t) }", "variables": { "t": text } });
    for coding in ["gzip", "br", "zstd"] {
        let response = post(&service, body.to_string(), &[(header::ACCEPT_ENCODING, coding)]).await;
        assert_eq!(response.header(header::CONTENT_ENCODING), coding);
        assert!(response.body.len() < 2_000, "{coding}: {}", response.body.len());
    }
    let response = query(&service, "{ service { name } }", &[(header::ACCEPT_ENCODING, "gzip")]).await;
    assert_eq!(response.header(header::CONTENT_ENCODING), "");
}
