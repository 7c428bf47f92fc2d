//! Whether words of a text write a phrase of the table: in other forms, with a state inside, or with a small mistake.

use super::super::regions::is_region;
use super::super::words::{Gap, Word};
use super::table::{Part, Phrase, Table};

/// The longest initials that stand in capitals: `CSCS`, but not `NURSES`.
const MOST_INITIALS: usize = 5;
/// The least number of letters of a word that may be written with a mistake.
const LEAST_MISSPELT: usize = 7;
/// The least length of the number of a paper.
const LEAST_NUMBER: usize = 5;
/// Words for papers that may stand before what they are for: `licence: forklift`.
const PAPERS: [&str; 8] = [
    "card",
    "cert",
    "certificate",
    "certification",
    "lic",
    "licence",
    "license",
    "ticket",
];
/// Words for a grade, which may follow what such a paper is for.
const GRADES: [&str; 11] = [
    "advanced",
    "apprentice",
    "basic",
    "class",
    "contractor",
    "grade",
    "journeyman",
    "level",
    "master",
    "truck",
    "trucks",
];

/// The words of a text, read against the phrases of the table.
pub(super) struct Line<'a> {
    pub(super) table: &'a Table,
    pub(super) text: &'a str,
    pub(super) words: &'a [Word],
}

impl Line<'_> {
    fn low(&self, at: usize) -> String {
        let word = self.words.get(at);
        word.map_or_else(String::new, |word| self.text[word.bytes.clone()].to_lowercase())
    }

    /// What is written between a word and the one before it.
    fn before(&self, at: usize) -> &str {
        let from = at.checked_sub(1).map_or(0, |last| self.words[last].bytes.end);
        let until = self.words.get(at).map_or(self.text.len(), |word| word.bytes.start);
        self.text.get(from..until).unwrap_or_default()
    }

    /// The end of a phrase that begins at a word. A state or a number may stand inside it: `licensed Queensland
    /// electrician`.
    pub(super) fn end(&self, at: usize, phrase: &Phrase) -> Option<usize> {
        let next = self.end_of(at, phrase, &phrase.parts)?;
        let Some(exact) = &phrase.exact else {
            return Some(next);
        };
        let written = self
            .text
            .get(self.words[at].bytes.start..self.words[next - 1].bytes.end)?;
        let rest = self.text.get(self.words[next - 1].bytes.end..).unwrap_or_default();
        let plural = |name: &str| name.strip_suffix('s').map_or(0, str::len);
        let bare = if plural(written) > 0 && !exact.ends_with('s') {
            &written[..plural(written)]
        } else {
            written
        };
        // `CPL(A)` ends in a sign.
        let sign = exact.strip_prefix(bare);
        sign.is_some_and(|sign| rest.starts_with(sign)).then_some(next)
    }

    /// The end of a phrase behind its own last word: `licence: forklift`, `certificate in first aid`.
    pub(super) fn turned_end(&self, at: usize, phrase: &Phrase) -> Option<usize> {
        let parts = phrase.parts.get(..phrase.parts.len() - 1)?;
        if !PAPERS.contains(&&*self.low(at)) {
            return None;
        }
        let mut next = at + 1;
        while self.is_number(next) {
            next += 1;
        }
        let between = self.before(next).trim();
        if matches!(&*self.low(next), "in" | "for" | "to") && self.words[next].gap == Gap::Space {
            next += 1;
            while matches!(&*self.low(next), "a" | "an" | "drive" | "operate" | "the") {
                next += 1;
            }
        } else if self.before(next).contains('\n') || !matches!(between, ":" | "-" | "\u{2013}" | "(" | ". (" | ".:") {
            return None;
        }
        self.words.get(next)?;
        let end = self.end_of(next, phrase, parts)?;
        // `Licence: driving instructor` is another one.
        let ends = self.words.get(end).is_none_or(|word| {
            word.gap == Gap::Break || !word.subject || GRADES.contains(&&*self.low(end)) || self.is_number(end)
        });
        ends.then_some(end)
    }

    fn end_of(&self, at: usize, phrase: &Phrase, parts: &[Part]) -> Option<usize> {
        let (first, rest) = parts.split_first()?;
        let mut misspelt = 0;
        let mut same = |at: usize, part: &Part| {
            let word = self.words.get(at)?;
            if self.is_same(word, phrase, part) {
                return Some(true);
            }
            let near = phrase.is_long() && misspelt == 0 && is_near(&self.low(at), &part.low);
            misspelt += usize::from(near);
            Some(near)
        };
        if !same(at, first)? {
            return None;
        }
        let mut next = at + 1;
        for part in rest {
            let other = |at: usize| {
                self.words
                    .get(at)
                    .is_some_and(|word| self.table.plain(word.exact) != part.exact)
            };
            let numbered = |at: usize| PAPERS.contains(&&*self.low(at - 1)) || self.is_number(at - 1);
            let inside = |at: usize| {
                is_region(self.text, self.words, at) || self.is_number(at) && numbered(at) || self.is_article(at)
            };
            while phrase.exact.is_none() && other(next) && inside(next) {
                next += 1;
            }
            if !same(next, part)? {
                return None;
            }
            next += 1;
        }
        Some(next)
    }

    fn is_same(&self, word: &Word, phrase: &Phrase, part: &Part) -> bool {
        let plain = self.table.plain(word.exact);
        // CPC is not CPCS, although one looks like the plural of the other.
        let initials = word.acronym && word.bytes.len() <= MOST_INITIALS && plain == word.exact;
        let same = plain == part.exact || word.written == part.written;
        let whole = !initials || word.written == part.written || phrase.exact.is_some();
        // `Advance cardiac life support`, but not `registering with the board`.
        let inflected = || {
            let low = &self.text[word.bytes.clone()];
            phrase.is_long() && word.stem == part.stem && !word.acronym && !low.ends_with("ing")
        };
        same && whole || inflected()
    }

    /// Whether a word stands between what someone is and its proof: `licensed as a master electrician`.
    fn is_article(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map_or_else(String::new, |at| self.low(at));
        let behind = |words: &[&str]| words.contains(&&*before);
        match &*self.low(at) {
            "as" => behind(&["certified", "licenced", "licensed", "qualified", "registered"]),
            "a" | "an" => behind(&["as"]),
            _ => false,
        }
    }

    /// Whether a word is a part of the number of a paper: `no. 0712345`.
    fn is_number(&self, at: usize) -> bool {
        let low = self.low(at);
        let digits = low.len() >= LEAST_NUMBER && low.contains(|c: char| c.is_ascii_digit());
        digits || matches!(&*low, "no" | "nr" | "number" | "num") && self.before(at).trim().is_empty()
    }
}

