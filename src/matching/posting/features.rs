//! The features of a unit: its words and word pairs, its form, the words beside it and above it.

use super::super::words::{self, Word};
use super::cues::cue;
use super::units::{Place, Unit};

/// The number of buckets of hashed features.
pub(super) const BUCKETS: usize = 1 << 17;
/// Words of a unit beyond this number are ignored.
const MOST_WORDS: usize = 48;
/// A unit with at most this many words can be a heading.
const SHORT: usize = 8;

/// A unit as the classifier sees it.
#[derive(Debug, Default)]
pub(super) struct Features {
    /// The buckets of features of the words, and of those beside and above.
    pub(super) words: Vec<u32>,
    /// The buckets of features of the form.
    pub(super) form: Vec<u32>,
    /// The words in lower case.
    pub(super) tokens: Vec<String>,
}

fn bucket(kind: u64, value: u64) -> u32 {
    u32::try_from(words::chain(kind, value) % BUCKETS as u64).unwrap_or(0)
}

/// The features of all units of a posting.
pub(super) fn features(text: &str, clean: &str, all: &[Word], units: &[Unit]) -> Vec<Features> {
    let ranges: Vec<&[Word]> = units
        .iter()
        .map(|unit| {
            let from = all.partition_point(|word| word.bytes.start < unit.bytes.start);
            let until = all.partition_point(|word| word.bytes.start < unit.bytes.end);
            &all[from..until]
        })
        .collect();
    let shapes: Vec<Shape> = (0..units.len())
        .map(|at| Shape::new(written(text, clean, units, at), clean, &units[at], ranges[at]))
        .collect();
    let spaced = is_spaced(units, &shapes);
    let mut above = None;
    (0..units.len())
        .map(|at| {
            let mut found = Features::default();
            of_words(clean, ranges[at], &shapes[at], &mut found);
            of_form(units, &shapes, at, spaced, &mut found.form);
            found.words.extend(of_context(&ranges, at, above));
            if may_be_heading(units, &shapes, at) {
                above = Some(at);
            }
            found
        })
        .collect()
}

/// A unit with the contact data behind it in its line, which are blank in `clean`.
fn written<'a>(text: &'a str, clean: &'a str, units: &[Unit], at: usize) -> &'a str {
    let bytes = &units[at].bytes;
    let until = units.get(at + 1).map_or(text.len(), |next| next.bytes.start);
    let whole = bytes.start..until.max(bytes.end);
    // A blanked character of several bytes can be cut.
    let written = text.get(whole.clone()).unwrap_or(&clean[whole]);
    let line_end = written.as_bytes()[bytes.len()..].iter().position(|&byte| byte == b'\n');
    line_end.map_or(written, |end| &written[..bytes.len() + end])
}

/// The form of a unit.
#[derive(Debug)]
struct Shape {
    /// The number of words, in classes.
    length: u64,
    words: usize,
    /// 0 lower case, 1 a capital first, 2 most words with a capital, 3 upper case.
    case: u64,
    end: u64,
    money: bool,
    contact: bool,
    percent: bool,
    clock: bool,
    digits: bool,
    cue: u64,
}

impl Shape {
    fn new(original: &str, clean: &str, unit: &Unit, words: &[Word]) -> Self {
        let slice = &clean[unit.bytes.clone()];
        let length = match words.len() {
            n @ 0..=4 => n as u64,
            5..=6 => 5,
            7..=8 => 6,
            9..=12 => 7,
            13..=20 => 8,
            _ => 9,
        };
        let letters = |test: fn(char) -> bool| slice.chars().filter(|&c| test(c)).count();
        let capitals = words
            .iter()
            .filter(|word| clean[word.bytes.clone()].starts_with(char::is_uppercase))
            .count();
        let subjects = words.iter().filter(|word| word.subject).count();
        let case = if letters(char::is_uppercase) > 3 && letters(char::is_lowercase) * 4 < letters(char::is_uppercase) {
            3
        } else if words.len() > 1 && capitals >= subjects.max(2) {
            2
        } else {
            u64::from(capitals > 0)
        };
        let last = slice.trim_end_matches(['*', '_', ' ']).chars().next_back();
        let end = match last {
            Some(':') => 1,
            Some('.' | '!') => 2,
            Some('?') => 3,
            Some(';') => 4,
            Some(',') => 5,
            _ => 0,
        };
        let clock = original
            .as_bytes()
            .windows(3)
            .any(|three| three[0].is_ascii_digit() && three[1] == b':' && three[2].is_ascii_digit());
        Self {
            length,
            words: words.len(),
            case,
            end,
            money: slice.contains(['$', '\u{a3}', '\u{20ac}', '\u{20b9}', '\u{a5}']),
            contact: ["@", "http", "www.", "[EMAIL]", "[URL]", "[PHONE]"]
                .iter()
                .any(|mark| original.contains(mark)),
            percent: slice.contains('%'),
            clock,
            cue: cue(slice) as u64,
            digits: slice.bytes().any(|byte| byte.is_ascii_digit()),
        }
    }
}

