//! Licences and certificates named in a text.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::span::TextSpan;
use super::words::{self, Word};

/// A licence or certificate that the posting or the resume names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CredentialMatch {
    /// The name, the same for every way of writing it.
    pub name: String,
    /// The first mention in the posting; `None` if it names it nowhere.
    pub job_span: Option<TextSpan>,
    /// The first mention in the resume; `None` if it names it nowhere.
    pub resume_span: Option<TextSpan>,
}

/// A licence or certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Credential {
    /// The name that is reported, the same for every way of writing it.
    pub(super) name: &'static str,
    pub(super) bytes: Range<usize>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    credentials: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    #[serde(default)]
    phrases: Vec<String>,
    #[serde(default)]
    abbreviations: Vec<String>,
    #[serde(default)]
    implies: Vec<String>,
}

/// A phrase after its first word, and the index of its credential.
struct Phrase {
    rest: Vec<u64>,
    /// The spelling that an abbreviation needs.
    exact: Option<String>,
    row: usize,
}

struct Table {
    names: Vec<String>,
    /// By the first word, longest first.
    phrases: HashMap<u64, Vec<Phrase>>,
    /// Those of a lower class, by name.
    implies: HashMap<String, Vec<String>>,
}

#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("credentials.toml")).expect("credentials.toml is valid");
    Table::new(file)
});

impl Table {
    fn new(file: File) -> Self {
        let mut table = Self {
            names: Vec::new(),
            phrases: HashMap::new(),
            implies: HashMap::new(),
        };
        for (row, entry) in file.credentials.into_iter().enumerate() {
            let phrases = entry.phrases.into_iter().map(|name| (name, false));
            for (name, exact) in phrases.chain(entry.abbreviations.into_iter().map(|name| (name, true))) {
                let mut parts = words::words(&name).into_iter().map(|word| word.exact);
                if let Some(first) = parts.next() {
                    table.phrases.entry(first).or_default().push(Phrase {
                        rest: parts.collect(),
                        exact: exact.then_some(name),
                        row,
                    });
                }
            }
            if !entry.implies.is_empty() {
                table.implies.insert(entry.name.clone(), entry.implies);
            }
            table.names.push(entry.name);
        }
        for phrases in table.phrases.values_mut() {
            phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.rest.len()));
        }
        table
    }
}

/// The licences and certificates that a text names, each once, in the order of their first mention.
pub(super) fn credentials(text: &str, words: &[Word]) -> Vec<Credential> {
    let table = &*TABLE;
    let mut found: Vec<Credential> = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let phrase = table.phrases.get(&word.exact).and_then(|phrases| {
            phrases.iter().find(|phrase| {
                let here = words.get(at + 1..at + 1 + phrase.rest.len());
                let same =
                    here.is_some_and(|here| here.iter().zip(&phrase.rest).all(|(word, part)| word.exact == *part));
                same && phrase.exact.as_ref().is_none_or(|exact| {
                    let last = words[at + phrase.rest.len()].bytes.end;
                    text.get(word.bytes.start..last)
                        .is_some_and(|written| written.trim_end_matches('s') == exact.trim_end_matches('s'))
                })
            })
        });
        let Some(phrase) = phrase else {
            at += 1;
            continue;
        };
        let last = at + phrase.rest.len();
        let name = table.names[phrase.row].as_str();
        if !found.iter().any(|known| known.name == name) {
            found.push(Credential {
                name,
                bytes: word.bytes.start..words[last].bytes.end,
            });
        }
        at = last + 1;
    }
    if let Some(bytes) = driving_class(text, words).filter(|_| found.iter().all(|known| known.name != DRIVING_LICENCE))
    {
        found.push(Credential {
            name: DRIVING_LICENCE,
            bytes,
        });
        found.sort_by_key(|one| one.bytes.start);
    }
    found
}

/// The name under which the licence for a car is reported.
const DRIVING_LICENCE: &str = "Driving licence";
/// Classes of licences for cars in North America. Those for lorries are written with `CDL`.
const CAR_CLASSES: [&str; 5] = ["c", "d", "e", "g", "5"];
/// Words beside the class of a licence: `No tickets, no accidents, Class C`.
const OF_DRIVING: [&str; 10] = [
    "abstract",
    "accidents",
    "car",
    "demerits",
    "driver",
    "driver's",
    "licence",
    "license",
    "tickets",
    "truck",
];
/// The number of words between them and the class.
const MOST_BESIDE: usize = 6;

/// The class of a licence for cars, if words of driving are beside it.
fn driving_class(text: &str, words: &[Word]) -> Option<Range<usize>> {
    let low = |word: &Word| text[word.bytes.clone()].to_lowercase().replace('\u{2019}', "'");
    let about = |word: &Word| OF_DRIVING.contains(&&*low(word));
    (1..words.len())
        .filter(|&at| CAR_CLASSES.contains(&&*low(&words[at])) && low(&words[at - 1]) == "class")
        .find(|&at| {
            let around = at.saturating_sub(MOST_BESIDE)..words.len().min(at + MOST_BESIDE);
            words[around].iter().any(about)
        })
        .map(|at| words[at - 1].bytes.start..words[at].bytes.end)
}

