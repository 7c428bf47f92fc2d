//! The name under which a phrase is reported: an ability with its verb as a gerund, "reading blueprints".

use std::ops::Range;

use super::super::words::Gap;
use super::abilities;
use super::coordination;
use super::line::Line;
use super::vocabulary::{VOCABULARY, is_task_verb, is_verb};

/// Numbers of those whom a task is about.
const NUMBERS: [&str; 9] = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/// What a phrase is called: with the verbs of an ability as gerunds, and without an article after them that says nothing.
pub(in crate::matching) fn label(line: &Line<'_>, phrase: &Range<usize>) -> String {
    let written = &line.text[line.bytes(phrase)];
    let able = phrase.len() >= 2;
    let gerund = line.lower[phrase.start].ends_with("ing") && is_task_verb(&line.words[phrase.start]);
    let first = match gerund_at(line, phrase.start, phrase.end).filter(|_| able) {
        Some(first) => first,
        None if able && gerund => line.text[line.words[phrase.start].bytes.clone()].to_owned(),
        None => return spelt(written),
    };
    let mut named = String::with_capacity(written.len() + 3);
    named.push_str(&first);
    let mut end = line.words[phrase.start].bytes.end;
    let verbs = coordination::verbs(line, phrase);
    for at in phrase.start + 1..phrase.end {
        let word = &line.words[at].bytes;
        let verb = verbs.contains(&at);
        let after = |back: usize| at.checked_sub(back) == verbs.last().copied();
        let article = after(1).then(|| article(line, at..phrase.end)).flatten();
        // "Train our two apprentices".
        let counted = after(2)
            && at + 1 < phrase.end
            && NUMBERS.contains(&line.lower[at].as_str())
            && self::article(line, at - 1..phrase.end).is_some();
        if article != Some("") && !counted {
            named.push_str(&line.text[end..word.start]);
            let gerund = verb.then(|| base(&line.lower[at])).flatten().map(self::gerund);
            let told = article.or(gerund.as_deref());
            named.push_str(told.unwrap_or(&line.text[word.clone()]));
        }
        end = word.end;
    }
    spelt(&named)
}

