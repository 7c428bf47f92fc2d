//! Clauses about what others do: `our head chef does the costing`, `my brother runs a haulage firm`.

use super::vocabulary::{Doers, VOCABULARY};

/// The number of words between the determiner and the doer.
const MOST_BETWEEN: usize = 3;

/// Whether a word names someone the person works for or with, or a part of the firm.
pub(super) fn names_other(word: &str) -> bool {
    let one = word.strip_suffix('s').unwrap_or(word);
    let Doers { near, others, .. } = &VOCABULARY.doers;
    near.contains(word) || others.contains(word) || matches!(one, "office" | "partner" | "department")
}

/// Whether the clause says that the person was at another's side.
pub(super) fn is_beside(words: &[String]) -> bool {
    let Doers { seconds, persons, .. } = &VOCABULARY.doers;
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    // `Support of the team during closing`
    if word(0) == "support" && word(1) == "of" || supports_other(words) {
        return true;
    }
    (0..words.len()).filter(|&at| word(at) == "as").any(|at| {
        let noun = if matches!(word(at + 1), "a" | "the") {
            at + 2
        } else {
            at + 1
        };
        let next = word(noun + 1);
        let person = persons.contains(next);
        seconds.contains(word(noun)) && (next.is_empty() || person || matches!(next, "for" | "on"))
    })
}

/// The number of words between `support` and the one who is supported.
const MOST_OF_TITLE: usize = 4;

/// Whether the clause says that the person supported one who did the work: `support the HR manager on restructures`. Without
/// a word for what it was about, it names those who were served: `support our engineers`.
fn supports_other(words: &[String]) -> bool {
    let verb = words
        .iter()
        .take(3)
        .position(|word| matches!(word.as_str(), "support" | "supports" | "supported" | "supporting"));
    let Some(at) = verb.filter(|&at| {
        words
            .get(at + 1)
            .is_some_and(|word| matches!(word.as_str(), "a" | "my" | "our" | "the"))
    }) else {
        return false;
    };
    let title = words.get(at + 2..).unwrap_or_default().iter().take(MOST_OF_TITLE);
    let about = |word: &String| matches!(word.as_str(), "by" | "during" | "in" | "on" | "when" | "while" | "with");
    let pairs = title.zip(words.get(at + 3..).unwrap_or_default());
    pairs
        .take_while(|(word, _)| !about(word))
        .any(|(word, next)| leads_work(word) && about(next))
}

/// Whether a word names one whose work others support.
fn leads_work(word: &str) -> bool {
    let near = &VOCABULARY.doers.near;
    near.contains(word)
        || matches!(
            word,
            "chief" | "controller" | "director" | "head" | "partner" | "principal"
        )
}

/// Whether the clause says that what it mentions is the duty of others: `that is the quality department's job`.
fn is_duty_of_others(words: &[String]) -> bool {
    let Doers {
        near,
        others,
        units,
        duties,
        ..
    } = &VOCABULARY.doers;
    words.windows(2).enumerate().any(|(at, pair)| {
        let owner = pair[0].strip_suffix("'s").or_else(|| pair[0].strip_suffix("s'"));
        let own = at > 0 && matches!(words[at - 1].as_str(), "my" | "our");
        let other = owner.is_some_and(|owner| near.contains(owner) || others.contains(owner) || units.contains(owner));
        other && !own && duties.contains(&pair[1])
    })
}

