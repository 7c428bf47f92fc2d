//! The title of a posting: the line that names the occupation, without the terms after it.

mod in_sentence;

use super::super::occupations::names_occupation;
use super::super::phrase;
use super::super::posting::{LineKind, PostingLine};
use super::super::sections;

/// The title of a posting, given with its lines.
pub(super) fn of_posting<'t>(clean: &'t str, lines: &[PostingLine]) -> Option<&'t str> {
    let title = lines.iter().position(|line| line.title);
    let title = title.or_else(|| first_heading(clean, lines));
    let title = title.map(|title| named_part(title_of(clean, &lines[named_near(clean, lines, title)..])));
    match title.filter(|title| names_occupation(title)) {
        Some(title) => Some(title),
        None => labelled(clean, lines)
            .or_else(|| sought(clean, lines))
            .or_else(|| told(clean, lines))
            .or(title),
    }
}

/// Labels of the title of a job.
const LABELS: [&str; 13] = [
    "designation",
    "job",
    "job position",
    "job role",
    "job title",
    "opening",
    "position",
    "position title",
    "post",
    "role",
    "subject",
    "title",
    "vacancy",
];

/// The title behind its label: `Role: Welder`, `Subject: Vacancy - Welder`.
fn labelled<'t>(clean: &'t str, lines: &[PostingLine]) -> Option<&'t str> {
    lines.windows(2).find_map(|pair| {
        let label = phrase::words(&clean[pair[0].bytes.clone()]);
        let value = clean[pair[1].bytes.clone()].trim();
        let short = value.split_whitespace().count() <= TITLE_WORDS;
        let beside = pair[0].line == pair[1].line
            && short
            && LABELS.contains(&label.trim_matches(|c: char| !c.is_alphanumeric()));
        // `Fwd: Vacancy - Welder (nights)`
        let apart =
            |at: usize, end: usize| value[end..].starts_with(' ') && (value[..at].ends_with(' ') || end == at + 1);
        let ends = value
            .match_indices([':', '-', '\u{2013}'])
            .map(|(at, sign)| (at, at + sign.len()))
            .filter(|&(at, end)| apart(at, end))
            .map(|(_, end)| end)
            .take_while(|&end| !names_occupation(&value[..end]));
        let start = if beside { ends.last().unwrap_or(0) } else { 0 };
        let title = without_terms(value[start..].trim());
        (beside && names_occupation(title)).then_some(title)
    })
}

/// The occupation that one of the first lines is sought for, or that it names and nothing else: `Welders needed - Leeds`.
fn sought<'t>(clean: &'t str, lines: &[PostingLine]) -> Option<&'t str> {
    let mut first = lines
        .iter()
        .take(FIRST_LINES)
        .map(|line| (line, clean[line.bytes.clone()].trim()));
    first.find_map(|(line, text)| {
        let low = text.to_ascii_lowercase();
        let wanted = SOUGHT.iter().find_map(|word| low.find(word));
        let before = wanted
            .and_then(|at| text.get(..at))
            .map(|before| before.trim_start_matches(|c: char| !c.is_alphanumeric()));
        let short =
            |text: &str| text.split_whitespace().count() <= SOUGHT_WORDS && names_occupation(text) && !is_paper(text);
        let named = before.filter(|before| short(before));
        let firm = FIRMS.iter().any(|end| low.ends_with(end));
        let apart = line.line == lines[0].line && !text.ends_with(['.', ':', '!']) && !firm && wanted.is_none();
        named.or_else(|| {
            (apart && text.split_whitespace().count() <= TITLE_WORDS && names_occupation(text))
                .then(|| without_terms(text))
        })
    })
}

/// The title that a sentence among the first names.
fn told<'t>(clean: &'t str, lines: &[PostingLine]) -> Option<&'t str> {
    let mut first = lines.iter().take(FIRST_LINES);
    let title = first.find_map(|line| in_sentence::title(clean[line.bytes.clone()].trim()));
    title.filter(|title| !is_paper(title))
}

