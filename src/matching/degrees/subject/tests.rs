use std::collections::HashSet;

use super::super::fields::{BROAD, FILE, OTHER};
use super::*;

fn codes(subjects: &Subjects) -> Vec<&str> {
    let mut fields = subjects.fields.clone();
    fields.dedup();
    fields
}

/// The subjects of the first degree of a line of a resume.
fn of_resume(sentence: &str, below: &[&str]) -> Subjects {
    let degree = find(sentence, true).remove(0);
    held(sentence, &degree, below.iter().copied())
}

#[test]
fn every_field_is_named_once_and_every_code_is_known() {
    let mut names = HashSet::new();
    let codes: HashSet<&str> = FILE.fields.iter().map(|row| &*row.code).collect();
    assert_eq!(codes.len(), FILE.fields.len());
    for row in &FILE.fields {
        assert!((2..=5).contains(&row.code.len()) && row.code.bytes().all(|byte| byte.is_ascii_digit()));
        for name in row.names.iter().chain(&row.degrees) {
            assert!(names.insert(name.to_lowercase()), "{name} twice");
        }
    }
    let paired = FILE.neighbours.iter().flat_map(|(one, other)| [one, other]);
    for code in paired.chain(&FILE.professions) {
        assert!(codes.contains(&**code), "{code}");
    }
}

#[test]
fn the_subjects_that_a_posting_accepts_are_read() {
    let mut wrong = Vec::new();
    for (sentence, want, related) in [
        ("Bachelor's degree in Nursing required", &["0913"][..], false),
        ("BSN required", &["0913"], false),
        ("BSN or MSN from an accredited college", &["0913"], false),
        (
            "Bachelor's degree in Computer Science, Engineering or a related field",
            &["0613", "07"],
            true,
        ),
        (
            "Degree in accounting, finance or similar with 5 years of experience in marketing",
            &["0411", "0412"],
            true,
        ),
        ("Bachelor of Science in Mechanical Engineering", &["0715"], false),
        ("BS/MS in Physics", &["0533"], false),
        ("An accounting or finance degree", &["0411", "0412"], false),
        ("We want strong communication and a university degree", &[], false),
        (
            "Bachelor's degree, strong communication skills and an eye for design",
            &[],
            false,
        ),
        ("Bachelor's degree required", &[], false),
        ("Bachelor of Science degree", &[], false),
        ("Bachelor's degree (or equivalent) in Social Work", &["0923"], false),
        ("Degree in a relevant subject", &[], true),
        ("Degree in any discipline, law conversion course completed", &[], false),
        (
            "Bachelor's degree in Nursing or Master's degree in Public Health",
            &["0913", "09122"],
            false,
        ),
        ("Master's degree in IT", &["061"], false),
        ("It is a plus if you have a degree", &[], false),
        ("LLB or equivalent", &["0421"], false),
        ("High school diploma; business experience", &[], false),
        (
            "University degree in Business, Finance or Accounting, or a qualification such as ACCA or similar",
            &["041", "0412", "0411"],
            false,
        ),
        ("Diploma in Early Childhood Education", &["0112"], false),
        (
            "Bachelor's or Master's degree in Economics; knowledge of law",
            &["0311"],
            false,
        ),
        (
            "You hold a degree in civil or structural engineering.",
            &["0732"],
            false,
        ),
    ] {
        let found = asked(sentence);
        if codes(&found) != want || found.related != related {
            wrong.push(format!("{sentence}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_subjects_of_a_held_degree_are_read() {
    let mut wrong = Vec::new();
    for (sentence, below, want) in [
        (
            "BSc (Hons) Accounting and Finance, University of Leeds, 2012",
            &[][..],
            &["0411", "0412"][..],
        ),
        ("Bachelor of Science in Nursing, Lanewick College", &[], &["0913"]),
        (
            "Bachelor of Science, Lanewick University",
            &["Physics", "2014"],
            &["0533"],
        ),
        ("Bachelor of Science, Lanewick School of Economics", &[], &[]),
        ("B.Tech (CSE), 2016", &[], &["0613"]),
        ("B.Com, 2016", &[], &["041"]),
        ("Mechanical Engineering, BEng", &[], &["0715"]),
        ("MBA, Finance", &[], &["0412"]),
        ("B.E. Civil Engineering - University of Agriculture", &[], &["0732"]),
        ("MA History, 2010; BA English Literature, 2008", &[], &["0222"]),
        ("Bachelor of Fine Arts", &[], &["0213"]),
        ("NVQ Level 2 in Hairdressing", &[], &["1012"]),
        ("Master of Social Work", &[], &["0923"]),
        (
            "BSc, Lanewick University",
            &["Managed marketing, sales and the finance of a shop with twelve people"],
            &[],
        ),
    ] {
        let found = of_resume(sentence, below);
        if codes(&found) != want {
            wrong.push(format!("{sentence}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn credit_falls_with_distance() {
    let credit = |asking: &str, holding: &str| asked(asking).credit(&of_resume(holding, &[]));
    for (asking, holding, want) in [
        ("BSN required", "MSc Computer Science", Some(OTHER)),
        ("BSN required", "Bachelor of Science in Nursing", Some(1.0)),
        ("BSN required", "Bachelor of Pharmacy", Some(OTHER)),
        ("Degree in Computer Science", "BSc Information Technology", Some(NEAR)),
        ("Degree in Computer Science", "BA History", Some(OTHER)),
        (
            "Degree in Computer Science or a related field",
            "BSc Mathematics",
            Some(1.0),
        ),
        (
            "Degree in Computer Science or a related field",
            "BEng Civil Engineering",
            Some(NEAR),
        ),
        ("Degree in Civil Engineering", "BSc Electronics", Some(BROAD)),
        ("Degree in Engineering", "BEng Mechanical Engineering", Some(1.0)),
        ("Degree in Accounting", "BBA", Some(NEAR)),
        ("Degree in Zymurgy or Physics", "BA History", None),
        ("Degree in Zymurgy or Physics", "BSc Physics", Some(1.0)),
        ("Degree in Physics", "BSc, Lanewick University", None),
        ("Degree required", "BSc Physics", None),
        ("Degree in Law", "LLB, Lanewick", Some(1.0)),
    ] {
        assert_eq!(credit(asking, holding), want, "{asking} / {holding}");
    }
}
