//! Limits of documents, checked before anything else, because parser and validator are not safe on hostile text: about
//! 1,700 nested `[` abort the process in the parser, and 27 chained fragments with two spreads each keep the validator
//! busy for seconds.
//!
//! The gateway calls [`Limits::admit`] before validation. Everything here is pure and takes time linear in the length
//! of the text.

mod document;
mod text;

use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{ErrorExtensionValues, Pos, Request, ServerError};

/// The limits. They apply to the whole document, all its operations together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Length of the text in bytes.
    pub bytes: usize,
    /// Nesting of brackets, braces and parentheses; also of selection sets after fragment expansion.
    pub nesting: usize,
    /// Lexical tokens; a string is one, comments and commas are none.
    pub tokens: usize,
    /// Fields after fragment expansion.
    pub fields: usize,
    /// Nesting of fields. Introspection queries of tools need up to 15.
    pub depth: usize,
    /// Aliases after fragment expansion.
    pub aliases: usize,
    /// Directives after fragment expansion.
    pub directives: usize,
    /// Root fields of an operation after fragment expansion.
    pub root_fields: usize,
    /// Estimated number of values in the response to an introspection. Tools need about 160,000.
    pub introspected: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 16 * 1024,
            nesting: 32,
            tokens: 2_000,
            fields: 500,
            depth: 20,
            aliases: 100,
            directives: 50,
            root_fields: 100,
            introspected: 250_000,
        }
    }
}

/// A document exceeds a limit. The message states what is allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// The text is too long.
    #[error("The document has {found} bytes; the limit is {allowed}.")]
    Bytes {
        /// The length of the document.
        found: usize,
        /// The limit.
        allowed: usize,
    },
    /// Brackets are nested too deeply.
    #[error("The document nests brackets more than {allowed} levels deep.")]
    Nesting {
        /// The limit.
        allowed: usize,
        /// The position of the first excess bracket.
        position: Pos,
    },
    /// Too many tokens.
    #[error("The document exceeds the limit of {allowed} tokens.")]
    Tokens {
        /// The limit.
        allowed: usize,
        /// The position of the first excess token.
        position: Pos,
    },
    /// An unterminated string.
    #[error("Syntax error: unterminated string.")]
    UnterminatedString {
        /// The position of its beginning.
        position: Pos,
    },
    /// A syntax error.
    #[error("Syntax error: {message}.")]
    Syntax {
        /// The syntax that the parser expected.
        message: String,
        /// The positions.
        positions: Vec<Pos>,
    },
    /// A fragment that spreads itself, directly or through others.
    #[error("Fragment \"{name}\" spreads itself.")]
    FragmentCycle {
        /// A fragment of the cycle.
        name: String,
        /// The position of its definition.
        position: Pos,
    },
    /// A count after fragment expansion exceeds its limit.
    #[error("The document has {found} {what} after fragment expansion; the limit is {allowed}.")]
    Expanded {
        /// The counted elements.
        what: Counted,
        /// The count in the document.
        found: usize,
        /// The limit.
        allowed: usize,
    },
}

/// A count of [`LimitError::Expanded`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Fields.
    Fields,
    /// Fields, spreads and inline fragments together.
    Selections,
    /// Nested fields.
    Depth,
    /// Nested selection sets.
    Levels,
    /// Aliased fields.
    Aliases,
    /// Directives.
    Directives,
    /// Root fields of an operation.
    RootFields,
    /// Estimated values of an introspection.
    Introspected,
}

impl std::fmt::Display for Counted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Fields => "fields",
            Self::Selections => "selections",
            Self::Depth => "levels of fields",
            Self::Levels => "levels of selection sets",
            Self::Aliases => "aliases",
            Self::Directives => "directives",
            Self::RootFields => "root fields",
            Self::Introspected => "introspected values",
        })
    }
}

impl LimitError {
    /// The `extensions.code`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnterminatedString { .. } | Self::Syntax { .. } => "GRAPHQL_PARSE_FAILED",
            Self::FragmentCycle { .. } => "GRAPHQL_VALIDATION_FAILED",
            Self::Bytes { .. } | Self::Nesting { .. } | Self::Tokens { .. } | Self::Expanded { .. } => {
                "QUERY_TOO_COMPLEX"
            }
        }
    }
}

impl From<LimitError> for ServerError {
    fn from(error: LimitError) -> Self {
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", error.code());
        let mut answer = Self::new(error.to_string(), None);
        answer.extensions = Some(extensions);
        answer.locations = match error {
            LimitError::Nesting { position, .. }
            | LimitError::Tokens { position, .. }
            | LimitError::UnterminatedString { position }
            | LimitError::FragmentCycle { position, .. } => vec![position],
            LimitError::Syntax { positions, .. } => positions,
            LimitError::Bytes { .. } | LimitError::Expanded { .. } => Vec::new(),
        };
        answer
    }
}

impl Limits {
    /// Checks the text, parses it into the request, and checks the document.
    ///
    /// # Errors
    /// The [`LimitError`], with its code and position.
    pub fn admit(&self, request: &mut Request) -> Result<(), LimitError> {
        self.check_text(&request.query)?;
        let document = request.parsed_query().map_err(|error| LimitError::Syntax {
            message: expectation(&error.message),
            positions: error.locations,
        })?;
        self.check_document(document)
    }

    /// Checks what needs no parsing: length, nesting, tokens and strings.
    ///
    /// # Errors
    /// The first exceeded limit.
    pub fn check_text(&self, text: &str) -> Result<(), LimitError> {
        text::check(self, text)
    }

    /// Checks the size of the document after fragment expansion, without expanding it.
    ///
    /// # Errors
    /// The first exceeded limit, or a cycle of fragments.
    pub fn check_document(&self, document: &ExecutableDocument) -> Result<(), LimitError> {
        document::check(self, document)
    }
}

/// The parser quotes the offending line, which may hold a secret; only its expectation is kept.
fn expectation(message: &str) -> String {
    message
        .lines()
        .rev()
        .find_map(|line| line.trim_start().strip_prefix("= "))
        .unwrap_or_else(|| message.lines().next().unwrap_or_default())
        .trim_end_matches('.')
        .to_owned()
}

#[cfg(test)]
mod tests;
