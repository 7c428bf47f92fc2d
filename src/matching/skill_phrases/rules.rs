//! Reduction of a span to what a recruiter would list: no "experience with", no "strong", no clause after the name, no
//! degrees, no traits, at most six words.

use std::ops::Range;

use super::super::words::{Case, Gap};
use super::content::is_skill;
use super::halves::{is_open, is_possessive, needs_noun};
use super::line::Line;
use super::vocabulary::{VOCABULARY, is_adverb, is_task_verb, is_verb};

/// Maximum number of words of a span, the rest of which is ignored: nothing that long is a list of names.
const MOST_SPAN: usize = 48;
/// Maximum number of words of a phrase.
const MOST_WORDS: usize = 6;
/// Number of words of a phrase above which a preposition ends it.
const SHORT: usize = 4;

/// The phrases in a span of words, in order and without overlap; none if it names no skill.
pub(in crate::matching) fn reduce(line: &Line<'_>, span: Range<usize>) -> Vec<Range<usize>> {
    let parts = split(line, span.start..span.end.min(span.start + MOST_SPAN));
    parts.into_iter().filter_map(|part| shorten(line, part)).collect()
}

/// A span without halves: of a word with a hyphen ("on-call rota"), and of a list whose last item is missing ("mix, shape
/// and bake"), within these bounds.
pub(super) fn complete(line: &Line<'_>, span: &Range<usize>, bounds: Range<usize>) -> Range<usize> {
    let Range { mut start, mut end } = *span;
    let most = bounds.end;
    let hyphen = |at: usize| {
        matches!(line.separator(at), Some('-' | '\u{2010}' | '\u{2011}')) && line.words[at].gap == Gap::Joint
    };
    while start > bounds.start && hyphen(start) {
        start -= 1;
    }
    while end < most && hyphen(end) {
        end += 1;
    }
    // "administrative and clerical support": an adjective needs its noun.
    if (needs_noun(line, end - 1) || is_possessive(line, end - 1)) && end < most {
        let from = end + usize::from(matches!(line.lower[end].as_str(), "and" | "or"));
        let noun = |at: &usize| line.words[*at].gap == Gap::Space && line.words[*at].subject;
        let until = (from..most.min(start + MOST_WORDS)).take_while(noun).last();
        end = until.map_or(end, |last| last + 1);
    }
    let comma = (start + 1..end).any(|at| line.separator(at) == Some(','));
    let joins = |at: usize| matches!(line.lower[at].as_str(), "and" | "or");
    let open = comma && !(start..end).any(joins);
    if open && end + 1 < most && joins(end) && line.words[end + 1].gap != Gap::Break {
        end += 2;
        while end < most && end < start + MOST_WORDS && line.words[end].gap == Gap::Space && line.words[end].subject {
            end += 1;
        }
    }
    start..end
}

/// Splits a span where a list continues.
fn split(line: &Line<'_>, span: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = span.start;
    for at in span.start + 1..span.end {
        let joined = matches!(line.lower[at].as_str(), "and" | "or" | "&" | "and/or");
        let hard = matches!(
            line.separator(at),
            Some('.' | ';' | ':' | '(' | ')' | '?' | '!' | '|' | '\u{2022}')
        );
        let ampersand = line.has_ampersand(at);
        if !joined && !ampersand && line.words[at].gap != Gap::Break || at < start {
            continue;
        }
        let next = at + usize::from(joined);
        let end = line.next_break(next, span.end);
        // "Food & Beverage" is one name.
        let names = || (start..end).all(|at| line.words[at].case != Case::Lower);
        if hard || !(ampersand && names()) && separate(line, start..at, next..end) {
            parts.push(start..at);
            start = next;
        }
    }
    parts.push(start..span.end);
    parts.retain(|part| !part.is_empty());
    parts
}

/// Whether both sides of a comma, "and" or "or" are names by themselves. Those of "bank and supplier accounts" are not.
fn separate(line: &Line<'_>, left: Range<usize>, right: Range<usize>) -> bool {
    if left.is_empty() || right.is_empty() {
        return true;
    }
    // "Upselling experience and a certificate".
    let article = matches!(
        line.lower[right.start].as_str(),
        "a" | "an" | "the" | "some" | "any" | "access" | "willingness" | "ability" | "able"
    );
    if article || left.len() >= 2 && VOCABULARY.cues.contains(&line.lower[left.end - 1]) {
        return true;
    }
    let named = |range: &Range<usize>| {
        let words = &line.words[range.clone()];
        words.iter().all(|word| word.case != Case::Lower)
            && (range.start > 0 || words[0].case == Case::Upper || range.len() == 1 && !is_verb(&words[0]))
    };
    let label = |range: &Range<usize>| line.labels.iter().any(|label| label.words == *range);
    let verb = |range: &Range<usize>| {
        let word = &line.words[range.start];
        let low = &line.lower[range.start];
        let gerund = low.ends_with("ing") && is_task_verb(word);
        is_verb(word) || range.len() >= 2 && (gerund || VOCABULARY.task_verbs.contains(low))
    };
    let content = |range: &Range<usize>| line.words[range.clone()].iter().filter(|word| word.subject).count();
    // "written and verbal communication": the head belongs to both.
    if (needs_noun(line, left.end - 1) || is_possessive(line, left.end - 1)) && !verb(&right) {
        return false;
    }
    let (few, many) = (content(&left).min(content(&right)), content(&left).max(content(&right)));
    named(&left) && named(&right)
        || label(&left) && label(&right)
        || few >= 2 && (verb(&right) || !verb(&left))
        || many >= 2 && content(&left) >= 2 && verb(&right)
}

