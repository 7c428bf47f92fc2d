//! Redaction: identifying data is blanked before anything is parsed or encoded, so that it cannot affect the score.
//!
//! Every blanked byte becomes a space, so the text keeps its length and offsets refer to the original. At the head of a
//! resume, everything that does not describe work is treated as identifying.

use std::collections::HashSet;
use std::ops::Range;

use super::date::is_date_text;
use super::english::ENGLISH;
use super::sections;
use super::span::lines;

/// Lines that count as the head of a resume.
const HEAD_LINES: usize = 14;
/// A line of the head with this many words is prose.
const PROSE_WORDS: usize = 7;

/// The resume with identifying data blanked, of the same length.
pub(super) fn resume(text: &str) -> String {
    let mut blank = Blanks::new(text);
    contacts(text, &mut blank);
    let names = head(text, &mut blank);
    labelled_lines(text, &mut blank);
    tokens(text, &names, &mut blank);
    blank.apply()
}

/// The posting with contact data blanked, of the same length.
pub(super) fn job(text: &str) -> String {
    let mut blank = Blanks::new(text);
    contacts(text, &mut blank);
    blank.apply()
}

/// The spans of `text` that are blank in `clean`, which has the same length; spans separated only by white space are
/// joined.
pub(super) fn difference(text: &str, clean: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, c) in text.char_indices() {
        let bytes = at..at + c.len_utf8();
        if c.is_whitespace() || clean.get(bytes.clone()) == text.get(bytes.clone()) {
            continue;
        }
        match found.last_mut() {
            Some(last) if text[last.end..at].chars().all(|c| c == ' ' || c == '\t') => last.end = bytes.end,
            _ => found.push(bytes),
        }
    }
    found
}

struct Blanks<'t> {
    text: &'t str,
    ranges: Vec<Range<usize>>,
}

impl<'t> Blanks<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            ranges: Vec::new(),
        }
    }

    fn add(&mut self, range: Range<usize>) {
        self.ranges.push(range);
    }

    /// Line breaks are kept, because they carry the structure.
    fn apply(mut self) -> String {
        self.ranges.sort_by_key(|range| range.start);
        let mut clean = String::with_capacity(self.text.len());
        let mut done = 0;
        for range in self.ranges {
            if range.end <= done {
                continue;
            }
            let start = range.start.max(done);
            clean.push_str(&self.text[done..start]);
            for c in self.text[start..range.end].chars() {
                if matches!(c, '\n' | '\r') {
                    clean.push(c);
                } else {
                    clean.extend(std::iter::repeat_n(' ', c.len_utf8()));
                }
            }
            done = range.end;
        }
        clean.push_str(&self.text[done..]);
        clean
    }
}

/// E-mail addresses, links and phone numbers.
fn contacts(text: &str, blank: &mut Blanks<'_>) {
    let mut at = 0;
    for token in text.split_inclusive(char::is_whitespace) {
        let start = at;
        at += token.len();
        let bare = token.trim_end();
        let low = bare.to_ascii_lowercase();
        let mail = bare
            .find('@')
            .is_some_and(|sign| sign > 0 && bare[sign..].contains('.'));
        let link = low.contains("://")
            || low.contains("www.")
            || ["linkedin.com", "github.com", "gitlab.com", "twitter.com", "mailto:"]
                .iter()
                .any(|host| low.contains(host));
        if mail || link {
            blank.add(start..start + bare.len());
        }
    }
    phones(text, blank);
}

/// Sequences of 9 to 15 digits and phone punctuation, except years and dates.
fn phones(text: &str, blank: &mut Blanks<'_>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !(bytes[at].is_ascii_digit() || matches!(bytes[at], b'+' | b'(')) {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len()
            && (bytes[at].is_ascii_digit() || matches!(bytes[at], b'+' | b'(' | b')' | b' ' | b'-' | b'.'))
        {
            at += 1;
        }
        let run = text[start..at].trim_end();
        let digits = run.bytes().filter(u8::is_ascii_digit).count();
        let years = run
            .split(|c: char| !c.is_ascii_digit())
            .filter(|group| !group.is_empty())
            .all(|group| group.len() == 4 && (group.starts_with("19") || group.starts_with("20")));
        let dates = years || is_date_text(run);
        if (9..=15).contains(&digits) && !dates || run.starts_with('+') && (7..=15).contains(&digits) {
            blank.add(start..start + run.len());
        }
    }
}

