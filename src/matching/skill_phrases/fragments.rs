//! Parts of clauses that look like names: `dies` of `when it dies`, `Operate and evolve` of `operate and evolve our
//! clusters`.

use std::ops::Range;

use super::super::words::{Case, Gap};
use super::line::Line;
use super::merge::Name;
use super::vocabulary::{VOCABULARY, is_task_verb};

/// Pronouns before a verb.
const SUBJECTS: [&str; 8] = ["he", "i", "it", "she", "they", "we", "who", "you"];
/// Words before the object of a verb.
const BEFORE_OBJECT: [&str; 8] = ["a", "an", "its", "our", "the", "their", "these", "your"];
/// Nouns that say how much there is of what follows `of`.
const AMOUNTS: [&str; 14] = [
    "amount",
    "book",
    "caseload",
    "list",
    "mix",
    "number",
    "pair",
    "portfolio",
    "range",
    "selection",
    "series",
    "set",
    "variety",
    "volume",
];
/// Endings of nouns that a verb is joined with: `welding and fabrication`.
const NOUNS: [&str; 11] = ["al", "ance", "ence", "er", "ing", "ion", "ity", "ment", "s", "ure", "y"];

/// Whether a name that the lexicon does not write as a proper name is a part of a clause rather than a name.
pub(super) fn is_fragment(line: &Line<'_>, name: &Name) -> bool {
    let own = &name.words;
    is_deed(line, own)
        || lacks_object(line, own)
        || is_amount(line, own)
        || is_second_verb(line, own)
        || name.label.is_none() && is_colleague(line, own)
}

fn word<'a>(line: &'a Line<'_>, at: Option<usize>) -> &'a str {
    at.and_then(|at| line.lower.get(at)).map_or("", String::as_str)
}

/// What someone or something does: `when it dies`, `every guest leaves happy`.
fn is_deed(line: &Line<'_>, own: &Range<usize>) -> bool {
    let before = word(line, own.start.checked_sub(1));
    let plain = own.clone().all(|at| line.words[at].case == Case::Lower);
    let person = word(line, Some(own.start));
    let people = VOCABULARY.people.contains(person) || VOCABULARY.people.contains(&format!("{person}s"));
    let verb = own.len() == 1 && SUBJECTS.contains(&before) && line.words[own.start].gap == Gap::Space;
    let clause = own.len() >= 2 && matches!(before, "each" | "every") && people && person != "patient";
    plain && (verb || clause)
}

/// Verbs without what they are about: `operate and evolve our clusters`.
fn lacks_object(line: &Line<'_>, own: &Range<usize>) -> bool {
    let joined = own.len() == 3 && matches!(word(line, Some(own.start + 1)), "and" | "or");
    let next = line.words.get(own.end).filter(|next| next.gap == Gap::Space);
    joined
        && is_task_verb(&line.words[own.start])
        && next.is_some()
        && BEFORE_OBJECT.contains(&word(line, Some(own.end)))
}

/// How much there is of something: `managing a book of sixty accounts`.
fn is_amount(line: &Line<'_>, own: &Range<usize>) -> bool {
    let article =
        own.end >= own.start + 2 && matches!(word(line, Some(own.end - 2)), "a" | "an" | "the" | "your" | "our");
    article && AMOUNTS.contains(&word(line, Some(own.end - 1))) && word(line, Some(own.end)) == "of"
}

/// The second of two verbs that are one thing together: `test and tag`.
fn is_second_verb(line: &Line<'_>, own: &Range<usize>) -> bool {
    let at = own.start;
    let Some(first) = at.checked_sub(2).filter(|_| own.len() == 1) else {
        return false;
    };
    let low = word(line, Some(at));
    let opens = first == 0 || line.words[first].gap == Gap::Break;
    let base = !["ing", "s", "ed"].iter().any(|end| line.lower[first].ends_with(end));
    let ends = line.words.get(at + 1).is_none_or(|next| next.gap == Gap::Break);
    line.words[at].case == Case::Lower
        && line.words[at].gap == Gap::Space
        && matches!(line.lower[at - 1].as_str(), "and" | "or")
        && opens
        && base
        && ends
        && is_task_verb(&line.words[first])
        && !NOUNS.iter().any(|end| low.ends_with(end))
}

/// Letters for a colleague: `working with your AE`.
fn is_colleague(line: &Line<'_>, own: &Range<usize>) -> bool {
    let letters = &line.words[own.start];
    own.len() == 1
        && letters.case == Case::Upper
        && letters.bytes.len() <= 3
        && matches!(word(line, own.start.checked_sub(1)), "our" | "the" | "your")
        && matches!(
            word(line, own.start.checked_sub(2)),
            "alongside" | "from" | "to" | "with"
        )
        && matches!(
            word(line, own.start.checked_sub(3)),
            "work" | "working" | "works" | "report" | "reporting" | "reports" | "partner" | "partnering" | ""
        )
}

#[cfg(test)]
mod tests {
    use super::super::super::words;
    use super::*;

    /// Whether these words of the line are a fragment.
    fn is(text: &str, name: &str) -> bool {
        let words = words::words(text);
        let line = Line::new(text, &words, &[]);
        let start = text.find(name).unwrap();
        let at = |byte: usize| words.partition_point(|word| word.bytes.start < byte);
        let words = at(start)..at(start + name.len());
        is_fragment(&line, &Name { words, label: None })
    }

    #[test]
    fn parts_of_clauses_are_fragments() {
        for (text, name) in [
            ("fixing the dishwasher when it dies", "dies"),
            ("making sure every guest leaves happy", "guest leaves happy"),
            ("Operate and evolve our clusters", "Operate and evolve"),
            ("managing a book of sixty accounts", "managing a book"),
            ("test and tag, and complete test records", "tag"),
            ("Own renewals, working with your AE", "AE"),
        ] {
            assert!(is(text, name), "{text}");
        }
        for (text, name) in [
            ("fixing the dishwasher", "fixing the dishwasher"),
            ("Every patient handover is written", "patient handover"),
            ("Operate and repair lathes", "Operate and repair lathes"),
            ("keeping a book", "keeping a book"),
            ("Welding and fabrication, mostly of steel", "fabrication"),
            ("Working with our CRM daily, in the AE team", "AE"),
            ("Experience with AE", "AE"),
            ("Write and edit manuals", "edit manuals"),
        ] {
            assert!(!is(text, name), "{text}");
        }
    }
}
