//! Scoring again on generated evidence, with groups, weights and shares that no text has.

use portcullis_test_support::cases;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::subsequence;

use super::super::super::degrees::subject::Subjects;
use super::super::super::evidence::SkillEvidence;
use super::super::super::job::AskedDegree;
use super::super::super::question::Support;
use super::*;

fn share() -> impl Strategy<Value = f64> {
    prop_oneof![2 => Just(0.0), 1 => Just(1.0), 4 => 0.0..=1.0]
}

/// Groups of the skills below this number.
fn any_groups(skills: usize, most: usize) -> BoxedStrategy<Vec<Vec<usize>>> {
    if skills == 0 {
        return Just(Vec::new()).boxed();
    }
    let all: Vec<usize> = (0..skills).collect();
    vec(subsequence(all, 1..=skills.min(3)), 0..=most).boxed()
}

fn any_requirement(skills: usize) -> impl Strategy<Value = Requirement> {
    (
        prop_oneof![Just(Need::Must), Just(Need::Duty), Just(Need::Nice)],
        proptest::option::of(0.0..12.0),
        proptest::option::of(0..=5_u8),
        any::<[bool; 4]>(),
        any_groups(skills, 2),
    )
        .prop_map(
            |(need, years, degree, [equivalent, only_skills, condition, exact], skills)| Requirement {
                bytes: 0..0,
                texts: vec![0],
                tasks: std::iter::once(0..0).collect(),
                need,
                duty: need == Need::Duty,
                extra: need == Need::Nice,
                // A condition names nothing else.
                condition: condition && years.is_none() && degree.is_none() && skills.is_empty(),
                licence: None,
                years,
                specialty: Vec::new(),
                degree: degree.map(|level| AskedDegree {
                    level,
                    grade: None,
                    subjects: Subjects::default(),
                    equivalent,
                }),
                only_skills: !skills.is_empty() && only_skills,
                names: skills.iter().filter(|_| exact || only_skills).cloned().collect(),
                exact,
                skills,
            },
        )
}

/// Evidence that no text has, with weights of which some are 0.
fn any_match() -> impl Strategy<Value = KeptMatch> {
    let sizes = (0..6_usize, 0..8_usize);
    let parts = sizes.prop_flat_map(|(skills, requirements)| {
        (
            vec(share(), skills),
            any_groups(skills, 5),
            vec((any_requirement(skills), share()), requirements),
            (
                proptest::option::of(share()),
                share(),
                proptest::option::of(share()),
                0.0..=1.0,
            ),
            (proptest::option::of(0.0..15.0), 0..=5_u8),
            proptest::array::uniform5(prop_oneof![1 => Just(0.0), 5 => 0.01..10.0]),
        )
    });
    parts.prop_map(
        |(skills, mut groups, requirements, similar, (years, degree), weights)| {
            groups.sort();
            groups.dedup();
            let groups: Vec<SkillGroup> = (groups.into_iter().enumerate())
                .map(|(at, skills)| SkillGroup {
                    skills,
                    must: at % 2 == 0,
                })
                .collect();
            let [a, b, c, d, e] = weights.map(Some);
            let weights = ComponentWeights {
                skills: a,
                requirements: b,
                experience: c,
                education: d,
                occupation: e,
            };
            let weights = if weights == all_zero() {
                ComponentWeights::default()
            } else {
                weights
            };
            let options = ScoringOptions {
                weights,
                must_have: Vec::new(),
            };
            let (title, occupied, work, confidence) = similar;
            let support = |worth: f64| Support {
                likeness: worth,
                worth,
                credit: 1.0,
                sentence: None,
                list: false,
            };
            let shown = |worth: &f64| SkillEvidence {
                similarity: *worth,
                worth: *worth,
                places: Vec::new(),
            };
            KeptMatch {
                scoring: Scoring::new(&LEXICON, &options).unwrap(),
                stated: Needs {
                    requirements: requirements.iter().map(|(one, ..)| one.need).collect(),
                    skills: vec![true; skills.len()],
                    groups: groups.iter().map(|one| one.must).collect(),
                },
                targets: Targets::default(),
                measured: Measurement {
                    evidence: requirements.iter().map(|(_, worth)| support(*worth)).collect(),
                    skills: skills.iter().map(shown).collect(),
                    title: title.map(|likeness| (0, likeness)),
                    title_credit: 1.0,
                    worked: vec![occupied; requirements.len()],
                    years,
                    work,
                    confidence,
                },
                years,
                degrees: vec![HeldDegree {
                    level: degree,
                    grade: None,
                    subjects: Subjects::default(),
                    bytes: 0..0,
                }],
                texts: GapTexts {
                    prefix: "match".to_owned(),
                    requirements: (0..requirements.len()).map(|at| format!("requirement {at}")).collect(),
                    groups: (0..groups.len()).map(|at| format!("skill {at}")).collect(),
                },
                requirements: requirements.into_iter().map(|(one, ..)| one).collect(),
                groups,
            }
        },
    )
}