impl Line<'_> {
    /// The first word from `at` that follows a comma or is "and" or "or", or `end`.
    fn next_break(&self, at: usize, end: usize) -> usize {
        let breaks = |&word: &usize| {
            word > at && (self.words[word].gap == Gap::Break || matches!(self.lower[word].as_str(), "and" | "or"))
        };
        (at..end).find(breaks).unwrap_or(end)
    }
}

/// The name in a part of a span, if there is one.
fn shorten(line: &Line<'_>, part: Range<usize>) -> Option<Range<usize>> {
    let vocabulary = &*VOCABULARY;
    let word = |at: usize| line.lower[at].as_str();
    let Range { mut start, mut end } = part;
    // "The role involves grinding castings".
    // "That means hiring cooks", but not "means of transport".
    let means = |at: usize| {
        let before = at.checked_sub(1).map(|before| line.lower[before].as_str());
        word(at) == "means" && matches!(before, Some("this" | "that" | "which" | "it"))
    };
    let told =
        (start..end).find(|&at| matches!(word(at), "involves" | "includes" | "entails" | "comprises") || means(at));
    let of_job = |at: usize| {
        vocabulary.lead.contains(word(at)) || matches!(word(at), "role" | "post" | "position" | "job" | "work")
    };
    start = told
        .filter(|&told| (start..told).all(of_job))
        .map_or(start, |told| told + 1);
    while start < end && leads(line, start, end) {
        start += 1;
    }
    // "Because", "without".
    if start < end
        && (vocabulary.stop.contains(word(start)) || vocabulary.attach.contains(word(start)))
        && line.words[start].case == Case::Lower
    {
        return None;
    }
    // A clause after the name; a preposition ends only long ones.
    let task = start < end && is_task_verb(&line.words[start]);
    // "Assessment to close gaps".
    let aim = |at: usize| !task && word(at) == "to" && at + 2 < line.words.len() && is_task_verb(&line.words[at + 1]);
    let cut = (start + 1..end).find(|&at| {
        vocabulary.stop.contains(word(at)) || aim(at) || matches!(line.separator(at), Some('(' | ')' | ':' | '.' | ';'))
    });
    end = cut.unwrap_or(end);
    let verb = start < end && is_task_verb(&line.words[start]) && !word(start).ends_with("ing");
    let attached =
        (start + 1..end).find(|&at| vocabulary.attach.contains(word(at)) && line.words[at].gap == Gap::Space);
    // "Work with physicians", "clients from consultation".
    let about = |at: usize| line.words[at].case == Case::Lower && vocabulary.people.contains(word(at));
    // "Reporting to the head chef", "access to a car" name no skill.
    let works = |at: usize| {
        let told = matches!(word(at), "report" | "reports" | "reporting" | "access" | "accountable");
        told && line.lower.get(at + 1).is_some_and(|next| next == "to")
            || matches!(word(at), "work" | "works" | "working") && line.words[at].case == Case::Lower
    };
    let alone = |at: usize| (start..at).all(|at| about(at) || works(at) || is_adverb(word(at)));
    if attached.is_some_and(alone) {
        return None;
    }
    if end - start.min(end) > SHORT || verb && duty_object(line, start, attached) {
        end = attached
            .filter(|&at| at >= start + 2)
            .or_else(|| {
                (start + 2..end).find(|&at| vocabulary.attach.contains(word(at)) && line.words[at].gap == Gap::Space)
            })
            .unwrap_or(end);
    }
    if end - start.min(end) > MOST_WORDS {
        let least = start + 2;
        let cut = (least..start + MOST_WORDS)
            .rev()
            .find(|&at| matches!(word(at), "and" | "or" | "of") || line.words[at].gap == Gap::Break);
        end = cut?;
    }
    // "Product designer on complex" lacks its noun, which is a name by itself.
    let lacks = (end < line.words.len() && line.words[end].gap == Gap::Space && line.words[end].subject)
        .then(|| (start + 1..end).rfind(|&at| vocabulary.attach.contains(word(at))))
        .flatten();
    let lacks = lacks.filter(|&at| at + 2 == end && line.words[at].gap == Gap::Space && is_open(line, end));
    end = lacks.unwrap_or(end);
    end = start + without_figure(line, start..end);
    while start < end && vocabulary.trail.contains(word(end - 1)) {
        end -= 1;
    }
    // "Exercising a high degree": what was cut off is its noun.
    let goes_on = end < line.words.len() && line.words[end].gap == Gap::Space && line.words[end].subject;
    let open = end > start + 1 && goes_on && is_open(line, end);
    if end > start + 1 && (open || needs_noun(line, end - 1)) && line.words[end - 1].case == Case::Lower {
        end -= 1;
        while start < end && vocabulary.trail.contains(word(end - 1)) {
            end -= 1;
        }
    }
    if open && end == start + 1 && is_task_verb(&line.words[start]) {
        return None;
    }
    // A list that was cut: its first item.
    let listed = (start..end).any(|at| matches!(word(at), "and" | "or"));
    let comma = (start + 1..end).find(|&at| line.words[at].gap == Gap::Break);
    end = comma.filter(|_| !listed).unwrap_or(end);
    while start < end && (vocabulary.trail.contains(word(end - 1)) || is_adverb(word(end - 1))) {
        end -= 1;
    }
    (start < end && is_skill(line, start..end)).then_some(start..end)
}