/// What an article or possessive becomes before a noun phrase that ends at the end of the range: nothing in the plural,
/// as in "writing reports"; `None` if the word stays.
fn article(line: &Line<'_>, noun: Range<usize>) -> Option<&'static str> {
    let last = line.lower[noun.end - 1].as_str();
    let many = last.ends_with('s') && !last.ends_with("ss");
    match line.lower[noun.start].as_str() {
        "any" | "all" | "each" => Some(""),
        "the" | "our" | "your" | "their" | "its" if many => Some(""),
        "our" | "your" | "their" | "its" => Some("the"),
        _ => None,
    }
}

/// A label without the short forms of words that people write in a hurry.
fn spelt(label: &str) -> String {
    let words = label.replace("w/ ", "with ").replace(" thru ", " through ");
    words.trim().to_owned()
}

/// The gerund of the word at `at`, if it is a verb there, in the case in which the word is written. Its phrase ends at `end`.
fn gerund_at(line: &Line<'_>, at: usize, end: usize) -> Option<String> {
    let word = &line.words[at];
    let capital = |at: usize| line.text[line.words[at].bytes.clone()].starts_with(char::is_uppercase);
    // `the form, Balance Sheet`, `Payment Request - Balance Sheet`
    let dash = || matches!(line.separator(at), Some('-' | '\u{2013}' | '\u{2014}'));
    let second = at > 0 && matches!(line.lower[at - 1].as_str(), "and" | "or");
    if at > 0 && at + 1 < end && (at..end).all(capital) && (!capital(at - 1) && !second || dash()) {
        return None;
    }
    let done = participle(&line.lower[at]).filter(|_| follows_have(line, at));
    let verb = done.or_else(|| base(&line.lower[at]))?;
    let done = done.is_some();
    if line.words.get(at + 1).is_some_and(|next| next.gap == Gap::Joint) {
        return None;
    }
    let before = at.checked_sub(1).map(|before| line.lower[before].as_str());
    let third =
        |at: usize| line.lower[at].ends_with('s') && base(&line.lower[at]).is_some_and(|verb| verb != line.lower[at]);
    // "Repairs lighting and restores service": all verbs of such a line are in one form.
    let alike = at > 0 && third(0) && third(at);
    let gerunds = || line.lower[..at].iter().any(|word| word.ends_with("ing"));
    let joined = matches!(before, Some("and" | "or")) && (alike || !gerunds());
    let aim = matches!(before, Some("to" | "help" | "helps" | "helping"));
    if !(at == 0 || joined || aim || done || word.gap == Gap::Break || abilities::takes_verb(line, at)) {
        return None;
    }
    // `Manage an archive and file server`: a thing in the singular would have an article.
    let single = matches!(before, Some("and" | "or")) && !line.lower[end - 1].ends_with('s') && end == at + 2;
    let told = abilities::takes_verb(line, at) || alike || done || continues_tasks(line, at) && !single;
    let object = line.lower.get(at + 1).is_some_and(|next| {
        VOCABULARY.determiners.contains(next)
            || matches!(next.as_str(), "in" | "from")
            || next == "and" && line.words.get(at + 2).is_some_and(is_verb)
    });
    // "Stock control", "test plans" are names.
    if VOCABULARY.verbs_and_nouns.contains(verb) && !told && !object {
        return None;
    }
    let gerund = gerund(verb);
    let mut rest = gerund.chars();
    match rest.next().filter(|_| capital(at)) {
        Some(first) => Some(first.to_uppercase().chain(rest).collect()),
        None => Some(gerund),
    }
}

/// Whether a verb follows an item of a list of tasks in the same form: "keep logs, check temperatures".
fn continues_tasks(line: &Line<'_>, at: usize) -> bool {
    let plain = |at: usize| base(&line.lower[at]) == Some(line.lower[at].as_str());
    let certain = |at: usize| plain(at) && !VOCABULARY.verbs_and_nouns.contains(&line.lower[at]);
    let begins = |at: usize| at == 0 || line.words[at].gap == Gap::Break || abilities::takes_verb(line, at);
    plain(at) && (0..at).any(|before| begins(before) && (certain(before) || abilities::takes_verb(line, before)))
}

/// Whether a participle follows "have": "have led a team", "have also run a bar".
fn follows_have(line: &Line<'_>, at: usize) -> bool {
    let word = |back: usize| at.checked_sub(back).map(|at| line.lower[at].as_str());
    let have = |word: Option<&str>| matches!(word, Some("have" | "has" | "having" | "you've"));
    have(word(1)) || matches!(word(1), Some("also" | "previously" | "successfully" | "already")) && have(word(2))
}

/// The base form of a past participle.
fn participle(word: &str) -> Option<&str> {
    let irregular = [
        ("led", "lead"),
        ("built", "build"),
        ("made", "make"),
        ("sold", "sell"),
        ("taught", "teach"),
        ("written", "write"),
        ("kept", "keep"),
        ("dealt", "deal"),
        ("driven", "drive"),
        ("overseen", "oversee"),
        ("given", "give"),
        ("planned", "plan"),
        ("fitted", "fit"),
        ("cut", "cut"),
        ("run", "run"),
        ("set", "set"),
    ];
    if let Some((_, verb)) = irregular.iter().find(|(participle, _)| *participle == word) {
        return Some(verb);
    }
    let known = |verb: &&str| VOCABULARY.verbs.contains(*verb) || VOCABULARY.task_verbs.contains(*verb);
    let stems = [word.strip_suffix("ed"), word.strip_suffix('d')];
    stems.into_iter().flatten().find(known)
}

/// The base form of a verb in the present.
fn base(word: &str) -> Option<&str> {
    let known = |verb: &&str| VOCABULARY.verbs.contains(*verb) || VOCABULARY.task_verbs.contains(*verb);
    let stems = [Some(word), word.strip_suffix("es"), word.strip_suffix('s')];
    stems.into_iter().flatten().find(known)
}

/// The gerund of a verb in its base form.
fn gerund(verb: &str) -> String {
    let vowel = |c: u8| matches!(c, b'a' | b'e' | b'i' | b'o' | b'u');
    let letters = verb.as_bytes();
    let syllables = letters
        .iter()
        .enumerate()
        .filter(|&(at, &c)| vowel(c) && !at.checked_sub(1).is_some_and(|before| vowel(letters[before])));
    let single = syllables.count() == 1;
    match letters {
        [.., b'i', b'e'] => format!("{}ying", &verb[..verb.len() - 2]),
        [.., b'e', b'e'] | [.., b'o', b'e'] | [.., b'y', b'e'] => format!("{verb}ing"),
        [.., _, b'e'] => format!("{}ing", &verb[..verb.len() - 1]),
        [.., before, middle, last]
            if single && !vowel(*before) && vowel(*middle) && !vowel(*last) && !matches!(last, b'w' | b'x' | b'y') =>
        {
            format!("{verb}{}ing", char::from(*last))
        }
        _ if matches!(
            verb,
            "submit"
                | "control"
                | "commit"
                | "refer"
                | "transfer"
                | "equip"
                | "program"
                | "debug"
                | "format"
                | "admit"
                | "permit"
                | "prefer"
                | "reset"
                | "retrofit"
                | "outfit"
        ) =>
        {
            format!("{verb}{}ing", &verb[verb.len() - 1..])
        }
        _ => format!("{verb}ing"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::words;
    use super::*;

    #[test]
    fn gerunds_are_spelt_as_people_write_them() {
        for (verb, wanted) in [
            ("write", "writing"),
            ("run", "running"),
            ("plan", "planning"),
            ("oversee", "overseeing"),
            ("read", "reading"),
            ("repair", "repairing"),
            ("mix", "mixing"),
            ("sew", "sewing"),
            ("pay", "paying"),
            ("submit", "submitting"),
            ("monitor", "monitoring"),
            ("order", "ordering"),
            ("upsell", "upselling"),
            ("debug", "debugging"),
            ("edit", "editing"),
        ] {
            assert_eq!(gerund(verb), wanted);
        }
    }

    #[test]
    fn abilities_are_named_by_gerunds_and_things_as_written() {
        for (text, wanted) in [
            ("Reads blueprints", "Reading blueprints"),
            ("move and handle residents", "moving and handling residents"),
            ("write the report", "writing the report"),
            ("write the reports", "writing reports"),
            ("lead a team of nine", "leading a team of nine"),
            ("balance your till", "balancing the till"),
            ("preparing the monthly accounts", "preparing monthly accounts"),
            ("Work from drawings", "Working from drawings"),
            ("Research methods", "Research methods"),
            ("Liaise w/ suppliers", "Liaising with suppliers"),
            ("Negotiate prices", "Negotiating prices"),
            ("Stock control", "Stock control"),
            ("Test plans", "Test plans"),
            ("test the pumps", "testing pumps"),
            ("wound care", "wound care"),
            ("Reading music", "Reading music"),
            ("Install", "Install"),
            ("Reads meters and records times", "Reading meters and records times"),
        ] {
            let words = words::words(text);
            let line = Line::new(text, &words, &[]);
            assert_eq!(label(&line, &(0..words.len())), wanted, "{text}");
        }
    }

    #[test]
    fn what_someone_has_done_is_an_ability() {
        for (before, phrase, wanted) in [
            ("You have ", "led a team of ten", "leading a team of ten"),
            ("You have also ", "written tender documents", "writing tender documents"),
            ("Must have ", "managed budgets", "managing budgets"),
            ("you've ", "opened new shops", "opening new shops"),
            ("good enough to ", "keep clear records", "keeping clear records"),
            ("Have ", "stock control", "stock control"),
        ] {
            let text = format!("{before}{phrase}");
            let words = words::words(&text);
            let line = Line::new(&text, &words, &[]);
            let from = words::words(before).len();
            assert_eq!(label(&line, &(from..words.len())), wanted, "{text}");
        }
    }

    /// With any people, and however many.
    #[test]
    fn those_who_are_taught_are_not_counted() {
        for (people, wanted) in [
            ("our two apprentices", "training apprentices"),
            ("our apprentices", "training apprentices"),
            ("your three new starters", "training new starters"),
        ] {
            let text = format!("You will help train {people}");
            let words = words::words(&text);
            let line = Line::new(&text, &words, &[]);
            assert_eq!(label(&line, &(3..words.len())), wanted, "{text}");
        }
    }

    #[test]
    fn verbs_in_the_third_person_have_one_form() {
        for first in ["Repairs lighting", "Cleans floors", "Fits ceilings"] {
            let text = format!("{first} and restores service");
            let words = words::words(&text);
            let line = Line::new(&text, &words, &[]);
            assert_eq!(label(&line, &(3..5)), "restoring service", "{text}");
        }
    }

    /// Nouns that are also verbs.
    #[test]
    fn things_beside_tasks_are_no_tasks() {
        for (before, phrase) in [
            ("Manage a mail archive and ", "file server"),
            ("Prepare the payment form, ", "Balance Sheet"),
            ("Submit the Payment Request \u{2013} ", "Balance Sheet"),
        ] {
            let text = format!("{before}{phrase}");
            let words = words::words(&text);
            let line = Line::new(&text, &words, &[]);
            let from = words::words(before).len();
            assert_eq!(label(&line, &(from..words.len())), phrase, "{text}");
        }
    }

    /// A verb that is a noun as well is one if it continues a list of tasks.
    #[test]
    fn verbs_in_a_list_of_tasks_have_one_form() {
        for first in ["keep logs", "you will teach maths", "prepare invoices"] {
            for (second, wanted) in [
                ("check stock levels", "checking stock levels"),
                ("order supplies", "ordering supplies"),
                ("plan menus", "planning menus"),
            ] {
                let text = format!("{first}, {second}");
                let words = words::words(&text);
                let line = Line::new(&text, &words, &[]);
                let from = words::words(first).len();
                assert_eq!(label(&line, &(from..words.len())), wanted, "{text}");
            }
        }
    }
}
