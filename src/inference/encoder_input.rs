//! What is to be encoded, and as what it is read.

use std::ops::Deref;

/// As what a text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Role {
    /// By what it says.
    #[default]
    Sentence,
    /// As what somebody is called at work: near everything else that the occupation is called.
    Title,
}

/// A text to encode; one that comes as a string is a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Text {
    words: String,
    role: Role,
}

impl Text {
    /// A text that is read so.
    #[must_use]
    pub fn new(words: impl Into<String>, role: Role) -> Self {
        Self {
            words: words.into(),
            role,
        }
    }

    /// As what it is read.
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
