//! Tokenization into word pieces, and splitting of long texts.
//!
//! The encoder calls it for the ids of a text; callers with long texts use [`WordPieces::windows`]. A long text is
//! tokenized in chunks that end between words, because word pieces never cross white space: the cost is linear, and a
//! text to be truncated is read no further than necessary.

use std::ops::Range;

use tokenizers::Tokenizer;

use super::error::{InferenceError, OpenError};
use super::weights::VerifiedFile;

/// Maximum number of word pieces that the encoder reads, including `[CLS]` and `[SEP]`.
pub const MAX_PIECES: usize = 256;

/// The minimum length of a chunk in bytes; it extends to the next white space.
const CHUNK: usize = 4096;

/// The word-piece vocabulary of the encoder.
#[derive(Debug)]
pub(super) struct WordPieces {
    inner: Tokenizer,
    cls: u32,
    sep: u32,
}

/// A tokenized text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pieces {
    /// The ids from `[CLS]` to `[SEP]`; at most [`MAX_PIECES`].
    pub(super) ids: Vec<u32>,
    /// Whether the text has more pieces.
    pub(super) truncated: bool,
}

impl WordPieces {
    /// Loads a `tokenizer.json` whose vocabulary has `vocabulary` entries. Its padding and truncation are ignored.
    pub(super) fn load(file: &VerifiedFile, vocabulary: usize) -> Result<Self, OpenError> {
        let broken = |reason: String| OpenError::broken(file.path(), &reason);
        let mut inner = Tokenizer::from_bytes(file.bytes()).map_err(|error| broken(error.to_string()))?;
        inner.with_padding(None);
        inner.with_truncation(None).map_err(|error| broken(error.to_string()))?;
        if inner.get_vocab_size(true) != vocabulary {
            return Err(broken(format!(
                "{} entries, but the weights have {vocabulary}",
                inner.get_vocab_size(true)
            )));
        }
        let special = |name: &str| {
            inner
                .token_to_id(name)
                .ok_or_else(|| broken(format!("no entry {name}")))
        };
        let (cls, sep) = (special("[CLS]")?, special("[SEP]")?);
        Ok(Self { inner, cls, sep })
    }

    /// The word pieces of a text, truncated to [`MAX_PIECES`].
    pub(super) fn encode(&self, text: &str) -> Result<Pieces, tokenizers::Error> {
        let room = MAX_PIECES - 2;
        let mut ids = vec![self.cls];
        let mut truncated = false;
        for chunk in chunks(text) {
            let encoding = self.inner.encode_fast(&text[chunk], false)?;
            ids.extend_from_slice(encoding.get_ids());
            if ids.len() > room + 1 {
                ids.truncate(room + 1);
                truncated = true;
                break;
            }
        }
        ids.push(self.sep);
        Ok(Pieces { ids, truncated })
    }

    /// The number of word pieces, including `[CLS]` and `[SEP]`.
    pub(super) fn count(&self, text: &str) -> Result<usize, tokenizers::Error> {
        chunks(text).try_fold(2, |sum, chunk| {
            Ok(sum + self.inner.encode_fast(&text[chunk], false)?.get_ids().len())
        })
    }

    /// Byte ranges that cover every word of the text, in order, with at most [`MAX_PIECES`] pieces each, including
    /// `[CLS]` and `[SEP]`. Ranges end between words. A text without words has none.
    pub(super) fn windows(&self, text: &str) -> Result<Vec<Range<usize>>, tokenizers::Error> {
        let room = MAX_PIECES - 2;
        let mut windows = Vec::new();
        let mut open: Option<Range<usize>> = None;
        let mut pieces = 0;
        for word in self.words(text)? {
            match &mut open {
                Some(window) if pieces + word.pieces <= room => {
                    window.end = word.bytes.end;
                    pieces += word.pieces;
                }
                _ => {
                    windows.extend(open.replace(word.bytes));
                    pieces = word.pieces;
                }
            }
        }
        windows.extend(open);
        Ok(windows)
    }

    /// The words of the text with their numbers of pieces.
    fn words(&self, text: &str) -> Result<Vec<Word>, tokenizers::Error> {
        let mut words: Vec<Word> = Vec::new();
        for chunk in chunks(text) {
            let start = chunk.start;
            let encoding = self.inner.encode(&text[chunk], false)?;
            let mut last = None;
            for (id, (from, to)) in encoding.get_word_ids().iter().zip(encoding.get_offsets()) {
                let bytes = start + from..start + to;
                match words.last_mut() {
                    Some(word) if id.is_some() && last == *id => {
                        word.bytes.end = bytes.end;
                        word.pieces += 1;
                    }
                    _ => words.push(Word { bytes, pieces: 1 }),
                }
                last = *id;
            }
        }
        Ok(words)
    }
}

