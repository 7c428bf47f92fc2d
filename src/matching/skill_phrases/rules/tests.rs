//! What is left of a span, by its form. Each form is tried with words of several trades.

use super::super::super::words;
use super::*;

/// The phrases that a text is reduced to.
fn phrases(text: &str) -> Vec<String> {
    let words = words::words(text);
    let line = Line::new(text, &words, &[]);
    let found = reduce(&line, 0..words.len()).into_iter();
    found.map(|range| text[line.bytes(&range)].to_owned()).collect()
}

#[test]
fn what_something_is_for_is_no_part_of_its_name() {
    for (name, aim) in [
        ("Literacy assessments", "to close gaps in maths"),
        ("Torque wrenches", "to fit wheel nuts"),
        ("Sales figures", "to plan the next order"),
    ] {
        assert_eq!(phrases(&format!("{name} {aim}")), [name]);
    }
}

#[test]
fn an_ampersand_separates_names_but_not_the_parts_of_one() {
    for (left, right) in [
        ("mild steel", "stainless sheet"),
        ("wound care", "record keeping"),
        ("keeping shelves full", "helping shoppers"),
    ] {
        assert_eq!(
            phrases(&format!("{left} & {right}")).first().map(String::as_str),
            Some(left)
        );
    }
    assert_eq!(phrases("Food & Beverage"), ["Food & Beverage"]);
    assert_eq!(phrases("mild steel & some stainless"), ["mild steel", "stainless"]);
}

#[test]
fn half_phrases_are_cut_or_left_out() {
    for text in [
        "reporting to the head chef",
        "Access to a car",
        "growth opportunities",
        "size opportunities",
        "post-qualifying",
        "well-established",
        "the role involves",
        "chatting",
        "leave on time",
        "part qualified",
        "Fully trained",
    ] {
        assert_eq!(phrases(text), [""; 0], "{text}");
    }
    for (text, wanted) in [
        ("UK driving licence and access to a car", &["UK driving licence"][..]),
        ("the post involves grinding castings", &["grinding castings"]),
        ("front desk exp", &["front desk"]),
        ("wheel alignment req\u{2019}d", &["wheel alignment"]),
        ("verifiable flatbed haulage", &["flatbed haulage"]),
        ("sweeping the yard every day", &["sweeping the yard"]),
    ] {
        assert_eq!(phrases(text), wanted, "{text}");
    }
}

/// With any people.
#[test]
fn what_someone_has_is_not_cut_off() {
    for whose in ["women's", "men\u{2019}s", "children's"] {
        let text = format!("styling {whose} and men's hair each day");
        let read = words::words(&text);
        let line = Line::new(&text, &read, &[]);
        let whole = complete(&line, &(0..2), 0..read.len());
        assert!(
            text[line.bytes(&whole)].ends_with("hair"),
            "{}",
            &text[line.bytes(&whole)]
        );
        assert_eq!(reduce(&line, whole.clone()), [whole], "{text}");
    }
}

/// Whatever the noun that a span was cut before.
#[test]
fn what_lacks_its_noun_is_cut_or_left_out() {
    for noun in ["engineers", "welds", "wards"] {
        for (span, wanted) in [
            ("Coach less", &[][..]),
            ("exercising a high", &[]),
            ("serving three", &[]),
            ("stock control for several", &["stock control"]),
        ] {
            let text = format!("{span} {noun} each week");
            let read = words::words(&text);
            let line = Line::new(&text, &read, &[]);
            let found = reduce(&line, 0..words::words(span).len()).into_iter();
            let found: Vec<&str> = found.map(|range| &text[line.bytes(&range)]).collect();
            assert_eq!(found, wanted, "{text}");
        }
    }
}

#[test]
fn figures_are_no_part_of_a_name() {
    for (text, wanted) in [
        ("keeping labour under 30%", "keeping labour"),
        ("net revenue retention north of 110%", "net revenue retention"),
        ("scheduling a crew of 55 front of house", "scheduling a crew"),
        ("food cost at 27%", "food cost"),
        ("First leadership experience", "leadership"),
        ("That means hiring cooks", "hiring cooks"),
    ] {
        assert_eq!(phrases(text), [wanted], "{text}");
    }
    for text in [
        "first aid experience",
        "means of transport",
        "maintenance of 400 kV lines",
        "post-trade",
        "last five",
        "main contact",
    ] {
        let found = phrases(text);
        assert!(
            !found.iter().any(|name| name == "aid" || name == "of transport"),
            "{text}: {found:?}"
        );
    }
    for text in ["post-trade", "last five", "main contact"] {
        assert_eq!(phrases(text), [""; 0], "{text}");
    }
    assert_eq!(phrases("maintenance of 400 kV lines"), ["maintenance of 400 kV lines"]);
}
