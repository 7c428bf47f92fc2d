//! The evaluation data on disk: published data sets created for other purposes, most of which may be read but not
//! distributed. Nothing here depends on a ranker.

mod files;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

pub(super) use self::files::FILES;
use super::EvalError;
use super::marked::{self, MarkedSentence};
use crate::matching::text_file;

/// Sanity limit of a decompressed file in bytes.
const MOST_BYTES: usize = 64 << 20;

/// The validation sets of annotated sentences.
pub(super) const TECH_VALIDATION: &str = "skills/tech_validation_annotations.csv";
pub(super) const HOUSE_VALIDATION: &str = "skills/house_validation_annotations.csv";

/// A part of the split: weights are chosen on `Dev`, figures are computed on `Test`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// For fitting weights.
    Dev,
    /// For figures only.
    Test,
}

impl Part {
    /// Half of all occupations, chosen by a hash of the code, so that the split is the same on every machine.
    fn of(code: &str) -> Self {
        if Sha256::digest(code)[0] & 1 == 0 {
            Self::Dev
        } else {
            Self::Test
        }
    }
}

/// An occupation with all its labels.
#[derive(Debug)]
pub(super) struct Occupation {
    pub(super) part: Part,
    /// The labels without duplicates, preferred label first.
    pub(super) labels: Vec<String>,
}

impl Occupation {
    pub(super) fn new(part: Part, labels: &[impl AsRef<str>]) -> Self {
        let labels = labels.iter().map(|label| label.as_ref().trim());
        Self {
            part,
            labels: once_each(labels.filter(|label| !label.is_empty())),
        }
    }
}

/// A vacancy title and the index of its occupation.
pub(super) type Title = (String, usize);

/// The tasks of an occupation, split into two halves by alternating.
#[derive(Debug)]
pub(super) struct Halves {
    /// Six digits; specialisations share them and belong to one part.
    pub(super) code: String,
    pub(super) part: Part,
    pub(super) job: Vec<String>,
    pub(super) resume: Vec<String>,
    /// The resume's half as its detailed work activities.
    pub(super) paraphrase: Vec<String>,
}

/// A sentence with the indices of its annotated skills.
#[derive(Debug)]
pub(super) struct Annotated {
    pub(super) sentence: String,
    pub(super) skills: Vec<usize>,
}

/// The data folder.
#[derive(Debug)]
pub(super) struct Data {
    root: PathBuf,
}

impl Data {
    /// Opens the folder; all files must exist.
    pub(super) fn open(root: &Path) -> Result<Self, EvalError> {
        let missing: Vec<_> = FILES
            .into_iter()
            .filter(|(file, _)| !root.join(file).is_file())
            .collect();
        if missing.is_empty() {
            Ok(Self { root: root.to_owned() })
        } else {
            Err(EvalError::Missing {
                root: root.to_owned(),
                missing: super::list(&missing),
            })
        }
    }

    fn broken(&self, file: &str, cause: &impl ToString) -> EvalError {
        EvalError::Broken {
            path: self.root.join(file),
            reason: cause.to_string(),
        }
    }

    /// The text of a file, decompressed if its name ends in `.zst`.
    pub(super) fn text(&self, file: &str) -> Result<String, EvalError> {
        text_file::read(&self.root.join(file), MOST_BYTES).map_err(|error| self.broken(file, &error.reason))
    }

    /// The rows of a file of comma-separated values with a header.
    pub(super) fn rows<T: DeserializeOwned>(&self, file: &str) -> Result<Vec<T>, EvalError> {
        let text = self.text(file)?;
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows = reader.deserialize().collect::<Result<_, _>>();
        rows.map_err(|cause| self.broken(file, &cause))
    }

    /// The objects of a file of JSON lines.
    pub(super) fn objects<T: DeserializeOwned>(&self, file: &str) -> Result<Vec<T>, EvalError> {
        let objects = self
            .text(file)?
            .lines()
            .map(serde_json::from_str)
            .collect::<Result<_, _>>();
        objects.map_err(|cause| self.broken(file, &cause))
    }

    /// The occupations, and vacancy titles with the indices of their occupations.
    pub(super) fn titles(&self) -> Result<(Vec<Occupation>, Vec<Title>), EvalError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Concept {
            concept_uri: String,
            preferred_label: String,
            alt_labels: String,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Vacancy {
            vacancy_title: String,
            concept_uri: String,
        }
        let concepts: Vec<Concept> = self.rows("esco/occupations.csv")?;
        let numbers: HashMap<String, usize> = concepts
            .iter()
            .enumerate()
            .map(|(n, concept)| (concept.concept_uri.clone(), n))
            .collect();
        let occupations = concepts.into_iter().map(|concept| {
            let all = std::iter::once(concept.preferred_label.as_str()).chain(concept.alt_labels.lines());
            Occupation::new(Part::of(&concept.concept_uri), &all.collect::<Vec<_>>())
        });
        let titles: Vec<Vacancy> = self.rows("jobbert/titles.csv")?;
        // An occupation that is no longer in ESCO cannot be a target.
        let titles = titles
            .into_iter()
            .filter_map(|title| Some((title.vacancy_title, *numbers.get(&title.concept_uri)?)));
        Ok((occupations.collect(), titles.collect()))
    }

