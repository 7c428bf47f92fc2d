//! Lines whose line breaks were lost when a page was copied: `KEY COMPETENCIESSpeak English fluentlyStrong planner`.

use std::ops::Range;

/// The number of places at which a sentence is glued, from which it is split: one may be a name such as `ElasticSearch`.
const LEAST_PLACES: usize = 3;
/// The least lower-case letters before such a place. Names such as `JavaScript` and `PowerPoint` have fewer.
const LEAST_BEFORE: usize = 5;
/// The least capitals of a heading before such a place.
const LEAST_CAPITALS: usize = 6;

/// Splits a sentence where its lines are glued.
pub(super) fn split(text: &str, sentence: Range<usize>) -> Vec<Range<usize>> {
    let places = places(&text[sentence.clone()]);
    if places.len() < LEAST_PLACES {
        return vec![sentence];
    }
    let ends = places.iter().map(|place| sentence.start + place).chain([sentence.end]);
    let mut start = sentence.start;
    ends.map(|end| std::mem::replace(&mut start, end)..end).collect()
}

fn places(sentence: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let (mut small, mut capitals) = (0, 0);
    let mut chars = sentence.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let begins = c.is_uppercase() && chars.peek().is_some_and(|(_, next)| next.is_lowercase());
        if begins && (small >= LEAST_BEFORE || capitals >= LEAST_CAPITALS) {
            found.push(at);
        }
        small = if c.is_lowercase() || c == ')' && small > 0 {
            small + 1
        } else {
            0
        };
        capitals = if c.is_uppercase() { capitals + 1 } else { 0 };
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<&str> {
        split(text, 0..text.len())
            .into_iter()
            .map(|bytes| &text[bytes])
            .collect()
    }

    #[test]
    fn glued_lines_are_split() {
        assert_eq!(
            read("KEY COMPETENCIESSpeak English fluentlyStrong planner (Excel, portals)People skillsAble to drive"),
            [
                "KEY COMPETENCIES",
                "Speak English fluently",
                "Strong planner (Excel, portals)",
                "People skills",
                "Able to drive"
            ]
        );
    }

    #[test]
    fn names_with_capitals_are_whole() {
        for text in [
            "JavaScript, TypeScript, PowerPoint, SharePoint, QuickBooks and LinkedIn",
            "ElasticSearch, MongoDB, PostgreSQL and GraphQL for McDonald and MacKenzie",
            "Speak English fluentlyStrong planner",
        ] {
            assert_eq!(read(text), [text]);
        }
    }
}
