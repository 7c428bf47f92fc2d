//! Inputs of the encoder: texts with their roles.

use std::ops::Deref;

/// The role of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Role {
    /// Encoded by its content.
    #[default]
    Sentence,
    /// Encoded as a job title: similar to other titles of the occupation.
    Title,
    /// Encoded as a requirement or a sentence of a resume: similar to those that support it or that it supports.
    Evidence,
}

/// A text to encode; strings convert to sentences.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Text {
    words: String,
    role: Role,
}

impl Text {
    /// A text in a role.
    #[must_use]
    pub fn new(words: impl Into<String>, role: Role) -> Self {
        Self {
            words: words.into(),
            role,
        }
    }

    /// The role.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }
}

impl From<String> for Text {
    fn from(words: String) -> Self {
        Self::new(words, Role::Sentence)
    }
}

impl From<&str> for Text {
    fn from(words: &str) -> Self {
        Self::new(words, Role::Sentence)
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.words
    }
}
