//! What the lines of a posting ask for: each line, or each part of one that has its own cue.

use std::ops::Range;

use super::super::english::SectionKind;
use super::super::phrase::{contains, contains_any, words};
use super::super::posting::{self, Cue, LineKind, PostingLine};
use super::super::qualification::alternatives;
use super::super::sections;
use super::Need;
use super::non_requirements::asks_nothing;

/// What a line, or a part of one, asks for.
#[derive(Debug)]
pub(super) struct Ask {
    pub(super) bytes: Range<usize>,
    pub(super) need: Need,
    /// Whether it is in a section of skills.
    pub(super) listed: bool,
    /// The text that states the years and the degree: its own, or that of all alternatives for the first of them.
    pub(super) ways: Option<Range<usize>>,
}

impl Ask {
    /// What a whole line asks for.
    fn of(line: &PostingLine, need: Need) -> Self {
        Self {
            ways: Some(line.bytes.clone()),
            bytes: line.bytes.clone(),
            need,
            listed: false,
        }
    }
}

/// What the lines ask for, without what they say is not needed.
pub(super) fn asks(clean: &str, lines: &[PostingLine]) -> Vec<Ask> {
    let mut found: Vec<Ask> = Vec::new();
    let mut listed = false;
    let mut listed_until = 0;
    for (at, line) in lines.iter().enumerate() {
        if at < listed_until {
            continue;
        }
        let need = match line.kind {
            LineKind::Duty => Need::Duty,
            LineKind::MustHave => Need::Must,
            LineKind::NiceToHave => Need::Nice,
            LineKind::Heading if states_need(&clean[line.bytes.clone()]) => Need::Must,
            LineKind::Heading => {
                let heading = sections::heading(&clean[line.bytes.clone()]);
                listed = heading.is_some_and(|heading| heading.kind == SectionKind::Skills);
                continue;
            }
            _ => continue,
        };
        // `Essential` below another heading, or a line that introduces a list.
        let text = clean[line.bytes.clone()].trim_end();
        // `Minimum of 3 years of experience in the following:` asks for years.
        let introduces = text.ends_with(':') && !states_need(text);
        if posting::is_cue_only(text) || introduces || !text.contains(char::is_alphabetic) || fills(text) {
            continue;
        }
        // `Degree in one of the following:` is one requirement with the items below it.
        if text.ends_with(':') && contains_any(&words(text), &ONE_OF) {
            let mut end = line.bytes.end;
            let items = lines[at + 1..].iter().take_while(|item| {
                let beside = !clean[end..item.bytes.start].replace(' ', "").contains("\n\n");
                end = item.bytes.end;
                beside && is_short_item(clean, item)
            });
            listed_until = at + 1 + items.count();
            let end = lines[listed_until - 1].bytes.end;
            found.push(Ask {
                ways: Some(line.bytes.clone()),
                bytes: line.bytes.start..end,
                need,
                listed,
            });
            continue;
        }
        let parts = posting::parts(clean, &line.bytes);
        for part in parts {
            let need = match (part.cue, need) {
                _ if invites(&clean[part.bytes.clone()]) || gives(&words(&clean[part.bytes.clone()])) => continue,
                _ if asks_nothing(&clean[part.bytes.clone()]) => continue,
                (Cue::Not, _) => continue,
                (_, Need::Duty) | (Cue::None, _) => need,
                (Cue::Must, _) => Need::Must,
                (Cue::Nice, _) => Need::Nice,
            };
            found.push(Ask {
                ways: Some(part.bytes.clone()),
                bytes: part.bytes,
                need,
                listed,
            });
        }
    }
    let headings = lines.iter().filter(|line| line.kind == LineKind::Heading).count();
    if found.is_empty() {
        found = unknown_asks(clean, lines);
    }
    if found.len() < FEW && headings <= MOST_HEADINGS {
        found.extend(loose_asks(clean, lines));
        found.sort_by_key(|ask| ask.bytes.start);
    }
    join_alternatives(clean, &mut found);
    found
}

/// Phrases before a list of which one item is enough.
const ONE_OF: [&str; 6] = [
    "one of the following",
    "any of the following",
    "one or more of",
    "at least one of",
    "either of the following",
    "one of these",
];
/// The most words of an item of such a list.
const ITEM_WORDS: usize = 8;

/// Whether a line that introduces a list asks for years or a degree itself.
fn states_need(text: &str) -> bool {
    text.trim_end().ends_with(':') && !alternatives(text).is_empty()
}

