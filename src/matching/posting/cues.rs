//! Cue words: which part of a line is required, optional, or not asked for at all.

use super::super::phrase::{contains, contains_any, words};

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

pub(super) const NICE: [&str; 82] = [
    "a bonus",
    "a plus",
    "advantage",
    "advantageous",
    "all the better",
    "an asset",
    "are assets",
    "are welcome",
    "as a bonus",
    "be an asset",
    "be appreciated",
    "be amazing",
    "be beneficial",
    "be brilliant",
    "be fab",
    "be fantastic",
    "be good",
    "be great",
    "be handy",
    "be helpful",
    "be ideal",
    "be lovely",
    "be nice",
    "be useful",
    "be welcome",
    "beneficial",
    "big plus",
    "bonus",
    "bonus points",
    "brownie points",
    "but not essential",
    "but not required",
    "desirable",
    "definite plus",
    "desired",
    "even better",
    "extra points",
    "good to have",
    "great to have",
    "handy",
    "helpful",
    "huge plus",
    "ideally",
    "is appreciated",
    "is ideal",
    "is useful",
    "is welcome",
    "it helps if",
    "major plus",
    "nice to have",
    "no must",
    "not a must",
    "not essential",
    "not mandatory",
    "optional",
    "preferable",
    "preferably",
    "preferred",
    "real plus",
    "strong plus",
    "would love",
    // German
    "ein plus",
    "idealerweise",
    "von vorteil",
    "vorteilhaft",
    "wünschenswert",
    // French
    "apprécié",
    "appréciée",
    "appréciés",
    "souhaité",
    "souhaitée",
    "un atout",
    "un plus",
    // Spanish, Portuguese, Italian
    "deseable",
    "desejável",
    "diferencial",
    "gradita",
    "gradito",
    "preferibile",
    "se valora",
    "se valorará",
    "valorable",
];

pub(super) const MUST: [&str; 13] = [
    "essential",
    "is a must",
    "is must",
    "is needed",
    "is necessary",
    "mandatory",
    "minimum",
    "must",
    "must have",
    "required",
    "we require",
    "you need",
    "you will need",
];

/// The cue of a text, which may be a whole line or a part of one.
pub(in crate::matching) fn cue(text: &str) -> Cue {
    let low = words(text);
    let says = |cues: &[&str]| contains_any(&low, cues);
    if negates(&low) {
        Cue::Not
    } else if says(&NICE) || contains(&low, "not required") || ends_in_plus(text) {
        Cue::Nice
    } else if says(&MUST) && !contains(&low, "as required") && !contains(&low, "when required") {
        Cue::Must
    } else {
        Cue::None
    }
}

/// `Spanish is a +`
fn ends_in_plus(text: &str) -> bool {
    let end = text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '!' | ')' | ';'));
    let before = end.trim_end_matches('+');
    before.len() < end.len() && before.to_lowercase().ends_with(" a ")
}

/// Whether a text is nothing but a cue, such as `Essential` or `Nice to have:`.
pub(in crate::matching) fn is_cue_only(text: &str) -> bool {
    let low = words(text);
    let low = low.trim();
    NICE.iter().chain(&MUST).any(|cue| low == *cue)
        || matches!(low, "strongly preferred" | "highly desirable" | "not required")
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
        "is not expected",
        "are not expected",
        "is not mandatory",
        "not a requirement",
    ]) && !any(&[
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
    let not_needed = any(&[
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
            "We don't mind where you studied",
        ] {
            assert_eq!(cue(text), Cue::Not, "{text}");
        }
        for text in [
            "No more than six points required",
            "Not afraid of heights",
            "No criminal record",
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
