//! Lines that lead to those below them: `As an electrician on our crew, you will`.

use super::super::super::occupations::names_occupation;

/// What such lines end with, behind their subject.
const ENDS: [&str; 26] = [
    "are expected to",
    "are required to",
    "are responsible for",
    "can",
    "have to",
    "must",
    "must be",
    "must have",
    "need to",
    "needs to",
    "shall",
    "should",
    "should be",
    "should have",
    "will",
    "will be",
    "will be able to",
    "will be expected to",
    "will be required to",
    "will be responsible for",
    "will have",
    "will include",
    "will involve",
    "will need",
    "will need to",
    "would",
];
/// Their subjects, besides the names of occupations.
const SUBJECTS: [&str; 16] = [
    "appointee",
    "applicant",
    "candidate",
    "day",
    "duties",
    "hire",
    "holder",
    "incumbent",
    "job",
    "person",
    "postholder",
    "responsibilities",
    "role",
    "tasks",
    "work",
    "you",
];
/// Ends of such lines that have their subject.
const WHOLE: [&str; 8] = [
    "success looks like",
    "day looks like",
    "role looks like",
    "you are",
    "you have",
    "you'll",
    "you're",
    "you've",
];
/// The number of words of such a line: what is longer may have been cut.
const MOST_WORDS: usize = 24;

/// Whether a text, given with its words, leads to what follows and says nothing by itself.
pub(super) fn is_lead_in(text: &str, low: &str) -> bool {
    let all: Vec<&str> = low.split_whitespace().collect();
    let low = low.trim_end();
    let bare = text.trim_end_matches(['.', '\u{2026}', ' ', ':', '-', '\u{2013}', '\u{2014}']);
    let dots = text.trim_end().ends_with("...") || text.trim_end().ends_with('\u{2026}');
    let open = bare.ends_with(char::is_alphabetic) && (dots || !text.trim_end().ends_with('.'));
    let behind_subject = || {
        ENDS.iter().filter_map(|end| low.strip_suffix(end)).any(|rest| {
            let subject = rest.trim_end().rsplit(' ').next().unwrap_or_default();
            rest.ends_with(' ') && (SUBJECTS.contains(&subject) || names_occupation(subject))
        })
    };
    let whole = || {
        let mut rests = WHOLE.iter().filter_map(|end| low.strip_suffix(end));
        rests.any(|rest| rest.ends_with(' ') && !rest.trim().is_empty())
    };
    // `In this role success looks like`: other words are between.
    let looks = || low.ends_with(" looks like") && all.first() == Some(&"success");
    open && all.len() <= MOST_WORDS && (behind_subject() || whole() || looks())
}

#[cfg(test)]
mod tests {
    use super::super::super::super::phrase::words;
    use super::is_lead_in;

    #[test]
    fn lead_ins_lack_what_follows() {
        for text in [
            "As an Electrician on our fixed plant crew, you will",
            "As a Nurse in our team you'll",
            "In this role the successful candidate will",
            "Success in this role looks like",
            "On a normal day the welder will \u{2013}",
            "To do this well you need to...",
            "In your first year you will be responsible for",
        ] {
            assert!(is_lead_in(text, &words(text)), "{text}");
        }
        for text in [
            "As an electrician on our crew you will wire pumps",
            "Knowledge of living wills",
            "Experience of drafting a will",
            "Tell us how good you are.",
            "Write down what the patient will need",
            "Plan what our guests will need",
            "Keep learning",
            "Canning",
        ] {
            assert!(!is_lead_in(text, &words(text)), "{text}");
        }
    }
}
