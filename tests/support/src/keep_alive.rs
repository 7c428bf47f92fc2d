//! A connection to the server on which many requests are sent, one after the other.

use std::io::{self, BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};

/// A connection.
pub struct KeepAliveClient(BufReader<TcpStream>);

impl KeepAliveClient {
    /// Connects to a host and port.
    ///
    /// # Errors
    /// The connection is refused.
    pub fn connect(address: &str) -> io::Result<Self> {
        TcpStream::connect(address).map(BufReader::new).map(Self)
    }

    /// Posts a document: the response body, whatever its status.
    ///
    /// # Errors
    /// The connection was closed, or the response is not JSON of a stated length.
    pub fn graphql(&mut self, token: Option<&str>, query: &str, variables: &Value) -> io::Result<Value> {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let authorization = token.map_or_else(String::new, |token| format!("authorization: Bearer {token}\r\n"));
        let request = format!(
            "POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: \
             application/json\r\n{authorization}content-length: {}\r\n\r\n{body}",
            body.len()
        );
        self.0.get_mut().write_all(request.as_bytes())?;
        let mut length = None;
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line)? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            length = length.or_else(|| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        }
        let mut answer = vec![0; length.ok_or(ErrorKind::InvalidData)?];
        self.0.read_exact(&mut answer)?;
        Ok(serde_json::from_slice(&answer)?)
    }
}
