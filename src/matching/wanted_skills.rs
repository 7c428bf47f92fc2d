//! The skills that a posting names: labels of the lexicon and phrases, each skill once.

use std::collections::HashMap;
use std::ops::Range;

use super::broader;
use super::credentials::{self, Credential, Kind};
use super::degrees;
use super::language_level;
use super::lexicon::Lexicon;
use super::mention::Mention;
use super::showing::{Showing, Style, is_beside_language, is_sign_language, language};
use super::skill_phrases::{self, Line, Name, Needle};
use super::traits;
use super::words::{self, Case, Word};
use crate::text::one_line;

/// A skill that the posting names.
#[derive(Debug)]
pub(super) struct WantedSkill {
    /// The skill of the lexicon; `None` for a phrase that is none.
    pub(super) skill: Option<u32>,
    /// The words by which a resume names it, unless only the lexicon knows them.
    pub(super) needle: Option<Needle>,
    pub(super) label: String,
    pub(super) uri: Option<String>,
    /// The index among the skills that other names show, if it is one.
    pub(super) broader: Option<usize>,
    /// The label as a text to encode; `None` if the evidence for requirements shows it, or its name alone.
    pub(super) text: Option<usize>,
    /// Its word, if it is a name of one word.
    pub(super) name: Option<u64>,
    /// Whether it is also an everyday word, which names it only inside of a sentence and with a capital: `into Workday`.
    pub(super) everyday: bool,
    /// How well it has to be spoken, if it is a language.
    pub(super) level: Option<u8>,
    /// What shows it if the resume does not name it.
    pub(super) showing: Showing,
    /// The licence or certificate that it is.
    pub(super) credential: Option<Kind>,
    pub(super) must: bool,
    pub(super) places: Vec<Range<usize>>,
    /// The requirements whose evidence shows it, by index; empty for what its name alone shows, and for a skill of long lists
    /// only, which are shown by a sentence about them.
    pub(super) shown_by: Vec<usize>,
}

/// A line of a posting that asks for something.
#[derive(Debug, Clone, Copy)]
pub(super) struct AskingLine<'a> {
    pub(super) words: &'a [Word],
    /// Whether it is a list of names, where every label counts.
    pub(super) list: bool,
    pub(super) must: bool,
    /// Whether it is a task.
    pub(super) duty: bool,
    /// Whether the posting is in another language than English, of which no phrases are known.
    pub(super) foreign: bool,
}

/// The skills of a posting while it is read.
#[derive(Debug, Default)]
pub(super) struct WantedSkills {
    all: Vec<WantedSkill>,
    by_label: HashMap<u32, usize>,
    /// By the words that tell a skill from others.
    by_words: HashMap<Vec<u64>, usize>,
}

