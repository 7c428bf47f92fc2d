//! Degrees and years that a sentence of a posting asks for, as alternatives: `Bachelor's with 7 years or PhD with 3`.

use super::claims::claims;
use super::degrees::{self, takes_equivalent};

/// One sufficient combination.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Qualification {
    /// The level of the degree; `None` if none is needed.
    pub(super) degree: Option<u8>,
    pub(super) years: Option<f64>,
    /// Whether experience is accepted in place of the degree.
    pub(super) equivalent: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Item {
    Degree(u8),
    Years(f64),
}

/// The alternatives that a sentence states; empty if it asks for neither a degree nor years.
pub(super) fn alternatives(sentence: &str) -> Vec<Qualification> {
    let low = sentence.to_lowercase();
    if low.contains("be substituted") || low.contains("may substitute") {
        return Vec::new();
    }
    let mut items: Vec<(usize, usize, Item)> = degrees::find(sentence, false)
        .into_iter()
        .map(|degree| (degree.bytes.start, degree.bytes.end, Item::Degree(degree.level)))
        .chain(
            claims(sentence)
                .into_iter()
                .map(|(span, years)| (span.bytes.start, span.bytes.end, Item::Years(years))),
        )
        .collect();
    items.sort_by_key(|&(start, _, _)| start);
    let preferred: Vec<bool> = (0..items.len()).map(|at| is_preferred(sentence, &items, at)).collect();
    if preferred.contains(&false) {
        let mut kept = preferred.iter().map(|preferred| !preferred);
        items.retain(|_| kept.next().unwrap_or(true));
    }
    let equivalent = takes_equivalent(sentence);
    let mut ways: Vec<Way> = Vec::new();
    let mut end = 0;
    for (start, after, item) in items {
        let joint = Joint::of(sentence.get(end..start).unwrap_or_default());
        end = after;
        match ways.last_mut() {
            Some(way) if way.takes(item, joint) => way.add(item),
            last => {
                // `BS with 2 years of sales or 3 years of service`
                let shared = match (item, &last) {
                    (Item::Years(_), Some(way)) if !way.years.is_empty() => way.degrees.clone(),
                    _ => Vec::new(),
                };
                let mut way = Way {
                    degrees: shared,
                    years: Vec::new(),
                };
                way.add(item);
                ways.push(way);
            }
        }
    }
    ways.iter().flat_map(|way| way.qualifications(equivalent)).collect()
}

/// How an item is joined to the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    Or,
    And,
    List,
}

impl Joint {
    /// The last word between the items that joins them.
    fn of(between: &str) -> Self {
        let low = between.to_lowercase();
        let mut joint = Self::List;
        for word in low.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')')) {
            joint = match word.trim_end_matches([',', ':', '.']) {
                "or" => Self::Or,
                "and" | "with" | "plus" | "&" | "+" | "including" | "followed" => Self::And,
                _ if word == "/" => Self::Or,
                _ if word.ends_with([',', ';']) && joint != Self::List => Self::List,
                _ => joint,
            };
        }
        if low == "/" { Self::Or } else { joint }
    }
}

/// Degrees of which one suffices, and years that are all needed.
#[derive(Debug)]
struct Way {
    degrees: Vec<u8>,
    years: Vec<f64>,
}

impl Way {
    /// Whether an item belongs to this way and does not begin another.
    fn takes(&self, item: Item, joint: Joint) -> bool {
        match (item, joint) {
            (Item::Degree(_), Joint::Or) => self.years.is_empty(),
            (Item::Degree(_), _) => self.years.is_empty() || self.degrees.is_empty(),
            (Item::Years(_), Joint::Or) => false,
            (Item::Years(_), _) => true,
        }
    }

    fn add(&mut self, item: Item) {
        match item {
            Item::Degree(level) => self.degrees.push(level),
            Item::Years(years) => self.years.push(years),
        }
    }

    fn qualifications(&self, equivalent: bool) -> Vec<Qualification> {
        let years = self.years.iter().copied().reduce(f64::max);
        let degrees = self.degrees.iter().map(|&level| Some(level));
        let degrees: Vec<_> = if self.degrees.is_empty() {
            vec![None]
        } else {
            degrees.collect()
        };
        let one = |degree: Option<u8>| Qualification {
            degree,
            years,
            equivalent: equivalent && degree.is_some(),
        };
        degrees.into_iter().map(one).collect()
    }
}

