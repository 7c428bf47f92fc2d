//! `credentials.toml`, compiled for lookup.

use std::collections::HashMap;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::super::words::{self, Word};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    same: Vec<[String; 2]>,
    credentials: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    #[serde(default)]
    phrases: Vec<String>,
    #[serde(default)]
    abbreviations: Vec<String>,
    #[serde(default)]
    levels: HashMap<String, u8>,
    #[serde(default)]
    implies: Vec<String>,
    kind_of: Option<String>,
    #[serde(default)]
    taken_for: Vec<String>,
    #[serde(default)]
    limits: HashMap<String, String>,
    #[serde(default)]
    graded: bool,
    #[serde(default)]
    renewed: bool,
    #[serde(default)]
    steps: bool,
}

/// A word of a phrase, as [`Word::exact`], [`Word::written`] and [`Word::stem`] have it.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) exact: u64,
    pub(super) written: u64,
    pub(super) stem: u64,
    /// In lower case.
    pub(super) low: String,
}

/// A way of writing the name of a credential.
#[derive(Debug)]
pub(super) struct Phrase {
    pub(super) parts: Vec<Part>,
    /// The spelling that an abbreviation needs.
    pub(super) exact: Option<String>,
    /// The level that the phrase alone tells.
    pub(super) level: Option<u8>,
    /// The index of its credential.
    pub(super) row: usize,
}

/// The number of words from which a phrase is known by the beginning of its first word, and in a near spelling.
const LEAST_LONG: usize = 3;

impl Phrase {
    /// Whether it has so many words that one of them may be in another form.
    pub(super) fn is_long(&self) -> bool {
        self.parts.len() >= LEAST_LONG && self.exact.is_none()
    }
}

#[derive(Debug)]
pub(super) struct Table {
    pub(super) names: Vec<String>,
    pub(super) phrases: Vec<Phrase>,
    /// The indices of phrases by their first word, longest first.
    first: HashMap<u64, Vec<usize>>,
    /// Those of phrases that begin with another word for a paper in place of their last: `licence: forklift`.
    turned: HashMap<u64, Vec<usize>>,
    /// Words that stand for another.
    same: HashMap<u64, u64>,
    /// Those of a lower class, by name.
    pub(super) implies: HashMap<String, Vec<String>>,
    /// By the name of one of several kinds, the name without the kind.
    pub(super) kind_of: HashMap<String, String>,
    /// By name, those that it is taken for if the text says no more of it.
    pub(super) taken_for: HashMap<String, Vec<String>>,
    /// By name, the words that make it another one, with its name.
    pub(super) limits: HashMap<String, HashMap<String, String>>,
    /// Names that have levels.
    pub(super) graded: FxHashSet<String>,
    /// Names that have to be renewed.
    pub(super) renewed: FxHashSet<String>,
    /// Names of which a level is only a step on the way.
    pub(super) steps: FxHashSet<String>,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("../credentials.toml")).expect("credentials.toml is valid");
    Table::new(file)
});

/// The hash of a word by which it is looked up.
fn key(word: &str) -> u64 {
    words::words(word).first().map_or(0, |word| word.exact)
}

impl Table {
    fn new(file: File) -> Self {
        let mut table = Self {
            names: Vec::new(),
            phrases: Vec::new(),
            first: HashMap::new(),
            turned: HashMap::new(),
            same: file.same.iter().map(|[word, other]| (key(word), key(other))).collect(),
            implies: HashMap::new(),
            kind_of: HashMap::new(),
            taken_for: HashMap::new(),
            limits: HashMap::new(),
            graded: FxHashSet::default(),
            renewed: FxHashSet::default(),
            steps: FxHashSet::default(),
        };
        for (row, entry) in file.credentials.into_iter().enumerate() {
            table.add(row, entry);
        }
        let phrases = &table.phrases;
        for list in table.first.values_mut().chain(table.turned.values_mut()) {
            list.sort_by_key(|at| std::cmp::Reverse(phrases[*at].parts.len()));
            list.dedup();
        }
        table
    }

    fn add(&mut self, row: usize, entry: Row) {
        let phrases = entry.phrases.into_iter().map(|name| (name, false, None));
        let levels = entry.levels.into_iter().map(|(name, level)| (name, false, Some(level)));
        let short = entry.abbreviations.into_iter().map(|name| (name, true, None));
        for (name, exact, level) in phrases.chain(levels).chain(short) {
            self.add_phrase(&name, exact, level, row);
        }
        if !entry.implies.is_empty() {
            self.implies.insert(entry.name.clone(), entry.implies);
        }
        if let Some(general) = entry.kind_of {
            self.kind_of.insert(entry.name.clone(), general);
        }
        if !entry.taken_for.is_empty() {
            self.taken_for.insert(entry.name.clone(), entry.taken_for);
        }
        if !entry.limits.is_empty() {
            self.limits.insert(entry.name.clone(), entry.limits);
        }
        if entry.graded {
            self.graded.insert(entry.name.clone());
        }
        if entry.renewed {
            self.renewed.insert(entry.name.clone());
        }
        if entry.steps {
            self.steps.insert(entry.name.clone());
        }
        self.names.push(entry.name);
    }

    fn add_phrase(&mut self, name: &str, exact: bool, level: Option<u8>, row: usize) {
        let parts = words::words(name).into_iter().map(|word| Part {
            exact: self.plain(word.exact),
            written: word.written,
            stem: word.stem,
            low: name[word.bytes].to_lowercase(),
        });
        let phrase = Phrase {
            parts: parts.collect(),
            exact: exact.then(|| name.to_owned()),
            level,
            row,
        };
        let (Some(first), Some(last)) = (phrase.parts.first(), phrase.parts.last()) else {
            return;
        };
        let at = self.phrases.len();
        self.first.entry(first.exact).or_default().push(at);
        if phrase.is_long() && first.stem != first.exact {
            self.first.entry(first.stem).or_default().push(at);
        }
        if !exact && phrase.parts.len() > 1 {
            self.turned.entry(last.exact).or_default().push(at);
        }
        self.phrases.push(phrase);
    }

    /// The word that stands for this one and for others that mean the same: `licence` for `lic`.
    pub(super) fn plain(&self, exact: u64) -> u64 {
        self.same.get(&exact).copied().unwrap_or(exact)
    }

    /// The phrases that may begin with a word, which may be the plural of initials: `RNs`.
    pub(super) fn beginning(&self, word: &Word) -> impl Iterator<Item = &Phrase> {
        let plural = (word.written != word.exact).then_some(word.written);
        let stem = (word.stem != word.exact).then_some(word.stem);
        let firsts = [Some(self.plain(word.exact)), plural, stem].into_iter().flatten();
        firsts.flat_map(|first| self.at(&self.first, first))
    }

    /// The phrases of which the last word may be this one.
    pub(super) fn ending(&self, word: &Word) -> impl Iterator<Item = &Phrase> {
        self.at(&self.turned, self.plain(word.exact))
    }

    fn at<'t>(&'t self, index: &'t HashMap<u64, Vec<usize>>, key: u64) -> impl Iterator<Item = &'t Phrase> {
        index.get(&key).into_iter().flatten().map(|at| &self.phrases[*at])
    }
}
