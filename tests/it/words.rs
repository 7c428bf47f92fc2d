//! Words that the schema and the sources must not contain, because a plain term exists. Text that sounds unnatural without them
//! is not found.

use std::path::Path;

const BANNED: [&str; 10] = [
    "whoever", "somebody", "nobody", "mend", "mends", "mended", "anew", "no good", "came of", "told of",
];

/// The list of common passwords is data, and a `.txt`.
const EXTENSIONS: [&str; 7] = ["rs", "graphql", "surql", "toml", "js", "html", "css"];

#[test]
fn the_schema_and_the_sources_use_plain_terms() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    search(&root.join("schema.graphql"), root, &mut found);
    for sources in ["src", "kernels/src"] {
        search(&root.join(sources), root, &mut found);
    }
    found.sort();
    let lines = found
        .iter()
        .map(|(file, line, word)| format!("\n{file}:{line}: {word}"));
    assert!(
        found.is_empty(),
        "{} banned words:{}",
        found.len(),
        lines.collect::<String>()
    );
}

fn search(path: &Path, root: &Path, found: &mut Vec<(String, usize, &str)>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            search(&entry.unwrap().path(), root, found);
        }
    } else if path
        .extension()
        .is_some_and(|extension| EXTENSIONS.iter().any(|known| extension == *known))
    {
        let name = path.strip_prefix(root).unwrap().display().to_string();
        let text = std::fs::read_to_string(path).unwrap();
        found.extend(banned_in(&text).map(|(line, word)| (name.clone(), line, word)));
    }
}

/// The banned words with their lines. A term of two words may be broken across the lines of a comment.
fn banned_in(text: &str) -> impl Iterator<Item = (usize, &'static str)> {
    let words = words(text);
    let mut found = Vec::new();
    for (position, (line, word)) in words.iter().enumerate() {
        for banned in BANNED {
            let is_here = match banned.split_once(' ') {
                None => word == banned,
                Some((first, second)) => {
                    word == first && words.get(position + 1).is_some_and(|(_, next)| next == second)
                }
            };
            if is_here {
                found.push((*line, banned));
            }
        }
    }
    found.into_iter()
}

/// The words in lower case, parts of identifiers included, and the punctuation that ends a phrase, each with its line.
fn words(text: &str) -> Vec<(usize, String)> {
    let mut words = Vec::new();
    for (index, line) in text.lines().enumerate() {
        // Neither a comment's marks nor the backslash at the end of a string's line ends a phrase.
        let line = line.trim_start().trim_start_matches(['/', '!', '*', '-', '#']);
        let line = line.trim_end_matches('\\').to_lowercase();
        let spaced = line.replace('_', " ");
        for part in spaced.split_inclusive(|letter: char| !letter.is_alphanumeric()) {
            let word = part.trim_end_matches(|letter: char| !letter.is_alphanumeric());
            words.extend((!word.is_empty()).then(|| (index + 1, word.to_owned())));
            let end = part[word.len()..].trim();
            words.extend((!end.is_empty()).then(|| (index + 1, end.to_owned())));
        }
    }
    words
}

#[test]
fn whole_words_are_found_in_any_case_and_across_lines() {
    let found = |text| banned_in(text).collect::<Vec<_>>();
    assert_eq!(
        found("/// Whoever asks\n// \"MENDED\""),
        [(1, "whoever"), (2, "mended")]
    );
    assert_eq!(found("fn is_no_good() {}"), [(1, "no good")]);
    assert_eq!(
        found("    /// a text that is no\n    /// good has an error"),
        [(1, "no good")]
    );
    assert_eq!(
        found("recommend; mender; renewed anewer; no, good; No. Good; no goods"),
        []
    );
}
