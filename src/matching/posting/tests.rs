//! The kinds of lines that are not in the training data, and that order, signs and wrapping do not change them. The
//! accuracy on whole sources is measured by `portcullis eval postings`.

use std::path::Path;
use std::sync::LazyLock;

use portcullis_test_support::cases;
use proptest::prelude::*;

use super::super::{redact, words};
use super::*;

static MODEL: LazyLock<LineClassifier> = LazyLock::new(|| {
    LineClassifier::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join("postings")).unwrap()
});

fn kinds(text: &str) -> Vec<(String, LineKind)> {
    let clean = redact::job(text);
    read(&MODEL, text, &clean, &words::words(&clean))
        .into_iter()
        .map(|line| (words_of(&clean[line.bytes]), line.kind))
        .collect()
}

/// Without white space that depends on wrapping.
fn words_of(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn kind_of(text: &str, line: &str) -> LineKind {
    let all = kinds(text);
    let found = all.iter().find(|(text, _)| text == line);
    found.unwrap_or_else(|| panic!("no line {line:?} in {all:?}")).1
}

const UNKNOWN_HEADINGS: &str = "Lighthouse Keeper\n\n\
    The adventure\nYou keep the lamp burning through the night.\nYou log passing ships.\n\n\
    Your side of the bargain\nA head for heights\nMorse code at ten words a minute\n\n\
    It would be lovely if you also had\nA boat licence\nSome Gaelic\n\n\
    Our side of the bargain\n£31,000 a year\nA cottage rent free\n\n\
    About Skerry Lights\nWe have looked after the lights of the coast for more than 200 years.\n\n\
    How to reach us\nWrite to keeper@skerry.example before 3 May.";

#[test]
fn sections_are_read_from_headings_in_other_words() {
    for (line, kind) in [
        ("Lighthouse Keeper", LineKind::Heading),
        ("The adventure", LineKind::Heading),
        ("You log passing ships.", LineKind::Duty),
        ("Morse code at ten words a minute", LineKind::MustHave),
        ("It would be lovely if you also had", LineKind::Heading),
        ("Some Gaelic", LineKind::NiceToHave),
        ("£31,000 a year", LineKind::Terms),
        (
            "We have looked after the lights of the coast for more than 200 years.",
            LineKind::Employer,
        ),
    ] {
        assert_eq!(
            kind_of(UNKNOWN_HEADINGS, line),
            kind,
            "{line}: {:?}",
            kinds(UNKNOWN_HEADINGS)
        );
    }
}

/// As small employers write: no signs, few capitals, abbreviations.
const NOTES: &str = "HIRING: Electrician's helper / apprentice\n\n\
    Busy residential outfit. We've got more work than hands right now.\n\n\
    What we're after\n\
    someone who shows up every day\n\
    some wiring experience, even if it's just side jobs\n\
    drivers license, no DUIs\n\
    your own basic hand tools - we supply the rest\n\
    apprentice license or enrolled in a program\n\
    not afraid of crawl spaces\n\n\
    What's in it for you\n\
    $18-24 depending on what you know\n\
    paid holidays, 401k after 1 yr\n\
    we pay for school\n";

#[test]
fn notes_without_signs_and_capitals_are_read_line_by_line() {
    let found = kinds(NOTES);
    let of = |kind: LineKind| {
        let lines = found.iter().filter(|(_, own)| *own == kind);
        lines.map(|(text, _)| text.as_str()).collect::<Vec<_>>()
    };
    let lines: Vec<&str> = NOTES.lines().collect();
    assert_eq!(of(LineKind::MustHave), lines[5..11]);
    assert_eq!(of(LineKind::Terms), lines[13..16]);
}

#[test]
fn prose_without_headings_is_read_by_sentences() {
    let text = "Sandstone Ferries is looking for a deckhand. You will moor the boat, sell tickets and help passengers to \
                board. You must be able to swim and hold a medical certificate. A radio operator's licence would be an \
                advantage. We pay £14 an hour and give you a free pass for your family. Send your CV to \
                crew@sandstone.example by 9 June. We welcome applicants of every age, race and religion.";
    for (line, kind) in [
        (
            "You will moor the boat, sell tickets and help passengers to board.",
            LineKind::Duty,
        ),
        (
            "You must be able to swim and hold a medical certificate.",
            LineKind::MustHave,
        ),
        (
            "A radio operator's licence would be an advantage.",
            LineKind::NiceToHave,
        ),
        (
            "We pay £14 an hour and give you a free pass for your family.",
            LineKind::Terms,
        ),
        (
            "We welcome applicants of every age, race and religion.",
            LineKind::Legal,
        ),
    ] {
        assert_eq!(kind_of(text, line), kind, "{line}: {:?}", kinds(text));
    }
}

/// Whole sentences keep what they ask for, whatever the trade, and so do the sentences after them.
#[test]
fn sentences_of_a_paragraph_are_no_headings() {
    for (sentence, next, wish) in [
        (
            "The successful candidate will have a degree in HR or Psychology and be CIPD qualified (Level 7 preferred).",
            "Strong influencing skills and the confidence to challenge at senior level are key.",
            "Experience with Workday is desirable.",
        ),
        (
            "The successful applicant will have a nursing degree and be NMC registered (Band 6 preferred).",
            "Two years of dementia care are required.",
            "Experience with RiO is desirable.",
        ),
        (
            "The ideal person will hold a Class 1 licence and be CPC qualified (ADR preferred).",
            "A good knowledge of tachographs is essential.",
            "Moffett experience would be an advantage.",
        ),
    ] {
        let text = format!(
            "In this role you will work for a firm in Leeds on a permanent basis.\n\n{sentence} {next} {wish}\n\nWe offer a \
             pension.\n"
        );
        let all = kinds(&text);
        assert!(all.iter().all(|(_, kind)| *kind != LineKind::Heading), "{all:?}");
        assert_eq!(kind_of(&text, sentence), LineKind::MustHave, "{all:?}");
        assert_eq!(kind_of(&text, next), LineKind::MustHave, "{all:?}");
        assert_eq!(kind_of(&text, wish), LineKind::NiceToHave, "{all:?}");
    }
}

#[test]
fn labels_apply_to_their_line() {
    let text = "Glazier\nLocation: Tarnbrook\nHours: 38 a week\n\nRequirements: a steady hand; two years with leaded glass; \
                a van\nSalary: £29,500\n\nDuties\n- Cut panes to size\n- Restore church windows";
    for (line, kind) in [
        ("Location: Tarnbrook", LineKind::Terms),
        ("two years with leaded glass;", LineKind::MustHave),
        ("a van", LineKind::MustHave),
        ("Salary: £29,500", LineKind::Terms),
        ("Restore church windows", LineKind::Duty),
    ] {
        assert_eq!(kind_of(text, line), kind, "{line}: {:?}", kinds(text));
    }
}

#[test]
fn values_have_the_kind_of_their_label() {
    let text = "Accounts Assistant\nOak Books is seeking an Accounts Assistant.\n\nRole\nLocation: Tarnbrook City Centre\nSalary: \
                Negotiable\n\nDuties\n- Prepare invoices\n- Reconcile credit cards";
    assert_eq!(kind_of(text, "Location: Tarnbrook City Centre"), LineKind::Terms);
    let text = "Water Officer\n\nReport to\tHead of Works\nLocation\tTarnbrook\nClosing date\t3 May\n\nDuties\n- Dig wells\n- Repair \
                pumps";
    assert_eq!(kind_of(text, "Location Tarnbrook"), LineKind::Terms);
    assert_eq!(kind_of(text, "Closing date 3 May"), LineKind::Application);
}

/// Sections of a posting with the kind of their lines.
const SECTIONS: [(LineKind, &str, [&str; 3]); 4] = [
    (
        LineKind::Duty,
        "Your responsibilities",
        [
            "Repair clocks and barometers",
            "Advise customers at the counter",
            "Order spare parts from the makers",
        ],
    ),
    (
        LineKind::MustHave,
        "What you need",
        [
            "Experience with mechanical movements",
            "Patience and a steady hand",
            "Fluent English",
        ],
    ),
    (
        LineKind::NiceToHave,
        "Nice to have",
        [
            "Knowledge of marine chronometers",
            "Lathe work",
            "Some experience with enamel",
        ],
    ),
    (
        LineKind::Terms,
        "What we offer",
        [
            "27 days of holiday",
            "A pension with 6% from us",
            "Friday afternoons off",
        ],
    ),
];

fn posting(order: &[usize], sign: &str, gap: &str) -> String {
    let mut text = "Clockmaker\n".to_owned();
    for &at in order {
        let (_, heading, items) = &SECTIONS[at];
        text.push_str(&format!("\n{heading}\n{gap}"));
        for item in items {
            text.push_str(&format!("{sign}{item}\n"));
        }
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases(48)) })]

    #[test]
    fn order_and_signs_change_no_kind(
        order in Just(vec![0_usize, 1, 2, 3]).prop_shuffle(),
        sign in prop::sample::select(vec!["- ", "* ", "\u{2022} ", "\u{25aa} ", "\u{2013} ", "> ", ""]),
        gap in prop::sample::select(vec!["", "\n"]),
    ) {
        let text = posting(&order, sign, gap);
        for (kind, heading, items) in &SECTIONS {
            prop_assert_eq!(kind_of(&text, heading), LineKind::Heading, "{}", text);
            for item in items {
                prop_assert_eq!(kind_of(&text, item), *kind, "{} in {}", item, text);
            }
        }
    }

    #[test]
    fn wrapping_changes_no_kind(width in 60_usize..110) {
        let text = "Beekeeper\n\nWhat you will do\n\
            You inspect two hundred hives between March and October and write down what you find in each of them.\n\
            You harvest, filter and bottle the honey together with the seasonal staff at the main farm in the valley.\n\n\
            Requirements\n\
            You have worked with bees for at least three seasons, on your own or with a keeper who taught you well.\n\
            You hold a driving licence and do not mind early mornings, heavy boxes and the occasional angry swarm.";
        let wrapped: Vec<String> = text.split('\n').map(|line| wrap(line, width)).collect();
        prop_assert_eq!(kinds(&wrapped.join("\n")), kinds(text));
    }

    #[test]
    fn every_text_is_read(text in "\\PC{0,200}") {
        for (_, kind) in kinds(&text) {
            prop_assert!(CONTENT_OR_HEADING.contains(&kind));
        }
    }
}

