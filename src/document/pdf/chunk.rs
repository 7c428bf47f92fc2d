//! Runs of glyphs without a wide gap: the parts that rows and columns are made of.

mod marks;
mod stretched;
mod words;

use super::characters::{is_bullet, is_dash, is_right_to_left};
use super::direction;
use super::glyph::Glyph;
use super::overlaps;
use marks::combine;
use words::word_breaks;

/// A wider gap, as a share of the font's size, is a tab.
pub(super) const TAB: f64 = 1.5;

/// A wider gap, as a share of the font's size, separates two chunks.
const WIDE: f64 = 0.75;

/// A run of text on one baseline.
#[derive(Debug, Clone)]
pub(super) struct Chunk {
    pub text: String,
    pub x0: f64,
    pub x1: f64,
    /// The baseline.
    pub y: f64,
    pub size: f64,
    /// The thickness of the strokes as a share of the size, or 0 if it is unknown.
    pub stem: f64,
    /// The colour of all letters, if it is one.
    pub ink: Option<[u8; 3]>,
    pub ground: [u8; 3],
    /// The marked content of the first and of the last letter.
    pub elements: [Option<u32>; 2],
    pub order: usize,
    /// The width of the first word, with which one sees whether it had room on the line before.
    pub first_word: f64,
    /// The offset of the text behind the first word, where a sign of a list item is the first word.
    pub second_word: f64,
}

impl Chunk {
    pub(super) fn top(&self) -> f64 {
        self.y - 0.75 * self.size
    }

    pub(super) fn bottom(&self) -> f64 {
        self.y + 0.2 * self.size
    }

    /// The share of the lower one's height that both have in common.
    pub(super) fn overlap(&self, other: &Self) -> f64 {
        let common = self.bottom().min(other.bottom()) - self.top().max(other.top());
        common / (0.95 * self.size.min(other.size)).max(0.1)
    }
}

/// Builds the chunks of glyphs of one direction.
pub(super) fn build(glyphs: Vec<Glyph>) -> Vec<Chunk> {
    let mut rows = Vec::new();
    for mut row in baselines(combine(glyphs)).into_iter().flat_map(overlaps::separate) {
        row.sort_by(|a, b| a.x0.total_cmp(&b.x0).then(a.order.cmp(&b.order)));
        let mut chunks = Vec::new();
        let mut run: Vec<Glyph> = Vec::new();
        // Spaces tell where words end, but how wide they are is told by the glyphs around them.
        let mut end = f64::NEG_INFINITY;
        for glyph in row {
            let last = run.iter().rev().find(|glyph| !glyph.is_blank());
            let size = last.map_or(glyph.size, |last| last.size.min(glyph.size));
            let differs = last.is_some_and(|last| {
                let ratio = last.size / glyph.size;
                !(0.5..2.0).contains(&ratio)
            });
            // The sign of a list item belongs to its text.
            let is_circle = |text: &str| text == "o" && glyph.x0 - run[0].x0 > 1.1 * size;
            let is_sign = last.is_some()
                && run
                    .iter()
                    .all(|glyph| glyph.is_blank() || is_sign(&glyph.text) || is_circle(&glyph.text));
            // Text that was drawn at another time can be that of the next column.
            let jump = run.last().map_or(1, |last| last.order.abs_diff(glyph.order));
            let wide = match (is_sign, jump) {
                (true, _) => 4.0,
                (false, ..=1) => WIDE,
                (false, ..=40) => 0.18,
                (false, _) => 0.0,
            };
            if !glyph.is_blank() && !run.is_empty() && (glyph.x0 - end > wide * size || (differs && !is_sign)) {
                chunks.extend(join(&run));
                run.clear();
            }
            if !glyph.is_blank() {
                end = if run.is_empty() { glyph.x1 } else { end.max(glyph.x1) };
                run.push(glyph);
            } else if !run.is_empty() {
                run.push(glyph);
            }
        }
        chunks.extend(join(&run));
        rows.push(chunks);
    }
    stretched::join(&mut rows);
    attach_signs(rows.into_iter().flatten().collect())
}

/// Puts the signs of list items that have a baseline of their own before their text.
fn attach_signs(chunks: Vec<Chunk>) -> Vec<Chunk> {
    let (signs, mut chunks): (Vec<Chunk>, Vec<Chunk>) = chunks
        .into_iter()
        .partition(|chunk| single(&chunk.text).is_some_and(is_bullet));
    for sign in signs {
        let follows = |chunk: &&mut Chunk| {
            let gap = chunk.x0 - sign.x1;
            let middle = sign.y - 0.3 * sign.size;
            (-0.2 * sign.size..4.0 * chunk.size).contains(&gap) && middle > chunk.top() && middle < chunk.bottom()
        };
        let text = chunks.iter_mut().filter(follows).min_by(|a, b| a.x0.total_cmp(&b.x0));
        let Some(text) = text else {
            chunks.push(sign);
            continue;
        };
        text.text = format!("{} {}", sign.text, text.text);
        text.second_word = text.x0 - sign.x0;
        text.first_word = sign.x1 - sign.x0;
        text.x0 = sign.x0;
    }
    chunks
}

