//! Telephone numbers of any country, and numbers that identify a person or an account.
//!
//! A number is a telephone number by its plus sign, its label, or its form: the groups in which people write them.
//! Years, dates, amounts, ISBNs, versions, addresses of computers and part numbers are not.

use std::ops::Range;

use super::blanks::Blanks;
use super::contacts::{label_before, line_tail};
use super::fold::fold;
use super::tables::TABLES;

pub(super) fn phones(text: &str, blanks: &mut Blanks) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let opens = bytes[at].is_ascii_digit() || matches!(bytes[at], b'+' | b'(');
        if !opens {
            at += 1;
            continue;
        }
        let end = run_end(text, at);
        if let Some(found) = number(text, at..end) {
            let end = extension(text, found.end);
            blanks.add(label_before(text, found.start)..end);
            at = end;
        } else {
            at = after_postcode(text, at..end).unwrap_or(end).max(at + 1);
        }
    }
    accounts(text, blanks);
}

/// The first digit after a number of five digits and a gap, as in `GA 30399 - 404-555-0136`.
fn after_postcode(text: &str, run: Range<usize>) -> Option<usize> {
    let written = &text[run.clone()];
    let digits = written.bytes().take_while(u8::is_ascii_digit).count();
    let gap = written[digits..].find(|c: char| c.is_ascii_digit() || c == '(')?;
    let between = &written[digits..digits + gap];
    (digits == 5 && between.contains([' ', '\u{a0}'])).then_some(run.start + digits + gap)
}

/// The digits of a whole number without the code of its region.
const WHOLE: usize = 7;

fn is_joint(c: char) -> bool {
    matches!(
        c,
        ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '-' | '.' | '/' | '(' | ')' | '\u{2010}'..='\u{2013}' | '\u{2212}'
    )
}

/// The end of the run of digits and the signs of telephone numbers; two joints at most stand between groups.
fn run_end(text: &str, start: usize) -> usize {
    let mut end = start;
    let mut joints = 0;
    let mut digits = 0;
    for (offset, c) in text[start..].char_indices().take(48) {
        digits += usize::from(c.is_ascii_digit());
        // `01279 555123 / 07700 900123` are two numbers, `030 / 23125000` is one.
        let spaced = c == '/' && text[..start + offset].ends_with(' ') && text[start + offset + 1..].starts_with(' ');
        if spaced && digits >= WHOLE {
            break;
        }
        if c.is_ascii_digit() || c == '+' && offset == 0 {
            end = start + offset + 1;
            joints = 0;
        } else if is_joint(c) && joints < 3 {
            joints += 1;
        } else {
            break;
        }
    }
    end
}

/// The part of a run that is a telephone number.
fn number(text: &str, run: Range<usize>) -> Option<Range<usize>> {
    let written = &text[run.clone()];
    let groups: Vec<&str> = written
        .split(|c: char| !c.is_ascii_digit())
        .filter(|group| !group.is_empty())
        .collect();
    let digits: usize = groups.iter().map(|group| group.len()).sum();
    if !(6..=16).contains(&digits) {
        return None;
    }
    let before = text[..run.start].chars().next_back();
    let word = word_before(text, run.start);
    let called = TABLES.calls.contains(&word) || icon_before(text, run.start);
    // `Mob.no.9848022338`
    let labelled = called && matches!(before, Some('.' | '#'));
    let after = text[run.end..].chars().next();
    if before.is_some_and(|c| {
        c.is_alphanumeric()
            || matches!(
                c,
                '#' | '_' | '$' | '\u{20ac}' | '\u{a3}' | '\u{a5}' | '\u{20b9}' | '@' | '/' | ',' | '.'
            )
    }) && !labelled
        && !written.starts_with('+')
        || after.is_some_and(|c| {
            c.is_alphabetic() && !matches!(c, 'x' | 'e') && !is_kind_behind(&text[run.end..], &groups)
                || matches!(c, '%' | '\u{20ac}' | '_' | '$')
        })
        || after == Some(',') && text[run.end + 1..].starts_with(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    let plus = written.starts_with('+') || written.starts_with("(+");
    if !plus && TABLES.not_calls.contains(&word) || is_book(&groups, digits) {
        return None;
    }
    let fits = if plus {
        digits >= 7
    } else {
        !is_dates(&groups, written)
            && (called
                || written.starts_with("00") && digits >= 9 && groups.len() > 1
                || has_form(&groups, written, digits))
    };
    fits.then_some(run)
}

/// Whether one letter behind a number of ten digits in groups tells its kind: `304-558-2686P`.
fn is_kind_behind(behind: &str, groups: &[&str]) -> bool {
    let mut chars = behind.chars();
    let letter = chars
        .next()
        .is_some_and(|c| matches!(c, 'P' | 'H' | 'C' | 'W' | 'M' | 'O' | 'F'));
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    letter && chars.next().is_none_or(|c| !c.is_alphanumeric()) && lengths == [3, 3, 4]
}

/// The last word before a number on its line, without what stands between `Call me on` and the number.
fn word_before(text: &str, at: usize) -> String {
    let line = line_tail(text, at);
    let mut rest = &text[line..at];
    for _ in 0..4 {
        rest = rest.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '|');
        let from = rest
            .rfind(|c: char| !super::fold::in_word(c))
            .map_or(0, |at| at + rest[at..].chars().next().map_or(1, char::len_utf8));
        let word = fold(&rest[from..]);
        if !matches!(
            word.as_str(),
            "me" | "on"
                | "at"
                | "us"
                | "no"
                | "number"
                | "nr"
                | "num"
                | "or"
                | "is"
                | "home"
                | "work"
                | "n"
                | "phone"
                | "m"
                | "s"
        ) {
            return word;
        }
        if word == "phone" {
            return word;
        }
        rest = &rest[..from];
    }
    String::new()
}

