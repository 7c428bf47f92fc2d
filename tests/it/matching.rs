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
/// rest a posting. At random, the mean reciprocal rank among 12 is 0.26.
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
        .step_by(60)
        .take(12)
        .collect();
    assert_eq!(occupations.len(), 12);
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
    let mean = reciprocal.sum::<f64>() / 12.0;
    assert!(mean > 0.75, "{mean}");
}

/// A match with these settings: `weights` and `mustHave` of the input.
const SET: &str = "query($input: MatchResumeInput!) { matchResume(input: $input) {
    score weights { skills requirements experience education occupation digest }
    components { kind weight contribution }
    requirements { text mustHave kind } gaps { text required scoreIfAdded } } }";

async fn set(app: &TestApp, token: &str, settings: Value) -> crate::harness::Answer {
    let mut input = json!({
        "resume": { "text": text(PAIRS[2], "resume") }, "job": { "text": text(PAIRS[0], "job") },
    });
    input
        .as_object_mut()
        .unwrap()
        .extend(settings.as_object().unwrap().clone());
    app.query(Some(token), SET, json!({ "input": input })).await
}

#[tokio::test]
async fn weights_are_answered_with_a_digest_and_written_to_the_audit_trail() {
    let app = TestApp::start().await;
    let (admin, token) = (app.admin().await, app.user("ann").await);
    let shipped = set(&app, &token, json!({})).await.data("/matchResume");
    let same = set(&app, &token, json!({ "weights": {}, "mustHave": [] })).await;
    assert_eq!(same.data("/matchResume"), shipped);
    let only = |value: f64| json!({ "weights": { "skills": value, "requirements": 0, "experience": 0, "education": 0, "occupation": 0 } });
    let found = set(&app, &token, only(1.0)).await.data("/matchResume");
    assert_eq!(
        set(&app, &token, only(250.5)).await.data("/matchResume"),
        found,
        "only proportions count"
    );
    assert_eq!(found["weights"]["skills"], json!(1.0));
    let components = found["components"].as_array().unwrap();
    assert!(components.len() == 1 && components[0]["kind"] == "SKILLS", "{found}");
    let contribution = components[0]["contribution"].as_f64().unwrap();
    assert!(
        (contribution - found["score"].as_f64().unwrap()).abs() < 1e-6,
        "{found}"
    );
    let digest = |found: &Value| found["weights"]["digest"].as_str().unwrap().to_owned();
    assert_ne!(digest(&found), digest(&shipped));
    assert!(
        digest(&found).len() == 64 && digest(&found).bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{found}"
    );

    let query = "{ auditEvents(filter: { action: INFERENCE }) { nodes { field weightsDigest } } }";
    let events = app.query(Some(&admin), query, json!({})).await;
    let events = events.data("/auditEvents/nodes");
    let digests: Vec<&str> = (events.as_array().unwrap().iter())
        .filter(|event| event["field"] == "Query.matchResume")
        .map(|event| event["weightsDigest"].as_str().unwrap())
        .collect();
    let (found, shipped) = (digest(&found), digest(&shipped));
    assert_eq!(digests, [&found, &found, &shipped, &shipped], "newest first");
}

#[tokio::test]
async fn must_haves_of_the_input_replace_those_of_the_posting() {
    let app = TestApp::start().await;
    let token = app.user("ann").await;
    let before = set(&app, &token, json!({})).await.data("/matchResume");
    let requirements = before["requirements"].as_array().unwrap();
    let nice = requirements.iter().find(|one| one["kind"] == "NICE_TO_HAVE").unwrap();
    let must = requirements.iter().find(|one| one["mustHave"] == true).unwrap();
    let settings = json!({ "mustHave": [
        { "text": nice["text"], "mustHave": true }, { "text": must["text"], "mustHave": false },
    ] });
    let after = set(&app, &token, settings).await.data("/matchResume");
    let kind = |of: &Value| {
        let requirements = after["requirements"].as_array().unwrap();
        let one = requirements.iter().find(|one| one["text"] == of["text"]).unwrap();
        (one["kind"].clone(), one["mustHave"].clone())
    };
    assert_eq!(kind(nice), (json!("MUST_HAVE"), json!(true)));
    assert_eq!(kind(must), (json!("NICE_TO_HAVE"), json!(false)));
    assert_ne!(after["weights"]["digest"], before["weights"]["digest"]);
    let place = |found: &Value| {
        let gaps = found["gaps"].as_array().unwrap();
        gaps.iter().position(|gap| gap["text"] == nice["text"])
    };
    let (earlier, later) = (place(&after).unwrap(), place(&before).unwrap_or(usize::MAX));
    assert!(earlier < later, "{earlier} {later} {after}");
}

