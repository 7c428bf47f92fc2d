//! Limits of documents, checked before anything else: the work of a validator and of an executor grows with the size of
//! a document after fragment expansion, which 27 chained fragments with two spreads each raise to 134 million.
//!
//! Everything here is pure and takes time linear in the length of the text.

mod document;
mod text;
mod tokens;

use std::borrow::Cow;
use std::ops::Range;

use apollo_compiler::ast;
use apollo_compiler::parser::Parser;
use async_graphql::{ErrorExtensionValues, Pos, ServerError};

use self::text::Tokens;

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
        what: LimitKind,
        /// The count in the document.
        found: usize,
        /// The limit.
        allowed: usize,
    },
}

/// A count of [`LimitError::Expanded`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitKind {
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

impl std::fmt::Display for LimitKind {
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
    /// Checks the text, parses it, and checks the size of the document.
    ///
    /// # Errors
    /// The [`LimitError`], with its code and position.
    pub fn parse(&self, text: &str) -> Result<ast::Document, LimitError> {
        let tokens = text::check(self, text)?;
        for description in &tokens.descriptions {
            self.tree(&format!("{{a(b:{})}}", &text[description.clone()]))?;
        }
        let document = self.tree(&blanked(text, &tokens))?;
        if tokens::count(&document).is_some_and(|count| count != tokens.significant) {
            return Err(LimitError::Syntax {
                message: "unexpected token, such as an argument without a value".to_owned(),
                positions: Vec::new(),
            });
        }
        self.check_document(&document)?;
        Ok(document)
    }

    /// The syntax tree of a text without descriptions.
    fn tree(&self, text: &str) -> Result<ast::Document, LimitError> {
        // Brackets are counted before; a selection set or a value counts more than once here.
        let mut parser = Parser::new().recursion_limit(self.nesting.saturating_mul(4));
        parser.parse_ast(text, "document").map_err(|failed| {
            let first = failed.errors.iter().next();
            let position = first.as_ref().and_then(|error| error.line_column_range());
            LimitError::Syntax {
                message: first
                    .map(|error| expectation(&error.error.to_string()))
                    .unwrap_or_default(),
                positions: position
                    .map(|range| Pos {
                        line: range.start.line,
                        column: range.start.column,
                    })
                    .into_iter()
                    .collect(),
            }
        })
    }

    /// Checks the size of the document after fragment expansion, without expanding it.
    ///
    /// # Errors
    /// The first exceeded limit, or a cycle of fragments.
    pub fn check_document(&self, document: &ast::Document) -> Result<(), LimitError> {
        document::check(self, document)
    }
}

/// The text with spaces in place of what the parser (apollo-parser 0.8.7) does not accept everywhere: the descriptions of
/// executable definitions, and commas, which separate nothing (specification, 2.1.5). Line ends stay, so that positions
/// do.
fn blanked<'a>(text: &'a str, tokens: &Tokens) -> Cow<'a, str> {
    let commas = tokens.commas.iter().map(|at| *at..at + 1);
    let mut places: Vec<Range<usize>> = tokens.descriptions.iter().cloned().chain(commas).collect();
    if places.is_empty() {
        return Cow::Borrowed(text);
    }
    places.sort_unstable_by_key(|place| place.start);
    let mut blanked = String::with_capacity(text.len());
    let mut from = 0;
    for place in places {
        blanked.push_str(&text[from..place.start]);
        blanked.extend(text[place.clone()].bytes().map(|byte| match byte {
            b'\n' | b'\r' => char::from(byte),
            _ => ' ',
        }));
        from = place.end;
    }
    blanked.push_str(&text[from..]);
    Cow::Owned(blanked)
}

/// The problem that the parser found, without the token that it quotes, which may be part of a secret.
fn expectation(message: &str) -> String {
    let message = message.strip_prefix("syntax error: ").unwrap_or(message);
    let message = message.split_once(", got ").map_or(message, |(expected, _)| expected);
    let kinds = [
        ("R_CURLY", "`}`"),
        ("L_CURLY", "`{`"),
        ("R_PAREN", "`)`"),
        ("L_PAREN", "`(`"),
        ("R_BRACK", "`]`"),
        ("L_BRACK", "`[`"),
        ("COLON", "`:`"),
        ("DOLLAR", "`$`"),
        ("IDENT", "a name"),
        ("NAME", "a name"),
    ];
    kinds
        .iter()
        .fold(message.to_owned(), |message, (kind, text)| message.replace(kind, text))
}

#[cfg(test)]
mod tests;
