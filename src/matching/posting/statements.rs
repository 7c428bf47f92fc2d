//! Sentences that say by their own words what they are, whatever surrounds them: a duty in a paragraph about the employer
//! (`As part of our team you will cut and colour`), a requirement among the terms (`Forklift licence required`).

use std::ops::Range;

use super::super::conditions::is_condition;
use super::super::phrase::{contains, words};
use super::super::sections;
use super::super::traits;
use super::cues::{Cue, cue, is_cue_only};
use super::kind::{self, CONTENT, DUTY, Label, LineKind, MUST_HAVE};
use super::parts::parts;
use super::units::{Place, Unit};

/// Phrases before a verb that is a task of the reader.
const BEFORE_TASK: [&str; 23] = [
    "you will",
    "you'll",
    "you would",
    "you'd",
    "you get to",
    "you are going to",
    "you're going to",
    "your job is to",
    "your job will be to",
    "your role is to",
    "your role will be to",
    "your task is to",
    "your main task is to",
    "we need you to",
    "we want you to",
    "the job is to",
    "the role is to",
    "successful candidate will",
    "successful applicant will",
    "post holder will",
    "postholder will",
    "job holder will",
    "incumbent will",
];

/// Phrases before the tasks themselves.
const TASKS: [&str; 17] = [
    "role involves",
    "job involves",
    "work involves",
    "position involves",
    "role will involve",
    "job will involve",
    "work will involve",
    "duties include",
    "duties will include",
    "responsibilities include",
    "responsibilities will include",
    "tasks include",
    "tasks will include",
    "you are responsible for",
    "you're responsible for",
    "you are in charge of",
    "you're in charge of",
];

/// Words between the phrase and its verb.
const ADVERBS: [&str; 24] = [
    "also",
    "always",
    "and",
    "daily",
    "even",
    "generally",
    "initially",
    "likely",
    "mainly",
    "mostly",
    "normally",
    "occasionally",
    "often",
    "only",
    "primarily",
    "probably",
    "quickly",
    "regularly",
    "sometimes",
    "soon",
    "then",
    "therefore",
    "typically",
    "usually",
];

/// Verbs of what the reader gets, is or has, not of what the reader does.
const NO_TASKS: [&str; 52] = [
    "apply",
    "appreciate",
    "attend",
    "become",
    "begin",
    "benefit",
    "bring",
    "come",
    "contact",
    "demonstrate",
    "earn",
    "enjoy",
    "enter",
    "expect",
    "feel",
    "find",
    "fit",
    "gain",
    "get",
    "go",
    "grow",
    "have",
    "hear",
    "hold",
    "join",
    "know",
    "learn",
    "like",
    "live",
    "love",
    "need",
    "never",
    "not",
    "notice",
    "possess",
    "prefer",
    "qualify",
    "receive",
    "register",
    "relocate",
    "report",
    "require",
    "see",
    "send",
    "speak",
    "start",
    "submit",
    "thrive",
    "travel",
    "understand",
    "want",
    "wear",
];

/// What follows `you will be` if it is a task.
const BEING: [&str; 8] = [
    "responsible",
    "accountable",
    "in charge",
    "involved",
    "asked to",
    "expected to",
    "called on to",
    "tasked",
];

/// Words of pay, hours, place and contract.
const TERMS: [&str; 59] = [
    "as and when",
    "benefits",
    "best people",
    "bonuses",
    "casual",
    "commission",
    "contract",
    "days",
    "discount",
    "fixed term",
    "free",
    "fri",
    "friday",
    "from home",
    "full time",
    "holiday",
    "holidays",
    "hour",
    "hourly",
    "hours",
    "hybrid",
    "insurance",
    "leave",
    "mon",
    "monday",
    "night",
    "nights",
    "overtime",
    "paid",
    "parking",
    "part time",
    "pay",
    "pension",
    "permanent",
    "probation",
    "remote",
    "remotely",
    "rota",
    "salary",
    "sat",
    "saturday",
    "shift",
    "shifts",
    "start date",
    "sun",
    "sunday",
    "temporary",
    "thu",
    "thur",
    "thurs",
    "tips",
    "tue",
    "tues",
    "uniform",
    "vacation",
    "wage",
    "wed",
    "weekend",
    "weekends",
];

/// The signs of money.
const MONEY: [char; 5] = ['$', '\u{a3}', '\u{20ac}', '\u{20b9}', '\u{a5}'];

