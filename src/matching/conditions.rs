//! Requirements that a resume does not show: age, strength, right to work, checks and availability. They are no advice to
//! the applicant.

use super::phrase::{contains_any, words};

/// Words and phrases of such requirements, in lower case.
const PHRASES: &[&str] = &[
    "ability to travel",
    "able to lift",
    "alcohol test",
    "alcohol testing",
    "as assigned",
    "at least 18",
    "at least 21",
    "authorized to work",
    "authorised to work",
    "available immediately",
    "available to start",
    "background check",
    "background checks",
    "bank holidays",
    "background screening",
    "blood group",
    "a citizen",
    "us citizen",
    "us citizens",
    "citizenship",
    "criminal record",
    "currently living in",
    "driving record",
    "drug free",
    "drug screen",
    "drug screening",
    "drug test",
    "duis",
    "eligible to work",
    "early mornings",
    "early starts",
    "evenings",
    "fingerprinted",
    "flexible hours",
    "flexible schedule",
    "heavy lifting",
    "immediate joiners",
    "kg",
    "late nights",
    "legally able to work",
    "live locally",
    "lbs",
    "lift and carry",
    "lift heavy",
    "lift up to",
    "lifting up to",
    "medical examination",
    "must be 18",
    "must be 21",
    "moving violations",
    "night shift",
    "notice period",
    "of age",
    "open to travel",
    "pass a medical",
    "police check",
    "public holidays",
    "rotating shifts",
    "rotational shifts",
    "safety medical",
    "shift roster",
    "on call",
    "on your feet",
    "or older",
    "over 18",
    "over 21",
    "overtime",
    "permit to work",
    "physically fit",
    "pounds",
    "reliable transport",
    "reliable transportation",
    "relocate",
    "required to travel",
    "right to work",
    "rotating roster",
    "saturday",
    "saturdays",
    "start immediately",
    "sundays",
    "shifts",
    "standing for",
    "travel frequently",
    "travel on short notice",
    "vaccinated",
    "visa",
    "weekends",
    "work rights",
    "working rights",
    "willing to travel",
    "willingness to travel",
    "work permit",
    "years old",
    "yrs old",
];

/// What those who apply bring along.
const GEAR: [&str; 21] = [
    "boots",
    "car",
    "clippers",
    "computer",
    "equipment",
    "helmet",
    "kit",
    "knives",
    "laptop",
    "motorcycle",
    "phone",
    "ppe",
    "scissors",
    "shears",
    "shoes",
    "tools",
    "transport",
    "transportation",
    "truck",
    "van",
    "vehicle",
];

/// The number of words between `own` and the thing.
const MOST_BETWEEN: usize = 4;

/// Whether the words ask for things of one's own: `own hand tools`, `must have own helmet and boots`.
fn owns(low: &str) -> bool {
    let mut words = low.split_whitespace();
    words.any(|word| word == "own") && words.take(MOST_BETWEEN).any(|word| GEAR.contains(&word))
}

/// Whether a requirement is such a condition.
pub(super) fn is_condition(text: &str) -> bool {
    let low = words(text);
    // `No DUIs`
    low.starts_with(" no ") || contains_any(&low, PHRASES) || owns(&low)
}

#[cfg(test)]
mod tests {
    use super::is_condition;

    #[test]
    fn age_strength_and_availability_are_conditions() {
        for text in [
            "Must not be more than 32 years old",
            "Must be able to lift 50 lbs and work on ladders",
            "Authorized to work in the US without sponsorship",
            "Any other duties as assigned",
            "Willing to work weekends and night shifts",
            "Must be 18 or over with your own transport",
            "Able to work Saturdays",
            "Must have own helmet and boots",
            "Your own basic hand tools",
            "23 yrs old",
            "no DUI in 5 years",
        ] {
            assert!(is_condition(text), "{text}");
        }
        for text in [
            "3 years of experience in sales",
            "Repairs forklifts",
            "Maintains lifts and escalators",
            "Lifts patients with hoists",
            "Knowledge of citizen science",
        ] {
            assert!(!is_condition(text), "{text}");
        }
    }
}
