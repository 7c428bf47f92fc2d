//! Labels before the parts of a line: `Designation: Payroll Clerk`, `Client: a major of the trade`.

/// Labels of titles.
const TITLES: [&str; 11] = [
    "designation",
    "job role",
    "job title",
    "occupation",
    "position",
    "position held",
    "post",
    "post held",
    "rank",
    "role",
    "title",
];
/// Labels of what else a job has.
const OTHERS: [&str; 21] = [
    "client",
    "clients",
    "company",
    "company name",
    "customer",
    "department",
    "domain",
    "duration",
    "employer",
    "firm",
    "industry",
    "location",
    "name of employer",
    "organisation",
    "organization",
    "project",
    "project name",
    "report to",
    "reported to",
    "reporting to",
    "supervisor",
];

/// What a label says of the text behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Title,
    Other,
}

/// The label at the end of the text before a part of a line.
pub(super) fn label(before: &str) -> Option<Label> {
    let before = before.trim_end().strip_suffix(':')?.trim_end();
    let start = before
        .rfind(['|', ',', ';', '\t', '\n', ':', '\u{2022}'])
        .map_or(0, |at| at + 1);
    let own = before.get(start..).unwrap_or(before);
    let own = own.rsplit("  ").find(|part| !part.trim().is_empty()).unwrap_or(own);
    let low = own.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    if TITLES.contains(&low.as_str()) {
        Some(Label::Title)
    } else {
        OTHERS.contains(&low.as_str()).then_some(Label::Other)
    }
}