/// Words of an application.
const APPLICATION: [&str; 13] = [
    "application",
    "applications",
    "apply",
    "applying",
    "covering letter",
    "cover letter",
    "cv",
    "application form",
    "interview",
    "photo",
    "references",
    "resume",
    "resumes",
];

/// Phrases that ask the reader for something.
const ASKS: [&str; 12] = [
    "you must",
    "you need",
    "you will need",
    "you'll need",
    "you should have",
    "you should be able",
    "applicants must",
    "candidates must",
    "applicant must",
    "candidate must",
    "we require",
    "we ask for",
];

/// Words and phrases that a line which asks for what it names ends in.
const ENDS: [&str; 22] = [
    "a bonus",
    "a must",
    "a plus",
    "advantageous",
    "an advantage",
    "an asset",
    "appreciated",
    "beneficial",
    "desirable",
    "desired",
    "essential",
    "helpful",
    "ideal",
    "mandatory",
    "needed",
    "nice to have",
    "optional",
    "preferable",
    "preferred",
    "required",
    "useful",
    "welcome",
];

/// Nouns of which a sentence says what they include.
const WORK: [&str; 8] = [
    "role",
    "job",
    "work",
    "position",
    "post",
    "duties",
    "responsibilities",
    "tasks",
];

/// The number of words between such a noun and `includes`.
const MOST_BETWEEN: usize = 4;

/// What the employer gives.
const OFFERS: [&str; 10] = [
    "you'll get",
    "you will get",
    "you'll receive",
    "you will receive",
    "you'll enjoy",
    "you will enjoy",
    "in return",
    "we offer",
    "we will offer",
    "we'll offer",
];

/// What follows `you'll get` if it is a task.
const GET: [&str; 6] = ["to", "stuck", "involved", "your", "things", "people"];

/// What is sent with an application.
const PAPERS: [&str; 6] = [
    "your cv",
    "a cv",
    "your resume",
    "a resume",
    "cover letter",
    "covering letter",
];

/// Verbs of applying.
const SENDS: [&str; 11] = [
    "send", "email", "drop", "pop", "bring", "apply", "submit", "text", "upload", "attach", "forward",
];

/// Corrects the labels of sentences about the employer, of terms and of other text that are a duty or a requirement, and
/// of offers and of items of a list that are labelled as something else.
pub(super) fn correct(clean: &str, units: &[Unit], labels: &mut [Label]) {
    items(clean, units, labels);
    let mut section = None;
    let mut before = None;
    for (unit, label) in units.iter().zip(labels) {
        let text = &clean[unit.bytes.clone()];
        if matches!(label, Label::Heading(_)) && is_ask(text, unit, before) {
            *label = Label::Content(MUST_HAVE);
        }
        match *label {
            Label::Heading(kind) if !unit.label => section = Some(CONTENT[kind]),
            Label::Title => section = None,
            Label::Content(kind) if !unit.label => {
                let kind = CONTENT[kind];
                let about_terms = matches!(section, Some(LineKind::Terms | LineKind::Application | LineKind::Legal));
                if let Some(stated) = stated(clean, &unit.bytes, kind).filter(|_| !about_terms) {
                    *label = Label::Content(stated);
                }
            }
            _ => {}
        }
        before = Some(*label);
    }
}

/// Whether a sentence is about pay, hours, place, contract or the application.
pub(in crate::matching) fn is_about_terms(text: &str) -> bool {
    let low = words(text);
    let names = |phrases: &[&str]| phrases.iter().any(|phrase| contains(&low, phrase));
    text.contains(MONEY) || names(&TERMS) || names(&APPLICATION) || is_condition(text)
}

/// The kind that a sentence states by its own words, if it is labelled as one of these other kinds.
fn stated(clean: &str, bytes: &Range<usize>, kind: LineKind) -> Option<usize> {
    let text = &clean[bytes.clone()];
    let low = words(text);
    if matches!(kind, LineKind::Duty | LineKind::MustHave | LineKind::NiceToHave) {
        return unasked(text, &low);
    }
    if !matches!(kind, LineKind::Employer | LineKind::Terms | LineKind::Other) {
        return None;
    }
    let names = |phrases: &[&str]| phrases.iter().any(|phrase| contains(&low, phrase));
    if text.contains(MONEY) || text.contains('?') || names(&APPLICATION) || text.trim_end().ends_with(':') {
        return None;
    }
    let terms = names(&TERMS);
    if asks(clean, bytes, &low) && !terms && !is_condition(text) {
        Some(MUST_HAVE)
    } else if is_duty(&low) && !(terms && kind == LineKind::Terms) {
        Some(DUTY)
    } else {
        None
    }
}