/// Whether who holds one credential has another as well: the same one, or one of a lower class.
pub(super) fn shows(held: &str, wanted: &str) -> bool {
    let lower = || TABLE.implies.get(held).into_iter().flatten();
    held == wanted || lower().any(|lower| shows(lower, wanted))
}

/// The credentials of a posting in its order, then the others of the resume.
pub(super) fn both(
    job: &[Credential],
    resume: &[Credential],
    job_span: impl Fn(&Range<usize>) -> TextSpan,
    resume_span: impl Fn(&Range<usize>) -> TextSpan,
) -> Vec<CredentialMatch> {
    let mut all: Vec<CredentialMatch> = job
        .iter()
        .map(|one| CredentialMatch {
            name: one.name.to_owned(),
            job_span: Some(job_span(&one.bytes)),
            resume_span: None,
        })
        .collect();
    for one in resume {
        let span = Some(resume_span(&one.bytes));
        match all.iter_mut().find(|known| known.name == one.name) {
            Some(known) => known.resume_span = span,
            None => all.push(CredentialMatch {
                name: one.name.to_owned(),
                job_span: None,
                resume_span: span,
            }),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<&'static str> {
        credentials(text, &words::words(text))
            .into_iter()
            .map(|one| one.name)
            .collect()
    }

    #[test]
    fn higher_classes_show_lower_ones() {
        for name in TABLE.implies.values().flatten() {
            assert!(TABLE.names.contains(name), "{name}");
        }
        for (held, wanted, want) in [
            ("Lorry licence (category C+E)", "Driving licence", true),
            ("Driving licence", "Commercial driver's licence (CDL)", false),
            ("OSHA 30", "OSHA 10", true),
            ("OSHA 10", "OSHA 30", false),
            ("NEBOSH", "IOSH Managing Safely", true),
            (
                "Advanced Cardiovascular Life Support (ACLS)",
                "Cardiopulmonary resuscitation (CPR)",
                true,
            ),
            ("ServSafe", "ServSafe", true),
        ] {
            assert_eq!(shows(held, wanted), want, "{held} / {wanted}");
        }
    }

    #[test]
    fn credentials_have_one_name() {
        for (text, want) in [
            (
                "PMP certified since 2015",
                &["Project Management Professional (PMP)"][..],
            ),
            (
                "Project Management Professional",
                &["Project Management Professional (PMP)"],
            ),
            (
                "Quill Placeholder, CPA, PMP",
                &[
                    "Certified Public Accountant (CPA)",
                    "Project Management Professional (PMP)",
                ],
            ),
            (
                "Nurse with ACLS and BLS",
                &[
                    "Advanced Cardiovascular Life Support (ACLS)",
                    "Basic Life Support (BLS)",
                ],
            ),
            ("Valid driver’s license", &["Driving licence"]),
            ("No tickets, no accidents, Class C.", &["Driving licence"]),
            ("Class D, clean abstract, own truck", &["Driving licence"]),
            ("A class C network of 200 hosts", &[]),
            ("Taught class 5 to draw", &[]),
            ("Class A CDL required", &["Commercial driver's licence (CDL)"]),
            ("Series 7 and Series 63", &["Series 7", "Series 63"]),
            ("AWS Certified Solutions Architect – Associate", &["AWS certification"]),
            ("OSHA 10, OSHA 30-hour", &["OSHA 10", "OSHA 30"]),
            (
                "food handler's card, ServSafe",
                &["Food handler certificate", "ServSafe"],
            ),
            ("TEFL", &["TEFL"]),
            ("Führerschein Klasse B", &["Driving licence"]),
            ("RTITB tickets on both", &["Forklift licence"]),
            ("C of Q since 2017", &["Certificate of qualification (Red Seal)"]),
            ("Comfortable working at heights", &[]),
            (
                "HCPC registered",
                &["Health and Care Professions Council registration (HCPC)"],
            ),
            ("RN license in Ohio", &["Registered nurse (RN)"]),
            ("Laid LVT in nine shops", &[]),
            ("RVT (ARDMS), scans of veins", &[]),
            (
                "Licensed veterinary technician since 2015",
                &["Registered veterinary technician (RVT)"],
            ),
            ("Welded 310S stainless", &[]),
            ("310S licence", &["Automotive service technician licence (310S)"]),
            ("ODP in two theatres", &[]),
            ("ODP card", &["Ozone depletion prevention card (ODP)"]),
            ("Privacy officer, CIPP", &[]),
            ("CIPP qualified payroller", &["Payroll certification"]),
            ("Nurse with an annual practising certificate", &[]),
            (
                "Solicitor\u{2019}s practising certificate",
                &["Legal Practice Certificate"],
            ),
            ("Licensed paralegal in Ottawa", &["Ontario paralegal licence"]),
            ("NALA certified", &["NALA certified paralegal"]),
            ("a pump and a cap", &[]),
            ("Build bridges", &[]),
        ] {
            assert_eq!(names(text), want, "{text}");
        }
    }
}
