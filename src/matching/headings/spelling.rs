//! Misspelt words of headings: `Experiance`, `Eductaion`, `Qualificaton`.

/// Long words of headings, which few other words resemble.
const WORDS: [&str; 18] = [
    "accomplishments",
    "achievements",
    "certification",
    "certifications",
    "competencies",
    "education",
    "educational",
    "employment",
    "experience",
    "experiences",
    "objective",
    "professional",
    "proficiency",
    "qualification",
    "qualifications",
    "references",
    "responsibilities",
    "strengths",
];
/// Words and forms that are near one of them.
const OTHERS: [&str; 4] = ["educations", "eduction", "experienced", "objection"];

/// The bytes from which a word may have two mistakes.
const LONG: usize = 10;
/// The bytes at the beginning of a word in which mistakes are rare.
const SURE: usize = 2;

/// The word that a misspelt one, in lower case, was meant to be.
pub(super) fn corrected(word: &str) -> Option<&'static str> {
    if !word.is_ascii() || word.len() + 2 < "education".len() || OTHERS.contains(&word) || WORDS.contains(&word) {
        return None;
    }
    let meant = WORDS.iter().filter(|meant| {
        let most = 1 + usize::from(meant.len() >= LONG);
        meant.len().abs_diff(word.len()) <= most
            && meant.as_bytes().get(..SURE) == word.as_bytes().get(..SURE)
            && mistakes(word.as_bytes(), meant.as_bytes()) <= most
    });
    meant
        .min_by_key(|meant| mistakes(word.as_bytes(), meant.as_bytes()))
        .copied()
}

/// The number of letters to add, drop, replace, or exchange with the next, to make one word of the other.
fn mistakes(word: &[u8], meant: &[u8]) -> usize {
    let mut before = vec![0; meant.len() + 1];
    let mut last: Vec<usize> = (0..=meant.len()).collect();
    for (at, letter) in word.iter().enumerate() {
        let mut row = vec![at + 1; meant.len() + 1];
        for (to, other) in meant.iter().enumerate() {
            let replaced = last[to] + usize::from(letter != other);
            row[to + 1] = replaced.min(row[to] + 1).min(last[to + 1] + 1);
            let exchanged = at > 0 && to > 0 && word[at - 1] == *other && meant[to - 1] == *letter;
            if exchanged {
                row[to + 1] = row[to + 1].min(before[to - 1] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[meant.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_words_are_known() {
        for (written, meant) in [
            ("experiance", "experience"),
            ("experince", "experience"),
            ("expereince", "experience"),
            ("expirience", "experience"),
            ("eductaion", "education"),
            ("educaton", "education"),
            ("qualificaton", "qualification"),
            ("qualificatons", "qualifications"),
            ("employement", "employment"),
            ("acheivements", "achievements"),
            ("acomplishments", "accomplishments"),
            ("refrences", "references"),
            ("proffesional", "professional"),
            ("objetive", "objective"),
            ("strenghts", "strengths"),
            ("proficency", "proficiency"),
        ] {
            assert_eq!(corrected(written), Some(meant), "{written}");
        }
    }

    /// Every word with one letter dropped, doubled or exchanged behind its beginning.
    #[test]
    fn every_word_is_known_with_one_mistake() {
        for meant in WORDS {
            for at in SURE..meant.len() - 1 {
                let dropped = format!("{}{}", &meant[..at], &meant[at + 1..]);
                let doubled = format!("{}{}", &meant[..=at], &meant[at..]);
                let exchanged = format!(
                    "{}{}{}{}",
                    &meant[..at],
                    &meant[at + 1..at + 2],
                    &meant[at..=at],
                    &meant[at + 2..]
                );
                for written in [dropped, doubled, exchanged] {
                    let known = WORDS.contains(&written.as_str()) || OTHERS.contains(&written.as_str());
                    assert!(
                        known
                            || corrected(&written)
                                .is_some_and(|word| mistakes(word.as_bytes(), written.as_bytes()) <= 1),
                        "{written}"
                    );
                }
            }
        }
    }

    #[test]
    fn other_words_are_not_changed() {
        for word in [
            "experienced",
            "experiment",
            "experiments",
            "educator",
            "employees",
            "employer",
            "preferences",
            "objection",
            "objects",
            "professor",
            "qualified",
            "certificates",
            "certified",
            "responsible",
            "deployment",
            "contracts",
            "competitions",
            "referrals",
            "enjoyment",
            "electrician",
            "experience",
            "expertise",
        ] {
            assert_eq!(corrected(word), None, "{word}");
        }
    }
}
