//! Headings and labels of the forms of job boards and personnel departments, which postings from them share.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::super::phrase::words;
use super::kind::{APPLICATION, DUTY, EMPLOYER, MUST_HAVE, TERMS};

/// The lists of `forms.toml`, which says what each is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Forms {
    headings: Kinds,
    labels: Kinds,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Kinds {
    duty: Vec<String>,
    must: Vec<String>,
    terms: Vec<String>,
    employer: Vec<String>,
    application: Vec<String>,
}

impl Kinds {
    fn into_map(self) -> FxHashMap<String, usize> {
        let lists = [
            (self.duty, DUTY),
            (self.must, MUST_HAVE),
            (self.terms, TERMS),
            (self.employer, EMPLOYER),
            (self.application, APPLICATION),
        ];
        let names = |(list, kind): (Vec<String>, usize)| list.into_iter().map(move |name| (name, kind));
        lists.into_iter().flat_map(names).collect()
    }
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
static FORMS: LazyLock<[FxHashMap<String, usize>; 2]> = LazyLock::new(|| {
    let forms: Forms = toml::from_str(include_str!("forms.toml")).expect("forms.toml is valid");
    [forms.headings.into_map(), forms.labels.into_map()]
});

fn find(text: &str, list: usize) -> Option<usize> {
    let low = words(text);
    FORMS[list]
        .get(low.trim_matches(|c: char| !c.is_alphanumeric()))
        .copied()
}

/// The kind of the section that a line of a form opens, as an index into the kinds of content.
pub(super) fn heading(text: &str) -> Option<usize> {
    find(text, 0)
}

/// The kind of the value behind a label of a form.
pub(super) fn label(text: &str) -> Option<usize> {
    find(text, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_and_labels_of_forms_have_kinds() {
        assert_eq!(heading("Work setting"), Some(TERMS));
        assert_eq!(heading("Personal suitability:"), Some(MUST_HAVE));
        assert_eq!(heading("CERTIFICATES, LICENSES, REGISTRATIONS"), Some(MUST_HAVE));
        assert_eq!(heading("We set work for keepers"), None);
        assert_eq!(label("Department :"), Some(EMPLOYER));
        assert_eq!(label("**Closing Date:**"), Some(APPLICATION));
        assert_eq!(label("Reports to:"), Some(TERMS));
        assert_eq!(label("Requirements:"), None);
    }
}
