//! Whether the words around a name show that it is a degree.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::table::{TABLE, Word};

/// The lists of `context.toml`, which says what each is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Vocabulary {
    products: FxHashSet<String>,
    after: FxHashSet<String>,
    people: FxHashSet<String>,
    pub(super) firms: FxHashSet<String>,
    masters: FxHashSet<String>,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
pub(super) static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| toml::from_str(include_str!("context.toml")).expect("context.toml is valid"));

/// Whether a degree that other words may follow names people or things, not what a person has.
pub(super) fn describes_others(words: &[Word], next: usize) -> bool {
    let mut at = next;
    while words
        .get(at)
        .is_some_and(|word| matches!(word.low.as_str(), "-" | "/" | "." | "s" | "level"))
    {
        at += 1;
    }
    // `MBA class project`, but not `MBA, class of 2014`.
    let class = || {
        let next = words.get(at + 1);
        let goes_on = next.is_some_and(|word| word.is_word && !word.capital && !word.apart);
        let other = next.is_some_and(|word| word.low != "of" && word.low.chars().all(char::is_alphabetic));
        words[at].low == "class" && goes_on && other
    };
    words
        .get(at)
        .is_some_and(|word| !word.apart && (VOCABULARY.people.contains(&word.low) && word.low != "level" || class()))
}

/// Whether a degree is what another person or a board is called: `reporting to the M.D.`, `worked with the HSC board`.
pub(super) fn is_of_another(words: &[Word], at: usize) -> bool {
    let low = |back: usize| at.checked_sub(back).map_or("", |at| words[at].low.as_str());
    let begins = |word: &str, stems: &[&str]| stems.iter().any(|stem| word.starts_with(stem));
    let company = match low(2) {
        "to" => begins(
            low(3),
            &[
                "report",
                "assist",
                "secretary",
                "respond",
                "answer",
                "accountable",
                "aide",
            ],
        ),
        "with" | "for" | "under" | "alongside" => begins(low(3), &["work", "liais", "collaborat"]),
        _ => false,
    };
    low(1) == "the" && company
}

/// Whether a negation is right before a degree.
pub(super) fn is_negated(words: &[Word], at: usize) -> bool {
    let before = &words[at.saturating_sub(4)..at];
    let mut negated = false;
    for word in before {
        match word.low.as_str() {
            "no" | "non" | "without" | "not" | "neither" | "nor" | "never" => negated = true,
            "." | ";" | "," | "but" | "only" | "(" | ")" => negated = false,
            _ => {}
        }
    }
    let after = words
        .get(at..)
        .unwrap_or_default()
        .iter()
        .take(9)
        .map(|word| word.low.as_str());
    let after: Vec<&str> = after.take_while(|word| !matches!(*word, "." | ";" | "but")).collect();
    let not = after.iter().position(|word| matches!(*word, "not" | "isn't"));
    let needed = |word: &str| {
        matches!(
            word,
            "required" | "necessary" | "needed" | "essential" | "mandatory" | "require"
        )
    };
    negated && !before.iter().any(|word| word.low == "only")
        || not.is_some_and(|not| after[not..].iter().take(3).any(|word| needed(word)))
}

/// Words before `graduate`, which is a verb elsewhere.
const BEFORE_GRADUATE: [&str; 10] = [
    "a",
    "an",
    "as",
    "be",
    "good",
    "honours",
    "must",
    "qualified",
    "recent",
    "university",
];
/// What follows `graduate in` and is no subject.
const NO_SUBJECT: [&str; 12] = [
    "a", "an", "any", "autumn", "fall", "my", "our", "post", "spring", "summer", "the", "training",
];

/// Whether a word is the holder of a degree in a subject: `be a graduate in Physics`, but not `I graduate in May`.
pub(super) fn is_graduate(words: &[Word], at: usize) -> bool {
    let low = |at: usize| words.get(at).map_or("", |word| word.low.as_str());
    let before = at.checked_sub(1).map_or("", low);
    let led = before.is_empty() || BEFORE_GRADUATE.contains(&before) || words[at - 1].apart || !words[at - 1].is_word;
    let subject = words
        .get(at + 2)
        .is_some_and(|word| word.is_word && word.low.chars().all(char::is_alphabetic) && !is_month(&word.low));
    matches!(low(at), "graduate" | "graduates")
        && low(at + 1) == "in"
        && led
        && subject
        && !NO_SUBJECT.contains(&low(at + 2))
}

