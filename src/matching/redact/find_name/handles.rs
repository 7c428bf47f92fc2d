//! The letters of e-mail addresses and profiles, which spell the person's name.

use std::collections::HashSet;
use std::ops::Range;

use super::super::fold::fold;
use super::super::name::NameWord;
use super::super::tables::TABLES;

/// What the letters of handles spell.
pub(in super::super) struct Handles {
    pub(super) tokens: HashSet<String>,
    joined: Vec<String>,
}

impl Handles {
    pub(in super::super) fn new(text: &str, handles: &[Range<usize>]) -> Self {
        let (mut tokens, mut joined) = (HashSet::new(), Vec::new());
        for handle in handles {
            let written = &text[handle.clone()];
            let low = fold(written);
            let low = low.split_once("://").map_or(low.as_str(), |(_, rest)| rest);
            for piece in low.split(['/', '@', ':', '?', '=', '.']) {
                let letters: String = piece.chars().filter(|c| c.is_alphabetic()).collect();
                if letters.chars().count() >= 3
                    && !matches!(
                        letters.as_str(),
                        "www"
                            | "com"
                            | "org"
                            | "net"
                            | "linkedin"
                            | "github"
                            | "gmail"
                            | "mailto"
                            | "email"
                            | "mail"
                            | "https"
                            | "http"
                            | "example"
                    )
                {
                    joined.push(letters);
                }
                tokens.extend(
                    piece
                        .split(|c: char| !c.is_alphabetic())
                        .filter(|token| token.chars().count() >= 3)
                        .map(str::to_owned),
                );
            }
        }
        Self { tokens, joined }
    }

    /// The number of words that a handle spells.
    pub(super) fn spells(&self, words: &[NameWord<'_>]) -> usize {
        let parts = words.iter().flat_map(|word| word.folded.split(['-', '.', '\'']));
        let parts: Vec<String> = parts
            .filter(|part| part.chars().count() >= 2 && !TABLES.particles.contains(*part))
            .map(str::to_owned)
            .collect();
        let spelled = |part: &String| {
            let german = part.clone();
            self.tokens.contains(part)
                || part.chars().count() >= 4
                    && self
                        .joined
                        .iter()
                        .any(|joined| joined.starts_with(german.as_str()) || joined.ends_with(german.as_str()))
                || self.joined.iter().any(|joined| {
                    parts
                        .iter()
                        .any(|other| other != part && (is_both(joined, part, other) || is_both(joined, other, part)))
                })
        };
        parts.iter().filter(|part| spelled(part)).count()
    }
}

/// Whether a text is one part followed by the other.
fn is_both(joined: &str, first: &str, second: &str) -> bool {
    joined.strip_prefix(first) == Some(second)
}
