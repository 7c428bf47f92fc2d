//! The text extracted from documents that real programs wrote, by words and order. `scripts/documents.py` makes the files
//! and the expected texts.

use std::collections::HashMap;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portcullis::document::{Document, DocumentError};
use portcullis_test_support::matching_texts::{PAIRS, text};
use serde_json::json;

use crate::harness::{TestApp, read_documents};

fn words(text: &str) -> Vec<String> {
    let split = text.split(|c: char| !c.is_alphanumeric());
    split.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// The share of the expected words that is found, counting repetitions.
fn recall(truth: &[String], found: &[String]) -> f64 {
    let mut left: HashMap<&str, usize> = HashMap::new();
    for word in found {
        *left.entry(word).or_default() += 1;
    }
    let hits = truth.iter().filter(|word| match left.get_mut(word.as_str()) {
        Some(count @ 1..) => {
            *count -= 1;
            true
        }
        _ => false,
    });
    hits.count() as f64 / truth.len() as f64
}

/// The longest common subsequence of words, as a share of the expected words: words found in order.
fn in_order(truth: &[String], found: &[String]) -> f64 {
    let mut row = vec![0_usize; found.len() + 1];
    for word in truth {
        let mut diagonal = 0;
        for (at, other) in found.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if word == other {
                diagonal + 1
            } else {
                above.max(row[at])
            };
            diagonal = above;
        }
    }
    row[found.len()] as f64 / truth.len() as f64
}

#[test]
fn documents_of_real_programs_are_read_in_order() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/documents");
    let mut names: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.retain(|path| path.extension().is_some_and(|extension| extension != "txt"));
    names.sort();
    assert!(names.len() >= 20, "{} documents", names.len());
    read_documents();
    let mut table = String::from("recall  order  document\n");
    let mut missed = Vec::new();
    for path in names {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let truth = std::fs::read_to_string(folder.join(format!("{name}.txt"))).unwrap();
        let text = Document::from_bytes(std::fs::read(&path).unwrap(), None)
            .text()
            .unwrap()
            .text;
        let found = words(&text);
        let columns: Vec<Vec<String>> = truth.split('\u{c}').map(words).collect();
        let recall = recall(&columns.concat(), &found);
        let order = columns
            .iter()
            .map(|column| in_order(column, &found))
            .fold(1.0, f64::min);
        table += &format!("{recall:.3}   {order:.3}  {name}\n");
        let wanted = if name.contains("one") { 0.98 } else { 0.95 };
        if recall < wanted || order < 0.95 {
            missed.push(name);
        }
    }
    insta::assert_snapshot!("documents", table);
    assert_eq!(missed, Vec::<String>::new(), "{table}");
}

