//! Text files of models and data sets, compressed if their names end in `.zst`.

use std::path::Path;

use super::error::LexiconError;

/// Reads a text file. `most_bytes` is the sanity limit of the decompressed text.
pub(super) fn read(path: &Path, most_bytes: usize) -> Result<String, LexiconError> {
    let text = || {
        let mut bytes = std::fs::read(path).map_err(|cause| cause.to_string())?;
        if path.extension().is_some_and(|extension| extension == "zst") {
            bytes = zstd::bulk::decompress(&bytes, most_bytes).map_err(|cause| cause.to_string())?;
        }
        String::from_utf8(bytes).map_err(|cause| cause.to_string())
    };
    text().map_err(|reason| LexiconError {
        path: path.to_owned(),
        reason,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_tells_whether_a_file_is_compressed() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        };
        let packed = zstd::bulk::compress("naïve\n".as_bytes(), 1).unwrap();
        assert_eq!(read(&file("a.txt", "naïve\n".as_bytes()), 100).unwrap(), "naïve\n");
        assert_eq!(read(&file("a.tsv.zst", &packed), 100).unwrap(), "naïve\n");
        let refused = [
            ("plain.zst", "naïve\n".as_bytes(), 100),
            ("long.zst", &packed, 6),
            ("packed.txt", &packed, 100),
            ("latin.txt", b"na\xefve\n", 100),
        ];
        for (name, bytes, most_bytes) in refused {
            let error = read(&file(name, bytes), most_bytes).unwrap_err();
            assert!(error.path.ends_with(name), "{error}");
        }
        assert!(read(&folder.path().join("missing"), 100).is_err());
    }
}
