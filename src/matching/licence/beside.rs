//! Other papers that a line asks for beside those with known names: `driver's licence and sanitation certificate`.

use super::super::credentials::Credential;
use super::super::words::{Gap, Word};
use super::{VOCABULARY, among};

/// The stems of the words that name each of them. What is joined by `or` is not needed.
pub(super) fn papers(text: &str, line: &[Word], known: &[Credential]) -> Vec<Vec<u64>> {
    let low = |word: &Word| text[word.bytes.clone()].to_lowercase();
    if known.is_empty() || line.iter().any(|word| low(word) == "or") {
        return Vec::new();
    }
    let joins = |at: usize| {
        let between = at
            .checked_sub(1)
            .and_then(|last| text.get(line[last].bytes.end..line[at].bytes.start));
        matches!(&*low(&line[at]), "and" | "plus") || between.is_some_and(|between| matches!(between.trim(), "&" | "+"))
    };
    let mut starts: Vec<usize> = (1..line.len()).filter(|&at| joins(at)).collect();
    starts.insert(0, 0);
    let ends = starts.iter().skip(1).copied().chain([line.len()]);
    let parts = starts.iter().zip(ends).map(|(&from, until)| &line[from..until]);
    let named = |part: &[Word]| {
        let inside = |word: &Word| known.iter().any(|one| one.bytes.contains(&word.bytes.start));
        part.iter().any(inside)
    };
    parts
        .filter(|part| !named(part))
        .filter_map(|part| paper(part, &low))
        .collect()
}

/// The stems of the words before the word for a paper with which a part ends.
fn paper(part: &[Word], low: &impl Fn(&Word) -> String) -> Option<Vec<u64>> {
    let at = part.iter().position(|word| among(&VOCABULARY.papers, &low(word)))?;
    let ends = part
        .get(at + 1)
        .is_none_or(|next| next.gap == Gap::Break || !next.subject || VOCABULARY.about.contains(&low(next)));
    let named = part[..at].iter().rposition(|word| word.gap == Gap::Break).unwrap_or(0);
    let name = part[named..at].iter().filter(|word| {
        let low = low(word);
        word.subject && !VOCABULARY.about.contains(&low) && !matches!(&*low, "and" | "plus")
    });
    let name: Vec<&Word> = name.collect();
    let document = name.iter().any(|word| VOCABULARY.documents.contains(&low(word)));
    (ends && !name.is_empty() && !document).then(|| name.into_iter().map(|word| word.stem).collect())
}
