//! Search for a phrase in a resume: all its content words near each other in one sentence, in any inflection.

use std::ops::Range;

use super::super::words::{self, Stems, Word};
use super::vocabulary::{VOCABULARY, is_task_verb};

/// The number of further words between those of a phrase.
const SPREAD: usize = 4;
/// The rarity above which one word identifies a phrase of a verb and a noun.
const RARE: f32 = 7.0;
/// Endings of nouns made from verbs, and the verb's ending.
const DERIVED: [(&str, &str); 6] = [
    ("ment", ""),
    ("ation", ""),
    ("ation", "e"),
    ("ion", ""),
    ("ion", "e"),
    ("al", ""),
];

/// The number of letters from which the initials of a phrase stand for it: SOP.
const LEAST_INITIALS: usize = 3;
/// The number of letters above which capitals are a style.
const MOST_INITIALS: usize = 6;
/// The beginning of the keys of acronyms.
const ACRONYM: u64 = 0x41;

/// The words of a phrase.
#[derive(Debug, Clone, Default)]
pub(in crate::matching) struct Needle {
    /// Each word with the stems of its forms.
    words: Vec<Vec<u64>>,
    /// The keys of its initials, with those of all words and of the content words: `POS`, `SOP`.
    initials: Vec<u64>,
}

/// The words of a text by their stems, with the number of their sentence.
#[derive(Debug, Default)]
pub(in crate::matching) struct WordIndex(Stems<Vec<(usize, usize)>>);

impl Needle {
    /// The content words of a phrase. Verbs such as "manage" are left out if the rest says enough; `rarity` is that of a
    /// stem.
    pub(in crate::matching) fn new(phrase: &str, rarity: impl Fn(u64) -> f32) -> Self {
        let all = words::words(phrase);
        let content = || all.iter().filter(|word| word.subject);
        let lower = |word: &Word| phrase[word.bytes.clone()].to_lowercase();
        let telling: Vec<&Word> = content()
            .filter(|word| !VOCABULARY.light.contains(&lower(word)))
            .collect();
        // `ADR licence` is named by `ADR`, but `FORKLIFT LICENCE` not by a word of it.
        if let [short] = telling[..]
            && is_short(short)
            && all.iter().any(|word| !word.acronym)
        {
            return Self::acronym(short);
        }
        let enough = match telling[..] {
            [] => false,
            [one] => rarity(one.stem) >= RARE,
            _ => true,
        };
        let chosen: Vec<&Word> = if enough { telling } else { content().collect() };
        let initials = |words: &mut dyn Iterator<Item = &Word>| {
            let first = |word: &Word| phrase[word.bytes.clone()].chars().next();
            let initials: String = words.filter_map(first).flat_map(char::to_lowercase).collect();
            let spelt = initials.len() >= LEAST_INITIALS && initials.bytes().all(|b| b.is_ascii_lowercase());
            spelt.then(|| words::chain(ACRONYM, words::hash(initials.as_bytes())))
        };
        // Those of `installing test panels` stand for something else.
        let task = all.first().is_some_and(|first| {
            all.len() >= 2 && is_task_verb(first) && !VOCABULARY.verbs_and_nouns.contains(&lower(first))
        });
        let all_initials = if task {
            [None, None]
        } else {
            [initials(&mut all.iter()), initials(&mut content())]
        };
        Self {
            words: chosen.into_iter().map(|word| forms(word.stem, &lower(word))).collect(),
            initials: all_initials.into_iter().flatten().collect(),
        }
    }

    /// A name in capitals, which counts only where it is written so.
    pub(in crate::matching) fn acronym(word: &Word) -> Self {
        Self {
            words: vec![vec![words::chain(ACRONYM, word.written)]],
            initials: Vec::new(),
        }
    }
}

/// Whether a word is a name in capitals that is long enough to tell something.
pub(in crate::matching) fn is_short(word: &Word) -> bool {
    word.acronym && (LEAST_INITIALS..=MOST_INITIALS).contains(&word.bytes.len())
}

