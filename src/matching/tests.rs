//! The whole matcher, with vectors derived from words, so that properties can be tested on any text. `tests/it` tests
//! with the encoder that real pairs are ranked; the modules have their own tests.

mod evidence;
mod names;
mod properties;

use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

pub(super) const TODAY: Month = Month { year: 2026, month: 11 };

pub(super) static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("models")).unwrap());

pub(super) const ENGINEER: &str = include_str!("../../tests/data/matching/data-engineer.resume.md");
const NURSE: &str = include_str!("../../tests/data/matching/intensive-care-nurse.resume.txt");
pub(super) const CHEF: &str = include_str!("../../tests/data/matching/kitchen-manager.resume.txt");
pub(super) const ENGINEER_JOB: &str = include_str!("../../tests/data/matching/data-engineer.job.md");
pub(super) const NURSE_JOB: &str = include_str!("../../tests/data/matching/intensive-care-nurse.job.txt");
const CHEF_JOB: &str = include_str!("../../tests/data/matching/kitchen-manager.job.txt");
pub(super) const RESUMES: [&str; 3] = [ENGINEER, NURSE, CHEF];
pub(super) const JOBS: [&str; 3] = [ENGINEER_JOB, NURSE_JOB, CHEF_JOB];

/// Texts that share words have similar vectors.
pub(super) fn vector(text: &str) -> Vec<f32> {
    let mut vector = vec![0.0_f32; 384];
    for stem in words::stems(text) {
        let sign = if stem & (1 << 40) == 0 { 1.0 } else { -1.0 };
        vector[usize::try_from(stem % 384).unwrap()] += sign;
    }
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|x| *x /= length);
    }
    vector
}

pub(super) fn matched(resume: &str, job: &str) -> ResumeMatch {
    let plan = Plan::new(&LEXICON, resume, job, TODAY);
    let vectors: Vec<Vec<f32>> = plan.texts().iter().map(|text| vector(text)).collect();
    plan.score(&vectors).unwrap()
}

fn spans(result: &ResumeMatch) -> (Vec<&TextSpan>, Vec<&TextSpan>) {
    let skills = &result.skills;
    let resume = skills.matched.iter().flat_map(|skill| &skill.resume_spans);
    let job = skills.matched.iter().flat_map(|skill| &skill.job_spans);
    let job = job.chain(skills.missing.iter().flat_map(|skill| &skill.job_spans));
    let resume = resume.chain(result.requirements.iter().filter_map(|one| one.evidence.as_ref()));
    let resume = resume.chain(result.sections.iter().map(|section| &section.span));
    let resume = resume.chain(&result.redactions);
    let job = job.chain(result.requirements.iter().map(|one| &one.job_span));
    (
        resume
            .chain(result.resume_highlights.iter().map(|mark| &mark.span))
            .collect(),
        job.chain(result.job_highlights.iter().map(|mark| &mark.span)).collect(),
    )
}

fn assert_sound(result: &ResumeMatch, resume: &str, job: &str) {
    assert!((0.0..=1.0).contains(&result.score), "{}", result.score);
    let sum: f64 = result.components.iter().map(|part| part.contribution).sum();
    assert!((sum - result.score).abs() < 1e-6, "{sum} is not {}", result.score);
    for part in &result.components {
        assert!((0.0..=1.0).contains(&part.score), "{part:?}");
        assert!((part.score * part.weight - part.contribution).abs() < 1e-9, "{part:?}");
    }
    let weights: f64 = result.components.iter().map(|part| part.weight).sum();
    assert!(
        result.components.is_empty() || (weights - 1.0).abs() < 1e-9,
        "{weights}"
    );
    for gap in &result.skills.missing {
        assert!(
            gap.score_if_added >= result.score - 1e-12 && gap.score_if_added <= 1.0,
            "{gap:?}"
        );
    }
    for gap in &result.gaps {
        assert!(
            gap.score_if_added > result.score && gap.score_if_added <= 1.0,
            "{gap:?}"
        );
    }
    for one in &result.requirements {
        assert!((0.0..=1.0).contains(&one.similarity), "{one:?}");
        assert!(one.evidence.is_none() || one.similarity > 0.0, "{one:?}");
    }
    for skill in &result.skills.matched {
        assert!((0.5..=1.0).contains(&skill.similarity), "{skill:?}");
    }
    assert!(result.summary.contains("; the score is "), "{}", result.summary);
    let (in_resume, in_job) = spans(result);
    for (text, spans) in [(resume, in_resume), (job, in_job)] {
        let units: Vec<u16> = text.encode_utf16().collect();
        for span in spans {
            assert_eq!(String::from_utf16(&units[span.start..span.end]).unwrap(), span.text);
            assert!(!span.text.is_empty());
        }
    }
}

