//! Drawings as SVG: the plots of a training and of an evaluation.

use std::fmt::{Display, Write as _};

/// A drawing on white, to which elements are added.
#[derive(Debug)]
pub struct Svg {
    markup: String,
    width: f64,
}

impl Svg {
    /// A drawing of this size in pixels, with a title that a screen reader reads.
    #[must_use]
    pub fn new(width: f64, height: f64, title: &str) -> Self {
        let title = escape(title);
        let markup = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
             font-family=\"sans-serif\" font-size=\"12\">\n<title>{title}</title>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
        );
        Self { markup, width }
    }

    /// Adds a heading at the top.
    #[must_use]
    pub fn headed(mut self, heading: &str) -> Self {
        self.text(
            self.width / 2.0,
            24.0,
            "text-anchor=\"middle\" font-size=\"14\"",
            heading,
        );
        self
    }

    /// Adds an element, or several, as markup.
    pub fn add(&mut self, element: &impl Display) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.markup, "{element}");
    }

    /// Adds a text, which is escaped; the attributes are markup.
    pub fn text(&mut self, x: f64, y: f64, attributes: &str, text: &str) {
        let text = escape(text);
        self.add(&format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" {attributes}>{text}</text>"
        ));
    }

    /// The whole file.
    #[must_use]
    pub fn finish(mut self) -> String {
        self.markup.push_str("</svg>\n");
        self.markup
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    //! The frame and the escaping; what is drawn is tested beside what draws it.

    use super::*;

    #[test]
    fn texts_are_escaped_and_the_file_is_whole() {
        let mut svg = Svg::new(100.0, 50.0, "a < b").headed("R&D");
        svg.text(1.0, 2.0, "", "<script>");
        let file = svg.finish();
        assert!(
            file.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 50\""),
            "{file}"
        );
        assert!(
            file.contains("<title>a &lt; b</title>") && file.contains(">R&amp;D</text>"),
            "{file}"
        );
        assert!(
            file.contains("<text x=\"1.0\" y=\"2.0\" >&lt;script&gt;</text>"),
            "{file}"
        );
        assert!(file.ends_with("</svg>\n"), "{file}");
    }
}
