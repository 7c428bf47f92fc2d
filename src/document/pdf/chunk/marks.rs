//! Accents that are drawn over letters, and glyphs that are drawn twice.

use super::super::characters::{combining, is_right_to_left};
use super::super::glyph::Glyph;
use super::single;

/// Merges accents with the letters that they are drawn over, and drops what is drawn twice.
pub(super) fn combine(glyphs: Vec<Glyph>) -> Vec<Glyph> {
    let mut whole: Vec<Glyph> = Vec::with_capacity(glyphs.len());
    let mut glyphs = glyphs.into_iter().peekable();
    let mut early: Option<Glyph> = None;
    while let Some(mut glyph) = glyphs.next() {
        if let Some(mark) = early.take() {
            accent(&mut glyph.text, &mark.text);
        }
        // Text from right to left that is drawn from the left has marks before their letters.
        let is_early = |next: &Glyph| {
            let after = whole
                .last()
                .is_none_or(|last| last.y != next.y || glyph.x0 >= last.x1 - 0.02 * last.size);
            after
                && !next.is_blank()
                && (glyph.y - next.y).abs() < 0.8 * next.size
                && (next.x0 - 0.1 * next.size..next.x1).contains(&glyph.x0)
        };
        if single(&glyph.text).is_some_and(|c| is_right_to_left(c) && unicode_normalization::char::is_combining_mark(c))
            && glyphs
                .peek()
                .is_some_and(|next| next.text.chars().all(is_right_to_left) && is_early(next))
        {
            early = Some(glyph);
            continue;
        }
        let recent = whole.len().saturating_sub(2);
        let close = |other: &Glyph| (other.y - glyph.y).abs() < 0.8 * glyph.size;
        if let Some(last) = whole[recent..]
            .iter_mut()
            .rev()
            .find(|other| !other.is_blank() && close(other))
        {
            let mark = glyph.text.chars().next();
            let is_mark = mark.is_some_and(unicode_normalization::char::is_combining_mark);
            if is_mark && glyph.x0 < last.x1 + 0.3 * glyph.size && glyph.x1 > last.x0 - 0.3 * glyph.size {
                accent(&mut last.text, &glyph.text);
                continue;
            }
            let middle = |glyph: &Glyph| f64::midpoint(glyph.x0, glyph.x1);
            let over =
                |a: &Glyph, b: &Glyph| middle(a) > b.x0 && middle(a) < b.x1 && middle(b) > a.x0 && middle(b) < a.x1;
            let is_letter = |text: &str| text.chars().next_back().is_some_and(char::is_alphabetic);
            if let Some(mark) = single(&glyph.text).and_then(combining)
                && is_letter(&last.text)
                && over(&glyph, last)
            {
                accent(&mut last.text, mark.encode_utf8(&mut [0; 4]));
                continue;
            }
            if let Some(mark) = single(&last.text).and_then(combining)
                && is_letter(&glyph.text)
                && over(&glyph, last)
            {
                accent(&mut glyph.text, mark.encode_utf8(&mut [0; 4]));
                *last = glyph;
                continue;
            }
        }
        whole.push(glyph);
    }
    let mut seen = std::collections::HashMap::<(i64, i64), Vec<usize>>::new();
    let mut single = Vec::with_capacity(whole.len());
    for glyph in whole {
        let (column, row) = ((glyph.x0 / 2.0).floor() as i64, (glyph.y / 2.0).floor() as i64);
        let near = (column - 1..=column + 1).flat_map(|column| (row - 1..=row + 1).map(move |row| (column, row)));
        let again = near
            .filter_map(|place| seen.get(&place))
            .flatten()
            .any(|&index: &usize| {
                let other: &Glyph = &single[index];
                let tolerance = (0.12 * glyph.size).min(1.5);
                other.text == glyph.text
                    && (other.x0 - glyph.x0).abs() < tolerance
                    && (other.y - glyph.y).abs() < tolerance
            });
        if !again {
            seen.entry((column, row)).or_default().push(single.len());
            single.push(glyph);
        }
    }
    single
}

/// Appends a mark to a letter. Letters without a dot are drawn only below a mark.
fn accent(letter: &mut String, mark: &str) {
    for (dotless, plain) in [('\u{131}', 'i'), ('\u{237}', 'j')] {
        if letter.ends_with(dotless) {
            letter.pop();
            letter.push(plain);
        }
    }
    letter.push_str(mark);
}
