//! Cue words: which part of a line is required, optional, or not asked for at all.

use std::sync::LazyLock;

use serde::Deserialize;

use super::super::phrase::{Phrases, contains, contains_any, words};

/// How much a part of a line asks for what it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::matching) enum Cue {
    /// Said to be required.
    Must,
    /// Said to be optional.
    Nice,
    /// Said not to be asked for.
    Not,
    /// No cue.
    None,
}

/// The cues of `cues.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cues {
    nice: Phrases,
    must: Phrases,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
pub(super) static CUES: LazyLock<Cues> =
    LazyLock::new(|| toml::from_str(include_str!("cues.toml")).expect("cues.toml is valid"));

impl Cues {
    /// The cues of both lists.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.nice.iter().chain(self.must.iter())
    }
}

/// The cue of a text, which may be a whole line or a part of one.
pub(in crate::matching) fn cue(text: &str) -> Cue {
    let low = words(text);
    if negates(&low) {
        Cue::Not
    } else if CUES.nice.are_in(&low) || contains(&low, "not required") || ends_in_plus(text) || is_hedged(&low) {
        Cue::Nice
    } else if CUES.must.are_in(&low) && !contains(&low, "as required") && !contains(&low, "when required") {
        Cue::Must
    } else {
        Cue::None
    }
}

/// `Experience is not always essential`
fn is_hedged(low: &str) -> bool {
    let words: Vec<&str> = low.split_whitespace().collect();
    words.windows(3).any(|three| {
        three[0] == "not"
            && matches!(three[1], "absolutely" | "always" | "necessarily" | "strictly")
            && matches!(
                three[2],
                "essential" | "mandatory" | "necessary" | "needed" | "required"
            )
    })
}

/// `Spanish is a +`
fn ends_in_plus(text: &str) -> bool {
    let end = text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '!' | ')' | ';'));
    let before = end.trim_end_matches('+');
    before.len() < end.len()
        && [" is a ", " be a ", " huge "]
            .iter()
            .any(|end| before.to_lowercase().ends_with(end))
}

/// Whether a text is nothing but a cue, such as `Essential` or `Nice to have:`.
pub(in crate::matching) fn is_cue_only(text: &str) -> bool {
    let low = words(text);
    let low = low.trim();
    CUES.all().any(|cue| low == cue) || matches!(low, "strongly preferred" | "highly desirable" | "not required")
}

/// Whether a sentence says that something is not asked for: `No degree required`, `This is not a Java role`.
fn negates(low: &str) -> bool {
    let whole;
    let low = if low.contains('\'') {
        whole = low.replace("n't ", " not ");
        &whole
    } else {
        low
    };
    let any = |cues: &[&str]| contains_any(low, cues);
    let asked = ["required", "needed", "necessary", "expected", "essential", "mandatory"];
    let denied = any(&asked)
        && asked.iter().any(|asked| {
            low.find(&format!(" {asked} ")).is_some_and(|at| {
                let before = &low[..at + 1];
                let no = before
                    .rfind(" no ")
                    .is_some_and(|no| before[no..].split_whitespace().count() <= 14);
                no && !contains(before, "no more") && !contains(before, "no less")
            })
        });
    let not_required = any(&[
        "is not required",
        "are not required",
        "not required",
        "not necessary",
        "is not expected",
        "are not expected",
        "is not mandatory",
        "not a requirement",
    ]) && !is_cue_only(low)
        && !any(&[
            "helpful",
            "a plus",
            "preferred",
            "desirable",
            "useful",
            "but",
            "bonus",
            "asset",
            "advantage",
        ]);
    let not_needed = !contains(low, "need not apply")
        && any(&[
            "do not need",
            "does not need",
            "need not",
            "no need to",
            "do not have to",
            "is not needed",
            "are not needed",
            "is not necessary",
            "are not necessary",
            "do not require",
            "does not require",
            "do not mind",
            "does not matter",
            "do not care",
            "we are not looking for",
            "we're not looking for",
        ]);
    let not_this = (contains(low, "not a") || contains(low, "not an"))
        && any(&["role", "job", "position", "post", "vacancy"])
        && any(&[
            "this is not a",
            "this is not an",
            "it is not a",
            "it is not an",
            "it's not a",
        ]);
    let bare = [
        "no experience",
        "no previous experience",
        "no prior experience",
        "no degree",
        "no qualifications",
    ]
    .iter()
    .any(|start| low.trim_start().starts_with(start));
    denied || not_required || not_needed || not_this || bare
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_asked_for_is_negated() {
        for text in [
            "No experience with Revit is needed",
            "No degree required",
            "This is not a Java role",
            "You do not need to know Kubernetes",
            "No prior knowledge of law is required.",
            "A driving licence is not necessary",
            "We don't require a degree",
            "German isn't needed.",
            "Degree not required",
            "College degree not necessary",
            "We don't mind where you studied",
        ] {
            assert_eq!(cue(text), Cue::Not, "{text}");
        }
        for text in [
            "No more than six points required",
            "Not afraid of heights",
            "No criminal record",
            "not required",
            "Welding helpful, not required",
        ] {
            assert_ne!(cue(text), Cue::Not, "{text}");
        }
    }

    #[test]
    fn cues_are_whole_words() {
        for (text, want) in [
            ("German is a plus", Cue::Nice),
            ("Erfahrung mit Schleusen von Vorteil", Cue::Nice),
            ("la connaissance des écluses serait un plus", Cue::Nice),
            ("Deseable inglés intermedio", Cue::Nice),
            ("Trados would be helpful, but not required", Cue::Nice),
            ("Bilingual (Spanish) is a +.", Cue::Nice),
            ("CAD a huge plus, Revit a ++", Cue::Nice),
            ("knowledge of biosafety would be fab", Cue::Nice),
            ("Experience in a hotel is preferred but not always essential", Cue::Nice),
            ("Knowledge of C++", Cue::None),
            ("Must hold a licence", Cue::Must),
            ("Musters the troops", Cue::None),
            ("Other duties as required", Cue::None),
            ("A surplus of patience", Cue::None),
        ] {
            assert_eq!(cue(text), want, "{text}");
        }
    }
}
