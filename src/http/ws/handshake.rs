//! The headers of a WebSocket handshake (RFC 6455) in every form that clients send and expect.
//!
//! Names of headers are case-insensitive (RFC 9110, 5.1), and hyper writes them in lower case. Some clients compare them
//! with the spelling of RFC 6455: version 4 of the Python package `gql` misses `sec-websocket-protocol` and then assumes
//! the legacy subprotocol. hyper writes other spellings only where it has read them itself, so it reads them once here.

use std::convert::Infallible;

use axum::response::Response;
use http::{Extensions, HeaderMap, HeaderValue, Request, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::OnceCell;

/// The names in the response, as RFC 6455 spells them.
const NAMES: &[u8] = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nUpgrade: x\r\nSec-WebSocket-Accept: x\r\n\
                       Sec-WebSocket-Protocol: x\r\n\r\n";

static SPELLINGS: OnceCell<Extensions> = OnceCell::const_new();

/// Joins the lines in which a client offers subprotocols (RFC 6455, 11.3.4); the library reads only the first.
pub(super) fn join_protocols(headers: &mut HeaderMap) {
    let lines = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL);
    let lines: Vec<&[u8]> = lines.iter().map(HeaderValue::as_bytes).collect();
    if lines.len() > 1
        && let Ok(joined) = HeaderValue::from_bytes(&lines.join(&b", "[..]))
    {
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, joined);
    }
}

/// Makes hyper write the names of the response as RFC 6455 spells them.
pub(super) async fn spell_names(response: &mut Response) {
    let spellings = SPELLINGS.get_or_init(read).await;
    response.extensions_mut().extend(spellings.clone());
}

/// The spellings in a request with all the names; none if it cannot be read.
async fn read() -> Extensions {
    let spellings = Mutex::new(Extensions::new());
    let service = service_fn(|mut request: Request<Incoming>| {
        request.extensions_mut().remove::<OnUpgrade>();
        *spellings.lock() = std::mem::take(request.extensions_mut());
        std::future::ready(Ok::<_, Infallible>(Response::new(String::new())))
    });
    // Request and response fit in the buffer, so neither end waits for the other.
    let (mut client, server) = tokio::io::duplex(4 * 1024);
    if client.write_all(NAMES).await.is_ok() {
        let mut builder = http1::Builder::new();
        builder.preserve_header_case(true);
        // The spellings have been read, whatever becomes of the response.
        let _ = builder.serve_connection(TokioIo::new(server), service).await;
    }
    spellings.into_inner()
}