#[test]
fn the_result_shows_spans_of_both_texts() {
    let result = matched(ENGINEER, ENGINEER_JOB);
    assert_sound(&result, ENGINEER, ENGINEER_JOB);
    assert!(result.warnings.is_empty(), "{:?}", result.warnings);
    let kinds: Vec<ComponentKind> = result.components.iter().map(|part| part.kind).collect();
    use ComponentKind::{Education, Experience, Occupation, Requirements, Skills};
    assert_eq!(kinds, [Skills, Requirements, Experience, Education, Occupation]);
    let matched: Vec<&str> = result
        .skills
        .matched
        .iter()
        .map(|skill| skill.skill.label.as_str())
        .collect();
    // Kubernetes shows containers.
    for skill in ["Python", "SQL", "Terraform", "Kubernetes", "Snowflake", "containers"] {
        assert!(matched.contains(&skill), "{skill} in {matched:?}");
    }
    let missing: Vec<&str> = result
        .skills
        .missing
        .iter()
        .map(|gap| gap.skill.label.as_str())
        .collect();
    assert!(missing.contains(&"data quality"), "{missing:?}");
    // The resume names other products of their maker.
    for product in ["Apache Flink", "Apache Iceberg"] {
        assert!(missing.contains(&product), "{product} in {missing:?}");
    }
    let texts: Vec<&str> = result.requirements.iter().map(|one| one.text.as_str()).collect();
    assert!(texts.contains(&"Very good Python and SQL"), "{texts:?}");
    assert!(
        !texts
            .iter()
            .any(|text| text.contains("holiday") || text.contains("sixty people")),
        "{texts:?}"
    );
    let must = |text: &str| {
        result
            .requirements
            .iter()
            .find(|one| one.text == text)
            .map(|one| one.must_have)
    };
    assert_eq!(must("Very good Python and SQL"), Some(true));
    // A resume in English seldom says that its writer speaks it.
    assert_eq!(must("Clear written English"), None);
    assert_eq!(must("Experience with geospatial data"), Some(false));
}

#[test]
fn years_and_degrees_change_their_components() {
    let reason = |resume: &str, job: &str, kind| {
        let result = matched(resume, job);
        result
            .components
            .into_iter()
            .find(|part| part.kind == kind)
            .map(|part| (part.score, part.reason))
    };
    let (score, reason_text) = reason(ENGINEER, ENGINEER_JOB, ComponentKind::Experience).unwrap();
    assert!(score == 1.0 && reason_text.starts_with("11.2 years"), "{reason_text}");
    let (score, reason_text) = reason(NURSE, NURSE_JOB, ComponentKind::Education).unwrap();
    assert!(score == 1.0 && reason_text.contains("bachelor"), "{reason_text}");
    let (score, reason_text) = reason(CHEF, NURSE_JOB, ComponentKind::Education).unwrap();
    assert!(score < 1.0 && reason_text.contains("vocational"), "{reason_text}");
    assert!(
        reason(
            NURSE,
            "Cook soup every day for our guests and keep the kitchen clean and tidy.",
            ComponentKind::Education
        )
        .is_none()
    );
}

#[test]
fn years_degrees_titles_and_gaps_are_explained() {
    let result = matched(ENGINEER, ENGINEER_JOB);
    assert_eq!(result.experience.required_years, Some(5.0));
    assert!(result.experience.found_years.unwrap() > 9.0, "{:?}", result.experience);
    assert_eq!(result.education.found.as_deref(), Some("a master's degree"));
    assert_eq!(result.education.met, Some(true));
    assert_eq!(result.occupation.resume.as_deref(), Some("Senior Data Engineer"));
    assert_eq!(
        result.occupation.job.as_deref(),
        Some("Senior Data Engineer (Streaming)"),
        "without the heading's sign"
    );
    assert!(result.occupation.agreement.unwrap() > 0.5, "{:?}", result.occupation);
    let kinds: Vec<SectionKind> = result.sections.iter().map(|section| section.kind).collect();
    use SectionKind::{Education, Experience, Head, Skills, Summary};
    assert_eq!(kinds[..5], [Head, Summary, Experience, Skills, Education], "{kinds:?}");
    let blanked: Vec<&str> = result.redactions.iter().map(|span| span.text.as_str()).collect();
    for identity in ["Maren Holtby", "maren.holtby@example.org", "Maren"] {
        assert!(
            blanked.iter().any(|text| text.contains(identity)),
            "{identity} in {blanked:?}"
        );
    }

    let stranger = matched(CHEF, ENGINEER_JOB);
    let kinds: Vec<GapKind> = stranger.gaps.iter().map(|gap| gap.kind).collect();
    assert!(
        kinds.contains(&GapKind::Skill) && kinds.contains(&GapKind::Requirement),
        "{kinds:?}"
    );
    let unschooled = ENGINEER.split("## Education").next().unwrap();
    let unschooled = matched(unschooled, ENGINEER_JOB);
    assert_eq!(unschooled.education.met, Some(false), "{:?}", unschooled.education);
    let degree = unschooled.gaps.iter().find(|gap| gap.kind == GapKind::Degree).unwrap();
    let with: f64 = degree.score_if_added - unschooled.score;
    assert!((0.001..0.3).contains(&with), "{degree:?} for {}", unschooled.score);
    let order = |gap: &Gap| (gap.required, gap.score_if_added);
    assert!(stranger.gaps.is_sorted_by(|a, b| order(a) >= order(b)));
}

