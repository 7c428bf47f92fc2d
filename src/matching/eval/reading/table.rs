//! The table of the evaluation: measures with their bounds, for all files, by type, program and language.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use strum::VariantArray as _;

use super::gold::Gold;
use super::posting::PostingFigures;

/// A sum and the number of cases, by measure.
#[derive(Debug, Clone, Default)]
pub(super) struct FileFigures(pub(super) Vec<(Measure, f64, f64)>);

/// What is measured in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, strum::VariantArray)]
#[serde(rename_all = "camelCase")]
pub enum Measure {
    /// The share of the words that are read.
    Words,
    /// The words that are read but not in the file, as a share of its words.
    Extra,
    /// The share of adjacent words that stay adjacent.
    Neighbours,
    /// The share of headings that are alone on their line.
    Headings,
    /// The share of files with several columns in which a line mixes two.
    Mixed,
    /// The share of list items that are a line with a bullet.
    Items,
    /// The share of list items that are parsed as units.
    Units,
    /// The share of lines assigned to the right section.
    Sections,
    /// The share of files with the right years of experience, within 0.35.
    Years,
    /// The share of files with the right degree.
    Degree,
    /// The share of files whose first title is one of the person's.
    Title,
    /// The share of identifying strings that are not blanked.
    IdentityLeft,
    /// The share of words that are blanked although they identify no person.
    BlankedTooMuch,
    /// The share of hidden words that are read.
    HiddenRead,
    /// The share of files with hidden text in which it is reported.
    HiddenReported,
    /// The share of files without hidden text in which it is reported.
    FalseAlarms,
}

/// The bound of a measure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Bound {
    /// At least this value.
    AtLeast(f64),
    /// At most this value.
    AtMost(f64),
}

impl Bound {
    /// Whether a value is within the bound.
    #[must_use]
    pub fn holds(self, value: f64) -> bool {
        match self {
            Self::AtLeast(bound) => value >= bound,
            Self::AtMost(bound) => value <= bound,
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(bound) => write!(f, ">= {bound}"),
            Self::AtMost(bound) => write!(f, "<= {bound}"),
        }
    }
}

impl Measure {
    /// The name in the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Words => "words read",
            Self::Extra => "words added",
            Self::Neighbours => "neighbours kept",
            Self::Headings => "headings alone on a line",
            Self::Mixed => "files with mixed columns",
            Self::Items => "list items found",
            Self::Units => "list items parsed as units",
            Self::Sections => "sections right",
            Self::Years => "years within 0.35",
            Self::Degree => "degree right",
            Self::Title => "title right",
            Self::IdentityLeft => "identity left",
            Self::BlankedTooMuch => "other words blanked",
            Self::HiddenRead => "hidden text read",
            Self::HiddenReported => "hidden text reported",
            Self::FalseAlarms => "false alarms of hidden text",
        }
    }

    /// The target.
    #[must_use]
    pub fn bound(self) -> Bound {
        match self {
            Self::Words => Bound::AtLeast(0.98),
            Self::Neighbours | Self::Sections | Self::Years | Self::Degree | Self::Title => Bound::AtLeast(0.95),
            Self::Headings | Self::Items | Self::Units => Bound::AtLeast(0.97),
            Self::Extra => Bound::AtMost(0.02),
            Self::BlankedTooMuch => Bound::AtMost(0.001),
            Self::Mixed | Self::IdentityLeft | Self::HiddenRead | Self::FalseAlarms => Bound::AtMost(0.0),
            Self::HiddenReported => Bound::AtLeast(1.0),
        }
    }
}

/// The figures of a group of files.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// The group: `all`, a type, a program or a language.
    pub group: String,
    /// The number of files.
    pub files: usize,
    /// The value of each measure that applies.
    pub values: BTreeMap<Measure, f64>,
}

/// The results of the evaluation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReadingTable {
    /// All files, then the types.
    pub types: Vec<Row>,
    /// The programs.
    pub tools: Vec<Row>,
    /// The languages.
    pub languages: Vec<Row>,
    /// The measures of postings with their targets.
    pub postings: Vec<(&'static str, f64, Bound)>,
    /// The number of labelled lines of postings.
    pub posting_lines: usize,
    /// The F1 of each kind of line, with the number of lines.
    pub posting_kinds: Vec<(String, f64, usize)>,
}

