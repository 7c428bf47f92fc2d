//! Sentences that say by their own words what they are, whatever surrounds them: a duty in a paragraph about the employer
//! (`As part of our team you will cut and colour`), a requirement among the terms (`Forklift licence required`).

mod phrases;
mod values;

use std::ops::Range;

use self::phrases::PHRASES;
use super::super::conditions::is_condition;
use super::super::credentials::credentials;
use super::super::headings::names_institution;
use super::super::occupations::names_occupation;
use super::super::phrase::{Phrases, contains, contains_any, words};
use super::super::sections;
use super::super::traits;
use super::super::words::words as split;
use super::cues::{Cue, cue, is_cue_only};
use super::kind::{self, CONTENT, DUTY, Label, LineKind, MUST_HAVE};
use super::parts::parts;
use super::units::{Place, Unit};

/// The signs of money.
const MONEY: [char; 5] = ['$', '\u{a3}', '\u{20ac}', '\u{20b9}', '\u{a5}'];

/// The number of words between a noun for work and `includes`.
const MOST_BETWEEN: usize = 4;

/// Corrects the labels of sentences about the employer, of terms and of other text that are a duty or a requirement, and
/// of offers and of items of a list that are labelled as something else.
pub(super) fn correct(clean: &str, units: &[Unit], labels: &mut [Label]) {
    items(clean, units, labels);
    values::ask(clean, units, labels);
    let mut section = None;
    let mut before = None;
    for (at, (unit, label)) in units.iter().zip(labels).enumerate() {
        let text = &clean[unit.bytes.clone()];
        let followed = units.get(at + 1).is_some_and(|next| next.place != Place::SameLine);
        if matches!(label, Label::Content(_)) && followed && names_terms(text, unit) {
            *label = Label::Heading(kind::TERMS);
        }
        if matches!(label, Label::Heading(_)) && is_ask(text, unit, before) {
            *label = Label::Content(MUST_HAVE);
        }
        match *label {
            Label::Heading(kind) if !unit.label => section = Some(CONTENT[kind]),
            Label::Title => section = None,
            Label::Content(kind) if !unit.label => {
                let kind = CONTENT[kind];
                let about_terms = matches!(section, Some(LineKind::Terms | LineKind::Application | LineKind::Legal));
                let below = before == Some(Label::Heading(kind::DUTY)) || section == Some(LineKind::Duty);
                let under = below && kind == LineKind::Employer;
                let stated = stated(clean, &unit.bytes, kind).or_else(|| (under && tells_duties(text)).then_some(DUTY));
                if let Some(stated) = stated.filter(|stated| !about_terms || *stated == kind::APPLICATION) {
                    *label = Label::Content(stated);
                }
            }
            _ => {}
        }
        // `Location: City Centre` is about the place.
        let valued = unit.place == Place::SameLine && at > 0 && units[at - 1].label;
        if at <= FIRST_LINES
            && !valued
            && *label == Label::Content(kind::TERMS)
            && names_institution(text)
            && !is_about_terms(text)
        {
            *label = Label::Content(kind::EMPLOYER);
        }
        before = Some(*label);
    }
}

/// The lines below the title among which the name of the employer stands.
const FIRST_LINES: usize = 4;

/// Whether a sentence is about pay, hours, place, contract or the application.
pub(in crate::matching) fn is_about_terms(text: &str) -> bool {
    let low = words(text);
    let about = [&PHRASES.terms, &PHRASES.application, &PHRASES.job_rules];
    text.contains(MONEY) || about.into_iter().any(|phrases| phrases.are_in(&low)) || is_condition(text)
}

/// Phrases of what is required of those who apply, not done in the job: `All candidates must possess a licence`.
const REQUIRED_OF: [&str; 15] = [
    "applicant will have",
    "candidate will demonstrate",
    "candidate will have",
    "candidate will possess",
    "ideal candidate has",
    "one must demonstrate",
    "applicant must",
    "applicants must",
    "candidate must",
    "candidates must",
    "must possess",
    "you must be able",
    "you must have",
    "you must hold",
    "you must know",
];

/// The same at the beginning of a line: `Must be able to lift 25 lbs`.
const REQUIRED_AT_ONCE: [&str; 4] = ["must be able ", "must have ", "must hold ", "must possess "];