#[test]
fn identity_does_not_reach_the_encoder_or_the_score() {
    let swaps: [&[(&str, &str)]; 3] = [
        &[
            ("Maren Holtby", "Nguyễn Văn Anh"),
            ("Maren has", "Anh has"),
            ("Leeds, United Kingdom", "Hà Nội, Việt Nam"),
            ("maren.holtby@example.org", "a@example.vn"),
            ("+44 113 496 0182", "+84 24 5555 0199"),
            ("linkedin.com/in/maren-holtby-example", "linkedin.com/in/anh"),
        ],
        &[
            ("Tobias Anselm Okoro", "Siobhán O'Neill"),
            ("He is known", "She is known"),
            ("84 Alder Court, Columbus, OH 43215", "1 Rue de la Paix, Lyon"),
            ("(614) 555-0147", "+33 4 55 55 01 01"),
            ("t.okoro@example.com", "siobhan@example.fr"),
            ("14 July 1990", "2 May 1961"),
        ],
        &[
            ("Giulia Ferrante-Moss", "JOHN P. SMITH"),
            ("She writes", "They write"),
            ("22 Quay Street, Cork T12", "9 High Road, London E1"),
            ("giulia.fm@example.net", "js@example.co.uk"),
            ("021 555 0136", "020 7946 0000"),
        ],
    ];
    // "They write" differs from "She writes" in grammar too, which does not identify anyone.
    let grammar = [("They write", "She write"), ("She writes", "She write")];
    for ((resume, job), swaps) in RESUMES.into_iter().zip(JOBS).zip(swaps) {
        let mut other = resume.to_owned();
        for (mine, theirs) in swaps {
            assert!(resume.contains(mine), "{mine}");
            other = other.replace(mine, theirs);
        }
        let [mine, theirs] = [resume, &other].map(|text| {
            let text = grammar
                .iter()
                .fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
            let plan = Plan::new(&LEXICON, &text, job, TODAY);
            for (mine, theirs) in swaps {
                for word in [mine, theirs]
                    .iter()
                    .flat_map(|text| text.split_whitespace())
                    .filter(|word| word.len() > 6)
                {
                    assert!(
                        !plan.texts().iter().any(|text| text.contains(word)),
                        "{word} is encoded"
                    );
                }
            }
            let found = matched(&text, job);
            let letters = [Audience::Candidate, Audience::Recruiter].map(|audience| found.explain(audience));
            (plan.texts().to_vec(), found.score, letters)
        });
        assert_eq!(mine, theirs);
    }
}

#[test]
fn closing_a_gap_gives_the_predicted_score() {
    let before = matched(CHEF, NURSE_JOB);
    let gap = &before.skills.missing[0];
    assert!(gap.score_if_added > before.score);
    let work = format!(
        "- Worked with {} every day and taught it.\n- Lead a",
        gap.job_spans[0].text
    );
    let after = matched(&CHEF.replace("- Lead a", &work), NURSE_JOB);
    // The added words may be evidence for a requirement, so the gain can be higher; it can be lower only by the effect
    // of one sentence on the similarity of the occupations.
    assert!(
        after.score >= gap.score_if_added - 0.01,
        "{} {}",
        after.score,
        gap.score_if_added
    );
}

pub(super) fn any_text() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        "\\PC{0,20}",
        "[ \\n\\r\\t•*#:;,.|@+()-]{1,6}",
        Just("\nSkills\n".to_owned()),
        Just("Requirements:\n- ".to_owned()),
        Just("Python, Rust 🦀 and SQL".to_owned()),
        Just("at least 5+ years' experience".to_owned()),
        Just("Jan 2019 – present".to_owned()),
        Just("Master’s degree".to_owned()),
        Just("Mr. Łukasz Ω, aged 34, born in Ж".to_owned()),
        Just("Software Engineer".to_owned()),
        Just("you must have knowledge of 漢字 and kitchens".to_owned()),
        Just("👩‍🍳 cooked für 👨‍👩‍👧 e\u{301}tages".to_owned()),
    ];
    proptest::collection::vec(pieces, 0..30).prop_map(|pieces| pieces.concat())
}

#[test]
fn the_head_names_every_module_once() {
    let source = include_str!("../matching.rs");
    let rows = source.lines().filter_map(|line| line.strip_prefix("//! |")).skip(2);
    let mut named: Vec<&str> = rows.flat_map(|row| row.split('`').skip(1).step_by(2)).collect();
    let declared = |line: &'static str| line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';');
    let mut modules: Vec<&str> = source
        .lines()
        .filter_map(declared)
        .filter(|name| *name != "tests")
        .collect();
    named.sort_unstable();
    modules.sort_unstable();
    assert_eq!(
        named, modules,
        "the table at the head of src/matching.rs and its modules"
    );
}
