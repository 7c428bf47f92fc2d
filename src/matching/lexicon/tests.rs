//! Finding labels in sentences, and their names. Which mentions the classifier keeps is part of the evaluation.

use std::path::Path;
use std::sync::LazyLock;

use super::super::words;
use super::*;

fn lexicon() -> Lexicon {
    let text = "Python\tccd0\tPython\ngo\t\t^go\ndata pipelines\t\tdata pipelines\n\
                manage staff\t1\tmanage staff|staff management\nC++\t\tC++\nci/cd\t\tci/cd\ndata\t\t^data";
    Lexicon::parse(text, Weights::default(), Language::default()).unwrap()
}

fn found(text: &str) -> Vec<&str> {
    lexicon()
        .mentions(&words::words(text), false)
        .into_iter()
        .map(|mention| &text[mention.bytes])
        .collect()
}

#[test]
fn labels_are_found_as_words_in_any_form() {
    assert_eq!(
        found("managing staff with python, C++ and CI/CD"),
        ["managing staff", "python", "C++", "CI/CD"]
    );
    assert_eq!(found("a Data-pipeline in C"), ["Data-pipeline"]);
    assert_eq!(found("pythonic work on data, pipelines"), Vec::<&str>::new());
}

#[test]
fn everyday_words_count_only_as_names() {
    assert_eq!(found("we go to work"), Vec::<&str>::new());
    assert_eq!(found("Go to work"), Vec::<&str>::new());
    assert_eq!(found("services in Go on Linux"), ["Go"]);
    assert_eq!(found("python, go, c++"), ["python", "go", "c++"]);
}

#[test]
fn only_esco_concepts_have_an_address() {
    let text = "python in Go";
    let named: Vec<_> = lexicon()
        .mentions(&words::words(text), false)
        .iter()
        .map(|mention| lexicon().named(mention, text))
        .collect();
    assert_eq!(
        named,
        [
            (
                "Python".to_owned(),
                Some("http://data.europa.eu/esco/skill/ccd0".to_owned())
            ),
            ("Go".to_owned(), None),
        ]
    );
}

#[test]
fn a_broken_file_says_why() {
    let parse = |text| Lexicon::parse(text, Weights::default(), Language::default());
    assert!(parse("").is_err());
    let error = parse("one column").unwrap_err();
    assert!(error.contains("line 1"), "{error}");
    let missing = Lexicon::open(Path::new("/nonexistent")).unwrap_err();
    assert!(missing.to_string().contains("skills.tsv.zst"), "{missing}");
}

static REAL: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("models")).unwrap());
const ALIASES: &str = include_str!("../../../scripts/skills/aliases.tsv");

/// The skills of the table with all their names, without those that a comma or bracket separates.
fn aliases() -> impl Iterator<Item = Vec<&'static str>> {
    let rows = ALIASES
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    rows.map(|row| {
        let names = row.split(['\t', '|']).map(|name| name.trim_start_matches('^'));
        let whole = |name: &&str| {
            let words = words::words(name);
            !name.is_empty() && !name.contains('(') && words.iter().skip(1).all(|word| word.gap != words::Gap::Break)
        };
        names.filter(whole).collect()
    })
}

/// The skill that is named by exactly this part of a text.
fn skill_at(text: &str, name: &str, list: bool) -> Option<Mention> {
    let start = text.find(name).unwrap();
    let found = REAL.every_mention(&words::words(text), list).into_iter();
    let mut found = found.filter(|mention| mention.bytes == (start..start + name.len()));
    found.next()
}

#[test]
fn every_alias_names_the_same_skill_everywhere() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for names in aliases() {
        let mut skills = Vec::new();
        for name in names {
            let plural = name.ends_with('s') && name[..name.len() - 1].chars().all(char::is_uppercase);
            let upper = if plural { name.to_owned() } else { name.to_uppercase() };
            let mut texts = vec![
                (format!("Qux, {name}, Quux"), name, true),
                (format!("programming with {name} for years"), name, false),
                (format!("programming with {upper} for years"), upper.as_str(), false),
            ];
            // Names in small letters are everyday words only in the table's own case.
            if name.len() == 1 {
                texts.remove(0);
            }
            for (text, name, list) in texts {
                count += 1;
                match skill_at(&text, name, list) {
                    Some(mention) => skills.push((mention.skill, name.to_owned())),
                    None => wrong.push(text),
                }
            }
        }
        if let Some((first, _)) = skills.first().cloned() {
            wrong.extend(
                skills
                    .into_iter()
                    .filter(|(skill, _)| *skill != first)
                    .map(|(_, name)| name),
            );
        }
    }
    assert!(count > 2_000);
    assert!(wrong.is_empty(), "{} of {count}: {wrong:?}", wrong.len());
}