fn is_short_item(clean: &str, line: &PostingLine) -> bool {
    matches!(line.kind, LineKind::MustHave | LineKind::NiceToHave | LineKind::Duty)
        && clean[line.bytes.clone()].split_whitespace().count() <= ITEM_WORDS
}

/// The number of asks below which a posting without sections is read sentence by sentence.
const FEW: usize = 6;
/// The number of headings, the title included, of a posting without sections.
const MOST_HEADINGS: usize = 1;

/// Phrases that invite people to apply.
const INVITATIONS: [&str; 9] = [
    "all backgrounds",
    "encouraged to apply",
    "grads considered",
    "grads welcome",
    "graduates considered",
    "graduates welcome",
    "new grads",
    "welcome applications",
    "welcome to apply",
];

/// Words of sentences about the employer and about who is sought.
const ABOUT_EMPLOYER: [&str; 22] = [
    "appoint",
    "available",
    "closing date",
    "established",
    "has arisen",
    "family owned",
    "founded",
    "hiring",
    "i",
    "looking for",
    "opportunity for",
    "our",
    "recruiting",
    "refs",
    "seeking",
    "seeks",
    "since",
    "small",
    "us",
    "wanted",
    "we",
    "we're",
];

/// The most words of the name of a firm.
const NAME_WORDS: usize = 7;

/// The number of words of an invitation.
const MOST_WORDS: usize = 6;

/// Whether a text says who may apply rather than what is asked for.
fn invites(text: &str) -> bool {
    let low = words(text);
    low.split_whitespace().count() <= MOST_WORDS && contains_any(&low, &INVITATIONS)
}

/// Words between the firm and what it does.
const ADVERBS: [&str; 4] = ["also", "always", "even", "happily"];

/// What a firm does for its staff.
const GIVES: [&str; 9] = [
    "feed",
    "give",
    "offer",
    "pay",
    "provide",
    "reimburse",
    "sponsor",
    "supply",
    "cover",
];

/// Whether a line says what the firm gives: `we supply the rest`.
fn gives(low: &str) -> bool {
    let mut said = low.split_whitespace().filter(|word| !ADVERBS.contains(word));
    let firm = matches!(said.next(), Some("we" | "we'll"));
    firm && said.next().is_some_and(|verb| GIVES.contains(&verb))
}

/// Whether a line asks for nothing in particular: `Other duties as assigned`.
fn fills(text: &str) -> bool {
    let low = words(text);
    contains(&low, "other duties") && contains_any(&low, &["as assigned", "as required", "as needed", "as requested"])
}

/// What a posting without sections asks for in sentences that the classifier takes for others: `Small shop needs welder.
/// Mostly mild steel. Work from drawings.`
fn loose_asks(clean: &str, lines: &[PostingLine]) -> Vec<Ask> {
    let other = |line: &&PostingLine| {
        matches!(line.kind, LineKind::Employer | LineKind::Terms | LineKind::Other) && !line.title
    };
    let asked = |line: &&PostingLine| {
        let text = &clean[line.bytes.clone()];
        let low = words(text);
        let about = contains_any(&low, &ABOUT_EMPLOYER);
        low.split_whitespace().count() >= 2
            && !about
            && !posting::is_about_terms(text)
            && !asks_nothing(text)
            && !is_name(text)
            && !tells_of_name(text)
            && posting::cue(text) != Cue::Not
    };
    let lines = lines.iter().skip(1).filter(other).filter(asked);
    lines.map(|line| Ask::of(line, Need::Must)).collect()
}

/// Whether a line is nothing but a name, such as that of the firm: each word but small ones has a capital.
fn is_name(text: &str) -> bool {
    let text = text.trim();
    let few = text.split_whitespace().count() <= NAME_WORDS;
    let small = |word: &str| matches!(word, "and" | "of" | "the" | "for" | "&" | "in" | "at");
    let capital = |word: &str| word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let asked = [
        "experience",
        "licence",
        "license",
        "certificate",
        "degree",
        "knowledge",
        "skills",
        "diploma",
    ];
    few && !contains_any(&words(text), &asked)
        && !text.ends_with(['.', '!', ';', ':'])
        && !text.contains(char::is_numeric)
        && text.split_whitespace().all(|word| small(word) || capital(word))
        && text.split_whitespace().filter(|word| capital(word)).count() >= 2
}