fn is_sign(text: &str) -> bool {
    single(text).is_some_and(|c| is_bullet(c) || is_dash(c))
}

fn single(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

/// Groups glyphs that have the same baseline.
fn baselines(mut glyphs: Vec<Glyph>) -> Vec<Vec<Glyph>> {
    glyphs.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut rows: Vec<Vec<Glyph>> = Vec::new();
    let mut last = f64::NEG_INFINITY;
    for glyph in glyphs {
        let tolerance = (0.08 * glyph.size).clamp(0.3, 1.5);
        match rows.last_mut() {
            Some(row) if glyph.y - last <= tolerance => row.push(glyph.clone()),
            _ => rows.push(vec![glyph.clone()]),
        }
        last = glyph.y;
    }
    rows
}

/// Joins the glyphs of a run, with spaces where there is a gap.
fn join(run: &[Glyph]) -> Option<Chunk> {
    let letters: Vec<&Glyph> = run.iter().filter(|glyph| !glyph.is_blank()).collect();
    let (first, last) = (letters.first()?, letters.last()?);
    let mut spaced = Vec::with_capacity(letters.len());
    let mut after_space = false;
    for glyph in run {
        if glyph.is_blank() {
            after_space = true;
        } else {
            spaced.push(std::mem::take(&mut after_space));
        }
    }
    let gaps: Vec<f64> = letters
        .windows(2)
        .map(|pair| (pair[1].x0 - pair[0].x1) / pair[0].size.max(pair[1].size))
        .collect();
    let breaks = word_breaks(&letters, &spaced, &gaps);
    let mut parts: Vec<String> = vec![as_placed(&letters[0].text)];
    for (glyph, is_break) in letters[1..].iter().zip(&breaks) {
        match parts.last_mut() {
            Some(part) if !is_break => part.push_str(&as_placed(&glyph.text)),
            _ => parts.push(as_placed(&glyph.text)),
        }
    }
    let first_end = breaks
        .iter()
        .position(|is_break| *is_break)
        .unwrap_or(letters.len() - 1);
    let x1 = letters.iter().map(|glyph| glyph.x1).fold(f64::MIN, f64::max);
    let stems: Vec<f64> = letters
        .iter()
        .filter(|glyph| glyph.stem > 0.0 && glyph.text.chars().all(char::is_alphanumeric))
        .map(|glyph| glyph.stem)
        .collect();
    let letters_of_text = parts.join(" ");
    let text = if letters_of_text.chars().any(is_right_to_left) {
        direction::logical(&parts)
    } else {
        letters_of_text
    };
    Some(Chunk {
        text: unicode_normalization::UnicodeNormalization::nfc(text.chars()).collect(),
        x0: first.x0,
        x1: x1.max(last.x1),
        y: median(letters.iter().map(|glyph| glyph.y)),
        size: median(letters.iter().map(|glyph| glyph.size)),
        stem: if stems.is_empty() {
            0.0
        } else {
            stems.iter().sum::<f64>() / stems.len() as f64
        },
        ink: first.ink.filter(|_| letters.iter().all(|glyph| glyph.ink == first.ink)),
        ground: letters[letters.len() / 2].ground,
        elements: [first.element, last.element],
        order: letters.iter().map(|glyph| glyph.order).min().unwrap_or(0),
        first_word: letters[first_end].x1 - first.x0,
        second_word: letters.get(first_end + 1).map_or(0.0, |glyph| glyph.x0 - first.x0),
    })
}

/// The text of a glyph from left to right: a ligature of letters that run from right to left is turned around.
fn as_placed(text: &str) -> String {
    let letters = text.chars().filter(|c| is_right_to_left(*c)).count();
    if letters < 2 || letters < text.chars().count() {
        return text.to_owned();
    }
    let mut clusters: Vec<String> = Vec::new();
    for c in text.chars() {
        match clusters.last_mut() {
            Some(cluster) if unicode_normalization::char::is_combining_mark(c) => cluster.push(c),
            _ => clusters.push(c.to_string()),
        }
    }
    clusters.into_iter().rev().collect()
}

pub(super) fn median(values: impl Iterator<Item = f64>) -> f64 {
    quantile(values, 2)
}

/// The value below which one of `parts` equal parts of the values is.
fn quantile(values: impl Iterator<Item = f64>, parts: usize) -> f64 {
    let mut values: Vec<f64> = values.collect();
    if values.is_empty() {
        return 0.0;
    }
    let index = values.len() / parts;
    *values.select_nth_unstable_by(index, f64::total_cmp).1
}
