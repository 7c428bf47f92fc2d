//! Fields of study by the codes of ISCED-F 2013 (UNESCO), their names in `subjects.toml`, and how near two of them are.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::table::{Word, words};

/// The code of a field of study: two digits for a broad field, three for a narrow one, four for a detailed one, and a fifth of
/// our own for professions that share one.
pub(super) type Field = &'static str;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) professions: Vec<String>,
    pub(super) neighbours: Vec<(String, String)>,
    pub(super) fields: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    pub(super) code: String,
    pub(super) names: Vec<String>,
    #[serde(default)]
    pub(super) degrees: Vec<String>,
}

#[derive(Debug)]
struct Name {
    /// The words after the first.
    rest: Vec<String>,
    /// Whether it matches capitals only.
    acronym: bool,
    field: Field,
}

#[derive(Debug)]
struct Table {
    /// By the first word, longest first.
    names: HashMap<String, Vec<Name>>,
    /// By the letters of the degree in lower case.
    degrees: HashMap<String, Field>,
    professions: Vec<Field>,
    neighbours: FxHashSet<(Field, Field)>,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
pub(super) static FILE: LazyLock<File> =
    LazyLock::new(|| toml::from_str(include_str!("subjects.toml")).expect("subjects.toml is valid"));

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut names: HashMap<String, Vec<Name>> = HashMap::new();
    let mut degrees = HashMap::new();
    for row in &FILE.fields {
        for name in &row.names {
            let mut parts = words(name).into_iter().map(|word| word.low);
            let Some(first) = parts.next() else { continue };
            names.entry(first).or_default().push(Name {
                rest: parts.collect(),
                acronym: name.chars().all(char::is_uppercase),
                field: &row.code,
            });
        }
        degrees.extend(row.degrees.iter().map(|name| (name.to_lowercase(), &*row.code)));
    }
    for list in names.values_mut() {
        list.sort_by_key(|name| std::cmp::Reverse(name.rest.len()));
    }
    let pairs = FILE.neighbours.iter().map(|(one, other)| (&**one, &**other));
    Table {
        names,
        degrees,
        professions: FILE.professions.iter().map(|code| &**code).collect(),
        neighbours: pairs.flat_map(|(one, other)| [(one, other), (other, one)]).collect(),
    }
});

/// The credit for a subject in the same narrow field, in the same broad field, and in any other.
pub(in crate::matching) const NEAR: f64 = 0.8;
pub(super) const BROAD: f64 = 0.5;
pub(super) const OTHER: f64 = 0.3;

/// How near a field is to one that is asked for.
pub(super) fn nearness(asked: Field, own: Field, related: bool) -> f64 {
    if own.starts_with(asked) {
        return 1.0;
    }
    // A pair of a broad field is not one of the fields within it.
    let within = |field: Field, pair: Field| field == pair || pair.len() > 2 && field.starts_with(pair);
    let mut pairs = TABLE.neighbours.iter();
    let neighbours = pairs.any(|(one, other)| within(asked, one) && within(own, other));
    let shared = asked.bytes().zip(own.bytes()).take_while(|(a, b)| a == b).count();
    let near = neighbours || shared >= 3 || asked.starts_with(own);
    let technical = |field: Field| ["05", "06", "07"].iter().any(|broad| field.starts_with(broad));
    if TABLE.professions.contains(&asked) {
        return if related && near { NEAR } else { OTHER };
    }
    match (near, related) {
        (true, true) => 1.0,
        (true, false) => NEAR,
        (false, true) if shared == 2 || technical(asked) && technical(own) => NEAR,
        (false, false) if shared == 2 => BROAD,
        _ => OTHER,
    }
}

/// The fields that words name, with the indices of the words.
pub(super) fn fields(words: &[Word]) -> Vec<(Range<usize>, Field)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let mut names = TABLE.names.get(&words[at].low).into_iter().flatten();
        let named = names.find(|name| {
            let here = words.get(at + 1..at + 1 + name.rest.len());
            let same = here.is_some_and(|here| here.iter().zip(&name.rest).all(|(word, part)| word.low == *part));
            same && (!name.acronym || words[at].upper)
        });
        let next = at + named.map_or(1, |name| 1 + name.rest.len());
        found.extend(named.map(|name| (at..next, name.field)));
        at = next;
    }
    found
}

/// The field that the letters of a degree state, in lower case: `bsn`.
pub(super) fn of_degree(letters: &str) -> Option<Field> {
    let known = |letters: &str| TABLE.degrees.get(letters).copied();
    known(letters).or_else(|| known(letters.strip_suffix('s')?))
}
