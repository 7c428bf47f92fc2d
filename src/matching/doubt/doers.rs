//! Clauses about what others do: `our head chef does the costing`, `my brother runs a haulage firm`.

/// Words before a doer.
const DETERMINERS: [&str; 7] = ["a", "an", "another", "my", "our", "some", "the"];

/// Relatives and friends, who do what the clause says whatever the verb.
const FAMILY: [&str; 14] = [
    "aunt", "brother", "cousin", "dad", "daughter", "father", "friend", "husband", "mother", "mum", "sister", "son",
    "uncle", "wife",
];

/// Those the person works for or with.
const NEAR: [&str; 9] = [
    "boss",
    "colleague",
    "colleagues",
    "foreman",
    "lead",
    "manager",
    "managers",
    "owner",
    "supervisor",
];

/// Others at work, who are not the person's own staff.
const OTHERS: [&str; 23] = [
    "accountant",
    "agent",
    "bookkeeper",
    "chef",
    "contractor",
    "contractors",
    "dentist",
    "doctor",
    "doctors",
    "engineer",
    "engineers",
    "installer",
    "installers",
    "leader",
    "nurse",
    "nurses",
    "operators",
    "receptionist",
    "specialist",
    "subcontractor",
    "subcontractors",
    "technician",
    "technicians",
];

/// Parts of the firm, which are others if a word tells them from the person's own: `our data team`.
const UNITS: [&str; 7] = ["agency", "bureau", "crew", "department", "dept", "office", "team"];

/// Words that tell no part of a firm from another.
const NOT_TELLING: [&str; 8] = ["entire", "great", "little", "local", "own", "small", "strong", "whole"];

/// Firms, which are others if the clause says what they have or do.
const FIRMS: [&str; 7] = [
    "agency",
    "bureau",
    "business",
    "company",
    "contractor",
    "employer",
    "firm",
];

/// What others have: `that is the quality department's job`.
const DUTIES: [&str; 7] = ["business", "duty", "job", "responsibility", "role", "task", "work"];

/// The person at another's side: `as second man`, `as a helper`.
const SECONDS: [&str; 8] = [
    "assistant",
    "backup",
    "helper",
    "mate",
    "runner",
    "second",
    "standby",
    "understudy",
];

/// Words after `second` that name a person.
const PERSONS: [&str; 7] = ["hand", "in", "man", "pair", "person", "signatory", "to"];

/// Verbs that end in neither `s` nor `ed`.
const VERBS: [&str; 26] = [
    "are",
    "commission",
    "dealt",
    "did",
    "do",
    "drew",
    "gave",
    "had",
    "handle",
    "have",
    "held",
    "install",
    "keep",
    "kept",
    "led",
    "made",
    "make",
    "plan",
    "ran",
    "run",
    "set",
    "took",
    "were",
    "write",
    "wrote",
    "built",
];

/// Verbs after a doer without a determiner: `Inspection department completes the reports`.
const THIRD_PERSON: [&str; 17] = [
    "carries",
    "completes",
    "does",
    "gives",
    "handles",
    "keeps",
    "leads",
    "looks",
    "makes",
    "manages",
    "performs",
    "plans",
    "prepares",
    "runs",
    "signs",
    "takes",
    "writes",
];

/// Words between the doer and the verb.
const ADVERBS: [&str; 6] = ["also", "always", "normally", "still", "there", "usually"];

/// The number of words between the determiner and the doer.
const MOST_BETWEEN: usize = 3;

/// Whether a word names someone the person works for or with, or a part of the firm.
pub(super) fn names_other(word: &str) -> bool {
    let one = word.strip_suffix('s').unwrap_or(word);
    NEAR.contains(&word) || OTHERS.contains(&word) || matches!(one, "office" | "partner" | "department")
}

/// Whether the clause says that the person was at another's side.
pub(super) fn is_beside(words: &[String]) -> bool {
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    (0..words.len()).filter(|&at| word(at) == "as").any(|at| {
        let noun = if matches!(word(at + 1), "a" | "the") {
            at + 2
        } else {
            at + 1
        };
        let next = word(noun + 1);
        let person = PERSONS.contains(&next);
        SECONDS.contains(&word(noun)) && (next.is_empty() || person || matches!(next, "for" | "on"))
    })
}

/// Whether the clause says that what it mentions is the duty of others: `that is the quality department's job`.
fn is_duty_of_others(words: &[String]) -> bool {
    words.windows(2).enumerate().any(|(at, pair)| {
        let owner = pair[0].strip_suffix("'s").or_else(|| pair[0].strip_suffix("s'"));
        let own = at > 0 && matches!(words[at - 1].as_str(), "my" | "our");
        let other =
            owner.is_some_and(|owner| NEAR.contains(&owner) || OTHERS.contains(&owner) || UNITS.contains(&owner));
        other && !own && DUTIES.contains(&pair[1].as_str())
    })
}

/// Whether the clause says what another person or part of the firm does, and not to whom it writes.
pub(super) fn is_by_others(words: &[String]) -> bool {
    if is_duty_of_others(words) {
        return true;
    }
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
    if concerns && DETERMINERS.contains(first) {
        return false;
    }
    if !DETERMINERS.contains(first) {
        let named = |word: &&str| NEAR.contains(word) || OTHERS.contains(word) || UNITS.contains(word);
        let mut pairs = clause.windows(2).take(MOST_BETWEEN);
        return pairs.any(|pair| named(&pair[0]) && THIRD_PERSON.contains(&pair[1]));
    }
    (0..rest.len().min(MOST_BETWEEN)).any(|at| {
        let word = rest[at];
        let family = *first == "my" && FAMILY.contains(&word);
        let person = NEAR.contains(&word) || *first != "my" && OTHERS.contains(&word);
        let unit = UNITS.contains(&word) && at > 0 && !NOT_TELLING.contains(&rest[at - 1]);
        let mut next = rest[at + 1..].iter().skip_while(|word| ADVERBS.contains(word));
        let next = next.next().copied().unwrap_or_default();
        let firm =
            FIRMS.contains(&word) && matches!(next, "did" | "does" | "handled" | "has" | "that" | "which" | "who");
        family || firm || (person || unit) && is_verb(next)
    })
}

fn is_verb(word: &str) -> bool {
    VERBS.contains(&word)
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
        ] {
            assert!(read(text), "{text}");
        }
        for text in [
            "english as second language",
            "as assistant manager of nine shops",
            "as well as second fixing",
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