/// What cuts lines into clauses, and contact data of characters of one and more bytes.
const PIECES: [&str; 17] = [
    "Must have Rust",
    " preferred",
    " (",
    ")",
    " essential",
    ", ",
    "; ",
    ". ",
    "\n",
    " but ",
    " - ",
    "jos\u{e9}@oak.example",
    "0712 889 3456",
    "Contact: Jos\u{e9}",
    "Ph.D. in botany",
    "\u{e9}",
    "required",
];

proptest! {
    #[test]
    fn the_parts_of_a_posting_are_in_order(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 1..16)) {
        let text = pieces.concat();
        let clean = redact::job(&text);
        let lines = read(&MODEL, &text, &clean, &words::words(&clean));
        let mut end = 0;
        for (_, bytes) in cover(&text, &clean, &lines) {
            prop_assert!(end <= bytes.start && bytes.start <= bytes.end && bytes.end <= text.len(), "{text:?}");
            end = bytes.end;
        }
    }
}

const CONTENT_OR_HEADING: [LineKind; 9] = [
    LineKind::Heading,
    LineKind::Duty,
    LineKind::MustHave,
    LineKind::NiceToHave,
    LineKind::Terms,
    LineKind::Employer,
    LineKind::Application,
    LineKind::Legal,
    LineKind::Other,
];

fn wrap(line: &str, width: usize) -> String {
    let mut text = String::new();
    let mut column = 0;
    for word in line.split(' ') {
        if column > 0 && column + word.len() >= width {
            text.push('\n');
            column = 0;
        } else if column > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += word.len();
    }
    text
}
