//! Health checks, the schema, and the OAuth endpoints without accounts.

use super::*;

#[tokio::test]
async fn health_and_schema_are_served() {
    let up = service(Settings::default());
    let response = get_path(&up, "/healthz", &[]).await;
    assert_eq!(
        (response.status.as_u16(), response.json()["status"].as_str()),
        (200, Some("ok"))
    );
    let response = get_path(&up, "/readyz", &[]).await;
    assert_eq!(
        (response.status.as_u16(), response.json()["status"].as_str()),
        (200, Some("ready"))
    );
    let response = get_path(&up, "/schema.graphql", &[]).await;
    assert_eq!(response.status, 200);
    assert_eq!(response.header(header::CONTENT_TYPE), "text/plain; charset=utf-8");
    assert_eq!(&response.body[..], b"type Query { service: Service! }");

    let down = router(endpoint(false), Settings::default());
    assert_eq!(get_path(&down, "/healthz", &[]).await.status, 200);
    let response = get_path(&down, "/readyz", &[]).await;
    assert_eq!(response.status, 503);
    assert_eq!(response.json()["reason"], "the store does not respond");
    assert_eq!(get_path(&down, "/schema.graphql", &[]).await.status, 404);
    assert_eq!(get_path(&down, "/elsewhere", &[]).await.status, 404);
}

#[tokio::test]
async fn the_schema_of_a_role_is_refused_in_its_own_way() {
    let up = service(Settings::default());
    // Other parameters do not count.
    assert_eq!(get_path(&up, "/schema.graphql?roles=USER", &[]).await.status, 200);
    let response = get_path(&up, "/schema.graphql?role=USER", &[]).await;
    assert_eq!(
        (response.status.as_u16(), response.header(header::RETRY_AFTER)),
        (503, "1")
    );
    assert_eq!(response.json()["errors"][0]["extensions"]["code"], "UNAVAILABLE");
    assert_eq!(response.header(header::CACHE_CONTROL), "no-store");
    let response = get_path(
        &up,
        "/schema.graphql?role=mine",
        &[(header::AUTHORIZATION, "Bearer bad")],
    )
    .await;
    assert_eq!(response.status, 401);
    let response = get_path(&up, "/schema.graphql?role=mine&role=USER", &[]).await;
    assert_eq!(response.status, 400);
    let down = router(endpoint(false), Settings::default());
    assert_eq!(get_path(&down, "/schema.graphql?role=USER", &[]).await.status, 404);
}

#[tokio::test]
async fn a_token_request_is_refused_as_in_the_rfc() {
    let service = service(Settings::default());
    for (name, status, error, wait) in [
        ("busy", 503, "temporarily_unavailable", "1"),
        ("hasty", 429, "slow_down", "2"),
        ("broken", 500, "server_error", ""),
    ] {
        let request = Request::post("/oauth/token")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded;charset=UTF-8")
            .body(Body::from(format!("grant_type=password&username={name}&password=x")))
            .unwrap();
        let response = call(&service, request).await;
        assert_eq!(
            (response.status.as_u16(), response.json()["error"].as_str()),
            (status, Some(error))
        );
        assert_eq!(response.header(header::RETRY_AFTER), wait);
    }
    let response = get_path(&service, "/.well-known/oauth-authorization-server", &[]).await;
    assert_eq!(response.json()["issuer"], "https://id.example.com/");
    assert_eq!(response.json()["token_endpoint"], "https://id.example.com/oauth/token");
}
