//! The spans to highlight in both texts.

use super::super::result::{Highlight, HighlightKind, RequirementMatch, SkillReport, TextSpan};

/// The highlights of the resume and of the posting, in text order.
pub(super) fn highlights(requirements: &[RequirementMatch], skills: &SkillReport) -> (Vec<Highlight>, Vec<Highlight>) {
    let mark = |kind, span: &TextSpan| Highlight {
        kind,
        span: span.clone(),
    };
    let (mut resume, mut job) = (Vec::new(), Vec::new());
    for one in requirements {
        let kind = if one.met {
            HighlightKind::Met
        } else {
            HighlightKind::Unmet
        };
        job.push(mark(kind, &one.job_span));
        if let (true, Some(evidence)) = (one.met, &one.evidence) {
            resume.push(mark(HighlightKind::Evidence, evidence));
        }
    }
    for skill in &skills.matched {
        resume.extend(
            skill
                .resume_spans
                .iter()
                .map(|span| mark(HighlightKind::MatchedSkill, span)),
        );
        job.extend(
            skill
                .job_spans
                .iter()
                .map(|span| mark(HighlightKind::MatchedSkill, span)),
        );
    }
    for skill in &skills.missing {
        job.extend(
            skill
                .job_spans
                .iter()
                .map(|span| mark(HighlightKind::MissingSkill, span)),
        );
    }
    for marks in [&mut resume, &mut job] {
        marks.sort_by_key(|mark| (mark.span.start, mark.span.end, mark.kind));
        marks.dedup();
    }
    (resume, job)
}