impl WantedSkills {
    /// Adds the skills of a line and returns their places and indices; those above `most` are ignored.
    pub(super) fn add(
        &mut self,
        lexicon: &Lexicon,
        text: &str,
        line: AskingLine<'_>,
        most: usize,
    ) -> Vec<(Range<usize>, usize)> {
        let labels = lexicon.every_mention(line.words, line.list);
        let skills = lexicon.mentions(line.words, line.list);
        let read = Line::new(text, line.words, &labels);
        let style = Style::new(text, line.words);
        let rarity = |stem: u64| lexicon.language.rarity(stem);
        let phrases = if line.foreign {
            Vec::new()
        } else {
            skill_phrases::phrases(&lexicon.phrases, &read, line.duty)
        };
        let degrees = degrees_of(text, line.words);
        let licences = credentials::credentials(text, line.words);
        let mut found: Vec<(Range<usize>, usize)> = Vec::new();
        let names = skill_phrases::merge(&read, skills, phrases).into_iter();
        let proper = |words: &Range<usize>| {
            labels
                .iter()
                .any(|label| label.words == *words && lexicon.is_proper(label))
        };
        for mut name in names.flat_map(|name| apart(text, line.words, name, proper)) {
            // `Fluent Spanish` is Spanish.
            if let Some(at) = language(text, &line.words[name.words.clone()]) {
                let at = name.words.start + at;
                name.words = at..at + 1;
                name.label = labels.iter().find(|label| label.words == name.words).cloned();
            }
            if is_nationality(text, line.words, &name.words) {
                continue;
            }
            // British Sign Language is not another sign language.
            if name.words.len() > 2 && is_sign_language(text, &line.words[name.words.clone()]) {
                name.label = labels.iter().find(|label| label.words == name.words).cloned();
            }
            if name.label.is_none() && name.words.len() == 1 && line.words[name.words.start].case != Case::Lower {
                // `Go or Python`: an everyday word at the beginning of a line is a name among others.
                let alone = lexicon
                    .every_mention(&line.words[name.words.clone()], true)
                    .into_iter()
                    .next();
                name.label = alone
                    .filter(|mention| lexicon.is_proper(mention))
                    .map(|mention| Mention {
                        words: name.words.clone(),
                        ..mention
                    });
            }
            let known = name.label.as_ref().is_some_and(|mention| lexicon.is_proper(mention));
            let own = &line.words[name.words.clone()];
            let beside = is_beside_language(text, own) && !is_sign_language(text, own);
            if !known && (beside || !skill_phrases::names_skill(&read, &name)) {
                continue;
            }
            let bytes = read.bytes(&name.words);
            let written = one_line(&text[bytes.clone()]);
            if is_level(text, &bytes) || is_degree(text, &bytes, &degrees) || is_span_of_time(&written) {
                continue;
            }
            if traits::is_trait(&written) || is_of_firm(text, &bytes, line.words) || is_region(text, &bytes, line.words)
            {
                continue;
            }
            // `Apache Flink` is Flink.
            let product = broader::product(&written, rarity);
            let key = skill_phrases::identity(product.unwrap_or(&written));
            let skill = name.label.as_ref().map(|mention| mention.skill);
            let same = skill.and_then(|skill| self.by_label.get(&skill));
            let at = match same.or_else(|| self.by_words.get(&key)).copied() {
                Some(at) => at,
                None if self.all.len() == most => continue,
                None => {
                    let (label, uri) = match &name.label {
                        Some(mention) => {
                            let (label, uri) = lexicon.named(mention, text);
                            (ability(&label, &skill_phrases::label(&read, &name.words)), uri)
                        }
                        None => (one_line(&skill_phrases::label(&read, &name.words)), None),
                    };
                    // One word of a label may be a name that only the lexicon tells from others.
                    let spoken = language(text, &line.words[name.words.clone()]);
                    let level = spoken.map(|at| {
                        let level = language_level::level(text, line.words, name.words.start + at);
                        level.unwrap_or(language_level::ENOUGH)
                    });
                    let told = product.unwrap_or(&written);
                    let in_label = words::words(&label);
                    let credential = licence_named(&licences, &bytes, &credentials::credentials(&label, &in_label));
                    let everyday = name.label.as_ref().is_some_and(|label| label.everyday);
                    let by_words =
                        skill.is_none() || spoken.is_some() || product.is_some() || key.len() >= 2 || own.len() >= 2;
                    // A licence has its known names: `PE license` is not `the PE`.
                    let needle = match by_words {
                        _ if credential.is_some() => None,
                        true => Some(Needle::new(told, rarity)),
                        false => alone(own, known).then(|| match own {
                            [word] if skill_phrases::is_short(word) => Needle::acronym(word),
                            _ => Needle::new(told, rarity),
                        }),
                    };
                    self.by_words
                        .entry(skill_phrases::identity(&label))
                        .or_insert(self.all.len());
                    let task = skill_phrases::is_task(&read, &name.words);
                    let showing = match credential {
                        None => style.showing(&name.words, known, task, line.duty),
                        Some(_) => Showing::Exact,
                    };
                    let of_product = product.map(words::words);
                    let name = match of_product.as_ref().unwrap_or(&in_label)[..] {
                        [ref word] if showing.is_name() => Some(word.written),
                        _ => None,
                    };
                    self.all.push(WantedSkill {
                        everyday: !by_words && everyday,
                        skill,
                        needle,
                        name,
                        level,
                        showing,
                        broader: lexicon.broader.find(skill, &written),
                        text: None,
                        credential,
                        label,
                        uri,
                        must: false,
                        places: Vec::new(),
                        shown_by: Vec::new(),
                    });
                    self.all.len() - 1
                }
            };
            self.by_words.entry(key).or_insert(at);
            if let Some(skill) = skill {
                self.by_label.entry(skill).or_insert(at);
            }
            let wanted = &mut self.all[at];
            wanted.places.push(bytes.clone());
            wanted.must |= line.must;
            if found.iter().all(|(_, known)| *known != at) {
                found.push((bytes, at));
            }
        }
        found
    }

