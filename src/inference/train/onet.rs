//! Texts of O*NET: the tasks of occupations, their broader activities, titles and descriptions, with the occupation's
//! code.
//!
//! Occupations are split by their six-digit code, so that two specialisations of one occupation are never in different
//! parts. The split depends only on the codes. Training may use all texts; testing uses single tasks.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use super::super::error::OpenError;
use super::experiment::{Part, part};

/// The file name of the compressed texts, created by `scripts/onet.py`.
pub(super) const FILE: &str = "onet.tsv.zst";

/// The 22 civilian major groups of the Standard Occupational Classification (2018).
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

/// A text of an occupation.
#[derive(Debug)]
struct Line {
    /// Six digits, as `11-1011`.
    code: String,
    label: usize,
    task: bool,
    text: String,
}

/// A text with its label and occupation.
#[derive(Debug)]
pub(super) struct LabelledText<'a> {
    pub(super) text: &'a str,
    pub(super) label: usize,
    pub(super) occupation: usize,
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
        let parts = part(lines.iter().map(|line| (line.label, line.code.clone())));
        let mut onet = Self { lines, parts };
        onet.drop_repetitions();
        Ok(onet)
    }

    /// Removes repeated test texts, and training texts that also occur in a test. Texts shared by several occupations
    /// are learnt for each.
    fn drop_repetitions(&mut self) {
        let mut order = std::mem::take(&mut self.lines);
        order.sort_by_key(|line| {
            let part = self.parts.get(&line.code).copied();
            (std::cmp::Reverse(part), line.code.clone())
        });
        let (mut asked, mut learnt) = (HashSet::new(), HashSet::new());
        order.retain(|line| {
            let text = line.text.to_lowercase();
            match self.parts.get(&line.code) {
                Some(Part::Train) => !asked.contains(&text) && learnt.insert((line.code.clone(), text)),
                _ => line.task && asked.insert(text),
            }
        });
        self.lines = order;
    }

    /// The texts of a part.
    pub(super) fn examples(&self, part: Part) -> impl Iterator<Item = LabelledText<'_>> {
        let numbers: HashMap<&str, usize> = self
            .parts
            .keys()
            .enumerate()
            .map(|(n, code)| (code.as_str(), n))
            .collect();
        let of_part = self
            .lines
            .iter()
            .filter(move |line| self.parts.get(&line.code) == Some(&part));
        of_part.map(move |line| LabelledText {
            text: &line.text,
            label: line.label,
            occupation: numbers[line.code.as_str()],
        })
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

#[cfg(test)]
mod tests {
    //! The shipped texts: no part contains texts of another.

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
        let codes = |part| -> HashSet<usize> { onet.examples(part).map(|found| found.occupation).collect() };
        let (train, valid, test) = (codes(Part::Train), codes(Part::Valid), codes(Part::Test));
        assert!(train.is_disjoint(&valid) && train.is_disjoint(&test) && valid.is_disjoint(&test));
        assert!(test.len() > 150 && valid.len() > 75 && train.len() > 500);
        let mut asked = HashSet::new();
        for found in [Part::Test, Part::Valid]
            .into_iter()
            .flat_map(|part| onet.examples(part))
        {
            assert!(asked.insert(found.text.to_lowercase()), "{}", found.text);
        }
        for found in onet.examples(Part::Train) {
            assert!(!asked.contains(&found.text.to_lowercase()), "{}", found.text);
        }
    }

    #[test]
    fn every_group_is_in_every_part() {
        let onet = onet();
        for part in [Part::Train, Part::Valid, Part::Test] {
            let labels: HashSet<_> = onet.examples(part).map(|found| found.label).collect();
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
