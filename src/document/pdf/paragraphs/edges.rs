//! Where the lines of a region begin and end.

use super::super::line::Line;
use super::words::is_open;

/// The number of characters from which a line may be a full one.
pub(super) const LONG: usize = 45;

/// The right edge of the lines without tabs if several are full.
pub(super) fn wrap(lines: &[Line], right: f64) -> f64 {
    let plain = || lines.iter().filter(|line| !line.is_tabbed());
    let edge = plain().map(|line| line.x1).fold(f64::MIN, f64::max);
    let is_full = |line: &&Line| edge - line.x1 < 6.0 * line.size && line.text.chars().count() >= LONG;
    if plain().filter(is_full).count() >= 4 {
        edge
    } else {
        right
    }
}

/// Whether lines of different lengths begin and end at the same places.
pub(super) fn is_justified(lines: &[Line], right: f64) -> bool {
    let full: Vec<&Line> = lines.iter().filter(|line| right - line.x1 < 0.3).collect();
    let lengths = || full.iter().map(|line| line.text.chars().count());
    let range = lengths().max().unwrap_or(0) - lengths().min().unwrap_or(0);
    let below = |line: &&&Line| full.iter().filter(|other| (other.x0 - line.x0).abs() < 1.0).count() > 1;
    full.len() >= 3 && range >= 3 && full.iter().filter(below).count() * 2 >= full.len()
}

/// Whether lines end at the same place and begin at others.
pub(super) fn is_aligned_right(lines: &[Line], left: f64, right: f64) -> bool {
    let at_right = lines.iter().filter(|line| right - line.x1 < 1.0).count();
    let at_left = lines.iter().filter(|line| line.x0 - left < 1.0).count();
    lines.len() >= 4 && at_right * 5 >= lines.len() * 4 && at_left * 2 <= lines.len()
}

/// Whether the lines of a paragraph but for the first are indented: most lines that go on with a sentence are.
pub(super) fn hang(lines: &[Line], leading: f64) -> bool {
    let plain = |line: &Line| !line.is_item && !line.is_tabbed();
    let (mut indented, mut flush) = (0, 0);
    for pair in lines.windows(2) {
        let (before, line) = (&pair[0], &pair[1]);
        let step = (line.y - before.y) / before.size;
        let goes_on = plain(before)
            && plain(line)
            && before.page == line.page
            && line.text.starts_with(char::is_lowercase)
            && step > 0.0
            && step <= 1.3 * leading + 0.05;
        let indent = (line.x0 - before.x0) / before.size;
        if goes_on && (0.6..4.0).contains(&indent) {
            indented += 1;
        } else if goes_on && indent.abs() < 0.6 {
            flush += 1;
        }
    }
    indented >= 3 && flush * 2 <= indented
}

/// The lines of the blocks of which no line has room for the next word, and some are open at their end.
pub(super) fn wrapped(lines: &[Line], is_right: bool, fits: impl Fn(&Line, &Line) -> bool) -> Vec<bool> {
    let mut wrapped = vec![false; lines.len()];
    let step = |index: usize| (lines[index].y - lines[index - 1].y) / lines[index].size;
    let follows = |index: usize, start: usize| {
        let (before, line) = (&lines[index - 1], &lines[index]);
        !line.is_item
            && !line.is_tabbed()
            && !before.is_tabbed()
            && before.page == line.page
            && (step(index) / step(start + 1) - 1.0).abs() < 0.08
            && (line.size / before.size - 1.0).abs() < 0.03
            && ((line.x0 - before.text_x0).abs() < 0.6 * line.size || is_right)
    };
    let mut start = 0;
    while start + 1 < lines.len() {
        let end = (start + 1..lines.len())
            .find(|index| !follows(*index, start))
            .unwrap_or(lines.len());
        let pairs = || (start + 1..end).map(|index| (&lines[index - 1], &lines[index]));
        let count = pairs().count();
        let roomy = pairs().filter(|(before, line)| fits(before, line)).count();
        let open = pairs()
            .filter(|(before, line)| is_open(&before.text) || line.text.starts_with(char::is_lowercase))
            .count();
        if count >= 3 && roomy * 6 <= count && open * 3 >= count {
            // A short line at the beginning of the block is a heading.
            let width = |index: usize| lines[index].x1 - lines[index].x0;
            let longest = (start..end).map(width).fold(0.0, f64::max);
            for (wrapped, before) in wrapped[start + 1..end].iter_mut().zip(start..) {
                *wrapped = width(before) > 0.55 * longest;
            }
        }
        start = end.max(start + 1);
    }
    wrapped
}

/// Whether two lines have the same size, thickness, colour and left edge.
pub(super) fn is_alike(a: &Line, b: &Line) -> bool {
    (a.size / b.size - 1.0).abs() < 0.03
        && (a.stem == 0.0 || (0.85..1.18).contains(&(b.stem / a.stem)))
        && a.ink == b.ink
        && a.is_upper() == b.is_upper()
        && (a.text_x0 - b.x0).abs() < 1.0
}
