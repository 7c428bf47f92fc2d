//! Requirements that a resume does not show: age, strength, right to work, checks and availability. They are no advice to
//! the applicant.

use super::posting::{contains, words};

/// Words and phrases of such requirements, in lower case.
const PHRASES: [&str; 53] = [
    "as assigned",
    "authorized to work",
    "authorised to work",
    "background check",
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
    "evenings",
    "fingerprinted",
    "flexible hours",
    "immediate joiners",
    "kg",
    "lbs",
    "lift",
    "lifting",
    "medical examination",
    "moving violations",
    "night shift",
    "notice period",
    "of age",
    "on call",
    "or older",
    "overtime",
    "permit to work",
    "physically fit",
    "pounds",
    "reliable transportation",
    "relocate",
    "required to travel",
    "right to work",
    "shifts",
    "standing for",
    "travel frequently",
    "travel on short notice",
    "vaccinated",
    "visa",
    "weekends",
    "willing to travel",
    "willingness to travel",
    "work permit",
    "years old",
];

/// Whether a requirement is such a condition.
pub(super) fn is_condition(text: &str) -> bool {
    let low = words(text);
    PHRASES.iter().any(|phrase| contains(&low, phrase))
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
        ] {
            assert!(is_condition(text), "{text}");
        }
        for text in [
            "3 years of experience in sales",
            "Repairs forklifts",
            "Knowledge of citizen science",
        ] {
            assert!(!is_condition(text), "{text}");
        }
    }
}