/// Words, with digits by their number only.
fn of_words(clean: &str, words: &[Word], shape: &Shape, found: &mut Features) {
    let words = &words[..words.len().min(MOST_WORDS)];
    let mut stems = Vec::with_capacity(words.len());
    for word in words {
        let written = &clean[word.bytes.clone()];
        let digits = written.bytes().all(|byte| byte.is_ascii_digit());
        stems.push(if digits { 1 + written.len() as u64 } else { word.stem });
        if !digits {
            found.tokens.push(written.to_lowercase());
        }
    }
    let short = shape.words <= SHORT;
    let mut add = |kind: u64, value: u64| found.words.push(bucket(kind, value));
    for (at, &stem) in stems.iter().enumerate() {
        add(1, stem);
        if short {
            add(2, stem);
        }
        if let Some(&next) = stems.get(at + 1) {
            add(3, words::chain(stem, next));
        }
    }
    if let Some(&first) = stems.first() {
        add(4, first);
        add(5, words::chain(first, stems.get(1).copied().unwrap_or(0)));
        let written = clean[words[0].bytes.clone()].to_lowercase();
        let ending = ["ing", "ed", "s", "ly", "ment", "ion"]
            .iter()
            .position(|ending| written.len() > 4 && written.ends_with(ending));
        found.form.push(bucket(40, ending.map_or(0, |at| at as u64 + 1)));
    }
    if let Some(&last) = stems.last() {
        add(6, last);
    }
    if short {
        add(7, stems.iter().fold(0, |sequence, &stem| words::chain(sequence, stem)));
    }
}

/// The first words of the units beside this one, and the words of the last line above that may be its heading.
fn of_context(ranges: &[&[Word]], at: usize, above: Option<usize>) -> Vec<u32> {
    let first = |at: usize| ranges[at].first().map_or(0, |word| word.stem);
    let after = ranges.get(at + 1).map_or(1, |_| first(at + 1));
    let before = at.checked_sub(1).map_or(1, first);
    let mut found = vec![bucket(50, after), bucket(51, before)];
    match above {
        Some(above) => found.extend(ranges[above].iter().take(SHORT).map(|word| bucket(52, word.stem))),
        None => found.push(bucket(53, 0)),
    }
    found
}

/// Whether a unit is a short line with the form of a heading, with another below it.
fn may_be_heading(units: &[Unit], shapes: &[Shape], at: usize) -> bool {
    let Some(next) = units.get(at + 1) else {
        return false;
    };
    let (unit, shape) = (&units[at], &shapes[at]);
    let alone = unit.place != Place::SameLine && next.place != Place::SameLine;
    let formed = unit.marked || shape.end == 1 || shape.case >= 2 || !unit.item && next.item;
    alone && !unit.label && shape.words <= SHORT && formed
}

/// Whether the headings of a posting seem to have a blank line before them.
fn is_spaced(units: &[Unit], shapes: &[Shape]) -> bool {
    let heads = units.iter().zip(shapes).skip(1).filter(|(unit, shape)| {
        unit.place == Place::AfterBlank && shape.words <= SHORT && !matches!(shape.end, 2 | 4 | 5)
    });
    heads.count() > 1
}

fn of_form(units: &[Unit], shapes: &[Shape], at: usize, spaced: bool, found: &mut Vec<u32>) {
    let (unit, shape) = (&units[at], &shapes[at]);
    let mut add = |kind: u64, value: u64| found.push(bucket(kind, value));
    // What follows: 0 nothing, 1 the same line, 2 an item, 3 a line, 4 and 5 after a blank line.
    let next = units.get(at + 1).map_or(0, |next| next.place as u64 + 1);
    let alone = unit.place != Place::SameLine && next != 1;
    let place = unit.place as u64;
    let item = u64::from(unit.item);
    add(20, 0);
    add(21, place);
    add(22, shape.length);
    add(23, shape.case);
    add(24, shape.end);
    add(25, item * 8 + next);
    add(26, (shape.length * 4 + shape.case) * 8 + shape.end);
    add(27, ((place * 8 + next) * 2 + u64::from(alone)) * 16 + shape.length);
    add(
        28,
        (((item * 8 + next) * 4 + shape.case) * 8 + shape.end) * 16 + shape.length,
    );
    let longer = shapes.get(at + 1).map_or(0, |next| match next.words {
        n if n > 3 * shape.words => 2,
        n => u64::from(n > shape.words),
    });
    add(29, (longer * 16 + shape.length) * 2 + u64::from(alone));
    let flags = [
        unit.label,
        unit.marked,
        unit.signed,
        item == 1 && !unit.signed,
        shape.money,
        shape.contact,
        shape.percent,
        shape.clock,
        shape.digits,
        at == 0,
        at + 1 == units.len(),
    ];
    for (flag, _) in flags.iter().enumerate().filter(|(_, set)| **set) {
        add(30, flag as u64);
        add(31, flag as u64 * 16 + shape.length);
    }
    add(39, u64::from(spaced) * 8 + place);
    add(41, ((u64::from(spaced) * 8 + place) * 8 + next) * 16 + shape.length);
    let share = (at * 4 / units.len().max(1)) as u64;
    add(37, shape.cue);
    add(38, shape.cue * 16 + shape.length);
    add(32, share);
    add(33, at.min(4) as u64);
    // The item before a run of items introduces it.
    if next == 3 && !unit.item {
        add(34, shape.end * 16 + shape.length);
    }
    if let Some(before) = at.checked_sub(1) {
        add(35, shapes[before].end * 8 + place);
        add(36, (u64::from(units[before].item) * 2 + item) * 8 + place);
    }
}
