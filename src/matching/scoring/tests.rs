//! Settings of a score on the shipped lexicon. `tests/it/matching.rs` tests them over GraphQL.

use proptest::prelude::*;

use super::super::evidence::Pair;
use super::super::score::total;
use super::super::tests::{ENGINEER, ENGINEER_JOB, JOBS, LEXICON, RESUMES, TODAY, vector};
use super::*;
use crate::inference::Text;
use crate::matching::result::{ComponentKind, ResumeMatch};
use crate::matching::{Plan, Resume};

fn weighted(weights: ComponentWeights) -> ScoringOptions {
    ScoringOptions {
        weights,
        ..ScoringOptions::default()
    }
}

fn set(overrides: &[(&str, bool)]) -> ScoringOptions {
    let must_have = overrides.iter().map(|(text, must_have)| MustHave {
        text: (*text).to_owned(),
        must_have: *must_have,
    });
    ScoringOptions {
        must_have: must_have.collect(),
        ..ScoringOptions::default()
    }
}

fn matched(resume: &str, job: &str, options: &ScoringOptions) -> Result<ResumeMatch, ScoringError> {
    let scoring = Scoring::new(&LEXICON, options)?;
    let mut job = Job::read(&LEXICON, job);
    scoring.apply(&mut job)?;
    let resume = Resume::read(&LEXICON, resume, TODAY);
    let plan = Plan::of(&LEXICON, Arc::new(resume), Arc::new(job)).weighted(&scoring);
    let vectors: Vec<Vec<f32>> = plan.texts().iter().map(|text| vector(text)).collect();
    let found = plan.score(&vectors).unwrap();
    assert_eq!(found.weights.digest, scoring.digest());
    Ok(found)
}

fn sum(weights: &MatchWeights) -> f64 {
    weights.skills + weights.requirements + weights.experience + weights.education + weights.occupation
}

#[test]
fn without_settings_the_shipped_ones_are_in_force() {
    let shipped = matched(ENGINEER, ENGINEER_JOB, &ScoringOptions::default()).unwrap();
    let plan = Plan::new(&LEXICON, ENGINEER, ENGINEER_JOB, TODAY);
    let vectors: Vec<Vec<f32>> = plan.texts().iter().map(|text| vector(text)).collect();
    assert_eq!(plan.score(&vectors).unwrap(), shipped);
    assert!((sum(&shipped.weights) - 1.0).abs() < 1e-9, "{:?}", shipped.weights);
    assert_eq!(shipped.weights.digest.len(), 64);
    let parts = &LEXICON.weights.components;
    let thrice = ComponentWeights {
        skills: Some(3.0 * parts.skills),
        requirements: Some(3.0 * parts.requirements),
        experience: Some(3.0 * parts.experience),
        education: Some(3.0 * parts.education),
        occupation: Some(3.0 * parts.occupation),
    };
    assert_eq!(matched(ENGINEER, ENGINEER_JOB, &weighted(thrice)).unwrap(), shipped);
}

#[test]
fn weights_change_the_score_and_the_digest() {
    let with = |weights| matched(ENGINEER, ENGINEER_JOB, &weighted(weights)).unwrap();
    let only_skills = ComponentWeights {
        skills: Some(7.0),
        requirements: Some(0.0),
        experience: Some(-0.0),
        education: Some(0.0),
        occupation: Some(0.0),
    };
    let found = with(only_skills);
    let [only] = &found.components[..] else {
        panic!("{:?}", found.components)
    };
    assert_eq!(only.kind, ComponentKind::Skills);
    assert_eq!((only.weight, found.weights.skills), (1.0, 1.0));
    let zeros = ComponentWeights {
        experience: Some(0.0),
        ..only_skills
    };
    assert_eq!(with(zeros).weights, found.weights);
    // What is left out keeps the shipped weight.
    let less = with(ComponentWeights {
        skills: Some(0.0),
        ..ComponentWeights::default()
    });
    assert_eq!(less.weights.skills, 0.0);
    assert!(less.weights.occupation > less.weights.education && (sum(&less.weights) - 1.0).abs() < 1e-9);
    let shipped = with(ComponentWeights::default());
    let digests = [&found, &less, &shipped].map(|found| found.weights.digest.as_str());
    assert!(digests[0] != digests[1] && digests[1] != digests[2] && digests[0] != digests[2]);
}

