//! Cells of a row of which the text is wrapped, such as a long title beside its date.

use super::characters::is_bullet;
use super::chunk::Chunk;
use super::dates::append;

/// The maximum number of lines of a cell.
const MAX_LINES: usize = 6;

/// Joins the lines of cells that had no room for their text.
pub(super) fn join(rows: &mut Vec<Vec<Chunk>>) {
    let mut index = 0;
    while index + 1 < rows.len() {
        let mut cell = 0;
        while cell + 1 < rows[index].len() {
            let mut last = rows[index][cell].clone();
            let mut below = index + 1;
            for _ in 1..MAX_LINES {
                let Some(rest) = continued(rows, index, cell, &last, below) else {
                    break;
                };
                last = rows[below].remove(rest);
                append(&mut rows[index][cell], &last);
                if rows[below].is_empty() {
                    rows.remove(below);
                } else {
                    below += 1;
                }
            }
            cell += 1;
        }
        index += 1;
    }
}

/// The position of the next line of a cell, the lines of which so far end with `last`, in the row `below`.
fn continued(rows: &[Vec<Chunk>], index: usize, cell: usize, last: &Chunk, below: usize) -> Option<usize> {
    let next = rows[index].get(cell + 1)?;
    let found = rows.get(below)?.iter().position(|rest| {
        let is_alike = (rest.size / last.size - 1.0).abs() < 0.05
            && (last.stem == 0.0 || (0.85..1.18).contains(&(rest.stem / last.stem)));
        let has_room = last.x1 + 0.25 * last.size + rest.first_word < next.x0 - last.size;
        is_alike
            && !has_room
            && (rest.x0 - last.x0).abs() < 1.0
            && rest.x1 < next.x0
            && (0.8..1.6).contains(&((rest.y - last.y) / last.size))
            && !rest.text.starts_with(is_bullet)
            && !is_contact(&rest.text)
    })?;
    // Both are drawn one after the other, before or after the cell at their right.
    let order = rows[below][found].order;
    let between = |chunk: &Chunk| chunk.order > last.order && chunk.order < order;
    (order > last.order && !rows[index..=below].iter().flatten().any(between)).then_some(found)
}

/// Whether a text is an address of mail or of a page.
fn is_contact(text: &str) -> bool {
    !text.contains(char::is_whitespace) && text.contains('.') && text.contains(['@', '/'])
}
