//! Requirements that a form states as values: `Exp: 5-8 yrs`, `Qualification: B.Com/M.Com`.

use super::super::super::degrees::degrees;
use super::super::super::phrase::words;
use super::super::super::qualification::alternatives;
use super::super::forms;
use super::super::kind::{CONTENT, Label, LineKind, MUST_HAVE};
use super::super::units::Unit;

/// Labels of years of work.
const EXPERIENCE: [&str; 14] = [
    "exp",
    "exp required",
    "experience",
    "experience level",
    "experience needed",
    "experience required",
    "min exp",
    "minimum experience",
    "relevant experience",
    "required experience",
    "total experience",
    "work experience",
    "years of experience",
    "yrs of exp",
];
/// Labels of degrees.
const EDUCATION: [&str; 15] = [
    "academic qualification",
    "degree",
    "edu",
    "education",
    "education level",
    "education required",
    "educational qualification",
    "minimum education",
    "minimum qualification",
    "qualification",
    "qualification required",
    "qualifications",
    "required education",
    "required qualification",
    "ug",
];
/// Labels of licences and certificates.
const LICENCES: [&str; 11] = [
    "certificate",
    "certification",
    "certifications",
    "licence",
    "licence required",
    "licences",
    "license",
    "license required",
    "licenses",
    "licensure",
    "registration",
];
/// The first word of a value that asks for no years.
const NO_YEARS: [&str; 8] = ["0", "any", "fresher", "freshers", "nil", "no", "none", "not"];

/// Labels such values, and what stands before them, as requirements.
pub(super) fn ask(clean: &str, units: &[Unit], labels: &mut [Label]) {
    for at in 1..units.len() {
        let (label, value) = (&units[at - 1], &units[at]);
        let stray = match labels[at] {
            Label::Content(kind) => !matches!(
                CONTENT[kind],
                LineKind::Duty | LineKind::MustHave | LineKind::NiceToHave | LineKind::Legal
            ),
            Label::Heading(_) | Label::Title => true,
        };
        let beside = label.label && label.line == value.line && stray;
        if beside && is_asked(&clean[label.bytes.clone()], &clean[value.bytes.clone()]) {
            labels[at - 1] = Label::Content(MUST_HAVE);
            labels[at] = Label::Content(MUST_HAVE);
        } else if beside && let Some(kind) = forms::label(&clean[label.bytes.clone()]) {
            labels[at - 1] = Label::Content(kind);
            labels[at] = Label::Content(kind);
        }
    }
}

fn is_asked(label: &str, value: &str) -> bool {
    let label = words(label);
    let label = label.trim_matches(|c: char| !c.is_alphanumeric());
    let first = words(value);
    let first = first.split_whitespace().next().unwrap_or_default();
    if EXPERIENCE.contains(&label) {
        !NO_YEARS.contains(&first) && alternatives(value).iter().any(|way| way.years.is_some())
    } else if LICENCES.contains(&label) {
        !first.is_empty()
            && !matches!(first, "n" | "na" | "nil" | "no" | "none" | "not" | "optional")
            && !value.contains(|c: char| c.is_ascii_digit())
    } else {
        EDUCATION.contains(&label) && degrees(value).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_asked_for_by_their_label() {
        for label in ["Exp", "Experience:", "*Work Experience* :", "Relevant experience -"] {
            for value in ["5-8 yrs", "3+ years", "min 2 years in a kitchen"] {
                assert!(is_asked(label, value), "{label} {value}");
            }
            for value in ["Fresher to 2 years", "0-2 years", "not required", "welcome", "any"] {
                assert!(!is_asked(label, value), "{label} {value}");
            }
        }
        for label in ["Qualification:", "Education", "Educational Qualification :"] {
            for value in ["B.Com/M.Com", "BE/B.Tech/MCA (2023 batch only)", "HND or above"] {
                assert!(is_asked(label, value), "{label} {value}");
            }
            assert!(!is_asked(label, "any"), "{label}");
        }
        for value in ["MD/DO", "Plumbing Journeyman", "Class A CDL"] {
            assert!(is_asked("License:", value), "{value}");
        }
        for value in ["none", "N/A", "not required", "no. 1234", "CC BY 4.0"] {
            assert!(!is_asked("License:", value), "{value}");
        }
        for label in ["Bond:", "Location", "Notice period", "Contract"] {
            assert!(!is_asked(label, "2 years"), "{label}");
        }
    }
}