/// Nouns for people whose number a task states.
const TEAMS: [&str; 9] = [
    "brigade",
    "class",
    "classes",
    "crew",
    "department",
    "group",
    "squad",
    "staff",
    "team",
];

/// The number of words of a name without the figure that it is about: `labour under 30%`, `a team of 55 front of house`,
/// `retention north of 110%`.
fn without_figure(line: &Line<'_>, name: Range<usize>) -> usize {
    let word = |at: usize| line.lower.get(at).map_or("", String::as_str);
    let figure = |at: usize| !word(at).is_empty() && word(at).bytes().all(|byte| byte.is_ascii_digit());
    let team = |at: usize| word(at) == "of" && figure(at + 1) && TEAMS.contains(&word(at - 1));
    let bound = |at: usize| {
        let under = matches!(
            word(at),
            "above" | "at" | "below" | "beyond" | "over" | "under" | "within"
        );
        let north = matches!(word(at), "north" | "south" | "upwards") && word(at + 1) == "of" && figure(at + 2);
        let ends = at + 2 == name.end && line.words[at + 1].gap == Gap::Space;
        north || under && figure(at + 1) && ends
    };
    let cut = (name.start + 1..name.end).find(|&at| team(at) || bound(at));
    cut.unwrap_or(name.end) - name.start
}

/// Whether a verb has an object before its first preposition.
fn duty_object(line: &Line<'_>, verb: usize, attached: Option<usize>) -> bool {
    attached.is_some_and(|at| (verb + 1..at).any(|at| line.words[at].subject))
}

/// What "first" makes a name with.
const FIRST: [&str; 9] = [
    "aid",
    "article",
    "class",
    "fix",
    "line",
    "nations",
    "party",
    "responder",
    "response",
];

/// Whether the word at `at` does not begin a name.
fn leads(line: &Line<'_>, at: usize, end: usize) -> bool {
    let vocabulary = &*VOCABULARY;
    let word = line.lower[at].as_str();
    let next = (at + 1 < end).then(|| line.lower[at + 1].as_str());
    let joint = at + 1 < end && line.words[at + 1].gap == Gap::Joint;
    let number = word.chars().all(|c| !c.is_alphabetic()) && !joint;
    let adverb = is_adverb(word) && next.is_some();
    // "Expert SQL", "fluent French".
    let able = matches!(
        word,
        "expert" | "proficient" | "fluent" | "experienced" | "competent" | "comfortable" | "familiar"
    );
    if able && next.is_some() && !joint {
        return true;
    }
    // "Experience selling software".
    if word == "experience" && next.is_some_and(|next| next.ends_with("ing")) {
        return true;
    }
    // "First leadership experience", but not "first aid experience".
    let named = next.is_some_and(|next| FIRST.contains(&next));
    if word == "first" && !named && line.lower.get(at + 2).is_some_and(|word| word == "experience") {
        return true;
    }
    // Only in "knowledge of": "knowledge management" is a name.
    if vocabulary.cues.contains(word) || word == "working" {
        return next.is_none_or(|next| vocabulary.lead.contains(next) || vocabulary.cues.contains(next));
    }
    // A letter may be a language.
    let shouted = line.text[line.words[at].bytes.clone()].chars().all(char::is_uppercase) && word.len() <= 3;
    !shouted && !joint && vocabulary.lead.contains(word) || word == "a" || word == "i" || number || adverb
}

#[cfg(test)]
mod tests;
