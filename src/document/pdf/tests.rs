//! Tests of PDF files that are built here, one for each way in which text is placed or hidden. `tests/it/documents.rs`
//! and `portcullis eval reading` read the files of real programs; fonts that are embedded are tested there.

mod hidden;
mod layout;
mod letters;
mod rows;
mod side;
mod tools;

use super::text;
use crate::document::read_text::{HiddenReason, ReadText};

/// Resources of all pages: Helvetica as F1, its bold as F2, Courier as F3.
const FONTS: &str = "/F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> \
     /F2 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >> \
     /F3 << /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >> ";

/// A file in the making.
#[derive(Default)]
struct File {
    pages: Vec<String>,
    fonts: String,
    resources: String,
    page: String,
    catalog: String,
    objects: Vec<(u32, String)>,
}

impl File {
    /// A file with one page that has this content.
    fn page(content: &str) -> Self {
        Self {
            pages: vec![content.to_owned()],
            ..Self::default()
        }
    }

    /// Adds an object that is referred to by its number, from 100 on.
    fn object(mut self, number: u32, object: &str) -> Self {
        self.objects.push((number, object.to_owned()));
        self
    }

    fn stream(self, number: u32, dictionary: &str, content: &str) -> Self {
        let object = format!(
            "<< {dictionary} /Length {} >>\nstream\n{content}\nendstream",
            content.len()
        );
        self.object(number, &object)
    }

    fn bytes(&self) -> Vec<u8> {
        let mut objects = self.objects.clone();
        let kids: Vec<String> = (0..self.pages.len())
            .map(|page| format!("{} 0 R", 10 + 2 * page))
            .collect();
        let count = kids.len();
        objects.push((1, format!("<< /Type /Catalog /Pages 2 0 R {} >>", self.catalog)));
        objects.push((
            2,
            format!("<< /Type /Pages /Kids [{}] /Count {count} >>", kids.join(" ")),
        ));
        for (index, content) in self.pages.iter().enumerate() {
            let number = 10 + 2 * index as u32;
            let page = format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << {FONTS} {} >> {} >> /Contents {} 0 R {} >>",
                self.fonts,
                self.resources,
                number + 1,
                self.page
            );
            objects.push((number, page));
            let stream = format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len());
            objects.push((number + 1, stream));
        }
        objects.sort_by_key(|(number, _)| *number);
        let mut file = String::from("%PDF-1.7\n");
        let mut table = String::from("xref\n0 1\n0000000000 65535 f \n");
        for (number, object) in &objects {
            table.push_str(&format!("{number} 1\n{:010} 00000 n \n", file.len()));
            file.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
        }
        let start = file.len();
        file.push_str(&table);
        file.push_str(&format!(
            "trailer\n<< /Size 1000 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
        ));
        // The content is written in Latin-1.
        file.chars().map(|c| c as u8).collect()
    }

    fn read(&self) -> ReadText {
        text(&self.bytes()).unwrap()
    }
}

/// A text at a place, in points from the bottom left corner.
fn at(x: f64, y: f64, font: &str, size: f64, text: &str) -> String {
    let text = text.replace('(', "\\(").replace(')', "\\)");
    format!("BT /{font} {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET\n")
}

/// Lines of text one below the other.
fn lines(x: f64, y: f64, leading: f64, lines: &[&str]) -> String {
    let lines = lines.iter().enumerate();
    lines
        .map(|(index, line)| at(x, y - leading * index as f64, "F1", 11.0, line))
        .collect()
}

fn read(content: &str) -> String {
    File::page(content).read().text
}

/// The number of letters and digits that were left out for the reason.
fn hidden(read: &ReadText, reason: HiddenReason) -> usize {
    read.hidden
        .iter()
        .filter(|hidden| hidden.reason == reason)
        .map(|hidden| hidden.characters)
        .sum()
}
