//! Cue words: which part of a line is required, optional, or not asked for at all.

use std::ops::Range;

/// How much a part of a line asks for what it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::matching) enum Cue {
    /// Said to be required.
    Must,
    /// Said to be optional.
    Nice,
    /// Said not to be asked for.
    Not,
    /// No cue.
    None,
}

const NICE: [&str; 43] = [
    "a bonus",
    "a plus",
    "advantage",
    "advantageous",
    "an asset",
    "are assets",
    "as a bonus",
    "be an asset",
    "be appreciated",
    "be beneficial",
    "be good",
    "be great",
    "be helpful",
    "be nice",
    "be useful",
    "be welcome",
    "beneficial",
    "big plus",
    "bonus",
    "bonus points",
    "brownie points",
    "but not essential",
    "but not required",
    "desirable",
    "desired",
    "even better",
    "extra points",
    "good to have",
    "great to have",
    "helpful",
    "ideally",
    "is appreciated",
    "is useful",
    "is welcome",
    "it helps if",
    "nice to have",
    "not essential",
    "not mandatory",
    "optional",
    "preferable",
    "preferably",
    "preferred",
    "would love",
];

const MUST: [&str; 12] = [
    "essential",
    "is a must",
    "is needed",
    "is necessary",
    "mandatory",
    "minimum",
    "must",
    "must-have",
    "required",
    "we require",
    "you need",
    "you will need",
];

/// The cue of a text, which may be a whole line or a part of one.
pub(in crate::matching) fn cue(text: &str) -> Cue {
    let low = words(text);
    let says = |cues: &[&str]| cues.iter().any(|cue| contains(&low, cue));
    if negates(&low) {
        Cue::Not
    } else if says(&NICE) || contains(&low, "not required") {
        Cue::Nice
    } else if says(&MUST) && !contains(&low, "as required") && !contains(&low, "when required") {
        Cue::Must
    } else {
        Cue::None
    }
}

/// The words in lower case, each with a space before and after; commas and hyphens are spaces.
fn words(text: &str) -> String {
    let mut low = String::with_capacity(text.len() + 2);
    low.push(' ');
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            '\u{2019}' => low.push('\''),
            _ if c.is_alphanumeric() || c == '\'' => low.push(c),
            _ if low.ends_with(' ') => {}
            _ => low.push(' '),
        }
    }
    if !low.ends_with(' ') {
        low.push(' ');
    }
    low
}

fn contains(low: &str, cue: &str) -> bool {
    let cue = cue.replace('-', " ");
    low.match_indices(cue.as_str())
        .any(|(at, _)| low[..at].ends_with(' ') && low[at + cue.len()..].starts_with(' '))
}

/// Whether a sentence says that something is not asked for: `No degree required`, `This is not a Java role`.
fn negates(low: &str) -> bool {
    let any = |cues: &[&str]| cues.iter().any(|cue| contains(low, cue));
    let asked = ["required", "needed", "necessary", "expected", "essential", "mandatory"];
    let denied = asked.iter().any(|asked| {
        low.find(&format!(" {asked} ")).is_some_and(|at| {
            let before = &low[..at + 1];
            let no = before
                .rfind(" no ")
                .is_some_and(|no| before[no..].split_whitespace().count() <= 14);
            no && !contains(before, "no more") && !contains(before, "no less")
        })
    });
    let not_required = any(&[
        "is not required",
        "are not required",
        "not a requirement",
        "isn't required",
        "aren't required",
    ]) && !any(&[
        "helpful",
        "a plus",
        "preferred",
        "desirable",
        "useful",
        "but",
        "bonus",
        "asset",
        "advantage",
    ]);
    let not_needed = any(&[
        "do not need",
        "don't need",
        "does not need",
        "need not",
        "no need to",
        "do not have to",
        "don't have to",
        "is not needed",
        "are not needed",
        "is not necessary",
        "are not necessary",
        "do not require",
        "don't require",
        "does not require",
        "doesn't require",
        "we are not looking for",
        "we're not looking for",
    ]);
    let not_this = (contains(low, "not a") || contains(low, "not an"))
        && any(&["role", "job", "position", "post", "vacancy"])
        && any(&[
            "this is not a",
            "this is not an",
            "it is not a",
            "it is not an",
            "this isn't a",
            "it's not a",
        ]);
    let bare = [
        "no experience",
        "no previous experience",
        "no prior experience",
        "no degree",
        "no qualifications",
    ]
    .iter()
    .any(|start| low.trim_start().starts_with(start));
    denied || not_required || not_needed || not_this || bare
}

