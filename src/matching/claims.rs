//! Stated durations that are years of experience: not ages, contract terms, deadlines or the history of a firm.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::Deserialize;

mod records;
mod window;

use self::records::is_of_record;
use super::date::{Duration, durations};

/// The lists of `claims.toml`, which says what each is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vocabulary {
    before: Vec<String>,
    after: FxHashSet<String>,
    experience: FxHashSet<String>,
    firms: Vec<String>,
    wants: Vec<String>,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| toml::from_str(include_str!("claims.toml")).expect("claims.toml is valid"));

/// The durations of a sentence that are experience of a person, in years.
pub(super) fn claims(sentence: &str) -> Vec<(Duration, f64)> {
    let found = durations(sentence);
    let later = |duration: &Duration| found[0] != *duration;
    let own = found.iter().filter(|one| !window::is_window(sentence, one, later(one)));
    own.filter(|duration| is_experience(sentence, duration))
        .cloned()
        .map(|duration| {
            let years = duration.low / 12.0;
            (duration, years)
        })
        .filter(|(_, years)| *years <= 60.0)
        .collect()
}

fn is_experience(sentence: &str, duration: &Duration) -> bool {
    let before = clause_before(&sentence[..duration.bytes.start]).to_lowercase();
    let after = sentence[duration.bytes.end..].to_lowercase().replace('\u{2019}', "'");
    let next = clause_after(&after);
    let follows: Vec<&str> = next
        .split(|c: char| !(c.is_alphanumeric() || c == '\''))
        .filter(|word| !word.is_empty())
        .take(5)
        .collect();
    let says = follows.iter().any(|word| VOCABULARY.experience.contains(*word));
    if is_of_firm(&before, next, says) {
        return false;
    }
    let at_once = follows.first().copied().unwrap_or_default();
    // `Age between 18 and 35 years`, `aged 3 months to 4 years`
    let ages = before
        .split(|c: char| !c.is_alphanumeric())
        .rev()
        .filter(|word| !word.is_empty())
        .take(7);
    if !says && ages.into_iter().any(|word| matches!(word, "age" | "aged" | "ages")) {
        return false;
    }
    if matches!(at_once, "old" | "olds" | "ago" | "later" | "earlier")
        || next.trim_start().starts_with("of age")
        || next.trim_start().starts_with("from ")
    {
        return false;
    }
    let lead = before.trim_end_matches(|c: char| !c.is_alphanumeric());
    let ends = |phrase: &str| {
        lead.strip_suffix(phrase)
            .is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
    };
    let least = ["not less than", "no less than", "not fewer than", "no fewer than"]
        .into_iter()
        .any(ends);
    let preceded = !least && VOCABULARY.before.iter().any(|phrase| ends(phrase)) || is_of_record(lead, &follows);
    if says {
        // `in 5 years of experience` is experience, `within 5 years experience of hire` is not written.
        return least || !(lead.ends_with("less than") || lead.ends_with("up to") || lead.ends_with("every"));
    }
    let stated = follows
        .iter()
        .take(3)
        .take_while(|word| !matches!(**word, "as" | "in" | "at" | "with" | "working" | "on" | "of"));
    !preceded && !stated.into_iter().any(|word| VOCABULARY.after.contains(*word)) && !after_of(&follows)
}

/// `two years of college`, `the 2 years of the contract`.
fn after_of(follows: &[&str]) -> bool {
    let mut words = follows
        .iter()
        .skip_while(|word| **word == "of" || **word == "full" || **word == "time" || **word == "the");
    follows.first() == Some(&"of") && words.next().is_some_and(|word| VOCABULARY.after.contains(*word))
}

/// Whether the clause is about a firm: `Our company has 40 years of experience`, `for more than 50 years we`.
fn is_of_firm(before: &str, after: &str, says: bool) -> bool {
    let firm = VOCABULARY
        .firms
        .iter()
        .filter_map(|firm| before.find(firm.as_str()).map(|at| at + firm.len()))
        .max();
    let wanted = |clause: &str| VOCABULARY.wants.iter().any(|word| clause.contains(word.as_str()));
    let owned = firm.is_some_and(|end| !wanted(&before[end..]));
    let next = after.trim_start_matches(|c: char| !c.is_alphanumeric());
    let we = ["we ", "we've ", "our "].iter().any(|word| next.starts_with(word));
    let business = [
        "in business",
        "in the business",
        "in the industry we",
        "of history",
        "of tradition",
        "of heritage",
        "of success",
        "of innovation",
        "of excellence",
        "of service to",
    ]
    .iter()
    .any(|phrase| next.starts_with(phrase));
    let _ = says;
    owned
        || we
        || business
            && (before.contains("our")
                || before.contains("we ")
                || next.starts_with("in business")
                || before.trim().is_empty()
                || before.contains("with"))
}