/// Whether a text is that of a licence or the like, which applicants hold.
fn is_paper(text: &str) -> bool {
    let low = text.trim_end().to_ascii_lowercase();
    PAPERS.iter().any(|word| low.ends_with(word))
}

/// What follows the name of those who are sought.
const SOUGHT: [&str; 4] = [" needed", " required", " wanted", " sought"];
/// What is required of those who apply: `Driver's licence required`.
const PAPERS: [&str; 11] = [
    "approval",
    "certificate",
    "certification",
    "check",
    "degree",
    "experience",
    "licence",
    "license",
    "qualification",
    "registration",
    "skills",
];
/// The ends of the names of firms.
const FIRMS: [&str; 8] = [" co", " gmbh", " group", " inc", " limited", " llc", " ltd", " plc"];
/// The number of words before it.
const SOUGHT_WORDS: usize = 4;
/// The number of lines at the beginning of which one names the occupation.
const FIRST_LINES: usize = 9;

/// A heading that opens no section, if the posting begins with it.
fn first_heading(clean: &str, lines: &[PostingLine]) -> Option<usize> {
    let first = lines.first().filter(|line| line.kind == LineKind::Heading)?;
    let text = &clean[first.bytes.clone()];
    (!text.trim_end().ends_with(':') && sections::heading(text).is_none()).then_some(0)
}

/// The line that names an occupation, if that of the title does not and one of the next does: `ACME LTD`, `Welder`.
fn named_near(clean: &str, lines: &[PostingLine], at: usize) -> usize {
    let named = |line: &PostingLine| {
        let text = clean[line.bytes.clone()].trim();
        text.split_whitespace().count() <= TITLE_WORDS && !text.ends_with(['.', ':']) && names_occupation(text)
    };
    if named(&lines[at]) {
        return at;
    }
    let opens = |line: &PostingLine| {
        let low = clean[line.bytes.clone()].trim().to_lowercase();
        let first = low.split_whitespace().next().unwrap_or_default();
        !matches!(
            first,
            "as" | "join" | "our" | "report" | "reporting" | "reports" | "the" | "this" | "we" | "you"
        )
    };
    let mut next = lines.iter().skip(at + 1).take(NEXT_LINES);
    let next = next.position(|line| named(line) && opens(line));
    next.map_or(at, |next| at + 1 + next)
}

/// The title of the job in its line, without a label such as `Job title:`.
fn title_of<'t>(clean: &'t str, lines: &[PostingLine]) -> &'t str {
    let line = &clean[lines[0].bytes.clone()];
    // The label is a unit of its own, with the title after it in the same line.
    let rest = lines
        .get(1)
        .filter(|next| next.line == lines[0].line && line.trim_end().ends_with(':'));
    let title = rest.map_or(line, |rest| match names_occupation(line) {
        // `Supervisor: Grass Cutting` has no label.
        true => &clean[lines[0].bytes.start..rest.bytes.end],
        false => &clean[rest.bytes.clone()],
    });
    without_terms(title)
}

/// A title without the terms after it: `Tree Surgeon, full time` is `Tree Surgeon`. What else follows may be a part of the
/// occupation, such as `(Streaming)`.
pub(super) fn without_terms(title: &str) -> &str {
    let low = title.to_ascii_lowercase();
    let sought = SOUGHT.iter().find_map(|word| low.find(word)).map(|at| &title[..at]);
    let mut title = sought.filter(|before| names_occupation(before)).unwrap_or(title);
    let last = |title: &str| SEPARATORS.iter().filter_map(|sign| title.rfind(sign)).max();
    while let Some(at) = last(title).filter(|&at| is_term(&title[at..]) && names_occupation(title[..at].trim())) {
        title = title[..at].trim_end();
    }
    title
}