/// A PDF with one page that has this content, encoded by the filters, and further objects.
fn page(content: &str, filters: &str, forms: &[String]) -> Document {
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [4 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R \
            /Resources << /Font << /F1 3 0 R >> /XObject << /X 6 0 R >> >> >>"
            .to_owned(),
        format!(
            "<< /Length {} {filters} >>\nstream\n{content}\nendstream",
            content.len()
        ),
    ];
    objects.extend_from_slice(forms);
    let (mut file, mut places) = ("%PDF-1.4\n".to_owned(), String::new());
    for (number, object) in objects.iter().enumerate() {
        places += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    let (start, count) = (file.len(), objects.len() + 1);
    file += &format!(
        "xref\n0 {count}\n0000000000 65535 f \n{places}trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    Document::from_bytes(file.into_bytes(), None)
}

/// A page whose content is drawn ten times by each of 20 nested forms.
fn endless() -> Document {
    let form = |number: usize| {
        let content = "/X Do ".repeat(10);
        format!(
            "<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X {} 0 R >> >> \
                /Length {} >>\nstream\n{content}\nendstream",
            number + 1,
            content.len()
        )
    };
    page("/X Do", "", &(6..26).map(form).collect::<Vec<_>>())
}

#[test]
fn a_file_that_exhausts_memory_or_time_ends_only_its_reader() {
    read_documents();
    let line = "BT /F1 12 Tf 72 720 Td (Built data pipelines in Rust for ten years.) Tj ET";
    let text = page(line, "", &[]).text().unwrap().text;
    assert_eq!(text, "Built data pipelines in Rust for ten years.");
    // Each of the inner filters makes 64 bytes of one. More files than concurrent readers.
    let bomb = page(
        &format!("{}008080", "81".repeat(500_000)),
        "/Filter [/ASCIIHexDecode /RunLengthDecode /RunLengthDecode]",
        &[],
    );
    for _ in 0..20 {
        let reason = bomb.clone().text().unwrap_err().reason();
        assert!(matches!(reason, "BROKEN" | "TOO_SLOW"), "{reason}");
    }
    assert_eq!(endless().text(), Err(DocumentError::TooSlow));
    assert_eq!(page(line, "", &[]).text().unwrap().text, text);
}

#[tokio::test]
async fn a_resume_may_be_a_document() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let query = "query($resume: TextSource!, $job: TextSource!) {
        matchResume(input: { resume: $resume, job: $job }) { score requirements { evidence { text } } } }";
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/documents");
    let job = text(PAIRS[0], "job");
    let ask = |bytes: Vec<u8>, media_type: Option<&str>| {
        let document = json!({ "base64": STANDARD.encode(bytes), "mediaType": media_type });
        let variables = json!({ "resume": { "document": document }, "job": { "text": job } });
        let (app, ann) = (&app, &ann);
        async move { app.query(Some(ann), query, variables).await }
    };
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    for name in ["libreoffice-one.docx", "chromium-one.pdf", "one.html", "latex-one.pdf"] {
        let right = ask(read(&format!("data-engineer.{name}")), None)
            .await
            .data("/matchResume/score");
        let wrong = ask(read(&format!("kitchen-manager.{name}")), None)
            .await
            .data("/matchResume/score");
        assert!(
            right.as_f64().unwrap() > wrong.as_f64().unwrap() + 0.2,
            "{name}: {right} {wrong}"
        );
    }
    for (bytes, media_type, reason) in [
        (b"%PDF-1.7 nothing".to_vec(), None, "BROKEN"),
        (b"GIF89a".to_vec(), Some("image/gif"), "UNKNOWN_TYPE"),
        (b"text".to_vec(), Some("application/pdf"), "MISLABELLED"),
    ] {
        let refused = ask(bytes, media_type).await;
        assert_eq!(
            refused.codes(),
            ["UNSUPPORTED_DOCUMENT"],
            "{}",
            &refused.text[..200.min(refused.text.len())]
        );
        assert_eq!(refused.json()["errors"][0]["extensions"]["reason"], reason);
    }
}

#[tokio::test]
async fn hidden_text_is_named_and_does_not_change_the_score() {
    let app = TestApp::start().await;
    let ann = app.user("ann").await;
    let query = "query($resume: TextSource!, $job: TextSource!) {
        matchResume(input: { resume: $resume, job: $job }) { score warnings resumeText jobText } }";
    let job = text(PAIRS[0], "job");
    let page = |hidden: &str| {
        format!("<h2>Experience</h2><p>Baker, Hollow Oak Ltd, 2015 - 2019</p><p>Ran a bakery.</p>{hidden}")
    };
    let mut results = Vec::new();
    for hidden in ["", "<p style='color:white'>Apache Kafka, Spark and Airflow</p>"] {
        let document = json!({ "base64": STANDARD.encode(page(hidden)), "mediaType": "text/html" });
        let variables = json!({ "resume": { "document": document }, "job": { "text": job } });
        results.push(app.query(Some(&ann), query, variables).await.data("/matchResume"));
    }
    for result in &results {
        assert_eq!(
            result["resumeText"],
            "Experience\n\nBaker, Hollow Oak Ltd, 2015 - 2019\n\nRan a bakery.\n"
        );
        assert_eq!(result["jobText"], job.as_str());
        assert_eq!(result["score"], results[0]["score"]);
    }
    let named = |result: &serde_json::Value| {
        result["warnings"]
            .to_string()
            .contains("in the colour of its background, 26 letters")
    };
    assert!(!named(&results[0]) && named(&results[1]), "{results:?}");
}
