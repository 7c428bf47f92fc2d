//! Properties of the match of any texts: none, little, long, hostile and generated.

use std::collections::HashSet;

use portcullis_test_support::{cases, is_thorough};

use super::*;
use crate::inference::Text;

#[test]
fn the_score_of_nothing_is_zero() {
    let found = matched("hi", "hello");
    assert!(found.score == 0.0 && found.score.is_sign_positive(), "{}", found.score);
    assert!(
        found
            .summary
            .ends_with("the score is 0.00. It is lowered because there is too little text to go by.")
    );
    assert!(
        found
            .warnings
            .iter()
            .any(|warning| warning.contains("only 1 word to go by"))
    );
}

#[test]
fn too_little_text_has_a_warning() {
    for (resume, job) in [
        ("", ""),
        ("Python", "Python"),
        ("", ENGINEER_JOB),
        (ENGINEER, ""),
        (ENGINEER, "Python"),
        ("\0", "\u{feff}"),
    ] {
        let result = matched(resume, job);
        assert_sound(&result, resume, job);
        assert!(!result.warnings.is_empty());
        assert!(result.score < 0.35, "{resume:.10} {job:.10} {}", result.score);
    }
}

#[test]
fn mismatched_embeddings_are_refused() {
    let plan = Plan::new(&LEXICON, NURSE, NURSE_JOB, TODAY);
    let texts = plan.texts().len();
    assert_eq!(plan.score(&[[0.0_f32; 4]]), Err(VectorsMismatch { texts, vectors: 1 }));
    let mut vectors = vec![vec![0.1_f32; 384]; texts];
    vectors[1] = vec![0.1; 383];
    assert!(plan.score(&vectors).is_err());
    let broken = plan.score(&vec![[f32::NAN; 384]; texts]).unwrap();
    assert_sound(&broken, NURSE, NURSE_JOB);
}

#[test]
fn hostile_texts_cost_linear_time() {
    let size: usize = if is_thorough() { 1 << 20 } else { 1 << 17 };
    let shapes = [
        "a",
        "\n",
        "a ",
        "- \n",
        "•",
        "1 ",
        "@.",
        "Mr ",
        ".",
        "2019 - ",
        "years ",
        "Skills:\n",
        "degree ",
        "漢",
        "# ",
        "(+",
        "abc.",
        " abc.",
        "a; ",
        "he ",
        "a  B",
        "A.  ",
        "x: • ",
    ];
    for shape in shapes {
        let text = shape.repeat(size / shape.len());
        let result = matched(&text, ENGINEER_JOB);
        assert_sound(&result, &text, ENGINEER_JOB);
        let result = matched(ENGINEER, &text);
        assert_sound(&result, ENGINEER, &text);
    }
}

#[test]
fn texts_are_unique_and_short() {
    let long = "word ".repeat(3_000);
    for (resume, job) in [
        (ENGINEER, ENGINEER_JOB),
        (long.as_str(), long.as_str()),
        (NURSE, NURSE_JOB),
    ] {
        let plan = Plan::new(&LEXICON, resume, job, TODAY);
        let unique: HashSet<&Text> = plan.texts().iter().collect();
        assert_eq!(unique.len(), plan.texts().len());
        assert!(plan.texts().iter().all(|text| text.split_whitespace().count() <= 120));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(256)))]

    #[test]
    fn any_text_gives_a_sound_result(resume in any_text(), job in any_text()) {
        assert_sound(&matched(&resume, &job), &resume, &job);
    }

    #[test]
    fn redaction_leaves_parts_of_the_text(text in any_text()) {
        let redacted = redact::resume(&text);
        let mut at = 0;
        for (offset, c) in redacted.clean.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
            let original = redacted.places.original(&(offset..offset + c.len_utf8()));
            prop_assert!(original.start >= at && text[original.clone()].starts_with(c));
            at = original.end;
        }
        for span in &redacted.redactions {
            prop_assert!(text.get(span.clone()).is_some());
        }
    }
}
