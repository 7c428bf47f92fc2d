//! A client of the WebSocket subprotocol `graphql-transport-ws`. Every wait ends after a minute, with a panic.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// The header that asks for the subprotocol.
pub const SUBPROTOCOL: (&str, &str) = ("sec-websocket-protocol", "graphql-transport-ws");

/// Reached only by a test that fails.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A connected client.
pub struct SocketClient {
    /// The connection, for frames that the methods below do not send or show.
    pub stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

/// A message of the server, or the code it closed the connection with.
#[derive(Debug, PartialEq)]
pub enum Received {
    /// A message of the subprotocol.
    Message(Value),
    /// The close code.
    Closed(u16),
}

impl SocketClient {
    /// Connects with these headers.
    ///
    /// # Errors
    /// Status and body of the response, if the server refuses the handshake.
    pub async fn connect_with(url: &str, headers: &[(&'static str, &str)]) -> Result<Self, (u16, Value)> {
        let mut request = format!("{}/graphql", url.replace("http://", "ws://"))
            .into_client_request()
            .unwrap();
        for (name, value) in headers {
            request.headers_mut().append(*name, value.parse().unwrap());
        }
        match connect_async(request).await {
            Ok((stream, response)) => {
                assert_eq!(response.headers()["sec-websocket-protocol"], "graphql-transport-ws");
                Ok(Self { stream })
            }
            Err(Error::Http(response)) => {
                let body = response.body().clone().unwrap_or_default();
                Err((
                    response.status().as_u16(),
                    serde_json::from_slice(&body).unwrap_or_default(),
                ))
            }
            Err(error) => panic!("{error}"),
        }
    }

    /// Connects to the server at an `http://` URL.
    pub async fn connect(url: &str) -> Self {
        Self::connect_with(url, &[SUBPROTOCOL]).await.unwrap()
    }

    /// Connects and initialises the connection, with a token in the payload of `connection_init`.
    pub async fn start(url: &str, token: Option<&str>) -> Self {
        let mut client = Self::connect(url).await;
        let payload = token.map(|token| json!({ "authorization": format!("Bearer {token}") }));
        client
            .send(json!({ "type": "connection_init", "payload": payload }))
            .await;
        let acknowledged = Received::Message(json!({ "type": "connection_ack" }));
        assert_eq!(client.receive().await, acknowledged);
        client
    }

    /// Sends a message of the subprotocol.
    pub async fn send(&mut self, message: Value) {
        self.send_frame(Message::text(message.to_string())).await;
    }

    /// Sends any frame.
    pub async fn send_frame(&mut self, frame: Message) {
        // The server may have closed the connection already; the next `receive` returns its code.
        let _ = self.stream.send(frame).await;
    }

    /// Starts an operation.
    pub async fn subscribe(&mut self, id: &str, query: &str) {
        self.subscribe_with(id, json!({ "query": query })).await;
    }

    /// Starts an operation with any payload.
    pub async fn subscribe_with(&mut self, id: &str, payload: Value) {
        self.send(json!({ "type": "subscribe", "id": id, "payload": payload }))
            .await;
    }

    async fn frame(&mut self) -> Message {
        let frame = tokio::time::timeout(TIMEOUT, self.stream.next()).await;
        frame.expect("a frame in time").expect("a close frame").unwrap()
    }

    /// The code and the reason with which the server closes the connection.
    pub async fn close_frame(&mut self) -> (u16, String) {
        loop {
            if let Message::Close(frame) = self.frame().await {
                let frame = frame.unwrap();
                return (frame.code.into(), frame.reason.to_string());
            }
        }
    }

    /// The next message, or the close code.
    pub async fn receive(&mut self) -> Received {
        loop {
            match self.frame().await {
                Message::Text(text) => return Received::Message(serde_json::from_str(&text).unwrap()),
                Message::Close(frame) => return Received::Closed(frame.unwrap().code.into()),
                Message::Ping(_) | Message::Pong(_) => {}
                frame => panic!("{frame:?}"),
            }
        }
    }

    /// The next message.
    pub async fn message(&mut self) -> Value {
        match self.receive().await {
            Received::Message(message) => message,
            Received::Closed(code) => panic!("closed with {code}"),
        }
    }

    /// The messages before the server closes the connection, and its code.
    pub async fn until_closed(&mut self) -> (Vec<Value>, u16) {
        let mut messages = Vec::new();
        loop {
            match self.receive().await {
                Received::Message(message) => messages.push(message),
                Received::Closed(code) => return (messages, code),
            }
        }
    }

    /// The response to an operation with a single one.
    pub async fn execute(&mut self, query: &str) -> Value {
        self.subscribe("execute", query).await;
        let next = self.message().await;
        assert_eq!(
            (&next["type"], &next["id"]),
            (&json!("next"), &json!("execute")),
            "{next}"
        );
        assert_eq!(self.message().await, json!({ "type": "complete", "id": "execute" }));
        next["payload"].clone()
    }

    /// The response to an operation with any payload; of one that is rejected, the errors as a response.
    pub async fn execute_with(&mut self, payload: Value) -> Value {
        self.subscribe_with("execute", payload).await;
        let message = self.message().await;
        if message["type"] == "error" {
            return json!({ "errors": message["payload"] });
        }
        assert_eq!(self.message().await, json!({ "type": "complete", "id": "execute" }));
        message["payload"].clone()
    }

    /// The error code of an operation that is rejected before it runs.
    pub async fn rejection(&mut self, query: &str) -> String {
        self.subscribe("rejected", query).await;
        let error = self.message().await;
        assert_eq!(
            (&error["type"], &error["id"]),
            (&json!("error"), &json!("rejected")),
            "{error}"
        );
        let code = &error["payload"][0]["extensions"]["code"];
        code.as_str().unwrap_or_default().to_owned()
    }
}
