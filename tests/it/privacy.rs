//! No secret and no text of a user is logged: a session runs at the most verbose level, and its log is searched.

use serde_json::json;

use crate::harness::PASSWORD;
use crate::process::{Server, portcullis};

#[test]
fn no_secret_and_no_text_of_a_user_reaches_the_log() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(portcullis(data.path()).env("PORTCULLIS_ADMIN_PASSWORD", PASSWORD).env(
        "PORTCULLIS_LOG",
        "trace,surrealdb=info,surrealdb_core=info,surrealkv=info,mio=info",
    ));
    let register = "mutation($input: RegisterInput!) { register(input: $input) { errors { code } } }";
    let input = json!({ "input": { "username": "zebediah", "email": "zebediah@example.com", "password": PASSWORD } });
    assert_eq!(
        server.graphql(None, register, &input)["data"]["register"]["errors"],
        json!([])
    );
    let admin = server.login("admin", PASSWORD)["tokens"].clone();
    let user = server.login("zebediah", PASSWORD)["tokens"].clone();
    let token = user["accessToken"].as_str().unwrap();
    server.login("zebediah", "Wr0ng-secret-guess");

    let resume = "Quetzalcoatl Marmalade. Ten years of glassblowing in Ouagadougou.";
    let job = "We want a glassblower with xylophone experience.";
    let query =
        "query($r: String!, $j: String!) { matchResume(input: { resume: { text: $r }, job: { text: $j } }) { score } }";
    let answer = server.graphql(Some(token), query, &json!({ "r": resume, "j": job }));
    assert!(answer["data"]["matchResume"]["score"].is_f64(), "{answer}");
    let predict = "query($t: String!) { predict(input: { model: \"occupation\", inputs: [{ text: $t }] }) { predictions { label } } }";
    server.graphql(Some(token), predict, &json!({ "t": "Brew kombucha for dragonflies" }));
    // Literals in the document, an error about a given name, a syntax error, an invalid token.
    for document in [
        "mutation { login(input: { username: \"zebediah\", password: \"L1teral-secret\" }) { errors { code } } }",
        "{ predict(input: { model: \"Unkn0wn-model\", inputs: [{ text: \"Sm3lly-text\" }] }) { predictions { label } } }",
        "{ broken(password: \"Br0ken-secret\"",
    ] {
        server.graphql(Some(token), document, &json!({}));
    }
    server.graphql(Some("forged.T0ken.value"), "{ service { name } }", &json!({}));
    server.graphql(
        admin["accessToken"].as_str(),
        "{ users { nodes { email } } }",
        &json!({}),
    );
    server.get("/graphql?query=%7Bservice%7Bname%7D%7D&access_token=Ur1-secret");
    let (_, log) = server.stop();

    assert!(log.lines().count() > 10, "the log was not captured: {log}");
    assert!(log.contains("status=200"), "requests are logged: {log}");
    for secret in [
        PASSWORD,
        "Wr0ng-secret",
        "L1teral-secret",
        "Br0ken-secret",
        "Ur1-secret",
        "zebediah@example.com",
        "Quetzalcoatl",
        "glassblow",
        "xylophone",
        "kombucha",
        "Sm3lly",
        "T0ken",
        token,
        user["refreshToken"].as_str().unwrap(),
        admin["accessToken"].as_str().unwrap(),
        "$argon2",
    ] {
        let found = log.lines().find(|line| line.contains(secret));
        assert!(found.is_none(), "{secret} is in the log: {}", found.unwrap_or_default());
    }
}