/// A part of a line, with its own cue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::matching) struct Part {
    pub(in crate::matching) bytes: Range<usize>,
    pub(in crate::matching) cue: Cue,
}

/// A clause of a line.
#[derive(Debug)]
struct Clause {
    bytes: Range<usize>,
    cue: Cue,
    /// Whether the cue is at the beginning, so that it applies to the clauses after it.
    leads: bool,
    /// Whether it is in brackets, or set off by more than a comma.
    apart: bool,
}

/// Splits a line such as `Rust required, Go preferred` into parts with a cue each. A line with one cue is one part.
pub(in crate::matching) fn parts(text: &str, bytes: &Range<usize>) -> Vec<Part> {
    let whole = vec![Part {
        bytes: bytes.clone(),
        cue: cue(&text[bytes.clone()]),
    }];
    let clauses = clauses(text, bytes);
    let distinct = |cue: Cue| clauses.iter().any(|clause| clause.cue == cue);
    let kinds = [Cue::Must, Cue::Nice, Cue::Not]
        .into_iter()
        .filter(|&cue| distinct(cue))
        .count();
    let plain = clauses.first().is_some_and(|clause| clause.cue == Cue::None);
    // `3+ years (5+ preferred)`: what is set off has its own cue.
    let set_off = plain && clauses.iter().any(|clause| clause.apart && clause.cue != Cue::None);
    let repeats = plain
        && clauses
            .last()
            .is_some_and(|last| last.cue == Cue::Nice && repeats(text, &clauses));
    if kinds < 2 && !set_off && !repeats {
        return whole;
    }
    let mut parts: Vec<Part> = Vec::new();
    let mut leading = false;
    for (at, clause) in clauses.iter().enumerate() {
        let next = clauses[at..].iter().find(|next| next.cue != Cue::None);
        let own = match clause.cue {
            Cue::None if leading => parts.last().map_or(Cue::None, |part| part.cue),
            Cue::None if kinds > 1 && !clause.apart => next
                .filter(|next| !next.leads && !next.apart)
                .map_or(Cue::None, |next| next.cue),
            cue => cue,
        };
        leading = clause.leads || leading && clause.cue == Cue::None;
        match parts.last_mut() {
            Some(last) if last.cue == own => last.bytes.end = clause.bytes.end,
            _ => parts.push(Part {
                bytes: clause.bytes.clone(),
                cue: own,
            }),
        }
    }
    parts
}

/// Whether the last clause states its own degree or years beside those of the first: `a bachelor's, a master's
/// preferred`.
fn repeats(text: &str, clauses: &[Clause]) -> bool {
    let (Some(first), Some(last)) = (clauses.first(), clauses.last()) else {
        return false;
    };
    let of = |clause: &Clause| words(&text[clause.bytes.clone()]);
    let (first, last) = (of(first), of(last));
    let degree = |low: &str| {
        [
            "bachelor's",
            "bachelors",
            "bachelor",
            "master's",
            "masters",
            "master",
            "phd",
            "degree",
            "doctorate",
            "bsc",
            "msc",
            "mba",
            "diploma",
        ]
        .iter()
        .any(|name| contains(low, name))
    };
    let years = |low: &str| contains(low, "years") || contains(low, "year");
    degree(&first) && degree(&last) || years(&first) && last.contains(|c: char| c.is_ascii_digit())
}

