//! Lines that ask for some of their parts only, such as `Rust required, Go preferred`.

use std::ops::Range;

use super::super::phrase::{contains, contains_any, words};
use super::super::qualification::alternatives;
use super::cues::{CUES, Cue, cue, is_cue_only};

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
    /// Whether it is in brackets.
    bracket: bool,
}

/// Words that begin a requirement of its own: `clean driving record`, `no DUIs`, `knowledge of Kroll`.
const OPENERS: [&str; 25] = [
    "ability",
    "able",
    "at",
    "certified",
    "clean",
    "comfortable",
    "confident",
    "current",
    "excellent",
    "experience",
    "experienced",
    "exposure",
    "familiar",
    "familiarity",
    "fluent",
    "good",
    "knowledge",
    "licensed",
    "minimum",
    "must",
    "no",
    "own",
    "strong",
    "valid",
    "willing",
];

/// The number of clauses after the first that begin a requirement of their own, from which a line is a list of them.
const LEAST_ASKS: usize = 2;

/// The most words of a cue that stands alone, such as `(nice to have)`.
const CUE_WORDS: usize = 3;

/// Whether a line lists requirements with commas: `Class A licence, 12 months of driving, no violations, able to lift`.
fn lists_asks(text: &str, clauses: &[Clause]) -> bool {
    let opens = |clause: &&Clause| {
        let low = words(&text[clause.bytes.clone()]);
        let mut low = low
            .split_whitespace()
            .skip_while(|word| matches!(*word, "and" | "with" | "plus"));
        let first = low.next().unwrap_or_default();
        let unit = low.next().unwrap_or_default();
        let years = matches!(unit, "year" | "years" | "yr" | "yrs" | "month" | "months");
        !clause.apart && (OPENERS.contains(&first) || years && first.bytes().all(|byte| byte.is_ascii_digit()))
    };
    clauses.iter().skip(1).filter(opens).count() >= LEAST_ASKS
}

