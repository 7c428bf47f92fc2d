//! What years of work are asked in, beside the occupation: `5 years of experience selling enterprise software`.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::super::claims::claims;
use super::super::words::{self, Word};

/// Words that name no specialty.
const GENERAL: &str = "ability able all amount area areas at background business busy capacity career combination \
    commercial company comparable competence completed current demonstrable demonstrated department direct duties employment \
    environment environments equivalent experience experiences experienced expertise exposure extensive field full \
    function full-time good hands-on high hospital ideal ideally industry industries job jobs kind least level licensed \
    minimum more must-have office organisation organization paid part particular past place position positions post \
    post-qualification practical practice preferably previous professional progressive progressively proven qualified \
    recent related relevant required responsibility responsible responsibly role roles same sector sectors senior \
    service setting settings similar site solid specific strong successful successfully team time total track type \
    work worked working workplace year years";

static GENERAL_STEMS: LazyLock<FxHashSet<u64>> = LazyLock::new(|| words::stems(GENERAL).collect());

/// The alternatives of what a line asks years of work in, as the stems of their words. `title` are those of the occupation.
/// Empty if it names nothing else.
pub(super) fn specialty(line: &str, title: &[u64]) -> Vec<Vec<u64>> {
    let Some(end) = claims(line).into_iter().map(|(duration, _)| duration.bytes.end).max() else {
        return Vec::new();
    };
    let rest = &line[end..];
    let rest = rest.find([';', '.', '(']).map_or(rest, |stop| &rest[..stop]);
    let all = words::words(rest);
    let written = |word: &Word| rest[word.bytes.clone()].to_lowercase();
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
            && !title.contains(&word.stem)
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
        let title: Vec<u64> = words::stems(title).collect();
        specialty(line, &title).len()
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
            ("Minimum 5 years of relevant professional experience", 0),
            ("2 years' experience in retail or a similar role", 0),
            ("Degree in physics", 0),
            ("5 years", 0),
        ] {
            assert_eq!(read(line, "Staff Nurse"), want, "{line}");
        }
    }
}
