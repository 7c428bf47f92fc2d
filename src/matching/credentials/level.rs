//! The level of a licence, told beside its name: `CIPD Level 5`, `L3 food safety`, `first aid (level 3)`.

use std::ops::Range;

use super::super::words::{Gap, Word};

/// The highest level of a scale.
const MOST: u8 = 8;
const ROMAN: [&str; 8] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii"];
/// The number of words between a level and the name, and those words: `Level 3 Award in First Aid`.
const MOST_BETWEEN: usize = 4;
const BETWEEN: [&str; 15] = [
    "award",
    "certificate",
    "cert",
    "certification",
    "certified",
    "diploma",
    "for",
    "in",
    "member",
    "membership",
    "nvq",
    "of",
    "qualification",
    "qualified",
    "the",
];

/// The level that the text gives to the credential that these words name.
pub(super) fn read(text: &str, words: &[Word], mention: &Range<usize>) -> Option<u8> {
    let line = Line { text, words };
    let own = |at: usize, next: usize| at == mention.start || !line.is_apart(at) || line.is_apart(next);
    let mut inside = mention.clone().filter_map(|at| {
        let (level, next) = line.level(at)?;
        own(at, next).then_some(level)
    });
    let inside = inside.next();
    inside
        .or_else(|| line.before(mention.start))
        .or_else(|| line.behind(mention.end))
}

struct Line<'a> {
    text: &'a str,
    words: &'a [Word],
}

impl Line<'_> {
    fn low(&self, at: usize) -> String {
        let word = self.words.get(at);
        word.map_or_else(String::new, |word| self.text[word.bytes.clone()].to_lowercase())
    }

    fn is_apart(&self, at: usize) -> bool {
        self.words.get(at).is_none_or(|word| word.gap == Gap::Break)
    }

    /// The level that begins at a word, and the word after it: `Level 3`, `L3`.
    fn level(&self, at: usize) -> Option<(u8, usize)> {
        let low = self.low(at);
        let short = low.strip_prefix('l').filter(|rest| rest.len() == 1);
        if let Some(level) = short.and_then(number) {
            return Some((level, at + 1));
        }
        let noun = matches!(&*low, "level" | "lvl") && !self.is_apart(at + 1);
        let level = number(&self.low(at + 1)).filter(|_| noun)?;
        Some((level, at + 2))
    }

    fn before(&self, start: usize) -> Option<u8> {
        let mut at = start;
        for _ in 0..=MOST_BETWEEN {
            if at == 0 || self.is_apart(at) {
                return None;
            }
            at -= 1;
            if let Some((level, _)) = self.level(at) {
                return Some(level);
            }
            let low = self.low(at);
            if !BETWEEN.contains(&&*low) && number(&low).is_none() {
                return None;
            }
        }
        None
    }

    fn behind(&self, end: usize) -> Option<u8> {
        let mut at = end;
        let mut set_off = self.is_apart(at);
        while at < end + MOST_BETWEEN && BETWEEN.contains(&&*self.low(at)) {
            at += 1;
            set_off |= self.is_apart(at);
        }
        let word = self.words.get(at)?;
        let between = self.text.get(self.words[end - 1].bytes.end..word.bytes.start)?;
        let (level, next) = self.level(at)?;
        // `First aid, Level 3 food hygiene`, `CIPD (Level 7 preferred)`
        let own = !between.contains(['\n', '.', ';']) && (!set_off || self.is_apart(next));
        own.then_some(level)
    }
}

fn number(low: &str) -> Option<u8> {
    let roman = ROMAN.iter().position(|roman| *roman == low);
    let roman = roman.and_then(|at| u8::try_from(at + 1).ok());
    roman
        .or_else(|| low.parse().ok())
        .filter(|level| (1..=MOST).contains(level))
}

#[cfg(test)]
mod tests {
    use super::super::super::words::words;
    use super::super::credentials;

    fn levels(text: &str) -> Vec<Option<u8>> {
        let found = credentials(text, &words(text));
        found.into_iter().map(|one| one.level).collect()
    }

    #[test]
    fn levels_are_read_beside_names() {
        for (text, want) in [
            ("CIPD Level 5", &[Some(5)][..]),
            ("CIPD qualified (Level 7)", &[Some(7)]),
            ("CIPD (Level 7 preferred)", &[None]),
            ("AAT L4 (MAAT)", &[Some(4)]),
            ("Level 3 Award in Food Safety", &[Some(3)]),
            ("L2 Food Hygiene", &[Some(2)]),
            ("Food hygiene level II certificate", &[Some(2)]),
            ("First aid at work, Level 3", &[Some(3)]),
            ("First aid at work, Level 3 food hygiene", &[None, Some(3)]),
            ("TEFL level 5 since 2019", &[Some(5)]),
            ("CIPD. Level 3 climbing wall", &[None]),
            ("Assoc CIPD", &[Some(5)]),
            ("TEFL in 5 schools", &[None]),
            ("RN Level II NICU", &[None]),
        ] {
            assert_eq!(levels(text), want, "{text}");
        }
    }
}
