//! Grades of vocational degrees: `NVQ Level 3`, `Level 2 Diploma`, `Certificate IV`, `HND`.

use std::ops::Range;

use super::table::Word;

/// The level of degrees that have grades.
pub(super) const GRADED: u8 = 2;
/// The highest grade.
const MOST: u8 = 8;
const ROMAN: [&str; 8] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii"];

/// The grade of the degree that these words name.
pub(super) fn read(words: &[Word], degree: Range<usize>) -> Option<u8> {
    let low = |at: usize| words.get(at).map_or("", |word| word.low.as_str());
    let first = low(degree.start);
    let own = match first {
        "hnd" | "hndip" | "fda" | "fdsc" | "foundation" => Some(5),
        "hnc" | "certhe" => Some(4),
        _ => None,
    };
    let near = |at: usize| words.get(at).filter(|word| !word.apart).map(|word| word.low.as_str());
    // `NVQ Level 3`, `NVQ 3`, `NVQ L3`, `NVQ (Level 3)`
    let mut next = degree.end;
    while matches!(near(next), Some("(" | "-" | ",")) {
        next += 1;
    }
    let marked = matches!(near(next), Some("level" | "lvl" | "grade"));
    let numbered = matches!(first, "btec" | "gnvq" | "nvq" | "svq") && next == degree.end;
    let behind = near(next + usize::from(marked)).filter(|_| marked || numbered);
    let behind = behind.and_then(|low| {
        if marked {
            number(low)
        } else {
            number(low).or_else(|| short(low))
        }
    });
    let short_behind = near(next).and_then(short);
    let inside = number(low(degree.end - 1));
    let before = || {
        let at = degree.start.checked_sub(1)?;
        let level = at
            .checked_sub(1)
            .is_some_and(|level| matches!(low(level), "level" | "lvl"));
        short(low(at)).or_else(|| number(low(at)).filter(|_| level))
    };
    own.or(inside).or(behind).or(short_behind).or_else(before)
}

fn short(low: &str) -> Option<u8> {
    low.strip_prefix('l').filter(|rest| rest.len() == 1)?.parse().ok()
}

fn number(low: &str) -> Option<u8> {
    let roman = ROMAN.iter().position(|roman| *roman == low);
    let roman = roman.and_then(|at| u8::try_from(at + 1).ok());
    roman
        .or_else(|| low.parse().ok())
        .filter(|grade| (1..=MOST).contains(grade))
}

#[cfg(test)]
mod tests {
    use super::super::{find, least_grade};

    #[test]
    fn vocational_degrees_have_grades() {
        for (text, want) in [
            ("NVQ Level 2 Plumbing", Some(2)),
            ("NVQ 3 Hairdressing", Some(3)),
            ("NVQ L3 in Care", Some(3)),
            ("NVQ (Level 3) Plumbing", Some(3)),
            ("Level 3 NVQ in Childcare", Some(3)),
            ("BTEC Level 3, Leeds", Some(3)),
            ("Level 2 Diploma in Plumbing", Some(2)),
            ("Certificate III in Hairdressing", Some(3)),
            ("Cert IV in Training", Some(4)),
            ("HND Accountancy", Some(5)),
            ("NVQ Plumbing, 2014", None),
            ("Diploma in Plumbing, 3 years", None),
            ("BTEC, 5 modules", None),
            ("Diploma, 3 years", None),
            ("Diploma 2 years full time", None),
        ] {
            let found = find(text, true);
            assert_eq!(found.first().and_then(|degree| degree.grade), want, "{text}");
        }
        assert_eq!(least_grade("NVQ Level 2 or NVQ Level 3"), Some(2));
        assert_eq!(least_grade("NVQ Level 3 or diploma"), None);
    }
}
