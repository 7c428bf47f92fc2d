//! `matchResume` with the shipped encoder, on texts written for it. The parts are tested in `matching`.

use std::collections::BTreeMap;
use std::path::Path;

use portcullis::app::Models;
use portcullis::matching::{EncodedText, Job, Month, Resume, Scoring, scores};
use portcullis_test_support::matching_texts::{PAIRS, text};
use serde_json::{Value, json};

use crate::harness::{TestApp, models};

const MATCH: &str =
    "query($resume: String!, $job: String!) { matchResume(input: { resume: { text: $resume }, job: { text: $job } }) {
    score warnings model { name task }
    components { kind score weight contribution reason }
    requirements { text mustHave met similarity jobSpan { start end text } evidence { start end text } }
    skills {
        matched { skill { label uri } similarity required resumeSpans { start end text } jobSpans { start end text } }
        missing { skill { label } required jobSpans { start end text } scoreIfAdded }
        additional { label uri } } } }";

async fn matched(app: &TestApp, token: &str, resume: &str, job: &str) -> Value {
    let answer = app
        .query(Some(token), MATCH, json!({ "resume": resume, "job": job }))
        .await;
    assert_eq!(answer.codes(), Vec::<String>::new(), "{}", answer.text);
    answer.data("/matchResume")
}

/// Every span of a response, with the text that it refers to.
fn spans<'a>(answer: &'a Value, resume: &'a [u16], job: &'a [u16]) -> Vec<(&'a Value, &'a [u16])> {
    let list = |value: &'a Value| value.as_array().into_iter().flatten();
    let mut found = Vec::new();
    for requirement in list(&answer["requirements"]) {
        found.push((&requirement["jobSpan"], job));
        if !requirement["evidence"].is_null() {
            found.push((&requirement["evidence"], resume));
        }
    }
    for skill in list(&answer["skills"]["matched"]) {
        found.extend(list(&skill["resumeSpans"]).map(|span| (span, resume)));
        found.extend(list(&skill["jobSpans"]).map(|span| (span, job)));
    }
    for gap in list(&answer["skills"]["missing"]) {
        found.extend(list(&gap["jobSpans"]).map(|span| (span, job)));
    }
    found
}

#[tokio::test]
async fn each_resume_scores_its_own_job_highest_and_components_add_up() {
    let app = TestApp::start().await;
    let token = app.user("ann").await;
    for resume_of in PAIRS {
        let resume = text(resume_of, "resume");
        let mut scores = Vec::new();
        for job_of in PAIRS {
            let job = text(job_of, "job");
            let answer = matched(&app, &token, &resume, &job).await;
            let score = answer["score"].as_f64().unwrap();
            assert!((0.0..=1.0).contains(&score), "{score}");
            let sum = |key: &str| -> f64 {
                answer["components"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|c| c[key].as_f64().unwrap())
                    .sum()
            };
            assert!((sum("contribution") - score).abs() < 1e-6, "{answer}");
            assert!((sum("weight") - 1.0).abs() < 1e-6, "{answer}");
            let (resume16, job16): (Vec<u16>, Vec<u16>) =
                (resume.encode_utf16().collect(), job.encode_utf16().collect());
            for (span, text) in spans(&answer, &resume16, &job16) {
                let range = usize::try_from(span["start"].as_u64().unwrap()).unwrap()
                    ..usize::try_from(span["end"].as_u64().unwrap()).unwrap();
                assert_eq!(
                    String::from_utf16(&text[range]).unwrap(),
                    span["text"].as_str().unwrap()
                );
            }
            for gap in answer["skills"]["missing"].as_array().unwrap() {
                assert!(
                    gap["scoreIfAdded"].as_f64().unwrap() >= score - 1e-9,
                    "{gap} at {score}"
                );
            }
            let requirements = answer["requirements"].as_array().unwrap();
            let met = requirements.iter().filter(|one| one["met"] == true).count();
            let shown = requirements.iter().filter(|one| !one["evidence"].is_null()).count();
            if job_of == resume_of {
                assert!(
                    2 * met > requirements.len() && 2 * shown > requirements.len(),
                    "{answer}"
                );
            } else {
                assert!(
                    8 * met <= requirements.len() && 8 * shown <= requirements.len(),
                    "{answer}"
                );
            }
            scores.push((score, job_of));
        }
        let best = scores.iter().max_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
        assert_eq!(best.1, resume_of, "{scores:?}");
        let second = scores
            .iter()
            .filter(|s| s.1 != resume_of)
            .map(|s| s.0)
            .fold(0.0, f64::max);
        assert!(
            best.0 - second > 0.3,
            "the matching job scores highest by far: {scores:?}"
        );
    }
}

