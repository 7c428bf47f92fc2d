//! Text of HTML: what a browser shows, one block per line.
//!
//! `tree` parses, `css` and `selector` read the `sheets` of the page, `style` and `layout` compute what an element looks
//! like, and the walk below turns visible elements into lines.

mod css;
mod layout;
mod selector;
mod sheets;
mod style;
mod tree;

use self::layout::Layout;
use self::sheets::Sheets;
use self::style::{Style, WhiteSpace};
use self::tree::{Content, Id, ROOT, Tree};
use super::text_builder::{Gap, TextBuilder};
use super::{DocumentError, HiddenReason, MAX_TEXT, ReadText};

/// A comment of so many words is a text, not a note of the page's author.
const WORDS_OF_A_TEXT: usize = 12;

pub(super) fn text(markup: &str) -> Result<ReadText, DocumentError> {
    let read = shown(markup)?;
    // Interfaces of job boards give HTML that is escaped, so that its text is markup again.
    let tags = ["<p>", "<li>", "<br", "<ul>", "<div"];
    let escaped = tags.iter().map(|tag| read.text.matches(tag).count()).sum::<usize>() >= ESCAPED_TAGS;
    if escaped && read.text.trim_start().starts_with('<') {
        let mut inner = shown(&read.text)?;
        inner.hidden.extend(read.hidden);
        return Ok(inner);
    }
    Ok(read)
}

/// The tags in a text from which it is escaped markup.
const ESCAPED_TAGS: usize = 3;

/// What a browser shows of markup.
fn shown(markup: &str) -> Result<ReadText, DocumentError> {
    let tree = Tree::parse(markup);
    let sheets = Sheets::read(&tree);
    let mut walk = Walk {
        tree: &tree,
        sheets: &sheets,
        text: TextBuilder::default(),
        read: ReadText::default(),
    };
    walk.run()?;
    walk.read.text = walk.text.finish();
    Ok(walk.read)
}

/// Walks through the document, with a stack of its own: elements may be nested deeply.
struct Walk<'a> {
    tree: &'a Tree,
    sheets: &'a Sheets,
    text: TextBuilder,
    read: ReadText,
}

enum Step {
    Enter(Id),
    /// Leaves the innermost element.
    Leave,
}

impl Walk<'_> {
    fn run(&mut self) -> Result<(), DocumentError> {
        let mut steps = vec![Step::Enter(ROOT)];
        let mut styles = Vec::new();
        let mut style = Style::page(self.sheets);
        while let Some(step) = steps.pop() {
            let id = match step {
                Step::Enter(id) => id,
                Step::Leave => {
                    self.leave(&style);
                    style = styles.pop().unwrap_or_else(|| Style::page(self.sheets));
                    continue;
                }
            };
            match self.tree.content(id) {
                Content::Text(text) => self.write(text, &style),
                Content::Comment(text) => self.note(text),
                Content::Fragment => steps.extend(self.tree.children(id).iter().rev().map(|&child| Step::Enter(child))),
                Content::Element(element) if is_never_shown(element.name()) => {}
                Content::Element(element) => {
                    let inner = Style::compute(self.sheets, self.tree, id, element, &style);
                    styles.push(std::mem::replace(&mut style, inner));
                    self.enter(element.name(), &style);
                    steps.push(Step::Leave);
                    steps.extend(self.tree.children(id).iter().rev().map(|&child| Step::Enter(child)));
                }
            }
            if self.text.written() > MAX_TEXT {
                return Err(DocumentError::TooLarge);
            }
        }
        Ok(())
    }

    fn enter(&mut self, name: &str, style: &Style) {
        if name == "br" && style.hides_text().is_none() {
            self.text.break_line();
        }
        match style.layout {
            Layout::Inline => {}
            Layout::Spaced => self.text.separate(Gap::Space),
            Layout::Apart => self.text.separate(Gap::Tab),
            Layout::Block => self.text.separate(style.gaps.0),
            Layout::Item => {
                self.text.separate(style.gaps.0);
                self.text.begin_item();
            }
            Layout::Row => {
                self.text.separate(Gap::Line);
                self.text.begin_row();
            }
            Layout::Cell => self.text.begin_cell(),
        }
        if style.is_row {
            self.text.begin_row();
        }
    }

    fn leave(&mut self, style: &Style) {
        if style.is_row {
            self.text.end_row();
        }
        match style.layout {
            Layout::Inline => {}
            Layout::Spaced => self.text.separate(Gap::Space),
            Layout::Apart => self.text.separate(Gap::Tab),
            Layout::Block => self.text.separate(style.gaps.1),
            Layout::Item => {
                self.text.end_item();
                self.text.separate(style.gaps.1);
            }
            Layout::Row => {
                self.text.end_row();
                self.text.separate(Gap::Line);
            }
            Layout::Cell => self.text.end_cell(),
        }
    }

    fn write(&mut self, text: &str, style: &Style) {
        if let Some(reason) = style.hides_text() {
            self.read.hide(reason, text);
            return;
        }
        match style.white_space {
            WhiteSpace::Collapse => self.text.push_collapsed(text),
            WhiteSpace::Keep => self.text.push(text),
            WhiteSpace::KeepLines => {
                for (at, line) in text.split('\n').enumerate() {
                    if at > 0 {
                        self.text.break_line();
                    }
                    self.text.push_collapsed(line);
                }
            }
        }
    }

    /// Reports a comment that is a text of its own. Markup and notes in comments are common.
    fn note(&mut self, text: &str) {
        let is_code = text.contains(['<', '>', '{', '}', '=', ';']);
        let words = text
            .split_whitespace()
            .filter(|word| word.chars().any(char::is_alphabetic));
        if !is_code && words.count() >= WORDS_OF_A_TEXT {
            self.read.hide(HiddenReason::Comment, text);
        }
    }
}

/// Whether browsers never show the content of the element as text of the page.
fn is_never_shown(name: &str) -> bool {
    matches!(
        name,
        "audio"
            | "canvas"
            | "datalist"
            | "embed"
            | "head"
            | "iframe"
            | "noembed"
            | "noframes"
            | "noscript"
            | "object"
            | "rp"
            | "script"
            | "select"
            | "style"
            | "template"
            | "title"
            | "video"
    )
}

#[cfg(test)]
mod tests;
