//! Letters behind a name, family names that are trades, and personal data beside them.

use super::*;

fn cleaned(text: &str) -> String {
    resume(text).clean.replace('\u{fffc}', "")
}

#[test]
fn letters_behind_a_name_stay_in_every_form() {
    for (line, kept) in [
        ("Anna Placeholder BSc (Hons) MBA FCCA", "BSc (Hons) MBA FCCA"),
        ("Anna Placeholder MSc MCIPD", "MSc MCIPD"),
        ("Anna Placeholder CEng MIMechE", "CEng MIMechE"),
        ("Anna Placeholder B.Com, M.Com", "B.Com, M.Com"),
        ("Anna Placeholder RGN", "RGN"),
        ("Anna Placeholder MCIPD", "MCIPD"),
        ("Anna Placeholder, PGDip", "PGDip"),
        ("Anna Placeholder, B.Eng.", "B.Eng"),
        ("Anna Placeholder, PGDip MCIPD", "PGDip MCIPD"),
    ] {
        let clean = cleaned(&format!(
            "{line}\nanna@post.example\n\nExperience\nClerk, Oak, 2015 - 2019\n"
        ));
        assert!(clean.contains(kept), "{line}: {clean}");
        assert!(
            !clean.contains("Anna") && !clean.contains("Placeholder"),
            "{line}: {clean}"
        );
    }
}

#[test]
fn names_with_capitals_inside_are_no_letters() {
    for name in [
        "Anna McTally",
        "LaToya Placeholder",
        "JoAnn MacQuill",
        "Anna Maria PLACEHOLDER",
        "Kim Anh Do",
    ] {
        let clean = cleaned(&format!(
            "{name}\nanna@post.example\n\nExperience\nClerk, Oak, 2015 - 2019\n"
        ));
        for word in name.split(' ') {
            assert!(!clean.contains(word), "{name}: {clean}");
        }
    }
}

#[test]
fn family_names_that_are_trades_go_behind_a_given_name() {
    for name in [
        "Jürgen Hoffmeister",
        "Katarzyna Nowak-Smith",
        "Amy Baumeister",
        "Karl Hausmeister",
        "Dipl.-Ing. (FH) Jürgen Hoffmeister",
        "John Sexsmith",
        "Ali Baker-Smith",
        "Er. Amit Sharma",
    ] {
        let clean = cleaned(&format!(
            "{name}\nLeeds\n\nExperience\nClerk, Oak Ltd, 2015 - 2019\n- Kept books\n"
        ));
        for word in name.split(' ').rev().take(2) {
            assert!(!clean.contains(word), "{name}: {clean}");
        }
    }
}

#[test]
fn titles_at_the_head_are_no_family_names() {
    for title in [
        "Software Engineer",
        "Ruby Developer",
        "Ward-Manager",
        "Sales Manager",
        "Head Baker",
        "Summer Analyst",
        "Robert Bosch GmbH",
        "Bau-Ingenieur",
    ] {
        let clean = cleaned(&format!(
            "Quill Placeholder\n{title}\nquill@post.example\n\nExperience\nClerk, Oak Ltd, 2015 - 2019\n"
        ));
        assert!(clean.contains(title), "{title}: {clean}");
        assert!(!clean.contains("Placeholder"), "{title}: {clean}");
    }
}

#[test]
fn births_and_kin_go_without_a_colon() {
    for line in [
        "D.O.B. 17/2/68",
        "DOB 17.2.68",
        "d.o.b 17/02/1968",
        "W/o Vikram Singh",
        "Mother: Luz Santos - Housewife",
        "Spouse: Priya Mehta",
        "S/o Late Shri Ram Mehta",
        "Father's occupation: farmer",
        "L.G.A: IDEMILI NORTH",
        "Hukou: Jinan",
        "Female, 29",
        "29/M",
        "29 yrs / Male / Single",
        "M, 34, married with 2 kids",
    ] {
        let clean = cleaned(&format!(
            "Quill Placeholder\nquill@post.example\n{line}\n\nExperience\nClerk, Oak Ltd, 2015 - 2019\n"
        ));
        let head = clean.split("Experience").next().unwrap_or_default();
        assert!(!head.contains(char::is_alphanumeric), "{line}: {clean}");
    }
}

#[test]
fn work_that_is_like_personal_data_stays() {
    for line in [
        "English, French",
        "Mother and baby unit, 2015 - 2019",
        "W/o defects since 2015",
        "Born to sell 2015",
        "German, 15",
        "Flour, 25",
    ] {
        let text = format!("Experience\nClerk, Oak Ltd, 2012 - 2019\n{line}\n");
        assert!(cleaned(&text).contains(line), "{line}: {}", cleaned(&text));
    }
}

#[test]
fn an_age_goes_behind_i_am() {
    for line in ["I am 58 but fit", "im 34 and looking for work", "I'm 41, and I weld"] {
        let clean = cleaned(&format!("Quill Placeholder\nquill@post.example\n\nSummary\n{line}\n"));
        assert!(!clean.contains(|c: char| c.is_ascii_digit()), "{line}: {clean}");
    }
    for line in [
        "I am 24 hours available",
        "I am 95.5 percent sure",
        "There am 20 and 30",
    ] {
        let clean = cleaned(&format!("Quill Placeholder\nquill@post.example\n\nSummary\n{line}\n"));
        assert!(clean.contains(line), "{line}: {clean}");
    }
}
