//! Lines to text: which lines are one paragraph, and where a block ends.

mod edges;
mod region;
mod words;

use super::hyphen::{Hyphens, cleaned};
use super::line::Line;
use region::{Break, Region, are_one_element};

/// The text of the regions, in their order.
pub(super) fn text(regions: &[Vec<Line>]) -> String {
    let lines = || regions.iter().flatten();
    let hyphens = Hyphens::new(lines().map(|line| line.text.as_str()));
    let (size, stem) = usual(&lines().collect::<Vec<_>>());
    let is_tagged = regions
        .iter()
        .any(|lines| lines.windows(2).any(|pair| are_one_element(&pair[0], &pair[1])));
    let mut text = String::new();
    for (number, lines) in regions.iter().enumerate() {
        let region = Region::new(lines, size, stem, is_tagged);
        let before = || Region::new(&regions[number - 1], size, stem, is_tagged);
        for (index, line) in lines.iter().enumerate() {
            let connection = match index.checked_sub(1) {
                None if text.is_empty() => Break::None,
                None if number > 0 && before().goes_on_page(&regions[number - 1], line) => Break::None,
                None => Break::Block,
                Some(_) => region.connection(lines, index),
            };
            match connection {
                Break::None if text.is_empty() => {}
                Break::None => {
                    hyphens.join(&mut text, &line.text);
                    continue;
                }
                Break::Line => text.push('\n'),
                Break::Block => text.push_str("\n\n"),
            }
            if line.is_item {
                text.push_str("\u{2022} ");
            }
            text.push_str(line.text.trim());
        }
    }
    cleaned(&text)
}

/// The size and thickness of strokes of most characters.
fn usual(lines: &[&Line]) -> (f64, f64) {
    let weighted = |value: fn(&Line) -> f64| {
        let mut values: Vec<(f64, usize)> = lines
            .iter()
            .map(|line| (value(line), line.text.len()))
            .filter(|(value, _)| *value > 0.0)
            .collect();
        values.sort_by(|a, b| a.0.total_cmp(&b.0));
        let half = values.iter().map(|(_, weight)| weight).sum::<usize>() / 2;
        let mut sum = 0;
        let middle = values.iter().find(|(_, weight)| {
            sum += weight;
            sum > half
        });
        middle.map_or(0.0, |(value, _)| *value)
    };
    (weighted(|line| line.size), weighted(|line| line.stem))
}
