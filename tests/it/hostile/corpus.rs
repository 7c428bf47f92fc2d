//! The corpus of hostile documents, `tests/data/hostile.toml`. The tests ask whether each gets its answer, figure 8 what
//! that costs, and the fuzzers begin with them.

use serde::Deserialize;

/// One class of hostile document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Class {
    /// What is hostile about it.
    pub(crate) name: String,
    /// Who sends it.
    #[serde(rename = "as", default)]
    pub(crate) who: Who,
    document: Option<Vec<Part>>,
    variables: Option<Vec<Part>>,
    body: Option<Vec<Part>>,
    /// The code of the first error of its answer; `None` where it is simply answered.
    pub(crate) code: Option<String>,
}

/// Who sends a document.
#[derive(Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Who {
    /// Nobody in particular.
    #[default]
    Guest,
    /// Somebody with role USER.
    User,
    /// Somebody with role ADMIN.
    Admin,
}

/// A piece of text, as it is or so many times; in the second, `%i` is the number of the repetition and `%j` the next one.
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

impl Class {
    /// The document; none where the whole body is given.
    pub(crate) fn document(&self) -> Option<String> {
        self.document.as_deref().map(join)
    }

    /// The request body.
    pub(crate) fn body(&self) -> String {
        match (&self.body, self.document()) {
            (Some(body), _) => join(body),
            (None, document) => {
                let variables = self.variables.as_deref().map_or_else(|| "null".to_owned(), join);
                let query = serde_json::Value::from(document.unwrap_or_default());
                format!("{{\"query\":{query},\"variables\":{variables}}}")
            }
        }
    }
}

/// All classes.
pub(crate) fn classes() -> Vec<Class> {
    #[derive(Deserialize)]
    struct Corpus {
        class: Vec<Class>,
    }
    let text = include_str!("../../data/hostile.toml");
    toml::from_str::<Corpus>(text).map_or_else(|error| panic!("hostile.toml: {error}"), |corpus| corpus.class)
}
