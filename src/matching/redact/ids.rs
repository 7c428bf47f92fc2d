//! Numbers that are issued to a person, after the word for them: `DNI 12345678Z`, `Licence #098765`, `NMC PIN: 98I1234E`.

use super::blanks::Blanks;
use super::fold::fold;
use super::tables::TABLES;

/// Words between the name and the number.
const BETWEEN: [&str; 12] = [
    "no", "no.", "nr", "nr.", "num", "number", "numero", "id", "#", ":", "-", "is",
];
/// Longest run of words between.
const MOST_BETWEEN: usize = 3;

/// Blanks the numbers, and keeps the words in front of them: a licence is a qualification.
pub(super) fn ids(text: &str, blanks: &mut Blanks) {
    let mut left = 0;
    let mut at = 0;
    for token in text.split_inclusive(char::is_whitespace) {
        let start = at;
        at += token.len();
        let bare = token.trim_end();
        let ends_line = token.contains('\n');
        if bare.is_empty() {
            left = if ends_line { 0 } else { left };
            continue;
        }
        let word = fold(bare.trim_matches(|c: char| matches!(c, ':' | '#' | '(' | ')' | ',' | ';')));
        // `sin` and `pan` are also words.
        let short = (2..=3).contains(&word.len()) && word != "reg" && bare.contains(char::is_lowercase);
        if TABLES.ids.contains(&word) && !short {
            left = MOST_BETWEEN + 1;
        } else if left > 0 {
            left -= 1;
            let core = bare.trim_matches(|c: char| !c.is_alphanumeric());
            let lead = bare.len() - bare.trim_start_matches(|c: char| !c.is_alphanumeric()).len();
            if let Some(length) = grouped(&text[start + lead..]) {
                blanks.add(start + lead..start + lead + length);
                left = 0;
            } else if is_number(core) {
                blanks.add(start + lead..start + lead + core.len());
                left = 0;
            } else if !BETWEEN.contains(&word.as_str()) && !core.is_empty() {
                left = 0;
            }
        }
        if ends_line {
            left = 0;
        }
    }
}

/// The length of three groups of four digits, as of Aadhaar, that are not years.
fn grouped(text: &str) -> Option<usize> {
    const LENGTH: usize = 14;
    let bytes = text.as_bytes().get(..LENGTH)?;
    let form = bytes.iter().enumerate().all(|(n, byte)| match n {
        4 | 9 => matches!(byte, b' ' | b'-'),
        _ => byte.is_ascii_digit(),
    });
    let years = bytes
        .chunks(5)
        .all(|group| matches!(group, [b'1', b'9', ..] | [b'2', b'0', ..]));
    let ends = !text.as_bytes().get(LENGTH).is_some_and(u8::is_ascii_digit);
    (form && ends && !years).then_some(LENGTH)
}

/// Whether a token looks like an issued number: at least 5 characters, at least 4 of them digits, and not a year.
fn is_number(core: &str) -> bool {
    let digits = core.bytes().filter(u8::is_ascii_digit).count();
    let plain = core
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '.'));
    let date = core
        .split(['-', '/', '.'])
        .any(|part| part.len() == 4 && (part.starts_with("19") || part.starts_with("20")));
    let alphanumeric = core.bytes().filter(u8::is_ascii_alphanumeric).count();
    plain && digits >= 4 && alphanumeric >= 5 && !(date && core.contains(['-', '/', '.']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blanked(text: &str) -> Vec<String> {
        let mut blanks = Blanks::default();
        ids(text, &mut blanks);
        let masked = blanks.masked(text);
        let kept: Vec<&str> = masked.split_whitespace().collect();
        let words = text.split_whitespace();
        words.filter(|word| !kept.contains(word)).map(str::to_owned).collect()
    }

    fn left(text: &str) -> String {
        let mut blanks = Blanks::default();
        ids(text, &mut blanks);
        blanks.spaced(text)
    }

    #[test]
    fn issued_numbers_are_blanked() {
        for (text, number) in [
            ("DNI 12345678Z", "12345678Z"),
            ("PAN: ABCPV1234K", "ABCPV1234K"),
            ("Registered nurse, NMC PIN 98I1234E", "98I1234E"),
            ("RN License #098765, Ohio", "#098765,"),
            ("Passport no. X1234567", "X1234567"),
            ("SSN 078-05-1120", "078-05-1120"),
            ("RG 12.345.678-9", "12.345.678-9"),
        ] {
            assert_eq!(blanked(text), [number], "{text}");
        }
    }

    #[test]
    fn numbers_in_groups_are_blanked() {
        for text in ["Aadhaar 1234 5678 9012", "Aadhaar No: 1234-5678-9012"] {
            assert!(
                !blanked(text).is_empty() && !left(text).contains(|c: char| c.is_ascii_digit()),
                "{text}"
            );
        }
        for text in ["Registration 2010 2012 2015", "License 1234 times"] {
            assert_eq!(left(text), text);
        }
    }

    #[test]
    fn other_numbers_are_kept() {
        for text in [
            "Driving license since 2019",
            "License 05/2019-06/2021",
            "ISO 9001 registration in 2018",
            "Registration of 12000 voters",
            "CDL license Class A",
            "PAN Asia 12345",
            "sin 10000 horas",
        ] {
            assert_eq!(blanked(text), Vec::<String>::new(), "{text}");
        }
    }
}