/// The kind that a sentence states by its own words, if it is labelled as one of these other kinds.
fn stated(clean: &str, bytes: &Range<usize>, kind: LineKind) -> Option<usize> {
    let text = &clean[bytes.clone()];
    let low = words(text);
    if matches!(kind, LineKind::Duty | LineKind::MustHave | LineKind::NiceToHave) {
        let begins = REQUIRED_AT_ONCE.iter().any(|start| low.trim_start().starts_with(start));
        let has = (contains_any(&low, &REQUIRED_OF) || begins) && !contains(&low, "opportunity");
        let required = kind == LineKind::Duty && has;
        return unasked(text, &low).or_else(|| required.then_some(MUST_HAVE));
    }
    let names = |phrases: &Phrases| phrases.are_in(&low);
    if names(&PHRASES.excludes) || contains(&low, "will not be considered") && contains(&low, "without") {
        return Some(MUST_HAVE);
    }
    let sends = names(&PHRASES.papers) && names(&PHRASES.sends) || kind != LineKind::Legal && names(&PHRASES.calls);
    if kind != LineKind::Application && sends {
        return Some(kind::APPLICATION);
    }
    if !matches!(kind, LineKind::Employer | LineKind::Terms | LineKind::Other) {
        return None;
    }
    if text.contains(MONEY) || text.contains('?') || names(&PHRASES.application) || text.trim_end().ends_with(':') {
        return None;
    }
    let terms = names(&PHRASES.terms);
    if kind != LineKind::Terms && begins_offer(&low) {
        return Some(kind::TERMS);
    }
    if asks(clean, bytes, &low) && !terms && !is_condition(text) {
        Some(MUST_HAVE)
    } else if is_duty(&low) && !(terms && kind == LineKind::Terms) {
        Some(DUTY)
    } else {
        None
    }
}

/// Whether a line is nothing but the name of terms, such as `Annual salary`, and so their heading.
fn names_terms(text: &str, unit: &Unit) -> bool {
    let low = words(text);
    let mut names = low.split_whitespace();
    !unit.signed
        && unit.place != Place::SameLine
        && names.clone().count() <= 3
        && names.clone().next_back().is_some_and(|last| PHRASES.pay.contains(last))
        && names.all(|name| {
            PHRASES.pay.contains(name) || matches!(name, "annual" | "the" | "our" | "hourly" | "and" | "your")
        })
}

/// Whether a unit that is labelled as a heading is a line that asks for something: `MUST LOVE PEOPLE!`, or one among others
/// with a cue of its own, `bonus if you bake`.
fn is_ask(text: &str, unit: &Unit, before: Option<Label>) -> bool {
    if unit.label || unit.marked || text.trim_end().ends_with([':', ';']) || sections::heading(text).is_some() {
        return false;
    }
    let low = words(text);
    let inside = matches!(unit.place, Place::NextLine | Place::NextItem)
        && matches!(before, Some(Label::Content(MUST_HAVE | kind::NICE_TO_HAVE)));
    let cued = matches!(cue(text), Cue::Must | Cue::Nice) && !is_cue_only(text);
    let last = low.split_whitespace().next_back().unwrap_or_default();
    traits::is_trait(text) && contains(&low, "must")
        || inside && cued && low.split_whitespace().count() >= 3 && !PHRASES.introduce.contains(last)
}

/// The most words of an item that is the heading of those below it.
const HEADING_WORDS: usize = 4;

/// Labels items below a title or among others, as headings are not.
fn items(clean: &str, units: &[Unit], labels: &mut [Label]) {
    for at in (1..units.len()).rev() {
        let (one, next) = (&units[at - 1], &units[at]);
        let follows = matches!(next.place, Place::NextItem | Place::ItemAfterBlank);
        let is_item = one.signed && next.signed && !one.label && !one.marked && follows;
        let text = &clean[one.bytes.clone()];
        let few = text.split_whitespace().count() <= HEADING_WORDS;
        let names = text.trim_end().ends_with(':') || few && sections::heading(text).is_some();
        if let (true, false, Label::Heading(_) | Label::Title, Label::Content(kind)) =
            (is_item, names, labels[at - 1], labels[at])
        {
            labels[at - 1] = Label::Content(kind);
        }
    }
}

