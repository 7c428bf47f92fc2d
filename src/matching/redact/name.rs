//! The words of a name: their form, and how they are found again in running text.

use std::collections::HashMap;

use super::super::english::ENGLISH;
use super::fold::{fold, is_mark, is_unspaced};
use super::tables::{TABLES, is_work, names_job};

/// Maximum number of words of a name.
const MOST_WORDS: usize = 9;

/// A word of a line that may be a name.
#[derive(Debug, Clone)]
pub(super) struct NameWord<'t> {
    /// Its offset.
    pub(super) at: usize,
    pub(super) text: &'t str,
    pub(super) folded: String,
}

impl NameWord<'_> {
    pub(super) fn end(&self) -> usize {
        self.at + self.text.len()
    }

    pub(super) fn is_initial(&self) -> bool {
        self.folded.chars().filter(|c| c.is_alphabetic()).count() == 1 && !self.folded.contains(is_unspaced)
            || self.text.len() <= 4
                && self.text.contains('.')
                && self.text.chars().all(|c| c == '.' || c.is_uppercase())
    }

    pub(super) fn is_particle(&self) -> bool {
        TABLES.particles.contains(self.folded.as_str())
    }

    /// `Dr.` in `Placeholder Dr. Quill`.
    pub(super) fn is_form_of_address(&self) -> bool {
        let dotted = self.text.ends_with('.') && self.folded.len() > 1;
        TABLES.titles.contains(self.text.trim_end_matches('.'))
            || dotted && (TABLES.address_forms.contains(&self.folded) || TABLES.academic.contains(&self.folded))
    }

    /// Whether it has the form of a degree or of professional letters behind a name: `PGDip`, `MIMechE`, `MSc`.
    pub(super) fn is_letters(&self) -> bool {
        let text = self.text.trim_end_matches('.');
        let count = text.chars().count();
        let capitals: Vec<bool> = text.chars().map(char::is_uppercase).collect();
        let adjacent = capitals.windows(2).any(|two| two[0] && two[1]);
        let letters = text.chars().all(char::is_alphabetic) && text.is_ascii();
        letters
            && (3..=8).contains(&count)
            && capitals.contains(&false)
            && (adjacent || capitals.first() == Some(&true) && capitals.last() == Some(&true))
            && !TABLES.organisations.contains(&self.folded)
            && !["De", "Di", "Du", "La", "Le", "Mac", "Mc", "O", "Van"]
                .iter()
                .any(|begin| text.starts_with(begin))
    }

    /// Whether it is a known degree in capitals, or has the form of one.
    pub(super) fn is_credential(&self) -> bool {
        let capitals = self.text.chars().filter(|c| c.is_uppercase()).count();
        self.is_letters() || capitals >= 2 && TABLES.academic.contains(&self.folded)
    }

    /// Whether it is a short form of a given name that is also a degree: `Md. Shahidul Islam`, `Ma. Theresa Reyes`. `M.D.`
    /// and `MA` are degrees.
    pub(super) fn is_short_given(&self) -> bool {
        let dots = self.text.matches('.').count();
        let ends = self.text.ends_with('.');
        TABLES.short_given.contains(self.folded.as_str())
            && (dots == 1 && ends || dots == 0 && self.folded != "ma" && self.text.contains(char::is_lowercase))
    }

    fn is_lower(&self) -> bool {
        self.text.starts_with(char::is_lowercase) && !self.text.contains(char::is_uppercase) && !self.is_particle()
    }

    /// Whether it is a word of work rather than of a name.
    pub(super) fn tells_work(&self) -> bool {
        let word = self.folded.trim_end_matches('.');
        let work = |word: &str| is_work(word) && !is_known_name(word);
        // `Bau-Ingenieur` is a trade, `Coast-Smith` a family name.
        !self.is_particle()
            && !self.is_short_given()
            && if word.contains('-') {
                word.split('-').any(|part| names_job(part) && work(part))
            } else {
                work(word)
            }
    }
}

/// Whether a folded word is a given name, or a family name that is also a word.
pub(super) fn is_known_name(word: &str) -> bool {
    TABLES.given.contains(word) || TABLES.given_words.contains(word) || TABLES.surname_words.contains(word)
}

pub(super) fn is_given(word: &str) -> bool {
    TABLES.given.contains(word) || TABLES.given_words.contains(word)
}

/// The words of a segment, all of which have the form of a name.
#[derive(Debug, Clone)]
pub(super) struct Words<'t>(pub(super) Vec<NameWord<'t>>);

