//! Headers, footers and page numbers that repeat from page to page.

use super::line::Line;

/// The share of a page's height at its top and bottom where headers and footers are.
const MARGIN: f64 = 0.12;

/// Removes lines that repeat at the same place of other pages: all page numbers, and other lines but for the first time.
pub(super) fn remove(regions: &mut [Vec<Line>], pages: usize) {
    if pages < 2 {
        return;
    }
    let lines: Vec<(usize, usize)> = regions
        .iter()
        .enumerate()
        .flat_map(|(region, lines)| (0..lines.len()).map(move |line| (region, line)))
        .filter(|&(region, line)| is_marginal(&regions[region][line]))
        .collect();
    let mut removed = Vec::new();
    for &(region, index) in &lines {
        let line = &regions[region][index];
        let others = lines
            .iter()
            .map(|&(region, line)| &regions[region][line])
            .filter(|other| other.page != line.page);
        let same_place: Vec<&Line> = others
            .filter(|other| (other.place - line.place).abs() < 0.006)
            .collect();
        let repeated = same_place
            .iter()
            .any(|other| other.page < line.page && other.text == line.text);
        let numbered = is_page_number(line, &same_place, pages);
        if numbered || repeated {
            removed.push((region, index));
        }
    }
    for (region, index) in removed.into_iter().rev() {
        regions[region].remove(index);
    }
    for lines in regions.iter_mut() {
        lines.shrink_to_fit();
    }
}

fn is_marginal(line: &Line) -> bool {
    line.place < MARGIN || line.place > 1.0 - MARGIN
}

/// Whether the line differs from one at the same place of another page only in a number that counts the pages.
fn is_page_number(line: &Line, others: &[&Line], pages: usize) -> bool {
    let (form, numbers) = parts(&line.text);
    if numbers.is_empty() {
        return false;
    }
    others.iter().any(|other| {
        let (other_form, other_numbers) = parts(&other.text);
        let step = other.page as i64 - line.page as i64;
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
