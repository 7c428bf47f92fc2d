//! Scoring again, on the texts of `matching::tests`. `tests/it/rescoring.rs` tests it over HTTP.

mod generated;

use std::sync::Arc;

use super::super::result::{GapKind, ResumeMatch};
use super::super::scoring::ScoringOptions;
use super::super::tests::{CHEF, ENGINEER_JOB, JOBS, LEXICON, RESUMES, TODAY, vector};
use super::*;
use crate::matching::Plan;

fn kept(resume: &str, job: &str, options: &ScoringOptions) -> (ResumeMatch, KeptMatch) {
    let scoring = Scoring::new(&LEXICON, options).unwrap();
    let mut job = Job::read(&LEXICON, job);
    scoring.apply(&mut job).unwrap();
    let resume = Resume::read(&LEXICON, resume, TODAY);
    let plan = Plan::of(&LEXICON, Arc::new(resume), Arc::new(job)).weighted(&scoring);
    let vectors: Vec<Vec<f32>> = plan.texts().iter().map(|text| vector(text)).collect();
    let (found, kept) = plan.score_and_keep(&vectors).unwrap();
    assert_eq!(plan.score(&vectors).unwrap(), found);
    (found, kept)
}

fn rescored(kept: &KeptMatch, options: &RescoreOptions) -> RescoredMatch {
    kept.rescore(&LEXICON, options).unwrap()
}

fn closing<'a>(ids: impl IntoIterator<Item = &'a String>) -> RescoreOptions {
    RescoreOptions {
        closed_gaps: ids.into_iter().cloned().collect(),
        ..RescoreOptions::default()
    }
}

/// A match in the form of one that was scored again, with the ids of another match.
fn of(found: ResumeMatch, ids_of: &KeptMatch) -> RescoredMatch {
    let mut gaps = found.gaps;
    for gap in &mut gaps {
        let (_, place) = gap.id.split_once('.').unwrap();
        gap.id = format!("{}.{place}", ids_of.texts.prefix);
    }
    RescoredMatch {
        score: found.score,
        components: found.components,
        weights: found.weights,
        gaps,
    }
}

fn some_weights() -> ComponentWeights {
    ComponentWeights {
        skills: Some(3.0),
        education: Some(0.0),
        ..ComponentWeights::default()
    }
}

#[test]
fn without_changes_the_score_is_that_of_the_match() {
    for resume in RESUMES {
        for job in JOBS {
            let (found, kept) = kept(resume, job, &ScoringOptions::default());
            assert_eq!(rescored(&kept, &RescoreOptions::default()), of(found.clone(), &kept));
            assert!(found.gaps.iter().all(|gap| gap.id.starts_with(&kept.texts.prefix)));
        }
    }
}

#[test]
fn settings_give_the_match_that_has_them() {
    for (resume, job) in RESUMES.into_iter().zip(JOBS.into_iter().rev()) {
        let (plain, _) = kept(resume, job, &ScoringOptions::default());
        let first = &plain.requirements[0];
        let must_have = vec![MustHave {
            text: first.text.clone(),
            must_have: !first.must_have,
        }];
        let all = [
            ScoringOptions::default(),
            ScoringOptions {
                weights: some_weights(),
                ..ScoringOptions::default()
            },
            ScoringOptions {
                must_have: must_have.clone(),
                ..ScoringOptions::default()
            },
            ScoringOptions {
                weights: some_weights(),
                must_have,
            },
        ];
        for before in &all {
            let (_, kept_before) = kept(resume, job, before);
            for after in &all {
                let options = RescoreOptions {
                    weights: Some(after.weights),
                    must_have: Some(after.must_have.clone()),
                    closed_gaps: Vec::new(),
                };
                let (found, _) = kept(resume, job, after);
                assert_eq!(rescored(&kept_before, &options), of(found, &kept_before));
            }
            // A setting that is left out is that of the match.
            let weights = RescoreOptions {
                weights: Some(some_weights()),
                ..RescoreOptions::default()
            };
            let options = ScoringOptions {
                weights: some_weights(),
                ..before.clone()
            };
            let (found, _) = kept(resume, job, &options);
            assert_eq!(rescored(&kept_before, &weights), of(found, &kept_before));
        }
    }
}

