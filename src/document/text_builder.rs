//! Assembles the text of a document from its blocks: one paragraph per line, a blank line between blocks, `• ` before
//! list items, and a tab between the cells of a table row.

use std::mem;

/// The separator before the next text; the largest of those requested counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    #[default]
    None,
    /// A space within a line.
    Space,
    Tab,
    /// A new line of the same block.
    Line,
    /// A new block.
    Blank,
}

/// The mark of a list item.
const BULLET: &str = "\u{2022} ";
/// Signs that begin a list item even without a space behind them. Those above U+F000 are of symbol fonts.
const BULLETS: &str = "•◦▪▫‣⁃∙●○■□◆◇➢➤►▶▸✓✔❖\u{f0a7}\u{f0b7}\u{f0d8}\u{f0fc}\u{f0a8}\u{f076}\u{f06e}\u{f0e0}";
/// Signs that begin a list item if a space follows.
const DASHES: &str = "-\u{2010}\u{2011}\u{2012}–—−*·→»★§";

/// The text of a document or of a table cell.
#[derive(Debug, Default)]
struct Part {
    text: String,
    /// The offset of the last line.
    line: usize,
    gap: Gap,
    /// Whether the next text begins a list item.
    item: bool,
}

/// Builds a text. Spaces at the ends of lines are removed.
#[derive(Debug, Default)]
pub(super) struct TextBuilder {
    part: Part,
    /// The parts that contain the open cells, outermost first.
    outer: Vec<Part>,
    /// The finished cells of the open rows, outermost first.
    rows: Vec<Vec<String>>,
    written: usize,
}

impl TextBuilder {
    /// The number of bytes written so far.
    pub(super) fn written(&self) -> usize {
        self.written
    }

    /// Appends to the line. Line feeds end the line.
    pub(super) fn push(&mut self, text: &str) {
        for (at, piece) in text.split(['\n', '\r']).enumerate() {
            if at > 0 {
                self.break_line();
            }
            self.push_inline(piece);
        }
    }

    fn push_inline(&mut self, text: &str) {
        // They have no width; a reader of the file does not see them.
        let text = text.replace(['\u{ad}', '\u{200b}', '\u{feff}'], "");
        if !text.is_empty() {
            self.written += text.len();
            self.part.separate();
            self.part.text.push_str(&text);
        }
    }

    /// Appends to the line; each run of white space becomes one space.
    pub(super) fn push_collapsed(&mut self, text: &str) {
        let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}');
        for (at, word) in text.split(is_space).enumerate() {
            if at > 0 && self.part.gap == Gap::None {
                self.part.gap = Gap::Space;
            }
            self.push_inline(word);
        }
    }

    /// Requests a separator before the next text.
    pub(super) fn separate(&mut self, gap: Gap) {
        self.part.gap = self.part.gap.max(gap);
    }

    /// A line break: two in a row are a blank line.
    pub(super) fn break_line(&mut self) {
        let gap = if self.part.gap >= Gap::Line {
            Gap::Blank
        } else {
            Gap::Line
        };
        self.separate(gap);
    }

    /// Begins a list item.
    pub(super) fn begin_item(&mut self) {
        self.separate(Gap::Line);
        self.part.item = true;
    }

    /// Ends a list item, if it was empty.
    pub(super) fn end_item(&mut self) {
        self.part.item = false;
    }

    /// Begins a row of cells.
    pub(super) fn begin_row(&mut self) {
        self.rows.push(Vec::new());
    }

    pub(super) fn begin_cell(&mut self) {
        self.outer.push(mem::take(&mut self.part));
    }

    /// Ends a cell that is not part of a row and returns its lines.
    pub(super) fn take_cell(&mut self) -> String {
        let outer = self.outer.pop().unwrap_or_default();
        mem::replace(&mut self.part, outer).finish()
    }

    /// Appends lines that [`Self::take_cell`] has returned, as a block.
    pub(super) fn append_block(&mut self, lines: &str) {
        if !lines.is_empty() {
            self.separate(Gap::Blank);
            self.append(lines);
            self.separate(Gap::Blank);
        }
    }

    pub(super) fn end_cell(&mut self) {
        if self.outer.is_empty() {
            return;
        }
        let cell = self.take_cell();
        match self.rows.last_mut() {
            Some(cells) => cells.push(cell),
            None => self.append(&cell),
        }
    }

    /// Ends a row. Cells of one line make one line; cells with several lines follow one another.
    pub(super) fn end_row(&mut self) {
        let mut cells = self.rows.pop().unwrap_or_default();
        cells.retain(|cell| !cell.is_empty());
        if cells.iter().all(|cell| !cell.contains('\n')) {
            self.append(&cells.join("\t"));
            return;
        }
        for cell in cells {
            let gap = if cell.contains('\n') { Gap::Blank } else { Gap::Line };
            self.separate(gap);
            self.append(&cell);
            self.separate(gap);
        }
    }

    /// Appends finished lines.
    fn append(&mut self, lines: &str) {
        if !lines.is_empty() {
            self.separate(if self.part.item { Gap::None } else { Gap::Line });
            self.part.separate();
            self.part.text.push_str(lines);
            self.part.line = self.part.text.rfind('\n').map_or(self.part.line, |at| at + 1);
            self.separate(Gap::Line);
        }
    }

    /// The text, with a line feed at its end if it is not empty.
    pub(super) fn finish(mut self) -> String {
        while !self.outer.is_empty() {
            self.end_cell();
        }
        let mut text = self.part.finish();
        if !text.is_empty() {
            text.push('\n');
        }
        text
    }
}