fn all_zero() -> ComponentWeights {
    ComponentWeights {
        skills: Some(0.0),
        requirements: Some(0.0),
        experience: Some(0.0),
        education: Some(0.0),
        occupation: Some(0.0),
    }
}

fn assert_sound(found: &RescoredMatch) {
    assert!((0.0..=1.0).contains(&found.score), "{}", found.score);
    let sum: f64 = found.components.iter().map(|part| part.contribution).sum();
    assert!((sum - found.score).abs() < 1e-6, "{sum} is not {}", found.score);
    assert!(found.gaps.len() <= 20);
    assert!(
        found
            .gaps
            .is_sorted_by(|a, b| (a.required, a.score_if_added) >= (b.required, b.score_if_added))
    );
    assert!(found.gaps.iter().all(|gap| gap.score_if_added > found.score));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(1_000)))]

    #[test]
    fn one_closed_gap_gives_its_score_if_added(kept in any_match()) {
        let open = rescored(&kept, &RescoreOptions::default());
        assert_sound(&open);
        for gap in &open.gaps {
            let closed = rescored(&kept, &closing([&gap.id]));
            assert_sound(&closed);
            prop_assert_eq!(closed.score.to_bits(), gap.score_if_added.to_bits());
            prop_assert!(closed.gaps.iter().all(|other| other.id != gap.id));
        }
    }

    #[test]
    fn closing_never_lowers_and_its_order_does_not_matter(
        kept in any_match(),
        order in Just((0..20_usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let open = rescored(&kept, &RescoreOptions::default());
        let ids: Vec<&String> = order.iter().filter_map(|&at| open.gaps.get(at)).map(|gap| &gap.id).collect();
        let mut before = open.score;
        for count in 1..=ids.len() {
            let closed = rescored(&kept, &closing(ids[..count].iter().copied()));
            assert_sound(&closed);
            prop_assert!(closed.score >= before, "{} after {before}", closed.score);
            before = closed.score;
            let twice = ids[..count].iter().rev().chain(&ids[..count]).copied();
            prop_assert_eq!(rescored(&kept, &closing(twice)), closed);
        }
    }

    #[test]
    fn all_gaps_can_be_closed_one_after_another(kept in any_match()) {
        let mut ids = Vec::new();
        let mut found = rescored(&kept, &RescoreOptions::default());
        while let Some(gap) = found.gaps.pop() {
            prop_assert!(!ids.contains(&gap.id) && ids.len() < 40);
            ids.push(gap.id);
            found = rescored(&kept, &closing(&ids));
            prop_assert_eq!(found.score.to_bits(), gap.score_if_added.to_bits());
        }
    }

    #[test]
    fn weights_give_the_score_of_a_match_with_these_weights(mut kept in any_match(), other in any_match()) {
        let weights = &other.scoring.weights.components;
        let weights = ComponentWeights {
            skills: Some(weights.skills),
            requirements: Some(weights.requirements),
            experience: Some(weights.experience),
            education: Some(weights.education),
            occupation: Some(weights.occupation),
        };
        let set = RescoreOptions { weights: Some(weights), ..RescoreOptions::default() };
        let changed = rescored(&kept, &set);
        let options = ScoringOptions { weights, ..ScoringOptions::default() };
        kept.scoring = Scoring::new(&LEXICON, &options).unwrap();
        prop_assert_eq!(rescored(&kept, &RescoreOptions::default()), changed);
    }
}
