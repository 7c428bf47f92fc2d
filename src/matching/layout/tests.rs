//! Joins, markers and their properties. The headings of real texts are tested in `headings`.

use portcullis_test_support::cases;
use proptest::prelude::*;

use super::*;
use crate::matching::normalize::Normalized;

fn read_units(text: &str) -> Vec<Unit> {
    units(text, |line| line == "Experience" || line == "SKILLS")
}

fn read(text: &str) -> Vec<String> {
    let words = |unit: &Unit| crate::text::one_line(unit.text(text));
    read_units(text).iter().map(words).collect()
}

#[test]
fn wrapped_paragraphs_are_joined() {
    let text = "Built the ingestion of forty million events a day on Kafka and\nwrote its monitoring.\nNew line";
    assert_eq!(read(text).len(), 2, "{:?}", read(text));
    let text = "Led a team of nine engineers who built seven road\nbridges of steel for the county and met all the\n\
                requirements. Wrote the plans for the bridges of the\nRiver Oak with AutoCAD, which saved the county two\n\
                months of work.\nJunior Engineer, Beam Ltd\n";
    assert_eq!(read(text).len(), 2, "{:?}", read(text));
}

/// The lines of a paragraph have different widths, as in a copy from a PDF.
#[test]
fn all_lines_of_a_ragged_paragraph_are_joined() {
    for text in [
        "The ideal keeper steers well, knows the canal or has a\ndiploma of a school of boats (LB, DB), with a record\n\
         of years at locks.",
        "You open the gates for boats and barges of all kinds, and\nwrite the log of the lock, in which the keeper\n\
         of the night finds it.",
    ] {
        assert_eq!(read(text).len(), 1, "{:?}", read(text));
    }
    let list =
        "order produce and fish, keep food cost under 30%\ntrain new cooks at the grill and the fryer\nclean as you go";
    assert_eq!(read(list).len(), 3, "{:?}", read(list));
}

#[test]
fn lines_of_their_own_stay_apart() {
    for text in [
        "Built seven road bridges across the county for nine different public clients\nReconciled the ledgers of the firm",
        "Site Engineer, Hollow Oak Ltd\nJan 2018 - Dec 2020",
        "Ran the kitchen of a hotel for six years and\nExperience",
        "python\nsql",
        "What you do\nOpen the gates of the lock for boats",
        "Who I am\nkeeper of a lock for nine years",
        "order produce and fish, keep food cost under 30%\ntrain new cooks",
        "1+ year in a clinic, new graduates with great externships are fine\nable to lift fifty pounds",
        "Snowflake (modeling and performance tuning)\ndbt for two or more years",
        "Responsibilities:\nran the kitchen",
        "Oak Ltd\t2014\nBeam Ltd\t2015",
        "Managed the budget of the county and the grants of all its nine schools\nLocation: Lanewick",
    ] {
        assert_eq!(read(text).len(), 2, "{:?}", read(text));
    }
}

#[test]
fn unfinished_lines_are_joined() {
    for (text, want) in [
        ("Jan 2018 -\nDec 2020", "Jan 2018 - Dec 2020"),
        ("Jan 2018\n- Dec 2020", "Jan 2018 - Dec 2020"),
        ("Java, SQL,\nPython", "Java, SQL, Python"),
        (
            "Built bridges (of steel\nand concrete)",
            "Built bridges (of steel and concrete)",
        ),
        (
            "Site Engineer with knowledge of\nAutoCAD",
            "Site Engineer with knowledge of AutoCAD",
        ),
    ] {
        assert_eq!(read(text), [want], "{text:?}");
    }
}

#[test]
fn markers_are_no_content() {
    for sign in [
        "-",
        "*",
        "\u{2022}",
        "\u{25e6}",
        "\u{25aa}",
        "\u{2023}",
        "\u{2981}",
        "\u{2756}",
        "\u{27a4}",
        "\u{27a2}",
        "\u{2713}",
        "\u{2714}",
        "\u{a7}",
        "o",
        "\u{b7}",
        "\u{2013}",
        "\u{2014}",
        ">",
        "\u{f0a7}",
        "\u{f0b7}",
        "\u{e123}",
        "\u{1f449}",
        "\u{2705}",
        "\u{fffd}",
        "1.",
        "1)",
        "a)",
        "(i)",
        "(1)",
        "iv.",
        "\u{2460}",
        "->",
        "\u{2192}",
        "+",
        "- [x]",
        "v",
        "\u{d8}",
    ] {
        let text = format!("{sign} Built seven bridges\n{sign} Reconciled the ledgers\n");
        assert_eq!(read(&text), ["Built seven bridges", "Reconciled the ledgers"], "{sign}");
        assert!(
            read_units(&text)
                .iter()
                .all(|unit| matches!(unit.item, Item::Marked(_))),
            "{sign}"
        );
    }
    let text = "\u{2022}\nBuilt bridges\n\u{2022}\nRan a kitchen";
    assert_eq!(read(text), ["Built bridges", "Ran a kitchen"]);
}

