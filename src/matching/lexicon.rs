//! The lexicon of skills, and how they are found in a text.
//!
//! A label is a sequence of words, so texts are searched by words: one hash table maps the hash of a sequence of stems
//! to its skill, and the longest sequence at each word is tried first. It holds 120,000 labels in a few megabytes and
//! finds inflected forms, unlike an automaton over characters.

mod forms;
mod place;

use std::path::Path;
use std::sync::Arc;

use self::forms::Forms;
use self::place::Place;

use super::broader::BroaderSkills;
use super::error::LexiconError;
use super::mention::Mention;
use super::mention_classifier::{self, Feature, Label, MentionClassifier};
use super::posting::LineClassifier;
use super::similarity::Language;
use super::skill_phrases::PhraseTagger;
use super::text_file;
use super::weights::Weights;
use super::words::{self, Word};

/// The skills and weights, loaded once at startup and shared by all requests.
#[derive(Debug)]
pub struct Lexicon {
    entries: Vec<Entry>,
    forms: Forms,
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
    /// The skills that other names show.
    pub(super) broader: Arc<BroaderSkills>,
}

#[derive(Debug)]
struct Entry {
    label: Box<str>,
    /// The ESCO id of the concept.
    concept: Option<Box<str>>,
    /// The concept's label in ESCO, if it differs.
    esco: Option<Box<str>>,
}

