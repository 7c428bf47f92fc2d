//! The corpus of hostile documents, `tests/data/hostile.toml`. The integration tests check the answer to each, the attack
//! `hostile_documents` measures the cost, and the fuzz targets start from them.

use serde::Deserialize;

/// A hostile document, one for each class of attack.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostileDocument {
    /// The attack.
    pub name: String,
    /// The role of the sender.
    #[serde(rename = "as", default)]
    pub sender: Sender,
    document: Option<Vec<Part>>,
    variables: Option<Vec<Part>>,
    body: Option<Vec<Part>>,
    /// The code of the first error of the answer; `None` if the document is answered without an error.
    pub code: Option<String>,
}

/// The role of a sender.
#[derive(Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Sender {
    /// Without a token.
    #[default]
    Guest,
    /// With role USER.
    User,
    /// With role ADMIN.
    Admin,
}

/// A piece of text, or a piece and a number of repetitions. In a repeated piece, `%i` is replaced by the number of the
/// repetition, from 0 on, and `%j` by the number after it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Part {
    Text(String),
    Repeated(String, usize),
}

fn join(parts: &[Part]) -> String {
    let mut joined = String::new();
    for part in parts {
        match part {
            Part::Text(text) => joined.push_str(text),
            Part::Repeated(text, times) if text.contains('%') => {
                for i in 0..*times {
                    let numbered = text.replace("%i", &i.to_string()).replace("%j", &(i + 1).to_string());
                    joined.push_str(&numbered);
                }
            }
            Part::Repeated(text, times) => joined.push_str(&text.repeat(*times)),
        }
    }
    joined
}

impl HostileDocument {
    /// The text of the document; `None` if the corpus gives the whole request body.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        self.document.as_deref().map(join)
    }

    /// The request body.
    #[must_use]
    pub fn body(&self) -> String {
        match (&self.body, self.text()) {
            (Some(body), _) => join(body),
            (None, document) => {
                let variables = self.variables.as_deref().map_or_else(|| "null".to_owned(), join);
                let query = serde_json::Value::from(document.unwrap_or_default());
                format!("{{\"query\":{query},\"variables\":{variables}}}")
            }
        }
    }
}

/// Reads the corpus.
#[must_use]
pub fn corpus() -> Vec<HostileDocument> {
    #[derive(Deserialize)]
    struct Corpus {
        class: Vec<HostileDocument>,
    }
    let text = include_str!("../../data/hostile.toml");
    toml::from_str::<Corpus>(text).map_or_else(|error| panic!("hostile.toml: {error}"), |corpus| corpus.class)
}