impl ReadingTable {
    pub(super) fn new(files: &[(Gold, FileFigures)], postings: &PostingFigures) -> Self {
        let mut types = vec![row("all", files.iter())];
        types.extend(rows(files, &|gold| {
            gold.file.rsplit('.').next().unwrap_or_default().to_owned()
        }));
        Self {
            types,
            tools: rows(files, &|gold| gold.tool.clone()),
            languages: rows(files, &|gold| gold.lang.clone()),
            postings: vec![
                ("accuracy", postings.accuracy(), Bound::AtLeast(0.88)),
                ("macro-F1", postings.macro_f1(), Bound::AtLeast(0.80)),
                (
                    "must-have against nice-to-have, where stated",
                    postings.told_apart(),
                    Bound::AtLeast(0.90),
                ),
                ("headings found", postings.headings(), Bound::AtLeast(0.95)),
            ],
            posting_lines: postings.total(),
            posting_kinds: postings.kinds(),
        }
    }

    /// The value of a measure over all files.
    #[must_use]
    pub fn overall(&self, measure: Measure) -> Option<f64> {
        self.types.first().and_then(|row| row.values.get(&measure)).copied()
    }
}

fn rows(files: &[(Gold, FileFigures)], group: &dyn Fn(&Gold) -> String) -> Vec<Row> {
    let mut groups: BTreeMap<String, Vec<&(Gold, FileFigures)>> = BTreeMap::new();
    for file in files {
        groups.entry(group(&file.0)).or_default().push(file);
    }
    groups
        .iter()
        .map(|(group, files)| row(group, files.iter().copied()))
        .collect()
}

fn row<'f>(group: &str, files: impl Iterator<Item = &'f (Gold, FileFigures)>) -> Row {
    let mut sums: BTreeMap<Measure, (f64, f64)> = BTreeMap::new();
    let mut count = 0;
    for (_, figures) in files {
        count += 1;
        for &(measure, hits, of) in &figures.0 {
            let sum = sums.entry(measure).or_default();
            *sum = (sum.0 + hits, sum.1 + of);
        }
    }
    let values = sums.into_iter().filter(|(_, (_, of))| *of > 0.0);
    Row {
        group: group.to_owned(),
        files: count,
        values: values.map(|(measure, (hits, of))| (measure, hits / of)).collect(),
    }
}

impl fmt::Display for ReadingTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<30}", "")?;
        for row in &self.types {
            write!(f, "{:>8}", row.group)?;
        }
        writeln!(f, "  target")?;
        write!(f, "{:<30}", "files")?;
        for row in &self.types {
            write!(f, "{:>8}", row.files)?;
        }
        writeln!(f)?;
        for &measure in Measure::VARIANTS {
            write!(f, "{:<30}", measure.name())?;
            for row in &self.types {
                cell(f, row, measure)?;
            }
            let met = self.overall(measure).is_none_or(|value| measure.bound().holds(value));
            writeln!(f, "  {}{}", measure.bound(), if met { "" } else { "  NOT MET" })?;
        }
        writeln!(f, "\nlines of postings ({})", self.posting_lines)?;
        for (name, value, bound) in &self.postings {
            let met = if bound.holds(*value) { "" } else { "  NOT MET" };
            writeln!(f, "  {name:<46}{value:>8.3}  {bound}{met}")?;
        }
        for (kind, f1, lines) in &self.posting_kinds {
            writeln!(f, "  F1 {kind:<16}{f1:>8.3}  ({lines} lines)")?;
        }
        const SHOWN: [(Measure, &str); 9] = [
            (Measure::Words, "words"),
            (Measure::Neighbours, "neighb."),
            (Measure::Headings, "heads"),
            (Measure::Items, "items"),
            (Measure::Units, "units"),
            (Measure::Sections, "sections"),
            (Measure::Years, "years"),
            (Measure::Degree, "degree"),
            (Measure::Title, "title"),
        ];
        for (name, rows) in [("program", &self.tools), ("language", &self.languages)] {
            write!(f, "\n{name:<20}{:>6}", "files")?;
            for (_, short) in SHOWN {
                write!(f, "{short:>9}")?;
            }
            writeln!(f)?;
            for row in rows {
                write!(f, "{:<20}{:>6} ", row.group, row.files)?;
                for (measure, _) in SHOWN {
                    cell(f, row, measure)?;
                    write!(f, " ")?;
                }
                writeln!(f)?;
            }
        }
        Ok(())
    }
}

fn cell(f: &mut fmt::Formatter<'_>, row: &Row, measure: Measure) -> fmt::Result {
    match row.values.get(&measure) {
        Some(value) => write!(f, "{value:>8.3}"),
        None => write!(f, "{:>8}", "-"),
    }
}
