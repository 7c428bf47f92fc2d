//! Skills that other names show: Django shows Python, HubSpot a CRM, "reconciled bank statements" bank reconciliation.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

use super::mention::Mention;
use super::skill_phrases::{Needle, WordIndex};
use super::words::{self, Case, Word};

/// The content of `broader.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    makers: Vec<String>,
    skills: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    names: Vec<String>,
    shown_by: Vec<String>,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
static FILE: LazyLock<File> =
    LazyLock::new(|| toml::from_str(include_str!("broader.toml")).expect("broader.toml is valid"));

/// The rarity from which a name that the lexicon does not know is no everyday word: Maximo.
const RARE: f32 = 7.0;

/// Words at the end of a name that make no difference: `CRM system`.
const GENERIC: [&str; 8] = [
    "applications",
    "basics",
    "essentials",
    "fundamentals",
    "platform",
    "software",
    "system",
    "systems",
];

/// The skills that other names show.
#[derive(Debug, Default)]
pub(super) struct BroaderSkills {
    by_label: HashMap<u32, usize>,
    by_words: HashMap<Vec<u64>, usize>,
    shown_by: Vec<Narrower>,
}

/// The names that show a skill.
#[derive(Debug, Default)]
struct Narrower {
    labels: HashSet<u32>,
    phrases: Vec<Needle>,
}

impl BroaderSkills {
    /// Looks the names up in a lexicon: `label_of` returns the skill that a name is a label of, `rarity` that of a stem. A
    /// name of one word with a capital counts only if the lexicon knows it or it is rare.
    pub(super) fn new(label_of: impl Fn(&str) -> Option<u32>, rarity: impl Fn(u64) -> f32) -> Self {
        let mut all = Self::default();
        for row in &FILE.skills {
            let at = all.shown_by.len();
            for name in &row.names {
                all.by_words.entry(key(name)).or_insert(at);
                if let Some(label) = label_of(name) {
                    all.by_label.entry(label).or_insert(at);
                }
            }
            let mut narrower = Narrower::default();
            for name in &row.shown_by {
                let rare = || words::stems(name).all(|stem| rarity(stem) >= RARE);
                let phrase = name.contains(' ') || !name.contains(char::is_uppercase) || rare();
                match label_of(name) {
                    Some(label) => _ = narrower.labels.insert(label),
                    None if phrase => narrower.phrases.push(Needle::new(name, &rarity)),
                    None => {}
                }
            }
            all.shown_by.push(narrower);
        }
        all
    }

    /// The index of a skill that other names show, by its label in the lexicon or the words that name it.
    pub(super) fn find(&self, label: Option<u32>, name: &str) -> Option<usize> {
        let labelled = label.and_then(|label| self.by_label.get(&label));
        labelled.or_else(|| self.by_words.get(&key(name))).copied()
    }

    /// The places in a text that show each of these skills, as ranges of words.
    pub(super) fn places(&self, mentions: &[Mention], index: &WordIndex) -> Vec<Vec<Range<usize>>> {
        let of = |narrower: &Narrower| {
            let named = mentions.iter().filter(|one| narrower.labels.contains(&one.skill));
            let told = narrower.phrases.iter().flat_map(|phrase| index.find(phrase));
            named.map(|one| one.words.clone()).chain(told).collect()
        };
        self.shown_by.iter().map(of).collect()
    }
}

/// The name of a product without that of its maker, `Flink` of `Apache Flink`, if it is one word that is no everyday word.
/// `rarity` is that of a stem.
pub(super) fn product(name: &str, rarity: impl Fn(u64) -> f32) -> Option<&str> {
    let without = |maker: &String| {
        let begins = name.get(..maker.len())?.eq_ignore_ascii_case(maker);
        let rest = name.get(maker.len()..).filter(|_| begins)?;
        rest.strip_prefix(' ')
    };
    let own = FILE.makers.iter().find_map(without)?;
    let read = words::words(own);
    let [word] = read.as_slice() else {
        return None;
    };
    (word.case != Case::Lower && rarity(word.stem) >= RARE).then_some(own)
}

/// The words that tell a name from others, as sorted stems.
fn key(name: &str) -> Vec<u64> {
    let all = words::words(name);
    let content = |word: &&Word| word.subject && !GENERIC.contains(&&*name[word.bytes.clone()].to_lowercase());
    let mut stems: Vec<u64> = all.iter().filter(content).map(|word| word.stem).collect();
    stems.sort_unstable();
    stems.dedup();
    stems
}

#[cfg(test)]
mod tests {
    use super::super::tests::matched;
    use super::*;

