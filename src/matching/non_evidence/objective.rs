//! Sentences that say what kind of work the person would like to have: `Seeking a position where I can use my skills`.

use super::vocabulary::VOCABULARY;

/// Whether a sentence says what kind of work the person would like to have: all that it names is wished for.
pub(super) fn is_objective(words: &[String]) -> bool {
    let lists = &VOCABULARY.objective;
    let names = |text: &str| words.starts_with(&text.split(' ').map(str::to_owned).collect::<Vec<_>>());
    // `Sales role at a firm where I can use my languages`
    let place = words.windows(3).position(|three| three.join(" ") == "where i can");
    let wished = place.is_some_and(|at| {
        let own = ["am", "enjoy", "have", "i", "is", "like", "love", "my", "was", "work"];
        let named = words[..at].iter().any(|word| lists.positions.contains(word));
        named && !words[..at].iter().any(|word| own.contains(&word.as_str()))
    });
    let headed = names("objective") || names("career objective");
    let begins = match words {
        [to, verb, ..] if to == "to" => lists.wishes.contains(verb),
        _ => words
            .iter()
            .position(|word| lists.seeks.contains(word))
            .is_some_and(|at| {
                let after = words.get(at + 1).is_some_and(|next| next == "after");
                let mut before = words[..at.saturating_sub(1)].iter();
                let own = before.all(|word| lists.before_seeking.contains(word));
                own && !after
            }),
    };
    (begins || wished || headed) && words.iter().any(|word| lists.positions.contains(word))
}
