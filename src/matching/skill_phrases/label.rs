//! The name under which a phrase is reported: an ability with its verb as a gerund, "reading blueprints".

use std::ops::Range;

use super::super::words::Gap;
use super::abilities;
use super::line::Line;
use super::vocabulary::{VOCABULARY, is_verb};

/// What a phrase is called: with the verbs of an ability as gerunds, and without an article after them.
pub(in crate::matching) fn label(line: &Line<'_>, phrase: &Range<usize>) -> String {
    let written = &line.text[line.bytes(phrase)];
    let Some(first) = gerund_at(line, phrase.start).filter(|_| phrase.len() >= 2) else {
        return written.to_owned();
    };
    let mut named = String::with_capacity(written.len() + 3);
    named.push_str(&first);
    let mut end = line.words[phrase.start].bytes.end;
    for at in phrase.start + 1..phrase.end {
        let word = &line.words[at].bytes;
        let joined = matches!(line.lower[at - 1].as_str(), "and" | "or") && at == phrase.start + 2;
        let verb = joined && at + 1 < phrase.end;
        let article = at == phrase.start + 1 && is_article(&line.lower[at]);
        if !article {
            named.push_str(&line.text[end..word.start]);
            let gerund = verb.then(|| base(&line.lower[at])).flatten().map(gerund);
            named.push_str(gerund.as_deref().unwrap_or(&line.text[word.clone()]));
        }
        end = word.end;
    }
    named
}

fn is_article(word: &str) -> bool {
    matches!(
        word,
        "a" | "an" | "the" | "any" | "all" | "each" | "our" | "your" | "their" | "its"
    )
}

/// The gerund of the word at `at`, if it is a verb there, in the case in which the word is written.
fn gerund_at(line: &Line<'_>, at: usize) -> Option<String> {
    let word = &line.words[at];
    let verb = base(&line.lower[at])?;
    if line.words.get(at + 1).is_some_and(|next| next.gap == Gap::Joint) {
        return None;
    }
    let before = at.checked_sub(1).map(|before| line.lower[before].as_str());
    let joined = matches!(before, Some("and" | "or")) && !line.lower[..at].iter().any(|word| word.ends_with("ing"));
    if !(at == 0 || joined || word.gap == Gap::Break || abilities::takes_verb(line, at)) {
        return None;
    }
    // "Reads blueprints, records time": all verbs of such a line are in one form.
    let third =
        |at: usize| line.lower[at].ends_with('s') && base(&line.lower[at]).is_some_and(|verb| verb != line.lower[at]);
    let told = abilities::takes_verb(line, at) || at > 0 && third(0) && third(at);
    let object = line.lower.get(at + 1).is_some_and(|next| {
        VOCABULARY.determiners.contains(next) || next == "and" && line.words.get(at + 2).is_some_and(is_verb)
    });
    // "Stock control", "test plans" are names.
    if VOCABULARY.verbs_and_nouns.contains(verb) && !told && !object {
        return None;
    }
    let gerund = gerund(verb);
    let mut rest = gerund.chars();
    let capital = line.text[word.bytes.clone()].starts_with(char::is_uppercase);
    match rest.next().filter(|_| capital) {
        Some(first) => Some(first.to_uppercase().chain(rest).collect()),
        None => Some(gerund),
    }
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
            "submit" | "control" | "commit" | "refer" | "transfer" | "equip" | "program"
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
        ] {
            assert_eq!(gerund(verb), wanted);
        }
    }

    #[test]
    fn abilities_are_named_by_gerunds_and_things_as_written() {
        for (text, wanted) in [
            ("Reads blueprints", "Reading blueprints"),
            ("move and handle residents", "moving and handling residents"),
            ("write the report", "writing report"),
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
}