fn icon_before(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end_matches([' ', ':', '\u{fe0f}', '\u{fe0e}', '\u{a0}']);
    before.ends_with([
        '\u{260e}',
        '\u{260f}',
        '\u{1f4de}',
        '\u{1f4f1}',
        '\u{2706}',
        '\u{1f57d}',
        '\u{f095}',
        '\u{f10b}',
    ])
}

/// ISBNs.
fn is_book(groups: &[&str], digits: usize) -> bool {
    digits == 13 && (groups[0].starts_with("978") || groups[0].starts_with("979"))
}

fn is_year(group: &str) -> bool {
    group.len() == 4 && (group.starts_with("19") || group.starts_with("20"))
}

/// Years, dates and periods: a year with days and months, or days as eight digits.
fn is_dates(groups: &[&str], written: &str) -> bool {
    let small = |group: &str, most: u8| group.len() <= 2 && group.parse::<u8>().is_ok_and(|n| n <= most);
    let packed = |group: &str| {
        group.len() == 8
            && is_year(&group[..4])
            && group[4..6].parse::<u8>().is_ok_and(|month| (1..=12).contains(&month))
    };
    // 09/27/11, 11/14, and numbers beside them.
    let slashed = written.split([' ', '\u{a0}', '-', '\u{2013}']).any(|part| {
        let parts: Vec<&str> = part.split('/').collect();
        matches!(parts.len(), 2 | 3) && parts.iter().all(|part| small(part, 99) || is_year(part))
    });
    if slashed {
        return true;
    }
    let years = groups.iter().filter(|group| is_year(group)).count();
    if years > 0 || groups.iter().any(|group| packed(group)) {
        return groups
            .iter()
            .all(|group| is_year(group) || packed(group) || small(group, 31));
    }
    // 01.15 - 04.18
    let month = |part: &str| {
        part.trim()
            .split_once('.')
            .is_some_and(|(month, year)| small(month, 12) && year.len() == 2 && small(year, 99))
    };
    let periods: Vec<&str> = written.split(['-', '\u{2013}']).collect();
    if periods.len() == 2 && periods.iter().all(|part| month(part)) {
        return true;
    }
    // 01.03.18 - 31.12.20
    let slashes = written.matches(['/', '.', '-']).count();
    matches!(groups.len(), 3 | 4 | 6)
        && groups.iter().all(|group| small(group, 99))
        && written.contains(['/', '.'])
        && slashes >= groups.len() / 2
        && groups.len() != 4
}