/// The error for a text that should have been split.
pub(super) fn too_long(index: usize) -> InferenceError {
    let reason = format!("the text has more than {MAX_PIECES} word pieces");
    InferenceError::BadInput { index, reason }
}

/// A run of word pieces that must not be split.
struct Word {
    bytes: Range<usize>,
    pieces: usize,
}

/// Splits the text into ranges of about [`CHUNK`] bytes, each of which ends before white space or at the end.
fn chunks(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        if start == text.len() {
            return None;
        }
        let from = text.ceil_char_boundary(start.saturating_add(CHUNK));
        let end = text[from..]
            .find(char::is_whitespace)
            .map_or(text.len(), |offset| from + offset);
        Some(std::mem::replace(&mut start, end)..end)
    })
}

#[cfg(test)]
mod tests {
    //! Counting, truncation and windows. The golden tests of the encoder show that the ids are right.

    use proptest::prelude::*;

    use super::super::minilm::tests::word_pieces;
    use super::*;

    #[test]
    fn chunks_cover_the_text_and_end_between_words() {
        let text = "wörd ".repeat(5000);
        let parts: Vec<_> = chunks(&text).collect();
        assert!(parts.len() > 5);
        assert_eq!(parts.iter().map(|part| &text[part.clone()]).collect::<String>(), text);
        assert!(parts[1..].iter().all(|part| text[part.clone()].starts_with(' ')));
        assert_eq!(chunks("").count(), 0);
    }

    #[test]
    fn reading_in_chunks_changes_nothing() {
        let pieces = word_pieces();
        let text = "Überzeugend: naïve \u{4e1c}\u{4eac} don't-stop, e-mail@example.com \u{1f680} ".repeat(300);
        let whole = pieces.inner.encode(text.as_str(), false).unwrap();
        assert_eq!(pieces.count(&text).unwrap(), whole.get_ids().len() + 2);
        let cut = pieces.encode(&text).unwrap();
        assert!(cut.truncated);
        assert_eq!(cut.ids.len(), MAX_PIECES);
        assert_eq!(cut.ids[1..MAX_PIECES - 1], whole.get_ids()[..MAX_PIECES - 2]);
    }

    #[test]
    fn the_limit_itself_is_not_cut() {
        let pieces = word_pieces();
        for (words, truncated) in [(253, false), (254, false), (255, true)] {
            let encoded = pieces.encode(&"word ".repeat(words)).unwrap();
            assert_eq!(encoded.truncated, truncated, "{words} words");
            assert_eq!(encoded.ids.len(), (words + 2).min(MAX_PIECES));
        }
    }

    #[test]
    fn a_mebibyte_of_anything_is_read_in_bounded_time() {
        let pieces = word_pieces();
        let size = 1 << 20;
        for text in [
            "word ".repeat(size / 5),
            "x".repeat(size),
            "\u{4e1c}".repeat(size / 3),
            "\0".repeat(size),
        ] {
            pieces.encode(&text).unwrap();
            let windows = pieces.windows(&text).unwrap();
            for window in windows.iter().take(3) {
                assert!(pieces.count(&text[window.clone()]).unwrap() <= MAX_PIECES);
            }
        }
    }

    #[test]
    fn a_text_without_words_has_no_window() {
        let pieces = word_pieces();
        for text in ["", "  \n\t", "\0\u{200b}"] {
            assert!(pieces.windows(text).unwrap().is_empty(), "{text:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn windows_fit_and_lose_no_word(text in "([a-zA-Z0-9äßéø东京\u{1f680}.,;-]{1,12}[ \n]){0,900}") {
            let pieces = word_pieces();
            let windows = pieces.windows(&text).unwrap();
            let mut sum = 0;
            let mut end = 0;
            for window in windows {
                prop_assert!(text[end..window.start].trim().is_empty());
                let count = pieces.count(&text[window.clone()]).unwrap();
                prop_assert!(count <= MAX_PIECES);
                sum += count - 2;
                end = window.end;
            }
            prop_assert!(text[end..].trim().is_empty());
            prop_assert_eq!(sum, pieces.count(&text).unwrap() - 2);
        }
    }
}