    /// The skills in the order in which they were added.
    pub(super) fn into_vec(self) -> Vec<WantedSkill> {
        self.all
    }
}

/// The licence that a label names, as the line limits it: `manual` may stand before the label.
fn licence_named(line: &[Credential], label: &Range<usize>, in_label: &[Credential]) -> Option<Kind> {
    let named = in_label.first()?.kind();
    let overlaps = |one: &&Credential| one.bytes.start < label.end && label.start < one.bytes.end;
    Some(line.iter().find(overlaps).map_or(named, Credential::kind))
}

/// The number of letters from which a name means little else.
const LEAST_LETTERS: usize = 3;

/// Whether a word names a skill of the lexicon wherever it is written so: `SAP`, `Workday`, but not `IT`. `known` is set if
/// the lexicon writes it as a name.
fn alone(own: &[Word], known: bool) -> bool {
    let [word] = own else {
        return false;
    };
    let named = skill_phrases::is_short(word) || known && word.case != Case::Lower;
    named && word.bytes.len() >= LEAST_LETTERS
}

/// Words after the name of a language that is asked for, besides those that say how well it is spoken.
const AFTER_LANGUAGE: &str = "ability advantageous asset beneficial bonus communication comprehension desirable desired \
    essential fluently helpful interpretation interpreter interpreters interpreting knowledge mandatory necessary needed plus \
    preferable preferably preferred proficient required skill skills translation translations translator translators \
    translating useful";

/// Whether a word names where something is from rather than a language: `Irish employment law`.
fn is_nationality(text: &str, line: &[Word], name: &Range<usize>) -> bool {
    let own = &line[name.clone()];
    let Some(next) = line
        .get(name.end)
        .filter(|_| own.len() == 1 && language(text, own).is_some())
    else {
        return false;
    };
    let low = text[next.bytes.clone()].to_lowercase();
    next.gap == words::Gap::Space
        && next.case == Case::Lower
        && next.subject
        && !is_beside_language(text, std::slice::from_ref(next))
        && !AFTER_LANGUAGE.split_whitespace().any(|word| word == low)
}

/// The names of a phrase such as `LSMW / LTMC` or `Sage & Excel`. `wet / dry shaving` has its head only once, and `Health &
/// Safety` is one name.
fn apart(text: &str, line: &[Word], name: Name, proper: impl Fn(&Range<usize>) -> bool) -> Vec<Name> {
    let mut parts = Vec::new();
    let mut start = name.words.start;
    for at in name.words.start + 1..name.words.end {
        let between = &text[line[at - 1].bytes.end..line[at].bytes.start];
        let head = at - start > 1 || line[start].case != Case::Lower;
        let pair = between == " & " && proper(&(start..at)) && proper(&(at..name.words.end));
        // Not `24 / 7` or `A / B testing`.
        let words = [&line[at - 1], &line[at]].iter().all(|word| {
            let written = &text[word.bytes.clone()];
            written.len() > 1 && written.contains(char::is_alphabetic)
        });
        if (between == " / " && head && words || pair) && name.label.is_none() {
            parts.push(start..at);
            start = at;
        }
    }
    if parts.is_empty() {
        return vec![name];
    }
    parts.push(start..name.words.end);
    parts.into_iter().map(|words| Name { words, label: None }).collect()
}

/// Whether a name is a numeral that counts something: `NVQ level II`, but not `IV` of a nurse.
fn is_level(text: &str, name: &Range<usize>) -> bool {
    let numeral = text[name.clone()].chars().all(|c| matches!(c, 'I' | 'V'));
    let before = text[..name.start].trim_end().to_lowercase();
    let counted = [
        "certificate",
        "cert",
        "class",
        "grade",
        "level",
        "nvq",
        "phase",
        "tier",
        "type",
    ];
    numeral && counted.iter().any(|word| before.ends_with(word))
}

/// Whether a name is that of a time before now: the `last five` of `two years of driving in the last five`.
fn is_span_of_time(name: &str) -> bool {
    let low = name.to_lowercase();
    let Some((first, number)) = low.split_once(' ') else {
        return false;
    };
    let counts = |word: &str| {
        let words = [
            "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "few",
        ];
        words.contains(&word) || word.bytes().all(|byte| byte.is_ascii_digit())
    };
    matches!(first, "last" | "past" | "previous" | "preceding") && number.split(' ').next().is_some_and(counts)
}

