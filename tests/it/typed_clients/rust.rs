//! The client in Rust, with `graphql_client` and `reqwest`.
#![deny(warnings)]

use std::time::Duration;

use graphql_client::{GraphQLQuery, Response};
use portcullis_test_support::matching_texts::{self, PAIRS};
use serde_json::Value;

use super::server;
use crate::harness::PASSWORD;

type DateTime = chrono::DateTime<chrono::Utc>;

/// Declares the operations of `documents.graphql` with these names.
macro_rules! operations {
    ($($name:ident),*) => { $(
        #[derive(GraphQLQuery)]
        #[graphql(
            schema_path = "schema.graphql",
            query_path = "tests/clients/documents.graphql",
            response_derives = "Debug, Clone, PartialEq",
            variables_derives = "Debug, Clone",
            normalization = "rust",
            deprecated = "deny",
            skip_serializing_none
        )]
        struct $name;
    )* };
}

operations!(Register, Login, Refresh, Viewer, Predict, MatchResume, Users);

/// The error of a refused field.
#[derive(Debug, PartialEq)]
struct Refusal {
    code: String,
    requires: Option<String>,
}

struct Client {
    url: String,
    http: reqwest::Client,
    access: Option<String>,
    refresh: Option<String>,
    renewals: usize,
}

impl Client {
    fn new(url: &str) -> Self {
        Self {
            url: format!("{url}/graphql"),
            http: reqwest::Client::new(),
            access: None,
            refresh: None,
            renewals: 0,
        }
    }

    async fn send<Q: GraphQLQuery>(&self, body: String, access: Option<&str>) -> Response<Q::ResponseData> {
        let mut request = self
            .http
            .post(&self.url)
            .header("content-type", "application/json")
            .header("accept", "application/graphql-response+json")
            .body(body);
        if let Some(access) = access {
            request = request.bearer_auth(access);
        }
        let bytes = request.send().await.unwrap().bytes().await.unwrap();
        serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{error}: {bytes:?}"))
    }

    /// Sends an operation without the token: an expired one would have the whole request refused.
    async fn anonymously<Q: GraphQLQuery>(&self, variables: Q::Variables) -> Q::ResponseData {
        let body = serde_json::to_string(&Q::build_query(variables)).unwrap();
        let answer = self.send::<Q>(body, None).await;
        answer.data.unwrap_or_else(|| panic!("{:?}", answer.errors))
    }

    /// Sends an operation, and once more with a new token if the server refuses the old one.
    async fn ask<Q: GraphQLQuery>(&mut self, variables: Q::Variables) -> Result<Q::ResponseData, Refusal> {
        let body = serde_json::to_string(&Q::build_query(variables)).unwrap();
        let mut answer = self.send::<Q>(body.clone(), self.access.as_deref()).await;
        if refusal(&answer).is_some_and(|refusal| refusal.code == "UNAUTHENTICATED") {
            let refresh_token = self.refresh.clone().unwrap();
            let renewed = self.anonymously::<Refresh>(refresh::Variables { refresh_token }).await;
            let tokens = renewed.refresh.tokens.unwrap();
            (self.access, self.refresh) = (Some(tokens.access_token), tokens.refresh_token);
            self.renewals += 1;
            answer = self.send::<Q>(body, self.access.as_deref()).await;
        }
        match refusal(&answer) {
            Some(refusal) => Err(refusal),
            None => Ok(answer.data.unwrap()),
        }
    }

    async fn login(&mut self, username: &str, password: &str) -> Vec<login::UserErrorCode> {
        let input = login::LoginInput {
            username: username.to_owned(),
            password: password.to_owned(),
            cookies: false,
        };
        let login = self.anonymously::<Login>(login::Variables { input }).await.login;
        if let Some(tokens) = login.tokens {
            (self.access, self.refresh) = (Some(tokens.access_token), tokens.refresh_token);
        }
        login.errors.into_iter().map(|error| error.code).collect()
    }

    async fn register(&self, username: &str, email: &str) -> Vec<register::UserErrorCode> {
        let input = register::RegisterInput {
            username: username.to_owned(),
            email: email.to_owned(),
            password: PASSWORD.to_owned(),
        };
        let register = self
            .anonymously::<Register>(register::Variables { input })
            .await
            .register;
        register.errors.into_iter().map(|error| error.code).collect()
    }

