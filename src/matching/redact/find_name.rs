//! Finds the person's name: the line or part of a line that is most like one, by its form, its place, the words around
//! it, and the handles that spell it.

use std::collections::HashSet;
use std::ops::Range;

use super::super::date;
use super::super::occupations;
use super::fold::{fold, in_word, is_mark, is_unspaced};
use super::layout::{Line, Zone, is_document_title, is_prose};
use super::name::{NameWord, Words, is_given, is_known_name, is_plain, spaced_words};
use super::tables::{TABLES, is_work, names_job};

/// Lines that are searched for a name that a handle spells.
const SEARCHED_LINES: usize = 80;
/// Lines in which a name is expected.
const FIRST_LINES: usize = 6;
/// The least score of a name.
const ENOUGH: i32 = 3;

/// A name in the text.
pub(super) struct FoundName<'t> {
    /// The bytes to blank: the name with its forms of address.
    pub(super) bytes: Vec<Range<usize>>,
    pub(super) words: Vec<NameWord<'t>>,
}

/// What the letters of handles spell.
pub(super) struct Handles {
    tokens: HashSet<String>,
    joined: Vec<String>,
}

impl Handles {
    pub(super) fn new(text: &str, handles: &[Range<usize>]) -> Self {
        let (mut tokens, mut joined) = (HashSet::new(), Vec::new());
        for handle in handles {
            let written = &text[handle.clone()];
            let low = fold(written);
            let low = low.split_once("://").map_or(low.as_str(), |(_, rest)| rest);
            for piece in low.split(['/', '@', ':', '?', '=', '.']) {
                let letters: String = piece.chars().filter(|c| c.is_alphabetic()).collect();
                if letters.chars().count() >= 3
                    && !matches!(
                        letters.as_str(),
                        "www"
                            | "com"
                            | "org"
                            | "net"
                            | "linkedin"
                            | "github"
                            | "gmail"
                            | "mailto"
                            | "email"
                            | "mail"
                            | "https"
                            | "http"
                            | "example"
                    )
                {
                    joined.push(letters);
                }
                tokens.extend(
                    piece
                        .split(|c: char| !c.is_alphabetic())
                        .filter(|token| token.chars().count() >= 3)
                        .map(str::to_owned),
                );
            }
        }
        Self { tokens, joined }
    }

    /// The number of words that a handle spells.
    fn spells(&self, words: &[NameWord<'_>]) -> usize {
        let parts = words.iter().flat_map(|word| word.folded.split(['-', '.', '\'']));
        let parts: Vec<String> = parts
            .filter(|part| part.chars().count() >= 2 && !TABLES.particles.contains(*part))
            .map(str::to_owned)
            .collect();
        let spelled = |part: &String| {
            let german = part.clone();
            self.tokens.contains(part)
                || part.chars().count() >= 4
                    && self
                        .joined
                        .iter()
                        .any(|joined| joined.starts_with(german.as_str()) || joined.ends_with(german.as_str()))
                || self.joined.iter().any(|joined| {
                    parts
                        .iter()
                        .any(|other| other != part && (is_both(joined, part, other) || is_both(joined, other, part)))
                })
        };
        parts.iter().filter(|part| spelled(part)).count()
    }
}

/// Whether a text is one part followed by the other.
fn is_both(joined: &str, first: &str, second: &str) -> bool {
    joined.strip_prefix(first) == Some(second)
}

/// A part of a line that may be a name.
struct Candidate<'t> {
    line: usize,
    words: Vec<NameWord<'t>>,
    /// The bytes of the words.
    bytes: Vec<Range<usize>>,
    /// A form of address is in front of it.
    addressed: bool,
    /// Credentials or pronouns are behind it.
    credited: bool,
    /// It was cut out of a longer sequence.
    cut: bool,
    /// It is in brackets, behind a number or a slash.
    inner: bool,
    /// The code of a region is behind it, as behind a town: `Port Ellery, NJ`.
    placed: bool,
}