/// Words that end a heading such as `It would be great if you also had`.
const INTRODUCE: [&str; 12] = [
    "are",
    "be",
    "bring",
    "following",
    "had",
    "have",
    "if",
    "include",
    "know",
    "need",
    "with",
    "you",
];

/// Whether a unit that is labelled as a heading is a line that asks for something: `MUST LOVE PEOPLE!`, or one among others
/// with a cue of its own, `bonus if you bake`.
fn is_ask(text: &str, unit: &Unit, before: Option<Label>) -> bool {
    if unit.label || unit.marked || text.trim_end().ends_with(':') || sections::heading(text).is_some() {
        return false;
    }
    let low = words(text);
    let inside = matches!(unit.place, Place::NextLine | Place::NextItem)
        && matches!(before, Some(Label::Content(MUST_HAVE | kind::NICE_TO_HAVE)));
    let cued = matches!(cue(text), Cue::Must | Cue::Nice) && !is_cue_only(text);
    let last = low.split_whitespace().next_back().unwrap_or_default();
    traits::is_trait(text) && contains(&low, "must")
        || inside && cued && low.split_whitespace().count() >= 3 && !INTRODUCE.contains(&last)
}

/// Labels items below a title or among others, as headings are not.
fn items(clean: &str, units: &[Unit], labels: &mut [Label]) {
    for at in (1..units.len()).rev() {
        let (one, next) = (&units[at - 1], &units[at]);
        let is_item = one.signed && next.signed && !one.label && !one.marked && next.place == Place::NextItem;
        let text = &clean[one.bytes.clone()];
        let names = text.trim_end().ends_with(':') || sections::heading(text).is_some();
        if let (true, false, Label::Heading(_) | Label::Title, Label::Content(kind)) =
            (is_item, names, labels[at - 1], labels[at])
        {
            labels[at - 1] = Label::Content(kind);
        }
    }
}

/// The kind of a sentence that is labelled as asking for something but says that it is an offer, pay or how to apply.
fn unasked(text: &str, low: &str) -> Option<usize> {
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| contains(low, phrase));
    let offers = OFFERS.iter().any(|offer| {
        let after = low.find(&format!(" {offer} ")).map(|at| &low[at + offer.len() + 2..]);
        after.is_some_and(|after| {
            let next = after.split_whitespace().next().unwrap_or_default();
            !(offer.ends_with("get") && GET.contains(&next))
        })
    });
    let pays = text.trim_start().starts_with(['$', '\u{a3}', '\u{20ac}']) || low.starts_with(" pay ");
    if offers || pays && text.contains(|c: char| c.is_ascii_digit()) {
        Some(kind::TERMS)
    } else if says(&PAPERS) && says(&SENDS) {
        Some(kind::APPLICATION)
    } else {
        None
    }
}

/// Whether a line asks the reader for something, or one of its parts ends in a cue.
fn asks(clean: &str, bytes: &Range<usize>, low: &str) -> bool {
    let ends = |text: &str| {
        let low = words(text);
        let low = low.trim_end();
        let named = ENDS.iter().filter_map(|end| low.strip_suffix(end));
        named
            .filter(|rest| rest.ends_with(' '))
            .any(|rest| !rest.trim().is_empty())
    };
    let parts = parts(clean, bytes);
    let cued = parts.iter().filter(|part| matches!(part.cue, Cue::Must | Cue::Nice));
    let mut cued = cued.map(|part| &clean[part.bytes.clone()]).peekable();
    contains(low, "or equivalent")
        || cued.peek().is_some()
            && (low.starts_with(" must ") || ASKS.iter().any(|ask| contains(low, ask)) || cued.any(ends))
}

/// Whether a sentence says what the reader will do.
fn is_duty(low: &str) -> bool {
    let followed = |phrases: &[&str], by: fn(&str) -> bool| {
        phrases.iter().any(|phrase| {
            let phrase = format!(" {phrase} ");
            let mut places = low.match_indices(phrase.as_str());
            places.any(|(at, _)| by(&low[at + phrase.len()..]))
        })
    };
    followed(&TASKS, |rest| rest.split_whitespace().count() >= 2) || followed(&BEFORE_TASK, is_task) || includes(low)
}

/// Whether a sentence says what the work includes: `The work is varied and includes sowing and planting`.
fn includes(low: &str) -> bool {
    let words: Vec<&str> = low.split_whitespace().collect();
    let verb = |word: &str| matches!(word, "include" | "includes" | "involve" | "involves");
    words.iter().enumerate().any(|(at, word)| {
        let before = &words[at.saturating_sub(MOST_BETWEEN)..at];
        let noun = before.iter().rposition(|word| WORK.contains(word));
        let own = noun.is_some_and(|noun| noun == 0 || before[noun - 1] != "our");
        verb(word) && own && words.len() > at + 2
    })
}

