//! What a document may cost before anything else looks at it, because the parser and the validator are not safe on
//! hostile text: about 1,700 nested `[` abort the process in the parser, and 27 chained fragments with two spreads each
//! keep the validator busy for seconds.
//!
//! The gateway calls [`Limits::admit`] before it validates; `GET /graphql` calls it to learn what kind of operation a
//! URL holds. Everything here is pure and takes time linear in the text.

mod document;
mod text;

use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{ErrorExtensionValues, Pos, Request, ServerError};

/// The most that one document may hold. The numbers count the whole document, all its operations together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of query text.
    pub bytes: usize,
    /// Brackets, braces and parentheses open at once; also selection sets inside one another, fragments written out.
    pub nesting: usize,
    /// Lexical tokens; a string is one, comments and commas are none.
    pub tokens: usize,
    /// Fields once every fragment is written out where it is spread.
    pub fields: usize,
    /// Fields inside fields. Tools ask the schema for up to 15.
    pub depth: usize,
    /// Fields with an alias, fragments written out.
    pub aliases: usize,
    /// Directives, fragments written out.
    pub directives: usize,
    /// Fields at the top of an operation, fragments written out.
    pub root_fields: usize,
    /// Values in the answer of an introspection, estimated. Tools ask for about 160,000.
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

/// Why a document was refused. The text tells the caller what is allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// More text than allowed.
    #[error("The document has {found} bytes; the limit is {allowed}.")]
    Bytes {
        /// What the document has.
        found: usize,
        /// What it may have.
        allowed: usize,
    },
    /// Too many brackets open at once.
    #[error("The document nests brackets more than {allowed} levels deep.")]
    Nesting {
        /// How deep they may nest.
        allowed: usize,
        /// The bracket that is one too many.
        position: Pos,
    },
    /// Too many tokens.
    #[error("The document exceeds the limit of {allowed} tokens.")]
    Tokens {
        /// How many it may have.
        allowed: usize,
        /// The token that is one too many.
        position: Pos,
    },
    /// A string without an end.
    #[error("Syntax error: unterminated string.")]
    UnterminatedString {
        /// Where it begins.
        position: Pos,
    },
    /// The text is no document.
    #[error("Syntax error: {message}.")]
    Syntax {
        /// What the parser expected.
        message: String,
        /// Where.
        positions: Vec<Pos>,
    },
    /// A fragment that, through others or directly, spreads itself.
    #[error("Fragment \"{name}\" spreads itself.")]
    FragmentCycle {
        /// A fragment on the cycle.
        name: String,
        /// Where it is defined.
        position: Pos,
    },
    /// Something there is too much of once every fragment is written out.
    #[error("The document has {found} {what} after fragment expansion; the limit is {allowed}.")]
    Expanded {
        /// What was counted.
        what: Counted,
        /// What the document has.
        found: usize,
        /// What it may have.
        allowed: usize,
    },
}

/// What [`LimitError::Expanded`] counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Fields.
    Fields,
    /// Fields, spreads and inline fragments together.
    Selections,
    /// Fields inside fields.
    Depth,
    /// Selection sets inside one another.
    Levels,
    /// Aliased fields.
    Aliases,
    /// Directives.
    Directives,
    /// Fields at the top of an operation.
    RootFields,
    /// Values that the answer may hold of the schema.
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
    /// The `extensions.code` a client sees.
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
    /// Checks the text, parses it once into the request, and checks the document; the schema then finds it parsed.
    ///
    /// # Errors
    /// A [`LimitError`] as the client gets it, with its code and location.
    pub fn admit(&self, request: &mut Request) -> Result<(), LimitError> {
        self.check_text(&request.query)?;
        let document = request.parsed_query().map_err(|error| LimitError::Syntax {
            message: expectation(&error.message),
            positions: error.locations,
        })?;
        self.check_document(document)
    }

    /// Checks what can be seen without parsing: length, nesting, tokens, strings that end.
    ///
    /// # Errors
    /// The first limit that the text passes.
    pub fn check_text(&self, text: &str) -> Result<(), LimitError> {
        text::check(self, text)
    }

    /// Checks what the document grows to with its fragments written out, without writing them out.
    ///
    /// # Errors
    /// The first limit that the document passes, or a cycle of fragments.
    pub fn check_document(&self, document: &ExecutableDocument) -> Result<(), LimitError> {
        document::check(self, document)
    }
}

/// The parser quotes the whole offending line, which a client has already and which may hold a secret: keep only what
/// it says it expected.
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
