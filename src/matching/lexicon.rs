//! The lexicon of skills, and how they are found in a text.
//!
//! A label is a sequence of words, so texts are searched by words: one hash table maps the hash of a sequence of stems
//! to its skill, and the longest sequence at each word is tried first. It holds 120,000 labels in a few megabytes and
//! finds inflected forms, unlike an automaton over characters.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::error::LexiconError;
use super::mention::Mention;
use super::mention_classifier::{self, Feature, Label, MentionClassifier};
use super::posting::LineClassifier;
use super::similarity::Language;
use super::skill_phrases::PhraseTagger;
use super::weights::Weights;
use super::words::{self, Case, Gap, Word};

/// The skills and weights, loaded once at startup and shared by all requests.
#[derive(Debug)]
pub struct Lexicon {
    entries: Vec<Entry>,
    forms: HashMap<u64, Form, BuildHasherDefault<Hashed>>,
    /// The number of words of the longest label.
    longest: usize,
    /// The weights and thresholds.
    pub(super) weights: Arc<Weights>,
    /// The statistics of work-related text.
    pub(super) language: Arc<Language>,
    /// The classifier of mentions.
    pub(super) context: MentionClassifier,
    /// The classifier of the lines of postings.
    pub(super) lines: LineClassifier,
    /// The tagger of skills that are not in the lexicon.
    pub(super) phrases: PhraseTagger,
}

#[derive(Debug)]
struct Entry {
    label: Box<str>,
    /// The ESCO id of the concept.
    concept: Option<Box<str>>,
}

#[derive(Debug, Clone, Copy)]
struct Form {
    entry: u32,
    /// Whether the label is also an everyday word, which counts only if it is capitalized like a name or is an item of
    /// a list.
    everyday: bool,
}

/// The keys are already hashes.
#[derive(Debug, Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0 = words::hash(bytes);
    }
    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

/// Sanity limit of the decompressed labels in bytes.
const MOST_BYTES: usize = 64 << 20;
const ONE_WORD: u64 = 0x51;
const MANY_WORDS: u64 = 0x5e;

impl Lexicon {
    /// Loads `skills/skills.tsv.zst` and `matching/model.toml` from the models folder.
    ///
    /// # Errors
    /// A file is missing, invalid or empty.
    pub fn open(models: &Path) -> Result<Self, LexiconError> {
        let mut lexicon = Self::without_phrases(models)?;
        lexicon.phrases = PhraseTagger::open(&models.join("skills"))?;
        Ok(lexicon)
    }

    /// As [`Self::open`] without the tagger of phrases, which training may have yet to create.
    pub(super) fn without_phrases(models: &Path) -> Result<Self, LexiconError> {
        let path = models.join("skills").join("skills.tsv.zst");
        let fail = |reason: String| LexiconError {
            path: path.clone(),
            reason,
        };
        let packed = std::fs::read(&path).map_err(|cause| fail(cause.to_string()))?;
        let unpacked = zstd::bulk::decompress(&packed, MOST_BYTES).map_err(|cause| fail(cause.to_string()))?;
        let text = String::from_utf8(unpacked).map_err(|cause| fail(cause.to_string()))?;
        let folder = models.join("matching");
        let weights = Weights::open(&folder.join("model.toml"))?;
        let mut lexicon = Self::parse(&text, weights, Language::open(&folder)?).map_err(fail)?;
        lexicon.context = MentionClassifier::open(&models.join("skills"))?;
        lexicon.lines = LineClassifier::open(&models.join("postings"))?;
        Ok(lexicon)
    }

    /// Parses lines of `label TAB concept TAB form|form`; a form may begin with `^`.
    pub(super) fn parse(text: &str, weights: Weights, language: Language) -> Result<Self, String> {
        let mut entries = Vec::new();
        let mut forms = HashMap::<u64, Form, _>::default();
        let mut longest = 0;
        for (number, line) in text.lines().enumerate() {
            let mut columns = line.split('\t');
            let (Some(label), Some(concept), Some(written)) = (columns.next(), columns.next(), columns.next()) else {
                return Err(format!("line {} has not three columns", number + 1));
            };
            let entry = super::span::as_u32(entries.len());
            entries.push(Entry {
                label: label.into(),
                concept: (!concept.is_empty()).then(|| concept.into()),
            });
            for form in written.split('|') {
                let everyday = form.starts_with('^');
                let read = words::words(form.trim_start_matches('^'));
                if let Some(key) = key(&read) {
                    longest = longest.max(read.len());
                    // The first skill with a form keeps it: ESCO's labels precede those of postings.
                    forms.entry(key).or_insert(Form { entry, everyday });
                }
            }
        }
        if forms.is_empty() {
            return Err("no skill in it".to_owned());
        }
        forms.shrink_to_fit();
        entries.shrink_to_fit();
        Ok(Self {
            entries,
            forms,
            longest,
            weights: Arc::new(weights),
            language: Arc::new(language),
            context: MentionClassifier::default(),
            lines: LineClassifier::default(),
            phrases: PhraseTagger::default(),
        })
    }

    /// The number of skills.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no skills; never true for an opened lexicon.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The name of a skill, and its ESCO id. A skill known only from postings is named as in the text.
    pub(super) fn named(&self, mention: &Mention, text: &str) -> (String, Option<String>) {
        let written = &text[mention.bytes.clone()];
        match self.entries.get(mention.skill as usize) {
            Some(Entry {
                label,
                concept: Some(concept),
            }) => (
                label.to_string(),
                Some(format!("http://data.europa.eu/esco/skill/{concept}")),
            ),
            Some(Entry { label, .. }) if !label.eq_ignore_ascii_case(written) => (label.to_string(), None),
            _ => (written.to_owned(), None),
        }
    }

