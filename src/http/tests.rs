//! The transport with a small schema behind it, called without sockets. What the real schema answers, accounts and
//! models are tested in `tests/it`; sockets, timeouts and the end of the server in `tests/server.rs` here.

mod bodies;
mod credentials;
mod graphql;
mod origins;
mod pages;
mod proxy;
mod published;
mod responses;
mod server;

use async_graphql::{
    EmptySubscription, Error, ErrorExtensions as _, Name, Object, Request as Operation, Response as Answer, Schema,
    SimpleObject, Value,
};
use std::time::Duration;

use async_graphql::parser::types::OperationType;
use axum::body::Body;
use axum::response::Response;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use http::{HeaderName, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use super::oauth::grant::{Denial, Grant, IssuedTokens, TokenRequest};
use super::oauth::token_query::{TokenQuery, TokenStatus};
use super::*;
use crate::graphql::request::admission::Admission;
use crate::graphql::request::trusted_documents::TrustedDocuments;

struct Query;

#[derive(SimpleObject)]
struct Service {
    name: &'static str,
}

#[Object]
impl Query {
    async fn service(&self) -> Service {
        Service { name: "test" }
    }

    async fn caller(&self, context: &async_graphql::Context<'_>) -> String {
        context.data_unchecked::<Caller>().name.clone()
    }

    async fn request_id(&self, context: &async_graphql::Context<'_>) -> String {
        context.data_unchecked::<Caller>().request_id.clone()
    }

    async fn echo(&self, text: String) -> String {
        text
    }

    async fn vault(&self) -> Option<Vault> {
        Some(Vault)
    }

    async fn broken(&self) -> Result<String, Error> {
        Err(Error::new("broken"))
    }

    async fn panics(&self) -> i32 {
        "no number".parse().expect("on purpose")
    }

    /// Answers after some milliseconds.
    async fn slow(&self, milliseconds: u64) -> u64 {
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        milliseconds
    }
}

struct Vault;

#[Object]
impl Vault {
    async fn secret(&self) -> Result<String, Error> {
        Err(Error::new("Sign in.").extend_with(|_, extensions| extensions.set("code", "UNAUTHENTICATED")))
    }
}

struct Mutation;

#[Object]
impl Mutation {
    async fn touch(&self) -> bool {
        true
    }
}

#[derive(Clone)]
struct Caller {
    name: String,
    request_id: String,
}

/// Knows one token, `good`; `store-down` stands for a store that cannot be asked.
struct TestEndpoint {
    schema: Schema<Query, Mutation, EmptySubscription>,
    admission: Admission,
    ready: bool,
}

impl Endpoint for TestEndpoint {
    type Caller = Caller;

    async fn authenticate(&self, credentials: Credentials<'_>) -> Result<Caller, Refusal> {
        let name = match credentials.bearer {
            None => "guest".to_owned(),
            Some("good") => format!("ann from {} with {:?}", credentials.peer, credentials.user_agent),
            Some("store-down") => return Err(Refusal::Unavailable("Try again.".into())),
            Some(_) => return Err(Refusal::InvalidToken("The token is not valid.".into())),
        };
        let request_id = credentials.request_id.to_string();
        Ok(Caller { name, request_id })
    }

    fn operation_type(&self, request: &mut Operation) -> Option<OperationType> {
        TrustedDocuments::default().fill(request).ok()?;
        self.admission.operation_type(request)
    }

    fn manages_session(&self, request: &mut Operation) -> bool {
        self.operation_type(request) == Some(OperationType::Mutation)
    }

    async fn execute(&self, mut request: Operation, caller: Caller) -> Answer {
        if let Err(error) = TrustedDocuments::default().fill(&mut request) {
            return Answer::from_errors(vec![error]);
        }
        if let Err(errors) = self.admission.admit(&mut request) {
            return Answer::from_errors(errors);
        }
        if request.operation_name.as_deref() == Some("Limited") {
            let mut error = async_graphql::ServerError::new("Too often.", None);
            let mut extensions = async_graphql::ErrorExtensionValues::default();
            extensions.set("code", "RATE_LIMITED");
            extensions.set("retryAfter", 2.5);
            error.extensions = Some(extensions);
            return Answer::from_errors(vec![error]);
        }
        self.schema.execute(request.data(caller)).await
    }

    fn execute_stream(&self, request: Operation, caller: Caller) -> BoxStream<'static, Answer> {
        self.schema.execute_stream(request.data(caller))
    }

    fn ended(&self, _: Caller) -> BoxFuture<'static, Refusal> {
        Box::pin(std::future::pending())
    }

    fn opens_session(&self, request: &mut Operation) -> bool {
        self.operation_type(request) == Some(OperationType::Mutation) && request.query.contains("login")
    }

    async fn introspect(&self, query: TokenQuery) -> Result<Option<TokenStatus>, Denial> {
        let _ = query;
        Ok(None)
    }

    async fn revoke(&self, query: TokenQuery) -> Result<(), Denial> {
        match query.client {
            Some(_) => Err(Denial::UnsupportedTokenType("not here")),
            None => Ok(()),
        }
    }

    async fn grant(&self, request: TokenRequest) -> Result<IssuedTokens, Denial> {
        match request.grant {
            Grant::Password { username, .. } if username == "busy" => Err(Denial::Unavailable),
            Grant::Password { username, .. } if username == "broken" => Err(Denial::ServerError),
            Grant::Password { .. } => Err(Denial::SlowDown(Duration::from_millis(2_900))),
            _ => Err(Denial::UnsupportedGrantType),
        }
    }

    fn public_keys(&self) -> serde_json::Value {
        serde_json::json!({ "keys": [] })
    }

    fn issuer(&self) -> String {
        "https://id.example.com/".to_owned()
    }

    fn sdl(&self) -> Option<&str> {
        self.ready.then_some("type Query { service: Service! }")
    }

    async fn role_sdl(&self, _: &SchemaRoles, _: Option<Caller>) -> Result<String, SchemaRefusal> {
        Err(SchemaRefusal::Unavailable)
    }

    async fn ready(&self) -> Result<(), String> {
        self.ready
            .then_some(())
            .ok_or_else(|| "the store does not respond".to_owned())
    }
}

