//! The forms that name skills, by the hash of their words.

use std::collections::HashMap;

use super::place::Place;
use crate::matching::words::{self, Gap, Hashed, Word};

/// A form of a skill. Its flags are written before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    pub(super) entry: u32,
    /// `^`: also an everyday word, which counts only if it is written as a name or is an item of a list.
    pub(super) everyday: bool,
    /// `=`: an acronym, which counts only in capitals or as an item of a list; one that is also an everyday word, only
    /// in capitals.
    pub(super) acronym: bool,
    /// `!`: shown as the label of its skill (MS Excel skills is Excel); other forms are shown as written.
    pub(super) labelled: bool,
    /// `+`: a common name that means little else, which the classifier of mentions seldom refuses.
    pub(super) certain: bool,
}

/// A table of forms.
#[derive(Debug, Default)]
pub(super) struct Forms {
    table: HashMap<u64, Form, Hashed>,
    /// The number of words of the longest form.
    longest: usize,
}

/// One word in singular or plural.
const ONE_WORD: u64 = 0x51;
/// One word in the number it is written in: electronics.
const NUMBERED: u64 = 0x53;
const ACRONYM: u64 = 0x5b;
const MANY_WORDS: u64 = 0x5e;

impl Forms {
    pub(super) fn with_capacity(forms: usize) -> Self {
        Self {
            table: HashMap::with_capacity_and_hasher(forms, Hashed::default()),
            longest: 0,
        }
    }

    /// Adds a form with its flags. The first skill with a form keeps it: common names precede ESCO's labels, which
    /// precede those of postings.
    pub(super) fn insert(&mut self, flagged: &str, entry: u32) {
        let form = flagged.trim_start_matches(['^', '=', '\'', '!', '+']);
        let flags = &flagged[..flagged.len() - form.len()];
        let read = words::words(form);
        let key = match read.as_slice() {
            [] => return,
            [word] if flags.contains('=') => words::chain(ACRONYM, word.written),
            [word] if flags.contains('\'') => words::chain(NUMBERED, word.written),
            [word] => words::chain(ONE_WORD, word.exact),
            many => (many.iter()).fold(MANY_WORDS, |sequence, word| words::chain(sequence, word.stem)),
        };
        self.longest = self.longest.max(read.len());
        self.table.entry(key).or_insert(Form {
            entry,
            everyday: flags.contains('^'),
            acronym: flags.contains('='),
            labelled: flags.contains('!'),
            certain: flags.contains('+'),
        });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    pub(super) fn shrink_to_fit(&mut self) {
        self.table.shrink_to_fit();
    }

    /// The longest form that begins at a word, and the word after it.
    pub(super) fn longest_at(&self, place: &Place<'_>, at: usize) -> Option<(Form, usize)> {
        let sentence = place.sentence;
        let mut best = self.one_word(place, at).map(|form| (form, at + 1));
        let mut sequence = words::chain(MANY_WORDS, sentence[at].stem);
        for end in at + 2..=sentence.len().min(at + self.longest) {
            let word = &sentence[end - 1];
            if word.gap == Gap::Break {
                break;
            }
            sequence = words::chain(sequence, word.stem);
            if let Some(form) = self.table.get(&sequence)
                && (!form.acronym || place.list || sentence[at..end].iter().all(|word| word.acronym))
            {
                best = Some((*form, end));
            }
        }
        best
    }

    fn one_word(&self, place: &Place<'_>, at: usize) -> Option<Form> {
        let word = &place.sentence[at];
        let form = match self.acronym(place, at) {
            Some(form) if word.acronym => Some(form),
            other => self.plain(word).or(other),
        };
        let form = form.or_else(|| {
            let name = word.unversioned?.get();
            let shouted = word
                .acronym
                .then(|| self.table.get(&words::chain(ACRONYM, name)))
                .flatten();
            let form = shouted.or_else(|| self.table.get(&words::chain(ONE_WORD, name)))?;
            Some(Form {
                labelled: true,
                ..*form
            })
        })?;
        let counts = !form.everyday || form.acronym || place.is_name(at, at + 1);
        (counts && (word.bytes.len() > 1 || place.is_letter_skill(at))).then_some(form)
    }

    fn acronym(&self, place: &Place<'_>, at: usize) -> Option<Form> {
        let word = &place.sentence[at];
        if word.acronym {
            let form = self.table.get(&words::chain(ACRONYM, word.written))?;
            return (!form.everyday || !place.shouted).then_some(*form);
        }
        if !place.is_item(at, at + 1) {
            return None;
        }
        let find = |name| self.table.get(&words::chain(ACRONYM, name));
        let form = find(word.written).or_else(|| find(word.exact))?;
        (!form.everyday).then_some(*form)
    }

    fn plain(&self, word: &Word) -> Option<Form> {
        let numbered = self.table.get(&words::chain(NUMBERED, word.written));
        numbered
            .or_else(|| self.table.get(&words::chain(ONE_WORD, word.exact)))
            .copied()
    }
}
