//! The title inside a sentence that says who is sought: `We are looking for an experienced HR Business Partner to join us`.

use super::super::super::occupations::names_occupation;

/// The words before the title.
const BEFORE: [&str; 30] = [
    "appoint",
    "appointing",
    "employ",
    "has arisen for",
    "have arisen for",
    "have an opening for",
    "has an opening for",
    "have a vacancy for",
    "has a vacancy for",
    "hire",
    "hiring",
    "in need of",
    "in search of",
    "looking for",
    "looking to appoint",
    "looking to hire",
    "looking to recruit",
    "need",
    "needs",
    "on the lookout for",
    "opening for",
    "opportunity for",
    "recruit",
    "recruiting",
    "recruiting for",
    "require",
    "requires",
    "searching for",
    "seeking",
    "seeks",
];
/// The words right after them, one of which the title follows unless it is in the plural.
const ARTICLES: [&str; 4] = ["a", "an", "another", "our"];
/// Words after the title.
const AFTER: [&str; 28] = [
    "across",
    "and you",
    "at",
    "based",
    "due",
    "for",
    "from",
    "in",
    "into",
    "is",
    "on",
    "role",
    "that",
    "this",
    "to",
    "through",
    "throughout",
    "under",
    "until",
    "urgently",
    "when",
    "where",
    "which",
    "who",
    "whose",
    "with",
    "within",
    "you",
];
/// Words before a title that say what the person is like or how much is worked.
const ABOUT: [&str; 44] = [
    "ambitious",
    "an",
    "and",
    "another",
    "bright",
    "caring",
    "committed",
    "competent",
    "confident",
    "creative",
    "dedicated",
    "driven",
    "dynamic",
    "energetic",
    "enthusiastic",
    "excellent",
    "exceptional",
    "experienced",
    "friendly",
    "full",
    "full-time",
    "fully",
    "good",
    "great",
    "hard-working",
    "hardworking",
    "highly",
    "inspirational",
    "inspiring",
    "keen",
    "motivated",
    "new",
    "organised",
    "organized",
    "outstanding",
    "part-time",
    "passionate",
    "permanent",
    "proactive",
    "qualified",
    "reliable",
    "self-motivated",
    "skilled",
    "talented",
];
/// The number of words of a title.
const MOST_WORDS: usize = 6;
/// The number of words about the person before it.
const MOST_ABOUT: usize = 4;

/// The title that a sentence names as that of who is sought.
pub(super) fn title(text: &str) -> Option<&str> {
    let low = text.to_ascii_lowercase();
    let mut places: Vec<(usize, usize)> = BEFORE
        .iter()
        .flat_map(|phrase| low.match_indices(phrase).map(|(at, phrase)| (at, at + phrase.len())))
        .filter(|&(at, end)| is_whole(&low, at, end) && !addresses(&low[..at]))
        .collect();
    places.sort_unstable();
    places.into_iter().find_map(|(_, end)| after(text, end))
}

/// Whether these bytes are whole words.
fn is_whole(low: &str, at: usize, end: usize) -> bool {
    let before = low[..at].chars().next_back();
    !before.is_some_and(|c| c.is_alphanumeric() || c == '-') && low[end..].starts_with(' ')
}

/// Whether the words before say what the readers need or look for: `you will need a driver's licence`.
fn addresses(before: &str) -> bool {
    let mut words = before.split(|c: char| !c.is_alphanumeric());
    words.any(|word| word == "you")
}

/// The title in the words after these bytes.
fn after(text: &str, from: usize) -> Option<&str> {
    let rest = &text[from..];
    let mut words: Vec<(usize, &str)> = Vec::new();
    let mut at = 0;
    for word in rest.split_inclusive(' ') {
        let bare = word.trim();
        let low = bare.to_ascii_lowercase();
        let ends = bare.ends_with(['.', ',', ';', ':', '!', '?']);
        let title = bare.trim_end_matches(['.', ',', ';', ':', '!', '?']);
        if AFTER.contains(&low.as_str()) && !words.is_empty() || bare.starts_with(['(', '-', '\u{2013}', '\u{2014}']) {
            break;
        }
        if !title.is_empty() {
            words.push((from + at, title));
        }
        at += word.len();
        // `An ambitious, driven welder`
        let listed = bare.ends_with(',') && ABOUT.contains(&title.to_ascii_lowercase().as_str());
        if ends && !listed || words.len() > MOST_WORDS + MOST_ABOUT {
            break;
        }
    }
    let (first, rest) = words.split_first()?;
    let article = ARTICLES.contains(&first.1.to_ascii_lowercase().as_str());
    let all = if article { rest } else { &words };
    let about = |word: &(usize, &str)| ABOUT.contains(&word.1.to_ascii_lowercase().as_str());
    let own = &all[all.iter().take_while(|word| about(word)).count()..];
    let (start, end) = (own.first()?.0, own.last().map(|word| word.0 + word.1.len())?);
    let title = &text[start..end];
    let many = title.ends_with('s') && !title.ends_with("ss");
    ((article || many) && own.len() <= MOST_WORDS && names_occupation(title)).then_some(title)
}

#[cfg(test)]
mod tests {
    use super::title;

    /// Whatever the sentence and the title.
    #[test]
    fn titles_are_found_in_sentences() {
        for name in [
            "HR Business Partner",
            "physiotherapist",
            "Teacher of Physics",
            "night porter",
        ] {
            for text in [
                "We are looking for an experienced {} to join our team.",
                "Oak is seeking a {} for its Galway site.",
                "An exciting opportunity has arisen for a {}.",
                "We now have an opportunity for a highly motivated {} in Leeds.",
                "Our client, a manufacturer, wishes to appoint an enthusiastic and inspirational {} to join us.",
                "Oak Ltd is recruiting a friendly, reliable {} (nights).",
                "We need another {}!",
            ] {
                let text = text.replace("{}", name);
                assert_eq!(title(&text), Some(name), "{text}");
            }
        }
        assert_eq!(
            title("Hill Logistics are looking for experienced Class 1 drivers to join our operation."),
            Some("Class 1 drivers")
        );
    }

    #[test]
    fn other_sentences_name_no_title() {
        for text in [
            "You will need a driving licence.",
            "You are looking for an exciting career in a bank.",
            "We are looking for someone who can cook.",
            "Great opportunity for career growth.",
            "We require two references from each of our drivers.",
            "Oak is a firm of welders.",
            "Reporting to the head chef.",
            "You need to know an electrician's work.",
            "You will need a driver's licence.",
            "If you are looking for a manager who listens, read on.",
        ] {
            assert_eq!(title(text), None, "{text}");
        }
    }
}