/// Sanity limit of the decompressed labels in bytes.
const MOST_BYTES: usize = 64 << 20;
/// The part of the threshold of mentions that is enough for a common name.
const CERTAIN: f64 = 0.4;
/// Longer names in capitals are a style, not acronyms.
const MOST_CAPITALS: usize = 6;

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
        let text = text_file::read(&path, MOST_BYTES)?;
        let folder = models.join("matching");
        let weights = Weights::open(&folder.join("model.toml"))?;
        let mut lexicon = Self::parse(&text, weights, Language::open(&folder)?).map_err(fail)?;
        lexicon.context = MentionClassifier::open(&models.join("skills"))?;
        lexicon.lines = LineClassifier::open(&models.join("postings"))?;
        lexicon.broader = Arc::new(lexicon.broader_skills());
        Ok(lexicon)
    }

    /// Parses lines of `label TAB concept TAB form|form TAB label in ESCO`. A form may begin
    /// with the flags of [`forms::Form`].
    pub(super) fn parse(text: &str, weights: Weights, language: Language) -> Result<Self, String> {
        let mut entries = Vec::new();
        let mut forms = Forms::with_capacity(text.bytes().filter(|byte| matches!(byte, b'|' | b'\n')).count());
        for (number, line) in text.lines().enumerate() {
            let mut columns = line.split('\t');
            let (Some(label), Some(concept), Some(written)) = (columns.next(), columns.next(), columns.next()) else {
                return Err(format!("line {} does not have three columns", number + 1));
            };
            let entry = super::span::as_u32(entries.len());
            entries.push(Entry {
                label: label.into(),
                concept: (!concept.is_empty()).then(|| concept.into()),
                esco: columns.next().map(Into::into),
            });
            for form in written.split('|') {
                forms.insert(form, entry);
            }
        }
        if forms.is_empty() {
            return Err("it contains no skills".to_owned());
        }
        forms.shrink_to_fit();
        entries.shrink_to_fit();
        Ok(Self {
            entries,
            forms,
            weights: Arc::new(weights),
            language: Arc::new(language),
            context: MentionClassifier::default(),
            lines: LineClassifier::default(),
            phrases: PhraseTagger::default(),
            broader: Arc::default(),
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

    /// The name of a skill, and its ESCO id. The label is used only if the text has the same words or adds nothing to
    /// them; otherwise the skill is named as in the text, because the label of a concept may say more.
    pub(super) fn named(&self, mention: &Mention, text: &str) -> (String, Option<String>) {
        let written = &text[mention.bytes.clone()];
        let Some(entry) = self.entries.get(mention.skill as usize) else {
            return (written.to_owned(), None);
        };
        let shouted = written.len() > MOST_CAPITALS && !written.contains(char::is_lowercase);
        let same = || entry.concept.is_some() && exact(&entry.label).eq(exact(written));
        let known = mention.labelled || shouted && entry.label.eq_ignore_ascii_case(written) || same();
        let acronym = written.chars().any(char::is_uppercase) && !entry.label.contains(char::is_uppercase);
        let name = match (known, shouted) {
            // The label of an acronym may be in small letters, and without the number behind it.
            (true, false) if acronym && is_written_so(&entry.label, written) => written.to_owned(),
            (true, _) => entry.label.to_string(),
            (false, true) => written.to_lowercase(),
            (false, false) => written.split_whitespace().collect::<Vec<_>>().join(" "),
        };
        let uri = (entry.concept.as_ref()).map(|concept| format!("http://data.europa.eu/esco/skill/{concept}"));
        (name, uri)
    }

    /// Whether the lexicon writes the label of a mention as a name: `Excel`, but not `baking` or `use CAD software`.
    pub(super) fn is_proper(&self, mention: &Mention) -> bool {
        let entry = self.entries.get(mention.skill as usize);
        let capital = |word: &str| word.contains(char::is_uppercase);
        entry.is_some_and(|entry| {
            entry
                .label
                .split(' ')
                .filter(|word| word.len() > 3 || capital(word))
                .all(capital)
        })
    }

    fn broader_skills(&self) -> BroaderSkills {
        BroaderSkills::new(|name| self.label_of(name), |stem| self.language.rarity(stem))
    }

    /// The skill that a text names as a whole.
    fn label_of(&self, name: &str) -> Option<u32> {
        let read = words::words(name);
        let whole = self.every_mention(&read, true).into_iter();
        let mut whole = whole.filter(|mention| mention.words == (0..read.len()));
        whole.next().map(|mention| mention.skill)
    }

    /// The label of a skill in ESCO, or its own.
    pub(super) fn esco_label(&self, mention: &Mention) -> Option<&str> {
        let entry = self.entries.get(mention.skill as usize)?;
        Some(entry.esco.as_deref().unwrap_or(&entry.label))
    }

    /// The skills that a sentence names: leftmost longest, without overlap. `list` is set in a list of skills, where
    /// case carries no information and every label counts.
    pub(super) fn mentions(&self, sentence: &[Word], list: bool) -> Vec<Mention> {
        let mut found = self.every_mention(sentence, list);
        if !list {
            found.retain(|mention| {
                let probability = self.context.probability(&self.features(sentence, mention));
                let least = self.weights.skills.mention;
                f64::from(probability) >= if mention.certain { CERTAIN * least } else { least }
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
            acronym: mention.acronym,
            rarity: rarity / words.len().max(1) as f32,
        };
        mention_classifier::features(sentence, mention.words.start, mention.words.end, named)
    }

    /// All occurrences of labels in a sentence, skills or not.
    pub(super) fn every_mention(&self, sentence: &[Word], list: bool) -> Vec<Mention> {
        let mut found = Vec::new();
        let place = Place::new(sentence, list);
        let mut at = 0;
        while at < sentence.len() {
            match self.forms.longest_at(&place, at) {
                Some((form, end)) => {
                    found.push(Mention {
                        skill: form.entry,
                        everyday: form.everyday,
                        acronym: form.acronym,
                        labelled: form.labelled,
                        certain: form.certain,
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
}

/// Whether a name in capitals is that of a label in small letters, but for a number behind it: `OSHA 10`, `NEC4`.
fn is_written_so(label: &str, written: &str) -> bool {
    let name = written.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' '));
    let capitals = written.chars().filter(|c| c.is_uppercase()).count() >= 2;
    (label.eq_ignore_ascii_case(written) || label.eq_ignore_ascii_case(name)) && (capitals || !written.contains(' '))
}

/// The words of a text, in singular or plural.
fn exact(text: &str) -> impl Iterator<Item = u64> {
    words::words(text).into_iter().map(|word| word.exact)
}

#[cfg(test)]
mod tests;
