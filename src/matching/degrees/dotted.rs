//! Letters with full stops that look like a degree and are none: `D.O.B.`, `the M.D. of the firm`, `J.D. Wetherspoon`,
//! `B.S. 5750`.

use super::context::{VOCABULARY, is_of_another};
use super::table::Word;

/// The years for which a number behind `BS` is taken.
const YEARS: std::ops::RangeInclusive<u32> = 1950..=2049;
/// Words with which the full name of a degree begins.
const FULL: [&str; 6] = ["associate", "bachelor", "doctor", "juris", "master", "medical"];

/// Whether a British Standard is named whose number follows: `BS EN 1090`, `BS 7671`.
pub(super) fn is_standard(words: &[Word], next: usize) -> bool {
    let hyphen = words.get(next).is_some_and(|word| word.low == "-");
    let word = words.get(next + usize::from(hyphen)).filter(|word| !word.apart);
    word.is_some_and(|word| {
        let number = word.low.len() >= 3 && word.low.parse().is_ok_and(|number| !YEARS.contains(&number));
        word.upper && matches!(word.low.as_str(), "en" | "iso" | "iec" | "ohsas" | "pas") || number
    })
}

/// Whether letters with full stops, from one word to another, are those of a product, a firm, a post or a person.
pub(super) fn is_other_name(words: &[Word], letters: &str, (at, next): (usize, usize), education: bool) -> bool {
    let low = |at: usize| words.get(at).map_or("", |word| word.low.as_str());
    // `D.D.O.` does not end in a doctorate.
    let inside = at >= 2 && low(at - 1) == "." && !words[at].spaced && low(at - 2).chars().count() == 1;
    if letters.len() == 2 && inside && !education || is_of_another(words, at) {
        return true;
    }
    let Some(after) = words.get(next).filter(|word| !word.apart) else {
        return false;
    };
    let practises = matches!(letters, "do" | "jd" | "md" | "od");
    // Elsewhere than among degrees, what follows a doctor's without a comma is a surname: there is one subject.
    let named = practises && !education && after.capital && after.is_word && after.low.len() > 2;
    let post =
        after.low == "of" && (letters == "md" || letters.len() == 2 && matches!(low(next + 1), "the" | "a" | "our"));
    let firm = after.low == "&" && low(next + 1) == "co";
    VOCABULARY.firms.contains(&after.low) || post || firm || named || is_spelled(words, letters, next)
}

/// Whether brackets spell the letters as something else: `B.A. (Business Analyst)`.
fn is_spelled(words: &[Word], letters: &str, next: usize) -> bool {
    let open = words.get(next).is_some_and(|word| word.low == "(");
    let inside = words.get(next + 1..next + 1 + letters.len()).filter(|_| open);
    inside.is_some_and(|inside| {
        let initials = inside
            .iter()
            .zip(letters.chars())
            .all(|(word, letter)| word.low.starts_with(letter));
        let long = inside.iter().all(|word| word.is_word && word.low.len() > 1);
        initials && long && !FULL.contains(&inside[0].low.as_str())
    })
}