/// Whether these words, after `you will`, begin with a verb of a task.
fn is_task(rest: &str) -> bool {
    let mut words = rest.split_whitespace().skip_while(|word| ADVERBS.contains(word));
    let Some(verb) = words.next() else {
        return false;
    };
    if words.clone().count() < 2 {
        return false;
    }
    if verb != "be" {
        return !NO_TASKS.contains(&verb) && verb.chars().all(char::is_alphabetic);
    }
    let rest: Vec<&str> = words.skip_while(|word| ADVERBS.contains(word)).collect();
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
        || BEING.iter().any(|phrase| being.starts_with(phrase))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, kind: LineKind) -> Option<LineKind> {
        stated(text, &(0..text.len()), kind).map(|kind| CONTENT[kind])
    }

    #[test]
    fn duties_are_told_from_what_the_reader_gets() {
        for text in [
            "As part of our team you will cut, colour and style hair for regular clients.",
            "You'll also answer the phones and greet visitors",
            "You would be looking after twelve residents on each floor.",
            "Your job is to keep the machines running",
            "The role involves driving a van and loading it by hand",
            "In this role you are responsible for the accounts of three shops",
            "The successful candidate will teach maths to years 7 to 11.",
            "You'll be in charge of the front desk",
            "The work is varied and includes sowing and planting veg for the house",
        ] {
            assert_eq!(read(text, LineKind::Employer), Some(LineKind::Duty), "{text}");
        }
        for text in [
            "You will join a team of eight who like each other",
            "You will receive full training and a free uniform",
            "We will support you in your studies",
            "You'll be part of a growing family of shops",
            "You will be paid every Friday",
            "Our nurses care for 200 patients a day.",
            "You will love it here with us",
            "You will never work alone in our shops",
            "You will earn $20 an hour while you cut hair",
            "You will",
            "Our work includes three awards for design",
        ] {
            assert_eq!(read(text, LineKind::Employer), None, "{text}");
        }
    }

    #[test]
    fn requirements_are_told_from_terms() {
        for text in [
            "Forklift cert required, reach truck is a bonus",
            "Must hold a CDL class A",
            "You need two years in a kitchen",
            "Experience with horses essential",
            "Own tools and van preferred",
        ] {
            assert_eq!(read(text, LineKind::Terms), Some(LineKind::MustHave), "{text}");
        }
        for text in [
            "Weekend shifts required",
            "Annual bonus",
            "Minimum 20 hours",
            "Overtime is a must in December",
            "References required",
            "Uniform provided",
            "We believe that care must be personal",
            "Required",
        ] {
            assert_eq!(read(text, LineKind::Terms), None, "{text}");
        }
        assert_eq!(read("Must hold a CDL class A", LineKind::Legal), None);
    }

    #[test]
    fn offers_pay_and_applications_ask_for_nothing() {
        for (text, want) in [
            (
                "You'll get protected time for CPD and free parking",
                Some(LineKind::Terms),
            ),
            (
                "\u{a3}12.60/h + tips + as much coffee as you can drink",
                Some(LineKind::Terms),
            ),
            ("pop in with your cv & ask for Meg", Some(LineKind::Application)),
            ("You'll get to cut and colour hair", None),
            ("You'll get your hands dirty in our workshop", None),
            ("Write SQL every day", None),
        ] {
            assert_eq!(read(text, LineKind::Duty), want, "{text}");
            assert_eq!(read(text, LineKind::NiceToHave), want, "{text}");
        }
    }

    /// Whatever comes before and after, and whatever the task is.
    #[test]
    fn duties_of_any_form_are_found() {
        for task in [
            "cut and colour hair",
            "weld steel frames",
            "grade essays of pupils",
            "dispense the prescriptions",
        ] {
            for before in ["", "As part of our team ", "Working with our chef, ", "From day one "] {
                for phrase in [
                    "you will ",
                    "you'll ",
                    "you would ",
                    "you'll also ",
                    "your job is to ",
                    "we need you to ",
                ] {
                    for end in ["", ".", " and keep the place tidy."] {
                        let text = format!("{before}{phrase}{task}{end}");
                        assert_eq!(read(&text, LineKind::Employer), Some(LineKind::Duty), "{text}");
                    }
                }
            }
        }
    }
}