/// The highest level of degrees that have no subject in their name, as `BSN` has.
const MOST_LEVEL: u8 = 2;

/// The degrees without a subject that a line asks for.
fn degrees_of(text: &str, line: &[Word]) -> Vec<Range<usize>> {
    let (Some(first), Some(last)) = (line.first(), line.last()) else {
        return Vec::new();
    };
    let start = first.bytes.start;
    let found = degrees::find(&text[start..last.bytes.end], false).into_iter();
    found
        .filter(|degree| degree.level <= MOST_LEVEL)
        .map(|degree| start + degree.bytes.start..start + degree.bytes.end)
        .collect()
}

/// Whether a name is that of a degree, perhaps with its level, which is judged as such: `NVQ level 2`.
fn is_degree(text: &str, name: &Range<usize>, degrees: &[Range<usize>]) -> bool {
    let grade = |word: &str| {
        let low = word.to_lowercase();
        let bare = low.trim_start_matches('l');
        low == "level" || low == "degree" || bare.bytes().all(|byte| byte.is_ascii_digit())
    };
    let outside = |degree: &Range<usize>| {
        let before = text.get(name.start..degree.start.max(name.start)).unwrap_or_default();
        let after = text.get(degree.end.min(name.end)..name.end).unwrap_or_default();
        [before, after]
    };
    degrees.iter().any(|degree| {
        let overlaps = degree.start < name.end && name.start < degree.end;
        let mut rest = outside(degree)
            .into_iter()
            .flat_map(|part| part.split(|c: char| !c.is_alphanumeric()));
        overlaps && rest.all(grade)
    })
}

/// The label of a skill of the lexicon, `lead a team`, with its verb as in the label of the phrase, `leading a team`.
fn ability(label: &str, phrase: &str) -> String {
    let low = phrase.to_lowercase();
    let begins = |label: &str| words::words(label).first().map(|word| word.stem);
    let verb = low.split(' ').next().is_some_and(|first| first.ends_with("ing"));
    let same = label.contains(' ') && words::stems(label).eq(words::stems(phrase));
    if verb && same && begins(label) == begins(phrase) {
        one_line(phrase)
    } else {
        label.to_owned()
    }
}

/// Codes of states and provinces that are no skill in a list of them or after a place.
const REGIONS: &str = "AB AL AR AZ BC CA CO FL GA IA ID IL IN KS KY LA MA MB MD ME MI MN MO MS MT NC ND NE NH NJ NM NV NY OH OK ON \
    OR PA RI SC SD SK TN TX UT VA VT WA WI WV WY";

/// Whether the words name a state or province: `drive MN, IA and NE`, `Kelowna BC`.
fn is_region(text: &str, skill: &Range<usize>, line: &[Word]) -> bool {
    let code = |bytes: &Range<usize>| REGIONS.split_whitespace().any(|code| code == &text[bytes.clone()]);
    let Some(at) = line
        .iter()
        .position(|word| word.bytes == *skill)
        .filter(|_| code(skill))
    else {
        return false;
    };
    let named = at > 0 && line[at - 1].case == Case::Capital;
    named || line.iter().filter(|word| code(&word.bytes)).count() > 1
}

/// Whether a skill is in brackets about the firm: `own hand tools (we provide power tools)`.
fn is_of_firm(text: &str, skill: &Range<usize>, line: &[Word]) -> bool {
    let Some(first) = line.first() else {
        return false;
    };
    let before = text.get(first.bytes.start..skill.start).unwrap_or_default();
    let open = before.rfind('(').filter(|&open| !before[open..].contains(')'));
    open.is_some_and(|open| {
        let mut words = before[open + 1..].split_whitespace();
        words
            .next()
            .is_some_and(|word| matches!(word.to_lowercase().as_str(), "we" | "our" | "we're" | "we'll"))
    })
}

#[cfg(test)]
mod tests {
    use super::is_span_of_time;

    #[test]
    fn spans_of_time_are_no_skills() {
        for (name, want) in [
            ("last five", true),
            ("last 3 years", true),
            ("past two years", true),
            ("last mile delivery", false),
            ("five axis milling", false),
            ("Past perfect", false),
            ("last", false),
        ] {
            assert_eq!(is_span_of_time(name), want, "{name}");
        }
    }
}
