//! The words of dates and durations, `dates.toml`, compiled for lookup by token.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

use super::token::{self, Kind, Token};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    english_months: Vec<Vec<String>>,
    months: Vec<Vec<String>>,
    present: Vec<String>,
    until: Vec<String>,
    until_labels: Vec<String>,
    since: Vec<String>,
    from: Vec<String>,
    and: Vec<String>,
    onwards: Vec<String>,
    of: Vec<String>,
    ordinals: Vec<String>,
    seasons: Vec<Season>,
    eras: Vec<Era>,
    year: Vec<String>,
    month: Vec<String>,
    decade: Vec<String>,
    numbers: BTreeMap<String, u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Season {
    first: u32,
    last: u32,
    names: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Era {
    name: String,
    before: u32,
}

/// The meaning of a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A month in English or another language, 1 to 12.
    Month { number: u32, english: bool },
    /// The end of a period that continues.
    Present,
    /// Between the ends of a period.
    Until,
    /// Before a colon and the end of a period.
    UntilLabel,
    /// Before the start of a period that continues.
    Since,
    /// Before the start of any period.
    From,
    /// Between the ends of a period after "between".
    And,
    /// After the start of a period that continues.
    Onwards,
    /// Between the parts of a date.
    Of,
    /// After the number of a day.
    Ordinal,
    /// A part of a year, first and last month.
    Season { first: u32, last: u32 },
    /// A Japanese era, with the year before its first.
    Era(u32),
    /// A unit of durations, in months.
    Unit(u32),
    /// A number in words.
    Number(u32),
}

#[derive(Debug)]
struct Phrase {
    meaning: Meaning,
    /// The words after the first.
    rest: Vec<u32>,
}

/// The phrases by their first word.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    ids: HashMap<String, u32>,
    /// By the id of the first word, longest first.
    phrases: Vec<Vec<Phrase>>,
}

/// The words of `dates.toml`.
#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
pub(super) static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let table: Table = toml::from_str(include_str!("../dates.toml")).expect("dates.toml is valid");
    Vocabulary::new(&table)
});

impl Vocabulary {
    fn new(table: &Table) -> Self {
        let mut all = Self {
            ids: HashMap::new(),
            phrases: vec![Vec::new()],
        };
        for (months, english) in [(&table.english_months, true), (&table.months, false)] {
            for (names, number) in months.iter().zip(1..) {
                all.add_all(names, Meaning::Month { number, english });
            }
        }
        all.add_all(&table.present, Meaning::Present);
        all.add_all(&table.until, Meaning::Until);
        all.add_all(&table.until_labels, Meaning::UntilLabel);
        all.add_all(&table.since, Meaning::Since);
        all.add_all(&table.from, Meaning::From);
        all.add_all(&table.and, Meaning::And);
        all.add_all(&table.onwards, Meaning::Onwards);
        all.add_all(&table.of, Meaning::Of);
        all.add_all(&table.ordinals, Meaning::Ordinal);
        for season in &table.seasons {
            let (first, last) = (season.first, season.last);
            all.add_all(&season.names, Meaning::Season { first, last });
        }
        for era in &table.eras {
            all.add(&era.name, Meaning::Era(era.before));
        }
        for (names, months) in [(&table.year, 12), (&table.month, 1), (&table.decade, 120)] {
            all.add_all(names, Meaning::Unit(months));
        }
        for (name, &value) in &table.numbers {
            all.add(name, Meaning::Number(value));
        }
        for phrases in &mut all.phrases {
            phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.rest.len()));
        }
        all
    }

    fn add_all(&mut self, names: &[String], meaning: Meaning) {
        for name in names {
            self.add(name, meaning);
        }
    }

    fn add(&mut self, name: &str, meaning: Meaning) {
        let words: Vec<u32> = token::folded(name).into_iter().map(|word| self.intern(word)).collect();
        if let Some((&first, rest)) = words.split_first() {
            self.phrases[first as usize].push(Phrase {
                meaning,
                rest: rest.to_vec(),
            });
        }
    }

    fn intern(&mut self, word: String) -> u32 {
        let next = u32::try_from(self.phrases.len()).unwrap_or(0);
        let id = *self.ids.entry(word).or_insert(next);
        if id == next {
            self.phrases.push(Vec::new());
        }
        id
    }

    /// The id of a folded word, or 0 if no phrase contains it.
    pub(super) fn id(&self, folded: &str) -> u32 {
        self.ids.get(folded).copied().unwrap_or(0)
    }

    /// The first meaning at token `at` that `pick` accepts, and the index after its phrase; the longest phrase wins.
    pub(super) fn find<T>(
        &self,
        tokens: &[Token],
        at: usize,
        pick: impl Fn(Meaning) -> Option<T>,
    ) -> Option<(T, usize)> {
        let first = tokens.get(at)?.id;
        self.phrases.get(first as usize)?.iter().find_map(|phrase| {
            let value = pick(phrase.meaning)?;
            let mut next = at + 1;
            for &word in &phrase.rest {
                if tokens
                    .get(next)
                    .is_some_and(|token| matches!(token.kind, Kind::Space { .. }))
                {
                    next += 1;
                }
                if tokens.get(next)?.id != word {
                    return None;
                }
                next += 1;
            }
            Some((value, next))
        })
    }
}

/// The tokens of a text in order; they cover it without gaps.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::with_capacity(text.len() / 3);
    let mut word = String::new();
    token::scan(text, &mut word, |kind, bytes, folded| {
        let id = match kind {
            Kind::Space { .. } => 0,
            Kind::Number { digits, .. } if digits > 1 => 0,
            _ => VOCABULARY.id(folded),
        };
        found.push(Token { kind, bytes, id });
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_month_means_one_month() {
        let all = &*VOCABULARY;
        for (id, phrases) in all.phrases.iter().enumerate() {
            let mut months: Vec<u32> = phrases
                .iter()
                .filter(|phrase| phrase.rest.is_empty())
                .filter_map(|phrase| match phrase.meaning {
                    Meaning::Month { number, .. } => Some(number),
                    _ => None,
                })
                .collect();
            months.dedup();
            let name = all.ids.iter().find(|(_, known)| **known as usize == id);
            assert!(months.len() <= 1, "{name:?} means the months {months:?}");
        }
    }
}
