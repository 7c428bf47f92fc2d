//! The evaluation data on disk: published data sets created for other purposes, most of which may be read but not
//! distributed. Nothing here depends on a ranker.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::EvalError;

/// The required files with their descriptions.
pub(super) const FILES: [(&str, &str); 11] = [
    ("esco/occupations.csv", "ESCO occupations with their labels (CC BY 4.0)"),
    (
        "jobbert/titles.csv",
        "vacancy titles and their ESCO occupation (JobBERT, Decorte et al. 2021)",
    ),
    (
        "onet/Task_DWA.csv",
        "O*NET tasks and detailed work activities (CC BY 4.0)",
    ),
    ("skills/skills_en_label.txt", "labels of ESCO skills, one a line"),
    (
        "skills/tech_validation_annotations.csv",
        "sentences and their ESCO skills (Decorte et al. 2022)",
    ),
    ("skills/house_validation_annotations.csv", "the same of other employers"),
    ("skills/tech_test_annotations.csv", "the same, for the figures"),
    (
        "skillspan/train.json",
        "sentences with their skills marked (SkillSpan, Zhang et al. 2022, MIT)",
    ),
    ("skillspan/dev.json", "the same, for the figures"),
    (
        "spans/green-train.jsonl.zst",
        "the same of all trades (Green et al. 2022, CC BY 4.0)",
    ),
    ("spans/green-dev.jsonl.zst", "the same, for the figures"),
];

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

/// A sentence with annotated spans.
#[derive(Debug)]
pub(super) struct MarkedSentence {
    pub(super) text: String,
    pub(super) skills: Vec<Range<usize>>,
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

    fn rows<T: DeserializeOwned>(&self, file: &str) -> Result<Vec<T>, EvalError> {
        let path = self.root.join(file);
        let broken = |cause: csv::Error| EvalError::Broken {
            path: path.clone(),
            reason: cause.to_string(),
        };
        let mut reader = csv::Reader::from_path(&path).map_err(broken)?;
        reader.deserialize().collect::<Result<_, _>>().map_err(broken)
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
            Occupation {
                part: Part::of(&concept.concept_uri),
                labels: once_each(all.map(str::trim).filter(|label| !label.is_empty())),
            }
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

    /// Sentences with annotated skills: the training set for `Dev`, the others for `Test`.
    pub(super) fn marked(&self, part: Part) -> Result<Vec<MarkedSentence>, EvalError> {
        #[derive(Deserialize)]
        struct Row {
            tokens: Vec<String>,
            tags_skill: Vec<String>,
            tags_knowledge: Vec<String>,
        }
        let path = self.root.join(match part {
            Part::Dev => "skillspan/train.json",
            Part::Test => "skillspan/dev.json",
        });
        let broken = |reason: String| EvalError::Broken {
            path: path.clone(),
            reason,
        };
        let text = std::fs::read_to_string(&path).map_err(|cause| broken(cause.to_string()))?;
        let sentence = |line: &str| {
            let row: Row = serde_json::from_str(line).map_err(|cause| broken(cause.to_string()))?;
            let mut marked = MarkedSentence {
                text: String::new(),
                skills: Vec::new(),
            };
            let mut open = [false; 2];
            for (token, tags) in row.tokens.iter().zip(row.tags_skill.iter().zip(&row.tags_knowledge)) {
                if !marked.text.is_empty() {
                    marked.text.push(' ');
                }
                let start = marked.text.len();
                // A placeholder for a removed name is not a word.
                marked.text.push_str(if token.starts_with('<') && token.ends_with('>') {
                    "_"
                } else {
                    token
                });
                for (tag, open) in [tags.0, tags.1].into_iter().zip(&mut open) {
                    *open = tag == "B" || tag == "I" && *open;
                    if *open {
                        marked.skills.push(start..marked.text.len());
                    }
                }
            }
            Ok(marked)
        };
        text.lines().map(sentence).collect()
    }

    /// The labels of skills.
    pub(super) fn skills(&self) -> Result<Vec<String>, EvalError> {
        let path = self.root.join("skills/skills_en_label.txt");
        let text = std::fs::read_to_string(&path).map_err(|cause| EvalError::Broken {
            path,
            reason: cause.to_string(),
        })?;
        Ok(once_each(text.lines().map(str::trim).filter(|label| !label.is_empty())))
    }

    /// Sentences with at least one of these skills: the validation sets for `Dev`, TECH's test set for `Test`.
    pub(super) fn sentences(&self, part: Part, skills: &[String]) -> Result<Vec<Annotated>, EvalError> {
        #[derive(Deserialize)]
        struct Row {
            sentence: String,
            label: String,
        }
        let numbers: HashMap<&str, usize> = skills
            .iter()
            .enumerate()
            .map(|(n, label)| (label.as_str(), n))
            .collect();
        let files: &[&str] = match part {
            Part::Dev => &[
                "skills/tech_validation_annotations.csv",
                "skills/house_validation_annotations.csv",
            ],
            Part::Test => &["skills/tech_test_annotations.csv"],
        };
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
