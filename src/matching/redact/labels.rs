//! Lines that say who the person is: `Date of Birth - 3 May 1980`, `Nationality<tab>Ruritanian`, `Familienstand: ledig`.

use std::ops::Range;

use super::addresses;
use super::blanks::Blanks;
use super::fold::{fold, is_unspaced};
use super::layout::{Line, Zone};
use super::name::{self, Words, spaced_words};
use super::name_labels;
use super::tables::{TABLES, is_work};

/// A label in bytes.
const LONGEST: usize = 64;
/// Labels of a date of birth and of the next of kin, which need no sign behind them.
const BIRTH: [&str; 6] = ["dob", "d.o.b", "born", "birthdate", "birthday", "birth date"];
const KIN: [&str; 3] = ["w/o", "s/o", "d/o"];
/// Maximum number of words of a label that nothing sets off.
const LABEL_WORDS: usize = 7;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Strong,
    Name,
    Contact,
    Place,
    Short,
}

/// A label in a line, by offsets in the line.
#[derive(Debug)]
struct Label {
    start: usize,
    value: usize,
    kind: Kind,
    name: bool,
    address: bool,
    /// Whether a colon or a wide gap sets it off; a dash may be part of a sentence.
    certain: bool,
}

/// Blanks labelled lines, and returns the values of labels of the person's name.
pub(super) fn labelled(masked: &str, layout: &[Line<'_>], blanks: &mut Blanks) -> Vec<Range<usize>> {
    let mut names = Vec::new();
    let mut skip = 0;
    for (at, line) in layout.iter().enumerate() {
        if at < skip {
            continue;
        }
        let masked_line = &masked[line.start..line.start + line.text.len()];
        let labels = labels(line.text);
        for (n, label) in labels.iter().enumerate() {
            let next = labels.get(n + 1).map(|next| next.start);
            let end = value_end(line.text, label.value, next);
            let value = label.value..end;
            let written = &line.text[value.clone()];
            if written.trim_matches(|c: char| !c.is_alphanumeric()).is_empty() {
                // The value is on the next line, or was blanked.
                if label.kind == Kind::Strong && n + 1 == labels.len() {
                    blanks.add(line.start + label.start..line.start + end);
                    if let Some(next) = layout.get(at + 1).filter(|next| is_value_line(line, next)) {
                        let range = next.start..next.start + next.text.len();
                        if label.name && !line.aside {
                            names.push(range.clone());
                        }
                        blanks.add(range);
                        skip = at + 2;
                    }
                }
                continue;
            }
            if !accepts(label, written, &masked_line[value.clone()], line.zone) {
                continue;
            }
            let range = line.start + value.start..line.start + value.end;
            if label.name && !line.aside && (label.kind == Kind::Strong || line.zone != Zone::Body) {
                names.push(range.clone());
            }
            // Behind a contact, the line may go on.
            let blanked = masked_line[value.clone()]
                .rfind('\u{1}')
                .filter(|_| label.kind == Kind::Contact);
            let until = blanked.map_or(range.end, |last| range.start + last + 1);
            blanks.add(line.start + label.start..until);
            if label.address && n + 1 == labels.len() {
                skip = continued(layout, at, blanks);
            }
        }
        if !labels.is_empty() {
            continue;
        }
        if let Some((range, name)) = unsigned(line) {
            blanks.add(line.start + range.start..line.start + range.end);
            names.extend(
                name.filter(|_| !line.aside)
                    .map(|value| line.start + value..line.start + range.end),
            );
        } else if let Some(next) = layout.get(at + 1).filter(|next| is_name_below(line, next)) {
            let range = next.start..next.start + next.text.len();
            blanks.add(line.start..line.start + line.text.len());
            blanks.add(range.clone());
            if !line.aside {
                names.push(range);
            }
            skip = at + 2;
        }
    }
    names
}

/// The labels of a line that a sign sets off.
fn labels(line: &str) -> Vec<Label> {
    let mut found: Vec<Label> = Vec::new();
    // Most lines have none of the signs.
    if !line.contains([':', '\u{ff1a}', '=', '\t', '-', '\u{2013}', '\u{2014}']) && !line.contains("  ") {
        return found;
    }
    let content = line.len() - line.trim_start_matches(|c: char| !c.is_alphanumeric()).len();
    let mut starts = vec![content];
    let mut before = ' ';
    for (at, c) in line.char_indices().skip_while(|(at, _)| *at <= content) {
        if c.is_alphanumeric() && !(before.is_alphanumeric() || matches!(before, '-' | '\'' | '\u{2019}' | '.' | '/')) {
            starts.push(at);
        }
        before = c;
    }
    let mut free = 0;
    for start in starts {
        if start < free {
            continue;
        }
        let inside = start > content;
        let chained = !found.is_empty() && line[..start].trim_end().ends_with([',', ';', '|']);
        if let Some(label) = label_at(line, start, inside, chained) {
            free = label.value;
            found.push(label);
        }
    }
    found
}

/// `inside` tells that it does not begin the line, `chained` that it follows a label and its value.
fn label_at(line: &str, start: usize, inside: bool, chained: bool) -> Option<Label> {
    let rest = &line[start..];
    let mut sign = None;
    let mut before = 'x';
    for (at, c) in rest.char_indices().take_while(|(at, _)| *at <= LONGEST) {
        let next = rest[at + c.len_utf8()..].chars().next();
        let spaced = before.is_whitespace() && next.is_some_and(char::is_whitespace);
        let certain = matches!(c, ':' | '\u{ff1a}' | '=' | '\t') || c == ' ' && before == ' ' && at > 1;
        let dash = matches!(c, '-' | '\u{2013}' | '\u{2014}') && spaced;
        if certain || dash {
            sign = Some((at, at + c.len_utf8(), certain));
            break;
        }
        let allowed = c == '.' || c == ',' && (at < 8 || name_labels::parts(&fold(&rest[..at])) > 0);
        if matches!(c, '|' | '\u{2022}' | ';' | '.' | ',' | '!' | '?') && !allowed {
            return None;
        }
        before = c;
    }
    let (end, value, certain) = sign?;
    // Inside a line, only a colon sets a label off, or a dash behind the value of another label.
    let dash = matches!(rest[end..].chars().next(), Some('-' | '\u{2013}' | '\u{2014}'));
    if inside && !matches!(rest[end..].chars().next(), Some(':' | '\u{ff1a}')) && !(chained && dash) {
        return None;
    }
    let mut label =
        fold(rest[..end].trim_matches(|c: char| !c.is_alphanumeric() && c != '.' && !super::fold::is_mark(c)));
    let named = name_labels::parts(&label) > 0;
    if let Some(bracket) = label.find(['(', '[']) {
        label.truncate(bracket);
    }
    let label = label.trim_end_matches([' ', '*', '_']);
    let joined: String;
    let label = if label.contains(is_unspaced) && label.contains([' ', '\u{3000}']) {
        joined = label.split_whitespace().collect();
        &joined
    } else {
        label
    };
    let kind = if named {
        Kind::Strong
    } else {
        kind(label).or_else(|| kind(label.trim_end_matches('.')))?
    };
    Some(Label {
        start,
        value: start + value,
        kind,
        name: named || TABLES.name_labels.contains(label),
        address: label.contains("address")
            || [
                "anschrift",
                "adresse",
                "direccion",
                "domicilio",
                "indirizzo",
                "endereco",
                "adres",
                "адрес",
                "地址",
                "住所",
                "주소",
            ]
            .contains(&label),
        certain,
    })
}

fn kind(label: &str) -> Option<Kind> {
    let of = |label: &str| {
        if TABLES.labels.contains(label) {
            Some(Kind::Strong)
        } else if TABLES.weak_name.contains(label) {
            Some(Kind::Name)
        } else if TABLES.weak_contact.contains(label) {
            Some(Kind::Contact)
        } else if TABLES.weak_place.contains(label) {
            Some(Kind::Place)
        } else if TABLES.weak_short.contains(label) {
            Some(Kind::Short)
        } else {
            None
        }
    };
    of(label).or_else(|| of(label.trim_end_matches('.'))).or_else(|| {
        // `Sex/Gender`, `Address & Phone`
        let first = label.split(['/', '&']).next()?.trim();
        (first.len() < label.len()).then(|| of(first)).flatten()
    })
}

/// The value ends before the next item or label, or with the line.
fn value_end(line: &str, value: usize, next: Option<usize>) -> usize {
    // Only up to the next label, so that a line of labels takes linear time.
    let limit = next.unwrap_or(line.len()).max(value);
    let written = &line[value..limit];
    let lead = written.len() - written.trim_start().len();
    let border = |c: char| matches!(c, '|' | '\u{2022}' | '\t' | ';');
    written[lead..].find(border).map_or(limit, |at| value + lead + at)
}

fn accepts(label: &Label, written: &str, masked: &str, zone: Zone) -> bool {
    let words: Vec<&str> = written.split_whitespace().collect();
    let folded = || {
        words
            .iter()
            .map(|word| fold(word.trim_matches(|c: char| !c.is_alphanumeric())))
    };
    let blanked = masked.contains('\u{1}');
    let near = zone != Zone::Body;
    match label.kind {
        Kind::Strong => {
            let work = |word: String| is_work(&word) && !TABLES.short_values.contains(&word);
            label.certain || words.len() <= 8 && !folded().next().is_some_and(work)
        }
        Kind::Name => Words::new(written).is_some_and(|words| name::is_plain(&words)) && (label.certain || near),
        Kind::Contact => {
            blanked || words[0].starts_with('@') || near && words.len() <= 4 && !folded().any(|word| is_work(&word))
        }
        Kind::Place => near && words.len() <= 12 || addresses::is_address(written),
        Kind::Short => {
            words.len() <= 5
                && folded().next().is_some_and(|word| {
                    TABLES.short_values.contains(&word)
                        || word.starts_with(|c: char| c.is_ascii_digit()) && words.len() <= 3
                })
        }
    }
}

/// Whether a line holds the value of the label alone on the line before.
fn is_value_line(label: &Line<'_>, line: &Line<'_>) -> bool {
    let near = line.start <= label.start + label.text.len() + 2;
    near && !line.heading
        && line.text.split_whitespace().count() <= 8
        && labels(line.text).is_empty()
        && unsigned(line).is_none()
        && !is_name_label(line.text)
}

/// Whether a line is a label of the name and nothing else.
fn is_name_label(line: &str) -> bool {
    line.len() <= LONGEST && name_labels::parts(&fold(line)) > 0
}

/// Whether a line is a label of the name and nothing else, and the line below is the name.
fn is_name_below(label: &Line<'_>, line: &Line<'_>) -> bool {
    is_name_label(label.text)
        && is_value_line(label, line)
        && name_labels::is_value(line.text, label.zone)
        && kind(&fold(line.text.trim())).is_none()
        && (name_labels::parts(&fold(label.text)) > 1
            || Words::new(line.text).is_some_and(|words| name::is_plain(&words)))
}

/// Blanks the further lines of an address, and returns the index of the next line.
fn continued(layout: &[Line<'_>], at: usize, blanks: &mut Blanks) -> usize {
    let mut next = at + 1;
    while let Some(line) = layout.get(next).filter(|_| next <= at + 3) {
        let before = &layout[next - 1];
        let adjoins = line.start <= before.start + before.text.len() + 2;
        let goes_on = before.text.trim_end().ends_with(',') || addresses::is_address(line.text);
        if !adjoins
            || !goes_on
            || line.heading
            || line.text.split_whitespace().count() > 8
            || !labels(line.text).is_empty()
        {
            break;
        }
        blanks.add(line.start..line.start + line.text.len());
        next += 1;
    }
    next
}

/// `Nationality Ruritanian`: a label and a short value with nothing between them, and where the value of a label of the name
/// begins.
fn unsigned(line: &Line<'_>) -> Option<(Range<usize>, Option<usize>)> {
    let (zone, line) = (line.zone, line.text);
    // `Achternaam / Voornaam` has its value below.
    if line.len() > 96 || is_name_label(line) {
        return None;
    }
    let content = line.len() - line.trim_start_matches(|c: char| !c.is_alphanumeric()).len();
    let words: Vec<(usize, &str)> = spaced_words(line).filter(|(at, _)| *at >= content).collect();
    for length in (1..=LABEL_WORDS.min(words.len().saturating_sub(1))).rev() {
        let end = words[length - 1].0 + words[length - 1].1.len();
        let label = fold(line[words[0].0..end].trim_end_matches(['*', '_']));
        let label = label.trim_end_matches('.').to_owned();
        let value = &words[length..];
        let long = label.contains(' ') || label.len() >= 10;
        if name_labels::parts(&label) > 1 && name_labels::is_value(&line[value[0].0..], zone) {
            return Some((content..line.len(), Some(value[0].0)));
        }
        if !TABLES.labels.contains(&label) || value.len() > 5 {
            continue;
        }
        let first = fold(value[0].1.trim_matches(|c: char| !c.is_alphanumeric()));
        let fits = value[0].1.starts_with(|c: char| !c.is_lowercase()) || first.chars().any(|c| c.is_ascii_digit());
        let kind = TABLES.short_values.contains(&first) || TABLES.marital.contains(&first);
        let born = BIRTH.contains(&label.as_str()) && first.chars().filter(char::is_ascii_digit).count() >= 4;
        // `W/O Scheduling for the crew` is about work orders.
        let kin = KIN.contains(&label.as_str()) && value.iter().all(|(_, word)| word.starts_with(char::is_uppercase));
        if kind
            || born
            || kin
            || long
                && fits
                && !value
                    .iter()
                    .any(|(_, word)| is_work(&fold(word.trim_matches(|c: char| !c.is_alphanumeric()))))
        {
            let named = TABLES.name_labels.contains(&label) && name_labels::is_value(&line[value[0].0..], zone);
            return Some((content..line.len(), named.then_some(value[0].0)));
        }
    }
    None
}

/// Blanks the name behind `Contact:` in a posting.
pub(super) fn posting_contact(start: usize, line: &str, blanks: &mut Blanks) {
    const LABELS: [&str; 22] = [
        "contact",
        "contact person",
        "contact name",
        "your contact",
        "recruiter",
        "hiring manager",
        "questions",
        "for questions contact",
        "hr contact",
        "recruiting contact",
        "ansprechpartner",
        "ansprechpartnerin",
        "ihr ansprechpartner",
        "kontakt",
        "persona de contacto",
        "contacto",
        "personne a contacter",
        "contatto",
        "contactpersoon",
        "contato",
        "point of contact",
        "attention",
    ];
    let Some(colon) = line.find([':', '\u{ff1a}']).filter(|&at| at <= LONGEST) else {
        return;
    };
    let label = fold(line[..colon].trim_matches(|c: char| !c.is_alphanumeric()));
    if !LABELS.contains(&label.as_str()) {
        return;
    }
    let value = colon + line[colon..].chars().next().map_or(1, char::len_utf8);
    let end = line[value..]
        .find(|c: char| matches!(c, ',' | '(' | '|' | ';' | '\t' | '@') || c.is_ascii_digit())
        .map_or(line.len(), |at| value + at);
    let written = &line[value..end];
    if Words::new(written).is_some_and(|words| name::is_plain(&words)) {
        blanks.add(start + value..start + end);
    }
}