fn is_month(low: &str) -> bool {
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ]
    .contains(&low)
}

/// Whether the context of an abbreviation with other meanings shows a degree.
pub(super) fn shows_degree(words: &[Word], at: usize, next: usize, education: bool) -> bool {
    let after = words.get(next);
    let low = |at: usize| words.get(at).map_or("", |word| word.low.as_str());
    if VOCABULARY.products.contains(low(next)) {
        return false;
    }
    if low(next) == "(" && matches!(low(next + 1), "hons" | "hon" | "honours" | "honors" | "oxon" | "cantab") {
        return true;
    }
    if beside_degree(words, at, next) {
        return true;
    }
    if is_place(words, at, next) {
        return false;
    }
    let word = after.filter(|word| !word.apart);
    let joined = word.is_some_and(|word| match word.low.as_str() {
        "or" => matches!(
            low(next + 1),
            "equivalent" | "higher" | "above" | "better" | "advanced" | "related" | "phd" | "more"
        ),
        "and" => words.get(next + 1).is_some_and(|word| word.low.parse::<u8>().is_ok()) || low(next + 1) == "above",
        "with" | "plus" => {
            low(next + 1).parse::<u8>().is_ok()
                || matches!(
                    low(next + 1),
                    "honours" | "honors" | "distinction" | "a" | "at" | "major" | "relevant"
                )
        }
        "from" => words
            .get(next + 1)
            .is_some_and(|word| word.capital || matches!(word.low.as_str(), "an" | "a")),
        "in" => !words[at..next].iter().any(|word| word.low == "as" && !word.capital),
        "+" => low(next + 1).parse::<u8>().is_ok(),
        other => VOCABULARY.after.contains(other),
    });
    if joined {
        return true;
    }
    // At the beginning of an entry of the education section: `MS : Information Management`, `2014 BA History, Leeds`.
    if !education {
        return false;
    }
    let before = at.checked_sub(1).map(|before| &words[before]);
    let starts = words[at].apart
        || before.is_none_or(|word| {
            !word.is_word
                || word.low.parse::<u16>().is_ok()
                || matches!(word.low.as_str(), "a" | "an" | "my" | "and" | "present")
        });
    let subject =
        after.is_none_or(|word| word.apart || !word.is_word || word.capital || word.low.parse::<u16>().is_ok());
    starts && subject
}

/// Whether another degree is right beside: `BA/BS`, `BS or MS`.
fn beside_degree(words: &[Word], at: usize, next: usize) -> bool {
    let joins = |word: &Word| matches!(word.low.as_str(), "/" | "or" | "and" | "&" | "," | "-" | "(" | "+");
    let degree = |word: &Word| {
        let known = TABLE
            .abbreviations
            .get(&word.low)
            .is_some_and(|known| word.capital && word.bytes.len() == known.spelling.len());
        known
            || matches!(
                word.low.as_str(),
                "bachelor"
                    | "bachelors"
                    | "bachelor's"
                    | "master"
                    | "masters"
                    | "master's"
                    | "doctorate"
                    | "degree"
                    | "associate's"
            )
    };
    let after = words
        .get(next)
        .filter(|word| joins(word))
        .and(words.get(next + 1))
        .is_some_and(|word| {
            // `B.S.` begins with a letter and a dot.
            let dotted = word.low.len() == 1 && word.capital && words.get(next + 2).is_some_and(|dot| dot.low == ".");
            degree(word) || dotted
        });
    let before = at >= 2 && joins(&words[at - 1]) && degree(&words[at - 2])
        || at >= 3 && joins(&words[at - 1]) && words[at - 2].low == "." && words[at - 3].low.len() <= 2;
    let before = before || at >= 4 && joins(&words[at - 1]) && words[at - 2].low == ")";
    after || before
}

