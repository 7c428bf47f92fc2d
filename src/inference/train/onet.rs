//! The texts of O*NET: what people do in an occupation, its title and its description, each with the occupation's code.
//!
//! Occupations are parted by their six-digit code, so that two specialisations of one occupation never stand on both
//! sides, and the parting is fixed: it depends on the codes alone. Whoever learns may use all texts; only tasks are
//! asked for, one at a time.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::super::error::OpenError;

/// The texts, compressed, in the model's folder; `scripts/onet.py` makes it.
pub(super) const FILE: &str = "onet.tsv.zst";

/// The 22 civilian major groups of the Standard Occupational Classification of 2018.
pub(super) const LABELS: [(&str, &str); 22] = [
    ("11", "Management"),
    ("13", "Business and Financial Operations"),
    ("15", "Computer and Mathematical"),
    ("17", "Architecture and Engineering"),
    ("19", "Life, Physical, and Social Science"),
    ("21", "Community and Social Service"),
    ("23", "Legal"),
    ("25", "Educational Instruction and Library"),
    ("27", "Arts, Design, Entertainment, Sports, and Media"),
    ("29", "Healthcare Practitioners and Technical"),
    ("31", "Healthcare Support"),
    ("33", "Protective Service"),
    ("35", "Food Preparation and Serving Related"),
    ("37", "Building and Grounds Cleaning and Maintenance"),
    ("39", "Personal Care and Service"),
    ("41", "Sales and Related"),
    ("43", "Office and Administrative Support"),
    ("45", "Farming, Fishing, and Forestry"),
    ("47", "Construction and Extraction"),
    ("49", "Installation, Maintenance, and Repair"),
    ("51", "Production"),
    ("53", "Transportation and Material Moving"),
];

/// What an occupation is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Learning.
    Train,
    /// Choosing when to stop, and the temperature.
    Valid,
    /// The figures.
    Test,
}

/// A text of an occupation.
#[derive(Debug)]
struct Line {
    /// Six digits, as `11-1011`.
    code: String,
    label: usize,
    task: bool,
    text: String,
}

/// All texts.
#[derive(Debug)]
pub(super) struct Onet {
    lines: Vec<Line>,
    parts: BTreeMap<String, Part>,
}

impl Onet {
    /// Reads the file.
    pub(super) fn read(path: &Path) -> Result<Self, OpenError> {
        let broken = |reason: &str| OpenError::broken(path, &reason);
        let packed = std::fs::read(path).map_err(|error| OpenError::broken(path, &error))?;
        let bytes = zstd::decode_all(packed.as_slice()).map_err(|error| OpenError::broken(path, &error))?;
        let text = String::from_utf8(bytes).map_err(|error| OpenError::broken(path, &error))?;
        let lines: Vec<Line> = text
            .lines()
            .map(Line::parse)
            .collect::<Option<_>>()
            .ok_or_else(|| broken("no table of O*NET"))?;
        let parts = part(&lines);
        let mut onet = Self { lines, parts };
        onet.drop_repetitions();
        Ok(onet)
    }

    /// A text counts once in a part, and not at all where somebody learns from it who will be asked about it.
    fn drop_repetitions(&mut self) {
        let mut order: Vec<_> = std::mem::take(&mut self.lines);
        order.sort_by_key(|line| {
            (
                std::cmp::Reverse(self.parts.get(&line.code).copied()),
                line.code.clone(),
            )
        });
        let mut seen = HashSet::new();
        self.lines = order
            .into_iter()
            .filter(|line| seen.insert(line.text.to_lowercase()))
            .collect();
    }

    /// Every text, in the order that [`Self::examples`] counts them.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(|line| line.text.as_str())
    }

    /// Number and label of each text that serves this part.
    pub(super) fn examples(&self, part: Part) -> impl Iterator<Item = (usize, usize)> {
        let of_part = self
            .lines
            .iter()
            .enumerate()
            .filter(move |(_, line)| self.parts.get(&line.code) == Some(&part));
        of_part
            .filter(move |(_, line)| line.task || part == Part::Train)
            .map(|(n, line)| (n, line.label))
    }

    /// Text and label of each task of this part.
    pub(super) fn tasks(&self, part: Part) -> impl Iterator<Item = (&str, usize)> {
        let examples = self.examples(part).map(|(n, label)| (&self.lines[n], label));
        examples
            .filter(|(line, _)| line.task)
            .map(|(line, label)| (line.text.as_str(), label))
    }
}

impl Line {
    fn parse(line: &str) -> Option<Self> {
        let mut fields = line.split('\t');
        let (code, kind, text) = (fields.next()?, fields.next()?, fields.next()?);
        let label = LABELS.iter().position(|(group, _)| code.starts_with(group))?;
        Some(Self {
            code: code.get(..7)?.to_owned(),
            label,
            task: kind == "task",
            text: text.to_owned(),
        })
    }
}

/// Within each major group: a fifth of the occupations is asked about, a tenth chooses, the rest is learnt from.
fn part(lines: &[Line]) -> BTreeMap<String, Part> {
    let mut groups: BTreeMap<usize, BTreeMap<[u8; 32], &str>> = BTreeMap::new();
    for line in lines {
        // The order of hashes: as good as drawn, and the same on every machine.
        groups
            .entry(line.label)
            .or_default()
            .insert(Sha256::digest(&line.code).into(), &line.code);
    }
    let mut parts = BTreeMap::new();
    for codes in groups.values() {
        let (tests, valids) = (codes.len().div_ceil(5), codes.len().div_ceil(10));
        for (n, code) in codes.values().enumerate() {
            let part = match n {
                n if n < tests => Part::Test,
                n if n < tests + valids => Part::Valid,
                _ => Part::Train,
            };
            parts.insert((*code).to_owned(), part);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    //! The shipped texts: that no part can know another.

    use super::*;

    fn onet() -> Onet {
        Onet::read(
            &Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("models/occupation")
                .join(FILE),
        )
        .unwrap()
    }

    #[test]
    fn no_occupation_and_no_text_stands_on_two_sides() {
        let onet = onet();
        let mut texts = HashSet::new();
        for line in &onet.lines {
            assert!(texts.insert(line.text.to_lowercase()), "{}", line.text);
        }
        let codes = |part| -> HashSet<&str> { onet.examples(part).map(|(n, _)| onet.lines[n].code.as_str()).collect() };
        let (train, valid, test) = (codes(Part::Train), codes(Part::Valid), codes(Part::Test));
        assert!(train.is_disjoint(&valid) && train.is_disjoint(&test) && valid.is_disjoint(&test));
        assert!(test.len() > 150 && valid.len() > 75 && train.len() > 500);
    }

    #[test]
    fn every_group_is_in_every_part() {
        let onet = onet();
        for part in [Part::Train, Part::Valid, Part::Test] {
            let labels: HashSet<_> = onet.tasks(part).map(|(_, label)| label).collect();
            assert_eq!(labels.len(), LABELS.len(), "{part:?}");
        }
    }

    #[test]
    fn a_file_that_is_something_else_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        for bytes in [
            b"plain".to_vec(),
            zstd::encode_all(&b"99-0000.00\ttask\tx\n"[..], 1).unwrap(),
        ] {
            std::fs::write(&path, bytes).unwrap();
            assert!(Onet::read(&path).unwrap_err().to_string().contains(FILE));
        }
    }
}