    /// The occupations of O*NET, ordered by code.
    pub(super) fn halves(&self) -> Result<Vec<Halves>, EvalError> {
        #[derive(Deserialize)]
        struct Row {
            #[serde(rename = "O*NET-SOC Code", alias = "\u{feff}O*NET-SOC Code")]
            code: String,
            #[serde(rename = "Task ID")]
            task: String,
            #[serde(rename = "Task")]
            text: String,
            #[serde(rename = "DWA Title")]
            activity: String,
        }
        type Tasks = Vec<(String, String, Vec<String>)>;
        let mut found: BTreeMap<String, Tasks> = BTreeMap::new();
        for row in self.rows::<Row>("onet/Task_DWA.csv")? {
            let tasks = found.entry(row.code).or_default();
            match tasks.iter_mut().find(|(task, _, _)| *task == row.task) {
                Some((_, _, activities)) => activities.push(row.activity),
                None => tasks.push((row.task, row.text, vec![row.activity])),
            }
        }
        let halves = found.into_iter().map(|(code, tasks)| {
            let every_other = |first: usize| tasks.iter().skip(first).step_by(2);
            let code = code.get(..7).unwrap_or(&code).to_owned();
            Halves {
                part: Part::of(&code),
                code,
                job: every_other(0).map(|(_, text, _)| text.clone()).collect(),
                resume: every_other(1).map(|(_, text, _)| text.clone()).collect(),
                paraphrase: once_each(
                    every_other(1)
                        .flat_map(|(_, _, activities)| activities)
                        .map(String::as_str),
                ),
            }
        });
        Ok(halves.collect())
    }

    /// The sentences with annotated skills of a file.
    pub(super) fn marked(&self, file: &str) -> Result<Vec<MarkedSentence>, EvalError> {
        let marked = self.text(file)?.lines().map(marked::read).collect::<Result<_, _>>();
        marked.map_err(|cause| self.broken(file, &cause))
    }

    /// The labels of skills.
    pub(super) fn skills(&self) -> Result<Vec<String>, EvalError> {
        let text = self.text("skills/skills_en_label.txt")?;
        Ok(once_each(text.lines().map(str::trim).filter(|label| !label.is_empty())))
    }

    /// Sentences with at least one of these skills: the validation sets for `Dev`, TECH's test set for `Test`.
    pub(super) fn sentences(&self, part: Part, skills: &[String]) -> Result<Vec<Annotated>, EvalError> {
        match part {
            Part::Dev => self.annotated(&[TECH_VALIDATION, HOUSE_VALIDATION], skills),
            Part::Test => self.annotated(&["skills/tech_test_annotations.csv"], skills),
        }
    }

    /// The sentences of these files with at least one of these skills.
    pub(super) fn annotated(&self, files: &[&str], skills: &[String]) -> Result<Vec<Annotated>, EvalError> {
        #[derive(Deserialize)]
        struct Row {
            sentence: String,
            label: String,
        }
        let numbers = numbers(skills);
        let mut found: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for file in files {
            for row in self.rows::<Row>(file)? {
                if let Some(&skill) = numbers.get(row.label.trim()) {
                    let skills = found.entry(row.sentence).or_default();
                    if !skills.contains(&skill) {
                        skills.push(skill);
                    }
                }
            }
        }
        let annotated = found
            .into_iter()
            .map(|(sentence, skills)| Annotated { sentence, skills });
        Ok(annotated.collect())
    }
}

/// The indices of labels.
pub(super) fn numbers(labels: &[String]) -> HashMap<&str, usize> {
    let numbered = labels.iter().enumerate();
    numbered.map(|(number, label)| (label.as_str(), number)).collect()
}

fn once_each<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen = HashSet::new();
    texts.filter(|text| seen.insert(*text)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    //! Reading, on a generated folder. The figures come from the real data and are not tested.

    use super::*;

    /// A folder with every file, two of them with texts.
    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (file, _) in FILES {
            std::fs::create_dir_all(folder.path().join(file).parent().unwrap()).unwrap();
            std::fs::write(folder.path().join(file), "").unwrap();
        }
        folder
    }

    #[test]
    fn a_folder_without_the_data_is_told_what_belongs_there() {
        let folder = folder();
        std::fs::remove_file(folder.path().join("jobbert/titles.csv")).unwrap();
        let error = Data::open(folder.path()).unwrap_err().to_string();
        assert!(
            error.contains("jobbert/titles.csv") && !error.contains("esco"),
            "{error}"
        );
    }

    #[test]
    fn halves_are_every_other_task_and_activities_come_from_the_resumes() {
        let folder = folder();
        let rows = "\u{feff}O*NET-SOC Code,Title,Task ID,Task,DWA ID,DWA Title\n\
                    11-1011.00,Chief,1,First.,a,Do.\n11-1011.00,Chief,2,\"Second, long.\",b,Plan.\n\
                    11-1011.00,Chief,2,\"Second, long.\",c,Think.\n11-1011.00,Chief,3,Third.,a,Do.\n";
        std::fs::write(folder.path().join("onet/Task_DWA.csv"), rows).unwrap();
        let halves = Data::open(folder.path()).unwrap().halves().unwrap();
        assert_eq!(halves.len(), 1);
        assert_eq!(halves[0].code, "11-1011");
        assert_eq!(halves[0].job, ["First.", "Third."]);
        assert_eq!(halves[0].resume, ["Second, long."]);
        assert_eq!(halves[0].paraphrase, ["Plan.", "Think."]);
    }

    #[test]
    fn a_sentence_keeps_only_skills_that_have_a_label() {
        let folder = folder();
        let rows = "sentence,span,sub_span,label\nWe use C.,C,,C\nWe use C.,use,,LABEL NOT PRESENT\n\
                    Nothing here.,x,,UNDERSPECIFIED\nWe use C.,C,,C\n";
        std::fs::write(folder.path().join("skills/tech_test_annotations.csv"), rows).unwrap();
        let data = Data::open(folder.path()).unwrap();
        let found = data.sentences(Part::Test, &["B".to_owned(), "C".to_owned()]).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].skills, [1]);
    }
}
