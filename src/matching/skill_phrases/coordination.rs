//! What "and" joins: verbs with one object, "cutting and styling hair", objects of one verb, and things that are alike.

use std::ops::Range;

use super::super::words::{Case, Gap};
use super::abilities::{MOST_ITEM, begins, end_of, is_part};
use super::line::Line;
use super::vocabulary::{is_task_verb, is_verb};

/// Maximum number of words of a task in which things that are joined are alike.
const MOST_JOINED: usize = 16;
/// Maximum number of words of two parts of one name.
const MOST_JOINT: usize = 5;

/// Joins the names that are parts of one: "first article" and "inspection reports".
pub(super) fn join_parts(line: &Line<'_>, found: &mut Vec<Range<usize>>) {
    let mut at = 1;
    while at < found.len() {
        let (left, right) = (found[at - 1].clone(), found[at].clone());
        let next = left.end == right.start && line.words[right.start].gap == Gap::Space;
        let noun = !is_task_verb(&line.words[right.start]) && line.words[left.end - 1].subject;
        if next && noun && right.end - left.start <= MOST_JOINT && !line.is_apart(right.start) {
            found[at - 1].end = right.end;
            found.remove(at);
        } else {
            at += 1;
        }
    }
}

/// Words that make another verb of a verb.
const PARTICLES: [&str; 8] = ["away", "down", "in", "off", "out", "over", "through", "up"];

/// The form of a verb, by its ending.
fn form(word: &str) -> u8 {
    match word {
        _ if word.ends_with("ing") => 2,
        _ if word.ends_with('s') && !word.ends_with("ss") => 1,
        _ => 0,
    }
}

/// Whether words are a verb alone or with its particle: "break down".
pub(super) fn is_bare_verb(line: &Line<'_>, words: &Range<usize>) -> bool {
    let particle = || PARTICLES.contains(&line.lower[words.end - 1].as_str());
    match words.len() {
        1 => is_task_verb(&line.words[words.start]),
        2 => particle() && line.words[words.start].subject && line.lower[words.start].chars().all(char::is_alphabetic),
        _ => false,
    }
}

/// The verbs before the first one of a task that have the same object: "cutting and styling hair", "set up, break down and
/// disinfect rooms". Nothing before `from` belongs to it.
pub(super) fn with_verbs(line: &Line<'_>, task: Range<usize>, from: usize) -> Range<usize> {
    let verb = task.start;
    let mut start = verb;
    if task.len() < 2 || !is_task_verb(&line.words[verb]) {
        return task;
    }
    loop {
        let joint = start > from && matches!(line.lower[start - 1].as_str(), "and" | "or");
        // The last verb of a list is joined by "and".
        let comma = start < verb && line.words[start].gap == Gap::Break && line.separator(start) == Some(',');
        let end = if joint { start - 1 } else { start };
        let particle = end >= from + 2 && PARTICLES.contains(&line.lower[end - 1].as_str());
        let first = end.saturating_sub(if particle { 2 } else { 1 });
        let bare = (joint || comma) && end > from && first >= from && is_bare_verb(line, &(first..end));
        let alike = || form(&line.lower[first]) == form(&line.lower[verb]);
        let opens = || {
            let before = first.checked_sub(1).map(|before| line.lower[before].as_str());
            let listed = line.separator(first) == Some(',');
            begins(line, first) || first == 0 || listed || matches!(before, Some("be" | "to" | "and" | "or"))
        };
        if !(bare && alike() && opens()) {
            return start..task.end;
        }
        start = first;
    }
}

/// The verbs of a task that have the same object, by the places of their words.
pub(super) fn verbs(line: &Line<'_>, task: &Range<usize>) -> Vec<usize> {
    let mut found = vec![task.start];
    let mut at = task.start + 1;
    loop {
        if at < task.end && PARTICLES.contains(&line.lower[at].as_str()) {
            at += 1;
        }
        let joint = at < task.end && matches!(line.lower[at].as_str(), "and" | "or");
        let next = at + usize::from(joint);
        let joined = joint || at < task.end && line.separator(at) == Some(',');
        if !joined || next + 1 >= task.end || !is_task_verb(&line.words[next]) {
            return found;
        }
        found.push(next);
        at = next + 1;
    }
}

/// A task with the second of its two objects: "estimates labor and materials". `free` tells which words belong to no name.
pub(super) fn with_objects(line: &Line<'_>, task: Range<usize>, free: impl Fn(usize) -> bool) -> Range<usize> {
    let (joint, noun) = (task.end, task.end + 1);
    let content = task.clone().filter(|&at| line.words[at].subject).count();
    let joins = |at: usize| matches!(line.lower[at].as_str(), "and" | "or") && line.words[at].gap == Gap::Space;
    let object = |at: usize| {
        let word = line.lower[at].as_str();
        let plural = word.ends_with('s') && !word.ends_with("ss");
        is_part(line, at) && plural && !begins(line, at) && !is_task_verb(&line.words[at]) && free(at)
    };
    let ends = || noun + 1 >= line.words.len() || line.words[noun + 1].gap == Gap::Break || !is_part(line, noun + 1);
    let whole = task.len() >= 2
        && content == 2
        && is_task_verb(&line.words[task.start])
        && noun < line.words.len()
        && joins(joint)
        && object(noun)
        && ends();
    if whole { task.start..noun + 1 } else { task }
}

/// The things that "and" or "or" joins with a name that was found: "arc flash procedures" beside "lockout/tagout". `taken`
/// tells which words belong to a name. In long sentences, what is joined is seldom alike.
pub(super) fn joined(line: &Line<'_>, taken: &[bool]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // Of each word, the task that it belongs to.
    let starts: Vec<usize> = (1..line.words.len()).filter(|&at| begins(line, at)).collect();
    let long = |at: usize| {
        let from = starts.iter().rev().find(|&&start| start <= at).copied().unwrap_or(0);
        let until = starts
            .iter()
            .find(|&&start| start > at)
            .copied()
            .unwrap_or(line.words.len());
        until - from > MOST_JOINED
    };
    let part = |at: usize| is_part(line, at) && !begins(line, at) && (at == 0 || line.words[at].case != Case::Capital);
    let thing = |range: &Range<usize>| {
        let content = range.clone().filter(|&at| line.words[at].subject).count();
        content >= 2 && range.len() <= MOST_ITEM && range.clone().all(part) && !is_verb(&line.words[range.start])
    };
    let has = |range: &Range<usize>| range.clone().any(|at| taken[at]);
    for at in (1..line.words.len()).filter(|&at| matches!(line.lower[at].as_str(), "and" | "or") && !long(at)) {
        let breaks =
            |&before: &usize| line.words[before].gap == Gap::Break || before == 0 || !is_part(line, before - 1);
        let start = (0..at).rev().find(breaks).unwrap_or(0);
        // "For small projects and records time": the next task is joined.
        if at + 1 < line.words.len() && begins(line, at + 1) {
            continue;
        }
        let (left, right) = (start..at, at + 1..end_of(line, at + 1));
        match (has(&left), has(&right)) {
            (true, false) if thing(&right) => found.push(right),
            (false, true) if thing(&left) => found.push(left),
            _ => (),
        }
    }
    found
}
