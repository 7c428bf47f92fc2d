//! SVG drawings: the plots of training and evaluation.

use std::fmt::{Display, Write as _};

/// An SVG drawing with a white background.
#[derive(Debug)]
pub struct Svg {
    markup: String,
    width: f64,
}

impl Svg {
    /// Creates a drawing of this size in pixels, with a title for screen readers.
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

    /// Adds markup of one or more elements.
    pub fn add(&mut self, element: &impl Display) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.markup, "{element}");
    }

    /// Adds a text, which is escaped. `attributes` is markup.
    pub fn text(&mut self, x: f64, y: f64, attributes: &str, text: &str) {
        let text = escape(text);
        self.add(&format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" {attributes}>{text}</text>"
        ));
    }

    /// Returns the file.
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
    //! Tests of the frame and the escaping. The drawings are tested next to the code that draws them.

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