#[test]
fn words_and_numbers_are_no_markers() {
    for text in [
        "A. Miller",
        "I led a team",
        "-5 degrees",
        "+44 20 7946 0958",
        "01.05.2018 - 02.06.2020",
        "3.5 years of work",
        "**Bold**",
        "# Heading",
        "2018 - 2020",
        "e.g. this",
        "03.04 - 05.06",
        "C. Oak",
        "C++ and C",
        "x-ray",
    ] {
        assert_eq!(read(text), [text]);
        assert!(read_units(text).iter().all(|unit| unit.item == Item::No), "{text}");
    }
}

#[test]
fn rules_and_blank_lines_are_edges() {
    let units = read_units("Name\n=====\n\nSKILLS\n------\nJava\n");
    let seen: Vec<_> = units
        .iter()
        .map(|unit| (unit.underlined, unit.blank_before, unit.blank_after))
        .collect();
    assert_eq!(seen, [(true, true, true), (true, true, true), (false, true, true)]);
}

/// Paragraphs and items of sentences, with headings and lines of titles and dates between them.
fn document() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let word = prop_oneof![
        8 => "[a-z]{2,9}".prop_map(|word| word + "x"),
        1 => prop_oneof![Just("Kafka"), Just("SQL"), Just("River"), Just("42nd"), Just("AutoCAD")].prop_map(str::to_owned),
    ];
    let sentence = proptest::collection::vec(word, 10..24).prop_map(|words| format!("We {}.", words.join(" ")));
    let paragraph = proptest::collection::vec(sentence.clone(), 4..8).prop_map(|all| all.join(" "));
    let block = prop_oneof![
        6 => paragraph.prop_map(|text| ("paragraph", text)),
        4 => sentence.prop_map(|text| ("item", text)),
        1 => Just(("heading", "SKILLS".to_owned())),
        1 => Just(("line", "Site Engineer, Oak Ltd".to_owned())),
    ];
    let many = proptest::collection::vec(block, 8..20);
    // A text without a paragraph has nothing that tells its width.
    many.prop_filter("some paragraphs", |all| {
        all.iter().filter(|one| one.0 == "paragraph").count() >= 2
    })
}

fn wrap(text: &str, width: usize, indent: &str) -> String {
    let mut out = String::new();
    let mut column = 0;
    for word in text.split(' ') {
        if column > 0 && column + 1 + word.len() > width {
            out.push('\n');
            out.push_str(indent);
            column = indent.len();
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += word.len();
    }
    out
}

fn written(document: &[(&str, String)], sign: &str, width: usize, hanging: bool) -> String {
    let mut out = String::new();
    let mut before = "";
    for (kind, text) in document {
        if !(out.is_empty() || *kind == "item" && before == "item") {
            out.push('\n');
        }
        if *kind == "item" {
            let indent = if hanging { "  " } else { "" };
            out.push_str(&wrap(&format!("{sign}\u{1}{text}"), width, indent).replace('\u{1}', " "));
        } else {
            out.push_str(&wrap(text, width, ""));
        }
        out.push('\n');
        before = *kind;
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(256)))]

    #[test]
    fn the_width_of_a_text_changes_nothing(document in document(), width in 40_usize..120, hanging: bool) {
        let want: Vec<String> = document.iter().map(|(_, text)| text.clone()).collect();
        let text = written(&document, "-", width, hanging);
        let found = read(&text);
        let wrong = found.iter().zip(&want).find(|(found, want)| found != want);
        prop_assert!(wrong.is_none() && found.len() == want.len(), "{:?}\n{}", wrong, text);
    }

    #[test]
    fn the_sign_of_items_changes_nothing(document in document(), at in 0_usize..12) {
        let signs = ["\u{2022}", "*", "\u{f0a7}", "\u{2981}", "\u{2756}", "\u{27a4}", "o", "\u{a7}", "\u{2713}", "1.", "\u{2013}", "\u{1f539}"];
        let plain = written(&document, "-", 400, false);
        let signed = written(&document, signs[at], 400, false);
        prop_assert_eq!(read(&plain), read(&signed));
    }

    #[test]
    fn the_kind_of_line_ends_changes_nothing(document in document(), width in 40_usize..120) {
        let text = written(&document, "-", width, true);
        let (want, _) = Normalized::new(&text).into_parts();
        for end in ["\r\n", "\r", "\u{2028}", "\u{85}", "\u{b}"] {
            let (read, _) = Normalized::new(&text.replace('\n', end)).into_parts();
            prop_assert_eq!(&read, &want);
        }
    }

    #[test]
    fn units_are_in_order_and_hold_all_text(text in "[a-zA-Z0-9 .,:;()\\-•\t\n]{0,400}") {
        let mut reached = 0;
        for unit in read_units(&text) {
            prop_assert!(unit.bytes.start >= reached && unit.bytes.end > unit.bytes.start);
            reached = unit.bytes.end;
        }
    }
}

#[test]
fn long_texts_take_linear_time() {
    let line = "Led a team of nine engineers who built seven road\nbridges for the county (and\n- Met all\n\n";
    let text = line.repeat(5_000);
    let started = std::time::Instant::now();
    assert_eq!(read_units(&text).len(), 10_000);
    assert!(started.elapsed() < std::time::Duration::from_secs(5));
}