/// Spellings of Britain and America.
const SPELLINGS: [(&str, &str); 14] = [
    ("is", "iz"),
    ("ys", "yz"),
    ("our", "or"),
    ("tre", "ter"),
    ("bre", "ber"),
    ("ll", "l"),
    ("programme", "program"),
    ("catalogue", "catalog"),
    ("aluminium", "aluminum"),
    ("jewellery", "jewelry"),
    ("licence", "license"),
    ("practise", "practice"),
    ("aesth", "esth"),
    ("paed", "ped"),
];
/// Endings before which those of verbs differ.
const ENDINGS: [&str; 8] = ["e", "es", "ed", "ing", "er", "ation", "ations", "ers"];

/// The spelling of a word elsewhere, if it may have one.
fn spelt_elsewhere(word: &str) -> impl Iterator<Item = String> {
    SPELLINGS.iter().flat_map(move |&(british, american)| {
        [(british, american), (american, british)]
            .into_iter()
            .filter_map(move |(from, to)| {
                // Setting up a search in a text costs more than trying every place of a word.
                let mut places = word.as_bytes().windows(from.len());
                let at = places
                    .rposition(|part| part == from.as_bytes())
                    .filter(|at| *at >= 2 || british.len() >= 4)?;
                let rest = &word[at + from.len()..];
                let fits = match british {
                    "is" | "ys" => ENDINGS.contains(&rest),
                    // The last of two letters, too, is the American one.
                    "ll" => {
                        let single = from != british && !word[..at].ends_with('l');
                        matches!(rest, "ing" | "ed" | "er" | "ers") && (from == british || single)
                            || single && rest.is_empty()
                    }
                    "our" => matches!(rest, "" | "s" | "ed" | "ing" | "al" | "er" | "ers"),
                    "tre" | "bre" => matches!(rest, "" | "s"),
                    _ => true,
                };
                fits.then(|| format!("{}{to}{rest}", &word[..at]))
            })
    })
}

/// The stems of a word, of its spelling elsewhere and of the nouns or verbs made from it.
fn forms(stem: u64, word: &str) -> Vec<u64> {
    let mut forms = vec![stem];
    if word.len() < 5 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return forms;
    }
    forms.extend(spelt_elsewhere(word).flat_map(|other| words::stems(&other).collect::<Vec<_>>()));
    for (noun, verb) in DERIVED {
        if let Some(root) = word.strip_suffix(noun).filter(|root| root.len() >= 4) {
            forms.extend(words::stems(&format!("{root}{verb}")));
        }
        if let Some(root) = word.strip_suffix(verb).filter(|root| root.len() >= 4) {
            forms.extend(words::stems(&format!("{root}{noun}")));
        }
    }
    forms.sort_unstable();
    forms.dedup();
    forms
}

impl WordIndex {
    /// Indexes the words of sentences, each given as a range of words.
    pub(in crate::matching) fn new(words: &[Word], sentences: impl Iterator<Item = (usize, Range<usize>)>) -> Self {
        let mut index = Stems::<Vec<(usize, usize)>>::default();
        for (sentence, range) in sentences {
            for at in range.filter(|&at| words[at].subject) {
                let word = &words[at];
                index.entry(word.stem).push((sentence, at));
                if word.acronym && word.bytes.len() >= LEAST_INITIALS {
                    index.entry(words::chain(ACRONYM, word.written)).push((sentence, at));
                }
            }
        }
        Self(index)
    }

    /// Whether a content word of the text has this stem.
    pub(in crate::matching) fn has(&self, stem: u64) -> bool {
        self.0.get(stem).is_some()
    }

    /// The places of a phrase as ranges of words, in order and without overlap.
    pub(in crate::matching) fn find(&self, needle: &Needle) -> Vec<Range<usize>> {
        let mut found = self.together(needle);
        let short = needle.initials.iter().filter_map(|key| self.0.get(*key)).flatten();
        found.extend(short.map(|&(_, at)| at..at + 1));
        found.sort_unstable_by_key(|range| range.start);
        let mut end = 0;
        found.retain(|range| {
            let apart = range.start >= end;
            end = end.max(range.end);
            apart
        });
        found
    }

