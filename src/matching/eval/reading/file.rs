//! The figures of one file: what was read of it, and what the parser made of that.

use std::collections::HashSet;
use std::ops::Range;

use super::FileText;
use super::gold::{Block, BlockKind, Gold};
use super::parsers;
use super::table::{FileFigures, Measure};
use super::words::{Token, bag, common, find, letters, pairs, tokens, words};
use crate::matching::{Lexicon, Month, Resume};

/// Signs that mark a list item. Plain text keeps the sign that was typed.
const SIGNS: [char; 12] = [
    '\u{2022}', '-', '*', '\u{2013}', '\u{27a4}', '\u{25aa}', '\u{f0b7}', 'o', '\u{b7}', '\u{25cf}', '\u{25e6}',
    '\u{2023}',
];
/// Words that are blanked in any resume.
const PERSONAL: &str =
    "he him his she her hers they them their theirs mr mrs ms miss dr herr frau born geboren age aged married";
/// The tolerance of years.
const TOLERANCE: f64 = 0.35;

impl FileFigures {
    /// Compares a file with its source. `failed` gets a line for each difference.
    pub(super) fn of(
        lexicon: &Lexicon,
        gold: &Gold,
        read: &FileText,
        today: Month,
        failed: &mut dyn FnMut(&str),
    ) -> Self {
        let mut figures = Self::default();
        let found = tokens(&read.text);
        figures.text(gold, read, &found, failed);
        figures.structure(gold, &read.text, failed);
        figures.hidden(gold, read, &found, failed);
        let resume = Resume::read(lexicon, &read.text, today);
        figures.parser(gold, &resume, &found, failed);
        figures.facts(gold, &resume, failed);
        figures.identity(gold, &resume, &read.text, &found, failed);
        figures
    }

    fn add(&mut self, measure: Measure, hits: f64, of: f64) {
        self.0.push((measure, hits, of));
    }

    fn text(&mut self, gold: &Gold, read: &FileText, found: &[Token], failed: &mut dyn FnMut(&str)) {
        // A reader may join letters that are set apart.
        let blocks = || gold.columns.iter().flatten().filter(|block| !is_set_apart(&block.text));
        let wanted: Vec<Vec<String>> = blocks().map(|block| words(&block.text)).collect();
        let wanted_bag = bag(wanted.iter().flatten().map(String::as_str));
        let found_bag = bag(found.iter().map(|token| token.word.as_str()));
        let (total, shared) = (wanted_bag.values().sum::<usize>(), common(&wanted_bag, &found_bag));
        self.add(Measure::Words, shared as f64, total as f64);
        self.add(
            Measure::Extra,
            (found.len() - shared.min(found.len())) as f64,
            total as f64,
        );
        if (shared as f64) < 0.98 * total as f64 {
            let missing: Vec<&str> = wanted_bag
                .iter()
                .filter(|(word, count)| found_bag.get(*word).copied().unwrap_or(0) < **count)
                .map(|(word, _)| *word)
                .collect();
            failed(&format!("words: {shared} of {total}; missing {}", missing.join(" ")));
        }
        // Items of a list of skills may be laid out one by one.
        let pieces: Vec<Vec<String>> = blocks()
            .flat_map(|block| match block.kind {
                BlockKind::Skills => block.text.split([',', ':']).map(words).collect(),
                _ => vec![words(&block.text)],
            })
            .collect();
        let all: Vec<String> = tokens(&read.text).into_iter().map(|token| token.word).collect();
        let (wanted, found) = (bag(pieces.iter().flat_map(|piece| pairs(piece))), bag(pairs(&all)));
        let (total, shared) = (wanted.values().sum::<usize>(), common(&wanted, &found));
        self.add(Measure::Neighbours, shared as f64, total as f64);
        if (shared as f64) < 0.95 * total as f64 {
            let missing: Vec<String> = wanted
                .keys()
                .filter(|pair| !found.contains_key(*pair))
                .map(|(a, b)| format!("{a} {b}"))
                .collect();
            failed(&format!(
                "neighbours: {shared} of {total}; missing {}",
                missing.join(", ")
            ));
        }
    }