pub(super) fn find<'t>(masked: &'t str, layout: &[Line<'_>], handles: &Handles) -> Option<FoundName<'t>> {
    let mut best: Option<(i32, Candidate<'t>)> = None;
    let mut first = true;
    // Whether only titles of the document came before.
    let mut leading = true;
    let mut singles: Vec<Candidate<'t>> = Vec::new();
    // Lines of one word elsewhere that a handle spells, as in a column that was read after the body.
    let mut spelled_singles: Vec<Candidate<'t>> = Vec::new();
    for (at, line) in layout.iter().enumerate().take(SEARCHED_LINES) {
        let near = line.zone != Zone::Body;
        let text = &masked[line.start..line.start + line.text.len()];
        if line.heading && !is_document_title(line.text) || is_prose(line.text) && !text.contains('\u{1}') {
            continue;
        }
        if !near && handles.tokens.is_empty() {
            break;
        }
        let contact_near = text.contains('\u{1}')
            || layout
                .get(at + 1)
                .is_some_and(|next| masked[next.start..next.start + next.text.len()].contains('\u{1}'));
        let mut viable = false;
        // Behind prose or a heading that is not known, no name is expected.
        first &= at < FIRST_LINES && (!is_prose(line.text) || text.contains('\u{1}')) && !is_part_heading(line.text);
        for candidate in candidates(at, line.start, text) {
            let spelled = handles.spells(&candidate.words);
            let Some(score) = score(&candidate, spelled, first && near, contact_near) else {
                continue;
            };
            let alone = text.chars().filter(|c| c.is_alphabetic()).count()
                == candidate.words[0].text.chars().filter(|c| c.is_alphabetic()).count();
            if !near && spelled < 2 {
                if spelled == 1 && candidate.words.len() == 1 && alone {
                    spelled_singles.push(candidate);
                }
                continue;
            }
            viable = true;
            if candidate.words.len() == 1 && first && near && alone {
                singles.push(Candidate {
                    words: candidate.words.clone(),
                    bytes: candidate.bytes.clone(),
                    ..candidate
                });
            }
            let named = candidate.words.len() > 1 || spelled > 0 || leading;
            if score >= ENOUGH && named && best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, candidate));
            }
        }
        leading &= is_document_title(line.text) || line.heading || tells_job(line.text);
        // A line that is not a name leaves the place of the first line to the next.
        first &= !viable;
    }
    let joined = join_singles(&singles, handles, 0).or_else(|| join_singles(&spelled_singles, handles, 2));
    let (_, chosen) = match (best, joined) {
        (Some((score, one)), Some((other, _))) if score >= other && one.words.len() > 1 => (score, one),
        (_, Some(joined)) => joined,
        (best, None) => best?,
    };
    let mut found = FoundName {
        bytes: chosen.bytes,
        words: chosen.words,
    };
    add_other_script(masked, layout, chosen.line, &mut found);
    Some(found)
}

fn tells_job(line: &str) -> bool {
    line.split(|c: char| !c.is_alphabetic())
        .any(|word| names_job(&fold(word)))
}

/// Whether a short line has a word of headings, as `Core Qualifications` and `Skill Highlights` have.
fn is_part_heading(line: &str) -> bool {
    let mut words = line
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(fold);
    line.split_whitespace().count() <= 4
        && !is_document_title(line)
        && !line.contains(':')
        && words.any(|word| TABLES.not_names.contains(&word))
}

/// A name on two lines of one word each, of which handles spell as many words at least.
fn join_singles<'t>(singles: &[Candidate<'t>], handles: &Handles, least: usize) -> Option<(i32, Candidate<'t>)> {
    let pair = singles.windows(2).find(|pair| pair[1].line == pair[0].line + 1)?;
    let words: Vec<NameWord<'t>> = [pair[0].words.clone(), pair[1].words.clone()].concat();
    let joined = Candidate {
        line: pair[0].line,
        bytes: [pair[0].bytes.clone(), pair[1].bytes.clone()].concat(),
        addressed: false,
        credited: false,
        cut: false,
        inner: false,
        placed: false,
        words,
    };
    // A place below a name of one word is not part of it.
    if TABLES.places.contains(&pair[1].words[0].folded) {
        return None;
    }
    let spelled = handles.spells(&joined.words);
    score(&joined, spelled, true, false)
        .filter(|score| *score >= ENOUGH && spelled >= least)
        .map(|score| (score, joined))
}

