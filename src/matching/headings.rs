//! Headings of resumes: what the words of a line announce, and whether it has the form of a heading.
//!
//! The words are data, `headings.toml`, in the languages of resumes. Whether a line is a heading depends on its place
//! too, which `outline` adds.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::english::SectionKind;
use super::fold::fold;
use super::occupations;

mod form;
mod spelling;

pub(super) use self::form::Form;
use self::spelling::corrected;

/// How clearly the words of a line announce a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Clarity {
    /// The noun of the line does, other words are unknown: `Banking Experience`.
    Noun,
    /// All words do, but the line is also an item of a list: `Training`.
    Item,
    /// All words do.
    Whole,
}

/// What the words of a line announce.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meaning {
    pub(super) kind: SectionKind,
    pub(super) clarity: Clarity,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    sections: Vec<Group>,
    neutral: Vec<String>,
    apart: Vec<String>,
    phrases: HashMap<SectionKind, Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    kind: SectionKind,
    weight: f32,
    #[serde(default)]
    weak: bool,
    words: Vec<String>,
}

#[derive(Debug, Clone, Copy)]
struct Weight {
    kind: SectionKind,
    weight: f32,
    weak: bool,
}

#[derive(Debug)]
struct Words {
    topics: HashMap<String, Weight>,
    /// By the end of the word.
    ends: Vec<(String, Weight)>,
    neutral: HashSet<String>,
    apart: HashSet<String>,
    phrases: HashMap<String, SectionKind>,
    /// The number of characters of the longest topic or neutral word.
    longest: usize,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
static WORDS: LazyLock<Words> =
    LazyLock::new(|| Words::new(toml::from_str(include_str!("headings.toml")).expect("headings.toml is valid")));

impl Words {
    fn new(file: File) -> Self {
        let (mut topics, mut ends) = (HashMap::new(), Vec::new());
        for group in file.sections {
            let weight = Weight {
                kind: group.kind,
                weight: group.weight,
                weak: group.weak,
            };
            for word in group.words {
                match word.strip_prefix('*') {
                    Some(end) => ends.push((fold(end), weight)),
                    // The first group of a word counts.
                    None => {
                        topics.entry(fold(&word)).or_insert(weight);
                    }
                }
            }
        }
        let neutral: HashSet<String> = file.neutral.iter().map(|word| fold(word)).collect();
        let known = topics.keys().chain(&neutral);
        Self {
            longest: known.map(|word| word.chars().count()).max().unwrap_or(0),
            topics,
            ends,
            neutral,
            apart: file.apart.iter().map(|word| fold(word)).collect(),
            phrases: (file.phrases.iter())
                .flat_map(|(&kind, phrases)| phrases.iter().map(move |phrase| (fold(phrase), kind)))
                .collect(),
        }
    }

    /// The word, if it needs no correction.
    fn known<'w>(&self, word: &'w str) -> Option<&'w str> {
        (self.neutral.contains(word) || self.topic(word).is_some()).then_some(word)
    }

    fn topic(&self, word: &str) -> Option<Weight> {
        let whole = self.topics.get(word).copied();
        whole.or_else(|| {
            let ends = self.ends.iter().filter(|(end, _)| word.ends_with(end.as_str()));
            ends.map(|(_, weight)| *weight).next()
        })
    }

    /// The parts of a word that is several words of the table: `workexperience`, `工作经历`.
    fn parts<'w>(&self, word: &'w str) -> Option<Vec<&'w str>> {
        let ends: Vec<usize> = word.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
        if ends.len() > 40 {
            return None;
        }
        // The start of the last part of the shortest division of each prefix.
        let mut best: Vec<Option<(usize, usize)>> = vec![None; ends.len() + 1];
        best[0] = Some((0, 0));
        for until in 1..=ends.len() {
            for from in until.saturating_sub(self.longest)..until {
                let Some((count, _)) = best[from] else { continue };
                let part = &word[if from == 0 { 0 } else { ends[from - 1] }..ends[until - 1]];
                let caseless = !part.is_ascii() && !part.starts_with(char::is_lowercase);
                let long = caseless || part.len() > 2;
                let known = long && (self.topics.contains_key(part) || self.neutral.contains(part));
                if known && best[until].is_none_or(|(least, _)| count + 1 < least) {
                    best[until] = Some((count + 1, from));
                }
            }
        }
        let mut parts = Vec::new();
        let mut until = ends.len();
        while until > 0 {
            let (_, from) = best[until]?;
            parts.push(&word[if from == 0 { 0 } else { ends[from - 1] }..ends[until - 1]]);
            until = from;
        }
        parts.reverse();
        Some(parts)
    }
}

/// Headings have few words.
const MOST_WORDS: usize = 8;
/// The sum of weights from which words announce a section.
const ENOUGH: f32 = 2.0;