/// Whether a cue in the clause of an item says that it is optional.
fn is_preferred(sentence: &str, items: &[(usize, usize, Item)], at: usize) -> bool {
    let (start, end, _) = items[at];
    let next = items.get(at + 1).map_or(sentence.len(), |&(start, _, _)| start);
    let last = at.checked_sub(1).map_or(0, |before| items[before].1);
    let after = sentence.get(end..next).unwrap_or_default().to_lowercase();
    let clause = after.split([';', ',']).next().unwrap_or(&after);
    let clause = clause.split(" required").next().unwrap_or(clause);
    let before = sentence.get(last..start).unwrap_or_default().to_lowercase();
    let lead = before.trim_end();
    let cues = [
        "prefer",
        "a plus",
        "desir",
        "nice to have",
        "ideal",
        "bonus",
        "an advantage",
        "advantageous",
        "an asset",
        "beneficial",
    ];
    cues.iter().any(|cue| clause.contains(cue))
        || ["preferably", "ideally", "preferred:", "desirable:"]
            .iter()
            .any(|cue| lead.ends_with(cue))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(sentence: &str) -> Vec<(Option<u8>, Option<f64>)> {
        alternatives(sentence)
            .into_iter()
            .map(|way| (way.degree, way.years))
            .collect()
    }

    #[test]
    fn alternatives_are_read() {
        let mut wrong = Vec::new();
        for (text, want) in [
            (
                "Bachelor's with 7 years or PhD with 3 years",
                &[(Some(3), Some(7.0)), (Some(5), Some(3.0))][..],
            ),
            (
                "Bachelor's degree and 5 years, or Master's and 3 years, or PhD",
                &[(Some(3), Some(5.0)), (Some(4), Some(3.0)), (Some(5), None)],
            ),
            (
                "BS and 5 years; MS and 3 years",
                &[(Some(3), Some(5.0)), (Some(4), Some(3.0))],
            ),
            (
                "Bachelor's or Master's degree with 5 years of experience",
                &[(Some(3), Some(5.0)), (Some(4), Some(5.0))],
            ),
            (
                "BS, MS or PhD in physics",
                &[(Some(3), None), (Some(4), None), (Some(5), None)],
            ),
            (
                "Bachelor's degree or 4 years of experience",
                &[(Some(3), None), (None, Some(4.0))],
            ),
            (
                "Bachelor's degree in nursing or a related field, 5 years of experience",
                &[(Some(3), Some(5.0))],
            ),
            (
                "Bachelor's degree or equivalent and 5 years of experience",
                &[(Some(3), Some(5.0))],
            ),
            ("3+ years of work on bridges (5+ years preferred)", &[(None, Some(3.0))]),
            ("3+ years of work on bridges (5+ preferred)", &[(None, Some(3.0))]),
            ("minimum 2 years Python and 7 years overall", &[(None, Some(7.0))]),
            (
                "2 years of sales or 3 years of service",
                &[(None, Some(2.0)), (None, Some(3.0))],
            ),
            ("3-5 years of experience", &[(None, Some(3.0))]),
            ("5 years preferred", &[(None, Some(5.0))]),
            ("Bachelor's required, Master's preferred", &[(Some(3), None)]),
            ("No degree required", &[]),
            ("No experience needed", &[]),
            ("A degree is not necessary", &[]),
            ("Our company has 40 years of experience", &[]),
            ("A 2 year fixed term contract", &[]),
            ("Support PhD researchers", &[]),
            (
                "A baccalaureate degree from an accredited college and four years of experience, 18 months of which must have been supervisory",
                &[(Some(3), Some(4.0))],
            ),
            ("Master's degree with 2 years of work; or", &[(Some(4), Some(2.0))]),
            ("High school diploma or GED", &[(Some(1), None), (Some(1), None)]),
            ("BA/BS degree", &[(Some(3), None), (Some(3), None)]),
        ] {
            if read(text) != want {
                wrong.push((text, read(text)));
            }
        }
        assert!(wrong.is_empty(), "{wrong:?}");
        assert!(alternatives("Degree in law or equivalent experience")[0].equivalent);
    }
}
