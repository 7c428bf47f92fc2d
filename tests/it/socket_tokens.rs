//! A socket whose token is invalid. How `graphql-ws` proceeds is tested in `clients`, and such a token over HTTP in
//! `oauth_tokens`.

use portcullis_test_support::PASSWORD;
use portcullis_test_support::websocket::SocketClient;
use serde_json::json;

use crate::harness::TestApp;

#[tokio::test]
async fn an_invalid_token_closes_the_socket_and_nothing_is_executed() {
    let app = TestApp::start().await;
    let url = app.listen().await;
    app.user("ann").await;
    let ended = app.login("ann").await;
    app.change(&ended, "mutation { logout { endedSessions } }").await;
    let expired = app.login("ann").await;
    app.clock.advance(chrono::TimeDelta::hours(1));
    let account = format!("username: \"bob\", password: \"{PASSWORD}\"");
    let register = format!(
        "mutation {{ register(input: {{ {account}, email: \"bob@example.com\" }}) {{ user {{ id }} errors {{ code }} }} }}"
    );
    let login = format!("mutation {{ login(input: {{ {account} }}) {{ tokens {{ refreshToken }} }} }}");
    for token in ["forged", ended.as_str(), expired.as_str()] {
        for operation in [register.as_str(), login.as_str(), "{ __typename }"] {
            let mut client = SocketClient::connect(&url).await;
            let payload = json!({ "authorization": format!("Bearer {token}") });
            client
                .send(json!({ "type": "connection_init", "payload": payload }))
                .await;
            client.subscribe("a", operation).await;
            let (messages, code) = client.until_closed().await;
            assert!(messages.is_empty() && code == 4403, "{token}: {code} {messages:?}");
        }
    }
    // A client without a valid token sends none, and can then do all three over a socket. The name is still free.
    let mut client = SocketClient::start(&url, None).await;
    let answer = client.execute(&register).await;
    assert_eq!(
        answer["data"]["register"],
        json!({ "user": { "id": "bob" }, "errors": [] })
    );
    let answer = client.execute(&login).await;
    let refresh = format!(
        "mutation {{ refresh(input: {{ refreshToken: {} }}) {{ user {{ id }} }} }}",
        answer["data"]["login"]["tokens"]["refreshToken"]
    );
    let answer = client.execute(&refresh).await;
    assert_eq!(answer["data"]["refresh"]["user"]["id"], "bob");
    // The socket remains that of a guest.
    let answer = client.execute("{ viewer { user { id } } }").await;
    assert_eq!(answer["data"], json!({ "viewer": null }));
}