#[test]
fn an_acronym_in_small_letters_is_a_word() {
    let mut acronyms = 0;
    for name in aliases().flatten() {
        let text = format!("programming with {name} for years");
        let Some(Mention {
            skill, acronym: true, ..
        }) = skill_at(&text, name, false)
        else {
            continue;
        };
        acronyms += 1;
        let lower = name.to_lowercase();
        let text = format!("programming with {lower} for years");
        let found = skill_at(&text, &lower, false);
        assert!(found.is_none_or(|mention| mention.skill != skill), "{text}");
    }
    assert!(acronyms > 100, "{acronyms}");
}

/// The names of the skills that the classifier keeps.
fn names(text: &str) -> Vec<String> {
    let mentions = REAL.mentions(&words::words(text), false);
    mentions.iter().map(|mention| REAL.named(mention, text).0).collect()
}

#[test]
fn other_names_and_versions_are_one_skill() {
    for (one, other) in [
        ("K8s", "Kubernetes"),
        ("Golang", "Go"),
        ("dotnet", ".NET 8"),
        ("GCP", "Google Cloud Platform"),
        ("PowerBI", "Power BI"),
        ("CSS3", "CSS"),
        ("HTML5", "HTML"),
        ("CI/CD", "continuous integration"),
        ("PMP", "Project Management Professional"),
        ("ACLS", "Advanced Cardiovascular Life Support"),
        ("EMR", "electronic health records"),
        ("electronic patient record", "EHRs"),
        ("MS Excel", "Excel"),
        ("Postgres", "PostgreSQL"),
        ("Java17", "Java 17"),
        ("Python3", "Python"),
        ("PLCs", "PLC"),
        ("FLT", "forklift"),
        ("LGV", "HGVs"),
    ] {
        let skill = |name: &str| skill_at(&format!("work with {name} daily"), name, false).map(|mention| mention.skill);
        assert!(skill(one).is_some(), "{one}");
        assert_eq!(skill(one), skill(other), "{one} and {other}");
    }
    for (one, other) in [
        ("Java", "JavaScript"),
        ("C", "C++"),
        ("C++", "C#"),
        ("C", "R"),
        (".NET", "C#"),
        ("LMSW", "LCSW"),
        ("ACLS", "ACL"),
        ("React", "React Native"),
    ] {
        let skill =
            |name: &str| skill_at(&format!("programming with {name} daily"), name, false).map(|mention| mention.skill);
        assert_ne!(skill(one), skill(other), "{one} and {other}");
    }
}

#[test]
fn labels_are_what_a_person_says() {
    for (text, label) in [
        ("Programming in C", "C"),
        ("Experience with CSS3", "CSS"),
        ("Experience with CSS", "CSS"),
        ("PMP certification", "PMP"),
        ("Experience with Java 17", "Java"),
        ("Managed a marketing plan", "marketing plan"),
        ("Nurse with ACLS", "ACLS"),
        ("Experience with GAAP", "GAAP"),
    ] {
        assert!(
            names(text).iter().any(|name| name == label),
            "{text}: {:?}",
            names(text)
        );
    }
}

#[test]
fn common_words_and_halves_of_names_are_not_skills() {
    for text in [
        "He or she must be able to lift 50 pounds.",
        "Drive far and wide",
        "Office in Los Angeles",
        "You excel at it; she excels too",
        "Taught in Spring 2019 and Fall 2019",
        "We did it and he Ran the shop",
        "Researcher at Lim Lab",
        "Cut p99 by half",
        "R&D department of nine people",
        "Go to the shop and write a go-to-market text",
        "vitamin C and hepatitis C",
        "C-level",
        "grade C or above",
        "R. Smith was my boss",
        "B and D",
    ] {
        assert_eq!(names(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn languages_named_by_a_letter_are_told_apart() {
    for (text, labels) in [
        ("Experience with C/C++ and R", &["C", "C++", "R"][..]),
        ("Programming in C and statistics in R", &["C", "R"]),
        (
            "Built C#/.NET services in Java beside JavaScript",
            &["C#", ".NET", "Java", "JavaScript"],
        ),
    ] {
        let found = REAL.every_mention(&words::words(text), false);
        let found: Vec<_> = found.iter().map(|mention| REAL.named(mention, text).0).collect();
        for label in labels {
            assert!(found.iter().any(|name| name == label), "{text}: {found:?}");
        }
    }
}
