//! A letter that explains a match to the candidate or to a recruiter, computed from the match alone.
//!
//! Every number is one of the match, rounded as in the other texts. Quotations of the resume are cut where identifying
//! data was blanked, so the letter is the same for all resumes that differ only in identity. The fixed sentences contain
//! no pronoun of a third person, which the resume may have had blanked.

mod phrases;
mod points;
mod quotation;

use std::fmt::Write as _;

pub use self::phrases::Audience;
use self::phrases::{Phrases, component_name};
use self::points::{Point, Points};
use self::quotation::clipped;
use super::result::ResumeMatch;
use crate::text::one_line;

impl ResumeMatch {
    /// A letter in plain English that explains the match: what counted, which must-haves are shown and by which sentence,
    /// what was not found, what was not compared, and how to have an error corrected. Blocks are separated by blank
    /// lines, and items begin with `- `.
    #[must_use]
    pub fn explain(&self, audience: Audience) -> String {
        let phrases = Phrases::of(audience);
        let points = Points::of(self);
        let mut letter = Letter::default();
        letter.line(&self.about(phrases));
        letter.line(phrases.no_decision);
        self.counted(phrases, &mut letter);
        shown(&points, phrases, &mut letter);
        missing(phrases.musts_missing, &points.musts_missing, phrases, &mut letter);
        missing(phrases.others_missing, &points.others_missing, phrases, &mut letter);
        advice(&points, phrases, &mut letter);
        letter.list(
            phrases.conditions,
            points.conditions.iter().map(|text| quote(text)),
            phrases,
        );
        letter.list(phrases.credentials_shown, points.credentials.iter().cloned(), phrases);
        letter.list(
            phrases.credentials_missing,
            points.credentials_missing.iter().cloned(),
            phrases,
        );
        letter.block(phrases.not_compared_heading, phrases.not_compared);
        letter.list(
            phrases.warnings,
            self.warnings.iter().map(|text| one_line(text)),
            phrases,
        );
        letter.block(phrases.correction_heading, phrases.correction);
        letter.text
    }

    fn about(&self, phrases: &Phrases) -> String {
        let job = self
            .occupation
            .job
            .as_deref()
            .map(clipped)
            .filter(|title| !title.is_empty());
        let posting = job.map_or_else(|| "the posting".to_owned(), |title| format!("the posting \"{title}\""));
        let subject = phrases.subject;
        if self.components.is_empty() {
            return format!("Nothing of {subject} and {posting} could be compared, so this match has no meaning.");
        }
        format!(
            "The comparison of {subject} with {posting} gives a score of {:.2} on a scale from zero to one.",
            self.score
        )
    }

    fn counted(&self, phrases: &Phrases, letter: &mut Letter) {
        let parts = self.components.iter().map(|part| {
            let name = component_name(part.kind);
            format!("{name}: {:.2}, weight {:.2} ({})", part.score, part.weight, part.reason)
        });
        letter.list(phrases.counted, parts, phrases);
    }
}

fn shown(points: &Points, phrases: &Phrases, letter: &mut Letter) {
    let requirements = points.musts_shown.iter().map(|(text, evidence)| match evidence {
        Some(evidence) => format!("{}, {} {}", quote(text), phrases.shown_by, quote(evidence)),
        None => quote(text),
    });
    let skills = (!points.skills_shown.is_empty()).then(|| {
        let more = if points.more_skills { ", ..." } else { "" };
        format!("skills: {}{more}", points.skills_shown.join(", "))
    });
    letter.list(phrases.musts_shown, skills.into_iter().chain(requirements), phrases);
}

fn missing(heading: &str, points: &[Point], phrases: &Phrases, letter: &mut Letter) {
    let items = points.iter().map(|point| match point.score {
        Some(score) => format!("{} ({} {score:.2})", quote(&point.text), phrases.score_if_added),
        None => quote(&point.text),
    });
    letter.list(heading, items, phrases);
}

/// Advice for each kind of point that is missing.
fn advice(points: &Points, phrases: &Phrases, letter: &mut Letter) {
    let advised = phrases.advice.iter().filter(|(kind, _)| points.lacks(*kind));
    let advice: Vec<&str> = advised.map(|(_, text)| *text).collect();
    letter.block("", &advice.join(" "));
}

/// A letter in writing.
#[derive(Default)]
struct Letter {
    text: String,
}

impl Letter {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn block(&mut self, heading: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        self.text.push('\n');
        if !heading.is_empty() {
            self.line(heading);
        }
        self.line(text);
    }

    /// Adds the items below the heading, if there are any.
    fn list(&mut self, heading: &str, items: impl Iterator<Item = String>, phrases: &Phrases) {
        let mut items = items.peekable();
        if items.peek().is_none() {
            return;
        }
        self.text.push('\n');
        self.line(heading);
        for item in items.by_ref().take(phrases.most_items) {
            // Writing to a string does not fail.
            let _ = writeln!(self.text, "- {item}");
        }
        if items.next().is_some() {
            self.line("- and others, which the report lists");
        }
    }
}

fn quote(text: &str) -> String {
    format!("\"{text}\"")
}

#[cfg(test)]
mod tests;
