//! Lines of justified text, of which the gaps between the words are as wide as those between cells.

use super::Chunk;

/// The number of words from which the gaps of a line tell that it is stretched.
const MIN_WORDS: usize = 3;
/// The number of rows above and below in which a line of the same paragraph is looked for.
const NEAR: usize = 3;

/// Joins the words of stretched lines.
pub(super) fn join(rows: &mut [Vec<Chunk>]) {
    for index in 0..rows.len() {
        let mut start = 0;
        while start + MIN_WORDS <= rows[index].len() {
            let end = end_of_words(&rows[index], start);
            let words = &rows[index][start..end];
            if words.len() < MIN_WORDS || !(is_sentence(words) || is_between_lines(rows, index, words)) {
                start = end.max(start + 1);
                continue;
            }
            let words: Vec<Chunk> = rows[index].drain(start..end).collect();
            rows[index].insert(start, whole(&words));
            start += 1;
        }
    }
}

/// The end of the single words from `start` on that are drawn one after the other with equal gaps.
fn end_of_words(row: &[Chunk], start: usize) -> usize {
    let gap = |index: usize| row[index + 1].x0 - row[index].x1;
    // Not an address, which can be beside others.
    let is_word = |chunk: &Chunk| {
        let text = chunk.text.trim_end_matches(['.', ',', ';', ':', ')']);
        !text.contains(|c: char| c.is_whitespace() || matches!(c, '@' | '/' | '.' | '|'))
    };
    let follows = |a: &Chunk, b: &Chunk| {
        b.order > a.order && b.order - a.order <= a.text.chars().count() + 3 && (a.size / b.size - 1.0).abs() < 0.02
    };
    let mut end = start + 1;
    while end < row.len()
        && is_word(&row[end - 1])
        && is_word(&row[end])
        && follows(&row[end - 1], &row[end])
        && (gap(end - 1) - gap(start)).abs() < (0.04 * gap(start)).max(0.06 * row[start].size)
    {
        end += 1;
    }
    end
}

/// Whether most words go on with a sentence.
fn is_sentence(words: &[Chunk]) -> bool {
    let lower = words[1..]
        .iter()
        .filter(|word| word.text.starts_with(char::is_lowercase))
        .count();
    lower * 2 >= words.len()
}

/// Whether a line close to the words begins and ends where they do.
fn is_between_lines(rows: &[Vec<Chunk>], index: usize, words: &[Chunk]) -> bool {
    let (first, last) = (&words[0], &words[words.len() - 1]);
    let near = rows[index.saturating_sub(NEAR)..rows.len().min(index + NEAR + 1)]
        .iter()
        .flatten();
    near.filter(|line| (line.y - first.y).abs() > 0.5 * first.size && (line.y - first.y).abs() < 2.2 * first.size)
        .any(|line| (line.x0 - first.x0).abs() < 1.0 && (line.x1 - last.x1).abs() < 1.0)
}

fn whole(words: &[Chunk]) -> Chunk {
    let (first, last) = (&words[0], &words[words.len() - 1]);
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    Chunk {
        text: texts.join(" "),
        x1: last.x1,
        second_word: words[1].x0 - first.x0,
        elements: [first.elements[0], last.elements[1]],
        ink: first.ink.filter(|_| words.iter().all(|word| word.ink == first.ink)),
        ..first.clone()
    }
}