/// Whether the groups are as people write telephone numbers.
fn has_form(groups: &[&str], written: &str, digits: usize) -> bool {
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let dots = written.contains('.') && !written.contains([' ', '-', '/', '\u{a0}']);
    let zero = groups[0].starts_with('0') && !groups[0].starts_with("00");
    let bracket = written.starts_with('(') && written.contains(')');
    // 12.500.000 and 12 500 000 are amounts, 10.0.12.34 is a computer.
    let thousands = lengths[0] <= 3 && lengths.len() > 1 && lengths[1..].iter().all(|&n| n == 3);
    if dots
        && !zero
        && (thousands || lengths.len() == 4 && groups.iter().all(|group| group.parse::<u16>().is_ok_and(|n| n < 256)))
    {
        return false;
    }
    if bracket
        && written.find(')').is_some_and(|at| (3..=6).contains(&at))
        && (8..=12).contains(&digits)
        && lengths.len() >= 2
    {
        return true;
    }
    if zero && (8..=12).contains(&digits) && lengths.len() <= 6 && (lengths.len() > 1 || digits >= 9) {
        return true;
    }
    let years = groups.iter().filter(|group| is_year(group)).count();
    if years > 1 || lengths == [2, 3, 4] && years == 1 {
        return false;
    }
    match lengths[..] {
        [n] => {
            let dated = n > 10 && is_year(&written[..4]);
            (10..=12).contains(&n) && !dated && !written.ends_with("000") && !written.starts_with('0')
        }
        [3, 3, 4]
        | [1, 3, 3, 4]
        | [3, 4, 4]
        | [4, 3, 3]
        | [2, 4, 4]
        | [2, 3, 4]
        | [3, 2, 2, 2]
        | [3, 2, 2, 3]
        | [3, 3, 2, 2]
        | [2, 3, 2, 2]
        | [1, 2, 2, 2, 2]
        | [1, 3, 3, 2, 2]
        | [2, 2, 2, 2]
        | [2, 2, 2, 2, 2]
        | [2, 2, 2, 3]
        | [3, 3, 5]
        | [3, 5, 5] => !dots || lengths.len() > 2,
        [3, 3, 3] => !dots && groups[0].starts_with(['6', '7', '8', '9']),
        [5, 5] | [5, 6] | [4, 6] => written.contains(' ') && !written.contains('-'),
        [4, 4] => written.contains([' ', '\u{a0}']) && !written.contains(['-', '\u{2013}', '.']),
        _ => false,
    }
}

/// The end of a number with its extension.
fn extension(text: &str, end: usize) -> usize {
    let rest = &text[end..];
    let gap = rest.len() - rest.trim_start_matches([' ', ',', '\u{a0}', '(']).len();
    let low = rest[gap..].chars().take(12).collect::<String>().to_lowercase();
    for word in ["extension", "ext.", "ext", "durchwahl", "dw", "poste", "x", "#"] {
        if let Some(behind) = low.strip_prefix(word) {
            let skip = behind.len() - behind.trim_start_matches([' ', '.', ':']).len();
            let digits = behind[skip..].bytes().take_while(u8::is_ascii_digit).count();
            if (1..=6).contains(&digits) {
                return end + gap + word.len() + skip + digits;
            }
        }
    }
    end
}

/// Numbers of bank accounts (IBAN, ISO 13616) and of social security as the United States write them.
fn accounts(text: &str, blanks: &mut Blanks) {
    let bytes = text.as_bytes();
    for at in 0..bytes.len().saturating_sub(8) {
        let bounded = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        if let Some(end) = national_insurance(bytes, at).filter(|_| bounded) {
            blanks.add(at..end);
        } else if bounded
            && bytes[at].is_ascii_uppercase()
            && bytes[at + 1].is_ascii_uppercase()
            && bytes[at + 2].is_ascii_digit()
            && bytes[at + 3].is_ascii_digit()
        {
            if let Some(end) = iban(text, at) {
                blanks.add(at..end);
            }
        } else if bounded && bytes[at].is_ascii_digit() && bytes.len() >= at + 11 {
            let form = bytes[at..at + 11].iter().enumerate().all(|(n, b)| {
                if matches!(n, 3 | 6) {
                    *b == b'-'
                } else {
                    b.is_ascii_digit()
                }
            });
            if form && !bytes.get(at + 11).is_some_and(u8::is_ascii_alphanumeric) {
                blanks.add(at..at + 11);
            }
        }
    }
}

/// The end of a British number of national insurance: `QQ 12 34 56 C`.
fn national_insurance(bytes: &[u8], start: usize) -> Option<usize> {
    const FORM: &[u8] = b"AA999999A";
    let mut at = start;
    for (n, sign) in FORM.iter().enumerate() {
        if n > 1 && bytes.get(at) == Some(&b' ') {
            at += 1;
        }
        let byte = bytes.get(at)?;
        let fits = match sign {
            b'9' => byte.is_ascii_digit(),
            _ if n > 1 => matches!(byte, b'A'..=b'D'),
            _ => byte.is_ascii_uppercase(),
        };
        if !fits {
            return None;
        }
        at += 1;
    }
    (!bytes.get(at).is_some_and(u8::is_ascii_alphanumeric)).then_some(at)
}