/// The same name in another script on its line, as in `王小明 (Xiaoming Wang)`.
fn add_other_script<'t>(masked: &'t str, layout: &[Line<'_>], at: usize, found: &mut FoundName<'t>) {
    let line = &layout[at];
    let text = &masked[line.start..line.start + line.text.len()];
    let unspaced = |words: &[NameWord<'_>]| words.iter().any(|word| word.text.contains(is_unspaced));
    let own = unspaced(&found.words);
    for other in candidates(at, line.start, text) {
        let taken = |range: &Range<usize>| {
            found
                .bytes
                .iter()
                .any(|own| own.start < range.end && range.start < own.end)
        };
        let credential = other.words.iter().all(|word| {
            TABLES.academic.contains(&word.folded) || word.text.len() <= 5 && word.text.chars().all(char::is_uppercase)
        });
        if credential {
            continue;
        }
        if other.bytes.iter().any(taken) || unspaced(&other.words) == own || !is_plain(&Words(other.words.clone())) {
            continue;
        }
        if own || other.words.iter().all(|word| word.text.contains(is_unspaced)) {
            found.bytes.extend(other.bytes);
            found.words.extend(other.words);
        }
    }
}

/// The parts of a line that have the form of a name.
fn candidates(line: usize, start: usize, text: &str) -> Vec<Candidate<'_>> {
    let mut found = Vec::new();
    if let Some(spaced) = spaced_letters(line, start, text) {
        return vec![spaced];
    }
    let segments = segments(text);
    let mut skip = 0;
    for (at, segment) in segments.iter().enumerate() {
        if at < skip {
            continue;
        }
        let Some(mut own) = candidate(line, start, text, segment.clone()) else {
            continue;
        };
        let border = at.checked_sub(1).and_then(|before| {
            text[segments[before].end..segment.start]
                .chars()
                .rev()
                .find(|c| !c.is_whitespace())
        });
        own.inner = border.is_some_and(|c| {
            !matches!(
                c,
                '|' | '\u{2022}' | '\u{b7}' | '\u{2013}' | '\u{2014}' | ':' | ',' | ';' | '\u{1}'
            )
        });
        let after = |at: usize| -> Option<(char, &str)> {
            let next = segments.get(at + 1)?;
            let border = text[segments[at].end..next.start]
                .chars()
                .find(|c| !c.is_whitespace())?;
            Some((border, &text[next.clone()]))
        };
        match after(at) {
            // `Placeholder, Quill`
            Some((',', _)) => {
                if let Some(given) = candidate(line, start, text, segments[at + 1].clone())
                    && is_reversed(&own, &given)
                {
                    own.words.extend(given.words);
                    own.bytes.extend(given.bytes);
                    skip = at + 2;
                } else {
                    // `MD` behind a name is a degree unless contact data are in the line.
                    own.placed = after(at).is_some_and(|(_, next)| {
                        let code = next.trim();
                        let degree = TABLES.academic.contains(&fold(code)) || code == "PA";
                        TABLES.region_codes.contains(code) && (!degree || text.contains('\u{1}'))
                    });
                    own.credited |= !own.placed && after(at).is_some_and(|(_, next)| is_credential(next));
                }
            }
            // `Robert (Bob) Smith`
            Some(('(', inner)) => {
                let nickname = candidate(line, start, text, segments[at + 1].clone())
                    .filter(|one| one.words.len() == 1 && is_plain(&Words(one.words.clone())))
                    .filter(|_| !own.words.iter().all(|word| TABLES.academic.contains(&word.folded)))
                    .filter(|one| !own.credited && !TABLES.academic.contains(&one.words[0].folded));
                let pronouns = inner
                    .split_whitespace()
                    .any(|word| TABLES.stated_pronouns.contains(&fold(word)));
                own.credited |= pronouns;
                if let (Some(nickname), Some((')', _)), false) = (nickname, after(at + 1), pronouns)
                    && let Some(rest) = segments
                        .get(at + 2)
                        .and_then(|rest| candidate(line, start, text, rest.clone()))
                {
                    for part in [nickname, rest] {
                        own.words.extend(part.words);
                        own.bytes.extend(part.bytes);
                    }
                    skip = at + 3;
                }
            }
            _ => {}
        }
        found.push(own);
    }
    found
}

fn is_credential(segment: &str) -> bool {
    let mut words = segment.split_whitespace().peekable();
    words.peek().is_some()
        && words.all(|word| {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            TABLES.academic.contains(&fold(bare))
                || Words::new(bare).is_some_and(|words| words.0.iter().all(NameWord::is_credential))
                || bare.len() <= 6 && !bare.is_empty() && bare.chars().all(|c| c.is_uppercase() || c == '.' || c == '-')
        })
}

