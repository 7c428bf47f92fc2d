//! Tokens in the header and in cookies. What a token permits is tested in `tests/it`.

use super::*;

/// The cookie of a refresh token without that of an access token, and the header that a request with cookies needs.
const REFRESH_ONLY: [(HeaderName, &str); 2] = [
    (header::COOKIE, "__Host-portcullis-refresh=r"),
    (HeaderName::from_static("x-portcullis-csrf"), "1"),
];

#[tokio::test]
async fn an_expired_access_cookie_is_an_expired_token() {
    let service = service(Settings {
        batch_limit: 2,
        ..Settings::default()
    });
    let with = |more: &[(HeaderName, &'static str)]| [&REFRESH_ONLY[..], more].concat();
    let events = with(&[(header::ACCEPT, "text/event-stream")]);
    let signed_in = with(&[(header::AUTHORIZATION, "Bearer good")]);
    let both = [
        (
            header::COOKIE,
            "__Host-portcullis-refresh=r; __Host-portcullis-access=good",
        ),
        REFRESH_ONLY[1].clone(),
    ];
    let query = r#"{"query": "{ caller }"}"#;
    let mutation = r#"{"query": "mutation { touch }"}"#;
    let path = "/graphql?query=%7Bcaller%7D";
    for response in [
        post(&service, query, &REFRESH_ONLY).await,
        post(&service, query, &events).await,
        post(&service, format!("[{mutation}, {query}]"), &REFRESH_ONLY).await,
        get_path(&service, path, &REFRESH_ONLY).await,
        get_path(&service, path, &events).await,
    ] {
        assert_eq!(
            (response.status.as_u16(), response.code().as_str()),
            (401, "UNAUTHENTICATED")
        );
        assert_eq!(
            response.header(header::WWW_AUTHENTICATE),
            "Bearer error=\"invalid_token\""
        );
        assert_eq!(response.header(header::SET_COOKIE), "", "the refresh cookie is kept");
    }
    for response in [
        post(&service, mutation, &REFRESH_ONLY).await,
        post(&service, mutation, &events).await,
        post(&service, format!("[{mutation}, {mutation}]"), &REFRESH_ONLY).await,
        post(&service, query, &signed_in).await,
        post(&service, query, &both).await,
        get_path(&service, path, &both).await,
    ] {
        assert_eq!(response.status, 200);
    }
}

#[tokio::test]
async fn a_token_is_read_from_the_header_only() {
    let service = service(Settings::default());
    let response = query(&service, "{ caller }", &[]).await;
    assert_eq!(response.json()["data"]["caller"], "guest");
    for value in ["Bearer good", "bearer good", "BEARER  good"] {
        let response = query(
            &service,
            "{ caller }",
            &[(header::AUTHORIZATION, value), (header::USER_AGENT, "curl")],
        )
        .await;
        assert_eq!(
            response.json()["data"]["caller"],
            "ann from 0.0.0.0:0 with Some(\"curl\")"
        );
    }
    for value in [
        "Bearer bad",
        "Bearer ",
        "Bearer",
        "good",
        "Basic Z29vZA==",
        "Bearer good good",
        "",
    ] {
        for response in [
            query(&service, "{ caller }", &[(header::AUTHORIZATION, value)]).await,
            get_path(
                &service,
                "/graphql?query=%7Bcaller%7D",
                &[(header::AUTHORIZATION, value)],
            )
            .await,
        ] {
            assert_eq!(
                (response.status.as_u16(), response.code().as_str()),
                (401, "UNAUTHENTICATED"),
                "{value}"
            );
            assert_eq!(
                response.header(header::WWW_AUTHENTICATE),
                "Bearer error=\"invalid_token\""
            );
        }
    }
    let twice = [
        (header::AUTHORIZATION, "Bearer good"),
        (header::AUTHORIZATION, "Bearer good"),
    ];
    assert_eq!(query(&service, "{ caller }", &twice).await.status, 401);
    let path = "/graphql?query=%7Bcaller%7D&access_token=good&authorization=Bearer+good";
    assert_eq!(get_path(&service, path, &[]).await.json()["data"]["caller"], "guest");
    let response = query(&service, "{ caller }", &[(header::AUTHORIZATION, "Bearer store-down")]).await;
    assert_eq!(
        (response.status.as_u16(), response.code().as_str()),
        (503, "UNAVAILABLE")
    );
}