fn endpoint(ready: bool) -> TestEndpoint {
    let schema = Schema::build(Query, Mutation, EmptySubscription).finish();
    let admission = Admission::new(&schema.sdl(), true).unwrap();
    TestEndpoint {
        schema,
        admission,
        ready,
    }
}

fn service(settings: Settings) -> HttpService {
    router(endpoint(true), settings)
}

/// What came back, read to its end.
struct TestResponse {
    status: StatusCode,
    headers: http::HeaderMap,
    body: axum::body::Bytes,
}

impl TestResponse {
    async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        Self {
            status: parts.status,
            headers: parts.headers,
            body: body.collect().await.unwrap().to_bytes(),
        }
    }

    fn header(&self, name: impl http::header::AsHeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {:?}", self.body))
    }

    /// The one error of a request that did not run.
    fn code(&self) -> String {
        let json = self.json();
        assert!(json.get("data").is_none(), "{json}");
        assert_eq!(
            self.header(header::CONTENT_TYPE),
            "application/graphql-response+json; charset=utf-8"
        );
        assert_eq!(json["errors"].as_array().unwrap().len(), 1, "{json}");
        json["errors"][0]["extensions"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }
}

async fn call(router: &HttpService, request: Request<Body>) -> TestResponse {
    TestResponse::of(router.clone().oneshot(request).await.unwrap()).await
}

/// A POST of this body as JSON, with further headers.
async fn post(router: &HttpService, body: impl Into<Body>, headers: &[(HeaderName, &str)]) -> TestResponse {
    let mut request = Request::post("/graphql");
    if !headers.iter().any(|(name, _)| name == header::CONTENT_TYPE) {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    call(router, request.body(body.into()).unwrap()).await
}

async fn query(router: &HttpService, query: &str, headers: &[(HeaderName, &str)]) -> TestResponse {
    post(router, serde_json::json!({ "query": query }).to_string(), headers).await
}

async fn get_path(router: &HttpService, path: &str, headers: &[(HeaderName, &str)]) -> TestResponse {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    call(router, request.body(Body::empty()).unwrap()).await
}

/// The header by which a client says that it knows the specification.
const MODERN: (HeaderName, &str) = (header::ACCEPT, "application/graphql-response+json");

/// A value with one field, as the schema answers.
fn one(name: &str, value: impl Into<Value>) -> Value {
    Value::Object([(Name::new(name), value.into())].into_iter().collect())
}
