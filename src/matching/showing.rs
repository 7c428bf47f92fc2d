//! What shows a skill of a posting: a sentence about it, or its name alone. Licences, languages, products, tools and places
//! have names, and a sentence that is similar to one tells of another.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

use super::words::{Case, Gap, Word};

/// The words of `languages.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Languages {
    names: HashSet<String>,
    beside: HashSet<String>,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
static LANGUAGES: LazyLock<Languages> =
    LazyLock::new(|| toml::from_str(include_str!("languages.toml")).expect("languages.toml is valid"));

/// What shows a skill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Showing {
    /// A sentence about it.
    Sentence,
    /// A sentence about it that has one of these words, given as stems: `SAP reports`.
    Word(Vec<u64>),
    /// Its name, another name of it, or a name that implies it.
    Name,
    /// As [`Self::Name`], of a licence or a language, beside which nothing counts.
    Exact,
}

impl Showing {
    /// Whether no sentence shows it.
    pub(super) fn is_name(&self) -> bool {
        matches!(self, Self::Name | Self::Exact)
    }

    /// The words of which a sentence has to have one; empty if it needs none.
    pub(super) fn words(&self) -> &[u64] {
        match self {
            Self::Word(stems) => stems,
            Self::Sentence | Self::Name | Self::Exact => &[],
        }
    }
}

/// Words of licences and certificates, in the singular. Others, such as `card` and `ticket`, are things as well.
const PROOFS: [&str; 7] = [
    "accreditation",
    "cert",
    "certificate",
    "certification",
    "licence",
    "license",
    "licensure",
];
/// The number of content words from which capitals are a style if most words have them.
const LEAST_STYLED: usize = 4;

/// Whether a word names a human language.
pub(super) fn is_language(word: &str) -> bool {
    LANGUAGES.names.contains(&*word.to_lowercase())
}

/// The language that words name, as the index of its word, if they name nothing else: `fluent Spanish`.
pub(super) fn language(text: &str, words: &[Word]) -> Option<usize> {
    let written = |word: &Word| text[word.bytes.clone()].to_lowercase();
    let named = |word: &Word| word.case != Case::Lower && is_language(&written(word));
    let at = words.iter().position(named)?;
    let beside = |word: &Word| !word.subject || LANGUAGES.beside.contains(&written(word));
    let mut others = words.iter().enumerate().filter(|(other, _)| *other != at);
    others.all(|(_, word)| beside(word)).then_some(at)
}

/// Whether words only say how well a language is spoken: `clear written and spoken`.
pub(super) fn is_beside_language(text: &str, words: &[Word]) -> bool {
    let mut content = words.iter().filter(|word| word.subject);
    content.all(|word| LANGUAGES.beside.contains(&text[word.bytes.clone()].to_lowercase()))
}

/// How the words of a line are written.
#[derive(Debug)]
pub(super) struct Style<'a> {
    text: &'a str,
    line: &'a [Word],
    /// Whether most words have a capital, or all letters of most words are capitals.
    titled: bool,
    shouted: bool,
}

impl<'a> Style<'a> {
    pub(super) fn new(text: &'a str, line: &'a [Word]) -> Self {
        let content = line.iter().filter(|word| word.subject).count();
        let most = |has: &dyn Fn(&Word) -> bool| {
            let own = line.iter().filter(|word| word.subject && has(word)).count();
            content >= LEAST_STYLED && 3 * own >= 2 * content
        };
        Self {
            titled: most(&|word| word.case != Case::Lower),
            shouted: most(&|word| word.case == Case::Upper && word.bytes.len() > 2),
            text,
            line,
        }
    }

    /// Whether a word is written as a name: `AutoCAD`, `SAP`, `C++`, or with a capital where other words have none.
    fn is_proper(&self, at: usize) -> bool {
        let word = &self.line[at];
        let written = &self.text[word.bytes.clone()];
        let letters = written.chars().filter(|c| c.is_alphabetic()).count();
        let signed = letters > 0 && written.contains(['+', '#']);
        let inner = written.chars().skip(1).any(char::is_uppercase) && written.contains(char::is_lowercase);
        let joined = word.gap == Gap::Joint || self.line.get(at + 1).is_some_and(|next| next.gap == Gap::Joint);
        match word.case {
            _ if signed || inner && !self.shouted => true,
            Case::Upper => !self.shouted && (letters > 1 || joined && letters > 0),
            Case::Capital if self.titled => false,
            // `Prometheus and Grafana`: the first of a list is written as the next one is.
            Case::Capital if at == 0 || self.begins(at) => self.next_item(at).is_some_and(|next| self.is_proper(next)),
            Case::Capital => true,
            Case::Lower => false,
        }
    }

    /// The next item of a list of single words.
    fn next_item(&self, at: usize) -> Option<usize> {
        let next = self.line.get(at + 1)?;
        let joint = matches!(&self.text[next.bytes.clone()], "and" | "or" | "and/or");
        let comma = || self.text[self.line[at].bytes.end..next.bytes.start].trim() == ",";
        let item = if joint { at + 2 } else { at + 1 };
        (item < self.line.len() && (joint || comma())).then_some(item)
    }

    /// Whether a sentence or an item begins at a word.
    fn begins(&self, at: usize) -> bool {
        let end = at.checked_sub(1).map_or(0, |before| self.line[before].bytes.end);
        let between = self.text.get(end..self.line[at].bytes.start).unwrap_or_default();
        between.contains(['.', ':', ';', '!', '?', '\u{2022}', '\n'])
    }