#[test]
fn the_digest_covers_thresholds() {
    let mut weights = Weights::clone(&LEXICON.weights);
    let shipped = in_force(&weights, &[]);
    weights.requirements.met += 0.01;
    let other = in_force(&weights, &[]);
    assert_ne!(shipped.digest, other.digest);
    assert_eq!(shipped.skills, other.skills);
}

#[test]
fn invalid_weights_are_refused() {
    for wrong in [-0.1, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1000.1] {
        let weights = ComponentWeights {
            education: Some(wrong),
            ..ComponentWeights::default()
        };
        let error = Scoring::new(&LEXICON, &weighted(weights)).unwrap_err();
        assert_eq!(error.to_string(), "weights.education: 0 to 1000 is allowed", "{wrong}");
    }
    let zeros = ComponentWeights {
        skills: Some(0.0),
        requirements: Some(0.0),
        experience: Some(0.0),
        education: Some(0.0),
        occupation: Some(0.0),
    };
    assert_eq!(
        Scoring::new(&LEXICON, &weighted(zeros)).unwrap_err(),
        ScoringError::AllZero
    );
    let many = vec![("SQL", true); MAX_OVERRIDES + 1];
    assert!(matches!(
        Scoring::new(&LEXICON, &set(&many)),
        Err(ScoringError::TooManyOverrides { .. })
    ));
}

const POSTING: &str = "Cook\n\nRequirements\n- Knife skills on fish and meat every day\n- Must write menus in French\n- \
                       Python\n\nNice to have\n- Experience in a hotel kitchen with many guests\n";
const RESUME: &str = "Ann Walker\n\nExperience\nTuned pianos for a concert hall and repaired their frames and strings for ten \
                      years, in workshops and on stage, for orchestras and for schools in the whole county.\n";

#[test]
fn must_haves_are_set_by_text_or_label() {
    let before = matched(RESUME, POSTING, &ScoringOptions::default()).unwrap();
    let must = |found: &ResumeMatch| -> Vec<bool> { found.requirements.iter().map(|one| one.must_have).collect() };
    assert_eq!(must(&before), [true, true, true, false]);
    let hotel = "Experience in a hotel kitchen with many guests";
    let options = set(&[
        ("  experience in a HOTEL kitchen\nwith many guests", true),
        ("Must write menus in French", false),
        ("python", false),
    ]);
    let after = matched(RESUME, POSTING, &options).unwrap();
    assert_eq!(must(&after), [true, false, false, true]);
    let skill = |found: &ResumeMatch| {
        let mut missing = found.skills.missing.iter();
        missing
            .find(|gap| gap.skill.label.contains("Python"))
            .map(|gap| gap.required)
    };
    assert_eq!((skill(&before), skill(&after)), (Some(true), Some(false)));
    let place = |found: &ResumeMatch| found.gaps.iter().position(|gap| gap.text == hotel);
    assert!(place(&after) < place(&before), "{:?} {:?}", before.gaps, after.gaps);
    assert_ne!(after.weights.digest, before.weights.digest);
    assert_eq!(after.weights.skills, before.weights.skills);
    // Neither the order nor repetitions matter.
    let same = set(&[
        ("PYTHON", false),
        ("Must write menus  in French", false),
        (hotel, true),
        (hotel, true),
    ]);
    assert_eq!(matched(RESUME, POSTING, &same).unwrap(), after);
}