/// Whether a comma and the name of a town precede: `Boston, MA`.
fn is_place(words: &[Word], at: usize, next: usize) -> bool {
    let state = matches!(
        words[at].low.as_str(),
        "ma" | "md" | "ms" | "me" | "mo" | "de" | "dc" | "ab" | "as"
    );
    let town = at >= 2 && words[at - 1].low == "," && words[at - 2].capital && !words[at - 1].apart;
    let goes_on = words
        .get(next)
        .is_some_and(|word| !word.apart && word.is_word && (word.capital || word.low == "in") || word.low == ":");
    state
        && (town && !goes_on
            || words
                .get(next)
                .is_some_and(|word| word.low.len() == 5 && word.low.parse::<u32>().is_ok()))
}

/// Whether `master` is a degree: `Master in Nursing`, and not `scrum master`.
pub(super) fn is_master(words: &[Word], at: usize, education: bool) -> Option<usize> {
    let word = &words[at];
    if !matches!(word.low.as_str(), "master" | "masters") {
        return None;
    }
    let low = |at: usize| words.get(at).map_or("", |word| word.low.as_str());
    let before = at.checked_sub(1).map_or("", |before| low(before));
    let before = if before == "-" {
        at.checked_sub(2).map_or("", |before| low(before))
    } else {
        before
    };
    if VOCABULARY.masters.contains(before) {
        return None;
    }
    let next = at + 1;
    let goes_on = words.get(next).filter(|word| !word.apart);
    let plain = match low(next) {
        _ if goes_on.is_none() => education || matches!(before, "or" | "/" | "and" | "a" | "hold" | "my"),
        "of" => {
            word.capital
                && words
                    .get(next + 1)
                    .is_some_and(|word| word.capital && word.low != "ceremonies" && word.low != "the")
        }
        "in" => {
            word.capital && (education || words.get(next + 1).is_some_and(|word| word.capital)) || word.low == "masters"
        }
        "level" | "degree" | "degrees" => true,
        "or" | "/" | "and" => {
            degree_word(low(next + 1)) || word.low == "masters" && matches!(low(next + 1), "equivalent" | "higher")
        }
        "preferred" | "required" | "desired" | "from" | "with" => word.low == "masters",
        ":" | "," | "(" | "-" | "\u{2013}" | "." => education || matches!(before, "or" | "/"),
        _ => false,
    };
    plain.then_some(next)
}

fn degree_word(low: &str) -> bool {
    matches!(
        low,
        "phd" | "doctorate" | "bachelor" | "bachelors" | "bachelor's" | "mba" | "ph" | "doctoral"
    )
}

/// Whether `degree` is an academic one: not `360-degree`, `a high degree of care`, `towards their degrees`.
pub(super) fn is_academic(words: &[Word], at: usize, education: bool) -> bool {
    let low = |at: usize| words.get(at).map_or("", |word| word.low.as_str());
    let plural = low(at) == "degrees";
    let mut before = at;
    if before > 0 && low(before - 1) == "-" {
        before -= 1;
    }
    let previous = before.checked_sub(1).map_or("", |before| low(before));
    let number = previous.len() <= 3 && previous.starts_with(|c: char| c.is_ascii_digit())
        || matches!(previous, "ninety" | "\u{b0}" | "third" | "second" | "first");
    let next = low(at + 1);
    let other = matches!(
        next,
        "of" | "celsius" | "fahrenheit" | "view" | "feedback" | "c" | "f" | "angle" | "review" | "burns" | "to"
    ) || matches!(
        previous,
        "high"
            | "some"
            | "great"
            | "large"
            | "certain"
            | "varying"
            | "higher"
            | "utmost"
            | "what"
            | "any"
            | "lesser"
            | "their"
            | "his"
            | "her"
            | "highest"
    ) && next != "in";
    let other = other && !(matches!(previous, "higher" | "highest") && next != "of");
    if number || other || describes_others(words, at + 1) {
        return false;
    }
    if plural {
        return next == "in";
    }
    education
        || matches!(
            next,
            "in" | "from"
                | "or"
                | "and"
                | "required"
                | "preferred"
                | "with"
                | "is"
                | ","
                | ""
                | "."
                | ")"
                | "("
                | "/"
                | "plus"
                | "desired"
                | "essential"
                | "equivalent"
                | "related"
                | "level"
        )
}