impl Part {
    /// Writes the separator before a text.
    fn separate(&mut self) {
        match mem::take(&mut self.gap) {
            Gap::None => {}
            Gap::Space if self.text.len() == self.line => {}
            Gap::Space => self.text.push(' '),
            Gap::Tab if self.text.len() == self.line => {}
            Gap::Tab => self.text.push('\t'),
            gap => {
                let gap = if self.end_line() { gap } else { Gap::Blank };
                if !self.text.is_empty() {
                    self.text.push_str(if gap == Gap::Blank { "\n\n" } else { "\n" });
                }
                self.line = self.text.len();
            }
        }
        if mem::take(&mut self.item) {
            self.text.push_str(BULLET);
        }
    }

    /// Trims the last line and gives a list item its mark. False if the line is empty.
    fn end_line(&mut self) -> bool {
        let line = self.text[self.line..].trim();
        let marked = line.strip_prefix(BULLET.trim_end()).unwrap_or(line).trim_start();
        let (is_item, rest) = match without_sign(marked) {
            Some(rest) => (true, rest),
            None => (marked.len() < line.len(), marked),
        };
        let rest = if is_item && !rest.is_empty() {
            format!("{BULLET}{rest}")
        } else {
            rest.to_owned()
        };
        self.text.truncate(self.line);
        self.text.push_str(&rest);
        if rest.is_empty() {
            let kept = self.text.trim_end_matches('\n').len();
            self.text.truncate(kept);
        }
        !rest.is_empty()
    }

    fn finish(mut self) -> String {
        self.end_line();
        self.text
    }
}

/// The line without the sign of a list item that was typed as text.
fn without_sign(line: &str) -> Option<&str> {
    let mut characters = line.chars();
    let sign = characters.next()?;
    let rest = characters.as_str();
    let is_apart = rest.is_empty() || rest.starts_with(char::is_whitespace);
    let is_sign = BULLETS.contains(sign) || DASHES.contains(sign) && is_apart || sign == 'o' && rest.starts_with('\t');
    is_sign.then(|| rest.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(build: impl FnOnce(&mut TextBuilder)) -> String {
        let mut builder = TextBuilder::default();
        build(&mut builder);
        builder.finish()
    }

    #[test]
    fn blocks_are_separated_once() {
        let text = built(|text| {
            text.separate(Gap::Blank);
            text.push("Ann Lee");
            text.separate(Gap::Line);
            text.separate(Gap::Blank);
            text.push_collapsed("  Site \n engineer ");
            text.push_collapsed(" , Leeds");
            text.break_line();
            text.push("\u{a0}");
            text.break_line();
            text.push("2015");
            text.separate(Gap::Blank);
        });
        assert_eq!(text, "Ann Lee\n\nSite engineer , Leeds\n\n2015\n");
    }

    #[test]
    fn items_have_one_mark_whatever_their_sign() {
        for sign in ["", "•\t", "- ", "\u{f0b7}", "o\t", "– ", "✓ "] {
            let text = built(|text| {
                text.push("Duties");
                text.begin_item();
                text.push(sign);
                text.push("Built bridges");
                text.separate(Gap::Line);
                text.push(&format!("{sign}Tested"));
            });
            let second = if sign.is_empty() { "Tested" } else { "• Tested" };
            assert_eq!(text, format!("Duties\n• Built bridges\n{second}\n"), "{sign}");
        }
        assert_eq!(built(|text| text.push("-5 degrees\n*")), "-5 degrees\n");
    }

    #[test]
    fn rows_are_lines_unless_a_cell_has_several() {
        let row = |cells: &[&str]| {
            built(|text| {
                text.begin_row();
                for cell in cells {
                    text.begin_cell();
                    text.push(cell);
                    text.end_cell();
                }
                text.end_row();
                text.push("after");
            })
        };
        assert_eq!(row(&["English", "", "fluent"]), "English\tfluent\nafter\n");
        assert_eq!(row(&["2015", "Engineer\nBuilt"]), "2015\n\nEngineer\nBuilt\n\nafter\n");
    }
}