fn clause_before(text: &str) -> &str {
    let start = text
        .rfind(['.', ';', '!', '?', '\n', '|', '\u{2022}'])
        .map_or(0, |at| at + 1);
    // The dot of a decimal or abbreviation ends no clause.
    text.get(start..).filter(|part| part.len() > 2).unwrap_or(text)
}

fn clause_after(text: &str) -> &str {
    let end = text.find([';', '!', '?', '\n', '|', '\u{2022}']).unwrap_or(text.len());
    let stop = text.find(". ").unwrap_or(text.len());
    &text[..end.min(stop)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn experience_is_told_from_other_durations() {
        let mut wrong = Vec::new();
        for (text, want) in [
            ("5+ years of experience", Some(5.0)),
            ("at least three years' experience", Some(3.0)),
            ("3-5 years in a kitchen", Some(3.0)),
            ("five (5) or more years", Some(5.0)),
            ("Engineer with twenty-five years of experience in bridges", Some(25.0)),
            ("over a decade of teaching", Some(10.0)),
            ("18 months of experience", Some(1.5)),
            ("Welding of pipes for five years", Some(5.0)),
            ("10 Jahre Berufserfahrung", Some(10.0)),
            ("We are looking for a cook with 3 years of experience", Some(3.0)),
            ("Our team needs someone with 5 years in sales", Some(5.0)),
            ("Two years of full-time paid experience as a Clerk", Some(2.0)),
            ("2 years as a police officer", Some(2.0)),
            ("In 20 years of experience I trained nine cooks", Some(20.0)),
            ("Over the last 10 years I have led schools", Some(10.0)),
            ("must be 18 years of age", None),
            ("at least 21 years old", None),
            ("a 5-year-old bridge", None),
            ("founded 20 years ago", None),
            ("A 2 year fixed term contract", None),
            ("12-month contract", None),
            ("Get the licence within 1 year of hire", None),
            ("within 2 years", None),
            ("Our company has 40 years of experience", None),
            ("Our firm has 40 years of experience.", None),
            ("a company with 50 years of experience", None),
            ("We have been building bridges for more than 50 years.", None),
            ("For more than 50 years we have built bridges", None),
            ("With over 30 years in business, Oak is the leader", None),
            ("Founded in 1950, with 70 years of history", None),
            ("a 10 year warranty", None),
            ("a four year degree", None),
            ("two years of college", None),
            ("6 months' notice", None),
            ("every 6 months", None),
            ("3 month probation", None),
            ("min 2 yrs exp in a salon", Some(2.0)),
            ("clean driving record (3 yrs)", None),
            ("driver's licence held for min. 3 yrs", None),
            ("a licence for at least 2 years", None),
            ("3 years clean driving record", None),
            ("no at-fault accidents in the past 5 years", None),
            ("2 years service agreement", None),
            ("CDL licence and 2 years driving", Some(2.0)),
            ("Class A licence, 12 months of driving", Some(1.0)),
            ("a track record of 5 years in sales", Some(5.0)),
            ("Reduced cost by 20% in 3 years", None),
            ("audits each year", None),
            ("Not less than five (5) years post qualification experience", Some(5.0)),
            ("No fewer than 6 years in the trade", Some(6.0)),
            ("Not older than 35 years", None),
            ("Age between 18 and 35 years", None),
            ("Looks after children aged 3 months to 4 years.", None),
            ("UK resident for the last 5 years", None),
            ("Able to sign a bond of 2 years", None),
            (
                "Minimum 2 years of acute care, one in critical care, within the last 3 years",
                Some(2.0),
            ),
            ("At least 6 months in the last 2 years", Some(0.5)),
            ("2 years of driving in the last five years", Some(2.0)),
            ("3 years of sales over the past 5 years", Some(3.0)),
            ("Has driven a forklift within the last 3 years", None),
            ("Experience with forklifts in the past 2 years", None),
            ("In the last 10 years I have led schools", Some(10.0)),
            ("Worked in kitchens for the last 12 years", Some(12.0)),
            (
                "Several years (at least 6) of experience in accounting, preferably in audit",
                Some(6.0),
            ),
        ] {
            let got = claims(text).into_iter().map(|(_, years)| years).reduce(f64::max);
            if got != want {
                wrong.push((text, want, got));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
