//! Items that are personal, and those that are not.

use super::*;

fn left(text: &str) -> String {
    let mut blanks = Blanks::default();
    personal(text, &mut blanks);
    blanks.spaced(text).trim().to_owned()
}

#[test]
fn personal_items_go() {
    for line in [
        "geb. 3.5.1980 in Lanewick, verheiratet, 2 Kinder, deutsch, evangelisch",
        "* 14. März 1985, ledig, keine Kinder",
        "*14.03.1985 | ledig | deutsch",
        "Married, two children",
        "married since 2009 | 34 years | male",
        "Marié, 2 enfants, nationalité française",
        "Née le 3 mai 1980, célibataire, sans enfants",
        "Casada, 1 hija, nacionalidad española",
        "Sposato, due figli, cittadinanza italiana",
        "Gehuwd, 3 kinderen, Nederlandse nationaliteit",
        "Żonaty, 2 dzieci, obywatelstwo polskie",
        "Женат, двое детей, гражданство России",
        "已婚",
        "German citizen",
        "Deutsche Staatsangehörigkeit",
        "US citizen, single",
        "Foto: Studio Quill",
        "Bewerbungsfoto",
        "Photo",
    ] {
        let left = left(line);
        assert!(!left.contains(char::is_alphanumeric), "{line}: {left}");
    }
}

#[test]
fn personal_data_in_sentences_goes() {
    for (line, want) in [
        (
            "I am a German citizen and weld pipes.",
            "I am a                and weld pipes.",
        ),
        ("Ukrainian national with a work permit", "with a work permit"),
        ("He is married with two children.", "He is                          ."),
    ] {
        assert_eq!(left(line), want);
    }
}

#[test]
fn work_stays() {
    for line in [
        "Married couples' tax returns, payroll, VAT",
        "Looked after two children of five and seven",
        "German, English, French",
        "Nanny, two children, full time",
        "Photo editing, print design",
        "Photography: portraits, weddings",
        "* 2015 - 2019 Site engineer",
        "* 12.03.2015 - 30.04.2019 Site engineer",
        "Citizen science, national sales",
        "National account manager, 2014",
        "US GAAP, UK GAAP",
        "Taught religion to catholic and muslim pupils",
        "Single sign-on, married data sets",
        "Italian and French cuisine",
        "Taught the UK national curriculum to year 4",
        "American burger, Italian pizza",
        "Male and female wards, paediatrics",
    ] {
        assert_eq!(left(line), line);
    }
}

#[test]
fn the_table_can_be_read() {
    assert!(TABLE.marital.contains("verheiratet") && is_nation("deutsche"));
    assert!(!is_nation("usable") && !is_nation("eurobond"));
}