    /// The skills that a sentence names: leftmost longest, without overlap. `list` is set in a list of skills, where
    /// case carries no information and every label counts.
    pub(super) fn mentions(&self, sentence: &[Word], list: bool) -> Vec<Mention> {
        let mut found = self.every_mention(sentence, list);
        if !list {
            found.retain(|mention| {
                let probability = self.context.probability(&self.features(sentence, mention));
                f64::from(probability) >= self.weights.skills.mention
            });
        }
        found
    }

    /// The features that decide whether a label is a skill in this place.
    pub(super) fn features(&self, sentence: &[Word], mention: &Mention) -> Vec<Feature> {
        let words = &sentence[mention.words.clone()];
        let rarity: f32 = words.iter().map(|word| self.language.rarity(word.stem)).sum();
        let entry = &self.entries[mention.skill as usize];
        let named = Label {
            label: &entry.label,
            concept: entry.concept.is_some(),
            everyday: mention.everyday,
            rarity: rarity / words.len().max(1) as f32,
        };
        mention_classifier::features(sentence, mention.words.start, mention.words.end, named)
    }

    /// All occurrences of labels in a sentence, skills or not.
    pub(super) fn every_mention(&self, sentence: &[Word], list: bool) -> Vec<Mention> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < sentence.len() {
            match self.longest_at(sentence, at, list) {
                Some((Form { entry, everyday }, end)) => {
                    found.push(Mention {
                        skill: entry,
                        everyday,
                        words: at..end,
                        bytes: sentence[at].bytes.start..sentence[end - 1].bytes.end,
                    });
                    at = end;
                }
                None => at += 1,
            }
        }
        found
    }

    fn longest_at(&self, sentence: &[Word], at: usize, list: bool) -> Option<(Form, usize)> {
        let mut best = None;
        let mut sequence = MANY_WORDS;
        for end in at + 1..=sentence.len().min(at + self.longest) {
            let word = &sentence[end - 1];
            if end > at + 1 && word.gap == Gap::Break {
                break;
            }
            sequence = words::chain(sequence, word.stem);
            let key = if end == at + 1 {
                words::chain(ONE_WORD, word.exact)
            } else {
                sequence
            };
            if let Some(form) = self.forms.get(&key)
                && (!form.everyday || is_name(sentence, at, end, list))
            {
                best = Some((*form, end));
            }
        }
        best
    }
}

fn key(read: &[Word]) -> Option<u64> {
    match read {
        [] => None,
        [word] => Some(words::chain(ONE_WORD, word.exact)),
        many => Some(
            many.iter()
                .fold(MANY_WORDS, |sequence, word| words::chain(sequence, word.stem)),
        ),
    }
}

/// Whether an everyday word is used as a name here.
fn is_name(sentence: &[Word], at: usize, end: usize, list: bool) -> bool {
    let after = sentence.get(end).map_or(Gap::Break, |word| word.gap);
    let alone = sentence[at].gap != Gap::Space && after != Gap::Space;
    let items = 1 + sentence.iter().skip(1).filter(|word| word.gap == Gap::Break).count();
    let is_list = list || items >= 3 && sentence.len() <= 3 * items;
    let shouted = sentence.iter().all(|word| word.case == Case::Upper);
    alone && is_list || sentence[at].case != Case::Lower && at > 0 && !shouted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon() -> Lexicon {
        let text = "Python (computer programming)\tccd0\tPython\ngo\t\t^go\ndata pipelines\t\tdata pipelines\n\
                    manage staff\t1\tmanage staff|staff management\nC++\t\tC++\nci/cd\t\tci/cd\ndata\t\t^data";
        Lexicon::parse(text, Weights::default(), Language::default()).unwrap()
    }

    fn found(text: &str) -> Vec<&str> {
        lexicon()
            .mentions(&words::words(text), false)
            .into_iter()
            .map(|mention| &text[mention.bytes])
            .collect()
    }

    #[test]
    fn labels_are_found_as_words_in_any_form() {
        assert_eq!(
            found("managing staff with python, C++ and CI/CD"),
            ["managing staff", "python", "C++", "CI/CD"]
        );
        assert_eq!(found("a Data-pipeline in C"), ["Data-pipeline"]);
        assert_eq!(found("pythonic work on data, pipelines"), Vec::<&str>::new());
    }

    #[test]
    fn everyday_words_count_only_as_names() {
        assert_eq!(found("we go to work"), Vec::<&str>::new());
        assert_eq!(found("Go to work"), Vec::<&str>::new());
        assert_eq!(found("services in Go on Linux"), ["Go"]);
        assert_eq!(found("python, go, c++"), ["python", "go", "c++"]);
    }

    #[test]
    fn only_esco_concepts_have_an_address() {
        let text = "python in Go";
        let named: Vec<_> = lexicon()
            .mentions(&words::words(text), false)
            .iter()
            .map(|mention| lexicon().named(mention, text))
            .collect();
        assert_eq!(
            named,
            [
                (
                    "Python (computer programming)".to_owned(),
                    Some("http://data.europa.eu/esco/skill/ccd0".to_owned())
                ),
                ("Go".to_owned(), None),
            ]
        );
    }

    #[test]
    fn a_broken_file_says_why() {
        let parse = |text| Lexicon::parse(text, Weights::default(), Language::default());
        assert!(parse("").is_err());
        let error = parse("one column").unwrap_err();
        assert!(error.contains("line 1"), "{error}");
        let missing = Lexicon::open(Path::new("/nonexistent")).unwrap_err();
        assert!(missing.to_string().contains("skills.tsv.zst"), "{missing}");
    }
}