#[tokio::test]
async fn name_and_contact_details_do_not_change_the_score() {
    let app = TestApp::start().await;
    let token = app.user("ann").await;
    let job = text(PAIRS[0], "job");
    let body = "Senior data engineer\n\nExperience\n- Built streaming pipelines with Kafka and Python, 2016 - 2024\n- Ran PostgreSQL for 40 analysts\n";
    let mut scores = Vec::new();
    for head in [
        "Anna Kowalska\nanna.kowalska@example.com\n+48 600 100 200\n",
        "Mohammed Al-Farsi\nm.alfarsi@example.org\n+968 2412 3456\n",
    ] {
        scores.push(matched(&app, &token, &format!("{head}\n{body}"), &job).await["score"].clone());
    }
    assert_eq!(scores[0], scores[1]);
}

#[tokio::test]
async fn a_document_in_base64_scores_like_its_text() {
    use base64::Engine as _;
    let app = TestApp::start().await;
    let token = app.user("ann").await;
    let (resume, job) = (text(PAIRS[2], "resume"), text(PAIRS[2], "job"));
    let direct = matched(&app, &token, &resume, &job).await;
    let query = "query($resume: String!, $job: String!) { matchResume(input: {
        resume: { document: { base64: $resume, mediaType: \"text/plain\" } }, job: { text: $job } }) { score } }";
    let encoded = base64::engine::general_purpose::STANDARD.encode(&resume);
    let answer = app
        .query(Some(&token), query, json!({ "resume": encoded, "job": job }))
        .await;
    assert_eq!(answer.data("/matchResume/score"), direct["score"]);
}

/// A sample of `portcullis eval matching`, whose data cannot be shipped: every other task of an occupation is a resume, the
/// rest a posting. At random, the mean reciprocal rank among 24 is 0.16.
#[tokio::test]
async fn halves_of_an_occupation_match_each_other() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/occupation/onet.tsv.zst");
    let text = String::from_utf8(zstd::decode_all(std::fs::read(path).unwrap().as_slice()).unwrap()).unwrap();
    let mut occupations: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (code, task) in text.lines().filter_map(|line| line.split_once("\ttask\t")) {
        occupations.entry(code).or_default().push(task);
    }
    let occupations: Vec<_> = occupations
        .into_values()
        .filter(|tasks| tasks.len() >= 10)
        .step_by(30)
        .take(24)
        .collect();
    assert_eq!(occupations.len(), 24);
    let Models { inference, lexicon } = models();
    let bullets = |heading: &str, tasks: &[&str], first: usize| {
        let half = tasks[..10].iter().skip(first).step_by(2);
        half.fold(heading.to_owned(), |text, task| format!("{text}\n- {task}"))
    };
    let today = Month { year: 2026, month: 11 };
    let (mut jobs, mut resumes) = (Vec::new(), Vec::new());
    for tasks in &occupations {
        let job = Job::read(&lexicon, &bullets("Responsibilities", tasks, 0));
        let vectors = inference.embed("", job.texts().to_vec()).await.unwrap();
        jobs.push((job, vectors));
        let resume = Resume::read(&lexicon, &bullets("Experience", tasks, 1), today);
        let vectors = inference.embed("", resume.texts().to_vec()).await.unwrap();
        resumes.push((resume, vectors));
    }
    let known: Vec<_> = jobs
        .iter()
        .map(|(text, vectors)| EncodedText { text, vectors })
        .collect();
    let scoring = Scoring::shipped(&lexicon);
    let reciprocal = resumes.iter().enumerate().map(|(own, (text, vectors))| {
        let scores = scores(&lexicon, &scoring, EncodedText { text, vectors }, &known).unwrap();
        1.0 / scores.iter().filter(|score| **score >= scores[own]).count() as f64
    });
    let mean = reciprocal.sum::<f64>() / 24.0;
    assert!(mean > 0.75, "{mean}");
}
