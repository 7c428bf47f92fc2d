//! What a degree was taken in, or has to be taken in: the subjects beside it.

use std::ops::Range;

use super::fields::{Field, NEAR, fields, nearness, of_degree};
use super::table::{Word, words};
use super::{Degree, find};

/// The subjects that a posting accepts, or that a degree has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::matching) struct Subjects {
    /// Empty if none is named, or none that is known.
    fields: Vec<Field>,
    /// Whether related subjects are accepted.
    related: bool,
    /// Whether a subject is named whose field is not known.
    unknown: bool,
    /// Whether every subject is accepted: `in any discipline`.
    any: bool,
}

impl Subjects {
    fn add(&mut self, named: Vec<(Range<usize>, Field)>) {
        for (_, field) in named {
            if !self.fields.contains(&field) {
                self.fields.push(field);
            }
        }
    }

    /// Whether no subject is named whose field is known.
    pub(in crate::matching) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Whether a subject is named whose field is not known.
    pub(in crate::matching) fn is_unknown(&self) -> bool {
        self.unknown
    }

    /// The credit, 0 to 1, that a degree with the subjects `held` has where these are asked for; `None` if it cannot be told.
    pub(in crate::matching) fn credit(&self, held: &Self) -> Option<f64> {
        if self.fields.is_empty() {
            return None;
        }
        let pairs = self
            .fields
            .iter()
            .flat_map(|asked| held.fields.iter().map(move |own| (*asked, *own)));
        let best = pairs
            .map(|(asked, own)| nearness(asked, own, self.related))
            .reduce(f64::max)?;
        // Another subject may be the one that is not known.
        (best >= NEAR || !self.unknown && !held.unknown).then_some(best)
    }
}

/// Words that accept related subjects.
const RELATED: [&str; 13] = [
    "adjacent",
    "allied",
    "any",
    "another",
    "applicable",
    "appropriate",
    "associated",
    "comparable",
    "other",
    "related",
    "relevant",
    "similar",
    "suitable",
];
/// Words of the names of schools, and of parts of an entry that name no subject of the degree.
const BESIDE: [&str; 14] = [
    "academy",
    "college",
    "coursework",
    "dissertation",
    "faculty",
    "institute",
    "institution",
    "minor",
    "polytechnic",
    "school",
    "thesis",
    "universidad",
    "universit\u{e4}t",
    "university",
];
/// Words of a posting after which the subject has ended.
const ENDS: [&str; 38] = [
    "ability",
    "apprenticeship",
    "at",
    "certificate",
    "certification",
    "combined",
    "coupled",
    "desirable",
    "desired",
    "essential",
    "excellent",
    "experience",
    "followed",
    "from",
    "ideally",
    "including",
    "is",
    "knowledge",
    "licence",
    "license",
    "minimum",
    "must",
    "plus",
    "preferably",
    "preferred",
    "proficiency",
    "proven",
    "qualification",
    "qualifications",
    "required",
    "skills",
    "strong",
    "training",
    "who",
    "will",
    "with",
    "would",
    "years",
];
/// Words between a degree and its subject, and between subjects.
const JOINTS: [&str; 14] = [
    "a",
    "an",
    "and",
    "another",
    "equivalent",
    "higher",
    "in",
    "of",
    "or",
    "the",
    "field",
    "discipline",
    "degree",
    "degrees",
];
/// The most words of a line that names the subject of the degree above it.
const MOST_WORDS: usize = 8;

/// The subjects in which a posting asks for a degree: those behind each degree that it names, or else before the first.
pub(in crate::matching) fn asked(sentence: &str) -> Subjects {
    let degrees = find(sentence, false);
    let Some(first) = degrees.first() else {
        return Subjects::default();
    };
    // Schools are asked for without a subject.
    if degrees.iter().any(|degree| degree.level < 2) {
        return Subjects::default();
    }
    let ends = degrees.iter().skip(1).map(|next| next.bytes.start);
    let mut found = Subjects::default();
    for (degree, end) in degrees.iter().zip(ends.chain([sentence.len()])) {
        let named = named_after(&sentence[..end], degree);
        found.related |= named.related;
        found.unknown |= named.unknown;
        found.any |= named.any;
        found.fields.extend(named.fields);
    }
    if found.is_empty() && !found.unknown {
        let before = named_before(sentence, first.bytes.start);
        found.related |= before.related;
        found.unknown = before.unknown;
        found.fields = before.fields;
    }
    if found.is_empty() && !found.unknown {
        // `BSN or MSN`, and not `BSN or a bachelor's degree`
        let by_name = degrees.iter().map(|degree| by_name(sentence, degree));
        found.fields = by_name.collect::<Option<Vec<Field>>>().unwrap_or_default();
    }
    if found.any { Subjects::default() } else { found }
}

/// The subjects after a degree of a posting: `degree in accounting, finance or a related field`.
fn named_after(sentence: &str, degree: &Degree) -> Subjects {
    let mut rest = after_title(sentence, degree);
    let stop = rest.find([';', '\n']).into_iter().chain(rest.find(". ")).min();
    rest = &rest[..stop.unwrap_or(rest.len())];
    let all = words(rest);
    let follows = named_inside(sentence, degree).is_some();
    let end = all
        .iter()
        .position(|word| ENDS.contains(&&*word.low) || word.low.parse::<u32>().is_ok());
    let all = &all[..end.unwrap_or(all.len())];
    let start = all.iter().position(|word| matches!(&*word.low, "in" | "of"));
    let comma = all.iter().position(|word| word.low == ",");
    match start {
        _ if follows => alternatives(all),
        Some(at) if comma.is_none_or(|comma| at < comma) => alternatives(&all[at + 1..]),
        _ => Subjects::default(),
    }
}

