//! The order of versions.

use std::cmp::Ordering;

/// A part of a version between two dots.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Part<'a> {
    Number(u64),
    Letters(&'a str),
}

/// Compares number by number, letters after numbers, and `2.0-rc.1` before `2.0`: the order of Semantic Versioning
/// 2.0.0 (section 11) for versions of any length.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let split = |version| match str::split_once(version, '-') {
        Some((release, early)) => (release, Some(early)),
        None => (version, None),
    };
    let ((a, early_a), (b, early_b)) = (split(a), split(b));
    dotted(a, b).then_with(|| match (early_a, early_b) {
        (Some(a), Some(b)) => dotted(a, b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    })
}

fn dotted(a: &str, b: &str) -> Ordering {
    parts(a).cmp(parts(b))
}

fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    text.split('.')
        .map(|part| part.parse().map_or(Part::Letters(part), Part::Number))
}

#[cfg(test)]
mod tests {
    //! Pairs. The tests of `inference` show that the newest version is served.

    use super::*;

    #[test]
    fn versions_compare_by_number() {
        for (older, newer) in [
            ("1", "2"),
            ("1.9", "1.10"),
            ("1", "1.1"),
            ("9", "10"),
            ("1.a", "1.b"),
            ("1.10", "1.2a"),
            ("2.0.0-rc.1", "2.0.0"),
            ("2.0.0-rc.9", "2.0.0-rc.10"),
            ("1.9", "2.0-alpha"),
            ("2024-05-31", "2024-06-01"),
        ] {
            assert_eq!(compare(older, newer), Ordering::Less, "{older} {newer}");
            assert_eq!(compare(newer, older), Ordering::Greater, "{older} {newer}");
            assert_eq!(compare(newer, newer), Ordering::Equal);
        }
    }
}