/// Whether the clause says what another person or part of the firm does, and not to whom it writes.
pub(super) fn is_by_others(words: &[String]) -> bool {
    if is_duty_of_others(words) {
        return true;
    }
    let lists = &VOCABULARY.doers;
    let clause: Vec<&str> = words.iter().map(String::as_str).collect();
    let clause = match clause[..] {
        [
            "and" | "but" | "although" | "though" | "while" | "whereas" | "because" | "as",
            ref rest @ ..,
        ] => rest,
        ref all => all,
    };
    let [first, rest @ ..] = clause else {
        return false;
    };
    // `The manager trusted me with the keys`.
    let mut told = rest.iter().take_while(|word| **word != "and");
    let concerns = told.any(|word| matches!(*word, "me" | "i" | "my" | "mine"));
    if concerns && lists.determiners.contains(*first) {
        return false;
    }
    if !lists.determiners.contains(*first) {
        let named = |word: &str| lists.near.contains(word) || lists.others.contains(word) || lists.units.contains(word);
        let mut pairs = clause.windows(2).take(MOST_BETWEEN);
        return pairs.any(|pair| named(pair[0]) && lists.third_person.contains(pair[1]));
    }
    (0..rest.len().min(MOST_BETWEEN)).any(|at| {
        let word = rest[at];
        let family = *first == "my" && lists.family.contains(word);
        let person = lists.near.contains(word) || *first != "my" && lists.others.contains(word);
        let unit = lists.units.contains(word) && at > 0 && !lists.not_telling.contains(rest[at - 1]);
        let mut next = rest[at + 1..].iter().skip_while(|word| lists.adverbs.contains(**word));
        let next = next.next().copied().unwrap_or_default();
        let firm =
            lists.firms.contains(word) && matches!(next, "did" | "does" | "handled" | "has" | "that" | "which" | "who");
        family || firm || (person || unit) && is_verb(next)
    })
}

fn is_verb(word: &str) -> bool {
    VOCABULARY.doers.verbs.contains(word)
        || word.len() > 3 && (word.ends_with("ed") || word.ends_with('s') && !word.ends_with("ss"))
        || matches!(word, "has" | "was" | "is")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_at_another_side_are_told() {
        let read = |text: &str| {
            let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            is_beside(&words)
        };
        for text in [
            "on call as second man",
            "lathe work as a helper",
            "as understudy to the head gardener",
            "as standby",
            "support of the accounting team during closing",
            "support the hr business partner on workforce planning",
            "supported the store manager with rotas",
        ] {
            assert!(read(text), "{text}");
        }
        for text in [
            "english as second language",
            "as assistant manager of nine shops",
            "as well as second fixing",
            "technical support of customers",
            "support the engineers with tools",
            "support our managers",
            "supported a",
            "i now support our",
            "support the manager",
            "support the children in class",
        ] {
            assert!(!read(text), "{text}");
        }
    }

    #[test]
    fn others_are_told_from_the_person() {
        let read = |text: &str| {
            let words: Vec<String> = text.to_lowercase().split_whitespace().map(str::to_owned).collect();
            is_by_others(&words)
        };
        for text in [
            "Our head chef does the menu costing to a target gross profit",
            "My brother Kofi is the cook in the family",
            "my wife owns a hair salon downstairs",
            "Our survey subcontractor flies the drone",
            "Our UX lead plans and runs user research",
            "A nurse dealt with catheters and stomas",
            "but the inspection department completes first article reports",
            "The owner always did the night audit",
            "Our data team looks after Amplitude",
            "Inspection department completes first article reports",
            "Team Leader carries out the interviews",
            "our lead engineer runs the tests",
            "Our accountant does the pricing and has shown me the sheet",
            "the firm has a crew for this",
            "a company that builds lifts",
            "A colleague did the lettering",
            "but that is the quality department's work",
            "letters are the receptionist's job",
        ] {
            assert!(read(text), "{text}");
        }
        for text in [
            "My book is roughly a third blokes",
            "The manager trusted me with the keys",
            "Our auditors signed off my accounts",
            "The lead engineer on three sites",
            "A nurse in charge of thirty beds",
            "Managed the owner's accounts",
            "The department of health project",
            "Cooked with our head chef",
            "Our team built the portal",
            "Team leader skills",
            "Shift manager of nine cooks",
            "Our small team runs nine shops",
            "My crew poured 300 slabs",
            "The team of nine cooks",
            "My clients rebook every six weeks",
            "Proud of my team's work",
            "The company of forty drivers I led",
            "",
        ] {
            assert!(!read(text), "{text}");
        }
    }
}