#[test]
fn a_skill_follows_its_requirement_unless_it_is_set() {
    let job = "Developer\n\nRequirements\n- Good knowledge of Python and SQL\n- Two screens of SQL every day\n";
    let needs = |overrides: &[(&str, bool)]| -> Vec<(String, bool)> {
        let scoring = Scoring::new(&LEXICON, &set(overrides)).unwrap();
        let mut job = Job::read(&LEXICON, job);
        scoring.apply(&mut job).unwrap();
        let skills = job.skills.iter().map(|one| (one.label.to_lowercase(), one.must));
        skills
            .filter(|(label, _)| label.contains("python") || label == "sql")
            .collect()
    };
    let of = |found: &[(String, bool)], label: &str| found.iter().find(|one| one.0.contains(label)).unwrap().1;
    let found = needs(&[("Good knowledge of Python and SQL", false)]);
    assert_eq!((of(&found, "python"), of(&found, "sql")), (false, true));
    let found = needs(&[("Good knowledge of Python and SQL", false), ("Python", true)]);
    assert!(of(&found, "python") && of(&found, "sql"));
}

#[test]
fn unknown_and_contradicting_must_haves_are_refused() {
    let error = matched(RESUME, POSTING, &set(&[("Python", true), ("Zyzzyva herding", true)])).unwrap_err();
    assert_eq!(error, ScoringError::NotInPosting { index: 1 });
    assert!(!error.to_string().contains("Zyzzyva"), "{error}");
    let error = matched(RESUME, POSTING, &set(&[("Python", true), ("python", false)])).unwrap_err();
    assert_eq!(error, ScoringError::Contradiction { index: 1, other: 0 });
}

/// Weights of which some are 0, but not all.
fn any_weights() -> impl Strategy<Value = [Option<f64>; 5]> {
    let weight = prop_oneof![
        1 => Just(None),
        2 => Just(Some(0.0)),
        6 => (0.0..=MAX_WEIGHT).prop_map(Some),
        2 => (0.0..1e-6).prop_map(Some),
    ];
    proptest::array::uniform5(weight).prop_filter("all are 0", |all| {
        all.iter().any(|weight| weight.is_none_or(|weight| weight > 0.0))
    })
}

fn of([skills, requirements, experience, education, occupation]: [Option<f64>; 5]) -> ComponentWeights {
    ComponentWeights {
        skills,
        requirements,
        experience,
        education,
        occupation,
    }
}

#[test]
fn contributions_add_up_for_random_weights() {
    let pairs: Vec<(Resume, Job)> = RESUMES
        .iter()
        .zip(JOBS.iter().rev())
        .map(|(resume, job)| (Resume::read(&LEXICON, resume, TODAY), Job::read(&LEXICON, job)))
        .collect();
    for (resume, job) in &pairs {
        let vectors = |texts: &[Text]| texts.iter().map(|text| vector(text)).collect::<Vec<_>>();
        let (of_resume, of_job) = (vectors(resume.texts()), vectors(job.texts()));
        let base = Pair {
            resume,
            job,
            weights: &LEXICON.weights,
            language: &LEXICON.language,
            resume_vector: |text: usize| &of_resume[text][..],
            job_vector: |text: usize| Some(&of_job[text][..]),
        };
        let measured = base.measure(&base.pasted());
        let shipped = base.input(&measured).components(None);
        proptest!(ProptestConfig::with_cases(4_000), |(weights in any_weights())| {
            let scoring = Scoring::new(&LEXICON, &weighted(of(weights))).unwrap();
            prop_assert!((sum(&in_force(&scoring.weights, &[])) - 1.0).abs() < 1e-9);
            let pair = Pair { weights: &scoring.weights, ..base };
            let components = pair.input(&measured).components(None);
            let score = total(&components);
            prop_assert!((0.0..=1.0).contains(&score));
            let contributions: f64 = components.iter().map(|part| part.contribution).sum();
            prop_assert!((contributions - score).abs() < 1e-6, "{contributions} is not {score}");
            let shares: f64 = components.iter().map(|part| part.weight).sum();
            prop_assert!(components.is_empty() || (shares - 1.0).abs() < 1e-6, "{shares}");
            for part in &components {
                prop_assert!((part.score * part.weight - part.contribution).abs() < 1e-9);
                // Weights do not change what they weigh.
                let same = shipped.iter().find(|other| other.kind == part.kind).unwrap();
                prop_assert_eq!(same.score, part.score);
            }
        });
    }
}