/// Whether a clause ends in examples, which a comma continues: `an ERP such as Sage, SAP or Dynamics`.
fn gives_examples(clause: &str) -> bool {
    let low = words(clause);
    contains_any(&low, &["such as", "e g", "like", "including"])
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
    let nice_end = clauses.last().is_some_and(|last| last.cue == Cue::Nice);
    let repeats = plain && nice_end && (repeats(text, &clauses) || adds(text, &clauses) || narrows(text, &clauses));
    let listing = lists_asks(text, &clauses);
    if kinds < 2 && !set_off && !repeats && !listing {
        return whole;
    }
    let mut parts: Vec<Part> = Vec::new();
    let mut leading = false;
    for (at, clause) in clauses.iter().enumerate() {
        let next = clauses[at..].iter().find(|next| next.cue != Cue::None);
        let own = match clause.cue {
            Cue::None if leading => parts.last().map_or(Cue::None, |part| part.cue),
            Cue::None if kinds > 1 && !clause.apart && !listing => next
                .filter(|next| !next.leads && !next.apart)
                .map_or(Cue::None, |next| next.cue),
            cue => cue,
        };
        leading = clause.leads || leading && clause.cue == Cue::None;
        match parts.last_mut() {
            Some(last)
                if last.cue == own && (!listing || clause.bracket || gives_examples(&text[last.bytes.clone()])) =>
            {
                last.bytes.end = clause.bytes.end + usize::from(clause.bracket);
            }
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
        contains_any(
            low,
            &[
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
            ],
        )
    };
    let years = |low: &str| contains(low, "years") || contains(low, "year");
    degree(&first) && degree(&last) || years(&first) && last.contains(|c: char| c.is_ascii_digit())
}

/// Words before `ideally` that ask for what follows it: `you will ideally have`.
const ASKING: [&str; 24] = [
    "and",
    "applicant",
    "applicants",
    "are",
    "be",
    "candidate",
    "candidates",
    "can",
    "experience",
    "has",
    "have",
    "in",
    "is",
    "must",
    "of",
    "or",
    "should",
    "that",
    "to",
    "who",
    "will",
    "with",
    "would",
    "you",
];

/// Whether what follows only narrows what a clause asks for: `3 years in a kitchen, ideally of a school`.
fn refines(clause: &str, rest: &str) -> bool {
    if !["ideally ", "preferably "].iter().any(|start| rest.starts_with(start)) {
        return false;
    }
    let low = words(clause);
    let mut low = low.split_whitespace();
    // `You'll ideally have` has no clause before it.
    let last = low.next_back();
    low.next().is_some() && last.is_some_and(|last| !ASKING.contains(&last))
}

/// Whether the last clause only narrows what the line asks for, `knowledge of PLCs, preferably Siemens`, or adds one thing
/// to a whole requirement: `experience with CMMS software, SAP PM preferred`.
fn narrows(text: &str, clauses: &[Clause]) -> bool {
    let [first, .., last] = clauses else { return false };
    let of = |clause: &Clause| words(&text[clause.bytes.clone()]);
    let (low, end) = (of(first), of(last));
    let others = clauses[1..clauses.len() - 1].iter().any(|one| one.cue != Cue::None);
    if last.cue != Cue::Nice || last.apart || others || low.split_whitespace().count() < 2 {
        return false;
    }
    let first_word = low.split_whitespace().next().unwrap_or_default();
    let named = ["ideally", "preferably"].contains(&end.split_whitespace().next().unwrap_or_default());
    let asks = OPENERS.contains(&first_word) || contains_any(&low, &["experience", "knowledge", "ability", "skills"]);
    named || clauses.len() == 2 && asks && !contains_any(&end, &["or", "and", "both"])
}

/// A clause without the word that opposes it to the one before.
fn without_but(clause: &str) -> &str {
    clause.trim().strip_prefix("but ").unwrap_or(clause)
}

/// Whether the last clause adds one more thing to a degree or years: `B.Sc in accounting, ICAN an added advantage`.
fn adds(text: &str, clauses: &[Clause]) -> bool {
    let (Some(first), Some(last)) = (clauses.first(), clauses.last()) else {
        return false;
    };
    let stated = alternatives(&text[first.bytes.clone()]);
    let others = words(&text[last.bytes.clone()]);
    !stated.is_empty()
        && !contains_any(&others, &["or", "and", "both"])
        && clauses[..clauses.len() - 1].iter().all(|one| one.cue == Cue::None)
}

/// Whether the full stop behind `before` ends no sentence: `Ph.D. in mycology`, `approx. three years`.
fn abbreviates(before: &str, rest: &str) -> bool {
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    word.contains('.') || rest.trim_start().starts_with(char::is_lowercase)
}

fn clauses(text: &str, bytes: &Range<usize>) -> Vec<Clause> {
    let slice = &text[bytes.clone()];
    let mut found: Vec<Clause> = Vec::new();
    let mut apart = false;
    let mut start = 0;
    let mut inside = false;
    let mut push = |range: Range<usize>, apart: bool, bracket: bool| {
        let part = &slice[range.clone()];
        if !part.contains(char::is_alphanumeric) {
            return;
        }
        let own = cue(part);
        let low = words(part);
        // `CSCS card (blue or gold) essential`: what brackets add is a part of what the cue is about.
        if is_cue_only(part)
            && let [.., before, last] = &mut found[..]
            && last.bracket
            && (before.cue, last.cue) == (Cue::None, Cue::None)
        {
            before.bytes.end = last.bytes.end + 1;
            found.pop();
        }
        // A cue alone, such as `(required)`, belongs to the clause before it, as does `but a plus` after `not essential`.
        let bare = without_but(part);
        if let Some(last) = found.last_mut()
            && own != Cue::None
            && words(bare).split_whitespace().count() <= CUE_WORDS
            && !low.contains(|c: char| c.is_ascii_digit())
            && (last.cue == Cue::None || last.cue == own && bare.len() < part.len())
            && is_cue_only(bare)
        {
            last.cue = own;
            last.bytes.end = bytes.start + range.end;
            // It ends behind its bracket.
            last.bracket = false;
            return;
        }
        let leads = own != Cue::None && CUES.all().any(|cue| low.trim_start().starts_with(cue));
        found.push(Clause {
            bytes: bytes.start + range.start..bytes.start + range.end,
            cue: own,
            leads,
            apart,
            bracket,
        });
    };
    for (at, c) in slice.char_indices() {
        let rest = &slice[at + c.len_utf8()..];
        let cut = match c {
            ',' => !inside && rest.starts_with(char::is_whitespace),
            ';' | '(' | ')' => true,
            '.' => rest.starts_with(char::is_whitespace) && !abbreviates(&slice[..at], rest),
            _ if c == ' ' => {
                rest.starts_with("but ")
                    || rest.starts_with("- ")
                    || rest.starts_with("\u{2013} ")
                    || refines(&slice[start..at], rest)
            }
            _ => false,
        };
        inside = c == '(' || inside && c != ')';
        if cut {
            push(start..at, apart, c == ')');
            apart = c != ',' && c != ')';
            start = at + usize::from(c != ' ');
        }
    }
    push(start..slice.len(), apart, false);
    found
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
                &[("3+ years of work on bridges", Cue::None), ("5+ preferred", Cue::Nice)],
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
                "B.Sc / HND Accounting, ICAN an added advantage",
                &[
                    ("B.Sc / HND Accounting", Cue::None),
                    ("ICAN an added advantage", Cue::Nice),
                ],
            ),
            (
                "Degree in physics, chemistry or biology preferred",
                &[("Degree in physics, chemistry or biology preferred", Cue::Nice)],
            ),
            (
                "3+ yrs in a lab, ideally industry",
                &[("3+ yrs in a lab", Cue::None), ("ideally industry", Cue::Nice)],
            ),
            (
                "Degree in accounting preferably with honours",
                &[
                    ("Degree in accounting", Cue::None),
                    ("preferably with honours", Cue::Nice),
                ],
            ),
            (
                "You will ideally have a licence",
                &[("You will ideally have a licence", Cue::Nice)],
            ),
            (
                "Ideally a licence and own tools",
                &[("Ideally a licence and own tools", Cue::Nice)],
            ),
            (
                "CSCS card (blue or gold) essential",
                &[("CSCS card (blue or gold) essential", Cue::Must)],
            ),
            (
                "bus, truck or coach experience not essential but a plus",
                &[("bus, truck or coach experience not essential but a plus", Cue::Nice)],
            ),
            (
                "Ph.D. in mycology with experience in biology is preferred.",
                &[("Ph.D. in mycology with experience in biology is preferred.", Cue::Nice)],
            ),
            (
                "Experience in a hotel is preferred but not always essential",
                &[("Experience in a hotel is preferred but not always essential", Cue::Nice)],
            ),
            (
                "Bachelor's degree, master's preferred",
                &[("Bachelor's degree", Cue::None), ("master's preferred", Cue::Nice)],
            ),
            (
                "Class A CDL, 12 months OTR, no more than 2 violations, able to pass a drug screen (hair)",
                &[
                    ("Class A CDL", Cue::None),
                    ("12 months OTR", Cue::None),
                    ("no more than 2 violations", Cue::None),
                    ("able to pass a drug screen (hair)", Cue::None),
                ],
            ),
            (
                "licensed, team player, strong counselling, knowledge of Kroll an asset",
                &[
                    ("licensed", Cue::None),
                    ("team player", Cue::None),
                    ("strong counselling", Cue::None),
                    ("knowledge of Kroll an asset", Cue::Nice),
                ],
            ),
            (
                "Knowledge of PLCs, preferably Siemens",
                &[("Knowledge of PLCs", Cue::None), ("preferably Siemens", Cue::Nice)],
            ),
            (
                "Experience with CMMS software, SAP PM preferred",
                &[
                    ("Experience with CMMS software", Cue::None),
                    ("SAP PM preferred", Cue::Nice),
                ],
            ),
            (
                "Experience of physics, chemistry or biology preferred",
                &[("Experience of physics, chemistry or biology preferred", Cue::Nice)],
            ),
            (
                "PLC programming (nice to have)",
                &[("PLC programming (nice to have)", Cue::Nice)],
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