/// The kind of a sentence that is labelled as asking for something but says that it is an offer, pay or how to apply.
fn unasked(text: &str, low: &str) -> Option<usize> {
    let says = |phrases: &Phrases| phrases.are_in(low);
    let offers = PHRASES.offers.iter().any(|offer| {
        let after = low.find(&format!(" {offer} ")).map(|at| &low[at + offer.len() + 2..]);
        after.is_some_and(|after| {
            let next = after.split_whitespace().next().unwrap_or_default();
            !(offer.ends_with("get") && PHRASES.get.contains(next))
        })
    });
    let pays = text.trim_start().starts_with(['$', '\u{a3}', '\u{20ac}']) || low.starts_with(" pay ");
    let hours =
        states_terms(low) && says(&PHRASES.terms) && !contains_any(low, &["must", "require", "requires", "required"]);
    if offers || hours || says(&PHRASES.job_rules) || pays && text.contains(|c: char| c.is_ascii_digit()) {
        Some(kind::TERMS)
    } else if says(&PHRASES.papers) && says(&PHRASES.sends)
        || says(&PHRASES.selection)
        || says(&PHRASES.calls) && !contains_any(low, &["if you have", "if you hold", "who have", "with"])
        || tells_steps(text, low)
    {
        Some(kind::APPLICATION)
    } else if states_rule(text) {
        Some(kind::OTHER)
    } else {
        None
    }
}

/// Whether a sentence tells applicants what happens next or what to bring, and names no licence that they have to hold.
fn tells_steps(text: &str, low: &str) -> bool {
    PHRASES.steps.are_in(low) && PHRASES.applicants.are_in(low) && credentials(text, &split(text)).is_empty()
}

/// Whether a sentence says how the job is, not what is done in it: `This role is part time`.
fn states_terms(low: &str) -> bool {
    let about_job = PHRASES.this_job.iter().any(|job| {
        let after = low.trim_start().strip_prefix(job.as_str());
        after.is_some_and(|after| {
            let verb = after.split_whitespace().next().unwrap_or_default();
            job.ends_with(" is") || PHRASES.job_verbs.contains(verb)
        })
    });
    about_job && !PHRASES.charges.are_in(low) && !is_duty(low)
}

/// Whether a sentence begins with a rule of what counts. A rule after the first part is about what that asks for:
/// `Diploma required (experience may be substituted)`.
fn states_rule(text: &str) -> bool {
    let first = text.split([',', ';', '(']).next();
    first.is_some_and(|part| PHRASES.rules.are_in(&words(part)))
}

/// Whether a line asks the reader for something, or one of its parts ends in a cue.
fn asks(clean: &str, bytes: &Range<usize>, low: &str) -> bool {
    let ends = |text: &str| {
        let low = words(text);
        let low = low.trim_end();
        let named = PHRASES.ends.iter().filter_map(|end| low.strip_suffix(end.as_str()));
        named
            .filter(|rest| rest.ends_with(' '))
            .any(|rest| !rest.trim().is_empty())
    };
    if contains_any(low, &SHOULD_HAVE) || describes_sought(low) {
        return true;
    }
    let parts = parts(clean, bytes);
    let cued = parts.iter().filter(|part| matches!(part.cue, Cue::Must | Cue::Nice));
    let mut cued = cued.map(|part| &clean[part.bytes.clone()]).peekable();
    contains(low, "or equivalent")
        || cued.peek().is_some() && (low.starts_with(" must ") || PHRASES.asks.are_in(low) || cued.any(ends))
}

/// Phrases of what those who apply should have.
const SHOULD_HAVE: [&str; 6] = [
    "applicants should",
    "applicant should",
    "candidates should",
    "candidate should",
    "you should have",
    "you should be",
];

/// Whether a sentence says what the person who is sought has or can do: `We need someone who can weld`.
fn describes_sought(low: &str) -> bool {
    let sought = ["looking for", "seeking", "seeks", "we need", "we want"]
        .iter()
        .filter_map(|phrase| low.find(&format!(" {phrase} ")).map(|at| at + phrase.len()))
        .min();
    let has = [
        "who is",
        "who has",
        "who can",
        "who have",
        "with experience",
        "with a background",
        "with strong",
    ];
    sought.is_some_and(|at| contains_any(&low[at..], &has))
}

/// Whether a sentence begins with what the employer offers: `We offer a pay rate of 12 an hour`.
fn begins_offer(low: &str) -> bool {
    [
        "we offer",
        "we are offering",
        "we're offering",
        "we also offer",
        "we can offer",
    ]
    .iter()
    .any(|offer| low.trim_start().starts_with(offer))
}