/// The subjects right before a degree of a posting: `an accounting or finance degree`.
fn named_before(sentence: &str, start: usize) -> Subjects {
    let all = words(sentence.get(..start).unwrap_or_default());
    let names = fields(&all);
    let named = |at: usize| names.iter().any(|(range, _)| range.contains(&at));
    let joins =
        |word: &Word| matches!(&*word.low, "," | "/" | "&" | "-" | "or" | "and") || RELATED.contains(&&*word.low);
    let from = (0..all.len())
        .rev()
        .take_while(|&at| named(at) || joins(&all[at]))
        .last();
    let Some(from) = from else {
        return Subjects::default();
    };
    let mut found = alternatives(&all[from..]);
    // `business or technical degree`
    found.unknown |= joins(&all[from]) && from > 0 && !found.is_empty();
    found
}

/// The subjects that a posting lists.
fn alternatives(all: &[Word]) -> Subjects {
    let mut found = Subjects::default();
    for part in all.split(|word| !word.is_word && !matches!(&*word.low, "-" | "&") || word.low == "or") {
        let related = part.iter().any(|word| RELATED.contains(&&*word.low));
        found.any |= part.iter().any(|word| word.low == "any");
        let named = fields(part);
        found.related |= related;
        found.unknown |=
            named.is_empty() && !related && part.iter().any(|word| word.is_word && !JOINTS.contains(&&*word.low));
        found.add(named);
    }
    found
}

/// The subjects of a degree of a resume: those beside it in its sentence, or else in the sentences below it.
pub(in crate::matching) fn held<'a>(sentence: &str, degree: &Degree, below: impl Iterator<Item = &'a str>) -> Subjects {
    let others = find(sentence, true);
    let next = others
        .iter()
        .map(|one| one.bytes.start)
        .find(|start| *start >= degree.bytes.end);
    let first = others.first().is_none_or(|one| one.bytes.start >= degree.bytes.start);
    let until = next.unwrap_or(sentence.len());
    let skipped = sentence.len() - after_title(sentence, degree).len();
    let after = sentence.get(skipped.min(until)..until);
    let before = sentence.get(..degree.bytes.start).filter(|_| first);
    let mut beside = [after, before].into_iter().flatten().map(of_entry);
    if let Some(found) = beside.find(|found| !found.is_empty()) {
        return found;
    }
    if let Some(field) = by_name(sentence, degree) {
        return Subjects {
            fields: vec![field],
            ..Subjects::default()
        };
    }
    let short = |text: &&str| text.split_whitespace().count() <= MOST_WORDS && find(text, true).is_empty();
    let mut found = below.take_while(short).filter(|text| names_only(text)).map(of_entry);
    found.find(|found| !found.is_empty()).unwrap_or_default()
}

/// Whether a line below a degree names subjects and nothing else: not `President of the Drama Society`.
fn names_only(text: &str) -> bool {
    let all = words(text);
    let named = fields(&all);
    let beside = |at: usize| {
        let low = &*all[at].low;
        named.iter().any(|(range, _)| range.contains(&at))
            || !all[at].is_word
            || low.parse::<u32>().is_ok()
            || JOINTS.contains(&low)
            || matches!(
                low,
                "hons" | "honours" | "honors" | "major" | "specialisation" | "specialization" | "subject"
            )
    };
    (0..all.len()).all(beside)
}

/// The subjects that the parts of an entry name, except those that name a school.
fn of_entry(text: &str) -> Subjects {
    let mut found = Subjects::default();
    let all = words(text);
    let mut starts: Vec<usize> = (0..all.len())
        .filter(|&at| {
            all[at].apart
                || matches!(&*all[at].low, "from" | "at")
                || !all[at].is_word
                    && (!matches!(&*all[at].low, "-" | "&" | ".") || all[at].low == "-" && all[at].spaced)
        })
        .collect();
    starts.insert(0, 0);
    starts.push(all.len());
    for part in starts.windows(2).map(|ends| &all[ends[0]..ends[1]]) {
        if !part.iter().any(|word| BESIDE.contains(&&*word.low)) {
            found.add(fields(part));
        }
    }
    found
}

/// The text from the subject of a degree on, without the kind of degree that is no subject: `Bachelor of Science in`.
fn after_title<'a>(sentence: &'a str, degree: &Degree) -> &'a str {
    let from = named_inside(sentence, degree).unwrap_or(degree.bytes.end);
    let rest = sentence.get(from..).unwrap_or_default();
    let all = words(rest);
    let low = |at: usize| all.get(at).map_or("", |word| &*word.low);
    let title: usize = match (low(0), low(1)) {
        ("applied", "science" | "sciences" | "arts") => 2,
        ("science" | "sciences" | "arts" | "philosophy", _) => 1,
        _ => 0,
    };
    title.checked_sub(1).map_or(rest, |last| &rest[all[last].bytes.end..])
}

/// Where the subject begins inside a name such as `master of social work`.
fn named_inside(sentence: &str, degree: &Degree) -> Option<usize> {
    let name = words(sentence.get(degree.bytes.clone())?);
    let last = name.iter().rfind(|word| matches!(&*word.low, "of" | "in"))?;
    Some(degree.bytes.start + last.bytes.end)
}

/// The field that the name of a degree states: `BSN`.
fn by_name(sentence: &str, degree: &Degree) -> Option<Field> {
    let letters = sentence
        .get(degree.bytes.clone())?
        .chars()
        .filter(|c| c.is_alphanumeric());
    let letters: String = letters.flat_map(char::to_lowercase).collect();
    of_degree(&letters)
}

#[cfg(test)]
mod tests;
