//! The letter of matches of whole texts, and of generated matches. That it reads well is not tested.

use std::collections::HashSet;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::super::tests::{CHEF, ENGINEER, ENGINEER_JOB, JOBS, NURSE_JOB, RESUMES, any_text, matched};
use super::*;
use crate::matching::TextSpan;
use crate::matching::result::{Gap, GapKind, RequirementKind, RequirementMatch, Skill, SkillMatch};

const AUDIENCES: [Audience; 2] = [Audience::Candidate, Audience::Recruiter];

/// The numbers of a text, each the longest run of digits with points in it.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_numeric() || c == '.'))
        .map(|run| run.trim_matches('.'))
        .filter(|run| !run.is_empty())
}

/// Every number of the match, as it is printed.
fn known(found: &ResumeMatch) -> HashSet<String> {
    fn collect(value: &serde_json::Value, known: &mut HashSet<String>) {
        use serde_json::Value;
        match value {
            Value::Number(number) => {
                let number = number.as_f64().unwrap();
                known.extend([format!("{number:.2}"), format!("{number:.1}"), format!("{number}")]);
            }
            Value::String(text) => known.extend(numbers(text).map(str::to_owned)),
            Value::Array(all) => all.iter().for_each(|value| collect(value, known)),
            Value::Object(all) => all.values().for_each(|value| collect(value, known)),
            Value::Null | Value::Bool(_) => {}
        }
    }
    let mut all = HashSet::new();
    collect(&serde_json::to_value(found).unwrap(), &mut all);
    all
}

fn assert_numbers_known(found: &ResumeMatch) {
    let known = known(found);
    for audience in AUDIENCES {
        let letter = found.explain(audience);
        for number in numbers(&letter) {
            assert!(known.contains(number), "{number} in {letter}");
        }
        assert!(!letter.contains("\n\n\n") && letter.ends_with('\n'), "{letter}");
    }
}