fn iban(text: &str, start: usize) -> Option<usize> {
    let mut signs = Vec::new();
    let mut best = None;
    for (offset, c) in text[start..].char_indices() {
        if c.is_ascii_digit() || c.is_ascii_uppercase() {
            signs.push(c);
            if signs.len() > 34 {
                break;
            }
            if signs.len() >= 15 && remainder(&signs) == 1 {
                best = Some(start + offset + 1);
            }
        } else if c != ' ' {
            break;
        }
    }
    best
}

fn remainder(signs: &[char]) -> u32 {
    let moved = signs[4..].iter().chain(&signs[..4]);
    moved.fold(0, |rest, c| {
        let value = c.to_digit(36).unwrap_or(0);
        (rest * if value > 9 { 100 } else { 10 } + value) % 97
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(text: &str) -> String {
        let mut blanks = Blanks::default();
        phones(text, &mut blanks);
        blanks.spaced(text)
    }

    #[test]
    fn telephone_numbers_of_any_country_are_found() {
        for number in [
            "+49 30/23125000",
            "+33\u{a0}1\u{a0}99\u{a0}00\u{a0}12\u{a0}34",
            "22 12 34 56",
            "020 7946 0958 ext. 12",
            "(614) 555-0147",
            "+1 (614) 555-0147",
            "614-555-0147",
            "614.555.0147",
            "1-614-555-0147",
            "030/23125000",
            "0171 5550199",
            "06 12 34 56 78",
            "06.12.34.56.78",
            "+7 (495) 555-01-99",
            "8 495 555 01 99",
            "+86 138 1234 5678",
            "138 1234 5678",
            "010-1234-5678",
            "03-1234-5678",
            "98765 43210",
            "+91 98765-43210",
            "9876543210",
            "612 345 678",
            "+353 21 555 0136",
            "021 555 0136",
            "+45 22 12 34 56",
            "2123 4567",
            "+55 (11) 91234-5678",
            "(11) 91234-5678",
            "0041 44 555 01 99",
            "044 555 01 99",
            "+971 50 555 0199",
            "+84 24 5555 0199",
            "(030) 555 01 99",
            "+1-614-555-0147 x12",
            "0151-23456789",
            "+358 40 5550199",
            "+27 (0)11 555 0199",
        ] {
            let clean = without(&format!("Reach {number} on any day."));
            assert!(!clean.contains(|c: char| c.is_ascii_digit()), "{number}: {clean}");
            assert!(clean.ends_with(" on any day."), "{clean}");
            let clean = without(&format!("Welded pipes\n{number}\nLed crews"));
            assert!(!clean.contains(|c: char| c.is_ascii_digit()), "{number}: {clean}");
        }
    }

    #[test]
    fn other_numbers_stay() {
        for number in [
            "978-3-16-148410-0",
            "9783161484100",
            "12,500,000",
            "12.500.000",
            "12 500 000",
            "2010 2012 2015 2019",
            "01.01.2018 - 31.12.2020",
            "01/2018 - 12/2020",
            "2018-01 - 2020-12",
            "01/01/2018-12/31/2020",
            "2018-2020",
            "20180101-20201231",
            "ISO 9001:2015",
            "10.0.12.34",
            "192.168.100.1",
            "v1.2.3.4",
            "part 4711-0815-123",
            "1200-1500",
            "$1,250,000",
            "EUR 1 250 000",
            "1000000000",
            "01.03.18 - 31.12.20",
            "01.15 - 04.18",
            "1.15 \u{2013} 12.18",
            "2015/16 - 2019/20",
            "3.14159265",
            "100,000,000",
            "1995 2005",
            "RFC 7231",
            "IEC 62304",
            "24/7 365",
            "360-degree",
            "5 000 000",
            "0.5 1.5 2.5",
        ] {
            let text = format!("The number {number} is here.\n{number}\n");
            assert_eq!(without(&text), text, "{number}");
        }
    }

    #[test]
    fn numbers_beside_each_other_go() {
        for line in [
            "+91 98480 22338 / 040-23114567",
            "01279 555123 / 07700 900123",
            "(304)558.2686P",
            "304-558-2686 (h) 304-558-2790 (c)",
            "030 / 23125000",
        ] {
            let clean = without(&format!("Tel: {line}"));
            assert!(!clean.contains(|c: char| c.is_ascii_digit()), "{line}: {clean}");
        }
        for line in ["Part 304-558-2686PX", "2015 / 2016", "1250000 / 1300000"] {
            assert_eq!(without(line), line);
        }
    }

    #[test]
    fn accounts_go() {
        assert_eq!(
            without("IBAN DE89 3704 0044 0532 0130 00 and 078-05-1120")
                .split_whitespace()
                .collect::<Vec<_>>(),
            ["IBAN", "and"]
        );
    }
}