fn clauses(text: &str, bytes: &Range<usize>) -> Vec<Clause> {
    let slice = &text[bytes.clone()];
    let mut found: Vec<Clause> = Vec::new();
    let mut apart = false;
    let mut start = 0;
    let mut push = |range: Range<usize>, apart: bool| {
        let part = &slice[range.clone()];
        if !part.contains(char::is_alphanumeric) {
            return;
        }
        let own = cue(part);
        let low = words(part);
        // A cue alone, such as `(required)`, belongs to the clause before it.
        if let Some(last) = found.last_mut()
            && own != Cue::None
            && low.split_whitespace().count() <= 2
            && !low.contains(|c: char| c.is_ascii_digit())
            && last.cue == Cue::None
            && is_cue_only(&low)
        {
            last.cue = own;
            last.bytes.end = bytes.start + range.end;
            return;
        }
        let leads = own != Cue::None && NICE.iter().chain(&MUST).any(|cue| low.trim_start().starts_with(cue));
        found.push(Clause {
            bytes: bytes.start + range.start..bytes.start + range.end,
            cue: own,
            leads,
            apart,
        });
    };
    for (at, c) in slice.char_indices() {
        let rest = &slice[at + c.len_utf8()..];
        let cut = match c {
            ',' => rest.starts_with(char::is_whitespace),
            ';' | '(' | ')' => true,
            '.' => rest.starts_with(char::is_whitespace),
            _ if c == ' ' => rest.starts_with("but ") || rest.starts_with("- ") || rest.starts_with("\u{2013} "),
            _ => false,
        };
        if cut {
            push(start..at, apart);
            apart = c != ',' && c != ')';
            start = at + usize::from(c != ' ');
        }
    }
    push(start..slice.len(), apart);
    found
}

fn is_cue_only(low: &str) -> bool {
    NICE.iter().chain(&MUST).any(|cue| low.trim() == *cue)
        || matches!(low.trim(), "strongly preferred" | "highly desirable")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(&str, Cue)> {
        parts(text, &(0..text.len()))
            .into_iter()
            .map(|part| (text[part.bytes].trim(), part.cue))
            .collect()
    }

    #[test]
    fn what_is_not_asked_for_is_negated() {
        for text in [
            "No experience with Revit is needed",
            "No degree required",
            "This is not a Java role",
            "You do not need to know Kubernetes",
            "No prior knowledge of law is required.",
            "A driving licence is not necessary",
            "We don't require a degree",
        ] {
            assert_eq!(cue(text), Cue::Not, "{text}");
        }
        for text in [
            "No more than six points required",
            "Not afraid of heights",
            "No criminal record",
        ] {
            assert_ne!(cue(text), Cue::Not, "{text}");
        }
    }

    #[test]
    fn cues_are_whole_words() {
        for (text, want) in [
            ("German is a plus", Cue::Nice),
            ("Trados would be helpful, but not required", Cue::Nice),
            ("Must hold a licence", Cue::Must),
            ("Musters the troops", Cue::None),
            ("Other duties as required", Cue::None),
            ("A surplus of patience", Cue::None),
        ] {
            assert_eq!(cue(text), want, "{text}");
        }
    }

    #[test]
    fn lines_with_several_cues_are_split() {
        for (text, want) in [
            (
                "Rust required, Go preferred",
                &[("Rust required", Cue::Must), ("Go preferred", Cue::Nice)][..],
            ),
            (
                "Degree in physics, chemistry or biology required, PhD preferred",
                &[
                    ("Degree in physics, chemistry or biology required", Cue::Must),
                    ("PhD preferred", Cue::Nice),
                ],
            ),
            (
                "3+ years of work on bridges (5+ preferred)",
                &[("3+ years of work on bridges", Cue::None), ("5+ preferred)", Cue::Nice)],
            ),
            (
                "Forklift licence (required)",
                &[("Forklift licence (required)", Cue::Must)],
            ),
            (
                "SQL, Python or R preferred",
                &[("SQL, Python or R preferred", Cue::Nice)],
            ),
            (
                "Bachelor's degree, master's preferred",
                &[("Bachelor's degree", Cue::None), ("master's preferred", Cue::Nice)],
            ),
            (
                "Must have SQL, ideally Spark, Kafka",
                &[("Must have SQL", Cue::Must), ("ideally Spark, Kafka", Cue::Nice)],
            ),
        ] {
            assert_eq!(read(text), want, "{text}");
        }
    }
}