    /// The places where the words of a phrase are near each other.
    fn together(&self, needle: &Needle) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        // Most phrases lack a word, and are looked up for each of many postings.
        let lacks = |forms: &Vec<u64>| forms.iter().all(|form| self.0.get(*form).is_none());
        if needle.words.iter().any(lacks) {
            return found;
        }
        let mut places: Vec<Vec<(usize, usize)>> = Vec::with_capacity(needle.words.len());
        for forms in &needle.words {
            let mut all: Vec<(usize, usize)> = Vec::new();
            all.extend(forms.iter().filter_map(|form| self.0.get(*form)).flatten());
            all.sort_unstable_by_key(|place| place.1);
            places.push(all);
        }
        let reach = places.len() + SPREAD;
        let Some((first, others)) = places.split_first() else {
            return found;
        };
        for &(sentence, at) in first {
            let mut range = at..at + 1;
            let whole = others.iter().all(|places| {
                // The places are in order, so that the nearest is one of two.
                let after = places.partition_point(|place| place.1 < at);
                let two = places[after.saturating_sub(1)..].iter().take(2);
                let near = two.filter(|place| place.0 == sentence && place.1.abs_diff(at) <= reach);
                let nearest = near.min_by_key(|place| place.1.abs_diff(at));
                nearest.is_some_and(|&(_, other)| {
                    range = range.start.min(other)..range.end.max(other + 1);
                    true
                })
            });
            if whole && found.last().is_none_or(|last| last.end <= range.start) {
                found.push(range);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(phrase: &str, text: &str) -> bool {
        let read = words::words(text);
        let index = WordIndex::new(&read, std::iter::once((0, 0..read.len())));
        !index.find(&Needle::new(phrase, |_| 1.0)).is_empty()
    }

    /// In both directions.
    #[test]
    fn spellings_of_britain_and_america_are_equal() {
        for (british, american) in [
            ("labour planning", "labor planning"),
            ("hair colouring", "hair coloring"),
            ("organising events", "organizing events"),
            ("tool sterilisation", "tool sterilization"),
            ("analysing samples", "analyzing samples"),
            ("debt counselling", "debt counseling"),
            ("shelf labelling", "label the shelf"),
            ("training programmes", "training programs"),
            ("paediatric wards", "pediatric wards"),
            ("call centre", "call center"),
            ("alarm licence", "alarm license"),
        ] {
            assert!(finds(british, american), "{british}");
            assert!(finds(american, british), "{american}");
        }
        assert!(!finds("four doors", "for doors"));
    }

    /// Whatever stands beside it.
    #[test]
    fn a_name_in_capitals_is_named_without_the_kind_of_its_paper() {
        for name in ["ADR", "SIA", "CPCS"] {
            for kind in ["licence", "certificate", "certification"] {
                for text in [
                    format!("{name} held"),
                    format!("full {name}, Moffett"),
                    format!("{name} badge"),
                ] {
                    assert!(finds(&format!("{name} {kind}"), &text), "{name} {kind}: {text}");
                    assert!(!finds(&format!("{name} {kind}"), &text.to_lowercase()), "{text}");
                }
            }
        }
        assert!(!finds("FORKLIFT LICENCE", "Drove a forklift"));
        assert!(!finds("forklift licence", "FORKLIFT"));
    }

    /// Whatever the phrase: its initials are those of its content words or of all its words.
    #[test]
    fn initials_in_capitals_stand_for_a_phrase() {
        for (phrase, short) in [
            ("standard operating procedures", "SOPs"),
            ("point of sale", "POS"),
            ("activities of daily living", "ADLs"),
            ("computer numerical control", "CNC"),
            ("service level agreements", "SLA"),
        ] {
            assert!(finds(phrase, &format!("Worked with {short} daily")), "{phrase}");
            assert!(
                !finds(phrase, &format!("Worked with {} daily", short.to_lowercase())),
                "{phrase}"
            );
        }
        assert!(!finds("purchase orders", "PO box"));
        // Tasks are not called by their initials.
        assert!(!finds("installing and terminating power", "Wrote ITP packs"));
        assert!(!finds("prepare order sheets", "POS tills"));
        let read = words::words("SOPs, standard operating procedures");
        let index = WordIndex::new(&read, std::iter::once((0, 0..read.len())));
        let found = index.find(&Needle::new("standard operating procedures", |_| 1.0));
        assert_eq!(found, [0..1, 1..4], "each place once");
    }
}