    /// What shows the skill that these words of the line name. `known` is set if the lexicon writes it as a name,
    /// `task` if it is something that is done.
    pub(super) fn showing(&self, name: &Range<usize>, known: bool, task: bool) -> Showing {
        let own = &self.line[name.clone()];
        if language(self.text, own).is_some() {
            return Showing::Exact;
        }
        let low = |word: &Word| self.text[word.bytes.clone()].to_lowercase();
        let proof = |word: &Word| {
            let low = low(word);
            PROOFS.contains(&&*low) || low.strip_suffix('s').is_some_and(|one| PROOFS.contains(&one))
        };
        if !task && own.iter().any(proof) {
            return Showing::Exact;
        }
        if known {
            return Showing::Name;
        }
        let content = || name.clone().filter(|&at| self.line[at].subject);
        let proper = |at: usize| {
            let word = &self.line[at];
            self.is_proper(at) || word.case != Case::Lower && is_language(&low(word))
        };
        let stems: Vec<u64> = content()
            .filter(|&at| proper(at))
            .map(|at| self.line[at].stem)
            .collect();
        if stems.is_empty() {
            Showing::Sentence
        } else if stems.len() == content().count() {
            Showing::Name
        } else {
            Showing::Word(stems)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::matched;
    use super::super::words;
    use super::*;

    /// What shows the part of a line that is called `name`, if the lexicon does not know it.
    fn showing(line: &str, name: &str) -> Showing {
        let words = words::words(line);
        let start = line.find(name).unwrap();
        let at = |byte: usize| words.partition_point(|word| word.bytes.start < byte);
        Style::new(line, &words).showing(&(at(start)..at(start + name.len())), false, false)
    }

    #[test]
    fn names_are_told_from_abilities_by_how_they_are_written() {
        for (line, name, want) in [
            ("Experience of Blue Yonder or Manhattan", "Manhattan", Showing::Name),
            ("Experience of Blue Yonder or Manhattan", "Blue Yonder", Showing::Name),
            ("Prometheus and Grafana", "Prometheus", Showing::Name),
            ("Welding and brazing", "Welding", Showing::Sentence),
            ("knowledge of wound care", "wound care", Showing::Sentence),
            (
                "Wound Care and Patient Safety Training",
                "Patient Safety",
                Showing::Sentence,
            ),
            (
                "STRONG WOUND CARE AND PATIENT SAFETY",
                "PATIENT SAFETY",
                Showing::Sentence,
            ),
            ("use of AutoCAD", "AutoCAD", Showing::Name),
            ("a food hygiene certificate", "food hygiene certificate", Showing::Exact),
            ("fluent Spanish is needed", "fluent Spanish", Showing::Exact),
            ("polish the floors", "polish", Showing::Sentence),
        ] {
            assert_eq!(showing(line, name), want, "{line}: {name}");
        }
        let mixed = showing("keeping SAP records straight", "SAP records");
        assert_eq!(mixed.words().len(), 1, "{mixed:?}");
    }

    /// Whatever is asked for by name, and whatever else a resume says: a sentence about something else does not show it.
    #[test]
    fn no_unrelated_sentence_shows_what_has_a_name() {
        let names = [
            "Full driving licence",
            "Valid forklift licence",
            "NEBOSH certificate",
            "Fluent Spanish",
            "Conversational Somali",
            "British Sign Language",
            "Polish",
            "Salesforce",
            "Experience with Blue Yonder",
            "Use of AutoCAD",
            "Knowledge of QuickBooks",
            "Registered with the NMC",
        ];
        let sentences = [
            "I am able to clean this home and every other.",
            "Fluent in Portuguese and Greek.",
            "Yorkline Parcels in Leeds, with a view of the canal.",
            "Drove sales up by a third and steered the team through a merger.",
            "Polished the floors and the silver each week.",
            "Planned the accounts of nine clients in our own tables.",
            "Signed for parcels and lifted pallets with a pump truck.",
            "Spoke at two conferences about languages of birds.",
        ];
        for name in names {
            let job = format!("Assistant\n\nRequirements\n- {name}\n- Knows how to keep bees and to bottle honey\n");
            let told = sentences.join("\n- ");
            let resume = format!("Quill Placeholder\n\nExperience\nAssistant, Oak Ltd, 2015 - 2020\n- {told}\n");
            let found = matched(&resume, &job);
            let asked = found.requirements.iter().find(|one| one.text.contains(name));
            let asked = asked.unwrap_or_else(|| panic!("{name}: {:?}", found.requirements));
            assert!(!asked.met && asked.evidence.is_none(), "{name}: {asked:?}");
            let shown = found.skills.matched.iter().find(|one| name.contains(&one.skill.label));
            assert!(shown.is_none(), "{name}: {shown:?}");
        }
    }

    #[test]
    fn a_name_in_a_list_of_skills_shows_it() {
        for (name, told) in [
            ("Fluent Spanish", "English, Spanish"),
            ("Good spoken Polish", "Polish (mother tongue), German"),
            ("Use of AutoCAD", "AutoCAD, Excel"),
        ] {
            let job = format!("Assistant\n\nRequirements\n- {name}\n- Knows how to keep bees and to bottle honey\n");
            let resume = format!(
                "Quill Placeholder\n\nExperience\nAssistant, Oak Ltd, 2015 - 2020\n- Kept bees and bottled honey for the town.\n\n\
                 Skills\n{told}\n"
            );
            let found = matched(&resume, &job);
            let asked = found.requirements.iter().find(|one| one.text.contains(name)).unwrap();
            assert!(
                asked.met && asked.evidence.is_some(),
                "{name}: {asked:?} {:?}",
                found.skills
            );
        }
    }
}
