//! Text from right to left, from the order in which it is drawn to the order in which it is read.

use super::characters::{is_bullet, is_right_to_left};

/// The direction of a character: from right to left, from left to right, or that of its neighbours.
fn direction(c: char) -> Option<bool> {
    if is_right_to_left(c) {
        Some(true)
    } else if c.is_alphanumeric() {
        Some(false)
    } else {
        None
    }
}

/// Whether most of the text runs from right to left.
pub(super) fn is_mostly_right_to_left(text: &str) -> bool {
    let (mut right, mut left) = (0, 0);
    for c in text.chars() {
        match direction(c) {
            Some(true) => right += 1,
            Some(false) if c.is_alphabetic() => left += 1,
            _ => {}
        }
    }
    right > left
}

/// A line of a layout that runs to the right, where the sign of a list item is part of the chunk at the left, and the end
/// of a sentence of that at the right.
pub(super) fn from_left(line: &str, left: &str, right: &str) -> String {
    let mut text = line.to_owned();
    let plain = right.trim_end_matches(is_end);
    if plain.len() < right.len() && left != right && plain.ends_with(is_right_to_left) {
        text = text.replacen(right, plain, 1) + &right[plain.len()..];
    }
    let mut chars = left.chars();
    if let Some(sign) = chars.next().filter(|sign| is_bullet(*sign))
        && !text.starts_with(sign)
    {
        text = format!(
            "{sign} {}",
            text.replacen(left, chars.as_str().trim_start(), 1).trim_end()
        );
    }
    text
}

/// Numbers in a text that runs from right to left, such as a range of years, in the order of reading.
pub(super) fn numbers(text: &str) -> String {
    if text.contains(|c: char| c.is_alphabetic() || matches!(c, '+' | '@')) || !text.contains(' ') {
        return text.to_owned();
    }
    text.split(' ').rev().collect::<Vec<_>>().join(" ")
}

/// Whether the character ends a sentence or a part of it.
pub(super) fn is_end(c: char) -> bool {
    matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '\u{60c}' | '\u{61b}' | '\u{61f}')
}

/// Joins words in the order of their places from left to right to a text in the order of reading.
pub(super) fn logical(words: &[String]) -> String {
    let rightwards = is_mostly_right_to_left(&words.concat());
    // The sign of a list item and the end of a sentence are at these sides if the layout runs to the right.
    if rightwards
        && let [sign, rest @ ..] = words
        && !rest.is_empty()
        && sign.chars().all(is_bullet)
    {
        return format!("{sign} {}", logical(rest));
    }
    if rightwards
        && let [rest @ .., last] = words
        && last.ends_with(is_end)
        && last.trim_end_matches(is_end).ends_with(is_right_to_left)
    {
        let plain = last.trim_end_matches(is_end);
        let words: Vec<String> = rest.iter().cloned().chain(std::iter::once(plain.to_owned())).collect();
        return logical(&words) + &last[plain.len()..];
    }
    let mut clusters: Vec<(String, Option<bool>)> = Vec::new();
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            clusters.push((" ".to_owned(), None));
        }
        for c in word.chars() {
            match clusters.last_mut() {
                // A mark stays behind its letter.
                Some((cluster, _)) if unicode_normalization::char::is_combining_mark(c) => cluster.push(c),
                _ => clusters.push((c.to_string(), direction(c))),
            }
        }
    }
    // Signs between two parts of one direction belong to them; the others follow the line.
    let mut resolved: Vec<bool> = Vec::with_capacity(clusters.len());
    for (index, (_, direction)) in clusters.iter().enumerate() {
        resolved.push(direction.unwrap_or_else(|| {
            let before = clusters[..index].iter().rev().find_map(|cluster| cluster.1);
            let after = clusters[index..].iter().find_map(|cluster| cluster.1);
            // Numbers apart from each other follow the line, too.
            let is_number = |cluster: Option<&(String, Option<bool>)>| {
                cluster.is_some_and(|cluster| cluster.0.chars().all(|c| c.is_ascii_digit()))
            };
            let apart = rightwards
                && is_number(clusters[..index].iter().rev().find(|cluster| cluster.1.is_some()))
                && is_number(clusters[index..].iter().find(|cluster| cluster.1.is_some()))
                && clusters[index.saturating_sub(1)..clusters.len().min(index + 2)]
                    .iter()
                    .any(|cluster| cluster.0 == " ");
            match (before, after) {
                (Some(before), Some(after)) if before == after && !apart => before,
                _ => rightwards,
            }
        }));
    }
    let mut runs: Vec<(bool, Vec<&str>)> = Vec::new();
    for ((cluster, _), right) in clusters.iter().zip(resolved) {
        match runs.last_mut() {
            Some((direction, run)) if *direction == right => run.push(cluster),
            _ => runs.push((right, vec![cluster])),
        }
    }
    if rightwards {
        runs.reverse();
    }
    let mut text = String::new();
    for (right, run) in runs {
        if right {
            text.extend(run.into_iter().rev());
        } else {
            text.extend(run);
        }
    }
    text
}
