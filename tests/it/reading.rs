//! `portcullis eval reading` over its committed files: all targets are met. `scripts/reading` makes the files.

use std::path::Path;

use portcullis::document::Document;
use portcullis::matching::Lexicon;
use portcullis::matching::eval::{FileText, Measure, evaluate_reading};

fn read(path: &Path) -> Result<FileText, String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let html = path.extension().is_some_and(|ending| ending == "html");
    let read = Document::from_bytes(bytes, html.then(|| "text/html".to_owned()))
        .text_here()
        .map_err(|error| error.to_string())?;
    Ok(FileText {
        hidden: !read.hidden.is_empty(),
        text: read.text,
    })
}

#[test]
fn files_and_postings_are_read_as_people_see_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let lexicon = Lexicon::open(&root.join("models")).unwrap();
    let table = evaluate_reading(&lexicon, &root.join("tests/data/reading"), &read, &mut |_| {}).unwrap();
    assert!(table.types[0].files >= 120, "{} files", table.types[0].files);
    assert!(table.posting_lines >= 900, "{} lines of postings", table.posting_lines);
    let measures = [
        Measure::Words,
        Measure::Extra,
        Measure::Neighbours,
        Measure::Headings,
        Measure::Mixed,
        Measure::Items,
        Measure::Units,
        Measure::Sections,
        Measure::Years,
        Measure::Degree,
        Measure::Title,
        Measure::IdentityLeft,
        Measure::BlankedTooMuch,
        Measure::HiddenRead,
        Measure::HiddenReported,
        Measure::FalseAlarms,
    ];
    for measure in measures {
        let value = table.overall(measure).unwrap();
        assert!(measure.bound().holds(value), "{} {value}:\n{table}", measure.name());
    }
    for (name, value, bound) in &table.postings {
        assert!(bound.holds(*value), "{name} {value}:\n{table}");
    }
}
