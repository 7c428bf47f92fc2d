//! Headers, footers and page numbers that repeat from page to page.

use super::line::Line;

/// The share of a page's height at its top and bottom where headers and footers are.
const MARGIN: f64 = 0.12;

/// A part of a line in a margin.
struct Cell {
    text: String,
    page: usize,
    place: f64,
}

/// Removes lines that repeat at the same place of other pages: all page numbers, and other lines but for the first time.
pub(super) fn remove(regions: &mut [Vec<Line>], pages: usize) {
    let marginal = regions.iter().flatten().filter(|line| is_marginal(line));
    let cells: Vec<Cell> = marginal
        .flat_map(|line| {
            line.text.split('\t').map(|text| Cell {
                text: text.to_owned(),
                page: line.page,
                place: line.place,
            })
        })
        .collect();
    let rest = |line: &Line| -> Option<String> {
        let others: Vec<&Cell> = cells
            .iter()
            .filter(|other| other.page != line.page && (other.place - line.place).abs() < 0.006)
            .collect();
        let is_number = |text: &&str| is_page_number(text, line.page, &others, pages);
        let kept: Vec<&str> = line.text.split('\t').filter(|text| !is_number(text)).collect();
        let is_numbered = kept.len() < line.text.split('\t').count();
        let is_repeated = |text: &&str| {
            others
                .iter()
                .any(|other| (is_numbered || other.page < line.page) && other.text == *text)
        };
        (!kept.iter().all(is_repeated)).then(|| kept.join("\t"))
    };
    for lines in regions.iter_mut() {
        lines.retain_mut(|line| match rest(line) {
            _ if !is_marginal(line) => true,
            _ if pages == 1 => !is_only_page(&line.text),
            Some(text) => {
                line.text = text;
                true
            }
            None => false,
        });
        lines.shrink_to_fit();
    }
}

/// Whether a text counts the only page, such as `Page 1 of 1`.
fn is_only_page(text: &str) -> bool {
    let (form, numbers) = parts(text);
    let letters = form.chars().filter(|c| c.is_alphabetic()).count();
    numbers == [1, 1] && form.split_whitespace().count() <= 4 && letters <= 12
}

fn is_marginal(line: &Line) -> bool {
    line.place < MARGIN || line.place > 1.0 - MARGIN
}

/// Whether the text differs from one at the same place of another page only in a number that counts the pages.
fn is_page_number(text: &str, page: usize, others: &[&Cell], pages: usize) -> bool {
    let (form, numbers) = parts(text);
    if numbers.is_empty() {
        return false;
    }
    others.iter().any(|other| {
        let (other_form, other_numbers) = parts(&other.text);
        let step = other.page as i64 - page as i64;
        let counts = |(a, b): (&i64, &i64)| a == b || (b - a == step && *a <= pages as i64 + 100);
        form == other_form
            && numbers.len() == other_numbers.len()
            && numbers != other_numbers
            && numbers.iter().zip(&other_numbers).all(counts)
    })
}

/// The text without its numbers, and the numbers.
fn parts(text: &str) -> (String, Vec<i64>) {
    let (mut form, mut numbers) = (String::new(), Vec::new());
    let mut digits = String::new();
    for c in text.chars().chain(std::iter::once(' ')) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            numbers.extend(digits.parse::<i64>());
            digits.clear();
            form.push('#');
        }
        form.push(c);
    }
    (form, numbers)
}