/// Whether two parts around a comma are a family name and given names.
fn is_reversed(family: &Candidate<'_>, given: &Candidate<'_>) -> bool {
    let is_name = |one: &Candidate<'_>| is_plain(&Words(one.words.clone()));
    let short = |word: &NameWord<'_>| {
        word.text.len() <= 5 && word.text.chars().all(|c| c.is_uppercase() || c == '.') && !is_given(&word.folded)
    };
    let all_caps = family.words.len() == 1 && family.words[0].text.chars().all(|c| c.is_uppercase() || c == '-');
    let credentials = given
        .words
        .iter()
        .any(|word| TABLES.academic.contains(&word.folded) || word.is_letters())
        || given.words.iter().all(short) && !all_caps;
    let place = |one: &Candidate<'_>| {
        let joined = one
            .words
            .iter()
            .map(|word| word.folded.as_str())
            .collect::<Vec<_>>()
            .join(" ");
        TABLES.places.contains(&joined) && !one.words.iter().any(|word| is_given(&word.folded))
            || one.words.iter().any(|word| TABLES.region_codes.contains(word.text))
    };
    family.words.len() <= 4
        && given.words.len() <= 4
        && (is_name(family) || family.words.len() == 1 && is_known_name(&family.words[0].folded))
        && is_name(given)
        && !credentials
        && !place(given)
        && !place(family)
        && family.words.len() + given.words.len() <= 6
        && (family.words.len() <= 2 || given.words.iter().any(|word| is_given(&word.folded)))
}

/// The parts of a line between signs that names do not have.
fn segments(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start: Option<usize> = None;
    let mut before = ' ';
    let mut push = |range: Range<usize>| {
        if text[range.clone()].contains(char::is_alphabetic) {
            found.push(range);
        }
    };
    for (at, c) in text.char_indices() {
        let next = text[at + c.len_utf8()..].chars().next();
        let han_dot = matches!(c, '\u{b7}' | '\u{30fb}') && is_unspaced(before) && next.is_some_and(is_unspaced);
        let hyphen = matches!(c, '-' | '\u{2010}' | '\u{2011}')
            && (before.is_alphabetic() || before == '.')
            && next.is_some_and(char::is_alphabetic);
        let inside = c.is_alphabetic()
            || is_mark(c)
            || matches!(
                c,
                ' ' | '\u{a0}' | '\u{3000}' | '.' | '*' | '_' | '#' | '"' | '\u{201c}' | '\u{201d}'
            )
            || in_word(c) && !c.is_numeric()
            || han_dot
            || hyphen;
        let wide = c == ' ' && before == ' ';
        if inside && !wide {
            start.get_or_insert(at);
        } else if let Some(from) = start.take() {
            push(from..at);
        }
        before = c;
    }
    if let Some(from) = start {
        push(from..text.len());
    }
    found
}

