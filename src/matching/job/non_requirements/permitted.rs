//! Lines that say who or what is accepted as well, and ask for nothing: `New grads with a strong externship will be
//! considered`.

use super::super::super::phrase::contains_any;

/// The ends of such lines.
const ENDS: [&str; 7] = [
    "also considered",
    "be considered",
    "considered",
    "considered for this position",
    "considered for this post",
    "considered for this role",
    "considered for the role",
];
/// The ends of such lines about people.
const WELCOME: [&str; 7] = [
    "are encouraged to apply",
    "are welcome",
    "are welcome to apply",
    "are welcomed",
    "may apply",
    "welcome to apply",
    "encouraged to apply",
];
/// Words of lines that ask for something all the same.
const ASKS: [&str; 10] = [
    "before", "least", "minimum", "must", "need", "not", "only", "required", "unless", "until",
];
/// Those who may apply.
const PEOPLE: [&str; 18] = [
    "applications",
    "apprentices",
    "beginners",
    "career",
    "freshers",
    "grads",
    "graduates",
    "juniors",
    "leavers",
    "new",
    "newcomers",
    "newly",
    "recent",
    "retired",
    "retirees",
    "returners",
    "students",
    "trainees",
];
/// Those who may be asked for something: `Candidates with three years of Java will be considered`.
const ASKED: [&str; 8] = [
    "anyone",
    "applicants",
    "candidates",
    "everyone",
    "experience",
    "people",
    "persons",
    "those",
];

/// Whether a text, given with its words, says who or what is accepted as well.
pub(super) fn is_permitted(text: &str, low: &str) -> bool {
    let all: Vec<&str> = low.split_whitespace().collect();
    let first = all.first().copied().unwrap_or_default();
    let ends = |phrases: &[&str]| {
        let mut found = phrases.iter().filter_map(|phrase| low.trim_end().strip_suffix(phrase));
        found.any(|rest| rest.ends_with(' ') && !rest.trim().is_empty())
    };
    let people = all.iter().take(2).any(|word| PEOPLE.contains(word));
    let inner = text.trim_matches(|c: char| !c.is_alphanumeric());
    let one = !inner.contains([',', ';', ':', '(', '\u{2013}', '\u{2014}']) && !inner.contains(" - ");
    let asks = ASKED.contains(&first) || contains_any(low, &ASKS) || low.contains(|c: char| c.is_ascii_digit());
    !asks && (ends(&ENDS) && (one || people) || ends(&WELCOME) && people)
}

#[cfg(test)]
mod tests {
    use super::super::super::super::phrase::words;
    use super::is_permitted;

    #[test]
    fn who_is_accepted_as_well_is_not_asked_for() {
        for text in [
            "New grads with a strong externship will be considered",
            "(ADN with enrollment in a BSN program considered.)",
            "Applications from career changers will be considered.",
            "Applications from returners, career changers and new grads will be considered",
            "Part-time will be considered",
            "Recent graduates of a nursing school are welcome to apply!",
            "Retired officers are encouraged to apply",
        ] {
            assert!(is_permitted(text, &words(text)), "{text}");
        }
        for text in [
            "BSN required, ADN considered",
            "Associate's degree (bachelor's considered)",
            "Only candidates with a licence will be considered",
            "Candidates with three years of Java will be considered",
            "To be considered you must hold a full licence",
            "Experience with autoclaves is considered an asset",
            "Experience of retail will be considered",
            "Nurses with 2 years of theatre work will be considered",
            "Knowledge of Epic is welcome",
            "Considered writing",
        ] {
            assert!(!is_permitted(text, &words(text)), "{text}");
        }
    }
}