    #[test]
    fn every_name_is_in_one_row_and_says_something() {
        let mut rows: HashMap<Vec<u64>, usize> = HashMap::new();
        for (at, row) in FILE.skills.iter().enumerate() {
            assert!(!row.shown_by.is_empty(), "{:?}", row.names);
            for name in &row.names {
                assert!(!key(name).is_empty(), "{name}");
                assert_eq!(*rows.entry(key(name)).or_insert(at), at, "{name}");
            }
        }
    }

    /// The rows that a text shows, if the lexicon knows no names.
    fn shown(all: &BroaderSkills, text: &str) -> Vec<usize> {
        let words = words::words(text);
        let index = WordIndex::new(&words, std::iter::once((0, 0..words.len())));
        let places = all.places(&[], &index).into_iter().enumerate();
        places
            .filter(|(_, places)| !places.is_empty())
            .map(|(row, _)| row)
            .collect()
    }

    #[test]
    fn each_phrase_shows_its_skills() {
        let all = BroaderSkills::new(|_| None, |_| 5.0);
        for (at, row) in FILE.skills.iter().enumerate() {
            for name in &row.names {
                assert_eq!(all.find(None, name), Some(at), "{name}");
            }
            let phrases = row
                .shown_by
                .iter()
                .filter(|one| one.contains(' ') && !one.contains(char::is_uppercase));
            for phrase in phrases {
                assert!(
                    shown(&all, &format!("Also {phrase} every week")).contains(&at),
                    "{phrase}"
                );
            }
        }
        for text in [
            "Wrote poems until 2019",
            "In order to present the key to Bill",
            "Hired a car to Opera Square",
        ] {
            assert_eq!(shown(&all, text), [0; 0], "{text}");
        }
    }

    #[test]
    fn names_of_the_lexicon_show_skills_too() {
        let known = ["CRM", "HubSpot", "Salesforce"];
        let label = |name: &str| {
            known
                .iter()
                .position(|known| *known == name)
                .map(crate::matching::span::as_u32)
        };
        let all = BroaderSkills::new(label, |_| 5.0);
        let crm = all.find(Some(0), "our CRM");
        assert_eq!(crm, all.find(None, "customer relationship management software"));
        let words = words::words("HubSpot");
        let mention = Mention {
            skill: 1,
            bytes: words[0].bytes.clone(),
            words: 0..1,
            everyday: false,
            acronym: false,
            labelled: false,
            certain: false,
        };
        let places = all.places(&[mention], &WordIndex::default());
        let rows: Vec<usize> = (0..places.len()).filter(|&row| !places[row].is_empty()).collect();
        assert!(crm.is_some_and(|crm| rows.contains(&crm)), "{rows:?}");
        let marketing = all.find(None, "marketing automation");
        assert_eq!(rows.len(), 2, "a CRM and marketing automation: {marketing:?}");
    }

    /// With any maker, and in whichever text its maker is named.
    #[test]
    fn a_product_is_found_without_the_name_of_its_maker() {
        let shown = |asked: &str, told: &str| {
            let job = format!(
                "Assistant\n\nRequirements\n- Experience with {asked}\n- Knows how to keep bees and to bottle honey\n"
            );
            let resume = format!(
                "Quill Placeholder\n\nExperience\nAssistant, Oak Ltd, 2015 - 2020\n- Used {told} each day for two years.\n"
            );
            let found = matched(&resume, &job);
            found.skills.matched.iter().any(|one| asked.ends_with(&one.skill.label))
        };
        for maker in ["Apache", "Adobe", "Red Hat", "Google"] {
            let asked = format!("{maker} Zelvant");
            assert!(shown(&asked, "Zelvant"), "{asked}");
            assert!(shown(&asked, &asked), "{asked}");
            assert!(shown("Zelvant", &asked), "{asked}");
            assert!(!shown(&asked, &format!("{maker} Quorlib")), "{asked}");
            assert!(!shown(&asked, maker), "{asked}");
        }
        for (asked, told) in [
            ("Apache Flink", "Flink"),
            ("Microsoft Excel", "Excel"),
            ("Adobe Photoshop", "Photoshop"),
            ("Google BigQuery", "BigQuery"),
        ] {
            assert!(shown(asked, told), "{asked}");
        }
        assert_eq!(product("Microsoft Access", |_| 3.0), None);
        assert_eq!(product("Apache web server", |_| 9.0), None);
        assert_eq!(product("Applewood", |_| 9.0), None);
    }

    #[test]
    fn words_such_as_system_make_no_difference() {
        for (one, other) in [
            ("CRM", "CRM systems"),
            ("accounting software", "Accounting"),
            ("leading a team", "Lead teams"),
        ] {
            assert_eq!(key(one), key(other));
        }
        assert_ne!(key("Java"), key("JavaScript"));
        assert_ne!(key("power tools"), key("power"));
    }
}