/// What the words of a line announce, which is without decoration.
pub(super) fn meaning(core: &str) -> Option<Meaning> {
    if core.len() > 90 || core.is_empty() {
        return None;
    }
    let folded = fold(core);
    let words = &*WORDS;
    let said: Vec<&str> = folded
        .split(' ')
        .filter(|word| !word.is_empty())
        .map(|word| words.known(word).or_else(|| corrected(word)).unwrap_or(word))
        .collect();
    if said.is_empty() || said.len() > MOST_WORDS {
        return None;
    }
    if let Some(&kind) = words.phrases.get(said.join(" ").as_str()) {
        let clarity = Clarity::Whole;
        return Some(Meaning { kind, clarity });
    }
    let mut sums: Vec<(SectionKind, f32)> = Vec::new();
    let (mut unknown, mut weak, mut topics) = (0, true, 0);
    let mut add = |weight: Weight| {
        topics += 1;
        weak &= weight.weak;
        match sums.iter_mut().find(|(kind, _)| *kind == weight.kind) {
            Some((_, sum)) => *sum += weight.weight,
            None => sums.push((weight.kind, weight.weight)),
        }
    };
    let (mut apart, mut last, mut first) = (false, None, None);
    for (at, word) in said.iter().enumerate() {
        // `Board of Education` and `Oak College` are names.
        let before_of = said
            .get(at + 1)
            .is_some_and(|next| matches!(*next, "of" | "for" | "de" | "fur"));
        if (before_of || at > 0 && at + 1 == said.len()) && words.apart.contains(*word) {
            return None;
        }
        if let Some(weight) = words.topic(word) {
            add(weight);
            (first, last) = (first.or(Some((at, weight))), Some((at, weight)));
        } else if !words.neutral.contains(*word) {
            let parts = words.parts(word).filter(|parts| parts.len() > 1);
            for weight in parts.iter().flatten().filter_map(|part| words.topic(part)) {
                add(weight);
                last = Some((at, weight));
            }
            unknown += usize::from(parts.is_none());
            apart |= parts.is_none() && words.apart.contains(*word);
        }
    }
    let (kind, sum) = sums.iter().copied().max_by(|a, b| {
        let late = |kind: SectionKind| last.is_some_and(|(_, weight)| weight.kind == kind);
        a.1.total_cmp(&b.1).then(late(a.0).cmp(&late(b.0)))
    })?;
    if unknown == 0 {
        // A sum of half-telling words such as `Career History` is enough.
        let clarity = if weak && topics == 1 {
            Clarity::Item
        } else {
            Clarity::Whole
        };
        let enough = sum >= ENOUGH || weak && sum > 1.0 || kind == SectionKind::Other;
        return enough.then_some(Meaning { kind, clarity });
    }
    // The noun is last, or first before `in`, `with` or what Romance languages put behind it.
    let noun = last
        .filter(|&(at, weight)| at + 1 == said.len() && weight.weight >= 2.5)
        .or_else(|| {
            let joint = said.get(1).is_some_and(|word| {
                matches!(
                    *word,
                    "in" | "with" | "en" | "em" | "de" | "del" | "im" | "als" | "bei" | "di" | "da" | "as"
                )
            });
            first.filter(|&(at, weight)| at == 0 && weight.weight >= 2.5 && joint)
        });
    let (_, weight) = noun.filter(|_| unknown <= 3 && !apart && !occupations::names_occupation(core))?;
    let kind = if weight.kind == SectionKind::Summary {
        weight.kind
    } else {
        kind
    };
    Some(Meaning {
        kind,
        clarity: Clarity::Noun,
    })
}

/// The section that a line opens wherever it is.
pub(super) fn section(line: &str) -> Option<SectionKind> {
    let form = Form::read(line).filter(|form| form.title || form.capitals)?;
    let found = meaning(&form.core).filter(|found| found.clarity == Clarity::Whole)?;
    Some(found.kind)
}

/// Whether a line can be joined to no other, because it is a heading wherever it is.
pub(super) fn opens(line: &str) -> bool {
    section(line).is_some()
}

/// Headings that announce one of several sections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ByContent {
    /// `Background`, `Overview`: the work history if it has periods.
    History,
    /// `Highlights`: skills if its lines are short, a summary otherwise.
    Highlights,
    /// `Qualifications`: education if it names schools, skills otherwise.
    Qualifications,
}

impl ByContent {
    pub(super) fn decide(self, dated: bool, short: bool, schools: bool) -> Option<SectionKind> {
        match self {
            Self::History => dated.then_some(SectionKind::Experience),
            Self::Highlights if short => Some(SectionKind::Skills),
            Self::Highlights => Some(SectionKind::Summary),
            Self::Qualifications if schools && dated => Some(SectionKind::Education),
            Self::Qualifications => None,
        }
    }
}

/// Whether the content decides what a heading announces.
pub(super) fn by_content(core: &str) -> Option<ByContent> {
    let folded = fold(core);
    match folded.rsplit(' ').next()? {
        "background" | "overview" if !folded.starts_with("educat") && !folded.starts_with("academ") => {
            Some(ByContent::History)
        }
        "highlights" if !folded.contains("skill") => Some(ByContent::Highlights),
        "qualifications" if !folded.contains(" of ") => Some(ByContent::Qualifications),
        _ => None,
    }
}

/// Whether a line has a word of firms, schools or places.
pub(super) fn names_institution(core: &str) -> bool {
    fold(core).split(' ').any(|word| WORDS.apart.contains(word))
}

#[cfg(test)]
mod tests;