    fn structure(&mut self, gold: &Gold, text: &str, failed: &mut dyn FnMut(&str)) {
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let alone: HashSet<String> = lines.iter().map(|line| letters(line)).collect();
        let items: HashSet<String> = lines
            .iter()
            .filter(|line| line.starts_with(SIGNS))
            .map(|line| letters(line.trim_start_matches("o ")))
            .collect();
        let blocks = |kind: BlockKind| gold.columns.iter().flatten().filter(move |block| block.kind == kind);
        for heading in blocks(BlockKind::Heading) {
            let hit = alone.contains(&letters(&heading.text));
            self.add(Measure::Headings, f64::from(hit), 1.0);
            if !hit {
                failed(&format!("heading not alone: {}", heading.text));
            }
        }
        if has_marks(gold) {
            for item in blocks(BlockKind::Bullet) {
                let hit = items.contains(&letters(&item.text));
                self.add(Measure::Items, f64::from(hit), 1.0);
                if !hit {
                    failed(&format!("list item: {}", item.text));
                }
            }
        }
        if gold.columns.len() > 2 {
            let mixed = mixed_line(gold, &lines);
            self.add(Measure::Mixed, f64::from(mixed.is_some()), 1.0);
            if let Some(line) = mixed {
                failed(&format!("columns mixed: {line}"));
            }
        }
    }

    fn hidden(&mut self, gold: &Gold, read: &FileText, found: &[Token], failed: &mut dyn FnMut(&str)) {
        let secret = bag(gold.hidden.iter().flat_map(|text| words(text)));
        if !secret.is_empty() {
            let shown = common(&secret, &bag(found.iter().map(|token| token.word.clone())));
            self.add(Measure::HiddenRead, shown as f64, secret.values().sum::<usize>() as f64);
            if shown > 0 {
                failed(&format!("hidden text read: {shown} words"));
            }
        }
        let measure = match gold.reported {
            Some(true) => Measure::HiddenReported,
            Some(false) => Measure::FalseAlarms,
            None => return,
        };
        self.add(measure, f64::from(read.hidden), 1.0);
        if gold.reported != Some(read.hidden) {
            failed(if read.hidden {
                "hidden text reported, but there is none"
            } else {
                "hidden text not reported"
            });
        }
    }

    /// Whether list items are units of their own, and text is in the right section.
    fn parser(&mut self, gold: &Gold, resume: &Resume, found: &[Token], failed: &mut dyn FnMut(&str)) {
        let sentences = parsers::sentences(resume);
        let within = |at: usize| sentences.iter().find(|(bytes, _)| bytes.contains(&at));
        for column in &gold.columns {
            let mut from = 0;
            for block in column {
                let place = find(found, &words(&block.text), from);
                from = place.as_ref().map_or(from, |place| place.end);
                let bytes = place.map(|place| found[place.start].bytes.start..found[place.end - 1].bytes.end);
                if block.kind == BlockKind::Bullet {
                    let hit = bytes.as_ref().is_some_and(|bytes| is_unit(bytes, &sentences, found));
                    self.add(Measure::Units, f64::from(hit), 1.0);
                    if !hit {
                        failed(&format!("not a unit: {}", block.text));
                    }
                }
                if is_content(block) {
                    let kind = bytes
                        .and_then(|bytes| within(bytes.start))
                        .map(|(_, kind)| kind.as_str());
                    let hit = kind.is_some_and(|kind| block.section.split('|').any(|allowed| allowed == kind));
                    self.add(Measure::Sections, f64::from(hit), 1.0);
                    if !hit {
                        failed(&format!(
                            "section {} instead of {}: {}",
                            kind.unwrap_or("none"),
                            block.section,
                            block.text
                        ));
                    }
                }
            }
        }
    }

    fn facts(&mut self, gold: &Gold, resume: &Resume, failed: &mut dyn FnMut(&str)) {
        if let Some(years) = gold.years {
            let found = parsers::years(resume);
            let hit = found.is_some_and(|found| (found - years).abs() <= TOLERANCE);
            self.add(Measure::Years, f64::from(hit), 1.0);
            if !hit {
                failed(&format!("years {found:?} instead of {years}"));
            }
        }
        let degree = parsers::degree(resume);
        self.add(Measure::Degree, f64::from(degree == gold.degree), 1.0);
        if degree != gold.degree {
            failed(&format!("degree {degree} instead of {}", gold.degree));
        }
        let titles = parsers::titles(resume);
        let first = titles.first().map(|title| letters(title));
        let hit = first.is_some_and(|first| gold.titles.iter().any(|title| letters(title) == first));
        self.add(Measure::Title, f64::from(hit), 1.0);
        if !hit {
            failed(&format!(
                "title {:?} instead of {}",
                titles.first(),
                gold.titles.join(" / ")
            ));
        }
    }