#[tokio::test]
async fn invalid_settings_are_refused_and_not_repeated() {
    let app = TestApp::start().await;
    let token = app.user("ann").await;
    for (settings, message) in [
        (
            json!({ "weights": { "skills": -0.5 } }),
            "input.weights.skills: 0 to 1000 is allowed",
        ),
        (
            json!({ "weights": { "occupation": 1000.5 } }),
            "input.weights.occupation: 0 to 1000 is allowed",
        ),
        (
            json!({ "weights": { "skills": 0, "requirements": 0, "experience": 0, "education": 0, "occupation": 0 } }),
            "input.weights: at least one weight must be above 0",
        ),
        (
            json!({ "mustHave": [{ "text": "Quetzal husbandry", "mustHave": true }] }),
            "input.mustHave[0].text: not in the posting; allowed are",
        ),
        (
            json!({ "mustHave": vec![json!({ "text": "Python", "mustHave": true }); 101] }),
            "input.mustHave: at most 100 are allowed, not 101",
        ),
    ] {
        let answer = set(&app, &token, settings).await;
        assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{}", answer.text);
        assert!(answer.text.contains(message), "{message} in {}", answer.text);
        assert!(!answer.text.contains("Quetzal"), "{}", answer.text);
    }
    let literal = "query($job: String!) { matchResume(input: {
        resume: { text: $job }, job: { text: $job }, weights: { skills: NaN } }) { score } }";
    let answer = app.query(Some(&token), literal, json!({ "job": "Cook" })).await;
    assert_eq!(answer.codes(), ["GRAPHQL_VALIDATION_FAILED"], "{}", answer.text);
}

#[tokio::test]
async fn a_match_is_explained_to_both_audiences() {
    let app = TestApp::start().await;
    let token = app.user("ann").await;
    let query = "query($resume: String!, $job: String!) {
        matchResume(input: { resume: { text: $resume }, job: { text: $job } }) {
            score redactions { text } explain candidate: explain(audience: CANDIDATE)
            recruiter: explain(audience: RECRUITER) } }";
    let (resume, job) = (text(PAIRS[0], "resume"), text(PAIRS[0], "job"));
    let answer = app
        .query(Some(&token), query, json!({ "resume": resume, "job": job }))
        .await;
    let found = answer.data("/matchResume");
    assert_eq!(found["explain"], found["recruiter"]);
    let letter = |audience: &str| found[audience].as_str().unwrap().to_owned();
    let (candidate, recruiter) = (letter("candidate"), letter("recruiter"));
    assert!(
        candidate.contains("your resume") && !recruiter.contains("your"),
        "{found}"
    );
    let score = format!("{:.2}", found["score"].as_f64().unwrap());
    for letter in [&candidate, &recruiter] {
        assert!(letter.contains(&score), "{letter}");
        for blanked in found["redactions"].as_array().unwrap() {
            let blanked = blanked["text"].as_str().unwrap();
            let mut words = letter.split(|c: char| !c.is_alphanumeric());
            let shown = words.any(|word| word == blanked) || blanked.contains(' ') && letter.contains(blanked);
            assert!(blanked.len() < 4 || !shown, "{blanked} in {letter}");
        }
    }
}
