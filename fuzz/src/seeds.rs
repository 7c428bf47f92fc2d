//! Writes the corpus of hostile documents into the folder that is named, one file a document, for a fuzzer to begin with.

#[path = "../../tests/it/hostile/corpus.rs"]
mod corpus;

fn main() -> std::io::Result<()> {
    let folder = std::path::PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "corpus/query".to_owned()));
    std::fs::create_dir_all(&folder)?;
    for (at, class) in corpus::classes().into_iter().enumerate() {
        if let Some(document) = class.document() {
            std::fs::write(folder.join(format!("seed-{at:03}")), document)?;
        }
    }
    Ok(())
}