/// The first part of a title that does not name an occupation as a whole: `Class 1 Driver - Nights - Tramping`.
fn named_part(title: &str) -> &str {
    let ends = SEPARATORS
        .iter()
        .flat_map(|sign| title.match_indices(sign).map(|(at, _)| at));
    let parts = ends.map(|end| title[..end].trim_end());
    let named = parts
        .filter(|part| names_occupation(part))
        .max_by_key(|part| part.len());
    named.filter(|_| !names_occupation(title)).unwrap_or(title)
}

/// Whether a part of a title is a term of the contract, such as its pay or its hours.
fn is_term(part: &str) -> bool {
    let low = phrase::words(part);
    low.bytes().any(|c| c.is_ascii_digit()) || phrase::contains_any(&low, &TERMS)
}

/// What separates the parts of a title.
const SEPARATORS: [&str; 7] = [" - ", " \u{2013} ", " \u{2014} ", " | ", " (", "; ", ", "];
/// Terms of a contract that are named after a title. A hyphen is a space.
const TERMS: [&str; 17] = [
    "contract",
    "cover",
    "fixed term",
    "freelance",
    "full time",
    "hybrid",
    "immediate start",
    "nights",
    "on site",
    "onsite",
    "part time",
    "permanent",
    "remote",
    "shift",
    "shifts",
    "temporary",
    "weekends",
];
/// The number of words of a line that can be a title.
const TITLE_WORDS: usize = 9;
/// The number of lines after that of the title that can name the occupation.
const NEXT_LINES: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, part: &str, kind: LineKind, line: usize) -> PostingLine {
        let at = text.find(part).unwrap();
        PostingLine {
            bytes: at..at + part.len(),
            kind,
            title: false,
            line,
        }
    }

    #[test]
    fn the_part_that_names_the_occupation_is_the_title() {
        for (text, want) in [
            (
                "HGV Class 1 Driver \u{2013} Nights \u{2013} Tramping",
                "HGV Class 1 Driver",
            ),
            ("Class 2 Driver - Leeds", "Class 2 Driver"),
            ("Nurse, Intensive Care", "Nurse, Intensive Care"),
            ("Quill - Placeholder", "Quill - Placeholder"),
        ] {
            assert_eq!(named_part(text), want);
        }
    }

    /// Whatever the label and the terms behind it.
    #[test]
    fn a_title_is_behind_its_label() {
        for label in ["Role :", "*Job Title* :", "DESIGNATION -", "Vacancy:"] {
            for title in [
                "Welder",
                "Payroll Clerk",
                "Welder (full time)",
                "Fwd: Vacancy - Welder (nights)",
            ] {
                let text = format!("Greetings from Oak!\n{label} {title}\n");
                let lines = [
                    line(&text, "Greetings from Oak!", LineKind::Heading, 0),
                    line(&text, label, LineKind::Heading, 1),
                    line(&text, title, LineKind::Terms, 1),
                ];
                let found = of_posting(&text, &lines).unwrap();
                assert!(title.contains(found) && !found.contains('('), "{text} {found}");
            }
        }
    }

    #[test]
    fn those_who_are_sought_are_the_title() {
        for (text, want) in [
            ("Welders needed - Leeds, start now!!", Some("Welders")),
            ("** Night Porter wanted **", Some("Night Porter")),
            ("NIGHT PORTER WANTED Oak Lane", Some("NIGHT PORTER")),
            ("Night Porter - rotational", Some("Night Porter")),
            ("We are a firm of welders.", None),
            ("Driver's licence required", None),
            ("Teacher registration required", None),
            ("Oak Painters & Decorators Ltd", None),
        ] {
            let lines = [line(text, text, LineKind::Terms, 0)];
            let found = of_posting(text, &lines);
            assert!(
                found.map(|found| found.starts_with(want.unwrap_or("-"))) == want.map(|_| true),
                "{text} {found:?}"
            );
        }
    }
}
