//! Writes the corpus of hostile documents into a folder, one file per document, as the seeds of a fuzzer.

use portcullis_test_support::hostile_documents::corpus;

fn main() -> std::io::Result<()> {
    let folder = std::path::PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "corpus/query".to_owned()));
    std::fs::create_dir_all(&folder)?;
    for (at, document) in corpus().into_iter().enumerate() {
        if let Some(text) = document.text() {
            std::fs::write(folder.join(format!("seed-{at:03}")), text)?;
        }
    }
    Ok(())
}