/// Blanks the head except descriptions of work, and returns the parts of the person's name.
fn head(text: &str, blank: &mut Blanks<'_>) -> HashSet<String> {
    let mut names = HashSet::new();
    let mut first = true;
    for (start, line) in lines(text).filter(|(_, line)| !line.trim().is_empty()).take(HEAD_LINES) {
        if sections::heading(line).is_some_and(|heading| heading.rest.is_none()) && !is_document_title(line) {
            break;
        }
        if is_document_title(line) {
            continue;
        }
        if line.split_whitespace().count() >= 2 * PROSE_WORDS {
            if first {
                name_in_prose(line, &mut names);
            }
            break;
        }
        let mut past = 0;
        for piece in line.split_inclusive(['|', '\u{2022}', '\u{b7}', '\t', ',', '\u{2013}', '\u{2014}']) {
            let at = start + past;
            past += piece.len();
            let bare = piece.trim_matches(|c: char| !c.is_alphanumeric() && c != '.');
            if bare.is_empty() {
                continue;
            }
            if names_work(bare) || bare.split_whitespace().count() >= PROSE_WORDS {
                continue;
            }
            if names.is_empty() {
                let said = bare
                    .split_once(':')
                    .filter(|(label, _)| is_identity_label(label))
                    .map_or(bare, |(_, name)| name);
                let words: Vec<&str> = said.split_whitespace().collect();
                if (1..=5).contains(&words.len())
                    && words.iter().all(|word| could_be_name(word))
                    && (first || words.len() > 1)
                {
                    remember(&words, &mut names);
                }
            }
            blank.add(at..at + piece.len());
        }
        first = false;
    }
    names
}

/// "Jane Doe is a nurse with ...", at the beginning of a resume without a head.
fn name_in_prose(line: &str, names: &mut HashSet<String>) {
    let words: Vec<&str> = line.split_whitespace().take(6).collect();
    let length = words
        .iter()
        .take_while(|word| could_be_name(word) && !names_work(word))
        .count();
    let verb = words
        .get(length)
        .is_some_and(|word| matches!(*word, "is" | "has" | "was" | "brings" | "works" | "offers"));
    if verb && (1..=4).contains(&length) && !matches!(words[0], "He" | "She" | "They" | "This" | "It" | "The" | "There")
    {
        remember(&words[..length], names);
    }
}

fn remember(words: &[&str], names: &mut HashSet<String>) {
    for word in words {
        for part in word.split('-').chain([*word]) {
            let part = part.trim_matches(|c: char| !c.is_alphabetic());
            if part.chars().count() > 1 && !is_particle(part) {
                names.insert(part.to_lowercase());
            }
        }
    }
}

fn is_document_title(line: &str) -> bool {
    let low = line.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
    matches!(
        low.as_str(),
        "curriculum vitae" | "cv" | "resume" | "résumé" | "lebenslauf" | "personal details" | "contact"
    )
}

fn names_work(text: &str) -> bool {
    text.split(|c: char| !c.is_alphabetic()).any(|word| {
        let low = word.to_lowercase();
        ENGLISH.occupations.contains(low.strip_suffix('s').unwrap_or(&low)) || ENGLISH.occupations.contains(&low)
    })
}

fn is_particle(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "van"
            | "von"
            | "der"
            | "den"
            | "de"
            | "la"
            | "di"
            | "da"
            | "dos"
            | "del"
            | "al"
            | "el"
            | "bin"
            | "ibn"
            | "ter"
            | "le"
            | "du"
            | "and"
    )
}

fn could_be_name(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| matches!(c, '.' | ',' | '#' | '*' | '_' | '(' | ')' | '"'));
    let mut letters = bare.chars();
    let Some(first) = letters.next() else { return false };
    let signs = bare
        .chars()
        .all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '\u{2019}' | '.') || is_mark(c));
    signs && (!first.is_lowercase() && first.is_alphabetic() || is_particle(bare))
}

/// Combining accents.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}')
}

fn is_identity_label(label: &str) -> bool {
    let low = label
        .trim_matches(|c: char| !c.is_alphabetic() && c != '.')
        .to_lowercase();
    ENGLISH.identity_labels.contains(&low)
}

/// `Date of birth: ...`, `Marital status: ...` anywhere in the text, up to the next `|` or the end of the line.
fn labelled_lines(text: &str, blank: &mut Blanks<'_>) {
    for (start, line) in lines(text) {
        let mut past = 0;
        for piece in line.split_inclusive(['|', '\u{2022}', '\t']) {
            let at = start + past;
            past += piece.len();
            if piece.split_once(':').is_some_and(|(label, _)| is_identity_label(label)) {
                blank.add(at..at + piece.len());
            }
        }
    }
}