/// Whether the letter has the text as words of their own.
fn has(letter: &str, text: &str) -> bool {
    letter.match_indices(text).any(|(at, _)| {
        let before = letter[..at].chars().next_back();
        let after = letter[at + text.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[test]
fn every_number_is_one_of_the_match_and_no_blanked_text_appears() {
    for (resume, job) in RESUMES.into_iter().flat_map(|resume| JOBS.map(|job| (resume, job))) {
        let found = matched(resume, job);
        assert_numbers_known(&found);
        assert!(!found.redactions.is_empty());
        for letter in AUDIENCES.map(|audience| found.explain(audience)) {
            for blanked in &found.redactions {
                assert!(!has(&letter, &blanked.text), "{:?} in {letter}", blanked.text);
            }
        }
    }
}

/// The places of these texts in the letter, all of which it has.
fn places(letter: &str, texts: &[&str]) -> Vec<usize> {
    let place = |text: &&str| letter.find(*text).unwrap_or_else(|| panic!("{text} in {letter}"));
    texts.iter().map(place).collect()
}

#[test]
fn the_parts_of_a_letter_are_in_order() {
    let found = matched(CHEF, NURSE_JOB);
    for audience in AUDIENCES {
        let phrases = Phrases::of(audience);
        let letter = found.explain(audience);
        let parts = places(
            &letter,
            &[
                &format!("{:.2}", found.score),
                phrases.no_decision,
                phrases.counted,
                phrases.musts_missing,
                phrases.others_missing,
                phrases.not_compared,
                phrases.correction,
            ],
        );
        assert!(parts.is_sorted(), "{parts:?} {letter}");
        for part in &found.components {
            assert!(letter.contains(&part.reason), "{letter}");
        }
        // Musts come first, and each other point is below its heading.
        let (musts, others) = letter.split_once(phrases.others_missing).unwrap();
        let musts = musts.split_once(phrases.musts_missing).unwrap().1;
        let first = |required: bool| found.gaps.iter().find(|gap| gap.required == required).unwrap();
        assert!(musts.contains(&clipped(&first(true).text)), "{letter}");
        assert!(others.contains(&clipped(&first(false).text)), "{letter}");
    }
}

#[test]
fn a_must_have_that_is_shown_is_quoted_with_its_sentence() {
    let found = matched(ENGINEER, ENGINEER_JOB);
    let shown = found.requirements.iter().filter(|one| one.must_have && one.met);
    let mut quoted = 0;
    for one in shown {
        let Some(evidence) = &one.evidence else { continue };
        quoted += 1;
        for letter in AUDIENCES.map(|audience| found.explain(audience)) {
            let line = letter.lines().find(|line| line.contains(&quote(&clipped(&one.text))));
            let start: String = clipped(&evidence.text).chars().take(20).collect();
            assert!(line.is_some_and(|line| line.contains(&start)), "{start} {letter}");
        }
    }
    assert!(quoted > 0);
}

#[test]
fn each_audience_is_addressed_in_its_person() {
    let found = matched(CHEF, NURSE_JOB);
    let candidate = found.explain(Audience::Candidate);
    let recruiter = found.explain(Audience::Recruiter);
    let of_letter = |letter: &str| -> String {
        let lines = letter.lines().filter(|line| !line.starts_with("- "));
        lines.collect::<Vec<_>>().join("\n")
    };
    assert!(has(&of_letter(&candidate), "your resume") && has(&of_letter(&candidate), "you could add"));
    assert!(!of_letter(&candidate).contains("candidate"));
    assert!(of_letter(&recruiter).contains("the candidate"));
    for letter in [&candidate, &recruiter] {
        // A resume may have had a pronoun blanked.
        for pronoun in [
            "he", "she", "they", "He", "She", "They", "his", "her", "their", "Mr", "Ms",
        ] {
            assert!(!has(&of_letter(letter), pronoun), "{pronoun} in {letter}");
        }
    }
    for person in ["you", "your", "You", "Your"] {
        assert!(!has(&of_letter(&recruiter), person), "{recruiter}");
    }
    assert!(recruiter.len() < candidate.len());
}

#[test]
fn a_quotation_is_cut_where_the_resume_was_blanked() {
    let span = |start: usize, end: usize, text: &str| TextSpan {
        start,
        end,
        text: text.to_owned(),
    };
    let text = "\u{1f600} Ann Lee led the ward with Ann Lee's team";
    let whole = span(10, 10 + text.encode_utf16().count(), text);
    let visible = |blanked: &[TextSpan]| quotation::visible(&whole, blanked);
    assert_eq!(visible(&[]).as_deref(), Some(text));
    let both = [span(13, 20, "Ann Lee"), span(39, 46, "Ann Lee")];
    assert_eq!(visible(&both).as_deref(), Some("led the ward with ... team"));
    // Overlapping, beyond both ends, and out of order.
    assert_eq!(
        visible(&[span(30, 99, ""), span(0, 20, "")]).as_deref(),
        Some("led the w")
    );
    assert_eq!(visible(&[span(0, 99, "")]), None);
}

fn gap(kind: GapKind, text: &str) -> Gap {
    Gap {
        id: String::new(),
        kind,
        text: text.to_owned(),
        required: true,
        score_if_added: 0.5,
    }
}

#[test]
fn headings_and_empty_words_are_not_gaps() {
    let mut found = matched(CHEF, ENGINEER_JOB);
    found.gaps = vec![
        gap(GapKind::Requirement, "Strong"),
        gap(GapKind::Requirement, "Excellent, proven"),
        gap(GapKind::Requirement, "What we ask for:"),
        gap(GapKind::Skill, "Welding"),
        gap(GapKind::Skill, "C"),
        gap(GapKind::Requirement, "Three years of welding"),
    ];
    found.requirements.clear();
    for audience in AUDIENCES {
        let letter = found.explain(audience);
        let list = letter.split_once(Phrases::of(audience).musts_missing).unwrap().1;
        let list = list.trim_start().split("\n\n").next().unwrap();
        let items: Vec<&str> = list.lines().filter_map(|line| line.split('"').nth(1)).collect();
        assert_eq!(items, ["C", "Three years of welding"], "{letter}");
    }
}

#[test]
fn a_skill_of_a_missing_line_is_told_once() {
    let mut found = matched(CHEF, ENGINEER_JOB);
    let span = |start: usize, text: &str| TextSpan {
        start,
        end: start + text.len(),
        text: text.to_owned(),
    };
    let line = span(100, "Weld frames and pipes for boats");
    found.requirements.truncate(1);
    found.requirements[0].text.clone_from(&line.text);
    found.requirements[0].job_span = line.clone();
    found.requirements[0].must_have = true;
    found.requirements[0].met = false;
    found.skills.missing.truncate(1);
    found.skills.missing[0].skill.label = "welding frames".to_owned();
    found.skills.missing[0].job_spans = vec![span(100, "Weld frames")];
    let skill = gap(GapKind::Skill, "welding frames");
    let requirement = gap(GapKind::Requirement, &line.text);
    for (gaps, wanted) in [
        (vec![requirement, skill.clone()], line.text.as_str()),
        (vec![skill], "welding frames"),
    ] {
        found.gaps = gaps;
        let points = Points::of(&found);
        let told: Vec<&str> = points.musts_missing.iter().map(|point| point.text.as_str()).collect();
        assert_eq!(told, [wanted]);
    }
}

#[test]
fn a_match_of_nothing_has_a_letter() {
    let found = matched("", "");
    for letter in AUDIENCES.map(|audience| found.explain(audience)) {
        assert!(letter.starts_with("Nothing of "), "{letter}");
        assert!(letter.contains(&found.warnings[0]), "{letter}");
    }
}

fn any_span(resume: &'static str) -> impl Strategy<Value = TextSpan> {
    let units: Vec<u16> = resume.encode_utf16().collect();
    (0..units.len(), 0..200_usize).prop_map(move |(start, length)| {
        let end = (start + length).min(units.len());
        TextSpan {
            start,
            end,
            text: String::from_utf16_lossy(&units[start..end]),
        }
    })
}

fn any_requirement() -> impl Strategy<Value = RequirementMatch> {
    let span = proptest::option::of(any_span(ENGINEER));
    ("\\PC{0,300}", any::<bool>(), any::<bool>(), 0.0..1.0, span).prop_map(
        |(text, must_have, met, similarity, evidence)| RequirementMatch {
            job_span: TextSpan {
                start: 0,
                end: 0,
                text: text.clone(),
            },
            text,
            kind: if must_have {
                RequirementKind::MustHave
            } else {
                RequirementKind::Duty
            },
            must_have,
            met,
            similarity,
            evidence,
        },
    )
}

fn any_gap() -> impl Strategy<Value = Gap> {
    let kind = prop_oneof![
        Just(GapKind::Skill),
        Just(GapKind::Requirement),
        Just(GapKind::Years),
        Just(GapKind::Degree)
    ];
    (kind, "\\PC{0,300}", any::<bool>(), 0.0..1.0).prop_map(|(kind, text, required, score_if_added)| Gap {
        id: String::new(),
        kind,
        text,
        required,
        score_if_added,
    })
}

static FOUND: LazyLock<ResumeMatch> = LazyLock::new(|| matched(ENGINEER, ENGINEER_JOB));

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_letter_of_any_texts_has_their_numbers_only(resume in any_text(), job in any_text()) {
        assert_numbers_known(&matched(&resume, &job));
    }

    #[test]
    fn the_letter_of_any_match_has_its_numbers_only(
        requirements in proptest::collection::vec(any_requirement(), 0..30),
        gaps in proptest::collection::vec(any_gap(), 0..30),
        labels in proptest::collection::vec("\\PC{0,40}", 0..30),
        redactions in proptest::collection::vec(any_span(ENGINEER), 0..10),
        score in 0.0..1.0,
    ) {
        let mut found = FOUND.clone();
        let skill = |label: String| SkillMatch {
            skill: Skill { label, uri: None },
            similarity: 1.0,
            required: true,
            resume_spans: Vec::new(),
            job_spans: Vec::new(),
        };
        found.skills.matched = labels.into_iter().map(skill).collect();
        found.score = score;
        found.requirements = requirements;
        found.gaps = gaps;
        found.redactions = redactions;
        // A number that is cut in two by a redaction is not one of the match.
        let whole = |text: &str| !text.chars().any(char::is_numeric);
        for one in &mut found.requirements {
            one.evidence = one.evidence.take().filter(|span| whole(&span.text));
        }
        assert_numbers_known(&found);
        for one in found.requirements.iter().filter_map(|one| one.evidence.as_ref()) {
            let quoted = quotation::visible(one, &found.redactions).unwrap_or_default();
            let inside = found.redactions.iter().filter(|other| one.start <= other.start && other.end <= one.end);
            for blanked in inside.map(|other| one_line(&other.text)) {
                // Pieces that occur elsewhere in the text may be quoted from there.
                let elsewhere = one_line(ENGINEER).matches(&blanked).count() != 1;
                prop_assert!(elsewhere || !quoted.contains(&blanked), "{blanked} in {quoted}");
            }
        }
    }
}

/// A licence of a higher class shows a lower one, and what a degree takes the place of is not missing.
#[test]
fn licences_that_are_shown_or_replaced_are_not_missing() {
    let resume = "Experience\nTeller, Oak Bank, 2015 - 2024\n- Sold loans, ACLS since 2020\n\nEducation\nBachelor of Science in \
                  Accounting, 2014\n";
    let job =
        "Clerk\n\nRequirements\n- BLS certification\n- Bachelor's degree in accounting or CPA\n- PMP certification\n";
    let found = matched(resume, job);
    let letter = found.explain(Audience::Recruiter);
    let [shown, missing] = places(&letter, &["certificates shown:", "certificates not found:"])[..] else {
        panic!("{letter}");
    };
    assert!(letter[shown..missing].contains("Basic Life Support (BLS)"), "{letter}");
    assert!(
        letter[missing..].contains("Project Management Professional"),
        "{letter}"
    );
    assert!(!letter[missing..].contains("Basic Life Support"), "{letter}");
    assert!(!letter[missing..].contains("Certified Public Accountant"), "{letter}");
}

/// Wherever the posting names the licence first, a line that asks for it and is met shows it.
#[test]
fn licences_of_lines_that_are_met_are_not_missing() {
    let resume = "Experience\nTeller, Oak Bank, 2015 - 2024\n- Sold loans, BLS since 2020\n";
    let job = "Clerk\n\nRequirements\n- BLS certification\n- PMP certification\n";
    let mut found = matched(resume, job);
    assert!(found.requirements[0].met && !found.requirements[1].met);
    for one in &mut found.credentials {
        one.resume_span = None;
        if let Some(span) = &mut one.job_span {
            (span.start, span.end) = (0, 1);
        }
    }
    let letter = found.explain(Audience::Recruiter);
    let [missing] = places(&letter, &["certificates not found:"])[..] else {
        panic!("{letter}");
    };
    assert!(!letter[missing..].contains("Basic Life Support"), "{letter}");
    assert!(
        letter[missing..].contains("Project Management Professional"),
        "{letter}"
    );
}