#[test]
fn an_id_that_is_not_a_gap_of_the_match_is_refused() {
    let (found, first) = kept(CHEF, ENGINEER_JOB, &ScoringOptions::default());
    let (_, other) = kept(RESUMES[1], ENGINEER_JOB, &ScoringOptions::default());
    let gap = &found.gaps[0].id;
    let met = kept(RESUMES[0], ENGINEER_JOB, &ScoringOptions::default());
    let at = met.0.requirements.iter().position(|one| one.met).unwrap();
    let requirement = format!("{}.requirement.{at}", met.1.texts.prefix);
    for (kept, wrong) in [
        (&first, "Zyzzyva".to_owned()),
        (&first, String::new()),
        (&first, format!("{gap}x")),
        (&first, format!("{}.requirement.9999", first.texts.prefix)),
        (&other, gap.clone()),
        (&met.1, requirement),
    ] {
        let known = rescored(kept, &RescoreOptions::default()).gaps;
        let ids = known.iter().take(1).map(|gap| &gap.id).chain([&wrong]);
        let error = kept.rescore(&LEXICON, &closing(ids)).unwrap_err();
        let index = known.len().min(1);
        assert_eq!(error, ScoringError::NotAGap { index }, "{wrong}");
        assert!(wrong.is_empty() || !error.to_string().contains(&wrong), "{error}");
    }
    let many = vec![gap.clone(); MAX_CLOSED];
    assert_eq!(rescored(&first, &closing(&many)), rescored(&first, &closing([gap])));
    let many = vec![gap.clone(); MAX_CLOSED + 1];
    let error = first.rescore(&LEXICON, &closing(&many)).unwrap_err();
    assert!(
        matches!(error, ScoringError::TooManyClosed { found: 401, .. }),
        "{error}"
    );
}

#[test]
fn an_id_stays_valid_when_must_haves_change() {
    let job = "Welder\n\nRequirements\n- At least nine years of experience in pipe welding\n- Reading of plans\n";
    let resume = "Ann Walker\n\nExperience\nWelder, Harbour Ltd, 2023 - 2025\nWelded pipes for the harbour.\n";
    let (found, kept) = kept(resume, job, &ScoringOptions::default());
    let years = found.gaps.iter().find(|gap| gap.kind == GapKind::Years).unwrap();
    let line = "At least nine years of experience in pipe welding";
    let nice = RescoreOptions {
        must_have: Some(vec![MustHave {
            text: line.to_owned(),
            must_have: false,
        }]),
        ..RescoreOptions::default()
    };
    let open = rescored(&kept, &nice);
    assert!(
        open.gaps.iter().all(|gap| gap.kind != GapKind::Years),
        "{:?}",
        open.gaps
    );
    let closed = rescored(
        &kept,
        &RescoreOptions {
            closed_gaps: vec![years.id.clone()],
            ..nice
        },
    );
    assert!(closed.score >= open.score);
}

#[test]
fn no_text_of_the_resume_is_kept_and_the_size_is_small() {
    for (resume, job) in RESUMES.into_iter().zip(JOBS) {
        let (_, kept) = kept(resume, job, &ScoringOptions::default());
        let shown = format!("{kept:?}").to_lowercase();
        let mut lines = resume.lines().map(str::trim).filter(|line| line.len() > 15).peekable();
        assert!(lines.peek().is_some());
        for line in lines {
            assert!(!shown.contains(&line.to_lowercase()), "{line}");
        }
        assert!((1_000..50_000).contains(&kept.bytes()), "{}", kept.bytes());
    }
}
