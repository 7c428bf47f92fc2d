//! `predict` with the shipped model. How good the model is stands in its `model.toml`, written by its evaluation.

use serde_json::json;

use crate::harness::TestApp;

const PREDICT: &str = "query($input: PredictInput!) { predict(input: $input) {
    model { name version task digest labels metrics { name value } } predictions { label score truncated scores { label score } } } }";

#[tokio::test]
async fn tasks_of_real_occupations_get_their_group() {
    let app = TestApp::start().await;
    let token = app.user("ann").await;
    let inputs = [
        (
            "Administer medications to patients and monitor them for reactions or side effects.",
            "Healthcare Practitioners and Technical",
        ),
        (
            "Write, update, and maintain computer programs or software packages to handle specific jobs.",
            "Computer and Mathematical",
        ),
        (
            "Drive trucks to transport goods over long distances.",
            "Transportation and Material Moving",
        ),
        (
            "Prepare and cook foods of all types, either on a regular basis or for special guests.",
            "Food Preparation and Serving Related",
        ),
    ];
    let texts: Vec<_> = inputs.iter().map(|(text, _)| json!({ "text": text })).collect();
    let answer = app
        .query(
            Some(&token),
            PREDICT,
            json!({ "input": { "model": "occupation", "inputs": texts } }),
        )
        .await;
    for (i, (text, group)) in inputs.iter().enumerate() {
        let label = answer.data(&format!("/predict/predictions/{i}/label"));
        assert!(label.as_str().unwrap().contains(group), "{text}: {label}");
        let scores = answer.data(&format!("/predict/predictions/{i}/scores"));
        let scores: Vec<f64> = scores
            .as_array()
            .unwrap()
            .iter()
            .map(|s| s["score"].as_f64().unwrap())
            .collect();
        assert_eq!(scores.len(), 3);
        assert!(
            scores.is_sorted_by(|a, b| a >= b) && scores.iter().sum::<f64>() <= 1.000_001,
            "{scores:?}"
        );
    }
    assert_eq!(answer.data("/predict/model/labels").as_array().unwrap().len(), 22);
    assert!(
        answer
            .data("/predict/model/digest")
            .as_str()
            .unwrap()
            .starts_with("sha256:")
    );
    let metrics = answer.data("/predict/model/metrics");
    assert!(
        metrics
            .as_array()
            .unwrap()
            .iter()
            .any(|m| m["name"] == "accuracy" && m["value"].as_f64().unwrap() > 0.483)
    );
}

#[tokio::test]
async fn a_batch_says_what_each_says_alone_and_long_texts_say_that_they_were_cut() {
    let app = TestApp::start().await;
    let token = app.user("ann").await;
    let texts = [
        "Weld parts.".to_owned(),
        "Teach children to read. ".repeat(100),
        "法律相談を行う 🦀".to_owned(),
    ];
    let ask = |texts: Vec<String>| {
        let inputs: Vec<_> = texts.iter().map(|t| json!({ "text": t })).collect();
        app.query(
            Some(&token),
            PREDICT,
            json!({ "input": { "model": "occupation", "topK": 22, "inputs": inputs } }),
        )
    };
    let together = ask(texts.to_vec()).await;
    for (i, text) in texts.iter().enumerate() {
        let alone = ask(vec![text.clone()]).await;
        let (a, b) = (
            together.data(&format!("/predict/predictions/{i}")),
            alone.data("/predict/predictions/0"),
        );
        assert_eq!(a["label"], b["label"]);
        let near =
            |x: &serde_json::Value, y: &serde_json::Value| (x.as_f64().unwrap() - y.as_f64().unwrap()).abs() < 1e-4;
        assert!(near(&a["score"], &b["score"]), "{a} {b}");
        assert_eq!(a["truncated"], json!(i == 1));
        assert_eq!(a["scores"].as_array().unwrap().len(), 22);
    }
}
