//! Sentences that say what a firm is or has, and ask for nothing: `The firm has 900 staff in two countries`.

use super::super::super::phrase::contains_any;

/// Nouns for a firm or a place of work.
const FIRMS: [&str; 58] = [
    "academy",
    "agency",
    "association",
    "authority",
    "bakery",
    "bank",
    "brand",
    "brewery",
    "business",
    "caf\u{e9}",
    "cafe",
    "chain",
    "charity",
    "church",
    "clinic",
    "college",
    "company",
    "consultancy",
    "contractor",
    "council",
    "distributor",
    "employer",
    "enterprise",
    "firm",
    "foundation",
    "garage",
    "group",
    "haulier",
    "hospital",
    "hotel",
    "institute",
    "institution",
    "maker",
    "manufacturer",
    "museum",
    "nonprofit",
    "nursery",
    "operator",
    "organisation",
    "organization",
    "pharmacy",
    "practice",
    "producer",
    "provider",
    "publisher",
    "restaurant",
    "retailer",
    "salon",
    "school",
    "startup",
    "start-up",
    "subsidiary",
    "supermarket",
    "supplier",
    "trust",
    "university",
    "winery",
    "wholesaler",
];
/// Verbs of what a firm is, has or does.
const VERBS: [&str; 17] = [
    "are",
    "builds",
    "designs",
    "employs",
    "has",
    "is",
    "makes",
    "manufactures",
    "offers",
    "operates",
    "owns",
    "provides",
    "runs",
    "serves",
    "specialises",
    "specializes",
    "was",
];
/// Words of a sentence that asks for something.
const ASKS: [&str; 29] = [
    "advantage",
    "asset",
    "bonus",
    "demands",
    "desirable",
    "essential",
    "expects",
    "hiring",
    "looking",
    "must",
    "need",
    "needed",
    "needs",
    "plus",
    "preferred",
    "recruiting",
    "require",
    "required",
    "requirement",
    "requirements",
    "requires",
    "seeking",
    "seeks",
    "should",
    "used",
    "wanted",
    "will",
    "you",
    "you'll",
];
/// The number of words of the name of a firm.
const MOST_NAME: usize = 6;
/// The number of words between `is a` and what the firm is.
const MOST_BETWEEN: usize = 6;

/// Whether a text, given with its words, says what a firm is or has.
pub(super) fn is_of_firm(text: &str, low: &str) -> bool {
    if contains_any(low, &ASKS) {
        return false;
    }
    let all: Vec<&str> = low.split_whitespace().collect();
    let word = |at: usize| all.get(at).copied().unwrap_or_default();
    let told = matches!(word(0), "the" | "this") && FIRMS.contains(&word(1)) && VERBS.contains(&word(2));
    told && all.len() > 3 || is_named(text)
}

/// Whether a text says of a name that it is a firm: `Hill Foods is a family business in Leeds`.
fn is_named(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let Some(verb) = words
        .iter()
        .take(MOST_NAME + 1)
        .position(|word| matches!(*word, "is" | "are"))
    else {
        return false;
    };
    let name = |word: &&str| word.starts_with(char::is_uppercase) || matches!(*word, "&" | "and" | "of" | "the");
    let article = words
        .get(verb + 1)
        .is_some_and(|word| matches!(*word, "a" | "an" | "the" | "one"));
    let firm = words.iter().skip(verb + 2).take(MOST_BETWEEN).any(|word| {
        let low = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        FIRMS.contains(&low.as_str())
    });
    verb > 0 && words[..verb].iter().all(name) && article && firm
}

#[cfg(test)]
mod tests {
    use super::super::super::super::phrase::words;
    use super::is_of_firm;

    #[test]
    fn what_a_firm_is_or_has_is_not_asked_for() {
        for text in [
            "The firm has 900 staff in two countries.",
            "The company is a leader in pumps",
            "The school was founded in 1901.",
            "Cavanagh is a Galway manufacturer employing 900 people.",
            "Cavanagh Medical Devices is a family business based in Leeds.",
            "St Brendan's is an oversubscribed 11-18 academy of 1,150 pupils.",
            "Hill & Sons are a small chain of three garages and a hotel.",
        ] {
            assert!(is_of_firm(text, &words(text)), "{text}");
        }
        for text in [
            "The company requires two references and a forklift licence",
            "The practice is looking for a nurse with SystmOne",
            "Excel is a must",
            "SAP is a business requirement",
            "The team of the hospital is yours to lead",
            "Knowledge of the company law is a plus",
            "experience of a school is a bonus",
            "Python is the language of choice",
            "The school uses SIMS",
        ] {
            assert!(!is_of_firm(text, &words(text)), "{text}");
        }
    }
}