/// Whether two long words differ by one letter.
fn is_near(word: &str, other: &str) -> bool {
    let long = |word: &str| word.is_ascii() && word.len() >= LEAST_MISSPELT;
    let letters = |word: &str| word.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !(long(word) && long(other) && letters(word) && letters(other)) || word.as_bytes()[0] != other.as_bytes()[0] {
        return false;
    }
    let (short, long) = if word.len() <= other.len() {
        (word, other)
    } else {
        (other, word)
    };
    let head = short.bytes().zip(long.bytes()).take_while(|(a, b)| a == b).count();
    let (rest, more) = (&short[head..], &long[head..]);
    match long.len() - short.len() {
        // Another letter, or two that changed places.
        0 => {
            let (rest, more) = (rest.as_bytes(), more.as_bytes());
            rest.get(1..) == more.get(1..)
                || rest.len() > 1 && rest[0] == more[1] && rest[1] == more[0] && rest[2..] == more[2..]
        }
        1 => more.get(1..) == Some(rest),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::words::words;
    use super::super::credentials;
    use super::*;

    fn names(text: &str) -> Vec<&'static str> {
        let found = credentials(text, &words(text));
        found.into_iter().map(|one| one.name).collect()
    }

    #[test]
    fn near_spellings_differ_by_one_letter() {
        for (word, other, want) in [
            ("resusitation", "resuscitation", true),
            ("certifed", "certified", true),
            ("cardiovasular", "cardiovascular", true),
            ("registred", "registered", true),
            ("tehcnician", "technician", true),
            ("technicien", "technician", true),
            ("technician", "technicians", true),
            ("practical", "practise", false),
            ("restricted", "unrestricted", false),
            ("nurse", "purse", false),
            ("10-hour", "30-hour", false),
        ] {
            assert_eq!(is_near(word, other), want, "{word} / {other}");
        }
    }

    #[test]
    fn long_names_are_known_with_a_small_mistake() {
        for (text, want) in [
            (
                "Advance Cardiac Life Support",
                &["Advanced Cardiovascular Life Support (ACLS)"][..],
            ),
            (
                "Advanced Cardiovasular Life Support, 2025",
                &["Advanced Cardiovascular Life Support (ACLS)"],
            ),
            ("Certified Nursing Assistent", &["Certified nursing assistant (CNA)"]),
            ("Registered with the PSI since 2015", &["Pharmacist registration"]),
            ("Registering with the PSI clinic list", &[]),
            ("Driver, no licence", &[]),
            ("Advance care planning", &[]),
            ("Certified nursing", &[]),
        ] {
            assert_eq!(names(text), want, "{text}");
        }
    }

    /// Whatever the paper, and in whatever order.
    #[test]
    fn a_paper_may_stand_before_what_it_is_for() {
        for (text, want) in [
            ("License: Plumbing Journeyman (CIB)", "Plumbing licence"),
            ("Licence: Forklift", "Forklift licence"),
            ("Licence - forklift, 2024", "Forklift licence"),
            ("Licence to operate a forklift truck", "Forklift licence"),
            (
                "Licensed as a Master Electrician in Texas",
                "Master electrician licence",
            ),
            ("Certificate in First Aid", "First aid certificate"),
            ("Certificate: Food Hygiene (2023)", "Food handler certificate"),
            ("License no. 4471920: real estate", "Real estate licence"),
            ("Lic. #4471920 (Insurance)", "Insurance licence"),
            ("Cosmetology Lic. (GA) CO142233", "Cosmetology licence"),
            ("Journeyman electrician lic #J-20331 (TX)", "Electrician licence"),
        ] {
            assert_eq!(names(text), [want], "{text}");
        }
        for text in [
            "Licence: driving instructor",
            "Certificate in teaching assistance",
            "Certificate in food photography",
            "Licence to print forklift labels",
            "Certificate\nFirst aid box kept in order",
        ] {
            assert!(names(text).is_empty(), "{text}: {:?}", names(text));
        }
    }
}