impl<'t> Words<'t> {
    /// `None` if a word cannot be part of a name.
    pub(super) fn new(segment: &'t str) -> Option<Self> {
        let mut words = Vec::new();
        for (at, word) in spaced_words(segment) {
            let lead = word.len() - word.trim_start_matches(is_decoration).len();
            let text = word[lead..].trim_end_matches(|c| is_decoration(c) || c == ',');
            if text.is_empty() {
                continue;
            }
            let letters = text.chars().all(|c| {
                c.is_alphabetic()
                    || is_mark(c)
                    || matches!(
                        c,
                        '-' | '\''
                            | '\u{2019}'
                            | '\u{2018}'
                            | '\u{2bb}'
                            | '\u{2bc}'
                            | '`'
                            | '.'
                            | '\u{2010}'
                            | '\u{2011}'
                            | '\u{30fb}'
                            | '\u{b7}'
                            | '\u{ff0e}'
                    )
            });
            if !letters
                || !text.starts_with(|c: char| {
                    c.is_alphabetic() || matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{2bb}' | '\u{2bc}')
                })
            {
                return None;
            }
            words.push(NameWord {
                at: at + lead,
                text,
                folded: fold(text.trim_end_matches('.')),
            });
            if words.len() > 2 * MOST_WORDS {
                return None;
            }
        }
        (!words.is_empty()).then_some(Self(words))
    }
}

/// The words of a text between white space, with their offsets.
pub(super) fn spaced_words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive(char::is_whitespace).filter_map(move |part| {
        let start = at;
        at += part.len();
        let word = part.trim_end();
        (!word.is_empty()).then_some((start, word))
    })
}

fn is_decoration(c: char) -> bool {
    matches!(
        c,
        '*' | '_' | '#' | '"' | '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' | '>' | '~' | '\u{1}'
    )
}

/// Whether words have the form of a name: few, capitalized, and none of them of work.
pub(super) fn is_plain(words: &Words<'_>) -> bool {
    let words = &words.0;
    let first = words.first();
    // `Dean Page`, but `Page 1`.
    let is_page = |at: usize, word: &NameWord<'_>| {
        at == 1
            && words.len() == 2
            && TABLES.surname_words.contains(&word.folded)
            && first.is_some_and(|first| is_given(&first.folded))
    };
    let vetoed = |(at, word): (usize, &NameWord<'_>)| {
        let grammar = word.text.is_ascii()
            && ENGLISH.function_words.contains(&word.folded)
            && (word.folded.len() > 2 || word.folded == "of");
        word.is_lower()
            || TABLES.organisations.contains(word.folded.as_str()) && !word.is_particle()
            || TABLES.not_names.contains(word.folded.as_str()) && !is_page(at, word)
            || grammar && !word.is_particle() && !(at == 0 && is_known_name(&word.folded))
    };
    words.len() <= MOST_WORDS
        && !words.iter().enumerate().any(vetoed)
        && !words
            .iter()
            .enumerate()
            .any(|(at, word)| word.tells_work() && !is_surname(words, at))
        && !is_trade(words)
}

/// Whether a word that ends like a trade is the family name behind a given name: `Karl Hoffmeister`, `Amy Baker-Smith`.
fn is_surname(words: &[NameWord<'_>], at: usize) -> bool {
    at > 0 && at + 1 == words.len() && at <= 2 && ends_like_trade(&words[at]) && TABLES.given.contains(&words[0].folded)
}

/// Whether a word of work is not a known trade: it only ends like one.
pub(super) fn ends_like_trade(word: &NameWord<'_>) -> bool {
    let word = word.folded.as_str();
    !TABLES.title_words.contains(word) && !TABLES.title_heads.contains(word)
}

/// `Line Cook` and `Head Baker` are trades, `Quill Cook` and `Will Cook` are persons.
fn is_trade(words: &[NameWord<'_>]) -> bool {
    let Some((last, rest)) = words.split_last() else {
        return false;
    };
    if !names_job(&last.folded) {
        return false;
    }
    let own = |word: &NameWord<'_>| is_given(&word.folded) || !is_work(&word.folded) && word.folded.chars().count() > 1;
    is_given(&last.folded) && rest.is_empty() || rest.is_empty() || !rest.iter().any(own)
}

/// What a part of a name means as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing: it is the person wherever it is capitalized.
    Plain,
    /// A word that begins sentences or, capitalized, is mostly a name: Grace, Will, Mark.
    Given,
    /// A word of work or of grammar: Cook, Mason, An.
    Word,
    /// A skill or tool: Java, Jenkins.
    Skill,
    /// A place: Jordan, London.
    Place,
    /// A month: May, April.
    Month,
}

#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) folded: String,
    pub(super) kind: Kind,
}

