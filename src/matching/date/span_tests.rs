//! Spans of dates, which redaction keeps.

use super::*;

/// Whether a text consists of dates, with signs and white space between them.
fn is_date_text(text: &str) -> bool {
    let spans = spans(text);
    let mut reached = 0;
    let plain = |part: &str| !part.contains(char::is_alphanumeric);
    let covered = spans.iter().all(|span| {
        let before = reached..span.start;
        reached = span.end;
        text.get(before).is_some_and(plain)
    });
    !spans.is_empty() && covered && plain(&text[reached..])
}

#[test]
fn spans_cover_what_is_written() {
    let text = "Site Engineer, Jan 2018 – Dec 2020, +44 20 7946 0958; born 3 May 1980; since 2021 in Leeds";
    let found: Vec<&str> = spans(text).into_iter().map(|span| &text[span]).collect();
    assert_eq!(found, ["Jan 2018 – Dec 2020", "3 May 1980", "since 2021"]);
    for text in [
        "2010 2012 2015 2019",
        "01/2015 - 03/2019",
        "31.12.2020",
        "2018年1月 - 2020年12月",
        "01/18 - 12/20",
        "since 2018",
        "(2015 – present)",
    ] {
        assert!(is_date_text(text), "{text}");
    }
    for text in [
        "+44 20 7946 0958",
        "0151 496 0123",
        "Leeds",
        "555-2010",
        "",
        "12 Mill Lane 2018",
    ] {
        assert!(!is_date_text(text), "{text}");
    }
    assert!(is_date_word("2018") && is_date_word("January") && is_date_word("Present") && !is_date_word("Engineer"));
}