/// A name in a segment, without the words around it that are not part of it.
fn candidate<'t>(line: usize, start: usize, text: &'t str, segment: Range<usize>) -> Option<Candidate<'t>> {
    let mut words = Words::new(&text[segment.clone()])?.0;
    let base = start + segment.start;
    // `Jan 2015` is a date.
    let last = words.last()?;
    let month = date::is_date_word(&last.folded);
    if month && text[segment.end..].starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let label = |word: &NameWord<'_>| {
        matches!(
            word.folded.as_str(),
            "resume"
                | "cv"
                | "curriculum"
                | "vitae"
                | "vita"
                | "lebenslauf"
                | "bewerbung"
                | "portfolio"
                | "name"
                | "candidate"
                | "of"
                | "for"
                | "by"
                | "i"
                | "am"
                | "\u{7b80}\u{5386}"
                | "\u{5c65}\u{6b74}\u{66f8}"
                | "\u{c774}\u{b825}\u{c11c}"
        )
    };
    let ends = words.iter().take_while(|word| label(word)).count();
    words.drain(..ends);
    while words.last().is_some_and(label) {
        words.pop();
    }
    let mut bytes = Vec::new();
    let (mut addressed, mut credited, mut cut) = (false, false, false);
    // `Dr Quill Placeholder`, but the doctorate of `Dr. rer. nat.` stays.
    while let Some(word) = words.first().filter(|_| words.len() > 1) {
        let title = TABLES.titles.contains(word.text.trim_end_matches('.'));
        let address = TABLES.address_forms.contains(&word.folded) && (word.text.len() > 2 || word.text.ends_with('.'));
        if title || address && !TABLES.academic.contains(&words[1].folded) {
            bytes.push(base + word.at..base + word.end());
            addressed = true;
        } else if !(TABLES.academic.contains(&word.folded) && !is_known_name(&word.folded) && words.len() > 2
            || address)
        {
            break;
        }
        words.remove(0);
    }
    let mixed = words.first()?.text.contains(char::is_lowercase);
    // `Quill Placeholder RN BSN CCRN`: what follows a credential in capitals is another one, known or not.
    let credentials = (2..words.len()).find(|&at| {
        let known = |word: &NameWord<'_>| {
            let listed = TABLES.academic.contains(&word.folded) && !word.text.contains(char::is_lowercase);
            mixed && word.is_credential() || listed && (mixed || word.folded.len() <= 4)
        };
        let behind = |word: &NameWord<'_>| known(word) || !word.text.contains(char::is_lowercase);
        known(&words[at]) && words[at..].iter().all(behind)
    });
    if let Some(at) = credentials {
        words.truncate(at);
        credited = true;
    }
    while words.len() > 1 {
        let last = &words[words.len() - 1];
        let credential = TABLES.academic.contains(&last.folded)
            && last
                .text
                .chars()
                .all(|c| !c.is_lowercase() || c == 'h' || c == 's' || c == 'c' || c == 'd')
            && words.len() > 2
            && (mixed || last.folded.len() <= 4);
        if TABLES.generational.contains(&last.folded) && last.folded != "senior" && last.folded != "junior" {
            bytes.push(base + last.at..base + last.end());
        } else if credential {
            credited = true;
        } else {
            break;
        }
        words.pop();
    }
    // `Quill Placeholder Calle Mayor 3`
    if text[segment.end..].starts_with(|c: char| c.is_ascii_digit())
        && let Some(street) = words.iter().skip(1).position(is_street)
    {
        words.truncate(street + 1);
    }
    // `Quill Placeholder Site Engineer` and the reverse.
    if words.len() >= 3 && words.iter().any(|word| names_job(&word.folded) && word.tells_work()) {
        let work = |word: &NameWord<'_>| word.tells_work();
        let ahead = words.iter().take_while(|word| !work(word)).count();
        let behind = words.iter().rev().take_while(|word| !work(word)).count();
        if ahead >= 2 && ahead < words.len() {
            words.truncate(ahead);
            cut = true;
        } else if behind >= 2
            && words
                .get(words.len() - behind - 1)
                .is_some_and(|word| names_job(&word.folded))
        {
            words.drain(..words.len() - behind);
            cut = true;
        }
    }
    let (from, until) = (words.first()?, words.last()?);
    bytes.push(base + from.at..base + until.end());
    Some(Candidate {
        line,
        words,
        bytes,
        addressed,
        credited,
        cut,
        inner: false,
        placed: false,
    })
}

fn is_street(word: &NameWord<'_>) -> bool {
    let low = word.folded.as_str();
    matches!(word.text, "PO" | "P.O." | "P.O.Box")
        || TABLES.street_words.contains(low) && !is_known_name(low) && !word.is_particle()
        || TABLES
            .street_endings
            .iter()
            .any(|ending| low.len() > ending.len() + 2 && low.ends_with(ending.as_str()))
        || word.text.chars().count() >= 3
            && word.text.ends_with([
                '\u{5e02}', '\u{7701}', '\u{533a}', '\u{8def}', '\u{8857}', '\u{53bf}', '\u{90fd}', '\u{770c}', '시',
                '도', '구', '로', '길', '동',
            ])
}

/// `Q U I L L   P L A C E H O L D E R`
fn spaced_letters(line: usize, start: usize, text: &str) -> Option<Candidate<'_>> {
    let words: Vec<(usize, &str)> = spaced_words(text).collect();
    let single = |word: &str| word.chars().count() == 1 && word.chars().all(|c| c.is_alphabetic() && !is_unspaced(c));
    if words.len() < 5 || !words.iter().all(|(_, word)| single(word)) {
        return None;
    }
    let mut names: Vec<NameWord<'_>> = Vec::new();
    let mut end = 0;
    for (at, word) in words {
        match names.last_mut() {
            Some(last) if at <= end + 1 => {
                last.folded.push_str(&fold(word));
                last.text = &text[last.at..at + word.len()];
            }
            _ => names.push(NameWord {
                at,
                text: word,
                folded: fold(word),
            }),
        }
        end = at + word.len();
    }
    if names
        .iter()
        .any(|word| is_work(&word.folded) || TABLES.not_names.contains(&word.folded))
    {
        return None;
    }
    let (from, until) = (names.first()?.at, names.last()?.end());
    Some(Candidate {
        line,
        bytes: std::iter::once(start + from..start + until).collect(),
        words: names,
        addressed: false,
        credited: false,
        cut: false,
        inner: false,
        placed: false,
    })
}