/// What a firm does.
const DOES: [&str; 24] = [
    "bakes",
    "builds",
    "cares",
    "designs",
    "employs",
    "has",
    "helps",
    "holds",
    "is",
    "makes",
    "manages",
    "offers",
    "operates",
    "owns",
    "produces",
    "provides",
    "runs",
    "sells",
    "serves",
    "specialises",
    "specializes",
    "supplies",
    "supports",
    "works",
];

/// Whether a sentence tells what a name is or does: `Sunrise runs three homes`.
fn tells_of_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().take(NAME_WORDS).collect();
    let verb = words.iter().position(|word| DOES.contains(word));
    let person = |word: &&str| {
        let low = word.to_lowercase();
        matches!(
            low.as_str(),
            "candidate" | "applicant" | "person" | "you" | "who" | "someone" | "must" | "this"
        )
    };
    let name = |word: &&str| word.starts_with(char::is_uppercase) || matches!(*word, "&" | "and" | "of" | "the");
    verb.is_some_and(|verb| verb > 0 && words[..verb].iter().all(name) && !words[..verb].iter().any(person))
}

/// A posting of an unknown form asks for whatever is about nothing else.
fn unknown_asks(clean: &str, lines: &[PostingLine]) -> Vec<Ask> {
    let other = lines.iter().filter(|line| line.kind == LineKind::Other);
    let sentence = |line: &&PostingLine| clean[line.bytes.clone()].split_whitespace().count() >= 2;
    let asked = |line: &&PostingLine| posting::cue(&clean[line.bytes.clone()]) != Cue::Not;
    other
        .filter(sentence)
        .filter(asked)
        .map(|line| Ask::of(line, Need::Must))
        .collect()
}

/// Lines joined by `; or` state one requirement of years and degree together.
fn join_alternatives(clean: &str, asks: &mut [Ask]) {
    let mut first = 0;
    for at in 1..asks.len() {
        let before = clean[asks[at - 1].bytes.clone()].trim_end().to_lowercase();
        let begins = |start: &str| {
            let own = clean[asks[at].bytes.clone()].trim_start();
            own.get(..start.len())
                .is_some_and(|own| own.eq_ignore_ascii_case(start))
        };
        // `OR` in a line of its own.
        let between = clean
            .get(asks[at - 1].bytes.end..asks[at].bytes.start)
            .unwrap_or_default();
        let alone = between
            .trim_matches(|c: char| !c.is_alphanumeric())
            .eq_ignore_ascii_case("or");
        let joined =
            before.ends_with(" or") || before.ends_with(";or") || alone || begins("or ") || begins("alternatively");
        if !joined || asks[at].need != asks[first].need {
            first = at;
            continue;
        }
        let end = asks[at].bytes.end;
        if let Some(ways) = &mut asks[first].ways {
            ways.end = end;
        }
        asks[at].ways = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_name_is_or_does_asks_for_nothing() {
        for text in [
            "Sunrise runs three homes in Leeds.",
            "Crust bakes for forty cafes across the city.",
            "Hill & Sons has looked after older people for 30 years.",
        ] {
            assert!(tells_of_name(text), "{text}");
        }
        for text in [
            "Work from drawings.",
            "Candidate has two references",
            "Must like dogs",
            "Mostly mild steel.",
        ] {
            assert!(!tells_of_name(text), "{text}");
        }
    }

    #[test]
    fn a_name_asks_for_nothing() {
        for text in [
            "Hollis & Grant LLP",
            "Texas Democratic Party",
            "Green Valley Dental Group",
            "City of Lanewick",
        ] {
            assert!(is_name(text), "{text}");
        }
        for text in [
            "Mostly mild steel",
            "Work from drawings.",
            "SQL",
            "Class 2 Licence",
            "Clean and tidy",
        ] {
            assert!(!is_name(text), "{text}");
        }
    }

    #[test]
    fn what_the_firm_gives_is_not_asked_for() {
        for verb in GIVES {
            for text in [
                format!("we {verb} the rest"),
                format!("We\u{2019}ll {verb} your uniform"),
                format!("We also {verb} meals"),
            ] {
                assert!(gives(&words(&text)), "{text}");
            }
        }
        for text in [
            "We need two chefs",
            "Provide meals to residents",
            "we ask for a licence",
            "Offer advice",
        ] {
            assert!(!gives(&words(text)), "{text}");
        }
    }
}