    fn identity(&mut self, gold: &Gold, resume: &Resume, text: &str, found: &[Token], failed: &mut dyn FnMut(&str)) {
        let blanked = parsers::redactions(resume);
        let left = without(text, &blanked);
        for identity in &gold.identity {
            if !names(text, identity) {
                continue;
            }
            let stays = names(&left, identity);
            self.add(Measure::IdentityLeft, f64::from(stays), 1.0);
            if stays {
                failed(&format!("identity left: {identity}"));
            }
        }
        let personal =
            |block: &&Block| matches!(block.kind, BlockKind::Name | BlockKind::Contact | BlockKind::Identity);
        let own = gold
            .columns
            .iter()
            .flatten()
            .filter(personal)
            .map(|block| block.text.as_str());
        let allowed: HashSet<String> = own
            .chain(gold.identity.iter().map(String::as_str))
            .chain([PERSONAL])
            .flat_map(words)
            .collect();
        let lost: Vec<&str> = found
            .iter()
            .filter(|token| {
                blanked
                    .iter()
                    .any(|range| range.start < token.bytes.end && token.bytes.start < range.end)
            })
            .filter(|token| token.word.chars().count() > 1 && !allowed.contains(&token.word))
            .map(|token| token.word.as_str())
            .collect();
        self.add(Measure::BlankedTooMuch, lost.len() as f64, found.len() as f64);
        if !lost.is_empty() {
            failed(&format!("blanked, but not identity: {}", lost.join(" ")));
        }
    }
}

/// Whether a text consists of single letters, as in `S K I L L S`.
fn is_set_apart(text: &str) -> bool {
    let mut words = text.split_whitespace();
    text.contains(' ') && words.all(|word| word.chars().count() == 1)
}

/// Whether the reader can be expected to mark list items. Plain text is not changed by its reader, and exported profiles
/// show no bullets; their list items are a matter of the parser.
fn has_marks(gold: &Gold) -> bool {
    gold.tool != "text" && gold.layout != "profile"
}

/// Blocks whose section matters.
fn is_content(block: &Block) -> bool {
    matches!(
        block.kind,
        BlockKind::Entry | BlockKind::Bullet | BlockKind::Skills | BlockKind::Paragraph
    )
}

/// Whether sentences begin and end with the text at these bytes, apart from signs.
fn is_unit(bytes: &Range<usize>, sentences: &[(Range<usize>, String)], found: &[Token]) -> bool {
    let words = |range: &Range<usize>| {
        let from = found.partition_point(|token| token.bytes.start < range.start);
        let until = found.partition_point(|token| token.bytes.start < range.end);
        // A sign of a list may be a letter.
        let from = from
            + usize::from(
                found
                    .get(from)
                    .is_some_and(|token| token.word == "o" && token.bytes.end < bytes.start),
            );
        found
            .get(from..until)
            .filter(|inside| !inside.is_empty())
            .map(|inside| inside[0].bytes.start..inside[inside.len() - 1].bytes.end)
    };
    let spans: Vec<Range<usize>> = sentences.iter().filter_map(|(range, _)| words(range)).collect();
    spans.iter().any(|span| span.start == bytes.start) && spans.iter().any(|span| span.end == bytes.end)
}

/// A line with words of two columns, told by adjacent words that occur in one of them only.
fn mixed_line<'t>(gold: &Gold, lines: &[&'t str]) -> Option<&'t str> {
    let columns: Vec<Vec<Vec<String>>> = gold
        .columns
        .iter()
        .map(|column| column.iter().map(|block| words(&block.text)).collect())
        .collect();
    let own: Vec<HashSet<(&str, &str)>> = columns
        .iter()
        .map(|column| column.iter().flat_map(|block| pairs(block)).collect())
        .collect();
    lines.iter().copied().find(|line| {
        let line = words(line);
        let of = |at: usize| {
            pairs(&line).any(|pair| {
                own[at].contains(&pair)
                    && own
                        .iter()
                        .enumerate()
                        .all(|(other, set)| other == at || !set.contains(&pair))
            })
        };
        (1..own.len()).filter(|at| of(*at)).count() > 1
    })
}

/// The text without these spans.
fn without(text: &str, spans: &[Range<usize>]) -> String {
    let mut left = String::with_capacity(text.len());
    let mut at = 0;
    for span in spans {
        left.push_str(text.get(at..span.start).unwrap_or_default());
        left.push(' ');
        at = at.max(span.end);
    }
    left.push_str(text.get(at..).unwrap_or_default());
    left
}

/// Whether the text contains the string as whole words.
fn names(text: &str, wanted: &str) -> bool {
    let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(wanted).any(|(at, found)| {
        !inside(text[..at].chars().next_back()) && !inside(text[at + found.len()..].chars().next())
            || found.chars().all(|c| c.is_ascii_digit() || c == ' ')
    })
}