/// Whether a word beside an initial is long enough for a name.
fn is_family(word: &str) -> bool {
    word.chars().count() >= 4 && word.chars().all(char::is_alphabetic)
}

/// How much a candidate is like a name; `None` if it is none.
fn score(candidate: &Candidate<'_>, spelled: usize, first: bool, contact_near: bool) -> Option<i32> {
    let words = &candidate.words;
    let letters: Vec<&NameWord<'_>> = words
        .iter()
        .filter(|word| !word.is_particle() && !word.is_initial())
        .collect();
    let whole = spelled > 0 && spelled >= letters.len().min(2);
    let letters_alone =
        || letters.iter().all(|word| word.is_credential()) && letters.iter().any(|word| word.is_letters());
    if letters.is_empty() || words.len() > 9 || letters_alone() {
        return None;
    }
    let lower = letters.iter().all(|word| word.text.starts_with(char::is_lowercase));
    let capitals: Vec<NameWord<'_>> = words
        .iter()
        .cloned()
        .map(|mut word| {
            if lower {
                word.text = "X";
            }
            word
        })
        .collect();
    let known = letters.iter().filter(|word| is_given(&word.folded)).count();
    let organisation = words.iter().any(|word| TABLES.organisations.contains(&word.folded));
    let work = letters.iter().all(|word| word.tells_work());
    let full = whole && letters.len() >= 2 && !organisation && !work;
    if !full && !is_plain(&Words(capitals)) {
        let named = letters.len() == 1 && is_given(&letters[0].folded) && (first || spelled > 0);
        if !named {
            return None;
        }
    }
    // The title of a person in a language of which `tables` has few words.
    let uncased = letters.iter().all(|word| !word.text.contains(char::is_uppercase)) && !lower;
    let title = || words.iter().any(|word| occupations::names_occupation(word.text));
    if known == 0 && spelled == 0 && !candidate.addressed && (letters.len() == 1 || uncased) && title() {
        return None;
    }
    if lower && !(whole || known > 0 && first) || candidate.inner && known == 0 && spelled == 0 {
        return None;
    }
    let joined = words
        .iter()
        .map(|word| word.folded.as_str())
        .collect::<Vec<_>>()
        .join(" ");
    let place = TABLES.places.contains(&joined) && known == 0;
    let unspaced = letters.iter().any(|word| word.text.contains(is_unspaced));
    let signs: usize = joined.chars().count();
    let work = letters.iter().filter(|word| is_work(&word.folded)).count();
    let mut score = match spelled {
        0 => 0,
        _ if whole => 6,
        _ => 4,
    };
    score += if known > 0 { 2 } else { 0 };
    score += if first { 2 } else { 0 };
    score += if candidate.addressed { 2 } else { 0 };
    score += if candidate.credited { 1 } else { 0 };
    score += if contact_near { 1 } else { 0 };
    score += match letters.len() {
        _ if unspaced => {
            if signs <= 12 {
                1
            } else {
                -4
            }
        }
        1 => -1,
        2..=4 => 1,
        _ => 0,
    };
    score += if work == 0 {
        1
    } else {
        -i32::try_from(work).unwrap_or(9)
    };
    // `S. Placeholder` is a whole name at the beginning.
    let initial = words.iter().any(NameWord::is_initial);
    let beside = letters.len() > 1 && (initial || words.iter().any(NameWord::is_particle));
    score += i32::from(beside || initial && first && is_family(letters[0].text));
    score -= if candidate.cut && known == 0 { 2 } else { 0 };
    score -= if place { 6 } else { 0 };
    score -= if candidate.placed && !first && spelled == 0 {
        4
    } else {
        0
    };
    let agent = letters.len() == 1
        && [
            "er", "or", "ist", "ian", "man", "eur", "ing", "ion", "ment", "ics", "ity",
        ]
        .iter()
        .any(|ending| letters[0].folded.ends_with(ending));
    score -= if agent && known == 0 && spelled == 0 { 2 } else { 0 };
    Some(score)
}
