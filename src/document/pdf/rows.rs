//! Rows of a table of which the left cells are labels, such as headings in the middle of the height of their sections.

use super::chunk::Chunk;

/// The maximum number of lines of a label, and of words of each.
const MAX_LINES: usize = 4;
const MAX_WORDS: usize = 5;
/// The largest distance of the parts of a label, as a share of the font's size.
const FAR: f64 = 2.5;
/// The number of rows from which two columns are a table of labels.
const MIN_ROWS: usize = 3;

/// A row: what no blank space across both columns separates.
struct Row<'c> {
    top: f64,
    bottom: f64,
    /// The last baseline.
    end: f64,
    left: Vec<&'c Chunk>,
    right: Vec<&'c Chunk>,
}

impl<'c> Row<'c> {
    fn new(chunk: &'c Chunk, is_left: bool) -> Self {
        let mut row = Self {
            top: chunk.top(),
            bottom: chunk.bottom(),
            end: chunk.y,
            left: Vec::new(),
            right: Vec::new(),
        };
        row.add(chunk, is_left);
        row
    }

    fn add(&mut self, chunk: &'c Chunk, is_left: bool) {
        self.top = self.top.min(chunk.top());
        self.bottom = self.bottom.max(chunk.bottom());
        self.end = self.end.max(chunk.y);
        if is_left { &mut self.left } else { &mut self.right }.push(chunk);
    }

    /// Whether a label is beside its text, or beside the beginning of it.
    fn is_labelled(&self) -> bool {
        let short = self.left.len() <= MAX_LINES
            && self
                .left
                .iter()
                .all(|chunk| chunk.text.split_whitespace().count() <= MAX_WORDS && !chunk.text.ends_with('.'));
        let (Some(first), Some(last)) = (self.left.first(), self.left.last()) else {
            return false;
        };
        let middle = f64::midpoint(first.top(), last.bottom());
        let inside = |chunk: &&&Chunk| (chunk.top() - chunk.size..chunk.bottom() + chunk.size).contains(&middle);
        let top = self.right.iter().map(|chunk| chunk.top()).fold(f64::MAX, f64::min);
        let bottom = self.right.iter().map(|chunk| chunk.bottom()).fold(f64::MIN, f64::max);
        let begins = (first.top() - top).abs() < 0.5 * first.size;
        short && (begins || self.right.iter().any(|chunk| inside(&chunk)) || (top..bottom).contains(&middle))
    }
}

/// The last baselines of the rows if two columns are a table of labels and their texts.
pub(super) fn ends(left: &[Chunk], right: &[Chunk]) -> Option<Vec<f64>> {
    if left.len() > right.len() {
        return None;
    }
    let mut chunks: Vec<(&Chunk, bool)> = left.iter().map(|chunk| (chunk, true)).collect();
    chunks.extend(right.iter().map(|chunk| (chunk, false)));
    chunks.sort_by(|a, b| a.0.top().total_cmp(&b.0.top()));
    let mut rows: Vec<Row<'_>> = Vec::new();
    for (chunk, is_left) in chunks {
        match rows.last_mut() {
            Some(row) if chunk.top() < row.bottom + chunk.size => row.add(chunk, is_left),
            _ => rows.push(Row::new(chunk, is_left)),
        }
    }
    // A date or an award below a label has no text beside it.
    let mut whole: Vec<Row<'_>> = Vec::new();
    for row in rows {
        match whole.last_mut() {
            Some(above)
                if row.right.is_empty() && above.is_labelled() && row.top < above.bottom + FAR * above.left[0].size =>
            {
                (above.bottom, above.end) = (row.bottom, row.end);
            }
            _ => whole.push(row),
        }
    }
    let rows = whole;
    let labelled = rows.iter().filter(|row| row.is_labelled()).count();
    let with_left = rows.iter().filter(|row| !row.left.is_empty()).count();
    (labelled >= MIN_ROWS && labelled == with_left && labelled * 2 >= rows.len())
        .then(|| rows.iter().map(|row| row.end).collect())
}
