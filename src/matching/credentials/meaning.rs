//! Initials that a text spells out as something else: `Customer Success Manager` makes no licence of CSM.

use std::ops::Range;

/// The least number of letters that are compared with the initials of words.
const LEAST_LETTERS: usize = 3;
/// Words that begin the full names of credentials, known or not.
const OF_CREDENTIALS: [&str; 8] = [
    "accredited",
    "advanced",
    "associate",
    "certificate",
    "certified",
    "chartered",
    "licensed",
    "registered",
];

/// Whether the text spells these initials out, and not as `is_own` knows them.
pub(super) fn is_other(text: &str, initials: &str, is_own: &dyn Fn(&str) -> bool) -> bool {
    let letters: Vec<char> = initials.chars().collect();
    if letters.len() < LEAST_LETTERS || !letters.iter().all(char::is_ascii_uppercase) {
        return false;
    }
    let mut run: Vec<Range<usize>> = Vec::new();
    let mut end = 0;
    for word in text.split_whitespace() {
        let start = end + text[end..].find(word).unwrap_or_default();
        let apart = text[end..start].contains('\n');
        end = start + word.len();
        if apart {
            run.clear();
        }
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if bare.chars().count() < 2 || !word.starts_with(bare) {
            run.clear();
            continue;
        }
        run.push(start..start + bare.len());
        if run.len() > letters.len() {
            run.remove(0);
        }
        if run.len() == letters.len() && spells(text, &run, &letters, initials) {
            let words = &text[run[0].start..run[run.len() - 1].end];
            let low = words.to_lowercase();
            let credential = low.split(' ').any(|word| OF_CREDENTIALS.contains(&word));
            if !credential && !is_own(words) {
                return true;
            }
        }
        if word.len() > bare.len() {
            run.clear();
        }
    }
    false
}

/// Whether words begin with these letters, with capitals or before the initials in brackets.
fn spells(text: &str, run: &[Range<usize>], letters: &[char], initials: &str) -> bool {
    let first = |word: &Range<usize>| text[word.clone()].chars().next();
    let begins =
        |(word, letter): (&Range<usize>, &char)| first(word).is_some_and(|first| first.to_ascii_uppercase() == *letter);
    let title = |word: &Range<usize>| {
        let mut all = text[word.clone()].chars();
        all.next().is_some_and(char::is_uppercase) && all.all(char::is_lowercase)
    };
    let after = run.last().map_or("", |last| text[last.end..].trim_start());
    let bracketed = || after.strip_prefix('(').is_some_and(|rest| rest.starts_with(initials));
    run.iter().zip(letters).all(begins) && (run.iter().all(title) || bracketed())
}

#[cfg(test)]
mod tests {
    use super::super::super::words::words;
    use super::super::credentials;

    #[test]
    fn initials_that_are_spelled_out_otherwise_name_no_credential() {
        for (text, want) in [
            ("Customer Success Manager\nAs a CSM you own a book of accounts", None),
            ("CSM who leads Customer Success Managers", None),
            ("Lowered the cost per acquisition (CPA) by a third", None),
            (
                "Certified Scrum Master, CSM since 2015",
                Some("Certified ScrumMaster (CSM)"),
            ),
            ("CSM, ran three teams", Some("Certified ScrumMaster (CSM)")),
            ("Basic Life Support (BLS)", Some("Basic Life Support (BLS)")),
            (
                "Customer success and service manager, CSM",
                Some("Certified ScrumMaster (CSM)"),
            ),
            (
                "Certified Practising Accountant, CPA",
                Some("Certified Public Accountant (CPA)"),
            ),
        ] {
            let found = credentials(text, &words(text));
            assert_eq!(found.first().map(|one| one.name), want, "{text}");
        }
    }
}