/// Names, pronouns, titles and ages in running text.
fn tokens(text: &str, names: &HashSet<String>, blank: &mut Blanks<'_>) {
    let mut recent: [(&str, usize); 2] = [("", 0); 2];
    // The start of the particles right before this token, as in "van der Berg" and "Al-Farsi".
    let mut particles: Option<usize> = None;
    let mut before = 0;
    let mut at = 0;
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}') || is_mark(c);
    while at < text.len() {
        let rest = &text[at..];
        let length: usize = rest.chars().take_while(|&c| inside(c)).map(char::len_utf8).sum();
        if length == 0 {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        }
        let token = &text[at..at + length];
        let end = at + length;
        let low = token.to_lowercase();
        let bare = low.trim_matches(['\'', '\u{2019}']);
        let stem = bare
            .strip_suffix("'s")
            .or_else(|| bare.strip_suffix("\u{2019}s"))
            .unwrap_or(bare);
        let written = !token.starts_with(char::is_lowercase);
        let named = written && (names.contains(stem) || names.contains(bare));
        let followed_by_dot = usize::from(text[end..].starts_with('.'));
        particles = particles.filter(|_| matches!(&text[before..at], " " | "-"));
        if named {
            blank.add(particles.unwrap_or(at)..end);
        } else if ENGLISH.pronouns.contains(bare) {
            blank.add(at..end);
        } else if ENGLISH.titles.contains(token) {
            blank.add(at..end + followed_by_dot);
        } else if matches!(bare, "aged" | "age") && number_after(text, end).is_some() {
            blank.add(at..number_after(text, end).unwrap_or(end));
        } else if bare == "old" && matches!(recent[1].0, "years" | "year") && recent[0].0.parse::<u8>().is_ok() {
            blank.add(recent[0].1..end);
        } else if matches!(bare, "married" | "divorced" | "widowed" | "unmarried") {
            blank.add(at..end);
        } else if bare == "born" {
            let clause: usize = text[end..]
                .chars()
                .take_while(|c| !matches!(c, '.' | ',' | ';' | '\n'))
                .map(char::len_utf8)
                .sum();
            blank.add(at..end + clause);
        } else if matches!(bare, "mother" | "father" | "parent") && text[end..].starts_with(" of ") {
            let next: usize = text[end + 4..]
                .chars()
                .take_while(|&c| inside(c))
                .map(char::len_utf8)
                .sum();
            blank.add(at..end + 4 + next);
        }
        let particle = is_particle(bare) && bare != "and";
        particles = particle.then(|| particles.unwrap_or(at));
        recent = [recent[1], (token, at)];
        (before, at) = (end, end);
    }
}

/// The end of a number of at most two digits that follows within two characters.
fn number_after(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let digits = rest.find(|c: char| c.is_ascii_digit()).filter(|&first| first <= 2)?;
    let length = rest[digits..].bytes().take_while(u8::is_ascii_digit).count();
    (length <= 2).then_some(at + digits + length)
}

#[cfg(test)]
mod tests {
    //! What is blanked and what is kept. That the score does not change is tested in `matching`.

    use super::*;

    #[test]
    fn the_head_keeps_work_and_loses_the_person() {
        let text = "Zoë van der Berg | Senior Data Engineer\n12 Mill Lane, Leeds LS1 4AB\nzoe@example.org +44 20 7946 0958\n\n\
                    Summary\nMs. Berg leads; her team trusts Zoë's plans. Born on 3 May 1980, aged 44. 44 years old.\n";
        let clean = resume(text);
        assert_eq!(clean.len(), text.len());
        for gone in [
            "Zo", "Berg", "Mill", "Leeds", "example", "7946", "Ms", "her ", "1980", "44",
        ] {
            assert!(!clean.contains(gone), "{gone} in {clean}");
        }
        for kept in ["Senior Data Engineer", "leads", "team trusts", "plans"] {
            assert!(clean.contains(kept), "{kept} not in {clean}");
        }
    }

    #[test]
    fn a_name_goes_with_what_belongs_to_it() {
        for (name, family) in [
            ("Fatima Al-Farsi", "Al-Farsi"),
            ("Zoë van der Berg", "van der Berg"),
            ("Siobhán O'Neill", "O'Neill"),
            ("Ana de la Cruz", "De la Cruz"),
            ("Anne-Marie Le Gall", "Le Gall"),
        ] {
            let rest = "leads teams and trains them; all of this at la Scala.";
            let text = format!("{name}\n\nExperience\nMs. {family} {rest}\n{family} and {family}'s pupils\n");
            let clean = resume(&text);
            let words: Vec<&str> = clean.split_whitespace().collect();
            let kept = "Experience leads teams and trains ; all of this at la Scala. and pupils";
            assert_eq!(words.join(" "), kept, "{name}");
        }
    }

    #[test]
    fn years_of_work_are_no_phone_number() {
        let text = "Experience\n2010 2012 2015 2019\nChef, 01/2015 - 03/2019, 120 covers\n";
        assert_eq!(resume(text), text);
    }

    #[test]
    fn postings_lose_only_contacts() {
        let clean = job("She will lead. Write to jobs@example.org or https://example.org/jobs\n");
        assert!(clean.starts_with("She will lead. Write to "));
        assert!(!clean.contains("example"));
    }
}