/// Whether a line right below a heading of duties tells them: `A lock keeper opens the gates for boats`.
fn tells_duties(text: &str) -> bool {
    let low = words(text);
    // `Leading a team of keepers` is a duty, `the leading maker of locks` is not.
    let rest = low.strip_prefix(" leading").unwrap_or(&low);
    !PHRASES.firm.are_in(rest) && low.split_whitespace().count() >= 5
}

/// Whether a sentence says what the reader will do.
fn is_duty(low: &str) -> bool {
    let followed = |phrases: &[String], by: fn(&str) -> bool| {
        phrases.iter().any(|phrase| {
            let phrase = format!(" {phrase} ");
            let mut places = low.match_indices(phrase.as_str());
            places.any(|(at, _)| by(&low[at + phrase.len()..]))
        })
    };
    followed(&PHRASES.tasks, |rest| rest.split_whitespace().count() >= 2)
        || followed(&PHRASES.before_task, is_task)
        || includes(low)
        || holder_does(low)
        || begins_with_deed(low)
}

/// The most words before the verb in a sentence about the holder of the job.
const MOST_SUBJECT: usize = 8;

/// Whether a sentence says what the holder of the job does: `The press secretary will write to reporters`, `A keeper is
/// responsible for the gates`.
fn holder_does(low: &str) -> bool {
    let subject = |before: &str| {
        let words: Vec<&str> = before.split_whitespace().collect();
        let article = words
            .first()
            .is_some_and(|word| matches!(*word, "the" | "a" | "an" | "each" | "this"));
        article && words.len() <= MOST_SUBJECT && names_occupation(before)
    };
    let will = low.find(" will ");
    will.is_some_and(|at| subject(&low[..at]) && is_task(&low[at + " will ".len()..]))
        || low.find(" is responsible for ").is_some_and(|at| subject(&low[..at]))
}

/// Whether a sentence without a subject begins with what is done, or says it of the reader: `Directs the programmes`,
/// `Responsible for the floors`, `You provide dental services`.
fn begins_with_deed(low: &str) -> bool {
    let words: Vec<&str> = low.split_whitespace().collect();
    let [first, second, rest @ ..] = &words[..] else {
        return false;
    };
    if rest.len() < 2 {
        return false;
    }
    match *first {
        "responsible" => *second == "for",
        "you" => !PHRASES.no_tasks.contains(*second) && !PHRASES.no_deeds.contains(*second) && !second.ends_with("ed"),
        _ => {
            let third_person = first.len() > 4 && first.ends_with('s') && !first.ends_with("ss");
            third_person && *second != "of" && PHRASES.deeds.contains(*first)
        }
    }
}

/// Whether a sentence says what the work includes: `The work is varied and includes sowing and planting`.
fn includes(low: &str) -> bool {
    let words: Vec<&str> = low.split_whitespace().collect();
    let verb = |word: &str| {
        let verbs = [
            "include",
            "includes",
            "involve",
            "involves",
            "consists",
            "consist",
            "comprises",
            "entails",
        ];
        verbs.contains(&word)
    };
    words.iter().enumerate().any(|(at, word)| {
        let before = &words[at.saturating_sub(MOST_BETWEEN)..at];
        let noun = before.iter().rposition(|word| PHRASES.work.contains(*word));
        let own = noun.is_some_and(|noun| noun == 0 || before[noun - 1] != "our");
        verb(word) && own && words.len() > at + 2
    })
}

/// Whether these words, after `you will`, begin with a verb of a task.
fn is_task(rest: &str) -> bool {
    let mut words = rest
        .split_whitespace()
        .skip_while(|word| PHRASES.adverbs.contains(*word));
    let Some(verb) = words.next() else {
        return false;
    };
    if words.clone().count() < 2 {
        return false;
    }
    if verb != "be" {
        return !PHRASES.no_tasks.contains(verb) && verb.chars().all(char::is_alphabetic);
    }
    let rest: Vec<&str> = words.skip_while(|word| PHRASES.adverbs.contains(*word)).collect();
    let being = rest.join(" ");
    let gains = [
        "joining",
        "receiving",
        "getting",
        "earning",
        "reporting",
        "starting",
        "living",
        "learning",
    ];
    rest.first()
        .is_some_and(|first| first.len() > 5 && first.ends_with("ing") && !gains.contains(first))
        || PHRASES.being.iter().any(|phrase| being.starts_with(phrase.as_str()))
}

#[cfg(test)]
mod tests;
