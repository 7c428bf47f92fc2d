//! What years of work are asked in, beside the occupation: `5 years of experience selling enterprise software`.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::super::claims::claims;
use super::super::words::{self, Word};

/// Words that name no specialty.
const GENERAL: &str = "ability able all amount area areas at background business busy capacity career combination \
    client commercial company comparable competence completed current customer demonstrable demonstrated department direct duties employment \
    environment environments equivalent experience experiences experienced expertise exposure extensive facing fast field full \
    function full-time good hands-on high hospital ideal ideally industry industries job jobs kind least level licensed \
    minimum more must-have office organisation organization paced paid part particular past place position positions \
    post-qualification practical practice post preferably preferred essential desirable previous professional progressive progressively proven qualified \
    recent registration related relevant required responsibility responsible responsibly role roles same sector sectors senior \
    service setting settings similar site solid specific strong successful successfully team time total track type \
    verifiable work worked working workplace year years";

static GENERAL_STEMS: LazyLock<FxHashSet<u64>> = LazyLock::new(|| words::stems(GENERAL).collect());

/// The letters by which a word is known as one of the title: `teaching` of a teacher.
const SAME_LETTERS: usize = 4;

/// The alternatives of what a line asks years of work in, as the stems of their words, without those of the `title`. Empty
/// if it names nothing else.
pub(super) fn specialty(line: &str, title: &str) -> Vec<Vec<u64>> {
    let Some(end) = claims(line).into_iter().map(|(duration, _)| duration.bytes.end).max() else {
        return Vec::new();
    };
    let rest = &line[end..];
    let rest = rest.find([';', '.', '(']).map_or(rest, |stop| &rest[..stop]);
    let all = words::words(rest);
    let written = |word: &Word| rest[word.bytes.clone()].to_lowercase();
    let beginning = |word: &str| word.chars().take(SAME_LETTERS).collect::<String>();
    let title = title.to_lowercase();
    let of_title: Vec<String> = title.split(|c: char| !c.is_alphanumeric()).map(beginning).collect();
    let mut parts: Vec<Vec<u64>> = vec![Vec::new()];
    let mut alternatives = false;
    let mut last = 0;
    for word in &all {
        let between = &rest[last..word.bytes.start];
        last = word.bytes.end;
        let or = written(word) == "or";
        alternatives |= or;
        if or || between.contains([',', '/']) {
            parts.push(Vec::new());
        }
        let telling = word.subject
            && !GENERAL_STEMS.contains(&word.stem)
            && !of_title.contains(&beginning(&written(word)))
            && rest[word.bytes.clone()].contains(char::is_alphabetic);
        if let Some(part) = parts.last_mut().filter(|_| telling) {
            part.push(word.stem);
        }
    }
    if !alternatives {
        parts.truncate(1);
    }
    // `in retail or a similar role`
    if parts.iter().any(Vec::is_empty) {
        Vec::new()
    } else {
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str, title: &str) -> usize {
        specialty(line, title).len()
    }

    #[test]
    fn what_years_are_asked_in_is_told_from_the_occupation() {
        for (line, want) in [
            ("3 years of experience in paediatric intensive care", 1),
            ("5+ years of experience selling enterprise software", 1),
            ("At least 2 years in theatre", 1),
            ("4 years in accounting, ideally in an audit firm", 1),
            ("3 years of experience in retail, hospitality or catering", 3),
            ("3 years of experience as a nurse", 0),
            ("3 years of nursing experience", 0),
            ("2 years of experience in a fast-paced environment", 0),
            ("2 years in a customer-facing role", 0),
            ("2 years of post-registration experience", 0),
            ("2 years of verifiable experience", 0),
            ("Minimum 5 years of relevant professional experience", 0),
            ("2 years' experience in retail or a similar role", 0),
            ("Degree in physics", 0),
            ("5 years", 0),
        ] {
            assert_eq!(read(line, "Staff Nurse"), want, "{line}");
        }
    }
}