    async fn users(&mut self, after: Option<String>) -> Result<users::UsersUsers, Refusal> {
        let variables = users::Variables { first: 2, after };
        self.ask::<Users>(variables).await.map(|data| data.users.unwrap())
    }
}

fn refusal<T>(answer: &Response<T>) -> Option<Refusal> {
    let error = answer.errors.as_ref()?.first()?;
    let text = |name: &str| error.extensions.as_ref()?.get(name)?.as_str().map(str::to_owned);
    Some(Refusal {
        code: text("code").unwrap_or_default(),
        requires: text("requires"),
    })
}

#[tokio::test]
async fn graphql_client_completes_the_scenario() {
    let data = tempfile::tempdir().unwrap();
    let server = server(data.path(), &[]);
    let mut client = Client::new(&server.url());
    assert_eq!(client.register("rust", "rust@example.com").await, []);
    assert_eq!(
        client.register("rust", "other@example.com").await,
        [register::UserErrorCode::UsernameTaken]
    );
    assert_eq!(
        client.login("rust", "a wrong password").await,
        [login::UserErrorCode::InvalidCredentials]
    );
    assert_eq!(client.login("rust", PASSWORD).await, []);

    let viewer = client
        .ask::<Viewer>(viewer::Variables {})
        .await
        .unwrap()
        .viewer
        .unwrap();
    assert_eq!(viewer.user.username, "rust");
    assert!(viewer.permissions.contains(&viewer::Permission::MatchResume));
    let now = portcullis::clock::Clock::now(&portcullis::clock::SystemClock);
    assert!(viewer.session_expires_at > now);

    let text = "Design databases and write the software that fills them.".to_owned();
    let variables = predict::Variables {
        model: "occupation".to_owned(),
        text: text.clone(),
    };
    let result = client.ask::<Predict>(variables).await.unwrap().predict.unwrap();
    assert!(result.model.labels.contains(&result.predictions[0].label));

    let job = matching_texts::text(PAIRS[0], "job");
    let input = match_resume::MatchResumeInput {
        resume: match_resume::TextSource::Text(matching_texts::text(PAIRS[0], "resume")),
        job: match_resume::TextSource::Text(job.clone()),
        weights: None,
        must_have: None,
    };
    let found = client.ask::<MatchResume>(match_resume::Variables { input }).await;
    let found = found.unwrap().match_resume.unwrap();
    let sum: f64 = found.components.iter().map(|component| component.contribution).sum();
    assert!((sum - found.score).abs() < 1e-6);
    let span = &found.requirements[0].job_span;
    let units: Vec<u16> = job.encode_utf16().collect();
    let range = usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap();
    assert_eq!(String::from_utf16(&units[range]).unwrap(), span.text);

    let refused = client.users(None).await.unwrap_err();
    let expected = Refusal {
        code: "FORBIDDEN".to_owned(),
        requires: Some("READ_USERS".to_owned()),
    };
    assert_eq!(refused, expected);
    let variables = predict::Variables {
        model: "no-such-model".to_owned(),
        text,
    };
    assert_eq!(
        client.ask::<Predict>(variables).await.unwrap_err().code,
        "MODEL_NOT_FOUND"
    );

    let mut admin = Client::new(&server.url());
    assert_eq!(admin.login("admin", PASSWORD).await, []);
    let (mut names, mut after) = (Vec::new(), None);
    loop {
        let page = admin.users(after).await.unwrap();
        names.extend(page.edges.into_iter().map(|edge| edge.node.username));
        if !page.page_info.has_next_page {
            break;
        }
        after = page.page_info.end_cursor;
    }
    assert_eq!(names, ["admin", "bea", "cid", "dee", "rust"]);

    let renewals = client.renewals;
    // Sent without the client, so that it does not see the new token.
    while server.graphql(client.access.as_deref(), "{ viewer { user { id } } }", &Value::Null)["data"]["viewer"]
        .is_object()
    {
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    let viewer = client
        .ask::<Viewer>(viewer::Variables {})
        .await
        .unwrap()
        .viewer
        .unwrap();
    assert_eq!(viewer.user.username, "rust");
    assert!(client.renewals > renewals);
    server.stop();
}
