//! Degrees named in a text, and their ranks.

use super::english::ENGLISH;

/// The lowest and highest rank of the degrees that a sentence names, from 1 (school) to 5 (doctorate).
pub(super) fn degrees(sentence: &str) -> Option<(u8, u8)> {
    let low = sentence.to_lowercase().replace('\u{2019}', "'");
    let mut found: Vec<(usize, usize, u8, bool)> = Vec::new();
    for degrees in &ENGLISH.degrees {
        for phrase in &degrees.names {
            for (at, _) in low.match_indices(phrase.as_str()) {
                let end = at + phrase.len();
                let before = low[..at].chars().next_back();
                let after = low[end..].chars().next();
                let borders = before.is_none_or(|c| !c.is_alphanumeric()) && after.is_none_or(|c| !c.is_alphanumeric());
                let generic = phrase.ends_with("degree") || *phrase == "degree in";
                // "A high degree of care" is not a degree.
                if borders && !(phrase == "degree" && low[end..].starts_with(" of")) {
                    found.push((at, end, degrees.rank, generic));
                }
            }
        }
    }
    let inside =
        |a: &(usize, usize, u8, bool), b: &(usize, usize, u8, bool)| a.0 >= b.0 && a.1 <= b.1 && a.1 - a.0 < b.1 - b.0;
    let whole: Vec<_> = found
        .iter()
        .filter(|one| !found.iter().any(|other| inside(one, other)))
        .collect();
    let specific = whole
        .iter()
        .filter(|one| !one.3)
        .map(|one| one.2)
        .chain(capitals(sentence));
    let specific: Vec<u8> = specific.collect();
    let ranks = if specific.is_empty() {
        whole.iter().map(|one| one.2).collect()
    } else {
        specific
    };
    Some((*ranks.iter().min()?, *ranks.iter().max()?))
}

fn capitals(sentence: &str) -> impl Iterator<Item = u8> {
    sentence.split(|c: char| !c.is_alphanumeric()).filter_map(|word| {
        let abbreviations = &mut ENGLISH.degree_abbreviations.iter();
        let degrees = abbreviations.find(|degrees| degrees.names.iter().any(|name| name == word));
        degrees.map(|degrees| degrees.rank)
    })
}

/// Whether a posting accepts experience in place of the degree.
pub(super) fn takes_equivalent(sentence: &str) -> bool {
    let low = sentence.to_lowercase();
    [
        "equivalent",
        "or relevant experience",
        "or comparable",
        "or similar experience",
        "or proven experience",
    ]
    .iter()
    .any(|cue| low.contains(cue))
}

/// The name of a rank.
pub(super) fn degree_name(rank: u8) -> &'static str {
    match rank {
        0 => "no degree",
        1 => "a school diploma",
        2 => "a vocational or associate degree",
        3 => "a bachelor's degree",
        4 => "a master's degree",
        _ => "a doctorate",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_are_ranked() {
        for (text, want) in [
            ("Bachelor's or Master's degree in physics", Some((3, 4))),
            ("Master’s degree in nursing", Some((4, 4))),
            ("BSc Computer Science, University of Leeds", Some((3, 3))),
            ("Degree in a relevant field", Some((3, 3))),
            ("High school diploma", Some((1, 1))),
            ("Diploma in Culinary Arts", Some((2, 2))),
            ("Ph.D. in chemistry", Some((5, 5))),
            ("a high degree of accuracy", None),
            ("BA (Hons) History", Some((3, 3))),
            ("based in Leeds", None),
        ] {
            assert_eq!(degrees(text), want, "{text}");
        }
    }
}
