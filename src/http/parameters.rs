//! The parameters of a GraphQL-over-HTTP request, from a JSON body or from the query of a URL.

use std::collections::HashMap;

use async_graphql::{Request, Value, Variables};
use axum::extract::Query;
use http::{StatusCode, Uri};
use serde::Deserialize;
use serde_json::error::Category;

use super::response::Problem;
use crate::graphql::request::trusted_documents::{self, DocumentId};

/// The names of the specification and its appendix; other names are ignored.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Parameters {
    query: Option<String>,
    document_id: Option<String>,
    operation_name: Option<String>,
    variables: Option<Variables>,
    extensions: Option<HashMap<String, Value>>,
}

/// One operation, or a batch.
pub(super) enum Body {
    Single(Box<Request>),
    Batch(Vec<Request>),
}

/// Maximum number of values in a request: a value takes about thirty times the memory of the `0,` that it may be
/// written as.
const MOST_VALUES: usize = 100_000;
/// Bytes of a body that are looked at together.
const CHUNK: usize = 128;

/// Refuses a request with too many values before any of them is allocated. Invalid JSON is left to the parser.
///
/// # Errors
/// 422 `QUERY_TOO_COMPLEX`.
pub(super) fn check_values(json: &[u8]) -> Result<(), Problem> {
    // Every value except the first follows one of these characters; those in strings do not matter in most bodies.
    let is_mark = |byte: &u8| matches!(byte, b',' | b':' | b'[' | b'{');
    let chunks = json.chunks(CHUNK);
    let marks = chunks.map(|chunk| chunk.iter().map(|byte| u8::from(is_mark(byte))).sum::<u8>());
    if marks.map(usize::from).sum::<usize>() <= MOST_VALUES {
        return Ok(());
    }
    let (mut values, mut in_string) = (0_usize, false);
    let mut bytes = json.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => {
                bytes.next();
            }
            mark if !in_string && is_mark(mark) => values += 1,
            _ => {}
        }
        if values > MOST_VALUES {
            let message = format!("A request may hold {MOST_VALUES} names and values; this one holds more.");
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, message).code("QUERY_TOO_COMPLEX"));
        }
    }
    Ok(())
}

/// The byte order mark, which some systems write at the beginning of texts in UTF-8.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// Parses a request body. A byte order mark is ignored (RFC 8259, 8.1).
///
/// # Errors
/// 400 for invalid JSON; 422 for JSON of the wrong shape or with too many values.
pub(super) fn from_body(bytes: &[u8]) -> Result<Body, Problem> {
    let bytes = bytes.strip_prefix(BOM).unwrap_or(bytes);
    check_values(bytes)?;
    if first_of_value(bytes) == Some(b'[') {
        let list: Vec<Parameters> = serde_json::from_slice(bytes).map_err(|error| body_problem(&error))?;
        let requests = list.into_iter().map(Parameters::into_request);
        requests.collect::<Result<_, _>>().map(Body::Batch)
    } else {
        let one: Parameters = serde_json::from_slice(bytes).map_err(|error| body_problem(&error))?;
        one.into_request().map(Box::new).map(Body::Single)
    }
}

/// The first byte that is no white space.
fn first_of_value(json: &[u8]) -> Option<u8> {
    let is_part = |byte: &u8| !byte.is_ascii_whitespace();
    let mut chunks = json.chunks(CHUNK);
    // A chunk at once: a body may be megabytes of white space.
    let chunk = chunks.find(|chunk| chunk.iter().fold(false, |any, byte| any | is_part(byte)))?;
    chunk.iter().copied().find(is_part)
}

/// Parses the query of a URL. An empty parameter counts as absent.
///
/// # Errors
/// 400 if `variables` or `extensions` are not JSON; 422 for JSON of the wrong shape and if there is no document.
pub(super) fn from_url(uri: &Uri) -> Result<Request, Problem> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Texts {
        query: Option<String>,
        document_id: Option<String>,
        operation_name: Option<String>,
        variables: Option<String>,
        extensions: Option<String>,
    }
    let Query(texts) = Query::<Texts>::try_from_uri(uri).map_err(|_| {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Each of query, documentId, operationName, variables and extensions may be in the URL once.",
        )
    })?;
    let filled = |text: Option<String>| text.filter(|text| !text.is_empty());
    Parameters {
        query: filled(texts.query),
        document_id: filled(texts.document_id),
        operation_name: filled(texts.operation_name),
        variables: from_json("variables", filled(texts.variables))?,
        extensions: from_json("extensions", filled(texts.extensions))?,
    }
    .into_request()
}

impl Parameters {
    /// The operation.
    ///
    /// # Errors
    /// 422 if there is neither a document nor an id.
    pub(super) fn into_request(self) -> Result<Request, Problem> {
        let is_text = self.query.is_some();
        let mut request = Request::new(self.query.unwrap_or_default());
        request.operation_name = self.operation_name;
        request.variables = self.variables.unwrap_or_default();
        request.extensions = async_graphql::Extensions(self.extensions.unwrap_or_default());
        if let Some(id) = self.document_id {
            request = request.data(DocumentId(id));
        }
        if is_text || trusted_documents::named(&request).is_some() {
            Ok(request)
        } else {
            let message = "The parameter \"query\" is missing.";
            Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, message))
        }
    }
}

fn from_json<T: for<'de> Deserialize<'de>>(name: &str, text: Option<String>) -> Result<Option<T>, Problem> {
    let parse = |text: String| serde_json::from_str(&text);
    text.map(parse).transpose().map(Option::flatten).map_err(|error| {
        Problem::new(
            status(&error),
            format!("The parameter \"{name}\" must be a JSON object."),
        )
    })
}

/// Written here, because the errors of the JSON parser quote the text.
fn body_problem(error: &serde_json::Error) -> Problem {
    let status = status(error);
    let what = if status == StatusCode::BAD_REQUEST {
        "The request body is not valid JSON"
    } else {
        "The request body must be a JSON object with \"query\" or \"documentId\" (a string) and, where needed, \
         \"operationName\" (a string), \"variables\" and \"extensions\" (objects), each at most once"
    };
    Problem::new(
        status,
        format!("{what}: line {}, column {}.", error.line(), error.column()),
    )
}

fn status(error: &serde_json::Error) -> StatusCode {
    match error.classify() {
        Category::Data => StatusCode::UNPROCESSABLE_ENTITY,
        Category::Io | Category::Syntax | Category::Eof => StatusCode::BAD_REQUEST,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_outside_strings_only() {
        let marks = ",:[{\\\"".repeat(MOST_VALUES);
        assert!(check_values(format!("{{\"query\": \"{marks}\"}}").as_bytes()).is_ok());
        for (count, is_allowed) in [(MOST_VALUES, true), (MOST_VALUES + 1, false)] {
            // The bracket stands before the first value, a comma before each of the others.
            let list = format!("[0{}]", ",0".repeat(count - 1));
            assert_eq!(check_values(list.as_bytes()).is_ok(), is_allowed, "{count}");
            let with_string = format!("[\"{marks}\"{}]", ",0".repeat(count - 1));
            assert_eq!(check_values(with_string.as_bytes()).is_ok(), is_allowed, "{count}");
        }
    }

    #[test]
    fn white_space_before_a_value_is_skipped_whatever_its_length() {
        for length in 0..3 * CHUNK {
            let space = " \t\r\n".repeat(CHUNK)[..length].to_owned();
            assert_eq!(first_of_value(space.as_bytes()), None);
            assert_eq!(
                first_of_value(format!("{space}[ {{").as_bytes()),
                Some(b'['),
                "{length}"
            );
        }
    }
}
