//! `predict` with the shipped models. Their accuracy is in their `model.toml`, written by the evaluation.

use serde_json::json;

use crate::harness::TestApp;

const PREDICT: &str = "query($input: PredictInput!) { predict(input: $input) {
    model { name version task digest labels metrics { name value } } predictions { label score truncated scores { label score } } } }";

#[tokio::test]
async fn tasks_of_occupations_are_classified() {
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
async fn a_batch_gives_the_same_results_as_single_inputs_and_marks_truncated_texts() {
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

/// The first row of the data set, which is malignant.
const ROW: [f64; 30] = [
    17.99, 10.38, 122.8, 1001.0, 0.1184, 0.2776, 0.3001, 0.1471, 0.2419, 0.07871, 1.095, 0.9053, 8.589, 153.4,
    0.006399, 0.04904, 0.05373, 0.01587, 0.03003, 0.006193, 25.38, 17.33, 184.6, 2019.0, 0.1622, 0.6656, 0.7119,
    0.2654, 0.4601, 0.1189,
];

#[tokio::test]
async fn a_row_is_classified_and_the_model_names_its_features() {
    let app = TestApp::start().await;
    let token = app.user("ann").await;
    let query = "query($input: PredictInput!) { predict(input: $input) {
        model { task inputSize features } predictions { label score scores { score } } } }";
    let input = json!({ "input": { "model": "breast-cancer", "inputs": [{ "features": ROW }] } });
    let answer = app.query(Some(&token), query, input).await;
    let model = answer.data("/predict/model");
    assert_eq!(
        (&model["task"], &model["inputSize"]),
        (&json!("TABULAR_CLASSIFICATION"), &json!(30))
    );
    assert_eq!(model["features"].as_array().unwrap().len(), 30);
    assert_eq!(model["features"][29], "worst fractal dimension");
    let prediction = answer.data("/predict/predictions/0");
    assert_eq!(prediction["label"], "malignant");
    assert!(prediction["score"].as_f64().unwrap() > 0.9, "{prediction}");
    let sum: f64 = prediction["scores"]
        .as_array()
        .unwrap()
        .iter()
        .map(|score| score["score"].as_f64().unwrap())
        .sum();
    assert!((sum - 1.0).abs() < 1e-5, "{sum}");
}

#[tokio::test]
async fn an_error_names_the_invalid_number_of_a_row() {
    let app = TestApp::start().await;
    let token = app.user("ann").await;
    let with = |place: usize, value: &str| {
        let mut row: Vec<_> = ROW.iter().map(ToString::to_string).collect();
        row[place] = value.to_owned();
        row.join(", ")
    };
    let good = with(0, "17.99");
    let short = good.rsplit_once(", ").unwrap().0.to_owned();
    for (row, parts) in [
        (
            String::new(),
            vec!["takes 30 features, not 0", "features[0] (mean radius)"],
        ),
        (
            short,
            vec!["takes 30 features, not 29", "features[29] (worst fractal dimension)"],
        ),
        (format!("{good}, 1.0"), vec!["takes 30 features, not 31"]),
        (with(3, "1e39"), vec!["features[3] (mean area)", "finite"]),
        (with(3, "-1e39"), vec!["features[3] (mean area)", "finite"]),
        (with(19, "3e38"), vec!["too large"]),
    ] {
        // The second of two inputs, so that the message must name it.
        let query = format!(
            "{{ predict(input: {{ model: \"breast-cancer\", inputs: [{{ features: [{good}] }}, {{ features: [{row}] }}] }}) {{
                predictions {{ label }} }} }}"
        );
        let answer = app.query(Some(&token), &query, json!({})).await;
        assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{}", answer.text);
        let message = answer.json()["errors"][0]["message"].as_str().unwrap().to_owned();
        for part in parts.into_iter().chain(["input 1: "]) {
            assert!(message.contains(part), "{part} in {message}");
        }
    }
    // A number that is not finite is refused before it reaches the model.
    for value in ["\"NaN\"", "NaN", "null", "1e400"] {
        let query = format!(
            "{{ predict(input: {{ model: \"breast-cancer\", inputs: [{{ features: [{}] }}] }}) {{ predictions {{ label }} }} }}",
            with(3, value)
        );
        let answer = app.query(Some(&token), &query, json!({})).await;
        let error = answer.json()["errors"][0].clone();
        assert!(
            answer.codes()[0] != "INTERNAL" && answer.status.as_u16() < 500,
            "{value}: {error}"
        );
    }
    let text = json!({ "input": { "model": "breast-cancer", "inputs": [{ "text": "seventeen" }] } });
    let answer = app.query(Some(&token), PREDICT, text).await;
    assert_eq!(answer.codes(), ["BAD_USER_INPUT"]);
    assert!(answer.text.contains("takes features, not text"), "{}", answer.text);
}
