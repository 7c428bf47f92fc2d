//! Sentences that say what kind of work the person would like to have: `Seeking a position where I can use my skills`.

/// Words that begin a wish: `To obtain a position`, `Seeking a role`.
const WISHES: [&str; 27] = [
    "acquire",
    "advance",
    "apply",
    "become",
    "build",
    "contribute",
    "continue",
    "develop",
    "earn",
    "enhance",
    "expand",
    "find",
    "further",
    "gain",
    "get",
    "grow",
    "join",
    "land",
    "leverage",
    "obtain",
    "pursue",
    "secure",
    "seek",
    "use",
    "utilise",
    "utilize",
    "work",
];

/// Participles that begin a wish.
const SEEKS: [&str; 4] = ["seeking", "looking", "hoping", "searching"];

/// Words before such a participle and the occupation.
const BEFORE_SEEKING: [&str; 22] = [
    "a",
    "actively",
    "am",
    "an",
    "certified",
    "creative",
    "currently",
    "dedicated",
    "enthusiastic",
    "experienced",
    "hardworking",
    "highly",
    "i",
    "i'm",
    "motivated",
    "now",
    "passionate",
    "qualified",
    "reliable",
    "skilled",
    "trained",
    "young",
];

/// What a resume's objective asks for.
const POSITIONS: [&str; 19] = [
    "apprenticeship",
    "career",
    "company",
    "employer",
    "employment",
    "firm",
    "internship",
    "job",
    "opportunities",
    "opportunity",
    "organisation",
    "organization",
    "placement",
    "position",
    "positions",
    "post",
    "role",
    "roles",
    "vacancy",
];

/// Whether a sentence says what kind of work the person would like to have: all that it names is wished for.
pub(super) fn is_objective(words: &[String]) -> bool {
    let begins = match words {
        [to, verb, ..] if to == "to" => WISHES.contains(&verb.as_str()),
        _ => words
            .iter()
            .position(|word| SEEKS.contains(&word.as_str()))
            .is_some_and(|at| {
                let after = words.get(at + 1).is_some_and(|next| next == "after");
                let mut before = words[..at.saturating_sub(1)].iter();
                let own = before.all(|word| BEFORE_SEEKING.contains(&word.as_str()));
                own && !after
            }),
    };
    begins && words.iter().any(|word| POSITIONS.contains(&word.as_str()))
}