/// A person's name.
#[derive(Debug, Default)]
pub(super) struct Name {
    pub(super) parts: Vec<Part>,
    /// Spellings of the parts, as folded words.
    spellings: HashMap<String, usize>,
    /// Initials, folded.
    pub(super) initials: Vec<char>,
    pub(super) particles: Vec<String>,
    /// Sequences in scripts without spaces.
    pub(super) unspaced: Vec<String>,
    /// Whether it is written in lower case.
    pub(super) lower: bool,
}

impl Name {
    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.unspaced.is_empty()
    }

    /// Adds the words of a name. `in_use` tells whether a folded word occurs in the text in lower case.
    pub(super) fn add(&mut self, words: &[NameWord<'_>], in_use: &impl Fn(&str) -> bool) {
        let letters = words.iter().filter(|word| !word.is_particle());
        self.lower |=
            letters.clone().count() > 0 && letters.clone().all(|word| word.text.starts_with(char::is_lowercase));
        for word in words {
            if word.text.contains(is_unspaced) {
                self.add_unspaced(word.text);
                continue;
            }
            if word.is_particle() {
                self.particles.push(word.folded.clone());
                continue;
            }
            if TABLES.generational.contains(word.folded.as_str()) {
                continue;
            }
            for part in word.folded.split(['-', '.', '\u{2010}', '\u{2011}']) {
                let part = part.trim_matches('\'');
                let part = part.strip_suffix("'s").unwrap_or(part);
                self.initials.extend(part.chars().next());
                if TABLES.particles.contains(part) && word.folded.contains('-') {
                    self.particles.push(part.to_owned());
                } else if part.chars().count() >= 2 {
                    self.add_part(part, word.text, in_use);
                }
            }
        }
    }

    fn add_part(&mut self, part: &str, written: &str, in_use: &impl Fn(&str) -> bool) {
        let known = self.spellings.contains_key(part);
        if known {
            return;
        }
        let kind = if TABLES.ambiguous_months.contains(part) {
            Kind::Month
        } else if TABLES.skill_names.contains(part) {
            Kind::Skill
        } else if TABLES.ambiguous_places.contains(part) || TABLES.places.contains(part) {
            Kind::Place
        } else if TABLES.given_words.contains(part) {
            Kind::Given
        } else if is_work(part)
            || TABLES.surname_words.contains(part)
            || ENGLISH.function_words.contains(part)
            || TABLES.verbs.contains(part)
            || part.chars().count() <= 2
            || in_use(part)
        {
            Kind::Word
        } else {
            Kind::Plain
        };
        let at = self.parts.len();
        self.parts.push(Part {
            folded: part.to_owned(),
            kind,
        });
        self.spellings.insert(part.to_owned(), at);
        let german: String = written
            .to_lowercase()
            .chars()
            .map(|c| match c {
                'ä' => "ae".to_owned(),
                'ö' | 'ø' => "oe".to_owned(),
                'ü' => "ue".to_owned(),
                'å' => "aa".to_owned(),
                _ => c.to_string(),
            })
            .collect();
        let german = fold(&german);
        if german.chars().count() > part.chars().count() && !german.contains(['-', '.']) {
            self.spellings.entry(german).or_insert(at);
        }
    }

    /// The whole, and in Chinese, Japanese and Korean the given name.
    fn add_unspaced(&mut self, word: &str) {
        for piece in word.split(['\u{30fb}', '\u{b7}', '-', '.']).chain([word]) {
            let signs: Vec<char> = piece.chars().collect();
            if signs.len() >= 2 && !self.unspaced.iter().any(|known| known == piece) {
                self.unspaced.push(piece.to_owned());
            }
            if signs.len() == 3 && !matches!(signs[0], '\u{e00}'..='\u{1fff}') {
                self.unspaced.push(signs[1..].iter().collect());
            }
            // The family name, and a given name of one sign, count only as words by themselves.
            for sign in [signs.first(), signs.last()]
                .into_iter()
                .flatten()
                .filter(|_| signs.len() <= 3)
            {
                let at = self.parts.len();
                let sign = sign.to_string();
                if let std::collections::hash_map::Entry::Vacant(place) = self.spellings.entry(sign.clone()) {
                    place.insert(at);
                    self.parts.push(Part {
                        folded: sign,
                        kind: Kind::Plain,
                    });
                }
            }
        }
        self.unspaced.sort_by_key(|piece| std::cmp::Reverse(piece.len()));
    }

    /// The part that a folded token is, in any case or with a suffix.
    pub(super) fn part(&self, token: &str) -> Option<usize> {
        let find = |token: &str| self.spellings.get(token).copied();
        find(token)
            .or_else(|| find(&token[..token.rfind('\'')?]))
            .or_else(|| {
                find(token.strip_suffix('s')?).filter(|&at| self.parts[at].kind == Kind::Plain && token.len() > 4)
            })
            .or_else(|| self.inflected(token))
    }

    /// Names in Cyrillic, Greek, Arabic, Hebrew and Indic letters take endings or prefixes.
    fn inflected(&self, token: &str) -> Option<usize> {
        let first = token.chars().next()?;
        if u32::from(first) < 0x370 {
            return None;
        }
        let length = token.chars().count();
        self.parts.iter().position(|part| {
            let own = part.folded.chars().count();
            if matches!(first, '\u{590}'..='\u{6ff}') {
                return own >= 3 && length > own && length - own <= 3 && token.ends_with(part.folded.as_str());
            }
            let common = part
                .folded
                .chars()
                .zip(token.chars())
                .take_while(|(a, b)| a == b)
                .count();
            own >= 4 && common >= 4.max(own.saturating_sub(2)) && length <= own + 3
        })
    }

    /// Whether a folded word in lower case is several parts of the name, as handles of networks are: `quillplaceholder`,
    /// `quill-placeholder`.
    pub(super) fn spells(&self, word: &str) -> bool {
        let pieces: Vec<&str> = word.split('-').filter(|piece| !piece.is_empty()).collect();
        let part = |piece: &&&str| self.spellings.get(**piece).map(|at| self.parts[*at].kind);
        match pieces.as_slice() {
            [word] => word.len() <= 40 && self.divides(word, 0, false),
            pieces => {
                let found: Vec<Kind> = pieces.iter().filter_map(|piece| part(&piece)).collect();
                found.len() > 1 && found.contains(&Kind::Plain)
            }
        }
    }

    /// Whether the rest of a word consists of two to four parts of the name, one of which is no other word.
    fn divides(&self, rest: &str, count: usize, sure: bool) -> bool {
        if rest.is_empty() {
            return count > 1 && sure;
        }
        count < 4
            && self.spellings.iter().any(|(spelling, at)| {
                let rest = rest.strip_prefix(spelling.as_str()).filter(|_| spelling.len() > 1);
                rest.is_some_and(|rest| self.divides(rest, count + 1, sure || self.parts[*at].kind == Kind::Plain))
            })
    }

    /// Whether a folded word is a part of the name with initials: `quillp`.
    pub(super) fn abbreviates(&self, word: &str) -> bool {
        self.spellings.iter().any(|(spelling, at)| {
            let rest = word.strip_prefix(spelling.as_str()).unwrap_or_default();
            self.parts[*at].kind == Kind::Plain
                && spelling.len() >= 5
                && (1..=2).contains(&rest.len())
                && rest.chars().all(|c| self.initials.contains(&c))
        })
    }

    /// Whether letters of a handle, folded, spell the name: a part of four letters or more, or several parts.
    pub(super) fn is_in_handle(&self, handle: &str) -> bool {
        let tokens = || {
            handle
                .split(|c: char| !c.is_alphabetic())
                .filter(|token| !token.is_empty())
        };
        let plain = |at: &usize| matches!(self.parts[*at].kind, Kind::Plain | Kind::Given | Kind::Place);
        let whole = tokens()
            .filter_map(|token| self.spellings.get(token))
            .collect::<Vec<_>>();
        if whole.iter().any(|at| plain(at) && self.parts[**at].folded.len() >= 3) || whole.len() >= 2 {
            return true;
        }
        tokens().any(|token| {
            self.spellings.iter().any(|(spelling, _)| {
                let rest = token
                    .strip_prefix(spelling.as_str())
                    .or_else(|| token.strip_suffix(spelling.as_str()));
                spelling.len() >= 3
                    && rest.is_some_and(|rest| {
                        !rest.is_empty()
                            && (self.spellings.contains_key(rest)
                                || rest.len() <= 2
                                    && spelling.len() >= 4
                                    && rest.chars().all(|c| self.initials.contains(&c)))
                    })
            })
        })
    }
}
